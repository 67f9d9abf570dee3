//! One example of each module that is not public: what it is for.

#[test]
fn nearest_attribute() {
    use ccmcertsel::attribute::nearest;

    assert_eq!(nearest("isuer", ["issuer", "store"]), Some("issuer"));
    assert_eq!(nearest("colour", ["issuer", "store"]), None);
}

#[test]
fn attribute() {
    use ccmcertsel::attribute;

    let surname = attribute::oid_of("sn").unwrap();
    assert_eq!(surname.to_string(), "2.5.4.4");
    assert_eq!(attribute::printed_key(&surname), Some("SN"));
    assert_eq!(attribute::oid_of("ST"), attribute::oid_of("s"));
    assert_eq!(attribute::nearest_key("OV"), Some("OU"));
}

#[test]
fn encoding() {
    use ccmcertsel::encoding::{Encoding, decode};

    let decoded = decode(b"\xff\xfeP\0C\x001\0"); // what `>` writes in PowerShell 5
    assert_eq!((decoded.text(), decoded.encoding(), decoded.replaced()), ("PC1", Encoding::Utf16Le, 0));
    assert_eq!(decoded.file_offset(2), 6); // offsets in the text are not those in the file
}

#[test]
fn name_fold() {
    assert_eq!(ccmcertsel::name::fold("CN=Straße ΣΑΣ"), "cn=straße σασ");
}

#[test]
fn oid() {
    use ccmcertsel::Oid;

    let client_auth: Oid = "1.3.6.1.5.5.7.3.2".parse().unwrap();
    assert_eq!(client_auth.to_string(), "1.3.6.1.5.5.7.3.2");
    assert_eq!(client_auth.as_bytes(), ccmcertsel::oid::CLIENT_AUTH);
}

#[test]
fn plan_beyond() {
    use ccmcertsel::{Machine, Selector, Settings, Stores, Timestamp};

    let mut stores = Stores::builder();
    stores.add_der("MY", b"damaged");
    let selector = Selector::new(stores.build(), Machine::new("PC1"), Settings::ccm_setup());
    let (id, _) = selector.stores().entries().next().unwrap();
    assert!(selector.rejections_beyond(id, Timestamp::from_unix_seconds(0)).is_empty());
}

#[test]
fn reason() {
    use ccmcertsel::check::KeyReason;

    assert_eq!(KeyReason::KeyInaccessible.row().code, "validity.key_inaccessible");
}

#[cfg(feature = "cli")]
#[test]
fn report_calendar() {
    use ccmcertsel::report::calendar::Calendar;

    let mut calendar = Calendar::default();
    calendar.add("PC1", "CN=Contoso Issuing CA", "2026-03-05T10:00:00Z".parse().unwrap());
    let text = calendar.render("2026-01-15T09:00:00Z".parse().unwrap());
    assert!(text.contains("DTSTART;VALUE=DATE:20260302\r\nDTEND;VALUE=DATE:20260309\r\n"));
    assert!(text.contains("SUMMARY:1 certificate of CN=Contoso Issuing CA ends\r\n"));
}

#[cfg(feature = "cli")]
#[test]
fn report_csv() {
    use ccmcertsel::report::csv::{COLUMNS, cell};

    assert_eq!(COLUMNS[0], "machine");
    assert_eq!(cell("=1+1"), "'=1+1"); // a spreadsheet would compute it
}

#[cfg(feature = "cli")]
#[test]
fn report_html() {
    use ccmcertsel::report::html::{FleetPage, MachinePart, PageOptions};

    let mut page = FleetPage::new(PageOptions::default());
    assert!(page.add(MachinePart::unjudged("<script>", "no such file")).is_none());
    let html = page.finish().index;
    assert!(html.contains("&#60;script&#62;") && html.contains("could not be judged"));
}

#[cfg(feature = "cli")]
#[test]
fn report_json() {
    use ccmcertsel::Hresult;
    use ccmcertsel::report::json::Unjudged;

    let error = Unjudged::new("PC1", "no verb").at("CN=x", 0..4).with_hresult(Hresult::VERB_INVALID);
    assert_eq!(
        serde_json::to_string(&error).unwrap(),
        r#"{"schema":1,"machine":"PC1","error":{"message":"no verb","input":"CN=x","span":[0,4],"line":null,"hresult":"0x87D00285"}}"#
    );
}

#[cfg(feature = "cli")]
#[test]
fn report_json_summary() {
    use ccmcertsel::report::fleet::FleetSummary;
    use ccmcertsel::report::json::SummaryDocument;

    let json = serde_json::to_string(&SummaryDocument::new(FleetSummary::new())).unwrap();
    let again: SummaryDocument = serde_json::from_str(&json).unwrap();
    assert_eq!(again.into_summary(), FleetSummary::new());
}

#[test]
fn report_log_line() {
    use ccmcertsel::report::log::{LogLine, Severity};

    let text = r#"<![LOG[Analyzing 1 Chain(s) found]LOG]!><time="15:01:05.696-120" date="05-04-2020" component="TSManager" context="" type="0" thread="3736" file="CcmCert.cpp:4863">"#;
    let line: LogLine = text.parse().unwrap();
    assert_eq!(line.message(), "Analyzing 1 Chain(s) found");
    assert_eq!(line.severity(), Severity::Verbose);
    assert_eq!(line.instant().to_string(), "2020-05-04T13:01:05Z"); // 15:01 local, two hours ahead of UTC
    assert_eq!(line.to_string(), text);
}

#[cfg(feature = "cli")]
#[test]
fn report_needs() {
    use ccmcertsel::report::needs::Needs;

    let needs = Needs::new();
    assert!(needs.is_complete() && needs.crls().next().is_none());
}

#[cfg(feature = "cli")]
#[test]
fn report_over_time() {
    use ccmcertsel::report::over_time::{MachineMovement, Movement, Snapshot};

    let before = Snapshot::unjudged("no such file");
    assert_eq!(MachineMovement::gone("PC1", before).movement(), Movement::Gone);
}

#[cfg(feature = "cli")]
#[test]
fn report_reality() {
    use ccmcertsel::report::reality::LogReading;

    let reading = LogReading::of(
        "Begin searching client certificates based on Certificate Issuers\n\
         Certificate Issuer 1 [CN=Contoso Root CA]\n\
         Skipping Certificate [Thumbprint 68C5] issued to 'pc1' as root is 'CN=Other Root'\n\
         something else\n",
    );
    let pass = &reading.passes()[0];
    assert_eq!(pass.issuers(), Some(&["CN=Contoso Root CA".to_owned()][..]));
    assert_eq!(pass.certificates()[0].skipped.as_deref(), Some("CN=Other Root"));
    assert_eq!(reading.unknown_lines(), 1);
}

#[cfg(feature = "cli")]
#[test]
fn report_transition() {
    use ccmcertsel::DeviceKind;
    use ccmcertsel::report::transition::{Standing, Transition, TransitionPhase};

    assert_eq!(TransitionPhase::HttpsOnly.ssl_state().to_string(), "63: https only, crl check");
    assert_eq!(Standing::without_https(TransitionPhase::Mixed, DeviceKind::Windows), Standing::OverHttp);
    assert_eq!(Standing::without_https(TransitionPhase::HttpsOnly, DeviceKind::Windows), Standing::Lost);
    assert_eq!(Transition::default().machines(), 0);
}

#[test]
fn select_suggest_fleet() {
    use ccmcertsel::select::{FleetSuggestion, Goal};

    let suggestion = FleetSuggestion::new(Goal::Issuer("Contoso Issuing CA 1".to_owned()));
    assert_eq!(suggestion.machines(), 0);
    assert!(suggestion.criteria().is_empty());
}

#[test]
fn settings() {
    use ccmcertsel::Settings;
    use ccmcertsel::settings::{LongestBy, Ruleset};

    let stated = Settings::ccm_setup().with(Ruleset::Cb2107);
    let other = stated.readings().find(|(choice, _)| choice.setting == "longest_by").unwrap().1;
    assert_eq!((other.get::<Ruleset>(), other.get::<LongestBy>()), (Ruleset::Cb2107, LongestBy::NotAfter));
    assert!(stated.readings().all(|(choice, _)| choice.setting != "ruleset")); // it was stated
}

#[test]
fn shown() {
    use ccmcertsel::shown::caret_view;

    assert_eq!(caret_view("Sbject:CN=x", 0..6), "Sbject:CN=x\n^^^^^^");
    assert_eq!(caret_view("CN=a\u{202e}b", 7..8), "CN=a b\n     ^");
}

#[test]
fn shown_2() {
    use ccmcertsel::shown::{Shown, one_line};

    assert_eq!(Shown("pc1\u{1b}[31m").to_string(), r"pc1\u{1b}[31m");
    assert_eq!(one_line("issued to\npc1"), r"issued to\npc1");
}

#[test]
fn text_quoting() {
    use ccmcertsel::text::{Property, quote_for_powershell};

    let pasted = quote_for_powershell(Property::CertSel, "SubjectStr:O'Brien PC");
    assert_eq!(pasted, r#"'CCMCERTSEL="SubjectStr:O''Brien PC"'"#);
}

#[test]
fn text_quoting_2() {
    use ccmcertsel::text::{Property, quote_for_cmd};

    let pasted = quote_for_cmd(Property::CertIssuers, r#"CN=Fabrikam Root CA; O="Fabrikam; GmbH""#);
    assert_eq!(pasted, r#"CCMCERTISSUERS="CN=Fabrikam Root CA; O=""Fabrikam; GmbH""""#);
}

#[test]
fn text_setup_log() -> Result<(), Box<dyn std::error::Error>> {
    use ccmcertsel::settings::IssuerSyntax;
    use ccmcertsel::text::CcmSetupLog;

    let log = CcmSetupLog::parse(
        b"<![LOG[Ccmsetup command line: \"C:\\ccmsetup.exe\" /NoCRLCheck SMSSITECODE=ABC]LOG]!><time=\"12:01:05\">\r\n",
    );
    let run = log.last_run().unwrap();
    assert_eq!(run.properties(IssuerSyntax::Documented)?.site_code(), Some("ABC"));
    Ok(())
}
