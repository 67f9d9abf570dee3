//! Whether a path holds: RFC 5280 section 6 as one straight line of named checks (rules V-5, V-11, V-12).
//!
//! From the certificate up to the root, and within a certificate in the order in which rule V-5 names the checks; the
//! first check that fails is the reason (rule V-0). The dates of the certificate itself are rule V-1, not this one.

use super::facts::{CaFacts, MemberFacts};
use super::failure::{CaStatus, ChainFailure, ChainMember, ChainWarning, Malformation};
use super::name_constraints::{NameConstraints, judge, names_of};
use super::namesakes::is_link;
use super::path::{Path, PathEnd};
use super::policies::Policies;
use super::{Chains, policies};
use crate::asn1::DerError;
use crate::budget::{Budget, Spent};
use crate::certificate::{Certificate, ExtensionError};
use crate::crypto::{
    Curve, HashAlgorithm, Judgement as Strength, KeyKind, MAX_RSA_BITS, SignatureResult, Weakness, algorithm_error,
    has_stray_null, judge_hash, judge_key, key_kind, signature_hash,
};
use crate::store::CertId;
use crate::time::Timestamp;

/// One certificate of the path, with what the checks read in it.
pub(super) struct PathMember<'a> {
    pub id: CertId,
    pub position: usize,
    pub certificate: &'a Certificate,
    pub self_issued: bool,
    read: Read<'a>,
}

/// What was read in it: kept of an issuer, read on the spot in the certificate that is judged.
#[expect(clippy::large_enum_variant, reason = "a path has two or three places, and a box would be one more allocation")]
enum Read<'a> {
    Leaf(MemberFacts),
    Ca(&'a CaFacts),
}

impl<'a> PathMember<'a> {
    pub(super) fn member(&self) -> ChainMember {
        ChainMember::of(self.certificate, self.id, self.position)
    }

    pub(super) fn malformed(&self, problem: Malformation) -> Box<ChainFailure> {
        Box::new(ChainFailure::Malformed { at: self.member(), problem })
    }

    fn damaged(&self, error: &ExtensionError) -> Box<ChainFailure> {
        self.malformed(Malformation::Extension(error.clone()))
    }

    pub(super) fn out_of_budget(&self, budget: Budget) -> Box<ChainFailure> {
        Box::new(ChainFailure::Budget { at: self.member(), budget })
    }

    pub(super) fn facts(&self) -> &MemberFacts {
        match &self.read {
            Read::Leaf(facts) => facts,
            Read::Ca(ca) => &ca.every,
        }
    }

    /// What it says about policies, and whether it is self-issued; `None` where that is damaged.
    fn policies(&self) -> Option<(&Policies, bool)> {
        Some((self.facts().policies.as_ref().ok()?, self.self_issued))
    }

    /// What a CA says of the names beneath it, where that reads.
    fn name_constraints(&self) -> Option<&'a NameConstraints> {
        self.ca()?.name_constraints.as_ref().ok()?.as_ref()
    }

    /// `None` for the certificate that is judged.
    pub(super) fn ca(&self) -> Option<&'a CaFacts> {
        match self.read {
            Read::Leaf(_) => None,
            Read::Ca(ca) => Some(ca),
        }
    }
}

/// A path while it is validated.
pub(super) struct Validation<'a> {
    chains: &'a Chains,
    places: &'a [PathMember<'a>],
    end: PathEnd,
    now: Timestamp,
    warnings: Vec<ChainWarning>,
}

/// Failures are large and rare.
pub(super) type Checked = Result<(), Box<ChainFailure>>;

/// Whether a path holds, with what should be known although it does.
pub(super) type Validity = Result<Vec<ChainWarning>, Box<ChainFailure>>;

impl Chains {
    /// Whether a path of [`paths`](Self::paths) holds at an instant: if not, the first failure, from the certificate up to
    /// the root, in the order of rule V-5. The dates of the first certificate are rule V-1, not this one. `None` for a path
    /// through other stores.
    #[cfg(test)]
    pub(crate) fn validate(&self, path: &Path, now: Timestamp) -> Option<Validity> {
        self.validate_within(path, now, &mut Spent::default())
    }

    pub(super) fn validate_within(&self, path: &Path, now: Timestamp, spent: &mut Spent) -> Option<Validity> {
        let places = self.places(path)?;
        let (leaf, _) = places.split_first()?;
        let walk = Validation { chains: self, places: &places, end: path.end, now, warnings: Vec::new() };
        let policies =
            policies::PolicyOutcome::of(walk.below_root().iter().map(PathMember::policies), &self.policies, spent);
        Some(walk.validity(leaf, &policies, spent))
    }

    /// The certificates of a path that are in `ROOT` and are not anchors (V-5): where it does not hold, they may be why.
    pub(crate) fn roots_that_are_none<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = ChainWarning> {
        path.certificates.iter().enumerate().filter(|(_, id)| self.stores.is_in_root(**id)).filter_map(
            |(position, id)| {
                let certificate = self.certificate(*id).filter(|one| !self.is_anchor(one))?;
                Some(ChainWarning::NotSelfSignedInRoot { at: ChainMember::of(certificate, *id, position) })
            },
        )
    }

    fn places(&self, path: &Path) -> Option<Vec<PathMember<'_>>> {
        let mut places = Vec::with_capacity(path.certificates.len());
        for (position, id) in path.certificates.iter().enumerate() {
            let (certificate, node) = (self.certificate(*id)?, self.node(*id)?);
            let read = match position {
                0 => Read::Leaf(MemberFacts::of(certificate)),
                _ => Read::Ca(node.ca.get_or_init(|| Box::new(CaFacts::of(certificate)))),
            };
            places.push(PathMember { id: *id, position, certificate, self_issued: node.self_issued, read });
        }
        Some(places)
    }
}

impl<'a> Validation<'a> {
    fn validity(mut self, leaf: &PathMember<'_>, policies: &policies::PolicyOutcome, spent: &mut Spent) -> Validity {
        for place in self.places {
            self.disallowed(place)?;
            if self.is_end_of_trust(place) {
                self.key(place)?;
                self.dates(place)?;
                self.trusted(place)?;
                continue;
            }
            self.signature(place)?;
            self.key(place)?;
            self.dates(place)?;
            if let Some(ca) = place.ca() {
                self.basic_constraints(place, ca)?;
                self.path_length(place, ca)?;
                self.key_usage(place, ca)?;
            }
            self.name_constraints(place, leaf, spent)?;
            self.policies(place, leaf, policies)?;
            self.critical_extensions(place)?;
        }
        Ok(self.warnings)
    }

    /// Whether the path ends here at a root, whose other extensions and signature are not evaluated (rule V-5).
    fn is_end_of_trust(&self, place: &PathMember<'_>) -> bool {
        place.position + 1 == self.places.len() && self.end != PathEnd::Incomplete
    }

    /// The certificates that are validated: all but the root.
    pub(super) fn below_root(&self) -> &'a [PathMember<'a>] {
        let count = match self.end {
            PathEnd::Incomplete => self.places.len(),
            PathEnd::Anchor | PathEnd::SelfSigned => self.places.len().saturating_sub(1),
        };
        self.places.get(..count).unwrap_or_default()
    }

    fn disallowed(&self, place: &PathMember<'_>) -> Checked {
        if self.chains.stores.is_disallowed(place.certificate) {
            return Err(Box::new(ChainFailure::Disallowed { at: place.member() }));
        }
        Ok(())
    }

    /// The root must be an anchor.
    fn trusted(&self, place: &PathMember<'_>) -> Checked {
        if self.end == PathEnd::Anchor {
            return Ok(());
        }
        Err(Box::new(ChainFailure::UntrustedRoot { at: place.member() }))
    }

    /// The signature under the issuer's key, its algorithm inside and outside, and its hash (rules V-11, V-12).
    fn signature(&mut self, place: &PathMember<'_>) -> Checked {
        let certificate = place.certificate;
        let (inner, outer) = (certificate.inner_signature_algorithm_der(), certificate.signature_algorithm_der());
        if inner != outer {
            let problem = Malformation::Algorithms { inner: inner.to_vec(), outer: outer.to_vec() };
            return Err(place.malformed(problem));
        }
        let Some(issuer) = self.places.get(place.position + 1) else {
            return Err(self.no_issuer(place));
        };
        let hash = signature_hash(outer);
        let at = || place.member();
        let judged = judge_hash(hash, self.chains.signatures);
        if let Strength::Refused(weakness) = judged {
            return Err(Box::new(refused(at(), weakness)));
        }
        match self.chains.link(place.id, issuer.id) {
            Some(SignatureResult::Valid) => {}
            Some(SignatureResult::Unknown { algorithm }) => {
                let algorithm = algorithm.clone();
                return Err(Box::new(ChainFailure::UnknownAlgorithm { at: at(), algorithm }));
            }
            Some(&SignatureResult::KeyTooLong { bits }) => {
                return Err(Box::new(ChainFailure::KeyTooLong { at: at(), bits, maximum: MAX_RSA_BITS }));
            }
            Some(SignatureResult::Malformed(error)) => {
                return Err(self.malformed_signature(place, issuer, error));
            }
            Some(SignatureResult::Invalid) | None => {
                return Err(Box::new(ChainFailure::BadSignature { at: at(), issuer: issuer.member() }));
            }
        }
        if let Strength::Accepted(weakness) = judged {
            let warning = accepted(at(), weakness);
            self.warnings.push(warning);
        }
        if has_stray_null(outer) {
            let at = place.member();
            self.warnings.push(ChainWarning::NullParameters { at });
        }
        Ok(())
    }

    /// A signature that could not be looked at: its algorithm does not read, or the key above does not. Which of the two
    /// certificates has the fault must be said, since only that one's owner can mend it.
    fn malformed_signature(
        &self,
        place: &PathMember<'_>,
        issuer: &PathMember<'_>,
        error: &DerError,
    ) -> Box<ChainFailure> {
        match (self.chains.key(issuer.id), algorithm_error(place.certificate.signature_algorithm_der())) {
            (Some(Ok(_)) | None, Some(error)) => {
                let error = error.further(place.certificate.signature_algorithm_offset());
                place.malformed(Malformation::SignatureAlgorithm(error))
            }
            (Some(_) | None, _) => {
                issuer.malformed(Malformation::Key(error.clone().further(issuer.certificate.spki_offset())))
            }
        }
    }

    /// Why the path goes no higher: no certificate has the issuer's name, or one has and its key made no such signature.
    fn no_issuer(&self, place: &PathMember<'_>) -> Box<ChainFailure> {
        let at = place.member();
        let signers = self.chains.signers(place.id).filter(|signers| signers.cut.is_none());
        let forged = signers.filter(|signers| signers.tried.iter().all(|(_, result)| !is_link(result)));
        let tried = forged.and_then(|signers| signers.tried.first());
        let named = tried.zip(self.chains.namesakes(place.id)).and_then(|((key, _), all)| all.key(*key));
        let issuer = named.and_then(|same| same.certificates.first().copied());
        Box::new(match issuer.and_then(|id| Some((id, self.chains.certificate(id)?))) {
            Some((id, issuer)) => {
                ChainFailure::BadSignature { at, issuer: ChainMember::of(issuer, id, place.position + 1) }
            }
            None => ChainFailure::NoPath { at, issuer: place.certificate.issuer() },
        })
    }

    /// The certificate's own key: its length (rule V-11), and kinds that Windows may not know (rule V-12).
    fn key(&mut self, place: &PathMember<'_>) -> Checked {
        // The key of a CA is parsed and kept for its signatures; that of the judged certificate is only looked at.
        let kept = place.ca().and_then(|_| self.chains.key(place.id));
        let kind = match kept {
            None => key_kind(place.certificate.spki_der()),
            Some(Ok(key)) => Ok(key.kind().clone()),
            Some(Err(error)) => Err(error.clone()),
        };
        let key_offset = place.certificate.spki_offset();
        let kind = kind.map_err(|error| place.malformed(Malformation::Key(error.further(key_offset))))?;
        match judge_key(&kind, self.chains.signatures) {
            Strength::Refused(weakness) => return Err(Box::new(refused(place.member(), weakness))),
            Strength::Accepted(weakness) => {
                let warning = accepted(place.member(), weakness);
                self.warnings.push(warning);
            }
            Strength::Strong => {}
        }
        if !place.certificate.has_usual_times() {
            let (not_before, not_after) = (place.certificate.not_before(), place.certificate.not_after());
            self.warnings.push(ChainWarning::UnusualTimes { at: place.member(), not_before, not_after });
        }
        let at = || place.member();
        let warning = match kind {
            KeyKind::Ed25519 => Some(ChainWarning::Ed25519 { at: at() }),
            // That of an issuer is judged with the signature that it made.
            KeyKind::Other(algorithm) | KeyKind::Ec(Curve::Other(algorithm))
                if place.position == 0 && !self.chains.algorithms.plugs_key(place.certificate.spki_der()) =>
            {
                Some(ChainWarning::UnknownKey { at: at(), algorithm })
            }
            KeyKind::Rsa { .. } | KeyKind::Ec(_) | KeyKind::Other(_) => None,
        };
        self.warnings.extend(warning);
        Ok(())
    }

    /// The dates of every certificate above the first one, the root's too (rule V-5).
    fn dates(&mut self, place: &PathMember<'_>) -> Checked {
        if place.position == 0 {
            return Ok(());
        }
        let (not_before, not_after) = (place.certificate.not_before(), place.certificate.not_after());
        let now = self.now;
        if now > not_after {
            let at = place.member();
            return Err(Box::new(ChainFailure::Expired { at, not_after, now }));
        }
        if now < not_before {
            let at = place.member();
            return Err(Box::new(ChainFailure::NotYetValid { at, not_before, now }));
        }
        let in_root = self.chains.stores.is_in_root(place.id);
        if in_root && !self.chains.is_anchor(place.certificate) {
            let at = place.member();
            self.warnings.push(ChainWarning::NotSelfSignedInRoot { at });
        }
        Ok(())
    }

    /// An issuer is a CA (RFC 5280 6.1.4 (k)).
    fn basic_constraints(&self, place: &PathMember<'_>, ca: &CaFacts) -> Checked {
        let found = match &ca.basic_constraints {
            Err(error) => return Err(place.damaged(error)),
            Ok(_) if place.certificate.version() < 3 => CaStatus::Version(place.certificate.version()),
            Ok(None) => CaStatus::NoBasicConstraints,
            Ok(Some(constraints)) if !constraints.ca => CaStatus::EndEntity,
            Ok(Some(_)) => return Ok(()),
        };
        Err(Box::new(ChainFailure::NotACa { at: place.member(), found }))
    }

    /// No more CAs follow than allowed; self-issued ones are not counted (RFC 5280 6.1.4 (l), (m)).
    fn path_length(&self, place: &PathMember<'_>, ca: &CaFacts) -> Checked {
        // One that does not decode failed already, as no CA.
        let constraints = ca.basic_constraints.as_ref().map_err(|error| place.damaged(error))?;
        let Some(allowed) = constraints.as_ref().and_then(|constraints| constraints.path_length) else {
            return Ok(());
        };
        let beneath = self.places.get(1..place.position).unwrap_or_default();
        let found = beneath.iter().filter(|place| !place.self_issued).count() as u32; // at most MAX_DEPTH
        if found <= allowed {
            return Ok(());
        }
        Err(Box::new(ChainFailure::PathLength { at: place.member(), allowed, found }))
    }

    /// keyUsage, where present, allows keyCertSign (RFC 5280 6.1.4 (n)).
    fn key_usage(&self, place: &PathMember<'_>, ca: &CaFacts) -> Checked {
        match &ca.key_usage {
            Err(error) => Err(place.damaged(error)),
            Ok(Some(usage)) if !usage.key_cert_sign() => {
                Err(Box::new(ChainFailure::KeyUsageCertSign { at: place.member(), found: usage.names().collect() }))
            }
            Ok(_) => Ok(()),
        }
    }

    /// The names are inside what every CA above may certify (RFC 5280 6.1.3 (b), (c)).
    fn name_constraints(&self, place: &PathMember<'_>, leaf: &PathMember<'_>, spent: &mut Spent) -> Checked {
        if let Some(Err(error)) = place.ca().map(|ca| &ca.name_constraints) {
            return Err(place.damaged(error));
        }
        if place.position > 0 && place.self_issued {
            return Ok(());
        }
        let above = self.below_root().get(place.position + 1..).unwrap_or_default();
        let constraints = || above.iter().filter_map(|issuer| Some((issuer, issuer.name_constraints()?)));
        if constraints().next().is_none() {
            return Ok(());
        }
        let mut names = names_of(place.certificate).map_err(|error| place.damaged(&error))?;
        for (issuer, constraints) in constraints() {
            for name in &mut names {
                let judged = judge(name, constraints, spent).map_err(|budget| leaf.out_of_budget(budget))?;
                if let Some(violation) = judged {
                    let (at, constrained_by) = (place.member(), issuer.member());
                    let name = name.shown();
                    return Err(Box::new(ChainFailure::NameConstraints { at, constrained_by, name, violation }));
                }
            }
        }
        Ok(())
    }

    /// Certificate policies (RFC 5280 6.1.3 (d) to (f), 6.1.4 (a) to (j), 6.1.5).
    fn policies(&self, place: &PathMember<'_>, leaf: &PathMember<'_>, outcome: &policies::PolicyOutcome) -> Checked {
        if let Err(error) = &place.facts().policies {
            return Err(place.damaged(error));
        }
        Err(match outcome.at(place.position) {
            None => return Ok(()),
            Some(policies::Problem::Budget(budget)) => leaf.out_of_budget(*budget),
            Some(policies::Problem::Policy(problem)) => {
                Box::new(ChainFailure::Policy { at: place.member(), problem: problem.clone() })
            }
        })
    }

    /// No critical extension that is damaged or not understood, and none twice (RFC 5280 4.2, 6.1.4 (o)).
    fn critical_extensions(&mut self, place: &PathMember<'_>) -> Checked {
        let facts = place.facts();
        if let Some(error) = &facts.critical_damaged {
            return Err(place.damaged(error));
        }
        if let Some(extension) = facts.critical_unknown.clone() {
            let at = place.member();
            return Err(Box::new(ChainFailure::CriticalExtension { at, extension }));
        }
        if place.certificate.has_duplicate_extension() {
            return Err(place.malformed(Malformation::DuplicateExtension));
        }
        let at = || place.member();
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
