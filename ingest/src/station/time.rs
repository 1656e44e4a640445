//! Times as devices write them.

use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use messwerk_lessons::Micros;

/// Ends of what a time may be: the hub stores from 1970 to 2200.
const END: Micros = 7_258_118_400_000_000;

/// Whether a time can be stored.
pub(crate) fn in_our_time(time: Micros) -> bool {
    (0..END).contains(&time)
}

/// Year, month, day, hour, minute and second (whole or broken) from a text in which anything but digits lies between them, so that
/// `2016-1-4 21:2:35`, `2018-06-20+13:39:00` and Ecowitt's `2024-02-08 10: 36: 28` are read.
pub(crate) fn civil(text: &str) -> Option<NaiveDateTime> {
    let (whole, fraction) = match text.trim().rsplit_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => (whole, fraction),
        _ => (text, ""),
    };
    let mut parts = [0_u32; 6];
    let mut found = 0;
    for run in whole.split(|letter: char| !letter.is_ascii_digit()).filter(|run| !run.is_empty()) {
        *parts.get_mut(found)? = run.parse().ok()?;
        found += 1;
    }
    let [year, month, day, hour, minute, second] = parts;
    let micros = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    let year = i32::try_from(year).ok().filter(|_| found == 6)?;
    NaiveDate::from_ymd_opt(year, month, day)?.and_hms_micro_opt(hour, minute, second, micros)
}

/// A time that is known to be UTC and does not say so.
pub(crate) fn utc(text: &str) -> Option<Micros> {
    civil(text).map(|time| time.and_utc().timestamp_micros())
}

/// A time that says its offset: RFC 3339, also with `+0100`.
pub(crate) fn with_offset(text: &str) -> Option<Micros> {
    let text = text.trim();
    let time = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"));
    time.or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%z")).ok().map(|time| time.timestamp_micros())
}

/// Seconds since 1970 as a text or number.
pub(crate) fn epoch(seconds: f64) -> Option<Micros> {
    let micros = (seconds * 1e6).round();
    (micros.abs() < 9e15).then_some(micros as Micros)
}

/// How a local time was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Local {
    /// There is one such time.
    Single(Micros),
    /// The clocks were put back and there are two: the one nearer to the arrival.
    Twice(Micros),
    /// The clocks were put forward and there is none: as if they had not been yet.
    Never(Micros),
}

/// A local time in a zone. Where the clocks change, a time that exists twice is the one nearer to its arrival.
pub(crate) fn local(time: NaiveDateTime, zone: Tz, received: Micros) -> Option<Local> {
    let micros = |time: DateTime<Tz>| time.with_timezone(&Utc).timestamp_micros();
    Some(match zone.from_local_datetime(&time) {
        MappedLocalTime::Single(time) => Local::Single(micros(time)),
        MappedLocalTime::Ambiguous(first, second) => {
            let nearest = [micros(first), micros(second)].into_iter().min_by_key(|time| time.saturating_sub(received).saturating_abs());
            Local::Twice(nearest?)
        }
        MappedLocalTime::None => {
            // Gaps are an hour or two and a quarter of a day at most apart from an ordinary time.
            let before = TimeDelta::hours(6);
            let earlier = zone.from_local_datetime(&time.checked_sub_signed(before)?).latest()?;
            Local::Never(micros(earlier.checked_add_signed(before)?))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_time_of_utc() {
        // 2016-01-04T21:02:35Z, counted by hand: 16,804 days after 1970 (46 years of 365, 11 leap days, 3 days) and 75,755 s.
        assert_eq!(16_804, 46 * 365 + 11 + 3);
        let expected = (16_804 * 86_400 + 21 * 3600 + 2 * 60 + 35) * 1_000_000;
        for text in ["2016-1-4 21:2:35", "2016-01-04 21:02:35", "2016-01-04+21:02:35", "2016-01-04 21: 02: 35", "2016-01-04T21:02:35"] {
            assert_eq!(utc(text), Some(expected), "{text}");
        }
        assert_eq!(utc("2016-1-4 21:2:35.25"), Some(expected + 250_000));
        for text in ["now", "", "2016-1-4", "2016-13-4 1:1:1", "2016-02-30 1:1:1", "1 2 3 4 5 6 7", "99999999999-1-1 1:1:1"] {
            assert_eq!(utc(text), None, "{text}");
        }
    }

    #[test]
    fn offsets_are_taken_off() {
        assert_eq!(with_offset("1970-01-01T01:00:01+01:00"), Some(1_000_000));
        assert_eq!(with_offset("1970-01-01T01:00:01+0100"), Some(1_000_000));
        assert_eq!(with_offset("1970-01-01T00:00:01.5Z"), Some(1_500_000));
        assert_eq!(with_offset("1970-01-01 01:00:01+01:00"), Some(1_000_000));
        assert_eq!(with_offset("1970-01-01T00:00:01"), None);
    }

    #[test]
    fn the_clocks_change() {
        let at = |text: &str, received: &str| local(civil(text).unwrap(), Tz::Europe__Berlin, with_offset(received).unwrap()).unwrap();
        let utc = |text: &str| with_offset(text).unwrap();
        // Winter is UTC + 1 h, summer UTC + 2 h; on 2025-10-26 at 3:00 the clocks go back to 2:00, on 2025-03-30 at 2:00 forward to 3:00.
        assert_eq!(at("2025-01-15 12:00:00", "2025-01-15T11:00:00Z"), Local::Single(utc("2025-01-15T11:00:00Z")));
        assert_eq!(at("2025-07-15 12:00:00", "2025-07-15T10:00:00Z"), Local::Single(utc("2025-07-15T10:00:00Z")));
        assert_eq!(at("2025-10-26 02:30:00", "2025-10-26T00:30:01Z"), Local::Twice(utc("2025-10-26T00:30:00Z")));
        assert_eq!(at("2025-10-26 02:30:00", "2025-10-26T01:30:01Z"), Local::Twice(utc("2025-10-26T01:30:00Z")));
        assert_eq!(at("2025-03-30 02:30:00", "2025-03-30T01:30:00Z"), Local::Never(utc("2025-03-30T01:30:00Z")));
    }
}
