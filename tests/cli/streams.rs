//! Every command with streams that are closed, full, or fail: it ends, with the documented status, and what can be written
//! is written.

use super::{machine, path, run, run_with};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const PC1: &str = "68C54BD52764CAA0DC9B8F34F7328939CB4ABD84";

/// Files that commands read beside machines: a client's log, and the summary of a fleet.
struct Files {
    _folder: tempfile::TempDir,
    log: String,
    summary: String,
}

fn files() -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, format: &str| {
            let file = folder.path().join(name);
            std::fs::write(&file, run(&["--format", format, &machine("contoso-pc1")]).stdout).unwrap();
            file.to_str().unwrap().to_owned()
        };
        let (log, summary) = (write("pc1.log", "log"), write("pc1.summary", "summary"));
        Files { _folder: folder, log, summary }
    })
}

/// Each command with a machine of its own, in each form that is written in a way of its own; the words are separated by a
/// blank.
fn commands() -> Vec<Vec<String>> {
    let pc1 = machine("contoso-pc1");
    let Files { log, summary, .. } = files();
    let lines = [
        pc1.clone(),
        format!("{pc1} {pc1}"),
        format!("--format json {pc1}"),
        format!("--format csv {pc1} {pc1}"),
        format!("--format log {pc1}"),
        format!("--format summary {pc1} {pc1}"),
        format!("--format html {pc1}"),
        format!("--format ics {pc1}"),
        format!("--full --audit --explain-settings {pc1}"),
        format!("explain {pc1} {PC1}"),
        format!("explain --format json {pc1} {PC1}"),
        format!("compare {pc1} {pc1} --with CCMFIRSTCERT=0"),
        format!("compare --format json {pc1} --with CCMFIRSTCERT=0"),
        format!("timeline {pc1} --until 2030-01-01T00:00:00Z"),
        format!("suggest {pc1} {PC1}"),
        format!("connect {pc1} --to testdata/servers/mp.toml"),
        format!("convert {pc1}"),
        format!("site {pc1}"),
        format!("needs {pc1}"),
        format!("needs --format json {pc1}"),
        format!("transition {pc1}"),
        format!("transition --format csv {pc1}"),
        format!("check-log {log} --machine {pc1}"),
        format!("merge {summary} {summary}"),
        "completions bash".to_owned(),
        "man".to_owned(),
        "--help".to_owned(),
        "help merge".to_owned(),
        "--version".to_owned(),
    ];
    lines.iter().map(|line| line.split(' ').map(str::to_owned).collect()).collect()
}

#[test]
fn every_command_is_among_those_that_are_driven() {
    let help = run(&["--help"]).stdout;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   ")).collect();
    let names: Vec<&str> = names.iter().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        assert!(commands().iter().any(|args| args[0] == name), "{name} is missing in `commands`");
    }
}

fn command(args: &[String]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmhttpsreadiness"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command
}

/// The status and what came on stdout and stderr; one that does not end in time fails.
fn finish(mut child: Child, about: &dyn std::fmt::Debug) -> (i32, String, String) {
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("{about:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().expect("it is not killed"), text(output.stdout), text(output.stderr))
}

/// The writing end of a pipe whose reader is gone.
fn without_reader() -> Stdio {
    let mut gone = Command::new("true").stdin(Stdio::piped()).spawn().unwrap();
    let pipe = gone.stdin.take().unwrap();
    gone.wait().unwrap();
    pipe.into()
}

fn full() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

#[test]
fn without_a_reader_of_stderr_nothing_changes() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    for args in commands() {
        let whole = finish(command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(), &args);
        for stderr in [without_reader(), full()] {
            let (status, stdout, _) =
                finish(command(&args).stdout(Stdio::piped()).stderr(stderr).spawn().unwrap(), &args);
            assert_eq!((status, &stdout), (whole.0, &whole.1), "{args:?}");
        }
    }
}

#[test]
fn without_a_reader_of_stdout_it_ends_quietly() {
    for args in commands() {
        let whole = finish(command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(), &args);
        let child = command(&args).stdout(without_reader()).stderr(Stdio::piped()).spawn().unwrap();
        let (status, _, stderr) = finish(child, &args);
        assert!(!stderr.contains("error"), "{args:?}: {stderr}");
        assert_eq!(status, whole.0, "{args:?}");
    }
}

#[test]
fn an_answer_that_cannot_be_written_is_an_error() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    for args in commands() {
        let child = command(&args).stdout(full()).stderr(Stdio::piped()).spawn().unwrap();
        let (status, _, stderr) = finish(child, &args);
        assert_eq!(status, 2, "{args:?}: {stderr}");
        assert!(stderr.contains("error: cannot write the answer: "), "{args:?}: {stderr}");
        let child = command(&args).stdout(full()).stderr(full()).spawn().unwrap();
        assert_eq!(finish(child, &args).0, 2, "{args:?}");
        // Each write to a descriptor that is open for reading fails.
        let for_reading = File::open("/dev/null").unwrap();
        let child = command(&args).stdout(for_reading).stderr(Stdio::piped()).spawn().unwrap();
        assert_eq!(finish(child, &args).0, 2, "{args:?}");
    }
}

/// The command with `-` for each machine.
fn from_stdin(args: &[String]) -> Vec<String> {
    let pc1 = machine("contoso-pc1");
    args.iter().map(|arg| if *arg == pc1 { "-".to_owned() } else { arg.clone() }).collect()
}

#[test]
fn stdin_that_is_empty_or_cannot_be_read_is_bad_input() {
    let reads = |args: &Vec<String>| args.iter().any(|arg| *arg == machine("contoso-pc1"));
    for args in commands().iter().filter(|args| reads(args)).map(|args| from_stdin(args)) {
        let folder = File::open(path("testdata")).unwrap(); // reading a folder fails, each time
        for stdin in [Stdio::null(), folder.into()] {
            let mut command = command(&args);
            let child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let (status, stdout, stderr) = finish(child, &args);
            assert_eq!(status, 2, "{args:?}: {stdout}{stderr}");
            assert!(stderr.len() < 4000, "{args:?}: {stderr}");
        }
    }
}

#[test]
fn a_file_of_lines_without_a_line_is_bad_input() {
    let scratch = tempfile::tempdir().unwrap();
    for content in ["", "\n", " \r\n\n", "\u{feff}"] {
        let file = scratch.path().join("fleet.jsonl");
        std::fs::write(&file, content).unwrap();
        let run = run(&[file.to_str().unwrap()]);
        assert_eq!(run.status, 2, "{content:?}");
        assert!(run.stderr.contains("the input is empty"), "{content:?}: {}", run.stderr);
    }
    assert_eq!(run_with(&["-"], " \n").status, 2);
}

#[test]
fn a_first_line_that_is_too_long_is_the_error_of_that_line() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("fleet.jsonl");
    let mut out = std::io::BufWriter::new(File::create(&file).unwrap());
    write!(out, r#"{{"schema":1,"name":""#).unwrap();
    let piece = [b'A'; 1 << 20];
    (0..257).for_each(|_| out.write_all(&piece).unwrap());
    writeln!(out, "\"}}\n{{\"schema\":1,\"name\":\"GOOD\",\"stores\":{{\"MY\":[]}}}}").unwrap();
    out.into_inner().unwrap();
    let run = run(&["--format=csv", file.to_str().unwrap()]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("line 1: the line has more than 256 MB"), "{}", run.stderr);
    assert_eq!(run.stdout.lines().filter(|line| line.starts_with("GOOD,")).count(), 1, "{}", run.stdout);
}

/// What is closed before the program starts is nothing, to be read or written: as with `<&-`, `>&-` and `2>&-`.
#[test]
#[cfg(unix)]
fn closed_streams_change_nothing_but_what_is_read_from_them() {
    let closed = |args: &[String], which: &str| {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("exec \"$0\" \"$@\" {which}")).arg(env!("CARGO_BIN_EXE_cmhttpsreadiness"));
        command.args(args).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
        finish(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(), &args)
    };
    for args in commands() {
        let whole = finish(command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(), &args);
        let (status, stdout, _) = closed(&args, "<&- 2>&-");
        assert_eq!((status, &stdout), (whole.0, &whole.1), "{args:?}");
        let (status, _, stderr) = closed(&args, ">&-");
        assert!(!stderr.contains("error"), "{args:?}: {stderr}");
        assert_eq!(status, whole.0, "{args:?}");
        assert_eq!(closed(&args, "<&- >&- 2>&-").0, whole.0, "{args:?}");
    }
    let reads = |args: &Vec<String>| args.iter().any(|arg| *arg == machine("contoso-pc1"));
    for args in commands().iter().filter(|args| reads(args)).map(|args| from_stdin(args)) {
        assert_eq!(closed(&args, "<&-").0, 2, "{args:?}");
    }
}

/// Where the summaries of a fleet are read from stdin.
#[test]
fn summaries_that_cannot_be_read_are_bad_input() {
    for stdin in [Stdio::null(), File::open(path("testdata")).unwrap().into()] {
        let args = ["merge".to_owned(), "-".to_owned()];
        let child = command(&args).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        assert_eq!(finish(child, &args).0, 2);
    }
}

/// A reader that has seen enough after some of the answers, as `head` has: the status is that of the machines before.
#[test]
fn a_reader_that_goes_away_in_the_middle_ends_it_quietly() {
    let fleet: String =
        (0..4000).map(|n| format!("{{\"schema\":1,\"name\":\"PC{n}\",\"stores\":{{\"MY\":[]}}}}\n")).collect();
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("fleet.jsonl");
    std::fs::write(&file, fleet).unwrap();
    let file = file.to_str().unwrap();
    let without = |more: &str| format!("{more} {file}").split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    for more in ["", "--format json", "--format csv", "--format log", "--full", "convert", "needs", "transition"] {
        let args = without(more);
        let mut child = command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        assert!(std::io::Read::read(&mut stdout, &mut [0; 100]).unwrap() > 0, "{args:?}");
        drop(stdout);
        let (status, _, stderr) = finish(child, &args);
        let output = command(&args).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert_eq!(Some(status), output.code(), "{args:?}: {stderr}");
        assert!(!stderr.contains("error"), "{args:?}: {stderr}");
    }
}
