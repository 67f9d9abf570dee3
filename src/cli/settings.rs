//! From the words of a machine's file and of the command line to the settings of one selection.
//!
//! In this order, and the later wins: what the sources say (`properties` or `--ccmsetup-log`, `client_push`,
//! `mobileclient.tcf`, `active_directory`, `assigned_site`, the client's state, in the precedence of rules ), the
//! client's version, the file's other settings, the command line's `--properties`, the product's own options, `--setting`,
//! `--ruleset` and `--no-crl-check`, and of a comparison the change.

use super::args::{Change, SettingArgs};
use super::bytes;
use super::error::InputError;
use super::machine::MachineInput;
use super::nearest;
use super::state_file::{self, read_tcf};
use super::trace::Trace;
use crate::select::{Lint, lint_command_line, lint_values};
use crate::settings::{
    ClientState, CriteriaSource, CrlGrace, IssuerSyntax, OnMultiple, Phase, Resolved, Revocation, Ruleset,
    SettingError, SettingSource, SettingsWarning, Sources,
};
use crate::text::{CcmSetupLog, CcmSetupRun, EmptyIssuersList, MobileClientFile, Property, PropertyNote};
use crate::{Certificate, Criteria, IssuersList, ParseError, Properties, Rule, Settings};
use std::path::Path;

/// The keys of `settings` that are a command line of properties, by where it comes from (rule Q-1).
const LINES: [&str; 5] = ["properties", "client_push", "mobile_client_file", "active_directory", "assigned_site"];
/// The key of `settings` that says whether the client is being installed or was.
const PHASE: &str = "phase";
const PHASES: [(&str, Phase); 2] = [("installation", Phase::Installation), ("afterwards", Phase::Afterwards)];

/// The settings of one machine, and what is worth saying about how they were written.
pub(crate) struct Effective {
    pub settings: Settings,
    pub trace: Trace,
    pub notes: Vec<String>,
}

/// The settings that the command line gives, checked as far as they can be without a machine.
#[derive(Debug, Clone, Default)]
pub(crate) struct CommandLine {
    args: SettingArgs,
    choices: Vec<(String, String)>,
    /// `--ccmsetup-log`.
    run: Option<CcmSetupRun>,
    /// `--tcf`.
    tcf: Option<MobileClientFile>,
    /// `--client-state`, whose row depends on the machine.
    client_state: Option<Vec<u8>>,
}

impl CommandLine {
    /// Splits `--setting KEY=VALUE` and checks keys and values.
    ///
    /// # Errors
    /// A setting without `=`, an unknown one, or a value that it does not take.
    pub(crate) fn new(args: &SettingArgs) -> Result<Self, InputError> {
        let mut choices = Vec::new();
        for setting in &args.setting {
            let Some((key, value)) = setting.split_once('=') else {
                let message = "--setting takes a key and a value, such as issuer-match=whole-name";
                return Err(InputError::new(message).at(setting.as_str(), setting.len()..setting.len()));
            };
            choices.push((key.to_owned(), value.to_owned()));
        }
        if let Some(ruleset) = &args.ruleset {
            choices.push(("ruleset".to_owned(), ruleset.to_ascii_lowercase()));
        }
        let mut scratch = Settings::default();
        for (key, value) in &choices {
            choose(&mut scratch, key, value)?;
        }
        let run = args.ccmsetup_log.as_deref().map(last_run).transpose()?;
        let tcf = args.tcf.as_deref().map(read_tcf).transpose()?;
        let client_state = args.client_state.as_deref().map(bytes::named).transpose()?;
        Ok(CommandLine { args: args.clone(), choices, run, tcf, client_state })
    }

    /// The effective settings of one machine.
    ///
    /// # Errors
    /// Criteria, issuers or properties that do not parse, with the result code that the client would report.
    pub(crate) fn over(&self, input: &MachineInput) -> Result<Effective, InputError> {
        let syntax = self.issuer_syntax(input)?;
        let mut trace = Trace::default();
        let mut notes = Vec::new();

        let (phase, sources) = self.sources(input, syntax, &mut notes)?;
        let resolved = Settings::resolve(phase, &sources);
        trace.resolved(&resolved);
        let mut crl = CrlCheck::of(&resolved);
        let mut settings = with_roots(resolved.settings(), input.issuers.as_deref(), &mut trace)?;
        if let Some((version, ruleset)) = &input.reported.client_version {
            settings = settings.with_ruleset(*ruleset);
            trace.set(Ruleset::SETTING, format!("{ruleset}, of version {version}"), "client_version");
        }
        for (key, value) in choices_of(&input.settings) {
            choose(&mut settings, key, value)?;
            trace.set(key, value, "machine's settings");
            crl.stated(key);
        }
        for line in &self.args.properties {
            settings = self.properties(line, "--properties", syntax, settings, (&mut crl, &mut trace, &mut notes))?;
        }
        settings = self.tool_options(settings, syntax, &mut trace, &mut notes)?;
        for (key, value) in &self.choices {
            choose(&mut settings, key, value)?;
            trace.set(key, value, "command line");
            crl.stated(key);
        }
        if self.args.no_crl_check {
            settings = settings.with_revocation(Revocation::Off);
            trace.set(Revocation::SETTING, Revocation::Off.name(), "command line");
            crl.stated(Revocation::SETTING);
        }
        for change in &self.args.change {
            settings = match change {
                Change::Line(line) => {
                    self.properties(line, "--with", syntax, settings, (&mut crl, &mut trace, &mut notes))?
                }
                Change::Without(property) => without(settings, *property, "--with", &mut trace),
            };
        }
        notes.extend(crl.warning.map(warning));
        notes.extend(resolved.warnings().into_iter().filter(|one| one.rule() != Rule::V7).map(warning));
        if input.machine.name().contains('.') {
            notes.push(format!(
                "the name `{}` is a fully qualified one: write the NetBIOS name as `name`, and this as `fqdn` (P-5)",
                input.machine.name().chars().take(80).collect::<String>()
            ));
        }
        for (template, version) in &input.templates {
            settings = settings.with_template(template.clone(), *version);
        }
        Ok(Effective { settings, trace, notes })
    }

    /// What a line of properties sets over what is there: all of it, but for the CRL check of a client that has the site's
    /// settings by now (V-7).
    fn properties(
        &self,
        line: &str,
        source: &'static str,
        syntax: IssuerSyntax,
        settings: Settings,
        (crl, trace, notes): (&mut CrlCheck, &mut Trace, &mut Vec<String>),
    ) -> Result<Settings, InputError> {
        let properties = cleared(parse_properties(line, syntax, notes)?);
        trace.properties(&properties, source);
        let before = settings.revocation();
        let mut settings = settings;
        if properties.criteria().is_some() {
            settings = settings.with_criteria_source(CriteriaSource::CcmSetup);
        }
        settings = settings.with_properties(&properties);
        if let Some(revocation) = properties.revocation()
            && !crl.by_setup(revocation)
        {
            settings = settings.with_revocation(before);
            trace.set(Revocation::SETTING, before.name(), "phase afterwards");
        }
        Ok(settings)
    }

    /// The reading of the comma (rule I-9), which must be known before any list is read.
    fn issuer_syntax(&self, input: &MachineInput) -> Result<IssuerSyntax, InputError> {
        let mut settings = Settings::default();
        for (key, value) in choices_of(&input.settings).chain(self.choices.iter()) {
            choose(&mut settings, key, value)?;
        }
        Ok(settings.issuer_syntax())
    }

    /// The readiness tool's four options (rule Q-2).
    fn tool_options(
        &self,
        mut settings: Settings,
        syntax: IssuerSyntax,
        trace: &mut Trace,
        notes: &mut Vec<String>,
    ) -> Result<Settings, InputError> {
        let none = [
            (self.args.no_store, Property::CertStore, "--no-store"),
            (self.args.no_issuers, Property::CertIssuers, "--no-issuers"),
            (self.args.no_criteria, Property::CertSel, "--no-criteria"),
        ];
        for (_, property, option) in none.into_iter().filter(|(given, ..)| *given) {
            settings = without(settings, property, option, trace);
        }
        if let Some(store) = &self.args.store {
            if store.trim().is_empty() {
                return Err(InputError::new("the store's name is empty: write /Store:NAME, such as /Store:MY"));
            }
            settings = settings.with_store(store.as_str());
            trace.set("store", store, "/Store");
        }
        if let Some(list) = &self.args.issuers {
            let list_read = IssuersList::parse(list, syntax).map_err(parse_error)?;
            notes.extend(lint_values(None, Some(&list_read)).iter().map(lint_note));
            settings = settings.with_issuers(list_read);
            trace.set("issuers", list, "/Issuers");
        }
        if let Some(text) = &self.args.criteria {
            let criteria: Criteria = text.parse().map_err(parse_error)?;
            notes.extend(lint_values(Some(&criteria), None).iter().map(lint_note));
            settings = settings.with_criteria(criteria).with_criteria_source(CriteriaSource::CcmSetup);
            trace.set("criteria", text, "/Criteria");
        }
        if self.args.select_first_cert {
            settings = settings.with_on_multiple(OnMultiple::SelectLongest);
            trace.set(OnMultiple::SETTING, OnMultiple::SelectLongest.name(), "/SelectFirstCert");
        }
        Ok(settings)
    }
}

/// The settings that take one of a few words.
fn choices_of(settings: &[(String, String)]) -> impl Iterator<Item = &(String, String)> {
    settings.iter().filter(|(key, _)| key != PHASE && !LINES.contains(&key.as_str()))
}

/// What is known of one client, before it is settled.
pub(crate) struct Client {
    pub sources: Sources,
    /// By the sources alone, without the command line's own choices.
    pub resolved: Resolved,
    pub state: Option<ClientState>,
    pub tcf: Option<MobileClientFile>,
}

impl CommandLine {
    /// What is known of the client of a machine; `--properties` count as CCMSetup's.
    ///
    /// # Errors
    /// Properties or a client's state that do not read.
    pub(crate) fn client(&self, input: &MachineInput, notes: &mut Vec<String>) -> Result<Client, InputError> {
        let syntax = self.issuer_syntax(input)?;
        let (phase, mut sources) = self.sources(input, syntax, notes)?;
        let mut setup = sources.of(SettingSource::CcmSetup).cloned().unwrap_or_default();
        for line in &self.args.properties {
            setup = parse_properties(line, syntax, notes)?.over(setup);
        }
        sources = sources.with_ccm_setup(setup);
        let resolved = Settings::resolve(phase, &sources);
        Ok(Client { resolved, sources, state: self.client_state(input)?, tcf: self.tcf(input).cloned() })
    }

    /// `--tcf`, or the machine's own.
    fn tcf<'a>(&'a self, input: &'a MachineInput) -> Option<&'a MobileClientFile> {
        self.tcf.as_ref().or(input.reported.tcf.as_ref())
    }

    /// `--client-state`, or the machine's own.
    fn client_state(&self, input: &MachineInput) -> Result<Option<ClientState>, InputError> {
        let Some(bytes) = &self.client_state else {
            return Ok(input.reported.client_state.as_ref().map(|(state, _)| state.clone()));
        };
        let state = state_file::from_bytes(bytes.clone(), input.machine.name());
        state.map(Some).map_err(|error| match self.args.client_state.as_deref() {
            Some(path) => error.in_file(path),
            None => error,
        })
    }

    /// What each source says.
    fn sources(
        &self,
        input: &MachineInput,
        syntax: IssuerSyntax,
        notes: &mut Vec<String>,
    ) -> Result<(Phase, Sources), InputError> {
        let mut sources = Sources::new();
        let mut phase = None;
        let mut setup = Properties::new();
        for (key, value) in &input.settings {
            sources = match key.as_str() {
                "properties" => {
                    setup = parse_properties(value, syntax, notes)?;
                    sources
                }
                "client_push" => sources.with_client_push(parse_properties(value, syntax, notes)?),
                "mobile_client_file" => sources.with_mobile_client_file(parse_properties(value, syntax, notes)?),
                "active_directory" => sources.with_active_directory(parse_properties(value, syntax, notes)?),
                "assigned_site" => sources.with_assigned_site(parse_properties(value, syntax, notes)?),
                PHASE => {
                    phase = Some(parse_phase(value)?);
                    sources
                }
                _ => sources,
            };
        }
        if let Some(run) = &self.run {
            let logged = run.properties(syntax).map_err(parse_error)?;
            notes.extend(lint_command_line(&logged).iter().map(lint_note));
            setup = logged.over(setup);
        }
        sources = sources.with_ccm_setup(setup);
        if let Some(file) = self.tcf(input) {
            sources = sources.with_mobile_client_file(file.properties_under(syntax).map_err(parse_error)?);
        }
        if let Some(state) = self.client_state(input)? {
            sources = sources.with_client_state(&state);
            // A client that has a state is installed.
            phase.get_or_insert(Phase::Afterwards);
        }
        Ok((phase.unwrap_or_default(), sources))
    }
}

/// The last run of a ccmsetup.log.
fn last_run(path: &Path) -> Result<CcmSetupRun, InputError> {
    let log = CcmSetupLog::parse(&bytes::named(path)?);
    log.last_run().cloned().ok_or_else(|| {
        InputError::new("no run of CCMSetup is in this log: it has no `command line:` and no `MSI properties:` (Q-4)")
            .in_file(path)
    })
}

/// Who decides whether CRLs are checked, for the warning of rule V-7.
struct CrlCheck {
    phase: Phase,
    counts: SettingSource,
    warning: Option<SettingsWarning>,
}

impl CrlCheck {
    fn of(resolved: &Resolved) -> Self {
        let warning = resolved.warnings().into_iter().find(|one| one.rule() == Rule::V7);
        CrlCheck { phase: resolved.phase(), counts: resolved.revocation().source(), warning }
    }

    /// A command line of CCMSetup states the check; whether that counts.
    fn by_setup(&mut self, revocation: Revocation) -> bool {
        let counts = self.phase == Phase::Installation;
        self.warning = match (revocation, counts) {
            (Revocation::Check, _) => None,
            (Revocation::Off, true) => Some(SettingsWarning::NoCrlCheckUntilSite),
            (Revocation::Off, false) => Some(SettingsWarning::NoCrlCheckOver { counts: self.counts }),
        };
        counts
    }

    /// A setting by its name: it counts whatever the phase.
    fn stated(&mut self, key: &str) {
        if key.replace('-', "_").eq_ignore_ascii_case(Revocation::SETTING) {
            self.warning = None;
        }
    }
}

/// A property that the line gives without a value is none: what the machine's file says of it does not count.
fn cleared(properties: Properties) -> Properties {
    let dropped: Vec<Property> = properties
        .notes()
        .iter()
        .filter_map(|note| if let PropertyNote::Dropped { property, .. } = note { Some(*property) } else { None })
        .filter(|property| properties.value_text(*property).is_none())
        .collect();
    dropped.into_iter().fold(properties, Properties::without)
}

/// No value of a property, whatever the machine's file says.
fn without(settings: Settings, property: Property, source: &'static str, trace: &mut Trace) -> Settings {
    let none = Properties::new().without(property);
    trace.properties(&none, source);
    settings.with_properties(&none)
}

fn warning(warning: SettingsWarning) -> String {
    format!("{warning} ({})", warning.rule())
}

fn lint_note(lint: &Lint) -> String {
    format!("{lint} ({})", lint.rule())
}

fn parse_phase(word: &str) -> Result<Phase, InputError> {
    let found = PHASES.iter().find(|(known, _)| *known == word);
    found.map(|(_, phase)| *phase).ok_or_else(|| {
        let message = nearest::unknown_key(PHASE, word, PHASES.iter().map(|(known, _)| *known));
        InputError::new(message).at(word, 0..word.len())
    })
}

/// Sets one setting by its words.
fn choose(settings: &mut Settings, key: &str, value: &str) -> Result<(), InputError> {
    settings.set(key, value).map_err(|error| {
        if let SettingError::Unknown { .. } = error {
            let known = Settings::CHOICES.iter().copied().chain([CrlGrace::SETTING]).chain(LINES).chain([PHASE]);
            return InputError::new(nearest::unknown_key("setting", key, known)).at(key, 0..key.len());
        }
        InputError::new(error.to_string()).at(value, 0..value.len())
    })
}

fn parse_properties(line: &str, syntax: IssuerSyntax, said: &mut Vec<String>) -> Result<Properties, InputError> {
    let properties = Properties::parse(line, syntax).map_err(parse_error)?;
    said.extend(lint_command_line(&properties).iter().map(lint_note));
    Ok(properties)
}

/// A text of the product that does not parse.
fn parse_error(error: ParseError) -> InputError {
    InputError::new(error.to_string()).at(error.input(), error.span()).with_hresult(error.hresult())
}

/// Adds the root certificates of an issuers list (rule I-6) to what the file's properties list.
fn with_roots(settings: Settings, roots: Option<&[Certificate]>, trace: &mut Trace) -> Result<Settings, InputError> {
    let Some(roots) = roots else { return Ok(settings) };
    let empty = |error: EmptyIssuersList| InputError::new(error.to_string());
    let roots = IssuersList::from_certificates(roots).map_err(empty)?;
    let list = match settings.issuers() {
        Some(listed) => IssuersList::new(listed.iter().chain(roots.iter()).cloned()).map_err(empty)?,
        None => roots,
    };
    trace.set("issuers", list.to_string(), "machine's issuers");
    Ok(settings.with_issuers(list))
}
