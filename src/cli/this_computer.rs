//! The computer that the program runs on, where no machine is named: on Windows its stores of certificates, as the product's
//! own tool has them.
//!
//! What the registry holds is written as `reg export` writes it, and read as an export is (rule W-2): the same bytes mean the
//! same, here and on the computer to which an export was taken. The settings of the client are in values that nobody
//! documents, so none is guessed: `--client-state` brings them (rule Q-5).

use super::export::ExportFile;
use crate::machine::error::InputError;

/// How to collect, where there is no registry.
#[cfg(not(windows))]
const HOW: &str = "no MACHINE: on Windows that is this computer; elsewhere name a machine folder, an inventory, or an export: on \
                   the machine, as an administrator, `reg export HKLM\\SOFTWARE\\Microsoft\\SystemCertificates pc1.reg`, and \
                   then `cmhttpsreadiness pc1.reg --name PC1 --fqdn pc1.contoso.com`";

/// This computer's stores, and its names.
///
/// # Errors
/// It has no registry, or the registry does not let itself be read.
#[cfg(not(windows))]
pub(crate) fn export() -> Result<ExportFile, InputError> {
    Err(InputError::new(HOW))
}

#[cfg(windows)]
pub(crate) use self::live::export;

/// A value `Blob` of the registry.
#[cfg(any(windows, test))]
struct Blob {
    key: String,
    bytes: Vec<u8>,
}

/// The text of an export. A key whose name cannot be in a line of it is left out, with a note.
#[cfg(any(windows, test))]
fn text(blobs: &[Blob], notes: &mut Vec<String>) -> String {
    use std::fmt::Write as _;

    let mut text = String::from("Windows Registry Editor Version 5.00\r\n");
    for Blob { key, bytes } in blobs {
        if key.contains(char::is_control) {
            notes.push(format!("the key {key:?} was left out: there are control characters in its name"));
            continue;
        }
        let _ = write!(text, "\r\n[HKEY_LOCAL_MACHINE\\{key}]\r\n\"Blob\"=hex:");
        for (place, byte) in bytes.iter().enumerate() {
            let _ = write!(text, "{}{byte:02x}", if place > 0 { "," } else { "" });
        }
        text.push_str("\r\n");
    }
    text
}

#[cfg(windows)]
mod live {
    use super::super::export::Owner;
    use super::{Blob, ExportFile, InputError, text};
    use windows_registry::{Key, LOCAL_MACHINE};

    /// The branches of the computer's stores: its own, the directory's, and those of group policies.
    const BRANCHES: [&str; 3] = [
        r"SOFTWARE\Microsoft\SystemCertificates",
        r"SOFTWARE\Microsoft\EnterpriseCertificates",
        r"SOFTWARE\Policies\Microsoft\SystemCertificates",
    ];
    const NAMES: &str = r"SYSTEM\CurrentControlSet\Control\ComputerName\ActiveComputerName";
    const TCPIP: &str = r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters";
    /// More than any computer has, and less than would fill its memory.
    const MAX_BYTES: usize = 64 << 20;

    struct RegistryReader {
        blobs: Vec<Blob>,
        bytes: usize,
        notes: Vec<String>,
    }

    /// This computer's stores, and its names.
    ///
    /// # Errors
    /// The registry does not tell the computer's name, or holds more than 64 MiB of certificates.
    pub(crate) fn export() -> Result<ExportFile, InputError> {
        let mut reader = RegistryReader { blobs: Vec::new(), bytes: 0, notes: Vec::new() };
        for branch in BRANCHES {
            // A branch that is not there holds nothing: most computers have no certificates of a policy.
            if let Ok(key) = LOCAL_MACHINE.open(branch) {
                reader.branch(&key, branch)?;
            }
        }
        let name = string(NAMES, "ComputerName")
            .ok_or_else(|| InputError::new("the registry does not tell this computer's name: give it by --name"))?;
        let domain = string(TCPIP, "Domain").or_else(|| string(TCPIP, "NV Domain"));
        let host = string(TCPIP, "Hostname").or_else(|| string(TCPIP, "NV Hostname")).unwrap_or_else(|| name.clone());
        let fqdn = domain.map(|domain| format!("{host}.{domain}"));
        reader.notes.push(
            "this computer, as its registry has it; the settings are the defaults where no option says otherwise: \
             `Get-CimInstance -Namespace root/cimv2 Win32Reg_SMSAdvancedClientSSLConfiguration | ConvertTo-Json > client.json` \
             writes those of its client for --client-state"
                .to_owned(),
        );
        let bytes = text(&reader.blobs, &mut reader.notes).into_bytes();
        Ok(ExportFile { path: name.clone().into(), bytes, owner: Some(Owner { name, fqdn, notes: reader.notes }) })
    }

    fn string(key: &str, value: &str) -> Option<String> {
        LOCAL_MACHINE.open(key).ok()?.get_string(value).ok().filter(|text| !text.is_empty())
    }

    impl RegistryReader {
        fn branch(&mut self, branch: &Key, path: &str) -> Result<(), InputError> {
            for store in self.keys(branch, path) {
                let store_path = format!("{path}\\{store}");
                let Some(store) = self.open(branch, &store, &store_path) else { continue };
                for kind in ["Certificates", "CRLs", "CTLs"] {
                    let kind_path = format!("{store_path}\\{kind}");
                    let Ok(entries) = store.open(kind) else { continue };
                    for entry in self.keys(&entries, &kind_path) {
                        self.entry(&entries, &entry, &format!("{kind_path}\\{entry}"))?;
                    }
                }
            }
            Ok(())
        }

        fn entry(&mut self, entries: &Key, name: &str, path: &str) -> Result<(), InputError> {
            let Some(entry) = self.open(entries, name, path) else { return Ok(()) };
            match entry.get_value("Blob") {
                Ok(value) => {
                    self.bytes = self.bytes.saturating_add(value.len());
                    if self.bytes > MAX_BYTES {
                        return Err(InputError::new("the registry holds more than 64 MiB of certificates"));
                    }
                    self.blobs.push(Blob { key: path.to_owned(), bytes: value.to_vec() });
                }
                Err(error) => self.notes.push(format!("{path} has no `Blob` that can be read: {error}")),
            }
            Ok(())
        }

        fn open(&mut self, above: &Key, name: &str, path: &str) -> Option<Key> {
            above.open(name).map_err(|error| self.notes.push(format!("{path} could not be read: {error}"))).ok()
        }

        fn keys(&mut self, key: &Key, path: &str) -> Vec<String> {
            match key.keys() {
                Ok(keys) => keys.collect(),
                Err(error) => {
                    self.notes.push(format!("{path} could not be listed: {error}"));
                    Vec::new()
                }
            }
        }
    }
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/cli_this_computer.rs"]
mod tests;
