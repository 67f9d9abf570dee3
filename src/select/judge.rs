//! One certificate through the steps, in documented order: a straight line of checks, each with its finding.

use super::engine::Selector;
use super::requirement::{self, Requirement};
use super::verdict::{Verdict, VerdictKind};
use super::warning::Warning;
use super::{status, step_one};
use crate::chain::{Chain, Path};
use crate::check::purpose::{self, Usages};
use crate::check::{
    CertificateNames, ChainEvidence, CriteriaReason, DatesNearMiss, DatesReason, Exemption, Finding, NearMiss, Pass,
    PurposePass, PurposeReason, Rejection, RevocationNearMiss, RevocationPass, RevokedChain, SearchOptions,
    StoreNearMiss, StoreReason, criteria, dates, key, name, store, template,
};
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
    let outside = |reason: StoreReason, kind| Verdict {
        id,
        kind,
        path: Vec::new(),
        findings: vec![Finding::rejected(reason)],
        warnings: Vec::new(),
    };
    let stored = match selector.stores.entry(id) {
        Some(Entry::Certificate(stored)) => stored,
        Some(Entry::Unreadable(entry)) => {
            return outside(StoreReason::Unreadable(entry.error().clone()), VerdictKind::Unreadable);
        }
        None => return outside(StoreReason::Archived, VerdictKind::Rejected),
    };
    if stored.enumeration() == Enumeration::Archived {
        return outside(StoreReason::Archived, VerdictKind::Rejected);
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
    Finding::rejected(StoreReason::Archived)
}

/// T-4: "right certificate, wrong store"; V-1: a renewed certificate whose time comes.
fn name_only_rejection(findings: &mut [Finding]) {
    let mut rejections = findings.iter_mut().filter(|finding| finding.rejection().is_some());
    let (Some(Finding::Rejected { rejection, near_miss }), None) = (rejections.next(), rejections.next()) else {
        return;
    };
    let near = match rejection {
        Rejection::Store(StoreReason::OtherStore { store, chosen }) => {
            NearMiss::Store(StoreNearMiss::WrongStore { store: store.clone(), chosen: chosen.clone() })
        }
        Rejection::Dates(DatesReason::NotYetValid { not_before, .. }) => {
            NearMiss::Dates(DatesNearMiss::NotYetValid { from: *not_before })
        }
        Rejection::Store(StoreReason::Archived | StoreReason::Unreadable(_))
        | Rejection::Dates(DatesReason::Expired { .. })
        | Rejection::Issuers(_)
        | Rejection::Key(_)
        | Rejection::Template(_)
        | Rejection::Chain(_)
        | Rejection::Revocation(_)
        | Rejection::Purpose(_)
        | Rejection::Criteria(_)
        | Rejection::Name(_)
        | Rejection::Rank(_) => return,
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
        self.check(dates::check(self.stored, self.now))?;
        self.check(key::check(self.stored))?;
        self.add(template::check_template(self.stored, &self.selector.settings).into())?;
        if let Some(provider) = template::check_provider(self.stored, &self.selector.settings) {
            self.check(provider)?;
        }
        if template::is_ecc_in_csp(self.stored) {
            self.warnings.push(Warning::EccKeyInCsp);
        }
        self.chain()?;
        self.purpose()?;
        self.name()
    }

    fn add(&mut self, finding: Finding) -> Flow {
        let stop = self.depth == Depth::FirstRejection && finding.rejection().is_some();
        self.findings.push(finding);
        if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn check(&mut self, result: Result<impl Into<Pass>, impl Into<Rejection>>) -> Flow {
        self.add(match result {
            Ok(pass) => Finding::Passed(pass.into()),
            Err(reason) => Finding::rejected(reason),
        })
    }

    fn pass(&mut self, pass: impl Into<Pass>) -> Flow {
        self.add(Finding::Passed(pass.into()))
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
        match self.selector.stores.store_of(self.id) {
            Some(own) => self.check(store::check(own, self.selector.settings.store())),
            None => self.add(not_a_certificate()),
        }
    }

    /// V-5, then V-7 of a chain that ends at a trusted root (V-0).
    fn chain(&mut self) -> Flow {
        let Some(chain) = self.built().cloned() else {
            return self.add(not_a_certificate());
        };
        match chain.failure() {
            Some(failure) => self.add(Finding::rejected(Arc::new(failure.clone())))?,
            None => {
                self.warnings.extend(chain.warnings().iter().cloned().map(Warning::Chain));
                if let Some(evidence) = self.chain_evidence(chain.path()) {
                    self.pass(evidence)?;
                }
            }
        }
        // Where the chain does not hold only an audit comes here.
        if !chain.is_trusted() || chain.exhausted().is_some() {
            return Flow::Continue(());
        }
        match self.selector.revocation(chain.path(), self.now) {
            Ok(Some(pass)) => {
                if let RevocationPass::NotRevoked(cleared) = &pass {
                    self.warnings.extend(status::weak_crls(cleared));
                }
                self.pass(pass)
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
        let near_miss = RevocationNearMiss::of(&failure.failure).map(|near| Box::new(NearMiss::Revocation(near)));
        self.add(Finding::Rejected { rejection: Arc::new(failure).into(), near_miss })
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

    fn criteria(&mut self, wanted: &Criteria) -> Flow {
        let names = CertificateNames::of(self.stored.certificate());
        let options = SearchOptions::of(&self.selector.settings);
        if let Some(evidence) = criteria::find(wanted, &names, options) {
            return self.pass(Box::new(evidence));
        }
        let (mismatch, near_miss) = criteria::explain(wanted, &names, options);
        let reason = match wanted {
            Criteria::Subject(_) => CriteriaReason::Subject(mismatch),
            Criteria::SubjectContains(_) => CriteriaReason::SubjectString(mismatch),
            Criteria::SubjectAttributes(_) => CriteriaReason::SubjectAttribute(mismatch),
        };
        let near_miss = near_miss.map(|near| Box::new(NearMiss::Criteria(near)));
        self.add(Finding::Rejected { rejection: Box::new(reason).into(), near_miss })
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
            self.pass(pass)?;
            return self.add(Finding::NotApplicable(Exemption::QualifiedByName));
        }
        if usages.allow_client_authentication() {
            self.pass(PurposePass::ClientAuthentication(usages.source()))?;
        } else {
            let (reason, near_miss) = purpose::not_client_auth(stored, machine, settings, usages);
            let near_miss = near_miss.map(|near| Box::new(NearMiss::Purpose(near)));
            self.add(Finding::Rejected { rejection: reason.into(), near_miss })?;
        }
        if let Some(nesting) = nesting {
            self.check(match nesting {
                Ok(()) => Ok(PurposePass::ChainUsage),
                Err(taken) => Err(PurposeReason::ChainEku(Box::new(taken))),
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
            return self.add(Finding::NotApplicable(Exemption::ReplacedByCriteria(Step::Name)));
        }
        let (finding, longer) = name::check(self.stored.certificate(), &self.selector.machine, settings);
        self.warnings.extend(longer.map(Warning::LongerName));
        self.add(finding.into())
    }
}
