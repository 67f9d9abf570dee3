//! A folder that a fleet's machines wrote into: `PC1.reg` with the certificates, and beside it `PC1.json`, the client's state.
//!
//! Only the names are held here. Each machine's files are read where it is judged, so that a large fleet is a stream.

use crate::machine::bytes::{self, Limits};
use crate::machine::error::InputError;
use crate::machine::input::MACHINE_TOML;
use crate::machine::state_file;
use crate::machine::text;
use crate::settings::ClientState;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// One machine of such a folder.
#[derive(Debug)]
pub(crate) struct MachineFolder {
    /// The base name of its files, which is the computer's name.
    pub name: String,
    /// Its export.
    pub registry: PathBuf,
    /// What its client reports.
    pub state: Option<PathBuf>,
    /// What is worth saying of the folder, with its first machine.
    pub notes: Vec<String>,
}

impl MachineFolder {
    /// The client's state. An empty file is not one: on a computer without the client the class does not exist.
    ///
    /// # Errors
    /// The file cannot be read, or is not a client's state.
    pub(crate) fn client_state(
        &self,
        notes: &mut Vec<String>,
        limits: Limits,
    ) -> Result<Option<ClientState>, InputError> {
        let Some(path) = &self.state else { return Ok(None) };
        let bytes = bytes::inside(path, limits.file)?;
        let text = text::decode(bytes).map_err(|error| error.in_file(path))?;
        if matches!(text.trim(), "" | "null" | "[]") {
            notes.push(format!("{}: it is empty, so the client's settings are not known (Q-5)", path.display()));
            return Ok(None);
        }
        let state = state_file::from_bytes(text.into_bytes(), &self.name);
        state.map(Some).map_err(|error| error.in_file(path))
    }
}

/// What a folder of exports holds, a machine each, in the order of their names; `None` where it is not such a folder.
///
/// # Errors
/// The folder cannot be read.
pub(crate) fn members(folder: &Path) -> Result<Option<Vec<Result<MachineFolder, InputError>>>, InputError> {
    let mut exports = Vec::new();
    let mut states = BTreeMap::new();
    let mut others: Vec<String> = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| InputError::io(folder, &error))? {
        let entry = entry.map_err(|error| InputError::io(folder, &error))?;
        let path = entry.path();
        let is_file = !path.is_dir(); // a pipe or a link that leads nowhere is that machine's error
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == MACHINE_TOML {
            return Ok(None);
        }
        let base = path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
        match (base, path.extension().map(|end| end.to_ascii_lowercase())) {
            _ if name.starts_with('.') => {}
            (Some(base), Some(end)) if is_file && end == "reg" => exports.push((base, path)),
            (Some(base), Some(end)) if is_file && end == "json" => {
                states.insert(base.to_lowercase(), path);
            }
            _ => others.push(name),
        }
    }
    if exports.is_empty() {
        return Ok(None);
    }
    exports.sort();
    let mut members: Vec<(String, Result<MachineFolder, InputError>)> = Vec::new();
    for (name, registry) in exports {
        let key = name.to_lowercase();
        let state = states.remove(&key);
        members.push((key, Ok(MachineFolder { name, registry, state, notes: Vec::new() })));
    }
    members.extend(states.into_iter().map(|(key, path)| {
        let message =
            "there is no export with this name beside it (.reg): the machine's certificates were not collected";
        (key, Err(InputError::new(message).in_file(&path)))
    }));
    members.sort_by(|one, other| one.0.cmp(&other.0));
    others.sort();
    let mut members: Vec<_> = members.into_iter().map(|(_, member)| member).collect();
    if let (Some(example), Some(Ok(first))) = (others.first(), members.iter_mut().find(|member| member.is_ok())) {
        let (count, folder) = (others.len(), folder.display());
        first.notes.push(format!("{folder}: neither .reg nor .json, and left aside: {count}, such as `{example}`"));
    }
    Ok(Some(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_for_each_base_name() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["PC2.reg", "PC1.reg", "pc1.JSON", "pc9.json", "note.txt", ".hidden"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let members = members(folder.path()).unwrap().unwrap();
        let shown: Vec<_> = members
            .iter()
            .map(|member| match member {
                Ok(member) => (member.name.as_str(), member.state.is_some(), member.notes.len()),
                Err(error) => (error.message.as_str(), false, 0),
            })
            .collect();
        let [pc1, pc2, (broken, ..)] = shown[..] else { panic!("{shown:?}") };
        assert_eq!((pc1, pc2), (("PC1", true, 1), ("PC2", false, 0)));
        assert!(broken.contains("were not collected"), "{broken}");
    }

    #[test]
    fn another_folder_is_none() {
        let folder = tempfile::tempdir().unwrap();
        assert!(members(folder.path()).unwrap().is_none());
        fs::write(folder.path().join("a.reg"), "").unwrap();
        fs::write(folder.path().join("machine.toml"), "").unwrap();
        assert!(members(folder.path()).unwrap().is_none());
    }
}
