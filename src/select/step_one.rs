//! Step 1, the certificate issuers list (I-2 to I-7): does the chain end at a listed root?

use super::world::World;
use crate::certificate::Certificate;
use crate::chain::{Chain, Path};
use crate::check::issuers::form;
use crate::check::{ChainCompleteness, Exemption, IssuerCandidate, IssuersNearMiss, IssuersPass, IssuersReason};
use crate::choices::IssuerScope;
use crate::rules::Step;
use crate::store::CertId;
use crate::text::Issuer;
use crate::time::Timestamp;

/// Whether the step is done at all (I-2, R-4).
pub(super) fn applies(world: &World) -> bool {
    exemption(world).is_none()
}

/// Why the step is not done (I-2, R-4).
pub(super) fn exemption(world: &World) -> Option<Exemption> {
    if !world.is_windows() {
        return Some(Exemption::DeviceWithout(Step::Issuers));
    }
    world.settings.issuers().is_none().then_some(Exemption::NoIssuersList)
}

/// I-5: the certificates of a path that are compared with the list: the last one, or every CA.
fn compared<'a>(world: &World, path: &'a Path) -> impl Iterator<Item = CertId> + 'a {
    let certificates = path.certificates();
    let last = certificates.len().saturating_sub(1);
    let from = match world.settings.issuer_scope() {
        IssuerScope::RootOnly => last,
        IssuerScope::AnyCaInChain => last.min(1), // the leaf itself only when nothing was found above it
    };
    certificates.iter().copied().skip(from).rev()
}

/// The entry that a CA certificate matches (I-4, I-6), counted from 0; remembered, since it depends on nothing else.
fn entry_of(world: &World, id: CertId) -> Option<u32> {
    let compute = || {
        let certificate = world.certificate(id)?;
        let candidate = IssuerCandidate::new(certificate);
        let position = world.settings.issuers()?.position(&candidate, world.settings.issuer_match())?;
        u32::try_from(position).ok()
    };
    match world.listed.get(id.index()) {
        Some(memo) => *memo.get_or_init(compute),
        None => compute(),
    }
}

/// The certificate of a chain that is listed, and the entry that it matches.
pub(super) struct Listed<'a> {
    certificate: &'a Certificate,
    /// Counted from 0.
    position: usize,
    entry: &'a Issuer,
}

impl Listed<'_> {
    /// What step 1 says of the chain.
    pub(super) fn pass(&self, path: &Path) -> IssuersPass {
        let chain = if path.is_complete() { ChainCompleteness::Complete } else { ChainCompleteness::Incomplete };
        let compared = self.certificate.thumbprint();
        IssuersPass { entry: self.position + 1, compared, chain, form: form(self.entry) }
    }
}

/// What makes a chain listed: it looks at the last certificate of the one chain (I-5, I-7).
pub(super) fn listed<'a>(world: &'a World, path: &Path) -> Option<Listed<'a>> {
    compared(world, path).find_map(|id| {
        let position = entry_of(world, id)? as usize;
        let entry = world.settings.issuers()?.iter().nth(position)?;
        Some(Listed { certificate: world.certificate(id)?, position, entry })
    })
}

/// I-3 to I-5: why the chain is not listed, whose last certificate this is.
pub(super) fn reason(world: &World, path: &Path, top: &Certificate) -> IssuersReason {
    let listed = world.settings.issuers().map_or(0, |issuers| issuers.len());
    let (subject, thumbprint) = (top.subject(), top.thumbprint());
    if path.is_complete() {
        IssuersReason::NotListed { top: subject, thumbprint, listed }
    } else {
        IssuersReason::IncompleteChain { top: subject, thumbprint, missing: top.issuer() }
    }
}

/// What was nearly right: another path of the certificate, another of the chain's certificates, or a similar entry.
pub(super) fn near_miss(
    world: &World,
    id: CertId,
    chain: &Chain,
    top: &Certificate,
    now: Timestamp,
) -> Option<IssuersNearMiss> {
    other_path(world, id, chain, now).or_else(|| similar(world, chain.path(), top))
}

/// I-7: another path of the certificate ends at a listed root, but Windows prefers the chain.
fn other_path(world: &World, id: CertId, chain: &Chain, now: Timestamp) -> Option<IssuersNearMiss> {
    let other = world.chains.paths(id).find(|path| listed(world, path).is_some())?;
    let root = world.top(&other)?;
    Some(IssuersNearMiss::OtherPath {
        root: root.subject(),
        thumbprint: root.thumbprint(),
        because: world.chains.preference(chain, &other, now),
    })
}

fn similar(world: &World, path: &Path, top: &Certificate) -> Option<IssuersNearMiss> {
    let issuers = world.settings.issuers()?;
    let mode = world.settings.issuer_match();
    // The intermediate was listed instead of the root: what administrators do most (I-5).
    let below_top = path.certificates().iter().rev().skip(1);
    let intermediate = below_top.take_while(|id| Some(**id) != path.certificates().first().copied()).find_map(|id| {
        let certificate = world.certificate(*id)?;
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
