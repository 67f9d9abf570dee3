//! Lints of an issuers list (rules I-4 to I-10).

use super::{Lint, Linted, edge_blanks, repeated};
use crate::certificate::Thumbprint;
use crate::check::IssuerCandidate;
use crate::rules::Rule;
use crate::text::{Issuer, IssuersList};

pub(super) fn lint(issuers: &IssuersList, linted: &Linted<'_>, found: &mut Vec<Lint>) {
    texts(issuers, found);
    in_stores(issuers, linted, found);
}

fn texts(issuers: &IssuersList, found: &mut Vec<Lint>) {
    for (index, entry) in issuers.iter().enumerate() {
        if issuers.comma_separated().binary_search(&index).is_ok() {
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
        if issuers.line_separated().binary_search(&index).is_ok() {
            found.push(Lint::LineBreaksInIssuers { entry: index + 1, with_semicolons: entry.to_string() });
        }
    }
}

fn in_stores(issuers: &IssuersList, linted: &Linted<'_>, found: &mut Vec<Lint>) {
    let mode = linted.settings.issuer_match();
    // Distinct certificates: a root can be in several stores.
    let mut authorities: Vec<(Thumbprint, bool, IssuerCandidate<'_>)> = Vec::new();
    for (id, entry) in linted.stores.entries() {
        let Some(certificate) = entry.certificate().map(|stored| stored.certificate()) else {
            continue;
        };
        let is_root = linted.stores.is_in_root(id) || certificate.same_name_bytes();
        let is_ca = certificate.is_ca();
        if is_ca || linted.stores.is_in_root(id) {
            authorities.push((certificate.thumbprint(), is_root, IssuerCandidate::new(certificate)));
        }
    }
    authorities.sort_by_key(|(thumbprint, ..)| *thumbprint);
    authorities.dedup_by_key(|(thumbprint, ..)| *thumbprint);
    // Each certificate names its entries, since there may be as many of the one as of the other.
    let mut named: Vec<NamedAuthorities> = issuers.iter().map(|_| NamedAuthorities::default()).collect();
    for (place, (thumbprint, is_root, candidate)) in authorities.iter().enumerate() {
        for position in issuers.positions(candidate, mode) {
            let Some(entry) = named.get_mut(position) else { continue };
            entry.first.get_or_insert(place);
            entry.roots.extend(is_root.then_some(*thumbprint));
        }
        for position in issuers.positions_but_for_case(candidate, mode) {
            if let Some(entry) = named.get_mut(position) {
                entry.but_for_case.get_or_insert(place);
            }
        }
    }
    let candidate = |place: usize| authorities.get(place).map(|(.., candidate)| candidate);
    for (index, (entry, named)) in issuers.iter().zip(named).enumerate() {
        if named.roots.len() > 1 {
            found.push(Lint::IssuerSharedByRoots { entry: index + 1, roots: named.roots });
        } else if !named.roots.is_empty() {
            continue;
        } else if let Some(candidate) = named.first.and_then(candidate) {
            found.push(Lint::IssuerIsIntermediate { entry: index + 1, subject: candidate.subject().to_x500_string() });
        } else if let Some(candidate) = named.but_for_case.and_then(candidate) {
            let (wanted, actual) = (entry.to_string(), candidate.subject().to_log_string());
            found.push(Lint::CaseOnly { rule: Rule::I4, wanted, actual });
        }
    }
}

/// The authorities that an entry names, by their places.
#[derive(Default)]
struct NamedAuthorities {
    first: Option<usize>,
    roots: Vec<Thumbprint>,
    /// The first that it would name if the case did not count.
    but_for_case: Option<usize>,
}
