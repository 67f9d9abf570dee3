//! The TOML of a scenario, as `testdata/selection/README.md` documents it. Unknown fields are errors.

use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub case: Vec<Case>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Unique: `topic/what-is-tried`.
    pub id: String,
    /// The rule or the item of practice behind the case.
    pub source: String,
    /// `cb1706`, `cb1710`, `cb2107`, or `all`: the case holds under each. Empty where nobody states one.
    pub ruleset: String,
    /// `selected NAME`, `ambiguous`, or `nothing STEP 0xHRESULT`.
    pub outcome: String,
    /// The readings under which the answer is another, each as `SETTING=VALUE OUTCOME`; an empty list where it is the same
    /// under all, not looked at where nothing is said.
    #[serde(default)]
    pub depends_on: Option<Vec<String>>,
    #[serde(default)]
    pub now: Option<String>,
    /// Computer name; PC1 unless said otherwise.
    #[serde(default)]
    pub machine: Option<String>,
    /// Fully qualified name; pc1.contoso.com unless said otherwise, none when empty.
    #[serde(default)]
    pub fqdn: Option<String>,
    #[serde(default)]
    pub device: Option<String>,
    /// The chosen store; MY unless said otherwise.
    #[serde(default)]
    pub store: Option<String>,
    /// Settings by name and value.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// Selection criteria.
    #[serde(default)]
    pub criteria: Option<String>,
    /// Certificate issuers list as text.
    #[serde(default)]
    pub issuers: Option<String>,
    /// Certificate issuers list as certificates, by name.
    #[serde(default)]
    pub issuers_certificates: Vec<String>,
    /// Template identifier and schema version.
    #[serde(default)]
    pub templates: BTreeMap<String, u32>,
    /// Stores that exist and are empty.
    #[serde(default)]
    pub empty_stores: Vec<String>,
    /// Certificates of the usual PKI, `root` or `issuing`, that are in no store.
    #[serde(default)]
    pub without: Vec<String>,
    /// CAs whose usual CRL is not given.
    #[serde(default)]
    pub without_crl: Vec<String>,
    /// Why the executable specification does not judge the case.
    #[serde(default)]
    pub outside_specification: Option<String>,
    #[serde(default)]
    pub cert: Vec<CertCase>,
    #[serde(default)]
    pub crl: Vec<CrlCase>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertCase {
    pub name: String,
    /// `selected`, or the code of its first rejection; for every certificate that is shown.
    #[serde(default)]
    pub verdict: Option<String>,
    /// The exact message of the first rejection.
    #[serde(default)]
    pub message: Option<String>,
    /// What messages call it.
    #[serde(default)]
    pub issued_to: Option<String>,
    /// The codes of its warnings, in any order; not looked at where nothing is said.
    #[serde(default)]
    pub warnings: Option<Vec<String>>,
    /// The codes of the changes of its plan, in order, and of the end; or `none` and the code of why there is none.
    #[serde(default)]
    pub plan: Option<Vec<String>>,
    /// The code of the near miss of its first rejection; empty where there is to be none.
    #[serde(default)]
    pub near_miss: Option<String>,
    /// MY, or CA where `ca` is set, unless said otherwise.
    #[serde(default)]
    pub store: Option<String>,
    /// Other stores that hold a copy.
    #[serde(default)]
    pub also_in: Vec<String>,
    /// In encoded order: `DC=com; DC=contoso; CN=PC1`; `CN=PC1`, for CAs `CN=NAME`, unless said otherwise.
    #[serde(default)]
    pub subject: Option<String>,
    /// The name of another certificate, `self`, or `= NAME` for a subject that nobody has; `issuing` unless said otherwise.
    #[serde(default)]
    pub issuer: Option<String>,
    /// The certificate whose key signs; the issuer's unless said otherwise.
    #[serde(default)]
    pub signer: Option<String>,
    #[serde(default)]
    pub serial: Option<i64>,
    /// RFC 3339, or a date.
    #[serde(default)]
    pub not_before: Option<String>,
    #[serde(default)]
    pub not_after: Option<String>,
    /// `dns:`, `upn:`, `ip:`, `dir:`, `uri:`, `email:`, each followed by its value.
    #[serde(default)]
    pub san: Vec<String>,
    /// `client`, `server`, `any`, or an identifier; client alone for leaves, none for CAs.
    #[serde(default)]
    pub eku: Option<Vec<String>>,
    #[serde(default)]
    pub application_policies: Option<Vec<String>>,
    /// Bits of key usage; an empty list leaves the extension out.
    #[serde(default)]
    pub key_usage: Option<Vec<u8>>,
    /// `rsa2048-N`, `rsa1024-N`, `rsa512-N`, `p256-N`, `ed25519-N`, `unknown`.
    #[serde(default)]
    pub key: Option<String>,
    #[serde(default)]
    pub ca: bool,
    #[serde(default)]
    pub path_length: Option<u32>,
    /// The template's identifier (extension 21.7).
    #[serde(default)]
    pub template: Option<String>,
    /// The template's name (extension 20.2).
    #[serde(default)]
    pub template_name: Option<String>,
    /// Distribution points; one that is published unless said otherwise.
    #[serde(default)]
    pub cdp: Option<Vec<String>>,
    #[serde(default)]
    pub ocsp: Option<String>,
    #[serde(default)]
    pub permitted: Vec<String>,
    #[serde(default)]
    pub excluded: Vec<String>,
    #[serde(default)]
    pub policies: Vec<String>,
    #[serde(default)]
    pub require_explicit_policy: Option<u32>,
    /// `right`, `wrong`, `none`.
    #[serde(default)]
    pub authority_key: Option<String>,
    /// Oddities: `critical`, `unknown`, `duplicate`, `damaged-signature`, `inner-algorithm`, `null-parameters` (of an issuer with
    /// a P-256 key), `version1`, `no-basic-constraints`, `broken-key-usage`.
    #[serde(default)]
    pub odd: Vec<String>,
    /// Extensions as they stand, in place of those with the same identifier: `2.5.29.15=03020780` in hexadecimal, with `!=`
    /// a critical one.
    #[serde(default)]
    pub raw: Vec<String>,
    /// `md5`, `sha1`, `sha384`, `sha512`; SHA-256 unless said otherwise. Keys that are no RSA keys have one of their own.
    #[serde(default)]
    pub hash: Option<String>,
    #[serde(default)]
    pub private_key: Option<String>,
    #[serde(default)]
    pub template_schema: Option<u32>,
    /// The property of the store.
    #[serde(default)]
    pub eku_property: Option<Vec<String>>,
    #[serde(default)]
    pub friendly_name: Option<String>,
    #[serde(default)]
    pub archived: bool,
    /// Bytes in place of the certificate, as text.
    #[serde(default)]
    pub bytes: Option<String>,
    /// How many copies of this CA with other keys there are: for budgets.
    #[serde(default)]
    pub crowd: u32,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrlCase {
    /// The certificate of the CA.
    pub issuer: String,
    #[serde(default)]
    pub signer: Option<String>,
    /// Certificates, by name.
    #[serde(default)]
    pub revoked: Vec<String>,
    #[serde(default)]
    pub on_hold: Vec<String>,
    #[serde(default)]
    pub removed: Vec<String>,
    #[serde(default)]
    pub number: Option<u64>,
    /// Makes it a delta that starts at this number.
    #[serde(default)]
    pub base: Option<u64>,
    /// Names a freshest CRL.
    #[serde(default)]
    pub freshest: bool,
    #[serde(default)]
    pub this_update: Option<String>,
    /// `none` for no field.
    #[serde(default)]
    pub next_update: Option<String>,
    /// `md5`, `sha1`, `sha384`, `sha512`; SHA-256 unless said otherwise. Keys that are no RSA keys have one of their own.
    #[serde(default)]
    pub hash: Option<String>,
    /// `user`, `ca`, `attribute`, `reasons` (some), `indirect`, or a URI of the issuing distribution point.
    #[serde(default)]
    pub only: Option<String>,
    /// Oddities: `critical`, `damaged-signature`, `no-number`.
    #[serde(default)]
    pub odd: Vec<String>,
}
