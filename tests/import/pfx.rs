//! PKCS#12: attributes of bags, damage inside, ciphers, and what a file may cost.

use super::exports::fixture;
use crate::support::der::{int, octets, oid, seq, set, tlv};
use ccmcertsel::import::{ImportError, ImportOptions, Imported, pkcs12};
use ccmcertsel::{KeyProvider, PrivateKey, StoredCertificate};

const DATA: &str = "1.2.840.113549.1.7.1";
const FRIENDLY_NAME: &str = "1.2.840.113549.1.9.20";
const LOCAL_KEY_ID: &str = "1.2.840.113549.1.9.21";
const KEY_PROVIDER_NAME: &str = "1.3.6.1.4.1.311.17.1";

fn explicit(content: Vec<u8>) -> Vec<u8> {
    tlv(0xa0, &content)
}

fn data(content: &[u8]) -> Vec<u8> {
    seq(&[oid(DATA), explicit(octets(content))])
}

/// A file without a check value, so that the bags may be anything.
fn pfx(contents: &[Vec<u8>]) -> Vec<u8> {
    seq(&[int(3), data(&seq(contents))])
}

fn attribute(id: &str, value: Vec<u8>) -> Vec<u8> {
    seq(&[oid(id), set(&[value])])
}

fn bmp(text: &str) -> Vec<u8> {
    tlv(0x1e, &text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>())
}

fn bag(kind: u8, value: Vec<u8>, attributes: &[Vec<u8>]) -> Vec<u8> {
    seq(&[oid(&format!("1.2.840.113549.1.12.10.1.{kind}")), explicit(value), set(attributes)])
}

fn certificate(attributes: &[Vec<u8>]) -> Vec<u8> {
    let der = std::fs::read("testdata/machines/contoso-pc1/CA/contoso-issuing-ca-1.cer").unwrap();
    bag(3, seq(&[oid("1.2.840.113549.1.9.22.1"), explicit(octets(&der))]), attributes)
}

fn key(attributes: &[Vec<u8>]) -> Vec<u8> {
    bag(2, seq(&[]), attributes)
}

fn id(id: u8) -> Vec<u8> {
    attribute(LOCAL_KEY_ID, octets(&[id]))
}

fn read(file: &[u8]) -> Result<Imported, ImportError> {
    pkcs12(file, &ImportOptions::default().with_password("kennwort"))
}

fn certificates(imported: &Imported) -> Vec<&StoredCertificate> {
    imported.stores().flat_map(|(_, entries)| entries).filter_map(|entry| entry.certificate()).collect()
}

fn problems(imported: &Imported) -> Vec<String> {
    imported.problems().iter().map(ToString::to_string).collect()
}

#[test]
fn v3_the_attribute_names_the_provider_of_the_key() {
    for (name, expected) in [
        ("Microsoft Software Key Storage Provider", KeyProvider::Ksp),
        ("Microsoft RSA SChannel Cryptographic Provider\0", KeyProvider::Csp),
        ("A provider of one's own", KeyProvider::Unknown),
    ] {
        let bags = [certificate(&[id(1)]), key(&[id(1), attribute(KEY_PROVIDER_NAME, bmp(name))])];
        let imported = read(&pfx(&[data(&seq(&bags))])).unwrap();
        assert_eq!(problems(&imported), [""; 0]);
        assert_eq!(certificates(&imported)[0].private_key(), PrivateKey::Accessible(expected), "{name}");
    }
    let imported = read(&fixture("pem-with-key-ksp.pfx")).unwrap();
    let keys: Vec<_> = certificates(&imported).iter().map(|stored| stored.private_key()).collect();
    assert!(keys.contains(&PrivateKey::Accessible(KeyProvider::Ksp)), "{keys:?}");
}

#[test]
fn friendly_names_end_at_their_nul_and_are_read_in_other_encodings() {
    for value in [bmp("Prüfung\0"), tlv(0x0c, "Prüfung".as_bytes()), tlv(0x14, b"Pr\xfcfung\0\0")] {
        let imported = read(&pfx(&[data(&seq(&[certificate(&[attribute(FRIENDLY_NAME, value)])]))])).unwrap();
        assert_eq!(certificates(&imported)[0].friendly_name(), Some("Prüfung"));
    }
}

#[test]
fn t5_a_damaged_bag_costs_no_other_and_is_one_problem_with_its_place_in_the_file() {
    let mut damaged = certificate(&[]);
    damaged[4] = 0x07; // the bagId's tag
    let attributes = bag(3, seq(&[oid("1.2.3"), explicit(octets(b""))]), &[int(1)]);
    let good = certificate(&[id(1)]);
    for (bags, kept, expected) in [
        (vec![damaged.clone(), good.clone()], 1, "a damaged bag"),
        (vec![good.clone(), damaged.clone(), key(&[id(1)])], 1, "a damaged bag"),
        (vec![attributes.clone(), good.clone()], 1, "what a bag says of itself"),
        (vec![good.clone(), vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff]], 1, "a damaged bag, and what stands behind it"),
        (vec![good.clone(), int(5), certificate(&[id(2)])], 2, "a damaged bag"),
    ] {
        let file = pfx(&[data(&seq(&bags))]);
        let imported = read(&file).unwrap();
        let found = problems(&imported);
        assert_eq!(certificates(&imported).len(), kept, "{found:?}");
        let about: Vec<&String> = found.iter().filter(|problem| problem.contains(expected)).collect();
        assert_eq!(about.len(), 1, "{expected}: {found:?}");
    }
    let file = pfx(&[data(&seq(&[good, damaged.clone()]))]);
    let place = file.windows(damaged.len()).position(|window| window == damaged).unwrap();
    assert!(problems(&read(&file).unwrap())[0].starts_with(&format!("byte {place}: ")));
}

#[test]
fn a_key_without_its_certificate_is_named_where_it_stands() {
    let lost = key(&[id(9)]);
    let file = pfx(&[data(&seq(&[certificate(&[id(1)])])), data(&seq(std::slice::from_ref(&lost)))]);
    let place = file.windows(lost.len()).position(|window| window == lost).unwrap();
    let expected =
        format!("byte {place}: a private key names no certificate of the file (no matching local key id) (V-2)");
    assert_eq!(problems(&read(&file).unwrap()), [expected]);
}

#[test]
fn every_cipher_of_rfc_7292_but_rc4_is_read_and_others_are_named() {
    let names = |imported: &Imported| {
        certificates(imported).iter().map(|stored| stored.certificate().thumbprint()).collect::<Vec<_>>()
    };
    let expected = names(&read(&fixture("pem-with-key.pfx")).unwrap());
    for name in ["pem-with-key-2des.pfx", "pem-with-key-rc2-128.pfx", "pem-with-key-3des.pfx", "pem-with-key-rc2.pfx"] {
        assert_eq!(names(&read(&fixture(name)).unwrap()), expected, "{name}");
    }
    for (name, error) in [
        ("unread-rc4.pfx", "the cipher is not read: `1.2.840.113549.1.12.1.1`"),
        ("unread-camellia.pfx", "the cipher is not read: `1.2.392.200011.61.1.1.1.4`"),
    ] {
        assert_eq!(read(&fixture(name)).unwrap_err().to_string(), error, "{name}");
    }
}

/// EncryptedData of PBES2 with PBKDF2 by HMAC-SHA-512 and AES-256.
fn encrypted(rounds: i128) -> Vec<u8> {
    let derivation = seq(&[octets(&[1; 8]), int(rounds), seq(&[oid("1.2.840.113549.2.11")])]);
    let cipher = seq(&[oid("2.16.840.1.101.3.4.1.42"), octets(&[2; 16])]);
    let scheme = seq(&[seq(&[oid("1.2.840.113549.1.5.12"), derivation]), cipher]);
    let algorithm = seq(&[oid("1.2.840.113549.1.5.13"), scheme]);
    let content = seq(&[oid(DATA), algorithm, tlv(0x80, &[0; 32])]);
    seq(&[oid("1.2.840.113549.1.7.6"), explicit(seq(&[int(0), content]))])
}

#[test]
fn the_parts_of_a_file_share_one_bound_of_key_derivation() {
    // A small one is tried: what it decrypts to has no padding.
    assert_eq!(read(&pfx(&[encrypted(400)])).unwrap_err(), ImportError::Password);
    for (rounds, hashes) in [(1_000_000, 6_000_000_u64), (4_294_967_295, 25_769_803_770)] {
        let expected = format!(
            "{hashes} hashes to derive keys with; at most 5000000 are done for one file, which take less than a second"
        );
        assert_eq!(read(&pfx(&[encrypted(rounds)])).unwrap_err().to_string(), expected);
    }
    // 900,000 rounds and the block of the salt for the check value, with SHA-256 (1,800,002 hashes), and 900,000 rounds for
    // the certificates (3,600,000): each is below.
    let error = read(&fixture("costly.pfx")).unwrap_err();
    assert_eq!(error, ImportError::Iterations { iterations: 5_400_002, limit: 5_000_000 });
}

/// Every element of indefinite length, every OCTET STRING in pieces, at every level that is read.
fn ber(der: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = der;
    while let [tag, length, ..] = *rest {
        let (header, length) = match length {
            0..0x80 => (2, usize::from(length)),
            _ => {
                let count = usize::from(length & 0x7f);
                let octets = &rest[2..2 + count];
                (2 + count, octets.iter().fold(0, |n, octet| n << 8 | usize::from(*octet)))
            }
        };
        let value = &rest[header..header + length];
        match tag {
            0x04 | 0x80 => {
                let (first, second) = value.split_at(value.len() / 3);
                let constructed = tag | 0x20;
                out.extend([&[constructed, 0x80][..], &octets(first), &octets(second), &[0, 0]].concat());
            }
            _ if tag & 0x20 != 0 => out.extend([&[tag, 0x80][..], &ber(value), &[0, 0]].concat()),
            _ => out.extend(&rest[..header + length]),
        }
        rest = &rest[header + length..];
    }
    out
}

#[test]
fn t5_ber_is_read_as_der_at_every_level() {
    let bags = seq(&[certificate(&[id(1)]), key(&[id(1)])]);
    let inner = ber(&seq(&[seq(&[oid(DATA), explicit(octets(&ber(&bags)))])]));
    let file = ber(&seq(&[int(3), seq(&[oid(DATA), explicit(octets(&inner))])]));
    let imported = read(&file).unwrap();
    assert_eq!(certificates(&imported)[0].private_key(), PrivateKey::Accessible(KeyProvider::Unknown));
    assert_eq!(problems(&imported), ["byte 0: the file is BER; it is read as DER, in which other offsets count (T-5)"]);
    // With a check value, and contents that are encrypted: what is hashed keeps its bytes.
    for name in ["pem-with-key.pfx", "pem-with-key-ksp.pfx"] {
        let der = fixture(name);
        let (expected, imported) = (read(&der).unwrap(), read(&ber(&der)).unwrap());
        assert_eq!(certificates(&imported), certificates(&expected), "{name}");
    }
    // Cut, it is damage with a place; and what stands behind is said.
    assert!(matches!(read(&file[..file.len() - 1]), Err(ImportError::Damaged { .. })));
    let behind = read(&[file, b"\r\n".to_vec()].concat()).unwrap();
    assert_eq!(behind.problems().len(), 2);
}

/// The pieces of encrypted content are joined before they are decrypted.
#[test]
fn t5_encrypted_content_in_pieces_is_read() {
    let der = fixture("pem-with-key.pfx");
    // PFX { version, authSafe { id-data, [0] { OCTET STRING } }, macData }: without the check value, which is over bytes
    // that change.
    fn elements(der: &[u8]) -> Vec<&[u8]> {
        let mut found = Vec::new();
        let mut rest = der;
        while !rest.is_empty() {
            let count = if rest[1] < 0x80 { 0 } else { usize::from(rest[1] & 0x7f) };
            let length = match count {
                0 => usize::from(rest[1]),
                _ => rest[2..2 + count].iter().fold(0, |n, octet| n << 8 | usize::from(*octet)),
            };
            found.push(&rest[..2 + count + length]);
            rest = &rest[2 + count + length..];
        }
        found
    }
    fn value(element: &[u8]) -> &[u8] {
        let count = if element[1] < 0x80 { 0 } else { usize::from(element[1] & 0x7f) };
        &element[2 + count..]
    }
    let safe = elements(value(elements(value(&der))[1]))[1];
    let contents = value(elements(value(safe))[0]);
    let file = ber(&seq(&[int(3), seq(&[oid(DATA), explicit(octets(&ber(contents)))])]));
    let (expected, imported) = (read(&der).unwrap(), read(&file).unwrap());
    assert_eq!(certificates(&imported), certificates(&expected));
}
