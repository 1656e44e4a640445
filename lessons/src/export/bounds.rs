//! How much a file may take, counted while it is taken.

use super::ExportError;

/// How much a file may take. What an archive or a workbook claims of itself is no promise: what comes out is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of the file.
    pub packed: usize,
    /// Bytes that an archive unpacks to.
    pub unpacked: u64,
    /// How many times its packed size an archive may unpack to, beyond the first MiB. phyphox's text packs three- to
    /// sixfold.
    pub ratio: u64,
    /// Files in an archive. Most exports have five sets, none more than a few dozen.
    pub entries: usize,
    /// Numbers in all tables, 8 bytes each.
    pub cells: usize,
}

/// What an archive may unpack to whatever its packed size: short files pack well.
const FREE: u64 = 1 << 20;

impl Default for Bounds {
    /// What somebody may upload: an hour of a vector at 200 Hz is 7 MiB packed, 45 MiB unpacked and 3 million numbers.
    fn default() -> Self {
        Self { packed: 10 << 20, unpacked: 64 << 20, ratio: 20, entries: 200, cells: 8_000_000 }
    }
}

/// What is left of the bounds.
#[derive(Debug)]
pub(super) struct Budget<'a> {
    bounds: &'a Bounds,
    packed: u64,
    unpacked: u64,
    cells: usize,
}

impl<'a> Budget<'a> {
    pub(super) fn new(bounds: &'a Bounds) -> Self {
        Self { bounds, packed: 0, unpacked: 0, cells: 0 }
    }

    /// The file itself.
    pub(super) fn packed(&mut self, bytes: usize) -> Result<(), ExportError> {
        self.packed = bytes as u64;
        let most = self.bounds.packed;
        if bytes > most {
            return Err(ExportError::TooLarge(format!("{bytes} bytes are more than an experiment has ({most} at most)")));
        }
        Ok(())
    }

    /// The number of files in an archive.
    pub(super) fn entries(&self, entries: usize) -> Result<(), ExportError> {
        let most = self.bounds.entries;
        if entries > most {
            return Err(ExportError::TooLarge(format!("{entries} files in the archive; an export has {most} at most")));
        }
        Ok(())
    }

    /// Bytes that may still be unpacked.
    pub(super) fn left(&self) -> u64 {
        let by_ratio = self.packed.saturating_mul(self.bounds.ratio).max(FREE);
        self.bounds.unpacked.min(by_ratio).saturating_sub(self.unpacked)
    }

    /// Bytes that were unpacked.
    pub(super) fn unpack(&mut self, bytes: u64) -> Result<(), ExportError> {
        if bytes > self.left() {
            return Err(ExportError::TooLarge("the archive unpacks to more than an export holds".to_owned()));
        }
        self.unpacked += bytes;
        Ok(())
    }

    /// Numbers that are kept.
    pub(super) fn cells(&mut self, cells: usize) -> Result<(), ExportError> {
        self.cells = self.cells.saturating_add(cells);
        let most = self.bounds.cells;
        if self.cells > most {
            return Err(ExportError::TooLarge(format!("more than {most} numbers: export shorter measurements, one at a time")));
        }
        Ok(())
    }
}
