//! The key derivation of PKCS#12 (RFC 7292 appendix B.2).
//!
//! Own, and not a crate's: `pkcs12` 0.1 has it, but brings `cms` and an older generation of every RustCrypto crate along.

use hmac::digest::block_api::BlockSizeUser;
use hmac::digest::{Digest, FixedOutputReset};

/// What the derived bytes are for: the diversifier of RFC 7292 B.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Key = 1,
    Vector = 2,
    Mac = 3,
}

/// Derives `length` bytes by `rounds` rounds (none counts as one) of the hash `D` from a password, which is UTF-16BE with
/// its final NUL, and a salt.
///
/// What it costs are `rounds` hashes for each output of `D` that `length` takes, and one over salt and password.
pub(super) fn derive<D>(password: &[u8], salt: &[u8], purpose: Purpose, rounds: u32, length: usize) -> Vec<u8>
where
    D: Digest + FixedOutputReset + BlockSizeUser,
{
    let block = D::block_size();
    // Steps 1 to 4: I is salt and password, each repeated up to whole blocks; an empty one stays empty.
    let filled = |bytes: &[u8]| {
        let length = bytes.len().div_ceil(block) * block;
        bytes.iter().copied().cycle().take(length).collect::<Vec<u8>>()
    };
    let mut input = [filled(salt), filled(password)].concat();
    let diversifier = vec![purpose as u8; block];
    let mut hash = D::new();
    let mut derived = Vec::with_capacity(length.next_multiple_of(<D as Digest>::output_size()));
    // Step 6
    loop {
        Digest::update(&mut hash, &diversifier);
        Digest::update(&mut hash, &input);
        let mut output = hash.finalize_fixed_reset();
        for _ in 1..rounds {
            Digest::update(&mut hash, &output);
            FixedOutputReset::finalize_into_reset(&mut hash, &mut output);
        }
        derived.extend_from_slice(&output);
        if derived.len() >= length {
            derived.truncate(length);
            return derived;
        }
        // Steps 6B and 6C: each block of I becomes itself plus the repeated output plus one, modulo 2^(8 * block).
        let addend: Vec<u8> = output.iter().copied().cycle().take(block).collect();
        for part in input.chunks_mut(block) {
            let mut carry = 1;
            for (byte, add) in part.iter_mut().zip(&addend).rev() {
                carry += u16::from(*byte) + u16::from(*add);
                [_, *byte] = carry.to_be_bytes();
                carry >>= 8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha1::Sha1;
    use sha2::{Sha256, Sha384, Sha512};

    fn bytes(hex: &str) -> Vec<u8> {
        let digits = if hex == "-" { "" } else { hex };
        digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    /// The old vectors and more, by OpenSSL: `testdata/import/pkcs12kdf.sh`.
    #[test]
    fn the_derivation_of_rfc_7292_is_openssls() {
        let lines = include_str!("../../../testdata/import/pkcs12kdf.tsv").lines();
        let mut seen = 0;
        for line in lines {
            let fields: Vec<&str> = line.split('\t').collect();
            let &[hash, purpose, rounds, password, salt, expected] = &fields[..] else { panic!("{line}") };
            let purpose = [Purpose::Key, Purpose::Vector, Purpose::Mac][purpose.parse::<usize>().unwrap() - 1];
            let derive = match hash {
                "sha1" => derive::<Sha1>,
                "sha256" => derive::<Sha256>,
                "sha384" => derive::<Sha384>,
                _ => derive::<Sha512>,
            };
            let expected = bytes(expected);
            let derived = derive(&bytes(password), &bytes(salt), purpose, rounds.parse().unwrap(), expected.len());
            assert_eq!(derived, expected, "{line}");
            seen += 1;
        }
        assert_eq!(seen, 40);
    }

    #[test]
    fn nothing_is_derived_from_nothing_without_a_panic() {
        assert_eq!(derive::<Sha1>(&[], &[], Purpose::Mac, 0, 20), derive::<Sha1>(&[], &[], Purpose::Mac, 1, 20));
        assert!(derive::<Sha1>(&[], &[], Purpose::Key, 1, 0).is_empty());
    }
}
