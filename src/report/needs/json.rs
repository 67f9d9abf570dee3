//! The checklist for programs: one document, schema 1.

use super::text::state;
use super::{NeededAuthority, Needs};
use crate::report::json::SCHEMA;
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct NeedsJson<'a> {
    schema: u32,
    machines: u64,
    complete: bool,
    crls: Vec<CrlJson<'a>>,
    authorities: Vec<AuthorityJson<'a>>,
    templates: Vec<TemplateJson<'a>>,
    left_out: u64,
}

#[derive(Serialize)]
struct CrlJson<'a> {
    issuer: &'a str,
    kind: &'static str,
    urls: &'a [String],
    machines: u64,
    missing: u64,
    out_of_date: u64,
    not_yet_valid: u64,
    not_counted: u64,
    good_until: Option<String>,
    message: String,
}

#[derive(Serialize)]
struct AuthorityJson<'a> {
    kind: &'static str,
    name: &'a str,
    thumbprint: Option<&'a str>,
    machines: u64,
}

#[derive(Serialize)]
struct TemplateJson<'a> {
    template: &'a str,
    version: Option<u32>,
    machines: u64,
}

/// Fields: `schema`, `machines`, `complete`, `crls`, `authorities` (`kind` is `missing` or `untrusted`), `templates`,
/// `left_out`.
impl Serialize for Needs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let crls = self.crls().map(|(crl, need)| CrlJson {
            issuer: &crl.issuer,
            kind: crl.kind.name(),
            urls: &crl.urls,
            machines: need.machines,
            missing: need.missing,
            out_of_date: need.out_of_date,
            not_yet_valid: need.not_yet_valid,
            not_counted: need.not_counted,
            good_until: need.good_until.map(|until| until.to_string()),
            message: state(need),
        });
        let authorities = self.authorities().map(|(authority, machines)| match authority {
            NeededAuthority::Missing { name } => AuthorityJson { kind: "missing", name, thumbprint: None, machines },
            NeededAuthority::Untrusted { name, thumbprint } => {
                AuthorityJson { kind: "untrusted", name, thumbprint: Some(thumbprint), machines }
            }
        });
        let templates = self.templates().map(|(template, machines)| TemplateJson {
            template: &template.template,
            version: template.version,
            machines,
        });
        NeedsJson {
            schema: SCHEMA,
            machines: self.machines(),
            complete: self.is_complete(),
            crls: crls.collect(),
            authorities: authorities.collect(),
            templates: templates.collect(),
            left_out: self.left_out(),
        }
        .serialize(serializer)
    }
}
