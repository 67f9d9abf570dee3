//! The explanation for programs, schema 1.

use super::Explanation;
use crate::report::json::{FindingJson, SCHEMA, WarningJson, finding, warning};
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    machine: &'a str,
    now: String,
    ruleset: &'static str,
    thumbprint: Option<String>,
    issued_to: Option<String>,
    subject: Option<String>,
    store: Option<&'a str>,
    verdict: &'static str,
    defects: Vec<DefectJson>,
    passed: Vec<FindingJson>,
    warnings: Vec<WarningJson>,
    ranking: Option<RankingJson>,
    answer: String,
}

#[derive(Serialize)]
struct DefectJson {
    #[serde(flatten)]
    finding: FindingJson,
    remedy: RemedyJson,
}

#[derive(Serialize)]
struct RemedyJson {
    action: &'static str,
    message: String,
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
        let certificate = self.stored().map(crate::StoredCertificate::certificate);
        let defects = self.defects().into_iter().map(|defect| DefectJson {
            finding: finding(defect.finding),
            remedy: RemedyJson { action: defect.remedy.action().name(), message: defect.remedy.text().to_owned() },
        });
        Document {
            schema: SCHEMA,
            machine: report.machine().name(),
            now: report.selection().now().to_string(),
            ruleset: report.selection().ruleset().name(),
            thumbprint: self.thumbprint().map(|thumbprint| thumbprint.to_string()),
            issued_to: certificate.map(crate::Certificate::issued_to),
            subject: certificate.map(|certificate| certificate.subject().x500_string()),
            store: report.stores().store_of(self.verdict().id()).map(crate::StoreName::as_str),
            verdict: self.verdict().kind().name(),
            defects: defects.collect(),
            passed: self.passed().map(finding).collect(),
            warnings: self.verdict().warnings().iter().map(warning).collect(),
            ranking: self.ranking().map(|ranking| RankingJson {
                other: ranking.other.thumbprint.to_string(),
                period_seconds: ranking.own.period(),
                other_period_seconds: ranking.other.period(),
            }),
            answer: report.answer(),
        }
        .serialize(serializer)
    }
}
