//! A station's readings over its own clock: means with the band of their extremes, directions as points, amounts as bars.

mod calendar;
mod draw;

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::data::{Quantity, sane};
use super::trace::{STEPS, gaps, stepped};
use super::{Place, Plain, stats};
use crate::error::VizError;
use crate::words::{self, Lang, number};

/// Buckets a figure takes.
const MOST: usize = 100_000;
/// The years 1 to 9999 in seconds: beyond them a calendar has no dates.
const CALENDAR: std::ops::Range<f64> = -62_135_596_800.0..253_402_300_800.0;

/// Buckets of time, or single readings.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Weather {
    /// What was measured.
    pub quantity: Quantity,
    /// The zone whose clock the times are of, for the axis: `Europe/Berlin`.
    pub zone: String,
    /// What a bucket is: `raw`, `hour`, `day` or `month`.
    pub by: String,
    /// When buckets begin, or when readings were taken: seconds of the station's own clock since 1970-01-01 on it, rising.
    pub begin: Vec<f64>,
    /// When buckets end, in the same seconds; empty of single readings.
    pub end: Vec<f64>,
    /// Means or readings; `null` is a gap and stays one. Empty of amounts.
    pub mean: Vec<Option<f64>>,
    /// Least values; empty without a band.
    pub min: Vec<Option<f64>>,
    /// Largest values.
    pub max: Vec<Option<f64>>,
    /// Amounts: bars. Empty of everything else.
    pub sum: Vec<Option<f64>>,
    /// Readings in each bucket; empty if nobody knows.
    pub count: Vec<u32>,
    /// Whether values are directions in degrees, which are drawn as points from 0 to 360.
    pub circular: bool,
}

impl Weather {
    /// What is shown of each bucket: the amount or the mean.
    fn values(&self) -> &[Option<f64>] {
        if self.sum.is_empty() { &self.mean } else { &self.sum }
    }

    /// A bucket on the axis: where it begins and ends, a reading at its time.
    fn span(&self, index: usize) -> (f64, f64) {
        let begin = self.begin.get(index).copied().unwrap_or_default();
        (begin, self.end.get(index).copied().unwrap_or(begin).max(begin))
    }

    fn middle(&self, index: usize) -> f64 {
        let (begin, end) = self.span(index);
        (begin + end) / 2.0
    }

    /// `23.11.2026 14:00`, of a day `23.11.2026`, of a month `November 2026`.
    fn when(&self, index: usize, lang: Lang) -> String {
        calendar::told(self.span(index).0, &self.by, lang)
    }

    /// The bucket with the least or the largest of some values.
    fn extreme(values: &[Option<f64>], largest: bool) -> Option<(usize, f64)> {
        let known = values.iter().enumerate().filter_map(|(index, value)| Some((index, (*value)?)));
        known.reduce(|best, next| if (next.1 > best.1) == largest && next.1 != best.1 { next } else { best })
    }

    fn bucket(&self, lang: Lang) -> &'static str {
        match self.by.as_str() {
            "hour" => lang.pick("Stundenwerte", "hourly values"),
            "day" => lang.pick("Tageswerte", "daily values"),
            "month" => lang.pick("Monatswerte", "monthly values"),
            _ => lang.pick("einzelne Messwerte", "single readings"),
        }
    }

    fn decimals(&self) -> usize {
        number::decimals_alike(&self.values().iter().chain(&self.max).flatten().copied().collect::<Vec<_>>()).min(2)
    }
}

impl Plain for Weather {
    fn title(&self, lang: Lang) -> String {
        format!("{}, {}", self.quantity.axis(lang), self.bucket(lang))
    }

    fn check(&self) -> Result<(), VizError> {
        let refuse = |text: &str| Err(VizError::Plain(text.to_owned()));
        let n = self.begin.len();
        if n > MOST {
            return refuse("a figure takes at most 100000 buckets; ask for longer ones");
        }
        let columns = [&self.mean, &self.min, &self.max, &self.sum];
        if columns.iter().any(|column| !column.is_empty() && column.len() != n) || (!self.count.is_empty() && self.count.len() != n) {
            return refuse("`mean`, `min`, `max`, `sum` and `count` need one entry for each `begin`, or none at all");
        }
        if self.values().len() != n || self.min.len() != self.max.len() {
            return refuse("`mean` or `sum` is missing, or `min` without `max`");
        }
        if !self.end.is_empty() && self.end.len() != n {
            return refuse("`end` needs one entry for each `begin`, or none at all");
        }
        // An hour that comes twice makes local times go back once; buckets stay in their order.
        if self.begin.iter().chain(&self.end).any(|time| !CALENDAR.contains(time)) {
            return refuse("`begin` and `end` are seconds of the years 1 to 9999");
        }
        if columns.iter().any(|column| column.iter().flatten().any(|value| !sane(*value))) {
            return refuse("a value is not a number; give null where there is none");
        }
        Ok(())
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        draw::draw(self, canvas)
    }

    fn summary(&self, lang: Lang) -> String {
        let (values, decimals) = (self.values(), self.decimals());
        let told = |value: f64| self.quantity.with(&number::fixed(value, decimals, lang));
        let (Some(first), Some(last)) = (values.iter().position(Option::is_some), values.iter().rposition(Option::is_some)) else {
            return format!("{}: {}.", self.title(lang), lang.pick("keine Daten", "no data"));
        };
        let mut text = match lang {
            Lang::De => format!("{}, von {} bis {}", self.title(lang), self.when(first, lang), self.when(last, lang)),
            Lang::En => format!("{}, from {} to {}", self.title(lang), self.when(first, lang), self.when(last, lang)),
        };
        if !self.sum.is_empty() {
            let all = told(values.iter().flatten().sum());
            text += &match lang {
                Lang::De => format!(": zusammen {all}"),
                Lang::En => format!(": {all} in all"),
            };
            if let Some((index, most)) = Self::extreme(values, true).filter(|(_, most)| *most > 0.0) {
                text += &format!(", {} {} ({})", lang.pick("am meisten", "the most"), told(most), self.when(index, lang));
            }
        } else if !self.circular {
            let ends = (if self.min.is_empty() { values } else { &self.min }, if self.max.is_empty() { values } else { &self.max });
            if let (Some(low), Some(high)) = (Self::extreme(ends.0, false), Self::extreme(ends.1, true)) {
                let (least, largest) = (lang.pick("kleinster Wert", "least value"), lang.pick("größter", "largest"));
                text += &format!(
                    ": {least} {} ({}), {largest} {} ({})",
                    told(low.1),
                    self.when(low.0, lang),
                    told(high.1),
                    self.when(high.0, lang)
                );
            }
        }
        text + &gaps(values.get(first..=last).unwrap_or_default(), lang) + "."
    }

    fn cells(&self, lang: Lang) -> Cells {
        let unit = |name: &str| words::in_unit(name, &words::unit(&self.quantity.unit));
        let decimals = self.decimals() + 1;
        let name = self.quantity.name.get(lang);
        let mut columns = vec![lang.pick("Beginn (Ortszeit)", "begin (local time)").to_owned()];
        columns.push(unit(&match (self.sum.is_empty(), self.by.as_str()) {
            (false, _) => format!("{name}, {}", lang.pick("Summe", "sum")),
            (true, "raw" | "") => name.to_owned(),
            _ => format!("{name}, {}", lang.pick("Mittel", "mean")),
        }));
        if !self.min.is_empty() {
            columns.push(unit(lang.pick("kleinster", "least")));
            columns.push(unit(lang.pick("größter", "largest")));
        }
        if !self.count.is_empty() {
            columns.push(lang.pick("Messwerte", "readings").to_owned());
        }
        let row = |index: usize| {
            let of = |column: &[Option<f64>]| Cell::maybe(column.get(index).copied().flatten(), decimals);
            let mut row = vec![Cell::text(calendar::sortable(self.span(index).0)), of(self.values())];
            if !self.min.is_empty() {
                row.extend([of(&self.min), of(&self.max)]);
            }
            row.extend(self.count.get(index).map(|count| Cell::Number(f64::from(*count), 0)));
            row
        };
        let mut rows: Vec<_> = (0..self.begin.len()).map(row).collect();
        if rows.is_empty() {
            rows.push(columns.iter().map(|_| Cell::None).collect());
        }
        Cells { columns, rows }
    }

    fn lengths(&self) -> Vec<usize> {
        vec![self.begin.len().min(STEPS)]
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        let index = stepped(place.index, self.begin.len());
        let (decimals, none) = (self.decimals() + 1, lang.pick("keine Daten", "no data"));
        let value = self.values().get(index).copied().flatten();
        let value = value.map_or_else(|| none.to_owned(), |value| self.quantity.with(&number::fixed(value, decimals, lang)));
        let band = self.min.get(index).copied().flatten().zip(self.max.get(index).copied().flatten());
        let band = band.map(|(low, high)| format!(" ({} – {})", number::fixed(low, decimals, lang), number::fixed(high, decimals, lang)));
        format!("{}: {value}{}", self.when(index, lang), band.unwrap_or_default())
    }

    fn tune(&self, _: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        (self.quantity.name.get(lang).to_owned(), self.values().to_vec(), words::unit(&self.quantity.unit))
    }
}

/// The upright axis: all that is shown, amounts from zero, directions all around.
fn upright(figure: &Weather) -> (f64, f64) {
    if figure.circular {
        return (0.0, 360.0);
    }
    let shown = figure.values().iter().chain(&figure.min).chain(&figure.max).flatten().copied();
    match stats::hull(shown) {
        Some((_, high)) if !figure.sum.is_empty() => (0.0, if high > 0.0 { high * 1.08 } else { 1.0 }),
        // What hardly changes is drawn as a level line, not as its rounding.
        Some((low, high)) if high - low < 1e-3 * high.abs().max(1.0) => (low - 0.5, high + 0.5),
        Some(range) => stats::widened(range, 0.06),
        None => (0.0, 1.0),
    }
}
