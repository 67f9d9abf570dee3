//! Whether a path holds: RFC 5280 section 6 as one straight line of named checks (rules V-5, V-11, V-12).
//!
//! From the certificate up to the root, and within a certificate in the order in which rule V-5 names the checks; the
//! first check that fails is the reason (rule V-0). The dates of the certificate itself are rule V-1, not this one.

use super::facts::{CaFacts, Facts};
use super::failure::{CaStatus, ChainFailure, ChainMember, ChainWarning, Malformation};
use super::namesakes::is_link;
use super::path::{Path, PathEnd};
use super::{Chains, name_constraints, policies};
use crate::budget::{Budget, Spent};
use crate::certificate::ExtensionError;
use crate::crypto::{
    Curve, Judgement as Strength, KeyKind, MAX_RSA_BITS, SignatureResult, Weakness, has_stray_null, judge_hash,
    judge_key, key_kind, signature_hash,
};
use crate::{CertId, Certificate, HashAlgorithm, Timestamp};

/// One certificate of the path, with what the checks read in it.
pub(super) struct Place<'a> {
    pub id: CertId,
    pub position: usize,
    pub certificate: &'a Certificate,
    pub self_issued: bool,
    /// `None` for the certificate that is judged.
    pub ca: Option<&'a CaFacts>,
    own: Option<Facts>,
}

impl Place<'_> {
    pub fn facts(&self) -> Option<&Facts> {
        self.ca.map(|ca| &ca.every).or(self.own.as_ref())
    }
}

/// A path while it is validated.
pub(super) struct Walk<'a> {
    chains: &'a Chains,
    pub places: Vec<Place<'a>>,
    end: PathEnd,
    now: Timestamp,
    warnings: Vec<ChainWarning>,
}

/// Failures are large and rare.
pub(super) type Checked = Result<(), Box<ChainFailure>>;

impl Chains {
    /// Whether a path of [`paths`](Self::paths) holds at an instant, and what should be known although it does. The dates
    /// of the first certificate are rule V-1, not this one.
    ///
    /// # Errors
    /// The first failure, from the certificate up to the root, in the order of rule V-5.
    pub fn validate(&self, path: &Path, now: Timestamp) -> Result<Vec<ChainWarning>, Box<ChainFailure>> {
        self.validate_within(path, now, &mut Spent::default())
    }

    pub(super) fn validate_within(
        &self,
        path: &Path,
        now: Timestamp,
        spent: &mut Spent,
    ) -> Result<Vec<ChainWarning>, Box<ChainFailure>> {
        let mut walk = Walk::new(self, path, now);
        let policies = policies::Outcome::of(&walk, &self.policies, spent);
        for position in 0..walk.places.len() {
            walk.disallowed(position)?;
            if walk.is_end_of_trust(position) {
                walk.key(position)?;
                walk.dates(position)?;
                walk.trusted(position)?;
                continue;
            }
            walk.signature(position)?;
            walk.key(position)?;
            walk.dates(position)?;
            walk.basic_constraints(position)?;
            walk.path_length(position)?;
            walk.key_usage(position)?;
            walk.name_constraints(position, spent)?;
            walk.policies(position, &policies)?;
            walk.critical_extensions(position)?;
        }
        Ok(walk.warnings)
    }
}

impl<'a> Walk<'a> {
    fn new(chains: &'a Chains, path: &Path, now: Timestamp) -> Self {
        let mut places = Vec::with_capacity(path.certificates.len());
        for (position, id) in path.certificates.iter().enumerate() {
            let (Some(certificate), Some(node)) = (chains.certificate(*id), chains.node(*id)) else {
                continue; // a path holds only entries that decode
            };
            let ca = (position > 0).then(|| &**node.ca.get_or_init(|| Box::new(CaFacts::of(certificate))));
            let own = (position == 0).then(|| Facts::of(certificate));
            places.push(Place { id: *id, position, certificate, self_issued: node.self_issued, ca, own });
        }
        Walk { chains, places, end: path.end, now, warnings: Vec::new() }
    }

    pub fn member(&self, position: usize) -> ChainMember {
        let id = self.places.get(position).map_or(CertId(u32::MAX), |place| place.id);
        self.chains.member(id, position)
    }

    pub fn malformed(&self, position: usize, problem: Malformation) -> Box<ChainFailure> {
        let at = self.member(position);
        Box::new(ChainFailure::Malformed { at, problem })
    }

    fn damaged(&self, position: usize, error: &ExtensionError) -> Box<ChainFailure> {
        self.malformed(position, Malformation::Extension(error.clone()))
    }

    pub fn out_of_budget(&self, budget: Budget) -> Box<ChainFailure> {
        let at = self.member(0);
        Box::new(ChainFailure::Budget { at, budget })
    }

    /// Whether the path ends here at a root, whose other extensions and signature are not evaluated (rule V-5).
    fn is_end_of_trust(&self, position: usize) -> bool {
        position + 1 == self.places.len() && self.end != PathEnd::Incomplete
    }

    /// The certificates that are validated: all but the root.
    pub fn below_root(&self) -> &[Place<'a>] {
        let count = match self.end {
            PathEnd::Incomplete => self.places.len(),
            PathEnd::Anchor | PathEnd::SelfSigned => self.places.len().saturating_sub(1),
        };
        self.places.get(..count).unwrap_or_default()
    }

    fn disallowed(&self, position: usize) -> Checked {
        match self.places.get(position) {
            Some(place) if self.chains.stores.is_disallowed(place.certificate) => {
                Err(Box::new(ChainFailure::Disallowed { at: self.member(position) }))
            }
            _ => Ok(()),
        }
    }

    /// The root must be an anchor.
    fn trusted(&self, position: usize) -> Checked {
        if self.end == PathEnd::Anchor {
            return Ok(());
        }
        Err(Box::new(ChainFailure::UntrustedRoot { at: self.member(position) }))
    }

    /// The signature under the issuer's key, its algorithm inside and outside, and its hash (rules V-11, V-12).
    fn signature(&mut self, position: usize) -> Checked {
        let Some(place) = self.places.get(position) else {
            return Ok(());
        };
        let certificate = place.certificate;
        let (inner, outer) = (certificate.inner_signature_algorithm_der(), certificate.signature_algorithm_der());
        if inner != outer {
            let problem = Malformation::Algorithms { inner: inner.to_vec(), outer: outer.to_vec() };
            return Err(self.malformed(position, problem));
        }
        let Some(issuer) = self.places.get(position + 1).map(|place| place.id) else {
            return Err(self.no_issuer(position));
        };
        let hash = signature_hash(outer);
        let at = || self.member(position);
        let judged = judge_hash(hash, self.chains.signatures);
        if let Strength::Refused(weakness) = judged {
            return Err(Box::new(refused(at(), weakness)));
        }
        match self.chains.link(place.id, issuer) {
            Some(SignatureResult::Valid) => {}
            Some(SignatureResult::Unknown { algorithm }) => {
                let algorithm = algorithm.clone();
                return Err(Box::new(ChainFailure::UnknownAlgorithm { at: at(), algorithm }));
            }
            Some(&SignatureResult::KeyTooLong { bits }) => {
                return Err(Box::new(ChainFailure::KeyTooLong { at: at(), bits, maximum: MAX_RSA_BITS }));
            }
            Some(SignatureResult::Malformed(error)) => {
                return Err(self.malformed(position, Malformation::KeyOrAlgorithm(error.clone())));
            }
            Some(SignatureResult::Invalid) | None => {
                return Err(Box::new(ChainFailure::BadSignature { at: at(), issuer: self.member(position + 1) }));
            }
        }
        if let Strength::Accepted(weakness) = judged {
            let warning = accepted(at(), weakness);
            self.warnings.push(warning);
        }
        if has_stray_null(outer) {
            let at = self.member(position);
            self.warnings.push(ChainWarning::NullParameters { at });
        }
        Ok(())
    }

    /// Why the path goes no higher: no certificate has the issuer's name, or one has and its key made no such signature.
    fn no_issuer(&self, position: usize) -> Box<ChainFailure> {
        let at = self.member(position);
        let Some(place) = self.places.get(position) else {
            return self.out_of_budget(Budget::Steps);
        };
        let signers = self.chains.signers(place.id).filter(|signers| !signers.cut);
        let forged = signers.filter(|signers| signers.tried.iter().all(|(_, result)| !is_link(result)));
        let tried = forged.and_then(|signers| signers.tried.first());
        let named = tried.zip(self.chains.namesakes(place.id)).and_then(|((key, _), all)| all.key(*key));
        Box::new(match named.and_then(|same| same.certificates.first()) {
            Some(issuer) => ChainFailure::BadSignature { at, issuer: self.chains.member(*issuer, position + 1) },
            None => ChainFailure::NoPath { at, issuer: place.certificate.issuer() },
        })
    }

    /// The certificate's own key: its length (rule V-11), and kinds that Windows may not know (rule V-12).
    fn key(&mut self, position: usize) -> Checked {
        let Some(place) = self.places.get(position) else {
            return Ok(());
        };
        // The key of a CA is parsed and kept for its signatures; that of the judged certificate is only looked at.
        let kind = match place.ca {
            None => key_kind(place.certificate.spki_der()),
            Some(_) => match self.chains.key(place.id) {
                Some(Ok(key)) => Ok(key.kind().clone()),
                Some(Err(error)) => Err(error.clone()),
                None => return Ok(()),
            },
        };
        let kind = kind.map_err(|error| self.malformed(position, Malformation::KeyOrAlgorithm(error)))?;
        match judge_key(&kind, self.chains.signatures) {
            Strength::Refused(weakness) => return Err(Box::new(refused(self.member(position), weakness))),
            Strength::Accepted(weakness) => {
                let warning = accepted(self.member(position), weakness);
                self.warnings.push(warning);
            }
            Strength::Strong => {}
        }
        let at = || self.member(position);
        let warning = match kind {
            KeyKind::Ed25519 => Some(ChainWarning::Ed25519 { at: at() }),
            // That of an issuer is judged with the signature that it made.
            KeyKind::Other(algorithm) | KeyKind::Ec(Curve::Other(algorithm))
                if position == 0 && !self.chains.algorithms.plugs_key(place.certificate.spki_der()) =>
            {
                Some(ChainWarning::UnknownKey { at: at(), algorithm })
            }
            KeyKind::Rsa { .. } | KeyKind::Ec(_) | KeyKind::Other(_) => None,
        };
        self.warnings.extend(warning);
        Ok(())
    }

    /// The dates of every certificate above the first one, the root's too (rule V-5).
    fn dates(&mut self, position: usize) -> Checked {
        let Some(place) = self.places.get(position).filter(|_| position > 0) else {
            return Ok(());
        };
        let (not_before, not_after) = (place.certificate.not_before(), place.certificate.not_after());
        let now = self.now;
        if now > not_after {
            let at = self.member(position);
            return Err(Box::new(ChainFailure::Expired { at, not_after, now }));
        }
        if now < not_before {
            let at = self.member(position);
            return Err(Box::new(ChainFailure::NotYetValid { at, not_before, now }));
        }
        let in_root = self.chains.stores.is_in_root(place.id);
        if in_root && !self.chains.is_anchor(place.certificate) {
            let at = self.member(position);
            self.warnings.push(ChainWarning::NotSelfSignedInRoot { at });
        }
        Ok(())
    }

    /// An issuer is a CA (RFC 5280 6.1.4 (k)).
    fn basic_constraints(&self, position: usize) -> Checked {
        let Some((place, ca)) = self.issuer(position) else {
            return Ok(());
        };
        let found = match &ca.basic_constraints {
            Err(error) => return Err(self.damaged(position, error)),
            Ok(_) if place.certificate.version() < 3 => CaStatus::Version(place.certificate.version()),
            Ok(None) => CaStatus::NoBasicConstraints,
            Ok(Some(constraints)) if !constraints.ca => CaStatus::EndEntity,
            Ok(Some(_)) => return Ok(()),
        };
        Err(Box::new(ChainFailure::NotACa { at: self.member(position), found }))
    }

    /// No more CAs follow than allowed; self-issued ones are not counted (RFC 5280 6.1.4 (l), (m)).
    fn path_length(&self, position: usize) -> Checked {
        let Some((_, ca)) = self.issuer(position) else {
            return Ok(());
        };
        let Ok(Some(constraints)) = &ca.basic_constraints else {
            return Ok(());
        };
        let Some(allowed) = constraints.path_length else {
            return Ok(());
        };
        let beneath = self.places.get(1..position).unwrap_or_default();
        let found = beneath.iter().filter(|place| !place.self_issued).count() as u32; // at most MAX_DEPTH
        if found <= allowed {
            return Ok(());
        }
        Err(Box::new(ChainFailure::PathLength { at: self.member(position), allowed, found }))
    }

    /// keyUsage, where present, allows keyCertSign (RFC 5280 6.1.4 (n)).
    fn key_usage(&self, position: usize) -> Checked {
        let Some((_, ca)) = self.issuer(position) else {
            return Ok(());
        };
        match &ca.key_usage {
            Err(error) => Err(self.damaged(position, error)),
            Ok(Some(usage)) if !usage.key_cert_sign() => Err(Box::new(ChainFailure::KeyUsageCertSign {
                at: self.member(position),
                found: usage.names().collect(),
            })),
            Ok(_) => Ok(()),
        }
    }

    fn issuer(&self, position: usize) -> Option<(&Place<'a>, &'a CaFacts)> {
        let place = self.places.get(position)?;
        Some((place, place.ca?))
    }

    /// The names are inside what every CA above may certify (RFC 5280 6.1.3 (b), (c)).
    fn name_constraints(&self, position: usize, spent: &mut Spent) -> Checked {
        if let Some((_, ca)) = self.issuer(position)
            && let Err(error) = &ca.name_constraints
        {
            return Err(self.damaged(position, error));
        }
        name_constraints::check(self, position, spent)
    }

    /// Certificate policies (RFC 5280 6.1.3 (d) to (f), 6.1.4 (a) to (j), 6.1.5).
    fn policies(&self, position: usize, outcome: &policies::Outcome) -> Checked {
        if let Some(Err(error)) = self.places.get(position).and_then(Place::facts).map(|facts| &facts.policies) {
            return Err(self.damaged(position, error));
        }
        outcome.check(self, position)
    }

    /// No critical extension that is damaged or not understood, and none twice (RFC 5280 4.2, 6.1.4 (o)).
    fn critical_extensions(&mut self, position: usize) -> Checked {
        let Some(place) = self.places.get(position) else {
            return Ok(());
        };
        let Some(facts) = place.facts() else {
            return Ok(());
        };
        if let Some(error) = &facts.critical_damaged {
            return Err(self.damaged(position, error));
        }
        if let Some(extension) = facts.critical_unknown.clone() {
            let at = self.member(position);
            return Err(Box::new(ChainFailure::CriticalExtension { at, extension }));
        }
        if place.certificate.has_duplicate_extension() {
            return Err(self.malformed(position, Malformation::DuplicateExtension));
        }
        let at = || self.member(position);
        let mut warnings = Vec::new();
        for error in facts.damaged.iter().cloned() {
            warnings.push(ChainWarning::DamagedExtension { at: at(), error });
        }
        for extension in facts.not_evaluated.iter().cloned() {
            warnings.push(ChainWarning::NotEvaluated { at: at(), extension });
        }
        if let Ok(policies) = &facts.policies
            && let Some(qualifier) = policies.odd_qualifier.clone()
        {
            warnings.push(ChainWarning::PolicyQualifier { at: at(), qualifier });
        }
        self.warnings.extend(warnings);
        Ok(())
    }
}

fn refused(at: ChainMember, weakness: Weakness) -> ChainFailure {
    match weakness {
        Weakness::Hash(HashAlgorithm::Sha1) => ChainFailure::Sha1Signature { at },
        Weakness::Hash(hash) => ChainFailure::WeakHash { at, hash },
        Weakness::KeyLength { bits, minimum } => ChainFailure::KeyTooShort { at, bits, minimum },
    }
}

/// SHA-1 is the only hash that any policy accepts with a warning (rule V-11).
fn accepted(at: ChainMember, weakness: Weakness) -> ChainWarning {
    match weakness {
        Weakness::Hash(_) => ChainWarning::Sha1Signature { at },
        Weakness::KeyLength { bits, .. } => ChainWarning::ShortKey { at, bits },
    }
}
