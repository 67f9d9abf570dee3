//! Which source's value counts: CCMSetup, client push, Active Directory, the assigned site (rules Q-1, Q-2, C-5, L-2).

use super::{CngKeys, CriteriaSource, LogLevel, NameCheck, OnMultiple, Revocation, Settings};
use crate::text::{Criteria, IssuersList, Properties, Property};
use std::fmt;

/// Which of the two precedences applies (Q-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Phase {
    /// While the client is installed.
    #[default]
    Installation,
    /// Afterwards, when Active Directory and the assigned site refresh the selection settings.
    Afterwards,
}

/// Where a value comes from (Q-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettingSource {
    /// Nobody states it.
    Default,
    /// The command line of CCMSetup: client.msi properties and switches.
    CcmSetup,
    /// Client push.
    ClientPush,
    /// Site information published to Active Directory.
    ActiveDirectory,
    /// The assigned site.
    AssignedSite,
}

impl SettingSource {
    /// The source as a person calls it.
    pub fn name(self) -> &'static str {
        match self {
            SettingSource::Default => "default",
            SettingSource::CcmSetup => "ccmsetup",
            SettingSource::ClientPush => "client push",
            SettingSource::ActiveDirectory => "active directory",
            SettingSource::AssignedSite => "assigned site",
        }
    }
}

impl fmt::Display for SettingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What each source says; a source that was not consulted is absent.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    ccm_setup: Properties,
    client_push: Option<Properties>,
    active_directory: Option<Properties>,
    assigned_site: Option<Properties>,
}

impl Sources {
    /// No source at all.
    pub fn new() -> Self {
        Sources::default()
    }

    /// What the command line of CCMSetup says.
    pub fn with_ccm_setup(mut self, properties: Properties) -> Self {
        self.ccm_setup = properties;
        self
    }

    /// What client push says.
    pub fn with_client_push(mut self, properties: Properties) -> Self {
        self.client_push = Some(properties);
        self
    }

    /// What the site has published to Active Directory.
    pub fn with_active_directory(mut self, properties: Properties) -> Self {
        self.active_directory = Some(properties);
        self
    }

    /// What the assigned site says.
    pub fn with_assigned_site(mut self, properties: Properties) -> Self {
        self.assigned_site = Some(properties);
        self
    }

    /// Whether Active Directory is read during installation: only if CCMSetup got no properties, and not by client push,
    /// which carries the same values (Q-1).
    fn reads_active_directory(&self, phase: Phase) -> bool {
        match phase {
            Phase::Installation => self.ccm_setup.is_empty() && self.client_push.is_none(),
            Phase::Afterwards => true,
        }
    }

    /// The sources in the order in which a value is looked for; the first that states it wins.
    fn in_order(&self, phase: Phase, kind: Kind) -> Vec<(SettingSource, &Properties)> {
        let installer =
            [(SettingSource::CcmSetup, Some(&self.ccm_setup)), (SettingSource::ClientPush, self.client_push.as_ref())];
        let directory = self.active_directory.as_ref().filter(|_| self.reads_active_directory(phase));
        let site = self.assigned_site.as_ref().filter(|_| phase == Phase::Afterwards);
        let refresh = [(SettingSource::AssignedSite, site), (SettingSource::ActiveDirectory, directory)];
        let order = match (phase, kind) {
            (Phase::Afterwards, Kind::Selection) => [refresh, installer],
            _ => [installer, refresh],
        };
        let stated = order.concat().into_iter();
        stated.filter_map(|(source, properties)| Some((source, properties?))).collect()
    }

    /// Whether a site is behind any source: then the client is site-managed (L-2).
    fn site_managed(&self, phase: Phase) -> bool {
        self.client_push.is_some()
            || (phase == Phase::Afterwards && self.assigned_site.is_some())
            || (self.active_directory.is_some() && self.reads_active_directory(phase))
    }
}

/// Whether a refresh overwrites a value (Q-1).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Selection,
    Installation,
}

/// A value, the source that won, and what it displaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective<T> {
    value: T,
    source: SettingSource,
    displaced: Vec<(SettingSource, T)>,
}

impl<T> Effective<T> {
    /// The value that counts.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The source that won.
    pub fn source(&self) -> SettingSource {
        self.source
    }

    /// The values that it displaced, the one that would have won next first.
    pub fn displaced(&self) -> &[(SettingSource, T)] {
        &self.displaced
    }
}

/// One line of an explanation of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingRow {
    /// The property that states it.
    pub property: Property,
    /// The value that counts, as text; `None` where nobody states one.
    pub value: Option<String>,
    /// The source that won.
    pub source: SettingSource,
    /// The values that it displaced.
    pub displaced: Vec<(SettingSource, String)>,
}

/// The effective settings, each with its source (Q-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    phase: Phase,
    criteria: Option<Effective<Criteria>>,
    issuers: Option<Effective<IssuersList>>,
    store: Option<Effective<String>>,
    on_multiple: Effective<OnMultiple>,
    name_check: Effective<NameCheck>,
    log_level: Effective<LogLevel>,
    revocation: Effective<Revocation>,
    cng_keys: Effective<CngKeys>,
    pki_cert: Option<Effective<String>>,
    texts: Vec<(Property, Option<Effective<String>>)>,
    directory_unread: bool,
}

fn effective<T>(
    order: &[(SettingSource, &Properties)],
    get: impl Fn(&Properties) -> Option<T>,
) -> Option<Effective<T>> {
    let mut stated = order.iter().filter_map(|(source, properties)| Some((*source, get(properties)?)));
    let (source, value) = stated.next()?;
    Some(Effective { value, source, displaced: stated.collect() })
}

fn or_default<T: Default>(stated: Option<Effective<T>>) -> Effective<T> {
    stated.unwrap_or_else(|| default(T::default()))
}

fn default<T>(value: T) -> Effective<T> {
    Effective { value, source: SettingSource::Default, displaced: Vec::new() }
}

/// Values that are text and bear on the selection only through others: keys, paths, names.
const TEXTS: [Property; 6] = [
    Property::FallbackStatusPoint,
    Property::SiteCode,
    Property::RootKeyPath,
    Property::PublicRootKey,
    Property::ResetKeyInformation,
    Property::SignCert,
];

impl Settings {
    /// What counts, given what each source says (Q-1).
    ///
    /// ```
    /// use ccmcertsel::Settings;
    /// use ccmcertsel::settings::{Phase, SettingSource, Sources};
    ///
    /// let sources = Sources::new()
    ///     .with_ccm_setup("CCMCERTSEL=SubjectStr:contoso CCMFIRSTCERT=1".parse()?)
    ///     .with_assigned_site("CCMCERTSEL=Subject:pc1".parse()?);
    ///
    /// let installing = Settings::resolve(Phase::Installation, &sources);
    /// assert_eq!(installing.criteria().unwrap().source(), SettingSource::CcmSetup);
    ///
    /// let afterwards = Settings::resolve(Phase::Afterwards, &sources);
    /// let criteria = afterwards.criteria().unwrap();
    /// assert_eq!(criteria.value().to_string(), "Subject:pc1");
    /// assert_eq!(criteria.displaced()[0].0, SettingSource::CcmSetup);
    /// assert_eq!(afterwards.settings().criteria(), Some(criteria.value()));
    /// # Ok::<(), ccmcertsel::ParseError>(())
    /// ```
    pub fn resolve(phase: Phase, sources: &Sources) -> Resolved {
        let selection = sources.in_order(phase, Kind::Selection);
        let installation = sources.in_order(phase, Kind::Installation);
        let on_multiple = effective(&selection, Properties::on_multiple).unwrap_or_else(|| {
            default(match sources.site_managed(phase) {
                true => OnMultiple::SelectLongest,
                false => OnMultiple::Fail,
            })
        });
        let text = |property: Property| (property, effective(&installation, |stated| stated.value_text(property)));
        Resolved {
            phase,
            criteria: effective(&selection, |stated| stated.criteria().cloned()),
            issuers: effective(&selection, |stated| stated.issuers().cloned()),
            store: effective(&selection, |stated| stated.store().map(str::to_owned)),
            on_multiple,
            name_check: or_default(effective(&installation, Properties::name_check)),
            log_level: or_default(effective(&installation, Properties::log_level)),
            revocation: or_default(effective(&selection, Properties::revocation)),
            cng_keys: or_default(effective(&installation, Properties::cng_keys)),
            pki_cert: effective(&selection, |stated| stated.uses_pki_cert().then(String::new)),
            texts: TEXTS.into_iter().map(text).collect(),
            directory_unread: sources.active_directory.is_some() && !sources.reads_active_directory(phase),
        }
    }
}

impl Resolved {
    /// The phase.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The selection criteria (C-1).
    pub fn criteria(&self) -> Option<&Effective<Criteria>> {
        self.criteria.as_ref()
    }

    /// The certificate issuers list (I-1); `None` is no list (I-2).
    pub fn issuers(&self) -> Option<&Effective<IssuersList>> {
        self.issuers.as_ref()
    }

    /// The store's name (T-1); `None` is the default.
    pub fn store(&self) -> Option<&Effective<String>> {
        self.store.as_ref()
    }

    /// What happens with several certificates (L-2).
    pub fn on_multiple(&self) -> &Effective<OnMultiple> {
        &self.on_multiple
    }

    /// Whether Active Directory had something to say and was not read (Q-1).
    pub fn active_directory_unread(&self) -> bool {
        self.directory_unread
    }

    /// The settings of a selection. What no source can state has its default.
    pub fn settings(&self) -> Settings {
        let from_setup = |effective: &Effective<Criteria>| effective.source == SettingSource::CcmSetup;
        // C-5: what came by way of a site cannot search the SAN with `SubjectStr:`.
        let source = match self.criteria.as_ref().is_none_or(from_setup) {
            true => CriteriaSource::CcmSetup,
            false => CriteriaSource::Site,
        };
        let settings = Settings::default()
            .with_on_multiple(self.on_multiple.value)
            .with_name_check(self.name_check.value)
            .with_log_level(self.log_level.value)
            .with_revocation(self.revocation.value)
            .with_cng_keys(self.cng_keys.value)
            .with_criteria(self.criteria.as_ref().map(|criteria| criteria.value.clone()))
            .with_issuers(self.issuers.as_ref().map(|issuers| issuers.value.clone()))
            .with_criteria_source(source);
        match &self.store {
            Some(store) => settings.with_store(store.value.as_str()),
            None => settings,
        }
    }

    /// Every value with its source and what it displaced, in the order of [`Property::ALL`].
    pub fn rows(&self) -> Vec<SettingRow> {
        Property::ALL.iter().map(|property| self.row(*property)).collect()
    }

    fn row(&self, property: Property) -> SettingRow {
        let text =
            |property: Property| self.texts.iter().find(|(of, _)| *of == property).and_then(|(_, text)| text.as_ref());
        match property {
            Property::UsePkiCert => stated(property, self.pki_cert.as_ref(), |_| "used".to_owned()),
            Property::NoCrlCheck => row(property, &self.revocation, Revocation::to_string),
            Property::PkiCertOptions => row(property, &self.cng_keys, CngKeys::to_string),
            Property::CertSel => stated(property, self.criteria.as_ref(), Criteria::to_string),
            Property::CertIssuers => stated(property, self.issuers.as_ref(), IssuersList::to_string),
            Property::CertStore => stated(property, self.store.as_ref(), String::clone),
            Property::FirstCert => row(property, &self.on_multiple, OnMultiple::to_string),
            Property::CertNameCheck => row(property, &self.name_check, NameCheck::to_string),
            Property::LogLevel => row(property, &self.log_level, LogLevel::to_string),
            Property::FallbackStatusPoint
            | Property::SiteCode
            | Property::RootKeyPath
            | Property::PublicRootKey
            | Property::ResetKeyInformation
            | Property::SignCert => stated(property, text(property), String::clone),
        }
    }
}

fn row<T>(property: Property, effective: &Effective<T>, text: impl Fn(&T) -> String) -> SettingRow {
    let displaced = effective.displaced.iter();
    SettingRow {
        property,
        value: Some(text(&effective.value)),
        source: effective.source,
        displaced: displaced.map(|(source, value)| (*source, text(value))).collect(),
    }
}

fn stated<T>(property: Property, effective: Option<&Effective<T>>, text: impl Fn(&T) -> String) -> SettingRow {
    match effective {
        Some(effective) => row(property, effective, text),
        None => SettingRow { property, value: None, source: SettingSource::Default, displaced: Vec::new() },
    }
}

/// `CCMCERTSEL = Subject:pc1 (assigned site; displaced ccmsetup: SubjectStr:contoso)`.
impl fmt::Display for SettingRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.as_deref().unwrap_or("not set");
        write!(f, "{} = {value} ({}", self.property, self.source)?;
        for (index, (source, value)) in self.displaced.iter().enumerate() {
            let lead = if index == 0 { "; displaced " } else { ", " };
            write!(f, "{lead}{source}: {value}")?;
        }
        f.write_str(")")
    }
}
