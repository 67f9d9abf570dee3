//! A plan is followed by hand on the files of ten machines with two or more faults each, and each is ready afterwards (E-1).
//!
//! The hand knows what an administrator knows: what the words of a change say, where the files of the machine are, and the
//! CAs, which issue and publish what they are asked for. It reads the plan that the program prints, and nothing else.

use super::{Run, path, run};
use crate::support::pki::*;
use ccmcertsel::text::Property;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = "CN=Contoso Root CA";
const ISSUING: &str = "CN=Contoso Issuing CA";
const CDP: &str = "http://pki.contoso.com/issuing.crl";

fn root() -> Cert {
    Cert::ca(ROOT, Key::P256(1))
}

fn issuing() -> Cert {
    Cert::ca(ISSUING, Key::P256(2)).serial(2)
}

fn leaf() -> Cert {
    Cert::client("CN=pc1.contoso.com", Key::Rsa2048(0))
        .serial(3)
        .with(extension::san(&[San::dns("pc1.contoso.com")]))
        .with(extension::cdp(CDP))
        .valid("2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z")
}

fn crl(ca: &Cert, number: u64) -> CrlBuilder {
    CrlBuilder::of(ca, number)
}

/// The folder of a machine, and the properties of its client.
struct Machine {
    folder: PathBuf,
    properties: BTreeMap<String, String>,
    settings: BTreeMap<String, String>,
    now: String,
}

impl Machine {
    /// A machine that is ready.
    fn new(folder: PathBuf) -> Self {
        let issuers = r#"CCMCERTISSUERS="CN=Contoso Root CA""#.to_owned();
        let machine = Machine {
            folder,
            properties: BTreeMap::from([("CCMCERTISSUERS".to_owned(), issuers)]),
            settings: BTreeMap::new(),
            now: "2026-01-15T09:00:00Z".to_owned(),
        };
        machine.put("ROOT/root.cer", &root().self_sign());
        machine.put("CA/issuing.cer", &issuing().issued_by(&root()));
        machine.leaf("MY", leaf(), "private_key = \"csp\"");
        machine.put("crl/root.crl", &crl(&root(), 1).sign(root().key));
        machine.put("crl/issuing.crl", &crl(&issuing(), 1).sign(issuing().key));
        machine.save()
    }

    fn put(&self, file: &str, bytes: &[u8]) {
        let file = self.folder.join(file);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, bytes).expect("written");
    }

    fn leaf(&self, store: &str, leaf: Cert, sidecar: &str) {
        self.named(&format!("{store}/leaf.cer"), leaf, sidecar);
    }

    fn named(&self, file: &str, leaf: Cert, sidecar: &str) {
        self.put(file, &leaf.issued_by(&issuing()));
        self.put(&format!("{file}.toml"), sidecar.as_bytes());
    }

    fn without(self, file: &str) -> Self {
        fs::remove_file(self.folder.join(file)).expect("a file");
        let _ = fs::remove_file(self.folder.join(format!("{file}.toml"))); // a CA has none
        self
    }

    fn with(self, file: &str, bytes: &[u8]) -> Self {
        self.put(file, bytes);
        self
    }

    fn with_leaf(self, store: &str, leaf: Cert, sidecar: &str) -> Self {
        let machine = if self.folder.join("MY/leaf.cer").exists() { self.without("MY/leaf.cer") } else { self };
        machine.leaf(store, leaf, sidecar);
        machine
    }

    fn with_property(mut self, name: &str, pasted: &str) -> Self {
        self.properties.insert(name.to_owned(), pasted.to_owned());
        self.save()
    }

    fn save(self) -> Self {
        let properties: Vec<&str> = self.properties.values().map(String::as_str).collect();
        let settings: String = self.settings.iter().map(|(key, value)| format!("{key} = \"{value}\"\n")).collect();
        let text = format!(
            "name = \"PC1\"\nfqdn = \"pc1.contoso.com\"\nnow = \"{}\"\n[settings]\nproperties = '''{}'''\n{settings}",
            self.now,
            properties.join(" ")
        );
        self.put("machine.toml", text.as_bytes());
        self
    }

    fn run(&self) -> Run {
        run(&["--width=10000", self.folder.to_str().expect("UTF-8")])
    }

    /// The file of a certificate, whatever it is called.
    fn find(&self, thumbprint: &str, store: Option<&str>) -> PathBuf {
        let folders = fs::read_dir(&self.folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let of_store = |folder: &PathBuf| store.is_none_or(|store| folder.ends_with(store));
        let files = folders.filter(|folder| folder.is_dir()).filter(of_store);
        let mut files =
            files.flat_map(|folder| fs::read_dir(folder).expect("a folder")).map(|entry| entry.expect("one").path());
        let is_it = |file: &PathBuf| {
            let certificate = fs::read(file).ok().and_then(|bytes| ccmcertsel::Certificate::from_der(&bytes).ok());
            certificate.is_some_and(|certificate| certificate.thumbprint().to_string() == thumbprint)
        };
        files.find(is_it).unwrap_or_else(|| panic!("{thumbprint} is not in {store:?}"))
    }

    fn edit(&self, thumbprint: &str, edit: impl Fn(&str) -> String) {
        let sidecar = sidecar_of(&self.find(thumbprint, None));
        let text = fs::read_to_string(&sidecar).unwrap_or_default();
        fs::write(sidecar, edit(&text)).expect("written");
    }

    /// Does what a change says.
    fn follow(mut self, change: &str, pasted: Option<&str>) -> Self {
        let words: Vec<&str> = change.split_whitespace().collect();
        let quoted: Vec<&str> = change.split('`').skip(1).step_by(2).collect();
        let thumbprint = words
            .iter()
            .find(|word| word.len() >= 40)
            .map(|word| word.trim_matches(['(', ')', ':']))
            .unwrap_or_default();
        let ca = match quoted.first() {
            Some(&ROOT) => root(),
            _ => issuing(),
        };
        let begins = |text: &str| change.starts_with(text);
        if let Some(pasted) = pasted {
            let (name, _) = pasted.split_once('=').expect("a property");
            return self.with_property(name, pasted);
        }
        if begins("put ") {
            let file = self.find(thumbprint, None);
            let to = self.folder.join(quoted[0]).join("moved.cer");
            fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            fs::rename(&file, &to).expect("moved");
            fs::rename(sidecar_of(&file), sidecar_of(&to)).expect("moved");
        } else if begins("clear the archived property of ") {
            self.edit(thumbprint, |text| text.replace("archived = true", ""));
        } else if begins("let the account SYSTEM read the private key of ") {
            self.edit(thumbprint, |text| text.replace("inaccessible", "csp"));
        } else if begins("tick Client Authentication in ") {
            self.edit(thumbprint, |text| text.replace("eku = [", "eku = [\"1.3.6.1.5.5.7.3.2\", "));
        } else if begins("import the certificate of the CA ") {
            self.put("CA/imported.cer", &ca.issued_by(&root()));
            self.put("ROOT/imported.cer", &root().self_sign());
        } else if begins("import the root ") {
            let bytes = fs::read(self.find(thumbprint, None)).expect("a file");
            self.put("ROOT/imported.cer", &bytes);
        } else if begins("import ") && change.contains("together with its private key") {
            self.edit(thumbprint, |text| text.replace("absent", "csp"));
        } else if begins("remove ") {
            fs::remove_file(self.find(thumbprint, Some(quoted[0]))).expect("removed");
        } else if begins("wait until ") || begins("set the machine's clock to ") {
            let at = words.iter().find(|word| word.contains('T') && word.contains(':')).expect("an instant");
            self.now = at.trim_end_matches(',').to_owned();
            return self.save();
        } else if begins("let the CA ") && change.contains("publish a current delta CRL") {
            // It says nothing of a complete CRL, so that is left as it is.
            self.put("crl/issuing+.crl", &crl(&ca, 100).with(extension::delta_indicator(1)).sign(ca.key));
        } else if begins("let the CA ") || begins("import the current CRL of ") {
            let file = if ca.subject == root().subject { "crl/root.crl" } else { "crl/issuing.crl" };
            self.put(file, &crl(&ca, 99).sign(ca.key));
        } else if begins("request a new certificate") {
            let new = leaf().serial(77).valid("2026-01-15T08:00:00Z", "2027-01-15T08:00:00Z");
            self.named("MY/requested.cer", new, "private_key = \"csp\"");
        } else if begins("renew the certificate ") {
            let renewed = issuing().serial(22).valid("2026-01-10T00:00:00Z", "2036-01-10T00:00:00Z");
            self.put("CA/renewed.cer", &renewed.issued_by(&root()));
        } else if begins("update the client to ") {
            self.settings.insert("client_version".to_owned(), "2403".to_owned());
            return self.save();
        } else {
            panic!("nobody knows how to {change}");
        }
        self
    }
}

fn sidecar_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".toml");
    name.into()
}

/// The changes of a printed plan, each with what is to be pasted.
fn printed_plan(stdout: &str) -> Vec<(String, Option<String>)> {
    let mut plan: Vec<(String, Option<String>)> = Vec::new();
    let (_, after) = stdout.split_once("\nwhat to do").unwrap_or_else(|| panic!("no plan in\n{stdout}"));
    for line in after
        .lines()
        .skip(1)
        .take_while(|line| !["then it ", "all properties "].iter().any(|end| line.trim().starts_with(end)))
    {
        let number = format!("{}. ", plan.len() + 1);
        if let Some(change) = line.trim_start().strip_prefix(&number) {
            plan.push((change.to_owned(), None));
        } else if let Some(pasted) = line.trim_start().strip_prefix("cmd:        ccmsetup.exe ")
            && let Some((_, last)) = plan.last_mut()
        {
            last.get_or_insert(pasted.to_owned());
        }
        // Q-4: what is pasted into PowerShell says the same.
        if let Some(pasted) = line.trim_start().strip_prefix("PowerShell: ")
            && let Some((_, Some(cmd))) = plan.last()
        {
            let read = |text: &str| text.parse::<ccmcertsel::Properties>().expect("properties");
            let (powershell, cmd) = (read(pasted), read(cmd));
            assert!(Property::ALL.iter().any(|property| powershell.value_text(*property).is_some()), "{pasted}");
            for property in Property::ALL.iter().copied() {
                assert_eq!(powershell.value_text(property), cmd.value_text(property), "{pasted}");
            }
        }
    }
    plan
}

/// A machine with two or more faults.
type Break = fn(Machine) -> Machine;

const CSP: &str = "private_key = \"csp\"";

const MACHINES: [(&str, Break); 13] = [
    ("archived, in another store, and not to be used yet", |machine| {
        let later = leaf().valid("2026-01-20T00:00:00Z", "2027-01-20T00:00:00Z");
        machine.with_leaf("ConfigMgr", later, "private_key = \"csp\"\narchived = true")
    }),
    ("in another store, and a CRL is out of date", |machine| {
        let old = crl(&issuing(), 1).current("2025-12-01T00:00:00Z", "2026-01-08T00:00:00Z").sign(issuing().key);
        machine.with_leaf("ConfigMgr", leaf(), CSP).with("crl/issuing.crl", &old)
    }),
    ("a key that cannot be used, and no CRL at all", |machine| {
        let machine = machine.with_leaf("MY", leaf(), "private_key = \"inaccessible\"");
        machine.without("crl/issuing.crl").without("crl/root.crl")
    }),
    ("the issuing CA is missing, and so is its CRL", |machine| {
        machine.without("CA/issuing.cer").without("crl/issuing.crl")
    }),
    ("the issuing CA has expired, and the root is not trusted", |machine| {
        let expired = issuing().valid("2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z").issued_by(&root());
        machine.without("ROOT/root.cer").with("CA/issuing.cer", &expired).with("CA/root.cer", &root().self_sign())
    }),
    ("on hold, and its root is not listed", |machine| {
        let hold = crl(&issuing(), 1).entry(Entry::on_hold(3)).sign(issuing().key);
        machine
            .with("crl/issuing.crl", &hold)
            .with_property("CCMCERTISSUERS", r#"CCMCERTISSUERS="CN=Fabrikam Root CA""#)
    }),
    ("for servers alone, of another name, with a key of a KSP", |machine| {
        let server =
            leaf().replace(extension::eku(&["1.3.6.1.5.5.7.3.1"])).replace(extension::san(&[San::dns("kiosk")]));
        let server = server.change(|leaf| leaf.subject = Name::parse("CN=kiosk"));
        machine.with_leaf("MY", server, "private_key = \"ksp\"")
    }),
    ("two of them, both in another store", |machine| {
        let machine = machine.with_leaf("ConfigMgr", leaf(), CSP);
        machine.named(
            "ConfigMgr/other.cer",
            leaf().serial(5).valid("2025-01-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            CSP,
        );
        machine
    }),
    ("the CA is disallowed, and the purpose was unticked", |machine| {
        machine
            .with_leaf(
                "MY",
                leaf().change(|leaf| leaf.subject = Name::parse("CN=a")).replace(extension::san(&[San::dns("a")])),
                "private_key = \"csp\"\neku = [\"1.3.6.1.5.5.7.3.1\"]",
            )
            .with("Disallowed/issuing.cer", &issuing().issued_by(&root()))
    }),
    ("expired, and the root is not trusted", |machine| {
        let expired = leaf().valid("2024-06-01T00:00:00Z", "2025-06-01T00:00:00Z");
        machine.with_leaf("MY", expired, CSP).without("ROOT/root.cer").with("CA/root.cer", &root().self_sign())
    }),
    ("without its key, and the store does not exist", |machine| {
        let machine = machine.with_leaf("MY", leaf(), "private_key = \"absent\"");
        machine.with_property("CCMCERTSTORE", "CCMCERTSTORE=ConfigMgr")
    }),
    ("in another store, and a delta CRL is missing", |machine| {
        let asks = extension::freshest_crl(&[Point::uri("http://pki.contoso.com/issuing+.crl")]);
        let base = crl(&issuing(), 1).with(asks).sign(issuing().key);
        machine.with_leaf("ConfigMgr", leaf(), CSP).with("crl/issuing.crl", &base)
    }),
    ("revoked, and its CA may not be had", |machine| {
        let revoked = crl(&issuing(), 1).revoke(3).sign(issuing().key);
        machine.with("crl/issuing.crl", &revoked).without("crl/root.crl")
    }),
];

#[test]
fn a_plan_that_is_followed_by_hand_ends_in_ready() {
    let scratch = tempfile::tempdir().expect("a folder");
    for (number, (faults, make)) in (1..).zip(MACHINES) {
        let good = Machine::new(scratch.path().join(format!("pc{number}")));
        assert_eq!(good.run().status, 0, "{}", good.run().stdout);
        let mut machine = make(good);
        let before = machine.run();
        assert_eq!(before.status, 1, "{faults}:\n{}{}", before.stdout, before.stderr);
        let plan = printed_plan(&before.stdout);
        assert!(!plan.is_empty(), "{faults}:\n{}", before.stdout);
        for (change, pasted) in &plan {
            machine = machine.follow(change, pasted.as_deref());
        }
        let after = machine.run();
        assert_eq!(after.status, 0, "{faults}:\n{}\nafter it:\n{}{}", before.stdout, after.stdout, after.stderr);
        assert!(after.stdout.starts_with("PC1: ready, selects "), "{}", after.stdout);
    }
}

/// The transcript of the README is what happens: its commands are the program's, and copies and moves of files.
#[test]
fn the_transcript_of_a_plan_that_is_followed_is_what_happens() {
    let readme = fs::read_to_string(path("README.md")).expect("the README");
    let transcript = readme.split("```text\n$ cmhttpsreadiness pc5\n").nth(1).and_then(|rest| rest.split("```").next());
    let transcript = format!("cmhttpsreadiness pc5\n{}", transcript.expect("the transcript of pc5"));
    let scratch = tempfile::tempdir().expect("a folder");
    let (_, make) = MACHINES[4];
    make(Machine::new(scratch.path().join("pc5")));
    let renewed = issuing().serial(22).valid("2026-01-10T00:00:00Z", "2036-01-10T00:00:00Z").issued_by(&root());
    fs::create_dir(scratch.path().join("from-the-ca")).expect("a folder");
    fs::write(scratch.path().join("from-the-ca/issuing-2.cer"), renewed).expect("written");
    let mut runs = 0;
    for command in transcript.split("\n$ ") {
        let (line, shown) = command.split_once('\n').unwrap_or((command, ""));
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["cmhttpsreadiness", machine] => {
                runs += 1;
                let mut program = Command::new(env!("CARGO_BIN_EXE_cmhttpsreadiness"));
                let output = program.arg(machine).current_dir(&scratch).output().expect("the binary runs");
                let stdout = String::from_utf8(output.stdout).expect("UTF-8");
                for expected in shown.lines().filter(|line| !matches!(*line, "..." | "")) {
                    assert!(stdout.lines().any(|line| line == expected), "`{expected}` is not in\n{stdout}");
                }
            }
            ["copy", from, to] => {
                fs::create_dir_all(scratch.path().join(to)).expect("a folder");
                let name = Path::new(from).file_name().expect("a name");
                fs::copy(scratch.path().join(from), scratch.path().join(to).join(name)).expect("copied");
            }
            _ => panic!("`{line}` is no command of the transcript"),
        }
    }
    assert_eq!(runs, 2);
}
