use super::*;
use std::hash::{DefaultHasher, Hash};

/// An identifier is its bytes, whether they stand in place or not: thirty of them do, one more does not.
#[test]
fn identifiers_are_their_bytes_at_every_length() {
    let hash = |value: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        value(&mut hasher);
        hasher.finish()
    };
    let all: Vec<Vec<u8>> = (1..=40).flat_map(|length| [vec![0x2a; length], vec![0x2b; length]]).collect();
    for a in &all {
        let oid = Oid::from_bytes(a).expect("an identifier");
        assert_eq!(oid.as_bytes(), a);
        assert_eq!(oid.clone(), oid);
        assert_eq!(hash(&|state| oid.hash(state)), hash(&|state| a.as_slice().hash(state)));
        assert_eq!(oid.to_string().parse(), Ok(oid.clone()), "{} bytes", a.len());
        for b in &all {
            let other = Oid::from_bytes(b).expect("an identifier");
            assert_eq!((oid == other, oid.cmp(&other)), (a == b, a.cmp(b)));
        }
    }
}
