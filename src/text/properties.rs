//! Client.msi properties and CCMSetup switches as typed on a command line, and the readiness tool's options (rules Q-1,
//! Q-2).

use super::command_line::{in_quotes, quoted};
use super::entry::CommandEntry;
use super::error::ParseError;
use super::markup::{escaped, is_read_as_it_stands};
use super::note::{PropertyNote, UnknownProperty, is_program, is_word};
use super::row::{self, PropertyRow};
use super::wrapping::flat_items;
use super::{Criteria, IssuersList, Property, SslState};
use crate::attribute;
use crate::choices::{CngKeys, IssuerSyntax, LogLevel, NameCheck, OnMultiple, Revocation};
use std::fmt;
use std::str::FromStr;

/// What a command line sets; what it does not mention is absent.
///
/// ```
/// use ccmcertsel::settings::OnMultiple;
/// use ccmcertsel::text::Property;
/// use ccmcertsel::{Properties, Settings};
///
/// let properties: Properties =
///     r#"ccmsetup.exe /UsePKICert /mp:smsmp01 CCMCERTSEL="SubjectStr:contoso.com" CCMFIRSTCERT=1"#.parse()?;
/// assert_eq!(properties.value_text(Property::CertSel).unwrap(), "SubjectStr:contoso.com");
/// let settings = Settings::ccm_setup().with_properties(&properties);
/// assert_eq!(settings.get::<OnMultiple>(), OnMultiple::SelectLongest);
/// assert_eq!(properties.unknown().collect::<Vec<_>>(), ["ccmsetup.exe", "/mp:smsmp01"]);
/// # Ok::<(), ccmcertsel::ParseError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Properties {
    pub(super) use_pki_cert: bool,
    pub(super) revocation: Option<Revocation>,
    pub(super) cng_keys: Option<CngKeys>,
    pub(super) criteria: Option<Criteria>,
    pub(super) issuers: Option<IssuersList>,
    pub(super) store: Option<String>,
    pub(super) on_multiple: Option<OnMultiple>,
    pub(super) name_check: Option<NameCheck>,
    pub(super) https_state: Option<SslState>,
    pub(super) log_level: Option<LogLevel>,
    pub(super) fallback_status_point: Option<String>,
    pub(super) site_code: Option<String>,
    pub(super) root_key_path: Option<String>,
    pub(super) public_root_key: Option<String>,
    pub(super) reset_key_information: bool,
    pub(super) sign_cert: Option<String>,
    pub(super) cleared: Vec<Property>,
    pub(super) unknown: Vec<UnknownProperty>,
    pub(super) notes: Vec<PropertyNote>,
}

impl Properties {
    /// No property at all.
    pub fn new() -> Self {
        Properties::default()
    }

    /// Reads a command line; issuers under one of the two readings of the comma (I-9).
    ///
    /// # Errors
    ///
    /// [`ParseError`] with its place in the line: a quote that is not closed or is typographic, a value that its
    /// property does not take, criteria or issuers that do not parse. Unknown properties are kept.
    pub fn parse(line: &str, syntax: IssuerSyntax) -> Result<Self, ParseError> {
        if let Some(row) = row::of(line) {
            return Properties::of_row(&row, line, syntax);
        }
        let mut properties = Properties::default();
        let mut seen: Vec<Property> = Vec::new();
        let (mut after_value, mut after_empty, mut after_stray) = (false, false, false);
        for item in flat_items(line)? {
            let entry = CommandEntry::of(&item.piece, line);
            let text = item.piece.text.as_str();
            // What starts a program takes its own arguments, wherever it stands.
            let program = is_program(text);
            let bare = !text.starts_with(['/', '-']) && !text.contains('=') && text.contains(char::is_alphanumeric);
            // Behind a blank that stands behind `=`, and behind the rest of a value, any word is the rest of it.
            let rest = (std::mem::take(&mut after_empty) || after_stray) && bare && !Property::is_other(text);
            let cut_off = !program && (rest || (after_value && is_word(text)));
            after_stray = cut_off;
            // A lone `=` is PowerShell's, and has no value.
            after_value = cut_off || (!program && text.find('=').is_some_and(|at| at > 0));
            let span = item.piece.span();
            let Some(property) = entry.property else {
                if let Some(error) = entry.colon_for_equals().or_else(|| entry.key_of_the_file()) {
                    return Err(error);
                }
                let other = Property::is_other(entry.name_as_written);
                let nearest = Property::nearest(entry.name_as_written).filter(|_| !other);
                let held = Property::held_by(&item.piece.text).filter(|_| nearest.is_none());
                // `CCMCERTISSUERS="CN=A"; O=B`: an attribute is not a property, but the rest of an issuer.
                let is_attribute = !other && nearest.is_none() && attribute::is_key(entry.name_as_written);
                let cut_off = cut_off || is_attribute && item.piece.text.contains('=');
                properties.unknown.push(UnknownProperty { nearest, held, span, cut_off, other, text: item.piece.text });
                continue;
            };
            if entry.installer_drops() {
                properties.notes.push(PropertyNote::Dropped { property, span });
                after_empty = true;
                continue;
            }
            if seen.contains(&property) {
                properties.notes.push(PropertyNote::Repeated { property, span: span.clone() });
            }
            seen.push(property);
            if item.foreign.is_some() && !item.whole {
                properties.notes.push(PropertyNote::ForeignQuotes { property, span: span.clone() });
            }
            let value = entry.value_range().and_then(|range| item.piece.text.get(range));
            if let Some(held) = value.and_then(Property::held_by) {
                properties.notes.push(PropertyNote::HoldsAnother { property, held, span });
            }
            properties.set(property, &entry, syntax)?;
        }
        Ok(properties)
    }

    /// One property whose value is the rest of a line.
    fn of_row(row: &PropertyRow, line: &str, syntax: IssuerSyntax) -> Result<Self, ParseError> {
        let value = line.get(row.value.clone()).unwrap_or_default();
        if value.is_empty() {
            // The log lists what it did not find as well.
            return Ok(Properties::default());
        }
        // In quotes always: a value in them is not looked into for other items.
        let lead = format!("{}=\"", row.property.name());
        let item = format!("{lead}{}\"", value.replace('"', "\"\""));
        let read = Properties::parse(&item, syntax).map_err(|error| {
            // Quotes inside are doubled in the item, so a place behind one has moved.
            let place = |at: usize| {
                let doubled = item.get(lead.len()..at.max(lead.len())).unwrap_or_default().matches("\"\"").count();
                let inside = at.saturating_sub(lead.len()).saturating_sub(doubled);
                (row.value.start + inside).min(row.value.end)
            };
            error.within(line, |span| place(span.start)..place(span.end))
        });
        read.map(|mut properties| {
            properties.notes.extend(row.key.clone().map(|span| {
                let property = row.property;
                PropertyNote::FileLine { property, span }
            }));
            properties
        })
    }

    /// Sets one property as its entry states it.
    pub(super) fn set(
        &mut self,
        property: Property,
        entry: &CommandEntry<'_>,
        syntax: IssuerSyntax,
    ) -> Result<(), ParseError> {
        match property {
            Property::UsePkiCert => {
                entry.no_value()?;
                self.use_pki_cert = true;
            }
            Property::NoCrlCheck => {
                entry.no_value()?;
                self.revocation = Some(Revocation::Off);
            }
            Property::PkiCertOptions => {
                self.cng_keys = Some(entry.choice([("0", CngKeys::Off), ("1", CngKeys::ByRuleset)], "`0` or `1`")?);
            }
            Property::FirstCert if entry.is_option() => {
                entry.no_value()?;
                self.on_multiple = Some(OnMultiple::SelectLongest);
            }
            Property::FirstCert => {
                let values = [("0", OnMultiple::Fail), ("1", OnMultiple::SelectLongest)];
                self.on_multiple = Some(entry.choice(values, "`0` or `1`")?);
            }
            Property::CertNameCheck => {
                let values = [("0", NameCheck::Waived), ("1", NameCheck::On)];
                self.name_check = Some(entry.choice(values, "`0` or `1`")?);
            }
            Property::LogLevel => {
                self.log_level = Some(entry.choice(LOG_LEVELS, "`0`, `1`, `2` or `3`")?);
            }
            Property::ResetKeyInformation => {
                self.reset_key_information = entry.choice([("TRUE", true), ("FALSE", false)], "`TRUE` or `FALSE`")?;
            }
            Property::CertSel => self.criteria = Some(entry.parsed(Criteria::from_str)?),
            Property::CertIssuers => self.issuers = Some(entry.parsed(|text| IssuersList::parse(text, syntax))?),
            Property::CertStore => self.store = Some(entry.text()?),
            Property::HttpsState => self.https_state = Some(entry.ssl_state()?),
            Property::FallbackStatusPoint => self.fallback_status_point = Some(entry.text()?),
            Property::SiteCode => self.site_code = Some(entry.text()?),
            Property::RootKeyPath => self.root_key_path = Some(entry.text()?),
            Property::PublicRootKey => self.public_root_key = Some(entry.text()?),
            Property::SignCert => self.sign_cert = Some(entry.text()?),
        }
        Ok(())
    }

    /// These properties, and where one is absent, the lower ones' (Q-1): property by property.
    #[must_use]
    pub(crate) fn over(self, lower: Properties) -> Properties {
        let states = |property: Property| self.clears(property) || self.value_text(property).is_some();
        let lower = [Property::CertSel, Property::CertIssuers, Property::CertStore]
            .into_iter()
            .fold(lower, |lower, property| if states(property) { lower.forgetting(property) } else { lower });
        let cleared = [self.cleared.clone(), lower.cleared.clone()].concat();
        Properties {
            use_pki_cert: self.use_pki_cert || lower.use_pki_cert,
            revocation: self.revocation.or(lower.revocation),
            cng_keys: self.cng_keys.or(lower.cng_keys),
            criteria: self.criteria.or(lower.criteria),
            issuers: self.issuers.or(lower.issuers),
            store: self.store.or(lower.store),
            on_multiple: self.on_multiple.or(lower.on_multiple),
            name_check: self.name_check.or(lower.name_check),
            https_state: self.https_state.or(lower.https_state),
            log_level: self.log_level.or(lower.log_level),
            fallback_status_point: self.fallback_status_point.or(lower.fallback_status_point),
            site_code: self.site_code.or(lower.site_code),
            root_key_path: self.root_key_path.or(lower.root_key_path),
            public_root_key: self.public_root_key.or(lower.public_root_key),
            reset_key_information: self.reset_key_information || lower.reset_key_information,
            sign_cert: self.sign_cert.or(lower.sign_cert),
            cleared,
            unknown: [self.unknown, lower.unknown].concat(),
            notes: [self.notes, lower.notes].concat(),
        }
    }

    /// States the SSL state of a site (Q-3): whether clients check the CRL and use a PKI certificate. A state that is there
    /// already stays.
    #[must_use]
    pub(crate) fn with_ssl_state(mut self, state: SslState) -> Properties {
        self.https_state.get_or_insert(state);
        self
    }

    /// States the selection criteria.
    #[must_use]
    pub(crate) fn with_criteria(mut self, criteria: Criteria) -> Properties {
        self.cleared.retain(|cleared| *cleared != Property::CertSel);
        self.criteria = Some(criteria);
        self
    }

    /// States the store.
    #[must_use]
    pub(crate) fn with_store(mut self, store: impl Into<String>) -> Properties {
        self.cleared.retain(|cleared| *cleared != Property::CertStore);
        self.store = Some(store.into());
        self
    }

    /// States what happens with several certificates.
    #[must_use]
    pub(crate) fn with_on_multiple(mut self, choice: OnMultiple) -> Properties {
        self.on_multiple = Some(choice);
        self
    }

    /// These properties, and of this one that it has no value: no criteria, no issuers list, the default store. It displaces
    /// the value of a weaker source, which an absent property does not.
    #[must_use]
    pub(crate) fn without(mut self, property: Property) -> Properties {
        match property {
            Property::CertSel => self.criteria = None,
            Property::CertIssuers => self.issuers = None,
            Property::CertStore => self.store = None,
            Property::UsePkiCert
            | Property::NoCrlCheck
            | Property::PkiCertOptions
            | Property::FirstCert
            | Property::CertNameCheck
            | Property::HttpsState
            | Property::LogLevel
            | Property::FallbackStatusPoint
            | Property::SiteCode
            | Property::RootKeyPath
            | Property::PublicRootKey
            | Property::ResetKeyInformation
            | Property::SignCert => return self,
        }
        if !self.cleared.contains(&property) {
            self.cleared.push(property);
        }
        self
    }

    fn forgetting(self, property: Property) -> Properties {
        let mut properties = self.without(property);
        properties.cleared.retain(|cleared| *cleared != property);
        properties
    }

    /// Whether it is stated that this property has no value.
    pub(crate) fn clears(&self, property: Property) -> bool {
        self.cleared.contains(&property)
    }

    /// Whether nothing at all was set: only then is Active Directory read during installation (Q-1).
    pub(crate) fn is_empty(&self) -> bool {
        *self == Properties::default()
    }

    /// Items that are not ours: other properties, switches and words, in order and without their quotes.
    pub fn unknown(&self) -> impl ExactSizeIterator<Item = &str> {
        self.unknown.iter().map(UnknownProperty::text)
    }

    /// The same with what is known about them.
    pub(crate) fn unknown_items(&self) -> &[UnknownProperty] {
        &self.unknown
    }

    /// What is worth knowing about the line, in order.
    pub(crate) fn notes(&self) -> &[PropertyNote] {
        &self.notes
    }

    /// `/UsePKICert`, or an SSL state that asks for a PKI certificate (Q-3).
    pub(crate) fn uses_pki_cert(&self) -> bool {
        let stated = |state: SslState| state.is_https_only() || state.uses_pki_when_available();
        self.use_pki_cert || self.https_state.is_some_and(stated)
    }

    /// Whether revocation is checked (V-7): `/NoCRLCheck`, else the CRL bit of the SSL state (Q-3).
    pub(crate) fn revocation(&self) -> Option<Revocation> {
        let of_state = |state: SslState| if state.checks_crl() { Revocation::Check } else { Revocation::Off };
        self.revocation.or(self.https_state.map(of_state))
    }

    /// `CCMHTTPSSTATE` (Q-3).
    pub(crate) fn https_state(&self) -> Option<SslState> {
        self.https_state
    }

    /// `/CCMPKICERTOPTIONS` as a setting (V-4).
    pub(crate) fn cng_keys(&self) -> Option<CngKeys> {
        self.cng_keys
    }

    /// `CCMCERTSEL` (C-1).
    pub(crate) fn criteria(&self) -> Option<&Criteria> {
        self.criteria.as_ref()
    }

    /// `CCMCERTISSUERS` (I-1).
    pub(crate) fn issuers(&self) -> Option<&IssuersList> {
        self.issuers.as_ref()
    }

    /// `CCMCERTSTORE` (T-1).
    pub(crate) fn store(&self) -> Option<&str> {
        self.store.as_deref()
    }

    /// `CCMFIRSTCERT` as a setting (L-2).
    pub(crate) fn on_multiple(&self) -> Option<OnMultiple> {
        self.on_multiple
    }

    /// `CCMCERTNAMECHECK` as a setting (R-2).
    pub(crate) fn name_check(&self) -> Option<NameCheck> {
        self.name_check
    }

    /// `CCMLOGLEVEL` as a setting.
    pub(crate) fn log_level(&self) -> Option<LogLevel> {
        self.log_level
    }

    /// `FSP` (L-3).
    pub(crate) fn fallback_status_point(&self) -> Option<&str> {
        self.fallback_status_point.as_deref()
    }

    /// `SMSSITECODE`.
    pub(crate) fn site_code(&self) -> Option<&str> {
        self.site_code.as_deref()
    }

    /// `SMSROOTKEYPATH` (K-1): a path, which the caller reads.
    pub(crate) fn root_key_path(&self) -> Option<&str> {
        self.root_key_path.as_deref()
    }

    /// `SMSPublicRootKey` (K-1): hexadecimal.
    pub(crate) fn public_root_key(&self) -> Option<&str> {
        self.public_root_key.as_deref()
    }

    /// `RESETKEYINFORMATION=TRUE` (K-2).
    pub(crate) fn resets_key_information(&self) -> bool {
        self.reset_key_information
    }

    /// `SMSSIGNCERT` (K-3): a path, which the caller reads.
    pub(crate) fn sign_cert(&self) -> Option<&str> {
        self.sign_cert.as_deref()
    }

    /// One property's value as text, as [`Display`](fmt::Display) writes it before quoting; `None` where it is absent.
    pub fn value_text(&self, property: Property) -> Option<String> {
        let digit = |first: bool| if first { "0" } else { "1" }.to_owned();
        match property {
            Property::UsePkiCert => self.use_pki_cert.then(String::new),
            Property::NoCrlCheck => self.revocation.filter(|r| *r == Revocation::Off).map(|_| String::new()),
            Property::PkiCertOptions => self.cng_keys.map(|keys| digit(keys == CngKeys::Off)),
            Property::CertSel => self.criteria.as_ref().map(Criteria::to_string),
            Property::CertIssuers => self.issuers.as_ref().map(IssuersList::to_string),
            Property::CertStore => self.store.clone(),
            Property::FirstCert => self.on_multiple.map(|choice| digit(choice == OnMultiple::Fail)),
            Property::CertNameCheck => self.name_check.map(|check| digit(check == NameCheck::Waived)),
            Property::HttpsState => self.https_state.map(|state| state.bits().to_string()),
            Property::LogLevel => {
                let stated = |(_, level): &&(&str, LogLevel)| Some(*level) == self.log_level;
                LOG_LEVELS.iter().find(stated).map(|(digit, _)| (*digit).to_owned())
            }
            Property::FallbackStatusPoint => self.fallback_status_point.clone(),
            Property::SiteCode => self.site_code.clone(),
            Property::RootKeyPath => self.root_key_path.clone(),
            Property::PublicRootKey => self.public_root_key.clone(),
            Property::ResetKeyInformation => self.reset_key_information.then(|| "TRUE".to_owned()),
            Property::SignCert => self.sign_cert.clone(),
        }
    }
}

impl FromStr for Properties {
    type Err = ParseError;

    /// Reads a command line, issuers under [`IssuerSyntax::Documented`].
    fn from_str(line: &str) -> Result<Self, ParseError> {
        Properties::parse(line, IssuerSyntax::Documented)
    }
}

/// The values of `CCMLOGLEVEL`.
const LOG_LEVELS: [(&str, LogLevel); 4] =
    [("0", LogLevel::Verbose), ("1", LogLevel::Normal), ("2", LogLevel::Warnings), ("3", LogLevel::Errors)];

/// Equal when they set the same and carry the same other items; notes do not count.
impl PartialEq for Properties {
    fn eq(&self, other: &Self) -> bool {
        let value = |property: &Property| self.value_text(*property) == other.value_text(*property);
        let cleared = Property::ALL.iter().all(|property| self.clears(*property) == other.clears(*property));
        Property::ALL.iter().all(value) && cleared && self.unknown == other.unknown
    }
}

impl Eq for Properties {}

/// A command line that sets the same: ours first, in the order of [`Property::ALL`], then the other items.
impl fmt::Display for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line(quoted);
        if is_read_as_it_stands(&line) {
            return f.write_str(&line);
        }
        // With quotes everywhere, since by them the entities are known.
        f.write_str(&escaped(&self.line(in_quotes)))
    }
}

impl Properties {
    fn line(&self, quoted: fn(&str) -> String) -> String {
        let ours = Property::ALL.iter().filter_map(|property| {
            let value = self.value_text(*property)?;
            Some(if property.is_switch() {
                property.name().to_owned()
            } else {
                format!("{}={}", property.name(), quoted(&value))
            })
        });
        let others = self.unknown.iter().map(|unknown| quoted(unknown.text()));
        ours.chain(others).collect::<Vec<_>>().join(" ")
    }
}
