//! The one lazy place: results of signature checks, kept once and shared, and the last answers of a selector.
//!
//! A signature's result depends only on the key, the algorithm and the bytes, never on time or settings; so it may be
//! kept as long as there is room, and shared by every selector of a fleet: its CAs and CRLs are verified once.

use super::signed::Signed;
use crate::asn1::DerError;
use crate::budget::{Budget, Spent};
use crate::certificate::{Certificate, Thumbprint};
use crate::chain::{Chains, SharedSignatures};
use crate::crypto::{Algorithms, ParsedKey, SignatureInput, SignatureResult};
use crate::name::NameKey;
use crate::revocation::{Crl, CrlSignatures, Signers};
use crate::store::CertId;
use crate::time::Timestamp;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Results of signature checks, bounded in bytes, safe to share between threads and selectors.
///
/// ```
/// use ccmcertsel::{Algorithms, Machine, Selector, Settings, Stores, Timestamp, VerificationCache};
/// use std::sync::Arc;
///
/// let cache = Arc::new(VerificationCache::new(Algorithms::default()));
/// let of_fleet = |name| {
///     let stores = Stores::builder().build();
///     Selector::with_cache(stores, Machine::new(name), Settings::ccm_setup(), Arc::clone(&cache))
/// };
/// let now = Timestamp::from_unix_seconds(0);
/// assert_eq!(of_fleet("PC1").winner(now), of_fleet("PC2").winner(now));
/// ```
pub struct VerificationCache {
    algorithms: Algorithms,
    capacity: usize,
    state: Mutex<YoungAndOld>,
    /// Of the model of a [plan](crate::plan).
    model: Option<Modelled>,
}

/// What a [plan](crate::plan) takes as signed, and who knows the results of everything else.
struct Modelled {
    signed: Signed,
    real: Arc<VerificationCache>,
    /// Those of the machine that is modelled: what was judged on it need not be verified again for a copy of it.
    machine: Arc<Chains>,
}

/// Two generations: when the younger is full the older is dropped, so that what is used again survives and the memory
/// stays bounded without any bookkeeping per use.
#[derive(Default)]
struct YoungAndOld {
    young: HashMap<Signature, SignatureResult>,
    old: HashMap<Signature, SignatureResult>,
    /// By the digest of the certificate that the key is in.
    keys: HashMap<[u8; 32], Arc<ParsedKey>>,
}

/// Two digests (SHA-256), which certificates and CRLs remember themselves: what is known is found without another look
/// at what was signed, which may be megabytes.
#[derive(PartialEq, Eq, Hash)]
struct Signature {
    /// Of the whole certificate or CRL: algorithm, message and signature.
    signed: [u8; 32],
    /// Of the certificate whose key is asked for.
    signer: [u8; 32],
}

/// What one result costs: digests, result, and the map's slack.
const RESULT_BYTES: usize = 192;

/// What one parsed key costs at most: an RSA key of 8192 bits with its precomputed values.
const KEY_BYTES: usize = 4096;

impl VerificationCache {
    /// The size of a cache in bytes.
    pub(crate) const DEFAULT_CAPACITY: usize = 32 * 1024 * 1024;

    /// A cache of 32 MiB over these verifiers: room for about 170,000 results, those of a fleet's CAs and CRLs many times over.
    pub fn new(algorithms: Algorithms) -> Self {
        Self::with_capacity(algorithms, Self::DEFAULT_CAPACITY)
    }

    /// A cache of at most this many bytes; with 0 nothing is kept and every signature is verified each time.
    #[must_use]
    pub(crate) fn with_capacity(algorithms: Algorithms, bytes: usize) -> Self {
        VerificationCache { algorithms, capacity: bytes, state: Mutex::default(), model: None }
    }

    /// A cache that takes some signatures as given, and leaves the others to what a machine's chains and their cache know: of
    /// a model those of the machine that it began with.
    pub(super) fn modelling(known: &Arc<VerificationCache>, chains: &Arc<Chains>, signed: Signed) -> Self {
        let (real, machine) = match &known.model {
            Some(model) => (&model.real, &model.machine),
            None => (known, chains),
        };
        let model = Modelled { signed, real: Arc::clone(real), machine: Arc::clone(machine) };
        VerificationCache { model: Some(model), ..Self::with_capacity(real.algorithms.clone(), 0) }
    }

    /// The verifiers behind it.
    pub(crate) fn algorithms(&self) -> Algorithms {
        self.algorithms.clone()
    }

    /// The number of results kept.
    pub(crate) fn len(&self) -> usize {
        let state = self.lock();
        state.young.len() + state.old.len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, YoungAndOld> {
        // A thread that panicked while it held the lock left a map of correct results behind.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Half of the room for each generation, an eighth of it for keys.
    fn results_per_generation(&self) -> usize {
        self.capacity / 2 / RESULT_BYTES
    }

    fn parsed_key(&self, of: &Certificate) -> Result<Arc<ParsedKey>, DerError> {
        if let Some(model) = &self.model {
            return model.real.parsed_key(of);
        }
        if let Some(key) = self.lock().keys.get(of.digest()) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(ParsedKey::from_spki(of.spki_der())?);
        let limit = self.capacity / 8 / KEY_BYTES;
        if limit > 0 {
            let mut state = self.lock();
            if state.keys.len() >= limit {
                state.keys.clear();
            }
            state.keys.insert(*of.digest(), Arc::clone(&key));
        }
        Ok(key)
    }

    /// The result for what has this digest, if it is known, else the one of verifying it.
    fn recall(&self, signed: &[u8; 32], signer: &Certificate, input: SignatureInput<'_>) -> SignatureResult {
        if let Some(model) = &self.model {
            let real = &model.real;
            if !model.signed.counts(signed, signer.digest()) {
                return real.recall(signed, signer, input);
            }
            // No key made it; one that is not understood here would make none that is either.
            return match real.parsed_key(signer) {
                Ok(key) if real.algorithms.is_arithmetic(&key, input.algorithm) => SignatureResult::Valid,
                Ok(_) if real.algorithms.plugs_key(signer.spki_der()) => SignatureResult::Valid,
                Ok(key) => real.algorithms.verify_with(&key, input.algorithm, input.message, input.signature),
                Err(error) => SignatureResult::Malformed(error),
            };
        }
        let limit = self.results_per_generation();
        if limit == 0 {
            return self.algorithms.verify(&input);
        }
        let signature = Signature { signed: *signed, signer: *signer.digest() };
        {
            let mut state = self.lock();
            if let Some(result) = state.young.get(&signature) {
                return result.clone();
            }
            if let Some(result) = state.old.remove(&signature) {
                keep(&mut state, limit, signature, result.clone());
                return result;
            }
        }
        let result = match self.parsed_key(signer) {
            Ok(key) => self.algorithms.verify_with(&key, input.algorithm, input.message, input.signature),
            Err(error) => SignatureResult::Malformed(error),
        };
        keep(&mut self.lock(), limit, signature, result.clone());
        result
    }
}

impl SharedSignatures for VerificationCache {
    fn verify_signature(&self, certificate: &Certificate, issuer: &Certificate) -> SignatureResult {
        if let Some(model) = &self.model
            && !model.signed.counts(certificate.digest(), issuer.digest())
            && let Some(result) = model.machine.known_signature(certificate, issuer)
        {
            return result;
        }
        self.recall(certificate.digest(), issuer, certificate.signature_under(issuer))
    }

    fn parse_key(&self, issuer: &Certificate) -> Result<Arc<ParsedKey>, DerError> {
        self.parsed_key(issuer)
    }

    fn answers_for_all(&self) -> bool {
        self.model.is_some()
    }
}

impl CrlSignatures for VerificationCache {
    fn verify(&self, crl: &Crl, signer: &Certificate) -> SignatureResult {
        self.recall(crl.digest(), signer, crl.signature_under(signer))
    }
}

fn keep(state: &mut YoungAndOld, limit: usize, signature: Signature, result: SignatureResult) {
    if state.young.len() >= limit {
        state.old = std::mem::take(&mut state.young);
    }
    state.young.insert(signature, result);
}

impl Default for VerificationCache {
    fn default() -> Self {
        VerificationCache::new(Algorithms::default())
    }
}

impl fmt::Debug for VerificationCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.lock().keys.len();
        write!(f, "VerificationCache({}, {} results, {keys} keys)", self.algorithms, self.len())
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
    pub(super) fn all_time() -> Self {
        Window { from: i64::MIN, until: i64::MAX }
    }

    /// Something becomes valid at `first` and ceases to be after `last`.
    pub(super) fn narrow(&mut self, first: Timestamp, last: Timestamp, now: Timestamp) {
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

/// A clone is asked on its own.
impl Clone for AnswerMemo {
    fn clone(&self) -> Self {
        AnswerMemo::default()
    }
}

impl AnswerMemo {
    /// The remembered answer, if it is the one at this instant.
    pub(super) fn at(&self, now: Timestamp) -> Option<Option<CertId>> {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.filter(|(window, _)| window.contains(now)).map(|(_, winner)| winner)
    }

    pub(super) fn remember(&self, window: Window, winner: Option<CertId>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((window, winner));
    }
}

/// What is known, at one instant, of the CAs above the judged certificate: a thousand may have the same. By those CAs, or by
/// whatever else tells them apart.
#[derive(Debug)]
pub(super) struct OfIssuers<T, K = Box<[CertId]>>(Mutex<KnownValues<T, K>>);

#[derive(Debug)]
struct KnownValues<T, K> {
    now: Option<Timestamp>,
    values: Vec<(K, T)>,
}

impl<T, K> Default for OfIssuers<T, K> {
    fn default() -> Self {
        OfIssuers(Mutex::new(KnownValues { now: None, values: Vec::new() }))
    }
}

impl<T: Clone, K> OfIssuers<T, K> {
    /// Few machines have certificates of more than two or three CAs.
    const KEPT: usize = 32;

    pub(super) fn at<Q: PartialEq + ?Sized>(&self, issuers: &Q, now: Timestamp) -> Option<T>
    where
        K: Borrow<Q>,
    {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut values = known.values.iter().filter(|_| known.now == Some(now));
        values.find(|(key, _)| key.borrow() == issuers).map(|(_, value)| value.clone())
    }

    pub(super) fn remember(&self, issuers: impl Into<K>, now: Timestamp, value: T) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.now != Some(now) {
            *known = KnownValues { now: Some(now), values: Vec::new() };
        }
        if known.values.len() < Self::KEPT {
            known.values.push((issuers.into(), value));
        }
    }
}

/// The signers of one name under one root, or what ran out while they were looked for, and what that cost.
type FoundSigners = (Result<Signers, Budget>, Spent);

/// What is known of signers, by name and root: every certificate of a CA may ask for the same.
pub(super) type OfSigners = OfIssuers<FoundSigners, (NameKey, Thumbprint)>;
