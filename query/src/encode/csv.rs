//! Comma separated values.

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;

use super::text::Column;
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

    fn separator(&self) -> u8 {
        match self.dialect {
            Dialect::Standard => b',',
            Dialect::German => b';',
        }
    }
}

impl Encoder for Csv {
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<()> {
        if self.dialect == Dialect::German {
            out.extend_from_slice("\u{feff}".as_bytes());
        }
        let separator = [self.separator()];
        let names: Vec<_> = self.schema.fields().iter().map(|field| field.name().as_bytes()).collect();
        out.extend_from_slice(&names.join(&separator[..]));
        out.push(b'\n');
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let separator = self.separator();
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
                if self.dialect == Dialect::German && column.is_decimal() {
                    out[from..].iter_mut().filter(|byte| **byte == b'.').for_each(|byte| *byte = b',');
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

/// A text cell. One that a spreadsheet would take for a formula gets an apostrophe before it (as OWASP advises): a
/// nickname or unit must never run on the teacher's machine.
pub(super) fn quote(text: &str, separator: u8) -> Vec<u8> {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    let special = text.bytes().any(|byte| byte == separator || matches!(byte, b'"' | b'\n' | b'\r'));
    let cell = if special { format!("\"{guard}{}\"", text.replace('"', "\"\"")) } else { format!("{guard}{text}") };
    cell.into_bytes()
}
