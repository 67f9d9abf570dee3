//! Against `openssl s_server -Verify 3 -CAfile`, which shares no code with this crate or with rustls.

use super::peer::{self, LISTED, NOW, PATIENCE};
use rustls::version::{TLS12, TLS13};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

/// Ends the server with the test.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `None` where there is no openssl.
fn start(folder: &std::path::Path) -> Option<Server> {
    if Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_err() {
        println!("not run: openssl is not installed");
        return None;
    }
    let identity = peer::server_identity();
    let (certificate, key) = (folder.join("server.pem"), folder.join("server.key"));
    std::fs::write(&certificate, identity.certificate_pem).unwrap();
    std::fs::write(&key, identity.key_pem).unwrap();
    let mut child = Command::new("openssl")
        .args(["s_server", "-accept", "127.0.0.1:0", "-Verify", "3", "-verify_return_error", "-www"])
        .args(["-attime", &NOW.to_string()])
        .arg("-CAfile")
        .arg(peer::machine("ROOT/roots.pem"))
        .arg("-cert")
        .arg(certificate)
        .arg("-key")
        .arg(key)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // It says where it listens: `ACCEPT 127.0.0.1:40123`. The rest is read too, so that it never waits for a reader.
    let (sender, receiver) = mpsc::channel();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if let Some(port) =
                line.strip_prefix("ACCEPT ").and_then(|place| place.rsplit(':').next()?.parse::<u16>().ok())
            {
                let _ = sender.send(port);
            }
        }
    });
    let mut server = Server { child, port: 0 };
    server.port = receiver.recv_timeout(PATIENCE).expect("openssl s_server says where it listens");
    Some(server)
}

const REQUEST: &str = "GET / HTTP/1.0\r\n\r\n";

#[test]
fn openssl_accepts_the_presented_chain() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = start(folder.path()) else { return };
    for version in [&TLS12, &TLS13] {
        let (resolver, told) = peer::resolver(peer::settings(LISTED), |builder| builder);
        let page = peer::talk(server.port, resolver, version, REQUEST).unwrap();
        let told = told.lock().unwrap().join("\n");
        assert!(told.starts_with("presented "), "{told}");
        // The status page shows the certificate that the server was presented, and what its check of the chain gave.
        assert!(
            page.contains("Subject: CN=pc13.contoso.com") || page.contains("Subject: CN = pc13.contoso.com"),
            "{page}"
        );
        assert!(page.contains("Verify return code: 0 (ok)"), "{page}");
    }
}

#[test]
fn openssl_refuses_a_client_that_has_none_to_present() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = start(folder.path()) else { return };
    let (resolver, told) = peer::resolver(peer::settings("CN=Another Root CA"), |builder| builder);
    let answer = peer::talk(server.port, resolver, &TLS12, REQUEST);
    assert!(answer.is_err(), "{answer:?}");
    assert_eq!(*told.lock().unwrap(), ["no certificate presented: nothing selected (0x87D00281)"]);
}
