//! What phyphox exports: CSV in five dialects, zip, xls and xlsx, and saved states, from bytes to streams of readings.
//!
//! Every reader ends in [`Table`]s, named columns of numbers, which `columns` turns into streams by quantity and unit.
//! Nothing is guessed: a column that is no reading of the phone (a computed height, an absolute value) or has another unit
//! is skipped and named.
//!
//! A file comes from anybody who may measure, so that what it takes is bounded before it is taken ([`Bounds`]): bytes
//! while they are unpacked, cells and names while they are read. Names inside an archive are looked at and never used as paths;
//! document types (and with them entities) are refused.
//!
//! Behind the feature `exports`: the hub takes uploads and the simulator replays files, the browser does neither.

mod archive;
mod biff;
mod bounds;
mod columns;
mod csv;
mod saved;
mod sheet;
mod times;
mod xlsx;

pub use bounds::Bounds;
use bounds::Budget;

use crate::Micros;
use crate::quantity::ObservedProperty;

/// Why a file cannot be taken; each says what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// It is something else.
    #[error("{0}")]
    Unknown(String),
    /// It is cut off or broken.
    #[error("{0}")]
    Damaged(String),
    /// It is larger than an experiment is, packed or unpacked.
    #[error("{0}")]
    TooLarge(String),
    /// It holds no reading of a phone.
    #[error("{0}")]
    Empty(String),
    /// It has columns, as `set: column`, and none of them is a reading that can be used.
    #[error(
        "no column can be used. Found: {}. Needed: a time in s, and beside it x, y and z of a vector (an absolute value alone has no \
         direction), or a scalar",
        .0.join(", ")
    )]
    Columns(Vec<String>),
}

impl ExportError {
    /// The same, with the place inside the file before it.
    fn at(self, place: &str) -> Self {
        let said = |text: String| format!("{}: {text}", bounds::cut(place));
        match self {
            Self::Unknown(text) => Self::Unknown(said(text)),
            Self::Damaged(text) => Self::Damaged(said(text)),
            Self::TooLarge(text) => Self::TooLarge(said(text)),
            Self::Empty(text) => Self::Empty(said(text)),
            Self::Columns(columns) => Self::Columns(columns),
        }
    }
}

/// Readings of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Readings {
    /// One recording per run: sets with different properties belong to one, a set with a property again begins the next.
    pub recordings: Vec<Vec<Stream>>,
    /// Columns that are no readings, as `set: column`, at most 80 characters of it.
    pub skipped: Vec<String>,
    /// The phone's clock at each start of the measurement, if the file tells it.
    pub starts: Vec<Start>,
}

/// The readings of one property, in the order the sensor gave them.
///
/// Holds: the columns that the property has are as long as the times, the others empty. A missing value is NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// What was observed.
    pub property: ObservedProperty,
    /// When, by experiment time.
    pub time: Vec<Micros>,
    /// x (or the scalar), y and z.
    pub values: [Vec<f32>; 3],
}

/// A start of the measurement: experiment time stands still while it is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// By experiment time.
    pub experiment: Micros,
    /// By the phone's clock, µs since 1970 UTC.
    pub system: Micros,
}

/// Named columns of numbers; what is missing or no number is NaN.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Name of the set: the file's or the sheet's.
    pub name: String,
    /// The columns' headers with their units, and their values; all equally long.
    pub columns: Vec<(String, Vec<f64>)>,
}

/// Tables and starts, as the readers find them.
#[derive(Debug, Default)]
struct Content {
    tables: Vec<Table>,
    starts: Vec<Start>,
}

/// The readings of a file, whose kind is told by its content; `name` stands for the one set of a CSV.
///
/// # Errors
/// A file of another kind, a damaged one, one beyond the bounds, or one without a reading.
pub fn read(name: &str, bytes: &[u8], bounds: &Bounds) -> Result<Readings, ExportError> {
    let content = content(name, bytes, bounds)?;
    let mut readings = columns::readings(&content.tables);
    if readings.recordings.is_empty() {
        readings.skipped.truncate(8);
        let named = !readings.skipped.is_empty();
        let empty = || ExportError::Empty("there are no readings in it".to_owned());
        return Err(if named { ExportError::Columns(readings.skipped) } else { empty() });
    }
    readings.starts = content.starts;
    Ok(readings)
}

/// The tables of a file: one of CSV, one per set of an archive, a workbook or a saved state.
///
/// # Errors
/// As for [`read`], except that tables without readings are no error.
pub fn tables(name: &str, bytes: &[u8], bounds: &Bounds) -> Result<Vec<Table>, ExportError> {
    content(name, bytes, bounds).map(|content| content.tables)
}

fn content(name: &str, bytes: &[u8], bounds: &Bounds) -> Result<Content, ExportError> {
    const OLE: &[u8] = b"\xd0\xcf\x11\xe0";
    let mut budget = Budget::new(bounds);
    budget.packed(bytes.len())?;
    if bytes.starts_with(b"PK\x03\x04") {
        archive::read(bytes, &mut budget)
    } else if bytes.starts_with(OLE) {
        sheet::read_xls(bytes, &mut budget)
    } else if saved::is_saved_state(bytes) {
        saved::read(bytes, &mut budget)
    } else {
        let table = csv::read(name, bytes, &mut budget).map_err(|error| match error {
            ExportError::Unknown(text) => ExportError::Unknown(format!("no export of phyphox: {text}")),
            error => error,
        })?;
        Ok(Content { tables: vec![table], starts: vec![] })
    }
}

/// How deep elements of XML lie in each other at most; phyphox's are not ten deep, and each open one is remembered.
const DEEPEST: u32 = 256;

/// Bytes of the longest number: phyphox writes 20. A text that thousands of cells share is not read for each of them.
const NUMBER: usize = 64;

/// A number as phyphox writes it in any locale; NaN for what is none.
fn number(text: &str) -> f64 {
    if text.len() > NUMBER {
        return f64::NAN;
    }
    match text.trim() {
        "∞" | "Infinity" => f64::INFINITY,
        "-∞" | "-Infinity" => f64::NEG_INFINITY,
        // Rust reads "inf" and "nan" in any case; phyphox writes neither, and both are no value.
        text => text.parse().unwrap_or(f64::NAN),
    }
}

#[cfg(test)]
mod tests;
