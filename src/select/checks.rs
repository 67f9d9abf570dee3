//! The checks of steps 1 to 5, in one table: `select` and `audit` ask them in documented order and keep what each says,
//! `winner` asks the same ones, the cheapest first, and stops at the first that rejects.
//!
//! A check says what it found to a [`Listener`]. Evidence, reasons and near misses are given as closures, so that nothing
//! is made that nobody keeps.
//!
//! What a check says depends only on the machine and the certificate, never on the other checks: so any order of them
//! gives the same certificates.

use super::requirement::{self, Requirement};
use super::warning::Warning;
use super::world::World;
use super::{status, step_one};
use crate::chain::{Chain, Path};
use crate::check::purpose::{self, AllowedUsages};
use crate::check::{
    CertificateNames, ChainEvidence, Checked, CriteriaReason, Exemption, Finding, NearMiss, Pass, PurposePass,
    PurposeReason, Rejection, RevocationNearMiss, RevocationPass, SearchOptions, criteria, dates, key, name, store,
    template,
};
use crate::choices::{
    Anchors, AnyPolicy, CngKeys, CriteriaSource, CrlSigner, DeltaCrl, EccKeys, EmptySubject, ExplicitPolicy,
    IssuerMatch, IssuerScope, IssuerSyntax, KeyUsagePolicy, NameCheck, NoEku, PolicyMapping, PurposeRule, Revocation,
    Ruleset, SanValues, SignaturePolicy, SubjectText, UnknownStatus,
};
use crate::rules::Step;
use crate::store::{CertId, StoreName, StoredCertificate};
use crate::text::{Criteria, CriteriaKind};
use crate::time::Timestamp;
use std::cell::{LazyCell, OnceCell};
use std::ops::ControlFlow;
use std::sync::Arc;

/// Whether the next check is asked.
pub(super) type Flow = ControlFlow<()>;

/// The checks that one certificate passes or not, whatever the others do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// Step 1 (I-2 to I-7).
    Issuers,
    /// Step 2 (T-1, T-4).
    Store,
    /// V-1.
    Dates,
    /// V-2.
    Key,
    /// V-3, V-4.
    Template,
    /// V-5, V-10 to V-12.
    Chain,
    /// V-7 to V-9.
    Revocation,
    /// Step 4 (P-1 to P-5, P-7, P-8), or the criteria in its place.
    Purpose,
    /// Step 5 (P-6), where the ruleset has it.
    Name,
}

impl Check {
    /// The order of section 1 of the specification, within step 3 that of V-0.
    pub(super) const DOCUMENTED: [Check; 9] = [
        Check::Issuers,
        Check::Store,
        Check::Dates,
        Check::Key,
        Check::Template,
        Check::Chain,
        Check::Revocation,
        Check::Purpose,
        Check::Name,
    ];

    /// The same: what needs no chain first, since signatures cost most. The purpose is the first that may need one, and
    /// only of a certificate that lacks nothing else.
    pub(super) const CHEAPEST_FIRST: [Check; 9] = [
        Check::Store,
        Check::Dates,
        Check::Key,
        Check::Template,
        Check::Name,
        Check::Purpose,
        Check::Chain,
        Check::Issuers,
        Check::Revocation,
    ];

    /// The check that gives this rejection; ranking is not among them.
    pub(super) fn that_gives(rejection: &Rejection) -> Option<Check> {
        match rejection {
            Rejection::Issuers(_) => Some(Check::Issuers),
            Rejection::Store(_) => Some(Check::Store),
            Rejection::Dates(_) => Some(Check::Dates),
            Rejection::Key(_) => Some(Check::Key),
            Rejection::Template(_) => Some(Check::Template),
            Rejection::Chain(_) => Some(Check::Chain),
            Rejection::Revocation(_) => Some(Check::Revocation),
            Rejection::Purpose(_) | Rejection::Criteria(_) => Some(Check::Purpose),
            Rejection::Name(_) => Some(Check::Name),
            Rejection::Rank(_) => None,
        }
    }

    /// Whether the check may say something else under another value of this setting.
    pub(super) fn heeds(self, setting: &str) -> bool {
        let of_chains = CHAIN_SETTINGS.contains(&setting);
        match self {
            Check::Store | Check::Dates | Check::Key => false,
            Check::Template => [Ruleset::SETTING, CngKeys::SETTING, EccKeys::SETTING].contains(&setting),
            Check::Chain => of_chains,
            Check::Issuers => {
                let own = [IssuerMatch::SETTING, IssuerScope::SETTING, IssuerSyntax::SETTING];
                of_chains || own.contains(&setting)
            }
            Check::Revocation => {
                let own = [Revocation::SETTING, UnknownStatus::SETTING, CrlSigner::SETTING, DeltaCrl::SETTING];
                of_chains || own.contains(&setting)
            }
            // The criteria in its place, and the CAs above (P-8), among it.
            Check::Purpose => {
                let own = [Ruleset::SETTING, NoEku::SETTING, KeyUsagePolicy::SETTING];
                let of_criteria = [CriteriaSource::SETTING, SubjectText::SETTING, SanValues::SETTING];
                of_chains || own.contains(&setting) || of_criteria.contains(&setting)
            }
            Check::Name => {
                let own = [Ruleset::SETTING, NameCheck::SETTING, EmptySubject::SETTING, SubjectText::SETTING];
                own.contains(&setting)
            }
        }
    }

    /// What the check finds about a certificate.
    pub(super) fn run(self, judged: &Judged<'_>, to: &mut impl Listener) -> Flow {
        match self {
            Check::Issuers => issuers(judged, to),
            Check::Store => tell(to, store::check(judged.store, judged.world.settings.store())),
            Check::Dates => {
                let certificate = judged.stored.certificate();
                tell(to, dates::check(certificate.not_before(), certificate.not_after(), judged.now))
            }
            Check::Key => tell(to, key::check(judged.stored)),
            Check::Template => template(judged, to),
            Check::Chain => chain(judged, to),
            Check::Revocation => revocation(judged, to),
            Check::Purpose => purpose(judged, to),
            Check::Name => name(judged, to),
        }
    }
}

/// The settings that the choice of a chain, or whether it holds, may depend on.
const CHAIN_SETTINGS: [&str; 5] =
    [Anchors::SETTING, SignaturePolicy::SETTING, ExplicitPolicy::SETTING, PolicyMapping::SETTING, AnyPolicy::SETTING];

/// Who hears what the checks find.
pub(super) trait Listener {
    /// Something passed.
    fn passed<P: Into<Pass>>(&mut self, pass: impl FnOnce() -> P);

    /// Something did not apply.
    fn exempt(&mut self, exemption: Exemption);

    /// Something rejects the certificate, with this finding.
    fn rejected(&mut self, finding: impl FnOnce() -> Finding) -> Flow;

    /// The certificate is rejected in any case, and what follows says why: who only asks whether stops here.
    fn is_lost(&mut self) -> Flow;

    /// What should be known although it decides nothing.
    fn warn<W: IntoIterator<Item = Warning>>(&mut self, warnings: impl FnOnce() -> W);
}

/// One certificate of the machine at one instant.
pub(super) struct Judged<'a> {
    world: &'a World,
    id: CertId,
    store: &'a StoreName,
    stored: &'a StoredCertificate,
    now: Timestamp,
    /// The one chain (rule I-7), built when the first check asks for it.
    chain: OnceCell<Arc<Chain>>,
}

impl<'a> Judged<'a> {
    /// `None` where the identifier is not that of a certificate.
    pub(super) fn of(world: &'a World, id: CertId, now: Timestamp) -> Option<Self> {
        let (store, stored) = (world.stores.store_of(id)?, world.stores.get(id)?);
        Some(Judged { world, id, store, stored, now, chain: OnceCell::new() })
    }

    fn chain(&self) -> &Chain {
        self.chain.get_or_init(|| self.world.chain(self.id, self.stored, self.now))
    }

    /// The certificates of the chain; empty where no check asked for it.
    pub(super) fn into_path(self) -> Vec<CertId> {
        self.chain.into_inner().map(|chain| chain.path().certificates().to_vec()).unwrap_or_default()
    }
}

/// What a check found that has no near miss.
fn tell(to: &mut impl Listener, result: Result<impl Into<Pass>, impl Into<Rejection>>) -> Flow {
    match result {
        Ok(pass) => {
            to.passed(|| pass);
            Flow::Continue(())
        }
        Err(reason) => to.rejected(|| Finding::rejected(reason)),
    }
}

fn exempt(to: &mut impl Listener, exemption: Exemption) -> Flow {
    to.exempt(exemption);
    Flow::Continue(())
}

fn passed<P: Into<Pass>>(to: &mut impl Listener, pass: impl FnOnce() -> P) -> Flow {
    to.passed(pass);
    Flow::Continue(())
}

/// I-2 to I-7: the chain ends at a listed root.
fn issuers(judged: &Judged<'_>, to: &mut impl Listener) -> Flow {
    let world = judged.world;
    if let Some(exemption) = step_one::exemption(world) {
        return exempt(to, exemption);
    }
    let chain = judged.chain();
    if chain.exhausted().is_some() {
        // Nobody knows where the chain ends (V-10), so nothing is said of its end; step 3 rejects.
        return exempt(to, Exemption::ChainNotChosen);
    }
    match step_one::listed(world, chain.path()) {
        Some(listed) => passed(to, || listed.pass(chain.path())),
        None => {
            let top = world.top(chain.path()).unwrap_or(judged.stored.certificate());
            to.rejected(|| {
                let near_miss = step_one::near_miss(world, judged.id, chain, top, judged.now).map(NearMiss::from);
                let unreadable = || world.chains.unreadable_issuer(chain.failure()?).map(NearMiss::from);
                let near_miss = near_miss.or_else(unreadable);
                Finding::rejected_near(step_one::reason(world, chain.path(), top), near_miss)
            })
        }
    }
}

/// V-3, V-4: the template's version, and where the key lives.
fn template(judged: &Judged<'_>, to: &mut impl Listener) -> Flow {
    let (stored, settings) = (judged.stored, &judged.world.settings);
    match template::check_template(stored, settings) {
        Checked::Passed(pass) => to.passed(|| pass),
        Checked::NotApplicable(exemption) => to.exempt(exemption),
        Checked::Rejected(reason) => {
            let near_miss = template::near_miss(&reason, stored, settings);
            to.rejected(|| Finding::rejected_near(reason, near_miss))?;
        }
    }
    if let Some(provider) = template::check_provider(stored, settings) {
        tell(to, provider)?;
    }
    to.warn(|| template::is_ecc_in_csp(stored).then_some(Warning::EccKeyInCsp));
    Flow::Continue(())
}

/// V-5, V-10 to V-12: the chain holds.
fn chain(judged: &Judged<'_>, to: &mut impl Listener) -> Flow {
    let (world, chain) = (judged.world, judged.chain());
    if let Some(failure) = chain.failure() {
        let near_miss = || world.chains.unreadable_issuer(failure);
        to.warn(|| world.chains.roots_that_are_none(chain.path()).map(Warning::Chain));
        return to.rejected(|| Finding::rejected_near(Arc::new(failure.clone()), near_miss()));
    }
    match world.top(chain.path()) {
        Some(root) => {
            to.warn(|| chain.warnings().iter().cloned().map(Warning::Chain));
            passed(to, || chain_evidence(judged, chain.path(), || ChainEvidence::of(root, chain.path())))
        }
        // A chain has at least the certificate itself; one that has not fails like one without an issuer.
        None => to.rejected(|| {
            let failure = world.chains.no_issuer(judged.id, judged.stored.certificate());
            Finding::rejected(Arc::new(failure))
        }),
    }
}

/// The same for every certificate of a CA, but not for those that are their own root.
fn chain_evidence(judged: &Judged<'_>, path: &Path, read: impl FnOnce() -> ChainEvidence) -> Arc<ChainEvidence> {
    let (memo, above) = (&judged.world.chain_evidence, path.certificates().get(1..).unwrap_or_default());
    if above.is_empty() {
        return Arc::new(read());
    }
    memo.at(above, judged.now).unwrap_or_else(|| {
        let evidence = Arc::new(read());
        memo.remember(above, judged.now, Arc::clone(&evidence));
        evidence
    })
}

/// V-7 to V-9, of a chain that ends at a trusted root (V-0). Where the chain does not hold only an audit comes here.
fn revocation(judged: &Judged<'_>, to: &mut impl Listener) -> Flow {
    let chain = judged.chain();
    if !chain.is_trusted() || chain.exhausted().is_some() {
        return Flow::Continue(());
    }
    match judged.world.revocation((judged.id, judged.stored.certificate()), chain, judged.now) {
        Ok(Some(pass)) => {
            if let RevocationPass::NotRevoked(cleared) = &pass {
                to.warn(|| status::weak_crls(cleared));
            }
            passed(to, || pass)
        }
        Ok(None) => exempt(to, Exemption::RevocationOff),
        Err(failure) => to.rejected(|| {
            let near_miss = RevocationNearMiss::of(&failure);
            Finding::rejected_near(failure, near_miss)
        }),
    }
}

/// Step 4, or the criteria in its place; a device without a selection method knows no criteria.
fn purpose(judged: &Judged<'_>, to: &mut impl Listener) -> Flow {
    let usages = AllowedUsages::of(judged.stored, &judged.world.settings);
    to.warn(|| requirement::lacking(judged.stored.certificate(), &usages).into_iter().map(Warning::Requirement));
    match judged.world.criteria() {
        Some(wanted) => criteria(judged, wanted, to),
        None => client_authentication(judged, usages, to),
    }
}

fn criteria(judged: &Judged<'_>, wanted: &Criteria, to: &mut impl Listener) -> Flow {
    let names = CertificateNames::of(judged.stored.certificate());
    let options = SearchOptions::of(&judged.world.settings);
    if let Some(evidence) = criteria::find(wanted, &names, options) {
        return passed(to, || Box::new(evidence));
    }
    to.rejected(|| {
        let (mismatch, near_miss) = criteria::explain(wanted, &names, options);
        let reason = match wanted.kind() {
            CriteriaKind::Subject(_) => CriteriaReason::Subject(mismatch),
            CriteriaKind::SubjectContains(_) => CriteriaReason::SubjectString(mismatch),
            CriteriaKind::SubjectAttributes(_) => CriteriaReason::SubjectAttribute(mismatch),
        };
        Finding::rejected_near(Box::new(reason), near_miss)
    })
}

/// P-1 to P-5, P-7, P-8: usages, CAs and key usage, or the computer name where the ruleset lets it qualify.
fn client_authentication(judged: &Judged<'_>, usages: AllowedUsages, to: &mut impl Listener) -> Flow {
    let (world, stored) = (judged.world, judged.stored);
    let (settings, machine) = (&world.settings, &world.machine);
    let key_usage = purpose::key_usage(stored.certificate(), settings);
    let taken = LazyCell::new(|| world.chains.eku_nesting(judged.chain().path()).err());
    // P-8 takes something only from a certificate that has it: `winner` builds no chain for the others.
    let has_it = usages.allow_client_authentication() && !matches!(key_usage, Some(Err(_)));
    let by_name = settings.ruleset().table().purpose == PurposeRule::ClientAuthenticationOrComputerName;
    if by_name
        && !(has_it && taken.is_none())
        && let Some(pass) = purpose::computer_name(stored.certificate(), machine, settings)
    {
        to.warn(|| {
            let refused = !usages.allow_client_authentication() || taken.is_some();
            refused.then_some(Warning::Requirement(Requirement::WithoutClientAuthentication))
        });
        to.passed(|| pass);
        return exempt(to, Exemption::QualifiedByName);
    }
    if !has_it {
        to.is_lost()?;
    }
    if usages.allow_client_authentication() {
        to.passed(|| PurposePass::ClientAuthentication(usages.source()));
    } else {
        to.rejected(|| {
            let (reason, near_miss) = purpose::not_client_auth(stored, machine, settings, usages);
            Finding::rejected_near(reason, near_miss)
        })?;
    }
    match &*taken {
        None => to.passed(|| PurposePass::ChainUsage),
        Some(taken) => to.rejected(|| Finding::rejected(PurposeReason::ChainEku(taken.clone())))?,
    }
    match key_usage {
        Some(result) => tell(to, result),
        None => exempt(to, Exemption::KeyUsageIgnored),
    }
}

/// P-6, where the ruleset has the step.
fn name(judged: &Judged<'_>, to: &mut impl Listener) -> Flow {
    let (settings, machine) = (&judged.world.settings, &judged.world.machine);
    if !settings.ruleset().table().steps.contains(&Step::Name) {
        return Flow::Continue(());
    }
    if !judged.world.is_windows() {
        return exempt(to, Exemption::DeviceWithout(Step::Name));
    }
    if settings.criteria().is_some() {
        return exempt(to, Exemption::ReplacedByCriteria(Step::Name));
    }
    let certificate = judged.stored.certificate();
    match name::check(certificate, machine, settings) {
        Checked::Passed(pass) => {
            to.warn(|| name::longer_name(&pass, machine).map(Warning::LongerName));
            passed(to, || pass)
        }
        Checked::NotApplicable(exemption) => exempt(to, exemption),
        Checked::Rejected(reason) => {
            to.rejected(|| Finding::rejected_near(reason, name::near_miss(certificate, machine, settings)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_ask_every_check_once() {
        for (place, check) in Check::DOCUMENTED.into_iter().enumerate() {
            // The declaration is in documented order too, so a check that is left out leaves a gap.
            assert_eq!(check as usize, place);
            assert_eq!(Check::CHEAPEST_FIRST.iter().filter(|other| **other == check).count(), 1, "{check:?}");
        }
        assert_eq!(Check::CHEAPEST_FIRST.len(), Check::DOCUMENTED.len());
    }

    /// A setting that no check heeds is one of the ranking, or of words: a new one is put into `heeds`, or here.
    #[test]
    fn every_setting_is_heeded_by_a_check_or_decides_about_none() {
        let of_no_check = ["on_multiple", "longest_by", "log_level"];
        for choice in crate::settings::Settings::default().choices() {
            let is_heeded = Check::DOCUMENTED.iter().any(|check| check.heeds(choice.setting));
            assert_ne!(is_heeded, of_no_check.contains(&choice.setting), "{}", choice.setting);
        }
    }
}
