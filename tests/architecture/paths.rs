//! Which file of `src` uses which: every path of the code that begins with `crate::`, `self::` or `super::`, resolved to
//! the file that defines what it names, re-exports followed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every file of `src` by its name, without comments and unit tests.
pub fn every_file() -> BTreeMap<String, String> {
    let src = root().join("src");
    let mut found = Vec::new();
    sources(&src, &mut found);
    let name = |path: &PathBuf| path.strip_prefix(&src).expect("below src").to_string_lossy().into_owned();
    found
        .iter()
        .map(|path| (name(path), std::fs::read_to_string(path).expect("a source file")))
        .filter(|(name, _)| !name.contains("tests"))
        .map(|(name, text)| (name, code(&text)))
        .collect()
}

/// A text without its comments, and without what is compiled for unit tests alone, which stands at the end of a file.
fn code(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].trim_end() == "mod tests {");
    let code: Vec<&str> =
        lines[..tests.unwrap_or(lines.len())].iter().map(|line| line.split("//").next().unwrap_or_default()).collect();
    code.join("\n")
}

/// The module that a file is: `chain/failure.rs` is `chain::failure`, `lib.rs` and `main.rs` are the crate.
fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs");
    if path == "lib" || path == "main" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// The room of a file: the first part of its name.
pub fn room_of(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

/// The library's files with their text, comments and unit tests left out.
pub fn library() -> Vec<(String, String)> {
    every_file().into_iter().filter(|(file, _)| room_of(file) != "cli" && file != "main.rs").collect()
}

/// The paths behind each `start`, braces spread out: `crate::{a::B, c}` gives `a::B` and `c`.
pub fn paths_behind(code: &str, start: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices(start) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at + start.len()..];
        let mut stack = vec![String::new()];
        let mut word = String::new();
        let mut renamed = false;
        for c in rest.chars() {
            match c {
                ',' | '}' if renamed => renamed = false,
                _ if renamed => continue,
                _ => {}
            }
            match c {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | ':' | '*' => word.push(c),
                '{' => stack.push(std::mem::take(&mut word)),
                ',' | '}' => {
                    if !word.is_empty() {
                        paths.push(stack.concat() + &std::mem::take(&mut word));
                    }
                    if c == '}' {
                        stack.pop();
                    }
                }
                // `a as b` names `a`.
                ' ' if stack.len() > 1 && word.ends_with(char::is_alphanumeric) => {
                    paths.push(stack.concat() + &std::mem::take(&mut word));
                    renamed = true;
                }
                _ if stack.len() <= 1 => break,
                _ => {}
            }
            if stack.len() <= 1 && matches!(c, ',' | '}') {
                break;
            }
        }
        if stack.len() == 1 && !word.is_empty() {
            paths.push(word);
        }
    }
    paths
}

/// The crate's files and what each of their names leads to.
pub struct Tree {
    files: BTreeMap<String, String>,
    /// The file of each module.
    modules: BTreeMap<Vec<String>, String>,
    /// Names that a file passes on: what it has in `use` declarations, by the last name, as a path from the crate.
    passed_on: BTreeMap<(String, String), Vec<String>>,
}

impl Tree {
    pub fn of(files: BTreeMap<String, String>) -> Self {
        let modules =
            files.keys().filter(|file| *file != "main.rs").map(|file| (module_of(file), file.clone())).collect();
        let mut tree = Tree { files, modules, passed_on: BTreeMap::new() };
        let uses: Vec<(String, Vec<String>)> = tree
            .files
            .keys()
            .flat_map(|file| tree.written(file, true).into_iter().map(|path| (file.clone(), path)))
            .collect();
        for (file, path) in uses {
            if let Some(name) = path.last().cloned() {
                tree.passed_on.insert((file, name), path);
            }
        }
        tree
    }

    pub fn files(&self) -> impl Iterator<Item = &String> {
        self.files.keys()
    }

    /// The paths that a file writes, from the crate on; of `use` declarations alone, or of its whole code.
    fn written(&self, file: &str, declarations: bool) -> Vec<Vec<String>> {
        let mut code = self.files[file].clone();
        if declarations {
            let uses = code.split(';').filter_map(|part| part.rfind("use ").map(|at| part[at..].to_owned() + ";"));
            code = uses.collect::<Vec<_>>().join("\n");
        }
        let module = module_of(file);
        let mut written = Vec::new();
        let mut add = |base: &[String], paths: Vec<String>| {
            for path in paths {
                let mut whole = base.to_vec();
                for part in path.split("::").filter(|part| !part.is_empty()) {
                    match part {
                        "super" => drop(whole.pop()),
                        "self" => {}
                        part => whole.push(part.to_owned()),
                    }
                }
                written.push(whole);
            }
        };
        add(&[], paths_behind(&code, "crate::"));
        add(&module, paths_behind(&code, "self::"));
        let parent = module.len().saturating_sub(1);
        add(&module[..parent], paths_behind(&code, "super::"));
        // A declaration may name a module of its own file without `self::`.
        let children = self.modules.keys().filter(|path| path.len() == module.len() + 1 && path.starts_with(&module));
        for child in children.filter_map(|path| path.last()) {
            let paths = paths_behind(&code, &format!("{child}::"));
            add(&[module.as_slice(), std::slice::from_ref(child)].concat(), paths);
        }
        written
    }

    /// The file that defines what a path names.
    pub fn target(&self, path: &[String]) -> Option<&str> {
        let mut path = path.to_vec();
        for _ in 0..8 {
            let depth = (0..=path.len()).rev().find(|depth| self.modules.contains_key(&path[..*depth]))?;
            let file = &self.modules[&path[..depth]];
            let name = path.get(depth).cloned();
            let named = name.clone().and_then(|name| self.passed_on.get(&(file.clone(), name)));
            // `pub use choices::*` passes on whatever that file names and does not have from elsewhere.
            let all = self.passed_on.get(&(file.clone(), "*".to_owned())).filter(|_| named.is_none());
            if let (Some(all), Some(name)) = (all, name)
                && let Some(from) = self.modules.get(&all[..all.len() - 1]).filter(|from| *from != file)
                && !self.passed_on.contains_key(&(from.clone(), name.clone()))
                && !files_naming(&self.only(from), &name).is_empty()
            {
                path = all[..all.len() - 1].iter().chain(&path[depth..]).cloned().collect();
                continue;
            }
            match named {
                Some(next) if *next != path[..(depth + 1).min(path.len())] => {
                    path = next.iter().chain(&path[(depth + 1).min(path.len())..]).cloned().collect();
                }
                _ => return Some(file),
            }
        }
        None
    }

    fn only(&self, file: &str) -> BTreeMap<String, String> {
        self.files.get_key_value(file).map(|(file, code)| (file.clone(), code.clone())).into_iter().collect()
    }

    /// Every use: the file, the file that it uses, and the path as it is written.
    pub fn uses(&self) -> Vec<(String, String, String)> {
        let mut uses = Vec::new();
        for file in self.files.keys() {
            for path in self.written(file, false) {
                let target = self.target(&path).unwrap_or("lib.rs");
                if target != file {
                    uses.push((file.clone(), target.to_owned(), path.join("::")));
                }
            }
        }
        uses
    }
}

/// Whether a file is a sub-file of another: `chain/failure.rs` of `chain.rs`.
pub fn is_below(file: &str, upper: &str) -> bool {
    let (file, upper) = (module_of(file), module_of(upper));
    file.len() > upper.len() && file.starts_with(&upper)
}

/// The circles among uses, each as its files. What a sub-file uses of the file above it is no circle: a type and the parts
/// of its own implementation.
pub fn circles(uses: &[(String, String, String)]) -> Vec<BTreeSet<String>> {
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (file, target, _) in uses.iter().filter(|(file, target, _)| !is_below(file, target)) {
        edges.entry(file).or_default().insert(target);
    }
    let reached = |from: &str| -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&str> = edges.get(from).into_iter().flatten().copied().collect();
        while let Some(next) = waiting.pop() {
            if seen.insert(next) {
                waiting.extend(edges.get(next).into_iter().flatten());
            }
        }
        seen
    };
    let reach: BTreeMap<&str, BTreeSet<&str>> = edges.keys().map(|file| (*file, reached(file))).collect();
    let mut circles = BTreeSet::new();
    for (file, from_it) in reach.iter().filter(|(file, from_it)| from_it.contains(*file)) {
        let back = from_it.iter().filter(|other| reach.get(*other).is_some_and(|from| from.contains(file)));
        circles.insert(back.map(|other| (*other).to_owned()).collect::<BTreeSet<String>>());
    }
    circles.into_iter().collect()
}

/// The files whose code has a name as a whole word.
pub fn files_naming<'a>(files: &'a BTreeMap<String, String>, name: &str) -> Vec<&'a str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let names = |code: &str| {
        code.match_indices(name).any(|(at, _)| {
            let (before, after) = (code[..at].chars().next_back(), code[at + name.len()..].chars().next());
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
    };
    files.iter().filter(|(_, code)| names(code)).map(|(file, _)| file.as_str()).collect()
}
