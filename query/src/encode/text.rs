//! Values as text, the same in CSV and JSON.

use std::io::Write;

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int32Type, TimeUnit, TimestampMicrosecondType, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use chrono::DateTime;
use messwerk_lessons::Micros;

use crate::error::{Error, Result};

/// One column of a batch, ready to be written row by row.
pub(super) enum Column {
    /// Numbers of `texts`, which are written as they are.
    Text {
        keys: PrimitiveArray<Int32Type>,
        texts: Vec<Vec<u8>>,
    },
    Count(PrimitiveArray<UInt64Type>),
    Number(PrimitiveArray<UInt32Type>),
    Time {
        times: PrimitiveArray<TimestampMicrosecondType>,
        second: Option<(i64, String)>,
    },
    Single(PrimitiveArray<Float32Type>),
    Double(PrimitiveArray<Float64Type>),
}

impl Column {
    /// The columns of a batch; `quote` makes of each text what is written for it.
    pub(super) fn of(batch: &RecordBatch, quote: impl Fn(&str) -> Vec<u8> + Copy) -> Result<Vec<Self>> {
        batch.columns().iter().map(|column| Self::new(column, quote)).collect()
    }

    fn new(column: &ArrayRef, quote: impl Fn(&str) -> Vec<u8>) -> Result<Self> {
        Ok(match column.data_type() {
            DataType::Dictionary(_, _) => {
                let dictionary = column.as_dictionary::<Int32Type>();
                let texts = dictionary.values().as_string::<i32>().iter().map(|text| quote(text.unwrap_or_default())).collect();
                Self::Text { keys: dictionary.keys().clone(), texts }
            }
            DataType::UInt64 => Self::Count(column.as_primitive().clone()),
            DataType::UInt32 => Self::Number(column.as_primitive().clone()),
            DataType::Timestamp(TimeUnit::Microsecond, _) => Self::Time { times: column.as_primitive().clone(), second: None },
            DataType::Float32 => Self::Single(column.as_primitive().clone()),
            DataType::Float64 => Self::Double(column.as_primitive().clone()),
            other => return Err(Error::Encode(format!("no text form for {other}"))),
        })
    }

    /// Whether `row` has a value.
    pub(super) fn is_valid(&self, row: usize) -> bool {
        match self {
            Self::Single(values) => values.is_valid(row),
            Self::Double(values) => values.is_valid(row),
            Self::Number(values) => values.is_valid(row),
            Self::Text { keys, .. } => keys.is_valid(row),
            Self::Count(_) | Self::Time { .. } => true,
        }
    }

    /// Writes the value of `row`; times as RFC 3339 in UTC with microseconds.
    pub(super) fn write(&mut self, row: usize, out: &mut Vec<u8>) {
        match self {
            Self::Text { keys, texts } => out.extend_from_slice(&texts[keys.value(row) as usize]),
            Self::Count(values) => display(out, values.value(row)),
            Self::Number(values) => display(out, values.value(row)),
            Self::Time { times, second } => time(out, times.value(row), second),
            Self::Single(values) => single(out, values.value(row)),
            Self::Double(values) => double(out, values.value(row)),
        }
    }

    /// Whether the column holds decimal numbers.
    pub(super) fn is_decimal(&self) -> bool {
        matches!(self, Self::Single(_) | Self::Double(_))
    }
}

/// A whole number.
pub(super) fn count(out: &mut Vec<u8>, value: u64) {
    display(out, value);
}

fn display(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    // Writing into a Vec cannot fail.
    let _ = write!(out, "{value}");
}

/// Sizes whose shortest text has no exponent whoever writes it. serde_json takes a third of the time that formatting takes,
/// and of an export numbers are most.
const PLAIN: std::ops::Range<f64> = 1e-4..1e7;

/// The shortest text that reads back as the same f32; very large and very small ones with an exponent.
fn single(out: &mut Vec<u8>, value: f32) {
    let size = value.abs();
    if size == 0.0 || PLAIN.contains(&f64::from(size)) {
        plain(out, value);
    } else if (1e-5..1e16).contains(&size) {
        display(out, value);
    } else {
        display(out, format_args!("{value:e}"));
    }
}

/// The shortest text that reads back as the same number. A number that is exactly an f32 (the smallest and largest value
/// of a component are readings) is written like the reading: 9.81, not 9.8100004196.
pub(super) fn double(out: &mut Vec<u8>, value: f64) {
    let narrow = value as f32;
    let size = value.abs();
    if f64::from(narrow) == value {
        single(out, narrow);
    } else if PLAIN.contains(&size) {
        plain(out, value);
    } else if (1e-5..1e16).contains(&size) {
        display(out, value);
    } else {
        display(out, format_args!("{value:e}"));
    }
}

/// The shortest text of a number in [`PLAIN`] or 0.
fn plain(out: &mut Vec<u8>, value: impl serde::Serialize) {
    // Numbers have a text and a Vec takes it: there is nothing to fail.
    let _ = serde_json::to_writer(&mut *out, &value);
    if out.ends_with(b".0") {
        out.truncate(out.len() - 2);
    }
}

/// `2026-01-03T12:43:32.314000Z`. Neighbouring rows mostly lie in the same second, whose text is kept.
fn time(out: &mut Vec<u8>, time: Micros, second: &mut Option<(i64, String)>) {
    let (seconds, micros) = (time.div_euclid(1_000_000), time.rem_euclid(1_000_000));
    if second.as_ref().is_none_or(|(known, _)| *known != seconds) {
        let text = DateTime::from_timestamp(seconds, 0).map(|time| time.format("%Y-%m-%dT%H:%M:%S").to_string());
        *second = Some((seconds, text.unwrap_or_default()));
    }
    if let Some((_, text)) = second {
        out.extend_from_slice(text.as_bytes());
        let (mut digits, mut rest) = (*b".000000Z", micros);
        for digit in digits[1..7].iter_mut().rev() {
            *digit += (rest % 10) as u8;
            rest /= 10;
        }
        out.extend_from_slice(&digits);
    }
}
