//! The fuzz bodies on mutations of the fixtures: a minute of what the fuzzer does for ten.

use super::exports::fixture;
use crate::fuzz_bodies::import as bodies;

/// A small generator of its own, so that a failure repeats: xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % below.max(1)
    }
}

fn mutations(seed: &[u8], rounds: usize, body: fn(&[u8])) {
    body(seed);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..rounds {
        let mut bytes = seed.to_vec();
        for _ in 0..=random.next(4) {
            let at = random.next(bytes.len());
            match random.next(5) {
                0 => bytes[at] ^= 1 << random.next(8),
                1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][random.next(5)],
                2 => bytes.truncate(at + 1),
                3 => drop(bytes.drain(at..(at + random.next(20)).min(bytes.len() - 1).max(at))),
                _ => bytes.insert(at, random.next(256) as u8),
            }
        }
        body(&bytes);
    }
}

#[test]
fn mutated_exports_neither_panic_nor_lose_anything() {
    mutations(&fixture("contoso-pc1-ROOT.sst"), 2000, bodies::sst);
    mutations(&fixture("pem-with-key.p7b"), 1000, bodies::p7b);
    mutations(&fixture("pem-with-key.pem.p7b"), 500, bodies::p7b);
    mutations(
        b"\x02\x01\x01\x31\x00\x30\x80\x06\x01\x2a\0\0\xa0\x80\x30\x80\0\0\x24\x80\x04\x01a\0\0\0\0",
        2000,
        bodies::ber,
    );
    let reg = fixture("contoso-pc1.reg");
    mutations(&reg[..20_000], 300, bodies::reg);
}

#[cfg(feature = "import")]
#[test]
fn mutated_pkcs12_neither_panics_nor_hangs() {
    mutations(&fixture("pem-with-key.pfx"), 150, bodies::pfx);
    mutations(&fixture("pem-with-key-no-password.pfx"), 1000, bodies::pfx);
}
