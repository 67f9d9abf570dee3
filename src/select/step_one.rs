//! Step 1, the certificate issuers list (I-2 to I-7): does some path end at a listed root?

use super::engine::Selector;
use super::finding::{ChainCompleteness, Exemption, Finding, Pass, Rejection};
use super::issuer_match::{IssuerCandidate, form};
use super::near_miss::NearMiss;
use crate::chain::Path;
use crate::settings::IssuerScope;
use crate::store::CertId;
use crate::{Certificate, DeviceKind};

/// Whether the step is done at all (I-2, R-4).
pub(super) fn applies(selector: &Selector) -> bool {
    selector.machine.device() == DeviceKind::Windows && selector.settings.issuers().is_some()
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

/// Whether a path ends at a listed root, so that steps 1 and 3 hold on the same path (I-7). Every path does where there
/// is no list.
pub(super) fn is_listed(selector: &Selector, path: &Path) -> bool {
    !applies(selector) || match_of(selector, path).is_some()
}

/// The finding of step 1, and the path that it is about.
pub(super) fn issuers(selector: &Selector, id: CertId) -> (Finding, Option<Path>) {
    if selector.machine.device() != DeviceKind::Windows {
        return (Finding::NotApplicable(Exemption::DeviceWithout(crate::Step::Issuers)), None);
    }
    let Some(issuers) = selector.settings.issuers() else {
        return (Finding::NotApplicable(Exemption::NoIssuersList), None);
    };
    let mut first: Option<Path> = None;
    for path in selector.chains.paths(id) {
        if let Some((top, entry)) = match_of(selector, &path) {
            let compared = selector.stores.get(top).map(|stored| stored.certificate().thumbprint());
            let chain = if path.is_complete() { ChainCompleteness::Complete } else { ChainCompleteness::Incomplete };
            let listed = issuers.iter().nth(entry as usize);
            if let (Some(compared), Some(listed)) = (compared, listed) {
                let finding = Finding::Passed(Pass::IssuerListed {
                    entry: entry as usize + 1,
                    compared,
                    chain,
                    form: form(listed),
                });
                return (finding, Some(path));
            }
        }
        first.get_or_insert(path);
    }
    (not_listed(selector, id, first.as_ref()), first)
}

/// I-3 to I-5: no path matches; the likeliest one is the reason.
fn not_listed(selector: &Selector, id: CertId, path: Option<&Path>) -> Finding {
    let top = path.and_then(Path::last).unwrap_or(id);
    let complete = path.is_some_and(Path::is_complete);
    let listed = selector.settings.issuers().map_or(0, |issuers| issuers.len());
    let Some(certificate) = selector.stores.get(top).map(|stored| stored.certificate()) else {
        return Finding::NotApplicable(Exemption::NoIssuersList); // entries that are judged are certificates
    };
    let rejection = if complete {
        Rejection::NotListed { top: certificate.subject(), thumbprint: certificate.thumbprint(), listed }
    } else {
        Rejection::IncompleteChain {
            top: certificate.subject(),
            thumbprint: certificate.thumbprint(),
            missing: certificate.issuer(),
        }
    };
    let near_miss = path.and_then(|path| near_miss(selector, path, certificate)).map(Box::new);
    Finding::Rejected { rejection, near_miss }
}

fn near_miss(selector: &Selector, path: &Path, top: &Certificate) -> Option<NearMiss> {
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
            Some(NearMiss::IntermediateListed { intermediate: intermediate.subject(), root: top.subject() })
        }
        None => issuers.near_miss(&IssuerCandidate::new(top), mode),
    }
}
