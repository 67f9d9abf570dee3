//! Settings: everything that the specification leaves to the administrator or to an assumption.
//!
//! ```
//! use ccmcertsel::Settings;
//! use ccmcertsel::settings::{OnMultiple, Ruleset, SettingError};
//!
//! let mut settings = Settings::ccm_setup().with(Ruleset::Cb2107);
//! assert_eq!(settings.get::<OnMultiple>(), OnMultiple::Fail);
//! settings.set("on_multiple", "select-longest").unwrap();
//! assert_eq!(settings.get::<OnMultiple>(), OnMultiple::SelectLongest);
//! assert_eq!(settings.to_string(), "ruleset = cb2107\non_multiple = select-longest");
//! let error: SettingError = settings.set("on_multipel", "fail").unwrap_err();
//! assert_eq!(error.to_string(), "`on_multipel` is not a setting; did you mean `on_multiple`?");
//! ```
//!
//! A setting that takes one of a few values is an enum of this module. Here is each of them with a value that is not its default;
//! the texts are those of inventories and the command line.
//!
//! ```
//! use ccmcertsel::settings::*;
//! use ccmcertsel::{Rule, Settings};
//!
//! let settings = Settings::new()
//!     .with(Ruleset::Cb2107)
//!     .with(OnMultiple::SelectLongest)
//!     .with(LongestBy::NotAfter)
//!     .with(CriteriaSource::Site)
//!     .with(SubjectText::X500)
//!     .with(SanValues::All)
//!     .with(IssuerMatch::WholeName)
//!     .with(IssuerScope::AnyCaInChain)
//!     .with(IssuerSyntax::SemicolonOnly)
//!     .with(Revocation::Off)
//!     .with(UnknownStatus::Accept)
//!     .with(CrlSigner::SameName)
//!     .with(DeltaCrl::Optional)
//!     .with(SignaturePolicy::Strict)
//!     .with(Anchors::AnyInRoot)
//!     .with(EccKeys::Accept)
//!     .with(CngKeys::Off)
//!     .with(NoEku::NotClientAuth)
//!     .with(KeyUsagePolicy::Ignore)
//!     .with(EmptySubject::Rejected)
//!     .with(NameCheck::Waived)
//!     .with(LogLevel::Normal)
//!     .with(ExplicitPolicy::Required)
//!     .with(PolicyMapping::Inhibited)
//!     .with(AnyPolicy::Inhibited);
//! let changed: Vec<Chosen> = settings.choices().filter(|one| one.value != one.default).collect();
//! assert_eq!(changed.len(), Settings::CHOICES.len());
//! let texts: Vec<String> = changed.iter().map(|one| format!("{}={}", one.setting, one.value)).collect();
//! assert_eq!(
//!     texts.join(" "),
//!     "ruleset=cb2107 on_multiple=select-longest longest_by=not-after criteria_source=site subject_text=x500 \
//!      san_values=all issuer_match=whole-name issuer_scope=any-ca-in-chain issuer_syntax=semicolon-only \
//!      revocation=off unknown_status=accept crl_signer=same-name delta_crl=optional signature_policy=strict \
//!      anchors=any-in-root ecc_keys=accept cng_keys=off no_eku=not-client-auth key_usage=ignore \
//!      empty_subject=rejected name_check=waived log_level=normal explicit_policy=required \
//!      policy_mapping=inhibited any_policy=inhibited",
//! );
//! assert_eq!(changed[8].rule, Rule::I9); // by which the specification explains it
//!
//! fn is_default<C: Choice>(settings: &Settings) -> bool {
//!     settings.get::<C>() == C::default()
//! }
//! assert!(!is_default::<NameCheck>(&settings) && is_default::<NameCheck>(&Settings::new()));
//! ```

mod client_state;
mod crl_grace;
mod kept;
mod resolve;
mod source;
mod warning;

pub use crate::choices::*;
pub(crate) use client_state::ClientState;
pub use client_state::ClientStateError;
pub(crate) use crl_grace::CrlGrace;
pub use resolve::{Resolved, SettingRow, Sources};
pub use source::{Phase, SettingSource};
pub use warning::SettingsWarning;

use crate::oid::Oid;
use crate::rules::{Basis, Rule};
use crate::store::StoreName;
use crate::text::{Criteria, IssuersList, Properties, Property};
use crate::value_error::ValueError;
use kept::Kept;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hash;
use std::str::FromStr;
use std::sync::Arc;

/// The settings of one selection. The default is [`Settings::ccm_setup`].
///
/// ```
/// use ccmcertsel::{Criteria, IssuersList, Settings};
///
/// let settings = Settings::site_managed()
///     .with_store("Contoso")
///     .with_criteria("SubjectAttr:OU = Computers".parse::<Criteria>()?)
///     .with_issuers("CN=Contoso Root CA; C=US".parse::<IssuersList>()?)
///     .with_template("1.3.6.1.4.1.311.21.8.1.2".parse()?, 3) // its schema version, which no certificate has
///     .with_initial_policies(vec!["1.3.6.1.4.1.311.21.8.1.400".parse()?]);
/// assert_eq!(settings.store().as_str(), "Contoso");
/// assert_eq!(settings.criteria().unwrap().to_string(), "SubjectAttr:OU = Computers");
/// assert_eq!(settings.issuers().unwrap().to_string(), "CN=Contoso Root CA; C=US");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Settings {
    choices: Choices,
    /// Which of them somebody stated: only the others are varied (rule R-5).
    stated: StatedChoices,
    store: StoreName,
    criteria: Option<Criteria>,
    issuers: Option<IssuersList>,
    templates: Arc<BTreeMap<Oid, u32>>,
    crl_grace: CrlGrace,
    initial_policies: Option<Vec<Oid>>,
}

/// Why a setting could not be set by its name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingError {
    /// No setting has this name.
    #[error("{} is not a setting{}", crate::shown::Quoted(input), did_you_mean(.nearest))]
    Unknown {
        /// What was given.
        input: String,
        /// The setting whose name is nearest, where one is near.
        nearest: Option<&'static str>,
    },
    /// The setting does not take this value.
    #[error(transparent)]
    Value(#[from] ValueError),
}

fn did_you_mean(nearest: &Option<&'static str>) -> String {
    nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// What is not as it is by default, one setting a line.
impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        if self.store != StoreName::default() {
            lines.push(("store", self.store.to_string()));
        }
        lines.extend(self.criteria().map(|criteria| ("criteria", criteria.to_string())));
        lines.extend(self.issuers().map(|issuers| ("issuers", issuers.to_string())));
        let chosen = self.choices().filter(|choice| choice.value != choice.default);
        lines.extend(chosen.map(|choice| (choice.setting, choice.value.to_owned())));
        lines.extend(self.set_crl_grace().map(|grace| (CrlGrace::SETTING, grace.to_string())));
        for (index, (setting, value)) in lines.iter().enumerate() {
            write!(f, "{}{setting} = {value}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

macro_rules! choices {
    ($($field:ident $kind:ident;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        struct Choices { $($field: $kind,)* }

        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        struct StatedChoices { $($field: bool,)* }

        $(
            impl Choice for $kind {}

            impl Kept for $kind {
                fn of(settings: &Settings) -> Self {
                    settings.choices.$field
                }

                fn state(self, settings: &mut Settings) {
                    settings.choices.$field = self;
                    settings.stated.$field = true;
                }
            }
        )*

        impl Settings {
            $(
                #[doc = concat!("See [`", stringify!($kind), "`].")]
                pub(crate) fn $field(&self) -> $kind {
                    self.choices.$field
                }
            )*

            /// The names of the settings that take one of a few values, in snake case.
            pub const CHOICES: &'static [&'static str] = &[$($kind::SETTING),*];

            /// Sets one of [`CHOICES`](Self::CHOICES) by name (`-` and `_` are the same) and value in kebab case. The ruleset may
            /// also be a client version, by release or build (rule R-1). Store, criteria and issuers are texts with readers of
            /// their own, and have a `with_` each.
            ///
            /// # Errors
            /// An unknown name with the nearest known one, or a value with those that the setting takes.
            pub fn set(&mut self, setting: &str, value: &str) -> Result<(), SettingError> {
                let name = setting.trim().replace('-', "_").to_ascii_lowercase();
                let value = value.trim();
                if name == Ruleset::SETTING && let Ok(ruleset) = Ruleset::of_client_version(value) {
                    self.choices.ruleset = ruleset;
                    self.stated.ruleset = true;
                    return Ok(());
                }
                match name.as_str() {
                    CrlGrace::SETTING => self.crl_grace = value.parse()?,
                    $($kind::SETTING => {
                        self.choices.$field = value.parse()?;
                        self.stated.$field = true;
                    })*
                    _ => {
                        let nearest = crate::attribute::nearest(&name, Self::CHOICES.iter().copied().chain([CrlGrace::SETTING]));
                        return Err(SettingError::Unknown { input: setting.chars().take(80).collect(), nearest });
                    }
                }
                Ok(())
            }

            /// Every setting that takes one of a few values: its name, its value, whether that is the default, its rule.
            pub fn choices(&self) -> impl Iterator<Item = Chosen> {
                [$(Chosen {
                    setting: $kind::SETTING,
                    value: self.choices.$field.name(),
                    default: $kind::default().name(),
                    rule: $kind::RULE,
                }),*].into_iter()
            }

            /// R-5: these settings under every other reading, one at a time. A reading is another value of a setting that
            /// nobody stated and whose default no documentation gives: another ruleset, or what is assumed or observed.
            pub(crate) fn readings(&self) -> impl Iterator<Item = (Chosen, Settings)> {
                let mut readings = Vec::new();
                $(if $kind::DEFAULT_BASIS != Basis::Documented && !self.stated.$field {
                    for value in $kind::ALL.iter().filter(|value| **value != self.choices.$field) {
                        let choice = Chosen {
                            setting: $kind::SETTING,
                            value: value.name(),
                            default: $kind::default().name(),
                            rule: $kind::RULE,
                        };
                        let mut settings = self.clone();
                        settings.choices.$field = *value;
                        readings.push((choice, settings));
                    }
                })*
                readings.into_iter()
            }
        }
    };
}

/// A setting that takes one of a few values: the enums of this module that [`Settings::with`] sets and [`Settings::get`]
/// gives. Each has its name, rule, default's basis and values as constants (`SETTING`, `RULE`, `DEFAULT_BASIS`, `ALL`).
/// Nothing else can be one.
pub trait Choice:
    Kept + Copy + Eq + Hash + Default + fmt::Debug + fmt::Display + FromStr<Err = ValueError> + Send + Sync + 'static
{
}

/// One [`Choice`] as it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chosen {
    /// Its name, in snake case.
    pub setting: &'static str,
    /// Its value, in kebab case.
    pub value: &'static str,
    /// Its default.
    pub default: &'static str,
    /// The rule that asks for it.
    pub rule: Rule,
}

choices! {
    ruleset Ruleset;
    on_multiple OnMultiple;
    longest_by LongestBy;
    criteria_source CriteriaSource;
    subject_text SubjectText;
    san_values SanValues;
    issuer_match IssuerMatch;
    issuer_scope IssuerScope;
    issuer_syntax IssuerSyntax;
    revocation Revocation;
    unknown_status UnknownStatus;
    crl_signer CrlSigner;
    delta_crl DeltaCrl;
    signature_policy SignaturePolicy;
    anchors Anchors;
    ecc_keys EccKeys;
    cng_keys CngKeys;
    no_eku NoEku;
    key_usage KeyUsagePolicy;
    empty_subject EmptySubject;
    name_check NameCheck;
    log_level LogLevel;
    explicit_policy ExplicitPolicy;
    policy_mapping PolicyMapping;
    any_policy AnyPolicy;
}

impl Settings {
    /// The value of one of the [choices](Choice).
    ///
    /// ```
    /// use ccmcertsel::Settings;
    /// use ccmcertsel::settings::{CrlSigner, DeltaCrl};
    ///
    /// let settings = Settings::new().with(CrlSigner::SameName);
    /// assert_eq!(settings.get::<CrlSigner>(), CrlSigner::SameName);
    /// assert_eq!(settings.get::<DeltaCrl>(), DeltaCrl::Required);
    /// ```
    pub fn get<C: Choice>(&self) -> C {
        C::of(self)
    }

    /// Sets one of the [choices](Choice), which its type tells apart from the others.
    ///
    /// ```
    /// use ccmcertsel::Settings;
    /// use ccmcertsel::settings::{OnMultiple, Revocation, Ruleset};
    ///
    /// let settings = Settings::new().with(Ruleset::Cb2107).with(Revocation::Off).with(OnMultiple::SelectLongest);
    /// assert_eq!(settings.to_string(), "ruleset = cb2107\non_multiple = select-longest\nrevocation = off");
    /// ```
    #[must_use]
    pub fn with<C: Choice>(mut self, choice: C) -> Self {
        choice.state(&mut self);
        self
    }

    /// The defaults, which are those of [`ccm_setup`](Self::ccm_setup).
    pub fn new() -> Self {
        Settings::default()
    }

    /// Bare CCMSetup and the readiness tool: several certificates are an error (rule L-2).
    pub fn ccm_setup() -> Self {
        Settings::default()
    }

    /// A site-managed client: of several certificates the longest is selected (rule L-2), and the criteria come from
    /// the site (rule C-5).
    pub fn site_managed() -> Self {
        Settings::default().with(OnMultiple::SelectLongest).with(CriteriaSource::Site)
    }

    /// Whether revocation says the same of a chain under these settings as under the others.
    pub(crate) fn same_statuses(&self, other: &Settings) -> bool {
        let of_choices = |settings: &Settings| {
            let decided = (settings.revocation(), settings.unknown_status(), settings.crl_grace);
            (decided, settings.crl_signer(), settings.delta_crl(), settings.signature_policy())
        };
        of_choices(self) == of_choices(other)
    }

    /// Whether a CA matches the same entry of the issuers list under these settings as under the others.
    pub(crate) fn same_issuers(&self, other: &Settings) -> bool {
        self.issuer_match() == other.issuer_match() && self.issuers() == other.issuers()
    }

    /// The chosen store (rule T-1).
    pub fn store(&self) -> &StoreName {
        &self.store
    }

    /// Chooses the store (rule T-1).
    #[must_use]
    pub fn with_store(mut self, store: impl Into<StoreName>) -> Self {
        self.store = store.into();
        self
    }

    /// The selector that replaces the purpose step (rule R-3), if one is configured.
    pub fn criteria(&self) -> Option<&Criteria> {
        self.criteria.as_ref()
    }

    /// Sets or removes the selector (rule R-3).
    #[must_use]
    pub fn with_criteria(mut self, criteria: impl Into<Option<Criteria>>) -> Self {
        self.criteria = criteria.into();
        self
    }

    /// The certificate issuers list, if there is one (rule I-2), as [`IssuerSyntax`] reads it (rule I-9).
    pub fn issuers(&self) -> Option<&IssuersList> {
        self.issuers.as_ref().map(|list| list.under(self.issuer_syntax()))
    }

    /// Sets or removes the certificate issuers list (rule I-2). A list that was read with semicolons only sets
    /// [`IssuerSyntax`] as well; one that is set later reads it anew.
    #[must_use]
    pub fn with_issuers(mut self, issuers: impl Into<Option<IssuersList>>) -> Self {
        self.issuers = issuers.into();
        self.adopting_syntax()
    }

    /// Reads the certificate issuers list in this way (rule I-9): what [`with`](Self::with) does with an [`IssuerSyntax`].
    ///
    /// ```
    /// use ccmcertsel::Settings;
    /// use ccmcertsel::settings::IssuerSyntax;
    ///
    /// let settings = Settings::ccm_setup().with_issuer_syntax(IssuerSyntax::SemicolonOnly);
    /// assert_eq!(settings.get::<IssuerSyntax>(), IssuerSyntax::SemicolonOnly);
    /// ```
    #[must_use]
    pub fn with_issuer_syntax(self, syntax: IssuerSyntax) -> Self {
        self.with(syntax)
    }

    /// A list that was read with semicolons only, where that makes a difference, brings its reading with it (rule I-9).
    fn adopting_syntax(mut self) -> Self {
        if self.issuers.as_ref().is_some_and(|list| list.documented_reading().is_some()) {
            self.choices.issuer_syntax = IssuerSyntax::SemicolonOnly;
            self.stated.issuer_syntax = true;
        }
        self
    }

    /// Overwrites what the properties of a command line state and leaves the rest (rules Q-1, Q-2).
    #[must_use]
    pub fn with_properties(mut self, properties: &Properties) -> Self {
        if properties.criteria().is_some() || properties.clears(Property::CertSel) {
            self.criteria = properties.criteria().cloned();
        }
        if properties.issuers().is_some() || properties.clears(Property::CertIssuers) {
            self = self.with_issuers(properties.issuers().cloned());
        }
        if properties.store().is_some() || properties.clears(Property::CertStore) {
            self.store = properties.store().map(StoreName::new).unwrap_or_default();
        }
        let choices = &mut self.choices;
        choices.on_multiple = properties.on_multiple().unwrap_or(choices.on_multiple);
        choices.log_level = properties.log_level().unwrap_or(choices.log_level);
        choices.name_check = properties.name_check().unwrap_or(choices.name_check);
        choices.revocation = properties.revocation().unwrap_or(choices.revocation);
        choices.cng_keys = properties.cng_keys().unwrap_or(choices.cng_keys);
        // What a property states is not among the readings of R-5, so who stated it is not kept.
        self
    }

    /// How long a CRL counts after its end (rule V-9).
    pub(crate) fn crl_grace(&self) -> CrlGrace {
        self.crl_grace
    }

    /// The grace where it is another than none; it is a number, and so none of the [`choices`](Self::choices).
    pub(crate) fn set_crl_grace(&self) -> Option<CrlGrace> {
        Some(self.crl_grace).filter(|grace| *grace != CrlGrace::default())
    }

    /// Sets how many hours a CRL counts after its nextUpdate, at most a year (rule V-9): "Extend the validity period of CRL and OCSP
    /// responses" of the group policy for path validation. None by default, as in Windows.
    ///
    /// ```
    /// use ccmcertsel::Settings;
    ///
    /// let mut settings = Settings::ccm_setup().with_crl_grace_hours(48);
    /// assert_eq!(settings.to_string(), "crl_grace = 48");
    /// assert_eq!(settings.set("crl_grace", "two days").unwrap_err().to_string(),
    ///     "`two days` is not a value of `crl_grace`: write a number of hours up to 8784");
    /// ```
    #[must_use]
    pub fn with_crl_grace_hours(mut self, hours: u32) -> Self {
        self.crl_grace = CrlGrace::from_hours(hours);
        self
    }

    /// The schema version of a template, as exported from Active Directory (rule V-3).
    pub(crate) fn template_version(&self, template: &Oid) -> Option<u32> {
        self.templates.get(template).copied()
    }

    /// The table of template versions (rule V-3), for tests.
    #[cfg(any(test, feature = "test-support"))]
    pub(crate) fn templates(&self) -> &BTreeMap<Oid, u32> {
        &self.templates
    }

    /// States the schema version of a template (rule V-3).
    #[must_use]
    pub fn with_template(mut self, template: Oid, version: u32) -> Self {
        Arc::make_mut(&mut self.templates).insert(template, version);
        self
    }

    /// The policies that the caller accepts (RFC 5280 6.1.1 user-initial-policy-set); `None` for every policy.
    pub(crate) fn initial_policies(&self) -> Option<&[Oid]> {
        self.initial_policies.as_deref()
    }

    /// Restricts the policies that the caller accepts (RFC 5280 6.1.1 user-initial-policy-set).
    #[must_use]
    pub fn with_initial_policies(mut self, policies: Vec<Oid>) -> Self {
        self.initial_policies = Some(policies);
        self
    }
}
