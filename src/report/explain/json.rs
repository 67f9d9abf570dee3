//! The explanation for programs, schema 1.

use super::{ChainLink, Explanation};
use crate::check::Rejection;
use crate::plan::{NoPlan, Plan};
use crate::reason::Coded;
use crate::report::json::{FindingJson, SCHEMA, WarningJson, finding, warning};
use crate::text::{quote_for_cmd, quote_for_powershell};
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct ExplainJson<'a> {
    schema: u32,
    machine: &'a str,
    now: String,
    ruleset: &'static str,
    thumbprint: Option<String>,
    issued_to: Option<String>,
    subject: Option<String>,
    store: Option<&'a str>,
    verdict: &'static str,
    defects: Vec<FindingJson>,
    beyond: Vec<BeyondJson>,
    plan: Option<PlanJson>,
    chain: Vec<LinkJson>,
    passed: Vec<FindingJson>,
    warnings: Vec<WarningJson>,
    ranking: Option<RankingJson>,
    answer: String,
}

/// What has to be done, and what was then seen; `none` says why there is nothing.
#[derive(Serialize)]
struct PlanJson {
    steps: Vec<StepJson>,
    end: Option<EndJson>,
    none: Option<NoPlanJson>,
}

#[derive(Serialize)]
struct StepJson {
    change: &'static str,
    party: &'static str,
    message: String,
    property: Option<String>,
    powershell: Option<String>,
    because: &'static str,
}

/// What rejects it once the defects are gone.
#[derive(Serialize)]
struct BeyondJson {
    step: &'static str,
    rule: &'static str,
    code: &'static str,
    message: String,
}

fn beyond(rejection: &Rejection) -> BeyondJson {
    BeyondJson {
        step: rejection.step().name(),
        rule: rejection.rule().id(),
        code: rejection.code(),
        message: rejection.to_string(),
    }
}

/// A certificate of the chain, the judged one first.
#[derive(Serialize)]
struct LinkJson {
    thumbprint: String,
    issued_to: String,
    not_before: String,
    not_after: String,
    trusted_root: bool,
    fault: Option<&'static str>,
    crl: Option<String>,
}

fn link(link: ChainLink) -> LinkJson {
    LinkJson {
        thumbprint: link.thumbprint.to_string(),
        issued_to: link.issued_to,
        not_before: link.not_before.to_string(),
        not_after: link.not_after.to_string(),
        trusted_root: link.is_trusted_root,
        fault: link.fault.map(|(code, _)| code),
        crl: link.crl,
    }
}

#[derive(Serialize)]
struct EndJson {
    kind: &'static str,
    message: String,
}

#[derive(Serialize)]
struct NoPlanJson {
    code: &'static str,
    message: String,
}

fn plan(plan: &Result<Plan, NoPlan>) -> PlanJson {
    match plan {
        Ok(plan) => PlanJson {
            steps: plan
                .steps
                .iter()
                .map(|step| StepJson {
                    change: step.change.code(),
                    party: step.change.party().name(),
                    message: step.change.to_string(),
                    property: step.change.property().map(|(property, value)| quote_for_cmd(property, &value)),
                    powershell: step.change.property().map(|(property, value)| quote_for_powershell(property, &value)),
                    because: step.because.code(),
                })
                .collect(),
            end: Some(EndJson { kind: plan.end.code(), message: plan.end.to_string() }),
            none: None,
        },
        Err(why) => PlanJson {
            steps: Vec::new(),
            end: None,
            none: Some(NoPlanJson { code: why.code(), message: why.to_string() }),
        },
    }
}

/// `other` is the runner-up for the winner, and the winner for everyone else.
#[derive(Serialize)]
struct RankingJson {
    other: String,
    period_seconds: i64,
    other_period_seconds: i64,
}

impl Serialize for Explanation<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.report();
        let certificate = self.stored().map(crate::store::StoredCertificate::certificate);
        ExplainJson {
            schema: SCHEMA,
            machine: report.machine().name(),
            now: report.selection().now().to_string(),
            ruleset: report.selection().ruleset().name(),
            thumbprint: self.thumbprint().map(|thumbprint| thumbprint.to_string()),
            issued_to: certificate.map(crate::certificate::Certificate::issued_to),
            subject: certificate.map(|certificate| certificate.subject().to_x500_string()),
            store: report.stores().store_of(self.verdict().id()).map(crate::store::StoreName::as_str),
            verdict: self.verdict().kind().name(),
            defects: self.defects().into_iter().map(finding).collect(),
            beyond: self.beyond().iter().map(beyond).collect(),
            plan: self.plan().map(plan),
            chain: self.chain().into_iter().map(link).collect(),
            passed: self.passed().map(finding).collect(),
            warnings: self.verdict().warnings().iter().map(warning).collect(),
            ranking: self.ranking().map(|ranking| RankingJson {
                other: ranking.thumbprint.to_string(),
                period_seconds: ranking.own.period(),
                other_period_seconds: ranking.other.period(),
            }),
            answer: report.answer(),
        }
        .serialize(serializer)
    }
}
