//! `--format html`, run as a user runs it; what a browser makes of it is tested in `browser`.

use super::{machine, run, run_with};

fn inventories(count: usize) -> String {
    let line = |n| {
        format!(
            "{{\"schema\":1,\"name\":\"PC{n}\",\"now\":\"2026-01-15T09:00:00Z\",\"stores\":{{\"MY\":[{{\"der\":\"AAAA\"}}]}}}}\n"
        )
    };
    (0..count).map(line).collect()
}

#[test]
fn one_machine_and_several_are_the_same_page() {
    let one = run(&["--format", "html", &machine("contoso-pc1")]);
    assert_eq!(one.status, 0, "{}", one.stderr);
    assert!(one.stdout.starts_with("<!DOCTYPE html>") && one.stdout.trim_end().ends_with("</html>"));
    assert!(one.stdout.contains("<h1>HTTPS readiness of PC1</h1>"), "{}", one.stdout);
    assert!(one.stdout.contains("68C54BD52764CAA0DC9B8F34F7328939CB4ABD84"));
    let several = run(&["--format", "html", &machine("contoso-pc1"), &machine("issuers-no-match"), "no-such-file"]);
    assert_eq!(several.status, 2, "{}", several.stderr);
    assert!(several.stdout.contains("<h1>HTTPS readiness of 3 machines</h1>"));
    for words in ["no certificate chains to a listed root", "could not be judged", "To do:"] {
        assert!(several.stdout.contains(words), "{words}");
    }
    for address in ["src=", "http-equiv=\"refresh", "@import", "url("] {
        assert!(!several.stdout.contains(address), "{address}");
    }
}

/// The page says what text and JSON say: what was assumed, what other readings would change, what lies in the wrong store.
#[test]
fn r5_t4_the_page_has_readings_assumptions_and_the_wrong_store() {
    let page = run(&["--format", "html", &machine("contoso-ecc"), &machine("wrong-store")]).stdout;
    for words in [
        "Under other readings, by machines with another answer",
        "longest_by=not-after: 1 of 2 would be ready",
        "with longest_by=not-after instead it selects",
        "assumed: the ",
        "in the wrong store",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let stated = run(&["--format", "html", &machine("contoso-ecc"), "--setting", "crl_grace=48"]).stdout;
    assert!(stated.contains("crl_grace=48"));
}

#[test]
fn a_large_fleet_goes_to_a_folder() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("report");
    let run = run_with(&["--format", "html", "--out", folder.to_str().unwrap(), "-"], &inventories(1001));
    assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{}", run.stderr);
    let page =
        |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let index = page("index.html");
    assert!(index.contains("href=\"details-1.html#m501\"") && index.contains("href=\"details-2.html#m1001\""));
    assert!(page("details-1.html").contains("id=\"m501\"") && page("details-2.html").contains("id=\"m1001\""));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 3);
}

#[test]
fn machines_that_are_not_chosen_are_counted_and_not_listed() {
    let arguments = ["--format", "html", "--only", "ready", &machine("contoso-pc1"), &machine("issuers-no-match")];
    let run = run(&arguments);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stdout.contains("1 of 2 machines are chosen to be listed"), "{}", run.stdout);
    assert_eq!(run.stdout.matches("<tbody id=").count(), 1);
    assert!(run.stdout.contains("no certificate chains to a listed root"));
}

#[test]
fn a_folder_is_for_pages_alone() {
    let run = run(&["--out", "somewhere", &machine("contoso-pc1")]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("--out is for --format html"), "{}", run.stderr);
}
