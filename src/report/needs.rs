//! What the answers of a fleet depend on: the checklist before a rollout, and the fetch list for a second run.
//!
//! A CRL, a CA certificate or a template's version is needed where it can change a machine's answer: a certificate that
//! is rejected for another reason as well needs nothing.

mod collect;
mod json;
mod text;

pub(crate) use text::{COLUMNS, render, rows};

use crate::time::Timestamp;
use std::collections::BTreeMap;

/// Different things of one kind that are kept apart. A fleet has dozens; beyond this number they are counted only, so that
/// hostile certificates cannot fill the memory.
const KNOWN: usize = 10_000;

/// A complete CRL, or the delta CRL that brings it up to date (rule V-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum CrlKind {
    /// A complete CRL.
    Base,
    /// A delta CRL.
    Delta,
}

impl CrlKind {
    /// `base` or `delta`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            CrlKind::Base => "base",
            CrlKind::Delta => "delta",
        }
    }
}

/// Which CRL: whose, which kind, and where it is published.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NeededCrl {
    /// The CA, as an X.500 string.
    pub issuer: String,
    /// Base or delta.
    pub kind: CrlKind,
    /// Every address, as the certificate has them; empty where it names none.
    pub urls: Vec<String>,
}

/// What a machine has of a CRL that it needs, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum GivenCrl {
    /// It is given, and good up to and with this instant.
    Good(Timestamp),
    /// It is given, and did not count for another reason than its dates.
    NotCounted,
    /// It is given, and valid from this instant on only.
    NotYetValid(Timestamp),
    /// It is given, and was valid until this instant.
    OutOfDate(Timestamp),
    /// It is not given.
    Missing,
}

/// How many machines need a CRL, and what they have of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CrlNeed {
    /// Machines whose answer depends on it.
    pub machines: u64,
    /// Machines to which it is not given.
    pub missing: u64,
    /// Machines whose copy is out of date.
    pub out_of_date: u64,
    /// Machines whose copy is not valid yet.
    pub not_yet_valid: u64,
    /// Machines whose copy did not count for another reason.
    pub not_counted: u64,
    /// The first instant at which a copy that is good now ends.
    pub good_until: Option<Timestamp>,
    /// The latest instant at which a copy ended that is out of date.
    pub ended: Option<Timestamp>,
}

impl CrlNeed {
    /// Machines that lack a good copy.
    pub(crate) fn lacking(&self) -> u64 {
        self.missing + self.out_of_date + self.not_yet_valid + self.not_counted
    }

    fn add(&mut self, given: GivenCrl) {
        self.machines += 1;
        match given {
            GivenCrl::Good(until) => self.good_until = Some(self.good_until.map_or(until, |known| known.min(until))),
            GivenCrl::NotCounted => self.not_counted += 1,
            GivenCrl::NotYetValid(_) => self.not_yet_valid += 1,
            GivenCrl::OutOfDate(ended) => {
                self.out_of_date += 1;
                self.ended = self.ended.max(Some(ended));
            }
            GivenCrl::Missing => self.missing += 1,
        }
    }

    fn merge(&mut self, other: CrlNeed) {
        self.machines += other.machines;
        self.missing += other.missing;
        self.out_of_date += other.out_of_date;
        self.not_yet_valid += other.not_yet_valid;
        self.not_counted += other.not_counted;
        self.good_until = match (self.good_until, other.good_until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.ended = self.ended.max(other.ended);
    }
}

/// A CA certificate that machines lack.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum NeededAuthority {
    /// The issuer of a chain's highest certificate is in no store.
    Missing {
        /// Its subject, as an X.500 string.
        name: String,
    },
    /// A root is found, and is not among the trusted ones.
    Untrusted {
        /// Its subject, as an X.500 string.
        name: String,
        /// Its SHA-1.
        thumbprint: String,
    },
}

/// A template whose version decides (rule V-3).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NeededTemplate {
    /// Its object identifier.
    pub template: String,
    /// Its schema version, where it is stated; without it the client is taken to accept it.
    pub version: Option<u32>,
}

/// What a fleet needs. Its size is bounded whatever the number of machines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    machines: u64,
    crls: BTreeMap<NeededCrl, CrlNeed>,
    authorities: BTreeMap<NeededAuthority, u64>,
    templates: BTreeMap<NeededTemplate, u64>,
    left_out: u64,
}

impl Needs {
    /// Nothing is needed yet.
    pub(crate) fn new() -> Self {
        Needs::default()
    }

    /// Machines that were looked at.
    pub(crate) fn machines(&self) -> u64 {
        self.machines
    }

    /// The CRLs: those that most machines lack first, then those that most machines need.
    pub(crate) fn crls(&self) -> impl Iterator<Item = (&NeededCrl, &CrlNeed)> {
        let mut all: Vec<_> = self.crls.iter().collect();
        all.sort_by_key(|(_, need)| std::cmp::Reverse((need.lacking(), need.machines)));
        all.into_iter()
    }

    /// The CA certificates that are missing or not trusted, by number of machines.
    pub(crate) fn authorities(&self) -> impl Iterator<Item = (&NeededAuthority, u64)> {
        by_machines(&self.authorities)
    }

    /// The templates whose version decides, by number of machines.
    pub(crate) fn templates(&self) -> impl Iterator<Item = (&NeededTemplate, u64)> {
        by_machines(&self.templates)
    }

    /// Needs of single machines beyond the number that is kept apart.
    pub(crate) fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Whether nothing has to be fetched or found out.
    pub(crate) fn is_complete(&self) -> bool {
        self.crls.values().all(|need| need.lacking() == 0)
            && self.authorities.is_empty()
            && self.templates.keys().all(|template| template.version.is_some())
            && self.left_out == 0
    }

    /// Adds the needs of another part of the fleet.
    pub(crate) fn merge(&mut self, other: Needs) {
        self.machines += other.machines;
        self.left_out += other.left_out;
        for (key, need) in other.crls {
            match slot(&mut self.crls, key) {
                Some(mine) => mine.merge(need),
                None => self.left_out += need.machines,
            }
        }
        for (key, count) in other.authorities {
            match slot(&mut self.authorities, key) {
                Some(mine) => *mine += count,
                None => self.left_out += count,
            }
        }
        for (key, count) in other.templates {
            match slot(&mut self.templates, key) {
                Some(mine) => *mine += count,
                None => self.left_out += count,
            }
        }
    }
}

/// The place of a key, as long as there is room for it.
fn slot<K: Ord, V: Default>(map: &mut BTreeMap<K, V>, key: K) -> Option<&mut V> {
    let room = map.len() < KNOWN || map.contains_key(&key);
    room.then(|| map.entry(key).or_default())
}

fn by_machines<K: Ord>(map: &BTreeMap<K, u64>) -> impl Iterator<Item = (&K, u64)> {
    let mut all: Vec<(&K, u64)> = map.iter().map(|(key, count)| (key, *count)).collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all.into_iter()
}
