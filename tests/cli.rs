//! The binary, run as a user runs it.

mod bad_input;
mod by_hand;
mod check_log;
mod choose;
mod explain;
mod exports;
mod forms;
mod hostile;
mod html;
mod machines;
mod many;
mod members;
#[cfg(target_os = "linux")]
mod memory;
mod needs;
mod openssl;
mod options;
mod order;
mod over_time;
mod readme;
mod shape;
mod site;
mod sources;
mod special_files;
mod streams;
mod transition;
mod what_if;

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run gave.
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// The documents on stdout.
    pub fn documents(&self) -> Vec<Value> {
        let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        self.stdout.lines().map(read).collect()
    }

    /// The only document on stdout.
    pub fn document(&self) -> Value {
        let mut documents = self.documents();
        assert_eq!(documents.len(), 1, "{}{}", self.stdout, self.stderr);
        documents.remove(0)
    }
}

/// Runs the binary in the crate's folder.
pub fn run(args: &[&str]) -> Run {
    run_with(args, "")
}

/// Runs the binary with text on its standard input.
pub fn run_with(args: &[&str], stdin: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cmhttpsreadiness"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut pipe = child.stdin.take().expect("stdin is piped");
    let text = stdin.to_owned();
    // A thread of its own, because the child may fill its output before it has read everything.
    let writer = std::thread::spawn(move || {
        // A child that ends early closes the pipe; its answer says why.
        let _ = pipe.write_all(text.as_bytes());
    });
    let output = child.wait_with_output().expect("the binary ends");
    writer.join().expect("the writer ends");
    Run {
        status: output.status.code().expect("an exit status"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
    }
}

/// The folder of an example machine.
pub fn machine(name: &str) -> String {
    format!("testdata/machines/{name}")
}

/// A file of the crate.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// Copies a machine folder, so that a test can damage it.
pub fn copy_machine(name: &str, to: &Path) -> PathBuf {
    let target = to.join(name);
    copy(&path(&machine(name)), &target);
    target
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
