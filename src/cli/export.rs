//! Windows exports, as machines of their own and inside machine folders: recognised by content (rules W-1 to W-4).

use super::args::ExportArgs;
use super::members::MachineFolder;
use crate::encoding::OtherContent;
use crate::import::{self, Imported};
use crate::machine::bytes;
use crate::machine::collected::Collected;
use crate::machine::error::InputError;
use crate::machine::importer::{Ask, Importer};
use crate::machine::input::MachineInput;
use crate::machine::load::Loader;
use crate::machine::reported::Reported;
use std::io::IsTerminal;
use std::path::PathBuf;

/// A file that is an export, or should be one.
#[derive(Debug)]
pub(crate) struct ExportFile {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    /// Whose it is, where that is known: an export does not say.
    pub owner: Option<Owner>,
}

/// The computer that an export was made on.
#[derive(Debug)]
pub(crate) struct Owner {
    pub name: String,
    pub fqdn: Option<String>,
    /// What is worth saying of it.
    pub notes: Vec<String>,
}

/// What the command line says about exports.
#[derive(Default)]
pub(crate) struct Exports {
    args: ExportArgs,
}

/// What files are read with: the store and the password of the command line.
///
/// # Errors
/// The password file cannot be read.
pub(crate) fn importer(args: &ExportArgs) -> Result<Importer, InputError> {
    let password = match &args.password_file {
        Some(path) => {
            let text = crate::machine::text::decode(bytes::named(path)?).map_err(|error| error.in_file(path))?;
            Some(text.lines().next().unwrap_or_default().to_owned())
        }
        None => None,
    };
    let ask: Ask = |prompt| rpassword::prompt_password(prompt);
    let ask = std::io::stdin().is_terminal().then_some(ask);
    Ok(Importer { into: args.into.clone(), password, ask, ..Importer::default() })
}

impl Exports {
    /// What the command line says.
    pub(crate) fn new(args: &ExportArgs) -> Self {
        Exports { args: args.clone() }
    }

    /// One machine from its exports.
    ///
    /// # Errors
    /// A file that is not an export, or cannot be read.
    pub(crate) fn machine(&self, files: &[ExportFile], loader: &Loader) -> Result<MachineInput, InputError> {
        let owner = files.iter().find_map(|file| file.owner.as_ref());
        let name = self.args.name.clone().or_else(|| owner.map(|owner| owner.name.clone()));
        let name = name.unwrap_or_else(|| name_of(files));
        let mut input = self.named(&name, files, loader)?;
        if let Some(owner) = owner {
            input.collected.notes.extend(owner.notes.iter().cloned());
        } else if self.args.name.is_none() {
            let note = format!("an export does not say whose it is: called `{name}` after its file, use --name");
            input.collected.notes.push(note);
        }
        Ok(input)
    }

    /// One machine of a folder of exports.
    ///
    /// # Errors
    /// A file that cannot be read, or is neither an export nor a client's state.
    pub(crate) fn member(&self, member: &MachineFolder, loader: &Loader) -> Result<MachineInput, InputError> {
        let bytes = bytes::inside(&member.registry, loader.limits.file)?;
        let export = ExportFile { path: member.registry.clone(), bytes, owner: None };
        let mut input = self.named(&member.name, &[export], loader)?;
        input.collected.notes.extend(member.notes.iter().cloned());
        let state = member.client_state(&mut input.collected.notes, loader.limits)?;
        input.reported.client_state = state.map(|state| (state, None));
        Ok(input)
    }

    fn named(&self, name: &str, files: &[ExportFile], loader: &Loader) -> Result<MachineInput, InputError> {
        let mut machine = Imported::default();
        let mut collected = Collected::default();
        for file in files {
            if import::detect(&file.bytes).is_none() {
                let is = match OtherContent::of(&file.bytes) {
                    None | Some(OtherContent::Text) => "this is no machine".to_owned(),
                    Some(other) => format!("this is no machine: {other}"),
                };
                let message = format!(
                    "{is}; name a folder with a machine.toml, an inventory, which begins with `{{`, or an export of \
                     Windows (.reg, .sst, .p7b, .pfx)"
                );
                return Err(InputError::new(message).in_file(&file.path));
            }
            let imported = loader.importer.import(&file.path, &file.bytes, None);
            let imported = imported.map_err(|error| loader.importer.explain(&file.path, &error))?;
            let place = file.path.display().to_string();
            collected.tell(&place, &imported);
            machine.merge(imported.with_source(&place));
        }
        collected.add_import(&machine, &name_of(files), &loader.cache);
        let suffix = self.args.fqdn_suffix.as_deref().map(|suffix| suffix.trim_start_matches('.'));
        let fqdn = self.args.fqdn.clone().or_else(|| suffix.map(|suffix| format!("{name}.{suffix}")));
        let fqdn = fqdn.or_else(|| files.iter().find_map(|file| file.owner.as_ref()?.fqdn.clone()));
        Ok(MachineInput {
            machine: MachineInput::machine(name, fqdn.as_deref(), None, None)?,
            now: None,
            collected,
            issuers: None,
            templates: Vec::new(),
            settings: Vec::new(),
            reported: Reported::default(),
        })
    }
}

/// What a machine is called that nobody named: the first file without its ending.
pub(crate) fn name_of(files: &[ExportFile]) -> String {
    let stem = files.first().and_then(|file| file.path.file_stem());
    stem.map_or_else(|| "-".to_owned(), |stem| stem.to_string_lossy().into_owned())
}
