//! Imports of hostile bytes: nothing panics, nothing is lost, and what is read twice is the same.

use ccmcertsel::Stores;
use ccmcertsel::import::{self, ImportError, ImportOptions, Imported};
use ccmcertsel::store::StoreWarning;

/// Rule W-1.
pub fn sst(data: &[u8]) {
    check(import::sst(data, &ImportOptions::default()));
    // Without its own mark the same bytes are tried as entries, so that mutation need not find it.
    let mut marked = b"\0\0\0\0CERT".to_vec();
    marked.extend_from_slice(data);
    check(import::sst(&marked, &ImportOptions::default().with_store("MY")));
}

/// Rule W-2.
pub fn reg(data: &[u8]) {
    check(import::registry(data));
    let mut keyed = b"REGEDIT4\n[HKLM\\Microsoft\\SystemCertificates\\MY\\Certificates\\00]\n\"Blob\"=hex:".to_vec();
    keyed.extend_from_slice(data);
    check(import::registry(&keyed));
}

/// PKCS#7, and everything that is recognised by content.
pub fn p7b(data: &[u8]) {
    check(import::pkcs7(data, &ImportOptions::default()));
    check(import::import(data, &ImportOptions::default()));
}

/// PKCS#7 in BER: indefinite lengths, strings in pieces, whatever stands round them.
pub fn ber(data: &[u8]) {
    // Without its own header the same bytes are tried as the content of a SignedData.
    let mut headed = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80".to_vec();
    headed.extend_from_slice(data);
    headed.extend_from_slice(&[0; 4]);
    for bytes in [data, &headed] {
        check(import::pkcs7(bytes, &ImportOptions::default()));
    }
}

/// PKCS#12; the seeds have the password `kennwort`.
#[cfg(feature = "import")]
pub fn pfx(data: &[u8]) {
    let options = ImportOptions::default().with_password("kennwort");
    check(import::pkcs12(data, &options));
    // In BER, and without a check value that the mutation would have to meet.
    let mut headed =
        b"\x30\x80\x02\x01\x03\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80".to_vec();
    headed.extend_from_slice(data);
    headed.extend_from_slice(&[0; 8]);
    check(import::pkcs12(&headed, &options));
}

fn check(result: Result<Imported, ImportError>) {
    let imported = match result {
        Ok(imported) => imported,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    for problem in imported.problems() {
        assert!(!problem.to_string().is_empty());
    }
    let mut builder = Stores::builder();
    imported.add_to(&mut builder);
    let stores = builder.build();
    let given: usize = imported.stores().map(|(_, entries)| entries.len()).sum();
    // T-8: what is not in the stores was a second copy, and there is a warning for it.
    let duplicates = stores.warnings().iter().filter(|warning| matches!(warning, StoreWarning::Duplicate { .. }));
    assert_eq!(stores.entries().len() + duplicates.count(), given);
    // Merging a file with itself adds nothing.
    let mut twice = imported.clone();
    twice.merge(imported);
    let again: usize = twice.stores().map(|(_, entries)| entries.len()).sum();
    assert_eq!(again, given);
}
