//! Quartiles, and what they are.

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::data::{Band, Prediction, Quantity, Value};
use super::rows::{self, Style};
use super::stats::Quartiles;
use super::strip::Strip;
use super::{Place, Plain, values};
use crate::error::VizError;
use crate::figure::axis::Axis;
use crate::figure::layout::Rect;
use crate::figure::value;
use crate::paint::marker::Marker;
use crate::paint::{Anchor, text_width};
use crate::words::{self, Lang, number};

/// Values from which on quarters mean something.
pub(super) const ENOUGH: usize = 5;

/// A box plot that explains itself. From five values on; fewer are shown as a strip.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct BoxPlot {
    /// What was measured.
    pub quantity: Quantity,
    /// The results.
    pub values: Vec<Value>,
    /// The accepted value.
    pub reference: Option<Band>,
    /// What was predicted before the start.
    pub predictions: Vec<Prediction>,
}

/// What a box plot shows, for who reads one for the first time.
pub(super) fn explained(lang: Lang) -> &'static str {
    lang.pick(
        "Kasten: die mittlere Hälfte der Werte, Strich darin: der Median. Arme: bis zum letzten Wert, der höchstens 1,5 Kastenlängen entfernt ist; ○ weiter weg",
        "Box: the middle half of the values, line in it: the median. Arms: to the last value that is at most 1.5 box lengths away; ○ further",
    )
}

impl BoxPlot {
    fn quartiles(&self) -> Option<Quartiles> {
        let values = values::counted(&self.values);
        Quartiles::of(&values).filter(|_| values.len() >= ENOUGH)
    }

    fn strip(&self) -> Strip {
        Strip {
            quantity: self.quantity.clone(),
            values: self.values.clone(),
            mean: None,
            reference: self.reference.clone(),
            predictions: self.predictions.clone(),
        }
    }

    fn few(&self, lang: Lang) -> String {
        let n = values::counted(&self.values).len();
        match lang {
            Lang::De => format!("Noch kein Kasten: Viertel gibt es erst ab {ENOUGH} Werten, hier sind es {n}"),
            Lang::En => format!("No box yet: quarters need {ENOUGH} values, here are {n}"),
        }
    }

    /// `median 9.79 m/s², the middle half from 9.74 to 9.83 m/s²`.
    fn message(&self, quartiles: &Quartiles, lang: Lang) -> String {
        let decimals = number::decimals_of_uncertainty((quartiles.third - quartiles.first).max(quartiles.median.abs() * 1e-6));
        let told = |value: f64| number::fixed(value, decimals, lang);
        let (median, first, third) = (told(quartiles.median), told(quartiles.first), self.quantity.with(&told(quartiles.third)));
        let name = self.quantity.name.get(lang);
        match lang {
            Lang::De => format!("{name}: Median {}, mittlere Hälfte {first} bis {third}", self.quantity.with(&median)),
            Lang::En => format!("{name}: median {}, middle half {first} to {third}", self.quantity.with(&median)),
        }
    }

    /// Under each of the four parts that a quarter of the values lies in it, where there is room for that.
    fn quarters<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, level: i32, axis: &Axis, box_: &Quartiles) -> Result<(), VizError> {
        let (pen, look) = (&canvas.pen, &canvas.look);
        let edges = [box_.low, box_.first, box_.median, box_.third, box_.high].map(|value| axis.pixel(value));
        let fits = |label: &str, pair: &[i32]| text_width(label, look.text) < f64::from(pair[1] - pair[0] - look.em(0.2));
        // One way to say it for all four.
        let label = if edges.windows(2).all(|pair| pair[0] == pair[1] || fits("25 %", pair)) { "25 %" } else { "¼" };
        for pair in edges.windows(2) {
            let (from, to) = (pair[0] + look.em(0.1), pair[1] - look.em(0.1));
            if to <= from {
                continue;
            }
            let colour = look.theme.muted();
            pen.path(
                vec![(from, level), (from, level + look.em(0.25)), (to, level + look.em(0.25)), (to, level)],
                colour,
                look.width(0.3),
            )?;
            let at = ((from + to) / 2, level + look.em(0.9));
            let label = if fits("¼", pair) { label } else { "" };
            pen.text(label, at, Anchor::CENTRE, look.text, look.theme.ink())?;
        }
        Ok(())
    }
}

impl Plain for BoxPlot {
    fn title(&self, lang: Lang) -> String {
        format!("{}: {}", lang.pick("Kastendiagramm (Boxplot)", "box plot"), self.quantity.axis(lang))
    }

    fn check(&self) -> Result<(), VizError> {
        values::check(&self.values, &self.predictions, (None, self.reference.as_ref()))
    }

    fn predictions(&self) -> &[Prediction] {
        &self.predictions
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        let (pen, look) = (&canvas.pen, &canvas.look);
        let Some(box_) = self.quartiles() else {
            let rect = canvas.notes(canvas.sheet(), &[self.few(look.lang)], 2)?;
            return self.strip().draw_on(canvas, rect);
        };
        let rect = canvas.headline(&self.message(&box_, look.lang))?;
        let notes = [Some(explained(look.lang).to_owned()), values::uncounted(&self.values, look.lang)];
        let rect = canvas.notes(rect, &notes.into_iter().flatten().collect::<Vec<_>>(), 5)?;
        let plot = rect.inset(look.em(1.6), look.em(1.2), look.em(2.9), look.em(1.2));
        let all = values::counted(&self.values);
        let axis = Axis::new(values::range(&all, &[], self.reference.as_ref()), plot.left, plot.right);
        value::ticks(pen, look, plot, &axis)?;
        values::band(canvas, (plot, &axis), (self.reference.as_ref(), &self.quantity))?;
        let top = plot.top + look.em(0.5);
        let tall = (plot.height() / 3).clamp(look.em(1.2), look.em(5.0));
        let row = Rect { top, bottom: top + tall, ..plot };
        rows::boxed(canvas, (row, &axis), &box_, look.theme.class())?;
        let middle = (row.top + row.bottom) / 2;
        for value in all.iter().filter(|value| box_.outside(**value) && axis.holds(**value)) {
            pen.ring((axis.pixel(*value), middle), look.em(0.25), look.theme.class(), look.width(0.5))?;
        }
        self.quarters(canvas, row.bottom + look.em(0.2), &axis, &box_)?;
        let below = Rect { top: row.bottom + look.em(2.0), bottom: plot.bottom - look.em(0.4), ..plot };
        let style = Style { colour: look.theme.class(), marker: Marker::Circle };
        rows::dots(canvas, (Rect { bottom: below.bottom.max(below.top + 1), ..below }, &axis), (&self.values, 0), style)?;
        values::predicted(canvas, (plot, &axis), (&self.predictions, &self.quantity))?;
        let n = format!("n = {}", values::counted(&self.values).len());
        let meaning = look.lang.pick("● jeder Wert", "● every value");
        value::foot(pen, look, plot, (&n, &self.quantity.axis(look.lang)), &[meaning])
    }

    fn summary(&self, lang: Lang) -> String {
        let Some(box_) = self.quartiles() else {
            return format!("{} {}.", self.strip().summary(lang), self.few(lang));
        };
        let counted = values::counted(&self.values);
        let mut text = format!("n = {}, {}.", counted.len(), self.message(&box_, lang));
        let outside = counted.iter().filter(|value| box_.outside(**value)).count();
        if outside > 0 {
            text += &match lang {
                Lang::De => format!(" {outside} weiter weg als die Arme reichen."),
                Lang::En => format!(" {outside} further away than the arms reach."),
            };
        }
        if let Some(band) = &self.reference {
            let value = self.quantity.with(&number::shortest(band.value, lang));
            let inside = (box_.first..=box_.third).contains(&band.value);
            let verdict = if inside {
                lang.pick("liegt im Kasten", "lies in the box")
            } else {
                lang.pick("liegt außerhalb des Kastens", "lies outside the box")
            };
            text += &format!(" {} {value} {verdict}.", band.name(lang));
        }
        text += &format!(" {}.", explained(lang));
        if let Some(out) = values::uncounted(&self.values, lang) {
            text += &format!(" {out}.");
        }
        text + &values::predictions_told(&self.predictions, &self.quantity, lang)
    }

    fn cells(&self, lang: Lang) -> Cells {
        let mut cells = values::cells(&self.quantity, &self.values, None, self.reference.as_ref(), lang);
        let Some(box_) = self.quartiles() else { return cells };
        let names = [
            (lang.pick("Arm unten", "lower arm"), box_.low),
            (lang.pick("unteres Viertel bis", "lowest quarter to"), box_.first),
            (lang.pick("Median", "median"), box_.median),
            (lang.pick("oberes Viertel ab", "highest quarter from"), box_.third),
            (lang.pick("Arm oben", "upper arm"), box_.high),
        ];
        let decimals = number::decimals_of_uncertainty((box_.third - box_.first) / 10.0);
        let row =
            |(name, value): (&str, f64)| vec![Cell::None, Cell::text(name), Cell::Number(value, decimals), Cell::None, Cell::text("")];
        cells.rows.splice(0..0, names.map(row));
        cells
    }

    fn lengths(&self) -> Vec<usize> {
        vec![self.values.len()]
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        values::readout(&self.quantity, &self.values, place.index, lang)
    }

    fn tune(&self, series: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        let (_, values, _) = self.strip().tune(series, lang);
        (self.quantity.name.get(lang).to_owned(), values, words::unit(&self.quantity.unit))
    }
}
