//! The bytes of a file, within a bound: what is larger, or never ends, is refused before it takes the memory of the others.

use super::error::InputError;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// What a megabyte is, for the bounds.
const MB: u64 = 1 << 20;

/// How much of one file is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Of any file of a folder, in bytes.
    pub file: u64,
    /// Of a CRL, in bytes: those of a large CA are the largest files of a machine.
    pub crl: u64,
}

impl Limits {
    /// Bounds in megabytes, as the command line states them.
    pub(crate) fn of_megabytes(file: u32, crl: u32) -> Self {
        Limits { file: u64::from(file) * MB, crl: u64::from(crl) * MB }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits::of_megabytes(64, 256)
    }
}

/// The bytes of a file that is in a folder.
///
/// # Errors
/// It cannot be read, has more bytes than this, or is not a file: nobody meant a device or a pipe that stands there.
pub(crate) fn inside(path: &Path, limit: u64) -> Result<Vec<u8>, InputError> {
    let metadata = fs::metadata(path).map_err(|error| InputError::io(path, &error))?;
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(InputError::new("this is a device or a pipe, and no file").in_file(path));
    }
    if metadata.len() > limit {
        return Err(too_long(limit).in_file(path));
    }
    let file = File::open(path).map_err(|error| InputError::io(path, &error))?;
    within(file, limit).map_err(|error| error.in_file(path))
}

/// The bytes of a file that an argument names; it may be a pipe.
///
/// # Errors
/// It cannot be read, or has more bytes than any file of a folder may have.
pub(crate) fn named(path: &Path) -> Result<Vec<u8>, InputError> {
    let file = File::open(path).map_err(|error| InputError::io(path, &error))?;
    within(file, Limits::default().file).map_err(|error| error.in_file(path))
}

/// The bytes of a reader.
///
/// # Errors
/// It cannot be read, or gives more bytes than this.
pub(crate) fn within(reader: impl Read, limit: u64) -> Result<Vec<u8>, InputError> {
    let mut bytes = Vec::new();
    let read = reader.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| InputError::new(format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > limit { Err(too_long(limit)) } else { Ok(bytes) }
}

fn too_long(limit: u64) -> InputError {
    InputError::new(format!("it has more than {} MB, and no more of one file is read", limit.div_ceil(MB)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_more_than_the_bound_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, [7; 100]).unwrap();
        assert_eq!(inside(&path, 100).unwrap().len(), 100);
        let error = inside(&path, 99).unwrap_err();
        assert_eq!((error.path.as_deref(), within(&[7; 100][..], 99).is_err()), (Some(path.as_path()), true));
        assert!(inside(folder.path(), 1 << 20).unwrap_err().message.starts_with("cannot be read"));
    }

    #[test]
    fn what_never_ends_is_no_file() {
        let device = Path::new("/dev/zero");
        if device.exists() {
            assert!(inside(device, 1 << 20).unwrap_err().message.contains("a device"), "{device:?}");
        }
        assert!(within(std::io::repeat(0), 1000).is_err());
    }
}
