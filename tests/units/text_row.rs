use super::file_line;

#[test]
fn q4_a_line_of_a_file_has_its_value_on_that_line() {
    for (line, value) in [
        ("CertificateIssuers=CN=a; O=b", Some("CN=a; O=b")),
        ("HttpsStateFlags : 31", Some("31")),
        ("CertificateIssuers=\"CN=a\"", Some("CN=a")),
        ("HttpsStateFlags :", None),
        ("HttpsStateFlags : ", None),
        ("CertificateIssuers=CN=a\nCN=b", None),
    ] {
        assert_eq!(file_line(line).and_then(|row| line.get(row.value)), value, "{line:?}");
    }
}
