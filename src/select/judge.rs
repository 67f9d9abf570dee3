//! One certificate through the steps, in documented order: a straight line of checks, each with its finding.

use super::engine::Selector;
use super::finding::{Exemption, Finding, Pass, Rejection, UsageSource};
use super::near_miss::NearMiss;
use super::purpose::{self, Usages};
use super::requirement::{self, Requirement};
use super::verdict::{Verdict, VerdictKind};
use super::warning::Warning;
use super::{
    CertificateNames, ChainEvidence, RevokedChain, SearchOptions, explain_criteria, find_criteria, name, status,
    step_one, validity,
};
use crate::chain::{Chain, Path};
use crate::settings::PurposeRule;
use crate::store::{CertId, Entry, Enumeration};
use crate::text::Criteria;
use crate::{DeviceKind, Step, StoredCertificate, Timestamp};
use std::cell::OnceCell;
use std::ops::ControlFlow;
use std::sync::Arc;

/// How far a certificate is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Up to its first rejection.
    FirstRejection,
    /// Every check.
    Everything,
}

type Flow = ControlFlow<()>;

/// The verdict about one entry, ranking left out.
pub(super) fn judge(selector: &Selector, id: CertId, now: Timestamp, depth: Depth) -> Verdict {
    let outside = |rejection: Rejection, kind| Verdict {
        id,
        kind,
        path: Vec::new(),
        findings: vec![Finding::Rejected { rejection, near_miss: None }],
        warnings: Vec::new(),
    };
    let stored = match selector.stores.entry(id) {
        Some(Entry::Certificate(stored)) => stored,
        Some(Entry::Unreadable(entry)) => {
            return outside(Rejection::Unreadable(entry.error().clone()), VerdictKind::Unreadable);
        }
        None => return outside(Rejection::Archived, VerdictKind::Rejected),
    };
    if stored.enumeration() == Enumeration::Archived {
        return outside(Rejection::Archived, VerdictKind::Rejected);
    }
    let elsewhere = selector.stores.store_of(id) != Some(selector.settings.store());
    let begins_later = now < stored.certificate().not_before();
    // A certificate of another store (T-4), or of another day (V-1), that passes everything else is worth naming.
    let look_past = elsewhere || begins_later;
    let judged_to = if look_past { Depth::Everything } else { depth };
    let mut run = Run {
        selector,
        id,
        stored,
        now,
        depth: judged_to,
        chain: OnceCell::new(),
        findings: Vec::new(),
        warnings: Vec::new(),
    };
    let _ = run.steps(); // how far it came is in the findings
    let Run { chain, mut findings, mut warnings, .. } = run;
    if look_past {
        name_only_rejection(&mut findings);
        if depth == Depth::FirstRejection {
            let first = findings.iter().position(|finding| finding.rejection().is_some());
            findings.truncate(first.map_or(findings.len(), |first| first + 1));
            warnings.clear();
        }
    }
    let rejected = findings.iter().any(|finding| finding.rejection().is_some());
    let kind = if rejected { VerdictKind::Rejected } else { VerdictKind::Candidate };
    let chain = chain.into_inner().flatten();
    let path = chain.map(|chain| chain.path().certificates().to_vec()).unwrap_or_default();
    Verdict { id, kind, path, findings, warnings }
}

/// Fails closed: every entry that comes here decodes.
fn not_a_certificate() -> Finding {
    Finding::Rejected { rejection: Rejection::Archived, near_miss: None }
}

/// T-4: "right certificate, wrong store"; V-1: a renewed certificate whose time comes.
fn name_only_rejection(findings: &mut [Finding]) {
    let mut rejections = findings.iter_mut().filter(|finding| finding.rejection().is_some());
    let (Some(Finding::Rejected { rejection, near_miss }), None) = (rejections.next(), rejections.next()) else {
        return;
    };
    let near = match rejection {
        Rejection::OtherStore { store, chosen } => {
            NearMiss::WrongStore { store: store.clone(), chosen: chosen.clone() }
        }
        Rejection::NotYetValid { not_before, .. } => NearMiss::NotYetValid { from: *not_before },
        _ => return,
    };
    *near_miss = Some(Box::new(near));
}

struct Run<'a> {
    selector: &'a Selector,
    id: CertId,
    stored: &'a StoredCertificate,
    now: Timestamp,
    depth: Depth,
    /// The one chain (rule I-7), built when the first check asks for it.
    chain: OnceCell<Option<Chain>>,
    findings: Vec<Finding>,
    warnings: Vec<Warning>,
}

impl Run<'_> {
    /// The documented order (section 1), and within step 3 the order of V-0.
    fn steps(&mut self) -> Flow {
        self.issuers()?;
        self.store()?;
        let dates = validity::dates(self.stored, self.now);
        self.check(dates)?;
        let key = validity::private_key(self.stored);
        self.check(key)?;
        self.add(validity::template(self.stored, &self.selector.settings))?;
        if let Some(provider) = validity::provider(self.stored, &self.selector.settings) {
            self.add(provider)?;
        }
        self.warnings.extend(validity::provider_warning(self.stored));
        self.chain()?;
        self.purpose()?;
        self.name()
    }

    fn add(&mut self, finding: Finding) -> Flow {
        let stop = self.depth == Depth::FirstRejection && finding.rejection().is_some();
        self.findings.push(finding);
        if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn check(&mut self, result: Result<Pass, Rejection>) -> Flow {
        self.add(match result {
            Ok(pass) => Finding::Passed(pass),
            Err(rejection) => Finding::Rejected { rejection, near_miss: None },
        })
    }

    fn is_windows(&self) -> bool {
        self.selector.machine.device() == DeviceKind::Windows
    }

    /// `None` only where the entry is not a certificate, and then nothing of it passes.
    fn built(&self) -> Option<&Chain> {
        self.chain.get_or_init(|| self.selector.chains.chain(self.id, self.now)).as_ref()
    }

    /// I-2 to I-7.
    fn issuers(&mut self) -> Flow {
        let finding = match step_one::exemption(self.selector) {
            Some(exemption) => Finding::NotApplicable(exemption),
            None => match self.built() {
                Some(chain) => step_one::issuers(self.selector, self.id, chain, self.now),
                None => not_a_certificate(),
            },
        };
        self.add(finding)
    }

    /// T-1, T-4.
    fn store(&mut self) -> Flow {
        let chosen = self.selector.settings.store().clone();
        let result = match self.selector.stores.store_of(self.id) {
            Some(store) if *store != chosen => Err(Rejection::OtherStore { store: store.clone(), chosen }),
            _ => Ok(Pass::InStore(chosen)),
        };
        self.check(result)
    }

    /// V-5, then V-7 of a chain that ends at a trusted root (V-0).
    fn chain(&mut self) -> Flow {
        let Some(chain) = self.built().cloned() else {
            return self.add(not_a_certificate());
        };
        match chain.failure() {
            Some(failure) => self.check(Err(Rejection::Chain(Arc::new(failure.clone()))))?,
            None => {
                self.warnings.extend(chain.warnings().iter().cloned().map(Warning::Chain));
                if let Some(evidence) = self.chain_evidence(chain.path()) {
                    self.check(Ok(Pass::Chain(evidence)))?;
                }
            }
        }
        // Where the chain does not hold only an audit comes here.
        if !chain.is_trusted() || chain.exhausted().is_some() {
            return Flow::Continue(());
        }
        match self.selector.revocation(chain.path(), self.now) {
            Ok(Some(pass)) => {
                if let Pass::NotRevoked(cleared) = &pass {
                    self.warnings.extend(status::weak_crls(cleared));
                }
                self.add(Finding::Passed(pass))
            }
            Ok(None) => self.add(Finding::NotApplicable(Exemption::RevocationOff)),
            Err(failure) => self.revocation_fails(*failure),
        }
    }

    /// The same for every certificate of a CA, but not for those that are their own root.
    fn chain_evidence(&self, path: &Path) -> Option<Arc<ChainEvidence>> {
        let read = || ChainEvidence::of(&self.selector.stores, path).map(Arc::new);
        let (memo, above) = (&self.selector.chain_evidence, path.certificates().get(1..).unwrap_or_default());
        if above.is_empty() {
            return read();
        }
        memo.at(above, self.now).or_else(|| {
            let evidence = read()?;
            memo.remember(above, self.now, Arc::clone(&evidence));
            Some(evidence)
        })
    }

    fn revocation_fails(&mut self, failure: RevokedChain) -> Flow {
        let near_miss = status::near_miss(&failure.failure).map(|near| Box::new(NearMiss::Revocation(near)));
        self.add(Finding::Rejected { rejection: Rejection::Revocation(Arc::new(failure)), near_miss })
    }

    /// Step 4, or the selector in its place; a device without a selection method knows no selector.
    fn purpose(&mut self) -> Flow {
        let usages = Usages::of(self.stored, &self.selector.settings);
        let lacking = requirement::lacking(self.stored.certificate(), &usages);
        self.warnings.extend(lacking.into_iter().map(Warning::Requirement));
        match self.selector.selection_criteria() {
            Some(criteria) => self.criteria(criteria),
            None => self.client_authentication(),
        }
    }

    fn criteria(&mut self, criteria: &Criteria) -> Flow {
        let names = CertificateNames::of(self.stored.certificate());
        let options = SearchOptions::of(&self.selector.settings);
        if let Some(evidence) = find_criteria(criteria, &names, options) {
            return self.add(Finding::Passed(Pass::Selector(Box::new(evidence))));
        }
        let (mismatch, near_miss) = explain_criteria(criteria, &names, options);
        let mismatch = Box::new(mismatch);
        let rejection = match criteria {
            Criteria::Subject(_) => Rejection::Subject(mismatch),
            Criteria::SubjectContains(_) => Rejection::SubjectString(mismatch),
            Criteria::SubjectAttributes(_) => Rejection::SubjectAttribute(mismatch),
        };
        self.add(Finding::Rejected { rejection, near_miss: near_miss.map(Box::new) })
    }

    /// P-1 to P-5, P-7, P-8: usages, CAs and key usage, or the computer name where the ruleset lets it qualify.
    fn client_authentication(&mut self) -> Flow {
        let (selector, stored) = (self.selector, self.stored);
        let (settings, machine) = (&selector.settings, &selector.machine);
        let usages = Usages::of(stored, settings);
        let key_usage = purpose::key_usage(stored.certificate(), settings);
        let nesting = self.built().map(|chain| selector.chains.eku_nesting(chain.path()));
        let qualifies = usages.allow_client_authentication()
            && !matches!(key_usage, Some(Err(_)))
            && !matches!(nesting, Some(Err(_)));
        let by_name = settings.ruleset().table().purpose == PurposeRule::ClientAuthenticationOrComputerName;
        if !qualifies
            && by_name
            && let Some(pass) = purpose::computer_name(stored.certificate(), machine, settings)
        {
            if !usages.allow_client_authentication() || matches!(nesting, Some(Err(_))) {
                self.warnings.push(Warning::Requirement(Requirement::WithoutClientAuthentication));
            }
            self.add(Finding::Passed(pass))?;
            return self.add(Finding::NotApplicable(Exemption::QualifiedByName));
        }
        if usages.allow_client_authentication() {
            let source: UsageSource = usages.source();
            self.check(Ok(Pass::ClientAuthentication(source)))?;
        } else {
            let (rejection, near_miss) = purpose::not_client_auth(stored, machine, settings, usages);
            self.add(Finding::Rejected { rejection, near_miss })?;
        }
        if let Some(nesting) = nesting {
            self.check(match nesting {
                Ok(()) => Ok(Pass::ChainUsage),
                Err(taken) => Err(Rejection::ChainEku(Box::new(taken))),
            })?;
        }
        match key_usage {
            Some(result) => self.check(result),
            None => self.add(Finding::NotApplicable(Exemption::KeyUsageIgnored)),
        }
    }

    /// P-6, where the ruleset has the step.
    fn name(&mut self) -> Flow {
        let settings = &self.selector.settings;
        if !settings.ruleset().table().steps.contains(&Step::Name) {
            return Flow::Continue(());
        }
        if !self.is_windows() {
            return self.add(Finding::NotApplicable(Exemption::DeviceWithout(Step::Name)));
        }
        if settings.criteria().is_some() {
            return self.add(Finding::NotApplicable(Exemption::ReplacedBySelector(Step::Name)));
        }
        let (finding, warning) = name::name(self.stored.certificate(), &self.selector.machine, settings);
        self.warnings.extend(warning);
        self.add(finding)
    }
}
