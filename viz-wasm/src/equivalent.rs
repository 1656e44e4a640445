//! The same in words and as a table: what a figure says to those who cannot see it, and to those who want the numbers.

use serde::Serialize;

use crate::board::Board;
use crate::figure::Figure;

mod csv;
mod melody;
mod series;
mod strip;

pub(crate) use csv::harmless;
pub use melody::Melody;
pub(crate) use melody::TONES;
pub(crate) use strip::class_text;

/// Rows a table has at most; the rest is in the export.
pub const MAX_ROWS: usize = 200;

/// A figure's numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What it is about.
    pub caption: String,
    /// Column heads with units.
    pub columns: Vec<String>,
    /// Cells as they are read.
    pub rows: Vec<Vec<String>>,
}

impl Board {
    /// A figure's heading.
    pub fn title(&self, figure: Figure) -> String {
        let lang = self.lang();
        match figure {
            Figure::Sweep => {
                let thing = self.view(figure).subject(self.model()).and_then(|id| self.model().thing(id));
                thing.map_or_else(|| lang.pick("Ein Handy", "One phone").to_owned(), |thing| thing.label())
            }
            Figure::Tiles => lang.pick("Alle Handys einzeln", "Each phone").to_owned(),
            Figure::Overlay => lang.pick("Alle übereinander", "All together").to_owned(),
            Figure::Strip => lang.pick("Ergebnisse der Klasse", "Results of the class").to_owned(),
        }
    }

    /// A figure's message in one or two sentences.
    pub fn summary(&self, figure: Figure) -> String {
        match figure {
            Figure::Sweep => series::one(self),
            Figure::Tiles | Figure::Overlay => series::all(self),
            Figure::Strip => strip::summary(self),
        }
    }

    /// A figure's numbers, at most [`MAX_ROWS`] rows.
    pub fn table(&self, figure: Figure) -> Table {
        let mut table = match figure {
            Figure::Sweep => series::windows(self),
            Figure::Tiles | Figure::Overlay => series::things(self),
            Figure::Strip => strip::table(self),
        };
        table.rows.truncate(MAX_ROWS);
        table.caption = self.title(figure);
        table
    }
}

#[cfg(test)]
mod tests;
