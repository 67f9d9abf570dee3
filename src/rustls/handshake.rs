//! What came of one handshake, for the callback.

use crate::certificate::Certificate;
use crate::rules::Rule;
use crate::select::{Selection, Selector};
use crate::store::CertId;
use std::fmt;

/// Why no certificate was presented. It is not an error: the handshake goes on without one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotPresented {
    /// No certificate passes every step; the selection says why.
    NothingSelected,
    /// None of those that pass has a CA in its chain that the server named.
    NotHinted {
        /// Those that pass.
        passed: Vec<CertId>,
    },
    /// Several pass, and the settings make that an error (rule L-2).
    Ambiguous {
        /// The best of them.
        first: CertId,
        /// The next.
        second: CertId,
    },
    /// The key of the selected certificate can sign in none of the ways that the server offers.
    NoSignatureScheme {
        /// The certificate.
        certificate: CertId,
        /// What the server offers, by name.
        offered: Vec<String>,
    },
}

impl NotPresented {
    /// The rule behind it, where there is one; the rest is TLS's.
    pub fn rule(&self) -> Option<Rule> {
        match self {
            NotPresented::Ambiguous { .. } => Some(Rule::L2),
            NotPresented::NothingSelected | NotPresented::NotHinted { .. } | NotPresented::NoSignatureScheme { .. } => {
                None
            }
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            NotPresented::NothingSelected => "tls.nothing_selected",
            NotPresented::NotHinted { .. } => "tls.not_hinted",
            NotPresented::Ambiguous { .. } => "tls.ambiguous",
            NotPresented::NoSignatureScheme { .. } => "tls.no_signature_scheme",
        }
    }
}

/// One handshake's selection, and what was made of it.
#[derive(Debug)]
pub struct Handshake<'a> {
    pub(super) selector: &'a Selector,
    pub(super) selection: &'a Selection,
    pub(super) presented: Result<CertId, NotPresented>,
}

impl Handshake<'_> {
    /// The selection with all its reasons, before the server's hints.
    pub fn selection(&self) -> &Selection {
        self.selection
    }

    /// The selector that made it.
    pub fn selector(&self) -> &Selector {
        self.selector
    }

    /// The certificate that is presented, or why there is none.
    pub fn presented(&self) -> Result<&Certificate, &NotPresented> {
        let certificate = |id: &CertId| self.certificate(*id);
        match &self.presented {
            Ok(id) => certificate(id).ok_or(&NotPresented::NothingSelected),
            Err(reason) => Err(reason),
        }
    }

    fn certificate(&self, id: CertId) -> Option<&Certificate> {
        self.selector.stores().get(id).map(|stored| stored.certificate())
    }

    fn name(&self, id: CertId) -> String {
        let name = |certificate: &Certificate| format!("{} `{}`", certificate.thumbprint(), certificate.issued_to());
        self.certificate(id).map(name).unwrap_or_default()
    }
}

impl fmt::Display for Handshake<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.presented {
            Ok(id) => write!(f, "presented {}", self.name(*id)),
            Err(NotPresented::NothingSelected) => {
                write!(f, "no certificate presented: nothing selected ({})", self.selection.outcome().hresult())
            }
            Err(NotPresented::NotHinted { passed }) => write!(
                f,
                "no certificate presented: the server names CAs, and none of them stands above the {} that pass every step",
                passed.len()
            ),
            Err(NotPresented::Ambiguous { first, second }) => write!(
                f,
                "no certificate presented: {} and {} pass every step, and several are an error (L-2)",
                self.name(*first),
                self.name(*second)
            ),
            Err(NotPresented::NoSignatureScheme { certificate, offered }) => write!(
                f,
                "no certificate presented: the key of {} can sign in none of the ways that the server offers ({})",
                self.name(*certificate),
                offered.join(", ")
            ),
        }
    }
}
