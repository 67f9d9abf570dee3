//! The part of the command line that reads inventories, from bytes to machines: it belongs to the program and not to the
//! library, so it is taken from its files.

#![allow(dead_code)] // the program uses more of it

#[path = "../../src/cli/bytes.rs"]
pub mod bytes;
#[path = "../../src/cli/cache.rs"]
pub mod cache;
#[path = "../../src/cli/client_state.rs"]
pub mod client_state;
#[path = "../../src/cli/collected.rs"]
pub mod collected;
#[path = "../../src/cli/error.rs"]
pub mod error;
#[path = "../../src/cli/importer.rs"]
pub mod importer;
#[path = "../../src/cli/inventory.rs"]
pub mod inventory;
#[path = "../../src/cli/lines.rs"]
pub mod lines;
#[path = "../../src/cli/load.rs"]
pub mod load;
#[path = "../../src/cli/machine.rs"]
pub mod machine;
#[path = "../../src/cli/nearest.rs"]
pub mod nearest;
#[path = "../../src/cli/properties.rs"]
pub mod properties;
#[path = "../../src/cli/reported.rs"]
pub mod reported;
#[path = "../../src/cli/text.rs"]
pub mod text;
