//! The contract tests of what is not public: the report's words, chains, the texts. They are compiled with the crate, whose
//! unit tests they are (`src/lib.rs`); the others, and what they share, are in `main.rs`.

#[cfg(feature = "cli")]
mod browser;
mod builders;
mod chain;
mod crl;
mod examples;
mod hostile;
mod import;
mod machine_budget;
mod memo;
mod metamorphic;
mod openssl;
mod oracle;
#[allow(dead_code, reason = "another binary uses the rest")]
#[path = "architecture/paths.rs"]
mod paths;
mod pkits;
mod plan;
mod regressions;
#[cfg(feature = "cli")]
mod report;
#[cfg(feature = "rustls")]
mod rustls;
mod server;
mod site;
mod text;
mod webpki;
pub(crate) mod x509_cert;
