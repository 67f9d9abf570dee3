//! The fixtures of `testdata/import`, written from the machine folders by `make.py` and by OpenSSL.

use ccmcertsel::import::{self, Format, ImportOptions, Imported};
use ccmcertsel::{Certificate, Entry, Enumeration, KeyProvider, PrivateKey, StoreName, StoredCertificate, Stores};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn testdata(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(path)
}

pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(testdata("import").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What a machine folder states about one certificate, as far as an export can say it.
#[derive(Debug, PartialEq, Eq)]
struct Facts {
    key: PrivateKey,
    archived: bool,
    friendly_name: Option<String>,
    eku: Option<Vec<String>>,
}

type Contents = BTreeMap<(String, String), Facts>;

fn facts(stored: &StoredCertificate) -> Facts {
    Facts {
        key: stored.private_key(),
        archived: stored.enumeration() == Enumeration::Archived,
        friendly_name: stored.friendly_name().map(str::to_owned),
        eku: stored.eku_property().map(|list| list.iter().map(ToString::to_string).collect()),
    }
}

fn contents(stores: &Stores) -> Contents {
    stores
        .entries()
        .map(|(id, entry)| {
            let Entry::Certificate(stored) = entry else {
                panic!("{entry:?}");
            };
            let store = stores.store_of(id).expect("every entry is in a store").to_string();
            ((store, entry.thumbprint().to_string()), facts(stored))
        })
        .collect()
}

fn built(imported: &Imported) -> Stores {
    let mut builder = Stores::builder();
    imported.add_to(&mut builder);
    let stores = builder.build();
    assert_eq!(stores.warnings(), []);
    stores
}

#[derive(serde::Deserialize, Default)]
struct Sidecar {
    private_key: Option<String>,
    #[serde(default)]
    archived: bool,
    friendly_name: Option<String>,
    eku: Option<Vec<String>>,
}

fn folder(machine: &str) -> Contents {
    let mut found = Contents::new();
    for store in ["MY", "CA", "ROOT"] {
        for file in std::fs::read_dir(testdata("machines").join(machine).join(store)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "cer") {
                continue;
            }
            let certificate = Certificate::from_der(&std::fs::read(&path).unwrap()).unwrap();
            let text = std::fs::read_to_string(path.with_extension("cer.toml")).unwrap_or_default();
            let sidecar: Sidecar = toml::from_str(&text).unwrap();
            let facts = Facts {
                key: match sidecar.private_key.as_deref() {
                    // W-4: that SYSTEM cannot read a key does not show in an export.
                    Some("csp" | "inaccessible") => PrivateKey::Present(KeyProvider::Csp),
                    Some("ksp") => PrivateKey::Present(KeyProvider::Ksp),
                    _ => PrivateKey::Absent,
                },
                archived: sidecar.archived,
                friendly_name: sidecar.friendly_name,
                eku: sidecar.eku,
            };
            found.insert((store.to_owned(), certificate.thumbprint().to_string()), facts);
        }
    }
    found
}

#[test]
fn a_registry_export_holds_the_machine_folder() {
    let bytes = fixture("contoso-pc1.reg");
    assert_eq!(import::detect(&bytes), Some(Format::Registry));
    let imported = import::import(&bytes, &ImportOptions::default()).unwrap();
    assert_eq!(imported.problems(), []);
    assert_eq!(imported.crls().len(), 3);
    let stores = built(&imported);
    assert_eq!(contents(&stores), folder("contoso-pc1"));
    // W-2: AuthRoot is part of ROOT, and an empty store exists (T-3).
    let names: Vec<_> = imported.stores().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["ROOT", "CA", "Disallowed", "MY"]);
    assert_eq!(stores.entries_of(&StoreName::new("disallowed")), Some(&[][..]));
}

#[test]
fn every_encoding_of_a_registry_export_reads_the_same() {
    let bytes = fixture("contoso-pc1.reg");
    let expected = folder("contoso-pc1");
    let units: Vec<u16> = bytes[2..].chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let text = String::from_utf16(&units).unwrap();
    let mut with_mark = vec![0xef, 0xbb, 0xbf];
    with_mark.extend_from_slice(text.as_bytes());
    let upper = text.replace("SOFTWARE\\Microsoft", "software\\MICROSOFT").replace("Blob", "blob");
    let old = text.replace("Windows Registry Editor Version 5.00", "REGEDIT4");
    let big_endian: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let forms = [
        ("UTF-16LE without a mark", bytes[2..].to_vec()),
        ("UTF-16BE without a mark", big_endian),
        ("UTF-8", text.clone().into_bytes()),
        ("UTF-8 with a mark", with_mark),
        ("LF", text.replace("\r\n", "\n").into_bytes()),
        ("other case", upper.into_bytes()),
        ("REGEDIT4", old.into_bytes()),
    ];
    for (form, bytes) in forms {
        let imported = import::import(&bytes, &ImportOptions::default()).unwrap();
        assert_eq!(imported.problems(), [], "{form}");
        assert_eq!(contents(&built(&imported)), expected, "{form}");
    }
}

#[test]
fn serialized_stores_hold_the_machine_folder() {
    let mut machine = Imported::default();
    for store in ["MY", "ROOT", "CA"] {
        let bytes = fixture(&format!("contoso-pc1-{store}.sst"));
        assert_eq!(import::detect(&bytes), Some(Format::SerializedStore));
        let imported = import::import(&bytes, &ImportOptions::default().with_store(store)).unwrap();
        assert_eq!(imported.problems(), []);
        machine.merge(imported);
    }
    assert_eq!(machine.crls().len(), 3);
    let mut expected = folder("contoso-pc1");
    // W-4: in a file without any key provider information its absence says nothing.
    for ((store, _), facts) in &mut expected {
        if store != "MY" {
            facts.key = PrivateKey::Unknown;
        }
    }
    assert_eq!(contents(&built(&machine)), expected);
}

#[test]
fn several_registry_exports_merge() {
    let bytes = fixture("contoso-pc1.reg");
    let mut once = import::registry(&bytes).unwrap();
    once.merge(import::registry(&bytes).unwrap());
    assert_eq!(contents(&built(&once)), folder("contoso-pc1"));
    assert_eq!(once.crls().len(), 3);
}

/// The certificates of `pem-with-key` in the stores where the machine folder has them.
fn pem_machine(key: PrivateKey) -> Contents {
    let mut found = Contents::new();
    for (store, file) in [("MY", "client.pem"), ("CA", "chain.crt"), ("ROOT", "roots.pem")] {
        let text = std::fs::read(testdata("machines/pem-with-key").join(store).join(file)).unwrap();
        let imported = import::import(&text, &ImportOptions::default().with_store(store)).unwrap();
        for mut facts in contents(&built(&imported)) {
            facts.1.key = if store == "MY" { key } else { PrivateKey::Unknown };
            found.insert(facts.0, facts.1);
        }
    }
    found
}

#[test]
fn pkcs7_holds_the_machine_folder_without_keys() {
    for name in ["pem-with-key.p7b", "pem-with-key.pem.p7b"] {
        let imported = import::import(&fixture(name), &ImportOptions::default()).unwrap();
        assert_eq!(imported.problems(), [], "{name}");
        assert_eq!(contents(&built(&imported)), pem_machine(PrivateKey::Unknown), "{name}");
        assert_eq!(imported.crls().len(), 1); // `openssl crl2pkcs7` takes the first of a file
    }
}

#[cfg(feature = "import")]
#[test]
fn pkcs12_holds_the_machine_folder_with_the_key() {
    let mut expected = pem_machine(PrivateKey::Accessible(KeyProvider::Unknown));
    for ((store, _), facts) in &mut expected {
        if store == "MY" {
            facts.friendly_name = Some("client".to_owned());
        }
    }
    for name in ["pem-with-key.pfx", "pem-with-key-3des.pfx", "pem-with-key-rc2.pfx"] {
        let bytes = fixture(name);
        assert_eq!(import::detect(&bytes), Some(Format::Pkcs12));
        let imported = import::import(&bytes, &ImportOptions::default().with_password("kennwort")).unwrap();
        assert_eq!(imported.problems(), [], "{name}");
        assert_eq!(contents(&built(&imported)), expected, "{name}");
        for options in [ImportOptions::default(), ImportOptions::default().with_password("Kennwort")] {
            let error = import::import(&bytes, &options).unwrap_err();
            assert_eq!(error.to_string(), "the password is wrong, or the file was altered");
        }
    }
    let imported = import::import(&fixture("pem-with-key-no-password.pfx"), &ImportOptions::default()).unwrap();
    assert_eq!(contents(&built(&imported)), expected);
}

#[test]
fn single_files_are_recognised_by_content() {
    let certificate = std::fs::read(testdata("machines/contoso-pc1/CA/contoso-issuing-ca-1.cer")).unwrap();
    assert_eq!(import::detect(&certificate), Some(Format::Certificate));
    assert_eq!(import::detect(&certificate[..700]), Some(Format::Certificate));
    let crl = std::fs::read(testdata("machines/contoso-pc1/crl/Contoso Issuing CA 1.crl")).unwrap();
    assert_eq!(import::detect(&crl), Some(Format::Crl));
    let imported = import::import(&crl, &ImportOptions::default()).unwrap();
    assert_eq!(imported.crls(), [crl]);
    assert_eq!(import::detect(b""), None);
    assert_eq!(import::detect(&[0x30]), None);
}
