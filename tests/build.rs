//! Says to the compiler that this is the repository: there, the contract tests are compiled as well. The published package has
//! neither them nor this script.

fn main() {
    println!("cargo::rerun-if-changed=tests/build.rs");
    println!("cargo::rustc-cfg=repository");
}
