//! What the README says about settings is what the library has.

use super::path;
use ccmcertsel::Settings;

#[test]
fn every_setting_stands_in_the_readme_with_its_default_first() {
    let readme = std::fs::read_to_string(path("README.md")).unwrap();
    let rows: Vec<Vec<String>> = readme
        .lines()
        .map(|line| line.replace('`', "").split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect();
    for choice in Settings::default().choices() {
        let row = rows.iter().find(|row| row.len() == 5 && row[1] == choice.setting);
        let row = row.unwrap_or_else(|| panic!("`{}` is not in the README", choice.setting));
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
