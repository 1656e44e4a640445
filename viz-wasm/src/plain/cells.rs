//! A figure's numbers once, for the table that is read and for the CSV that is computed with.

use std::fmt::Write as _;

use crate::equivalent::{MAX_ROWS, Table, harmless};
use crate::words::{Lang, number};

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// A text.
    Text(String),
    /// A number and the decimals with which it is read; the CSV has all of them.
    Number(f64, usize),
    /// Nothing: a gap.
    None,
}

impl Cell {
    /// A text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number if there is one.
    pub(crate) fn maybe(value: Option<f64>, decimals: usize) -> Self {
        value.map_or(Self::None, |value| Self::Number(value, decimals))
    }
}

/// Columns and rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Cells {
    /// Heads with units.
    pub(crate) columns: Vec<String>,
    /// As many cells each.
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Cells {
    /// As it is read. Of too many rows every second, third … stands there, and the caption says so.
    pub(crate) fn table(&self, title: String, lang: Lang) -> Table {
        let step = self.rows.len().div_ceil(MAX_ROWS).max(1);
        let read = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            Cell::Number(value, decimals) => number::fixed(*value, *decimals, lang),
            Cell::None => "–".to_owned(),
        };
        let caption = match (step, lang) {
            (1, _) => title,
            (_, Lang::De) => format!("{title} (jede {step}. Zeile; alle stehen in der CSV-Datei)"),
            (_, Lang::En) => format!("{title} (one row in {step}; the CSV file has all)"),
        };
        Table {
            caption,
            columns: self.columns.clone(),
            rows: self.rows.iter().step_by(step).map(|row| row.iter().map(read).collect()).collect(),
        }
    }

    /// RFC 4180 with decimal points.
    pub(crate) fn csv(&self) -> String {
        let mut csv = self.columns.iter().map(|column| harmless(column)).collect::<Vec<_>>().join(",");
        csv.push_str("\r\n");
        for row in &self.rows {
            for (place, cell) in row.iter().enumerate() {
                if place > 0 {
                    csv.push(',');
                }
                // Writing to a string cannot fail.
                let _ = match cell {
                    Cell::Text(text) => write!(csv, "{}", harmless(text)),
                    Cell::Number(value, _) if value.is_finite() => write!(csv, "{value}"),
                    Cell::Number(..) | Cell::None => Ok(()),
                };
            }
            csv.push_str("\r\n");
        }
        csv
    }
}
