//! Real handshakes on the loopback: a rustls server, and `openssl s_server` as an independent peer.

mod openssl;
mod peer;
mod resolver;
