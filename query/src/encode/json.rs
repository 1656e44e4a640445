//! An array of objects.

use arrow::record_batch::RecordBatch;

use super::Encoder;
use super::text::Column;
use crate::error::Result;

/// One object a row; a missing value is null.
#[derive(Default)]
pub(super) struct Json {
    rows: bool,
}

impl Encoder for Json {
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<()> {
        out.push(b'[');
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let schema = batch.schema();
        // `"name":`, with the comma before all but the first.
        let names = schema.fields().iter().enumerate().map(|(number, field)| {
            let comma = if number > 0 { "," } else { "" };
            [comma.as_bytes(), &quote(field.name()), b":"].concat()
        });
        let names: Vec<_> = names.collect();
        let mut columns = Column::of(batch, quote)?;
        for row in 0..batch.num_rows() {
            out.extend_from_slice(if self.rows { b",\n{" } else { b"\n{" });
            self.rows = true;
            for (name, column) in names.iter().zip(&mut columns) {
                out.extend_from_slice(name);
                match column {
                    _ if !column.is_valid(row) => out.extend_from_slice(b"null"),
                    Column::Time { .. } => {
                        out.push(b'"');
                        column.write(row, out);
                        out.push(b'"');
                    }
                    _ => column.write(row, out),
                }
            }
            out.push(b'}');
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(b"\n]\n");
        Ok(())
    }
}

fn quote(text: &str) -> Vec<u8> {
    serde_json::Value::from(text).to_string().into_bytes()
}
