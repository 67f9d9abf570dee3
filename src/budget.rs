//! What one certificate may cost, over all its paths and its revocation together (rule V-10): each limit a constant with
//! its reason.
//!
//! What is counted is the work that the rules ask for, not the work done: a signature counts when its result was
//! remembered, so that the verdict on one certificate does not depend on what was judged before it.
//!
//! ```
//! use ccmcertsel::chain::Budget;
//!
//! assert_eq!(format!("{} {}", Budget::Signatures.limit(), Budget::Signatures), "100 signatures");
//! ```

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
}

/// Certificates in one path, both ends included. Windows' own PKIs have four levels, the deepest bridge PKIs of the
/// federal governments eight; PKITS needs seven.
pub(crate) const MAX_DEPTH: usize = 24;

/// Paths that are validated. A hundred different reasons explain no more than eight.
pub(crate) const MAX_PATHS: u32 = 64;

impl Budget {
    const COUNT: usize = Budget::EqualSerials as usize + 1;

    /// How much of it one certificate gets.
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
        })
    }
}

/// What was spent on one certificate so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v10_what_ran_out_is_named_whoever_spent_it() {
        for (place, budget) in Budget::ALL.into_iter().enumerate() {
            assert_eq!(budget as usize, place);
            let limit = budget.limit() as usize;
            let (mut spent, mut half) = (Spent::default(), Spent::default());
            assert_eq!((spent.spend(budget, limit), half.spend(budget, limit / 2)), (Ok(()), Ok(())));
            assert_eq!(half.clone().add(&half), Ok(()));
            assert_eq!(half.add(&spent), Err(budget));
            assert_eq!(spent.spend(budget, 1), Err(budget));
            assert_eq!(spent.spend(budget, usize::MAX), Err(budget));
        }
    }
}
