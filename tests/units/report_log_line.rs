use super::*;

#[test]
fn a_message_cannot_end_its_line_early() {
    let hostile = "CN=x]LOG]!><time=\"\">\r\n<![LOG[forged";
    let line = LogLine::new(Severity::Error, hostile, Timestamp::from_unix_seconds(0), 0);
    let text = line.to_string();
    assert!(!text.contains(['\r', '\n']));
    assert_eq!(text.parse::<LogLine>().unwrap(), line);
    assert_eq!(text.matches(MESSAGE_END).count(), 1);
}

#[test]
fn local_time_and_offset_round_trip() {
    for offset in [-720, -60, 0, 60, 330, 840] {
        let line = LogLine::new(Severity::Information, "x", Timestamp::from_unix_seconds(1_768_467_600), offset);
        assert_eq!(line.to_string().parse::<LogLine>().unwrap(), line, "{offset}");
    }
}

#[test]
fn what_is_no_line_says_why() {
    for (text, problem) in [
        ("plain", "not a CMTrace line: it must begin with `<![LOG[`"),
        ("<![LOG[x", "not a CMTrace line: `]LOG]!>` must end the message"),
        ("<![LOG[x]LOG]!>", "not a CMTrace line: attributes between `<` and `>` must follow the message"),
        ("<![LOG[x]LOG]!><time=\"1\">", "not a CMTrace line: an attribute is missing"),
    ] {
        assert_eq!(text.parse::<LogLine>().unwrap_err().to_string(), problem);
    }
}
