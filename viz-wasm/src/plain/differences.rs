//! Differences of means with their intervals: what a comparison is judged by.

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::data::{Mean, Quantity, sane};
use super::{Place, Plain, stats, values};
use crate::error::VizError;
use crate::figure::axis::Axis;
use crate::figure::layout::Rect;
use crate::figure::value;
use crate::paint::theme::faded;
use crate::paint::{Anchor, fit, text_width};
use crate::words::{self, Bilingual, Lang, number};

/// Differences a figure takes.
const MOST: usize = 60;

/// Differences on one axis with zero, and with the margin within which they do not matter.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Differences {
    /// What was measured.
    pub quantity: Quantity,
    /// The differences.
    pub differences: Vec<Difference>,
    /// A difference smaller than this does not matter.
    pub margin: Option<f64>,
    /// Whether the intervals are wider than 95 % ones, because several pairs were judged at once.
    pub corrected: bool,
}

/// One difference.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Difference {
    /// Of whom: "9a − 9b".
    pub name: Bilingual,
    /// The difference of the means.
    pub value: f64,
    /// Its 95 % interval, lower and upper end.
    pub ci95: (f64, f64),
    /// What follows from it, in a few words: "differ", "cannot tell yet".
    pub verdict: Bilingual,
}

impl Differences {
    fn margin(&self) -> Option<f64> {
        self.margin.filter(|margin| sane(*margin) && *margin > 0.0)
    }

    /// What the intervals are called.
    fn leeway(&self, lang: Lang) -> &'static str {
        match self.corrected {
            true => lang.pick("Spielraum, für alle Paare korrigiert", "leeway, corrected for all pairs"),
            false => lang.pick("95-%-Intervall", "95 % interval"),
        }
    }

    /// `−0.08 ± 0.04 m/s²`; of an interval that is not symmetrical its ends.
    fn told(&self, difference: &Difference, lang: Lang) -> String {
        let (low, high) = difference.ci95;
        let half = (high - low) / 2.0;
        if (difference.value - low - half).abs() < 0.02 * half {
            return self.quantity.told(difference.value, Some(half), lang);
        }
        let decimals = number::decimals_of_uncertainty(half);
        let [value, low, high] = [difference.value, low, high].map(|value| number::fixed(value, decimals, lang));
        format!("{} ({low} {} {high})", self.quantity.with(&value), lang.pick("bis", "to"))
    }
}

impl Plain for Differences {
    fn title(&self, lang: Lang) -> String {
        format!("{}: {}", lang.pick("Unterschiede der Mittel", "differences of the means"), self.quantity.axis(lang))
    }

    fn check(&self) -> Result<(), VizError> {
        if self.differences.len() > MOST {
            return Err(VizError::Plain(format!("{} differences are too many; give at most {MOST}", self.differences.len())));
        }
        let wrong = |of: &Difference| !(sane(of.value) && sane(of.ci95.0) && sane(of.ci95.1) && of.ci95.0 <= of.ci95.1);
        match self.differences.iter().position(wrong) {
            Some(place) => Err(VizError::Plain(format!("difference {} needs a value and an interval from low to high", place + 1))),
            None => Ok(()),
        }
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        let (pen, look, sheet) = (&canvas.pen, &canvas.look, canvas.sheet());
        if self.differences.is_empty() {
            return canvas.empty(sheet, look.lang.pick("noch kein Vergleich", "no comparison yet"));
        }
        let plot = sheet.inset(look.em(1.8), look.em(1.2), look.em(2.9), look.em(1.2));
        let margin = self.margin();
        let ends = self.differences.iter().flat_map(|difference| [difference.ci95.0, difference.ci95.1, difference.value]);
        let range = stats::hull(ends.chain([0.0]).chain(margin.into_iter().flat_map(|margin| [-margin, margin])));
        let axis = Axis::new(range.map_or((-1.0, 1.0), |range| stats::widened(range, 0.06)), plot.left, plot.right);
        value::ticks(pen, look, plot, &axis)?;
        let colour = look.theme.reference();
        if let Some(margin) = margin {
            pen.block((axis.pixel(-margin), plot.top), (axis.pixel(margin), plot.bottom), faded(colour, 0.18))?;
        }
        let zero = axis.pixel(0.0);
        pen.line((zero, plot.top - look.em(0.3)), (zero, plot.bottom), look.theme.ink(), look.width(0.6))?;
        let label = match margin {
            Some(margin) => format!(
                "{} ± {}",
                look.lang.pick("unerheblich:", "does not matter:"),
                self.quantity.with(&number::plain_short(margin, look.lang))
            ),
            None => look.lang.pick("0: kein Unterschied", "0: no difference").to_owned(),
        };
        let label = fit(&label, look.text, f64::from(plot.width()));
        let half = text_width(&label, look.text) as i32 / 2;
        let middle = zero.min(plot.right - half).max(plot.left + half);
        pen.text(
            &label,
            (middle, plot.top - look.em(0.9)),
            Anchor::CENTRE,
            look.text,
            if margin.is_some() { colour } else { look.theme.ink() },
        )?;
        let room = (plot.height() / look.em(2.3).max(1)).max(1) as usize;
        let shown = &self.differences[..self.differences.len().min(room)];
        let pitch = plot.height() / shown.len().max(1) as i32;
        for (place, difference) in shown.iter().enumerate() {
            let row = Rect { top: plot.top + pitch * place as i32, bottom: plot.top + pitch * (place as i32 + 1), ..plot };
            if place > 0 {
                pen.line((sheet.left, row.top), (sheet.right, row.top), look.theme.grid(), look.width(0.4))?;
            }
            let level = row.top + look.em(0.75);
            let name = difference.name.get(look.lang);
            let at = (sheet.left + look.em(0.4), level);
            let room = f64::from(sheet.width() - look.em(0.8));
            let verdict = difference.verdict.get(look.lang);
            let left = room - text_width(name, look.text * 1.08) - look.text;
            let told = self.told(difference, look.lang);
            let long = format!("{told}: {verdict}");
            let text = if verdict.is_empty() {
                told
            } else {
                [long, verdict.to_owned()].into_iter().find(|text| text_width(text, look.text) <= left).unwrap_or_default()
            };
            pen.bold(&fit(name, look.text * 1.08, room), at, Anchor::LEFT, look.text, look.theme.ink())?;
            let after = at.0 + text_width(name, look.text * 1.08) as i32 + look.em(0.6);
            canvas.on_paper(&text, (after, level), Anchor::LEFT, look.theme.ink())?;
            let middle = (row.top + look.em(1.4) + row.bottom) / 2;
            let mean = Mean { n: 0, mean: difference.value, ci95: Some(difference.ci95) };
            values::interval(canvas, &axis, mean, middle, look.theme.accent())?;
            canvas.mark(0, place, (axis.pixel(difference.value), middle));
        }
        let meaning = format!("◆ {} {}", look.lang.pick("Unterschied mit", "difference with"), self.leeway(look.lang));
        let short = format!("◆ {}", self.leeway(look.lang));
        let more = self.differences.len() - shown.len();
        let count = if more > 0 { format!("+{more}") } else { String::new() };
        let name = format!("Δ {}", self.quantity.axis(look.lang));
        value::foot(pen, look, plot, (&count, &name), &[&meaning, &short])
    }

    fn summary(&self, lang: Lang) -> String {
        let told = |difference: &Difference| {
            let verdict = match difference.verdict.get(lang) {
                "" => String::new(),
                verdict => format!(": {verdict}"),
            };
            format!("{}: {} ({}){verdict}.", difference.name.get(lang), self.told(difference, lang), self.leeway(lang))
        };
        let mut text = self.differences.iter().map(told).collect::<Vec<_>>().join(" ");
        if let Some(margin) = self.margin() {
            let margin = self.quantity.with(&number::plain_short(margin, lang));
            text += &match lang {
                Lang::De => format!(" Weniger als {margin} Unterschied ist unerheblich."),
                Lang::En => format!(" A difference below {margin} does not matter."),
            };
        }
        if text.is_empty() { lang.pick("Noch kein Vergleich.", "No comparison yet.").to_owned() } else { text }
    }

    fn cells(&self, lang: Lang) -> Cells {
        let unit = words::unit(&self.quantity.unit);
        let columns = vec![
            lang.pick("Vergleich", "comparison").to_owned(),
            words::in_unit(lang.pick("Unterschied", "difference"), &unit),
            words::in_unit(&format!("{} {}", self.leeway(lang), lang.pick("von", "from")), &unit),
            words::in_unit(lang.pick("bis", "to"), &unit),
            lang.pick("Urteil", "verdict").to_owned(),
        ];
        let row = |difference: &Difference| {
            let decimals = number::decimals_of_uncertainty((difference.ci95.1 - difference.ci95.0) / 2.0);
            vec![
                Cell::text(difference.name.get(lang)),
                Cell::Number(difference.value, decimals),
                Cell::Number(difference.ci95.0, decimals),
                Cell::Number(difference.ci95.1, decimals),
                Cell::text(difference.verdict.get(lang)),
            ]
        };
        Cells { columns, rows: self.differences.iter().map(row).collect() }
    }

    fn lengths(&self) -> Vec<usize> {
        vec![self.differences.len()]
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        let Some(difference) = self.differences.get(place.index) else { return String::new() };
        format!("{}: {}", difference.name.get(lang), self.told(difference, lang))
    }

    fn tune(&self, _: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        let values = self.differences.iter().map(|difference| Some(difference.value)).collect();
        (self.title(lang), values, words::unit(&self.quantity.unit))
    }
}
