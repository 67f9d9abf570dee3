//! The report as CMHttpsReadiness.log has it, so that a log viewer made for the product opens it (section 11 of the
//! specification).
//!
//! Lines whose wording is known from published logs have exactly that wording, in the order of those logs; the others are
//! this crate's own. Both are in `wording`.

mod line;
mod wording;

pub(crate) use line::{LogLine, Severity};

pub(in crate::report) use self::line::shown;
pub(in crate::report) use self::wording::known;

use self::wording::ours;
use super::readiness::ReadinessReport;
use super::text::conditions;
use crate::check::{DatesReason, Finding, IssuersPass, Pass, PurposePass, Rejection};
use crate::choices::{LogLevel, Revocation};
use crate::hresult::Hresult;
use crate::reason::Coded;
use crate::rules::Step;
use crate::select::Verdict;
use crate::store::{CertId, StoredCertificate};
use crate::text::SslState;
use std::collections::HashSet;
use std::fmt::Write;

/// What the log says beside the selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogOptions {
    utc_offset_minutes: i16,
    ssl_state: Option<SslState>,
}

impl LogOptions {
    /// Writes local time; the offset is local time minus UTC, in minutes, a day at most.
    #[must_use]
    pub fn with_utc_offset_minutes(mut self, minutes: i16) -> Self {
        self.utc_offset_minutes = minutes.clamp(-1440, 1440);
        self
    }

    /// States the site's SSL state (rule Q-3), which the product logs first.
    #[must_use]
    pub fn with_ssl_state(mut self, state: SslState) -> Self {
        self.ssl_state = Some(state);
        self
    }
}

/// The lines of a report.
pub(crate) fn lines(report: &ReadinessReport<'_>, options: LogOptions) -> Vec<LogLine> {
    let mut log = Log { report, options, lines: Vec::new() };
    log.all();
    log.lines
}

/// The report as a log, one line a message.
pub fn render(report: &ReadinessReport<'_>, options: LogOptions) -> String {
    let mut text = String::new();
    for line in lines(report, options) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{line}");
    }
    text
}

struct Log<'a> {
    report: &'a ReadinessReport<'a>,
    options: LogOptions,
    lines: Vec<LogLine>,
}

impl Log<'_> {
    fn put(&mut self, severity: Severity, message: &str) {
        let least = match self.report.settings().log_level() {
            LogLevel::Verbose => Severity::Verbose,
            LogLevel::Normal => Severity::Information,
            LogLevel::Warnings => Severity::Warning,
            LogLevel::Errors => Severity::Error,
        };
        if severity < least {
            return;
        }
        let now = self.report.selection().now();
        let line = LogLine::new(severity, message, now, self.options.utc_offset_minutes);
        self.lines.push(line);
    }

    fn all(&mut self) {
        let report = self.report;
        let answer = format!("{}; {}", report.machine().name(), conditions(report));
        self.put(Severity::Information, &ours::conditions(&answer));
        if let Some(state) = self.options.ssl_state
            && state.is_https_only()
        {
            self.put(Severity::Information, &known::https_enforced(state.bits()));
        }
        self.candidates();
        self.put(Severity::Information, known::BEGIN_SELECT);
        self.selection();
        for warning in &report.warnings() {
            self.put(Severity::Warning, &ours::warning(&warning.to_string(), warning.rule().id()));
        }
        self.outcome();
    }

    /// The issuers stage; the product validates each certificate as soon as its chain leads to a listed issuer.
    fn candidates(&mut self) {
        let report = self.report;
        match report.settings().issuers() {
            Some(issuers) => {
                self.put(Severity::Information, known::BEGIN_ISSUERS);
                for (number, entry) in (1..).zip(issuers.iter()) {
                    self.put(Severity::Information, &known::issuer(number, &entry.to_string()));
                }
            }
            None => self.put(Severity::Information, ours::NO_ISSUERS),
        }
        let store = report.selection().store();
        let candidates: HashSet<CertId> = report.stores().enumerated(store).collect();
        for verdict in report.selection().verdicts() {
            // Archived and unreadable entries are not enumerated, so the client never meets them (rules T-6, T-7).
            if let (Some(stored), true) = (report.stores().get(verdict.id()), candidates.contains(&verdict.id())) {
                self.candidate(verdict, stored);
            }
        }
        if report.settings().issuers().is_some() {
            self.put(Severity::Information, known::COMPLETED_ISSUERS);
        }
    }

    fn candidate(&mut self, verdict: &Verdict, stored: &StoredCertificate) {
        let certificate = certificate(stored);
        let issuers = verdict.findings().iter().find(|finding| finding.step() == Step::Issuers);
        match issuers {
            Some(Finding::Passed(Pass::Issuers(IssuersPass { entry, .. }))) => {
                self.chain(verdict);
                let issuers = self.report.settings().issuers();
                let listed = issuers.and_then(|issuers| issuers.iter().nth(entry.saturating_sub(1)));
                let listed = listed.map(ToString::to_string).unwrap_or_default();
                self.put(Severity::Information, &known::found(&listed, &certificate));
            }
            Some(Finding::Rejected { rejection, near_miss }) => {
                self.chain(verdict);
                if let Rejection::Issuers(reason) = rejection {
                    let top = reason.top().to_x500_string();
                    self.put(Severity::Information, &known::skipping(&certificate, &top));
                }
                if let Some(near_miss) = near_miss {
                    self.put(Severity::Warning, &ours::near_miss(&certificate, &near_miss.to_string()));
                }
                return;
            }
            _ => {}
        }
        self.validation(verdict, &certificate);
    }

    fn chain(&mut self, verdict: &Verdict) {
        if verdict.path().is_empty() {
            return;
        }
        self.put(Severity::Verbose, &known::chains(1));
        for id in verdict.path() {
            if let Some(stored) = self.report.stores().get(*id) {
                let certificate = stored.certificate();
                let message = known::chain_element(
                    &certificate.thumbprint().to_string(),
                    &certificate.subject().to_x500_string(),
                    &certificate.issuer().to_log_string(),
                );
                self.put(Severity::Verbose, &message);
            }
        }
    }

    fn validation(&mut self, verdict: &Verdict, certificate: &str) {
        let checks: Vec<&Finding> =
            verdict.findings().iter().filter(|finding| finding.step() == Step::Validity).collect();
        if checks.is_empty() {
            return;
        }
        self.put(Severity::Information, &known::begin_validation(certificate));
        // Expiry and the key come before the chain, and the CRL line before its result.
        let reached = |finding: &&&Finding| {
            matches!(
                finding,
                Finding::Passed(Pass::Chain(_)) | Finding::Rejected { rejection: Rejection::Chain(_), .. }
            )
        };
        let chain_reached = checks.iter().any(|finding| reached(&finding));
        let failed = checks.iter().find_map(|finding| Some((*finding, finding.rejection()?)));
        if chain_reached {
            self.chain_verified(failed.and_then(|(_, rejection)| rejection.row().log));
        }
        match failed {
            Some((_, Rejection::Dates(DatesReason::Expired { .. }))) => {
                self.put(Severity::Warning, &known::expired(certificate))
            }
            Some((finding, _)) => self.reason(certificate, finding),
            None => {}
        }
        for warning in verdict.warnings() {
            self.put(Severity::Warning, &ours::warning(&format!("{certificate}: {warning}"), warning.rule().id()));
        }
        self.put(Severity::Information, &known::completed_validation(certificate));
    }

    /// The two lines about the chain, both verbose in the product's logs; a result other than success is an error.
    fn chain_verified(&mut self, failed: Option<Hresult>) {
        let crl_check = match self.report.settings().revocation() {
            Revocation::Check => known::CRL_CHECK,
            Revocation::Off => ours::CRL_CHECK_OFF,
        };
        self.put(Severity::Verbose, crl_check);
        let severity = if failed.is_some() { Severity::Error } else { Severity::Verbose };
        self.put(severity, &known::chain_result(failed.map_or(0, |code| code.0)));
    }

    /// In the selection stage the client validates what it takes once more, and there tests its usage.
    fn validated_again(&mut self, stored: &StoredCertificate, verdict: Option<&Verdict>) {
        let certificate = certificate(stored);
        self.put(Severity::Information, &known::begin_validation(&certificate));
        self.chain_verified(None);
        let findings = verdict.map(Verdict::findings).unwrap_or_default();
        if findings
            .iter()
            .any(|finding| matches!(finding, Finding::Passed(Pass::Purpose(PurposePass::ClientAuthentication(_)))))
        {
            self.put(Severity::Verbose, &known::client_authentication(&certificate));
        }
        self.put(Severity::Information, &known::completed_validation(&certificate));
    }

    fn reason(&mut self, certificate: &str, finding: &Finding) {
        let message = ours::not_used(certificate, &finding.to_string(), finding.rule().id());
        self.put(Severity::Warning, &message);
        if let Some(near_miss) = finding.near_miss() {
            self.put(Severity::Warning, &ours::near_miss(certificate, &near_miss.to_string()));
        }
    }

    /// What the criteria, the purpose, the name and the ranking said.
    fn selection(&mut self) {
        let report = self.report;
        match report.settings().criteria() {
            None => self.put(Severity::Verbose, &known::no_criteria(report.selection().store().as_str())),
            Some(criteria) => self.put(Severity::Information, &ours::criteria(&criteria.to_string())),
        }
        for verdict in report.selection().verdicts() {
            let Some(stored) = report.stores().get(verdict.id()) else {
                continue;
            };
            if let Some(finding @ Finding::Rejected { .. }) = verdict.deciding()
                && matches!(finding.step(), Step::Store | Step::Purpose | Step::Name | Step::Longest)
            {
                self.reason(&certificate(stored), finding);
            }
        }
    }

    fn outcome(&mut self) {
        let report = self.report;
        match report.selected() {
            Some(stored) => {
                let id = report.selection().selected();
                self.validated_again(stored, id.and_then(|id| report.selection().verdict(id)));
                let thumbprint = stored.certificate().thumbprint().to_string();
                let issued_to = stored.certificate().issued_to();
                self.put(Severity::Information, &known::selected(&thumbprint, &issued_to));
                self.put(Severity::Information, known::AVAILABLE);
            }
            None => self.put(Severity::Error, &ours::conditions(&report.answer())),
        }
        for message in report.state_messages() {
            let text = ours::state_message(message.topic_type, message.id, message.phase.name());
            self.put(Severity::Information, &text);
        }
        if let Some(fallback) = report.fallback() {
            self.put(Severity::Warning, &ours::fallback(&fallback.to_string()));
        }
    }
}

fn certificate(stored: &StoredCertificate) -> String {
    let certificate = stored.certificate();
    known::certificate(&certificate.thumbprint().to_string(), &certificate.issued_to())
}
