//! Serialized stores, `.sst` (rule W-1).
//!
//! ```text
//! u32 version 0, u32 0x54524543, then entries, then an end entry of twelve zero bytes; all little-endian
//! ```

use super::collect::{CollectedEntries, Run};
use super::element::Ending;
use super::problem::{ProblemPlace, Problems};
use super::properties::NoKeyProperty;
use super::{ImportError, ImportOptions, Imported};
use crate::rules::Rule;

/// Version 0 and the mark `CERT`.
pub(super) const MAGIC: [u8; 8] = [0, 0, 0, 0, b'C', b'E', b'R', b'T'];

/// Reads a serialized store, one store a file (rule W-1).
///
/// A certificate without key provider information has no key if another certificate of the file has one; if none has,
/// the file was written without properties and nothing is known about keys (rule W-4, our reading).
///
/// # Errors
///
/// [`ImportError::Unknown`] without the mark at the beginning. Damage after it is not an error: the damaged entry is
/// an unreadable entry, and the rest is read.
pub(crate) fn sst(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    super::check_size(bytes)?;
    if !bytes.starts_with(&MAGIC) {
        return Err(ImportError::Unknown);
    }
    let mut run = Run {
        bytes,
        start: MAGIC.len(),
        ending: Ending::EndEntry,
        rule: Rule::W1,
        no_key: NoKeyProperty::MeansUnknown,
        named: None,
        place: &ProblemPlace::Byte,
    };
    if run.has_key_property() {
        run.no_key = NoKeyProperty::MeansAbsent;
    }
    let mut problems = Problems::default();
    let mut collected = CollectedEntries::default();
    run.collect(&mut collected, &mut problems);
    let mut imported = Imported::new(problems);
    if let Some(store) = options.store() {
        imported.ensure_store(store);
    }
    for entry in collected.entries {
        imported.place(entry, options);
    }
    imported.crls = collected.crls;
    Ok(imported)
}
