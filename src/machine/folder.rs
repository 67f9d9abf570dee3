//! A machine folder: `machine.toml`, one sub-folder a store, `crl/` and `issuers/`.

use super::bytes;
use super::bytes::Limits;
use super::collected::Collected;
use super::error::InputError;
use super::export;
use super::input::{MACHINE_TOML, MachineInput, instant, templates};
use super::inventory::{Ordered, Sidecar};
use super::load::Loader;
use super::nearest;
use super::reported::Reported;
use crate::certificate::Certificate;
use crate::import::{self, Format};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

/// The sub-folder of CRLs.
const CRL_FOLDER: &str = "crl";
/// The sub-folder of an issuers list of certificates.
const ISSUERS_FOLDER: &str = "issuers";

/// The machine's part of a machine folder: `machine.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct MachineToml {
    name: String,
    fqdn: Option<String>,
    now: Option<toml::Value>,
    device: Option<String>,
    client_version: Option<String>,
    os: Option<String>,
    #[serde(default)]
    templates: Ordered<u32>,
    #[serde(default)]
    settings: Ordered<String>,
}

/// Reads a machine folder.
///
/// # Errors
/// A missing or wrong `machine.toml`, a wrong sidecar, a file that cannot be read.
pub(crate) fn read(folder: &Path, loader: &Loader) -> Result<MachineInput, InputError> {
    let toml = read_machine_toml(folder, loader)?;
    let path = folder.join(MACHINE_TOML);
    let machine = MachineInput::machine(&toml.name, toml.fqdn.as_deref(), toml.device.as_deref(), toml.os.as_deref());
    // TOML has instants of its own.
    let now = toml.now.as_ref().map(|value| value.as_str().map_or_else(|| instant(&value.to_string()), instant));
    let mut input = MachineInput {
        machine: machine.map_err(|error| error.in_file(&path))?,
        now: now.transpose().map_err(|error| error.in_file(&path))?,
        collected: Collected::default(),
        issuers: None,
        templates: templates(&toml.templates.0).map_err(|error| error.in_file(&path))?,
        settings: toml.settings.0,
        reported: Reported::default(),
    };
    input.reported.set_version(toml.client_version).map_err(|error| error.in_file(&path))?;
    for Inside { name, path, kind } in entries(folder)? {
        match kind {
            FileKind::File => {
                if name != MACHINE_TOML && !input.reported.take_file(&name, &path, &toml.name)? {
                    read_export(&path, &mut input.collected, loader)?;
                }
                continue;
            }
            FileKind::Folder if path.file_name().is_some_and(|name| name.to_str().is_none()) => {
                input.collected.notes.push(format!("{}: a name that is not UTF-8 names no store", path.display()));
                continue;
            }
            FileKind::Folder => {}
        }
        if name.eq_ignore_ascii_case(CRL_FOLDER) {
            read_crls(&path, &mut input.collected, loader)?;
        } else if name.eq_ignore_ascii_case(ISSUERS_FOLDER) {
            input.issuers = Some(read_issuers(&path, &mut input.collected.notes, loader)?);
        } else {
            read_store(&name, &path, &mut input.collected, loader)?;
        }
    }
    Ok(input)
}

fn read_machine_toml(folder: &Path, loader: &Loader) -> Result<MachineToml, InputError> {
    let path = folder.join(MACHINE_TOML);
    if !is_there(&path) {
        let inside = entries(folder)?;
        let machine = inside.iter().find(|inside| inside.path.join(MACHINE_TOML).is_file());
        let message = match machine {
            Some(machine) => format!(
                "there is no {MACHINE_TOML} in this folder; it holds machine folders, such as `{}`: name those",
                machine.path.display()
            ),
            None => format!("there is no {MACHINE_TOML} in this folder: write one with at least `name = \"PC1\"`"),
        };
        return Err(InputError::new(message).in_file(folder));
    }
    let text = read_text(&path, loader.limits)?;
    toml::from_str(&text).map_err(|error| toml_error(&text, &error).in_file(&path))
}

/// The name in a folder's `machine.toml`, as far as it can be read: an error should say which machine it is about.
pub(crate) fn name_of(folder: &Path) -> Option<String> {
    let toml: toml::Table = read_text(&folder.join(MACHINE_TOML), Limits::default()).ok()?.parse().ok()?;
    Some(toml.get("name")?.as_str()?.to_owned())
}

/// Reads the CRLs of a file or of every file of a folder.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn read_crls(path: &Path, collected: &mut Collected, loader: &Loader) -> Result<(), InputError> {
    let files = if path.is_dir() { files(path, &mut collected.notes)? } else { vec![path.to_owned()] };
    for file in files {
        let bytes = bytes::inside(&file, loader.limits.crl)?;
        collected.add_crl_file(&file.display().to_string(), &bytes, loader)?;
    }
    Ok(())
}

fn read_issuers(folder: &Path, notes: &mut Vec<String>, loader: &Loader) -> Result<Vec<Certificate>, InputError> {
    let mut issuers = Vec::new();
    for file in files(folder, notes)? {
        let bytes = bytes::inside(&file, loader.limits.file)?;
        let found = loader.issuers(&file.display().to_string(), &bytes, notes);
        issuers.append(&mut found.map_err(|error| error.in_file(&file))?);
    }
    Ok(issuers)
}

/// An export beside the stores' folders holds stores of its own, and a CRL there is this machine's as one in `crl` is; any
/// other file there is nobody's, which is said where it holds, or is called, what a store could hold (rule T-5).
fn read_export(file: &Path, collected: &mut Collected, loader: &Loader) -> Result<(), InputError> {
    let ends = |with: &[&str]| {
        let ending = file.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| with.iter().any(|one| ending.eq_ignore_ascii_case(one)))
    };
    let is_called_crl = ends(&["crl"]);
    let bytes = bytes::inside(file, if is_called_crl { loader.limits.crl } else { loader.limits.file })?;
    if export::is_export(&bytes) {
        let imported = loader.importer.import(file, &bytes, None);
        let imported = imported.map_err(|error| loader.importer.explain(file, &error))?;
        let place = file.display().to_string();
        collected.tell(&place, &imported);
        collected.add_import(&imported.with_source(&place), &place, &loader.cache);
    } else if is_called_crl || holds_crls(&bytes) {
        let place = file.display().to_string();
        let what = "a CRL beside the folders is read as one of the folder `crl`, where it belongs (T-5)";
        collected.notes.push(format!("{place}: {what}"));
        collected.add_crl_file(&place, &bytes, loader)?;
    } else if import::detect(&bytes).is_some() || ends(&["cer", "crt", "der", "pem"]) {
        let what = "a certificate beside the folders belongs to no store and is left aside: put it into one, such as `CA` (T-5)";
        collected.notes.push(format!("{}: {what}", file.display()));
    }
    Ok(())
}

/// Whether a file is a CRL, or a text with nothing but CRLs in it.
fn holds_crls(bytes: &[u8]) -> bool {
    let format = import::detect(bytes);
    let only_crls = |imported: &import::Imported| {
        !imported.crls().is_empty() && imported.stores().all(|(_, entries)| entries.is_empty())
    };
    format == Some(Format::Crl)
        || matches!(format, Some(Format::Pem | Format::Base64))
            && import::import(bytes, &import::ImportOptions::default()).is_ok_and(|imported| only_crls(&imported))
}

fn read_store(name: &str, folder: &Path, collected: &mut Collected, loader: &Loader) -> Result<(), InputError> {
    collected.stores.add_store(name);
    for file in files(folder, &mut collected.notes)? {
        if let Some(subject) = sidecar_of(&file) {
            if !subject.is_file() {
                let message = format!("this is the sidecar of `{}`, which does not exist", subject.display());
                return Err(InputError::new(message).in_file(&file));
            }
            continue;
        }
        let sidecar = read_sidecar(&file, loader.limits)?;
        let place = file.display().to_string();
        let bytes = bytes::inside(&file, loader.limits.file)?;
        let added = collected.add_to_store(name, &place, &bytes, &sidecar, loader);
        added.map_err(|error| error.in_file(&sidecar_path(&file)))?;
    }
    Ok(())
}

/// The file that a sidecar belongs to.
fn sidecar_of(file: &Path) -> Option<PathBuf> {
    let is_toml = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    is_toml.then(|| file.with_extension(""))
}

fn sidecar_path(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".toml");
    name.into()
}

fn read_sidecar(file: &Path, limits: Limits) -> Result<Sidecar, InputError> {
    let path = sidecar_path(file);
    if !is_there(&path) {
        return Ok(Sidecar::default());
    }
    let text = read_text(&path, limits)?;
    toml::from_str(&text).map_err(|error| toml_error(&text, &error).in_file(&path))
}

/// What is in a folder.
struct Inside {
    /// Its name; what is not UTF-8 in it is replaced.
    name: String,
    path: PathBuf,
    kind: FileKind,
}

/// What a name stands for, links followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FileKind {
    Folder,
    /// Or a pipe, a device or a socket, which is refused when it is read.
    File,
}

/// What is in a folder, in byte order of the names; names that begin with a dot are not read.
///
/// # Errors
/// The folder cannot be read, or something in it cannot be looked at: a link that leads nowhere or round in a circle, or a
/// folder that may be listed and not searched.
fn entries(folder: &Path) -> Result<Vec<Inside>, InputError> {
    let read = fs::read_dir(folder).map_err(|error| InputError::io(folder, &error))?;
    let mut entries = Vec::new();
    for entry in read {
        let entry = entry.map_err(|error| InputError::io(folder, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        let metadata = fs::metadata(&path).map_err(|error| InputError::io(&path, &error))?;
        let kind = if metadata.is_dir() { FileKind::Folder } else { FileKind::File };
        entries.push(Inside { name, path, kind });
    }
    entries.sort_by(|a, b| a.path.as_os_str().as_encoded_bytes().cmp(b.path.as_os_str().as_encoded_bytes()));
    Ok(entries)
}

/// The files of a folder, and what is neither a file nor a folder, which is an error when it is read; of folders inside a
/// note says that they are left aside.
///
/// # Errors
/// The folder cannot be read, or something in it cannot be looked at.
pub(crate) fn files(folder: &Path, notes: &mut Vec<String>) -> Result<Vec<PathBuf>, InputError> {
    let mut files = Vec::new();
    for inside in entries(folder)? {
        match inside.kind {
            FileKind::File => files.push(inside.path),
            FileKind::Folder => {
                notes.push(format!("{}: a folder inside of this one is left aside (T-5)", inside.path.display()));
            }
        }
    }
    Ok(files)
}

/// Whether a folder has this entry, whatever it is: a link that leads nowhere, or a pipe, is not the same as nothing.
fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// The text of a file; editors on Windows put a byte order mark in front.
fn read_text(path: &Path, limits: Limits) -> Result<String, InputError> {
    super::text::decode(bytes::inside(path, limits.file)?).map_err(|error| error.in_file(path))
}

/// A TOML error in our words, with its place.
pub(crate) fn toml_error(text: &str, error: &toml::de::Error) -> InputError {
    let message = nearest::rephrase(error.message().trim());
    let Some(span) = error.span() else {
        return InputError::new(message);
    };
    let before = text.get(..span.start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line_number = before.matches('\n').count() + 1;
    let line = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let place = span.start - line_start..(span.end - line_start).min(line.len());
    InputError::new(message).at(line, place).on_line(line_number)
}
