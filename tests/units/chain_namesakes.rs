use super::*;
use crate::support::pki::*;
use crate::{Oid, Stores};

/// What is remembered of one algorithm says nothing of another, in whichever order they are asked for.
#[test]
fn v12_which_keys_leave_a_doubt_depends_on_the_algorithm() {
    let keys = [Key::Toy(1), Key::P256(2), Key::Unknown(3)];
    let mut builder = Stores::builder();
    for (serial, key) in (1..).zip(keys) {
        builder.add_der("CA", &Cert::ca("CN=CA", key).serial(serial).issuer("CN=Root").sign(Key::Toy(0)));
    }
    // The authority key identifier lets the right key be tried first.
    let leaf = |serial, key| {
        let leaf = Cert::client("CN=PC1", Key::Toy(9)).serial(serial).with(extension::aki(key));
        leaf.issuer("CN=CA").sign(key)
    };
    builder.add_der("MY", &leaf(11, Key::Toy(1))).add_der("MY", &leaf(12, Key::P256(2)));
    let stores = Arc::new(builder.build());
    let number = |serial: u8| {
        let is_it = |certificate: &Certificate| certificate.serial_number() == [serial];
        stores.certificates().find(|(_, stored)| is_it(stored.certificate())).expect("a leaf").0
    };
    // A signature of the toy's is true or false under every key; one of ECDSA may be anything under a key of another kind.
    let unknown = |key: &str| SignatureResult::Unknown { algorithm: key.parse::<Oid>().expect("an identifier") };
    let toy = vec![SignatureResult::Valid];
    let kinds = ["1.3.6.1.4.1.32473.1.1", "1.3.6.1.4.1.32473.2.1"];
    let ecdsa = [kinds.map(unknown).to_vec(), vec![SignatureResult::Valid]].concat();
    for order in [[11, 12], [12, 11]] {
        let chains = Chains::new(Arc::clone(&stores), toy_algorithms());
        for serial in order {
            let signers = chains.signers(number(serial)).expect("a leaf");
            let mut results: Vec<SignatureResult> = signers.tried.iter().map(|(_, result)| result.clone()).collect();
            results.sort_by_key(|result| format!("{result:?}")); // keys stand in the order of thumbprints
            assert_eq!(results, if serial == 11 { toy.clone() } else { ecdsa.clone() }, "{serial} of {order:?}");
        }
    }
}
