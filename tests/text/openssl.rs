//! Our X.500 string against the one of OpenSSL, where the two formats coincide.

use crate::support::pki::{Atv, Cert, Key, Name, StringKind};
use ccmcertsel::DistinguishedName;
use std::process::Command;

/// A generator that needs no crate and gives the same names every time (Numerical Recipes' constants).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Keys that both print alike, and the OpenSSL names of those that it prints otherwise.
const KEYS: [(&str, &str); 12] = [
    ("CN", "CN"),
    ("OU", "OU"),
    ("O", "O"),
    ("C", "C"),
    ("L", "L"),
    ("DC", "DC"),
    ("SN", "SN"),
    // Differences in keys: the printer says emailAddress, ST, GN, street, title, serialNumber (A-1 has the client's).
    ("E", "emailAddress"),
    ("S", "ST"),
    ("G", "GN"),
    ("STREET", "street"),
    ("T", "title"),
];

/// Characters that neither format quotes or escapes, and those that both do not change.
const CHARACTERS: [char; 30] = [
    'a', 'b', 'z', 'A', 'Z', '0', '9', '.', '-', '_', ':', '/', '(', ')', '*', '@', '&', '\'', '?', '!', '%', '$', '[',
    ']', '|', 'ä', 'ß', 'Ω', 'Ж', '中',
];

/// Characters that are quoted here and escaped there; the value is compared after both are undone.
const SPECIAL: [char; 8] = [',', '+', '=', '"', '<', '>', '#', ';'];

fn value(random: &mut Random, kind: StringKind) -> String {
    let allowed = |c: &char| match kind {
        StringKind::Printable | StringKind::Ia5 => c.is_ascii(),
        StringKind::Teletex => u32::from(*c) < 0x80,
        _ => true,
    };
    let length = 1 + random.below(12);
    let mut text = String::new();
    while text.chars().count() < length {
        let c = match random.below(8) {
            0 => *random.pick(&SPECIAL),
            1 if !text.is_empty() => ' ',
            _ => *random.pick(&CHARACTERS),
        };
        if allowed(&c) {
            text.push(c);
        }
    }
    text.trim().to_owned()
}

fn name(random: &mut Random) -> Name {
    let kinds = [
        StringKind::Utf8,
        StringKind::Printable,
        StringKind::Ia5,
        StringKind::Bmp,
        StringKind::Universal,
        StringKind::Teletex,
    ];
    let mut rdns = Vec::new();
    for _ in 0..1 + random.below(5) {
        let members = if random.below(8) == 0 { 2 } else { 1 };
        let mut rdn = Vec::new();
        for _ in 0..members {
            let (key, _) = *random.pick(&KEYS);
            let kind = *random.pick(&kinds);
            rdn.push(Atv::of_kind(key, kind, &value(random, kind)));
        }
        // DER orders a SET by its bytes, and OpenSSL writes what it read in that order.
        rdn.sort_by(|a, b| (a.oid.len(), &a.value).cmp(&(b.oid.len(), &b.value)));
        rdns.push(rdn);
    }
    Name(rdns)
}

/// OpenSSL's line in our format: our keys, quotes for escapes.
fn translated(line: &str) -> String {
    let mut attribute = String::new();
    let mut attributes = Vec::new();
    let mut separators = Vec::new();
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                attribute.push('\\');
                attribute.extend(rest.next());
            }
            ',' | '+' => {
                attributes.push(std::mem::take(&mut attribute));
                separators.push(c);
            }
            c => attribute.push(c),
        }
    }
    attributes.push(attribute);
    let mut rdns: Vec<Vec<String>> = Vec::new();
    for (index, text) in attributes.iter().enumerate() {
        let (key, escaped) = text.split_once('=').unwrap_or_else(|| panic!("`{text}` of `{line}` has no key"));
        let key = key.trim();
        let key = KEYS.iter().find(|(_, theirs)| *theirs == key).map_or(key, |(ours, _)| *ours);
        let mut value = String::new();
        // The only blank at the end is the one before a `+`: the values have none.
        let mut characters = escaped.trim_end().chars();
        while let Some(c) = characters.next() {
            value.extend(if c == '\\' { characters.next() } else { Some(c) });
        }
        let special = value.contains(|c| SPECIAL.contains(&c));
        let value = if special { format!("\"{}\"", value.replace('"', "\"\"")) } else { value };
        let attribute = format!("{key}={value}");
        match rdns.last_mut() {
            // Difference in order: the printer reverses the attributes inside an RDN as well, A-2 only the RDNs.
            Some(rdn) if index > 0 && separators[index - 1] == '+' => rdn.insert(0, attribute),
            _ => rdns.push(vec![attribute]),
        }
    }
    let rdns: Vec<String> = rdns.iter().map(|rdn| rdn.join(" + ")).collect();
    rdns.join(", ")
}

#[test]
fn a_thousand_names_print_as_openssl_prints_them() {
    const NAMES: usize = 1_000;
    let mut random = Random(20_260_115);
    let names: Vec<Name> = (0..NAMES).map(|_| name(&mut random)).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let mut files = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let mut cert = Cert::ca(Name::cn("issuer"), Key::Toy(1));
        cert.subject = name.clone();
        let der = cert.sign(Key::Toy(1));
        let pem = pem_rfc7468::encode_string("CERTIFICATE", pem_rfc7468::LineEnding::LF, &der).expect("PEM");
        let file = format!("{index}.pem");
        std::fs::write(folder.path().join(&file), pem).expect("a file");
        files.push(file);
    }
    // `verify` prints the subject of each certificate whose issuer it does not find, a thousand in one process.
    let output = Command::new("openssl")
        .args(["verify", "-no-CApath", "-no-CAfile", "-no-CAstore"])
        .args(["-nameopt", "dn_rev,sep_comma_plus_space,utf8,esc_2253,sname"])
        .args(&files)
        .current_dir(folder.path())
        .output();
    let Ok(output) = output else {
        println!("not run: openssl is not here");
        return;
    };
    let text = String::from_utf8([output.stderr, output.stdout].concat()).expect("UTF-8");
    let mut lines = Vec::new();
    let mut first = None;
    for line in text.lines() {
        if line.starts_with("error ") && line.ends_with(".pem: verification failed") {
            lines.extend(first.take());
        } else if !line.contains(":error:") {
            // Toy keys are no keys to it, which it says as well.
            first.get_or_insert(line);
        }
    }
    assert_eq!(lines.len(), NAMES, "{}", text.chars().take(2_000).collect::<String>());
    let mut differences = Vec::new();
    for (name, line) in names.iter().zip(lines) {
        let ours = DistinguishedName::from_der(&name.encode()).expect("a name").to_x500_string();
        let theirs = translated(line);
        if ours != theirs {
            differences.push(format!("{ours}\n{theirs}\n{line}"));
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences[..differences.len().min(8)].join("\n\n")
    );
}
