//! The bodies of the fuzz targets and the builders that they use, as the ordinary tests have them.

#[path = "../../tests/fuzz_bodies/mod.rs"]
pub mod fuzz_bodies;
#[allow(dead_code, unused_imports)] // the targets use a part of what the tests need
#[path = "../../tests/support/mod.rs"]
pub mod support;
