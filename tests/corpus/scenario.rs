//! A scenario as the engine takes it, and as the inventory that says the same.

use super::build::{Built, purposes};
use super::format::Case;
use ccmcertsel::settings::{IssuerSyntax, Settings};
use ccmcertsel::{
    CertId, Certificate, Criteria, DeviceKind, Enumeration, IssuersList, KeyProvider, Machine, PrivateKey,
    StoredCertificate, Stores, Timestamp,
};
use std::collections::BTreeMap;

fn private_key(text: Option<&str>) -> PrivateKey {
    match text {
        None | Some("csp") => PrivateKey::Accessible(KeyProvider::Csp),
        Some("ksp") => PrivateKey::Accessible(KeyProvider::Ksp),
        Some("accessible") => PrivateKey::Accessible(KeyProvider::Unknown),
        Some("absent") => PrivateKey::Absent,
        Some("inaccessible") => PrivateKey::Inaccessible,
        Some("unknown") => PrivateKey::Unknown,
        Some(other) => panic!("private key `{other}`"),
    }
}

pub fn now(case: &Case) -> Timestamp {
    case.now.as_deref().unwrap_or("2026-01-15T09:00:00Z").parse().expect("an instant")
}

pub fn machine(case: &Case) -> Machine {
    let machine = Machine::new(case.machine.as_deref().unwrap_or("PC1"));
    let device: DeviceKind = case.device.as_deref().unwrap_or("windows").parse().expect("a device");
    match case.fqdn.as_deref().unwrap_or("pc1.contoso.com") {
        "" => machine.with_device(device),
        fqdn => machine.with_fqdn(fqdn).with_device(device),
    }
}

pub fn settings(case: &Case, built: &Built) -> Settings {
    let mut settings = Settings::ccm_setup();
    if !case.ruleset.is_empty() {
        settings.set("ruleset", &case.ruleset).expect("a ruleset");
    }
    for (name, value) in &case.settings {
        settings.set(name, value).unwrap_or_else(|error| panic!("{}: {error}", case.id));
    }
    for (template, version) in &case.templates {
        settings = settings.with_template(template.parse().expect("an identifier"), *version);
    }
    if let Some(store) = &case.store {
        settings = settings.with_store(store.as_str());
    }
    if let Some(criteria) = &case.criteria {
        settings = settings.with_criteria(criteria.parse::<Criteria>().expect("criteria"));
    }
    if let Some(issuers) = &case.issuers {
        let syntax: IssuerSyntax = settings.get::<IssuerSyntax>();
        settings = settings.with_issuers(IssuersList::parse(issuers, syntax).expect("a list"));
    }
    if !case.issuers_certificates.is_empty() {
        let roots: Vec<Certificate> = case
            .issuers_certificates
            .iter()
            .map(|name| Certificate::from_der(&built.by_name[name]).expect("a root"))
            .collect();
        settings = settings.with_issuers(IssuersList::from_certificates(&roots).expect("a list"));
    }
    settings
}

/// The stores, and the name of each entry.
pub fn stores(case: &Case, built: &Built) -> (Stores, BTreeMap<CertId, (String, String)>) {
    let mut builder = Stores::builder();
    let mut names = Vec::new();
    for store in &case.empty_stores {
        builder.add_store(store.as_str());
    }
    for entry in &built.entries {
        names.push((entry.name.clone(), entry.store.clone()));
        let Ok(certificate) = Certificate::from_der(&entry.der) else {
            builder.add_der(entry.store.as_str(), &entry.der);
            continue;
        };
        let mut stored = StoredCertificate::new(certificate);
        if let Some(case) = case.cert.iter().find(|cert| cert.name == entry.name) {
            stored = stored.with_private_key(private_key(case.private_key.as_deref()));
            if let Some(schema) = case.template_schema {
                stored = stored.with_template_schema(schema);
            }
            if let Some(list) = &case.eku_property {
                let list = purposes(list).into_iter().map(|one| one.parse().expect("an identifier"));
                stored = stored.with_eku_property(list.collect());
            }
            if case.archived {
                stored = stored.with_enumeration(Enumeration::Archived);
            }
            if let Some(name) = &case.friendly_name {
                stored = stored.with_friendly_name(name.as_str());
            }
        }
        builder.add(entry.store.as_str(), stored);
    }
    let stores = builder.build();
    assert_eq!(stores.entries().len(), names.len(), "{}: a store holds a certificate twice", case.id);
    let ids: Vec<CertId> = stores.entries().map(|(id, _)| id).collect();
    (stores, ids.into_iter().zip(names).collect())
}

/// The inventory that says the same as the case.
#[cfg(feature = "cli")]
pub fn inventory(case: &Case, built: &Built) -> serde_json::Value {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use serde_json::{Map, Value, json};
    let base64 = |der: &[u8]| BASE64_STANDARD.encode(der);
    let mut stores = Map::new();
    for store in &case.empty_stores {
        stores.insert(store.clone(), json!([]));
    }
    for entry in &built.entries {
        let mut item = json!({ "der": base64(&entry.der) });
        if let Some(cert) = case.cert.iter().find(|cert| cert.name == entry.name && cert.bytes.is_none()) {
            item["private_key"] = json!(cert.private_key.as_deref().unwrap_or("csp"));
            if let Some(schema) = cert.template_schema {
                item["template_schema"] = json!(schema);
            }
            if let Some(list) = &cert.eku_property {
                item["eku"] = json!(purposes(list));
            }
            if cert.archived {
                item["archived"] = json!(true);
            }
            if let Some(name) = &cert.friendly_name {
                item["friendly_name"] = json!(name);
            }
        }
        let list = stores.entry(entry.store.clone()).or_insert_with(|| json!([]));
        list.as_array_mut().expect("a list").push(item);
    }
    let mut settings: Map<String, Value> =
        case.settings.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    if !case.ruleset.is_empty() {
        settings.insert("ruleset".into(), json!(case.ruleset));
    }
    let quoted = |text: &str| text.replace('"', "\"\"");
    let mut properties = String::new();
    for (name, value) in
        [("CCMCERTSEL", &case.criteria), ("CCMCERTISSUERS", &case.issuers), ("CCMCERTSTORE", &case.store)]
    {
        if let Some(value) = value {
            properties.push_str(&format!("{name}=\"{}\" ", quoted(value)));
        }
    }
    settings.insert("properties".into(), json!(properties.trim()));
    let mut document = json!({
        "schema": 1,
        "name": case.machine.as_deref().unwrap_or("PC1"),
        "now": now(case).to_string(),
        "device": case.device.as_deref().unwrap_or("windows"),
        "stores": stores,
        "crls": built.crls.iter().map(|der| base64(der)).collect::<Vec<_>>(),
        "templates": case.templates,
        "settings": settings,
    });
    match case.fqdn.as_deref().unwrap_or("pc1.contoso.com") {
        "" => {}
        fqdn => document["fqdn"] = json!(fqdn),
    }
    if !case.issuers_certificates.is_empty() {
        let roots: Vec<String> = case.issuers_certificates.iter().map(|name| base64(&built.by_name[name])).collect();
        document["issuers_der"] = json!(roots);
    }
    document
}
