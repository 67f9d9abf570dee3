use super::super::Der;
use super::*;

fn read(tag: u8, text: &str) -> Result<(String, bool), String> {
    let bytes = [&[tag, text.len() as u8], text.as_bytes()].concat();
    let element = Der::new(&bytes).any("a time").unwrap();
    time(&element).map(|time| (time.at.to_string(), time.usual)).map_err(|error| error.expected().to_owned())
}

#[test]
fn v1_times_are_read_as_windows_reads_them() {
    for (tag, text, expected, usual) in [
        (UTC_TIME, "250101000000Z", "2025-01-01T00:00:00Z", true),
        (GENERALIZED_TIME, "20500101000000Z", "2050-01-01T00:00:00Z", true),
        (UTC_TIME, "500101000000Z", "1950-01-01T00:00:00Z", true),
        // Without seconds, with one digit of them, without Z.
        (UTC_TIME, "2501010000Z", "2025-01-01T00:00:00Z", false),
        (UTC_TIME, "2506061610", "2025-06-06T16:10:00Z", false),
        (UTC_TIME, "25060616101Z", "2025-06-06T16:10:01Z", false),
        (UTC_TIME, "250606161030", "2025-06-06T16:10:30Z", false),
        (GENERALIZED_TIME, "2145060616Z", "2145-06-06T16:00:00Z", false),
        (GENERALIZED_TIME, "214506061610", "2145-06-06T16:10:00Z", false),
        // A fraction.
        (GENERALIZED_TIME, "20450606161000.000Z", "2045-06-06T16:10:00Z", false),
        (GENERALIZED_TIME, "20450606161000,9", "2045-06-06T16:10:00Z", false),
        // A difference, added as Windows does.
        (UTC_TIME, "250101000000+0100", "2025-01-01T01:00:00Z", false),
        (UTC_TIME, "2501010000-0115", "2024-12-31T22:45:00Z", false),
        (GENERALIZED_TIME, "20451231233000+0100", "2046-01-01T00:30:00Z", false),
        (GENERALIZED_TIME, "20450606161000.5-01", "2045-06-06T15:10:00Z", false),
    ] {
        assert_eq!(read(tag, text), Ok((expected.to_owned(), usual)), "{text}");
    }
}

#[test]
fn v1_what_is_no_time_says_whether_form_or_date_is_wrong() {
    for (tag, text) in [
        (UTC_TIME, "25010100Z"),
        (UTC_TIME, "250101000000.5Z"),
        (UTC_TIME, "250101000000+2400"),
        (UTC_TIME, "250101000000+1"),
        (UTC_TIME, "250101000000ZZ"),
        (UTC_TIME, "2501010000 Z"),
        (GENERALIZED_TIME, "20250101000000.Z"),
        (GENERALIZED_TIME, "202501010000001Z"),
        (GENERALIZED_TIME, ""),
    ] {
        assert!(read(tag, text).unwrap_err().starts_with("a UTCTime"), "{text}");
    }
    for (tag, text) in [
        (GENERALIZED_TIME, "00000101000000Z"),
        (UTC_TIME, "250230000000Z"),
        (UTC_TIME, "251301000000Z"),
        (UTC_TIME, "250101240000Z"),
        (UTC_TIME, "250101000060Z"),
    ] {
        assert!(read(tag, text).unwrap_err().starts_with("a day of the calendar"), "{text}");
    }
}
