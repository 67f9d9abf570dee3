//! Damaged serialized stores and registry values: each costs its own entry, with its offset (rules W-1 to W-4, T-5).

use super::exports::fixture;
use ccmcertsel::import::{self, ImportError, ImportOptions, Imported};
use ccmcertsel::{Entry, KeyProvider, PrivateKey, Rule, StoreName};

fn sst(bytes: &[u8]) -> Imported {
    import::sst(bytes, &ImportOptions::default().with_store("MY")).unwrap()
}

fn my(imported: &Imported) -> &[Entry] {
    let my = StoreName::new("MY");
    imported.stores().find(|(name, _)| **name == my).map_or(&[], |(_, entries)| entries)
}

fn problems(imported: &Imported) -> Vec<String> {
    imported.problems().iter().map(ToString::to_string).collect()
}

fn annotated() -> Vec<u8> {
    let text = String::from_utf8(fixture("annotated.hex")).unwrap();
    text.lines()
        .flat_map(|line| line.split('#').next().unwrap_or_default().split_whitespace())
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect()
}

#[test]
fn the_annotated_store_reads_as_annotated() {
    let bytes = annotated();
    assert_eq!(bytes.len(), 130);
    let imported = sst(&bytes);
    assert_eq!(problems(&imported), ["byte 90: damaged entry, 14 bytes skipped: encoding 2, expected 1 (W-1)"]);
    let [Entry::Unreadable(none), Entry::Unreadable(damaged)] = my(&imported) else {
        panic!("{:?}", my(&imported));
    };
    assert_eq!(none.error().offset(), 2); // inside of the certificate's own bytes
    assert_eq!(damaged.error().to_string(), "not read, at byte 90 of the entry: encoding 2, expected 1");
    assert_eq!(imported.crls(), [[0x30, 0x00]]);
}

#[test]
fn every_cut_of_a_serialized_store_keeps_what_stands_before_it() {
    let bytes = fixture("contoso-pc1-ROOT.sst");
    let whole = sst(&bytes);
    let count = my(&whole).len();
    for end in 8..bytes.len() {
        let cut = sst(&bytes[..end]);
        assert!(!cut.problems().is_empty(), "cut at {end}");
        let whole_ones = my(&cut).iter().filter(|entry| entry.certificate().is_some()).count();
        let also = my(&whole)[..whole_ones].iter().zip(my(&cut)).all(|(a, b)| a.thumbprint() == b.thumbprint());
        assert!(also && whole_ones <= count, "cut at {end}");
    }
    assert_eq!(import::sst(&bytes[..7], &ImportOptions::default()).unwrap_err(), ImportError::Unknown);
}

#[test]
fn a_wrong_length_costs_one_entry() {
    let bytes = fixture("contoso-pc1-ROOT.sst");
    // The first entry is property 3 (12 + 20 bytes), the second property 20, the third the certificate: length at 72 + 8.
    for wrong in [0u32, 5, 0x7fff_ffff, u32::MAX] {
        let mut damaged = bytes.clone();
        damaged[80..84].copy_from_slice(&wrong.to_le_bytes());
        let imported = sst(&damaged);
        let good = my(&imported).iter().filter(|entry| entry.certificate().is_some()).count();
        assert_eq!(good, 2, "length {wrong}: {:?}", problems(&imported));
        assert!(my(&imported).iter().any(|entry| entry.certificate().is_none()), "length {wrong}");
    }
}

#[test]
fn bytes_after_the_end_entry_are_a_problem() {
    let mut bytes = fixture("contoso-pc1-ROOT.sst");
    let end = bytes.len();
    bytes.extend_from_slice(b"xyz");
    assert_eq!(
        problems(&sst(&bytes)),
        [format!("byte {end}: damaged entry, 3 bytes skipped: 3 bytes after the end entry (W-1)")]
    );
}

/// One entry of a store, as rule W-1 has it.
fn entry(id: u32, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for field in [id, 1, value.len() as u32] {
        out.extend(field.to_le_bytes());
    }
    out.extend(value);
    out
}

fn root() -> Vec<u8> {
    let whole = sst(&fixture("contoso-pc1-ROOT.sst"));
    my(&whole)[0].certificate().unwrap().certificate().as_der().to_vec()
}

fn store_of(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"\0\0\0\0CERT".to_vec();
    bytes.extend(entries.concat());
    bytes.extend([0; 12]);
    bytes
}

#[test]
fn damaged_properties_are_reported_and_cost_only_themselves() {
    let cut_provider = [28u32, 200, 12, 32, 0, 0, 1].iter().flat_map(|field| field.to_le_bytes()).collect::<Vec<_>>();
    let cases: [(u32, &[u8], Rule, &str); 6] = [
        (2, &[1, 2, 3], Rule::W4, "a key belongs to the certificate, its provider is not known"),
        (2, &cut_provider, Rule::W4, "a key belongs to the certificate, its provider is not known"),
        (9, &[0x30, 1], Rule::W3, "no SEQUENCE OF OBJECT IDENTIFIER; taken as no purpose at all"),
        (11, &[65, 0, 66], Rule::W3, "the friendly name has no NUL at its end; it is dropped"),
        (3, &[0; 20], Rule::W3, "property 3 says 0000000000000000000000000000000000000000"),
        (3, &[0; 3], Rule::W3, "property 3 says 3 bytes"),
    ];
    for (id, value, rule, message) in cases {
        let imported = sst(&store_of(&[entry(id, value), entry(32, &root())]));
        let [problem] = imported.problems() else {
            panic!("property {id}: {:?}", problems(&imported));
        };
        assert_eq!(problem.rule, rule);
        assert!(problem.to_string().contains(message), "{problem}");
        let stored = my(&imported)[0].certificate().unwrap();
        match id {
            2 => assert_eq!(stored.private_key(), PrivateKey::Present(KeyProvider::Unknown)),
            9 => assert_eq!(stored.eku_property(), Some(&[][..])),
            _ => assert_eq!(stored.private_key(), PrivateKey::Unknown),
        }
    }
}

#[test]
fn what_is_no_certificate_is_said() {
    let imported = sst(&store_of(&[entry(34, &[0x30, 0]), entry(11, &[65, 0, 0, 0])]));
    assert_eq!(
        problems(&imported),
        [
            "byte 20: a certificate trust list is not read: certificates that it disallows or trusts are unknown (W-1)",
            "byte 50: properties without a certificate after them (W-1)",
        ]
    );
}
