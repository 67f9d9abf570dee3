//! What one certificate may cost, over all its paths and its revocation together, and what all certificates of a machine may
//! try in vain (rule V-10): each limit a constant with its reason.
//!
//! What is counted is the work that the rules ask for, not the work done: a signature counts when its result was
//! remembered, so that the verdict on one certificate does not depend on what was judged before it.

use std::fmt;

/// What one certificate may cost (rule V-10); running out is its own rejection, and names what ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Budget {
    /// Signatures of certificates looked at.
    Signatures,
    /// Issuer candidates looked at.
    Steps,
    /// Certificates in one path.
    Depth,
    /// Paths validated.
    Paths,
    /// Names compared with constraints.
    NameComparisons,
    /// Bytes of the names that are compared with constraints.
    NameBytes,
    /// Policies and mappings read.
    Policies,
    /// Signatures of CRLs looked at.
    CrlSignatures,
    /// Distribution points of a certificate, and CRLs of one issuer, looked at.
    Crls,
    /// Names of distribution points compared.
    PointNames,
    /// Entries of one CRL with one serial number.
    EqualSerials,
    /// Signatures that did not fit, of all certificates of a machine together.
    MachineSignatures,
    /// Signatures of CRLs that did not fit, of all CAs of a machine together.
    MachineCrlSignatures,
}

/// Certificates in one path, both ends included. Windows' own PKIs have four levels, the deepest bridge PKIs of the
/// federal governments eight; PKITS needs seven.
pub(crate) const MAX_DEPTH: usize = 24;

/// Paths that are validated. A hundred different reasons explain no more than eight.
pub(crate) const MAX_PATHS: u32 = 64;

impl Budget {
    const COUNT: usize = Budget::MachineCrlSignatures as usize + 1;

    /// How much of it one certificate gets, or all of a machine together where its name says so.
    pub fn limit(self) -> u32 {
        match self {
            // rustls-webpki stops at 100 as well; a hundred RSA-2048 checks in pure Rust take 40 ms.
            Budget::Signatures => 100,
            // A PKI with five CA certificates of one name at three levels needs under 200; thirty cross-signed CAs of one
            // name have more simple paths than atoms in the world. A machine may have as many certificates as CAs.
            Budget::Steps => 5_000,
            Budget::Depth => MAX_DEPTH as u32,
            Budget::Paths => MAX_PATHS,
            // rustls-webpki's number, 10 ms of work.
            Budget::NameComparisons => 250_000,
            // Thirty bytes for each of these comparisons: a name of a certificate has rarely more.
            Budget::NameBytes => 8_000_000,
            // Certificates of the field have at most some dozen; PKITS has ten.
            Budget::Policies => 20_000,
            // A CA with renewed keys and an archive of CRLs has some dozen.
            Budget::CrlSignatures => 100,
            // AD CS writes one point with several addresses; public CAs that partition their CRLs publish some hundred; ten
            // years of weekly CRLs with daily deltas are four thousand.
            Budget::Crls => 10_000,
            // Partitioned CRLs have one name each.
            Budget::PointNames => 100_000,
            // A CA numbers its certificates; only an indirect CRL has a number twice, once for each CA.
            Budget::EqualSerials => 1_000,
            // A third of a second of ECDSA in pure Rust. Only a machine with hundreds of certificates that name no key, and
            // with dozens of CAs of one name, wants more.
            Budget::MachineSignatures | Budget::MachineCrlSignatures => 2_000,
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Budget::Signatures => "signatures",
            Budget::Steps => "issuer candidates",
            Budget::Depth => "certificates in a chain",
            Budget::Paths => "chains",
            Budget::NameComparisons => "comparisons with name constraints",
            Budget::NameBytes => "bytes of names compared with name constraints",
            Budget::Policies => "certificate policies",
            Budget::CrlSignatures => "signatures of CRLs",
            Budget::Crls => "CRLs and distribution points",
            Budget::PointNames => "names of distribution points",
            Budget::EqualSerials => "entries of CRLs with the same serial number",
            Budget::MachineSignatures => "signatures tried in vain for all certificates of the machine together",
            Budget::MachineCrlSignatures => "signatures of CRLs tried in vain for all CAs of the machine together",
        })
    }
}

/// What was spent on one certificate so far.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Spent([u32; Budget::COUNT]);

impl Spent {
    /// # Errors
    /// What ran out.
    pub(crate) fn spend(&mut self, budget: Budget, count: usize) -> Result<(), Budget> {
        let Some(spent) = self.0.get_mut(budget as usize) else {
            return Err(budget);
        };
        *spent = spent.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        if *spent > budget.limit() { Err(budget) } else { Ok(()) }
    }

    /// Whether so much more may be spent.
    pub(crate) fn has_left(&self, budget: Budget, count: usize) -> bool {
        let spent = self.0.get(budget as usize).copied().unwrap_or(u32::MAX);
        u32::try_from(count).is_ok_and(|count| spent.saturating_add(count) <= budget.limit())
    }

    /// What was spent since so much had been.
    pub(crate) fn since(&self, before: &Spent) -> Spent {
        let mut since = self.clone();
        since.0.iter_mut().zip(before.0).for_each(|(count, before)| *count = count.saturating_sub(before));
        since
    }

    /// Adds what was spent elsewhere on the same certificate.
    ///
    /// # Errors
    /// What ran out, the first of several.
    pub(crate) fn add(&mut self, other: &Spent) -> Result<(), Budget> {
        let mut within = Ok(());
        for (budget, count) in Budget::ALL.into_iter().zip(other.0) {
            within = within.and(self.spend(budget, count as usize)); // all is added, whatever ran out first
        }
        within
    }
}

impl Budget {
    const ALL: [Budget; Budget::COUNT] = [
        Budget::Signatures,
        Budget::Steps,
        Budget::Depth,
        Budget::Paths,
        Budget::NameComparisons,
        Budget::NameBytes,
        Budget::Policies,
        Budget::CrlSignatures,
        Budget::Crls,
        Budget::PointNames,
        Budget::EqualSerials,
        Budget::MachineSignatures,
        Budget::MachineCrlSignatures,
    ];
}

/// How many signatures each of many gets to try where all of them together may try [`Budget::MachineSignatures`] in vain:
/// as many as there are for everybody, the first always, and no more than a single one may have.
///
/// It follows from what the machine holds, and not from what was asked before: so the order of questions changes no verdict.
#[derive(Debug)]
pub(crate) struct Share {
    /// How many of them have so many to try; the last place is for all that have more.
    wanting: [usize; Share::MOST + 1],
}

impl Share {
    /// Above the budget of one certificate, so that its own budget is what rejects.
    pub(crate) const MOST: usize = 128;

    /// The share of each of these, which have so many signatures to try.
    pub(crate) fn of(candidates: impl Iterator<Item = usize>, total: Budget) -> usize {
        Self::among(candidates.map(|count| (1, count)), total)
    }

    /// The same, where so many have the same number to try.
    pub(crate) fn among(candidates: impl Iterator<Item = (usize, usize)>, total: Budget) -> usize {
        let mut share = Share { wanting: [0; Share::MOST + 1] };
        for (many, count) in candidates {
            if let Some(wanting) = share.wanting.get_mut(count.min(Share::MOST)) {
                *wanting = wanting.saturating_add(many);
            }
        }
        share.each(total.limit() as usize)
    }

    fn each(&self, total: usize) -> usize {
        // What one more try for everybody costs: those who have so many.
        let mut left = total;
        let mut having: usize = self.wanting.iter().skip(2).fold(0, |sum, wanting| sum.saturating_add(*wanting));
        for tries in 1..Share::MOST {
            if having > left {
                return tries;
            }
            left -= having;
            having = having.saturating_sub(self.wanting.get(tries + 1).copied().unwrap_or_default());
        }
        Share::MOST
    }
}

#[cfg(all(test, repository))]
#[path = "../tests/units/budget.rs"]
mod tests;
