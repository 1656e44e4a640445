//! The DWD's stamps.

use chrono::{NaiveDate, NaiveDateTime};
use messwerk_lessons::Micros;

/// One hour, µs.
const HOUR: Micros = 3_600_000_000;

/// Reads the stamps of one file, in their order.
///
/// They mark the end of the interval, in UTC from 2000-01-01 on and in CET (UTC + 1 h) before (the DWD's data set description and
/// `Metadaten_Parameter`: "bis 31.12.1999 (Zeitbezug ist MEZ)"). So the last hour of 1999 comes twice: a file that ends there means CET, and
/// one that begins there (the historical ones from 2000 on begin at 199912312300) UTC; in one that holds both the second time is UTC.
#[derive(Default)]
pub(super) struct Stamps {
    newest: Option<NaiveDateTime>,
    utc: bool,
    /// Stamps that were CET.
    pub(super) in_cet: usize,
}

impl Stamps {
    /// µs of UTC and the interval that the stamp's length means: `YYYYMMDDHHMM` is 10 minutes, `YYYYMMDDHH` an hour, also with minutes
    /// behind a colon (hourly solar).
    pub(super) fn read(&mut self, text: &str) -> Option<(Micros, Micros)> {
        let (digits, minute, interval) = match (text.len(), text.split_once(':')) {
            (12, None) => (text.get(..10)?, text.get(10..)?, HOUR / 6),
            (10, None) => (text, "00", HOUR),
            (13, Some((hour, minute))) if hour.len() == 10 => (hour, minute, HOUR),
            _ => return None,
        };
        if !digits.bytes().chain(minute.bytes()).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
        let date = NaiveDate::from_ymd_opt(i32::try_from(part(0, 4)?).ok()?, part(4, 6)?, part(6, 8)?)?;
        let time = date.and_hms_opt(part(8, 10)?, minute.parse().ok()?, 0)?;
        let turn = NaiveDate::from_ymd_opt(2000, 1, 1)?.and_hms_opt(0, 0, 0)?;
        let last_hour = time < turn && time >= NaiveDate::from_ymd_opt(1999, 12, 31)?.and_hms_opt(23, 0, 0)?;
        self.utc |= time >= turn || (last_hour && self.newest.is_none_or(|newest| newest >= time));
        self.newest = Some(time);
        let micros = time.and_utc().timestamp_micros();
        if self.utc {
            return Some((micros, interval));
        }
        self.in_cet += 1;
        Some((micros - HOUR, interval))
    }
}
