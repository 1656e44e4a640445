//! From windows to pixels: at most four points per pixel column, every peak kept, every gap a gap.

use messwerk_lessons::frame::Window;

use super::axis::Axis;
use crate::model::Grid;

/// A stretch without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// The means: first, smallest, largest and last of each pixel column.
    pub line: Vec<(i32, i32)>,
    /// Column, and the pixels of its largest and smallest reading; empty unless asked for.
    pub band: Vec<(i32, i32, i32)>,
}

impl Run {
    /// The band as one polygon.
    pub fn outline(&self) -> Vec<(i32, i32)> {
        let upper = self.band.iter().map(|&(x, top, _)| (x, top));
        let lower = self.band.iter().rev().map(|&(x, _, bottom)| (x, bottom));
        upper.chain(lower).collect()
    }
}

/// One pixel column being gathered; y grows downwards, so `high` is the smallest.
#[derive(Clone, Copy)]
struct Column {
    x: i32,
    first: i32,
    high: i32,
    low: i32,
    last: i32,
    top: i32,
    bottom: i32,
}

impl Column {
    fn close(self, run: &mut Run, band: bool) {
        // The way round that needs less ink: a rising column goes low, high and not low, high, low, high. Ink is what
        // drawing costs.
        let way = |one: i32, other: i32| self.first.abs_diff(one) + other.abs_diff(self.last);
        let upwards = way(self.low, self.high) <= way(self.high, self.low);
        let (near, far) = if upwards { (self.low, self.high) } else { (self.high, self.low) };
        // What repeats its neighbour would draw nothing.
        for y in [self.first, near, far, self.last] {
            if run.line.last() != Some(&(self.x, y)) {
                run.line.push((self.x, y));
            }
        }
        if band {
            run.band.push((self.x, self.top, self.bottom));
        }
    }
}

/// The runs of a series on these axes. Neighbouring indexes belong to one run, a missing index ends it. Values beyond
/// the axis lie on its edge.
pub fn runs<'a>(windows: impl Iterator<Item = &'a Window>, grid: Grid, x: &Axis, y: &Axis, band: bool) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run = Run::default();
    let mut column: Option<Column> = None;
    let mut previous = None;
    for window in windows {
        if previous.is_some_and(|index: i32| index.checked_add(1) != Some(window.index)) {
            if let Some(open) = column.take() {
                open.close(&mut run, band);
            }
            runs.push(std::mem::take(&mut run));
        }
        previous = Some(window.index);
        let (at, mean) = (x.pixel(grid.middle(window.index)), y.pixel(window.mean.into()));
        let (top, bottom) = if band { (y.pixel(window.max.into()), y.pixel(window.min.into())) } else { (mean, mean) };
        match &mut column {
            Some(open) if open.x == at => {
                open.high = open.high.min(mean);
                open.low = open.low.max(mean);
                open.last = mean;
                open.top = open.top.min(top);
                open.bottom = open.bottom.max(bottom);
            }
            _ => {
                let next = Column { x: at, first: mean, high: mean, low: mean, last: mean, top, bottom };
                if let Some(done) = column.replace(next) {
                    done.close(&mut run, band);
                }
            }
        }
    }
    if let Some(open) = column {
        open.close(&mut run, band);
        runs.push(run);
    }
    runs
}

#[cfg(test)]
mod tests;
