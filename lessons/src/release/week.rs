//! Weeks by ISO 8601: the finest time that leaves a hub.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Micros;

const DAY: Micros = 24 * 3_600 * 1_000_000;
/// 1970-01-01 was a Thursday; the Monday before it.
const FIRST_MONDAY: i64 = -3;

/// A week, Monday to Sunday, in UTC; written `2026-W48`. The first week of a year is the one with its first Thursday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    /// The year that the week counts to, 1970 to 9999.
    year: u16,
    /// From 1 to 52 or 53.
    number: u8,
}

/// A text that is no week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a week is written like 2026-W48")]
pub struct ParseWeekError;

impl Week {
    /// The week of a point in time; before 1970 the first, after 9999 the last.
    pub fn of(time: Micros) -> Self {
        let day = time.div_euclid(DAY).clamp(0, first_thursday(10_000) - 4);
        // A week counts to the year of its Thursday.
        let thursday = day - (day - FIRST_MONDAY).rem_euclid(7) + 3;
        // Years begin every 365.2425 days; the guess is wrong by one at most.
        let guess = 1970 + thursday * 400 / 146_097;
        let year = (guess - 1..=guess + 1).rev().find(|year| first_thursday(*year) <= thursday).unwrap_or(guess);
        let number = (thursday - first_thursday(year)) / 7 + 1;
        Self { year: year as u16, number: number as u8 }
    }

    /// Its Monday, 00:00 UTC.
    pub fn begins(self) -> Micros {
        (first_thursday(i64::from(self.year)) - 3 + 7 * (i64::from(self.number) - 1)) * DAY
    }
}

/// Days from 1970-01-01 to a year's first day. Every fourth year is longer by a day, but not every hundredth, but every 400th.
fn new_year(year: i64) -> i64 {
    let before = year - 1;
    365 * year + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 719_527
}

fn first_thursday(year: i64) -> i64 {
    let day = new_year(year);
    // Day 0 was a Thursday.
    day + (-day).rem_euclid(7)
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.number)
    }
}

impl FromStr for Week {
    type Err = ParseWeekError;

    fn from_str(text: &str) -> Result<Self, ParseWeekError> {
        let (year, number) = text.split_once("-W").ok_or(ParseWeekError)?;
        let parsed = Self { year: year.parse().map_err(|_| ParseWeekError)?, number: number.parse().map_err(|_| ParseWeekError)? };
        // Only what a calendar has, and written as it is written.
        let there = parsed.number > 0 && parsed.year >= 1970 && parsed.year < 10_000 && Self::of(parsed.begins()) == parsed;
        if there && parsed.to_string() == text { Ok(parsed) } else { Err(ParseWeekError) }
    }
}

impl Serialize for Week {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Week {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
