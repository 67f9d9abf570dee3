//! Ready or not, what the client reports, and what it does without a certificate.

use super::answer::{answer, wrong_store};
use crate::certificate::Thumbprint;
use crate::change::Change;
use crate::check::Rejection;
use crate::computer::{DeviceKind, Machine};
use crate::hresult::Hresult;
use crate::plan::{NoPlan, Plan};
use crate::select::{Linted, Outcome, Selection, Selector, Warning, lint};
use crate::settings::Settings;
use crate::store::{CertId, StoredCertificate, Stores};
use crate::time::Timestamp;
use crate::words::Count;
use std::collections::BTreeMap;
use std::fmt;

/// Where the instant of a selection came from; a report says so when it was the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum NowSource {
    /// The caller or the machine's file.
    #[default]
    Given,
    /// The clock of the computer that runs the program.
    Clock,
}

/// A selection with everything that is needed to tell it: the machine, its stores and its settings.
#[derive(Debug, Clone)]
pub struct ReadinessReport<'a> {
    selector: &'a Selector,
    selection: Selection,
    now_source: NowSource,
    plans: BTreeMap<CertId, Result<Plan, NoPlan>>,
    request: Vec<Change>,
    beyond: BTreeMap<CertId, Vec<Rejection>>,
}

impl<'a> ReadinessReport<'a> {
    /// The report on a selection that this selector made, such as an audit; [`Selector::report`] selects itself.
    pub fn new(selector: &'a Selector, selection: Selection) -> Self {
        ReadinessReport {
            selector,
            selection,
            now_source: NowSource::Given,
            plans: BTreeMap::new(),
            request: Vec::new(),
            beyond: BTreeMap::new(),
        }
    }

    /// States where the instant came from.
    #[must_use]
    pub(crate) fn with_now_source(mut self, source: NowSource) -> Self {
        self.now_source = source;
        self
    }

    /// Where the instant came from.
    pub(crate) fn now_source(&self) -> NowSource {
        self.now_source
    }

    /// States what has to be done until a certificate is selected, or why nothing can be ([`Selector::plan`]).
    ///
    /// [`Selector::plan`]: crate::Selector::plan
    pub fn with_plan(mut self, id: CertId, plan: Result<Plan, NoPlan>) -> Self {
        self.plans.insert(id, plan);
        self
    }

    /// States what has to be done until a new certificate is selected ([`Selector::new_certificate`]).
    ///
    /// [`Selector::new_certificate`]: crate::Selector::new_certificate
    pub(crate) fn with_request(mut self, request: Vec<Change>) -> Self {
        self.request = request;
        self
    }

    /// What has to be done until a new certificate is selected; empty where nobody asked, or no CA could issue one.
    pub(crate) fn request(&self) -> &[Change] {
        &self.request
    }

    /// What has to be done until a certificate is selected; `None` where nobody asked.
    pub(crate) fn plan(&self, id: CertId) -> Option<&Result<Plan, NoPlan>> {
        self.plans.get(&id)
    }

    /// States what rejects a certificate once the reasons of the selection are gone ([`Selector::rejections_beyond`]).
    ///
    /// [`Selector::rejections_beyond`]: crate::Selector::rejections_beyond
    pub(crate) fn with_beyond(mut self, id: CertId, rejections: Vec<Rejection>) -> Self {
        self.beyond.insert(id, rejections);
        self
    }

    /// What rejects a certificate once the reasons of the selection are gone; empty where nobody asked.
    pub(crate) fn beyond(&self, id: CertId) -> &[Rejection] {
        self.beyond.get(&id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The plans that somebody asked for.
    pub(crate) fn plans(&self) -> impl Iterator<Item = (CertId, &Result<Plan, NoPlan>)> {
        self.plans.iter().map(|(id, plan)| (*id, plan))
    }

    /// The stores.
    pub(crate) fn stores(&self) -> &'a Stores {
        self.selector.stores()
    }

    /// The machine.
    pub(crate) fn machine(&self) -> &'a Machine {
        self.selector.machine()
    }

    /// The settings.
    pub(crate) fn settings(&self) -> &'a Settings {
        self.selector.settings()
    }

    /// The selection.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// What concerns the machine or its settings as a whole: the selection's warnings, and what is suspicious about the
    /// texts of the settings. The latter looks at every certificate, so it is done on demand and not in the selection.
    pub fn warnings(&self) -> Vec<Warning> {
        let windows = self.machine().device() == DeviceKind::Windows; // no other device has these settings (rule R-4)
        let lints = lint(&Linted {
            settings: self.settings(),
            criteria: self.settings().criteria().filter(|_| windows),
            issuers: self.settings().issuers().filter(|_| windows),
            properties: None,
            machine: self.machine(),
            stores: self.stores(),
        });
        self.selection.warnings().iter().cloned().chain(lints.into_iter().map(Warning::Lint)).collect()
    }

    /// Whether a certificate was selected; ambiguous is not ready (rule L-2).
    pub fn is_ready(&self) -> bool {
        self.selection.selected().is_some()
    }

    /// What the client reports (section 8 of the specification).
    pub(crate) fn hresult(&self) -> Hresult {
        self.selection.outcome().hresult()
    }

    /// The state messages that the client sends to its fallback status point (rule L-3).
    pub(crate) fn state_messages(&self) -> &'static [StateMessage] {
        StateMessage::of(self.hresult())
    }

    /// What the client does instead; `None` when it is ready (rule L-3).
    pub(crate) fn fallback(&self) -> Option<Fallback> {
        Fallback::of(self.hresult())
    }

    /// The answer in one line.
    pub fn answer(&self) -> String {
        answer(self.machine().name(), self.stores(), &self.selection).to_string()
    }

    /// The right certificate in the wrong store (rule T-4), where nothing is selected.
    pub(crate) fn wrong_store(&self) -> Option<CertId> {
        Some(wrong_store(&self.selection)?.0)
    }

    /// The selected certificate, stored.
    pub(crate) fn selected(&self) -> Option<&'a StoredCertificate> {
        self.stores().get(self.selection.selected()?)
    }

    pub(crate) fn thumbprint(&self, id: CertId) -> Option<Thumbprint> {
        self.stores().entry(id).map(crate::store::Entry::thumbprint)
    }
}

impl Selector {
    /// The selection at an instant, with everything that is needed to tell it.
    #[must_use]
    pub fn report(&self, now: impl Into<Timestamp>) -> ReadinessReport<'_> {
        ReadinessReport::new(self, self.select(now))
    }
}

/// When the client sends a state message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatePhase {
    /// When it selects its certificate.
    Selection,
    /// When readiness for HTTPS is tested.
    Readiness,
    /// During installation.
    Setup,
}

/// A state message, as the fallback status point counts it (rule L-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StateMessage {
    /// The topic type.
    pub topic_type: u16,
    /// The state message's identifier.
    pub id: u16,
    /// When it is sent.
    pub phase: StatePhase,
}

impl StateMessage {
    const READY: &'static [StateMessage] = &[
        StateMessage { topic_type: 1001, id: 1, phase: StatePhase::Selection },
        StateMessage { topic_type: 1100, id: 2, phase: StatePhase::Readiness },
    ];
    const NOT_READY: &'static [StateMessage] = &[
        StateMessage { topic_type: 1001, id: 2, phase: StatePhase::Selection },
        StateMessage { topic_type: 1100, id: 1, phase: StatePhase::Readiness },
        StateMessage { topic_type: 800, id: 315, phase: StatePhase::Setup },
    ];

    /// The messages that go with a result code, settings that do not read included.
    pub fn of(hresult: Hresult) -> &'static [StateMessage] {
        if hresult == Hresult::OK { Self::READY } else { Self::NOT_READY }
    }
}

impl StatePhase {
    /// `selection`, `readiness` or `setup`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            StatePhase::Selection => "selection",
            StatePhase::Readiness => "readiness",
            StatePhase::Setup => "setup",
        }
    }
}

impl fmt::Display for StateMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.topic_type, self.id)?;
        match self.phase {
            StatePhase::Selection => Ok(()),
            StatePhase::Readiness => f.write_str(" (readiness)"),
            StatePhase::Setup => f.write_str(" (at setup)"),
        }
    }
}

/// How a client connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Connection {
    /// HTTPS.
    Https,
    /// HTTP.
    Http,
    /// HTTP with the self-signed certificate.
    HttpSelfSigned,
}

impl Connection {
    /// `https`, `http` or `http_self_signed`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Connection::Https => "https",
            Connection::Http => "http",
            Connection::HttpSelfSigned => "http_self_signed",
        }
    }
}

/// One connection that failed, and the one that is tried next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FailedConnection {
    /// What failed.
    pub failed: Connection,
    /// What follows.
    pub next: Connection,
}

/// What a client does when it selects no certificate (rule L-3): it reports to its fallback status point, and then falls
/// back as listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fallback {
    /// What follows which failure.
    pub connections: &'static [FailedConnection],
}

impl Fallback {
    /// The fallback that goes with a result code; `None` for success.
    pub(crate) fn of(hresult: Hresult) -> Option<Fallback> {
        const CONNECTIONS: &[FailedConnection] = &[
            FailedConnection { failed: Connection::Https, next: Connection::HttpSelfSigned },
            FailedConnection { failed: Connection::Http, next: Connection::HttpSelfSigned },
        ];
        (hresult != Hresult::OK).then_some(Fallback { connections: CONNECTIONS })
    }
}

impl fmt::Display for Fallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "reports to its fallback status point, then connects over HTTP with the self-signed certificate, \
             after HTTPS failed or after HTTP failed",
        )
    }
}

/// The message of an outcome, for programs that have no stores at hand.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Selected(_) => f.write_str("selected"),
            Outcome::Ambiguous(several) => {
                write!(f, "{} passed ({})", Count(several.len(), "certificate"), self.hresult())
            }
            Outcome::Nothing { emptied_at: Some(step), .. } => {
                write!(f, "nothing, the last was lost at the step `{step}` ({})", self.hresult())
            }
            Outcome::Nothing { emptied_at: None, .. } => write!(f, "nothing ({})", self.hresult()),
        }
    }
}
