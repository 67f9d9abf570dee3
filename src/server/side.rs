//! The sides of a connection, one of which has to be changed.

use std::fmt;

/// Which side has to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The client, or its certificate.
    Client,
    /// The server, or the site's settings.
    Server,
    /// The public key infrastructure: its CRLs and where they are published.
    Infrastructure,
}

impl Side {
    /// `client`, `server` or `infrastructure`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Side::Client => "client",
            Side::Server => "server",
            Side::Infrastructure => "infrastructure",
        }
    }
}

/// `client`, `server` or `infrastructure`.
impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
