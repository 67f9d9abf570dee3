//! From the words of a machine's file and of the command line to the settings of one selection.
//!
//! In this order, and the later wins: the file's `properties`, the file's other settings, the command line's
//! `--properties`, the product's own options, `--setting`, `--ruleset` and `--no-crl-check`.

use super::args::SettingArgs;
use super::error::InputError;
use super::machine::MachineInput;
use super::nearest;
use ccmcertsel::settings::{IssuerSyntax, OnMultiple, Revocation, SettingError};
use ccmcertsel::text::{EmptyIssuersList, PropertyNote};
use ccmcertsel::{Certificate, Criteria, IssuersList, ParseError, Properties, Settings};

/// The key of `settings` that is a command line and not a choice.
const PROPERTIES: &str = "properties";

/// The settings of one machine, and what is worth saying about how they were written.
pub struct Effective {
    pub settings: Settings,
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
        Ok(CommandLine {
            args: args.clone(),
            choices,
        })
    }

    /// The effective settings of one machine.
    ///
    /// # Errors
    /// Criteria, issuers or properties that do not parse, with the result code that the client would report.
    pub fn over(&self, input: &MachineInput) -> Result<Effective, InputError> {
        let mut chosen = Settings::default();
        let is_choice = |pair: &&(String, String)| pair.0 != PROPERTIES;
        for (key, value) in input.settings.iter().filter(is_choice).chain(&self.choices) {
            choose(&mut chosen, key, value)?;
        }
        let syntax = chosen.issuer_syntax();

        let mut of_file = Properties::new();
        for (_, line) in input.settings.iter().filter(|pair| !is_choice(pair)) {
            of_file = parse_properties(line, syntax)?;
        }
        let mut of_command_line = Properties::new();
        for line in &self.args.properties {
            of_command_line = parse_properties(line, syntax)?.over(of_command_line);
        }

        let mut settings = Settings::default().with_properties(&of_file);
        for (key, value) in input.settings.iter().filter(is_choice) {
            choose(&mut settings, key, value)?;
        }
        settings = with_roots(settings, input.issuers.as_deref())?;
        settings = settings.with_properties(&of_command_line);
        settings = self.tool_options(settings, syntax)?;
        for (key, value) in &self.choices {
            choose(&mut settings, key, value)?;
        }
        if self.args.no_crl_check {
            settings = settings.with_revocation(Revocation::Off);
        }
        for (template, version) in &input.templates {
            settings = settings.with_template(template.clone(), *version);
        }
        Ok(Effective {
            settings,
            notes: notes(&of_file).chain(notes(&of_command_line)).collect(),
        })
    }

    /// The readiness tool's four options (rule Q-2).
    fn tool_options(&self, mut settings: Settings, syntax: IssuerSyntax) -> Result<Settings, InputError> {
        if let Some(store) = &self.args.store {
            if store.trim().is_empty() {
                return Err(InputError::new(
                    "the store's name is empty: write /Store:NAME, such as /Store:MY",
                ));
            }
            settings = settings.with_store(store.as_str());
        }
        if let Some(list) = &self.args.issuers {
            settings = settings.with_issuers(IssuersList::parse(list, syntax).map_err(parse_error)?);
        }
        if let Some(criteria) = &self.args.criteria {
            let criteria: Criteria = criteria.parse().map_err(parse_error)?;
            settings = settings.with_criteria(criteria);
        }
        if self.args.select_first_cert {
            settings = settings.with_on_multiple(OnMultiple::SelectLongest);
        }
        Ok(settings)
    }
}

/// Sets one setting by its words.
fn choose(settings: &mut Settings, key: &str, value: &str) -> Result<(), InputError> {
    settings.set(key, value).map_err(|error| match error {
        SettingError::Unknown { .. } => {
            let known = Settings::CHOICES.iter().copied().chain([PROPERTIES]);
            InputError::new(nearest::unknown_key("setting", key, known)).at(key, 0..key.len())
        }
        other => InputError::new(other.to_string()).at(value, 0..value.len()),
    })
}

fn parse_properties(line: &str, syntax: IssuerSyntax) -> Result<Properties, InputError> {
    Properties::parse(line, syntax).map_err(parse_error)
}

/// A text of the product that does not parse.
fn parse_error(error: ParseError) -> InputError {
    InputError::new(error.to_string())
        .at(error.input(), error.span())
        .with_hresult(error.hresult())
}

/// Adds the root certificates of an issuers list (rule I-6) to what the file's properties list.
fn with_roots(settings: Settings, roots: Option<&[Certificate]>) -> Result<Settings, InputError> {
    let Some(roots) = roots else { return Ok(settings) };
    let empty = |error: EmptyIssuersList| InputError::new(error.to_string());
    let roots = IssuersList::from_certificates(roots).map_err(empty)?;
    let list = match settings.issuers() {
        Some(listed) => IssuersList::new(listed.iter().chain(roots.iter()).cloned()).map_err(empty)?,
        None => roots,
    };
    Ok(settings.with_issuers(list))
}

/// What is worth saying about a command line that reads.
fn notes(properties: &Properties) -> impl Iterator<Item = String> {
    let unknown = properties.unknown().iter().filter_map(|item| {
        let text = item.text();
        match item.nearest() {
            Some(near) => Some(format!(
                "`{text}` is not a property of the selection: did you mean `{near}`?"
            )),
            None if item.is_word() => Some(format!("`{text}` is no property: quote values that hold blanks")),
            None => None,
        }
    });
    let notes = properties.notes().iter().filter_map(|note| match note {
        PropertyNote::Dropped { property, .. } => Some(format!(
            "`{}` is empty: Windows Installer drops it (I-2)",
            property.name()
        )),
        PropertyNote::Repeated { property, .. } => Some(format!(
            "`{}` is there twice: the later one counts (Q-1)",
            property.name()
        )),
        _ => None,
    });
    unknown.chain(notes).collect::<Vec<_>>().into_iter()
}
