//! Where everything in the strip stands: its axis, lanes and sizes.

use super::{Content, dodge};
use crate::figure::axis::Axis;
use crate::figure::layout::Rect;
use crate::model::results::Answer;
use crate::paint::Look;

/// Values further from the median than this many times the median deviation (1.48 of which are one sigma) stand at the
/// edge instead of squeezing everybody else into one dot. Ten keep every honest pupil in the picture.
const FAR: f64 = 10.0;

/// Up to this many dots have their numbers above them; more would hide each other.
const NUMBERED: usize = 12;

/// The layout of a strip.
#[derive(Debug)]
pub(crate) struct Placed {
    /// From value to pixel.
    pub(crate) axis: Axis,
    /// The point of each answer.
    pub(crate) dots: Vec<(i32, i32)>,
    /// Radius of a dot.
    pub(crate) radius: i32,
    /// Whether every dot has its number above it.
    pub(crate) numbered: bool,
    /// The level of the class's mean.
    pub(crate) mean: i32,
}

impl Placed {
    /// Pixels of value − uncertainty and value + uncertainty.
    pub(crate) fn bar(&self, answer: &Answer) -> (i32, i32) {
        (self.axis.pixel(answer.value - answer.uncertainty), self.axis.pixel(answer.value + answer.uncertainty))
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// The range that shows every answer with its bar, the class's interval and the reference; answers far from all others
/// excepted.
pub(crate) fn range(content: &Content<'_>) -> (f64, f64) {
    // What does not count may stand at the edge; unless nothing counts.
    let counts = content.answers.iter().any(|answer| answer.excluded.is_none());
    let counted = || content.answers.iter().filter(move |answer| !counts || answer.excluded.is_none());
    let values = || counted().map(|answer| answer.value);
    let middle = median(values().collect());
    let deviation = median(values().map(|value| (value - middle).abs()).collect());
    let typical = median(counted().map(|answer| answer.uncertainty).collect());
    let far = FAR * deviation.max(typical);
    let few = counted().count() < 4;
    let mut ends: Vec<f64> = counted()
        .filter(|answer| few || (answer.value - middle).abs() <= far)
        .flat_map(|answer| {
            // One enormous uncertainty must not squeeze the rest either.
            let bar = answer.uncertainty.min(far.max(typical));
            [answer.value - bar, answer.value + bar]
        })
        .collect();
    if let Some(class) = content.class {
        ends.extend(class.ci95.into_iter().flat_map(|(low, high)| [low, high]));
        ends.extend(
            class.reference.iter().flat_map(|reference| [reference.value - reference.tolerance, reference.value + reference.tolerance]),
        );
    }
    let (low, high) = ends
        .into_iter()
        .filter(|end| end.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), end| (low.min(end), high.max(end)));
    if low > high {
        return (middle - 0.5, middle + 0.5);
    }
    let margin = ((high - low) * 0.06).max(low.abs().max(high.abs()) * 1e-4);
    (low - margin, high + margin)
}

/// Places everything within `plot`: the mean's row at the bottom, dots above it, lowest lane first.
pub(crate) fn place(content: &Content<'_>, plot: Rect, look: &Look) -> Placed {
    let axis = Axis::new(range(content), plot.left, plot.right);
    let mean = plot.bottom - look.em(0.8);
    let floor = plot.bottom - look.em(1.7);
    let room = (floor - plot.top - look.em(0.3)).max(1);
    let largest = look.em(0.42).max(3);
    let dodged = |with_bars: bool, radius: i32| {
        let reach = radius + 2;
        let interval = |answer: &&Answer| {
            let at = axis.pixel(answer.value);
            let (mut low, mut high) = (at - reach, at + reach);
            if with_bars {
                low = low.min(axis.pixel(answer.value - answer.uncertainty));
                high = high.max(axis.pixel(answer.value + answer.uncertainty));
            }
            // The label of a value beyond the axis needs its lane's end for itself.
            let label = if axis.holds(answer.value) { 0 } else { look.em(7.0) };
            if answer.value < axis.range().0 { (low, high + label) } else { (low - label, high) }
        };
        dodge::lanes(&content.answers.iter().map(interval).collect::<Vec<_>>(), look.em(0.15).max(2))
    };
    let height = |lanes: &[usize]| room / (lanes.iter().max().map_or(1, |lane| *lane as i32 + 1)).max(1);
    let mut lanes = dodged(true, largest);
    // Bars that all overlap would make a lane per Thing; then only the dots keep apart.
    if height(&lanes) < largest + 2 {
        lanes = dodged(false, (largest * 3 / 4).max(3));
    }
    let numbered = content.answers.len() <= NUMBERED && height(&lanes) >= look.em(1.9);
    let pitch = height(&lanes).min(look.em(if numbered { 2.1 } else { 1.25 })).max(1);
    let radius = largest.min((pitch / 2 - 1).max(3));
    let dots = content
        .answers
        .iter()
        .zip(&lanes)
        .map(|(answer, &lane)| {
            let at = axis.pixel(answer.value);
            let inside = at.clamp(plot.left + radius, (plot.right - radius).max(plot.left + radius));
            (if axis.holds(answer.value) { at } else { inside }, floor - if numbered { radius } else { pitch / 2 } - lane as i32 * pitch)
        })
        .collect();
    Placed { axis, dots, radius, numbered, mean }
}

#[cfg(test)]
mod tests;
