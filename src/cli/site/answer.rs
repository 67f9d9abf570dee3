//! The answer of `site`: the site's file, the trusted root key, the certificate of the site server.

use crate::certificate::{Certificate, Thumbprint};
use crate::choices::IssuerSyntax;
use crate::crypto::Algorithms;
use crate::machine::error::InputError;
use crate::reason::Coded;
use crate::rules::Rule;
use crate::select::Lint;
use crate::shown::{Quoted, Shown};
use crate::site::{RootKeySources, SigningCertificateOrigin, SiteSigningCertificate, SiteWarning, TrustedRootKey};
use crate::store::StoredCertificate;
use crate::text::{Issuer, IssuersList, MobileClientFile, SslState};
use serde_json::{Value, json};
use std::fmt::Write;

/// The two readings of the comma (rule I-9).
const SYNTAXES: [IssuerSyntax; 2] = [IssuerSyntax::Documented, IssuerSyntax::SemicolonOnly];

pub(crate) struct SiteAnswer {
    /// The machine whose client is looked at.
    pub machine: Option<String>,
    /// The site's mobileclient.tcf.
    pub file: Option<SiteFile>,
    /// The SSL state that counts for the client.
    pub https_state: Option<SslState>,
    pub key: SiteKey,
    pub signing: SiteSigning,
    /// What the client's command line lacks for the key to count (K-4).
    pub lints: Vec<Lint>,
}

/// What the site's file says.
pub(crate) struct SiteFile {
    /// The list under each syntax, or why it does not read.
    issuers: Option<[Result<IssuersList, String>; 2]>,
    ssl_state: Option<SslState>,
    /// Keys that name a port, as written.
    ports: Vec<(String, String)>,
}

impl SiteFile {
    /// Reads the values.
    ///
    /// # Errors
    /// A text that is not an SSL state.
    pub(crate) fn read(file: &MobileClientFile) -> Result<Self, InputError> {
        let list = file.get("CertificateIssuers").filter(|text| !text.is_empty());
        let issuers =
            list.map(|text| SYNTAXES.map(|syntax| IssuersList::parse(text, syntax).map_err(|e| e.to_string())));
        let ssl_state =
            file.ssl_state().map_err(|error| InputError::new(error.to_string()).at(error.input(), error.span()))?;
        let names_port = |key: &str| {
            let key = key.to_ascii_lowercase();
            ["port", "ports", "portslist"].iter().any(|end| key.ends_with(end))
        };
        let entries = file.entries().iter().filter(|entry| names_port(entry.key()) && !file.value(entry).is_empty());
        let ports = entries.map(|entry| (entry.key().to_owned(), file.value(entry).to_owned())).collect();
        Ok(SiteFile { issuers, ssl_state, ports })
    }

    fn text(&self, text: &mut String) {
        text.push_str("mobileclient.tcf, as the site writes it for its clients\n");
        match &self.issuers {
            None => text.push_str("  issuers list: none, so every root is accepted (I-2)\n"),
            Some([Ok(documented), Ok(semicolons)]) if documented == semicolons => {
                let _ = writeln!(text, "  issuers list: {}", Shown(&documented.to_string()));
                text.push_str("    the same by commas and semicolons as by semicolons only (I-9)\n");
            }
            Some(lists) => {
                text.push_str("  issuers list: the two readings of the comma differ (I-9)\n");
                for (syntax, list) in SYNTAXES.iter().zip(lists) {
                    let _ = match list {
                        Ok(list) => {
                            let (list, count) = (list.to_string(), attributes(list));
                            let plural = if count == 1 { "" } else { "s" };
                            writeln!(text, "    {syntax}: {} ({count} attribute{plural})", Shown(&list))
                        }
                        Err(error) => writeln!(text, "    {syntax}: does not read: {}", Shown(error)),
                    };
                }
            }
        }
        if let Some(state) = self.ssl_state {
            let _ = writeln!(text, "  SSL state: {state} (Q-3)");
        }
        if !self.ports.is_empty() {
            let ports: Vec<String> =
                self.ports.iter().map(|(key, value)| format!("{}={}", Shown(key), Shown(value))).collect();
            let _ = writeln!(text, "  ports: {}", ports.join(", "));
        }
    }

    fn json(&self) -> Value {
        let issuers = self.issuers.as_ref().map(|lists| {
            let read = |list: &Result<IssuersList, String>| match list {
                Ok(list) => json!({ "list": list.to_string(), "attributes": attributes(list) }),
                Err(error) => json!({ "error": error }),
            };
            let [documented, semicolons] = lists;
            json!({
                "documented": read(documented),
                "semicolon_only": read(semicolons),
                "same": matches!(lists, [Ok(one), Ok(other)] if one == other),
            })
        });
        let ports: serde_json::Map<String, Value> =
            self.ports.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
        json!({ "issuers": issuers, "ssl_state": self.ssl_state.map(state_json), "ports": ports })
    }
}

/// How many attributes a list names: a comma that separates none stays in a value.
fn attributes(list: &IssuersList) -> usize {
    list.iter().map(|issuer| if let Issuer::Attributes(listed) = issuer { listed.len() } else { 1 }).sum()
}

fn state_json(state: SslState) -> Value {
    json!({
        "value": state.bits(),
        "https_only": state.is_https_only(),
        "fallback_to_http": state.falls_back_to_http(),
        "http_allowed": state.allows_http(),
        "crl_check": state.checks_crl(),
        "pki_when_available": state.uses_pki_when_available(),
        "enhanced_http": state.is_enhanced_http(),
        "unknown_bits": state.unknown_bits(),
    })
}

/// The trusted root key (rules K-1, K-2).
pub(crate) struct SiteKey {
    /// The site's, of its file.
    pub site: Option<TrustedRootKey>,
    /// What the client was given.
    pub sources: RootKeySources,
    /// What the client reports, where that is known: `Some(None)` is a client without a key.
    pub reported: Option<Option<TrustedRootKey>>,
}

impl SiteKey {
    /// The key that the client has, reported or given.
    fn client(&self) -> Option<&TrustedRootKey> {
        match &self.reported {
            Some(reported) => reported.as_ref(),
            None => self.sources.trusted(),
        }
    }

    /// Whether the client's key is the site's, where both are known.
    fn is_sites(&self) -> Option<bool> {
        Some(self.client()?.is_same_key(self.site.as_ref()?))
    }

    fn warning(&self) -> Option<SiteWarning> {
        let on_first_use = self.sources.origin_of(self.client()).is_first_use();
        // A key that is the site's is not an attacker's, whoever brought it.
        (on_first_use && self.is_sites() != Some(true)).then_some(SiteWarning::TakenOnFirstUse)
    }

    fn problem(&self) -> Option<&'static str> {
        (self.is_sites() == Some(false)).then_some(
            "the client trusts another key than the site's, so it does not accept this site's management points: install it \
             with RESETKEYINFORMATION=TRUE and the site's key",
        )
    }
}

/// The certificate of the site server (rule K-3).
pub(crate) struct SiteSigning {
    origin: SigningCertificateOrigin,
    /// Whether the machine's store `SMS` is known.
    collected: bool,
    found: Vec<SiteSigningCertificate>,
    problems: Vec<String>,
}

impl SiteSigning {
    /// From the entries of the store `SMS` that are named as the site server's, and from the file that the client was given.
    pub(crate) fn new(
        origin: SigningCertificateOrigin,
        stored: Option<Vec<StoredCertificate>>,
        given: &[Certificate],
        algorithms: &Algorithms,
    ) -> Self {
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        let mut take = |stored: StoredCertificate| match SiteSigningCertificate::new(stored, origin, algorithms) {
            Ok(signing) => found.push(signing),
            Err(error) => problems.push(error.to_string()),
        };
        let collected = stored.is_some();
        let stored = stored.unwrap_or_default();
        let held: Vec<Thumbprint> = stored.iter().map(|one| one.certificate().thumbprint()).collect();
        stored.into_iter().for_each(&mut take);
        let new = given.iter().filter(|certificate| !held.contains(&certificate.thumbprint()));
        new.clone().for_each(|certificate| take(certificate.clone().into()));
        if !held.is_empty() && new.count() > 0 {
            problems.push(
                "the client's store SMS holds another site server signing certificate than the file: it does not accept what \
                 the site signs by that one (K-3)"
                    .to_owned(),
            );
        }
        SiteSigning { origin, collected, found, problems }
    }

    fn text(&self, text: &mut String) {
        text.push_str("site server signing certificate (K-3)\n");
        for one in &self.found {
            let certificate = one.certificate();
            let _ = writeln!(text, "  {} {}", certificate.thumbprint(), Quoted(&certificate.issued_to()));
        }
        if self.found.is_empty() {
            text.push_str(if self.collected {
                "  none in the store SMS\n"
            } else {
                "  the store SMS is not in what was collected\n"
            });
        }
        let assumed = match self.origin {
            SigningCertificateOrigin::ManagementPoint | SigningCertificateOrigin::InternetManagementPoint => {
                ", since nothing else is known to have given it"
            }
            SigningCertificateOrigin::ActiveDirectory
            | SigningCertificateOrigin::ClientPush
            | SigningCertificateOrigin::SignCertProperty => "",
        };
        let _ = writeln!(text, "  from: {}{assumed}", self.origin.name());
    }

    fn json(&self) -> Value {
        let found = self.found.iter().map(|one| {
            json!({
                "thumbprint": one.certificate().thumbprint().to_string(),
                "subject": one.certificate().subject().to_x500_string(),
                "warnings": warnings(&one.warnings()),
            })
        });
        json!({ "collected": self.collected, "origin": self.origin.name(), "certificates": found.collect::<Vec<_>>() })
    }
}

impl SiteAnswer {
    /// What is wrong: the client does not know the site.
    pub(crate) fn problems(&self) -> Vec<String> {
        let key = self.key.problem().map(|problem| format!("{problem} (K-2)"));
        key.into_iter().chain(self.signing.problems.iter().cloned()).collect()
    }

    fn warnings(&self) -> Vec<SiteWarning> {
        let mut found: Vec<SiteWarning> = Vec::new();
        // Over HTTPS the web server's certificate says who it is (K-2).
        if self.looks_at_client() && !self.is_https_only() {
            found.extend(self.key.warning());
        }
        found.extend(self.signing.found.iter().flat_map(SiteSigningCertificate::warnings));
        let mut seen = Vec::new();
        found.retain(|warning| {
            !seen.contains(warning) && {
                seen.push(*warning);
                true
            }
        });
        found
    }

    fn is_https_only(&self) -> bool {
        self.https_state.is_some_and(SslState::is_https_only)
    }

    fn warnings_json(&self) -> Vec<Value> {
        let lints = self.lints.iter();
        let lints =
            lints.map(|lint| json!({ "code": lint.code(), "rule": lint.rule().to_string(), "text": lint.to_string() }));
        warnings(&self.warnings()).into_iter().chain(lints).collect()
    }

    /// Whether anything is known of a client, rather than only of the site.
    fn looks_at_client(&self) -> bool {
        self.machine.is_some() || self.key.reported.is_some()
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        if let Some(file) = &self.file {
            file.text(&mut text);
        }
        text.push_str("trusted root key (K-1, K-2)\n");
        let described = |key: &TrustedRootKey| format!("RSA, {} bits, SHA-256 {}", key.bits(), key.sha256());
        if let Some(site) = &self.key.site {
            let _ = writeln!(text, "  the site's: {}", described(site));
        } else if self.file.is_some() {
            text.push_str("  the site's: not in its file\n");
        }
        match (self.looks_at_client(), self.key.client(), self.key.is_sites()) {
            (false, ..) => {}
            (true, Some(_), Some(true)) => text.push_str("  the client's: the same\n"),
            (true, Some(key), _) => {
                let _ = writeln!(text, "  the client's: {}", described(key));
            }
            (true, None, _) if self.key.reported.is_some() => text.push_str("  the client's: it has none\n"),
            (true, None, _) => text.push_str("  the client's: not known; give what it reports by --client-key\n"),
        }
        if self.looks_at_client() && !matches!(self.key.reported, Some(None)) {
            let _ = writeln!(text, "  from: {}", self.key.sources.origin_of(self.key.client()).name());
        } else if self.key.site.is_some() {
            text.push_str("  a client that is installed with this file is given it, and trusts no other\n");
        }
        if self.key.sources.was_reset() {
            text.push_str("  RESETKEYINFORMATION=TRUE removes the key that the client had\n");
        }
        if self.is_https_only() {
            text.push_str("  not needed: management points are reached over HTTPS only\n");
        }
        if self.machine.is_some() || !self.signing.found.is_empty() || !self.signing.problems.is_empty() {
            self.signing.text(&mut text);
        }
        for warning in self.warnings() {
            let _ = writeln!(text, "warning: {warning} ({})", warning.rule());
        }
        for lint in &self.lints {
            let _ = writeln!(text, "warning: {lint} ({})", lint.rule());
        }
        for problem in self.problems() {
            let _ = writeln!(text, "problem: {}", Shown(&problem));
        }
        text
    }

    /// One JSON document on a line.
    pub(crate) fn json(&self) -> String {
        let described = |key: &TrustedRootKey| json!({ "bits": key.bits(), "sha256": key.sha256() });
        let client = self.looks_at_client();
        let key = self.key.client().filter(|_| client);
        let document = json!({
            "machine": self.machine,
            "mobile_client_file": self.file.as_ref().map(SiteFile::json),
            "https_state": self.https_state.map(state_json),
            "trusted_root_key": {
                "site": self.key.site.as_ref().map(described),
                "client": key.map(described),
                "origin": client.then(|| self.key.sources.origin_of(self.key.client()).name()),
                "is_the_sites": self.key.is_sites().filter(|_| client),
                "reset": self.key.sources.was_reset(),
            },
            "signing_certificate": self.signing.json(),
            "warnings": self.warnings_json(),
            "problems": self.problems(),
        });
        crate::cli::json::line(&document)
    }
}

fn warnings(warnings: &[SiteWarning]) -> Vec<Value> {
    let one = |warning: &SiteWarning| {
        let rule: Rule = warning.rule();
        json!({ "code": warning.code(), "rule": rule.to_string(), "text": warning.to_string() })
    };
    warnings.iter().map(one).collect()
}
