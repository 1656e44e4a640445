//! Recorded experiments from files: phyphox's exports and saved states, and recorded messages.
//!
//! Messages travel as they are. Exports are read by [`messwerk_lessons::export`], as the hub reads those that are uploaded.

mod messages;

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use messwerk_lessons::export::{self, Bounds};

use messages::Lines;
pub use messages::{Message, PAYLOAD_LINE, RECORDED_LINE};

use crate::recording::{Recording, Stream};

/// Larger files (also when unpacked) are no school experiment: an hour at 400 Hz is 100 MB of CSV and 6 million numbers.
const LARGEST: u64 = 256 << 20;
const BOUNDS: Bounds = Bounds { packed: LARGEST as usize, unpacked: LARGEST, ratio: u64::MAX, entries: 1000, cells: 64_000_000 };

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
    let unknown = |error: export::ExportError| match error {
        export::ExportError::Unknown(text) => anyhow::anyhow!("{text}; {}", messages::expected()),
        error => error.into(),
    };
    let found = export::read(name, bytes, &BOUNDS).map_err(unknown)?;
    let mut readings = Readings { skipped: found.skipped, ..Readings::default() };
    for recording in found.recordings {
        let streams = recording.into_iter().map(|stream| Stream::new(stream.property, stream.time, stream.values));
        readings.recordings.push(Recording { streams: streams.collect::<Result<_>>()?, ..Recording::default() });
    }
    Ok(Export::Readings(readings))
}

#[cfg(test)]
mod tests;
