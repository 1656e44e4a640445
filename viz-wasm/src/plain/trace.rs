//! Up to six curves on the same axes.

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::chart::{self, Chart, DASHES, Side, Stroke};
use super::data::{Band, Curve, Prediction, Quantity, sane};
use super::motion::Moment;
use super::{Place, Plain, stats, values};
use crate::error::VizError;
use crate::order;
use crate::paint::theme::{faded, pale};
use crate::paint::{Anchor, fit, text_width};
use crate::words::{self, Lang, number};

/// Curves with colours of their own; more than six nobody can follow.
const COLOURS: usize = 6;
/// Curves a figure takes, and readings of all of them.
const MOST: (usize, usize) = (400, 400_000);

/// Readings over time, or over another quantity.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Trace {
    /// On the horizontal axis: mostly time in s.
    pub x: Quantity,
    /// On the upright axis.
    pub y: Quantity,
    /// The curves. Up to six have their colours; of more, all but the reader's own are thin.
    pub curves: Vec<Curve>,
    /// Ends of the upright axis; left out, they follow from the curves.
    pub range: Option<(f64, f64)>,
    /// The accepted value.
    pub reference: Option<Band>,
    /// What happened when.
    pub moments: Vec<Moment>,
    /// What was predicted before the start.
    pub predictions: Vec<Prediction>,
}

/// Refuses curves that are none.
pub(super) fn check_curves(curves: &[Curve]) -> Result<(), VizError> {
    let refuse = |text: String| Err(VizError::Plain(text));
    if curves.len() > MOST.0 || curves.iter().map(|curve| curve.x.len()).sum::<usize>() > MOST.1 {
        return refuse(format!("a figure takes at most {} curves with {} readings in all; thin them out", MOST.0, MOST.1));
    }
    for (place, curve) in curves.iter().enumerate() {
        if curve.x.len() != curve.y.len() {
            return refuse(format!("curve {} has {} places and {} readings; give one for each", place + 1, curve.x.len(), curve.y.len()));
        }
        if curve.x.iter().any(|x| !sane(*x)) || curve.x.windows(2).any(|pair| pair[1] < pair[0]) {
            return refuse(format!("the places of curve {} must be numbers that do not fall", place + 1));
        }
        if curve.y.iter().flatten().any(|y| !sane(*y)) {
            return refuse(format!("a reading of curve {} is not a number; give null where there is none", place + 1));
        }
    }
    Ok(())
}

/// The upright axis over curves: as given, else what they and these values need; signed values keep zero in sight.
pub(super) fn upright<'a>(
    given: Option<(f64, f64)>,
    readings: impl Iterator<Item = &'a Option<f64>>,
    more: impl Iterator<Item = f64>,
) -> (f64, f64) {
    if let Some((low, high)) = given.filter(|(low, high)| low.is_finite() && high.is_finite() && low < high) {
        return (low, high);
    }
    match stats::hull(readings.filter_map(|reading| *reading).chain(more)) {
        Some((low, high)) if low >= 0.0 && low < 0.2 * high => (0.0, high * 1.06),
        Some((low, high)) if high <= 0.0 && high > 0.2 * low => (low * 1.06, 0.0),
        Some(range) => stats::widened(range, 0.06),
        None => (0.0, 1.0),
    }
}

/// What predictions need of the upright axis.
pub(super) fn foreseen(predictions: &[Prediction]) -> impl Iterator<Item = f64> + '_ {
    predictions.iter().flat_map(|prediction| match prediction {
        Prediction::Number { values, .. } => values.clone(),
        Prediction::Sketch { points, .. } => points.iter().map(|point| point.1).collect(),
        Prediction::Choice { .. } => Vec::new(),
    })
}

/// Predictions over two axes: a number is a dashed level, a sketch a dashed curve; each with its name.
pub(super) fn predicted<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    chart: &Chart,
    predictions: &[Prediction],
    quantity: &Quantity,
) -> Result<(), VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    let stroke = Stroke { colour: look.theme.predicted(), width: look.width(0.9), dash: 0.55 };
    for prediction in predictions {
        match prediction {
            Prediction::Number { values, label } => {
                let sorted = stats::sorted(values);
                let Some(middle) = stats::quantile(&sorted, 0.5).filter(|middle| chart.y.holds(*middle)) else { continue };
                let level = chart.y.pixel(middle);
                pen.dashed((chart.plot.left, level), (chart.plot.right, level), look.em(0.55).max(4), stroke.colour, stroke.width)?;
                let told = values::prediction_told(label.get(look.lang), &sorted, quantity, look.lang);
                let above = if level - look.em(1.4) > chart.plot.top { level - look.em(0.75) } else { level + look.em(0.8) };
                canvas.on_paper(&told, (chart.plot.left + look.em(0.4), above), Anchor::LEFT, stroke.colour)?;
            }
            Prediction::Sketch { points, label } => {
                let (x, y): (Vec<f64>, Vec<Option<f64>>) = points.iter().map(|&(x, y)| (x, Some(y))).unzip();
                let runs = chart.runs(&x, &y);
                let name = values::prediction_name(label.get(look.lang), look.lang);
                chart::lines(canvas, runs, stroke)?;
                // The name with a piece of the dashes above the plot, or where there is no room, in its upper corner.
                let name = fit(name, look.text, f64::from(chart.plot.width() - look.em(2.4)));
                let left = chart.plot.right - text_width(&name, look.text) as i32;
                let above = left - look.em(2.4) > chart.named;
                let level = if above { chart.plot.top - look.em(1.1) } else { chart.plot.top + look.em(0.7) };
                canvas.on_paper(&name, (chart.plot.right, level), Anchor::RIGHT, stroke.colour)?;
                pen.dashed((left - look.em(2.1), level), (left - look.em(0.4), level), look.em(0.45).max(3), stroke.colour, stroke.width)?;
            }
            Prediction::Choice { .. } => {}
        }
    }
    Ok(())
}

/// Where the names of moments go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Above the plot, where the name of the upright axis leaves room; else at its top.
    Above,
    /// At the top of the plot.
    Within,
    /// Another panel has them.
    Nowhere,
}

/// Moments as thin upright lines with their names, where those do not cover each other.
pub(super) fn moments<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    chart: &Chart,
    moments: &[Moment],
    names: Names,
) -> Result<(), VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    let mut free = i32::MIN;
    for moment in moments.iter().filter(|moment| chart.x.holds(moment.at)) {
        let at = chart.x.pixel(moment.at);
        pen.dashed((at, chart.plot.top), (at, chart.plot.bottom), look.em(0.2).max(2), look.theme.muted(), look.width(0.35))?;
        let name = moment.label.get(look.lang);
        let width = text_width(name, look.text) as i32;
        let above = names == Names::Above && at - width / 2 > chart.named + look.em(0.5);
        let left = if above { at - width / 2 } else { at + look.em(0.3) }.min(chart.plot.right - width);
        if names != Names::Nowhere && left > free && !name.is_empty() {
            let level = if above { chart.plot.top - look.em(0.75) } else { chart.plot.top + look.em(0.65) };
            canvas.on_paper(name, (left, level), Anchor::LEFT, look.theme.ink())?;
            free = left + width + look.em(0.4);
        }
    }
    Ok(())
}

/// The accepted value across a chart over time: a dashed level in the band of its tolerance.
fn level<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, chart: &Chart, band: &Band, quantity: &Quantity) -> Result<(), VizError> {
    let (pen, look, colour) = (&canvas.pen, &canvas.look, canvas.look.theme.reference());
    let (low, high) = (chart.y.pixel(band.value - band.tolerance), chart.y.pixel(band.value + band.tolerance));
    pen.block((chart.plot.left, high), (chart.plot.right, low), faded(colour, 0.18))?;
    let at = chart.y.pixel(band.value);
    pen.dashed((chart.plot.left, at), (chart.plot.right, at), look.em(0.4).max(3), colour, look.width(0.6))?;
    let text = format!("{} {}", band.name(look.lang), quantity.with(&number::shortest(band.value, look.lang)));
    let above = if at - look.em(1.4) > chart.plot.top { at - look.em(0.75) } else { at + look.em(0.8) };
    canvas.on_paper(&text, (chart.plot.left + look.em(0.4), above), Anchor::LEFT, colour)
}

/// Index of the reading nearest to a share of the way through `length` steps.
pub(super) fn stepped(index: usize, length: usize) -> usize {
    let steps = length.min(STEPS);
    if steps < 2 { 0 } else { index.min(steps - 1) * (length - 1) / (steps - 1) }
}

/// Steps in which the arrow keys walk through a long curve.
pub(super) const STEPS: usize = 200;

impl Trace {
    fn name(&self, place: usize, lang: Lang) -> String {
        let name = self.curves.get(place).map(|curve| curve.name.get(lang)).unwrap_or_default();
        let letter = || char::from(b'A' + (place % 26) as u8).to_string();
        if name.is_empty() && self.curves.len() > 1 { letter() } else { name.to_owned() }
    }
}

impl Plain for Trace {
    fn title(&self, lang: Lang) -> String {
        format!("{} {} {}", self.y.name.get(lang), lang.pick("über", "over"), self.x.name.get(lang))
    }

    fn check(&self) -> Result<(), VizError> {
        check_curves(&self.curves)?;
        values::check(&[], &self.predictions, (None, self.reference.as_ref()))
    }

    fn predictions(&self) -> &[Prediction] {
        &self.predictions
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        let (look, rect) = (&canvas.look, canvas.sheet());
        let readings = || self.curves.iter().flat_map(|curve| &curve.y);
        if readings().flatten().next().is_none() {
            return canvas.empty(rect, look.lang.pick("keine Daten", "no data"));
        }
        let sketched = self.predictions.iter().flat_map(|prediction| match prediction {
            Prediction::Sketch { points, .. } => points.iter().map(|point| point.0).collect(),
            _ => Vec::new(),
        });
        let x_range = stats::hull(self.curves.iter().flat_map(|curve| &curve.x).copied().chain(sketched)).unwrap_or((0.0, 1.0));
        let band = self.reference.iter().flat_map(|band| [band.value - band.tolerance, band.value + band.tolerance]);
        let y_range = upright(self.range, readings(), band.chain(foreseen(&self.predictions)));
        let (x_name, y_name) = (self.x.axis(look.lang), self.y.axis(look.lang));
        let (x, y) = (Side { range: x_range, log: false, name: &x_name }, Side { range: y_range, log: false, name: &y_name });
        let few = self.curves.len() <= COLOURS;
        let named: Vec<usize> = (0..self.curves.len()).filter(|place| few || self.curves[*place].own).collect();
        let names: Vec<String> = named.iter().map(|place| self.name(*place, look.lang)).collect();
        let right = chart::room(rect.width(), names.iter().map(String::as_str).filter(|name| !name.is_empty()), look);
        let chart = Chart::draw(canvas, rect, (x, y), (chart::numbers(y, rect.height(), look), right))?;
        if let Some(band) = &self.reference {
            level(canvas, &chart, band, &self.y)?;
        }
        let sketched = self.predictions.iter().any(|prediction| matches!(prediction, Prediction::Sketch { .. }));
        moments(canvas, &chart, &self.moments, if sketched { Names::Within } else { Names::Above })?;
        // The own one last, above all others.
        let order = order::ranks(self.curves.iter().map(|curve| f64::from(u8::from(curve.own))));
        let mut ends = Vec::new();
        for place in order {
            let curve = &self.curves[place];
            let runs = chart.runs(&curve.x, &curve.y);
            let (colour, share) = match (few || curve.own, curve.own) {
                (false, _) => (pale(look.theme.muted(), look.theme.paper(), 0.6), 0.35),
                (true, own) => (look.theme.series(place), if own { 1.0 } else { 0.75 }),
            };
            let end = runs.last().and_then(|run| run.last()).map(|point| point.1);
            ends.extend(end.filter(|_| few || curve.own).map(|level| (level, self.name(place, look.lang), colour)));
            let dash = if few { DASHES[place % DASHES.len()] } else { 0.0 };
            chart::lines(canvas, runs, Stroke { colour, width: look.width(share), dash })?;
            for step in 0..curve.x.len().min(STEPS) {
                let index = stepped(step, curve.x.len());
                if let Some(y) = curve.y[index] {
                    canvas.mark(place, step, chart.pixel(curve.x[index], y));
                }
            }
        }
        predicted(canvas, &chart, &self.predictions, &self.y)?;
        chart::ends(canvas, chart.plot, right, ends)
    }

    fn summary(&self, lang: Lang) -> String {
        let mut text = format!("{}.", self.title(lang));
        for (place, curve) in self.curves.iter().enumerate().take(COLOURS) {
            let Some((low, high)) = stats::hull(curve.y.iter().flatten().copied()) else { continue };
            let decimals = number::decimals_alike(&[low, high]);
            let (low, high) = (number::fixed(low, decimals, lang), self.y.with(&number::fixed(high, decimals, lang)));
            let name = self.name(place, lang);
            let head = if name.is_empty() { String::new() } else { format!("{name}: ") };
            text += &match lang {
                Lang::De => format!(" {head}von {low} bis {high}"),
                Lang::En => format!(" {head}from {low} to {high}"),
            };
            text += &gaps(&curve.y, lang);
            text.push('.');
        }
        if self.curves.len() > COLOURS {
            text += &match lang {
                Lang::De => format!(" {} Kurven insgesamt.", self.curves.len()),
                Lang::En => format!(" {} curves in all.", self.curves.len()),
            };
        }
        if let Some(band) = &self.reference {
            text += &format!(" {}: {}.", values::capital(band.name(lang)), self.y.with(&number::shortest(band.value, lang)));
        }
        text + &values::predictions_told(&self.predictions, &self.y, lang)
    }

    fn cells(&self, lang: Lang) -> Cells {
        let columns = vec![lang.pick("Kurve", "curve").to_owned(), self.x.axis(lang), self.y.axis(lang)];
        let y = number::decimals_alike(&self.curves.iter().flat_map(|curve| &curve.y).flatten().map(|y| y * 0.1).collect::<Vec<_>>());
        let mut rows = Vec::new();
        for (place, curve) in self.curves.iter().enumerate() {
            let x = number::decimals_alike(&curve.x.iter().map(|x| x * 0.1).collect::<Vec<_>>());
            let name = self.name(place, lang);
            let row = |(at, value): (&f64, &Option<f64>)| vec![Cell::text(&name), Cell::Number(*at, x), Cell::maybe(*value, y)];
            rows.extend(curve.x.iter().zip(&curve.y).map(row));
        }
        Cells { columns, rows }
    }

    fn lengths(&self) -> Vec<usize> {
        self.curves.iter().map(|curve| curve.x.len().min(STEPS)).collect()
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        let Some(curve) = self.curves.get(place.series) else { return String::new() };
        let index = stepped(place.index, curve.x.len());
        let name = self.name(place.series, lang);
        let head = if name.is_empty() { name } else { format!("{name}, ") };
        format!("{head}{}", told(curve, index, (&self.x, &self.y), lang))
    }

    fn tune(&self, series: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        let values = self.curves.get(series).map(|curve| curve.y.clone()).unwrap_or_default();
        (self.name(series, lang), values, words::unit(&self.y.unit))
    }
}

/// `1.25 s: 4.10 m/s`: all readings of a curve with the same decimals.
pub(super) fn told(curve: &Curve, index: usize, (x, y): (&Quantity, &Quantity), lang: Lang) -> String {
    let known: Vec<f64> = curve.y.iter().flatten().copied().collect();
    let at = x.with(&number::fixed(curve.x[index], number::decimals_alike(&curve.x), lang));
    let value = curve.y[index].map(|value| y.with(&number::fixed(value, number::decimals_alike(&known), lang)));
    format!("{at}: {}", value.unwrap_or_else(|| lang.pick("keine Daten", "no data").to_owned()))
}

/// `, 2 gaps`; empty without any.
pub(super) fn gaps(readings: &[Option<f64>], lang: Lang) -> String {
    let begins = |pair: &&[Option<f64>]| pair[0].is_some() && pair[1].is_none();
    match (readings.windows(2).filter(begins).count(), lang) {
        (0, _) => String::new(),
        (1, Lang::De) => ", 1 Lücke".to_owned(),
        (1, Lang::En) => ", 1 gap".to_owned(),
        (count, Lang::De) => format!(", {count} Lücken"),
        (count, Lang::En) => format!(", {count} gaps"),
    }
}
