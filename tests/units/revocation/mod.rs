//! Rules V-7 to V-11 over CRLs, case by case, on toy-signed worlds. Each case fails when its check is removed.

mod bounds;
mod delta;
mod recall;
mod scope;
mod signer;
mod status;

use super::work::Work;
use super::*;
use crate::budget::{Budget, Spent};
use crate::certificate::ReasonFlags;
use crate::crypto::Weakness;
use crate::name::NameKey;
use crate::settings::{CrlSigner, DeltaCrl, SignaturePolicy, UnknownStatus};
use crate::support::extension::IssuingPoint;
use crate::support::pki::{Cert, CrlBuilder, Entry, Hash, Key, Name, Point, San, extension, instant, toy_algorithms};
use crate::{Certificate, Coded, HashAlgorithm, Rule, Timestamp};

const ROOT: Key = Key::Toy(1);
const CA: Key = Key::Toy(2);
const OTHER: Key = Key::Toy(3);
const HTTP: &str = "http://pki.contoso.com/CA.crl";

fn root() -> Cert {
    Cert::ca("CN=Contoso Root CA", ROOT)
}

fn ca() -> Cert {
    Cert::ca("CN=Contoso Issuing CA", CA).serial(20)
}

fn leaf() -> Cert {
    Cert::client("CN=PC1", Key::Toy(9)).serial(7).with(extension::cdp(HTTP))
}

fn read(der: &[u8]) -> Certificate {
    Certificate::from_der(der).unwrap()
}

/// A leaf under an issuing CA under a root, the CRLs at hand, and the other certificates that may sign CRLs.
struct World {
    path: Vec<Certificate>,
    crls: Vec<Crl>,
    signers: Vec<Vec<Certificate>>,
    settings: RevocationSettings,
    now: &'static str,
}

impl World {
    fn of(leaf: Cert) -> Self {
        World {
            path: vec![read(&leaf.issued_by(&ca())), read(&ca().issued_by(&root())), read(&root().self_sign())],
            crls: Vec::new(),
            signers: Vec::new(),
            settings: RevocationSettings::default(),
            now: "2026-01-15T00:00:00Z",
        }
    }

    fn new() -> Self {
        Self::of(leaf())
    }

    fn crl(self, builder: &CrlBuilder) -> Self {
        self.crl_by(builder, CA)
    }

    fn crl_by(mut self, builder: &CrlBuilder, key: Key) -> Self {
        self.crls.push(Crl::from_der(&builder.sign(key)).unwrap());
        self
    }

    fn at(mut self, now: &'static str) -> Self {
        self.now = now;
        self
    }

    fn set(mut self, change: impl FnOnce(&mut RevocationSettings)) -> Self {
        change(&mut self.settings);
        self
    }

    fn same_name(self) -> Self {
        self.set(|settings| settings.signer = CrlSigner::SameName)
    }

    /// A certificate that the root issued and that may sign CRLs.
    fn signer(mut self, signer: Cert) -> Self {
        self.signers.push(vec![read(&signer.issued_by(&root())), read(&root().self_sign())]);
        self
    }

    fn status(&self) -> Result<RevocationEvidence, RevocationFailure> {
        let key = super::check::issuer_key;
        self.check(|check, path| check.certificate(path, 0, key(path[0]), &mut Work::default()))
    }

    fn check<T>(&self, ask: impl FnOnce(&RevocationCheck<'_>, &[&Certificate]) -> T) -> T {
        let path: Vec<&Certificate> = self.path.iter().collect();
        let check = RevocationCheck {
            crls: &Crls::new(self.crls.iter().cloned()),
            now: self.now.parse::<Timestamp>().unwrap(),
            settings: self.settings,
            signatures: &toy_algorithms(),
            signer_paths: self,
            walks: Some(&Walks::default()),
        };
        ask(&check, &path)
    }

    #[track_caller]
    fn code(&self, code: &str) -> RevocationFailure {
        let failure = self.status().unwrap_err();
        assert_eq!(failure.code(), code, "{failure}");
        failure
    }

    #[track_caller]
    fn clears(&self) -> RevocationEvidence {
        self.status().unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Why the only CRL at hand did not count.
    #[track_caller]
    fn problem(&self) -> CrlProblem {
        let failure = self.code("validity.revocation_unknown");
        let [not] = failure.not_counted() else { panic!("{failure:?}") };
        not.problem.clone()
    }
}

impl SignerPaths for World {
    fn signer_paths(&self, subject: NameKey, _: &Certificate, _: &mut Spent) -> Result<Signers, Budget> {
        let named = |path: &&Vec<Certificate>| NameKey::from_der(path[0].subject_der()) == Some(subject);
        Ok(self.signers.iter().filter(named).cloned().collect())
    }
}

fn crl(number: u64) -> CrlBuilder {
    CrlBuilder::of(&ca(), number)
}

fn scoped(change: impl FnOnce(&mut IssuingPoint)) -> CrlBuilder {
    let mut point = IssuingPoint::default();
    change(&mut point);
    crl(1).with(extension::issuing_distribution_point(&point))
}
