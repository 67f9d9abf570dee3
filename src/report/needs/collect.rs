//! The needs of one machine.

use super::{CrlKind, GivenCrl, NeededAuthority, NeededCrl, NeededTemplate, Needs, slot};
use crate::certificate::{Certificate, DistributionPoints};
use crate::chain::ChainFailure;
use crate::check::{Finding, IssuersReason, Pass, Rejection, RevocationPass, RevokedChain, TemplateEvidence};
use crate::name::{DistinguishedName, NameKey};
use crate::report::readiness::ReadinessReport;
use crate::revocation::{Crl, CrlProblem, Crls, RevocationEvidence};
use crate::rules::Step;
use crate::select::Verdict;
use crate::shown::Shown;
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Addresses of one CRL that are listed; AD CS writes two or three.
const SHOWN_URLS: usize = 16;

fn plain(text: &str) -> String {
    Shown(text).to_string()
}

/// What revocation says of a chain, member by member.
enum ChainStatus<'a> {
    Cleared(&'a [RevocationEvidence]),
    Failed(&'a RevokedChain),
}

impl Needs {
    /// Adds a machine, with the CRLs that its selector has. An audit (`Selector::audit`) leaves certificates out that are
    /// rejected at a later step in any case; a plain selection does not look that far.
    pub(crate) fn add(&mut self, report: &ReadinessReport<'_>, crls: &Crls) {
        self.machines += 1;
        let mut machine = MachineNeeds { report, given: by_issuer(crls), crls: BTreeMap::new() };
        let (mut authorities, mut templates) = (BTreeSet::new(), BTreeSet::new());
        let selection = report.selection();
        let candidates = selection
            .verdicts()
            .iter()
            .filter(|verdict| report.stores().store_of(verdict.id()) == Some(selection.store()));
        for verdict in candidates {
            if rejected_only(verdict, |rejection| matches!(rejection, Rejection::Revocation(_))) {
                machine.revocation(verdict);
            }
            if rejected_only(
                verdict,
                |rejection| matches!(rejection, Rejection::Template(reason) if reason.evidence().is_some()),
            ) {
                templates.extend(verdict.findings().iter().filter_map(template));
            }
            let chain = |rejection: &Rejection| {
                matches!(
                    rejection,
                    Rejection::Chain(_)
                        | Rejection::Revocation(_)
                        | Rejection::Issuers(IssuersReason::IncompleteChain { .. })
                )
            };
            // A machine that selects a certificate lacks no CA.
            if !report.is_ready() && rejected_only(verdict, chain) {
                authorities.extend(verdict.findings().iter().filter_map(|finding| authority(report, verdict, finding)));
            }
        }
        for (key, given) in machine.crls {
            match slot(&mut self.crls, key) {
                Some(need) => need.add(given),
                None => self.left_out += 1,
            }
        }
        for key in authorities {
            match slot(&mut self.authorities, key) {
                Some(count) => *count += 1,
                None => self.left_out += 1,
            }
        }
        for key in templates {
            match slot(&mut self.templates, key) {
                Some(count) => *count += 1,
                None => self.left_out += 1,
            }
        }
    }
}

/// Whether nothing but such rejections, and the ranking, stands between a certificate and being selected.
fn rejected_only(verdict: &Verdict, such: impl Fn(&Rejection) -> bool) -> bool {
    verdict.findings().iter().filter(|finding| finding.step() != Step::Longest).filter_map(Finding::rejection).all(such)
}

fn template(finding: &Finding) -> Option<NeededTemplate> {
    let evidence = match (finding.pass(), finding.rejection()) {
        (Some(Pass::Template(pass)), _) => pass.evidence(),
        (_, Some(Rejection::Template(reason))) => reason.evidence(),
        (_, _) => None,
    };
    match evidence? {
        TemplateEvidence::Table { template, version } => {
            Some(NeededTemplate { template: template.to_string(), version: Some(*version) })
        }
        TemplateEvidence::Unknown { template: Some(template) } => {
            Some(NeededTemplate { template: template.to_string(), version: None })
        }
        TemplateEvidence::Stated(_)
        | TemplateEvidence::Version1 { .. }
        | TemplateEvidence::Unknown { template: None } => None,
    }
}

/// The CA certificate that a finding misses. A client's own certificate is not one: one that names itself as its issuer is not
/// mended by trusting it.
fn authority(report: &ReadinessReport<'_>, verdict: &Verdict, finding: &Finding) -> Option<NeededAuthority> {
    let named =
        |name: &DistinguishedName| if name.is_empty() { "(no name)".to_owned() } else { plain(&name.to_x500_string()) };
    let own = report.stores().get(verdict.id())?.certificate().subject();
    let missing = |name: &DistinguishedName| (*name != own).then(|| NeededAuthority::Missing { name: named(name) });
    let rejection = finding.rejection()?;
    if let Rejection::Issuers(IssuersReason::IncompleteChain { missing: name, .. }) = rejection {
        return missing(name);
    }
    let Rejection::Chain(failure) = rejection else { return None };
    if let ChainFailure::NoPath { issuer, .. } = &**failure {
        return missing(issuer);
    }
    let ChainFailure::UntrustedRoot { at } = &**failure else { return None };
    let certificate = report.stores().get(at.id).filter(|_| at.position > 0)?.certificate();
    Some(NeededAuthority::Untrusted { name: named(&certificate.subject()), thumbprint: at.thumbprint.to_string() })
}

fn by_issuer(crls: &Crls) -> HashMap<NameKey, Vec<&Crl>> {
    let mut by_issuer: HashMap<NameKey, Vec<&Crl>> = HashMap::new();
    for crl in crls.iter() {
        by_issuer.entry(crl.issuer_key()).or_default().push(crl);
    }
    by_issuer
}

struct MachineNeeds<'a> {
    report: &'a ReadinessReport<'a>,
    given: HashMap<NameKey, Vec<&'a Crl>>,
    /// What it needs; of several certificates the worst counts.
    crls: BTreeMap<NeededCrl, GivenCrl>,
}

impl MachineNeeds<'_> {
    /// Everything below the root of a chain that was checked (rule V-7).
    fn revocation(&mut self, verdict: &Verdict) {
        let status = verdict.findings().iter().find_map(|finding| match (finding.pass(), finding.rejection()) {
            (Some(Pass::Revocation(RevocationPass::NotRevoked(chain))), _) => {
                Some(ChainStatus::Cleared(&chain.members))
            }
            (Some(Pass::Revocation(RevocationPass::UnknownAccepted(chain))), _)
            | (_, Some(Rejection::Revocation(chain))) => Some(ChainStatus::Failed(chain)),
            (_, _) => None,
        });
        let (Some(status), Some((_root, below))) = (status, verdict.path().split_last()) else {
            return;
        };
        for (position, id) in below.iter().enumerate() {
            if let Some(stored) = self.report.stores().get(*id) {
                self.member(stored.certificate(), position, &status);
            }
        }
    }

    fn member(&mut self, certificate: &Certificate, position: usize, status: &ChainStatus<'_>) {
        let issuer = plain(&certificate.issuer().to_x500_string());
        let now = self.report.selection().now();
        let key = NameKey::from_der(certificate.issuer_der());
        let at_hand = key.and_then(|key| self.given.get(&key)).cloned().unwrap_or_default();
        let newest = |is_delta: bool| {
            let of_kind = at_hand.iter().filter(|crl| crl.is_delta() == is_delta);
            of_kind.max_by_key(|crl| (crl.next_update(), crl.this_update())).copied()
        };
        let counted = match status {
            ChainStatus::Cleared(members) => members.get(position).map(RevocationEvidence::crl),
            ChainStatus::Failed(_) => None,
        };
        let failed = match status {
            ChainStatus::Failed(chain) if chain.at.position == position => Some(*chain),
            ChainStatus::Failed(_) | ChainStatus::Cleared(_) => None,
        };
        let base = counted.map(|counted| &counted.complete).or_else(|| newest(false));
        let mut urls = certificate.crl_distribution_points().map(addresses).unwrap_or_default();
        urls.truncate(SHOWN_URLS);
        self.need(NeededCrl { issuer: issuer.clone(), kind: CrlKind::Base, urls }, given(base, failed, now));
        // A delta is needed where the base, or the certificate, says that there is one (rule V-9).
        let named = base.filter(|base| base.names_freshest_crl()).map(|base| addresses(base.freshest_crl()));
        let own = certificate.freshest_crl().map(addresses).unwrap_or_default();
        if named.is_some() || !own.is_empty() {
            let mut urls: Vec<String> = named.unwrap_or_default();
            urls.extend(own.into_iter().filter(|url| !urls.contains(url)).collect::<Vec<_>>());
            urls.truncate(SHOWN_URLS);
            let delta = counted.and_then(|counted| counted.delta.as_ref()).or_else(|| newest(true));
            self.need(NeededCrl { issuer, kind: CrlKind::Delta, urls }, given(delta, failed, now));
        }
    }

    fn need(&mut self, key: NeededCrl, given: GivenCrl) {
        let worst = self.crls.entry(key).or_insert(given);
        *worst = (*worst).max(given);
    }
}

fn addresses(points: DistributionPoints<'_>) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    for url in points.flat_map(|point| point.urls()).take(SHOWN_URLS * 2) {
        let url = plain(url.as_str());
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    urls
}

/// What a CRL at hand is worth: by its dates, and by what the check said of it.
fn given(crl: Option<&Crl>, failed: Option<&RevokedChain>, now: Timestamp) -> GivenCrl {
    let Some(crl) = crl else { return GivenCrl::Missing };
    let not_counted = failed.is_some_and(|chain| {
        let mut problems = chain.failure.not_counted().iter().filter(|entry| entry.crl == *crl);
        problems.any(|entry| {
            !matches!(
                entry.problem,
                CrlProblem::NotYetValid { .. } | CrlProblem::Expired { .. } | CrlProblem::DeltaMissing
            )
        })
    });
    match crl.next_update() {
        _ if crl.this_update() > now => GivenCrl::NotYetValid(crl.this_update()),
        Some(next) if next < now => GivenCrl::OutOfDate(next),
        Some(next) if !not_counted => GivenCrl::Good(next),
        // A CRL without an end does not count either.
        _ => GivenCrl::NotCounted,
    }
}
