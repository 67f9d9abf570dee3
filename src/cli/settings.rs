//! From the words of a machine's file and of the command line to the settings of one selection.
//!
//! In this order, and the later wins: what the sources of the file say (`properties`, `client_push`, `active_directory`,
//! `assigned_site`, in the precedence of rule Q-1), the file's other settings, the command line's `--properties`, the
//! product's own options, `--setting`, `--ruleset` and `--no-crl-check`.

use super::args::SettingArgs;
use super::error::InputError;
use super::machine::MachineInput;
use super::nearest;
use super::trace::Trace;
use ccmcertsel::select::lint_command_line;
use ccmcertsel::settings::{CriteriaSource, IssuerSyntax, OnMultiple, Phase, Revocation, SettingError, Sources};
use ccmcertsel::text::EmptyIssuersList;
use ccmcertsel::{Certificate, Criteria, IssuersList, ParseError, Properties, Settings};

/// The keys of `settings` that are a command line of properties, by where it comes from (rule Q-1).
const LINES: [&str; 4] = ["properties", "client_push", "active_directory", "assigned_site"];
/// The key of `settings` that says whether the client is being installed or was.
const PHASE: &str = "phase";
const PHASES: [(&str, Phase); 2] = [("installation", Phase::Installation), ("afterwards", Phase::Afterwards)];

/// The settings of one machine, and what is worth saying about how they were written.
pub struct Effective {
    pub settings: Settings,
    pub trace: Trace,
    pub notes: Vec<String>,
}

/// The settings that the command line gives, checked as far as they can be without a machine.
#[derive(Debug, Clone, Default)]
pub struct CommandLine {
    args: SettingArgs,
    choices: Vec<(String, String)>,
}

impl CommandLine {
    /// Splits `--setting KEY=VALUE` and checks keys and values.
    ///
    /// # Errors
    /// A setting without `=`, an unknown one, or a value that it does not take.
    pub fn new(args: &SettingArgs) -> Result<Self, InputError> {
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
        Ok(CommandLine { args: args.clone(), choices })
    }

    /// The effective settings of one machine.
    ///
    /// # Errors
    /// Criteria, issuers or properties that do not parse, with the result code that the client would report.
    pub fn over(&self, input: &MachineInput) -> Result<Effective, InputError> {
        let syntax = self.issuer_syntax(input)?;
        let mut trace = Trace::default();
        let mut notes = Vec::new();

        let (phase, sources) = sources(&input.settings, syntax, &mut notes)?;
        let resolved = Settings::resolve(phase, &sources);
        trace.resolved(&resolved);
        let mut settings = with_roots(resolved.settings(), input.issuers.as_deref(), &mut trace)?;
        for (key, value) in choices_of(&input.settings) {
            choose(&mut settings, key, value)?;
            trace.set(key, value, "machine's settings");
        }

        for line in &self.args.properties {
            let properties = parse_properties(line, syntax, &mut notes)?;
            trace.properties(&properties, "--properties");
            if properties.criteria().is_some() {
                settings = settings.with_criteria_source(CriteriaSource::CcmSetup);
            }
            settings = settings.with_properties(&properties);
        }
        settings = self.tool_options(settings, syntax, &mut trace)?;
        for (key, value) in &self.choices {
            choose(&mut settings, key, value)?;
            trace.set(key, value, "command line");
        }
        if self.args.no_crl_check {
            settings = settings.with_revocation(Revocation::Off);
            trace.set(Revocation::SETTING, Revocation::Off.name(), "command line");
        }
        for (template, version) in &input.templates {
            settings = settings.with_template(template.clone(), *version);
        }
        Ok(Effective { settings, trace, notes })
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
    ) -> Result<Settings, InputError> {
        if let Some(store) = &self.args.store {
            if store.trim().is_empty() {
                return Err(InputError::new("the store's name is empty: write /Store:NAME, such as /Store:MY"));
            }
            settings = settings.with_store(store.as_str());
            trace.set("store", store, "/Store");
        }
        if let Some(list) = &self.args.issuers {
            settings = settings.with_issuers(IssuersList::parse(list, syntax).map_err(parse_error)?);
            trace.set("issuers", list, "/Issuers");
        }
        if let Some(text) = &self.args.criteria {
            let criteria: Criteria = text.parse().map_err(parse_error)?;
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

/// What each source of the file says.
fn sources(
    settings: &[(String, String)],
    syntax: IssuerSyntax,
    notes: &mut Vec<String>,
) -> Result<(Phase, Sources), InputError> {
    let mut sources = Sources::new();
    let mut phase = Phase::default();
    for (key, value) in settings {
        sources = match key.as_str() {
            "properties" => sources.with_ccm_setup(parse_properties(value, syntax, notes)?),
            "client_push" => sources.with_client_push(parse_properties(value, syntax, notes)?),
            "active_directory" => sources.with_active_directory(parse_properties(value, syntax, notes)?),
            "assigned_site" => sources.with_assigned_site(parse_properties(value, syntax, notes)?),
            PHASE => {
                phase = parse_phase(value)?;
                sources
            }
            _ => sources,
        };
    }
    Ok((phase, sources))
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
    settings.set(key, value).map_err(|error| match error {
        SettingError::Unknown { .. } => {
            let known = Settings::CHOICES.iter().copied().chain(LINES).chain([PHASE]);
            InputError::new(nearest::unknown_key("setting", key, known)).at(key, 0..key.len())
        }
        other => InputError::new(other.to_string()).at(value, 0..value.len()),
    })
}

fn parse_properties(line: &str, syntax: IssuerSyntax, said: &mut Vec<String>) -> Result<Properties, InputError> {
    let properties = Properties::parse(line, syntax).map_err(parse_error)?;
    said.extend(notes(&properties));
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

/// What is worth saying about a command line that reads.
fn notes(properties: &Properties) -> impl Iterator<Item = String> {
    lint_command_line(properties).into_iter().map(|lint| format!("{lint} ({})", lint.rule()))
}
