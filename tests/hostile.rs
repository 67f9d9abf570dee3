//! Every variant of every message type, with hostile texts in each of its texts.
//!
//! Which types there are is read from the sources: every enum of the crate that prints itself. A new variant, or a new type,
//! has to be made here before this passes.

use super::paths::library;
use crate::support::hostile::{self, fault};
use crate::support::pki::*;
use ccmcertsel::certificate::DerError;
use ccmcertsel::certificate::Weakness;
use ccmcertsel::certificate::{CertificateError, ExtensionError, GeneralName, ReasonFlags};
use ccmcertsel::chain::{
    Budget, CaStatus, ChainEku, ChainFailure, ChainMember, ChainNearMiss, ChainWarning, EkuSource, Malformation,
    NameViolation, PolicyProblem, Preference,
};
use ccmcertsel::change::{Change, Fact};
use ccmcertsel::check::*;
use ccmcertsel::encoding::OtherContent;
use ccmcertsel::import::{EntryDamage, ImportError, ImportProblemKind, ProblemPlace};
use ccmcertsel::name::DistinguishedName;
use ccmcertsel::plan::{End, NoPlan};
use ccmcertsel::revocation::{
    CertificateKind, CrlNotCounted, CrlProblem, CrlWarning, MissingCrl, Ocsp, RevocationFailure, RevocationReason,
};
use ccmcertsel::select::{Lint, NamePlace, NoSuggestion, NothingReason, Outcome, Requirement};
use ccmcertsel::server::{Presented, RevocationScope, ServerRejection, ServerWarning};
use ccmcertsel::settings::{ClientStateError, Ruleset, SanValues};
use ccmcertsel::site::{SiteSigningCertificateError, TrustedRootKeyError};
use ccmcertsel::store::{NotRead, StoreWarning, UnreadableEntry};
use ccmcertsel::text::{CriteriaKind, ParseErrorKind, Property};
use ccmcertsel::{
    CertId, Certificate, Criteria, Crl, CrlError, Crls, HashAlgorithm, KeyProvider, Machine, Oid, Rule, Selection,
    Selector, Settings, Step, StoreName, Stores, Thumbprint, Timestamp, VerificationCache, Warning,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};
use std::sync::Arc;

/// Types whose texts are facts and not messages: whoever puts one into a message shows it.
const FACTS: [&str; 8] =
    ["AttributeValue", "GeneralName", "Issuer", "Criteria", "CrlUrl", "Property", "KeyKind", "Curve"];

/// Types that hold no text but the crate's own.
const WITHOUT_TEXT: [&str; 2] = ["ResolverError", "SummaryError"];

/// A message is at most this long, whatever its texts are: some texts, each cut, and the words between them.
const LONGEST: usize = 20_000;

/// What was printed, by type and variant, and what is wrong with it.
#[derive(Default)]
struct Printed {
    variants: BTreeMap<&'static str, BTreeSet<String>>,
    faults: BTreeSet<String>,
}

impl Printed {
    fn add<T: Debug + Display>(&mut self, values: impl IntoIterator<Item = T>) {
        let name = std::any::type_name::<T>();
        let name = name.rsplit("::").next().unwrap_or(name);
        for value in values {
            let debug = format!("{value:?}");
            let variant: String = debug.chars().take_while(|c| c.is_alphanumeric()).collect();
            let text = value.to_string();
            self.check(&format!("{name}::{variant}"), &text);
            self.variants.entry(name).or_default().insert(variant);
        }
    }

    fn check(&mut self, what: &str, text: &str) {
        let lines = text.contains('\n').then(|| "it is several lines".to_owned());
        let length = (text.len() > LONGEST).then(|| format!("{} bytes", text.len()));
        self.faults.extend([fault(text), lines, length].into_iter().flatten().map(|wrong| format!("{what}: {wrong}")));
    }

    fn reject(&mut self, rejections: impl IntoIterator<Item = Rejection>) {
        self.add(rejections);
    }

    fn near(&mut self, near_misses: impl IntoIterator<Item = NearMiss>) {
        self.add(near_misses);
    }
}

/// The variants of an enum, from its source.
fn variants(source: &str, name: &str) -> Option<BTreeSet<String>> {
    let (_, body) = source.split_once(&format!(" enum {name} {{"))?;
    let mut found = BTreeSet::new();
    let (mut depth, mut begins, mut in_text, mut word) = (0_usize, true, false, String::new());
    let mut characters = body.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' if in_text => _ = characters.next(),
            '"' => in_text = !in_text,
            _ if in_text => {}
            '(' | '{' | '[' => depth += 1,
            '}' if depth == 0 => return Some(found),
            ')' | '}' | ']' => depth -= 1,
            ',' if depth == 0 => begins = true,
            c if depth == 0 && begins && c.is_alphanumeric() => {
                word.push(c);
                if !characters.peek().is_some_and(|next| next.is_alphanumeric()) {
                    found.insert(std::mem::take(&mut word));
                    begins = false;
                }
            }
            _ => {}
        }
    }
    None
}

/// The crate's enums that print themselves, with their variants. One that is `Copy` holds no text.
fn message_types() -> BTreeMap<String, BTreeSet<String>> {
    let files = library();
    let printing = |name: &str| files.iter().any(|(_, code)| code.contains(&format!("fmt::Display for {name} {{")));
    let mut types = BTreeMap::new();
    for (file, code) in &files {
        let ours = ["pub enum ", "pub(crate) enum "].map(|start| code.match_indices(start));
        for (at, start) in ours.into_iter().flatten() {
            let name: String = code[at + start.len()..].chars().take_while(|c| c.is_alphanumeric()).collect();
            let attributes = code[..at].rsplit("\n\n").next().unwrap_or_default();
            let is_copy = attributes.contains(" Copy,");
            if !is_copy && (printing(&name) || attributes.contains("thiserror::Error")) {
                let variants = variants(code, &name).unwrap_or_else(|| panic!("{file}: {name} has no end"));
                types.insert(name, variants);
            }
        }
    }
    types.retain(|name, _| !FACTS.contains(&name.as_str()) && !WITHOUT_TEXT.contains(&name.as_str()));
    types
}

#[test]
fn a_message_repeats_as_much_of_a_text_as_the_tests_suppose() {
    assert_eq!(ccmcertsel::shown::SHOWN_CHARACTERS, hostile::SHOWN);
}

#[test]
fn the_reader_of_enums_reads_attributes_and_fields() {
    let source = r#"pub enum Odd {
        #[error("a {0}, \"b\" }")]
        First(Vec<(u8, u8)>),
        Second { one: u8, two: [u8; 2] }, Third,
    } fn after() {}"#;
    let expected = ["First", "Second", "Third"].map(str::to_owned);
    assert_eq!(variants(source, "Odd"), Some(BTreeSet::from(expected)));
    assert_eq!(variants(source, "Even"), None);
}

fn text() -> String {
    hostile::text()
}

fn texts() -> Vec<String> {
    vec![text(); 7]
}

fn name() -> DistinguishedName {
    let name = Name(vec![vec![Atv::new("CN", &text()), Atv::new("1.2.3.4", &text())], vec![Atv::new("O", &text())]]);
    DistinguishedName::from_der(&name.encode()).expect("a name")
}

fn facts() -> Vec<Fact> {
    vec![
        Fact::ClientAuthentication,
        Fact::ComputerName,
        Fact::CspKey,
        Fact::RsaKey,
        Fact::Sha2Signature,
        Fact::OtherAuthority,
        Fact::LongerThan(i64::MAX),
    ]
}

fn changes() -> Vec<Change> {
    let (certificate, name) = (thumbprint(), self::name());
    vec![
        Change::NameMachine { name: text(), fqdn: Some(text()) },
        Change::SelectFirst,
        Change::UseStore(store()),
        Change::UseCriteria(format!("Subject:{}", text().replace('\0', "")).parse().expect("criteria")),
        Change::WaiveName,
        Change::UseCng,
        Change::UpdateClient(Ruleset::Cb2107),
        Change::Move { certificate, to: store() },
        Change::Unarchive { certificate },
        Change::BringKey { certificate },
        Change::GrantKey { certificate },
        Change::AllowPurpose { certificate },
        Change::ImportIssuer { name: name.clone() },
        Change::TrustRoot { certificate, name: text().into() },
        Change::Remove { certificate, store: store() },
        Change::CorrectClock(now()),
        Change::Wait(now()),
        Change::PublishCrl { authority: certificate, name: name.clone() },
        Change::PublishDelta { authority: certificate, name: name.clone() },
        Change::ImportCrl { authority: certificate, name: name.clone() },
        Change::ReleaseHold { authority: certificate, name: name.clone(), certificate },
        Change::Request(facts().into_iter().collect()),
        Change::RenewAuthority { certificate, name: text().into() },
        Change::ListRoot {
            certificate,
            name: name.clone(),
            list: format!("CN={}", text().replace('\0', "")).parse().ok(),
        },
        Change::ListRoot { certificate, name, list: None },
    ]
}

fn ends() -> [End; 3] {
    [End::Selected, End::Ranked { rank: 2, of: 3, behind: thumbprint() }, End::Ambiguous { of: 2, with: thumbprint() }]
}

fn no_plans() -> [NoPlan; 6] {
    [
        NoPlan::Unreadable,
        NoPlan::ConfigurationManager,
        NoPlan::DeviceManagement,
        NoPlan::Twin(thumbprint()),
        NoPlan::NothingHelps,
        NoPlan::Budget,
    ]
}

/// An identifier of ten thousand arcs.
fn long_oid() -> Oid {
    Oid::from_bytes(&[0x2b; 10_000]).expect("an identifier")
}

fn store() -> StoreName {
    StoreName::new(&text())
}

fn thumbprint() -> Thumbprint {
    Thumbprint::of(b"any")
}

fn now() -> Timestamp {
    "2026-01-15T09:00:00Z".parse().expect("RFC 3339")
}

fn id() -> CertId {
    let mut builder = Stores::builder();
    builder.add_der("MY", b"any");
    builder.build().entries().next().expect("an entry").0
}

fn member() -> ChainMember {
    ChainMember { position: 3, id: id(), thumbprint: thumbprint(), issued_to: text().into() }
}

fn der_error() -> DerError {
    match Certificate::from_der(b"0").unwrap_err() {
        CertificateError::Der(error) => error,
        other => panic!("{other}"),
    }
}

fn name_error() -> ccmcertsel::name::NameError {
    DistinguishedName::from_der(b"0").unwrap_err()
}

fn extension_error() -> ExtensionError {
    ExtensionError { extension: long_oid(), error: der_error() }
}

fn general_names() -> Vec<GeneralName> {
    vec![
        GeneralName::Rfc822(text()),
        GeneralName::Dns(text()),
        GeneralName::Uri(text()),
        GeneralName::Ip(vec![b'x'; 10_000]),
        GeneralName::Directory(name()),
        GeneralName::RegisteredId(long_oid()),
        GeneralName::Upn(text()),
        GeneralName::Other(long_oid(), text().into_bytes()),
        GeneralName::Unread(3, text().into_bytes()),
    ]
}

/// A machine whose certificate, CAs and CRLs have hostile names; with and without the CRL of the issuing CA.
struct HostileMachine {
    crls: Vec<Crl>,
    leaf: Certificate,
    selection: Selection,
    missing: Arc<[MissingCrl]>,
}

fn machine() -> HostileMachine {
    let (ders, crls) = hostile::poisoned(hostile::LONG, || {
        let root = Cert::ca("CN=Root", Key::Toy(1));
        let issuing = Cert::ca("CN=Issuing", Key::Toy(2)).serial(2);
        let leaf = Cert::client("CN=PC1", Key::Toy(3)).serial(3).with(extension::cdp("http://contoso.com/"));
        let crls = [CrlBuilder::of(&root, 4).sign(root.key), CrlBuilder::of(&issuing, 5).sign(issuing.key)];
        let leaf = leaf.with(extension::san(&[San::dns("pc1.contoso.com"), San::upn("pc1")])).issued_by(&issuing);
        ((root.self_sign(), issuing.issued_by(&root), leaf), crls)
    });
    let mut builder = Stores::builder();
    builder.add_der("MY", &ders.2).add_der("CA", &ders.1).add_der("ROOT", &ders.0);
    let crls = crls.map(|crl| Crl::from_der(&crl).expect("a CRL")).to_vec();
    let cache = Arc::new(VerificationCache::new(toy_algorithms()));
    let selector = Selector::with_cache(builder.build(), Machine::new("PC1"), Settings::default(), cache);
    let without = selector.with_settings(Settings::default()).select(now());
    let missing = match without.verdicts()[0].rejection() {
        Some(Rejection::Revocation(failure)) => failure.missing().cloned().collect(),
        other => panic!("{other:?}"),
    };
    let selection = selector.with_crls(Crls::new(crls.clone())).select(now());
    assert!(selection.selected().is_some(), "{selection:?}");
    HostileMachine { crls, leaf: Certificate::from_der(&ders.2).expect("a certificate"), selection, missing }
}

impl HostileMachine {
    fn crl(&self) -> Crl {
        self.crls[0].clone()
    }

    fn not_counted(&self) -> Vec<CrlNotCounted> {
        self.crl_problems().into_iter().map(|problem| CrlNotCounted { crl: self.crl(), problem }).collect()
    }

    fn crl_problems(&self) -> Vec<CrlProblem> {
        let this_update = now();
        vec![
            CrlProblem::Algorithms,
            CrlProblem::Indirect,
            CrlProblem::OtherKind(CertificateKind::Contradictory),
            CrlProblem::OtherDistributionPoint,
            CrlProblem::NotIndirect,
            CrlProblem::CriticalExtension(long_oid()),
            CrlProblem::Signature { authority_key: Some(vec![0; 10_000]) },
            CrlProblem::UnknownAlgorithm(long_oid()),
            CrlProblem::KeyTooLong { bits: u32::MAX },
            CrlProblem::Malformed(der_error()),
            CrlProblem::SignerKey { signer: thumbprint(), error: der_error() },
            CrlProblem::Weak(Weakness::Hash(HashAlgorithm::Md5)),
            CrlProblem::KeyUsage { signer: thumbprint() },
            CrlProblem::Signer { signer: thumbprint(), failure: Box::new(self.on_hold()) },
            CrlProblem::Circular,
            CrlProblem::NotYetValid { this_update, now: now() },
            CrlProblem::Expired { next_update: now(), now: now() },
            CrlProblem::NoNextUpdate,
            CrlProblem::DeltaMissing,
            CrlProblem::OtherBase,
            CrlProblem::OtherScope,
        ]
    }

    fn on_hold(&self) -> RevocationFailure {
        RevocationFailure::OnHold { revoked_at: Some(now()), crl: self.crl() }
    }

    fn revocation_failures(&self) -> Vec<RevocationFailure> {
        let (now, missing) = (now(), self.missing.clone());
        let mut failures = vec![
            RevocationFailure::Revoked {
                reason: RevocationReason::KeyCompromise,
                revoked_at: Some(now),
                crl: self.crl(),
            },
            self.on_hold(),
            RevocationFailure::CrlExpired { crl: self.crl(), next_update: now, now, missing: missing.clone() },
            RevocationFailure::CrlNotYetValid { crl: self.crl(), this_update: now, now, missing: missing.clone() },
            RevocationFailure::DeltaMissing {
                complete: self.crl(),
                on_hold: Some(now),
                missing: missing.clone(),
                not_counted: self.not_counted(),
            },
            RevocationFailure::Malformed(extension_error()),
            RevocationFailure::Budget { budget: Budget::PointNames },
        ];
        for not in self.not_counted() {
            let not_counted = vec![not];
            let uncovered = ReasonFlags::ALL;
            let (missing, known) = (missing.clone(), not_counted.clone());
            failures.push(RevocationFailure::Unknown { missing, not_counted: known, uncovered });
            let ocsp = Ocsp::Named;
            failures.push(RevocationFailure::NoDistributionPoint { ocsp, issuer: name(), not_counted });
        }
        failures
    }
}

fn malformations() -> Vec<Malformation> {
    vec![
        Malformation::Extension(extension_error()),
        Malformation::DuplicateExtension,
        Malformation::Algorithms { inner: text().into_bytes(), outer: text().into_bytes() },
        Malformation::Key(der_error()),
        Malformation::SignatureAlgorithm(der_error()),
    ]
}

fn violations() -> Vec<NameViolation> {
    let mut violations = vec![NameViolation::NotPermitted { permitted: general_names(), more: 3 }];
    violations.extend(general_names().into_iter().map(NameViolation::Excluded));
    violations.extend(general_names().into_iter().map(NameViolation::NotUnderstood));
    violations
}

fn policy_problems() -> Vec<PolicyProblem> {
    vec![
        PolicyProblem::NoneValid,
        PolicyProblem::NoneAcceptable { initial: vec![long_oid(); 3] },
        PolicyProblem::MappingOfAnyPolicy,
    ]
}

fn chain_failures() -> Vec<ChainFailure> {
    let (at, now) = (member(), now());
    let mut failures = vec![
        ChainFailure::NoPath { at: at.clone(), issuer: name() },
        ChainFailure::UntrustedRoot { at: at.clone() },
        ChainFailure::Disallowed { at: at.clone() },
        ChainFailure::BadSignature { at: at.clone(), issuer: member() },
        ChainFailure::Expired { at: at.clone(), not_after: now, now },
        ChainFailure::NotYetValid { at: at.clone(), not_before: now, now },
        ChainFailure::NotACa { at: at.clone(), found: CaStatus::EndEntity },
        ChainFailure::PathLength { at: at.clone(), allowed: 0, found: 1 },
        ChainFailure::KeyUsageCertSign { at: at.clone(), found: vec!["cRLSign"] },
        ChainFailure::CriticalExtension { at: at.clone(), extension: long_oid() },
        ChainFailure::Budget { at: at.clone(), budget: Budget::Paths },
        ChainFailure::Sha1Signature { at: at.clone() },
        ChainFailure::WeakHash { at: at.clone(), hash: HashAlgorithm::Md2 },
        ChainFailure::KeyTooShort { at: at.clone(), bits: 512, minimum: 1024 },
        ChainFailure::UnknownAlgorithm { at: at.clone(), algorithm: long_oid() },
        ChainFailure::KeyTooLong { at: at.clone(), bits: 9000, maximum: 8192 },
    ];
    for violation in violations() {
        for name in general_names() {
            let (at, constrained_by, violation) = (at.clone(), member(), violation.clone());
            failures.push(ChainFailure::NameConstraints { at, constrained_by, name, violation });
        }
    }
    failures.extend(policy_problems().into_iter().map(|problem| ChainFailure::Policy { at: at.clone(), problem }));
    failures.extend(malformations().into_iter().map(|problem| ChainFailure::Malformed { at: at.clone(), problem }));
    failures
}

fn chain_warnings() -> Vec<ChainWarning> {
    let at = member();
    vec![
        ChainWarning::Sha1Signature { at: at.clone() },
        ChainWarning::ShortKey { at: at.clone(), bits: 1024 },
        ChainWarning::Ed25519 { at: at.clone() },
        ChainWarning::UnknownKey { at: at.clone(), algorithm: long_oid() },
        ChainWarning::NullParameters { at: at.clone() },
        ChainWarning::UnusualTimes { at: at.clone(), not_before: now(), not_after: now() },
        ChainWarning::DamagedExtension { at: at.clone(), error: extension_error() },
        ChainWarning::NotEvaluated { at: at.clone(), extension: long_oid() },
        ChainWarning::PolicyQualifier { at: at.clone(), qualifier: long_oid() },
        ChainWarning::NotSelfSignedInRoot { at },
    ]
}

fn preferences() -> Vec<Preference> {
    let (own, other) = (now(), now());
    let mut preferences = vec![
        Preference::Trusted,
        Preference::Shorter { own: 2, other: 3 },
        Preference::Newer { own, other },
        Preference::Thumbprint { own: thumbprint(), other: thumbprint() },
    ];
    for failure in chain_failures() {
        preferences.push(Preference::Valid(Box::new(failure.clone())));
        preferences.push(Preference::FailsLater(Box::new(failure)));
    }
    preferences
}

fn issuers_near_misses() -> Vec<IssuersNearMiss> {
    let (thumbprint, root) = (thumbprint(), name());
    let mut near = vec![
        IssuersNearMiss::CaseOnly { listed: text(), actual: text() },
        IssuersNearMiss::IntermediateListed { intermediate: name(), root: root.clone() },
        IssuersNearMiss::SameNameOtherKey { name: name(), listed: thumbprint, actual: thumbprint },
        IssuersNearMiss::CommaForSemicolon,
    ];
    let path = |because| IssuersNearMiss::OtherPath { root: root.clone(), thumbprint, because };
    near.extend(preferences().into_iter().map(path));
    near
}

fn template_evidence() -> Vec<TemplateEvidence> {
    vec![
        TemplateEvidence::Stated(3),
        TemplateEvidence::Table { template: long_oid(), version: 3 },
        TemplateEvidence::Version1 { name: text() },
        TemplateEvidence::Unknown { template: Some(long_oid()) },
        TemplateEvidence::Unknown { template: None },
    ]
}

fn template_reasons() -> Vec<TemplateReason> {
    let version = |evidence| TemplateReason::Version { evidence, ruleset: Ruleset::Cb1706 };
    let mut reasons: Vec<TemplateReason> = template_evidence().into_iter().map(version).collect();
    reasons.push(TemplateReason::KeyStorageProvider(KspReason::CngOff));
    reasons.push(TemplateReason::Ecc { provider: Some(KeyProvider::Ksp) });
    reasons
}

fn purpose_reasons() -> Vec<PurposeReason> {
    let not = |source, usages: &[Oid]| PurposeReason::NotClientAuth {
        usages: usages.to_vec(),
        source,
        computer: texts(),
        names: texts(),
        alternatives_unread: true,
    };
    let source = EkuSource::Damaged(extension_error());
    let usage = Certificate::from_der(&Cert::client("CN=PC1", Key::Toy(1)).self_sign()).expect("a certificate");
    let usage = usage.key_usage().expect("key usage").expect("key usage");
    vec![
        not(UsageSource::Extension, &vec![long_oid(); 20]),
        not(UsageSource::Property, &[]),
        not(UsageSource::Nothing, &[]),
        not(UsageSource::UnreadExtension, &[]),
        PurposeReason::ChainEku(Box::new(ChainEku { at: member(), source, purposes: vec![long_oid(); 20] })),
        PurposeReason::KeyUsage(usage),
    ]
}

fn criteria_parts(leaf: &Certificate) -> (Vec<CriteriaReason>, Vec<CriteriaMatch>) {
    let names = CertificateNames::of(leaf);
    let options = SearchOptions::of(&Settings::default());
    let mut reasons = Vec::new();
    let long = text().replace('\0', "");
    for verb in ["Subject:", "SubjectStr:", "SubjectAttr:O="] {
        let wanted: Criteria = format!("{verb}y\"{}\"", long.replace('"', "")).parse().unwrap_or_else(|_| {
            format!("{verb}{}", long.split('x').next().unwrap_or_default()).parse().expect("criteria")
        });
        assert!(wanted.find(&names, options).is_none(), "{wanted}");
        let (mismatch, _) = wanted.explain(&names, options);
        reasons.push(match wanted.kind() {
            CriteriaKind::Subject(_) => CriteriaReason::Subject(mismatch),
            CriteriaKind::SubjectContains(_) => CriteriaReason::SubjectString(mismatch),
            CriteriaKind::SubjectAttributes(_) => CriteriaReason::SubjectAttribute(mismatch),
        });
    }
    let found: Criteria = "SubjectStr:PC1".parse().expect("criteria");
    (reasons, vec![found.find(&names, options).expect("a match")])
}

fn lints() -> Vec<Lint> {
    vec![
        Lint::CommasInIssuers { entry: 1, with_semicolons: text() },
        Lint::CaseOnly { rule: Rule::C2, wanted: text(), actual: text() },
        Lint::KeyInSubjectString { key: text() },
        Lint::CriterionMatchesNothing { criterion: text() },
        Lint::CriterionMatchesSeveral { criterion: text(), certificates: vec![id(); 10_000] },
        Lint::LongerNameMatches { text: text(), longer: Some(text()) },
        Lint::EdgeBlank { value: text() },
        Lint::IssuerIsIntermediate { entry: 1, subject: text() },
        Lint::IssuerSharedByRoots { entry: 1, roots: vec![thumbprint(); 3] },
        Lint::AttributeRepeated { rule: Rule::I8, key: text() },
        Lint::WithoutClientAuthentication { certificate: thumbprint() },
        Lint::SanNotSearched { value: Some(text()) },
        Lint::RootKeyWithoutSiteCode { property: Property::NoCrlCheck },
        Lint::EmptyIssuersProperty,
        Lint::EmptyProperty { property: Property::NoCrlCheck },
        Lint::PropertyRepeated { property: Property::NoCrlCheck },
        Lint::StrayWord { word: text() },
        Lint::NameNotRead { seen: text(), held: "CCMCERTSEL" },
        Lint::HoldsAnother { property: Property::NoCrlCheck, held: "CCMCERTSEL" },
        Lint::ForeignQuotes { property: Property::NoCrlCheck },
        Lint::FileLine { property: Property::CertIssuers },
        Lint::NotExpanded { property: Property::NoCrlCheck, variable: text() },
        Lint::Wildcard { property: Property::CertSel, value: text() },
        Lint::Wildcard { property: Property::NoCrlCheck, value: text() },
        Lint::SiteCodeForm { seen: text() },
        Lint::LineBreaksInIssuers { entry: 1, with_semicolons: text() },
        Lint::SimilarProperty { seen: text(), nearest: "CCMCERTSEL" },
    ]
}

fn import_problems() -> Vec<ImportProblemKind> {
    let actual = thumbprint();
    vec![
        ImportProblemKind::Damaged { problem: EntryDamage::NoEnd, skipped: 1 },
        ImportProblemKind::StrayProperties,
        ImportProblemKind::Property { id: 2, problem: "odd" },
        ImportProblemKind::Thumbprint { stated_by: "property 3", stated: text(), actual },
        ImportProblemKind::TrustList,
        ImportProblemKind::Hex { found: text() },
        ImportProblemKind::CutHex,
        ImportProblemKind::NotBinary { found: text() },
        ImportProblemKind::Line { text: text() },
        ImportProblemKind::Header,
        ImportProblemKind::OtherKey { key: text() },
        ImportProblemKind::Undecodable { count: 1, encoding: "UTF-8" },
        ImportProblemKind::NotRead { what: text() },
        ImportProblemKind::KeyWithoutCertificate,
        ImportProblemKind::KeyOfNoCertificate,
        ImportProblemKind::KeyAssumed { thumbprint: actual },
        ImportProblemKind::BytesBehind { count: 1 },
        ImportProblemKind::Rest { count: 1 },
        ImportProblemKind::Ber,
        ImportProblemKind::TrustSettings,
        ImportProblemKind::Pem { problem: text() },
    ]
}

fn parse_errors() -> Vec<ParseErrorKind> {
    let (nearest, property) = (Some("Subject:"), "CCMCERTSEL");
    vec![
        ParseErrorKind::MissingVerb { nearest },
        ParseErrorKind::UnknownVerb { seen: text(), nearest },
        ParseErrorKind::EmptyValue { after: text() },
        ParseErrorKind::UnknownKey { seen: text(), nearest },
        ParseErrorKind::MissingKey,
        ParseErrorKind::MissingEquals { seen: text() },
        ParseErrorKind::EmptyAttribute,
        ParseErrorKind::EmptyIssuer,
        ParseErrorKind::EmptyList,
        ParseErrorKind::UnclosedQuote,
        ParseErrorKind::StrayQuote,
        ParseErrorKind::TextAfterQuote,
        ParseErrorKind::TypographicQuote { quote: '\u{202e}' },
        ParseErrorKind::TypographicDash { dash: '\u{85}' },
        ParseErrorKind::QuoteInQuotes,
        ParseErrorKind::ColonForEquals { property },
        ParseErrorKind::KeyOfTheFile { file: "mobileclient.tcf", key: property, property },
        ParseErrorKind::TooDeep,
        ParseErrorKind::BadValue { property, seen: text(), allowed: "1" },
        ParseErrorKind::MissingValue { property },
        ParseErrorKind::UnexpectedValue { property },
    ]
}

fn server_rejections(machine: &HostileMachine) -> Vec<ServerRejection> {
    let (thumbprint, now) = (thumbprint(), now());
    let mut rejections = vec![
        ServerRejection::NoCertificate,
        ServerRejection::NotClientAuthentication { thumbprint },
        ServerRejection::NotCodeSigning { thumbprint },
        ServerRejection::RootNotSelfSigned { subject: name(), thumbprint, count: 2 },
        ServerRejection::Expired { not_after: now, now },
        ServerRejection::NotYetValid { not_before: now, now },
        ServerRejection::IssuerMissing { at: thumbprint, issuer: name(), presented: Presented::ByClient },
        ServerRejection::IssuerMissing { at: thumbprint, issuer: name(), presented: Presented::Nowhere },
    ];
    let listed = |near: Option<IssuersNearMiss>| ServerRejection::NotInTrustList {
        root: name(),
        thumbprint,
        listed: 2,
        trusted: 3,
        near_miss: near.map(Box::new),
    };
    rejections.push(listed(None));
    rejections.extend(issuers_near_misses().into_iter().map(|near| listed(Some(near))));
    rejections.extend(chain_failures().into_iter().map(|failure| ServerRejection::Chain(Box::new(failure))));
    for failure in machine.revocation_failures() {
        let (further, scope) = (vec![(0, thumbprint, failure.clone())], RevocationScope::ManagementPoint);
        let failure = Box::new(failure);
        rejections.push(ServerRejection::Revocation { position: 2, thumbprint, failure, further, scope });
    }
    rejections
}

fn not_read(error: CertificateError) -> NotRead {
    UnreadableEntry::new(b"damaged", error).with_source(text()).not_read()
}

#[test]
fn e4_every_variant_of_every_message_shows_hostile_texts_and_cuts_them() {
    let machine = machine();
    let mut printed = Printed::default();
    let (criteria_reasons, matches) = criteria_parts(&machine.leaf);

    // Reasons, and what is nearly right.
    let issuers = [
        IssuersReason::NotListed { top: name(), thumbprint: thumbprint(), listed: 2 },
        IssuersReason::IncompleteChain { top: name(), thumbprint: thumbprint(), missing: name() },
    ];
    let pem = CertificateError::Pem { offset: 1, problem: text() };
    let store_reasons = [
        StoreReason::OtherStore { store: store(), chosen: store() },
        StoreReason::ConfigurationManager,
        StoreReason::Archived,
        StoreReason::Unreadable(Box::new(not_read(pem.clone()))),
    ];
    let name_reason = NameReason::NotInSubject { computer: text(), subject: text() };
    let revoked: Vec<Arc<RevokedChain>> = machine
        .revocation_failures()
        .into_iter()
        .map(|failure| {
            let further = vec![(member(), machine.on_hold())];
            Arc::new(RevokedChain { at: member(), failure, further, ocsp: Ocsp::Named })
        })
        .collect();
    let expired = DatesReason::Expired { not_after: now(), now: now() };
    let ambiguous = RankReason::Ambiguous { place: place(), other: id(), thumbprint: thumbprint() };
    printed.add(changes());
    printed.add(facts());
    printed.add(ends());
    printed.add(no_plans());
    printed.add(issuers.clone());
    printed.add(store_reasons.clone());
    printed.add(template_evidence());
    printed.add(template_reasons());
    printed.add(purpose_reasons());
    printed.add(criteria_reasons.clone());
    printed.add([name_reason.clone()]);
    printed.add(chain_failures());
    printed.add(machine.revocation_failures());
    printed.add(machine.crl_problems());
    printed.add(malformations());
    printed.add(violations());
    printed.add(policy_problems());
    printed.add(preferences());
    printed.reject(issuers.map(Rejection::from));
    printed.reject(store_reasons.map(Rejection::from));
    printed.reject([expired.into(), KeyReason::KeyAbsent.into(), ambiguous.clone().into(), name_reason.into()]);
    printed.reject(template_reasons().into_iter().map(Rejection::from));
    printed.reject(chain_failures().into_iter().map(|failure| Rejection::Chain(Arc::new(failure))));
    printed.reject(revoked.iter().cloned().map(Rejection::Revocation));
    printed.reject(purpose_reasons().into_iter().map(Rejection::from));
    printed.reject(criteria_reasons.into_iter().map(|reason| Rejection::from(Box::new(reason))));
    printed.add([ambiguous, RankReason::NotFirst { first: id(), thumbprint: thumbprint(), place: place() }]);

    let criteria_near = [
        CriteriaNearMiss::CaseOnly { wanted: text(), actual: text() },
        CriteriaNearMiss::MatchesX500 { x500: text() },
        CriteriaNearMiss::LaterSanValue { value: text() },
        CriteriaNearMiss::SanNotSearched { value: text() },
    ];
    let purpose_near = [
        PurposeNearMiss::LaterSanValue { value: text() },
        PurposeNearMiss::SimilarName { computer: text(), actual: text() },
    ];
    let name_near = [
        NameNearMiss::SimilarName { computer: text(), actual: text() },
        NameNearMiss::Account { written: text(), computer: text() },
        NameNearMiss::FullyQualified { written: text(), label: text() },
    ];
    let store_near = StoreNearMiss::WrongStore { store: store(), chosen: store() };
    printed.add(issuers_near_misses());
    printed.add(criteria_near.clone());
    printed.add(purpose_near.clone());
    printed.add(name_near.clone());
    printed.add([store_near.clone()]);
    printed.near(issuers_near_misses().into_iter().map(NearMiss::from));
    printed.near(criteria_near.map(NearMiss::from));
    printed.near(purpose_near.map(NearMiss::from));
    printed.near(name_near.into_iter().map(NearMiss::from));
    printed.near([store_near.into(), DatesNearMiss::NotYetValid { from: now() }.into()]);
    let chain_near = [true, false].map(|names_issuer| {
        let entry = not_read(pem.clone());
        ChainNearMiss::Unreadable { store: store(), entry, names_issuer, others: 2 }
    });
    printed.add(chain_near.clone());
    printed.near(chain_near.map(NearMiss::from));
    let revocation_near = [
        RevocationNearMiss::WithCrl,
        RevocationNearMiss::WithCurrentCrl,
        RevocationNearMiss::RightClock,
        RevocationNearMiss::WithDelta,
        RevocationNearMiss::WithImportedCrl,
    ];
    printed.near(revocation_near.map(NearMiss::from));
    printed.near([TemplateNearMiss::NewerRuleset(Ruleset::Cb1710).into()]);

    // Passes.
    let purpose_passes = [
        PurposePass::ClientAuthentication(UsageSource::Extension),
        PurposePass::ComputerName { name: text(), field: ComputerNameField::CommonName },
        PurposePass::ChainUsage,
        PurposePass::KeyUsage(None),
        PurposePass::KeyUsageUnread(extension_error()),
    ];
    let template_passes = [TemplatePass::Provider(Some(KeyProvider::Csp))];
    let evidence: Vec<TemplatePass> = template_evidence().into_iter().map(TemplatePass::Accepted).collect();
    let accepted = RevocationPass::UnknownAccepted(Arc::clone(&revoked[0]));
    let winner = machine.selection.verdicts().iter().find(|verdict| verdict.rejection().is_none()).expect("a winner");
    let passes = || {
        winner.findings().iter().filter_map(|finding| match finding {
            Finding::Passed(pass) => Some(pass.clone()),
            Finding::NotApplicable(_) | Finding::Rejected { .. } => None,
        })
    };
    let not_revoked = passes().find_map(|pass| match pass {
        Pass::Revocation(pass) => Some(pass),
        _ => None,
    });
    let issuers_pass =
        IssuersPass { entry: 1, compared: thumbprint(), chain: ChainCompleteness::Incomplete, form: IssuerForm::Text };
    printed.add(purpose_passes.clone());
    printed.add(template_passes);
    printed.add(evidence);
    printed.add([accepted, not_revoked.expect("a chain with CRLs")]);
    printed.add(passes());
    printed.add(purpose_passes.map(Pass::from));
    printed.add([Pass::Issuers(issuers_pass), Pass::Name(NamePass { subject: text() })]);
    printed.add([Pass::Store(StorePass(store()))]);
    printed.add(matches.into_iter().map(|found| Pass::from(Box::new(found))));
    let passed = passes().map(Finding::Passed);
    let rejected = Finding::Rejected {
        rejection: StoreReason::Unreadable(Box::new(not_read(pem.clone()))).into(),
        near_miss: None,
    };
    printed.add(passed.chain([rejected, Finding::NotApplicable(Exemption::DeviceWithout(Step::Name))]));
    let rank = |pass: &Pass| matches!(pass, Pass::Rank(_));
    assert!(passes().any(|pass| rank(&pass)));
    let ranks: Vec<RankPass> =
        vec![RankPass::OnlyCandidate, RankPass::FirstInStore, RankPass::Longest(Box::new(ranking()))];
    printed.add(ranks);
    printed.add([RankReason::Outranked { ranking: Box::new(ranking()), place: place() }]);

    // Warnings and outcomes.
    let requirements = [
        Requirement::NoUsage,
        Requirement::NoKeyEncipherment(machine.leaf.key_usage().expect("key usage").expect("key usage")),
        Requirement::MultiByteName { place: NamePlace::Subject, name: text() },
        Requirement::WithoutClientAuthentication,
    ];
    let store_warnings = [
        StoreWarning::Duplicate { store: store(), thumbprint: thumbprint() },
        StoreWarning::Full { kept: 1, dropped: 1 },
        StoreWarning::Unreadable { store: store(), entry: not_read(pem.clone()) },
        StoreWarning::MoreUnreadable { count: 7 },
    ];
    let crl_errors = [
        CrlError::Der(der_error()),
        CrlError::Name(name_error()),
        CrlError::Other(OtherContent::Html),
        CrlError::TooLarge { size: 1 },
        CrlError::Pem { offset: 1, problem: text() },
    ];
    printed.add(requirements.clone());
    printed.add(store_warnings.clone());
    printed.add(crl_errors.clone());
    printed.add(chain_warnings());
    printed.add(lints());
    printed.add(requirements.map(Warning::Requirement));
    printed.add(store_warnings.map(Warning::Store));
    printed.add(crl_errors.map(Warning::UnreadableCrl));
    let crl_warnings = [
        CrlWarning::OddEntries { crl: machine.crl(), count: 2, first: der_error() },
        CrlWarning::UnusualTimes { crl: machine.crl() },
    ];
    printed.add(crl_warnings.clone());
    printed.add(crl_warnings.map(Warning::Crl));
    printed.add(chain_warnings().into_iter().map(Warning::Chain));
    printed.add(lints().into_iter().map(Warning::Lint));
    printed.add([
        Warning::EccKeyInCsp,
        Warning::WeakCrl { issuer: name(), hash: HashAlgorithm::Sha1 },
        Warning::LongerName(LongerName { computer: text(), longer: text() }),
        Warning::RootRenewed { listed: thumbprint(), actual: thumbprint() },
    ]);
    printed.add([
        NoSuggestion::RejectedAnyway(
            chain_failures().into_iter().take(9).map(|f| Rejection::Chain(Arc::new(f))).collect(),
        ),
        NoSuggestion::NoCandidate,
        NoSuggestion::NotUnique,
        NoSuggestion::Twins(vec![thumbprint(); 5]),
        NoSuggestion::DeviceWithoutCriteria,
    ]);
    let reason = NothingReason::NothingMatched;
    printed.add([
        machine.selection.outcome().clone(),
        Outcome::Ambiguous(vec![id(); 10_000]),
        Outcome::Nothing { emptied_at: None, reason },
    ]);
    printed.add([
        SearchedField::CommonName,
        SearchedField::SimpleName,
        SearchedField::X500Name,
        SearchedField::SubjectAttribute(long_oid()),
        SearchedField::AlternativeName,
        SearchedField::AlternativeAttribute(long_oid()),
    ]);
    printed.add([
        Settings::default().set(&text(), "any").expect_err("no such setting"),
        Settings::default().set("ruleset", &text()).expect_err("no such value"),
    ]);

    // What files are refused for.
    printed.add([
        CertificateError::Der(der_error()),
        CertificateError::Name(name_error()),
        CertificateError::Other(OtherContent::Html),
        CertificateError::TooLarge { size: 1 },
        CertificateError::Entry { offset: 1, problem: text() },
        pem,
    ]);
    printed.add([
        OtherContent::Empty,
        OtherContent::Zeros,
        OtherContent::Request,
        OtherContent::PrivateKey,
        OtherContent::PublicKey,
        OtherContent::JavaKeyStore,
        OtherContent::Shortcut,
        OtherContent::Armour,
        OtherContent::LineEnds,
        OtherContent::Recoded,
        OtherContent::Html,
        OtherContent::Xml,
        OtherContent::Pem,
        OtherContent::Zip,
        OtherContent::Gzip,
        OtherContent::Pdf,
        OtherContent::Program,
        OtherContent::Picture,
        OtherContent::Text,
    ]);
    printed.add(import_problems());
    printed.add([
        ProblemPlace::Byte(1),
        ProblemPlace::Text { line: 1, column: 1 },
        ProblemPlace::Value { line: 1, key: text(), offset: 1 },
    ]);
    printed.add([
        ImportError::Other(OtherContent::LineEnds),
        ImportError::Unknown,
        ImportError::TooLarge { size: 1 },
        ImportError::Damaged { format: "PFX", error: der_error() },
        ImportError::Password,
        ImportError::Algorithm { what: "cipher", oid: long_oid() },
        ImportError::Iterations { iterations: 1, limit: 1 },
        ImportError::NotBuilt,
    ]);
    printed.add(parse_errors());
    let criteria = text().parse::<Criteria>().expect_err("no verb");
    let state = text().parse::<ccmcertsel::text::SslState>().expect_err("no number");
    printed.add([state.clone()]);
    printed.add([
        ClientStateError::NoProperty,
        ClientStateError::Criteria(criteria),
        ClientStateError::State(state),
        ClientStateError::Flag { property: "SelectFirstCertificate", value: text() },
    ]);
    printed.add([SiteSigningCertificateError::NotSelfSigned { thumbprint: thumbprint(), issuer: text() }]);
    printed.add([
        TrustedRootKeyError::NotHexadecimal { found: '\u{1b}', at: 1 },
        TrustedRootKeyError::HalfByte { digits: 1 },
        TrustedRootKeyError::Size { bytes: 1 },
        TrustedRootKeyError::Head { found: text() },
        TrustedRootKeyError::Modulus { bits: 1, bytes: 1 },
    ]);

    // The server's side.
    let rejections = server_rejections(&machine);
    for rejection in &rejections {
        printed.check(&format!("the advice of {}", rejection.cause()), &rejection.advice());
    }
    printed.add(rejections);
    let server_warnings = [
        ServerWarning::NoTrustList { roots: 1 },
        ServerWarning::RevocationNotVerified,
        ServerWarning::RevocationNotPublished { thumbprint: thumbprint() },
        ServerWarning::SignaturesNotChecked,
    ];
    printed.add(server_warnings.into_iter().chain(chain_warnings().into_iter().map(ServerWarning::Chain)));

    let faults: Vec<String> = printed.faults.into_iter().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let mut missing = Vec::new();
    for (name, variants) in message_types() {
        let made = printed.variants.get(name.as_str()).cloned().unwrap_or_default();
        missing.extend(variants.difference(&made).map(|variant| format!("{name}::{variant}")));
    }
    assert!(missing.is_empty(), "not made here:\n{}", missing.join("\n"));
}

fn place() -> ccmcertsel::check::Place {
    ccmcertsel::check::Place { rank: 2, of: 3 }
}

fn ranking() -> Ranking {
    let key = ccmcertsel::store::RankKey { not_before: now(), not_after: now() };
    let decided_by = ccmcertsel::store::RankCriterion::Thumbprint;
    Ranking { own: key, other: key, other_id: id(), thumbprint: thumbprint(), decided_by }
}

/// What is refused is repeated, and a message that repeats it shows it.
#[test]
fn e4_errors_about_a_word_show_the_word() {
    let word = text();
    let refused: Vec<String> = [
        word.parse::<ccmcertsel::Criteria>().map(drop).map_err(|error| error.to_string()),
        word.parse::<ccmcertsel::IssuersList>().map(drop).map_err(|error| error.to_string()),
        word.parse::<ccmcertsel::Timestamp>().map(drop).map_err(|error| error.to_string()),
        word.parse::<ccmcertsel::DeviceKind>().map(drop).map_err(|error| error.to_string()),
        word.parse::<ccmcertsel::Hresult>().map(drop).map_err(|error| error.to_string()),
        word.parse::<ccmcertsel::Rule>().map(drop).map_err(|error| error.to_string()),
        word.parse::<ccmcertsel::Thumbprint>().map(drop).map_err(|error| error.to_string()),
        word.parse::<ccmcertsel::Oid>().map(drop).map_err(|error| error.to_string()),
        word.parse::<Ruleset>().map(drop).map_err(|error| error.to_string()),
        word.parse::<SanValues>().map(drop).map_err(|error| error.to_string()),
        Settings::default().set("ruleset", &word).map_err(|error| error.to_string()),
        Settings::default().set(&word, "any").map_err(|error| error.to_string()),
    ]
    .into_iter()
    .map(|result| result.expect_err("a hostile word is refused"))
    .collect();
    for message in refused {
        assert_eq!(fault(&message), None, "{}", message.escape_debug());
    }
}
