//! The specification, executable: the selection in its documented order, as naive as it can be written.
//!
//! The engine ([`Selector`](crate::Selector)) is lazy, indexed and remembers signatures. This module is none of that: it
//! takes the enumerated certificates of the chosen store and drops, step by step, those that a rule excludes. It shares
//! the data types with the engine and nothing else: matching is character by character, chains are found by listing all
//! simple paths, CRLs are searched line by line. The tests run both on generated machines and compare every answer.
//!
//! Out of its scope are name constraints, certificate policies, and CRLs that cover only a part of a CA's certificates
//! (issuing distribution points, indirect CRLs): other validators judge the engine there. Budgets (rule V-10) are the
//! engine's alone, since nothing here is meant for hostile input: **the work is not bounded**.
//!
//! ```
//! use ccmcertsel::{Algorithms, Machine, Outcome, Settings, Step, Stores, spec};
//!
//! let mut builder = Stores::builder();
//! builder.add_store("MY");
//! let (stores, machine, settings) = (builder.build(), Machine::new("PC1"), Settings::default());
//! let now = "2026-01-15T09:00:00Z".parse()?;
//! let answer = spec::select(&spec::World {
//!     stores: &stores,
//!     crls: &[],
//!     machine: &machine,
//!     settings: &settings,
//!     algorithms: &Algorithms::rust_crypto(),
//!     now,
//! });
//! assert!(matches!(answer.outcome, Outcome::Nothing { emptied_at: Some(Step::Store), .. }));
//! # Ok::<(), ccmcertsel::TimestampError>(())
//! ```

use crate::crypto::{KeyKind, SignatureInput, SignatureResult};
use crate::revocation::RevocationReason;
use crate::select::NothingReason;
use crate::settings::*;
use crate::store::{Enumeration, KeyProvider, PrivateKey, StoreName, StoredCertificate, Stores};
use crate::text::{Criteria, Issuer};
use crate::{Algorithms, CertId, Certificate, Crl, DeviceKind, DistinguishedName, Entry, GeneralName, Machine};
use crate::{HashAlgorithm, Oid, Outcome, Step, Timestamp, oid};

/// A machine, its settings and an instant: everything that the selection depends on.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The certificate stores.
    pub stores: &'a Stores,
    /// The CRLs.
    pub crls: &'a [Crl],
    /// The computer.
    pub machine: &'a Machine,
    /// The settings.
    pub settings: &'a Settings,
    /// Who verifies signatures.
    pub algorithms: &'a Algorithms,
    /// The instant of the selection.
    pub now: Timestamp,
}

/// What is selected, and why everything else is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What is selected.
    pub outcome: Outcome,
    /// Every entry that rule T-6 shows, in its order, with the code of its first rejection (annex A).
    pub rejections: Vec<(CertId, Option<Code>)>,
}

/// The stable code of a rejection (annex A).
pub type Code = &'static str;

impl Answer {
    fn reject(&mut self, id: CertId, code: Code) {
        for (shown, rejection) in &mut self.rejections {
            if *shown == id && rejection.is_none() {
                *rejection = Some(code);
            }
        }
    }

    /// For `retain`: notes the rejection of a certificate that a step drops.
    fn keep(&mut self, id: CertId, check: Result<(), Code>) -> bool {
        check.map_err(|code| self.reject(id, code)).is_ok()
    }
}

/// A certificate that is judged, and those of its paths that still hold.
#[derive(Clone)]
struct Candidate<'a> {
    id: CertId,
    stored: &'a StoredCertificate,
    paths: Vec<Path<'a>>,
}

/// Who would be the client's choice, and the first rejection of everyone else.
pub fn select(world: &World<'_>) -> Answer {
    let mut answer = Answer { outcome: nothing(None, NothingReason::NothingMatched), rejections: world.shown() };
    let chosen = world.settings.store();

    // Step 2, the store (T-1 to T-7). It stands first here because the others look at candidates, and only the
    // enumerated certificates of the chosen store are candidates (T-6).
    let mut candidates = Vec::new();
    for (id, entry) in world.stores.entries() {
        match entry {
            Entry::Unreadable(_) => answer.reject(id, "store.unreadable"), // T-5
            Entry::Certificate(stored) if stored.enumeration() == Enumeration::Archived => {
                answer.reject(id, "store.archived"); // T-7
            }
            Entry::Certificate(stored) if world.stores.store_of(id) == Some(chosen) => {
                candidates.push(Candidate { id, stored, paths: world.paths(stored.certificate()) });
            }
            Entry::Certificate(stored) => {
                // T-4, T-6: judged for the explanation alone, and the issuers come before the store.
                let mut other = Candidate { id, stored, paths: world.paths(stored.certificate()) };
                answer.keep(id, world.issuers(&mut other).and(Err("store.other_store")));
            }
        }
    }
    let enumerated = candidates.clone();
    if candidates.is_empty() {
        let reason = match world.stores.entries_of(chosen) {
            None => NothingReason::StoreMissing,  // T-2
            Some(_) => NothingReason::StoreEmpty, // T-3
        };
        answer.outcome = nothing(Some(Step::Store), reason);
        return answer;
    }

    // Step 1, the issuers: a list, and nobody chains to an entry, fails at once (I-3).
    candidates.retain_mut(|candidate| answer.keep(candidate.id, world.issuers(candidate)));
    if candidates.is_empty() {
        answer.outcome = nothing(Some(Step::Issuers), NothingReason::IssuersWithoutMatch);
        return answer;
    }

    // Steps 3 to 5.
    let steps: [(Step, Check<'_>); 3] =
        [(Step::Validity, World::validity), (Step::Purpose, World::purpose), (Step::Name, World::name)];
    for (step, check) in steps {
        candidates.retain_mut(|candidate| answer.keep(candidate.id, check(world, candidate)));
        if candidates.is_empty() {
            // The client names a missing key only where nothing else is missing.
            let lacks_only_the_key = enumerated.iter().any(|candidate| world.lacks_only_the_key(candidate));
            let reason = match lacks_only_the_key {
                true => NothingReason::PrivateKeyMissing,
                false => NothingReason::NothingMatched,
            };
            answer.outcome = nothing(Some(step), reason);
            return answer;
        }
    }

    // Step 6, the ranking (L-1), which a device without a selection method does not have (R-4).
    if !world.without_method() {
        candidates.sort_by(|a, b| world.better(a.stored.certificate(), b.stored.certificate()));
        if candidates.len() > 1 && world.settings.on_multiple() == OnMultiple::Fail {
            candidates.iter().for_each(|candidate| answer.reject(candidate.id, "longest.ambiguous")); // L-2
            answer.outcome = Outcome::Ambiguous(candidates.iter().map(|candidate| candidate.id).collect());
            return answer;
        }
    }
    for outranked in candidates.iter().skip(1) {
        answer.reject(outranked.id, "longest.outranked");
    }
    if let Some(first) = candidates.first() {
        answer.outcome = Outcome::Selected(first.id);
    }
    answer
}

type Check<'a> = fn(&World<'a>, &mut Candidate<'a>) -> Result<(), Code>;

fn nothing(emptied_at: Option<Step>, reason: NothingReason) -> Outcome {
    Outcome::Nothing { emptied_at, reason }
}

fn require(holds: bool, code: Code) -> Result<(), Code> {
    if holds { Ok(()) } else { Err(code) }
}

impl<'a> World<'a> {
    /// T-6: the chosen store, then the other stores except those that hold trust material.
    fn shown(&self) -> Vec<(CertId, Option<Code>)> {
        let chosen = self.settings.store();
        let mut shown = Vec::new();
        shown.extend(self.stores.entries_of(chosen).unwrap_or_default());
        for name in self.stores.names() {
            let text = fold(name.as_str());
            let trust_material = ["root", "ca", "disallowed"].contains(&text.as_str()) || text.starts_with("trusted");
            if name != chosen && !trust_material {
                shown.extend(self.stores.entries_of(name).unwrap_or_default());
            }
        }
        shown.into_iter().map(|id| (id, None)).collect()
    }

    /// R-4: macOS and mobile devices have no issuers list, selector or ranking.
    fn without_method(&self) -> bool {
        self.machine.device() == DeviceKind::MacOrMobile
    }

    fn criteria(&self) -> Option<&Criteria> {
        self.settings.criteria().filter(|_| !self.without_method())
    }

    // ---- Step 1, the issuers -------------------------------------------------------------------------------------

    /// Keeps the paths that lead to a listed issuer (I-1 to I-7).
    fn issuers(&self, candidate: &mut Candidate<'a>) -> Result<(), Code> {
        let Some(list) = self.settings.issuers().filter(|_| !self.without_method()) else {
            return Ok(()); // I-2: no list
        };
        // I-5: an incomplete path counts only where there is no complete one (`paths` sees to that).
        let complete = candidate.paths.iter().any(|path| path.end != End::Incomplete);
        candidate.paths.retain(|path| {
            let mut compared = match self.settings.issuer_scope() {
                IssuerScope::RootOnly => Vec::new(),
                IssuerScope::AnyCaInChain => path.certificates.get(1..).unwrap_or_default().to_vec(),
            };
            compared.extend(path.certificates.last());
            compared.iter().any(|ca| list.iter().any(|entry| self.listed(entry, ca)))
        });
        let code = if complete { "issuers.not_listed" } else { "issuers.incomplete_chain" };
        require(!candidate.paths.is_empty(), code)
    }

    fn listed(&self, entry: &Issuer, ca: &Certificate) -> bool {
        match entry {
            // I-4: every listed attribute is in the subject, case-sensitively, in any order.
            Issuer::Attributes(listed) => {
                let subject = attributes(&ca.subject());
                let mut wanted: Vec<_> = listed.iter().map(|one| (one.oid().clone(), one.value().to_owned())).collect();
                let all = wanted.iter().all(|one| subject.contains(one));
                match self.settings.issuer_match() {
                    IssuerMatch::ListedAttributes => all,
                    IssuerMatch::WholeName => {
                        let mut subject = subject;
                        subject.sort();
                        wanted.sort();
                        subject == wanted && subject.len() == ca.subject().attributes().count()
                    }
                }
            }
            // I-6: the same subject and the same public key.
            Issuer::Root(root) => same_name(root.subject(), &ca.subject()) && root.public_key_der() == ca.spki_der(),
            #[allow(unreachable_patterns)]
            _ => false,
        }
    }

    // ---- Step 3, validity ----------------------------------------------------------------------------------------

    /// V-0: dates, key, template and provider, chain, revocation. Keeps the paths that hold.
    fn validity(&self, candidate: &mut Candidate<'a>) -> Result<(), Code> {
        self.key(candidate.stored, Some(candidate.stored.private_key()))?;
        self.chain(candidate)
    }

    /// V-1 to V-4; without a key where its absence is to be overlooked.
    fn key(&self, stored: &StoredCertificate, key: Option<PrivateKey>) -> Result<(), Code> {
        let certificate = stored.certificate();
        // V-1: both ends are inclusive.
        require(certificate.not_before() <= self.now, "validity.not_yet_valid")?;
        require(self.now <= certificate.not_after(), "validity.expired")?;
        // V-2.
        match key {
            Some(PrivateKey::Absent) => return Err("validity.key_absent"),
            Some(PrivateKey::Inaccessible) => return Err("validity.key_inaccessible"),
            _ => {}
        }
        // V-4: no CSP holds ECC keys, so an ECC key of unknown provider counts as KSP.
        let ecc = crate::crypto::key_kind(certificate.spki_der()).is_ok_and(|kind| kind.is_ecc());
        let ksp = match stored.private_key().provider() {
            Some(KeyProvider::Ksp) => true,
            Some(KeyProvider::Csp) => false,
            Some(KeyProvider::Unknown) | None => ecc,
        };
        let old = self.settings.ruleset() == Ruleset::Cb1706;
        // V-3, V-4: such a client opens keys through CryptoAPI only.
        let only_csp = old || self.settings.cng_keys() == CngKeys::Off;
        require(!(ksp && only_csp), "validity.key_storage_provider")?;
        // V-3: the schema version is not in the certificate; it is stated, or looked up by the template's identifier.
        if old {
            let version = stored.template_schema().or_else(|| self.template_from_table(certificate));
            require(version.is_none_or(|version| version < 3), "validity.template_version")?;
        }
        // V-4.
        require(!(ksp && ecc && self.settings.ecc_keys() == EccKeys::Reject), "validity.key_ecc")
    }

    fn template_from_table(&self, certificate: &Certificate) -> Option<u32> {
        match certificate.template().ok().flatten()? {
            crate::certificate::Template::Later { oid, .. } => self.settings.template_version(&oid),
            crate::certificate::Template::Version1 { .. } => Some(1),
        }
    }

    /// V-5 to V-12: some path is valid and nothing on it is revoked.
    fn chain(&self, candidate: &mut Candidate<'a>) -> Result<(), Code> {
        keep_paths(candidate, |path| self.path_is_valid(path))?;
        keep_paths(candidate, |path| self.path_is_not_revoked(path))
    }

    /// Whether an accessible private key is all that a candidate lacks: then the client names the key.
    fn lacks_only_the_key(&self, candidate: &Candidate<'a>) -> bool {
        let mut candidate = candidate.clone();
        let lacks_the_key = matches!(candidate.stored.private_key(), PrivateKey::Absent | PrivateKey::Inaccessible);
        lacks_the_key
            && self.issuers(&mut candidate).is_ok()
            && self.key(candidate.stored, None).is_ok()
            && self.chain(&mut candidate).is_ok()
            && self.purpose(&mut candidate).is_ok()
            && self.name(&mut candidate).is_ok()
    }

    // ---- Step 4, purpose -----------------------------------------------------------------------------------------

    /// P-1 to P-5, P-7, P-8; or the selector in their place (R-3).
    fn purpose(&self, candidate: &mut Candidate<'a>) -> Result<(), Code> {
        let certificate = candidate.stored.certificate();
        if let Some(criteria) = self.criteria() {
            return self.selected_by(criteria, certificate);
        }
        let by_usage = self.client_authentication(candidate);
        // P-5: in the older rulesets the computer's name is as good, and then P-7 and P-8 do not apply.
        let name_is_enough = self.settings.ruleset() != Ruleset::Cb2107;
        if by_usage.is_err() && name_is_enough && self.issued_to_the_computer(certificate) {
            return Ok(());
        }
        by_usage
    }

    fn client_authentication(&self, candidate: &mut Candidate<'a>) -> Result<(), Code> {
        let certificate = candidate.stored.certificate();
        let said = usages(certificate);
        // P-3: a property of the store intersects with what the certificate says; P-2: nothing said is every purpose.
        let property = candidate.stored.eku_property().map(<[Oid]>::to_vec);
        let allowed = match (said, property) {
            (None, None) => self.settings.no_eku() == NoEku::AllPurposes,
            (said, property) => said.iter().chain(&property).all(|usages| allows_client_authentication(usages)),
        };
        require(allowed, "purpose.not_client_auth")?;
        // P-8: a CA above that has usages without client authentication takes it away.
        keep_paths(candidate, |path| {
            let holds = path.certificates.iter().enumerate().skip(1).all(|(position, ca)| {
                let root = position + 1 == path.certificates.len() && path.end != End::Incomplete;
                let said = if root { None } else { usages(ca) };
                let properties = self.eku_properties(ca);
                said.is_none_or(|usages| allows_client_authentication(&usages))
                    && properties.iter().all(|usages| allows_client_authentication(usages))
            });
            require(holds, "purpose.chain_eku").map_err(|code| (0, code))
        })?;
        // P-7.
        let usage = certificate.key_usage().ok().flatten();
        let ignored = self.settings.key_usage() == KeyUsagePolicy::Ignore;
        require(ignored || usage.is_none_or(|usage| usage.digital_signature()), "purpose.key_usage")
    }

    /// The extended key usage properties that the stores hold for a certificate, copies included.
    fn eku_properties(&self, certificate: &Certificate) -> Vec<&'a [Oid]> {
        let stored = self.stores.entries().filter_map(|(_, entry)| entry.certificate());
        stored.filter(|stored| stored.certificate() == certificate).filter_map(|stored| stored.eku_property()).collect()
    }

    /// P-5: the NetBIOS name or the FQDN equals a CN or a dNSName, without regard to case.
    fn issued_to_the_computer(&self, certificate: &Certificate) -> bool {
        let subject = certificate.subject();
        let mut names: Vec<String> = subject.common_names().map(str::to_owned).collect();
        for value in self.san(certificate) {
            if let GeneralName::Dns(name) = value {
                names.push(name);
            }
        }
        let mut computer = vec![self.machine.netbios_name()];
        computer.extend(self.machine.fqdn());
        names.iter().any(|name| computer.iter().any(|computer| fold(name) == fold(computer)))
    }

    /// A-4: the first value of each kind, or all of them.
    fn san(&self, certificate: &Certificate) -> Vec<GeneralName> {
        let mut values: Vec<GeneralName> = Vec::new();
        for value in certificate.subject_alternative_names().unwrap_or_default() {
            let first = !values.iter().any(|seen| kind(seen) == kind(&value));
            if first || self.settings.san_values() == SanValues::All {
                values.push(value);
            }
        }
        values
    }

    /// Section 6 of the specification.
    fn selected_by(&self, criteria: &Criteria, certificate: &Certificate) -> Result<(), Code> {
        let subject = certificate.subject();
        let san = self.san(certificate);
        match criteria {
            // C-2, C-3: on the subject with case, on the SAN without.
            Criteria::Subject(text) => {
                let mut texts: Vec<String> = subject.common_names().map(str::to_owned).collect();
                texts.extend([subject.simple_name(), subject.x500_string()]);
                let found = texts.iter().any(|one| one == text.as_str())
                    || san.iter().any(|value| fold(&value.to_string()) == fold(text.as_str()));
                require(found, "purpose.subject")
            }
            // C-2, C-4, C-5: without case; the SAN only where CCMSetup asks.
            Criteria::SubjectContains(text) => {
                let searched = self.subject_text(&subject);
                let in_san = self.settings.criteria_source() == CriteriaSource::CcmSetup
                    && san.iter().any(|value| contains(&value.to_string(), text.as_str()));
                require(contains(&searched, text.as_str()) || in_san, "purpose.subject_string")
            }
            // C-2, C-6: every pair, in the subject or in a directoryName of the SAN, with case.
            Criteria::SubjectAttributes(tests) => {
                let mut found = attributes(&subject);
                let mut present: Vec<Oid> = subject.attributes().map(|attribute| attribute.oid().clone()).collect();
                for value in &san {
                    if let GeneralName::Directory(name) = value {
                        found.extend(attributes(name));
                        present.extend(name.attributes().map(|attribute| attribute.oid().clone()));
                    }
                }
                let holds = tests.iter().all(|test| match (test.is_subject_alt_name(), test.value()) {
                    (true, None) => !san.is_empty(),
                    (true, Some(wanted)) => san.iter().any(|value| value.to_string() == wanted),
                    (false, None) => present.contains(test.oid()),
                    (false, Some(wanted)) => found.contains(&(test.oid().clone(), wanted.to_owned())),
                });
                require(holds, "purpose.subject_attribute")
            }
        }
    }

    /// C-4: what is searched for a part of the subject.
    fn subject_text(&self, subject: &DistinguishedName) -> String {
        match self.settings.subject_text() {
            SubjectText::SimpleName => subject.simple_name(),
            SubjectText::X500 => subject.x500_string(),
        }
    }

    // ---- Step 5, the name ----------------------------------------------------------------------------------------

    /// P-6, in the newest ruleset, unless it is waived (R-2) or a selector replaces it (R-3).
    fn name(&self, candidate: &mut Candidate<'a>) -> Result<(), Code> {
        let waived = self.settings.name_check() == NameCheck::Waived;
        let asked = self.settings.ruleset() == Ruleset::Cb2107 && !waived && !self.without_method();
        if !asked || self.criteria().is_some() {
            return Ok(());
        }
        let subject = candidate.stored.certificate().subject();
        let holds = match subject.is_empty() {
            true => self.settings.empty_subject() == EmptySubject::Exempt,
            false => contains(&self.subject_text(&subject), self.machine.netbios_name()),
        };
        require(holds, "name.not_in_subject")
    }

    // ---- Step 6, the ranking -------------------------------------------------------------------------------------

    /// L-1: the longer period, then the later end, then the later beginning, then the smaller thumbprint.
    fn better(&self, a: &Certificate, b: &Certificate) -> std::cmp::Ordering {
        let period = |one: &Certificate| one.not_after().unix_seconds() - one.not_before().unix_seconds();
        let first = match self.settings.longest_by() {
            LongestBy::Period => period(b).cmp(&period(a)),
            LongestBy::NotAfter => std::cmp::Ordering::Equal,
        };
        first
            .then(b.not_after().cmp(&a.not_after()))
            .then(b.not_before().cmp(&a.not_before()))
            .then(a.thumbprint().cmp(&b.thumbprint()))
    }
}

// ---- Chains ----------------------------------------------------------------------------------------------------------

/// A path by names and signatures (I-7): the certificate, its issuer, and so on.
#[derive(Clone)]
struct Path<'a> {
    certificates: Vec<&'a Certificate>,
    end: End,
}

/// Where a path ends, from worst to best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// Nobody was found who issued the last certificate.
    Incomplete,
    /// At a root that is not trusted.
    UntrustedRoot,
    /// At an anchor.
    Anchor,
}

/// How far a path came before it failed: the place of the certificate that failed, and the check.
type Failure = (usize, Code);

/// Keeps the paths that hold. Where none does, the reason is that of the best one: it leads to a better end, or came
/// further up, or further in the order of the checks.
fn keep_paths(candidate: &mut Candidate<'_>, check: impl Fn(&Path<'_>) -> Result<(), Failure>) -> Result<(), Code> {
    let mut best = None;
    candidate.paths.retain(|path| match check(path) {
        Ok(()) => true,
        Err((position, code)) => {
            let order = ORDER.iter().position(|one| *one == code);
            best = best.max(Some((path.end, position, order, code)));
            false
        }
    });
    match best {
        Some((_, _, _, code)) if candidate.paths.is_empty() => Err(code),
        _ => Ok(()),
    }
}

/// The checks of one certificate of a path in the order of V-5, then those of revocation.
const ORDER: [Code; 21] = [
    "validity.disallowed",
    "validity.malformed",
    "validity.no_path",
    "validity.bad_signature",
    "validity.weak_hash",
    "validity.sha1_signature",
    "validity.unknown_algorithm",
    "validity.key_too_short",
    "validity.chain_expired",
    "validity.chain_not_yet_valid",
    "validity.untrusted_root",
    "validity.not_a_ca",
    "validity.path_length",
    "validity.key_usage_cert_sign",
    "validity.critical_extension",
    "validity.no_distribution_point",
    "validity.revocation_unknown",
    "validity.crl_expired",
    "validity.delta_missing",
    "validity.on_hold",
    "validity.revoked",
];

impl<'a> World<'a> {
    /// Every simple path from a certificate to a root; where there is none, the longest ones that lead nowhere (I-5).
    fn paths(&self, leaf: &'a Certificate) -> Vec<Path<'a>> {
        let mut found = Vec::new();
        self.extend(vec![leaf], &mut found);
        if found.iter().any(|path| path.end != End::Incomplete) {
            found.retain(|path| path.end != End::Incomplete);
        } else {
            let longest = found.iter().map(|path| path.certificates.len()).max();
            found.retain(|path| Some(path.certificates.len()) == longest);
        }
        found
    }

    fn extend(&self, certificates: Vec<&'a Certificate>, found: &mut Vec<Path<'a>>) {
        let Some(&top) = certificates.last() else {
            return;
        };
        let anchor = self.is_anchor(top);
        let root = looks_self_signed(top) && (anchor || self.link(top, top) != SignatureResult::Invalid);
        if anchor || root {
            let end = if anchor { End::Anchor } else { End::UntrustedRoot };
            found.push(Path { certificates: certificates.clone(), end });
        }
        if root {
            return;
        }
        let mut leads_on = anchor;
        for issuer in self.named(&top.issuer()) {
            if !certificates.contains(&issuer) && self.link(top, issuer) != SignatureResult::Invalid {
                leads_on = true;
                self.extend([&certificates[..], &[issuer]].concat(), found);
            }
        }
        if !leads_on {
            found.push(Path { certificates, end: End::Incomplete });
        }
    }

    /// The certificates with this subject in any store, each once.
    fn named(&self, subject: &DistinguishedName) -> Vec<&'a Certificate> {
        let mut found: Vec<&Certificate> = Vec::new();
        for (_, entry) in self.stores.entries() {
            if let Some(certificate) = entry.certificate().map(StoredCertificate::certificate)
                && same_name(&certificate.subject(), subject)
                && !found.contains(&certificate)
            {
                found.push(certificate);
            }
        }
        found
    }

    /// V-5: in `ROOT`, and self-signed where the settings ask for it.
    fn is_anchor(&self, certificate: &Certificate) -> bool {
        let wanted = self.settings.anchors() == Anchors::AnyInRoot || looks_self_signed(certificate);
        wanted && self.is_in(StoreName::ROOT, certificate)
    }

    fn is_in(&self, store: &str, certificate: &Certificate) -> bool {
        let ids = self.stores.entries_of(&store.into()).unwrap_or_default();
        ids.iter().filter_map(|id| self.stores.get(*id)).any(|stored| stored.certificate() == certificate)
    }

    /// Whether the issuer's key made the signature; only "no" breaks a path (I-7).
    fn link(&self, child: &Certificate, issuer: &Certificate) -> SignatureResult {
        self.algorithms.verify(&SignatureInput {
            issuer_spki: issuer.spki_der(),
            algorithm: child.signature_algorithm_der(),
            message: child.tbs_der(),
            signature: child.signature(),
        })
    }

    /// V-5, V-11, V-12: from the certificate up to the root, and for each certificate in the order of the checks.
    fn path_is_valid(&self, path: &Path<'_>) -> Result<(), Failure> {
        for (position, certificate) in path.certificates.iter().enumerate() {
            let issuer = path.certificates.get(position + 1).copied();
            self.certificate_is_valid(path, position, certificate, issuer).map_err(|code| (position, code))?;
        }
        Ok(())
    }

    fn certificate_is_valid(
        &self,
        path: &Path<'_>,
        position: usize,
        certificate: &Certificate,
        issuer: Option<&Certificate>,
    ) -> Result<(), Code> {
        require(!self.is_in(StoreName::DISALLOWED, certificate), "validity.disallowed")?;
        // An anchor counts by its name, key and dates alone.
        let root = issuer.is_none() && path.end != End::Incomplete;
        if !root {
            self.signature_is_valid(certificate, issuer)?;
        }
        // V-11.
        let shortest = if self.settings.signature_policy() == SignaturePolicy::Strict { 2048 } else { 1024 };
        match crate::crypto::key_kind(certificate.spki_der()) {
            Ok(KeyKind::Rsa { bits }) if bits < shortest => return Err("validity.key_too_short"),
            Ok(_) => {}
            Err(_) => return Err("validity.malformed"),
        }
        // The dates of the certificate itself are V-1.
        if position > 0 {
            require(self.now <= certificate.not_after(), "validity.chain_expired")?;
            require(certificate.not_before() <= self.now, "validity.chain_not_yet_valid")?;
        }
        if root {
            return require(path.end == End::Anchor, "validity.untrusted_root");
        }
        if position > 0 {
            let malformed = |_| "validity.malformed";
            let constraints = certificate.basic_constraints().map_err(malformed)?;
            let ca = constraints.filter(|constraints| constraints.ca && certificate.version() == 3);
            let ca = ca.ok_or("validity.not_a_ca")?;
            // The CAs that follow, self-issued ones not counted.
            let beneath = path.certificates.get(1..position).unwrap_or_default();
            let count = beneath.iter().filter(|ca| !same_name(&ca.issuer(), &ca.subject())).count();
            require(ca.path_length.is_none_or(|allowed| count <= allowed as usize), "validity.path_length")?;
            let usage = certificate.key_usage().map_err(malformed)?;
            require(usage.is_none_or(|usage| usage.key_cert_sign()), "validity.key_usage_cert_sign")?;
        }
        let understood = |extension: Oid| UNDERSTOOD.contains(&extension.as_bytes());
        let unknown = certificate.extensions().any(|one| one.is_critical() && !understood(one.oid()));
        require(!unknown, "validity.critical_extension")?;
        require(!certificate.has_duplicate_extension(), "validity.malformed")
    }

    fn signature_is_valid(&self, certificate: &Certificate, issuer: Option<&Certificate>) -> Result<(), Code> {
        let algorithm = certificate.signature_algorithm_der();
        require(algorithm == certificate.inner_signature_algorithm_der(), "validity.malformed")?;
        let Some(issuer) = issuer else {
            // Others have the name, but none has the key; or nobody has the name.
            let mut named = self.named(&certificate.issuer());
            named.retain(|ca| *ca != certificate);
            let links = |ca: &&Certificate| self.link(certificate, ca) != SignatureResult::Invalid;
            let forged = !named.is_empty() && !named.iter().any(links);
            return Err(if forged { "validity.bad_signature" } else { "validity.no_path" });
        };
        match crate::crypto::signature_hash(algorithm) {
            Some(HashAlgorithm::Md2 | HashAlgorithm::Md4 | HashAlgorithm::Md5) => return Err("validity.weak_hash"),
            Some(HashAlgorithm::Sha1) if self.settings.signature_policy() == SignaturePolicy::Strict => {
                return Err("validity.sha1_signature");
            }
            _ => {}
        }
        match self.link(certificate, issuer) {
            SignatureResult::Valid => Ok(()),
            SignatureResult::Invalid => Err("validity.bad_signature"),
            SignatureResult::Unknown { .. } | SignatureResult::KeyTooLong { .. } => Err("validity.unknown_algorithm"),
            SignatureResult::Malformed(_) => Err("validity.malformed"),
        }
    }
}

/// Issuer and subject are equal, and so are the key identifiers where the certificate names its issuer's (V-5).
fn looks_self_signed(certificate: &Certificate) -> bool {
    let authority = certificate.authority_key_identifier().ok().flatten().and_then(|aki| aki.key_identifier);
    let own = certificate.subject_key_identifier().ok().flatten();
    same_name(&certificate.issuer(), &certificate.subject()) && (authority.is_none() || authority == own)
}

/// The extensions that rules of this module read, or that say nothing about a path.
const UNDERSTOOD: [&[u8]; 13] = [
    oid::BASIC_CONSTRAINTS,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::CERTIFICATE_POLICIES,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::FRESHEST_CRL,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::AUTHORITY_INFO_ACCESS,
    oid::MS_TEMPLATE,
    oid::MS_TEMPLATE_NAME,
    oid::MS_APPLICATION_POLICIES,
];

// ---- Matching --------------------------------------------------------------------------------------------------------

/// C-7: simple case folding, a character at a time.
fn fold(text: &str) -> String {
    let one =
        |c: char| unicode_case_mapping::case_folded(c).and_then(|folded| char::from_u32(folded.get())).unwrap_or(c);
    text.chars().map(one).collect()
}

/// Whether a text contains another at any place, without regard to case.
fn contains(text: &str, part: &str) -> bool {
    let (text, part): (Vec<char>, Vec<char>) = (fold(text).chars().collect(), fold(part).chars().collect());
    (0..=text.len()).any(|start| text.get(start..start + part.len()) == Some(&part[..]))
}

/// The attributes of a name that are texts.
fn attributes(name: &DistinguishedName) -> Vec<(Oid, String)> {
    let text = |one: &crate::NameAttribute| Some((one.oid().clone(), one.value().as_text()?.to_owned()));
    name.attributes().filter_map(text).collect()
}

/// RFC 5280 7.1: the same attributes, whatever their string type, case and blanks.
fn same_name(a: &DistinguishedName, b: &DistinguishedName) -> bool {
    let words = |text: &str| fold(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let rdns = |name: &DistinguishedName| -> Vec<Vec<(Oid, String)>> {
        let value = |one: &crate::NameAttribute| match one.value().as_text() {
            Some(text) => words(text),
            None => one.value().to_string(),
        };
        let rdns = name.rdns().iter().map(|rdn| {
            let mut members: Vec<_> = rdn.attributes().iter().map(|one| (one.oid().clone(), value(one))).collect();
            members.sort();
            members
        });
        rdns.collect()
    };
    rdns(a) == rdns(b)
}

/// P-4: application policies, where present, are used in place of the extended key usage.
fn usages(certificate: &Certificate) -> Option<Vec<Oid>> {
    let policies = certificate.application_policies().ok().flatten();
    policies.or_else(|| certificate.extended_key_usage().ok().flatten())
}

fn allows_client_authentication(usages: &[Oid]) -> bool {
    usages.iter().any(|usage| [oid::CLIENT_AUTH, oid::ANY_EXTENDED_KEY_USAGE].contains(&usage.as_bytes()))
}

/// The kind of a general name, of which A-4 counts the first; other names differ by their type.
fn kind(name: &GeneralName) -> (u8, Option<&Oid>) {
    match name {
        GeneralName::Other(oid, _) => (0, Some(oid)),
        GeneralName::Upn(_) => (1, None),
        GeneralName::Rfc822(_) => (2, None),
        GeneralName::Dns(_) => (3, None),
        GeneralName::Directory(_) => (4, None),
        GeneralName::Uri(_) => (5, None),
        GeneralName::Ip(_) => (6, None),
        GeneralName::RegisteredId(_) => (7, None),
        GeneralName::Unread(tag, _) => (8 + tag, None),
    }
}
// ---- Revocation ------------------------------------------------------------------------------------------------------

impl<'a> World<'a> {
    /// V-7: every certificate of the path except the root, from the certificate up.
    fn path_is_not_revoked(&self, path: &Path<'_>) -> Result<(), Failure> {
        if self.settings.revocation() == Revocation::Off {
            return Ok(());
        }
        for position in 0..path.certificates.len().saturating_sub(1) {
            self.status(&path.certificates[position..], &[]).or_else(|code| {
                // V-8: as if revoked, unless the settings say otherwise.
                let known = ["validity.revoked", "validity.on_hold"].contains(&code);
                let accepted = self.settings.unknown_status() == UnknownStatus::Accept;
                require(accepted && !known, code).map_err(|code| (position, code))
            })?;
        }
        Ok(())
    }

    /// The status of the first certificate of a path. `asked` are those whose status hangs on the answer.
    fn status(&self, path: &[&Certificate], asked: &[&Certificate]) -> Result<(), Code> {
        let [certificate, issuer, ..] = path else {
            return Err("validity.revocation_unknown");
        };
        let signers = self.signers(issuer, &path[1..], &[asked, &[certificate]].concat());
        // V-9: of the CA, signed by it, and nothing in it that is not understood.
        let mut crls: Vec<&Crl> = self.crls.iter().collect();
        crls.retain(|crl| same_name(&crl.issuer(), &certificate.issuer()));
        crls.retain(|crl| crl.unknown_critical_extension().is_none());
        crls.retain(|crl| signers.iter().any(|signer| self.signed(crl, signer)));
        // V-8, V-9: in date, which a CRL without nextUpdate never is.
        let expired = crls.iter().any(|crl| !crl.is_delta() && crl.next_update().is_some_and(|next| next < self.now));
        crls.retain(|crl| crl.this_update() <= self.now);
        crls.retain(|crl| crl.next_update().is_some_and(|next| self.now <= next));
        // Of several of one signer the highest number counts, then the latest, then the smaller bytes.
        let best_first = |a: &&Crl, b: &&Crl| {
            (b.number(), b.this_update(), a.as_der()).cmp(&(a.number(), a.this_update(), b.as_der()))
        };
        let (mut deltas, mut bases): (Vec<&Crl>, Vec<&Crl>) = crls.into_iter().partition(|crl| crl.is_delta());
        bases.sort_by(best_first);
        deltas.sort_by(best_first);
        let published = certificate.extensions().any(|one| one.oid().as_bytes() == oid::CRL_DISTRIBUTION_POINTS);
        let mut unknown = match (expired, published) {
            (true, _) => "validity.crl_expired",
            (false, true) => "validity.revocation_unknown",
            (false, false) => "validity.no_distribution_point",
        };
        let mut heard: Vec<&[u8]> = Vec::new();
        for base in bases {
            let Some(signer) = signers.iter().find(|signer| self.signed(base, signer)) else {
                continue;
            };
            if heard.contains(&signer.spki_der()) {
                continue;
            }
            heard.push(signer.spki_der());
            // A delta of the same key, of this base or an earlier one; it says something where it goes beyond the base.
            let mut deltas = deltas.clone();
            deltas.retain(|delta| self.signed(delta, signer));
            deltas.retain(|delta| base.number().is_some() && delta.base_number() <= base.number());
            let missing = deltas.is_empty() && base.names_freshest_crl();
            deltas.retain(|delta| base.number() < delta.number());
            let changed = deltas.first().and_then(|delta| reason(delta, certificate));
            match changed.or_else(|| reason(base, certificate)) {
                Some(RevocationReason::CertificateHold) => return Err("validity.on_hold"),
                None | Some(RevocationReason::RemoveFromCrl) => {
                    // To clear a certificate, a base that names a freshest CRL needs a current delta.
                    if !missing || self.settings.delta_crl() == DeltaCrl::Optional {
                        return Ok(());
                    }
                    unknown = "validity.delta_missing";
                }
                Some(_) => return Err("validity.revoked"),
            }
        }
        Err(unknown)
    }

    /// V-9: the issuer itself; or every certificate of its name above it, whose status is looked at in its turn, and
    /// every other one whose own path leads to the same root, and holds.
    fn signers(
        &self,
        issuer: &'a Certificate,
        above: &[&'a Certificate],
        asked: &[&Certificate],
    ) -> Vec<&'a Certificate> {
        let mut signers = vec![issuer];
        if self.settings.crl_signer() == CrlSigner::SameName {
            signers.extend(above.iter().filter(|ca| same_name(&ca.subject(), &issuer.subject())));
            let root = above.last().copied();
            let leads_there = |path: &Path<'_>| {
                let below_root = path.certificates.len().saturating_sub(1);
                path.certificates.last().copied() == root
                    && self.path_is_valid(path).is_ok()
                    && (0..below_root).all(|position| {
                        !asked.contains(&path.certificates[position])
                            && self.status(&path.certificates[position..], asked).is_ok()
                    })
            };
            let named = self.named(&issuer.subject());
            signers.extend(named.into_iter().filter(|signer| self.paths(signer).iter().any(leads_there)));
        }
        signers.retain(|signer| match signer.key_usage() {
            Ok(usage) => usage.is_none_or(|usage| usage.crl_sign()),
            Err(_) => false,
        });
        signers
    }

    fn signed(&self, crl: &Crl, signer: &Certificate) -> bool {
        let signature = SignatureInput {
            issuer_spki: signer.spki_der(),
            algorithm: crl.signature_algorithm_der(),
            message: crl.tbs_der(),
            signature: crl.signature(),
        };
        crl.signature_algorithm_der() == crl.inner_signature_algorithm_der()
            && self.algorithms.verify(&signature) == SignatureResult::Valid
    }
}

/// Why a CRL says that a certificate is revoked, if it does.
fn reason(crl: &Crl, certificate: &Certificate) -> Option<RevocationReason> {
    crl.entries().find(|entry| entry.serial_number() == certificate.serial_number()).map(|entry| entry.reason())
}
