use messwerk_lessons::sky::Place;

use super::*;

fn berlin() -> messwerk_lessons::sky::Observer {
    messwerk_lessons::sky::Observer::new(Place::new(52.52, 13.405, 34.0).unwrap())
}

#[test]
fn days_are_those_of_local_clocks() {
    let zone = zone("Europe/Berlin").unwrap();
    for (date, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-21", 24)] {
        let (_, from, to, day) = day(zone, Some(date), 0, &berlin()).unwrap();
        assert_eq!((to - from) / 3_600_000_000, hours, "{date}");
        assert!(local(zone, from).starts_with(&format!("{date}T00:00:00+0")));
        assert_eq!(day.events.len(), 2);
    }
    // Almanacs: sunrise at 04:43, sunset at 21:33 on the longest day.
    let (.., day) = day(zone, Some("2026-06-21"), 0, &berlin()).unwrap();
    assert!(local(zone, day.events[0].time).starts_with("2026-06-21T04:43"));
    assert!(local(zone, day.events[1].time).starts_with("2026-06-21T21:33"));
}

#[test]
fn what_is_no_date_is_said() {
    let zone = zone("Europe/Berlin").unwrap();
    for date in ["2026-02-30", "tomorrow", "1899-01-01", ""] {
        assert!(matches!(day(zone, Some(date), 0, &berlin()), Err(SkyError::Question(_))), "{date}");
    }
    assert!(year(zone, 2101, &berlin()).is_err());
}

#[test]
fn a_year_has_all_its_days() {
    assert_eq!(year(zone("Europe/Berlin").unwrap(), 2028, &berlin()).unwrap().len(), 366);
    // Samoa had no 30 December 2011, and Beirut puts its clocks forward at midnight.
    assert_eq!(year(zone("Pacific/Apia").unwrap(), 2011, &berlin()).unwrap().len(), 364);
    assert_eq!(year(zone("Asia/Beirut").unwrap(), 2026, &berlin()).unwrap().len(), 365);
}

#[test]
fn errors_of_the_sky_are_sentences() {
    let problem = Problem::from(SkyError::Line { line: 3, reason: "its checksum is 6".to_owned() });
    assert_eq!((problem.status, problem.code, problem.detail.as_str()), (400, "elements_unreadable", "Line 3: its checksum is 6."));
    let problem = Problem::from(SkyError::NoPosition("the elements are too old"));
    assert_eq!((problem.status, problem.code), (409, "no_position"));
}
