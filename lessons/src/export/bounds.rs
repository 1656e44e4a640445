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

/// Rows of all sheets of a workbook: what it may unpack to has a third of a million of a vector's.
const ROWS: usize = 400_000;
/// What an archive may unpack to whatever its packed size: short files pack well.
const FREE: u64 = 1 << 20;
/// Bytes of all names and texts that are kept. An export has a few dozen short ones; what a file names once may be pointed at
/// from thousands of places, so that they are counted where they are kept and not where they stand.
const TEXTS: usize = 4 << 20;
/// What a text costs besides its bytes.
const EACH: usize = 64;
/// Characters of the longest name of a column.
const HEADER: usize = 200;
/// Characters of a name that is shown to somebody.
const SHOWN: usize = 80;

/// As much of a name from a file as an answer repeats.
pub(super) fn cut(name: &str) -> String {
    let mut rest = name.chars();
    let mut shown: String = rest.by_ref().take(SHOWN).collect();
    if rest.next().is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

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
    read: usize,
    rows: usize,
    texts: usize,
}

impl<'a> Budget<'a> {
    pub(super) fn new(bounds: &'a Bounds) -> Self {
        Self { bounds, packed: 0, unpacked: 0, cells: 0, read: 0, rows: 0, texts: 0 }
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

    /// The number of files in an archive, or of sheets in a workbook.
    pub(super) fn entries(&self, entries: usize, kind: &str) -> Result<(), ExportError> {
        let most = self.bounds.entries;
        if entries > most {
            return Err(ExportError::TooLarge(format!("{entries} {kind}; an export has {most} at most")));
        }
        Ok(())
    }

    /// A name or text that is kept.
    pub(super) fn text(&mut self, text: &str) -> Result<(), ExportError> {
        self.texts = self.texts.saturating_add(text.len() + EACH);
        if self.texts > TEXTS {
            return Err(ExportError::TooLarge("more names and texts than an export has: export the measurement again".to_owned()));
        }
        Ok(())
    }

    /// A column's name that is kept.
    pub(super) fn header(&mut self, text: &str) -> Result<(), ExportError> {
        if text.chars().nth(HEADER).is_some() {
            return Err(ExportError::TooLarge(format!("a column's name of more than {HEADER} characters: {:?}", cut(text))));
        }
        self.text(text)
    }

    /// Rows of a sheet, counted before it is read: reading takes its time for each, also where nothing is in it.
    pub(super) fn rows(&mut self, rows: usize) -> Result<(), ExportError> {
        self.rows = self.rows.saturating_add(rows);
        if self.rows > ROWS {
            return Err(ExportError::TooLarge(format!(
                "{rows} rows in a workbook; it has {ROWS} at most: export CSV, or a shorter measurement"
            )));
        }
        Ok(())
    }

    /// Numbers of a sheet, which lie anywhere until all are known.
    pub(super) fn read(&mut self, numbers: usize) -> Result<(), ExportError> {
        self.read = self.read.saturating_add(numbers);
        self.fits(self.read)
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
        self.fits(self.cells)
    }

    fn fits(&self, cells: usize) -> Result<(), ExportError> {
        let most = self.bounds.cells;
        if cells > most {
            return Err(ExportError::TooLarge(format!("more than {most} numbers: export shorter measurements, one at a time")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_as_far_as_somebody_reads_them() {
        for (name, expected) in [("", ""), ("Höhe (m)", "Höhe (m)")] {
            assert_eq!(cut(name), expected);
        }
        assert_eq!(cut(&"ä".repeat(80)), "ä".repeat(80));
        assert_eq!(cut(&"ä".repeat(81)), "ä".repeat(79) + "…");
    }

    #[test]
    fn texts_cost_what_they_take() {
        let bounds = Bounds::default();
        let mut budget = Budget::new(&bounds);
        assert!(budget.header(&"µ".repeat(HEADER)).is_ok());
        assert!(budget.header(&"µ".repeat(HEADER + 1)).is_err());
        assert!(budget.text(&"x".repeat(TEXTS)).is_err());
        let mut budget = Budget::new(&bounds);
        let kept = (0..TEXTS).take_while(|_| budget.text("").is_ok()).count();
        assert_eq!(kept, TEXTS / EACH);
    }
}
