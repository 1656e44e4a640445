//! Comma separated values.

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;

use super::text::{Column, count, double};
use super::{Dialect, Encoder};
use crate::error::Result;

/// RFC 4180 with `\n`; a missing value is empty.
pub(super) struct Csv {
    schema: SchemaRef,
    dialect: Dialect,
}

impl Csv {
    pub(super) fn new(schema: SchemaRef, dialect: Dialect) -> Self {
        Self { schema, dialect }
    }
}

impl Dialect {
    fn separator(self) -> u8 {
        match self {
            Self::Standard => b',',
            Self::German => b';',
        }
    }

    fn begin(self, out: &mut Vec<u8>) {
        if self == Self::German {
            out.extend_from_slice("\u{feff}".as_bytes());
        }
    }

    /// What was written of a decimal number, with the decimal sign of the dialect.
    fn localise(self, number: &mut [u8]) {
        if self == Self::German {
            number.iter_mut().filter(|byte| **byte == b'.').for_each(|byte| *byte = b',');
        }
    }
}

impl Encoder for Csv {
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<()> {
        self.dialect.begin(out);
        let separator = self.dialect.separator();
        let names: Vec<_> = self.schema.fields().iter().map(|field| quote(field.name(), separator)).collect();
        out.extend_from_slice(&names.join(&[separator][..]));
        out.push(b'\n');
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let separator = self.dialect.separator();
        let mut columns = Column::of(batch, |text| quote(text, separator))?;
        for row in 0..batch.num_rows() {
            for (number, column) in columns.iter_mut().enumerate() {
                if number > 0 {
                    out.push(separator);
                }
                if !column.is_valid(row) {
                    continue;
                }
                let from = out.len();
                column.write(row, out);
                if column.is_decimal() {
                    self.dialect.localise(&mut out[from..]);
                }
            }
            out.push(b'\n');
        }
        Ok(())
    }

    fn end(&mut self, _out: &mut Vec<u8>) -> Result<()> {
        Ok(())
    }
}

/// A small table as CSV, cell by cell. Texts are guarded against being taken for formulas.
#[derive(Debug)]
pub struct Cells {
    dialect: Dialect,
    out: Vec<u8>,
    /// Whether the next cell is the first of its row.
    first: bool,
}

impl Cells {
    /// An empty table.
    pub fn new(dialect: Dialect) -> Self {
        let mut out = vec![];
        dialect.begin(&mut out);
        Self { dialect, out, first: true }
    }

    fn cell(&mut self) -> &mut Vec<u8> {
        if !std::mem::take(&mut self.first) {
            self.out.push(self.dialect.separator());
        }
        &mut self.out
    }

    /// The row's next cell, a text.
    pub fn text(&mut self, text: &str) {
        let cell = quote(text, self.dialect.separator());
        self.cell().extend_from_slice(&cell);
    }

    /// The row's next cell, of which nothing is known.
    pub fn empty(&mut self) {
        self.cell();
    }

    /// The row's next cell, a whole number.
    pub fn count(&mut self, number: u64) {
        count(self.cell(), number);
    }

    /// The row's next cell, in the shortest form that reads back as the same number.
    pub fn decimal(&mut self, number: f64) {
        let mut written = vec![];
        double(&mut written, number);
        self.dialect.localise(&mut written);
        self.cell().extend_from_slice(&written);
    }

    /// Ends the row.
    pub fn end_row(&mut self) {
        self.out.push(b'\n');
        self.first = true;
    }

    /// The file.
    pub fn bytes(self) -> Vec<u8> {
        self.out
    }
}

/// What makes a formula of a text, by OWASP's list; the wide forms are taken for the narrow ones in East Asian settings.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// What may end a cell somewhere, whichever dialect was meant: a German Excel splits at `;` also what was written with commas.
const ENDS: [char; 5] = [',', ';', '\t', '\r', '\n'];

/// Whether a spreadsheet might take a text for a formula. Blanks before it are skipped by some.
pub(super) fn is_formula(text: &str) -> bool {
    text.starts_with(FORMULA) || text.trim_start().starts_with(FORMULA)
}

/// A text cell. One that a spreadsheet would take for a formula gets an apostrophe before it (as OWASP advises), and so does
/// any part of it that becomes a cell of its own where the file is read in another dialect: a nickname or a reason must never
/// run on the teacher's machine.
pub(super) fn quote(text: &str, separator: u8) -> Vec<u8> {
    let mut guarded = String::with_capacity(text.len() + 4);
    let mut begins = true;
    for (at, character) in text.char_indices() {
        if begins && is_formula(&text[at..]) {
            guarded.push('\'');
        }
        begins = ENDS.contains(&character) || (begins && character == '"');
        guarded.push(character);
    }
    let special = guarded.bytes().any(|byte| byte == separator || matches!(byte, b'"' | b'\n' | b'\r'));
    let cell = if special { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded };
    cell.into_bytes()
}
