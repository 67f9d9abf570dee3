//! What a person can do about a certificate that is not selected: each change with who makes it and its words.
//!
//! A change is data. A [plan](crate::plan) carries it out in a model of the machine, and is
//! made of changes that were carried out and judged again (rule E-1).
//!
//! ```
//! use ccmcertsel::change::{Change, Party};
//!
//! let change = Change::SelectFirst;
//! assert_eq!(change.party(), Party::Client);
//! assert_eq!(change.to_string(), "set CCMFIRSTCERT=1 (/SelectFirstCert), so that the client takes the best of several");
//! ```

use crate::certificate::Thumbprint;
use crate::choices::Ruleset;
use crate::name::DistinguishedName;
use crate::store::StoreName;
use crate::text::{Criteria, IssuersList, Property};
use crate::time::Timestamp;
use crate::words::{Duration, Quoted};
use std::collections::BTreeSet;
use std::fmt;

/// Who makes a change, in the order of effort: of two plans of the same length the one of the earlier parties comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// Whoever wrote the input: on the machine itself nothing changes.
    Input,
    /// Whoever writes the client's command line or its settings.
    Client,
    /// Whoever administers the machine: its stores, keys, clock.
    Machine,
    /// Nobody: it is a matter of time.
    Time,
    /// Whoever publishes CRLs.
    CrlPublisher,
    /// Whoever requests or enrols certificates.
    Requester,
    /// Whoever runs the CA.
    Authority,
    /// Whoever administers the site.
    Site,
}

impl Party {
    /// The word in JSON, in snake case.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Party::Input => "input",
            Party::Client => "client",
            Party::Machine => "machine",
            Party::Time => "time",
            Party::CrlPublisher => "crl_publisher",
            Party::Requester => "requester",
            Party::Authority => "authority",
            Party::Site => "site",
        }
    }
}

/// The word in JSON, in snake case.
impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a requested certificate has that the one at hand lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Fact {
    /// Client authentication, and a key usage that allows it (rules P-1, P-7).
    ClientAuthentication,
    /// The computer's name in Subject and SAN (rules P-5, P-6).
    ComputerName,
    /// A key in a CryptoAPI provider (CSP), by a template of version 1 or 2 (rules V-3, V-4).
    CspKey,
    /// An RSA key of 2048 bits (rules V-4, V-11).
    RsaKey,
    /// A signature of the CA with SHA-256 (rules V-11, V-12).
    Sha2Signature,
    /// A CA whose chain is valid, whose CRLs are at hand, and that is below a listed root (rules I-3, V-5, V-8).
    OtherAuthority,
    /// A validity period of more than this many seconds (rule L-1).
    LongerThan(i64),
}

/// One thing that a person can do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// State the machine's names in the input as they are (rule P-5).
    NameMachine {
        /// The NetBIOS name.
        name: String,
        /// The fully qualified one, where it is known.
        fqdn: Option<String>,
    },
    /// Let the client take the best of several (`CCMFIRSTCERT=1`, rule L-2).
    SelectFirst,
    /// Let the client look in another store (`CCMCERTSTORE`, rule T-1).
    UseStore(StoreName),
    /// Set the criteria (`CCMCERTSEL`, rule C-1).
    UseCriteria(Criteria),
    /// Waive the computer name in the Subject (`CCMCERTNAMECHECK=0`, rule R-2).
    WaiveName,
    /// Let the client use keys of key storage providers again (`/CCMPKICERTOPTIONS`, rule V-4).
    UseCng,
    /// Update the client to a version whose rules are these (rule R-1).
    UpdateClient(Ruleset),
    /// Put a certificate into another store (rule T-4).
    Move {
        /// The certificate.
        certificate: Thumbprint,
        /// Where it should be.
        to: StoreName,
    },
    /// Clear the archived property (rule T-7).
    Unarchive {
        /// The certificate.
        certificate: Thumbprint,
    },
    /// Import the certificate again, with its private key (rule V-2).
    BringKey {
        /// The certificate.
        certificate: Thumbprint,
    },
    /// Let the client read the private key (rule V-2).
    GrantKey {
        /// The certificate.
        certificate: Thumbprint,
    },
    /// Allow client authentication in the certificate's properties again (rule P-3).
    AllowPurpose {
        /// The certificate.
        certificate: Thumbprint,
    },
    /// Import a CA certificate that the machine does not have (rule V-5).
    ImportIssuer {
        /// Its name.
        name: DistinguishedName,
    },
    /// Put a root that is on the machine into the store `ROOT` (rule V-5).
    TrustRoot {
        /// The root.
        certificate: Thumbprint,
        /// Its name.
        name: Box<str>,
    },
    /// Remove a certificate from a store.
    Remove {
        /// The certificate.
        certificate: Thumbprint,
        /// Where it is.
        store: StoreName,
    },
    /// Set the machine's clock (rule V-1).
    CorrectClock(Timestamp),
    /// Wait until something becomes valid (rule V-1).
    Wait(Timestamp),
    /// Let a CA publish a current CRL, and make it reachable for the machine (rule V-8).
    PublishCrl {
        /// The certificate of the CA.
        authority: Thumbprint,
        /// Its name.
        name: DistinguishedName,
    },
    /// Let a CA publish a current delta CRL to the complete CRL that is at hand, and make it reachable for the machine (rule
    /// V-9).
    PublishDelta {
        /// The certificate of the CA.
        authority: Thumbprint,
        /// Its name.
        name: DistinguishedName,
    },
    /// Import a current CRL of a CA on the machine, where the certificates beneath it do not say where one is (rule V-8).
    ImportCrl {
        /// The certificate of the CA.
        authority: Thumbprint,
        /// Its name.
        name: DistinguishedName,
    },
    /// Let a CA release the hold of a certificate, and publish its CRL (rule V-9).
    ReleaseHold {
        /// The certificate of the CA.
        authority: Thumbprint,
        /// Its name.
        name: DistinguishedName,
        /// The certificate on hold.
        certificate: Thumbprint,
    },
    /// Request another certificate like this one, with what it lacks.
    Request(BTreeSet<Fact>),
    /// Renew the certificate of a CA with the same key, and install it on the machine (rule V-5).
    RenewAuthority {
        /// The CA's certificate.
        certificate: Thumbprint,
        /// Its name.
        name: Box<str>,
    },
    /// List a root: import it in the site's properties, or name it in `CCMCERTISSUERS` (rules I-1, I-3).
    ListRoot {
        /// The root.
        certificate: Thumbprint,
        /// Its name.
        name: DistinguishedName,
        /// The list that the client then has, where it can be written as text: the entries of before, and the root.
        list: Option<IssuersList>,
    },
}

impl Change {
    /// Who makes it.
    pub fn party(&self) -> Party {
        match self {
            Change::NameMachine { .. } => Party::Input,
            Change::SelectFirst | Change::UseStore(_) | Change::UseCriteria(_) | Change::WaiveName | Change::UseCng => {
                Party::Client
            }
            Change::UpdateClient(_)
            | Change::Move { .. }
            | Change::Unarchive { .. }
            | Change::BringKey { .. }
            | Change::GrantKey { .. }
            | Change::AllowPurpose { .. }
            | Change::ImportIssuer { .. }
            | Change::ImportCrl { .. }
            | Change::TrustRoot { .. }
            | Change::Remove { .. }
            | Change::CorrectClock(_) => Party::Machine,
            Change::Wait(_) => Party::Time,
            Change::PublishCrl { .. } | Change::PublishDelta { .. } => Party::CrlPublisher,
            Change::Request(_) => Party::Requester,
            Change::ReleaseHold { .. } | Change::RenewAuthority { .. } => Party::Authority,
            Change::ListRoot { .. } => Party::Site,
        }
    }

    /// The stable code, in snake case.
    pub fn code(&self) -> &'static str {
        match self {
            Change::NameMachine { .. } => "name_machine",
            Change::SelectFirst => "select_first",
            Change::UseStore(_) => "use_store",
            Change::UseCriteria(_) => "use_criteria",
            Change::WaiveName => "waive_name",
            Change::UseCng => "use_cng",
            Change::UpdateClient(_) => "update_client",
            Change::Move { .. } => "move",
            Change::Unarchive { .. } => "unarchive",
            Change::BringKey { .. } => "bring_key",
            Change::GrantKey { .. } => "grant_key",
            Change::AllowPurpose { .. } => "allow_purpose",
            Change::ImportIssuer { .. } => "import_issuer",
            Change::TrustRoot { .. } => "trust_root",
            Change::Remove { .. } => "remove",
            Change::CorrectClock(_) => "correct_clock",
            Change::Wait(_) => "wait",
            Change::PublishCrl { .. } => "publish_crl",
            Change::PublishDelta { .. } => "publish_delta",
            Change::ImportCrl { .. } => "import_crl",
            Change::ReleaseHold { .. } => "release_hold",
            Change::Request(_) => "request",
            Change::RenewAuthority { .. } => "renew_authority",
            Change::ListRoot { .. } => "list_root",
        }
    }

    /// The property of client.msi that makes the change, and its value, as it is before a shell's quotes.
    pub fn property(&self) -> Option<(Property, String)> {
        match self {
            Change::SelectFirst => Some((Property::FirstCert, "1".to_owned())),
            Change::UseStore(store) => Some((Property::CertStore, store.as_str().to_owned())),
            Change::UseCriteria(criteria) => Some((Property::CertSel, criteria.to_string())),
            Change::WaiveName => Some((Property::CertNameCheck, "0".to_owned())),
            Change::ListRoot { list, .. } => Some((Property::CertIssuers, list.as_ref()?.to_string())),
            Change::NameMachine { .. }
            | Change::UseCng
            | Change::UpdateClient(_)
            | Change::Move { .. }
            | Change::Unarchive { .. }
            | Change::BringKey { .. }
            | Change::GrantKey { .. }
            | Change::AllowPurpose { .. }
            | Change::ImportIssuer { .. }
            | Change::TrustRoot { .. }
            | Change::Remove { .. }
            | Change::CorrectClock(_)
            | Change::Wait(_)
            | Change::ImportCrl { .. }
            | Change::PublishCrl { .. }
            | Change::PublishDelta { .. }
            | Change::ReleaseHold { .. }
            | Change::Request(_)
            | Change::RenewAuthority { .. } => None,
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fact::ClientAuthentication => f.write_str("with client authentication"),
            Fact::ComputerName => f.write_str("with the computer's name in Subject and SAN"),
            Fact::CspKey => f.write_str("by a template of version 1 or 2, with its key in a CryptoAPI provider (CSP)"),
            Fact::RsaKey => f.write_str("with an RSA key of 2048 bits"),
            Fact::Sha2Signature => f.write_str("signed with SHA-256"),
            Fact::OtherAuthority => f.write_str("from a CA that the machine and the site trust"),
            Fact::LongerThan(seconds) => write!(f, "valid for longer than {}", Duration(*seconds)),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::NameMachine { name, fqdn } => {
                write!(f, "write {} as the machine's `name`", Quoted(name))?;
                fqdn.iter().try_for_each(|fqdn| write!(f, ", and {} as its `fqdn`", Quoted(fqdn)))
            }
            Change::SelectFirst => {
                f.write_str("set CCMFIRSTCERT=1 (/SelectFirstCert), so that the client takes the best of several")
            }
            Change::UseStore(store) => write!(f, "let the client look in {}: CCMCERTSTORE", Quoted(store.as_str())),
            Change::UseCriteria(criteria) => {
                write!(f, "let the client choose by {}: CCMCERTSEL", Quoted(&criteria.to_string()))
            }
            Change::WaiveName => f.write_str("waive the computer name in the subject: CCMCERTNAMECHECK=0"),
            Change::UseCng => {
                f.write_str("drop /CCMPKICERTOPTIONS=0, so that the client opens keys of key storage providers")
            }
            Change::UpdateClient(ruleset) => write!(
                f,
                "update the client to {}",
                match ruleset {
                    Ruleset::Cb1706 => "a version before 1710",
                    Ruleset::Cb1710 => "version 1710 to 2103",
                    Ruleset::Cb2107 => "version 2107 or later",
                }
            ),
            Change::Move { certificate, to } => {
                write!(f, "put {certificate} into the store {}, with its private key", Quoted(to.as_str()))
            }
            Change::Unarchive { certificate } => write!(f, "clear the archived property of {certificate}"),
            Change::BringKey { certificate } => {
                write!(f, "import {certificate} together with its private key (a .pfx file)")
            }
            Change::GrantKey { certificate } => {
                write!(f, "let the account SYSTEM read the private key of {certificate} (Manage Private Keys)")
            }
            Change::AllowPurpose { certificate } => {
                write!(f, "tick Client Authentication in the properties of {certificate}")
            }
            Change::ImportIssuer { name } => write!(
                f,
                "import the certificate of the CA {} into the store `CA` (into `ROOT` if it is a root), with those above it",
                Quoted(&name.to_x500_string())
            ),
            Change::TrustRoot { certificate, name } => {
                write!(f, "import the root {} ({certificate}) into the store `ROOT`", Quoted(name))
            }
            Change::Remove { certificate, store } => {
                write!(f, "remove {certificate} from the store {}", Quoted(store.as_str()))
            }
            Change::CorrectClock(to) => write!(f, "set the machine's clock to {to}"),
            Change::Wait(until) => write!(f, "wait until {until}, or correct the machine's clock if it is slow"),
            Change::PublishCrl { name, .. } => write!(
                f,
                "let the CA {} publish a current CRL that the account SYSTEM can fetch",
                Quoted(&name.to_x500_string())
            ),
            Change::PublishDelta { name, .. } => write!(
                f,
                "let the CA {} publish a current delta CRL that the account SYSTEM can fetch (a web server has to allow the `+` \
                 in its name)",
                Quoted(&name.to_x500_string())
            ),
            Change::ImportCrl { name, .. } => write!(
                f,
                "import the current CRL of the CA {} on the machine (certutil -addstore CA FILE), again before each one ends",
                Quoted(&name.to_x500_string())
            ),
            Change::ReleaseHold { name, certificate, .. } => write!(
                f,
                "let the CA {} release the hold of {certificate} and publish its CRL, delta included",
                Quoted(&name.to_x500_string())
            ),
            Change::Request(facts) => {
                f.write_str("request a new certificate")?;
                for (index, fact) in facts.iter().enumerate() {
                    f.write_str(if index == 0 { " " } else { ", " })?;
                    fact.fmt(f)?;
                }
                Ok(())
            }
            Change::RenewAuthority { certificate, name } => write!(
                f,
                "renew the certificate {certificate} of the CA {} with the same key, and install it on the machine",
                Quoted(name)
            ),
            Change::ListRoot { name, list, .. } => {
                write!(
                    f,
                    "import the root {} in the site's properties (Communication Security)",
                    Quoted(&name.to_x500_string())
                )?;
                f.write_str(if list.is_some() { ", or name it in CCMCERTISSUERS" } else { "" })
            }
        }
    }
}
