use chrono::DateTime;
use chrono_tz::Tz;

use super::edges::{By, edges, instant, offset};
use super::*;

fn at(text: &str) -> Micros {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
}

fn check(zone: Tz, by: By, from: &str, to: &str, expected: &[&str]) {
    let found = edges(at(from), at(to), by, zone, 100).unwrap();
    let expected: Vec<_> = expected.iter().map(|text| at(text)).collect();
    assert_eq!(found, expected, "{zone} {by:?} {from}");
}

#[test]
fn days_begin_at_the_stations_midnight_and_have_23_and_25_hours() {
    let berlin = Tz::Europe__Berlin;
    let spring = ["2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z"];
    check(berlin, By::Day, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", &spring);
    let autumn = ["2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"];
    check(berlin, By::Day, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", &autumn);
    check(
        berlin,
        By::Month,
        "2026-03-15T00:00:00Z",
        "2026-04-01T00:00:00Z",
        &["2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", "2026-04-30T22:00:00Z"],
    );
    // In the hour that is skipped and in the one that comes twice there is one bucket for each hour that passed.
    let hours = ["2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"];
    check(berlin, By::Hour, "2026-10-25T00:12:34.5Z", "2026-10-25T02:00:00Z", &hours);
}

#[test]
fn odd_zones_have_their_hours_and_midnights_too() {
    check(
        Tz::Asia__Kolkata,
        By::Hour,
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:31:00Z",
        &["2025-12-31T23:30:00Z", "2026-01-01T00:30:00Z", "2026-01-01T01:30:00Z"],
    );
    // Lord Howe goes back by half an hour at 2:00 (15:00 UTC): a bucket of half an hour keeps the others whole.
    let howe = ["2026-04-04T14:00:00Z", "2026-04-04T14:30:00Z", "2026-04-04T15:30:00Z"];
    check(Tz::Australia__Lord_Howe, By::Hour, "2026-04-04T14:00:00Z", "2026-04-04T15:00:00Z", &howe);
    // In Beirut clocks skip midnight: the day begins at one o'clock.
    check(
        Tz::Asia__Beirut,
        By::Day,
        "2026-03-28T21:30:00Z",
        "2026-03-28T22:30:00Z",
        &["2026-03-27T22:00:00Z", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"],
    );
}

#[test]
fn edges_are_bounded_and_an_empty_span_has_none() {
    let day = |from: &str, to: &str, most| edges(at(from), at(to), By::Day, Tz::UTC, most);
    assert_eq!(day("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", 5), Some(vec![]));
    assert_eq!(day("2026-01-01T00:00:00Z", "2026-01-09T00:00:00Z", 5), None);
    assert_eq!(edges(Micros::MIN, Micros::MAX, By::Day, Tz::UTC, 5), None);
    assert_eq!(edges(Micros::MAX - 1, Micros::MAX, By::Hour, Tz::UTC, 5), None);
}

#[test]
fn times_are_days_of_the_station_or_instants() {
    let berlin = Tz::Europe__Berlin;
    assert_eq!(instant("from", "2026-07-01", berlin).unwrap(), at("2026-06-30T22:00:00Z"));
    assert_eq!(instant("from", "2026-07-01T10:00:00+02:00", berlin).unwrap(), at("2026-07-01T08:00:00Z"));
    assert_eq!(instant("from", "1.7.2026", berlin).unwrap_err().status, 400);
    assert_eq!((offset(at("2026-07-01T00:00:00Z"), berlin), offset(at("2026-01-01T00:00:00Z"), berlin)), (7200, 3600));
    let hour = 3_600_000_000;
    let auto = |hours: Micros| By::read(None, hours * hour).unwrap();
    assert_eq!([auto(49), auto(24 * 40), auto(24 * 400), auto(24 * 4000)], [By::Raw, By::Hour, By::Day, By::Month]);
    assert_eq!(By::read(Some("week"), hour).unwrap_err().status, 400);
}

#[test]
fn values_are_shown_as_they_were_sent() {
    assert_eq!(read::shown(21.3), 21.3);
    assert_eq!(read::rounded(21.299_999_237), 21.3);
    assert_eq!(read::median_step(&[(0, 1.0), (10, 1.0), (20, 1.0), (90, 1.0)]), Some(10));
    assert_eq!(read::median_step(&[(0, 1.0)]), None);
}
