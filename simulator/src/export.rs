//! Recorded experiments from files: phyphox's exports and saved states, and recorded messages.
//!
//! Messages travel as they are. Every other reader ends in [`Table`]s, named columns of numbers, which [`columns`] turns
//! into streams by quantity and unit. Nothing is guessed: a column that is no reading of the phone (a computed height, an
//! absolute value) or has another unit is skipped and named.

mod archive;
mod columns;
mod csv;
mod messages;
mod saved;
mod sheet;

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;

use messages::Lines;
pub use messages::{Message, PAYLOAD_LINE, RECORDED_LINE};

use crate::recording::Recording;

/// Larger files (also when unpacked) are no school experiment: an hour at 400 Hz is 100 MB of CSV.
const LARGEST: u64 = 256 << 20;

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Export {
    /// Readings.
    Readings(Readings),
    /// Messages as they were published, in the order of their times.
    Messages(Vec<Message>),
    /// Bodies as they were posted, without their times.
    Payloads(Vec<Bytes>),
}

/// Readings of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Readings {
    /// One recording per run: sets with different properties belong to one, a set with a property again begins the next.
    pub recordings: Vec<Recording>,
    /// Columns that are not replayed, as `set: column`.
    pub skipped: Vec<String>,
}

/// Named columns of numbers; what is missing or no number is NaN.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Name of the set: the file's or the sheet's.
    pub name: String,
    /// The columns' headers with their units, and their values; all equally long.
    pub columns: Vec<(String, Vec<f64>)>,
}

/// Reads a file by its content, not by its name's ending.
///
/// # Errors
/// A file that cannot be read, is larger than 256 MiB, is of no known kind, is damaged, or has no reading in it.
pub fn read(path: &Path) -> Result<Export> {
    let size = path.metadata().with_context(|| format!("{}", path.display()))?.len();
    ensure!(size <= LARGEST, "{}: {size} bytes are more than an experiment has", path.display());
    let bytes = std::fs::read(path).with_context(|| format!("{}", path.display()))?;
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    from_bytes(&name, &bytes).with_context(|| format!("{}", path.display()))
}

/// [`read`] for a file in memory; `name` is its name without ending.
///
/// # Errors
/// As for [`read`].
pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Export> {
    match messages::kind(bytes)? {
        Some(Lines::Recorded) => return Ok(Export::Messages(messages::read(bytes)?)),
        Some(Lines::Payloads) => return Ok(Export::Payloads(messages::payloads(bytes)?)),
        None => {}
    }
    let readings = columns::readings(&tables(name, bytes)?)?;
    ensure!(!readings.recordings.is_empty(), "no column is a reading of a phone; found: {}", readings.skipped.join(", "));
    Ok(Export::Readings(readings))
}

/// The tables of a file: one of CSV, one per set of an archive, a workbook or a saved state.
///
/// # Errors
/// As for [`read`], except that tables without readings are no error.
pub fn tables(name: &str, bytes: &[u8]) -> Result<Vec<Table>> {
    const OLE: &[u8] = b"\xd0\xcf\x11\xe0";
    if bytes.starts_with(b"PK\x03\x04") {
        if sheet::is_xlsx(bytes) { sheet::read(bytes) } else { archive::read(bytes) }
    } else if bytes.starts_with(OLE) {
        sheet::read(bytes)
    } else if saved::is_saved_state(bytes) {
        saved::read(bytes)
    } else {
        let unknown = || format!("no export of phyphox and no recorded messages; {}", messages::expected());
        Ok(vec![csv::read(name, bytes).with_context(unknown)?])
    }
}

/// A number as phyphox writes it in any locale; NaN for what is none.
fn number(text: &str) -> f64 {
    match text.trim() {
        "∞" | "Infinity" => f64::INFINITY,
        "-∞" | "-Infinity" => f64::NEG_INFINITY,
        // Rust reads "inf" and "nan" in any case; phyphox writes neither, and both are no value.
        text => text.parse().unwrap_or(f64::NAN),
    }
}

#[cfg(test)]
mod tests;
