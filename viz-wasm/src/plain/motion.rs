//! Acceleration, velocity and way under one time cursor.

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::chart::{self, Chart, Side, Stroke};
use super::data::{Quantity, check_ends, sane};
use super::trace::{self, Names, STEPS, stepped};
use super::{Place, Plain, stats, values};
use crate::error::VizError;
use crate::figure::layout::Rect;
use crate::paint::Anchor;
use crate::paint::theme::faded;
use crate::words::{self, Bilingual, Lang, number};

/// Readings of each panel.
const MOST: usize = 200_000;

/// Three panels over the same time.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Motion {
    /// Times, s, rising.
    pub time: Vec<f64>,
    /// Acceleration at each; `null` is a gap.
    pub a: Vec<Option<f64>>,
    /// Velocity at each.
    pub v: Vec<Option<f64>>,
    /// Way at each.
    pub s: Vec<Option<f64>>,
    /// Names and units of the three, from top to bottom; left out, a in m/s², v in m/s, s in m.
    pub quantities: Option<[Quantity; 3]>,
    /// What happened when.
    pub moments: Vec<Moment>,
    /// From where to where time, a, v and s reach at least, so that figures of several groups have the same axes.
    pub reach: Option<[(f64, f64); 4]>,
}

/// A moment with a name.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Moment {
    /// When, in the unit of the time axis.
    pub at: f64,
    /// What: "doors close".
    pub label: Bilingual,
}

impl Motion {
    /// The three with their readings, from top to bottom.
    fn panels(&self) -> [(Quantity, &[Option<f64>]); 3] {
        let [a, v, s] = self.quantities.clone().unwrap_or_else(|| {
            let named = |de: &str, en: &str, unit: &str| Quantity {
                name: Bilingual { de: de.to_owned(), en: en.to_owned() },
                unit: unit.to_owned(),
            };
            [
                named("Beschleunigung a", "acceleration a", "m/s2"),
                named("Geschwindigkeit v", "velocity v", "m/s"),
                named("Weg s", "way s", "m"),
            ]
        });
        [(a, &self.a), (v, &self.v), (s, &self.s)]
    }

    /// All three at one time, for the cursor: `4.0 s: a = 0.31 m/s², v = 1.02 m/s, s = 3.4 m`.
    fn told(&self, index: usize, lang: Lang) -> String {
        let Some(time) = self.time.get(index) else { return String::new() };
        let letter = |quantity: &Quantity| quantity.name.get(lang).rsplit(' ').next().unwrap_or_default().to_owned();
        let part = |(quantity, readings): &(Quantity, &[Option<f64>])| match readings.get(index).copied().flatten() {
            Some(value) => format!("{} = {}", letter(quantity), quantity.with(&number::plain_short(value, lang))),
            None => format!("{}: {}", letter(quantity), lang.pick("keine Daten", "no data")),
        };
        format!("{} s: {}", number::plain_short(*time, lang), self.panels().iter().map(part).collect::<Vec<_>>().join(", "))
    }
}

impl Plain for Motion {
    fn title(&self, lang: Lang) -> String {
        self.panels().map(|(quantity, _)| quantity.name.get(lang).to_owned()).join(", ")
    }

    fn check(&self) -> Result<(), VizError> {
        let refuse = |text: String| Err(VizError::Plain(text));
        let count = self.time.len();
        if count > MOST {
            return refuse(format!("{count} readings are more than a figure takes; thin them out to {MOST}"));
        }
        for (name, readings) in [("a", &self.a), ("v", &self.v), ("s", &self.s)] {
            if readings.len() != count {
                return refuse(format!(
                    "there are {count} times but {} readings of {name}; give one for each, null where there is none",
                    readings.len()
                ));
            }
        }
        if [&self.a, &self.v, &self.s].into_iter().flatten().flatten().any(|reading| !sane(*reading)) {
            return refuse("a reading is not a number; give null where there is none".to_owned());
        }
        if self.time.iter().any(|time| !sane(*time)) || self.time.windows(2).any(|pair| pair[1] < pair[0]) {
            return refuse("times must be numbers that do not fall".to_owned());
        }
        check_ends(self.reach.as_ref().map_or(&[], |reach| reach))
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        let (pen, look, sheet) = (&canvas.pen, &canvas.look, canvas.sheet());
        let least = |axis: usize| self.reach.map(|reach| [reach[axis].0, reach[axis].1]).into_iter().flatten();
        let Some(range) = stats::hull(self.time.iter().copied().chain(least(0))).filter(|(low, high)| low < high) else {
            return canvas.empty(sheet, look.lang.pick("keine Daten", "no data"));
        };
        let panels = self.panels();
        let x_name = words::in_unit(look.lang.pick("Zeit t", "time t"), "s");
        let ranges: [_; 3] = std::array::from_fn(|panel| {
            let more = std::iter::once(0.0).chain(least(panel + 1));
            trace::upright(None, panels[panel].1.iter(), more)
        });
        let names = panels.each_ref().map(|(quantity, _)| quantity.axis(look.lang));
        // The lowest panel has the time axis besides.
        let foot = look.em(2.4);
        let height = (sheet.height() - foot) / 3;
        let side = |place: usize| Side { range: ranges[place], log: false, name: &names[place] };
        let left = (0..3).map(|place| chart::numbers(side(place), height - look.em(2.1), look)).max().unwrap_or(0);
        let mut charts = Vec::new();
        for (place, (_, readings)) in panels.iter().enumerate() {
            let top = sheet.top + height * place as i32;
            let rect = Rect { top, bottom: top + height + if place == 2 { foot } else { 0 }, ..sheet };
            let x = Side { range, log: false, name: if place == 2 { &x_name } else { "" } };
            let panel = Chart::draw(canvas, rect, (x, side(place)), (left, 0))?;
            trace::moments(canvas, &panel, &self.moments, if place == 0 { Names::Above } else { Names::Nowhere })?;
            let colour = look.theme.series(place);
            let runs = panel.runs(&self.time, readings);
            // The area under a and v is what the panel below adds up.
            if place < 2 {
                for run in runs.iter().filter(|run| run.len() > 1) {
                    let zero = panel.y.pixel(0.0);
                    let mut area = run.clone();
                    area.extend([(run[run.len() - 1].0, zero), (run[0].0, zero)]);
                    pen.polygon(area, faded(colour, 0.14))?;
                }
            }
            chart::lines(canvas, runs, Stroke { colour, width: look.width(0.8), dash: 0.0 })?;
            charts.push(panel);
        }
        self.cursor(canvas, &charts)?;
        let Some(lowest) = charts.last() else { return Ok(()) };
        for step in 0..self.time.len().min(STEPS) {
            let index = stepped(step, self.time.len());
            canvas.mark(0, step, (lowest.x.pixel(self.time[index]), lowest.plot.bottom - look.em(0.5)));
        }
        Ok(())
    }

    fn summary(&self, lang: Lang) -> String {
        let span = stats::hull(self.time.iter().copied()).map_or(0.0, |(low, high)| high - low);
        let mut text = format!("{}, {} s.", self.title(lang), number::plain_short(span, lang));
        for (quantity, readings) in self.panels() {
            let Some((low, high)) = stats::hull(readings.iter().flatten().copied()) else { continue };
            let decimals = number::decimals_alike(&[low, high]);
            let (low, high) = (number::fixed(low, decimals, lang), quantity.with(&number::fixed(high, decimals, lang)));
            let name = values::capital(quantity.name.get(lang));
            let gaps = trace::gaps(readings, lang);
            text += &format!(" {name} {} {low} {} {high}{gaps}.", lang.pick("von", "from"), lang.pick("bis", "to"));
        }
        for moment in &self.moments {
            text += &format!(" {} s: {}.", number::plain_short(moment.at, lang), moment.label.get(lang));
        }
        text
    }

    fn cells(&self, lang: Lang) -> Cells {
        let panels = self.panels();
        let time = words::in_unit(lang.pick("Zeit", "time"), "s");
        let columns = [time].into_iter().chain(panels.each_ref().map(|(quantity, _)| quantity.axis(lang))).collect();
        let step = self.time.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| *step > 0.0).fold(f64::INFINITY, f64::min);
        let t = number::decimals_of_step(step).min(4);
        let alike =
            |readings: &[Option<f64>]| number::decimals_alike(&readings.iter().flatten().map(|value| value * 0.1).collect::<Vec<_>>());
        let decimals = panels.each_ref().map(|(_, readings)| alike(readings));
        let row = |index: usize| {
            let cells = panels.iter().zip(decimals).map(|((_, readings), decimals)| Cell::maybe(readings[index], decimals));
            [Cell::Number(self.time[index], t)].into_iter().chain(cells).collect()
        };
        Cells { columns, rows: (0..self.time.len()).map(row).collect() }
    }

    fn lengths(&self) -> Vec<usize> {
        vec![self.time.len().min(STEPS)]
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        self.told(stepped(place.index, self.time.len()), lang)
    }

    fn tune(&self, _: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        let [_, (v, readings), _] = self.panels();
        (v.name.get(lang).to_owned(), readings.to_vec(), words::unit(&v.unit))
    }
}

impl Motion {
    /// One line through all three panels, and in each the value where it meets the curve.
    fn cursor<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, charts: &[Chart]) -> Result<(), VizError> {
        let (pen, look) = (&canvas.pen, &canvas.look);
        let (Some(place), Some(first), Some(last)) = (canvas.place(), charts.first(), charts.last()) else { return Ok(()) };
        let index = stepped(place.index, self.time.len());
        let Some(time) = self.time.get(index) else { return Ok(()) };
        let at = first.x.pixel(*time);
        pen.line((at, first.plot.top), (at, last.plot.bottom), look.theme.ink(), look.width(0.4))?;
        let told = format!("{} s", number::plain_short(*time, look.lang));
        let level = last.plot.bottom + look.em(0.9);
        canvas.on_paper(&told, (at, level), Anchor::CENTRE, look.theme.ink())?;
        for (panel, ((quantity, readings), panel_number)) in charts.iter().zip(self.panels().into_iter().zip(0..3usize)) {
            let Some(value) = readings[index] else { continue };
            let level = panel.y.pixel(value);
            pen.disc((at, level), look.em(0.32), look.theme.series(panel_number))?;
            pen.ring((at, level), look.em(0.32), look.theme.ink(), look.width(0.4))?;
            let text = quantity.with(&number::plain_short(value, look.lang));
            let left = at > (panel.plot.left + panel.plot.right) / 2;
            let (from, anchor) = if left { (at - look.em(0.6), Anchor::RIGHT) } else { (at + look.em(0.6), Anchor::LEFT) };
            let level = level.min(panel.plot.bottom - look.em(0.6)).max(panel.plot.top + look.em(0.6));
            canvas.on_paper(&text, (from, level), anchor, look.theme.ink())?;
        }
        Ok(())
    }
}
