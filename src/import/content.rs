//! The one reader: the same bytes mean the same, wherever they stand (a folder, an argument, an inventory, an export).

use super::detect::{Format, base64_der, detect};
use super::single::{certificate, crl};
use super::{ImportError, ImportOptions, Imported, pem, pkcs7, pkcs12_or_not, registry, sst};

/// Reads any of the formats, recognised by content.
pub(super) fn read(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    match detect(bytes).ok_or(ImportError::Unknown)? {
        Format::Registry => return registry(bytes),
        Format::SerializedStore => return sst(bytes, options),
        Format::Pkcs7 => return pkcs7(bytes, options),
        Format::Pkcs12 => return pkcs12_or_not(bytes, options),
        Format::Pem => pem::read(bytes, &mut imported, options),
        Format::Base64 => {
            let der = base64_der(bytes).ok_or(ImportError::Unknown)?;
            imported = read(&der, options)?;
        }
        Format::Certificate => certificate(bytes, 0, &mut imported, options),
        Format::Crl => crl(bytes, 0, &mut imported),
    }
    Ok(imported)
}
