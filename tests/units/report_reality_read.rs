use super::*;

#[test]
fn a_log_of_several_selections_is_split_where_each_begins() {
    let one = "Begin searching client certificates based on Certificate Issuers\nCertificate Issuer 1 [CN=A]\n\
               Completed searching client certificates based on Certificate Issuers\nBegin to select client certificate\n";
    let selected =
        ">>> Client selected the PKI Certificate [Thumbprint AA] issued to 'a'\nClient PKI cert is available.\n";
    let reading = LogReading::of(&format!("x\n{one}{selected}{one}failed 0x87d00282\n{one}"));
    let ends: Vec<_> = reading.passes().iter().map(|pass| (pass.selected(), pass.result())).collect();
    assert_eq!(ends, [(Some("AA"), None), (None, Some(Hresult::SEVERAL)), (None, None)]);
    assert_eq!(reading.last().unwrap().result(), Some(Hresult::SEVERAL));
    assert_eq!((reading.known_lines(), reading.unknown_lines()), (15, 1));
}

#[test]
fn a_message_of_several_lines_and_a_damaged_one_are_read() {
    let text = "<![LOG[Certificate Issuer 1 [CN=A;\r\nDC=b]]LOG]!><time=\"09:00:00.000+000\" date=\"01-15-2026\" \
                component=\"c\" context=\"\" type=\"1\" thread=\"1\" file=\"f\">\n<![LOG[CRL check enabled. ]LOG]!><time=\n<![LOG[";
    let reading = LogReading::of(text);
    assert_eq!(reading.passes()[0].issuers(), Some(&["CN=A; DC=b".to_owned()][..]));
    assert!(reading.passes()[0].checks_crl());
    assert_eq!(reading.passes()[0].begin().unwrap().to_string(), "2026-01-15T09:00:00Z");
    assert_eq!((reading.known_lines(), reading.unknown_lines()), (2, 1));
}

#[test]
fn a_hostile_log_is_read_in_bounded_memory() {
    let mut text = String::new();
    for number in 0..20_000 {
        text.push_str(&format!("Certificate Issuer {number} [CN={number}]\n"));
        text.push_str(&format!("Begin validation of Certificate [Thumbprint {number}] issued to 'x'\n"));
    }
    text.push_str(&"Begin to select client certificate\n".repeat(3000));
    let reading = LogReading::of(&text);
    assert_eq!((reading.passes().len(), reading.left_out()), (KEPT_PASSES, 2000));
    assert!(reading.passes().iter().all(|pass| pass.certificates().len() <= KEPT_ENTRIES));
}
