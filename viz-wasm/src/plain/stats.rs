//! The few numbers that a picture itself needs: quartiles and bins as `messwerk_lessons` computes them, and an axis that
//! nobody far away squeezes.

use messwerk_lessons::analysis::{self, Bins};

use crate::order;

/// Values further from the median than this many times the median deviation stand at the edge, as in the board's strip.
const FAR: f64 = 10.0;

/// The quantile of a share `p` as `messwerk_lessons` defines it; none without values.
pub(crate) fn quantile(values: &[f64], p: f64) -> Option<f64> {
    analysis::quantile(values, p).ok()
}

/// Five numbers of a box plot.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quartiles {
    /// The furthest value that is at most 1.5 box lengths below the box.
    pub(crate) low: f64,
    /// A quarter of the values is below.
    pub(crate) first: f64,
    /// Half of the values is below.
    pub(crate) median: f64,
    /// Three quarters of the values are below.
    pub(crate) third: f64,
    /// The furthest value that is at most 1.5 box lengths above the box.
    pub(crate) high: f64,
}

impl Quartiles {
    /// Of values in any order, as `messwerk_lessons` has them; none without values.
    pub(crate) fn of(values: &[f64]) -> Option<Self> {
        let plot = analysis::box_plot(values).ok()?;
        let analysis::Quartiles { q1, median, q3 } = plot.quartiles;
        Some(Self { low: plot.low_whisker, first: q1, median, third: q3, high: plot.high_whisker })
    }

    /// Whether a value is drawn on its own.
    pub(crate) fn outside(&self, value: f64) -> bool {
        value < self.low || value > self.high
    }
}

/// Finite values from small to large.
pub(crate) fn sorted(values: &[f64]) -> Vec<f64> {
    order::numbers(&values.iter().copied().filter(|value| value.is_finite()).collect::<Vec<_>>())
}

/// The range of all values but those far from the rest, none if there are no values.
pub(crate) fn near(values: &[f64]) -> Option<(f64, f64)> {
    let sorted = sorted(values);
    let middle = quantile(&sorted, 0.5)?;
    let deviations = self::sorted(&sorted.iter().map(|value| (value - middle).abs()).collect::<Vec<_>>());
    let deviation = quantile(&deviations, 0.5)?;
    let few = sorted.len() < 4 || deviation == 0.0;
    let mut kept = sorted.iter().copied().filter(|value| few || (value - middle).abs() <= FAR * deviation);
    let low = kept.next()?;
    Some((low, kept.next_back().unwrap_or(low)))
}

/// A range with a margin at both ends, so that nothing stands on the frame; never empty.
pub(crate) fn widened((low, high): (f64, f64), share: f64) -> (f64, f64) {
    let margin = ((high - low) * share).max(low.abs().max(high.abs()) * 1e-4).max(1e-12);
    (low - margin, high + margin)
}

/// The range that holds all of these; none if none is finite.
pub(crate) fn hull(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.into_iter().filter(|value| value.is_finite());
    finite.fold(None, |hull, value| Some(hull.map_or((value, value), |(low, high): (f64, f64)| (low.min(value), high.max(value)))))
}

/// Edges of the bins that `messwerk_lessons` chooses for the values but those far from the rest. Empty without values.
pub(crate) fn edges(values: &[f64]) -> Vec<f64> {
    let Some((low, high)) = near(values) else { return Vec::new() };
    let kept: Vec<f64> = values.iter().copied().filter(|value| (low..=high).contains(value)).collect();
    analysis::histogram(&kept, &Bins::Automatic).map(|histogram| histogram.edges).unwrap_or_default()
}

/// Edges with more of them at both ends, as far apart as the outermost, until they hold a range; at most 64 more at each.
pub(crate) fn continued(edges: &[f64], (low, high): (f64, f64)) -> Vec<f64> {
    let mut edges = edges.to_vec();
    let (Some(&[first, second]), Some(&[before, last])) = (edges.first_chunk::<2>(), edges.last_chunk::<2>()) else { return edges };
    let missing = |gap: f64, step: f64| (gap / step).ceil().clamp(0.0, 64.0) as i32;
    let below = missing(first - low, second - first);
    let above = missing(high - last, last - before);
    edges.splice(0..0, (1..=below).rev().map(|place| first - f64::from(place) * (second - first)));
    edges.extend((1..=above).map(|place| last + f64::from(place) * (last - before)));
    edges
}

/// How many values lie between neighbouring edges: lower edge in, upper edge out, but for the last; and how many below the
/// first and above the last edge.
pub(crate) fn count(values: &[f64], edges: &[f64]) -> (Vec<u32>, u32, u32) {
    match analysis::histogram(values, &Bins::Edges(edges.to_vec())) {
        Ok(found) => (found.counts.into_iter().map(|count| count as u32).collect(), found.below as u32, found.above as u32),
        Err(_) => (vec![0; edges.len().saturating_sub(1)], 0, 0),
    }
}

#[cfg(test)]
mod tests;
