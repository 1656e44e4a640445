//! Differences between two classes, or between two values of the same station.

use super::student_real::{student_p, student_quantile};
use super::{AnalysisError, Result, average, check_columns, mean};

/// What is known of a class whose single results stayed at home.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Number of results.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation (n - 1).
    pub sd: f64,
}

impl Summary {
    /// Of single results. Fails with `TooFew` below 2, `NotFinite`.
    pub fn of(values: &[f64]) -> Result<Self> {
        check_columns(&[values], 2)?;
        let centre = average(values);
        Ok(Self { n: values.len(), mean: centre, sd: mean::spread(values, centre) })
    }
}

/// A difference of two means, first minus second; unit of the values, all finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Best estimate.
    pub difference: f64,
    /// Its standard error, positive.
    pub se: f64,
    /// Degrees of freedom of the standard error, not whole with Welch.
    pub df: f64,
    /// The interval that covers the true difference in 95 of 100 such comparisons: lower and upper end.
    pub ci95: (f64, f64),
}

impl Difference {
    fn new(difference: f64, se: f64, df: f64) -> Result<Self> {
        let reach = student_quantile(0.975, df)? * se;
        let ci95 = (difference - reach, difference + reach);
        if [difference, se, ci95.0, ci95.1].iter().all(|value| value.is_finite()) {
            Ok(Self { difference, se, df, ci95 })
        } else {
            Err(AnalysisError::NotFinite)
        }
    }

    /// How often chance alone would make a difference at least this large: the two-sided p-value.
    pub fn p_value(&self) -> Result<f64> {
        student_p(self.difference / self.se, self.df)
    }
}

/// The difference of two means by Welch's method (Biometrika 34, 28 (1947)): groups may have unlike numbers and unlike
/// scatter. With Satterthwaite's degrees of freedom.
///
/// Holds for independent results that are about normally distributed; with a dozen a class their shape hardly matters, one
/// far outlier does: it widens the interval rather than making a difference. Fails with `TooFew` below 2 in either class,
/// `Constant` if neither scatters, `NotFinite`.
pub fn welch(a: &[f64], b: &[f64]) -> Result<Difference> {
    welch_from(Summary::of(a)?, Summary::of(b)?)
}

/// As [`welch`], from numbers, means and standard deviations. Also fails with `Domain` for a negative standard deviation.
pub fn welch_from(a: Summary, b: Summary) -> Result<Difference> {
    let fewest = a.n.min(b.n);
    if fewest < 2 {
        return Err(AnalysisError::TooFew { needed: 2, found: fewest });
    }
    if ![a.mean, a.sd, b.mean, b.sd].iter().all(|value| value.is_finite()) {
        return Err(AnalysisError::NotFinite);
    }
    if a.sd < 0.0 || b.sd < 0.0 {
        return Err(AnalysisError::Domain);
    }
    // Relative to the larger scatter, so that no square overflows or vanishes.
    let unit = a.sd.max(b.sd);
    if unit == 0.0 {
        return Err(AnalysisError::Constant);
    }
    let variance = |class: Summary| (class.sd / unit) * (class.sd / unit) / class.n as f64;
    let (of_a, of_b) = (variance(a), variance(b));
    let sum = of_a + of_b;
    let df = sum * sum / (of_a * of_a / (a.n - 1) as f64 + of_b * of_b / (b.n - 1) as f64);
    Difference::new(a.mean - b.mean, unit * libm::sqrt(sum), df)
}

/// The two-sided p-value of [`welch`]. Fails as it does.
pub fn welch_p(a: &[f64], b: &[f64]) -> Result<f64> {
    welch(a, b)?.p_value()
}

/// The mean difference of values that belong together in pairs (left and right hand, two stations at the same hour): Student's
/// method over the differences, n - 1 degrees of freedom.
///
/// What differs from pair to pair cancels. Holds for independent pairs. Fails with `Shape` for unlike numbers, `TooFew` below
/// 2 pairs, `Constant` if all differences are equal, `NotFinite`.
pub fn paired(a: &[f64], b: &[f64]) -> Result<Difference> {
    check_columns(&[a, b], 2)?;
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    let summary = Summary::of(&differences)?;
    if summary.sd == 0.0 {
        return Err(AnalysisError::Constant);
    }
    Difference::new(summary.mean, summary.sd / libm::sqrt(summary.n as f64), (summary.n - 1) as f64)
}

/// p-values for several comparisons made at once, in the order given: each may then be held against 5 % although there were
/// many chances to be fooled. Holm's method (Scand. J. Statist. 6, 65 (1979)): the smallest times their number, the next
/// times one less, and so on; never smaller than one before, at most 1.
///
/// Fails with `Domain` for a value outside 0 to 1 (also no number). None gives none.
pub fn holm(p_values: &[f64]) -> Result<Vec<f64>> {
    if p_values.iter().any(|p| !(0.0..=1.0).contains(p)) {
        return Err(AnalysisError::Domain);
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut least: f64 = 0.0;
    for (rank, index) in order.into_iter().enumerate() {
        least = least.max(p_values[index] * (p_values.len() - rank) as f64).min(1.0);
        adjusted[index] = least;
    }
    Ok(adjusted)
}

#[cfg(test)]
mod tests;
