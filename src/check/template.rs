//! V-3 and V-4: the template's version, and where the key lives.

use super::Exemption;
use super::checked::Checked;
use crate::certificate::Template;
use crate::change::{Change, Fact};
use crate::choices::{CngKeys, EccKeys, Ruleset, TemplateRule};
use crate::crypto::key_kind;
use crate::oid::Oid;
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::rules::{Rule, Step};
use crate::settings::Settings;
use crate::shown::QuotedBy;
use crate::store::{KeyProvider, StoredCertificate};
use crate::words::{Quoted, provider};
use std::fmt;

/// The first schema version that AD CS calls version 3: its templates ask for CNG keys.
const FIRST_BANNED_SCHEMA: u32 = 3;

/// What a template check rests on (rule V-3).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TemplateEvidence {
    /// The caller stated the schema version.
    Stated(u32),
    /// The caller's table has the template's identifier.
    Table {
        /// The template.
        template: Oid,
        /// Its schema version.
        version: u32,
    },
    /// Extension 1.3.6.1.4.1.311.20.2 names a version 1 template.
    Version1 {
        /// The template's name.
        name: String,
    },
    /// Nothing says which version it is.
    Unknown {
        /// The template's identifier, where the certificate has one.
        template: Option<Oid>,
    },
}

/// Why template and provider pass.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TemplatePass {
    /// The template is accepted (rule V-3).
    Accepted(TemplateEvidence),
    /// The key provider is supported (rule V-4).
    Provider(Option<KeyProvider>),
}

/// Why a key in a key storage provider is rejected (rules V-3, V-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KspReason {
    /// The client of this ruleset opens keys through CryptoAPI only.
    Ruleset(Ruleset),
    /// `/CCMPKICERTOPTIONS=0` turned CNG support off.
    CngOff,
}

/// Why template or provider reject a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TemplateReason {
    /// It comes from a version 3 template (rule V-3).
    Version {
        /// How that is known.
        evidence: TemplateEvidence,
        /// The ruleset that bans it.
        ruleset: Ruleset,
    },
    /// Its key is in a key storage provider (rules V-3, V-4).
    KeyStorageProvider(KspReason),
    /// Its key is ECC (rule V-4).
    Ecc {
        /// The provider that is stated, if one is.
        provider: Option<KeyProvider>,
    },
}

/// What was nearly right about template and provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TemplateNearMiss {
    /// A newer ruleset accepts it (rule V-4).
    NewerRuleset(Ruleset),
}

/// What rules V-3 and V-4 ask of the key: where it lives, and whether it is ECC.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Provider {
    stated: Option<KeyProvider>,
    ecc: bool,
}

impl Provider {
    fn of(stored: &StoredCertificate) -> Self {
        let ecc = key_kind(stored.certificate().spki_der()).is_ok_and(|kind| kind.is_ecc());
        Provider { stated: stored.private_key().provider(), ecc }
    }

    /// V-4: no CSP holds ECC keys, so an ECC key of unknown provider counts as KSP; one stated to be in a CSP is judged
    /// as stated.
    fn is_ksp(self) -> bool {
        match self.stated {
            Some(KeyProvider::Ksp) => true,
            Some(KeyProvider::Csp) => false,
            Some(KeyProvider::Unknown) | None => self.ecc,
        }
    }
}

/// V-3: not from a version 3 template, which a client of `cb1706` cannot use.
///
/// The version is not in the certificate: the revision in extension 21.7 counts edits. So a key in a key storage provider
/// is rejected whatever the template says, then a stated schema version decides, then nothing is known and it passes.
pub(crate) fn check_template(stored: &StoredCertificate, settings: &Settings) -> Checked<TemplatePass, TemplateReason> {
    let ruleset = settings.ruleset();
    if ruleset.table().template == TemplateRule::AnyVersion {
        return Checked::NotApplicable(Exemption::TemplateNotChecked(ruleset));
    }
    if Provider::of(stored).is_ksp() {
        return Checked::Rejected(TemplateReason::KeyStorageProvider(KspReason::Ruleset(ruleset)));
    }
    let (evidence, version) = template_version(stored, settings);
    if version.is_some_and(|version| version >= FIRST_BANNED_SCHEMA) {
        return Checked::Rejected(TemplateReason::Version { evidence, ruleset });
    }
    Checked::Passed(TemplatePass::Accepted(evidence))
}

/// What was nearly right about a certificate that rule V-3 rejects: the next ruleset accepts it.
pub(crate) fn near_miss(
    reason: &TemplateReason,
    stored: &StoredCertificate,
    settings: &Settings,
) -> Option<TemplateNearMiss> {
    let newer_accepts = match reason {
        TemplateReason::Version { .. } => true,
        // V-4 accepts RSA keys there, and ECC keys under `EccKeys::Accept`, from the next ruleset on.
        TemplateReason::KeyStorageProvider(KspReason::Ruleset(_)) => {
            settings.cng_keys() != CngKeys::Off && (!Provider::of(stored).ecc || settings.ecc_keys() == EccKeys::Accept)
        }
        TemplateReason::KeyStorageProvider(KspReason::CngOff) | TemplateReason::Ecc { .. } => false,
    };
    newer_accepts.then_some(TemplateNearMiss::NewerRuleset(Ruleset::Cb1710))
}

fn template_version(stored: &StoredCertificate, settings: &Settings) -> (TemplateEvidence, Option<u32>) {
    if let Some(version) = stored.template_schema() {
        return (TemplateEvidence::Stated(version), Some(version));
    }
    // A damaged template extension says nothing here; whether it is damaged is a question of V-5.
    match stored.certificate().template().ok().flatten() {
        Some(Template::Later { oid, .. }) => match settings.template_version(&oid) {
            Some(version) => (TemplateEvidence::Table { template: oid, version }, Some(version)),
            None => (TemplateEvidence::Unknown { template: Some(oid) }, None),
        },
        Some(Template::Version1 { name }) => (TemplateEvidence::Version1 { name }, Some(1)),
        None => (TemplateEvidence::Unknown { template: None }, None),
    }
}

/// V-4: keys in a key storage provider are supported from `cb1710` on, RSA only, unless CNG support is off.
///
/// `None` under `cb1706`, whose rule V-3 has already said what it says about providers.
pub(crate) fn check_provider(
    stored: &StoredCertificate,
    settings: &Settings,
) -> Option<Result<TemplatePass, TemplateReason>> {
    if settings.ruleset().table().template == TemplateRule::NoVersion3 {
        return None;
    }
    let provider = Provider::of(stored);
    if provider.is_ksp() {
        if settings.cng_keys() == CngKeys::Off {
            return Some(Err(TemplateReason::KeyStorageProvider(KspReason::CngOff)));
        }
        if provider.ecc && settings.ecc_keys() == EccKeys::Reject {
            return Some(Err(TemplateReason::Ecc { provider: provider.stated }));
        }
    }
    Some(Ok(TemplatePass::Provider(provider.stated)))
}

/// V-4: whether an ECC key is stated to be in a CSP, where it cannot be; a warning.
pub(crate) fn is_ecc_in_csp(stored: &StoredCertificate) -> bool {
    stored.private_key().provider() == Some(KeyProvider::Csp) && Provider::of(stored).ecc
}

impl TemplatePass {
    /// Code and rule.
    pub(crate) fn row(&self) -> Row {
        match self {
            TemplatePass::Accepted(_) => Row::new(Step::Validity, "validity.template_accepted", Rule::V3),
            TemplatePass::Provider(_) => Row::new(Step::Validity, "validity.provider_accepted", Rule::V4),
        }
    }

    /// How the template's version is known, where it decided.
    pub(crate) fn evidence(&self) -> Option<&TemplateEvidence> {
        match self {
            TemplatePass::Accepted(evidence) => Some(evidence),
            TemplatePass::Provider(_) => None,
        }
    }
}

impl TemplateReason {
    /// Code, rule and result codes.
    pub(crate) fn row(&self) -> Row {
        match self {
            TemplateReason::Version { .. } => Row::new(Step::Validity, "validity.template_version", Rule::V3)
                .counted("template of version 3, too new for this client"),
            TemplateReason::KeyStorageProvider(reason) => {
                let rule = match reason {
                    KspReason::Ruleset(_) => Rule::V3,
                    KspReason::CngOff => Rule::V4,
                };
                Row::new(Step::Validity, "validity.key_storage_provider", rule).counted(match reason {
                    KspReason::Ruleset(_) => "key in a CNG provider, too new for this client",
                    KspReason::CngOff => "key in a CNG provider, which /CCMPKICERTOPTIONS=0 turned off",
                })
            }
            TemplateReason::Ecc { .. } => {
                Row::new(Step::Validity, "validity.key_ecc", Rule::V4).counted("the key is ECC")
            }
        }
    }

    /// How the template's version is known, where it decided.
    pub(crate) fn evidence(&self) -> Option<&TemplateEvidence> {
        match self {
            TemplateReason::Version { evidence, .. } => Some(evidence),
            TemplateReason::KeyStorageProvider(_) | TemplateReason::Ecc { .. } => None,
        }
    }

    /// What may help (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self) -> Vec<Proposal> {
        let update = |ruleset| Proposal::Change(Change::UpdateClient(ruleset));
        let newer = [update(Ruleset::Cb2107), update(Ruleset::Cb1710)];
        match self {
            TemplateReason::Version { .. } | TemplateReason::KeyStorageProvider(KspReason::Ruleset(_)) => {
                newer.into_iter().chain([Proposal::request([Fact::CspKey])]).collect()
            }
            TemplateReason::KeyStorageProvider(KspReason::CngOff) => {
                vec![Proposal::Change(Change::UseCng), Proposal::request([Fact::CspKey])]
            }
            TemplateReason::Ecc { .. } => vec![Proposal::request([Fact::RsaKey])],
        }
    }
}

impl TemplateNearMiss {
    /// The stable code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            TemplateNearMiss::NewerRuleset(_) => "newer_ruleset",
        }
    }
}

impl fmt::Display for TemplateEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TemplateEvidence::Stated(version) => {
                write!(f, "template version {version}, as stated for this certificate")
            }
            TemplateEvidence::Table { template, version } => {
                write!(f, "template version {version}, from the table for {}", QuotedBy(template))
            }
            TemplateEvidence::Version1 { name } => {
                write!(f, "template version 1: the certificate names the template {}", Quoted(name))
            }
            TemplateEvidence::Unknown { template: Some(template) } => write!(
                f,
                "version of the template {} not known (a certificate does not hold it); counted as acceptable",
                QuotedBy(template)
            ),
            TemplateEvidence::Unknown { template: None } => {
                f.write_str("template version not known (a certificate does not hold it); counted as acceptable")
            }
        }
    }
}

impl fmt::Display for TemplatePass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TemplatePass::Accepted(evidence) => evidence.fmt(f),
            TemplatePass::Provider(Some(at)) => write!(f, "key provider supported: {}", provider(*at)),
            TemplatePass::Provider(None) => f.write_str("key provider not known, taken as supported"),
        }
    }
}

impl fmt::Display for KspReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KspReason::Ruleset(ruleset) => {
                write!(f, "the client of `{ruleset}` opens keys through CryptoAPI only (observed)")
            }
            KspReason::CngOff => f.write_str("/CCMPKICERTOPTIONS=0 turned their support off"),
        }
    }
}

impl fmt::Display for TemplateReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TemplateReason::Version { evidence, ruleset } => {
                write!(f, "{evidence}; `{ruleset}` accepts versions 1 and 2")
            }
            TemplateReason::KeyStorageProvider(reason) => {
                write!(f, "private key in a key storage provider (KSP): {reason}")
            }
            TemplateReason::Ecc { provider: at } => write!(
                f,
                "private key is ECC, {}; of those in a KSP the client supports RSA only",
                match at {
                    None | Some(KeyProvider::Unknown) => "which no CSP can hold",
                    Some(at) => provider(*at),
                }
            ),
        }
    }
}

impl fmt::Display for TemplateNearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TemplateNearMiss::NewerRuleset(ruleset) => {
                write!(f, "a client of `{ruleset}` or later accepts this key")
            }
        }
    }
}
