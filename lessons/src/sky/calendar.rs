//! Dates, Julian days and the Earth's turn.

use super::{DAY, MINUTE, SECOND};
use crate::Micros;

/// Julian day of 1970-01-01T00:00 UTC.
const UNIX: f64 = 2_440_587.5;
/// Julian day of 2000-01-01T12:00, where the series begin.
const J2000: f64 = 2_451_545.0;
/// Days in a Julian century.
const CENTURY: f64 = 36_525.0;

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year.
    pub year: i64,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

impl Date {
    /// The date, if there is such a day (years 1 to 9999).
    pub fn new(year: i64, month: u32, day: u32) -> Option<Self> {
        let date = Self { year, month, day };
        ((1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day) && Self::of(date.start()) == date)
            .then_some(date)
    }

    /// The date at a time, in UTC.
    pub fn of(time: Micros) -> Self {
        // Days are counted from 1 March of the year 0, where leap days come last: eras of 400 years, years in them, then months
        // of 153 days in five. The proleptic Gregorian calendar, as ISO 8601 has it.
        let days = time.div_euclid(DAY) + 719_468;
        let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        Self { year: year + 400 * era + next, month: month as u32, day: day as u32 }
    }

    /// Its beginning in UTC, µs.
    pub fn start(self) -> Micros {
        let year = if self.month > 2 { self.year } else { self.year - 1 };
        let month = i64::from(if self.month > 2 { self.month - 3 } else { self.month + 9 });
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        (era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day - 719_468) * DAY
    }
}

/// The time that a text as `2024-05-06T19:53:04.999776` names in UTC, with or without `Z`, to a microsecond. `None` for
/// anything else.
pub fn instant(text: &str) -> Option<Micros> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (date, time) = text.split_once(['T', ' '])?;
    let mut parts = date.split('-');
    let (year, month, day) = (number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?);
    let date = Date::new(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut of_clock = clock.split(':');
    let (hour, minute, second) = (number(of_clock.next()?)?, number(of_clock.next()?)?, number(of_clock.next()?)?);
    if parts.next().is_some() || of_clock.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(date.start() + hour * 60 * MINUTE + minute * MINUTE + second * SECOND + micros(fraction)?)
}

/// Digits behind a decimal point as microseconds, rounded.
fn micros(digits: &str) -> Option<Micros> {
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut scale = 10_i64.pow(digits.len() as u32);
    let mut value = number(digits)?;
    if scale > SECOND {
        let step = scale / SECOND;
        value = (value + step / 2) / step;
        scale = SECOND;
    }
    Some(value * (SECOND / scale))
}

/// A plain number of digits.
pub(super) fn number(digits: &str) -> Option<i64> {
    let plain = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// A time as `2024-05-06T19:53:04.999776`, in UTC and without `Z`, as element sets have it.
pub fn iso(time: Micros) -> String {
    let Date { year, month, day } = Date::of(time);
    let of_day = time.rem_euclid(DAY);
    let (hour, minute, second) = (of_day / (60 * MINUTE), of_day / MINUTE % 60, of_day / SECOND % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:06}", of_day % SECOND)
}

/// Days since 1 January of the year, from 0, with the fraction of the day, UTC.
pub fn day_of_year(time: Micros) -> f64 {
    let first = Date { month: 1, day: 1, ..Date::of(time) };
    (time - first.start()) as f64 / DAY as f64
}

/// Julian centuries since J2000 of a time of UTC, taken as UT1.
pub(super) fn centuries(time: Micros) -> f64 {
    let days = time.div_euclid(DAY) as f64 + (UNIX - J2000);
    (days + time.rem_euclid(DAY) as f64 / DAY as f64) / CENTURY
}

/// Greenwich mean sidereal time, degrees from 0 to 360.
///
/// The expression of 1982 (Aoki and others; Astronomical Almanac): 67310.54841 s + (876600 h + 8640184.812866 s) T +
/// 0.093104 s T² - 6.2e-6 s T³ in Julian centuries T of UT1, here UTC: the Earth turns 0.0038° in the 0.9 s by which they may
/// differ.
pub fn gmst(time: Micros) -> f64 {
    let t = centuries(time);
    // The 876600 hours of a century are its days: of them only the fraction since noon is left, and nothing is lost to large
    // numbers.
    let since_noon = time.rem_euclid(DAY) as f64 / DAY as f64 + 0.5;
    let seconds = since_noon * 86_400.0 + 67_310.548_41 + (8_640_184.812_866 + (0.093_104 - 6.2e-6 * t) * t) * t;
    let degrees = seconds / 240.0;
    wrap_360(degrees)
}

/// An angle from 0 to below 360 degrees.
pub(super) fn wrap_360(degrees: f64) -> f64 {
    let wrapped = degrees - 360.0 * libm::floor(degrees / 360.0);
    // A tiny negative angle rounds up to a whole turn.
    if wrapped < 360.0 { wrapped } else { 0.0 }
}

/// An angle from -180 to below 180 degrees.
pub(super) fn wrap_180(degrees: f64) -> f64 {
    wrap_360(degrees + 180.0) - 180.0
}
