//! `openssl verify` judges the example machines too, where the command is present.

use super::path;
use std::process::Command;

#[test]
fn openssl_agrees_about_every_example_certificate() {
    if Command::new("openssl").arg("version").output().is_err() {
        println!("not run: there is no openssl here");
        return;
    }
    let output = Command::new("bash").arg(path("testdata/machines/check.sh")).output().expect("bash");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
