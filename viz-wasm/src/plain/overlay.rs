//! Everybody's curve from the trigger on, and the median of all.

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::chart::{self, Chart, Side, Stroke};
use super::data::{Curve, Prediction, Quantity};
use super::trace::{self, STEPS, stepped};
use super::{Place, Plain, stats, values};
use crate::error::VizError;
use crate::paint::theme::{faded, pale};
use crate::paint::{Anchor, text_width};
use crate::words::{self, Lang, number};

/// Curves from which on a median says something about all, and quarters about the middle half.
const ENOUGH: usize = 4;
/// Stretches of time into which curves are gathered for the median.
const STRETCHES: usize = 240;

/// Curves aligned on their triggers.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Overlay {
    /// On the upright axis.
    pub y: Quantity,
    /// The curves; `x` is in s with 0 at each one's own trigger.
    pub curves: Vec<Curve>,
    /// The level at which the trigger fired, if it is one.
    pub level: Option<f64>,
    /// Ends of the upright axis; left out, they follow from the curves.
    pub range: Option<(f64, f64)>,
    /// What was predicted before the start.
    pub predictions: Vec<Prediction>,
}

/// Median and middle half of all curves over time.
#[derive(Debug, Clone, Default, PartialEq)]
struct Middle {
    time: Vec<f64>,
    median: Vec<Option<f64>>,
    first: Vec<Option<f64>>,
    third: Vec<Option<f64>>,
}

impl Overlay {
    fn span(&self) -> Option<(f64, f64)> {
        stats::hull(self.curves.iter().flat_map(|curve| &curve.x).copied()).filter(|(low, high)| low < high)
    }

    /// In each stretch of time the median of the curves' means, where at least half of the curves have readings: nothing is
    /// interpolated. Empty for few curves.
    fn middle(&self) -> Middle {
        let (Some((low, high)), count) = (self.span(), self.curves.len()) else { return Middle::default() };
        if count < ENOUGH {
            return Middle::default();
        }
        // No stretch shorter than the curves' own steps, or it would be empty every other time.
        let step = |curve: &Curve| {
            let steps: Vec<f64> = curve.x.windows(2).map(|pair| pair[1] - pair[0]).collect();
            stats::quantile(&stats::sorted(&steps), 0.5)
        };
        let slowest = self.curves.iter().filter_map(step).fold(0.0, f64::max);
        let length = ((high - low) / STRETCHES as f64).max(slowest * 1.000_001);
        let stretches = (((high - low) / length).floor() as usize).clamp(1, STRETCHES) + 1;
        let mut means: Vec<Vec<f64>> = vec![Vec::new(); stretches];
        for curve in &self.curves {
            let mut sums = vec![(0.0, 0u32); stretches];
            for (x, y) in curve.x.iter().zip(&curve.y) {
                let stretch = (((x - low) / length).floor() as usize).min(stretches - 1);
                if let Some(y) = y.filter(|y| y.is_finite()) {
                    sums[stretch] = (sums[stretch].0 + y, sums[stretch].1 + 1);
                }
            }
            for (stretch, (sum, count)) in sums.into_iter().enumerate().filter(|(_, (_, count))| *count > 0) {
                means[stretch].push(sum / f64::from(count));
            }
        }
        let mut middle = Middle::default();
        for (stretch, means) in means.into_iter().enumerate() {
            let sorted = stats::sorted(&means);
            let quantile = |p| stats::quantile(&sorted, p).filter(|_| 2 * sorted.len() >= count);
            middle.time.push(low + (stretch as f64 + 0.5) * length);
            middle.median.push(quantile(0.5));
            middle.first.push(quantile(0.25));
            middle.third.push(quantile(0.75));
        }
        middle
    }

    fn name(&self, place: usize, lang: Lang) -> String {
        let name = self.curves.get(place).map(|curve| curve.name.get(lang)).unwrap_or_default();
        if name.is_empty() { (place + 1).to_string() } else { name.to_owned() }
    }

    fn own(&self) -> Option<usize> {
        self.curves.iter().position(|curve| curve.own)
    }

    /// The series of the arrow keys: the own curve or the first, then all others, last the median.
    fn order(&self) -> Vec<usize> {
        let own = self.own();
        own.into_iter().chain((0..self.curves.len()).filter(|place| Some(*place) != own)).collect()
    }
}

impl Plain for Overlay {
    fn title(&self, lang: Lang) -> String {
        match lang {
            Lang::De => format!("{} ab dem Auslöser, alle übereinander", self.y.name.get(lang)),
            Lang::En => format!("{} from the trigger on, all together", self.y.name.get(lang)),
        }
    }

    fn check(&self) -> Result<(), VizError> {
        trace::check_curves(&self.curves)?;
        values::check(&[], &self.predictions, (None, None))
    }

    fn predictions(&self) -> &[Prediction] {
        &self.predictions
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        let (pen, look, rect) = (&canvas.pen, &canvas.look, canvas.sheet());
        let Some(span) = self.span() else {
            return canvas.empty(rect, look.lang.pick("noch keine ausgelöste Messung", "no triggered measurement yet"));
        };
        let readings = self.curves.iter().flat_map(|curve| &curve.y);
        let y_range = trace::upright(self.range, readings, self.level.into_iter().chain(trace::foreseen(&self.predictions)));
        let (x_name, y_name) = (words::in_unit(look.lang.pick("Zeit ab Auslöser", "time from the trigger"), "s"), self.y.axis(look.lang));
        let (x, y) = (Side { range: span, log: false, name: &x_name }, Side { range: y_range, log: false, name: &y_name });
        let middle = self.middle();
        let median = look.lang.pick("Median", "median");
        let own_name = self.own().map(|place| self.name(place, look.lang));
        let names = own_name.iter().map(String::as_str).chain((!middle.time.is_empty()).then_some(median));
        let right = chart::room(rect.width(), names, look);
        let chart = Chart::draw(canvas, rect, (x, y), (chart::numbers(y, rect.height(), look), right))?;
        let thin = Stroke { colour: pale(look.theme.muted(), look.theme.paper(), 0.55), width: look.width(0.3), dash: 0.0 };
        for curve in self.curves.iter().filter(|curve| !curve.own) {
            chart::lines(canvas, chart.runs(&curve.x, &curve.y), thin)?;
        }
        let mut ends = Vec::new();
        let (upper, lower) = (chart.runs(&middle.time, &middle.third), chart.runs(&middle.time, &middle.first));
        for (upper, lower) in upper.into_iter().zip(lower) {
            if upper.len() > 1 && lower.len() > 1 {
                pen.polygon(upper.into_iter().chain(lower.into_iter().rev()).collect(), faded(look.theme.class(), 0.22))?;
            }
        }
        let runs = chart.runs(&middle.time, &middle.median);
        ends.extend(runs.last().and_then(|run| run.last()).map(|point| (point.1, median.to_owned(), look.theme.class())));
        chart::lines(canvas, runs, Stroke { colour: look.theme.class(), width: look.width(0.8), dash: 0.6 })?;
        for curve in self.curves.iter().filter(|curve| curve.own) {
            let runs = chart.runs(&curve.x, &curve.y);
            ends.extend(
                runs.last().and_then(|run| run.last()).map(|point| (point.1, curve.name.get(look.lang).to_owned(), look.theme.accent())),
            );
            // A margin of paper lifts the strong line off the others.
            chart::lines(canvas, runs.clone(), Stroke { colour: look.theme.paper(), width: look.width(1.6), dash: 0.0 })?;
            chart::lines(canvas, runs, Stroke { colour: look.theme.accent(), width: look.width(0.9), dash: 0.0 })?;
        }
        self.trigger(canvas, &chart)?;
        trace::predicted(canvas, &chart, &self.predictions, &self.y)?;
        chart::ends(canvas, chart.plot, right, ends)?;
        for (series, place) in self.order().into_iter().enumerate() {
            let curve = &self.curves[place];
            for step in 0..curve.x.len().min(STEPS) {
                let index = stepped(step, curve.x.len());
                if let Some(value) = curve.y[index] {
                    canvas.mark(series, step, chart.pixel(curve.x[index], value));
                }
            }
        }
        let band = look.lang.pick("Band: mittlere Hälfte", "band: middle half");
        if middle.time.is_empty() { Ok(()) } else { chart.legend(canvas, &x_name, &[&format!("n = {}, {band}", self.curves.len()), band]) }
    }

    fn summary(&self, lang: Lang) -> String {
        let mut text = match lang {
            Lang::De => format!("{} Kurven ab dem Auslöser", self.curves.len()),
            Lang::En => format!("{} curves from the trigger on", self.curves.len()),
        };
        if let Some(level) = self.level {
            text += &format!(" ({} {})", lang.pick("Schwelle", "threshold"), self.y.with(&number::plain_short(level, lang)));
        }
        text.push('.');
        let highest = |readings: &[Option<f64>], times: &[f64]| {
            let all = readings.iter().zip(times).filter_map(|(value, time)| Some(((*value)?, *time)));
            all.fold(None, |best: Option<(f64, f64)>, next| if best.is_some_and(|best| best.0 >= next.0) { best } else { Some(next) })
        };
        let told = |name: &str, (value, time): (f64, f64)| {
            let (value, time) = (self.y.with(&number::plain_short(value, lang)), number::plain_short(time, lang));
            match lang {
                Lang::De => format!(" {name}: größter Wert {value} nach {time} s."),
                Lang::En => format!(" {name}: largest value {value} after {time} s."),
            }
        };
        let middle = self.middle();
        text += &highest(&middle.median, &middle.time).map(|most| told("Median", most)).unwrap_or_default();
        if let Some(place) = self.own() {
            let curve = &self.curves[place];
            text += &highest(&curve.y, &curve.x).map(|most| told(&self.name(place, lang), most)).unwrap_or_default();
        }
        text + &values::predictions_told(&self.predictions, &self.y, lang)
    }

    fn cells(&self, lang: Lang) -> Cells {
        let middle = self.middle();
        let time = words::in_unit(lang.pick("Zeit ab Auslöser", "time from the trigger"), "s");
        let alike = |values: Vec<f64>| number::decimals_alike(&values.iter().map(|value| value * 0.1).collect::<Vec<_>>());
        let x = self.span().map_or(2, |(low, high)| alike(vec![low, high]) + 1);
        let y = alike(self.curves.iter().flat_map(|curve| &curve.y).flatten().copied().collect());
        if middle.time.is_empty() {
            let columns = vec![lang.pick("Kurve", "curve").to_owned(), time, self.y.axis(lang)];
            let mut rows = Vec::new();
            for (place, curve) in self.curves.iter().enumerate() {
                let row = |(at, value): (&f64, &Option<f64>)| {
                    vec![Cell::text(self.name(place, lang)), Cell::Number(*at, x), Cell::maybe(*value, y)]
                };
                rows.extend(curve.x.iter().zip(&curve.y).map(row));
            }
            return Cells { columns, rows };
        }
        let unit = words::unit(&self.y.unit);
        let heads = [
            lang.pick("Median", "median"),
            lang.pick("unteres Viertel bis", "lowest quarter to"),
            lang.pick("oberes Viertel ab", "highest quarter from"),
        ];
        let columns = [time].into_iter().chain(heads.map(|head| words::in_unit(head, &unit))).collect();
        let row = |place: usize| {
            vec![
                Cell::Number(middle.time[place], x),
                Cell::maybe(middle.median[place], y),
                Cell::maybe(middle.first[place], y),
                Cell::maybe(middle.third[place], y),
            ]
        };
        Cells { columns, rows: (0..middle.time.len()).map(row).collect() }
    }

    fn lengths(&self) -> Vec<usize> {
        self.order().into_iter().map(|place| self.curves[place].x.len().min(STEPS)).collect()
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        let Some(&of) = self.order().get(place.series) else { return String::new() };
        let curve = &self.curves[of];
        let index = stepped(place.index, curve.x.len());
        let time = Quantity::new("t", "s");
        format!("{}, {}", self.name(of, lang), trace::told(curve, index, (&time, &self.y), lang))
    }

    fn tune(&self, series: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        let Some(&of) = self.order().get(series) else { return Default::default() };
        (self.name(of, lang), self.curves[of].y.clone(), words::unit(&self.y.unit))
    }
}

impl Overlay {
    /// The moment of the trigger, and its threshold.
    fn trigger<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, chart: &Chart) -> Result<(), VizError> {
        let (pen, look) = (&canvas.pen, &canvas.look);
        if chart.x.holds(0.0) {
            let at = chart.x.pixel(0.0);
            pen.line((at, chart.plot.top), (at, chart.plot.bottom), look.theme.ink(), look.width(0.5))?;
            let name = look.lang.pick("Auslöser", "trigger");
            let right = at + look.em(0.4) + text_width(name, look.text) as i32 <= chart.plot.right;
            let (from, anchor) = if right { (at + look.em(0.4), Anchor::LEFT) } else { (at - look.em(0.4), Anchor::RIGHT) };
            canvas.on_paper(name, (from, chart.plot.top + look.em(0.65)), anchor, look.theme.ink())?;
        }
        if let Some(level) = self.level.filter(|level| chart.y.holds(*level)) {
            let at = chart.y.pixel(level);
            pen.dashed((chart.plot.left, at), (chart.plot.right, at), look.em(0.25).max(2), look.theme.ink(), look.width(0.4))?;
            let text = format!("{} {}", look.lang.pick("Schwelle", "threshold"), self.y.with(&number::plain_short(level, look.lang)));
            let above = if at - look.em(1.3) > chart.plot.top { at - look.em(0.7) } else { at + look.em(0.7) };
            canvas.on_paper(&text, (chart.plot.right - look.em(0.2), above), Anchor::RIGHT, look.theme.ink())?;
        }
        Ok(())
    }
}
