//! Where everything in the strip stands: its axis, lanes and sizes.

use super::{Content, dodge};
use crate::figure::axis::Axis;
use crate::figure::layout::Rect;
use crate::model::results::Answer;
use crate::paint::{Look, text_width};

/// Values further from the median than this many times the median deviation (1.48 of which are one sigma) stand at the
/// edge instead of squeezing everybody else into one dot. Ten keep every honest pupil in the picture.
const FAR: f64 = 10.0;

/// How far below a number that stands for a mark its bar runs, in heights of type.
pub(super) const UNDER: f64 = 0.5;
/// Heights of a lane in heights of type: of a mark with its number above it, of a number that stands for the mark.
const ABOVE: f64 = 1.9;
const INSTEAD: f64 = 1.12;

/// The number that stands for an answer's mark: in brackets if it does not count, with a plus if it was measured by hand.
pub(super) fn number_of(answer: &Answer) -> String {
    let hand = if answer.by_hand { "+" } else { "" };
    if answer.counts() { format!("{}{hand}", answer.number) } else { format!("({}{hand})", answer.number) }
}

/// The layout of a strip.
#[derive(Debug)]
pub(crate) struct Placed {
    /// From value to pixel.
    pub(crate) axis: Axis,
    /// The point of each answer.
    pub(crate) dots: Vec<(i32, i32)>,
    /// Radius of a dot.
    pub(crate) radius: i32,
    /// The middle of the number beside each mark, where there is room for it.
    pub(crate) labels: Vec<Option<(i32, i32)>>,
    /// Whether marks are drawn; else the numbers are the marks.
    pub(crate) marked: bool,
    /// The level of the class's mean.
    pub(crate) mean: i32,
}

impl Placed {
    /// Pixels of value − uncertainty and value + uncertainty.
    pub(crate) fn bar(&self, answer: &Answer) -> (i32, i32) {
        (self.axis.pixel(answer.value - answer.uncertainty), self.axis.pixel(answer.value + answer.uncertainty))
    }
}

fn median(values: Vec<f64>) -> f64 {
    let values = crate::order::numbers(&values);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// The range that shows every answer with its bar, the class's interval and the reference; answers far from all others
/// excepted.
pub(crate) fn range(content: &Content<'_>) -> (f64, f64) {
    // What does not count may stand at the edge; unless nothing counts.
    let counts = content.answers.iter().any(|answer| answer.counts());
    let counted = || content.answers.iter().filter(move |answer| !counts || answer.counts());
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
///
/// Everybody looks for the own number: it stands above the mark; where the class is too large for that it is the mark; and
/// where even that does not fit, marks have their numbers as far as there is room.
pub(crate) fn place(content: &Content<'_>, plot: Rect, look: &Look) -> Placed {
    let axis = Axis::new(range(content), plot.left, plot.right);
    let mean = plot.bottom - look.em(0.8);
    let floor = plot.bottom - look.em(1.7);
    let room = (floor - plot.top - look.em(0.3)).max(1);
    let largest = look.em(0.42).max(3);
    let half = |answer: &Answer| text_width(&number_of(answer), look.text * 1.08) as i32 / 2;
    let dodged = |with_bars: bool, reach: &dyn Fn(&Answer) -> i32| {
        let interval = |answer: &&Answer| {
            let at = axis.pixel(answer.value);
            let reach = reach(answer);
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
    let dots = |lanes: &[usize], radius: i32, first: i32, pitch: i32| -> Vec<(i32, i32)> {
        let dot = |(answer, &lane): (&&Answer, &usize)| {
            let at = axis.pixel(answer.value);
            let inside = at.clamp(plot.left + radius, (plot.right - radius).max(plot.left + radius));
            (if axis.holds(answer.value) { at } else { inside }, floor - first - lane as i32 * pitch)
        };
        content.answers.iter().zip(lanes).map(dot).collect()
    };
    let wide = |answer: &Answer| (largest + 2).max(half(answer));
    for lanes in [dodged(true, &wide), dodged(false, &wide)] {
        if height(&lanes) >= look.em(ABOVE) {
            let pitch = height(&lanes).min(look.em(2.1)).max(1);
            let radius = largest.min((pitch / 2 - 1).max(3));
            let dots = dots(&lanes, radius, radius, pitch);
            let labels = dots.iter().map(|at| Some((at.0, at.1 - radius - look.em(0.55)))).collect();
            return Placed { axis, dots, labels, marked: true, radius, mean };
        }
    }
    let lanes = dodged(false, &half);
    if height(&lanes) >= look.em(INSTEAD) {
        let pitch = height(&lanes).min(look.em(1.4)).max(1);
        let dots = dots(&lanes, largest, look.em(UNDER + 0.12), pitch);
        let labels = vec![None; dots.len()];
        return Placed { axis, dots, labels, marked: false, radius: largest, mean };
    }
    let mut lanes = dodged(true, &|_| largest + 2);
    // Bars that all overlap would make a lane per Thing; then only the dots keep apart.
    if height(&lanes) < largest + 2 {
        lanes = dodged(false, &|_| (largest * 3 / 4).max(3) + 2);
    }
    let pitch = height(&lanes).min(look.em(1.25)).max(1);
    let radius = largest.min((pitch / 2 - 1).max(3));
    let mut dots = dots(&lanes, radius, pitch / 2, pitch);
    let far = far_levels(content, &axis, &dots, look);
    // Where lines of type are further apart than lanes, a mark at the edge stands beside its own line.
    for (dot, level) in dots.iter_mut().zip(&far).filter_map(|(dot, level)| Some((dot, (*level)?))) {
        dot.1 = level;
    }
    let labels = labels(content, &axis, (&dots, &far), radius, plot, look);
    Placed { axis, dots, labels, marked: true, radius, mean }
}

/// The level of the label of each answer beyond the axis. Lanes may be closer than lines of type: labels of the same side then
/// stand above each other.
pub(super) fn far_levels(content: &Content<'_>, axis: &Axis, dots: &[(i32, i32)], look: &Look) -> Vec<Option<i32>> {
    let (mut taken, pitch) = (Vec::<(bool, i32)>::new(), look.em(1.15));
    let level = |(answer, &(_, y)): (&&Answer, &(i32, i32))| {
        if axis.holds(answer.value) {
            return None;
        }
        let side = answer.value < axis.range().0;
        let mut level = y;
        while let Some(&(_, other)) = taken.iter().find(|(of, other)| *of == side && (other - level).abs() < pitch) {
            level = other - pitch;
        }
        taken.push((side, level));
        Some(level)
    };
    content.answers.iter().zip(dots).map(level).collect()
}

/// Numbers beside marks, right, left, above or below, as far as they cover neither a mark nor each other.
fn labels(
    content: &Content<'_>,
    axis: &Axis,
    (dots, far): (&[(i32, i32)], &[Option<i32>]),
    radius: i32,
    plot: Rect,
    look: &Look,
) -> Vec<Option<(i32, i32)>> {
    let around =
        |at: (i32, i32), half: i32, high: i32| Rect { left: at.0 - half, top: at.1 - high, right: at.0 + half, bottom: at.1 + high };
    let apart =
        |one: &Rect, other: &Rect| one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
    let mut taken: Vec<Rect> = dots.iter().map(|&dot| around(dot, radius, radius)).collect();
    for (&(x, _), level) in dots.iter().zip(far).filter_map(|(dot, level)| Some((dot, (*level)?))) {
        taken.push(around((x, level), look.em(7.0), look.em(0.55)));
    }
    let high = look.em(0.38);
    let label = |(answer, &(x, y)): (&&Answer, &(i32, i32))| {
        let half = text_width(&answer.number.to_string(), look.text * 1.08) as i32 / 2;
        let (beside, over) = (radius + half + look.em(0.1), radius + high + 1);
        let free = |&at: &(i32, i32)| {
            let own = around(at, half, high);
            let inside = own.left >= plot.left && own.right <= plot.right && own.top >= plot.top;
            inside && taken.iter().all(|other| apart(&own, other))
        };
        let places = [(x + beside, y), (x - beside, y), (x, y - over), (x, y + over)];
        let found = places.into_iter().filter(|_| axis.holds(answer.value)).find(free)?;
        taken.push(around(found, half, high));
        Some(found)
    };
    content.answers.iter().zip(dots).map(label).collect()
}

#[cfg(test)]
mod tests;
