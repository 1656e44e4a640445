//! Where the middle of values lies, and how far they spread.

use super::{AnalysisError, Result, check_columns};

/// How far a whisker may reach, in lengths of the box (Tukey, Exploratory Data Analysis, 2C).
const WHISKER: f64 = 1.5;

/// The three values that cut ordered values into four equal parts; unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quartiles {
    /// A quarter lies below it.
    pub q1: f64,
    /// Half lies below it.
    pub median: f64,
    /// A quarter lies above it.
    pub q3: f64,
}

/// What a box plot shows; unit of the values.
#[derive(Debug, Clone, PartialEq)]
pub struct BoxPlot {
    /// Number of values.
    pub n: usize,
    /// The lowest value that is not further below the box than 1.5 times its length.
    pub low_whisker: f64,
    /// The box and the line in it.
    pub quartiles: Quartiles,
    /// The highest value that is not further above the box than 1.5 times its length.
    pub high_whisker: f64,
    /// The values beyond the whiskers, in order. They are values like the others: look at them, do not delete them.
    pub outliers: Vec<f64>,
}

/// The quantile of a share from 0 to 1: a value below which that share of the values lies. By Hyndman and Fan's definition 7
/// (The American Statistician 50, 361 (1996)): linear between the ordered values, the lowest at 0, the highest at 1. The same
/// as NumPy's, R's and Excel's QUARTILE.INC; other programs differ in the last digits for few values.
///
/// Fails with `TooFew` without values, `Domain` for another share, `NotFinite`.
pub fn quantile(values: &[f64], share: f64) -> Result<f64> {
    check_columns(&[values], 1)?;
    if !(0.0..=1.0).contains(&share) {
        return Err(AnalysisError::Domain);
    }
    Ok(at(&sorted(values), share))
}

/// The quartiles, as [`quantile`] defines them.
///
/// No uncertainty, and none needed to show a distribution. A few outliers move them little, the order does not matter. Equal
/// values have equal quartiles. Fails with `TooFew` without values, `NotFinite`.
pub fn quartiles(values: &[f64]) -> Result<Quartiles> {
    check_columns(&[values], 1)?;
    Ok(quartiles_of(&sorted(values)))
}

/// A box plot with Tukey's whiskers over the box of [`quartiles`].
///
/// With fewer than five values a box says less than the values themselves; show those. Fails with `TooFew` without values,
/// `NotFinite`.
pub fn box_plot(values: &[f64]) -> Result<BoxPlot> {
    check_columns(&[values], 1)?;
    let sorted = sorted(values);
    let quartiles = quartiles_of(&sorted);
    let reach = WHISKER * (quartiles.q3 - quartiles.q1);
    let (low, high) = (quartiles.q1 - reach, quartiles.q3 + reach);
    let inside = |value: &&f64| (low..=high).contains(*value);
    // The box's own ends count at least: with definition 7 they need not be values.
    let low_whisker = sorted.iter().find(inside).map_or(quartiles.q1, |value| value.min(quartiles.q1));
    let high_whisker = sorted.iter().rfind(inside).map_or(quartiles.q3, |value| value.max(quartiles.q3));
    let outliers = sorted.iter().filter(|value| !inside(value)).copied().collect();
    Ok(BoxPlot { n: sorted.len(), low_whisker, quartiles, high_whisker, outliers })
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

fn quartiles_of(sorted: &[f64]) -> Quartiles {
    Quartiles { q1: at(sorted, 0.25), median: at(sorted, 0.5), q3: at(sorted, 0.75) }
}

fn at(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let part = place - below as f64;
    sorted[below] * (1.0 - part) + sorted[above] * part
}

#[cfg(test)]
mod tests;
