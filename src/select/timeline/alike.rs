//! Candidates whom the dates of CRLs concern alike: a CA may have issued thousands that no CRL lists, and published thousands
//! of CRLs. Whether they are cleared is asked once for all of them, and each is judged once for either answer.

use crate::budget::Spent;
use crate::certificate::Certificate;
use crate::choices::CrlSigner;
use crate::revocation::WalkKey;
use crate::select::world::World;
use crate::store::CertId;
use crate::time::Timestamp;
use std::collections::HashMap;

/// Everything of a candidate that decides what revocation says of it at an instant (rules V-7 to V-10), if no CRL lists it.
#[derive(PartialEq, Eq, Hash)]
struct AlikeKey {
    walk: WalkKey,
    /// What its chain cost.
    spent: Spent,
    /// Whether revocation is looked at (rule V-0).
    asked: bool,
}

/// What is known of the candidates, by rank.
pub(super) struct Alike<T> {
    of: Vec<Member<T>>,
    classes: HashMap<AlikeKey, usize>,
    /// What revocation said last of each class, and when.
    said: Vec<Option<(Timestamp, Clearance)>>,
}

struct Member<T> {
    /// Its class, once it was asked for; `None` where it has no like.
    class: Option<Option<usize>>,
    cleared: Option<T>,
    not_cleared: Option<T>,
}

/// What revocation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clearance {
    Cleared,
    NotCleared,
}

impl<T: Copy> Alike<T> {
    /// Of so many candidates nothing is known.
    pub(super) fn new(candidates: usize) -> Self {
        let unknown = || Member { class: None, cleared: None, not_cleared: None };
        let of = std::iter::repeat_with(unknown).take(candidates).collect();
        Alike { of, classes: HashMap::new(), said: Vec::new() }
    }

    /// Something other than a CRL begins or ends for this candidate.
    pub(super) fn forget(&mut self, rank: usize) {
        if let Some(member) = self.of.get_mut(rank) {
            *member = Member { class: None, cleared: None, not_cleared: None };
        }
    }

    /// How the candidate ended when revocation said this of it.
    pub(super) fn known(&self, rank: usize, answer: Clearance) -> Option<T> {
        let member = self.of.get(rank)?;
        match answer {
            Clearance::Cleared => member.cleared,
            Clearance::NotCleared => member.not_cleared,
        }
    }

    pub(super) fn remember(&mut self, rank: usize, answer: Clearance, judged: T) {
        if let Some(member) = self.of.get_mut(rank) {
            *match answer {
                Clearance::Cleared => &mut member.cleared,
                Clearance::NotCleared => &mut member.not_cleared,
            } = Some(judged);
        }
    }

    /// What revocation says of the candidate, where it says the same of all of its class.
    pub(super) fn answer(&mut self, world: &World, rank: usize, id: CertId, now: Timestamp) -> Option<Clearance> {
        let member = self.of.get_mut(rank)?;
        let class = match member.class {
            Some(class) => class?,
            None => {
                let key = key(world, id, now);
                let count = self.said.len();
                let class = key.map(|key| *self.classes.entry(key).or_insert(count));
                if class == Some(count) {
                    self.said.push(None);
                }
                member.class = Some(class);
                class?
            }
        };
        let said = self.said.get_mut(class)?;
        match said {
            Some((at, answer)) if *at == now => Some(*answer),
            _ => {
                let answer = ask(world, id, now)?;
                *said = Some((now, answer));
                Some(answer)
            }
        }
    }
}

fn key(world: &World, id: CertId, now: Timestamp) -> Option<AlikeKey> {
    let stored = world.stores.get(id)?;
    let certificate = stored.certificate();
    // A signer apart may depend on the very certificate that is judged.
    if world.settings.crl_signer() != CrlSigner::SameKey || world.crls.may_list(certificate.serial_number()) {
        return None;
    }
    let chain = world.chain(id, stored, now);
    let above: Option<Vec<&Certificate>> =
        chain.path().certificates().iter().skip(1).map(|id| world.certificate(*id)).collect();
    let asked = chain.is_trusted() && chain.exhausted().is_none();
    Some(AlikeKey { walk: WalkKey::of(certificate, above?)?, spent: chain.spent().clone(), asked })
}

fn ask(world: &World, id: CertId, now: Timestamp) -> Option<Clearance> {
    let stored = world.stores.get(id)?;
    let chain = world.chain(id, stored, now);
    let asked = chain.is_trusted() && chain.exhausted().is_none();
    let cleared = !asked || world.revocation((id, stored.certificate()), &chain, now).is_ok();
    Some(if cleared { Clearance::Cleared } else { Clearance::NotCleared })
}
