//! Plans: what has to be done until a certificate is selected, proven by doing it in the model (section 14 of the rules).
//!
//! A plan is found by search: the [changes](crate::change) that the reason for a rejection proposes are carried out on a
//! copy of the machine, the copy is judged again, and so on past every further failure and past the ranking. What is
//! printed was seen: the plan ends with the selection of the last copy. No plan has more than 6 changes. What cannot be carried out in bytes (a new
//! certificate, a new CRL) is carried out by its facts: the model holds such a certificate, and takes its signature as made.
//!
//! ```
//! use ccmcertsel::change::{Change, Fact, Party};
//! use ccmcertsel::plan::{ChangeError, End, Model, NoPlan, Plan, PlanStep};
//! use ccmcertsel::Rejection;
//!
//! # #[cfg(feature = "machine")] {
//! let folder = |name: &str| ccmcertsel::machine::Reader::new().read_folder(format!("testdata/machines/{name}"));
//! let pc7 = folder("issuers-no-match")?;
//! let (selector, now) = (pc7.selector(), pc7.now.expect("its machine.toml states an instant"));
//! let id = selector.stores().find(&"A7828DFF3FC809EE8980D5E032F263BF7B096855".parse()?).expect("it is in MY");
//! let plan: Plan = selector.plan(id, now)?;
//! assert!(plan.steps.len() == 1 && plan.end == End::Selected);
//! let PlanStep { change, because, .. } = &plan.steps[0];
//! assert!(matches!(because, Rejection::Issuers(_)));
//! assert_eq!((change.code(), change.party()), ("list_root", Party::Site));
//! let (property, value) = change.property().expect("it can be said on a command line, too");
//! assert_eq!(property.to_string(), "CCMCERTISSUERS");
//! assert!(value.ends_with("| CN=Contoso Root CA; O=Contoso, Ltd; C=US"));
//!
//! // Carried out by hand, and judged again: the plan said the same.
//! let mut model = Model::new(&selector, id, now)?;
//! for step in &plan.steps {
//!     model = model.apply(&step.change)?;
//! }
//! assert_eq!(model.select().selected(), model.selector().stores().find(&"A7828DFF3FC809EE8980D5E032F263BF7B096855".parse()?));
//! assert_eq!(model.now(), now, "nobody had to wait");
//! assert_eq!(model.apply(change).unwrap_err(), ChangeError, "the root is listed");
//!
//! // What each certificate of a machine needs to be the selected one.
//! let pc1 = folder("contoso-pc1")?;
//! let plans = pc1.selector();
//! let plans: Vec<_> = plans.stores().entries().map(|(id, _)| plans.plan(id, now)).collect();
//! let renewed = plans.iter().flatten().filter(|plan| match &plan.steps[..] {
//!     [only] => matches!(&only.change, Change::Request(facts) if facts.contains(&Fact::ClientAuthentication)),
//!     _ => false,
//! });
//! assert!(renewed.count() > 0);
//! assert!(plans.contains(&Err(NoPlan::DeviceManagement))); // Intune renews its own
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod authority;
mod beyond;
mod draft;
pub(crate) mod foreign;
mod model;
mod search;
mod words;

pub use self::model::{ChangeError, Model};

use crate::certificate::Thumbprint;
use crate::change::{Change, Fact, Party};
use crate::check::Rejection;
use std::collections::BTreeSet;

/// The most changes of a plan: nobody carries out more than these to have one certificate selected.
pub(crate) const MAX_CHANGES: usize = 6;
/// The most judgements of a search (rule V-10 keeps each bounded).
const MAX_JUDGEMENTS: usize = 256;

/// Changes that were carried out one after another, and what was then seen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// The changes, in the order in which they were carried out; none where the certificate is selected as it is.
    pub steps: Vec<PlanStep>,
    /// What was seen after the last one.
    pub end: End,
}

/// One change of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanStep {
    /// What is done.
    pub change: Change,
    /// What stood in the way.
    pub because: Rejection,
}

/// What was seen after the last change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// The certificate is selected.
    Selected,
    /// It qualifies, and another one ranks before it.
    Ranked {
        /// Its rank, counted from 1.
        rank: usize,
        /// How many qualify.
        of: usize,
        /// The one that is selected.
        behind: Thumbprint,
    },
    /// It qualifies, and so do others, which the client takes for an error.
    Ambiguous {
        /// How many qualify.
        of: usize,
        /// Another one of them.
        with: Thumbprint,
    },
}

/// Why there is no plan: an answer about the certificate, and so not named as an error, although `?` takes it as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoPlan {
    /// The entry is not a certificate (rule T-5).
    Unreadable,
    /// It is Configuration Manager's own: it is in the store `SMS` (rule T-4).
    ConfigurationManager,
    /// It belongs to the device's join to Entra ID, or to its management by Intune, which renew it themselves.
    DeviceManagement,
    /// This one has the same names and ranks before it: whatever is done for the one is done for the other.
    Twin(Thumbprint),
    /// Nothing that is known helps: no CA of the machine could issue another one.
    NothingHelps,
    /// The search ended after 256 judgements, or there are more CAs than are looked at as issuers of a new certificate.
    Budget,
}

impl Plan {
    /// What it costs, for comparison: the number of changes, then the parties that make them, the hardest first.
    pub(crate) fn effort(&self) -> (usize, Vec<Party>) {
        (self.steps.len(), parties(&self.steps))
    }
}

/// The parties of some changes, the hardest first, so that it weighs most.
fn parties(steps: &[PlanStep]) -> Vec<Party> {
    let mut parties: Vec<Party> = steps.iter().map(|step| step.change.party()).collect();
    parties.sort_by(|a, b| b.cmp(a));
    parties
}

impl PlanStep {
    fn new(change: Change, because: Rejection) -> Self {
        PlanStep { change, because }
    }

    /// Another certificate is requested once, with all that the first lacked.
    fn widen(&mut self, facts: BTreeSet<Fact>) {
        self.change = Change::Request(facts);
    }
}
