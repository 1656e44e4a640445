//! Weeks against another calendar.

use chrono::{DateTime, Datelike};
use proptest::prelude::*;

use super::*;
use crate::Micros;

fn theirs(time: Micros) -> String {
    let week = DateTime::from_timestamp_micros(time).unwrap().iso_week();
    format!("{:04}-W{:02}", week.year(), week.week())
}

proptest! {
    #[test]
    fn as_the_calendar_says(time in 0i64..253_370_764_800_000_000) {
        let week = Week::of(time);
        prop_assert_eq!(week.to_string(), theirs(time));
        prop_assert!(week.begins() <= time && time - week.begins() < 7 * 86_400_000_000);
        prop_assert_eq!(week.to_string().parse(), Ok(week));
    }
}

#[test]
fn every_turn_of_a_year() {
    for year in 1970..2400 {
        for day in 0..10 {
            let time = (chrono::NaiveDate::from_ymd_opt(year, 12, 28).unwrap() + chrono::Days::new(day)).and_hms_opt(12, 0, 0).unwrap();
            let time = time.and_utc().timestamp_micros();
            assert_eq!(Week::of(time).to_string(), theirs(time));
        }
    }
}

#[test]
fn what_is_no_week() {
    for text in ["2026-W54", "2026-W00", "2025-W53", "2026-48", "2026-W8", "26-W48", "+026-W48", "10000-W01", "1969-W01", "2026-W48 ", ""] {
        assert!(text.parse::<Week>().is_err(), "{text:?}");
    }
    assert_eq!("2026-W53".parse::<Week>().unwrap().to_string(), "2026-W53");
    assert_eq!([i64::MIN, -1, i64::MAX].map(|time| Week::of(time).to_string()), ["1970-W01", "1970-W01", "9999-W52"]);
}
