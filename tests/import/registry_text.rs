//! The text of registry files: wrong and cut values with line and column, deletions, other keys (rule W-2).

use ccmcertsel::import::{self, Imported};
use ccmcertsel::{Entry, StoreName, Thumbprint};

const MY: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\MY";

fn read(body: &str) -> Imported {
    import::registry(format!("Windows Registry Editor Version 5.00\r\n\r\n{body}").as_bytes()).unwrap()
}

fn problems(imported: &Imported) -> Vec<String> {
    imported.problems().iter().map(ToString::to_string).collect()
}

fn my(imported: &Imported) -> Vec<&Entry> {
    imported.stores().filter(|(name, _)| **name == StoreName::new("MY")).flat_map(|(_, entries)| entries).collect()
}

/// A key of MY, on line 3, with a value of these lines.
fn value(lines: &str) -> Imported {
    read(&format!("[{MY}\\Certificates\\{}]\r\n{lines}", "AB".repeat(20)))
}

#[test]
fn wrong_and_cut_hexadecimal_has_line_and_column() {
    let cases = [
        ("\"Blob\"=hex:03,0g,00", "line 4, column 15: `0g` is no byte: write two hexadecimal digits and a comma (W-2)"),
        (
            "\"Blob\"=hex:03,00,\\\r\n  00,123,00",
            "line 5, column 6: `123` is no byte: write two hexadecimal digits and a comma (W-2)",
        ),
        ("\"Blob\"=hex:03,,00", "line 4, column 15: `` is no byte: write two hexadecimal digits and a comma (W-2)"),
        ("\"Blob\"=hex:03,+1", "line 4, column 15: `+1` is no byte: write two hexadecimal digits and a comma (W-2)"),
        (
            "\"Blob\"=hex:03,00,",
            "line 4, column 18: the value breaks off: a line that ends in a comma and a backslash is continued on the next line (W-2)",
        ),
        (
            "\"Blob\"=hex:03,00,\\",
            "line 4, column 19: the value breaks off: a line that ends in a comma and a backslash is continued on the next line (W-2)",
        ),
        (
            "\"Blob\"=hex:03,00,\\\r\n\r\n",
            "line 4, column 19: the value breaks off: a line that ends in a comma and a backslash is continued on the next line (W-2)",
        ),
        ("\"Blob\"=\"text\"", "line 4, column 1: `Blob` is \"text\": it should be `hex:` (W-2)"),
        ("\"Blob\"=dword:00000001", "line 4, column 1: `Blob` is dword:00000001: it should be `hex:` (W-2)"),
    ];
    for (lines, expected) in cases {
        // The next key is read whatever happens before it.
        let imported = value(&format!("{lines}\r\n[{MY}2]\r\n"));
        assert_eq!(problems(&imported), [expected], "{lines}");
        assert!(imported.stores().any(|(name, _)| name.as_str() == "MY2"), "{lines}");
        let entries = my(&imported);
        let [Entry::Unreadable(entry)] = entries.as_slice() else {
            panic!("{entries:?}");
        };
        assert_eq!(entry.thumbprint(), Thumbprint::from([0xab; 20]));
    }
}

#[test]
fn an_empty_value_is_an_unreadable_entry() {
    let imported = value("\"Blob\"=hex:\r\n");
    let expected = format!(
        "line 4, byte 0 of `MY\\Certificates\\{}`: damaged entry, 0 bytes skipped: neither a certificate nor a CRL (W-2)",
        "AB".repeat(20)
    );
    assert_eq!(problems(&imported), [expected]);
    assert_eq!(my(&imported).len(), 1);
}

#[test]
fn the_key_must_name_its_certificate() {
    let sst = super::exports::fixture("contoso-pc1-ROOT.sst");
    // Without the header of the file and the end entry, the first certificate of it is a registry value (W-2).
    let first_entry = 8 + 32 + 32;
    let length = u32::from_le_bytes(sst[first_entry + 8..first_entry + 12].try_into().unwrap()) as usize;
    let blob = &sst[8..first_entry + 12 + length];
    let hex: Vec<String> = blob.iter().map(|byte| format!("{byte:02X}")).collect();
    let imported = value(&format!("\"Blob\"=hex(3):{}\r\n", hex.join(",")));
    let actual = Thumbprint::of(&sst[first_entry + 12..first_entry + 12 + length]);
    assert_eq!(
        problems(&imported),
        [format!(
            "line 4, byte 76 of `MY\\Certificates\\{named}`: the key's name says {named}, the certificate is {actual} (W-3)",
            named = "AB".repeat(20)
        )]
    );
    assert!(my(&imported)[0].certificate().is_none());
}

#[test]
fn deletions_delete_what_stands_before_them() {
    let blob = "\"Blob\"=hex:00\r\n";
    let one = format!("[{MY}\\Certificates\\{}]\r\n{blob}", "AB".repeat(20));
    let other = format!("[{MY}\\Certificates\\{}]\r\n{blob}", "CD".repeat(20));
    let cases = [
        (format!("[-{MY}\\Certificates\\{}]", "ab".repeat(20)), 1),
        (format!("[-{}\\certificates]", MY.to_lowercase()), 0),
        (format!("[-{MY}]"), 0),
        (format!("[-{MY}\\Certificates\\{}]", "AB".repeat(19)), 2),
        (format!("[{MY}\\Certificates\\{}]\r\n\"Blob\"=-", "AB".repeat(20)), 1),
    ];
    for (deletion, left) in cases {
        let imported = read(&format!("{one}{other}{deletion}\r\n"));
        assert_eq!(my(&imported).len(), left, "{deletion}");
        assert_eq!(imported.stores().count(), usize::from(!deletion.ends_with("MY]")), "{deletion}");
    }
}

#[test]
fn other_values_and_lines_do_not_disturb() {
    let imported = read(&format!(
        "; a comment\r\n[{MY}\\Certificates\\{name}]\r\n@=\"default\"\r\n\"Path\"=\"C:\\\\a\\\"b\"\r\n\"Open\"=\"first line\r\n\
         second line\"\r\n\"Big\"=hex(7):41,00,\\\r\n  00,00\r\n\"Wide\"=hex:zz,\\\r\n  zz\r\n\"No\"=-\r\nnonsense\r\n\
         \"Blob\" = hex:00\r\n[{MY}\\Keys\r\n",
        name = "AB".repeat(20)
    ));
    let problems = problems(&imported);
    assert_eq!(problems[0], "line 14, column 1: line not understood: `nonsense` (W-2)");
    assert!(problems[1].starts_with("line 16, column 1: line not understood: `[HKEY_LOCAL_MACHINE\\SOFT"));
    assert_eq!(my(&imported).len(), 1);
}

#[test]
fn stores_of_users_and_services_are_left_out() {
    let blob = "\"Blob\"=hex:00";
    let cases = [
        r"HKEY_CURRENT_USER\Software\Microsoft\SystemCertificates\My\Certificates\00",
        r"HKEY_USERS\.DEFAULT\Software\Microsoft\SystemCertificates\My\Certificates\00",
        r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography\Services\x\SystemCertificates\My\Certificates\00",
    ];
    for key in cases {
        let imported = read(&format!("[{key}]\r\n{blob}\r\n"));
        assert_eq!(
            problems(&imported),
            [format!(
                "line 3, column 1: `{key}` and what else is not in a store of the local computer is not read (W-2)"
            )]
        );
        assert_eq!(imported.stores().count(), 0);
    }
    // The hive of another disk, loaded under a name of one's choice.
    let imported = read(&format!("[HKLM\\OFFLINE\\Microsoft\\SystemCertificates\\My\\Certificates\\00]\r\n{blob}\r\n"));
    assert_eq!(my(&imported).len(), 1);
}

#[test]
fn a_missing_header_and_bad_characters_are_said() {
    let mut bytes = b"[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates\\Stra\xdfe]\r\n".to_vec();
    let imported = import::registry(&bytes).unwrap();
    assert_eq!(
        problems(&imported),
        [
            "line 1, column 1: 1 characters do not decode as UTF-8; they were replaced (W-2)",
            "line 1, column 1: the first line should be `Windows Registry Editor Version 5.00` or `REGEDIT4` (W-2)",
        ]
    );
    bytes.clear();
    assert_eq!(problems(&import::registry(&bytes).unwrap()), [] as [&str; 0]);
}

#[test]
fn problems_are_bounded() {
    let imported = read(&"nonsense\r\n".repeat(5000));
    assert_eq!(imported.problems().len(), 1000);
    assert_eq!(imported.more_problems(), 4000);
}
