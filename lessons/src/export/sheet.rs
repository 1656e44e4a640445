//! Workbooks: one sheet per set, and sheets with metadata, of which the times are read and the phone's data are not.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Budget, Content, ExportError, Table, biff, number, times};

/// A sheet's cells, in any order and however far apart. Holds: every number and text in it was counted.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    name: String,
    numbers: Vec<(u32, u32, f64)>,
    /// By column: one text each.
    headers: BTreeMap<u32, String>,
    /// The sheet of times, as far as anybody looks at it.
    times: BTreeMap<(u32, u32), String>,
}

impl Sheet {
    pub(super) fn new(name: &str, budget: &mut Budget<'_>) -> Result<Self, ExportError> {
        budget.text(name)?;
        Ok(Self { name: name.to_owned(), ..Self::default() })
    }

    pub(super) fn number(&mut self, row: u32, column: u32, value: f64, budget: &mut Budget<'_>) -> Result<(), ExportError> {
        if self.is_times() {
            return self.time(row, column, &value.to_string(), budget);
        }
        if !self.is_metadata() {
            budget.read(1)?;
            self.numbers.push((row, column, value));
        }
        Ok(())
    }

    /// In a locale with decimal commas phyphox writes numbers, never texts; below the header a text is NaN or an infinity.
    pub(super) fn text(&mut self, row: u32, column: u32, text: &str, budget: &mut Budget<'_>) -> Result<(), ExportError> {
        if self.is_times() {
            self.time(row, column, text, budget)
        } else if self.is_metadata() {
            Ok(())
        } else if row > 0 {
            self.number(row, column, number(text), budget)
        } else {
            if let Entry::Vacant(column) = self.headers.entry(column) {
                budget.header(text)?;
                column.insert(text.to_owned());
            }
            Ok(())
        }
    }

    fn time(&mut self, row: u32, column: u32, text: &str, budget: &mut Budget<'_>) -> Result<(), ExportError> {
        // The fourth column says the same in words.
        if row as usize >= 2 * times::MOST || column >= 3 || self.times.contains_key(&(row, column)) {
            return Ok(());
        }
        budget.text(text)?;
        self.times.insert((row, column), text.to_owned());
        Ok(())
    }

    /// The phone's data, which nobody reads, and the times.
    fn is_metadata(&self) -> bool {
        self.name.starts_with("Metadata")
    }

    fn is_times(&self) -> bool {
        self.name == "Metadata Time"
    }

    /// The rows of the sheet of times, spelled as the CSV file of an archive has them.
    fn lines(&self) -> String {
        let rows = self.times.keys().next_back().map_or(0, |(row, _)| row + 1);
        let cell = |row: u32, column: u32| self.times.get(&(row, column)).map_or("", String::as_str);
        (0..rows).map(|row| [0, 1, 2].map(|column| cell(row, column)).join("\t")).collect::<Vec<_>>().join("\n")
    }

    /// The columns below the headers of the first row.
    fn table(self, budget: &mut Budget<'_>) -> Result<Table, ExportError> {
        let headers: Vec<(u32, String)> = self.headers.into_iter().collect();
        let place = |column: u32| headers.binary_search_by_key(&column, |(column, _)| *column).ok();
        let below = |cell: &(u32, u32, f64)| cell.0 > 0 && place(cell.1).is_some();
        let rows = self.numbers.iter().filter(|cell| below(cell)).map(|cell| cell.0 as usize).max().unwrap_or(0);
        budget.cells(rows.saturating_mul(headers.len()))?;
        let mut columns: Vec<Vec<f64>> = headers.iter().map(|_| vec![f64::NAN; rows]).collect();
        for (row, column, value) in self.numbers {
            if let (Some(place), Some(row)) = (place(column), (row as usize).checked_sub(1)) {
                columns[place][row] = value;
            }
        }
        Ok(Table { name: self.name, columns: headers.into_iter().map(|(_, header)| header).zip(columns).collect() })
    }
}

pub(super) fn content(sheets: Vec<Sheet>, budget: &mut Budget<'_>) -> Result<Content, ExportError> {
    let mut content = Content::default();
    for sheet in sheets {
        if sheet.is_times() {
            content.starts = times::of_csv(&sheet.lines());
        } else if !sheet.is_metadata() {
            content.tables.push(sheet.table(budget)?);
        }
    }
    Ok(content)
}

/// A workbook of Excel 97.
///
/// # Errors
/// Not a workbook, a damaged one, or more numbers or texts than the budget has.
pub(super) fn read_xls(bytes: &[u8], budget: &mut Budget<'_>) -> Result<Content, ExportError> {
    content(biff::sheets(bytes, budget)?, budget)
}
