//! The two commands of the README, from "PC1 does not register over HTTPS" to the reason and the remedy, as it shows them.

#[cfg(feature = "cli")]
#[test]
fn the_transcript_of_the_readme() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap_or_default();
    let mut transcripts = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        for step in block.split("$ cmhttpsreadiness ").skip(1) {
            let (command, expected) = step.split_once('\n').expect("a command and its answer");
            let args: Vec<&str> = command.split(' ').collect();
            let run = crate::cli::run(&args);
            assert_eq!(run.stdout.trim_end(), expected.trim_end(), "{command}\n{}", run.stderr);
            transcripts += 1;
        }
    }
    if readme.is_empty() {
        println!("not run: there is no README yet");
        return;
    }
    assert!(transcripts >= 2, "the README shows two commands and their answers");
}
