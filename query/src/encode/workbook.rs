//! Workbooks for spreadsheet programs (XLSX): numbers as numbers, texts as texts, row by row through files without a name.
//!
//! A workbook cannot be sent while it is written, as its table of contents is made last. So that a long one costs no memory,
//! each sheet's rows go to a file that has no name and is gone with the last look at it, whatever becomes of the hub; the
//! finished workbook is one more of them.

use std::fs::File;
use std::io::{Seek, SeekFrom};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int32Type, TimeUnit, TimestampMicrosecondType, UInt32Type, UInt64Type};
use chrono::{DateTime, SecondsFormat};
use futures::{Stream, StreamExt};
use rust_xlsxwriter::{Format, Workbook as Writer, Worksheet, XlsxError};

use super::csv::is_formula;
use crate::answer::Answer;
use crate::error::{Error, Result};

/// Characters of a cell, by Excel's limit of 32,767.
const CELL: usize = 32_000;
/// Characters of a sheet's name, by Excel's limit.
const NAME: usize = 31;
/// What a sheet's name may not have.
const NOT_IN_NAMES: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// A workbook in the making.
pub struct Workbook {
    writer: Writer,
    styles: Styles,
    /// Of the sheet that is written, the row that comes next.
    next: u32,
}

struct Styles {
    heading: Format,
    /// A text that would be a formula if somebody typed it: it stays a text also when its cell is edited.
    guarded: Format,
    wrapped: Format,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing is known; never 0.
    Empty,
    /// A number. One that is not finite is empty.
    Number(f64),
    /// A text, never a formula.
    Text(String),
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Empty, Into::into)
    }
}

impl std::fmt::Debug for Workbook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workbook").field("next", &self.next).finish_non_exhaustive()
    }
}

impl Default for Workbook {
    fn default() -> Self {
        let styles = Styles {
            heading: Format::new().set_bold().set_text_wrap(),
            guarded: Format::new().set_quote_prefix(),
            wrapped: Format::new().set_text_wrap(),
        };
        Self { writer: Writer::new(), styles, next: 0 }
    }
}

impl Workbook {
    /// Begins the next sheet, with a first row of headings that stays in sight; each column is as many characters wide as said.
    pub fn sheet(&mut self, name: &str, headings: &[(String, u16)]) -> Result<()> {
        let sheet = self.writer.add_worksheet_with_constant_memory().map_err(write)?;
        sheet.set_name(sheet_name(name)).map_err(write)?;
        for (column, (heading, width)) in (0..).zip(headings) {
            sheet.set_column_width(column, f64::from(*width)).map_err(write)?;
            sheet.write_string_with_format(0, column, text(heading), &self.styles.heading).map_err(write)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(write)?;
        self.next = 1;
        Ok(())
    }

    /// The next row of the sheet that was begun last.
    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        let row = self.next;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Number(number) => self.number(row, column, *number)?,
                Cell::Text(text) => self.text(row, column, text)?,
            }
        }
        self.next += 1;
        Ok(())
    }

    /// Rows of an answer below each other: of its columns those named, in this order; at most `most` rows. Times are written as
    /// RFC 3339 in UTC, as everywhere else. Says how many rows there are now, and whether some were left out.
    pub async fn rows(&mut self, answer: Answer, columns: &[&str], most: u32) -> Result<Appended> {
        self.batches(answer.batches(), columns, most).await
    }

    async fn batches(&mut self, batches: impl Stream<Item = Result<RecordBatch>>, columns: &[&str], most: u32) -> Result<Appended> {
        let mut batches = std::pin::pin!(batches);
        let mut rows = 0;
        while let Some(batch) = batches.next().await {
            let batch = batch?;
            for row in 0..batch.num_rows() {
                if rows == most {
                    return Ok(Appended { rows, cut: true });
                }
                for (at, name) in (0..).zip(columns) {
                    let column = batch.column_by_name(name);
                    let column = column.ok_or_else(|| Error::Encode(format!("the answer has no column {name}")))?;
                    self.value(at, column, row)?;
                }
                self.next += 1;
                rows += 1;
            }
        }
        Ok(Appended { rows, cut: false })
    }

    fn value(&mut self, at: u16, column: &dyn Array, row: usize) -> Result<()> {
        if column.is_null(row) {
            return Ok(());
        }
        let to = self.next;
        match column.data_type() {
            DataType::Dictionary(_, _) => {
                let dictionary = column.as_dictionary::<Int32Type>();
                let key = dictionary.keys().value(row) as usize;
                let word = dictionary.values().as_string::<i32>().value(key).to_owned();
                self.text(to, at, &word)
            }
            DataType::UInt64 => self.number(to, at, column.as_primitive::<UInt64Type>().value(row) as f64),
            DataType::UInt32 => self.number(to, at, f64::from(column.as_primitive::<UInt32Type>().value(row))),
            DataType::Float32 => self.number(to, at, as_written(column.as_primitive::<Float32Type>().value(row))),
            DataType::Float64 => self.number(to, at, column.as_primitive::<Float64Type>().value(row)),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                let time = DateTime::from_timestamp_micros(column.as_primitive::<TimestampMicrosecondType>().value(row));
                let time = time.map(|time| time.to_rfc3339_opts(SecondsFormat::Micros, true));
                self.text(to, at, &time.unwrap_or_default())
            }
            other => Err(Error::Encode(format!("no cell for {other}"))),
        }
    }

    fn last(&mut self) -> Result<&mut Worksheet> {
        let last = self.writer.worksheets().len().checked_sub(1);
        let last = last.ok_or_else(|| Error::Encode("a workbook's rows need a sheet".to_owned()))?;
        self.writer.worksheet_from_index(last).map_err(write)
    }

    fn number(&mut self, row: u32, column: u16, number: f64) -> Result<()> {
        if number.is_finite() {
            self.last()?.write_number(row, column, number).map_err(write)?;
        }
        Ok(())
    }

    fn text(&mut self, row: u32, column: u16, word: &str) -> Result<()> {
        let style = if is_formula(word) {
            Some(self.styles.guarded.clone())
        } else {
            (word.len() > 60 || word.contains('\n')).then(|| self.styles.wrapped.clone())
        };
        let sheet = self.last()?;
        match style {
            Some(style) => sheet.write_string_with_format(row, column, text(word), &style),
            None => sheet.write_string(row, column, text(word)),
        }
        .map_err(write)?;
        Ok(())
    }

    /// The whole workbook in a file without a name, to be read from its beginning.
    pub fn finish(mut self) -> Result<File> {
        let broken = |error: std::io::Error| Error::Encode(format!("{error}; is the system's temporary folder full?"));
        let mut file = tempfile::tempfile().map_err(broken)?;
        self.writer.save_to_writer(&mut file).map_err(write)?;
        file.seek(SeekFrom::Start(0)).map_err(broken)?;
        Ok(file)
    }
}

/// What was appended to a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// How many rows.
    pub rows: u32,
    /// Whether the answer had more of them.
    pub cut: bool,
}

/// The number that people read in a reading: 9.81 and not 9.8100004196, which is what the nearest f32 becomes in an f64.
fn as_written(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| value.into())
}

/// As much of a text as fits into a cell.
fn text(all: &str) -> &str {
    all.char_indices().nth(CELL).map_or(all, |(end, _)| &all[..end])
}

fn sheet_name(name: &str) -> String {
    let name: String = name.chars().map(|c| if NOT_IN_NAMES.contains(&c) { ' ' } else { c }).take(NAME).collect();
    name.trim_matches('\'').to_owned()
}

fn write(error: XlsxError) -> Error {
    Error::Encode(error.to_string())
}

#[cfg(test)]
mod tests;
