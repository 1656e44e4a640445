//! Amplitude over frequency.

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::chart::{self, Chart, Side, Stroke};
use super::data::{Quantity, check_ends, sane};
use super::trace::{STEPS, stepped};
use super::{Place, Plain, values};
use crate::error::VizError;
use crate::figure::layout::Rect;
use crate::order;
use crate::paint::marker::Marker;
use crate::paint::theme::faded;
use crate::paint::{Anchor, fit, text_width};
use crate::words::{self, Bilingual, Lang, number};

/// Lines a figure takes, and peaks it names.
const MOST: (usize, usize) = (400_000, 12);

/// A spectrum with its peaks named.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Spectrum {
    /// What swings: the unit of the amplitudes.
    pub quantity: Quantity,
    /// From one line to the next, Hz.
    pub step_hz: f64,
    /// Amplitudes at 0, 1, 2 … times the step, not negative.
    pub amplitudes: Vec<f64>,
    /// What was found in it.
    pub peaks: Vec<Peak>,
    /// Where the axis ends, Hz; left out, at the last line.
    pub max_hz: Option<f64>,
    /// How far the upright axis reaches at least, so that figures of several groups have the same.
    pub top: Option<f64>,
}

/// A peak.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Peak {
    /// Where, Hz.
    pub hz: f64,
    /// One sigma of that, Hz.
    pub uncertainty: Option<f64>,
    /// What it is: "fundamental", "second harmonic".
    pub label: Bilingual,
}

impl Peak {
    fn frequency(&self, lang: Lang) -> String {
        match self.uncertainty.filter(|sigma| *sigma > 0.0) {
            Some(sigma) => format!("{} Hz", number::with_uncertainty(self.hz, sigma, lang)),
            None => format!("{} Hz", number::plain_short(self.hz, lang)),
        }
    }

    fn told(&self, lang: Lang) -> String {
        match self.label.get(lang) {
            "" => self.frequency(lang),
            label => format!("{label} {}", self.frequency(lang)),
        }
    }
}

impl Spectrum {
    /// Lines that can be seen.
    fn shown(&self) -> &[f64] {
        let most = self.max_hz.map_or(usize::MAX, |most| (most / self.step_hz).floor() as usize);
        &self.amplitudes[..self.amplitudes.len().min(most.saturating_add(1))]
    }

    /// The line nearest to a frequency.
    fn line(&self, hz: f64) -> Option<f64> {
        self.shown().get((hz / self.step_hz).round() as usize).copied()
    }

    fn upright(&self, lang: Lang) -> String {
        words::in_unit(
            &format!("{} {}", lang.pick("Amplitude:", "amplitude:"), self.quantity.name.get(lang)),
            &words::unit(&self.quantity.unit),
        )
    }
}

impl Plain for Spectrum {
    fn title(&self, lang: Lang) -> String {
        format!("{}: {}", lang.pick("Spektrum", "spectrum"), self.quantity.name.get(lang))
    }

    fn check(&self) -> Result<(), VizError> {
        let refuse = |text: String| Err(VizError::Plain(text));
        if !(sane(self.step_hz) && self.step_hz > 1e-100) {
            return refuse("the step between two lines of a spectrum must be above 0 Hz".to_owned());
        }
        check_ends(self.top.map(|top| (0.0, top)).as_slice())?;
        if self.max_hz.is_some_and(|most| !(sane(most) && most > 0.0)) {
            return refuse("the end of a spectrum's axis must be above 0 Hz".to_owned());
        }
        if self.amplitudes.len() > MOST.0 || self.peaks.len() > MOST.1 {
            return refuse(format!("a spectrum has at most {} lines and {} peaks; thin them out", MOST.0, MOST.1));
        }
        match self.amplitudes.iter().position(|amplitude: &f64| !(sane(*amplitude) && *amplitude >= 0.0)) {
            Some(place) => refuse(format!("amplitude {} is not a number that is zero or more", place + 1)),
            None => Ok(()),
        }
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        let (pen, look) = (&canvas.pen, &canvas.look);
        let shown = self.shown();
        if shown.len() < 2 {
            return canvas.empty(canvas.sheet(), look.lang.pick("kein Spektrum", "no spectrum"));
        }
        let end = self.max_hz.unwrap_or(self.step_hz * (shown.len() - 1) as f64);
        let tall = shown.iter().copied().chain(self.top).fold(0.0, f64::max);
        let (x_name, y_name) = (words::in_unit(look.lang.pick("Frequenz f", "frequency f"), "Hz"), self.upright(look.lang));
        let x = Side { range: (0.0, end), log: false, name: &x_name };
        // Above the highest peak its name has room.
        let y = Side { range: (0.0, if tall > 0.0 { tall * 1.22 } else { 1.0 }), log: false, name: &y_name };
        let rect = canvas.sheet();
        let chart = Chart::draw(canvas, rect, (x, y), (chart::numbers(y, rect.height(), look), 0))?;
        let hz: Vec<f64> = (0..shown.len()).map(|line| line as f64 * self.step_hz).collect();
        let readings: Vec<Option<f64>> = shown.iter().copied().map(Some).collect();
        let runs = chart.runs(&hz, &readings);
        for run in &runs {
            if let (Some(first), Some(last)) = (run.first(), run.last()) {
                let mut area = run.clone();
                area.extend([(last.0, chart.plot.bottom), (first.0, chart.plot.bottom)]);
                pen.polygon(area, faded(look.theme.class(), 0.2))?;
            }
        }
        chart::lines(canvas, runs, Stroke { colour: look.theme.class(), width: look.width(0.7), dash: 0.0 })?;
        let mut taken: Vec<Rect> = Vec::new();
        let peaks: Vec<&Peak> = self.peaks.iter().filter(|peak| chart.x.holds(peak.hz)).collect();
        let height = |peak: &Peak| self.line(peak.hz).unwrap_or(0.0);
        for place in order::ranks(peaks.iter().map(|peak| -height(peak))) {
            let peak = peaks[place];
            let at = chart.pixel(peak.hz, height(peak));
            Marker::Down.draw(
                pen,
                (at.0, at.1 - look.em(0.45)),
                look.em(0.3),
                look.theme.accent(),
                look.theme.paper(),
                look.width(0.25),
            )?;
            // The whole name, or the frequency alone, where it covers no other.
            for text in [peak.told(look.lang), peak.frequency(look.lang)] {
                let text = fit(&text, look.text, f64::from(chart.plot.width()));
                let half = text_width(&text, look.text) as i32 / 2;
                let middle = at.0.min(chart.plot.right - half).max(chart.plot.left + half);
                let level = (at.1 - look.em(1.4)).max(chart.plot.top + look.em(0.5));
                let place = Rect { left: middle - half, right: middle + half, top: level - look.em(0.6), bottom: level + look.em(0.6) };
                let free = |other: &Rect| {
                    place.right <= other.left || other.right <= place.left || place.bottom <= other.top || other.bottom <= place.top
                };
                if !text.is_empty() && taken.iter().all(free) {
                    canvas.on_paper(&text, (middle, level), Anchor::CENTRE, look.theme.ink())?;
                    taken.push(place);
                    break;
                }
            }
        }
        for step in 0..shown.len().min(STEPS) {
            let line = stepped(step, shown.len());
            canvas.mark(0, step, chart.pixel(hz[line], shown[line]));
        }
        Ok(())
    }

    fn summary(&self, lang: Lang) -> String {
        let shown = self.shown();
        let end = self.step_hz * shown.len().saturating_sub(1) as f64;
        let end = number::plain_short(end, lang);
        let mut text = match lang {
            Lang::De => format!("{} von 0 bis {end} Hz.", self.title(lang)),
            Lang::En => format!("{} from 0 to {end} Hz.", values::capital(&self.title(lang))),
        };
        if self.peaks.is_empty() {
            text += lang.pick(" Kein Gipfel gefunden.", " No peak found.");
        } else {
            let peaks: Vec<String> = self.peaks.iter().map(|peak| peak.told(lang)).collect();
            text += &format!(" {}: {}.", lang.pick("Gipfel", "Peaks"), peaks.join(", "));
        }
        text
    }

    fn cells(&self, lang: Lang) -> Cells {
        let columns =
            vec![words::in_unit(lang.pick("Frequenz", "frequency"), "Hz"), self.upright(lang), lang.pick("Gipfel", "peak").to_owned()];
        let (shown, decimals) = (self.shown(), number::decimals_of_step(self.step_hz).min(6));
        let tall = number::decimals_alike(&shown.iter().map(|amplitude| amplitude * 0.1).collect::<Vec<_>>());
        // Peaks first: of many lines the table shows few.
        let peak = |peak: &Peak| {
            let digits = peak.uncertainty.map_or(decimals + 1, number::decimals_of_uncertainty);
            vec![Cell::Number(peak.hz, digits), Cell::maybe(self.line(peak.hz), tall), Cell::text(peak.told(lang))]
        };
        let line = |(place, amplitude): (usize, &f64)| {
            vec![Cell::Number(place as f64 * self.step_hz, decimals), Cell::Number(*amplitude, tall), Cell::text("")]
        };
        Cells { columns, rows: self.peaks.iter().map(peak).chain(shown.iter().enumerate().map(line)).collect() }
    }

    fn lengths(&self) -> Vec<usize> {
        vec![self.shown().len().min(STEPS)]
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        let line = stepped(place.index, self.shown().len());
        let Some(amplitude) = self.shown().get(line) else { return String::new() };
        let hz = number::fixed(line as f64 * self.step_hz, number::decimals_of_step(self.step_hz).min(4), lang);
        format!("{hz} Hz: {}", self.quantity.with(&number::plain(*amplitude, lang)))
    }

    fn tune(&self, _: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        (self.title(lang), self.shown().iter().copied().map(Some).collect(), words::unit(&self.quantity.unit))
    }
}
