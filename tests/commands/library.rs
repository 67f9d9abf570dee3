//! What the library says to a case, in the shape in which the program says it.

use super::files::Files;
use super::format::{Case, Kind, Role};
use ccmcertsel::import::{self, ImportOptions};
use ccmcertsel::machine::{MachineRecord, Reader};
use ccmcertsel::revocation::Crls;
use ccmcertsel::server::{IisStatus, Server, ServerJudgement};
use ccmcertsel::settings::{IssuerSyntax, Phase, Resolved, Revocation, SettingSource, Sources};
use ccmcertsel::site::{KeyOrigin, SigningCertificateOrigin, SiteSigningCertificate, TrustedRootKey};
use ccmcertsel::text::{MobileClientFile, Property, SslState};
use ccmcertsel::{
    Algorithms, Certificate, Coded, Crl, Entry, Enumeration, IssuersList, KeyProvider, PrivateKey, Properties,
    Settings, StoreName, StoredCertificate, Stores, Timestamp,
};
use serde_json::{Map, Value, json};

/// A document, and what is worth saying beside it.
pub struct Answer {
    pub document: Value,
    pub notes: String,
}

/// # Errors
/// The input is none, in the library's words.
pub fn answer(case: &Case, files: &Files) -> Result<Answer, String> {
    let mut notes = String::new();
    let document = match case.kind {
        Kind::Judge => judge(files)?,
        Kind::Settings => settings(&resolved(files)?),
        Kind::Server => server(case, files)?,
        Kind::Site => site(files)?,
        Kind::Import => imported(files, &mut notes)?,
    };
    Ok(Answer { document: files.with_names(&document), notes })
}

fn record(files: &Files) -> Result<MachineRecord, String> {
    Reader::new().read_inventory(&files.client.to_string()).map_err(|error| error.to_string())
}

fn now(record: &MachineRecord) -> Timestamp {
    record.now.expect("an inventory says when")
}

fn judge(files: &Files) -> Result<Value, String> {
    let record = record(files)?;
    let selector = record.selector().with_readings();
    Ok(serde_json::to_value(selector.report(now(&record))).expect("JSON"))
}

/// A text of the client's inventory.
fn text<'f>(files: &'f Files, key: &str) -> Option<&'f str> {
    files.client["settings"].get(key).and_then(Value::as_str)
}

fn properties(line: &str) -> Result<Properties, String> {
    Properties::parse(line, IssuerSyntax::Documented).map_err(|error| error.to_string())
}

fn mobile_client_file(files: &Files) -> Option<MobileClientFile> {
    files.own.get("mobileclient.tcf").map(|bytes| MobileClientFile::parse(bytes))
}

fn resolved(files: &Files) -> Result<Resolved, String> {
    const LINES: [(&str, SettingSource); 4] = [
        ("properties", SettingSource::CcmSetup),
        ("client_push", SettingSource::ClientPush),
        ("active_directory", SettingSource::ActiveDirectory),
        ("assigned_site", SettingSource::AssignedSite),
    ];
    let mut sources = Sources::new();
    for (key, source) in LINES {
        if let Some(line) = text(files, key) {
            sources = sources.with(source, properties(line)?);
        }
    }
    if let Some(file) = mobile_client_file(files) {
        let file = file.properties().map_err(|error| error.to_string())?;
        sources = sources.with(SettingSource::MobileClientFile, file);
    }
    let state = files.client.get("client_state").and_then(Value::as_object);
    if let Some(state) = state {
        let values: Vec<(&str, Option<String>)> =
            state.iter().map(|(name, value)| (name.as_str(), shown(value))).collect();
        let state = Properties::from_client_state(values.iter().map(|(name, value)| (*name, value.as_deref())));
        let state = state.map_err(|error| error.to_string())?;
        sources = sources.with(SettingSource::ClientState, state);
    }
    // A client's state is what it is afterwards, where nobody states a phase.
    let phase = match text(files, "phase") {
        Some("installation") => Phase::Installation,
        Some("afterwards") => Phase::Afterwards,
        Some(other) => panic!("phase `{other}`"),
        None if state.is_some() => Phase::Afterwards,
        None => Phase::Installation,
    };
    Ok(Settings::resolve(phase, &sources))
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(value.to_string()),
    }
}

/// Each setting as `VALUE (SOURCE; displaced SOURCE: VALUE, ...)`.
fn settings(resolved: &Resolved) -> Value {
    const STATED: [(&str, Property); 8] = [
        ("store", Property::CertStore),
        ("criteria", Property::CertSel),
        ("issuers", Property::CertIssuers),
        ("on_multiple", Property::FirstCert),
        ("name_check", Property::CertNameCheck),
        ("log_level", Property::LogLevel),
        ("revocation", Property::NoCrlCheck),
        ("cng_keys", Property::PkiCertOptions),
    ];
    let settings = resolved.settings();
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "not set".into());
    let mut values: Vec<(&str, String)> =
        settings.choices().map(|choice| (choice.setting, choice.value.to_owned())).collect();
    values.push(("store", settings.store().as_str().to_owned()));
    values.push(("criteria", or_none(settings.criteria().map(ToString::to_string))));
    values.push(("issuers", or_none(settings.issuers().map(ToString::to_string))));
    let row = |name: &str| {
        let (_, property) = STATED.iter().find(|(stated, _)| *stated == name)?;
        Some(resolved.row(*property))
    };
    let told = |name: &str| {
        let Some(row) = row(name) else { return "default".to_owned() };
        let displaced: Vec<String> = row.displaced.iter().map(|(source, value)| format!("{source}: {value}")).collect();
        if displaced.is_empty() {
            row.source.to_string()
        } else {
            format!("{}; displaced {}", row.source, displaced.join(", "))
        }
    };
    values.into_iter().map(|(name, value)| (name.to_owned(), json!(format!("{value} ({})", told(name))))).collect()
}

fn named(files: &Files, names: &[String]) -> Vec<Certificate> {
    names.iter().map(|name| Certificate::from_der(&files.built.by_name[name]).expect("a certificate")).collect()
}

/// What the client selects, with the intermediates of its chain.
fn selected(files: &Files) -> Result<(Vec<Certificate>, Timestamp), String> {
    let record = record(files)?;
    let now = now(&record);
    let selection = record.selector().select(now);
    let path =
        selection.selected().and_then(|id| selection.verdict(id)).map(|verdict| verdict.path()).unwrap_or_default();
    let root = StoreName::new(StoreName::ROOT);
    let sent = path.iter().filter(|id| record.stores.store_of(**id) != Some(&root));
    let sent = sent.filter_map(|id| record.stores.get(*id)).map(|stored| stored.certificate().clone());
    Ok((sent.collect(), now))
}

fn server(case: &Case, files: &Files) -> Result<Value, String> {
    let server = &case.server;
    let mut stores = Stores::builder();
    let held = [
        (StoreName::ROOT, server.roots()),
        (StoreName::CA, server.intermediates()),
        (StoreName::DISALLOWED, server.disallowed.clone()),
    ];
    for (store, names) in held {
        stores.add_store(store);
        for certificate in named(files, &names) {
            stores.add(store, certificate);
        }
    }
    let crls = files.built.crls.iter().filter(|_| !server.without_crls);
    let crls = crls.map(|der| Crl::from_der(der).expect("a CRL"));
    let (stores, crls) = (stores.build(), Crls::new(crls));
    let (mut presented, now) = selected(files)?;
    if let Some(names) = &server.presented {
        presented = named(files, names);
    }
    let is_on = |flag: bool| if flag { Revocation::Check } else { Revocation::Off };
    let judgement = match server.role {
        Role::ManagementPoint => {
            let mut point = Server::management_point(stores).with_crls(crls);
            if let Some(list) = &server.trust_list {
                let list = IssuersList::parse(list, IssuerSyntax::Documented).map_err(|error| error.to_string())?;
                point = point.with_trust_list(list);
            }
            if !server.trust_list_certificates.is_empty() {
                let listed = named(files, &server.trust_list_certificates);
                point = point.with_trust_list(IssuersList::from_certificates(&listed).expect("a list"));
            }
            point.judge(&presented, now)
        }
        Role::CloudManagementGateway => {
            let verify = server.verify_client_certificate_revocation.map_or(Revocation::Check, is_on);
            let gateway = Server::cloud_management_gateway(stores).with_crls(crls).with_revocation(verify);
            gateway.judge(&presented, now)
        }
        Role::SoftwareUpdates => {
            let mut updates = Server::software_updates(stores).with_crls(crls);
            if let Some(check) = server.check_signatures {
                updates = updates.with_revocation(is_on(check));
            }
            let signers = named(files, &server.signers);
            let judged = signers.iter().map(|signer| judgement(&updates.judge(std::slice::from_ref(signer), now)));
            return Ok(json!({ "signers": judged.collect::<Vec<_>>() }));
        }
    };
    Ok(self::judgement(&judgement))
}

fn judgement(judgement: &ServerJudgement) -> Value {
    json!({
        "accepted": judgement.is_accepted(),
        "status": judgement.status().map(IisStatus::code),
        "rejection": judgement.rejection().map(|rejection| json!({
            "code": rejection.code(),
            "rule": rejection.rule().id(),
            "side": rejection.side().to_string(),
        })),
        "warnings": judgement
            .warnings()
            .iter()
            .map(|warning| json!({ "code": warning.code(), "rule": warning.rule().id() }))
            .collect::<Vec<_>>(),
    })
}

fn site(files: &Files) -> Result<Value, String> {
    let own = |name: &str| files.own.get(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let of_hex = |text: &str, origin| TrustedRootKey::from_hex(text, origin).map_err(|error| error.to_string());
    let file =
        mobile_client_file(files).map(|file| file.properties()).transpose().map_err(|error| error.to_string())?;
    let site = file.and_then(|file| file.value_text(Property::PublicRootKey));
    let site = site.map(|text| of_hex(&text, KeyOrigin::ClientPush)).transpose()?;
    let stated = text(files, "properties").map(properties).transpose()?.unwrap_or_default();
    let given = stated.value_text(Property::PublicRootKey).or_else(|| own("root-key.txt"));
    let given = given.map(|text| of_hex(&text, KeyOrigin::PreProvisioned)).transpose()?;
    let reported = own("client-key.txt").map(|text| of_hex(&text, KeyOrigin::FirstManagementPoint)).transpose()?;
    let client = reported.or(given);
    let described = |key: &TrustedRootKey| json!({ "bits": key.bits(), "sha256": key.sha256() });
    let same = client.as_ref().zip(site.as_ref()).map(|(client, site)| client.sha256() == site.sha256());

    // Where the certificate came from is the caller's to say; this is what nobody said.
    let origin = SigningCertificateOrigin::ManagementPoint;
    let record = record(files)?;
    let store = StoreName::new(StoreName::SMS);
    let held = record.stores.entries_of(&store).unwrap_or_default().iter().filter_map(|id| record.stores.get(*id));
    let held: Vec<&StoredCertificate> = held.filter(|one| SiteSigningCertificate::is_named(one)).collect();
    let (mut certificates, mut problems) = (Vec::new(), Vec::new());
    for stored in held {
        match SiteSigningCertificate::new(stored.clone(), origin, &Algorithms::default()) {
            Ok(signing) => {
                let warnings = signing.warnings();
                let warnings: Vec<Value> = warnings.iter().map(|warning| json!({ "code": warning.code() })).collect();
                let thumbprint = signing.certificate().thumbprint().to_string();
                certificates.push(json!({ "thumbprint": thumbprint, "warnings": warnings }));
            }
            Err(error) => problems.push(error.to_string()),
        }
    }
    let state = resolved(files)?.row(Property::HttpsState).value.map(|text| {
        let number = text.split(|c: char| !c.is_ascii_digit()).next().and_then(|number| number.parse().ok());
        SslState::new(number.expect("a number"))
    });
    Ok(json!({
        "https_state": state.map(|state| json!({
            "value": state.bits(),
            "https_only": state.is_https_only(),
            "http_allowed": state.allows_http(),
            "crl_check": state.checks_crl(),
        })),
        "trusted_root_key": {
            "site": site.as_ref().map(described),
            "client": client.as_ref().map(described),
            "is_the_sites": same,
            "reset": stated.value_text(Property::ResetKeyInformation).is_some(),
        },
        "signing_certificate": { "certificates": certificates },
        "problems": problems,
    }))
}

fn imported(files: &Files, notes: &mut String) -> Result<Value, String> {
    let (mut stores, mut crls) = (Stores::builder(), Vec::new());
    for bytes in files.own.values() {
        let imported = import::import(bytes, &ImportOptions::default()).map_err(|error| error.to_string())?;
        imported.add_to(&mut stores);
        crls.extend(imported.crls().to_vec());
        imported.problems().iter().for_each(|problem| *notes += &format!("{problem}\n"));
    }
    let stores = stores.build();
    let mut document = Map::new();
    for name in stores.names() {
        let entries = stores.entries_of(name).unwrap_or_default().iter().filter_map(|id| stores.entry(*id));
        let entries = entries.map(|entry| match entry {
            Entry::Certificate(stored) => certificate(stored),
            Entry::Unreadable(entry) => json!({ "der": base64(entry.as_bytes()) }),
        });
        document.insert(name.as_str().to_owned(), entries.collect());
    }
    Ok(json!({ "stores": document, "crls": crls.iter().map(|der| base64(der)).collect::<Vec<_>>() }))
}

fn base64(der: &[u8]) -> String {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    BASE64_STANDARD.encode(der)
}

/// An entry as an inventory has it.
fn certificate(stored: &StoredCertificate) -> Value {
    let mut entry = json!({
        "der": base64(stored.certificate().as_der()),
        "private_key": match stored.private_key() {
            PrivateKey::Absent => "absent",
            PrivateKey::Inaccessible => "inaccessible",
            PrivateKey::Accessible(KeyProvider::Csp) => "csp",
            PrivateKey::Accessible(KeyProvider::Ksp) => "ksp",
            PrivateKey::Accessible(KeyProvider::Unknown) => "accessible",
            PrivateKey::Present(KeyProvider::Csp) => "present-csp",
            PrivateKey::Present(KeyProvider::Ksp) => "present-ksp",
            PrivateKey::Present(KeyProvider::Unknown) => "present",
            PrivateKey::Unknown => "unknown",
            other => panic!("{other:?}"),
        },
    });
    if let Some(purposes) = stored.eku_property() {
        entry["eku"] = purposes.iter().map(ToString::to_string).collect();
    }
    if let Some(name) = stored.friendly_name() {
        entry["friendly_name"] = json!(name);
    }
    if stored.enumeration() == Enumeration::Archived {
        entry["archived"] = json!(true);
    }
    entry
}
