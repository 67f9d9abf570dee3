//! Command lines as they are typed and pasted (rule Q-4), and pasting what the crate prints.

use super::{Differences, corpus};
use ccmcertsel::select::lint_command_line;
use ccmcertsel::settings::IssuerSyntax;
use ccmcertsel::text::{CcmSetupLog, Property, quote_for_cmd, quote_for_powershell};
use ccmcertsel::{Coded, Criteria, IssuersList, Properties};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    input: String,
    carries: Option<String>,
    #[serde(default)]
    lints: Vec<String>,
    error: Option<String>,
    points_to: Option<String>,
}

/// Ours of a line, as cmd takes them.
fn ours(properties: &Properties) -> String {
    let stated = |property: &Property| Some(quote_for_cmd(*property, &properties.value_text(*property)?));
    Property::ALL.iter().filter_map(stated).collect::<Vec<String>>().join(" ")
}

#[test]
fn q4_every_wrapping_is_read_as_what_it_carries() {
    let cases: Vec<Case> = corpus("properties/wrappings.toml");
    let mut differences = Differences::default();
    for case in &cases {
        let name = &case.name;
        match (case.input.parse::<Properties>(), &case.carries, &case.error) {
            (Ok(properties), Some(carries), None) => {
                differences.expect(name, "carries", ours(&properties), carries.clone());
                let lints = lint_command_line(&properties);
                let codes = lints.iter().map(|lint| lint.code().trim_start_matches("lint.").to_owned());
                differences.expect(name, "lints", codes.collect(), case.lints.clone());
                let again = properties.to_string().parse::<Properties>().ok();
                differences.expect(name, "reads back", again.as_ref(), Some(&properties));
            }
            (Err(error), None, Some(message)) => {
                differences.expect(name, "message", error.to_string(), message.clone());
                differences.expect(name, "place", case.input.get(error.span()), case.points_to.as_deref());
            }
            (result, ..) => differences.0.push(format!("{name}: {result:?}")),
        }
    }
    differences.finish(cases.len(), 45);
}

#[test]
fn q4_what_is_nested_too_deep_is_an_error_and_not_lost() {
    let line = format!("{}CCMFIRSTCERT=1", "CCMSETUPCMD=".repeat(20));
    let error = line.parse::<Properties>().unwrap_err();
    assert_eq!(error.to_string(), "too many command lines inside one another (Q-4)");
}

/// What is pasted reads back, in both shells, with every character that one of them treats in its own way.
#[test]
fn q4_a_pasted_property_is_the_property() {
    let values = [
        r#"CN=Fabrikam Root CA; O="Fabrikam; GmbH""#,
        "CN=Contoso Root CA; O=Contoso, Ltd; C=US | CN=Litware",
        "CN=O'Brien’s CA; O=50% & more ^ `x` $y",
        r#"CN="a ""b"" c"; O=\x\"#,
    ];
    for value in values {
        let list: IssuersList = value.parse().expect("a list");
        let printed = list.to_string();
        for pasted in
            [quote_for_cmd(Property::CertIssuers, &printed), quote_for_powershell(Property::CertIssuers, &printed)]
        {
            for line in [pasted.clone(), format!("/UsePKICert {pasted} FSP=x"), format!("ccmsetup.exe {pasted}")] {
                let read: Properties = line.parse().unwrap_or_else(|error| panic!("{line}: {error}"));
                assert_eq!(read.issuers(), Some(&list), "{line}");
            }
        }
    }
    let criteria: Criteria = "SubjectAttr:O = \"Contoso; Ltd\"".parse().expect("criteria");
    let array = format!(
        "-ArgumentList @({}, {})",
        quote_for_powershell(Property::UsePkiCert, ""),
        quote_for_powershell(Property::CertSel, &criteria.to_string())
    );
    let read: Properties = array.parse().expect("an array");
    assert_eq!((read.criteria(), read.uses_pki_cert()), (Some(&criteria), true));
}

const LOG: &str = "<![LOG[==========[ ccmsetup started in process 10 ]==========]LOG]!><time=\"08:00\">\r\n\
    <![LOG[Ccmsetup command line: \"C:\\ccmsetup.exe\" SMSSITECODE=OLD /NoCRLCheck]LOG]!><time=\"08:00\">\r\n\
    <![LOG[Command line parameters for ccmsetup have been specified.  No registry lookup is required.]LOG]!>\r\n\
    <![LOG[==========[ ccmsetup started in process 12 ]==========]LOG]!><time=\"09:00\">\r\n\
    <![LOG[Ccmsetup command line: \"C:\\ccmsetup.exe\" SMSSITECODE=P01 /UsePKICert]LOG]!><time=\"09:00\">\r\n\
    <![LOG[==========[ ccmsetup started in process 14 ]==========]LOG]!><time=\"09:01\">\r\n\
    <![LOG[Ccmsetup command line: \"C:\\WINDOWS\\ccmsetup\\ccmsetup.exe\" /runservice /config:MobileClient.tcf]LOG]!>\r\n\
    <![LOG[CCMHTTPSSTATE:    224]LOG]!><time=\"09:01\">\r\n\
    <![LOG[FSP:    ]LOG]!><time=\"09:01\">\r\n\
    <![LOG[MSI properties:    INSTALL=\"ALL\" SMSSITECODE=\"P02\" CCMCERTSEL=\"SubjectStr:a b\"]LOG]!><time=\"09:02\">\r\n";

#[test]
fn q4_the_last_run_of_a_log_counts_in_every_encoding() {
    let expected = "/UsePKICert CCMCERTSEL=\"SubjectStr:a b\" CCMHTTPSSTATE=224 SMSSITECODE=P02";
    let copied: String = LOG
        .lines()
        .filter_map(|line| line.strip_prefix("<![LOG[")?.split("]LOG]!>").next())
        .map(|message| format!("{message}\tccmsetup\t1/2/2021 9:00:00 AM\t14 (0x0E)\r\n"))
        .collect();
    let utf16: Vec<u8> = [vec![0xff, 0xfe], LOG.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    for bytes in [LOG.as_bytes(), copied.as_bytes(), &utf16] {
        let log = CcmSetupLog::parse(bytes);
        assert_eq!(log.runs().len(), 2);
        let run = log.last_run().expect("a run");
        assert_eq!(run.command_lines().len(), 2, "the service goes on with the run that started it");
        assert_eq!(ours(&run.properties(IssuerSyntax::Documented).expect("properties")), expected);
    }
    assert!(CcmSetupLog::parse(b"nothing of the kind\r\n").last_run().is_none());
}
