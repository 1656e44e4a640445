//! Two axes, linear or logarithmic, with grid, names and zero line; curves with their gaps; names at the curves' ends.

use plotters::prelude::DrawingBackend;

use super::canvas::Canvas;
use crate::error::VizError;
use crate::figure::axis::Axis;
use crate::figure::layout::Rect;
use crate::order;
use crate::paint::pen::Point;
use crate::paint::{Anchor, Colour, Look, fit, text_width};
use crate::words::{Lang, number};

/// From values to pixels; on a logarithmic scale only positive values have one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    axis: Axis,
    log: bool,
}

impl Scale {
    /// Maps a range to pixels; a logarithmic range must be positive.
    pub(crate) fn new((low, high): (f64, f64), (from, to): (i32, i32), log: bool) -> Self {
        let range = if log { (low.max(1e-300).log10(), high.max(1e-300).log10()) } else { (low, high) };
        Self { axis: Axis::new(range, from, to), log }
    }

    fn place(&self, value: f64) -> f64 {
        if self.log { value.log10() } else { value }
    }

    pub(crate) fn pixel(&self, value: f64) -> i32 {
        self.axis.pixel(self.place(value))
    }

    pub(crate) fn holds(&self, value: f64) -> bool {
        self.axis.holds(self.place(value))
    }

    /// Lower and upper end of a linear scale.
    pub(crate) fn ends(&self) -> (f64, f64) {
        self.axis.range()
    }

    /// The value at a pixel.
    pub(crate) fn value(&self, pixel: i32) -> f64 {
        let value = self.axis.value(pixel);
        if self.log { 10f64.powf(value) } else { value }
    }

    /// At most about `count` ticks with their labels.
    fn labels(&self, count: usize, look: &Look) -> Vec<(f64, String)> {
        if !self.log {
            // One tick alone says nothing of the scale. Labels that would touch are left out where they are drawn.
            let mut labels = self.axis.labels(count, look);
            for more in count + 1..count + 4 {
                if labels.len() > 1 {
                    break;
                }
                labels = self.axis.labels(more, look);
            }
            return labels;
        }
        let (low, high) = self.axis.range();
        let decades = (high - low).max(1e-9);
        // As many steps within a decade as there is room for.
        let steps: &[f64] = match count as f64 / decades {
            room if room >= 9.0 => &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0],
            room if room >= 3.0 => &[1.0, 2.0, 5.0],
            room if room >= 1.7 => &[1.0, 3.0],
            _ => &[1.0],
        };
        let every = if steps.len() == 1 { (decades / count.max(1) as f64).ceil().max(1.0) as i32 } else { 1 };
        let powers = (low.floor() as i32..=high.ceil() as i32).filter(|power| power.rem_euclid(every) == 0);
        let ticks = powers.flat_map(|power| steps.iter().map(move |step| (*step, power)));
        ticks
            .map(|(step, power)| (step * 10f64.powi(power), log_label(step, power, look.lang)))
            .filter(|(value, _)| self.holds(*value))
            .collect()
    }
}

/// `0.02`, `500`, and beyond that `2·10⁵`.
fn log_label(step: f64, power: i32, lang: Lang) -> String {
    if (-3..=4).contains(&power) {
        return number::fixed(step * 10f64.powi(power), (-power).max(0) as usize, lang);
    }
    let raised: String = power
        .to_string()
        .chars()
        .map(|digit| match digit {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '0' => '⁰',
            digit => char::from_u32('⁴' as u32 + digit as u32 - '4' as u32).unwrap_or(digit),
        })
        .collect();
    if step == 1.0 { format!("10{raised}") } else { format!("{}·10{raised}", number::fixed(step, 0, lang)) }
}

/// One axis as it is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side<'a> {
    pub(crate) range: (f64, f64),
    pub(crate) log: bool,
    /// Name with unit; empty where another panel says it.
    pub(crate) name: &'a str,
}

/// Plot and scales of a chart that has been framed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chart {
    pub(crate) plot: Rect,
    pub(crate) x: Scale,
    pub(crate) y: Scale,
    /// Where the name of the upright axis ends.
    pub(crate) named: i32,
}

fn rows(height: i32, look: &Look) -> usize {
    (height / look.em(2.0).max(1)).clamp(2, 6) as usize
}

/// Width of the numbers at an upright axis, so that panels above each other can share the widest.
pub(crate) fn numbers(side: Side<'_>, height: i32, look: &Look) -> i32 {
    let labels = Scale::new(side.range, (height, 0), side.log).labels(rows(height, look), look);
    labels.iter().map(|(_, label)| text_width(label, look.text)).fold(0.0, f64::max) as i32
}

/// About so many ticks of a scale, with their labels.
pub(crate) type Ticks<'a> = &'a dyn Fn(&Scale, usize) -> Vec<(f64, String)>;

impl Chart {
    /// Draws grid, ticks, names and the zero line. The plot is `rect` less a line above for the upright axis's name, the
    /// `left` for its numbers, the `right` for labels, and below two lines, or without a name of the horizontal axis none.
    pub(crate) fn draw<DB: DrawingBackend>(
        canvas: &Canvas<'_, DB>,
        rect: Rect,
        (x, y): (Side<'_>, Side<'_>),
        (left, right): (i32, i32),
    ) -> Result<Self, VizError> {
        Self::ticked(canvas, rect, (x, y), (left, right), &|scale, count| scale.labels(count, &canvas.look))
    }

    /// The same with other ticks on the horizontal axis: about as many as are asked for.
    pub(crate) fn ticked<DB: DrawingBackend>(
        canvas: &Canvas<'_, DB>,
        rect: Rect,
        (x, y): (Side<'_>, Side<'_>),
        (left, right): (i32, i32),
        ticks: Ticks<'_>,
    ) -> Result<Self, VizError> {
        let (pen, look) = (&canvas.pen, &canvas.look);
        let (muted, grid, thin) = (look.theme.muted(), look.theme.grid(), look.width(0.3));
        let below = if x.name.is_empty() { look.em(0.5) } else { look.em(2.9) };
        let plot = rect.inset(look.em(1.85), right.max(look.em(0.8)), below, left + look.em(0.7));
        let room = f64::from(rect.width() - look.em(0.8));
        let name = fit(y.name, look.text, room);
        let at = (rect.left + look.em(0.4), rect.top + look.em(0.75));
        pen.text(&name, at, Anchor::LEFT, look.text, look.theme.ink())?;
        let chart = Self {
            plot,
            x: Scale::new(x.range, (plot.left, plot.right), x.log),
            y: Scale::new(y.range, (plot.bottom, plot.top), y.log),
            named: at.0 + text_width(&name, look.text) as i32,
        };
        let mut above = i32::MAX;
        for (tick, label) in chart.y.labels(rows(plot.height(), look), look) {
            let level = chart.y.pixel(tick);
            pen.line((plot.left, level), (plot.right, level), grid, thin)?;
            if above.saturating_sub(level) >= look.em(0.95) {
                pen.text(&label, (plot.left - look.em(0.4), level), Anchor::RIGHT, look.text, muted)?;
                above = level;
            }
        }
        let columns = (plot.width() / look.em(4.0).max(1)).clamp(2, 11) as usize;
        let mut free = i32::MIN;
        for (tick, label) in ticks(&chart.x, columns) {
            let place = chart.x.pixel(tick);
            pen.line((place, plot.top), (place, plot.bottom), grid, thin)?;
            let half = text_width(&label, look.text) as i32 / 2;
            if !x.name.is_empty() && place - half > free {
                pen.line((place, plot.bottom), (place, plot.bottom + look.em(0.25)), muted, thin)?;
                pen.text(&label, (place, plot.bottom + look.em(0.9)), Anchor::CENTRE, look.text, muted)?;
                free = place + half + look.em(0.3);
            }
        }
        pen.line((plot.left, plot.bottom), (plot.right, plot.bottom), muted, thin)?;
        if !y.log && y.range.0 < 0.0 && y.range.1 > 0.0 {
            pen.line((plot.left, chart.y.pixel(0.0)), (plot.right, chart.y.pixel(0.0)), muted, look.width(0.55))?;
        }
        let name = fit(x.name, look.text, room);
        pen.text(&name, (plot.right, plot.bottom + look.em(2.15)), Anchor::RIGHT, look.text, look.theme.ink())?;
        Ok(chart)
    }

    /// A legend on the left below the horizontal axis, where its name leaves room.
    pub(crate) fn legend<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, x_name: &str, meanings: &[&str]) -> Result<(), VizError> {
        let (pen, look) = (&canvas.pen, &canvas.look);
        let room = f64::from(self.plot.right - look.em(1.2)) - text_width(x_name, look.text);
        let ways = [1.0, 0.8].into_iter().flat_map(|share| meanings.iter().map(move |meaning| (*meaning, share)));
        let found = ways.into_iter().find(|(meaning, share)| text_width(meaning, look.text * share) <= room);
        let Some((meaning, share)) = found else { return Ok(()) };
        let at = (look.em(0.4), self.plot.bottom + look.em(2.15));
        pen.text(meaning, at, Anchor::LEFT, look.text * share, look.theme.muted())
    }

    /// Whether a point lies in the plot.
    pub(crate) fn holds(&self, x: f64, y: f64) -> bool {
        self.x.holds(x) && self.y.holds(y)
    }

    /// The pixel of a point; beyond the plot its nearest edge.
    pub(crate) fn pixel(&self, x: f64, y: f64) -> Point {
        (self.x.pixel(x), self.y.pixel(y))
    }

    /// Stretches of a curve between its gaps. Of each pixel column remain first, smallest, largest and last, so that
    /// every peak survives; what lies beside the horizontal axis is left out.
    pub(crate) fn runs(&self, x: &[f64], y: &[Option<f64>]) -> Vec<Vec<Point>> {
        let mut runs: Vec<Vec<Point>> = Vec::new();
        let mut column: Option<[i32; 5]> = None;
        let mut run: Vec<Point> = Vec::new();
        let close = |column: &mut Option<[i32; 5]>, run: &mut Vec<Point>| {
            if let Some([at, first, low, high, last]) = column.take() {
                for level in [first, low, high, last] {
                    if run.last() != Some(&(at, level)) {
                        run.push((at, level));
                    }
                }
            }
        };
        for (&x, y) in x.iter().zip(y) {
            let Some(y) = y.filter(|y| y.is_finite() && self.x.holds(x)) else {
                close(&mut column, &mut run);
                runs.push(std::mem::take(&mut run));
                continue;
            };
            let (at, level) = self.pixel(x, y);
            match &mut column {
                Some([of, _, low, high, last]) if *of == at => {
                    *low = (*low).min(level);
                    *high = (*high).max(level);
                    *last = level;
                }
                _ => {
                    close(&mut column, &mut run);
                    column = Some([at, level, level, level, level]);
                }
            }
        }
        close(&mut column, &mut run);
        runs.push(run);
        runs.retain(|run| !run.is_empty());
        runs
    }

    /// A function between two values of x, sampled at every second pixel, cut at the plot's edges.
    pub(crate) fn sampled(&self, (from, to): (f64, f64), at: impl Fn(f64) -> Option<f64>) -> Vec<Vec<Point>> {
        let (first, last) = (self.x.pixel(from), self.x.pixel(to));
        let mut columns: Vec<i32> = (first..last).step_by(2).collect();
        columns.push(last);
        let x: Vec<f64> = columns.iter().map(|column| self.x.value(*column)).collect();
        let y: Vec<Option<f64>> = x.iter().map(|x| at(*x).filter(|y| self.y.holds(*y))).collect();
        self.runs(&x, &y)
    }
}

/// How a curve is drawn: its dash tells it apart where colours do not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stroke {
    pub(crate) colour: Colour,
    pub(crate) width: u32,
    /// Length of a dash in heights of type; 0 is a line without gaps.
    pub(crate) dash: f64,
}

/// Dashes of the first six series.
pub(crate) const DASHES: [f64; 6] = [0.0, 0.9, 0.45, 1.6, 0.25, 0.65];

/// Draws runs; one point alone is a dot.
pub(crate) fn lines<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, runs: Vec<Vec<Point>>, stroke: Stroke) -> Result<(), VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    runs.into_iter().try_for_each(|run| match run[..] {
        [only] => pen.disc(only, (stroke.width as i32).max(2), stroke.colour),
        _ if stroke.dash > 0.0 => pen.dashed_path(&run, look.em(stroke.dash).max(3), stroke.colour, stroke.width),
        _ => pen.path(run, stroke.colour, stroke.width),
    })
}

/// The room that names at the curves' right ends need, at most a third of the sheet.
pub(crate) fn room<'a>(canvas_width: i32, names: impl Iterator<Item = &'a str>, look: &Look) -> i32 {
    let widest = names.map(|name| text_width(name, look.text * 1.08) as i32).max();
    widest.map_or(0, |widest| (widest + look.em(0.9)).min(canvas_width / 3))
}

/// Names at the right ends of curves, pushed apart so that none covers another.
pub(crate) fn ends<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    plot: Rect,
    right: i32,
    ends: Vec<(i32, String, Colour)>,
) -> Result<(), VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    let (pitch, count) = (look.em(1.15), ends.len() as i32);
    let mut free = plot.top;
    for (place, end) in order::ranks(ends.iter().map(|end| f64::from(end.0))).into_iter().enumerate() {
        let (y, name, colour) = &ends[end];
        let level = (*y).min(plot.bottom - pitch * (count - 1 - place as i32)).max(free);
        free = level + pitch;
        let name = fit(name, look.text * 1.08, f64::from(right - look.em(0.5)));
        pen.bold(&name, (plot.right + look.em(0.35), level), Anchor::LEFT, look.text, *colour)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
