//! Target 8: `cmhttpsreadiness` on an inventory of ten thousand machines of five certificates each, all under the same
//! CAs. Prints machines a second and the peak of memory, for one tenth of the machines as well: it must not grow.
//!
//! With CCMCERTSEL_BENCH_STREAM=1000000 so many machines more go into standard input, made as they are written: the same
//! certificates in turn, which are more than the caches hold, each machine under a name of its own.

#![allow(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    reason = "it runs on inputs of its own"
)]
#![allow(clippy::disallowed_methods)] // a bench measures time and writes files

mod corpus;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use corpus::{CaKey, Pki, size};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const CERTIFICATES: usize = 5;
const TOOL: &str = env!("CARGO_BIN_EXE_cmhttpsreadiness");
/// Each against JSON.
const FORMATS: [&str; 5] = ["json", "csv", "summary", "text", "html"];

/// Writes one machine a line.
fn write_inventory(path: &Path, pki: &Pki, leaves: &[Vec<u8>]) -> std::io::Result<()> {
    let entry = |der: &[u8]| format!("{{\"der\":\"{}\"}}", BASE64_STANDARD.encode(der));
    let (root, issuing) = (entry(&pki.root.der), entry(&pki.issuing.der));
    let crls = [pki.root.crl(3), pki.issuing.crl(100)].map(|der| format!("\"{}\"", BASE64_STANDARD.encode(&der)));
    let mut file = BufWriter::new(File::create(path)?);
    for (number, own) in leaves.chunks(CERTIFICATES).enumerate() {
        let own: Vec<String> = own.iter().map(|der| entry(der)).collect();
        writeln!(
            file,
            "{{\"schema\":1,\"name\":\"PC{number:06}\",\"now\":\"2026-11-22T00:00:00Z\",\
             \"stores\":{{\"ROOT\":[{root}],\"CA\":[{issuing}],\"MY\":[{}]}},\"crls\":[{}],\
             \"settings\":{{\"on_multiple\":\"select-longest\"}}}}",
            own.join(","),
            crls.join(",")
        )?;
    }
    file.flush()
}

/// Runs the tool; how long it took, and its peak of memory in kilobytes where the system says.
fn run(tool: &str, format: &str, inventory: &Path) -> (Duration, Option<u64>) {
    let begin = Instant::now();
    let mut child = Command::new(tool)
        .args(["--format", format])
        .arg(inventory)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the tool");
    let mut peak = None;
    let status = loop {
        if let Some(status) = child.try_wait().expect("the tool's end") {
            break status;
        }
        peak = peak_of(child.id()).or(peak);
        std::thread::sleep(Duration::from_micros(500));
    };
    assert!(status.success(), "every machine has a certificate: {status}");
    (begin.elapsed(), peak)
}

/// Writes machines into the standard input of the tool; how long it took, and its peak of memory.
fn stream(tool: &str, lines: &[String], machines: usize) -> (Duration, Option<u64>) {
    let begin = Instant::now();
    let mut child = Command::new(tool)
        .args(["--format", "csv", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the tool");
    let mut input = BufWriter::with_capacity(1 << 20, child.stdin.take().expect("its standard input"));
    let mut peak = None;
    for (number, line) in lines.iter().cycle().take(machines).enumerate() {
        // A name is `PC` and six digits in the files, and two more here.
        let (before, after) = line.split_once("\"PC").expect("a name");
        let after = after.get(6..).expect("six digits");
        writeln!(input, "{before}\"PC{number:08}{after}").expect("the tool reads");
        if number % 1000 == 0 {
            peak = peak_of(child.id()).or(peak);
        }
    }
    input.flush().expect("the tool reads");
    peak = peak_of(child.id()).or(peak);
    drop(input);
    let status = child.wait().expect("the tool's end");
    assert!(status.success(), "every machine has a certificate: {status}");
    (begin.elapsed(), peak)
}

/// The high-water mark of a process's resident memory.
fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// What each format takes of the time of JSON, in rounds taken in turns.
fn formats(inventory: &Path, count: usize) {
    let mut best = FORMATS.map(|format| (format, Duration::MAX));
    for _ in 0..if corpus::is_trial() { 1 } else { 5 } {
        for (format, best) in &mut best {
            *best = run(TOOL, format, inventory).0.min(*best);
        }
    }
    println!("\n| format | machines a second | time / JSON | JSON / time |\n|---|---|---|---|");
    let [(_, json), ..] = best;
    for (format, time) in best {
        let (time, json) = (time.as_secs_f64(), json.as_secs_f64());
        println!("| {format} | {:.0} | {:.2} | {:.2} |", count as f64 / time, time / json, json / time);
    }
}

/// The program on one machine: from its start to its end, and how large it is.
fn cold_start() {
    let machine = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/machines/contoso-pc1");
    let mut times: Vec<(Duration, Option<u64>)> = (0..50).map(|_| run(TOOL, "text", &machine)).collect();
    times.sort_unstable();
    let (median, _) = times.get(25).copied().unwrap_or_default();
    let peak = times.iter().filter_map(|(_, peak)| *peak).max().unwrap_or_default();
    println!("\ncold start on the example machine: {median:.1?} (median of 50), peak memory {peak} kB");
    let released = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("release").join("cmhttpsreadiness");
    match std::fs::metadata(released) {
        Ok(file) => println!("the program of the release profile: {:.2} MB", file.len() as f64 / 1e6),
        Err(_) => println!("the program of the release profile is not built"),
    }
}

fn main() {
    cold_start();
    let machines = size(10_000);
    let pki = Pki::new(CaKey::Rsa2048);
    let leaves = pki.leaves(machines * CERTIFICATES);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fleet.jsonl");
    for count in [machines / 10, machines] {
        let own = leaves.get(..count * CERTIFICATES).unwrap_or(&leaves);
        write_inventory(&path, &pki, own).expect("a file for the inventory");
        let (mut best, mut peak) = (Duration::MAX, None);
        for _ in 0..if corpus::is_trial() { 1 } else { 3 } {
            let (time, memory) = run(TOOL, "csv", &path);
            best = best.min(time);
            peak = peak.max(memory);
        }
        let rate = count as f64 / best.as_secs_f64();
        let memory = peak.map_or("unknown".to_owned(), |kilobytes| format!("{} MB", kilobytes / 1024));
        println!("fleet of {count} machines: {rate:.0} machines a second, peak memory {memory}");
    }
    formats(&path, machines);
    let streamed = std::env::var("CCMCERTSEL_BENCH_STREAM").ok().and_then(|text| text.parse::<usize>().ok());
    if let Some(count) = streamed.or(corpus::is_trial().then_some(machines)) {
        let text = std::fs::read_to_string(&path).expect("the inventory");
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (time, peak) = stream(TOOL, &lines, count);
        let rate = count as f64 / time.as_secs_f64();
        let memory = peak.map_or("unknown".to_owned(), |kilobytes| format!("{} MB", kilobytes / 1024));
        println!("stream of {count} machines: {rate:.0} machines a second, peak memory {memory}");
    }
    let _ = std::fs::remove_file(&path);
}
