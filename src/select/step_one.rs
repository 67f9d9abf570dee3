//! Step 1, the certificate issuers list (I-2 to I-7): does the chain end at a listed root?

use super::engine::Selector;
use crate::chain::{Chain, Path};
use crate::check::issuers::form;
use crate::check::{
    ChainCompleteness, Exemption, Finding, IssuerCandidate, IssuersNearMiss, IssuersPass, IssuersReason, NearMiss,
    StoreReason,
};
use crate::settings::IssuerScope;
use crate::store::CertId;
use crate::{Certificate, DeviceKind, Step, Timestamp};

/// Whether the step is done at all (I-2, R-4).
pub(super) fn applies(selector: &Selector) -> bool {
    exemption(selector).is_none()
}

/// Why the step is not done (I-2, R-4).
pub(super) fn exemption(selector: &Selector) -> Option<Exemption> {
    if selector.machine.device() != DeviceKind::Windows {
        return Some(Exemption::DeviceWithout(Step::Issuers));
    }
    selector.settings.issuers().is_none().then_some(Exemption::NoIssuersList)
}

/// I-5: the certificates of a path that are compared with the list: the last one, or every CA.
fn compared<'a>(selector: &Selector, path: &'a Path) -> impl Iterator<Item = CertId> + 'a {
    let certificates = path.certificates();
    let last = certificates.len().saturating_sub(1);
    let from = match selector.settings.issuer_scope() {
        IssuerScope::RootOnly => last,
        IssuerScope::AnyCaInChain => last.min(1), // the leaf itself only when nothing was found above it
    };
    certificates.iter().copied().skip(from).rev()
}

/// The entry that a CA certificate matches (I-4, I-6), counted from 0; remembered, since it depends on nothing else.
fn entry_of(selector: &Selector, id: CertId) -> Option<u32> {
    let compute = || {
        let certificate = selector.stores.get(id)?.certificate();
        let candidate = IssuerCandidate::new(certificate);
        let position = selector.settings.issuers()?.position(&candidate, selector.settings.issuer_match())?;
        u32::try_from(position).ok()
    };
    match selector.listed.get(id.index()) {
        Some(memo) => *memo.get_or_init(compute),
        None => compute(),
    }
}

fn match_of(selector: &Selector, path: &Path) -> Option<(CertId, u32)> {
    compared(selector, path).find_map(|id| Some((id, entry_of(selector, id)?)))
}

/// Whether the chain ends at a listed root. Every chain does where there is no list.
pub(super) fn is_listed(selector: &Selector, path: &Path) -> bool {
    !applies(selector) || match_of(selector, path).is_some()
}

/// The finding of step 1: it looks at the last certificate of the one chain (I-5, I-7).
pub(super) fn issuers(selector: &Selector, id: CertId, chain: &Chain, now: Timestamp) -> Finding {
    if chain.exhausted().is_some() {
        // Nobody knows where the chain ends (V-10), so nothing is said of its end; step 3 rejects.
        return Finding::NotApplicable(Exemption::ChainNotChosen);
    }
    let path = chain.path();
    let found = match_of(selector, path).and_then(|(top, entry)| {
        let compared = selector.stores.get(top)?.certificate().thumbprint();
        let form = form(selector.settings.issuers()?.iter().nth(entry as usize)?);
        let chain = if path.is_complete() { ChainCompleteness::Complete } else { ChainCompleteness::Incomplete };
        Some(Finding::Passed(IssuersPass { entry: entry as usize + 1, compared, chain, form }.into()))
    });
    found.unwrap_or_else(|| not_listed(selector, id, chain, now))
}

/// I-3 to I-5: the chain's last certificate is not listed.
fn not_listed(selector: &Selector, id: CertId, chain: &Chain, now: Timestamp) -> Finding {
    let path = chain.path();
    let top = path.last().unwrap_or(id); // a chain has at least the certificate itself
    let listed = selector.settings.issuers().map_or(0, |issuers| issuers.len());
    let Some(certificate) = selector.stores.get(top).map(|stored| stored.certificate()) else {
        return Finding::rejected(StoreReason::Archived); // a chain holds only certificates
    };
    let rejection = if path.is_complete() {
        IssuersReason::NotListed { top: certificate.subject(), thumbprint: certificate.thumbprint(), listed }
    } else {
        IssuersReason::IncompleteChain {
            top: certificate.subject(),
            thumbprint: certificate.thumbprint(),
            missing: certificate.issuer(),
        }
    };
    let near_miss = other_path(selector, id, chain, now).or_else(|| near_miss(selector, path, certificate));
    let near_miss = near_miss.map(|near| Box::new(NearMiss::Issuers(near)));
    Finding::Rejected { rejection: rejection.into(), near_miss }
}

/// I-7: another path of the certificate ends at a listed root, but Windows prefers the chain.
fn other_path(selector: &Selector, id: CertId, chain: &Chain, now: Timestamp) -> Option<IssuersNearMiss> {
    let other = selector.chains.paths(id).find(|path| match_of(selector, path).is_some())?;
    let root = selector.stores.get(other.last()?)?.certificate();
    Some(IssuersNearMiss::OtherPath {
        root: root.subject(),
        thumbprint: root.thumbprint(),
        because: selector.chains.preference(chain, &other, now),
    })
}

fn near_miss(selector: &Selector, path: &Path, top: &Certificate) -> Option<IssuersNearMiss> {
    let issuers = selector.settings.issuers()?;
    let mode = selector.settings.issuer_match();
    // The intermediate was listed instead of the root: what administrators do most (I-5).
    let below_top = path.certificates().iter().rev().skip(1);
    let intermediate = below_top.take_while(|id| Some(**id) != path.certificates().first().copied()).find_map(|id| {
        let certificate = selector.stores.get(*id)?.certificate();
        issuers.position(&IssuerCandidate::new(certificate), mode)?;
        Some(certificate)
    });
    match intermediate {
        Some(intermediate) => {
            Some(IssuersNearMiss::IntermediateListed { intermediate: intermediate.subject(), root: top.subject() })
        }
        None => issuers.near_miss(&IssuerCandidate::new(top), mode),
    }
}
