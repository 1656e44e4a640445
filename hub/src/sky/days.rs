//! Local days: midnights of a time zone, and what the Sun does between two of them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use messwerk_lessons::Micros;
use messwerk_lessons::sky::{Daylight, Observer, SkyError, daylight};

/// Where a day begins: at midnight, or in zones that put clocks forward at midnight, when it is later.
fn midnight(zone: Tz, date: NaiveDate) -> Option<Micros> {
    let start = date.and_time(NaiveTime::MIN);
    let ahead = |hours| zone.from_local_datetime(&(start + chrono::Duration::hours(hours))).earliest();
    (0..=2).find_map(ahead).map(|time| time.timestamp_micros())
}

/// Beginning and end of a local date; `None` outside the years that calendars know.
fn ends(zone: Tz, date: NaiveDate) -> Option<(Micros, Micros)> {
    // A zone may skip a whole date: the day before it ends where the one after it begins.
    let end = date.succ_opt()?.iter_days().take(2).find_map(|next| midnight(zone, next))?;
    Some((midnight(zone, date)?, end))
}

/// The local date at a time.
pub(super) fn date(zone: Tz, time: Micros) -> Option<NaiveDate> {
    Some(DateTime::from_timestamp_micros(time)?.with_timezone(&zone).date_naive())
}

/// A time as a clock of the zone shows it, with its difference from UTC: `2026-11-23T18:04:05+01:00`.
pub fn local(zone: Tz, time: Micros) -> String {
    let time = DateTime::from_timestamp_micros(time).unwrap_or_default().with_timezone(&zone);
    time.to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
}

/// The Sun on a local date (`2026-11-23`), or today's: beginning, end and what it does. Fails with `Question` for what is no date.
pub fn day(zone: Tz, wanted: Option<&str>, now: Micros, observer: &Observer) -> Result<(NaiveDate, Micros, Micros, Daylight), SkyError> {
    const WRONG: SkyError = SkyError::Question("a date is written as 2026-11-23, from 1900 to 2100");
    let parsed = match wanted {
        Some(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok(),
        None => date(zone, now),
    };
    let date = parsed.filter(|date| (1900..=2100).contains(&date.year())).ok_or(WRONG)?;
    let (from, to) = ends(zone, date).ok_or(WRONG)?;
    Ok((date, from, to, daylight(observer, from, to)?))
}

/// Every day of a year at a place.
pub fn year(zone: Tz, year: i32, observer: &Observer) -> Result<Vec<(NaiveDate, Daylight)>, SkyError> {
    const WRONG: SkyError = SkyError::Question("a year lies between 1900 and 2100");
    let first = NaiveDate::from_ymd_opt(year, 1, 1).filter(|_| (1900..=2100).contains(&year)).ok_or(WRONG)?;
    let days = first.iter_days().take_while(|date| date.year() == year);
    // A date that a zone has skipped (Samoa has) is no day.
    days.filter_map(|date| Some((date, ends(zone, date).filter(|(from, to)| from < to)?)))
        .map(|(date, (from, to))| Ok((date, daylight(observer, from, to)?)))
        .collect()
}
