//! One machine as it was read, whatever it was read from.

use super::cache::DecodeCache;
use super::error::InputError;
use super::inventory::{Inventory, Sidecar};
use super::load::Collected;
use super::properties;
use ccmcertsel::{Certificate, DeviceKind, Machine, Oid, StoredCertificate, Timestamp};

/// One machine as it was read: what the library is given, and the settings still as words.
pub struct MachineInput {
    pub machine: Machine,
    /// Without it the clock is used, and the answer says so.
    pub now: Option<Timestamp>,
    pub collected: Collected,
    /// An issuers list of certificates (rule I-6).
    pub issuers: Option<Vec<Certificate>>,
    /// Schema versions of templates (rule V-3).
    pub templates: Vec<(Oid, u32)>,
    /// Settings by key, in the order in which they were written.
    pub settings: Vec<(String, String)>,
}

impl MachineInput {
    /// The machine's names, from the words of an inventory or a `machine.toml`.
    ///
    /// # Errors
    /// An empty name, or a device that is none.
    pub fn machine(name: &str, fqdn: Option<&str>, device: Option<&str>) -> Result<Machine, InputError> {
        if name.trim().is_empty() {
            return Err(InputError::new("the name is empty: write the computer's NetBIOS name"));
        }
        let mut machine = Machine::new(name);
        if let Some(fqdn) = fqdn {
            machine = machine.with_fqdn(fqdn);
        }
        if let Some(word) = device {
            let device: Result<DeviceKind, _> = word.parse();
            let device = device.map_err(|error| InputError::new(error.to_string()).at(word, 0..word.len()))?;
            machine = machine.with_device(device);
        }
        Ok(machine)
    }

    /// The machine of an inventory.
    ///
    /// # Errors
    /// A word that is none; certificates and CRLs that do not decode are entries and warnings, never errors.
    pub fn from_inventory(inventory: Inventory<'_>, cache: &DecodeCache) -> Result<Self, InputError> {
        let machine = Self::machine(&inventory.name, inventory.fqdn.as_deref(), inventory.device.as_deref())?;
        let now = inventory.now.as_deref().map(instant).transpose()?;
        let mut collected = Collected::default();
        for (store, entries) in inventory.stores.0 {
            collected.stores.add_store(store.as_str());
            for mut entry in entries {
                let sidecar = entry.sidecar();
                match cache.certificate_base64(&entry.der.0) {
                    Ok(certificate) => {
                        let stored = properties::apply(StoredCertificate::new(certificate), &sidecar)?;
                        collected.stores.add(store.as_str(), stored);
                    }
                    Err(unreadable) => {
                        collected.stores.add_unreadable(store.as_str(), unreadable);
                    }
                }
            }
        }
        for (index, text) in inventory.crls.iter().enumerate() {
            let place = || format!("crls[{index}]");
            match cache.crl_base64(&text.0) {
                Ok(Ok(crl)) => collected.crls.push(crl),
                Ok(Err(error)) => collected.bad_crls.push((place(), error)),
                Err(offset) => {
                    let message = format!("{}: not base64 at byte {offset}", place());
                    return Err(InputError::new(message));
                }
            }
        }
        let issuers = inventory.issuers_der.map(|texts| {
            let decoded = texts.iter().enumerate().map(|(index, text)| {
                cache
                    .certificate_base64(&text.0)
                    .map_err(|unreadable| InputError::new(format!("issuers_der[{index}]: {}", unreadable.error())))
            });
            decoded.collect::<Result<Vec<_>, _>>()
        });
        Ok(MachineInput {
            machine,
            now,
            collected,
            issuers: issuers.transpose()?,
            templates: templates(&inventory.templates.0)?,
            settings: inventory.settings.0,
        })
    }
}

/// An RFC 3339 instant.
///
/// # Errors
/// What is wrong with the text.
pub fn instant(text: &str) -> Result<Timestamp, InputError> {
    let parsed: Result<Timestamp, _> = text.parse();
    parsed.map_err(|error| InputError::new(error.to_string()).at(text, 0..text.len()))
}

/// The table of template versions.
///
/// # Errors
/// A key that is no object identifier.
pub fn templates(pairs: &[(String, u32)]) -> Result<Vec<(Oid, u32)>, InputError> {
    pairs.iter().map(|(key, version)| Ok((properties::oid(key)?, *version))).collect()
}

impl Sidecar {
    /// The sidecar of a file, from its TOML.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn from_toml(text: &str) -> Result<Self, InputError> {
        toml::from_str(text).map_err(|error| super::folder::toml_error(text, &error))
    }
}
