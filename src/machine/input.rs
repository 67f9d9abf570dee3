//! One machine as it was read, whatever it was read from.

use super::collected::Collected;
use super::error::InputError;
use super::inventory::{Inventory, InventoryEntry, Ordered, SCHEMA, Text};
use super::lines::Document;
use super::load::Loader;
use super::properties;
use super::reported::Reported;
use crate::certificate::Certificate;
use crate::choices::{IssuerSyntax, OnMultiple};
use crate::computer::{DeviceKind, Machine};
use crate::oid::Oid;
use crate::settings::{ClientState, Settings};
use crate::store::{Entry, Enumeration, PrivateKey, Stores};
use crate::text::{MobileClientFile, ParseError, Properties, Property};
use crate::time::Timestamp;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::borrow::Cow;

/// The file that makes a folder a machine.
pub(crate) const MACHINE_TOML: &str = "machine.toml";

/// One machine as it was read: what the library is given, and the settings still as words.
pub(crate) struct MachineInput {
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
    /// What is known of its client.
    pub reported: Reported,
}

/// Neither a computer's name (15 characters), nor a domain name, nor a key of the registry, which a store is, is longer. The
/// answer repeats them for each certificate.
const NAME_CHARACTERS: usize = 255;

fn of_bounded_length(what: &str, name: &str) -> Result<(), InputError> {
    // A byte a character at least: the usual name is not counted.
    if name.len() <= NAME_CHARACTERS || name.chars().count() <= NAME_CHARACTERS {
        return Ok(());
    }
    Err(InputError::new(format!("{what} has more than {NAME_CHARACTERS} characters")))
}

impl MachineInput {
    /// The machine's names, from the words of an inventory or a `machine.toml`.
    ///
    /// # Errors
    /// An empty name, or a word that names no kind of device.
    pub(crate) fn machine(
        name: &str,
        fqdn: Option<&str>,
        device: Option<&str>,
        os: Option<&str>,
    ) -> Result<Machine, InputError> {
        if name.trim().is_empty() {
            return Err(InputError::new("the name is empty: write the computer's NetBIOS name"));
        }
        of_bounded_length("the name", name)?;
        of_bounded_length("the fully qualified name", fqdn.unwrap_or_default())?;
        let mut machine = Machine::new(name);
        if let Some(fqdn) = fqdn {
            machine = machine.with_fqdn(fqdn);
        }
        if let Some(word) = device {
            let device: Result<DeviceKind, _> = word.parse();
            let device = device.map_err(|error| InputError::new(error.to_string()).at(word, 0..word.len()))?;
            machine = machine.with_device(device);
        }
        if let Some(os) = os {
            of_bounded_length("the operating system", os)?;
            machine = machine.with_os(os);
        }
        Ok(machine)
    }

    /// A machine of which nothing is known.
    pub(crate) fn unknown() -> Self {
        MachineInput {
            machine: Machine::new("-"),
            now: None,
            collected: Collected::default(),
            issuers: None,
            templates: Vec::new(),
            settings: Vec::new(),
            reported: Reported::default(),
        }
    }

    /// The machine of an inventory.
    ///
    /// # Errors
    /// An unknown word; certificates and CRLs that do not decode are entries and warnings, never errors.
    pub(crate) fn from_inventory(inventory: Inventory<'_>, loader: &Loader) -> Result<Self, InputError> {
        let machine = Self::machine(
            &inventory.name,
            inventory.fqdn.as_deref(),
            inventory.device.as_deref(),
            inventory.os.as_deref(),
        )?;
        inventory.stores.0.iter().try_for_each(|(store, _)| of_bounded_length("a store's name", store))?;
        let now = inventory.now.as_deref().map(instant).transpose()?;
        let mut collected = Collected::default();
        for (store, entries) in inventory.stores.0 {
            collected.stores.add_store(store.as_str());
            for (index, mut entry) in entries.into_iter().enumerate() {
                let sidecar = entry.sidecar();
                let place = format!("{store}[{index}]");
                if let Some(named) = &entry.key_name {
                    of_bounded_length("the name of a registry key", named)?;
                    if collected.add_misnamed(&store, &place, &entry.der.0, named, loader) {
                        continue;
                    }
                }
                collected.add_field_to_store(&store, &place, &entry.der.0, &sidecar, loader)?;
            }
        }
        for (index, text) in inventory.crls.iter().enumerate() {
            collected.add_crl_field(&format!("crls[{index}]"), &text.0, loader)?;
        }
        let issuers = inventory.issuers_der.map(|texts| {
            let mut issuers = Vec::new();
            for (index, text) in texts.iter().enumerate() {
                let place = format!("issuers_der[{index}]");
                issuers.append(&mut loader.issuers_field(&place, &text.0, &mut collected.notes)?);
            }
            Ok::<_, InputError>(issuers)
        });
        let mut reported = Reported::default();
        reported.set_version(inventory.client_version)?;
        reported.set_state(inventory.client_state)?;
        Ok(MachineInput {
            machine,
            now,
            reported,
            collected,
            issuers: issuers.transpose()?,
            templates: templates(&inventory.templates.0)?,
            settings: inventory.settings.0,
        })
    }

    /// The machine of a document, with the place of what is wrong in it.
    ///
    /// # Errors
    /// It is not an inventory; as [`from_inventory`](Self::from_inventory).
    pub(crate) fn from_document(document: &Document, loader: &Loader) -> Result<Self, InputError> {
        let inventory = Inventory::from_json(&document.text, document.line.unwrap_or(1));
        let read = inventory.and_then(|inventory| {
            let input = MachineInput::from_inventory(inventory, loader);
            match document.line {
                Some(line) => input.map_err(|error| error.on_line(line)),
                None => input,
            }
        });
        read.map_err(|error| error.in_file(&document.path))
    }

    /// The machine as an inventory; an instant that is given wins over the machine's own.
    pub(crate) fn into_inventory(mut self, now: Option<Timestamp>) -> Inventory<'static> {
        let machine = &self.machine;
        let mut settings = self.settings;
        if let Some(Ok(properties)) = self.reported.tcf.as_ref().map(|file| tcf_properties(file, &settings)) {
            // It was read before, so it reads; an inventory has its properties as a line.
            settings.push(("mobile_client_file".to_owned(), properties.to_string()));
        }
        let stores = self.collected.stores.build();
        let base64 = |der: &[u8]| Text(Cow::Owned(BASE64_STANDARD.encode(der)));
        Inventory {
            schema: SCHEMA,
            name: machine.name().to_owned(),
            fqdn: machine.fqdn().map(str::to_owned),
            now: now.or(self.now).map(|now| now.to_string()),
            device: (machine.device() != DeviceKind::Windows).then(|| machine.device().name().to_owned()),
            os: machine.os().map(str::to_owned),
            stores: Ordered(entries(&stores)),
            crls: self.collected.crls.iter().map(|crl| base64(crl.as_der())).collect(),
            issuers_der: self.issuers.map(|issuers| issuers.iter().map(|issuer| base64(issuer.as_der())).collect()),
            templates: Ordered(self.templates.iter().map(|(oid, version)| (oid.to_string(), *version)).collect()),
            settings: Ordered(settings),
            client_version: self.reported.client_version.map(|(version, _)| version),
            client_state: self.reported.client_state.map(|(state, given)| given.unwrap_or_else(|| state_json(&state))),
        }
    }
}

/// An RFC 3339 instant.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn instant(text: &str) -> Result<Timestamp, InputError> {
    let parsed: Result<Timestamp, _> = text.parse();
    parsed.map_err(|error| InputError::new(error.to_string()).at(text, 0..text.len()))
}

/// The table of template versions.
///
/// # Errors
/// A key that is not an object identifier.
pub(crate) fn templates(pairs: &[(String, u32)]) -> Result<Vec<(Oid, u32)>, InputError> {
    pairs.iter().map(|(key, version)| Ok((properties::oid(key)?, *version))).collect()
}

/// The properties of the site's file under the reading of the comma that the machine's settings choose (I-9).
fn tcf_properties(file: &MobileClientFile, settings: &[(String, String)]) -> Result<Properties, ParseError> {
    let mut chosen = Settings::default();
    for (key, value) in settings.iter().filter(|(key, _)| key.replace('-', "_") == IssuerSyntax::SETTING) {
        // A word that it does not take is an error where the settings are settled.
        let _ = chosen.set(key, value);
    }
    file.properties_under(chosen.issuer_syntax()).or_else(|_| file.properties_under(IssuerSyntax::SemicolonOnly))
}

/// A client's state as the object that it was read from; what it does not say is left out.
fn state_json(state: &ClientState) -> serde_json::Value {
    let properties = state.properties();
    let text = |property: Property| {
        if properties.clears(property) {
            Some(serde_json::Value::Null)
        } else {
            properties.value_text(property).map(serde_json::Value::from)
        }
    };
    let flag = |on: bool| serde_json::Value::from(u8::from(on));
    let values = [
        ("CertificateSelectionCriteria", text(Property::CertSel)),
        ("CertificateStore", text(Property::CertStore)),
        ("ClientAlwaysOnInternet", state.always_on_internet().map(flag)),
        ("HttpsStateFlags", properties.https_state().map(|state| state.bits().into())),
        ("InternetMPHostName", state.internet_management_point().map(serde_json::Value::from)),
        ("SelectFirstCertificate", properties.on_multiple().map(|choice| flag(choice == OnMultiple::SelectLongest))),
    ];
    values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn entries(stores: &Stores) -> Vec<(String, Vec<InventoryEntry<'static>>)> {
    let of_store = |name| {
        let ids = stores.entries_of(name).unwrap_or_default().iter();
        ids.filter_map(|id| stores.entry(*id)).map(entry).collect()
    };
    stores.names().map(|name| (name.to_string(), of_store(name))).collect()
}

fn entry(entry: &Entry) -> InventoryEntry<'static> {
    let der = match entry {
        Entry::Certificate(stored) => stored.certificate().as_der(),
        Entry::Unreadable(entry) => entry.as_bytes(),
    };
    let stored = entry.certificate();
    let known = |key: &PrivateKey| *key != PrivateKey::Unknown;
    InventoryEntry {
        der: Text(Cow::Owned(BASE64_STANDARD.encode(der))),
        private_key: stored
            .map(|stored| stored.private_key())
            .filter(known)
            .map(|key| properties::private_key_word(key).to_owned()),
        template_schema: stored.and_then(|stored| stored.template_schema()),
        eku: stored
            .and_then(|stored| stored.eku_property())
            .map(|purposes| purposes.iter().map(ToString::to_string).collect()),
        friendly_name: stored.and_then(|stored| stored.friendly_name()).map(str::to_owned),
        archived: stored.is_some_and(|stored| stored.enumeration() == Enumeration::Archived).then_some(true),
        key_name: misnamed(entry),
    }
}

/// The name of the registry key of a certificate that is unreadable for no other reason than that name (rule W-3).
fn misnamed(entry: &Entry) -> Option<String> {
    let Entry::Unreadable(entry) = entry else { return None };
    Certificate::from_der(entry.as_bytes()).ok()?;
    let name = entry.source().and_then(|source| source.rsplit('\\').next());
    Some(name.map_or_else(|| entry.thumbprint().to_string(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_stores_are_read_and_written_in_a_moment() {
        // Looking for each of them from the first on would take minutes.
        let stores = (0..300_000).map(|n| (format!("s{n}"), Vec::new())).collect();
        let mut inventory = Inventory::from_json(r#"{"schema":1,"name":"PC1","stores":{}}"#, 1).unwrap();
        inventory.stores = Ordered(stores);
        let input = MachineInput::from_inventory(inventory.clone(), &Loader::default()).unwrap();
        assert_eq!(input.into_inventory(None), inventory);
    }
}
