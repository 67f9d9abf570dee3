//! The one lazy place: results of signature checks, kept once and shared, and the last answers of a selector.
//!
//! A signature's result depends on the key, the algorithm and the bytes alone, never on time or settings; so it may be
//! kept as long as there is room, and shared by every selector of a fleet: its CAs and CRLs are verified once.

use crate::crypto::{ParsedKey, SignatureInput, SignatureResult, VerifySignature};
use crate::revocation::{Crl, CrlSignatures, MemberStatus};
use crate::{Algorithms, CertId, Certificate, DerError, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Results of signature checks, bounded in bytes, safe to share between threads and selectors.
///
/// ```
/// use ccmcertsel::{Algorithms, VerificationCache};
/// use std::sync::Arc;
///
/// let cache = Arc::new(VerificationCache::new(Algorithms::default()));
/// assert!(cache.is_empty());
/// ```
pub struct VerificationCache {
    algorithms: Algorithms,
    capacity: usize,
    state: Mutex<State>,
}

/// Two generations: when the younger is full the older is dropped, so that what is used again survives and the memory
/// stays bounded without any bookkeeping per use.
#[derive(Default)]
struct State {
    young: HashMap<Fingerprint, SignatureResult>,
    old: HashMap<Fingerprint, SignatureResult>,
    keys: HashMap<Fingerprint, Arc<ParsedKey>>,
}

/// SHA-256 over key, algorithm, message and signature, each behind its length.
type Fingerprint = [u8; 32];

/// What one result costs: fingerprint, result, and the map's slack.
const RESULT_BYTES: usize = 128;

/// What one parsed key costs at most: an RSA key of 8192 bits with its precomputed values.
const KEY_BYTES: usize = 4096;

impl VerificationCache {
    /// Room for about 250,000 results: a fleet's CAs, CRLs and some hundred thousand leaves.
    pub const DEFAULT_CAPACITY: usize = 32 * 1024 * 1024;

    /// A cache of [`DEFAULT_CAPACITY`](Self::DEFAULT_CAPACITY) bytes over these verifiers.
    pub fn new(algorithms: Algorithms) -> Self {
        Self::with_capacity(algorithms, Self::DEFAULT_CAPACITY)
    }

    /// A cache of at most this many bytes; with 0 nothing is kept and every signature is verified each time.
    pub fn with_capacity(algorithms: Algorithms, bytes: usize) -> Self {
        VerificationCache { algorithms, capacity: bytes, state: Mutex::new(State::default()) }
    }

    /// The verifiers behind it.
    pub fn algorithms(&self) -> Algorithms {
        self.algorithms
    }

    /// The number of results kept.
    pub fn len(&self) -> usize {
        let state = self.lock();
        state.young.len() + state.old.len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // A thread that panicked while it held the lock left a map of correct results behind.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Half of the room for each generation, an eighth of it for keys.
    fn results_per_generation(&self) -> usize {
        self.capacity / 2 / RESULT_BYTES
    }

    fn parsed_key(&self, spki: &[u8]) -> Result<Arc<ParsedKey>, DerError> {
        let fingerprint: Fingerprint = Sha256::digest(spki).into();
        if let Some(key) = self.lock().keys.get(&fingerprint) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(ParsedKey::from_spki(spki)?);
        let mut state = self.lock();
        if state.keys.len() >= (self.capacity / 8 / KEY_BYTES).max(1) {
            state.keys.clear();
        }
        state.keys.insert(fingerprint, Arc::clone(&key));
        Ok(key)
    }

    fn compute(&self, input: &SignatureInput<'_>) -> SignatureResult {
        match self.parsed_key(input.issuer_spki) {
            Ok(key) => self.algorithms.verify_with(&key, input.algorithm, input.message, input.signature),
            Err(error) => SignatureResult::Malformed(error),
        }
    }
}

impl VerifySignature for VerificationCache {
    fn verify_signature(&self, input: &SignatureInput<'_>) -> SignatureResult {
        if self.results_per_generation() == 0 {
            return self.algorithms.verify(input);
        }
        self.recall(fingerprint(input), || self.compute(input))
    }

    fn parse_key(&self, spki: &[u8]) -> Result<Arc<ParsedKey>, DerError> {
        self.parsed_key(spki)
    }
}

/// A CRL may be megabytes long: it is known by a digest that it remembers itself.
impl CrlSignatures for VerificationCache {
    fn verify(&self, crl: &Crl, signer: &Certificate) -> SignatureResult {
        let input = crl.signature_under(signer);
        if self.results_per_generation() == 0 {
            return self.algorithms.verify(&input);
        }
        let mut digest = Sha256::new();
        digest.update(b"CRL"); // never the start of the other kind of fingerprint, which begins with a length
        digest.update(crl.digest());
        digest.update(signer.spki_der());
        self.recall(digest.finalize().into(), || self.compute(&input))
    }
}

impl VerificationCache {
    fn recall(&self, fingerprint: Fingerprint, verify: impl FnOnce() -> SignatureResult) -> SignatureResult {
        let limit = self.results_per_generation();
        {
            let mut state = self.lock();
            if let Some(result) = state.young.get(&fingerprint) {
                return result.clone();
            }
            if let Some(result) = state.old.remove(&fingerprint) {
                keep(&mut state, limit, fingerprint, result.clone());
                return result;
            }
        }
        let result = verify();
        keep(&mut self.lock(), limit, fingerprint, result.clone());
        result
    }
}

fn keep(state: &mut State, limit: usize, fingerprint: Fingerprint, result: SignatureResult) {
    if state.young.len() >= limit {
        state.old = std::mem::take(&mut state.young);
    }
    state.young.insert(fingerprint, result);
}

fn fingerprint(input: &SignatureInput<'_>) -> Fingerprint {
    let mut digest = Sha256::new();
    for part in [input.issuer_spki, input.algorithm, input.message, input.signature] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

impl Default for VerificationCache {
    fn default() -> Self {
        VerificationCache::new(Algorithms::default())
    }
}

impl fmt::Debug for VerificationCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerificationCache({}, {} results)", self.algorithms.name(), self.len())
    }
}

/// The instants around one between which nothing changes that an answer rests on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// The first of them.
    from: i64,
    /// The first instant after them.
    until: i64,
}

impl Window {
    pub fn all_time() -> Self {
        Window { from: i64::MIN, until: i64::MAX }
    }

    /// Something becomes valid at `first` and ceases to be after `last`.
    pub fn narrow(&mut self, first: Timestamp, last: Timestamp, now: Timestamp) {
        for boundary in [first.unix_seconds(), last.unix_seconds().saturating_add(1)] {
            if boundary <= now.unix_seconds() {
                self.from = self.from.max(boundary);
            } else {
                self.until = self.until.min(boundary);
            }
        }
    }

    fn contains(&self, now: Timestamp) -> bool {
        (self.from..self.until).contains(&now.unix_seconds())
    }
}

/// The last answer of a selector, for as long as it is the answer: a server asks for each handshake.
#[derive(Debug, Default)]
pub(super) struct AnswerMemo(Mutex<Option<(Window, Option<CertId>)>>);

impl AnswerMemo {
    /// The remembered answer, if it is the one at this instant.
    pub fn at(&self, now: Timestamp) -> Option<Option<CertId>> {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.filter(|(window, _)| window.contains(now)).map(|(_, winner)| winner)
    }

    pub fn remember(&self, window: Window, winner: Option<CertId>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((window, winner));
    }
}

/// What revocation says of the CAs of the paths that were met at one instant, where it rejects none of them.
#[derive(Debug, Default)]
pub(super) struct IssuerStatuses(Mutex<(Option<Timestamp>, Vec<KnownStatuses>)>);

/// The certificates above the judged one, and their statuses.
type KnownStatuses = (Box<[CertId]>, Arc<[MemberStatus]>);

impl IssuerStatuses {
    /// Few machines have certificates of more than two or three CAs.
    const KEPT: usize = 32;

    pub fn at(&self, above: &[CertId], now: Timestamp) -> Option<Arc<[MemberStatus]>> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = state.1.iter().find(|(path, _)| **path == *above);
        known.filter(|_| state.0 == Some(now)).map(|(_, statuses)| Arc::clone(statuses))
    }

    pub fn remember(&self, above: &[CertId], now: Timestamp, statuses: Vec<MemberStatus>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.0 != Some(now) {
            *state = (Some(now), Vec::new());
        }
        if state.1.len() < Self::KEPT {
            state.1.push((above.into(), statuses.into()));
        }
    }
}
