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

#[cfg(all(test, repository))]
#[path = "../../../tests/units/pkcs12_kdf.rs"]
mod tests;
