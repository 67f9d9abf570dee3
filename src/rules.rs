#![doc = include_str!("rules.md")]
//! # As data
//!
//! [`Rule`] has an item for each rule above: its identifier, its basis and one sentence. Every finding, warning and
//! message of this crate names its rule, and the rule says how far it can be trusted.
//!
//! ```
//! use ccmcertsel::{Basis, Rule};
//!
//! assert_eq!(Rule::I9.id(), "I-9");
//! assert_eq!(Rule::I9.basis(), Basis::Observed);
//! assert_eq!("I-9".parse(), Ok(Rule::I9));
//! assert_eq!(Rule::I9.summary(), "real clients found nothing when a comma separated the attributes");
//! ```

use crate::value_error::ValueError;
use std::fmt;
use std::str::FromStr;

/// What a rule rests on, so that nobody mistakes a conjecture for documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Microsoft's documentation or RFC 5280 says so.
    Documented,
    /// A published client log or a public support thread shows it.
    Observed,
    /// Neither says; this is our reading.
    Assumed,
    /// A choice of this crate about its own interface.
    Ours,
}

impl Basis {
    /// `documented`, `observed`, `assumed` or `ours`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Basis::Documented => "documented",
            Basis::Observed => "observed",
            Basis::Assumed => "assumed",
            Basis::Ours => "ours",
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

macro_rules! rules {
    ($($name:ident $id:literal $basis:ident $summary:literal;)*) => {
        /// A rule of the specification, by its identifier.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = concat!($id, ": ", $summary)] $name,)*
        }

        impl Rule {
            /// Every rule: the sections in the order of the specification, within one by number.
            pub const ALL: &'static [Rule] = &[$(Rule::$name),*];

            /// The identifier as messages have it, such as `V-7`.
            pub fn id(self) -> &'static str {
                match self { $(Rule::$name => $id),* }
            }

            /// What the rule rests on, as the specification tags it: a rule without a tag is ours.
            pub fn basis(self) -> Basis {
                match self { $(Rule::$name => Basis::$basis),* }
            }

            /// The rule in one sentence.
            pub fn summary(self) -> &'static str {
                match self { $(Rule::$name => $summary),* }
            }
        }
    };
}

rules! {
    R1 "R-1" Documented "the selection has three documented generations, each a table of steps";
    R2 "R-2" Documented "CCMCERTNAMECHECK=0 waives the computer name in the subject";
    R3 "R-3" Documented "a selector replaces the purpose step, and the name step of cb2107 as well";
    R4 "R-4" Documented "a device without a selection method takes the first certificate that is valid and fits the purpose";
    R5 "R-5" Ours "the answer says under which other reading it would be another";
    I1 "I-1" Documented "the issuers list holds the site's root CA certificates and those of its management points";
    I2 "I-2" Documented "without an issuers list the step is skipped; an empty list is an error";
    I3 "I-3" Documented "a list to which no certificate chains fails the selection at once";
    I4 "I-4" Documented "an entry matches subject attributes of the root, case-sensitively";
    I5 "I-5" Observed "only the last certificate of the chain is compared";
    I6 "I-6" Ours "an entry that is a root certificate compares subject and public key";
    I7 "I-7" Documented "a certificate has one chain, the best that Windows would build";
    I8 "I-8" Documented "| separates CAs, ; or , separates attributes";
    I9 "I-9" Observed "real clients found nothing when a comma separated the attributes";
    I10 "I-10" Ours "values may be quoted, a quote inside is doubled";
    I11 "I-11" Documented "a root that is renewed must be imported again";
    T1 "T-1" Documented "the default store is MY of the local computer; names compare without case";
    T2 "T-2" Ours "a store that does not exist is reported as such";
    T3 "T-3" Documented "an empty store is a result code of its own";
    T4 "T-4" Ours "a certificate of another store that passes every other step is named";
    T5 "T-5" Ours "bytes that are no certificate are shown as an unreadable entry";
    T6 "T-6" Ours "only certificates of the chosen store are candidates";
    T7 "T-7" Documented "an archived certificate is not enumerated";
    T8 "T-8" Ours "a store holds a certificate once";
    V0 "V-0" Ours "the order of the validity checks is fixed, and the first failure is the reason";
    V1 "V-1" Documented "now lies within the validity period, both ends included";
    V2 "V-2" Documented "the private key is present and accessible";
    V3 "V-3" Documented "the certificate does not come from a version 3 template";
    V4 "V-4" Documented "keys in a key storage provider are supported, RSA only";
    V5 "V-5" Documented "the chain is valid up to a trusted root of the machine";
    V7 "V-7" Documented "nothing in the chain below the root is revoked";
    V8 "V-8" Documented "a CRL that cannot be had or is out of date counts as if the chain were revoked";
    V9 "V-9" Ours "which CRLs count, for which certificate, and what they say";
    V10 "V-10" Ours "the work spent on one certificate is bounded";
    V11 "V-11" Ours "weak signatures and keys are judged as Windows does with a private CA";
    V12 "V-12" Ours "the signature algorithms that are understood";
    P1 "P-1" Documented "client authentication is 1.3.6.1.5.5.7.3.2";
    P2 "P-2" Documented "no extended key usage at all means every purpose";
    P3 "P-3" Documented "an extended key usage property of the store narrows the extension";
    P4 "P-4" Documented "application policies are used in place of the extended key usage";
    P5 "P-5" Documented "issued to the computer name: a CN or a dNSName equals it";
    P6 "P-6" Documented "the subject contains the computer name";
    P7 "P-7" Documented "key usage, when present, allows digitalSignature";
    P8 "P-8" Documented "the extended key usage of an intermediate limits everything beneath it";
    P9 "P-9" Documented "the Subject and the SAN hold single-byte characters only";
    P10 "P-10" Documented "a certificate selected by the computer name alone is refused by TLS servers";
    C1 "C-1" Documented "Subject: is exact, SubjectStr: partial, SubjectAttr: by attribute";
    C2 "C-2" Documented "which comparison is case-sensitive";
    C3 "C-3" Assumed "what Subject: is compared with";
    C4 "C-4" Documented "SubjectStr: searches the simple name, which has no keys";
    C5 "C-5" Documented "the site's setting cannot search the SAN with SubjectStr:";
    C6 "C-6" Documented "SubjectAttr: names attributes by key or by OID";
    C7 "C-7" Ours "without case means Unicode simple case folding of the decoded text";
    A1 "A-1" Documented "attribute keys compare without case";
    A2 "A-2" Documented "how a name is printed";
    A3 "A-3" Observed "issued to is the first dNSName of the SAN, else the CN";
    A4 "A-4" Documented "of several SAN values only the first is used";
    L1 "L-1" Documented "the longest validity period is selected";
    L2 "L-2" Documented "several certificates and no select-first: the selection fails";
    L3 "L-3" Documented "without a certificate the client reports and falls back";
    Q1 "Q-1" Documented "where settings come from, and which source wins";
    Q2 "Q-2" Documented "the readiness tool's options are client.msi properties";
    Q3 "Q-3" Observed "the site's SSL state, by bits";
    Q4 "Q-4" Documented "the wrappings in which a command line reaches the client";
    Q5 "Q-5" Documented "the effective settings can be read from the client";
    M1 "M-1" Documented "a management point accepts certificates that chain to its trust list";
    M2 "M-2" Documented "which servers check revocation, and what they need";
    M3 "M-3" Documented "software updates do not check the CRL of their signatures";
    M4 "M-4" Documented "the status with which the web server refuses a certificate";
    M5 "M-5" Ours "a certificate without client authentication does not reach the web server";
    W1 "W-1" Ours "the serialized store";
    W2 "W-2" Ours "certificates in the registry";
    W3 "W-3" Ours "the properties of a stored certificate";
    W4 "W-4" Ours "key provider information";
    K1 "K-1" Documented "the form of the trusted root key";
    K2 "K-2" Documented "the trusted root key verifies management points; where it came from matters";
    K3 "K-3" Documented "the site server signing certificate";
    K4 "K-4" Documented "the root key properties need SMSSITECODE";
    E1 "E-1" Ours "a plan lists every change until the certificate is selected, and was carried out";
    E2 "E-2" Ours "a near miss is stated only if that change alone is enough";
    E3 "E-3" Ours "what is stated as passed was checked";
    E4 "E-4" Ours "foreign text is shown escaped and cut, in every format";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Rule {
    type Err = ValueError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let found = Rule::ALL.iter().find(|rule| rule.id().eq_ignore_ascii_case(s));
        found.copied().ok_or_else(|| ValueError::new(s, "a rule", "an identifier like V-7"))
    }
}

/// A step of the selection. Closed: the documentation closes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Chains to a root of the certificate issuers list.
    Issuers,
    /// Is in the configured store.
    Store,
    /// In date, key accessible, template, chain, not revoked.
    Validity,
    /// Client authentication, or the computer name, or the selector.
    Purpose,
    /// The subject contains the computer name (`cb2107`).
    Name,
    /// The longest validity period.
    Longest,
}

impl Step {
    /// Every step, in documented order.
    pub const ALL: [Step; 6] = [Step::Issuers, Step::Store, Step::Validity, Step::Purpose, Step::Name, Step::Longest];

    /// The step as codes and JSON have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Step::Issuers => "issuers",
            Step::Store => "store",
            Step::Validity => "validity",
            Step::Purpose => "purpose",
            Step::Name => "name",
            Step::Longest => "longest",
        }
    }
}

impl FromStr for Step {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Step::ALL
            .into_iter()
            .find(|step| step.name() == text)
            .ok_or_else(|| ValueError::new(text, "a step", "issuers, store, validity, purpose, name or longest"))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
