//! Values counted in bins.

use super::quartiles::{Quartiles, quartiles};
use super::{AnalysisError, Result, check_columns};

/// The most bins a rule makes (a far outlier would otherwise make thousands), and the most that a hand may ask for.
const MOST: f64 = 100.0;

/// Up to here, 2^52, one can be added to any whole number.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// How wide bins are. Edges are multiples of the width, and widths but one given by hand are 1, 2 or 5 times a power of ten.
#[derive(Debug, Clone, PartialEq)]
pub enum Bins {
    /// Freedman and Diaconis' rule (Z. Wahrscheinlichkeitstheorie 57, 453 (1981)), 2·(q3 - q1)/∛n; Sturges' (1926), the range over
    /// 1 + lb n, where more than half of the values are equal. Rounded to the nearest round width.
    Automatic,
    /// About so many.
    Count(usize),
    /// This wide, unit of the values.
    Width(f64),
    /// Exactly these edges, ascending: the same for two classes.
    Edges(Vec<f64>),
}

/// Counts between edges: each bin holds its lower edge and not its upper one, the last one holds both.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// One more than bins, ascending, unit of the values.
    pub edges: Vec<f64>,
    /// Values in each bin.
    pub counts: Vec<usize>,
    /// Values below the first edge (only with given edges).
    pub below: usize,
    /// Values above the last edge (only with given edges).
    pub above: usize,
}

/// Counts values in bins. Every value is counted once.
///
/// No uncertainty: the count of a bin scatters by its root. Equal values are in one bin. Fails with `TooFew` without values,
/// `Domain` for no bins or more than 100, a width that is not positive, or edges that do not ascend, `NotFinite`.
pub fn histogram(values: &[f64], bins: &Bins) -> Result<Histogram> {
    check_columns(&[values], 1)?;
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    let range = high - low;
    if !range.is_finite() {
        return Err(AnalysisError::NotFinite);
    }
    let edges = match bins {
        Bins::Automatic => round_edges(low, high, automatic(values, range)?)?,
        Bins::Count(count) if (1..=MOST as usize).contains(count) => round_edges(low, high, range / *count as f64)?,
        Bins::Width(width) if width.is_finite() && *width > 0.0 => multiples(low, high, |k| k * width, *width)?,
        Bins::Edges(edges) => {
            check_columns(&[edges], 2)?;
            let ascending = edges.windows(2).all(|pair| pair[0] < pair[1]);
            if ascending { edges.clone() } else { return Err(AnalysisError::Domain) }
        }
        _ => return Err(AnalysisError::Domain),
    };
    let bins = edges.len() - 1;
    let mut histogram = Histogram { counts: vec![0; bins], below: 0, above: 0, edges };
    for value in values {
        match histogram.edges.partition_point(|edge| edge <= value) {
            0 => histogram.below += 1,
            next if next <= bins => histogram.counts[next - 1] += 1,
            _ if *value == histogram.edges[bins] => histogram.counts[bins - 1] += 1,
            _ => histogram.above += 1,
        }
    }
    Ok(histogram)
}

/// The width of the rule, before rounding.
fn automatic(values: &[f64], range: f64) -> Result<f64> {
    let Quartiles { q1, q3, .. } = quartiles(values)?;
    let n = values.len() as f64;
    let width = if q3 > q1 { 2.0 * (q3 - q1) / libm::cbrt(n) } else { range / (1.0 + libm::log2(n)) };
    Ok(width.max(range / (0.5 * MOST)))
}

/// Edges at multiples of the round width nearest to `width`.
fn round_edges(low: f64, high: f64, width: f64) -> Result<Vec<f64>> {
    // Equal values: any width will do that shows three digits of them.
    let width = if width > 0.0 { width } else { (0.01 * low.abs()).max(1e-300) };
    let width = if low == 0.0 && high == 0.0 { 1.0 } else { width };
    let exponent = libm::floor(libm::log10(width));
    let lead = width / libm::pow(10.0, exponent);
    // The borders are the geometric means between 1, 2, 5 and 10.
    let (lead, exponent) = match lead {
        lead if lead * lead < 1.0 * 2.0 => (1.0, exponent),
        lead if lead * lead < 2.0 * 5.0 => (2.0, exponent),
        lead if lead * lead < 5.0 * 10.0 => (5.0, exponent),
        _ => (1.0, exponent + 1.0),
    };
    // 3/10 is the number nearest to 0.3, 3·0.1 is not.
    let power = libm::pow(10.0, exponent.abs());
    let edge = |k: f64| if exponent < 0.0 { k * lead / power } else { k * lead * power };
    multiples(low, high, edge, edge(1.0))
}

fn multiples(low: f64, high: f64, edge: impl Fn(f64) -> f64, width: f64) -> Result<Vec<f64>> {
    let (mut first, mut last) = (libm::floor(low / width), libm::ceil(high / width));
    // Beyond it the next whole number is no further number, and a bin has no width beside the values.
    if !(first.abs() < WHOLE && last.abs() < WHOLE) {
        return Err(AnalysisError::Domain);
    }
    // The quotient may round past a whole number.
    while edge(first) > low {
        first -= 1.0;
    }
    while edge(last) < high || last <= first {
        last += 1.0;
    }
    if !(last - first <= MOST + 2.0 && edge(first) < edge(first + 1.0) && edge(last - 1.0) < edge(last)) {
        return Err(AnalysisError::Domain);
    }
    Ok((0..=(last - first) as usize).map(|k| edge(first + k as f64)).collect())
}

#[cfg(test)]
mod tests;
