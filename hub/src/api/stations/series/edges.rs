//! Where hours, days and months of a station begin, in UTC.

use chrono::{DateTime, Datelike, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use messwerk_lessons::Micros;

use crate::api::problem::Problem;

/// µs of an hour and of a day of 24.
const HOUR: Micros = 3_600_000_000;
const DAY: Micros = 24 * HOUR;

/// What a series is summed up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Nothing: the readings.
    Raw,
    /// Hours of the station's clock.
    Hour,
    /// Its days, of 23 and 25 hours twice a year.
    Day,
    /// Its months.
    Month,
}

impl By {
    /// As it was asked for; `auto` by the span: two days of readings, two months of hours, three years of days.
    pub fn read(text: Option<&str>, span: Micros) -> Result<Self, Problem> {
        Ok(match text.unwrap_or("auto") {
            "raw" => Self::Raw,
            "hour" => Self::Hour,
            "day" => Self::Day,
            "month" => Self::Month,
            "auto" if span <= 2 * DAY + HOUR => Self::Raw,
            "auto" if span <= 62 * DAY => Self::Hour,
            "auto" if span <= 3 * 366 * DAY => Self::Day,
            "auto" => Self::Month,
            other => return Err(Problem::bad_request(format!("by={other}: there are raw, hour, day, month and auto."))),
        })
    }

    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
        }
    }
}

/// A time of a station: RFC 3339, or a date for its midnight there.
pub fn instant(name: &str, text: &str, zone: Tz) -> Result<Micros, Problem> {
    if let Ok(date) = text.parse::<NaiveDate>() {
        return begin(date.and_time(NaiveTime::MIN), zone).ok_or_else(|| Problem::bad_request(format!("{name}={text}: no such day.")));
    }
    let parsed = DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_micros());
    parsed.map_err(|error| Problem::bad_request(format!("{name}={text}: {error}; write 2026-11-23 or 2026-11-23T12:00:00Z.")))
}

/// What a zone's clocks are ahead of UTC, s.
pub fn offset(at: Micros, zone: Tz) -> i32 {
    DateTime::from_timestamp_micros(at).map_or(0, |at| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc())
}

/// The first instant at or after a local time: a midnight that clocks skip begins when they go on, one that comes twice the first time.
fn begin(local: NaiveDateTime, zone: Tz) -> Option<Micros> {
    let later = (0..=12).filter_map(|quarter| local.checked_add_signed(Duration::minutes(15 * quarter)));
    let mut found = later.filter_map(|local| zone.from_local_datetime(&local).earliest());
    found.next().map(|time| time.timestamp_micros())
}

/// Edges from the beginning of the bucket of `from` to the end of that before `to`, rising; `None` if they are more than `most`, or
/// beyond the calendar. Of raw readings and of an empty span there are none.
pub fn edges(from: Micros, to: Micros, by: By, zone: Tz, most: usize) -> Option<Vec<Micros>> {
    let mut edges = vec![];
    if from >= to || by == By::Raw {
        return Some(edges);
    }
    let start = DateTime::<Utc>::from_timestamp_micros(from)?.with_timezone(&zone);
    let mut date = if by == By::Month { start.date_naive().with_day(1)? } else { start.date_naive() };
    let mut next = match by {
        By::Hour => from - Micros::from(start.minute() * 60 + start.second()) * 1_000_000 - from.rem_euclid(1_000_000),
        _ => begin(date.and_time(NaiveTime::MIN), zone)?,
    };
    loop {
        if edges.last().is_none_or(|last| next > *last) {
            edges.push(next);
        }
        if edges.len() > most {
            return None;
        }
        if next >= to {
            return Some(edges);
        }
        next = match by {
            By::Hour => {
                // Where clocks change by half an hour the next bucket begins with the clock's next full hour all the same.
                let local = DateTime::<Utc>::from_timestamp_micros(next.checked_add(HOUR)?)?.with_timezone(&zone);
                next + HOUR - Micros::from(local.minute()) * 60_000_000
            }
            _ => {
                date = if by == By::Month { date.checked_add_months(Months::new(1))? } else { date.succ_opt()? };
                begin(date.and_time(NaiveTime::MIN), zone)?
            }
        };
    }
}
