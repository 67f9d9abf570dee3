use super::*;
use crate::support::pki::{Cert, Key};

/// V-5: an anchor is the very certificate, not one that ends like it.
#[test]
fn what_only_ends_like_an_anchor_is_none() {
    let root = Cert::ca("CN=Root A", Key::Toy(1)).self_sign();
    let at = root.windows(6).position(|part| part == b"Root A").expect("its name");
    let mut alike = root.clone();
    alike[at + 5] = b'B';
    let [root, alike] = [root, alike].map(|der| Certificate::from_der(&der).expect("a certificate"));
    assert_eq!(end(&root), end(&alike));
    let trusted: Trusted = [&root].into_iter().collect();
    assert!(trusted.contains(&root) && !trusted.contains(&alike));
}
