//! Workbooks: one sheet per set, and sheets with metadata, of which the times are read and the phone's data are not.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, Xlsx};

use super::{Budget, Content, ExportError, Table, biff, number, times};

/// A sheet's cells, in any order and however far apart.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    name: String,
    numbers: Vec<(u32, u32, f64)>,
    /// Headers, and the texts of the sheet of times.
    texts: Vec<(u32, u32, String)>,
}

impl Sheet {
    pub(super) fn new(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    pub(super) fn number(&mut self, row: u32, column: u32, value: f64) {
        self.numbers.push((row, column, value));
    }

    /// In a locale with decimal commas phyphox writes numbers, never texts; below the header a text is NaN or an infinity.
    pub(super) fn text(&mut self, row: u32, column: u32, text: &str) {
        if row == 0 || self.is_times() {
            self.texts.push((row, column, text.to_owned()));
        } else {
            self.number(row, column, number(text));
        }
    }

    fn is_times(&self) -> bool {
        self.name == "Metadata Time"
    }

    /// The rows of the sheet of times, spelled as the CSV file of an archive has them.
    fn lines(&self) -> String {
        let numbers = self.numbers.iter().map(|(row, column, value)| (*row, *column, value.to_string()));
        let mut lines = vec![<[String; 3]>::default(); 2 * times::MOST];
        for (row, column, cell) in self.texts.iter().cloned().chain(numbers) {
            if let Some(place) = lines.get_mut(row as usize).and_then(|line| line.get_mut(column as usize)) {
                *place = cell;
            }
        }
        lines.iter().map(|line| line.join("\t")).collect::<Vec<_>>().join("\n")
    }

    /// The columns below the headers of the first row.
    fn table(self, budget: &mut Budget<'_>) -> Result<Table, ExportError> {
        let mut headers: Vec<(u32, String)> = self.texts.into_iter().map(|(_, column, text)| (column, text)).collect();
        headers.sort_by_key(|(column, _)| *column);
        headers.dedup_by_key(|(column, _)| *column);
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

fn content(sheets: Vec<Sheet>, budget: &mut Budget<'_>) -> Result<Content, ExportError> {
    let mut content = Content::default();
    for sheet in sheets {
        if sheet.is_times() {
            content.starts = times::of_csv(&sheet.lines());
        } else if !sheet.name.starts_with("Metadata") {
            content.tables.push(sheet.table(budget)?);
        }
    }
    Ok(content)
}

/// A workbook of Excel 97.
///
/// # Errors
/// Not a workbook, a damaged one, or more numbers than the budget has.
pub(super) fn read_xls(bytes: &[u8], budget: &mut Budget<'_>) -> Result<Content, ExportError> {
    content(biff::sheets(bytes)?, budget)
}

/// A workbook in an archive, whose unpacked size was measured before.
///
/// # Errors
/// As for [`read_xls`].
pub(super) fn read_xlsx(bytes: &[u8], budget: &mut Budget<'_>) -> Result<Content, ExportError> {
    let damaged = || ExportError::Damaged("a damaged workbook: export it again, and send it whole".to_owned());
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let mut sheet = Sheet::new(name.clone());
        let mut cells = workbook.worksheet_cells_reader(&name).map_err(|_| damaged())?;
        while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
            let (row, column) = cell.get_position();
            match cell.get_value() {
                DataRef::Float(value) => sheet.number(row, column, *value),
                DataRef::Int(value) => sheet.number(row, column, *value as f64),
                DataRef::String(text) => sheet.text(row, column, text),
                DataRef::SharedString(text) => sheet.text(row, column, text),
                _ => {}
            }
        }
        sheets.push(sheet);
    }
    content(sheets, budget)
}
