//! Questions, checked when they are made or asked.

use std::fmt;
use std::str::FromStr;

use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;

use crate::error::{Error, Result};

/// The length of the windows that readings are summed up in: whole microseconds, 100 ms to 1 day.
///
/// Windows are aligned to 1970-01-01T00:00:00 UTC: a reading lies in the one that begins at floor(time / window) · window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window(Micros);

impl Window {
    /// 100 ms: at 100 Hz ten readings, below that a window is the reading itself.
    pub const SHORTEST: Self = Self(100_000);
    /// One second: what roll-ups are stored in.
    pub const SECOND: Self = Self(1_000_000);
    /// A day: longer than any lesson.
    pub const LONGEST: Self = Self(86_400_000_000);

    /// Checks a length in microseconds.
    pub fn from_micros(length: Micros) -> Result<Self> {
        let allowed = Self::SHORTEST.0..=Self::LONGEST.0;
        if allowed.contains(&length) { Ok(Self(length)) } else { Err(invalid_window(&format!("{length} us"))) }
    }

    /// The length in microseconds.
    pub fn micros(self) -> Micros {
        self.0
    }

    /// The beginning of the window in which `time` lies.
    pub fn start(self, time: Micros) -> Micros {
        time.div_euclid(self.0).saturating_mul(self.0)
    }

    /// Whether windows of this length are made of whole roll-ups.
    pub(crate) fn is_rolled_up(self) -> bool {
        self.0 % Self::SECOND.0 == 0
    }

    /// The first window border at or after `time`.
    pub(crate) fn end(self, time: Micros) -> Micros {
        self.start(time.saturating_add(self.0 - 1))
    }
}

fn invalid_window(text: &str) -> Error {
    Error::Invalid(format!("'{text}' is no window; write a length from 100ms to 1d such as 100ms, 1s, 5min, 1h or 1d"))
}

impl FromStr for Window {
    type Err = Error;

    /// Reads `100ms`, `1s`, `5min`, `1h` or `1d`.
    fn from_str(text: &str) -> Result<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let unit = match unit {
            "ms" => 1_000,
            "s" => 1_000_000,
            "min" | "m" => 60_000_000,
            "h" => 3_600_000_000,
            "d" => Self::LONGEST.0,
            _ => return Err(invalid_window(text)),
        };
        let length = number.parse().ok().and_then(|number: Micros| number.checked_mul(unit));
        length.and_then(|length| Self::from_micros(length).ok()).ok_or_else(|| invalid_window(text))
    }
}

impl fmt::Display for Window {
    /// The shortest form that reads back as the same window; microseconds below a millisecond have none and show as µs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            length if length % 1_000_000 == 0 => write!(f, "{}s", length / 1_000_000),
            length if length % 1_000 == 0 => write!(f, "{}ms", length / 1_000),
            length => write!(f, "{length}µs"),
        }
    }
}

/// Which Observations. Everything that is `None` does not restrict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ObservationSpec {
    /// Of what.
    pub property: Option<ObservedProperty>,
    /// Whose.
    pub thing: Option<ThingId>,
    /// Which recording.
    pub run: Option<u32>,
    /// From this phenomenon time on.
    pub from: Option<Micros>,
    /// Before this phenomenon time.
    pub to: Option<Micros>,
    /// At most this many rows.
    pub limit: Option<usize>,
    /// Thin to what a chart this many pixels wide shows: per pixel column of a Run the first and the last reading and
    /// those with the smallest and largest value of each component. Peaks are never lost.
    pub width: Option<u32>,
    /// For people: whose each reading is (`number`, `nickname`) and how many seconds after the first of its Run (`t_s`).
    pub named: bool,
    /// With a last column `flags`: what is remarkable about each reading, in words.
    pub flags: bool,
}

/// Windowed statistics of one property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AggregateSpec {
    /// Of what.
    pub property: ObservedProperty,
    /// Whose; all visible Things without.
    pub thing: Option<ThingId>,
    /// Which recording; all without.
    pub run: Option<u32>,
    /// How long a window is.
    pub window: Window,
    /// From the window in which this time lies.
    pub from: Option<Micros>,
    /// Up to the window in which the last microsecond before this time lies.
    pub to: Option<Micros>,
    /// At most this many rows; a window of a vector has four, one per component.
    pub limit: Option<usize>,
}

impl AggregateSpec {
    /// The whole time, all visible Things.
    pub fn new(property: ObservedProperty, window: Window) -> Self {
        Self { property, thing: None, run: None, window, from: None, to: None, limit: None }
    }
}

/// The widest chart: more columns than any screen has, so that `width` bounds the answer.
pub(crate) const WIDEST: u32 = 16_384;

impl ObservationSpec {
    pub(crate) fn check(&self) -> Result<()> {
        check_span(self.from, self.to)?;
        match self.width {
            Some(width) if !(1..=WIDEST).contains(&width) => {
                Err(Error::Invalid(format!("width={width} is no number of pixels; write 1 to {WIDEST}")))
            }
            _ => Ok(()),
        }
    }
}

/// An end before the beginning is a mistake worth telling; an empty span is an empty answer.
pub(crate) fn check_span(from: Option<Micros>, to: Option<Micros>) -> Result<()> {
    match (from, to) {
        (Some(from), Some(to)) if to < from => Err(Error::Invalid("'to' lies before 'from'; exchange them".to_owned())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
