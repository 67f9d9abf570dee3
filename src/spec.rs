//! The specification, executable: the selection in its documented order, as naive as it can be written.
//!
//! The engine ([`Selector`](crate::Selector)) is lazy, indexed and remembers signatures. This module is not: it drops
//! the certificates that a rule excludes, step by step. It shares data types with the engine and nothing else:
//! chains are found by listing all simple paths, CRLs are searched line by line. Tests compare both.
//!
//! Out of its scope are name constraints, certificate policies, and CRLs that cover only a part of a CA's certificates:
//! other validators judge the engine there. **The work is not bounded**, since only the engine has budgets (V-10).
//!
//! ```
//! use ccmcertsel::{Algorithms, Machine, Settings, Stores, spec};
//!
//! let (stores, machine, settings) = (&Stores::builder().build(), &Machine::new("PC1"), &Settings::default());
//! let (algorithms, now) = (&Algorithms::rust_crypto(), "2026-01-15T09:00:00Z".parse()?);
//! let answer: spec::Answer = spec::select(&spec::World { stores, crls: &[], machine, settings, algorithms, now });
//! assert_eq!(answer.outcome.selected(), None);
//! # Ok::<(), ccmcertsel::ValueError>(())
//! ```

use crate::certificate::{Certificate, Extension, GeneralName, Template};
use crate::computer::{DeviceKind, Machine};
use crate::crypto::{Algorithms, HashAlgorithm, SignatureResult, key_kind, signature_hash};
use crate::name::{DistinguishedName, NameAttribute};
use crate::oid::{self, Oid};
use crate::revocation::{Crl, RevocationReason::CertificateHold, RevocationReason::RemoveFromCrl};
use crate::rules::Step;
use crate::select::{NothingReason, Outcome};
use crate::settings::*;
use crate::store::{CertId, Enumeration::Listed, KeyProvider, PrivateKey, StoreName, StoredCertificate, Stores};
use crate::text::{Criteria, CriteriaKind, Issuer, IssuersList};
use std::cmp::Reverse;

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
    pub now: crate::time::Timestamp,
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
type Code = &'static str;

/// A certificate that is judged, and its one chain (I-7).
#[derive(Clone)]
struct Candidate<'a> {
    id: CertId,
    stored: StoredCertificate,
    chain: Path<'a>,
}

/// A path by names and signatures: the certificate, its issuer, and so on.
#[derive(Clone)]
struct Path<'a> {
    certificates: Vec<&'a Certificate>,
    end: End,
}

/// Where a path ends, from worst to best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Incomplete, // nobody was found who issued the last certificate
    UntrustedRoot,
    Anchor,
}

/// A step of the selection: whether a candidate passes, or the code of its rejection.
type Check<'a> = fn(&World<'a>, &Candidate<'a>) -> Result<(), Code>;

fn require(holds: bool, code: Code) -> Result<(), Code> {
    if holds { Ok(()) } else { Err(code) }
}

/// Who would be the client's choice, and the first rejection of everyone else.
pub fn select(world: &World<'_>) -> Answer {
    // R-4: macOS and mobile devices have no issuers list, selector, name check or ranking.
    let plain = world.settings.clone().with_issuers(None::<IssuersList>).with_criteria(None::<Criteria>);
    let plain = plain.with(NameCheck::Waived);
    let settings = if world.machine.device() == DeviceKind::MacOrMobile { &plain } else { world.settings };
    let world = World { settings, ..*world };
    let mut rejections = world.shown().into_iter().map(|id| (id, None)).collect();
    Answer { outcome: world.outcome(&mut rejections), rejections }
}

impl<'a> World<'a> {
    /// The steps that a candidate passes or not. Step 2, the store, makes the candidates; step 6 ranks what is left.
    const STEPS: [(Step, Check<'a>); 4] = [
        (Step::Issuers, Self::issuers),
        (Step::Validity, Self::validity),
        (Step::Purpose, Self::purpose),
        (Step::Name, Self::name),
    ];

    /// The selection, which notes the first rejection of each certificate.
    fn outcome(&self, rejections: &mut Vec<(CertId, Option<Code>)>) -> Outcome {
        let mut passes = |id: CertId, check: Result<(), Code>| {
            for (_, first) in rejections.iter_mut().filter(|(shown, _)| *shown == id) {
                *first = first.or(check.err());
            }
            check.is_ok()
        };

        // Step 2, the store (T-1, T-6), comes first here because the other steps look at candidates.
        let chosen = self.settings.store();
        let mut candidates = Vec::new();
        for (id, stored) in self.stores.certificates() {
            candidates.push(Candidate { id, stored: stored.clone(), chain: self.chain(stored.certificate()) });
        }
        self.stores.unreadable().for_each(|(id, _)| _ = passes(id, Err("store.unreadable"))); // T-5
        candidates.retain(|one| passes(one.id, require(one.stored.enumeration() == Listed, "store.archived"))); // T-7
        // T-4: others are judged only for the explanation, and the issuers come before the store.
        let here = |id| self.stores.store_of(id) == Some(chosen);
        let sms = |id| self.stores.store_of(id) == Some(&StoreName::new("SMS"));
        let other = |id| if sms(id) { "store.configuration_manager" } else { "store.other_store" };
        candidates.retain(|one| here(one.id) || passes(one.id, self.issuers(one).and(Err(other(one.id)))));
        if candidates.is_empty() {
            let exists = self.stores.entries_of(chosen).is_some();
            let reason = if exists { NothingReason::StoreEmpty } else { NothingReason::StoreMissing }; // T-3, T-2
            return Outcome::Nothing { emptied_at: Some(Step::Store), reason };
        }

        // Steps 1, 3, 4 and 5.
        let enumerated = candidates.clone();
        for (step, check) in Self::STEPS {
            candidates.retain(|candidate| passes(candidate.id, check(self, candidate)));
            if candidates.is_empty() {
                let reason = match step {
                    Step::Issuers => NothingReason::IssuersWithoutMatch, // I-3: at once, whatever else is missing
                    _ if enumerated.iter().any(|one| self.lacks_only_the_key(one)) => NothingReason::PrivateKeyMissing,
                    _ => NothingReason::NothingMatched,
                };
                return Outcome::Nothing { emptied_at: Some(step), reason };
            }
        }

        // Step 6, the ranking (L-1, R-4): the longer period, the later end, the later beginning, the lower thumbprint.
        let ranked = self.machine.device() == DeviceKind::Windows;
        if ranked {
            let by_period = self.settings.longest_by() == LongestBy::Period;
            candidates.sort_by_key(|one| {
                let certificate = one.stored.certificate();
                let (begin, end) = (certificate.not_before().unix_seconds(), certificate.not_after().unix_seconds());
                let period = if by_period { end - begin } else { 0 };
                (Reverse(period), Reverse(end), Reverse(begin), certificate.thumbprint())
            });
        }
        let ids: Vec<CertId> = candidates.iter().map(|candidate| candidate.id).collect();
        if ranked && ids.len() > 1 && self.settings.on_multiple() == OnMultiple::Fail {
            ids.iter().for_each(|id| _ = passes(*id, Err("longest.ambiguous"))); // L-2
            return Outcome::Ambiguous(ids);
        }
        ids.iter().skip(1).for_each(|id| _ = passes(*id, Err("longest.outranked")));
        Outcome::Selected(ids[0])
    }

    /// Whether an accessible private key is all that a candidate lacks: then the client names the key (0x87D00283).
    fn lacks_only_the_key(&self, candidate: &Candidate<'a>) -> bool {
        let stored = candidate.stored.clone().with_private_key(PrivateKey::Unknown);
        let with_key = Candidate { stored, ..candidate.clone() };
        matches!(candidate.stored.private_key(), PrivateKey::Absent | PrivateKey::Inaccessible)
            && Self::STEPS.iter().all(|(_, check)| check(self, &with_key).is_ok())
    }

    /// T-6: the chosen store, then the other stores except those that hold trust material.
    fn shown(&self) -> Vec<CertId> {
        let known = [StoreName::ROOT, StoreName::CA, StoreName::DISALLOWED].map(StoreName::from);
        let trust_material = |name: &StoreName| known.contains(name) || fold(name.as_str()).starts_with("trusted");
        let chosen = self.settings.store();
        let others = self.stores.names().filter(|name| *name != chosen && !trust_material(name));
        let stores = std::iter::once(chosen).chain(others).filter_map(|name| self.stores.entries_of(name));
        stores.flatten().copied().collect()
    }

    /// Step 1, the issuers (I-1 to I-7): the chain leads to a listed one.
    fn issuers(&self, candidate: &Candidate<'a>) -> Result<(), Code> {
        let Some(list) = self.settings.issuers() else {
            return Ok(()); // I-2: no list
        };
        let is_listed = |entry: &Issuer, ca: &Certificate| match entry {
            // I-4: every listed attribute is in the subject, case-sensitively, in any order.
            Issuer::Attributes(listed) => {
                let name = ca.subject();
                let (mut subject, whole) = (attributes(&name), self.settings.issuer_match() == IssuerMatch::WholeName);
                let mut listed: Vec<_> = listed.iter().map(|one| (one.oid(), Some(one.value()))).collect();
                listed.sort();
                subject.sort();
                if whole { listed == subject } else { listed.iter().all(|one| subject.contains(one)) }
            }
            // I-6: the same subject and the same public key.
            Issuer::Root(root) => same_name(root.subject(), &ca.subject()) && root.public_key_der() == ca.spki_der(),
        };
        // I-5: the last certificate, or every CA of the chain.
        let chain = &candidate.chain.certificates;
        let any_ca = self.settings.issuer_scope() == IssuerScope::AnyCaInChain;
        let compared = &chain[if any_ca { 1.min(chain.len() - 1) } else { chain.len() - 1 }..];
        let complete = candidate.chain.end != End::Incomplete;
        let code = if complete { "issuers.not_listed" } else { "issuers.incomplete_chain" };
        require(compared.iter().any(|ca| list.iter().any(|entry| is_listed(entry, ca))), code)
    }

    /// Step 3, validity (V-0): dates, key, template and provider, then chain and revocation.
    fn validity(&self, candidate: &Candidate<'a>) -> Result<(), Code> {
        let (stored, settings) = (&candidate.stored, self.settings);
        let (certificate, key) = (stored.certificate(), stored.private_key());
        require(certificate.not_before() <= self.now, "validity.not_yet_valid")?; // V-1: both ends are inclusive
        require(self.now <= certificate.not_after(), "validity.expired")?;
        // V-2: a key of which nothing is known passes.
        require(key != PrivateKey::Absent, "validity.key_absent")?;
        require(key != PrivateKey::Inaccessible, "validity.key_inaccessible")?;
        // V-4: no CSP holds ECC keys, so an ECC key of unknown provider counts as KSP.
        let ecc = key_kind(certificate.spki_der()).is_ok_and(|kind| kind.is_ecc());
        let stated = key.provider().filter(|provider| *provider != KeyProvider::Unknown);
        let ksp = stated.map_or(ecc, |provider| provider == KeyProvider::Ksp);
        // V-3, V-4: such a client opens keys through CryptoAPI only.
        let old = settings.ruleset() == Ruleset::Cb1706;
        require(!ksp || !(old || settings.cng_keys() == CngKeys::Off), "validity.key_storage_provider")?;
        // V-3: the schema version is not in the certificate; it is stated, or looked up by the template's identifier.
        let version = stored.template_schema().or_else(|| match certificate.template().ok()?? {
            Template::Later { oid, .. } => settings.template_version(&oid),
            Template::Version1 { .. } => Some(1),
        });
        require(!old || version.is_none_or(|version| version < 3), "validity.template_version")?;
        require(!(ksp && ecc) || settings.ecc_keys() == EccKeys::Accept, "validity.key_ecc")?; // V-4
        let chain = &candidate.chain;
        self.first_failure(chain).map_or(Ok(()), |(.., code)| Err(code))?; // V-5, V-11, V-12
        // V-7 to V-9, from the root down, so that the fault nearest the root is the reason.
        (0..chain.certificates.len() - 1).rev().try_for_each(|place| self.is_not_revoked(chain, place))
    }

    /// Step 4, the purpose: P-1 to P-5, P-7 and P-8, or the selector in their place (R-3).
    fn purpose(&self, candidate: &Candidate<'a>) -> Result<(), Code> {
        let certificate = candidate.stored.certificate();
        if let Some(criteria) = self.settings.criteria() {
            return self.selected_by(criteria, certificate);
        }
        // P-5: in the older rulesets it is as good that a CN or a dNSName equals the NetBIOS name or the FQDN.
        let mut names: Vec<String> = certificate.subject().common_names().map(fold).collect();
        names.extend(self.san(certificate).iter().filter_map(GeneralName::as_dns).map(fold));
        let mut computer = [Some(self.machine.netbios_name()), self.machine.fqdn()].into_iter().flatten();
        if self.settings.ruleset() != Ruleset::Cb2107 && computer.any(|name| names.contains(&fold(name))) {
            return Ok(());
        }
        let allowed = match (usages(certificate), candidate.stored.eku_property()) {
            // P-2: nothing said is every purpose.
            (None, None) => self.settings.no_eku() == NoEku::AllPurposes,
            // P-3: a property of the store intersects with what the certificate says.
            (said, property) => said.is_none_or(|said| names_client(&said)) && property.is_none_or(names_client),
        };
        require(allowed, "purpose.not_client_auth")?;
        // P-8: a CA above that has usages without client authentication takes it away; so does a property of any copy
        // in the stores. A root's own extension is not evaluated (V-5).
        let chain = &candidate.chain;
        for (place, ca) in chain.certificates.iter().copied().enumerate().skip(1) {
            let root = chain.end != End::Incomplete && place + 1 == chain.certificates.len();
            let said = usages(ca).filter(|_| !root);
            let copies = self.stores.certificates().filter(|(_, stored)| stored.certificate() == ca);
            let mut properties = copies.filter_map(|(_, stored)| stored.eku_property());
            let holds = said.is_none_or(|said| names_client(&said)) && properties.all(names_client);
            require(holds, "purpose.chain_eku")?;
        }
        // P-7.
        let allowed = certificate.key_usage().ok().flatten().is_none_or(|usage| usage.digital_signature());
        require(allowed || self.settings.key_usage() == KeyUsagePolicy::Ignore, "purpose.key_usage")
    }

    /// A-4: the first value of each kind, or all of them; other names differ by their type.
    fn san(&self, certificate: &Certificate) -> Vec<GeneralName> {
        let mut kinds = std::collections::HashSet::new();
        let mut values = certificate.subject_alternative_names().unwrap_or_default();
        let all = self.settings.san_values() == SanValues::All;
        values.retain(|value| kinds.insert((value.tag(), value.other_type().cloned())) || all);
        values
    }

    /// The selectors (C-1 to C-7).
    fn selected_by(&self, criteria: &Criteria, certificate: &Certificate) -> Result<(), Code> {
        let (subject, san) = (certificate.subject(), self.san(certificate));
        match criteria.kind() {
            // C-2, C-3: on the subject with case, on the SAN without.
            CriteriaKind::Subject(text) => {
                let text = text.as_str();
                let on_subject = subject.common_names().any(|name| name == text)
                    || [subject.to_simple_name(), subject.to_x500_string()].iter().any(|name| name == text);
                let on_san = san.iter().any(|value| fold(&value.to_string()) == fold(text));
                require(on_subject || on_san, "purpose.subject")
            }
            // C-2, C-4, C-5: without case; the SAN only where CCMSetup asks.
            CriteriaKind::SubjectContains(text) => {
                let on_subject = contains(&self.subject_text(&subject), text.as_str());
                let on_san = san.iter().any(|value| contains(&value.to_string(), text.as_str()));
                let searched = self.settings.criteria_source() == CriteriaSource::CcmSetup;
                require(on_subject || (on_san && searched), "purpose.subject_string")
            }
            // C-2, C-6: every pair, in the subject or in a directoryName of the SAN, with case.
            CriteriaKind::SubjectAttributes(pairs) => {
                let mut found = attributes(&subject);
                found.extend(san.iter().filter_map(GeneralName::as_directory).flat_map(attributes));
                let holds = pairs.iter().all(|pair| match (pair.is_subject_alt_name(), pair.value()) {
                    (true, None) => !san.is_empty(),
                    (true, Some(wanted)) => san.iter().any(|value| value.to_string() == wanted),
                    (false, None) => found.iter().any(|(oid, _)| *oid == pair.oid()),
                    (false, wanted) => found.contains(&(pair.oid(), wanted)),
                });
                require(holds, "purpose.subject_attribute")
            }
        }
    }

    /// C-4: what is searched for a part of the subject.
    fn subject_text(&self, name: &DistinguishedName) -> String {
        if self.settings.subject_text() == SubjectText::X500 { name.to_x500_string() } else { name.to_simple_name() }
    }

    /// Step 5, the name: P-6, in the newest ruleset, unless it is waived (R-2) or a selector replaces it (R-3).
    fn name(&self, candidate: &Candidate<'a>) -> Result<(), Code> {
        let asked = self.settings.ruleset() == Ruleset::Cb2107 && self.settings.name_check() != NameCheck::Waived;
        let subject = candidate.stored.certificate().subject();
        let exempt = subject.is_empty() && self.settings.empty_subject() == EmptySubject::Exempt;
        let named = contains(&self.subject_text(&subject), self.machine.netbios_name());
        require(!asked || self.settings.criteria().is_some() || exempt || named, "name.not_in_subject")
    }

    // ---- Chains --------------------------------------------------------------------------------------------------

    /// I-7: the one chain of a certificate. To a trusted root; valid; of what does not hold the one whose first failure
    /// comes latest; the shortest; the one that begins latest, leaf upward; the smaller thumbprints.
    fn chain(&self, leaf: &'a Certificate) -> Path<'a> {
        let mut paths = self.paths(leaf);
        paths.sort_by_cached_key(|path| {
            let failure = self.first_failure(path);
            let begins: Vec<_> = path.certificates.iter().map(|one| Reverse(one.not_before())).collect();
            let thumbprints: Vec<_> = path.certificates.iter().map(|one| one.thumbprint()).collect();
            (Reverse(path.end), failure.is_some(), Reverse(failure), begins.len(), begins, thumbprints)
        });
        paths.swap_remove(0)
    }

    /// V-5: the place and the check, counted in their order, at which a path fails first, and its code.
    fn first_failure(&self, path: &Path<'_>) -> Option<(usize, Option<usize>, Code)> {
        let rank = |code| ORDER.concat().iter().position(|one| *one == code);
        let failure = |place| self.is_valid(path, place).err().map(|code| (place, rank(code), code));
        (0..path.certificates.len()).find_map(failure)
    }

    /// I-5: the complete paths of a certificate; where there is none, the longest ones that lead nowhere.
    fn paths(&self, leaf: &'a Certificate) -> Vec<Path<'a>> {
        let reach = |path: &Path<'_>| if path.end == End::Incomplete { path.certificates.len() } else { usize::MAX };
        let mut paths = self.paths_from(&[leaf]);
        let furthest = paths.iter().map(reach).max();
        paths.retain(|path| Some(reach(path)) == furthest);
        paths
    }

    /// Every simple path that begins so; a root ends it, and an anchor that is not a root may go on.
    fn paths_from(&self, start: &[&'a Certificate]) -> Vec<Path<'a>> {
        let top = start[start.len() - 1];
        // V-5: an anchor is in `ROOT` and is self-signed: equal names, and key identifiers where it has both.
        let authority = top.authority_key_identifier().ok().flatten().and_then(|aki| aki.key_identifier);
        let same_key = authority.is_none() || authority == top.subject_key_identifier().ok().flatten();
        let self_signed = same_key && same_name(&top.issuer(), &top.subject());
        let anchor = (self_signed || self.settings.anchors() == Anchors::AnyInRoot) && self.is_in(StoreName::ROOT, top);
        let mut issuers = self.named(&top.issuer());
        issuers.retain(|issuer| *issuer != top && self.is_link(top, issuer));
        // A key that is not understood proves no root where there is another issuer.
        let own = self.algorithms.verify(&top.signature_under(top)) == SignatureResult::Valid || issuers.is_empty();
        let root = self_signed && (anchor || own && self.is_link(top, top));
        let path = |end| Path { certificates: start.to_vec(), end };
        let end = if anchor { End::Anchor } else { End::UntrustedRoot };
        let mut paths = if anchor || root { vec![path(end)] } else { Vec::new() };
        issuers.retain(|issuer| !root && !start.contains(issuer));
        paths.extend(issuers.iter().flat_map(|issuer| self.paths_from(&[start, &[*issuer]].concat())));
        if paths.is_empty() { vec![path(End::Incomplete)] } else { paths }
    }

    /// The certificates of any store with this subject.
    fn named(&self, subject: &DistinguishedName) -> Vec<&'a Certificate> {
        let all = self.stores.certificates().map(|(_, stored)| stored.certificate());
        all.filter(|certificate| same_name(&certificate.subject(), subject)).collect()
    }

    fn is_in(&self, store: &str, certificate: &Certificate) -> bool {
        let ids = self.stores.entries_of(&store.into()).unwrap_or_default();
        ids.iter().filter_map(|id| self.stores.get(*id)).any(|stored| stored.certificate() == certificate)
    }

    /// I-7: only a signature that verifies as false makes no link.
    fn is_link(&self, child: &Certificate, issuer: &Certificate) -> bool {
        self.algorithms.verify(&child.signature_under(issuer)) != SignatureResult::Invalid
    }

    /// V-5, V-11, V-12: one certificate of a path, in the order of the checks.
    fn is_valid(&self, path: &Path<'_>, place: usize) -> Result<(), Code> {
        let certificate = path.certificates[place];
        let strict = self.settings.signature_policy() == SignaturePolicy::Strict;
        require(!self.is_in(StoreName::DISALLOWED, certificate), "validity.disallowed")?;
        // Only the name, key and dates of an anchor count.
        let root = path.end != End::Incomplete && place + 1 == path.certificates.len();
        if !root {
            let algorithm = certificate.signature_algorithm_der();
            require(algorithm == certificate.inner_signature_algorithm_der(), "validity.malformed")?;
            let Some(issuer) = path.certificates.get(place + 1) else {
                // Nobody has the issuer's name; or others have it, but none has the key.
                let mut named = self.named(&certificate.issuer());
                named.retain(|ca| *ca != certificate);
                let forged = !named.is_empty() && !named.iter().any(|ca| self.is_link(certificate, ca));
                return Err(if forged { "validity.bad_signature" } else { "validity.no_path" });
            };
            // V-11 before the arithmetic, then V-12.
            let hash = signature_hash(algorithm);
            let broken = matches!(hash, Some(HashAlgorithm::Md2 | HashAlgorithm::Md4 | HashAlgorithm::Md5));
            require(!broken, "validity.weak_hash")?;
            require(!strict || hash != Some(HashAlgorithm::Sha1), "validity.sha1_signature")?;
            match self.algorithms.verify(&certificate.signature_under(issuer)) {
                SignatureResult::Valid => Ok(()),
                SignatureResult::Invalid => Err("validity.bad_signature"),
                SignatureResult::Malformed(_) => Err("validity.malformed"),
                _ => Err("validity.unknown_algorithm"),
            }?;
        }
        let bits = key_kind(certificate.spki_der()).or(Err("validity.malformed"))?.rsa_bits();
        require(bits.is_none_or(|bits| bits >= if strict { 2048 } else { 1024 }), "validity.key_too_short")?; // V-11
        // The dates of the certificate itself are V-1.
        require(place == 0 || self.now <= certificate.not_after(), "validity.chain_expired")?;
        require(place == 0 || certificate.not_before() <= self.now, "validity.chain_not_yet_valid")?;
        if root {
            return require(path.end == End::Anchor, "validity.untrusted_root");
        }
        if place > 0 {
            let constraints = certificate.basic_constraints().or(Err("validity.malformed"))?;
            let ca = constraints.filter(|constraints| constraints.ca && certificate.version() == 3);
            let allowed = ca.ok_or("validity.not_a_ca")?.path_length;
            // The CAs that follow, self-issued ones not counted.
            let beneath = path.certificates[1..place].iter().filter(|ca| !same_name(&ca.issuer(), &ca.subject()));
            require(allowed.is_none_or(|allowed| beneath.count() <= allowed as usize), "validity.path_length")?;
            let usage = certificate.key_usage().or(Err("validity.malformed"))?;
            require(usage.is_none_or(|usage| usage.key_cert_sign()), "validity.key_usage_cert_sign")?;
        }
        let damaged = |one: &Extension<'_>| one.is_critical() && certificate.check_extension(one).is_err();
        require(!certificate.extensions().any(|one| damaged(&one)), "validity.malformed")?;
        let understood = |extension: Oid| UNDERSTOOD.concat().contains(&extension.as_bytes());
        let unknown = certificate.extensions().any(|one| one.is_critical() && !understood(one.oid()));
        require(!unknown, "validity.critical_extension")?;
        require(!certificate.has_duplicate_extension(), "validity.malformed")
    }

    // ---- Revocation ----------------------------------------------------------------------------------------------

    /// V-7: every certificate of the path except the root.
    fn is_not_revoked(&self, path: &Path<'_>, place: usize) -> Result<(), Code> {
        let checked = self.settings.revocation() == Revocation::Check && place + 1 < path.certificates.len();
        let status = if checked { self.status(&path.certificates[place..], &[]) } else { Ok(()) };
        // V-8: as if revoked, unless the settings say otherwise.
        let known = matches!(status, Err("validity.revoked" | "validity.on_hold"));
        status.or_else(|code| require(!known && self.settings.unknown_status() == UnknownStatus::Accept, code))
    }

    /// The status of the first certificate of a path. `asked` are those whose status depends on the answer.
    fn status(&self, path: &[&Certificate], asked: &[&Certificate]) -> Result<(), Code> {
        let certificate = path[0];
        require(!asked.contains(&certificate), "validity.revocation_unknown")?;
        let signers = self.signers(path, &[asked, &[certificate]].concat());
        let signed = |crl: &Crl, ca| self.algorithms.verify(&crl.signature_under(ca)) == SignatureResult::Valid;
        let signer = |crl: &Crl| signers.iter().find(|ca| signed(crl, ca)).map(|ca| ca.spki_der());
        // V-9: of the CA, signed by it, and nothing in it that is not understood.
        let mut crls: Vec<_> = self.crls.iter().filter(|crl| same_name(&crl.issuer(), &certificate.issuer())).collect();
        crls.retain(|crl| crl.signature_algorithm_der() == crl.inner_signature_algorithm_der());
        crls.retain(|crl| signer(crl).is_some() && crl.unknown_critical_extension().is_none());
        let strict = self.settings.signature_policy() == SignaturePolicy::Strict; // V-11 holds for CRLs as well
        crls.retain(|crl| !strict || signature_hash(crl.signature_algorithm_der()) != Some(HashAlgorithm::Sha1));
        // V-8, V-9: in date, which a CRL without nextUpdate never is.
        let end = |crl: &Crl| crl.next_update().map(|next| next.plus_seconds(self.settings.crl_grace().seconds()));
        let expired = crls.iter().any(|crl| !crl.is_delta() && end(crl).is_some_and(|end| end < self.now));
        let early = crls.iter().any(|crl| !crl.is_delta() && self.now < crl.this_update());
        crls.retain(|crl| crl.this_update() <= self.now && end(crl).is_some_and(|end| self.now <= end));
        // Of several of one signer the highest number counts, then the latest, then the smaller bytes.
        crls.sort_by_key(|crl| (Reverse(crl.number()), Reverse(crl.this_update()), crl.as_der()));
        let (deltas, bases): (Vec<&'a Crl>, Vec<&'a Crl>) = crls.into_iter().partition(|crl| crl.is_delta());
        let of_serial = |crl: &'a Crl| crl.entries().filter(|one| one.serial_number() == certificate.serial_number());
        // Any revoking entry counts, wherever it stands; of several one that is final.
        let reasons = |crl| of_serial(crl).map(|entry| entry.reason()).filter(|reason| *reason != RemoveFromCrl);
        let revoking = |crl| reasons(crl).min_by_key(|one| *one == CertificateHold);
        let published = certificate.extensions().any(|one| one.oid().as_bytes() == oid::CRL_DISTRIBUTION_POINTS);
        let unpublished = if published { "validity.revocation_unknown" } else { "validity.no_distribution_point" };
        let unpublished = if early { "validity.crl_not_yet_valid" } else { unpublished };
        let mut unknown = if expired { "validity.crl_expired" } else { unpublished };
        let mut heard = std::collections::HashSet::new();
        for base in bases {
            if !heard.insert(signer(base)) {
                continue;
            }
            // A delta of the same key, of this base or an earlier one; AD CS gives it the number of its base.
            let mut deltas = deltas.clone();
            deltas.retain(|delta| signer(delta) == signer(base) && delta.base_number() <= base.number());
            let missing = deltas.is_empty() && base.names_freshest_crl();
            deltas.retain(|delta| base.number() <= delta.number());
            let removed = deltas.first().is_some_and(|delta| of_serial(delta).count() > 0);
            match deltas.first().and_then(|one| revoking(one)).or_else(|| revoking(base).filter(|_| !removed)) {
                Some(reason) if reason != CertificateHold => return Err("validity.revoked"),
                // To clear a certificate, or to say that a hold lasts, a base that names a freshest CRL needs a delta.
                _ if missing && self.settings.delta_crl() == DeltaCrl::Required => unknown = "validity.delta_missing",
                Some(_) => return Err("validity.on_hold"),
                None => return Ok(()),
            }
        }
        Err(unknown)
    }

    /// V-9: the issuer itself; or everyone of its name who stands above it, or whose own path to the same root holds.
    fn signers(&self, path: &[&'a Certificate], asked: &[&Certificate]) -> Vec<&'a Certificate> {
        let (issuer, root) = (path[1], path[path.len() - 1]);
        let any_key = self.settings.crl_signer() == CrlSigner::SameName;
        let leads_there = |other: &Path<'_>| {
            let (certificates, top) = (&other.certificates, other.certificates.len() - 1);
            (certificates[top].subject_der(), certificates[top].spki_der()) == (root.subject_der(), root.spki_der())
                && (0..=top).all(|place| self.is_valid(other, place).is_ok())
                && (0..top).all(|place| self.status(&certificates[place..], asked).is_ok())
        };
        let mut signers = self.named(&issuer.subject());
        signers.retain(|ca| any_key || *ca == issuer);
        signers.retain(|ca| path[1..].contains(ca) || self.paths(ca).iter().any(leads_there));
        signers.retain(|ca| ca.key_usage().is_ok_and(|usage| usage.is_none_or(|usage| usage.crl_sign())));
        signers
    }
}

/// The checks of one certificate of a path in the order of V-5.
const ORDER: [&[Code]; 4] = [
    &["validity.disallowed", "validity.malformed", "validity.no_path", "validity.bad_signature"],
    &["validity.weak_hash", "validity.sha1_signature", "validity.unknown_algorithm", "validity.key_too_short"],
    &["validity.chain_expired", "validity.chain_not_yet_valid", "validity.untrusted_root"],
    &["validity.not_a_ca", "validity.path_length", "validity.key_usage_cert_sign", "validity.critical_extension"],
];

/// The extensions that rules of this module read, or that say nothing about a path.
const UNDERSTOOD: [&[&[u8]]; 5] = [
    &[oid::BASIC_CONSTRAINTS, oid::KEY_USAGE, oid::SUBJECT_ALT_NAME, oid::ISSUER_ALT_NAME, oid::CERTIFICATE_POLICIES],
    &[oid::EXTENDED_KEY_USAGE, oid::MS_APPLICATION_POLICIES, oid::MS_TEMPLATE, oid::MS_TEMPLATE_NAME],
    &[oid::SUBJECT_KEY_IDENTIFIER, oid::AUTHORITY_KEY_IDENTIFIER, oid::AUTHORITY_INFO_ACCESS, oid::MS_CA_VERSION],
    &[oid::CRL_DISTRIBUTION_POINTS, oid::FRESHEST_CRL, oid::MS_NTDS_SECURITY, oid::MS_PREVIOUS_CA_HASH],
    &[oid::MS_APPLICATION_POLICY_MAPPINGS, oid::MS_APPLICATION_POLICY_CONSTRAINTS],
];

/// C-7: simple case folding, a character at a time.
fn fold(text: &str) -> String {
    let folded = |c: char| unicode_case_mapping::case_folded(c).and_then(|one| char::from_u32(one.get()));
    text.chars().map(|c| folded(c).unwrap_or(c)).collect()
}

/// Whether a text contains another at any place, without regard to case.
fn contains(text: &str, part: &str) -> bool {
    fold(text).contains(&fold(part))
}

/// The attributes of a name, with their values where they are texts.
fn attributes(name: &DistinguishedName) -> Vec<(&Oid, Option<&str>)> {
    name.attributes().map(|one| (one.oid(), one.value().as_text())).collect()
}

/// RFC 5280 7.1: the same attributes, whatever their string type, case and blanks, and their order inside an RDN.
fn same_name(a: &DistinguishedName, b: &DistinguishedName) -> bool {
    let words = |text: String| fold(&text).split_whitespace().collect::<Vec<_>>().join(" ");
    let sorted = |rdn: &[NameAttribute]| {
        let value = |one: &NameAttribute| (one.value().as_text().is_some(), words(one.value().to_string()));
        let mut attributes: Vec<_> = rdn.iter().map(|one| (one.oid().clone(), value(one))).collect();
        attributes.sort();
        attributes
    };
    a.rdns().map(sorted).eq(b.rdns().map(sorted))
}

/// P-4: application policies, where present, are used in place of the extended key usage.
fn usages(certificate: &Certificate) -> Option<Vec<Oid>> {
    let policies = certificate.application_policies().unwrap_or(Some(Vec::new())); // damaged: no purpose
    policies.or_else(|| certificate.extended_key_usage().unwrap_or(Some(Vec::new())))
}

/// P-1, P-2: client authentication, or any usage.
fn names_client(usages: &[Oid]) -> bool {
    let any = [oid::CLIENT_AUTH, oid::ANY_EXTENDED_KEY_USAGE, oid::MS_ANY_APPLICATION_POLICY];
    usages.iter().any(|usage| any.contains(&usage.as_bytes()))
}
