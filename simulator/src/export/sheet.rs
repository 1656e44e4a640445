//! Workbooks: one sheet per set, and sheets with metadata that are passed over.

use std::io::Cursor;

use anyhow::{Context as _, Result};
use calamine::{Data, Range, Reader as _, open_workbook_auto_from_rs};
use zip::ZipArchive;

use super::{Table, number};

/// Whether a zip archive is a workbook.
pub(super) fn is_xlsx(bytes: &[u8]) -> bool {
    ZipArchive::new(Cursor::new(bytes)).is_ok_and(|mut archive| archive.by_name("xl/workbook.xml").is_ok())
}

/// The tables of all sheets but the metadata.
///
/// # Errors
/// Not a workbook, or a damaged one.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Table>> {
    let mut workbook = open_workbook_auto_from_rs(Cursor::new(bytes)).context("a damaged workbook")?;
    let names = workbook.sheet_names();
    let sets = names.into_iter().filter(|name| !name.starts_with("Metadata"));
    sets.map(|name| {
        let range = workbook.worksheet_range(&name).with_context(|| format!("sheet {name:?}"))?;
        Ok(table(name, &range))
    })
    .collect()
}

fn table(name: String, range: &Range<Data>) -> Table {
    let mut rows = range.rows();
    let header = rows.next().unwrap_or_default();
    let mut columns: Vec<(String, Vec<f64>)> = header.iter().map(|cell| (cell.to_string(), Vec::new())).collect();
    for row in rows {
        for ((_, values), cell) in columns.iter_mut().zip(row) {
            values.push(match cell {
                Data::Float(value) => *value,
                Data::Int(value) => *value as f64,
                // In a locale with decimal commas phyphox writes numbers, never texts; a text is NaN or an infinity.
                Data::String(text) => number(text),
                _ => f64::NAN,
            });
        }
    }
    Table { name, columns }
}
