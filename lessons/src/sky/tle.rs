//! Two-line elements, with or without a line of the name.
//!
//! Columns as in CelesTrak's description of the format (NORAD Two-Line Element Set Format): fixed places, the last of the 69
//! columns a checksum (sum of the digits, a minus counting 1, modulo 10), decimal points left out before eccentricity and B*.

use super::calendar::number;
use super::elements::{Elements, Raw};
use super::read::MOST_OBJECTS;
use super::{DAY, Date, Result, SkyError};
use crate::Micros;

/// A line and where it stands.
struct Line<'t> {
    number: usize,
    text: &'t str,
}

/// Reads sets of two lines, or of three with a name before them (also as `0 NAME`), any number of them; empty lines and such that
/// begin with `#` are left out.
///
/// Catalogue numbers of five digits and alpha-5 (`T0001` is 270001). Two digits of a year are 1957 to 2056. Lines of fewer than 69
/// columns are refused: without the checksum nobody knows what was typed wrong. Columns behind it are left out (Vallado's
/// verification set keeps its own times there).
///
/// Fails with `Line` (which one, and why), `Element` and `TooMany`.
pub fn tle(text: &str) -> Result<Vec<Elements>> {
    let mut found = vec![];
    let mut name: Option<&str> = None;
    let mut first: Option<Line<'_>> = None;
    for (index, text) in text.lines().enumerate() {
        let line = Line { number: index + 1, text: text.trim_end() };
        if line.text.is_empty() || line.text.starts_with('#') {
            continue;
        }
        match (first.take(), line.starts()) {
            (None, Some(1)) => first = Some(line),
            (None, Some(2)) => return Err(line.wrong("a second line without its first")),
            (None, _) => name = Some(line.text.strip_prefix("0 ").unwrap_or(line.text)),
            (Some(before), Some(2)) => {
                if found.len() == MOST_OBJECTS {
                    return Err(SkyError::TooMany { found: found.len() + 1, most: MOST_OBJECTS });
                }
                found.push(elements(name.take().unwrap_or_default(), &before, &line)?);
            }
            (Some(_), _) => return Err(line.wrong("behind a first line comes the second, which begins with `2 `")),
        }
    }
    if let Some(first) = first {
        return Err(first.wrong("its second line is missing"));
    }
    if found.is_empty() {
        return Err(SkyError::Format("no line begins with `1 `".to_owned()));
    }
    Ok(found)
}

impl<'t> Line<'t> {
    fn wrong(&self, reason: impl Into<String>) -> SkyError {
        SkyError::Line { line: self.number, reason: reason.into() }
    }

    /// Whether it is a first or a second line.
    fn starts(&self) -> Option<u8> {
        match self.text.as_bytes() {
            [digit @ (b'1' | b'2'), b' ', ..] if self.text.len() >= 60 => Some(digit - b'0'),
            _ => None,
        }
    }

    /// Columns as the format counts them, from 1, both ends included; without the blanks around.
    fn columns(&self, from: usize, to: usize) -> Result<&'t str> {
        self.text.get(from - 1..to).map(str::trim).ok_or_else(|| self.wrong(format!("it ends before column {to}")))
    }

    fn check_sum(&self) -> Result<()> {
        if !self.text.is_ascii() {
            return Err(self.wrong("it has letters that no element set has"));
        }
        let (digits, told) = (self.columns(1, 68)?, self.columns(69, 69)?);
        let sum: u32 = digits.bytes().map(|byte| if byte == b'-' { 1 } else { char::from(byte).to_digit(10).unwrap_or(0) }).sum();
        if told == (sum % 10).to_string() {
            Ok(())
        } else {
            Err(self.wrong(format!("its checksum is {}, but it ends with {told}: a character is wrong", sum % 10)))
        }
    }

    fn float(&self, from: usize, to: usize, what: &str) -> Result<f64> {
        let text = self.columns(from, to)?;
        text.parse().map_err(|_| self.wrong(format!("columns {from} to {to} are no {what}: `{text}`")))
    }

    /// ` 28098-4` is 0.28098e-4.
    fn exponential(&self, from: usize, to: usize, what: &str) -> Result<f64> {
        let text = self.columns(from, to)?;
        let wrong = || self.wrong(format!("columns {from} to {to} are no {what}: `{text}`"));
        let (sign, rest) = match text.as_bytes().first() {
            Some(b'-') => ("-", &text[1..]),
            Some(b'+') => ("", &text[1..]),
            _ => ("", text),
        };
        let Some(at) = rest.rfind(['-', '+']) else {
            // Without an exponent there is only a plain zero.
            return if rest.bytes().all(|byte| byte == b'0') { Ok(0.0) } else { Err(wrong()) };
        };
        let (digits, exponent) = rest.split_at(at);
        number(digits).ok_or_else(wrong)?;
        // The reader of decimal numbers rounds once, whatever the exponent.
        format!("{sign}0.{digits}e{exponent}").parse().map_err(|_| wrong())
    }

    fn catalogue(&self) -> Result<u32> {
        let text = self.columns(3, 7)?;
        let wrong = || self.wrong(format!("columns 3 to 7 are no catalogue number: `{text}`"));
        let mut letters = text.chars();
        let Some(first) = letters.next() else { return Err(wrong()) };
        if first.is_ascii_digit() {
            return number(text).and_then(|number| u32::try_from(number).ok()).ok_or_else(wrong);
        }
        // Alpha-5: a letter for 10 to 33, without I and O, which look like digits.
        let tens = "ABCDEFGHJKLMNPQRSTUVWXYZ".find(first).ok_or_else(wrong)? + 10;
        let rest = letters.as_str();
        let rest = if rest.len() == 4 { number(rest).ok_or_else(wrong)? } else { return Err(wrong()) };
        u32::try_from(tens as i64 * 10_000 + rest).map_err(|_| wrong())
    }

    /// `24127.82853009`: year and day of the year, 1 being 1 January, with eight decimals.
    fn epoch(&self) -> Result<Micros> {
        let text = self.columns(19, 32)?;
        let wrong = || self.wrong(format!("columns 19 to 32 are no epoch: `{text}`"));
        let (year, day) = text.split_at_checked(2).ok_or_else(wrong)?;
        let (day, fraction) = day.split_once('.').ok_or_else(wrong)?;
        let year = number(year).map(|year| if year < 57 { 2000 + year } else { 1900 + year }).ok_or_else(wrong)?;
        let first = Date::new(year, 1, 1).ok_or_else(wrong)?.start();
        let day = number(day.trim()).filter(|day| (1..=366).contains(day)).ok_or_else(wrong)?;
        // In whole numbers: 1e-8 days are 864 µs exactly.
        let digits = number(fraction).filter(|_| fraction.len() <= 8).ok_or_else(wrong)?;
        let hundred_millionths = digits * 10_i64.pow(8 - fraction.len() as u32);
        Ok(first + (day - 1) * DAY + hundred_millionths * 864)
    }

    /// `98067A` as `1998-067A`.
    fn designator(&self) -> Result<String> {
        let text = self.columns(10, 17)?;
        Ok(match (text.get(..2).and_then(number), text.get(2..)) {
            (Some(year), Some(rest)) if !rest.is_empty() => {
                format!("{}-{}", if year < 57 { 2000 + year } else { 1900 + year }, rest.trim())
            }
            _ => String::new(),
        })
    }
}

fn elements(name: &str, first: &Line<'_>, second: &Line<'_>) -> Result<Elements> {
    first.check_sum()?;
    second.check_sum()?;
    let (norad, other) = (first.catalogue()?, second.catalogue()?);
    if norad != other {
        return Err(second.wrong(format!("it is of object {other}, the line before of {norad}")));
    }
    let decimals = second.columns(27, 33)?;
    let eccentricity = number(decimals).and_then(|_| format!("0.{decimals}").parse().ok());
    let raw = Raw {
        mean_motion: second.float(53, 63, "mean motion")?,
        eccentricity: eccentricity.ok_or_else(|| second.wrong(format!("columns 27 to 33 are no eccentricity: `{decimals}`")))?,
        inclination: second.float(9, 16, "inclination")?,
        node: second.float(18, 25, "ascending node")?,
        perigee: second.float(35, 42, "perigee")?,
        mean_anomaly: second.float(44, 51, "mean anomaly")?,
        bstar: first.exponential(54, 61, "drag term")?,
    };
    let revolution = number(second.columns(64, 68)?).and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
    Elements::checked(name, &first.designator()?, norad, first.epoch()?, revolution, &raw)
}
