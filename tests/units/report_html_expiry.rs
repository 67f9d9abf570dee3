use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn months_are_counted_from_now_and_the_rest_is_later() {
    let mut calendar = ExpiryCalendar::default();
    for end in ["2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z", "2027-12-31T00:00:00Z", "2028-01-01T00:00:00Z"] {
        calendar.add("CN=A", at(end));
    }
    let chart = calendar.chart(at("2026-01-15T09:00:00Z")).unwrap();
    let counts: Vec<u64> = (0..MONTHS).map(|month| chart.series[0].at(month)).collect();
    assert_eq!((counts[0], counts[1], counts[23], chart.later), (1, 1, 1, 1));
    assert_eq!((chart.months[0].as_str(), chart.months[23].as_str()), ("2026-01", "2027-12"));
    assert_eq!(counts.iter().sum::<u64>(), 3);
}

#[test]
fn cas_without_a_colour_are_counted_together() {
    let mut calendar = ExpiryCalendar::default();
    for ca in 0..3000 {
        calendar.add(&format!("CN={ca:04}"), at("2026-03-01T00:00:00Z"));
    }
    let chart = calendar.chart(at("2026-01-15T09:00:00Z")).unwrap();
    assert_eq!(chart.series.len(), COLOURED + 1);
    assert_eq!(chart.sum(2), 3000);
    assert!(calendar.by_ca.len() <= KNOWN_CAS + 1);
}

#[test]
fn the_scale_is_round_and_ends_for_every_number() {
    let tops: Vec<u64> = [0, 1, 3, 7, 11, 99, 100, 101, u64::MAX].into_iter().map(scale).collect();
    assert_eq!(tops, [2, 2, 4, 10, 20, 100, 100, 200, u64::MAX]);
}
