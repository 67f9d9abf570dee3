//! The files of a case: the client's inventory, its certificates and CRLs, the server's file, and those that it writes itself.

use super::format::{Case, Role, Server};
use crate::corpus::build::{Built, build};
use crate::corpus::{format, scenario};
use ccmcertsel::Thumbprint;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Bytes in a line of a value as regedit writes it.
const BYTES_A_LINE: usize = 25;

/// A case with everything that it is made of.
pub struct Files {
    pub built: Built,
    /// The client's inventory.
    pub client: Value,
    /// The files that the case writes itself, by name.
    pub own: BTreeMap<String, Vec<u8>>,
}

impl Files {
    pub fn of(case: &Case) -> Files {
        let scenario = format::Case {
            id: case.id.clone(),
            cert: case.cert.clone(),
            crl: case.crl.clone(),
            without: case.without.clone(),
            without_crl: case.without_crl.clone(),
            ..format::Case::default()
        };
        let built = build(&scenario);
        let mut client = scenario::inventory(&scenario, &built);
        client["settings"] = json!({});
        for (key, value) in &case.client {
            client[key] = value.clone();
        }
        let mut own = BTreeMap::new();
        for (name, text) in &case.files {
            own.insert(name.clone(), expanded(text, &built).into_bytes());
        }
        for (name, text) in &case.utf16 {
            let text = expanded(text, &built).replace('\n', "\r\n");
            let units = [0xfeff].into_iter().chain(text.encode_utf16().collect::<Vec<_>>());
            own.insert(name.clone(), units.flat_map(u16::to_le_bytes).collect());
        }
        for (name, words) in &case.bytes {
            own.insert(name.clone(), bytes(words, &built));
        }
        Files { built, client, own }
    }

    /// Writes everything into a folder, in which the program is then run.
    pub fn write(&self, case: &Case, folder: &Path) {
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, bytes).expect("a file");
        };
        write("client.json", self.client.to_string().as_bytes());
        write("server.toml", server_file(&case.server).as_bytes());
        std::fs::create_dir_all(folder.join("crl")).expect("a folder");
        for (name, der) in &self.built.by_name {
            match name.strip_suffix(".crl") {
                Some(_) => {}
                None => write(&format!("{name}.cer"), der),
            }
        }
        for (number, der) in self.built.crls.iter().enumerate() {
            write(&format!("crl/{number}.crl"), der);
        }
        for (name, bytes) in &self.own {
            write(name, bytes);
        }
    }

    /// A text with `{NAME}` for the thumbprint of each certificate.
    pub fn named(&self, text: &str) -> String {
        expanded(text, &self.built)
    }

    /// A document in which certificates and CRLs have their names, where it has their thumbprints or bytes.
    pub fn with_names(&self, document: &Value) -> Value {
        use base64::prelude::{BASE64_STANDARD, Engine as _};
        let named = |text: &str| {
            let is_it = |der: &[u8]| Thumbprint::of(der).to_string() == text || BASE64_STANDARD.encode(der) == text;
            self.built.by_name.iter().find(|(_, der)| is_it(der)).map_or(text, |(name, _)| name.as_str()).to_owned()
        };
        match document {
            Value::String(text) => json!(named(text)),
            Value::Array(values) => values.iter().map(|value| self.with_names(value)).collect(),
            Value::Object(members) => {
                members.iter().map(|(key, value)| (key.clone(), self.with_names(value))).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => document.clone(),
        }
    }
}

/// The file of `connect`.
fn server_file(server: &Server) -> String {
    let files = |names: &[String]| names.iter().map(|name| format!("{name}.cer")).collect::<Vec<_>>();
    let is_updates = server.role == Role::SoftwareUpdates;
    let mut document = json!({
        "role": match server.role {
            Role::ManagementPoint => "management-point",
            Role::CloudManagementGateway => "cloud-management-gateway",
            Role::SoftwareUpdates => "software-updates",
        },
        "name": "server",
        "roots": files(&server.roots()),
        "intermediates": files(&server.intermediates()),
        "disallowed": files(&server.disallowed),
        "trust_list_files": files(&server.trust_list_certificates),
        "signers": files(&server.signers),
    });
    if !server.without_crls {
        document["crls"] = json!(["crl"]);
    }
    if let Some(list) = &server.trust_list {
        document["trust_list"] = json!(list);
    }
    if let Some(verify) = server.verify_client_certificate_revocation {
        document["verify_client_certificate_revocation"] = json!(verify);
    }
    if let Some(check) = server.check_signatures.filter(|_| is_updates) {
        document["check_signatures"] = json!(check);
    }
    toml::to_string(&document).expect("TOML")
}

/// A text with what its braces name: `{NAME}` is the thumbprint of a certificate, `{hex: WORDS}` bytes as a registry export
/// has them.
fn expanded(text: &str, built: &Built) -> String {
    let mut parts = text.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if out.ends_with("\\u") {
            out += &format!("{{{part}"); // a character as E-4 shows it
            continue;
        }
        let (inside, behind) = part.split_once('}').unwrap_or_else(|| panic!("a brace that is not closed in {text}"));
        match inside.strip_prefix("hex:") {
            Some(words) => {
                let digits: Vec<String> = bytes(words, built).iter().map(|byte| format!("{byte:02x}")).collect();
                let lines: Vec<String> = digits.chunks(BYTES_A_LINE).map(|line| line.join(",")).collect();
                out += &lines.join(",\\\n  ");
            }
            None => out += &Thumbprint::of(der(inside, built)).to_string(),
        }
        out += behind;
    }
    out
}

fn der<'b>(name: &str, built: &'b Built) -> &'b [u8] {
    built.by_name.get(name).unwrap_or_else(|| panic!("no certificate or CRL `{name}`"))
}

/// Bytes from words: hexadecimal digits, `der:NAME`, `size:NAME` (u32, little-endian), `sha1:NAME`, `utf16:TEXT` with a NUL
/// behind it, in which `_` is a blank.
fn bytes(words: &str, built: &Built) -> Vec<u8> {
    let mut out = Vec::new();
    for word in words.split_whitespace() {
        match word.split_once(':') {
            Some(("der", name)) => out.extend_from_slice(der(name, built)),
            Some(("size", name)) => {
                let size = u32::try_from(der(name, built).len()).expect("a size");
                out.extend_from_slice(&size.to_le_bytes());
            }
            Some(("sha1", name)) => out.extend_from_slice(Thumbprint::of(der(name, built)).as_bytes()),
            Some(("utf16", text)) => {
                let units = text.replace('_', " ").encode_utf16().chain([0]).collect::<Vec<_>>();
                out.extend(units.into_iter().flat_map(u16::to_le_bytes));
            }
            Some((other, _)) => panic!("`{other}:` is no kind of bytes"),
            None => {
                assert!(word.len() % 2 == 0, "`{word}` has half a byte");
                let digits = word.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("ASCII"));
                out.extend(digits.map(|pair| u8::from_str_radix(pair, 16).unwrap_or_else(|_| panic!("`{pair}`"))));
            }
        }
    }
    out
}
