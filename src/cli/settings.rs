//! From the settings of a machine's own files and the words of the command line to the settings of one selection.
//!
//! In this order, and the later wins: what the machine's files say (`machine::settings`), the command line's `--properties`,
//! the product's own options, `--setting`, `--ruleset` and `--no-crl-check`, and of a comparison the change.

use super::args::{SettingArgs, SettingsChange};
use crate::choices::{CriteriaSource, IssuerSyntax, OnMultiple, Revocation};
use crate::machine::bytes;
use crate::machine::error::InputError;
use crate::machine::input::MachineInput;
use crate::machine::settings::{
    self, CrlCheck, Effective, Given, Own, choose, lint_note, parse_error, parse_properties,
};
use crate::machine::state_file::{self, read_tcf};
use crate::machine::trace::Trace;
use crate::select::lint_values;
use crate::settings::{ClientState, Resolved, SettingSource, Settings, Sources};
use crate::text::{
    CcmSetupLog, CcmSetupRun, Criteria, IssuersList, MobileClientFile, Properties, Property, PropertyNote,
};
use std::path::Path;

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
        let syntax = settings::issuer_syntax(input, &self.choices)?;
        let mut own = settings::own(input, syntax, &self.given(input)?)?;
        let Own { settings, trace, notes, crl, .. } = &mut own;
        for line in &self.args.properties {
            self.properties(line, "--properties", syntax, settings, (crl, trace, notes))?;
        }
        self.tool_options(settings, syntax, trace, notes)?;
        for (key, value) in &self.choices {
            choose(settings, key, value)?;
            trace.set(key, value, "command line");
            crl.stated(key);
        }
        if self.args.no_crl_check {
            *settings = std::mem::take(settings).with(Revocation::Off);
            trace.set(Revocation::SETTING, Revocation::Off.name(), "command line");
            crl.stated(Revocation::SETTING);
        }
        for change in &self.args.change {
            match change {
                SettingsChange::Line(line) => self.properties(line, "--with", syntax, settings, (crl, trace, notes))?,
                SettingsChange::Without(property) => without(settings, *property, "--with", trace),
            }
        }
        Ok(own.finish(input))
    }

    /// What a line of properties sets over what is there: all of it, but for the CRL check of a client that has the site's
    /// settings by now (V-7).
    fn properties(
        &self,
        line: &str,
        source: &'static str,
        syntax: IssuerSyntax,
        settings: &mut Settings,
        (crl, trace, notes): (&mut CrlCheck, &mut Trace, &mut Vec<String>),
    ) -> Result<(), InputError> {
        let properties = cleared(parse_properties(line, syntax, notes)?);
        trace.properties(&properties, source);
        let before = settings.revocation();
        let mut changed = settings.clone();
        if properties.criteria().is_some() {
            changed = changed.with(CriteriaSource::CcmSetup);
        }
        changed = changed.with_properties(&properties);
        if let Some(revocation) = properties.revocation()
            && !crl.by_setup(revocation)
        {
            changed = changed.with(before);
            trace.set(Revocation::SETTING, before.name(), "phase afterwards");
        }
        *settings = changed;
        Ok(())
    }

    /// The readiness tool's four options (rule Q-2).
    fn tool_options(
        &self,
        settings: &mut Settings,
        syntax: IssuerSyntax,
        trace: &mut Trace,
        notes: &mut Vec<String>,
    ) -> Result<(), InputError> {
        let none = [
            (self.args.no_store, Property::CertStore, "--no-store"),
            (self.args.no_issuers, Property::CertIssuers, "--no-issuers"),
            (self.args.no_criteria, Property::CertSel, "--no-criteria"),
        ];
        for (_, property, option) in none.into_iter().filter(|(given, ..)| *given) {
            without(settings, property, option, trace);
        }
        if let Some(store) = &self.args.store {
            if store.trim().is_empty() {
                return Err(InputError::new("the store's name is empty: write /Store:NAME, such as /Store:MY"));
            }
            *settings = std::mem::take(settings).with_store(store.as_str());
            trace.set("store", store, "/Store");
        }
        if let Some(list) = &self.args.issuers {
            let list_read = IssuersList::parse(list, syntax).map_err(parse_error)?;
            notes.extend(lint_values(None, Some(&list_read)).iter().map(lint_note));
            *settings = std::mem::take(settings).with_issuers(list_read);
            trace.set("issuers", list, "/Issuers");
        }
        if let Some(text) = &self.args.criteria {
            let criteria: Criteria = text.parse().map_err(parse_error)?;
            notes.extend(lint_values(Some(&criteria), None).iter().map(lint_note));
            *settings = std::mem::take(settings).with_criteria(criteria).with(CriteriaSource::CcmSetup);
            trace.set("criteria", text, "/Criteria");
        }
        if self.args.select_first_cert {
            *settings = std::mem::take(settings).with(OnMultiple::SelectLongest);
            trace.set(OnMultiple::SETTING, OnMultiple::SelectLongest.name(), "/SelectFirstCert");
        }
        Ok(())
    }
}

/// What is known of one client, before it is settled.
pub(crate) struct Client {
    pub sources: Sources,
    /// By the sources only, without the command line's own choices.
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
        let syntax = settings::issuer_syntax(input, &self.choices)?;
        let given = self.given(input)?;
        let (phase, mut sources) = settings::sources(input, syntax, &given, notes)?;
        let mut setup = sources.of(SettingSource::CcmSetup).cloned().unwrap_or_default();
        for line in &self.args.properties {
            setup = parse_properties(line, syntax, notes)?.over(setup);
        }
        sources = sources.with(SettingSource::CcmSetup, setup);
        let resolved = Settings::resolve(phase, &sources);
        Ok(Client { resolved, sources, state: given.client_state(input).cloned(), tcf: given.tcf(input).cloned() })
    }

    /// What replaces the machine's own files: `--ccmsetup-log`, `--tcf` and `--client-state`.
    fn given(&self, input: &MachineInput) -> Result<Given<'_>, InputError> {
        let state = self.client_state.as_ref().map(|bytes| {
            let state = state_file::from_bytes(bytes.clone(), input.machine.name());
            state.map_err(|error| match self.args.client_state.as_deref() {
                Some(path) => error.in_file(path),
                None => error,
            })
        });
        Ok(Given { run: self.run.as_ref(), tcf: self.tcf.as_ref(), client_state: state.transpose()? })
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

/// A property that the line gives without a value is not set, and what the machine's file says of it does not count.
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
fn without(settings: &mut Settings, property: Property, source: &'static str, trace: &mut Trace) {
    let none = Properties::new().without(property);
    trace.properties(&none, source);
    *settings = std::mem::take(settings).with_properties(&none);
}
