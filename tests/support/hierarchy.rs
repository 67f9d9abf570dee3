//! Generated hierarchies: roots, CAs that cross-sign and renew, and one client certificate; mostly almost right.

use super::pki::*;
use arbitrary::{Result, Unstructured};
use ccmcertsel::{CertId, Certificate, Stores, Timestamp};

/// What may occur in a hierarchy beside what every validator judges alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddities {
    /// CAs that are issued by a CA of their own name, and no path length constraints.
    SelfIssued,
    /// Path length constraints, and no CA that is issued by a CA of its own name.
    PathLengths,
    /// Both, keyUsage without keyCertSign, and roots that are out of date.
    All,
}

/// A hierarchy in DER.
#[derive(Debug, Clone)]
pub struct Hierarchy {
    pub roots: Vec<Vec<u8>>,
    pub intermediates: Vec<Vec<u8>>,
    pub leaf: Vec<u8>,
    pub now: i64,
}

const NAMES: [&str; 4] = ["CN=Root 1", "CN=Root 2", "CN=Issuing A", "CN=Issuing B"];
const KEYS: u32 = 6;
const NOW: &str = "2026-01-15T09:00:00Z";
const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";

impl Hierarchy {
    /// At most two roots, five intermediates and a leaf, with toy keys.
    pub fn arbitrary(u: &mut Unstructured<'_>, oddities: Oddities) -> Result<Self> {
        let mut cas: Vec<Cert> = Vec::new();
        let mut roots = Vec::new();
        let mut intermediates = Vec::new();
        for (number, name) in NAMES.iter().enumerate().take(u.int_in_range(1..=2)?) {
            let mut root = Cert::ca(*name, Key::Toy(number as u32));
            if oddities == Oddities::All && u.ratio(1, 10)? {
                root = root.valid("2010-01-01T00:00:00Z", "2020-01-01T00:00:00Z");
            }
            let der = root.self_sign();
            if u.ratio(9, 10)? {
                roots.push(der);
            } else {
                intermediates.push(der);
            }
            cas.push(root);
        }
        for serial in 2..2 + u.int_in_range(0..=5)? {
            let name = *u.choose(&NAMES)?;
            let issuer = u.choose(&cas)?.clone();
            if oddities == Oddities::PathLengths && issuer.subject == Name::from(name) {
                continue;
            }
            let key = Key::Toy(u.int_in_range(0..=KEYS - 1)?);
            let ca = Cert::ca(name, key).serial(serial);
            let (ca, signer) = sign(u, ca, &issuer)?;
            let ca = ca_mistakes(u, ca, oddities)?;
            if u.ratio(9, 10)? {
                intermediates.push(ca.sign(signer)); // else it is missing from the machine
            }
            cas.push(ca);
        }
        let issuer = u.choose(&cas)?.clone();
        let leaf = Cert::client("CN=PC1", Key::Toy(100)).serial(100);
        let (mut leaf, signer) = sign(u, leaf, &issuer)?;
        if u.ratio(1, 20)? {
            leaf = leaf.replace(extension::eku(&[SERVER_AUTH]));
        } else if u.ratio(1, 20)? {
            leaf = leaf.without(EXTENDED_KEY_USAGE);
        }
        if u.ratio(1, 20)? {
            leaf = leaf.with(extension::unknown().critical());
        }
        Ok(Hierarchy { roots, intermediates, leaf: out_of_date(u, leaf, 20)?.sign(signer), now: instant(NOW) })
    }

    /// The machine: anchors in `ROOT`, the rest in `CA`, the certificate in `MY`; and the certificate's identifier.
    pub fn machine(&self) -> (Stores, CertId) {
        let mut builder = Stores::builder();
        builder.add_der("MY", &self.leaf);
        for der in &self.roots {
            builder.add_der("ROOT", der);
        }
        for der in &self.intermediates {
            builder.add_der("CA", der);
        }
        let stores = builder.build();
        let thumbprint = Certificate::from_der(&self.leaf).expect("it decodes").thumbprint();
        let id = stores.find(&thumbprint).expect("it was added");
        (stores, id)
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.now)
    }
}

/// Who signs: nearly always the issuer that is named, and an authority key identifier that may mislead.
fn sign(u: &mut Unstructured<'_>, certificate: Cert, issuer: &Cert) -> Result<(Cert, Key)> {
    let signer = if u.ratio(1, 15)? { Key::Toy(u.int_in_range(0..=KEYS - 1)?) } else { issuer.key };
    let identifier = match u.int_in_range(0..=9)? {
        0 | 1 => None,
        2 => Some(extension::aki(Key::Toy(u.int_in_range(0..=KEYS - 1)?))),
        _ => Some(extension::aki(issuer.key)),
    };
    let mut certificate = certificate.issuer(issuer.subject.clone());
    certificate.extensions.extend(identifier);
    certificate.damaged_signature = u.ratio(1, 30)?;
    Ok((certificate, signer))
}

fn ca_mistakes(u: &mut Unstructured<'_>, mut ca: Cert, oddities: Oddities) -> Result<Cert> {
    if u.ratio(1, 15)? {
        ca = ca.replace(extension::basic_constraints(false, None));
    } else if u.ratio(1, 20)? {
        ca = ca.without("2.5.29.19");
    } else if oddities != Oddities::SelfIssued && u.ratio(1, 2)? {
        ca = ca.replace(extension::basic_constraints(true, Some(u.int_in_range(0..=2)?)));
    }
    if u.ratio(1, 15)? {
        ca = ca.with(extension::eku(&[SERVER_AUTH]));
    } else if u.ratio(1, 5)? {
        ca = ca.with(extension::eku(&[SERVER_AUTH, extension::CLIENT_AUTH]));
    }
    if u.ratio(1, 20)? {
        ca = ca.with(extension::unknown().critical());
    }
    if oddities == Oddities::All && u.ratio(1, 10)? {
        ca = ca.replace(extension::key_usage(&[extension::usage::CRL_SIGN]));
    }
    out_of_date(u, ca, 15)
}

fn out_of_date(u: &mut Unstructured<'_>, certificate: Cert, one_in: u32) -> Result<Cert> {
    Ok(match u.int_in_range(0..=one_in)? {
        0 => certificate.valid("2010-01-01T00:00:00Z", "2020-01-01T00:00:00Z"),
        1 => certificate.valid("2027-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        2 => certificate.valid("2020-01-01T00:00:00Z", NOW),
        3 => certificate.valid(NOW, "2030-01-01T00:00:00Z"),
        _ => certificate,
    })
}

/// Bytes that look random and are the same each time: SplitMix64.
pub fn seeded_bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    (0..length.div_ceil(8)).flat_map(|_| next().to_le_bytes()).take(length).collect()
}
