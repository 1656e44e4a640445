//! Axes: from values to pixels, ticks at round numbers, the frame of a chart.

use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::DrawingBackend;

use super::layout::Rect;
use crate::error::VizError;
use crate::paint::{Anchor, Look, Pen, text_width};
use crate::words::number;

/// A linear axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    from: i32,
    to: i32,
    /// Pixels per unit of the value.
    scale: f64,
}

impl Axis {
    /// Maps `low` to pixel `from` and `high` to pixel `to`. A range that is none is widened, so that an axis always is
    /// one.
    pub fn new((low, high): (f64, f64), from: i32, to: i32) -> Self {
        // A quarter of the largest float keeps every difference finite.
        let bounded = |value: f64| if value.is_finite() { value.clamp(-f64::MAX / 4.0, f64::MAX / 4.0) } else { 0.0 };
        let (low, high) = (bounded(low), bounded(high));
        let least = low.abs().max(high.abs()).max(1e-9) * 1e-9;
        let (low, high) = if high - low >= least { (low, high) } else { (low - least.max(0.5), low + least.max(0.5)) };
        Self { low, high, from, to, scale: f64::from(to - from) / (high - low) }
    }

    /// Lower and upper end.
    pub fn range(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// The pixel of a value; beyond the ends the pixel of the end.
    pub fn pixel(&self, value: f64) -> i32 {
        let along = (value - self.low).clamp(0.0, self.high - self.low) * self.scale;
        // Rounds with `floor`, which wasm has as one instruction and `round` it has not; a frame asks 400,000 times.
        self.from + (along + 0.5).floor() as i32
    }

    /// The value of a pixel.
    pub fn value(&self, pixel: i32) -> f64 {
        let length = f64::from(self.to - self.from);
        let share = if length == 0.0 { 0.0 } else { f64::from(pixel - self.from) / length };
        self.low + share * (self.high - self.low)
    }

    /// Whether the value lies on the axis.
    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// At most about `count` round values.
    pub fn ticks(&self, count: usize) -> Vec<f64> {
        let coordinate: RangedCoordf64 = (self.low..self.high).into();
        let mut ticks = coordinate.key_points(count.max(2));
        ticks.retain(|tick| self.holds(*tick));
        ticks
    }

    /// Ticks with their labels, all with the same number of decimals.
    pub fn labels(&self, count: usize, look: &Look) -> Vec<(f64, String)> {
        let ticks = self.ticks(count);
        let step = ticks.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        let decimals = number::decimals_of_step(step);
        ticks.into_iter().map(|tick| (tick, number::fixed(tick, decimals, look.lang))).collect()
    }
}

/// A chart's axes and the names on them.
pub struct Frame {
    /// Where curves go.
    pub plot: Rect,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
}

fn rows(rect: Rect, look: &Look) -> usize {
    (rect.height() / look.em(2.0).max(1)).clamp(2, 6) as usize
}

impl Frame {
    /// Where curves go within `rect`, `right` pixels kept free beside them.
    pub fn plot(look: &Look, rect: Rect, y_range: (f64, f64), right: i32) -> Rect {
        let labels = Axis::new(y_range, 100, 0).labels(rows(rect, look), look);
        let widest = labels.iter().map(|(_, label)| text_width(label, look.text)).fold(0.0, f64::max);
        rect.inset(look.em(1.7), right.max(look.em(0.8)), look.em(2.9), widest as i32 + look.em(0.6))
    }

    /// Draws grid, ticks, axis names and the zero line within `rect`, and returns what is left for curves. `right` is
    /// kept free beside them for direct labels.
    pub fn draw<DB: DrawingBackend>(
        pen: &Pen<'_, DB>,
        look: &Look,
        rect: Rect,
        (x_range, x_name): ((f64, f64), &str),
        (y_range, y_name): ((f64, f64), &str),
        right: i32,
    ) -> Result<Self, VizError> {
        let (ink, muted, grid) = (look.theme.ink(), look.theme.muted(), look.theme.grid());
        let rows = rows(rect, look);
        let plot = Self::plot(look, rect, y_range, right);
        let y = Axis::new(y_range, plot.bottom, plot.top);
        let x = Axis::new(x_range, plot.left, plot.right);
        let thin = look.width(0.3);
        // In a flat chart labels keep apart: the lines stay, numbers that would cover the one below go.
        let mut above = i32::MAX;
        for (tick, label) in y.labels(rows, look) {
            let level = y.pixel(tick);
            pen.line((plot.left, level), (plot.right, level), grid, thin)?;
            if above.saturating_sub(level) >= look.em(0.95) {
                pen.text(&label, (plot.left - look.em(0.4), level), Anchor::RIGHT, look.text, muted)?;
                above = level;
            }
        }
        let columns = (plot.width() / look.em(4.0).max(1)).clamp(2, 11) as usize;
        for (tick, label) in x.labels(columns, look) {
            let place = x.pixel(tick);
            pen.line((place, plot.bottom), (place, plot.bottom + look.em(0.25)), muted, thin)?;
            pen.text(&label, (place, plot.bottom + look.em(0.9)), Anchor::CENTRE, look.text, muted)?;
        }
        pen.line((plot.left, plot.bottom), (plot.right, plot.bottom), muted, thin)?;
        if y_range.0 < 0.0 && y_range.1 > 0.0 {
            pen.line((plot.left, y.pixel(0.0)), (plot.right, y.pixel(0.0)), muted, look.width(0.5))?;
        }
        pen.text(y_name, (rect.left + look.em(0.3), rect.top + look.em(0.8)), Anchor::LEFT, look.text, ink)?;
        pen.text(x_name, (plot.right, plot.bottom + look.em(2.15)), Anchor::RIGHT, look.text, ink)?;
        Ok(Self { plot, x, y })
    }
}

#[cfg(test)]
mod tests;
