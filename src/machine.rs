//! Machines as they are on record: machine folders and inventories, as the program `cmhttpsreadiness` takes them. It needs the
//! feature `machine`, and is the one module of the library that reads files.
//!
//! A machine folder has a `machine.toml`, a sub-folder a store, and `crl`; an inventory is one JSON document. What they may
//! hold is described in [`docs::inputs`](crate::docs::inputs).
//!
//! ```
//! use ccmcertsel::machine::{MachineRecord, Reader, Stated};
//!
//! let reader = Reader::new().with_limits(1 << 20, 1 << 24); // a megabyte, for CRLs sixteen
//! let pc1: MachineRecord = reader.read_folder("testdata/machines/contoso-pc1")?;
//! let now = pc1.now.expect("its machine.toml states an instant");
//! let selection = pc1.selector().select(now);
//! assert!(selection.selected().is_some());
//! assert!(pc1.notes.is_empty() && pc1.crls.unreadable().is_empty());
//!
//! // An inventory, and which source says what of its settings.
//! let inventory = r#"{"schema":1,"name":"PC2","stores":{"MY":[]},"settings":{"properties":"CCMFIRSTCERT=1"}}"#;
//! let pc2 = reader.read_inventory(inventory)?;
//! let stated: &Stated = &pc2.stated[0];
//! assert_eq!((stated.name, stated.value.as_str(), &*stated.source), ("on_multiple", "select-longest", "ccmsetup"));
//!
//! // A fleet: one JSON document a line, from a file or a pipe.
//! let fleet = format!("{inventory}\n{}", r#"{"schema":1,"name":"PC3","store":{}}"#);
//! let machines: Vec<_> = reader.read_inventories(fleet.as_bytes()).collect();
//! assert_eq!(machines[0].as_ref().unwrap().machine.to_string(), "PC2");
//! let error = machines[1].as_ref().unwrap_err();
//! assert_eq!(error.message, "unknown key `store`: did you mean `stores`?");
//! assert_eq!(error.line.unwrap().get(), 2);
//! # Ok::<(), ccmcertsel::machine::InputError>(())
//! ```

pub(crate) mod bounds;
pub(crate) mod bytes;
pub(crate) mod cache;
pub(crate) mod client_state;
pub(crate) mod collected;
pub(crate) mod error;
pub(crate) mod export;
pub(crate) mod folder;
pub(crate) mod importer;
pub(crate) mod input;
pub(crate) mod inventory;
pub(crate) mod lines;
pub(crate) mod load;
pub(crate) mod nearest;
pub(crate) mod properties;
mod record;
pub(crate) mod reported;
pub(crate) mod settings;
pub(crate) mod state_file;
pub(crate) mod text;
pub(crate) mod trace;

pub use self::error::InputError;
pub use self::record::{MachineRecord, Reader};
pub use self::trace::Stated;

/// Any bytes as inventories: what the tests and the fuzz target `inventory` run.
#[cfg(all(repository, any(test, feature = "test-support")))]
#[doc(hidden)]
#[path = "../tests/fuzz_bodies/inventory.rs"]
#[allow(clippy::wildcard_enum_match_arm, reason = "a test may panic")]
pub mod inventory_body;
