//! Name keys, which are no public contract: equal as RFC 5280 section 7.1 says, across string types.

use super::NameKey;

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        length @ 0..0x80 => out.push(length as u8),
        length => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend(content);
    out
}

fn attribute(oid: &[u8], tag: u8, value: &[u8]) -> Vec<u8> {
    element(0x30, &[element(6, oid), element(tag, value)].concat())
}

const CN: &[u8] = crate::oid::COMMON_NAME;
const OU: &[u8] = &[0x55, 4, 11];

fn single(tag: u8, value: &[u8]) -> NameKey {
    let name = element(0x30, &element(0x31, &attribute(CN, tag, value)));
    NameKey::from_der(&name).expect("a name")
}

#[test]
fn equal_text_has_one_key_in_all_string_types() {
    let reference = single(12, "Root CA 1".as_bytes());
    for tag in [19, 20, 22, 26] {
        assert_eq!(single(tag, b"Root CA 1"), reference, "tag {tag}");
    }
    let bmp: Vec<u8> = "Root CA 1".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(single(30, &bmp), reference);
    let universal: Vec<u8> = "Root CA 1".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
    assert_eq!(single(28, &universal), reference);
}

#[test]
fn case_and_blanks_do_not_count() {
    let reference = single(12, "Straße Σ".as_bytes());
    assert_eq!(single(12, "  STRAßE \t  ς ".as_bytes()), reference);
    assert_ne!(single(12, "StraßeΣ".as_bytes()), reference);
}

#[test]
fn bytes_that_do_not_decode_compare_with_their_tag() {
    assert_ne!(single(12, b"\xff"), single(19, b"\xff"));
    assert_ne!(single(4, b"a"), single(12, b"a"));
    assert_eq!(single(4, b"a"), single(4, b"a"));
    assert_ne!(single(4, b"a"), single(4, b"A"));
}

#[test]
fn order_counts_between_rdns_but_not_inside_one() {
    let (cn, ou) = (attribute(CN, 12, b"a"), attribute(OU, 12, b"b"));
    let key = |rdns: &[&[u8]]| {
        let rdns: Vec<u8> = rdns.iter().flat_map(|rdn| element(0x31, rdn)).collect();
        NameKey::from_der(&element(0x30, &rdns)).expect("a name")
    };
    let joined = [cn.clone(), ou.clone()].concat();
    let swapped = [ou.clone(), cn.clone()].concat();
    assert_eq!(key(&[&joined]), key(&[&swapped]));
    assert_ne!(key(&[&cn, &ou]), key(&[&ou, &cn]));
    assert_ne!(key(&[&joined]), key(&[&cn, &ou]));
}
