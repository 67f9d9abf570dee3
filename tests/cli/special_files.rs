//! Files that are none, that never end, or that are longer than what is read: each is the error of its machine, and the
//! others are answered.

use super::{copy_machine, machine, run};
use std::path::Path;
use std::process::Command;

/// The status and what is said of a folder, which is judged beside a machine that is ready.
fn beside_a_good_one(folder: &Path, more: &[&str]) -> (i32, String) {
    let good = machine("contoso-pc1");
    let run = run(&[&[folder.to_str().unwrap(), &good, "--format=csv"], more].concat());
    assert!(run.stdout.lines().any(|row| row.starts_with("PC1,true,")), "{}", run.stdout);
    (run.status, run.stderr)
}

fn refused(folder: &Path, said: &str) {
    let (status, stderr) = beside_a_good_one(folder, &[]);
    assert_eq!(status, 2, "{stderr}");
    assert!(stderr.contains(said), "{said}: {stderr}");
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_no_files() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = copy_machine("contoso-ecc", scratch.path());
    let toml = std::fs::read(folder.join("machine.toml")).unwrap();
    let pipe = |path: &Path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    for place in ["beside", "MY/pipe.cer", "crl/pipe.crl", "machine.toml", "client-state.json", "mobileclient.tcf"] {
        let path = folder.join(place);
        let _ = std::fs::remove_file(&path);
        pipe(&path);
        refused(&folder, "this is a device or a pipe, and no file");
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        refused(&folder, "this is a device or a pipe, and no file");
        std::fs::remove_file(&path).unwrap();
        std::fs::write(folder.join("machine.toml"), &toml).unwrap();
    }
    assert_eq!(beside_a_good_one(&folder, &[]).0, 0);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_not_left_out() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = copy_machine("contoso-ecc", scratch.path());
    let sidecar = format!(
        "{}.toml",
        std::fs::read_dir(folder.join("MY"))
            .unwrap()
            .flatten()
            .map(|it| it.file_name().into_string().unwrap())
            .find(|name| !name.ends_with(".toml"))
            .unwrap()
    );
    for place in ["beside", "MY/zz.cer", "crl/zz.crl", &format!("MY/{sidecar}")] {
        let path = folder.join(place);
        let before = std::fs::read(&path).ok();
        let _ = std::fs::remove_file(&path);
        std::os::unix::fs::symlink("/nonexistent", &path).unwrap();
        refused(&folder, "cannot be read");
        std::fs::remove_file(&path).unwrap();
        before.into_iter().for_each(|bytes| std::fs::write(&path, bytes).unwrap());
    }
    assert_eq!(beside_a_good_one(&folder, &[]).0, 0);
}

#[test]
fn files_are_read_up_to_a_bound_that_can_be_set() {
    let scratch = tempfile::tempdir().unwrap();
    for (place, option) in [("MY/long.cer", "--max-file-mb"), ("crl/long.crl", "--max-crl-mb")] {
        let folder = copy_machine("contoso-ecc", &scratch.path().join(option));
        std::fs::write(folder.join(place), vec![0; (2 << 20) + 1]).unwrap();
        let (status, stderr) = beside_a_good_one(&folder, &[option, "2"]);
        assert_eq!((status, stderr.contains("it has more than 2 MB")), (2, true), "{stderr}");
        let (_, stderr) = beside_a_good_one(&folder, &[option, "3"]);
        assert!(!stderr.contains("more than"), "{stderr}");
    }
    let long = scratch.path().join("long.crl");
    std::fs::write(&long, vec![0; (1 << 20) + 1]).unwrap();
    let run = run(&["--crl", long.to_str().unwrap(), "--max-crl-mb=1", &machine("contoso-pc1")]);
    assert_eq!((run.status, run.stderr.contains("it has more than 1 MB")), (2, true), "{}", run.stderr);
}

#[test]
fn what_stands_in_place_of_a_certificate_or_crl_is_called_by_its_name() {
    let page = b"<!DOCTYPE html>\r\n<html><title>Sign in</title></html>";
    for (place, bytes, said) in [
        ("MY/page.cer", &page[..], "not a certificate at byte 0: it is a page of the web: a server or proxy answered"),
        ("CA/page.cer", page, "not a certificate at byte 0: it is a page of the web"),
        ("crl/page.crl", page, "not a CRL at byte 0: it is a page of the web"),
        ("MY/empty.cer", b"", "not a certificate at byte 0: it is empty"),
        ("crl/zeros.crl", &[0; 700], "not a CRL at byte 0: it is zeros throughout"),
        ("crl/issuing.crl.gz", b"\x1f\x8b\x08\0\0\0", "not a CRL at byte 0: it is compressed by gzip: unpack it"),
        ("MY/certificates.zip", b"PK\x03\x04\x14\0", "not a certificate at byte 0: it is a ZIP archive: unpack it"),
        (
            "ROOT/read-me.txt",
            b"ask Bob for the root",
            "not a certificate at byte 0: it is a text, and neither PEM nor base64",
        ),
    ] {
        let scratch = tempfile::tempdir().unwrap();
        let folder = copy_machine("contoso-ecc", scratch.path());
        std::fs::create_dir_all(folder.join("CA")).unwrap();
        std::fs::write(folder.join(place), bytes).unwrap();
        let run = run(&[folder.to_str().unwrap(), "--width=200"]);
        let all = format!("{}{}", run.stderr, run.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(all.contains(said) && all.contains(place), "{place}: {all}");
    }
}
