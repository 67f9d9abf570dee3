//! From the words of a machine's files to the settings of one selection.
//!
//! In this order, and the later wins: what the sources say (`properties`, `client_push`, `mobileclient.tcf`,
//! `active_directory`, `assigned_site`, the client's state, in the precedence of rules ), the client's version, and
//! the other settings. The program lays its own options over that before it is finished.

use super::error::InputError;
use super::input::MachineInput;
use super::nearest;
use super::trace::Trace;
use crate::certificate::Certificate;
use crate::choices::{IssuerSyntax, Revocation, Ruleset};
use crate::computer::{Machine, Written};
use crate::reason::Coded;
use crate::rules::Rule;
use crate::select::{Lint, lint_command_line};
use crate::settings::{
    ClientState, CrlGrace, Phase, Resolved, SettingError, SettingSource, Settings, SettingsWarning, Sources,
};
use crate::text::{CcmSetupRun, IssuersList, MobileClientFile, ParseError, Properties};

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

/// What counts in place of the machine's own files.
#[derive(Default)]
pub(crate) struct Given<'a> {
    /// The run of CCMSetup whose properties count over the machine's.
    pub run: Option<&'a CcmSetupRun>,
    /// The site's file.
    pub tcf: Option<&'a MobileClientFile>,
    /// The client's state.
    pub client_state: Option<ClientState>,
}

impl<'a> Given<'a> {
    /// The site's file, or the machine's own.
    pub(crate) fn tcf(&self, input: &'a MachineInput) -> Option<&'a MobileClientFile> {
        self.tcf.or(input.reported.tcf.as_ref())
    }

    /// The client's state, or the machine's own.
    pub(crate) fn client_state<'s>(&'s self, input: &'s MachineInput) -> Option<&'s ClientState> {
        let own = input.reported.client_state.as_ref().map(|(state, _)| state);
        self.client_state.as_ref().or(own)
    }
}

/// The settings by the machine's own files, before they are finished.
pub(crate) struct Own {
    pub settings: Settings,
    pub trace: Trace,
    pub notes: Vec<String>,
    pub crl: CrlCheck,
    resolved: Resolved,
}

/// The settings by the machine's own files.
///
/// # Errors
/// Criteria, issuers or properties that do not parse, with the result code that the client would report.
pub(crate) fn own(input: &MachineInput, syntax: IssuerSyntax, given: &Given<'_>) -> Result<Own, InputError> {
    let mut trace = Trace::default();
    let mut notes = Vec::new();
    let (phase, sources) = sources(input, syntax, given, &mut notes)?;
    let resolved = Settings::resolve(phase, &sources);
    trace.resolved(&resolved);
    let mut crl = CrlCheck::of(&resolved);
    let mut settings = with_roots(resolved.settings(), input.issuers.as_deref(), &mut trace)?;
    if let Some((version, ruleset)) = &input.reported.client_version {
        settings = settings.with(*ruleset);
        trace.set(Ruleset::SETTING, format!("{ruleset}, of version {version}"), "client_version");
    }
    for (key, value) in choices_of(&input.settings) {
        choose(&mut settings, key, value)?;
        trace.set(key, value, "machine's settings");
        crl.stated(key);
    }
    Ok(Own { settings, trace, notes, crl, resolved })
}

impl Own {
    /// The settings, with what is worth saying once all is known, and the versions of templates.
    pub(crate) fn finish(self, input: &MachineInput) -> Effective {
        let Own { mut settings, trace, mut notes, crl, resolved } = self;
        notes.extend(crl.warning.map(warning));
        notes.extend(resolved.warnings().into_iter().filter(|one| one.rule() != Rule::V7).map(warning));
        notes.extend(name_note(&input.machine));
        for (template, version) in &input.templates {
            settings = settings.with_template(template.clone(), *version);
        }
        Effective { settings, trace, notes }
    }
}

/// The reading of the comma (rule I-9), which must be known before any list is read; these choices win over the machine's.
///
/// # Errors
/// A value that the setting does not take.
pub(crate) fn issuer_syntax(input: &MachineInput, choices: &[(String, String)]) -> Result<IssuerSyntax, InputError> {
    let mut settings = Settings::default();
    for (key, value) in choices_of(&input.settings).chain(choices) {
        choose(&mut settings, key, value)?;
    }
    Ok(settings.issuer_syntax())
}

/// The settings that take one of a few words.
fn choices_of(settings: &[(String, String)]) -> impl Iterator<Item = &(String, String)> {
    settings.iter().filter(|(key, _)| key != PHASE && !LINES.contains(&key.as_str()))
}

/// What each source says.
///
/// # Errors
/// Properties that do not parse.
pub(crate) fn sources(
    input: &MachineInput,
    syntax: IssuerSyntax,
    given: &Given<'_>,
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
            "client_push" => sources.with(SettingSource::ClientPush, parse_properties(value, syntax, notes)?),
            "mobile_client_file" => {
                sources.with(SettingSource::MobileClientFile, parse_properties(value, syntax, notes)?)
            }
            "active_directory" => sources.with(SettingSource::ActiveDirectory, parse_properties(value, syntax, notes)?),
            "assigned_site" => sources.with(SettingSource::AssignedSite, parse_properties(value, syntax, notes)?),
            PHASE => {
                phase = Some(parse_phase(value)?);
                sources
            }
            _ => sources,
        };
    }
    if let Some(run) = given.run {
        let logged = run.properties(syntax).map_err(parse_error)?;
        notes.extend(lint_command_line(&logged).iter().map(lint_note));
        setup = logged.over(setup);
    }
    sources = sources.with(SettingSource::CcmSetup, setup);
    if let Some(file) = given.tcf(input) {
        sources = sources.with(SettingSource::MobileClientFile, file.properties_under(syntax).map_err(parse_error)?);
    }
    if let Some(state) = given.client_state(input) {
        sources = sources.with(SettingSource::ClientState, state.properties().clone());
        // A client that has a state is installed.
        phase.get_or_insert(Phase::Afterwards);
    }
    Ok((phase.unwrap_or_default(), sources))
}

/// Who decides whether CRLs are checked, for the warning of rule V-7.
pub(crate) struct CrlCheck {
    phase: Phase,
    counts: SettingSource,
    warning: Option<SettingsWarning>,
}

impl CrlCheck {
    pub(crate) fn of(resolved: &Resolved) -> Self {
        let warning = resolved.warnings().into_iter().find(|one| one.rule() == Rule::V7);
        CrlCheck { phase: resolved.phase(), counts: resolved.revocation_source(), warning }
    }

    /// A command line of CCMSetup states the check; whether that counts.
    pub(crate) fn by_setup(&mut self, revocation: Revocation) -> bool {
        let counts = self.phase == Phase::Installation;
        self.warning = match (revocation, counts) {
            (Revocation::Check, _) => None,
            (Revocation::Off, true) => Some(SettingsWarning::NoCrlCheckUntilSite),
            (Revocation::Off, false) => Some(SettingsWarning::NoCrlCheckOver { counts: self.counts }),
        };
        counts
    }

    /// A setting by its name: it counts whatever the phase.
    pub(crate) fn stated(&mut self, key: &str) {
        if key.replace('-', "_").eq_ignore_ascii_case(Revocation::SETTING) {
            self.warning = None;
        }
    }
}

/// P-5: what is worth saying of a name that is not a NetBIOS name.
fn name_note(machine: &Machine) -> Option<String> {
    let what = match machine.meant() {
        Some((_, Written::FullyQualified)) => {
            "is a fully qualified one: write the NetBIOS name as `name`, and this as `fqdn` (P-5)"
        }
        Some((_, Written::Account)) => "is that of the computer's account: write the NetBIOS name as `name` (P-5)",
        None if machine.is_address() => "is an address: write the NetBIOS name as `name` (P-5)",
        None => return None,
    };
    let shown: String = machine.name().chars().take(80).collect();
    Some(format!("the name `{shown}` {what}"))
}

fn warning(warning: SettingsWarning) -> String {
    format!("{warning} ({})", warning.rule())
}

pub(crate) fn lint_note(lint: &Lint) -> String {
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
///
/// # Errors
/// An unknown setting, or a value that it does not take.
pub(crate) fn choose(settings: &mut Settings, key: &str, value: &str) -> Result<(), InputError> {
    settings.set(key, value).map_err(|error| {
        if let SettingError::Unknown { .. } = error {
            let known = Settings::CHOICES.iter().copied().chain([CrlGrace::SETTING]).chain(LINES).chain([PHASE]);
            return InputError::new(nearest::unknown_key("setting", key, known)).at(key, 0..key.len());
        }
        InputError::new(error.to_string()).at(value, 0..value.len())
    })
}

/// A command line of properties, and what is worth saying about it.
///
/// # Errors
/// It does not parse.
pub(crate) fn parse_properties(
    line: &str,
    syntax: IssuerSyntax,
    said: &mut Vec<String>,
) -> Result<Properties, InputError> {
    let properties = Properties::parse(line, syntax).map_err(parse_error)?;
    said.extend(lint_command_line(&properties).iter().map(lint_note));
    Ok(properties)
}

/// A text of the product that does not parse.
pub(crate) fn parse_error(error: ParseError) -> InputError {
    InputError::new(error.to_string()).at(error.input(), error.span()).with_hresult(error.hresult())
}

/// Adds the root certificates of an issuers list (rule I-6) to what the file's properties list.
fn with_roots(settings: Settings, roots: Option<&[Certificate]>, trace: &mut Trace) -> Result<Settings, InputError> {
    let Some(roots) = roots else { return Ok(settings) };
    let empty = || InputError::new("issuers list is empty: name a root CA, or give no list at all (I-2)");
    let roots = IssuersList::from_certificates(roots).ok_or_else(empty)?;
    let list = match settings.issuers() {
        Some(listed) => IssuersList::new(listed.iter().chain(roots.iter()).cloned()).ok_or_else(empty)?,
        None => roots,
    };
    trace.set("issuers", list.to_string(), "machine's issuers");
    Ok(settings.with_issuers(list))
}
