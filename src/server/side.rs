//! The sides of a connection, one of which has to be changed.

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
    pub fn name(self) -> &'static str {
        match self {
            Side::Client => "client",
            Side::Server => "server",
            Side::Infrastructure => "infrastructure",
        }
    }
}
