//! The way to HTTPS only, as data: the phases of a transition, and what each of them means for a machine and for a fleet.

mod json;
mod machine;
mod phase;
mod text;

pub(crate) use machine::{COLUMNS, MachineTransition, Root, TransitionPlan};
pub(crate) use phase::{Signing, Standing, TransitionPhase};
pub(crate) use text::render;

use std::collections::BTreeMap;

/// Names of machines that a group keeps; the counts are of all.
const KEPT_NAMES: usize = 1000;
/// Roots that are told apart, and kinds of plans. A fleet has a handful; hostile certificates cannot fill the memory.
const KNOWN: usize = 1000;

/// Machines of one kind: how many, and the first of their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Group {
    count: u64,
    names: Vec<String>,
}

impl Group {
    /// How many machines there are.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The names of the first thousand.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    fn add(&mut self, name: &str) {
        self.count += 1;
        if self.names.len() < KEPT_NAMES {
            self.names.push(name.to_owned());
        }
    }
}

/// What would make machines ready that are not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NeededChange {
    /// What to change, as the first of them has it.
    pub example: String,
    /// The machines.
    pub machines: Group,
}

/// A fleet on its way. Its size is bounded whatever the number of machines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Transition {
    machines: u64,
    phases: BTreeMap<(TransitionPhase, Standing), Group>,
    signing: BTreeMap<Signing, Group>,
    changes: BTreeMap<&'static str, NeededChange>,
    roots: BTreeMap<Root, u64>,
    further_roots: u64,
}

impl Transition {
    /// Adds the next machine.
    pub(crate) fn add(&mut self, machine: &MachineTransition) {
        let name = machine.name.as_str();
        self.machines += 1;
        for phase in TransitionPhase::ALL {
            self.phases.entry((phase, machine.standing(phase))).or_default().add(name);
        }
        self.signing.entry(machine.signing).or_default().add(name);
        if let Some(plan) = &machine.plan {
            let change = self.changes.entry(plan.code).or_default();
            if change.machines.count == 0 {
                change.example.clone_from(&plan.change);
            }
            change.machines.add(name);
        }
        if let Some(root) = &machine.root {
            if self.roots.len() < KNOWN || self.roots.contains_key(root) {
                *self.roots.entry(root.clone()).or_default() += 1;
            } else {
                self.further_roots += 1;
            }
        }
    }

    /// Machines that were looked at.
    pub(crate) fn machines(&self) -> u64 {
        self.machines
    }

    /// The machines of a phase that stand so.
    pub(crate) fn group(&self, phase: TransitionPhase, standing: Standing) -> Option<&Group> {
        self.phases.get(&(phase, standing))
    }

    /// The machines that signing means this for, in the mixed phase.
    pub(crate) fn signing(&self, signing: Signing) -> Option<&Group> {
        self.signing.get(&signing)
    }

    /// What makes the others ready, by the code of what stands in the way; what helps most machines comes first.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&'static str, &NeededChange)> {
        let mut all: Vec<_> = self.changes.iter().map(|(code, change)| (*code, change)).collect();
        all.sort_by_key(|(_, change)| std::cmp::Reverse(change.machines.count));
        all.into_iter()
    }

    /// The roots that selected certificates chain to, by number of machines: what the site's issuers list has to have.
    pub(crate) fn roots(&self) -> impl Iterator<Item = (&Root, u64)> {
        let mut all: Vec<_> = self.roots.iter().map(|(root, count)| (root, *count)).collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        all.into_iter()
    }

    /// Machines under roots beyond those that are told apart.
    pub(crate) fn further_roots(&self) -> u64 {
        self.further_roots
    }

    /// The issuers list as a client.msi property, quotes doubled; `None` where no machine selects a certificate.
    pub(crate) fn issuers_property(&self) -> Option<String> {
        let mut entries: Vec<&str> = self.roots().map(|(root, _)| root.entry.as_str()).collect();
        // A renewed root, or one with another key, has the same entry.
        let mut seen = std::collections::HashSet::new();
        entries.retain(|entry| seen.insert(*entry));
        let list = entries.join(" | ").replace('"', "\"\"");
        (!entries.is_empty()).then(|| format!("CCMCERTISSUERS=\"{list}\""))
    }

    /// Whether some machine would no longer be managed in some phase.
    pub(crate) fn loses_machines(&self) -> bool {
        self.phases.keys().any(|(_, standing)| *standing == Standing::Lost)
    }
}
