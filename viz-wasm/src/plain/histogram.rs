//! How many results lie where.

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::data::{Band, Bins, Mean, Prediction, Quantity, Value, sane};
use super::strip::Strip;
use super::{Place, Plain, rows, stats, values};
use crate::error::VizError;
use crate::figure::axis::Axis;
use crate::figure::layout::Rect;
use crate::figure::value;
use crate::paint::marker::Marker;
use crate::paint::{Anchor, fit, text_width};
use crate::words::{self, Lang, number};

/// Values from which on bars show a shape; of fewer they show chance.
pub(super) const ENOUGH: u32 = 15;
/// Bins at most.
const MOST: usize = 400;

/// Bars over bins. From fifteen values on; fewer are shown as a strip, and the figure says why.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Histogram {
    /// What was measured.
    pub quantity: Quantity,
    /// The results; may be empty where only bins are known.
    pub values: Vec<Value>,
    /// The bins. Left out, they are chosen from the values; without counts, the values are counted into these edges.
    pub bins: Option<Bins>,
    /// The mean; left out, it is computed from the values that count.
    pub mean: Option<Mean>,
    /// The accepted value.
    pub reference: Option<Band>,
    /// What was predicted before the start.
    pub predictions: Vec<Prediction>,
}

/// Bins with counts, and who lies beyond them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Counted {
    pub(super) edges: Vec<f64>,
    pub(super) counts: Vec<u32>,
    pub(super) below: u32,
    pub(super) above: u32,
}

impl Counted {
    /// Given bins as they are, given edges with the values counted into them, or bins chosen for the values.
    pub(super) fn of(given: Option<&Bins>, values: &[f64]) -> Self {
        match given {
            Some(bins) if !bins.counts.is_empty() => Self { edges: bins.edges.clone(), counts: bins.counts.clone(), below: 0, above: 0 },
            _ => {
                let edges = given.map_or_else(|| stats::edges(values), |bins| bins.edges.clone());
                let (counts, below, above) = stats::count(values, &edges);
                Self { edges, counts, below, above }
            }
        }
    }

    /// How many values there are.
    pub(super) fn total(&self) -> u32 {
        self.counts.iter().fold(self.below.saturating_add(self.above), |sum, count| sum.saturating_add(*count))
    }

    /// The narrowest bin's width, and whether another is wider: then areas must speak instead of heights.
    pub(super) fn width(&self) -> (f64, bool) {
        let widths = || self.edges.windows(2).map(|pair| pair[1] - pair[0]);
        let (least, most) = (widths().fold(f64::INFINITY, f64::min), widths().fold(0.0, f64::max));
        (least, most > least * (1.0 + 1e-6))
    }

    /// Counts, or of bins with different widths counts per narrowest width.
    pub(super) fn heights(&self) -> Vec<f64> {
        let (least, uneven) = self.width();
        let height = |(pair, count): (&[f64], &u32)| f64::from(*count) * if uneven { least / (pair[1] - pair[0]) } else { 1.0 };
        self.edges.windows(2).zip(&self.counts).map(height).collect()
    }

    /// Who lies beyond the bins, as a note.
    pub(super) fn beyond(&self, lang: Lang) -> Option<String> {
        let out = self.below + self.above;
        (out > 0).then(|| match lang {
            Lang::De => format!("{out} weit außerhalb ({} darunter, {} darüber)", self.below, self.above),
            Lang::En => format!("{out} far outside ({} below, {} above)", self.below, self.above),
        })
    }
}

/// Refuses bins that are none.
pub(super) fn check_bins(bins: &Bins) -> Result<(), VizError> {
    let fault = if bins.edges.len() < 2 || bins.edges.len() > MOST + 1 {
        format!("bins need 2 to {} edges, there are {}", MOST + 1, bins.edges.len())
    } else if bins.edges.windows(2).any(|pair| !(sane(pair[0]) && sane(pair[1]) && pair[0] < pair[1])) {
        "the edges of bins must be numbers that rise".to_owned()
    } else if !bins.counts.is_empty() && bins.counts.len() + 1 != bins.edges.len() {
        format!("{} edges have {} bins between them, but there are {} counts", bins.edges.len(), bins.edges.len() - 1, bins.counts.len())
    } else {
        return Ok(());
    };
    Err(VizError::Plain(fault))
}

impl Histogram {
    fn counted(&self) -> Counted {
        Counted::of(self.bins.as_ref(), &values::counted(&self.values))
    }

    /// The strip that stands in for it while there are few values.
    fn strip(&self) -> Option<Strip> {
        let few = !self.values.is_empty() && (values::counted(&self.values).len() as u32) < ENOUGH;
        few.then(|| Strip {
            quantity: self.quantity.clone(),
            values: self.values.clone(),
            mean: self.mean,
            reference: self.reference.clone(),
            predictions: self.predictions.clone(),
        })
    }

    fn few(&self, lang: Lang) -> String {
        let n = self.counted().total();
        match lang {
            Lang::De => format!("Noch kein Histogramm: Balken zeigen erst ab {ENOUGH} Werten eine Form, hier sind es {n}"),
            Lang::En => format!("No histogram yet: bars show a shape from {ENOUGH} values on, here are {n}"),
        }
    }

    fn own(&self) -> Option<&Value> {
        self.values.iter().find(|value| value.own && value.counts())
    }

    /// What stands on the upright axis.
    fn upright(&self, counted: &Counted, lang: Lang) -> String {
        let name = lang.pick("Anzahl", "count");
        match counted.width() {
            (least, true) => format!("{name} {} {}", lang.pick("je", "per"), self.quantity.with(&number::plain_short(least, lang))),
            _ => name.to_owned(),
        }
    }

    fn bars<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        let (pen, look) = (&canvas.pen, &canvas.look);
        let (counted, mean) = (self.counted(), values::mean(self.mean, &self.values));
        let total = counted.total();
        let rect = canvas.headline(&values::headline(&self.quantity, mean, look.lang))?;
        let few = (total < ENOUGH).then(|| self.few(look.lang));
        let notes = [few, counted.beyond(look.lang), values::uncounted(&self.values, look.lang)];
        let rect = canvas.notes(rect, &notes.into_iter().flatten().collect::<Vec<_>>(), 3)?;
        let heights = counted.heights();
        let tall = heights.iter().copied().fold(0.0, f64::max);
        // Counts are whole.
        let axis = Axis::new((0.0, tall.max(1.0)), 0, rect.height());
        let steps = axis.labels((rect.height() / look.em(2.4).max(1)).clamp(2, 6) as usize, look);
        let whole = |(tick, _): &(f64, String)| counted.width().1 || tick.fract() == 0.0;
        let steps: Vec<(f64, String)> = steps.into_iter().filter(whole).collect();
        let widest = steps.iter().map(|(_, label)| text_width(label, look.text)).fold(0.0, f64::max) as i32;
        let upright = self.upright(&counted, look.lang);
        // The accepted value's name stands beside the name of the upright axis, or where both do not fit, above it.
        let told = self
            .reference
            .as_ref()
            .map(|band| format!("{} {}", band.name(look.lang), self.quantity.with(&number::shortest(band.value, look.lang))));
        let need = told.as_ref().map_or(0.0, |told| text_width(told, look.text)) + text_width(&upright, look.text) + look.text * 2.4;
        let apart = need > f64::from(rect.width());
        let plot = rect.inset(look.em(if apart { 2.8 } else { 1.6 }), look.em(1.2), look.em(2.9), widest + look.em(1.0));
        let ends = counted.edges.first().into_iter().chain(counted.edges.last()).copied();
        let band = self.reference.iter().flat_map(|band| [band.value - band.tolerance, band.value + band.tolerance]);
        let interval = mean.and_then(|mean| mean.ci95).into_iter().flat_map(|(low, high)| [low, high]);
        let range = stats::hull(ends.chain(band).chain(interval)).map_or((0.0, 1.0), |range| stats::widened(range, 0.03));
        let x = Axis::new(range, plot.left, plot.right);
        value::ticks(pen, look, plot, &x)?;
        // The row of the mean is above the bars, so that neither hides the other.
        let row = Rect { top: plot.top + look.em(1.5), ..plot };
        for (tick, label) in &steps {
            let level = row.bottom - (f64::from(row.height()) * tick / tall.max(1.0)).round() as i32;
            pen.line((plot.left, level), (plot.right, level), look.theme.grid(), look.width(0.3))?;
            pen.text(label, (plot.left - look.em(0.4), level), Anchor::RIGHT, look.text, look.theme.muted())?;
        }
        let left = if apart { look.em(0.4) } else { look.em(0.8) + text_width(&upright, look.text) as i32 };
        let level = plot.top - look.em(if apart { 2.1 } else { 0.9 });
        self.band(canvas, (plot, &x), (left, level), told.as_deref().unwrap_or_default())?;
        pen.text(&upright, (look.em(0.4), plot.top - look.em(0.9)), Anchor::LEFT, look.text, look.theme.ink())?;
        let tops = rows::bars(canvas, (row, &x), (&counted.edges, &heights, tall.max(1.0)), look.theme.class())?;
        tops.into_iter().enumerate().for_each(|(bin, at)| canvas.mark(0, bin, at));
        if let Some(mean) = mean {
            values::interval(canvas, &x, mean, plot.top + look.em(0.75), look.theme.accent())?;
        }
        if let Some(own) = self.own() {
            let at = (x.pixel(own.value), plot.bottom - look.em(0.5));
            Marker::Up.draw(pen, at, look.em(0.42), look.theme.paper(), look.theme.ink(), look.width(0.6))?;
        }
        values::predicted(canvas, (Rect { top: row.top, ..plot }, &x), (&self.predictions, &self.quantity))?;
        let own = self.own().map(|_| look.lang.pick("▲ eigener Wert", "▲ own value"));
        let mean = mean.map(|_| look.lang.pick("◆ Mittel mit 95-%-Intervall", "◆ mean with 95 % interval"));
        let meaning = [own, mean].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let short = if self.own().is_some() {
            look.lang.pick("▲ eigener, ◆ Mittel", "▲ own, ◆ mean")
        } else {
            look.lang.pick("◆ Mittel", "◆ mean")
        };
        value::foot(pen, look, plot, (&format!("n = {total}"), &self.quantity.axis(look.lang)), &[&meaning, short])
    }

    /// The accepted value, with its name from `left` on at a level above the plot.
    fn band<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        (plot, axis): (Rect, &Axis),
        (left, level): (i32, i32),
        told: &str,
    ) -> Result<(), VizError> {
        let (look, Some(band)) = (&canvas.look, &self.reference) else { return Ok(()) };
        value::band(&canvas.pen, look, (plot, axis), (band.value, band.tolerance), "")?;
        let text = fit(told, look.text, f64::from(plot.right - left));
        let half = text_width(&text, look.text) as i32 / 2;
        let middle = axis.pixel(band.value).min(plot.right - half).max(left + half);
        canvas.pen.text(&text, (middle, level), Anchor::CENTRE, look.text, look.theme.reference())
    }

    /// `9.7 to 9.8`.
    fn bin(&self, bin: usize, counted: &Counted, lang: Lang) -> Option<String> {
        let (low, high) = (counted.edges.get(bin)?, counted.edges.get(bin + 1)?);
        let decimals = number::decimals_of_step(counted.width().0).max(number::decimals_of_step(*low)).min(6);
        let told = |value: &f64| number::fixed(*value, decimals, lang);
        Some(format!("{} {} {}", told(low), lang.pick("bis", "to"), self.quantity.with(&told(high))))
    }
}

impl Plain for Histogram {
    fn title(&self, lang: Lang) -> String {
        format!("{}: {}", lang.pick("Histogramm", "histogram"), self.quantity.axis(lang))
    }

    fn check(&self) -> Result<(), VizError> {
        self.bins.as_ref().map_or(Ok(()), check_bins)?;
        values::check(&self.values, &self.predictions, (self.mean, self.reference.as_ref()))
    }

    fn predictions(&self) -> &[Prediction] {
        &self.predictions
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        match self.strip() {
            Some(strip) => {
                let rect = canvas.notes(canvas.sheet(), &[self.few(canvas.look.lang)], 2)?;
                strip.draw_on(canvas, rect)
            }
            None if self.counted().total() == 0 => {
                canvas.empty(canvas.sheet(), canvas.look.lang.pick("noch kein Ergebnis", "no result yet"))
            }
            None => self.bars(canvas),
        }
    }

    fn summary(&self, lang: Lang) -> String {
        if let Some(strip) = self.strip() {
            return format!("{} {}.", strip.summary(lang), self.few(lang));
        }
        let (counted, mean) = (self.counted(), values::mean(self.mean, &self.values));
        let mut text = format!("{}.", values::told(&self.quantity, mean, self.reference.as_ref(), lang));
        let fullest = counted.counts.iter().enumerate().max_by_key(|(bin, count)| (**count, std::cmp::Reverse(*bin)));
        if let Some((bin, count)) = fullest.filter(|(_, count)| **count > 0) {
            let bin = self.bin(bin, &counted, lang).unwrap_or_default();
            text += &match lang {
                Lang::De => format!(" Der höchste Balken: {count} Werte von {bin}."),
                Lang::En => format!(" The highest bar: {count} values from {bin}."),
            };
        }
        let few = (counted.total() < ENOUGH).then(|| self.few(lang));
        for note in [few, counted.beyond(lang), values::uncounted(&self.values, lang)].into_iter().flatten() {
            text += &format!(" {note}.");
        }
        if let Some(own) = self.own() {
            let name = lang.pick("Eigener Wert", "Own value");
            text += &format!(" {name}: {}.", self.quantity.told(own.value, own.uncertainty, lang));
        }
        text + &values::predictions_told(&self.predictions, &self.quantity, lang)
    }

    fn cells(&self, lang: Lang) -> Cells {
        if let Some(strip) = self.strip() {
            return strip.cells(lang);
        }
        let counted = self.counted();
        let axis = self.quantity.axis(lang);
        let columns = vec![
            format!("{axis}, {}", lang.pick("von", "from")),
            format!("{axis}, {}", lang.pick("bis unter", "to below")),
            lang.pick("Anzahl", "count").to_owned(),
        ];
        let decimals = number::decimals_of_step(counted.width().0).min(6);
        let row = |(pair, count): (&[f64], &u32)| {
            vec![Cell::Number(pair[0], decimals), Cell::Number(pair[1], decimals), Cell::Number(f64::from(*count), 0)]
        };
        let mut rows: Vec<Vec<Cell>> = counted.edges.windows(2).zip(&counted.counts).map(row).collect();
        let ends = counted.edges.first().copied().zip(counted.edges.last().copied());
        if let Some((first, last)) = ends {
            if counted.below > 0 {
                rows.insert(0, vec![Cell::None, Cell::Number(first, decimals), Cell::Number(counted.below.into(), 0)]);
            }
            if counted.above > 0 {
                rows.push(vec![Cell::Number(last, decimals), Cell::None, Cell::Number(counted.above.into(), 0)]);
            }
        }
        Cells { columns, rows }
    }

    fn lengths(&self) -> Vec<usize> {
        vec![if self.strip().is_some() { self.values.len() } else { self.counted().counts.len() }]
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        if let Some(strip) = self.strip() {
            return strip.readout(place, lang);
        }
        let counted = self.counted();
        let count = counted.counts.get(place.index).copied().unwrap_or_default();
        format!("{}: {count}", self.bin(place.index, &counted, lang).unwrap_or_default())
    }

    fn tune(&self, series: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        if let Some(strip) = self.strip() {
            return strip.tune(series, lang);
        }
        let counts = self.counted().counts.iter().map(|count| Some(f64::from(*count))).collect();
        (self.title(lang), counts, words::unit(""))
    }
}
