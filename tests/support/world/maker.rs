//! The odds of a generated machine: what its CAs, its certificates, its CRLs and its settings are made of.

use super::super::pki::*;
use super::{EntryRecipe, NOW, Recipe};
use arbitrary::{Result, Unstructured};
use ccmcertsel::settings::{IssuerSyntax, Ruleset};
use ccmcertsel::{
    Certificate, DeviceKind, Enumeration, IssuersList, KeyProvider, Machine, Oid, PrivateKey, Settings, Timestamp,
};

const DAY: i64 = 86_400;
const NEW_TEMPLATE: &str = "1.3.6.1.4.1.311.21.8.1.3";
const OLD_TEMPLATE: &str = "1.3.6.1.4.1.311.21.8.1.2";

/// Makes one machine of bytes.
pub(super) struct Maker<'a, 'b> {
    u: &'a mut Unstructured<'b>,
    now: i64,
    cas: Vec<Cert>,
    /// What signs.
    keys: fn(u32) -> Key,
}

impl<'a, 'b> Maker<'a, 'b> {
    pub(super) fn new(u: &'a mut Unstructured<'b>, keys: fn(u32) -> Key) -> Self {
        Maker { u, now: instant(NOW), cas: Vec::new(), keys }
    }

    /// One of the values; the first where the bytes have run out.
    fn pick<T: Clone>(&mut self, values: &[T]) -> Result<T> {
        let index = self.u.int_in_range(0..=values.len() - 1)?;
        Ok(values[index].clone())
    }

    /// True `count` times in 16.
    fn chance(&mut self, count: u8) -> Result<bool> {
        Ok(self.u.int_in_range(0..=15u8)? >= 16 - count)
    }

    /// The stores, CRLs, settings and the computer.
    pub(super) fn recipe(&mut self) -> Result<Recipe> {
        let mut entries = Vec::new();
        let settings = self.settings()?;
        let cas = self.u.int_in_range(1..=5)?;
        for index in 0..cas {
            let entry = self.ca(index)?;
            if self.chance(1)? {
                let store = self.pick(&["CA", "ROOT", "MY", "Disallowed"])?;
                entries.push(EntryRecipe { store, ..entry.clone() });
            }
            entries.push(entry);
        }
        let leaves = self.u.int_in_range(0..=6)?;
        for index in 0..leaves {
            let entry = self.leaf(index)?;
            if self.chance(1)? {
                let store = self.pick(&["Other", "Disallowed", "ROOT", "SMS"])?;
                entries.push(EntryRecipe { store, ..entry.clone() });
            }
            entries.push(entry);
        }
        if self.chance(1)? {
            entries.push(EntryRecipe::new(self.pick(&["MY", "Other"])?, b"no certificate".to_vec()));
        }
        if self.chance(4)? {
            entries.reverse();
        }
        let crls = self.crls()?;
        let mut settings = settings;
        if self.chance(6)? {
            settings = settings.with_issuers(self.issuers(&entries)?);
        }
        let name = self.pick(&["PC1", "PC1", "PC1", "pc1", "STRASSE-ß", "WORKSTATION-0123456"])?;
        let mut machine = Machine::new(name);
        if !self.chance(4)? {
            machine = machine.with_fqdn("pc1.contoso.com");
        }
        if self.chance(1)? {
            machine = machine.with_device(DeviceKind::MacOrMobile);
        }
        Ok(Recipe {
            entries,
            empty_stores: if self.chance(15)? { vec!["MY"] } else { Vec::new() },
            crls,
            machine,
            settings,
            now: Timestamp::from_unix_seconds(self.now),
        })
    }

    fn settings(&mut self) -> Result<Settings> {
        const CHOICES: &[(&str, &[&str])] = &[
            ("on_multiple", &["select-longest", "fail"]),
            ("longest_by", &["not-after"]),
            ("criteria_source", &["site"]),
            ("subject_text", &["x500"]),
            ("san_values", &["all"]),
            ("issuer_match", &["whole-name"]),
            ("issuer_scope", &["any-ca-in-chain"]),
            ("unknown_status", &["accept"]),
            ("crl_signer", &["same-name"]),
            ("delta_crl", &["optional"]),
            ("signature_policy", &["strict"]),
            ("anchors", &["any-in-root"]),
            ("ecc_keys", &["accept"]),
            ("cng_keys", &["off"]),
            ("no_eku", &["not-client-auth"]),
            ("key_usage", &["ignore"]),
            ("empty_subject", &["rejected"]),
            ("name_check", &["waived"]),
        ];
        let ruleset = self.pick(&[Ruleset::Cb1706, Ruleset::Cb1710, Ruleset::Cb2107])?;
        let mut settings = Settings::default().with(ruleset);
        let mut set = |name: &str, value: &str| settings.set(name, value).expect("a setting");
        for (name, values) in CHOICES {
            if self.chance(3)? {
                set(name, self.pick(values)?);
            }
        }
        if self.chance(9)? {
            set("revocation", "off");
        }
        if self.chance(4)? {
            set("on_multiple", "select-longest");
        }
        if self.chance(5)? {
            let criteria = self.pick(&[
                "Subject:PC1",
                "Subject:pc1.contoso.com",
                "Subject:CN=PC1, OU=Computers, DC=contoso",
                "Subject:contoso, Computers, PC1",
                "SubjectStr:pc1",
                "SubjectStr:computers, PC",
                "SubjectStr:CONTOSO.COM",
                "SubjectStr:CN=PC1",
                "SubjectAttr:OU = Computers",
                "SubjectAttr:OU = computers",
                "SubjectAttr:OU",
                "SubjectAttr:2.5.29.17 = pc1.contoso.com",
                "SubjectAttr:2.5.29.17",
                "SubjectAttr:OU = Computers; DC = contoso",
                "SubjectAttr:2.5.4.10 = Directory",
            ])?;
            settings = settings.with_criteria(criteria.parse::<ccmcertsel::Criteria>().expect("criteria"));
        }
        if self.chance(2)? {
            settings = settings.with_store(self.pick(&["Other", "ROOT", "CA", "Nowhere"])?);
        }
        settings = settings.with_template(NEW_TEMPLATE.parse().expect("an identifier"), 3);
        Ok(settings.with_template(OLD_TEMPLATE.parse().expect("an identifier"), 2))
    }

    fn issuers(&mut self, entries: &[EntryRecipe]) -> Result<IssuersList> {
        if self.chance(4)? {
            let certificates: Vec<Certificate> =
                entries.iter().filter_map(|entry| Certificate::from_der(&entry.der).ok()).collect();
            if !certificates.is_empty() {
                let one = self.pick(&certificates)?;
                return Ok(IssuersList::from_certificates([&one]).expect("one certificate"));
            }
        }
        let text = self.pick(&[
            "CN=Root A",
            "CN=Root A",
            "CN=Root A; O=Contoso",
            "O=Contoso; CN=Root A",
            "CN=Root B | CN=Root A | CN=Issuing",
            "CN=Root B",
            "CN=root a",
            "CN=Root B | CN=Root A",
            "CN=Issuing | CN=Root B",
            "CN=Nobody",
            "CN=PC1",
        ])?;
        Ok(IssuersList::parse(text, IssuerSyntax::Documented).expect("a list"))
    }

    /// A period that most often holds `now`, sometimes to the second.
    fn period(&mut self) -> Result<(i64, i64)> {
        let (before, after) = self.pick(&[
            (-400, 400),
            (-400, 400),
            (-400, 300),
            (-100, 265),
            (-200, 165),
            (-400, 600),
            (-300, 400),
            (-900, 400),
            (-400, -30),
            (30, 400),
        ])?;
        let (mut not_before, mut not_after) = (self.now + before * DAY, self.now + after * DAY);
        if self.chance(1)? {
            match self.u.int_in_range(0..=3)? {
                0 => not_before = self.now,
                1 => not_before = self.now + 1,
                2 => not_after = self.now,
                _ => not_after = self.now - 1,
            }
        }
        Ok((not_before, not_after))
    }

    fn ca(&mut self, index: usize) -> Result<EntryRecipe> {
        let names = ["O=Contoso; CN=Root A", "CN=Issuing", "CN=Root B", "O=Contoso; CN=Sub", "CN=Root C"];
        let mut name = Name::parse(names[index]);
        let mut key = (self.keys)(index as u32);
        if self.chance(2)? {
            // A CA of a name that is taken: a renewal, or a key that moved.
            name = Name::parse(self.pick(&names[..=index])?);
        }
        if self.chance(1)? {
            name = Name::of_kind(StringKind::Bmp, &[("O", "contoso"), ("CN", "Root  A ")]);
        }
        if self.chance(1)? {
            key = (self.keys)(self.u.int_in_range(0..=index as u32)?);
        }
        if index > 1 && self.chance(2)? {
            // A cross-certificate: a CA that is there, and another issuer.
            let ca = self.pick(&self.cas.clone())?;
            (name, key) = (ca.subject, ca.key);
        }
        if self.chance(1)? && self.chance(4)? {
            key = self.pick(&[Key::Unknown(1), Key::Rsa1024(0), Key::Rsa512(0), Key::Ed25519(0)])?;
        }
        let mut ca = Cert::new(name, key).serial(100 + index as i128);
        if !self.chance(1)? {
            let path_length = if self.chance(2)? { Some(self.u.int_in_range(0..=1)?) } else { None };
            ca = ca.with(extension::basic_constraints(!self.chance(1)?, path_length));
        }
        if self.chance(11)? {
            let usage = if self.chance(2)? { self.pick(&[&[5u8][..], &[6], &[0]])? } else { &[0, 5, 6] };
            ca = ca.with(extension::key_usage(usage));
        }
        if self.chance(2)? {
            ca = ca.with(self.usages()?);
        }
        if self.chance(1)? && self.chance(8)? {
            ca = ca.with(extension::application_policies(&[extension::SERVER_AUTH]));
        }
        if !self.chance(1)? {
            ca = ca.with(extension::ski(key));
        }
        (ca.not_before, ca.not_after) =
            if self.chance(3)? { self.period()? } else { (self.now - 2000 * DAY, self.now + 2000 * DAY) };
        ca = self.common(ca)?;
        // The first is a root beneath which the second stands; who comes after is as it may be.
        let earlier = self.cas.clone();
        self.cas.push(ca.clone());
        let issuer = match index {
            0 => None,
            1 if !self.chance(2)? => earlier.first().cloned(),
            _ if self.chance(6)? => None,
            _ => Some(self.pick(&self.cas.clone())?),
        };
        let der = self.issue(ca, issuer.as_ref())?;
        let store = match (index, &issuer) {
            (0, _) | (_, None) if !self.chance(2)? => "ROOT",
            _ => self.pick(&["CA", "CA", "CA", "CA", "MY", "Other", "ROOT"])?,
        };
        let mut entry = EntryRecipe::new(store, der);
        if self.chance(1)? && self.chance(6)? {
            entry.eku = Some(self.property()?);
        }
        Ok(entry)
    }

    /// Extensions that any certificate may have.
    fn common(&mut self, mut cert: Cert) -> Result<Cert> {
        if self.chance(13)? {
            cert = cert.with(extension::cdp("http://crl.contoso.com/a.crl"));
        }
        if self.chance(1)? {
            match self.u.int_in_range(0..=6)? {
                0 => cert = cert.with(extension::unknown().critical()),
                1 => cert = cert.with(extension::unknown()),
                2 => cert = cert.with(extension::unknown()).with(extension::unknown()),
                3 => cert.version = None,
                4 => cert = cert.with(extension::security_identifier("S-1-5-21-1-2-3-1104").critical()),
                5 => cert.inner_algorithm = Some(Key::P256(0).signature_algorithm(Hash::Sha256)),
                _ => cert = cert.with(extension::ocsp("http://ocsp.contoso.com")),
            }
        }
        Ok(cert)
    }

    /// Signs: most often as it should be.
    fn issue(&mut self, mut cert: Cert, issuer: Option<&Cert>) -> Result<Vec<u8>> {
        let own = cert.clone();
        let issuer = issuer.unwrap_or(&own);
        cert.issuer = issuer.subject.clone();
        if self.chance(1)? && self.chance(8)? {
            cert.issuer = Name::cn("Nobody");
        }
        let mut signer = issuer.key;
        if self.chance(1)? && self.chance(8)? {
            signer = (self.keys)(self.u.int_in_range(0..=5)?);
        }
        match self.u.int_in_range(0..=7)? {
            0..=4 => cert = cert.with(extension::aki(issuer.key)),
            5 => cert = cert.with(extension::aki_raw(b"wrong")),
            _ => {}
        }
        cert.damaged_signature = self.chance(1)? && self.chance(4)?;
        Ok(cert.sign(signer))
    }

    fn usages(&mut self) -> Result<Ext> {
        let (client, server, any) = (extension::CLIENT_AUTH, extension::SERVER_AUTH, extension::ANY_EKU);
        Ok(extension::eku(self.pick(&[&[client][..], &[client, server], &[server], &[any], &[server, any]])?))
    }

    fn property(&mut self) -> Result<Vec<Oid>> {
        let (client, server, any) = (extension::CLIENT_AUTH, extension::SERVER_AUTH, extension::ANY_EKU);
        let list = self.pick(&[vec![client], vec![client, server], vec![server], vec![any], vec![]])?;
        Ok(list.iter().map(|one| one.parse().expect("an identifier")).collect())
    }

    fn san(&mut self) -> Result<San> {
        Ok(match self.u.int_in_range(0..=8)? {
            0 | 1 => San::dns("pc1.contoso.com"),
            2 => San::dns("other.contoso.com"),
            3 => San::dns("PC1"),
            4 => San::upn("PC1$@contoso.com"),
            5 => San::Directory(Name::of(&[("O", "Directory"), ("OU", "Computers")])),
            6 => San::Ip(vec![10, 0, 0, 1]),
            7 => San::Uri("http://pc1.contoso.com".into()),
            _ => San::Other("1.3.6.1.4.1.32473.9".into(), vec![5, 0]),
        })
    }

    fn leaf(&mut self, index: usize) -> Result<EntryRecipe> {
        let subject = self.pick(&[
            "CN=PC1",
            "DC=contoso; OU=Computers; CN=PC1",
            "DC=contoso; OU=Computers; CN=PC1",
            "CN=pc1.contoso.com",
            "OU:bmp=Computers; CN:bmp=pc1",
            "CN=PC10",
            "CN=Web + OU=Computers",
            "",
            "CN:universal=STRASSE-ß",
            "CN=WORKSTATION-012",
            "CN:printable=PC1; OU=computers",
            "CN=Nobody",
        ])?;
        let mut key = (self.keys)(10 + index as u32);
        if self.chance(1)? {
            key = self.pick(&[
                Key::P256(0),
                Key::P256(0),
                Key::Ed25519(1),
                Key::Rsa1024(0),
                Key::Rsa512(0),
                Key::Rsa2048(0),
            ])?;
        }
        let mut leaf = Cert::new(subject, key).serial(1 + index as i128);
        (leaf.not_before, leaf.not_after) = self.period()?;
        if self.chance(12)? {
            leaf = leaf.with(extension::key_usage(self.pick(&[&[0u8, 2][..], &[0], &[0], &[2]])?));
        }
        match self.u.int_in_range(0..=7)? {
            0..=4 => leaf = leaf.with(extension::eku(&[extension::CLIENT_AUTH])),
            5 | 6 => leaf = leaf.with(self.usages()?),
            _ => {}
        }
        if self.chance(1)? {
            let usage = self.pick(&[extension::CLIENT_AUTH, extension::SERVER_AUTH])?;
            leaf = leaf.with(extension::application_policies(&[usage]));
        }
        let names = self.pick(&[0, 0, 1, 1, 2, 3])?;
        if names > 0 {
            let names: Vec<San> = (0..names).map(|_| self.san()).collect::<Result<_>>()?;
            leaf = leaf.with(extension::san(&names));
        }
        match self.u.int_in_range(0..=7)? {
            0 => leaf = leaf.with(extension::template(NEW_TEMPLATE, 100, 3)),
            1 => leaf = leaf.with(extension::template(OLD_TEMPLATE, 100, 3)),
            2 => leaf = leaf.with(extension::template("1.3.6.1.4.1.311.21.8.1.9", 100, 3)),
            3 => leaf = leaf.with(extension::template_name(StringKind::Bmp, "Machine")),
            _ => {}
        }
        if self.chance(1)? && self.chance(8)? {
            leaf = leaf.with(extension::basic_constraints(true, None));
        }
        leaf = self.common(leaf)?;
        let issuer = match self.u.int_in_range(0..=15)? {
            0..=9 => self.cas.get(1).or(self.cas.first()).cloned(),
            10..=14 => Some(self.pick(&self.cas.clone())?),
            _ => None,
        };
        let der = self.issue(leaf, issuer.as_ref())?;
        let mut entry = EntryRecipe::new(self.pick(&["MY", "MY", "MY", "MY", "MY", "MY", "Other", "CA"])?, der);
        entry.key = self.pick(&[
            PrivateKey::Accessible(KeyProvider::Csp),
            PrivateKey::Accessible(KeyProvider::Csp),
            PrivateKey::Accessible(KeyProvider::Ksp),
            PrivateKey::Accessible(KeyProvider::Unknown),
            PrivateKey::Unknown,
            PrivateKey::Unknown,
            PrivateKey::Present(KeyProvider::Csp),
            PrivateKey::Absent,
            PrivateKey::Inaccessible,
        ])?;
        if self.chance(2)? {
            entry.schema = Some(self.u.int_in_range(1..=4)?);
        }
        if self.chance(1)? {
            entry.eku = Some(self.property()?);
        }
        if self.chance(1)? {
            entry.enumeration = Enumeration::Archived;
        }
        Ok(entry)
    }

    /// One CRL, or a base and a delta, most often of the first two CAs.
    fn crls(&mut self) -> Result<Vec<Vec<u8>>> {
        let count = self.pick(&[2, 2, 2, 1, 0])?;
        let mut crls = Vec::new();
        for index in 0..count {
            let ca = if self.chance(3)? {
                self.pick(&self.cas.clone())?
            } else {
                self.cas.get(index).or(self.cas.first()).cloned().expect("a CA")
            };
            let mut crl = CrlBuilder::new(ca.subject.clone());
            if !self.chance(2)? {
                crl = crl.with(extension::aki(ca.key));
            }
            let number = self.u.int_in_range(5..=8)?;
            if !self.chance(2)? {
                crl = crl.with(extension::crl_number(number));
            }
            if self.chance(2)? {
                crl = crl.with(extension::delta_indicator(self.u.int_in_range(4..=7)?));
            }
            if self.chance(2)? {
                crl = crl.with(extension::freshest_crl(&[Point::uri("http://crl.contoso.com/a+.crl")]));
            }
            if self.chance(1)? && self.chance(8)? {
                crl = crl.with(self.pick(&[extension::unknown().critical(), extension::unknown()])?);
            }
            let (before, after) =
                self.pick(&[(-5, 5), (-5, 5), (-5, 5), (-5, 5), (-6, 6), (-9, -2), (2, 9), (0, 0)])?;
            crl.this_update = self.now + before * DAY;
            crl.next_update = if self.chance(1)? { None } else { Some(self.now + after * DAY) };
            for _ in 0..self.pick(&[0, 0, 1, 2])? {
                let serial = self.pick(&[1i128, 2, 3, 4, 5, 6, 100, 101, 102])?;
                crl = crl.entry(match self.u.int_in_range(0..=3)? {
                    0 => Entry::new(serial),
                    1 => Entry::on_hold(serial),
                    2 => Entry::removed(serial),
                    _ => Entry::new(serial).with(extension::reason(1)),
                });
            }
            let mut signer = ca.key;
            if self.chance(1)? && self.chance(8)? {
                signer = (self.keys)(self.u.int_in_range(0..=5)?);
            }
            crls.push(crl.sign(signer));
        }
        Ok(crls)
    }
}
