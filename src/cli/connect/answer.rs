//! The answer of `connect`: both ends, and which side to change.

use super::server_file::ServerFile;
use crate::certificate::Certificate;
use crate::reason::Coded;
use crate::select::Selection;
use crate::server::{IisStatus, ServerJudgement, ServerWarning};
use crate::shown::{Quoted, Shown};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::fmt::Write;

pub(crate) struct ConnectAnswer<'a> {
    pub machine: &'a str,
    pub selection: &'a Selection,
    pub selected: Option<&'a Certificate>,
    pub server: &'a ServerFile,
    pub judgement: &'a ServerJudgement,
    /// The CA certificates of the client's chain.
    pub authorities: &'a [Certificate],
    pub remedy: Remedy,
}

/// What has to be done on the server's side, as it was carried out on a copy of it; `None` where nothing there helps.
pub(crate) type Remedy = Option<Vec<Cow<'static, str>>>;

impl ConnectAnswer<'_> {
    /// For people: the client, the server, what to change, and warnings.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let hresult = self.selection.outcome().hresult();
        let _ = match self.selected {
            Some(certificate) => writeln!(
                text,
                "{}: the client selects {} {}",
                Shown(self.machine),
                certificate.thumbprint(),
                Quoted(&certificate.issued_to())
            ),
            None => writeln!(text, "{}: the client selects no certificate ({hresult})", Shown(self.machine)),
        };
        let (name, role) = (Shown(self.server.name()), self.server.role());
        let _ = match self.judgement.rejection() {
            None => writeln!(text, "{name}: the {role} accepts it"),
            Some(rejection) => writeln!(
                text,
                "{name}: the {role} rejects the connection: {} ({})\n{}{}",
                rejection.sentence(self.authorities),
                rejection.rule(),
                status_line(self.judgement),
                match self.selected {
                    Some(_) => remedy_lines(rejection.side().name(), self.remedy.as_deref()),
                    None => "  the client's own report says why".to_owned(),
                }
            ),
        };
        push_warnings(self.judgement, &mut text);
        text
    }

    /// One JSON document on a line.
    pub(crate) fn json(&self) -> String {
        let outcome = self.selection.outcome();
        let document = json!({
            "machine": self.machine,
            "selected": self.selected.map(|certificate| certificate.thumbprint().to_string()),
            "hresult": outcome.hresult().to_string(),
            "server": self.server.name(),
            "role": self.server.role(),
            "accepted": self.judgement.is_accepted(),
            "chain": chain(self.judgement),
            "status": self.judgement.status().map(IisStatus::code),
            "rejection": rejection(self.judgement, self.authorities, self.remedy.as_deref()),
            "warnings": warnings(self.judgement),
        });
        super::super::json::line(&document)
    }
}

/// The answer about the certificates that sign software updates (rule M-3): no client takes part but for its clock.
pub(crate) struct SignersAnswer<'a> {
    pub machine: &'a str,
    pub server: &'a ServerFile,
    pub signers: Vec<(&'a Certificate, ServerJudgement, Remedy)>,
}

impl SignersAnswer<'_> {
    pub(crate) fn text(&self) -> String {
        let (name, mut text) = (Shown(self.server.name()), String::new());
        for (signer, judgement, remedy) in &self.signers {
            let signer = format!("{} {}", signer.thumbprint(), Quoted(&signer.issued_to()));
            // Writing to a string cannot fail.
            let _ = match judgement.rejection() {
                None => writeln!(text, "{}: {name}: the signatures of {signer} are accepted", Shown(self.machine)),
                Some(rejection) => writeln!(
                    text,
                    "{}: {name}: the signatures of {signer} are rejected: {rejection} ({})\n{}",
                    Shown(self.machine),
                    rejection.rule(),
                    remedy_lines(rejection.side().name(), remedy.as_deref())
                ),
            };
            push_warnings(judgement, &mut text);
        }
        text
    }

    /// One JSON document on a line.
    pub(crate) fn json(&self) -> String {
        let signers = self.signers.iter().map(|(signer, judgement, remedy)| {
            json!({
                "thumbprint": signer.thumbprint().to_string(),
                "accepted": judgement.is_accepted(),
                "chain": chain(judgement),
                "rejection": rejection(judgement, &[], remedy.as_deref()),
                "warnings": warnings(judgement),
            })
        });
        let document = json!({
            "machine": self.machine,
            "server": self.server.name(),
            "role": self.server.role(),
            "accepted": self.signers.iter().all(|(_, judgement, _)| judgement.is_accepted()),
            "signers": signers.collect::<Vec<Value>>(),
        });
        super::super::json::line(&document)
    }
}

/// What to look for in the web server's log (rule M-4).
fn status_line(judgement: &ServerJudgement) -> String {
    judgement.status().map(|status| format!("  the web server's log: {status} (M-4)\n")).unwrap_or_default()
}

/// What was tried on a copy of the server, and did.
fn remedy_lines(side: &str, remedy: Option<&[Cow<'static, str>]>) -> String {
    match remedy {
        Some(changes) => {
            let changes: Vec<String> =
                changes.iter().map(|change| format!("  change the {side}: {change}\n")).collect();
            format!("{}  then it accepts (tried on a model of the server)", changes.concat())
        }
        None => "  nothing on the server's side alone makes it accept this certificate".to_owned(),
    }
}

fn push_warnings(judgement: &ServerJudgement, text: &mut String) {
    for warning in judgement.warnings() {
        let _ = writeln!(text, "  warning: {warning} ({})", warning.rule());
    }
}

fn chain(judgement: &ServerJudgement) -> Vec<String> {
    judgement.chain().iter().map(ToString::to_string).collect()
}

fn rejection(
    judgement: &ServerJudgement,
    authorities: &[Certificate],
    remedy: Option<&[Cow<'static, str>]>,
) -> Option<Value> {
    let rejection = judgement.rejection()?;
    Some(json!({
        "code": rejection.code(),
        "cause": rejection.cause(),
        "rule": rejection.rule().id(),
        "message": rejection.sentence(authorities),
        "side": rejection.side().name(),
        "advice": remedy.map(|changes| changes.join("; then ")),
    }))
}

fn warnings(judgement: &ServerJudgement) -> Vec<Value> {
    let warnings = judgement.warnings().iter();
    let json = |warning: &ServerWarning| json!({ "code": warning.code(), "rule": warning.rule().id(), "message": warning.to_string() });
    warnings.map(json).collect()
}
