//! The one reader: the same bytes mean the same, wherever they stand (a folder, an argument, an inventory, an export).

use super::detect::{Format, base64_inside, detect};
use super::single::{certificate, crl};
use super::{ImportError, ImportOptions, Imported, pem, pkcs7, pkcs12_or_not, registry, sst};
use crate::encoding::OtherContent;

/// Reads any of the formats, recognised by content.
pub(super) fn read(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let format = detect(bytes).ok_or(ImportError::Unknown)?;
    // Their own fields say no more than that they are damaged, or that a password is wrong.
    if matches!(format, Format::Pkcs7 | Format::Pkcs12)
        && let Some(changed) = OtherContent::of(bytes)
    {
        return Err(ImportError::Other(changed));
    }
    match format {
        Format::Registry => return registry(bytes),
        Format::SerializedStore => return sst(bytes, options),
        Format::Pkcs7 => return pkcs7(bytes, options),
        Format::Pkcs12 => return pkcs12_or_not(bytes, options),
        Format::Pem => pem::read(bytes, &mut imported, options),
        Format::Base64 => {
            let inside = base64_inside(bytes).ok_or(ImportError::Unknown)?;
            imported = read(&inside, options)?;
        }
        Format::Certificate => certificate(bytes, 0, &mut imported, options),
        Format::Crl => crl(bytes, 0, &mut imported),
    }
    Ok(imported)
}
