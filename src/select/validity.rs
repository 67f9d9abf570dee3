//! The part of step 3 that looks at the certificate alone: dates (V-1), private key (V-2), template and provider (V-3,
//! V-4), in the order of V-0.

use super::finding::{Exemption, Finding, KspReason, Pass, Rejection, TemplateEvidence};
use super::near_miss::NearMiss;
use super::warning::Warning;
use crate::certificate::Template;
use crate::crypto::{KeyKind, key_kind};
use crate::settings::TemplateRule;
use crate::settings::{CngKeys, EccKeys, Ruleset};
use crate::store::{KeyProvider, PrivateKey};
use crate::{Settings, StoredCertificate, Timestamp};

/// The first schema version that AD CS calls version 3: its templates ask for CNG keys.
const FIRST_BANNED_SCHEMA: u32 = 3;

/// V-1: `notBefore <= now <= notAfter`, both ends included.
pub(super) fn dates(stored: &StoredCertificate, now: Timestamp) -> Result<Pass, Rejection> {
    let (not_before, not_after) = (stored.certificate().not_before(), stored.certificate().not_after());
    if now < not_before {
        Err(Rejection::NotYetValid { not_before, now })
    } else if now > not_after {
        Err(Rejection::Expired { not_after, now })
    } else {
        Ok(Pass::InDate { not_before, not_after })
    }
}

/// V-2: the private key is present and accessible.
pub(super) fn private_key(stored: &StoredCertificate) -> Result<Pass, Rejection> {
    match stored.private_key() {
        PrivateKey::Absent => Err(Rejection::KeyAbsent),
        PrivateKey::Inaccessible => Err(Rejection::KeyInaccessible),
        PrivateKey::Accessible(provider) => Ok(Pass::KeyAccessible(provider)),
        PrivateKey::Present(provider) => Ok(Pass::KeyPresent(provider)),
        PrivateKey::Unknown => Ok(Pass::KeyAssumed),
    }
}

/// What rules V-3 and V-4 ask of the key: where it lives, and whether it is ECC.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Provider {
    stated: Option<KeyProvider>,
    ecc: bool,
}

impl Provider {
    fn of(stored: &StoredCertificate) -> Self {
        let ecc = matches!(key_kind(stored.certificate().spki_der()), Ok(KeyKind::Ec(_)));
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
pub(super) fn template(stored: &StoredCertificate, settings: &Settings) -> Finding {
    let ruleset = settings.ruleset();
    if ruleset.table().template == TemplateRule::AnyVersion {
        return Finding::NotApplicable(Exemption::TemplateNotChecked(ruleset));
    }
    let provider = Provider::of(stored);
    if provider.is_ksp() {
        // V-4 accepts RSA keys there, and ECC keys under `EccKeys::Accept`, from the next ruleset on.
        let newer_accepts =
            settings.cng_keys() != CngKeys::Off && (!provider.ecc || settings.ecc_keys() == EccKeys::Accept);
        let near_miss = newer_accepts.then(|| Box::new(NearMiss::NewerRuleset(Ruleset::Cb1710)));
        return Finding::Rejected { rejection: Rejection::KeyStorageProvider(KspReason::Ruleset(ruleset)), near_miss };
    }
    let (evidence, version) = template_version(stored, settings);
    if version.is_some_and(|version| version >= FIRST_BANNED_SCHEMA) {
        let near_miss = Some(Box::new(NearMiss::NewerRuleset(Ruleset::Cb1710)));
        return Finding::Rejected { rejection: Rejection::TemplateVersion { evidence, ruleset }, near_miss };
    }
    Finding::Passed(Pass::Template(evidence))
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
pub(super) fn provider(stored: &StoredCertificate, settings: &Settings) -> Option<Finding> {
    if settings.ruleset().table().template == TemplateRule::NoVersion3 {
        return None;
    }
    let provider = Provider::of(stored);
    let rejected = |rejection| Some(Finding::Rejected { rejection, near_miss: None });
    if provider.is_ksp() {
        if settings.cng_keys() == CngKeys::Off {
            return rejected(Rejection::KeyStorageProvider(KspReason::CngOff));
        }
        if provider.ecc && settings.ecc_keys() == EccKeys::Reject {
            return rejected(Rejection::KeyEcc { provider: provider.stated });
        }
    }
    Some(Finding::Passed(Pass::Provider(provider.stated)))
}

/// V-4: an ECC key that is stated to be in a CSP cannot be there.
pub(super) fn provider_warning(stored: &StoredCertificate) -> Option<Warning> {
    (stored.private_key().provider() == Some(KeyProvider::Csp) && Provider::of(stored).ecc)
        .then_some(Warning::EccKeyInCsp)
}
