//! Lints: each is found where it should be, says its rule, and is not found in a plain case.

use crate::support::extension;
use crate::support::pki::{Cert, Ext, Key, San};
use ccmcertsel::select::{Lint, Linted, lint};
use ccmcertsel::settings::CriteriaSource;
use ccmcertsel::{Certificate, Coded, Criteria, IssuersList, Machine, Properties, Settings, Stores};

fn certificate(subject: &str, san: &[San], other: Option<Ext>) -> Certificate {
    let mut cert = Cert::client(subject, Key::Toy(9));
    if !san.is_empty() {
        cert = cert.with(extension::san(san));
    }
    if let Some(extension) = other {
        cert = cert.replace(extension);
    }
    Certificate::from_der(&cert.sign(Key::Toy(1))).expect("a certificate")
}

fn ca(subject: &str, issuer: &str, key: u32) -> Certificate {
    let der = Cert::ca(subject, Key::Toy(key)).issuer(issuer).sign(Key::Toy(1));
    Certificate::from_der(&der).expect("a certificate")
}

struct World {
    stores: Stores,
    settings: Settings,
    machine: Machine,
}

impl World {
    fn new(personal: &[Certificate]) -> Self {
        let mut builder = Stores::builder();
        builder.add_store("MY");
        for certificate in personal {
            builder.add("MY", certificate.clone());
        }
        builder.add("ROOT", ca("O=Contoso; CN=Contoso Root CA", "O=Contoso; CN=Contoso Root CA", 1));
        builder.add("ROOT", ca("CN=Twin Root", "CN=Twin Root", 2));
        builder.add("ROOT", ca("CN=Twin Root", "CN=Twin Root", 3));
        builder.add("CA", ca("CN=Contoso Issuing CA", "O=Contoso; CN=Contoso Root CA", 4));
        World { stores: builder.build(), settings: Settings::ccm_setup(), machine: Machine::new("PC1") }
    }

    fn lints(&self, criteria: Option<&str>, issuers: Option<&str>, line: Option<&str>) -> Vec<Lint> {
        let criteria = criteria.map(|text| text.parse::<Criteria>().expect("criteria"));
        let issuers = issuers.map(|text| text.parse::<IssuersList>().expect("issuers"));
        let properties = line.map(|text| text.parse::<Properties>().expect("a line"));
        lint(&Linted {
            settings: &self.settings,
            criteria: criteria.as_ref(),
            issuers: issuers.as_ref(),
            properties: properties.as_ref(),
            machine: &self.machine,
            stores: &self.stores,
        })
    }

    fn sentences(lints: &[Lint]) -> Vec<String> {
        let codes_are_stable = |lint: &Lint| lint.code().starts_with("lint.");
        assert!(lints.iter().all(codes_are_stable));
        lints.iter().map(|lint| format!("{lint} ({})", lint.rule())).collect()
    }

    fn criteria(&self, text: &str) -> Vec<String> {
        Self::sentences(&self.lints(Some(text), None, None))
    }

    fn issuers(&self, text: &str) -> Vec<String> {
        Self::sentences(&self.lints(None, Some(text), None))
    }

    fn line(&self, text: &str) -> Vec<String> {
        Self::sentences(&self.lints(None, None, Some(text)))
    }
}

fn plain() -> World {
    World::new(&[certificate("CN=PC1", &[San::dns("pc1.contoso.com")], None)])
}

#[test]
fn nothing_is_suspicious_about_plain_settings() {
    let world = plain();
    assert!(world.criteria("Subject:PC1").is_empty());
    assert!(world.criteria("SubjectAttr:CN = PC1").is_empty());
    assert!(world.issuers("CN=Contoso Root CA; O=Contoso").is_empty());
    assert!(world.line("ccmsetup.exe /UsePKICert SMSSITECODE=ABC SMSROOTKEYPATH=C:\\k.txt CCMHOSTNAME=x").is_empty());
}

#[test]
fn issuers() {
    let world = plain();
    assert_eq!(
        world.issuers("CN=Contoso Root CA, O=Contoso"),
        [
            "issuer 1 is separated by commas, with which real clients found nothing: write `CN=Contoso Root CA; O=Contoso` \
          (I-9)"
        ]
    );
    assert_eq!(
        world.issuers("CN=contoso root ca"),
        ["issuer `CN=contoso root ca` differs only in case from `CN=Contoso Root CA; O=Contoso` (I-4)"]
    );
    assert_eq!(
        world.issuers("CN=Contoso Root CA | CN=Contoso Issuing CA"),
        ["issuer 2 is the intermediate CA `CN=Contoso Issuing CA`: only the root of a chain is compared (I-5)"]
    );
    let shared = world.lints(None, Some("CN=Twin Root"), None);
    assert!(matches!(&shared[..], [Lint::IssuerSharedByRoots { entry: 1, roots }] if roots.len() == 2), "{shared:?}");
    assert_eq!(world.issuers("CN=Contoso Root CA; CN=Contoso Root CA"), ["`CN` is written twice (I-8)"]);
    assert!(world.issuers("CN=x; DC=a; DC=b; OU=c; OU=d").is_empty(), "components occur several times");
    assert_eq!(
        world.issuers("CN=\"Contoso Root CA \"; O=Contoso"),
        ["`Contoso Root CA ` begins or ends with a blank, which counts inside quotes (I-10)"]
    );
}

#[test]
fn criteria() {
    let world = plain();
    let nothing = |criterion: &str| format!("criterion `{criterion}` matches no certificate of the chosen store (C-1)");
    assert_eq!(world.criteria("Subject:other"), [nothing("Subject:other")]);
    assert_eq!(
        world.criteria("Subject:pc1"),
        ["criterion `pc1` differs only in case from `PC1` (C-2)".to_owned(), nothing("Subject:pc1")]
    );
    assert_eq!(
        world.criteria("SubjectStr:CN=PC1"),
        [
            "`SubjectStr:` looks for `CN=`, and the text that it searches has values without keys: use `SubjectAttr:` \
             (C-4)"
                .to_owned(),
            nothing("SubjectStr:CN=PC1")
        ]
    );
    assert_eq!(
        world.criteria("SubjectAttr:CN = PC1; CN = \" PC1\""),
        [
            "` PC1` begins or ends with a blank, which counts inside quotes (I-10)".to_owned(),
            "`CN` is written twice (C-6)".to_owned(),
            nothing("SubjectAttr:CN = PC1; CN = \" PC1\"")
        ]
    );
}

#[test]
fn a_longer_name_and_several_certificates() {
    let world = World::new(&[certificate("CN=PC1", &[], None), certificate("CN=PC10", &[], None)]);
    assert_eq!(
        world.criteria("SubjectStr:PC1"),
        [
            "`SubjectStr:PC1` also matches the longer name `PC10` (P-6)",
            "criterion `SubjectStr:PC1` matches 2 certificates of the chosen store (L-2)"
        ]
    );
    assert_eq!(
        plain().criteria("SubjectStr:pc1"),
        ["`SubjectStr:pc1` would match longer names as well, such as `pc10` (P-6)"]
    );
    assert!(plain().criteria("SubjectStr:contoso.com").is_empty(), "a domain is the end of a name");
}

#[test]
fn a_selector_lets_another_purpose_through() {
    let server = certificate("CN=PC1", &[], Some(extension::eku(&["1.3.6.1.5.5.7.3.1"])));
    let world = World::new(std::slice::from_ref(&server));
    let expected = format!(
        "criterion lets certificate `{}` through, which is not for client authentication (R-3)",
        server.thumbprint()
    );
    assert_eq!(world.criteria("Subject:PC1"), [expected]);
}

#[test]
fn a_site_cannot_search_the_alternative_name() {
    let mut world = plain();
    world.settings = world.settings.with(CriteriaSource::Site);
    assert_eq!(
        world.criteria("SubjectStr:contoso.com"),
        [
            "`SubjectStr:` from the site does not search the subject alternative name, which has `pc1.contoso.com` (C-5)",
            "criterion `SubjectStr:contoso.com` matches no certificate of the chosen store (C-1)"
        ]
    );
}

#[test]
fn command_lines() {
    let world = plain();
    assert_eq!(
        world.line("CCMCERTISSUERS=\"\""),
        [
            "`CCMCERTISSUERS` is empty, which Windows Installer takes for no list: every root is as good as another (I-2)"
        ]
    );
    assert_eq!(world.line("FSP=\"\""), ["`FSP` is empty, which Windows Installer takes for absent (Q-1)"]);
    assert_eq!(world.line("FSP=a FSP=b"), ["`FSP` is set twice: the later one counts (Q-1)"]);
    assert_eq!(
        world.line("CCMCERTSEL=SubjectStr:my pc"),
        ["`pc` belongs to no property: a value with blanks needs quotes, and no blank stands behind `=` (Q-1)"]
    );
    assert_eq!(world.line("/NoCRL"), ["`/NoCRL` is not known: did you mean `/NoCRLCheck`? (Q-1)"]);
    assert_eq!(world.line("/usepki"), ["`/usepki` is not known: did you mean `/UsePKICert`? (Q-1)"]);
    assert_eq!(
        world.line(r#"CCMCERTISSUERS="CN=Contoso Root CA"; O=Contoso"#),
        ["`O=Contoso` belongs to no property: a value with blanks needs quotes, and no blank stands behind `=` (Q-1)"]
    );
    assert_eq!(world.line("CCMCERTSTOR=a"), ["`CCMCERTSTOR=a` is not known: did you mean `CCMCERTSTORE`? (Q-1)"]);
    assert_eq!(world.line("SMSROOTKEYPATH=C:\\k.txt"), ["`SMSROOTKEYPATH` needs `SMSSITECODE` (K-4)"]);
    assert_eq!(world.line("SMSPublicRootKey=0602"), ["`SMSPublicRootKey` needs `SMSSITECODE` (K-4)"]);
}
