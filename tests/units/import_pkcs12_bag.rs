use super::*;

#[test]
fn v3_the_names_of_providers() {
    for (name, expected) in [
        ("Microsoft Software Key Storage Provider", KeyProvider::Ksp),
        ("Microsoft Smart Card Key Storage Provider", KeyProvider::Ksp),
        ("Microsoft Passport Key Storage Provider", KeyProvider::Ksp),
        ("Microsoft Platform Crypto Provider", KeyProvider::Ksp),
        ("nCipher Security World Key Storage Provider", KeyProvider::Ksp),
        ("Microsoft RSA SChannel Cryptographic Provider", KeyProvider::Csp),
        ("Microsoft Enhanced RSA and AES Cryptographic Provider", KeyProvider::Csp),
        ("Microsoft Enhanced Cryptographic Provider v1.0", KeyProvider::Csp),
        ("Microsoft Base Smart Card Crypto Provider", KeyProvider::Csp),
        ("eToken Base Cryptographic Provider", KeyProvider::Csp),
        ("Charismathics Smart Security Interface CSP", KeyProvider::Csp),
        ("something else", KeyProvider::Unknown),
        ("", KeyProvider::Unknown),
    ] {
        assert_eq!(provider(name), expected, "{name}");
    }
}

#[test]
fn texts_end_at_their_nul_in_each_encoding() {
    for (tag, bytes) in [
        (0x1e, &b"\0c\0l\0i\0\xe9\0\0\0x"[..]),
        (0x0c, "cli\u{e9}\0".as_bytes()),
        (0x14, b"cli\xe9"),
        (0x16, b"cli\xe9\0\0"),
    ] {
        let der = [&[tag, bytes.len() as u8][..], bytes].concat();
        let element = asn1::Der::new(&der).any("a text").unwrap();
        assert_eq!(text(&element), "cli\u{e9}", "{tag:#x}");
    }
}
