//! What the README and the pages beside it say is what the library has.

use super::path;
use ccmcertsel::Settings;

#[test]
fn every_setting_stands_on_its_page_with_its_default_first() {
    let page = std::fs::read_to_string(path("src/docs/settings.md")).unwrap();
    let rows: Vec<Vec<String>> = page
        .lines()
        .map(|line| line.replace('`', "").split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect();
    for choice in Settings::default().choices() {
        let row = rows.iter().find(|row| row.len() == 5 && row[1] == choice.setting);
        let row = row.unwrap_or_else(|| panic!("`{}` is not in src/docs/settings.md", choice.setting));
        assert_eq!(row[2].split(',').next(), Some(choice.default), "{row:?}");
        assert_eq!(row[3], choice.rule.id(), "{row:?}");
        for value in row[2].split(',') {
            let set = Settings::default().set(choice.setting, value);
            assert!(set.is_ok(), "{row:?}: {set:?}");
        }
    }
}

/// Every line of the transcript but its dots must be in what the commands print.
#[test]
fn the_transcript_of_the_readme_is_what_the_commands_print() {
    let readme = std::fs::read_to_string(path("README.md")).unwrap();
    let transcript = readme.split("```text\n$ ").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let commands: Vec<&str> = transcript.split("\n$ ").collect();
    assert_eq!(commands.len(), 2);
    for command in commands {
        let (line, shown) = command.split_once('\n').unwrap();
        let args: Vec<&str> = line.split_whitespace().skip(1).collect();
        let run = super::run(&args);
        assert_eq!(run.status, 1, "{line}: {}", run.stderr);
        for expected in shown.lines().filter(|line| *line != "...") {
            assert!(run.stdout.lines().any(|line| line == expected), "`{expected}` is not in\n{}", run.stdout);
        }
    }
}

/// The paths of all keys in some JSON.
fn keys(value: &serde_json::Value, path: &str, found: &mut std::collections::BTreeSet<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (key, value) in object {
                // An outcome has one form, wherever it stands.
                let path = match key.as_str() {
                    "without_revocation" | "outcome" => ".outcome".to_owned(),
                    _ => format!("{path}.{key}"),
                };
                keys(value, &path, found);
                found.insert(path);
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| keys(value, path, found)),
        _ => {}
    }
}

#[test]
fn the_example_of_the_json_has_every_key_that_is_printed_and_no_other() {
    let page = std::fs::read_to_string(path("src/docs/output.md")).unwrap();
    let mut shown = std::collections::BTreeSet::new();
    let examples: Vec<&str> = page.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 2);
    for example in examples {
        keys(&serde_json::from_str(example).expect(example), "", &mut shown);
    }
    let mut printed = std::collections::BTreeSet::new();
    let machines = path("testdata/machines");
    let run = super::run(&[machines.join("no-such-machine").to_str().unwrap(), "--format", "json"]);
    let mut lines = run.stdout;
    for machine in std::fs::read_dir(machines).unwrap() {
        let machine = machine.unwrap().path();
        if machine.is_dir() {
            lines += &super::run(&[machine.to_str().unwrap(), "--format", "json"]).stdout;
        }
    }
    for line in lines.lines() {
        keys(&serde_json::from_str(line).expect(line), "", &mut printed);
    }
    assert_eq!(shown, printed);
}
