use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Unfolds as RFC 5545 says, and gives the properties of each event.
fn events(text: &str) -> Vec<BTreeMap<String, String>> {
    assert!(text.split("\r\n").all(|line| line.len() <= LINE && !line.contains(['\r', '\n'])), "{text}");
    let unfolded = text.replace("\r\n ", "");
    let mut events = Vec::new();
    for line in unfolded.split_terminator("\r\n") {
        let (name, value) = line.split_once(':').unwrap();
        match (name, value) {
            ("BEGIN", "VEVENT") => events.push(BTreeMap::new()),
            ("BEGIN" | "END", _) => {}
            _ => drop(
                events.last_mut().map(|event: &mut BTreeMap<_, _>| event.insert(name.to_owned(), value.to_owned())),
            ),
        }
    }
    events
}

#[test]
fn a_week_is_from_monday_and_a_ca_has_its_own_event() {
    let mut calendar = Calendar::default();
    for (machine, ca, end) in [
        ("PC1", "CN=A", "2026-03-02T00:00:00Z"),
        ("PC2", "CN=A", "2026-03-08T23:59:59Z"),
        ("PC3", "CN=A", "2026-03-09T00:00:00Z"),
        ("PC4", "CN=B", "2026-03-08T00:00:00Z"),
    ] {
        calendar.add(machine, ca, at(end));
    }
    let text = calendar.render(at("2026-01-15T09:00:00Z"));
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") && text.ends_with("END:VCALENDAR\r\n"));
    let events = events(&text);
    let told: Vec<(&str, &str)> =
        events.iter().map(|event| (&*event["DTSTART;VALUE=DATE"], &*event["SUMMARY"])).collect();
    assert_eq!(
        told,
        [
            ("20260302", "2 certificates of CN=A end"),
            ("20260302", "1 certificate of CN=B ends"),
            ("20260309", "1 certificate of CN=A ends"),
        ]
    );
    assert_eq!(events[0]["DESCRIPTION"], "PC1: 2026-03-02T00:00:00Z\\nPC2: 2026-03-08T23:59:59Z");
    assert!(events.iter().all(|event| event["DTSTAMP"] == "20260115T090000Z"));
    let identifiers: std::collections::HashSet<&String> = events.iter().map(|event| &event["UID"]).collect();
    assert_eq!(identifiers.len(), 3);
    assert_eq!(calendar.render(at("2026-01-15T09:00:00Z")), text, "the same again");
}

#[test]
fn names_cannot_end_a_line_or_a_value_and_long_ones_are_folded() {
    let mut calendar = Calendar::default();
    calendar.add(
        "PC1\r\nEND:VCALENDAR",
        "CN=a; b, c\\d\r\nBEGIN:VEVENT, ä漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
        at("2026-03-02T00:00:00Z"),
    );
    let text = calendar.render(at("2026-01-15T09:00:00Z"));
    assert_eq!(text.matches("BEGIN:VEVENT\r\n").count(), 1, "{text}");
    assert_eq!(text.matches("END:VCALENDAR\r\n").count(), 1, "{text}");
    let event = &events(&text)[0];
    assert!(event["SUMMARY"].contains("CN=a\\; b\\, c\\\\d") && event["SUMMARY"].contains("漢字漢字"), "{event:?}");
}

#[test]
fn a_hostile_fleet_is_counted_in_bounded_memory() {
    let mut calendar = Calendar::default();
    for number in 0..30_000 {
        calendar.add("PC", &format!("CN={number}"), at("2026-03-02T00:00:00Z"));
    }
    assert_eq!(calendar.weeks.len(), KNOWN + 1);
    assert_eq!(calendar.weeks.values().map(|ends| ends.count).sum::<u64>(), 30_000);
    assert!(calendar.weeks.values().all(|ends| ends.first.len() <= SHOWN_MACHINES));
}
