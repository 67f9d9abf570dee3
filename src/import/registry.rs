//! Certificate stores in a registry export (rule W-2).

use super::collect::{CollectedEntries, Run, unreadable};
use super::element::Ending;
use super::problem::{ImportProblemKind, ProblemPlace, Problems};
use super::properties::NoKeyProperty;
use super::registry_text::{HEADERS, Line, TextLines, decode, value_name};
use super::{ImportError, Imported, check_size};
use crate::certificate::Thumbprint;
use crate::rules::Rule;
use crate::store::{Entry, StoreName};
use std::collections::BTreeMap;

/// What a key of a store holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StorePart {
    Certificates,
    Crls,
    TrustLists,
}

impl StorePart {
    fn of(part: &str) -> Option<Self> {
        match part.to_ascii_lowercase().as_str() {
            "certificates" => Some(StorePart::Certificates),
            "crls" => Some(StorePart::Crls),
            "ctls" => Some(StorePart::TrustLists),
            _ => None,
        }
    }
}

/// The registry nests at most 512 keys.
const MAX_DEPTH: usize = 512;

/// Where a key stands.
enum RegistryKey<'a> {
    /// A store of the local computer, or something inside it without an entry.
    Store { name: &'a str },
    /// An entry of such a store.
    Entry { store: &'a str, kind: StorePart, name: &'a str, path: &'a str },
    /// Above the stores: `SystemCertificates` itself, or a key on the way there.
    Above,
    /// Anything else.
    Other,
}

/// Finds `...\Microsoft\{SystemCertificates|EnterpriseCertificates}\STORE\{Certificates|CRLs|CTLs}\NAME` under the local
/// machine. What stands before `Microsoft` is not compared: `SOFTWARE`, `SOFTWARE\Policies`, or the name under which the
/// hive of another disk was loaded.
fn classify(key: &str) -> RegistryKey<'_> {
    const BRANCHES: [&str; 2] = ["SystemCertificates", "EnterpriseCertificates"];
    let parts: Vec<&str> = key.split('\\').take(MAX_DEPTH).collect();
    let branch = parts
        .windows(2)
        .position(|pair| matches!(pair, [above, branch] if above.eq_ignore_ascii_case("Microsoft") && is_one_of(branch, &BRANCHES)));
    let of_machine = parts.first().is_some_and(|root| is_one_of(root, &["HKEY_LOCAL_MACHINE", "HKLM"]));
    // A whole hive passes by the stores of users and services: they are not the machine's.
    let elsewhere = parts.iter().any(|part| is_one_of(part, &BRANCHES));
    let below = match branch {
        Some(at) if of_machine => parts.get(at + 2..).unwrap_or_default(),
        _ if elsewhere || !of_machine => return RegistryKey::Other,
        _ => return RegistryKey::Above,
    };
    let length = below.iter().map(|part| part.len() + 1).sum::<usize>();
    let path = key.get((key.len() + 1).saturating_sub(length)..).unwrap_or_default();
    match below {
        [] | ["", ..] => RegistryKey::Above,
        [store, kind, name] if !name.is_empty() => match StorePart::of(kind) {
            Some(kind) => RegistryKey::Entry { store, kind, name, path },
            None => RegistryKey::Store { name: store },
        },
        [store, ..] => RegistryKey::Store { name: store },
    }
}

fn is_one_of(part: &str, names: &[&str]) -> bool {
    names.iter().any(|name| part.eq_ignore_ascii_case(name))
}

/// One `Blob`, as it was found.
struct RegistryBlob {
    sequence: usize,
    store: String,
    kind: StorePart,
    name: String,
    path: String,
    line: usize,
    bytes: Result<Vec<u8>, (Vec<u8>, String)>,
}

/// The values of a file, by key in lower case, so that a later value replaces an earlier one and a deletion finds what
/// it deletes.
#[derive(Default)]
struct Values {
    blobs: BTreeMap<String, RegistryBlob>,
    /// The stores by the key of one of their branches, in lower case.
    stores: BTreeMap<String, (usize, String)>,
    sequence: usize,
}

impl Values {
    /// Notes that the store exists; `key` is the store's own or one below it.
    fn store(&mut self, key: &str, name: &str) {
        let key = key.to_ascii_lowercase();
        let own = key.find(&format!("certificates\\{}", name.to_ascii_lowercase()));
        let own = own.and_then(|at| key.get(..at + "certificates\\".len() + name.len()));
        let sequence = self.next();
        self.stores.entry(own.unwrap_or(&key).to_owned()).or_insert_with(|| (sequence, name.to_owned()));
    }

    fn next(&mut self) -> usize {
        self.sequence += 1;
        self.sequence
    }

    /// `[-KEY]`: the key and everything below it.
    fn delete(&mut self, key: &str) {
        let key = key.to_ascii_lowercase();
        delete_below(&mut self.blobs, &key);
        delete_below(&mut self.stores, &key);
    }
}

fn delete_below<T>(map: &mut BTreeMap<String, T>, key: &str) {
    map.remove(key);
    // What begins with `KEY\` sorts between `KEY\` and `KEY]`, the next character.
    let doomed: Vec<String> = map.range(format!("{key}\\")..format!("{key}]")).map(|(key, _)| key.clone()).collect();
    for key in doomed {
        map.remove(&key);
    }
}

/// Reads a registry export: every store of `SystemCertificates`, `EnterpriseCertificates` and `Policies` under the local
/// machine, as their union (rule W-2).
///
/// The registry holds every property that Windows keeps, so a certificate without key provider information has no
/// private key (rule W-4, our reading). Stores of users and services are not the local computer's and are left out, with
/// a problem that names the first.
///
/// # Errors
///
/// [`ImportError::TooLarge`] only: text that is not a registry file at all gives problems, and no stores.
pub(crate) fn registry(bytes: &[u8]) -> Result<Imported, ImportError> {
    check_size(bytes)?;
    let mut problems = Problems::default();
    let text = decode(bytes, &mut problems);
    let values = read(&text, &mut problems);
    let mut imported = Imported::new(Problems::default());
    let mut stores: Vec<(usize, String)> = values.stores.into_values().collect();
    stores.sort();
    for (_, name) in &stores {
        imported.ensure_store(&StoreName::new(name));
    }
    let mut blobs: Vec<RegistryBlob> = values.blobs.into_values().collect();
    blobs.sort_by_key(|blob| blob.sequence);
    for blob in &blobs {
        let mut collected = CollectedEntries::default();
        match &blob.bytes {
            Ok(bytes) => blob.collect(bytes, &mut collected, &mut problems),
            // The text was wrong, and said so: what was read of the value is the unreadable entry.
            Err((bytes, problem)) if blob.kind == StorePart::Certificates => {
                collected.entries.push(unreadable(bytes, bytes.len(), problem.clone()));
            }
            Err(_) => {}
        }
        let store = StoreName::new(&blob.store);
        let named = blob.name.parse::<Thumbprint>().ok();
        for entry in collected.entries {
            let entry = match entry {
                Entry::Unreadable(entry) => {
                    let entry = entry.with_source(format!("{}\\Certificates\\{}", blob.store, blob.name));
                    Entry::Unreadable(match named {
                        Some(named) => entry.with_thumbprint(named),
                        None => entry,
                    })
                }
                entry => entry,
            };
            imported.unite(&store, entry);
        }
        for crl in collected.crls {
            if !imported.crls.contains(&crl) {
                imported.crls.push(crl);
            }
        }
    }
    imported.problems = problems;
    Ok(imported)
}

impl RegistryBlob {
    fn collect(&self, bytes: &[u8], into: &mut CollectedEntries, problems: &mut Problems) {
        let place = |offset| ProblemPlace::Value { line: self.line, key: self.path.clone(), offset };
        let run = Run {
            bytes,
            start: 0,
            ending: Ending::EndOfBytes,
            rule: Rule::W2,
            no_key: NoKeyProperty::MeansAbsent,
            named: Some(&self.name),
            place: &place,
        };
        run.collect(into, problems);
        if self.kind != StorePart::Certificates {
            into.entries.clear(); // a damaged CRL is a problem, and no entry of the store
        }
    }
}

fn read(text: &str, problems: &mut Problems) -> Values {
    let mut values = Values::default();
    let mut lines = TextLines::new(text);
    let mut key: Option<&str> = None;
    let mut other_reported = false;
    let mut header_seen = false;
    while let Some(line) = lines.next() {
        let trimmed = line.text.trim();
        if trimmed.is_empty() || trimmed.starts_with(';') {
            continue;
        }
        if HEADERS.iter().any(|header| trimmed.eq_ignore_ascii_case(header)) {
            header_seen = true; // and once more where several files were joined
            continue;
        }
        if !header_seen {
            header_seen = true;
            problems.push(Rule::W2, line.place(), ImportProblemKind::Header);
        }
        if let Some(body) = trimmed.strip_prefix('[') {
            key = None;
            let Some(name) = body.strip_suffix(']') else {
                not_understood(line, problems);
                continue;
            };
            if let Some(deleted) = name.strip_prefix('-') {
                values.delete(deleted);
                continue;
            }
            key = Some(name);
            match classify(name) {
                RegistryKey::Store { name: store } | RegistryKey::Entry { store, .. } => values.store(name, store),
                RegistryKey::Other if !other_reported => {
                    other_reported = true;
                    let key = name.chars().take(200).collect();
                    problems.push(Rule::W2, line.place(), ImportProblemKind::OtherKey { key });
                }
                RegistryKey::Other | RegistryKey::Above => {}
            }
            continue;
        }
        match value_name(line.text.trim_start()) {
            Some((name, from)) => {
                let from = from + (line.text.len() - line.text.trim_start().len());
                let wanted = name.eq_ignore_ascii_case("Blob");
                match key.map(|key| (key, classify(key))) {
                    Some((key, RegistryKey::Entry { store, kind, name, path })) if wanted => {
                        let at = (line, from);
                        read_blob(&mut values, &mut lines, at, key, (store, kind, name, path), problems);
                    }
                    _ => lines.skip_value(line.text.get(from..).unwrap_or_default()),
                }
            }
            None => {
                not_understood(line, problems);
                lines.skip_value(line.text);
            }
        }
    }
    values
}

fn not_understood(line: Line<'_>, problems: &mut Problems) {
    let text = line.text.trim().chars().take(60).collect();
    problems.push(Rule::W2, line.place(), ImportProblemKind::Line { text });
}

fn read_blob<'a>(
    values: &mut Values,
    lines: &mut TextLines<'a>,
    (line, from): (Line<'a>, usize),
    key: &str,
    (store, kind, name, path): (&str, StorePart, &str, &str),
    problems: &mut Problems,
) {
    let data = line.text.get(from..).unwrap_or_default();
    let blanks = data.len() - data.trim_start().len();
    let data = data.trim_start();
    let key = key.to_ascii_lowercase();
    if data.trim_end() == "-" {
        values.blobs.remove(&key); // `"Blob"=-` deletes the value
        return;
    }
    // `hex(3):` says REG_BINARY in so many words.
    let prefix = ["hex:", "hex(3):"]
        .into_iter()
        .find(|prefix| data.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)));
    let bytes = match prefix {
        Some(prefix) => lines.hex(line, from + blanks + prefix.len()).map_err(|error| {
            let problem = format!("{}: {}", error.place, error.kind);
            problems.push(Rule::W2, error.place, error.kind);
            (error.bytes, problem)
        }),
        None => {
            lines.skip_value(data);
            let kind = ImportProblemKind::NotBinary { found: data.chars().take(20).collect() };
            let problem = kind.to_string();
            problems.push(Rule::W2, line.place(), kind);
            Err((Vec::new(), problem))
        }
    };
    let sequence = values.next();
    let blob = RegistryBlob {
        sequence: values.blobs.get(&key).map_or(sequence, |earlier| earlier.sequence),
        store: store.to_owned(),
        kind,
        name: name.to_owned(),
        path: path.to_owned(),
        line: line.number,
        bytes,
    };
    values.blobs.insert(key, blob);
}
