//! The answer of `connect`: both ends, and which side to change.

use super::server_file::Server;
use ccmcertsel::server::ServerJudgement;
use ccmcertsel::{Certificate, Selection};
use serde_json::json;
use std::fmt::Write;

pub struct Answer<'a> {
    pub machine: &'a str,
    pub selection: &'a Selection,
    pub selected: Option<&'a Certificate>,
    pub server: &'a Server,
    pub judgement: &'a ServerJudgement,
}

impl Answer<'_> {
    /// For people: the client, the server, what to change, and warnings.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let hresult = self.selection.outcome().hresult();
        let _ = match self.selected {
            Some(certificate) => writeln!(
                text,
                "{}: the client selects {} `{}`",
                self.machine,
                certificate.thumbprint(),
                certificate.issued_to()
            ),
            None => writeln!(text, "{}: the client selects no certificate ({hresult})", self.machine),
        };
        let (name, role) = (self.server.name(), self.server.role());
        let _ = match self.judgement.rejection() {
            None => writeln!(text, "{name}: the {role} accepts it"),
            Some(rejection) => writeln!(
                text,
                "{name}: the {role} rejects the connection: {rejection} ({})\n  change the {}: {}",
                rejection.rule(),
                rejection.side().name(),
                rejection.advice()
            ),
        };
        for warning in self.judgement.warnings() {
            let _ = writeln!(text, "  warning: {warning} ({})", warning.rule());
        }
        text
    }

    /// One JSON document on a line.
    pub fn json(&self) -> String {
        let outcome = self.selection.outcome();
        let rejection = self.judgement.rejection().map(|rejection| {
            json!({
                "code": rejection.code(),
                "rule": rejection.rule().id(),
                "message": rejection.to_string(),
                "side": rejection.side().name(),
                "advice": rejection.advice(),
            })
        });
        let warnings: Vec<_> = self
            .judgement
            .warnings()
            .iter()
            .map(|warning| json!({ "code": warning.code(), "rule": warning.rule().id(), "message": warning.to_string() }))
            .collect();
        let chain: Vec<String> = self.judgement.chain().iter().map(ToString::to_string).collect();
        let document = json!({
            "machine": self.machine,
            "selected": self.selected.map(|certificate| certificate.thumbprint().to_string()),
            "hresult": outcome.hresult().to_string(),
            "server": self.server.name(),
            "role": self.server.role(),
            "accepted": self.judgement.is_accepted(),
            "chain": chain,
            "rejection": rejection,
            "warnings": warnings,
        });
        format!("{document}\n")
    }
}
