//! Which source's value counts: CCMSetup, client push, the site's file, Active Directory, the assigned site, the client's own
//! state (rules Q-1, Q-2, Q-5, V-7, C-5, L-2).

use super::source::{Phase, SettingSource};
use super::warning::SettingsWarning;
use super::{CngKeys, CriteriaSource, LogLevel, NameCheck, OnMultiple, Revocation, Settings};
use crate::text::{Criteria, IssuersList, Properties, Property, SslState};
use std::fmt;

/// What each source says; a source that was not consulted is absent. The sources state seven settings; every other one is a
/// reading of this crate's own, which no client has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    ccm_setup: Properties,
    client_push: Option<Properties>,
    file: Option<Properties>,
    active_directory: Option<Properties>,
    assigned_site: Option<Properties>,
    client_state: Option<Properties>,
}

impl Sources {
    /// No source at all.
    pub fn new() -> Self {
        Sources::default()
    }

    /// What one source says; of the [default](SettingSource::Default), which nobody states, nothing is kept. What a client reports of
    /// itself (Q-5, [`Properties::from_client_state`]) counts [afterwards](Phase::Afterwards), since a
    /// client that is being installed has none.
    #[must_use]
    pub fn with(mut self, source: SettingSource, properties: Properties) -> Self {
        match source {
            SettingSource::Default => {}
            SettingSource::CcmSetup => self.ccm_setup = properties,
            SettingSource::ClientPush => self.client_push = Some(properties),
            SettingSource::MobileClientFile => self.file = Some(properties),
            SettingSource::ActiveDirectory => self.active_directory = Some(properties),
            SettingSource::AssignedSite => self.assigned_site = Some(properties),
            SettingSource::ClientState => self.client_state = Some(properties),
        }
        self
    }

    /// What one source says; `None` where it was not consulted.
    pub(crate) fn of(&self, source: SettingSource) -> Option<&Properties> {
        match source {
            SettingSource::Default => None,
            SettingSource::CcmSetup => Some(&self.ccm_setup),
            SettingSource::ClientPush => self.client_push.as_ref(),
            SettingSource::MobileClientFile => self.file.as_ref(),
            SettingSource::ActiveDirectory => self.active_directory.as_ref(),
            SettingSource::AssignedSite => self.assigned_site.as_ref(),
            SettingSource::ClientState => self.client_state.as_ref(),
        }
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
    fn in_order(&self, phase: Phase, kind: RefreshKind) -> Vec<(SettingSource, &Properties)> {
        let afterwards = phase == Phase::Afterwards;
        let installer = [
            (SettingSource::CcmSetup, Some(&self.ccm_setup)),
            (SettingSource::ClientPush, self.client_push.as_ref()),
            (SettingSource::MobileClientFile, self.file.as_ref()),
        ];
        let directory = self.active_directory.as_ref().filter(|_| self.reads_active_directory(phase));
        let site = self.assigned_site.as_ref().filter(|_| afterwards);
        let state = self.client_state.as_ref().filter(|_| afterwards);
        let refresh = [
            (SettingSource::ClientState, state),
            (SettingSource::AssignedSite, site),
            (SettingSource::ActiveDirectory, directory),
        ];
        let order = match (phase, kind) {
            (Phase::Afterwards, RefreshKind::Selection) => [refresh, installer],
            _ => [installer, refresh],
        };
        let stated = order.concat().into_iter();
        stated.filter_map(|(source, properties)| Some((source, properties?))).collect()
    }

    /// Whether a site is behind any source: then the client is site-managed (L-2).
    fn site_managed(&self, phase: Phase) -> bool {
        self.client_push.is_some()
            || self.file.is_some()
            || (phase == Phase::Afterwards && self.client_state.is_some())
            || (phase == Phase::Afterwards && self.assigned_site.is_some())
            || (self.active_directory.is_some() && self.reads_active_directory(phase))
    }
}

/// Whether a refresh overwrites a value (Q-1).
#[derive(Clone, Copy, PartialEq, Eq)]
enum RefreshKind {
    Selection,
    Installation,
}

/// A value, the source that won, and what it displaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settled<T> {
    value: T,
    source: SettingSource,
    displaced: Vec<(SettingSource, T)>,
}

/// A value that a source states to be none, and what that displaced (Q-5).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cleared {
    property: Property,
    source: SettingSource,
    displaced: Vec<(SettingSource, String)>,
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
    criteria: Option<Settled<Criteria>>,
    issuers: Option<Settled<IssuersList>>,
    store: Option<Settled<String>>,
    on_multiple: Settled<OnMultiple>,
    name_check: Settled<NameCheck>,
    log_level: Settled<LogLevel>,
    revocation: Settled<Revocation>,
    cng_keys: Settled<CngKeys>,
    pki_cert: Option<Settled<String>>,
    texts: Vec<(Property, Option<Settled<String>>)>,
    https_state: Option<Settled<SslState>>,
    cleared: Vec<Cleared>,
    directory_unread: bool,
    state_unread: bool,
}

fn effective<T>(order: &[(SettingSource, &Properties)], get: impl Fn(&Properties) -> Option<T>) -> Option<Settled<T>> {
    let mut stated = order.iter().filter_map(|(source, properties)| Some((*source, get(properties)?)));
    let (source, value) = stated.next()?;
    Some(Settled { value, source, displaced: stated.collect() })
}

/// The same for a property that a source can state to have no value, which displaces what the weaker ones say.
fn clearable<T: ToString>(
    order: &[(SettingSource, &Properties)],
    property: Property,
    get: impl Fn(&Properties) -> Option<T>,
    cleared: &mut Vec<Cleared>,
) -> Option<Settled<T>> {
    let states = |properties: &Properties| properties.clears(property) || get(properties).is_some();
    let (source, winner) = *order.iter().find(|(_, properties)| states(properties))?;
    let found = effective(order, &get);
    if !winner.clears(property) {
        return found;
    }
    let mut displaced = Vec::new();
    if let Some(found) = found {
        displaced.push((found.source, found.value.to_string()));
        displaced.extend(found.displaced.into_iter().map(|(source, value)| (source, value.to_string())));
    }
    cleared.push(Cleared { property, source, displaced });
    None
}

/// Whether revocation is checked (V-7). What the command line of CCMSetup says serves until the client has the site's
/// settings: afterwards it is displaced, by the default where no other source says anything.
fn revocation(phase: Phase, order: &[(SettingSource, &Properties)]) -> Settled<Revocation> {
    let (setup, site): (Vec<_>, Vec<_>) = order.iter().partition(|(source, _)| *source == SettingSource::CcmSetup);
    if phase == Phase::Installation {
        return or_default(effective(order, Properties::revocation));
    }
    let mut counted = or_default(effective(&site, Properties::revocation));
    let temporary = setup.iter().filter_map(|(source, properties)| Some((*source, properties.revocation()?)));
    counted.displaced.extend(temporary);
    counted
}

fn or_default<T: Default>(stated: Option<Settled<T>>) -> Settled<T> {
    stated.unwrap_or_else(|| default(T::default()))
}

fn default<T>(value: T) -> Settled<T> {
    Settled { value, source: SettingSource::Default, displaced: Vec::new() }
}

impl Settings {
    /// What counts, given what each source says (Q-1).
    ///
    /// ```
    /// use ccmcertsel::Settings;
    /// use ccmcertsel::settings::{Phase, Resolved, SettingRow, SettingSource, SettingsWarning, Sources};
    /// use ccmcertsel::text::Property;
    ///
    /// let sources = Sources::new()
    ///     .with(SettingSource::CcmSetup, "CCMCERTSEL=SubjectStr:contoso /NoCRLCheck".parse()?)
    ///     .with(SettingSource::AssignedSite, "CCMCERTSEL=Subject:pc1".parse()?)
    ///     .with(SettingSource::ActiveDirectory, "CCMCERTSTORE=Contoso".parse()?);
    ///
    /// let installing: Resolved = Settings::resolve(Phase::Installation, &sources);
    /// assert_eq!(installing.row(Property::CertSel).source, SettingSource::CcmSetup);
    /// assert!(installing.active_directory_unread()); // CCMSetup got properties (Q-1)
    ///
    /// let afterwards = Settings::resolve(Phase::Afterwards, &sources);
    /// let row: SettingRow = afterwards.row(Property::CertSel);
    /// assert_eq!(row.value.as_deref(), Some("Subject:pc1"));
    /// assert_eq!(row.displaced, [(SettingSource::CcmSetup, "SubjectStr:contoso".to_owned())]);
    /// let counts = SettingSource::Default; // no source says that the site turns the check off
    /// assert_eq!(afterwards.warnings(), [SettingsWarning::NoCrlCheckOver { counts }]);
    /// let settings: Settings = afterwards.settings();
    /// assert_eq!(settings.criteria().map(ToString::to_string), row.value);
    /// assert_eq!(settings.store().as_str(), "Contoso");
    /// # Ok::<(), ccmcertsel::ParseError>(())
    /// ```
    pub fn resolve(phase: Phase, sources: &Sources) -> Resolved {
        let selection = sources.in_order(phase, RefreshKind::Selection);
        let installation = sources.in_order(phase, RefreshKind::Installation);
        let on_multiple = effective(&selection, Properties::on_multiple).unwrap_or_else(|| {
            default(if sources.site_managed(phase) { OnMultiple::SelectLongest } else { OnMultiple::Fail })
        });
        let mut cleared = Vec::new();
        let text = |property: Property| (property, effective(&installation, |stated| stated.value_text(property)));
        Resolved {
            phase,
            criteria: clearable(&selection, Property::CertSel, |stated| stated.criteria().cloned(), &mut cleared),
            issuers: clearable(&selection, Property::CertIssuers, |stated| stated.issuers().cloned(), &mut cleared),
            store: clearable(&selection, Property::CertStore, |stated| stated.store().map(str::to_owned), &mut cleared),
            on_multiple,
            name_check: or_default(effective(&installation, Properties::name_check)),
            log_level: or_default(effective(&installation, Properties::log_level)),
            revocation: revocation(phase, &selection),
            https_state: effective(&selection, Properties::https_state),
            cng_keys: or_default(effective(&installation, Properties::cng_keys)),
            pki_cert: effective(&selection, |stated| stated.uses_pki_cert().then(String::new)),
            texts: Property::ALL.iter().copied().filter(|property| property.is_for_others()).map(text).collect(),
            cleared,
            state_unread: sources.client_state.is_some() && phase == Phase::Installation,
            directory_unread: sources.active_directory.is_some() && !sources.reads_active_directory(phase),
        }
    }
}

impl Resolved {
    /// The phase.
    pub(crate) fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether Active Directory had something to say and was not read (Q-1).
    pub fn active_directory_unread(&self) -> bool {
        self.directory_unread
    }

    /// Which source says whether revocation is checked (V-7).
    pub(crate) fn revocation_source(&self) -> SettingSource {
        self.revocation.source
    }

    /// The SSL state of the site (Q-3), where a source states it.
    pub(crate) fn https_state(&self) -> Option<SslState> {
        self.https_state.as_ref().map(|state| state.value)
    }

    /// What is worth knowing about who won.
    pub fn warnings(&self) -> Vec<SettingsWarning> {
        let by_setup = |(source, value): &(SettingSource, Revocation)| {
            *source == SettingSource::CcmSetup && *value == Revocation::Off
        };
        let off = self.revocation.value == Revocation::Off;
        let mut found = Vec::new();
        if off && self.revocation.source == SettingSource::CcmSetup {
            found.push(SettingsWarning::NoCrlCheckUntilSite);
        } else if !off && self.revocation.displaced.iter().any(by_setup) {
            found.push(SettingsWarning::NoCrlCheckOver { counts: self.revocation.source });
        }
        if self.state_unread {
            found.push(SettingsWarning::ClientStateUnread);
        }
        found
    }

    /// The settings of a selection. What no source can state has its default.
    pub fn settings(&self) -> Settings {
        let from_setup = |effective: &Settled<Criteria>| effective.source == SettingSource::CcmSetup;
        // C-5: what came by way of a site cannot search the SAN with `SubjectStr:`.
        let source =
            if self.criteria.as_ref().is_none_or(from_setup) { CriteriaSource::CcmSetup } else { CriteriaSource::Site };
        let settings = Settings::default()
            .with(self.on_multiple.value)
            .with(self.name_check.value)
            .with(self.log_level.value)
            .with(self.revocation.value)
            .with(self.cng_keys.value)
            .with_criteria(self.criteria.as_ref().map(|criteria| criteria.value.clone()))
            .with_issuers(self.issuers.as_ref().map(|issuers| issuers.value.clone()))
            .with(source);
        match &self.store {
            Some(store) => settings.with_store(store.value.as_str()),
            None => settings,
        }
    }

    /// Every value with its source and what it displaced, in the order of [`Property::ALL`].
    pub(crate) fn rows(&self) -> Vec<SettingRow> {
        Property::ALL.iter().map(|property| self.row(*property)).collect()
    }

    /// The value of a property that counts, with its source and what it displaced.
    pub fn row(&self, property: Property) -> SettingRow {
        if let Some(cleared) = self.cleared.iter().find(|cleared| cleared.property == property) {
            let (source, displaced) = (cleared.source, cleared.displaced.clone());
            return SettingRow { property, value: None, source, displaced };
        }
        let text =
            |property: Property| self.texts.iter().find(|(of, _)| *of == property).and_then(|(_, text)| text.as_ref());
        match property {
            Property::UsePkiCert => stated(property, self.pki_cert.as_ref(), |_| "used".to_owned()),
            Property::NoCrlCheck => row(property, &self.revocation, Revocation::to_string),
            Property::PkiCertOptions => row(property, &self.cng_keys, CngKeys::to_string),
            Property::HttpsState => stated(property, self.https_state.as_ref(), SslState::to_string),
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

fn row<T>(property: Property, effective: &Settled<T>, text: impl Fn(&T) -> String) -> SettingRow {
    let displaced = effective.displaced.iter();
    SettingRow {
        property,
        value: Some(text(&effective.value)),
        source: effective.source,
        displaced: displaced.map(|(source, value)| (*source, text(value))).collect(),
    }
}

fn stated<T>(property: Property, effective: Option<&Settled<T>>, text: impl Fn(&T) -> String) -> SettingRow {
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
