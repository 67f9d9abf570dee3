//! Lints of an issuers list (rules I-4 to I-10).

use super::{Lint, Linted, edge_blanks, repeated};
use crate::check::issuers::matches;
use crate::check::{IssuerCandidate, IssuersNearMiss};
use crate::text::{Issuer, IssuersList};
use crate::{Rule, Thumbprint};

pub(super) fn lint(issuers: &IssuersList, linted: &Linted<'_>, found: &mut Vec<Lint>) {
    texts(issuers, found);
    in_stores(issuers, linted, found);
}

fn texts(issuers: &IssuersList, found: &mut Vec<Lint>) {
    for (index, entry) in issuers.iter().enumerate() {
        if issuers.comma_separated().contains(&index) {
            found.push(Lint::CommasInIssuers { entry: index + 1, with_semicolons: entry.to_string() });
        }
        if let Issuer::Attributes(listed) = entry {
            edge_blanks(listed.iter().map(|one| one.value()), found);
            repeated(listed.iter().map(|one| one.oid()), Rule::I8, found);
        }
    }
}

/// Entries that a certificate's dialog was copied into.
pub(super) fn line_breaks(issuers: &IssuersList, found: &mut Vec<Lint>) {
    for (index, entry) in issuers.iter().enumerate() {
        if issuers.line_separated().contains(&index) {
            found.push(Lint::LineBreaksInIssuers { entry: index + 1, with_semicolons: entry.to_string() });
        }
    }
}

fn in_stores(issuers: &IssuersList, linted: &Linted<'_>, found: &mut Vec<Lint>) {
    let mode = linted.settings.issuer_match();
    // Distinct certificates: a root can stand in several stores.
    let mut authorities: Vec<(Thumbprint, bool, IssuerCandidate<'_>)> = Vec::new();
    for (id, entry) in linted.stores.entries() {
        let Some(certificate) = entry.certificate().map(|stored| stored.certificate()) else {
            continue;
        };
        let is_root = linted.stores.is_in_root(id) || certificate.same_name_bytes();
        let is_ca = matches!(certificate.basic_constraints(), Ok(Some(constraints)) if constraints.ca);
        if is_ca || linted.stores.is_in_root(id) {
            authorities.push((certificate.thumbprint(), is_root, IssuerCandidate::new(certificate)));
        }
    }
    authorities.sort_by_key(|(thumbprint, ..)| *thumbprint);
    authorities.dedup_by_key(|(thumbprint, ..)| *thumbprint);
    for (index, entry) in issuers.iter().enumerate() {
        let named = || authorities.iter().filter(|(.., candidate)| matches(entry, candidate, mode));
        let roots: Vec<Thumbprint> = named().filter(|(_, root, _)| *root).map(|(thumbprint, ..)| *thumbprint).collect();
        if roots.len() > 1 {
            let (entry, roots) = (index + 1, roots);
            found.push(Lint::IssuerSharedByRoots { entry, roots });
        } else if roots.is_empty() {
            if let Some((.., candidate)) = named().next() {
                found.push(Lint::IssuerIsIntermediate { entry: index + 1, subject: candidate.subject().x500_string() });
            } else if let Some(case) = case_only_issuer(entry, &authorities, linted) {
                found.push(case);
            }
        }
    }
}

fn case_only_issuer(
    entry: &Issuer,
    authorities: &[(Thumbprint, bool, IssuerCandidate<'_>)],
    linted: &Linted<'_>,
) -> Option<Lint> {
    let alone = IssuersList::new([entry.clone()]).ok()?;
    authorities.iter().find_map(|(.., candidate)| match alone.near_miss(candidate, linted.settings.issuer_match())? {
        IssuersNearMiss::CaseOnly { listed, actual } => Some(Lint::CaseOnly { rule: Rule::I4, wanted: listed, actual }),
        _ => None,
    })
}
