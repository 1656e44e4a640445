//! Mean with a standard error that holds for correlated readings.

use super::{AnalysisError, Result, average, check_columns};

/// The number of blocks. Ten need only 20 readings and leave nine degrees of freedom (the standard error is then known to
/// 24 %); blocks are long enough for a phone at rest whose readings hang together over a second or two: with 2314
/// readings of a real one ten blocks say 0.0008 m/s², independent readings would say 0.00012.
pub const BLOCKS: usize = 10;

/// A mean and what is known of it; all in the unit of the readings, all finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// Number of readings.
    pub n: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation of one reading (n - 1).
    pub sd: f64,
    /// Standard error of the mean by block means.
    pub se: f64,
    /// Standard uncertainty of the mean: √(se² + resolution²/12).
    pub uncertainty: f64,
}

/// The mean of readings in the order they were taken.
///
/// The standard error is the standard deviation of [`BLOCKS`] block means over √[`BLOCKS`] (batch means; Flyvbjerg and
/// Petersen, J. Chem. Phys. 91, 461 (1989)): correlation inside a block is then accounted for. A drift that reaches from
/// block to block is not: with a correlation time of half a block the standard error is a quarter too small, so measure
/// for twenty correlation times or longer. Rounding to `resolution`
/// (0: none known) is the same in every reading and does not average out, so resolution²/12 is added (GUM, F.2.2.1).
///
/// Every reading counts: an outlier moves the mean and widens the standard error, gaps do not matter, order does.
/// Fails with `TooFew` below 20 readings, `Constant` if all values are equal and no resolution is known, `NotFinite`,
/// `Domain` for a negative resolution.
pub fn mean(values: &[f64], resolution: f64) -> Result<Mean> {
    check_columns(&[values], 2 * BLOCKS)?;
    if !(resolution.is_finite() && resolution >= 0.0) {
        return Err(AnalysisError::Domain);
    }
    let n = values.len();
    let mean = average(values);
    let sd = spread(values, mean);
    if sd == 0.0 && resolution == 0.0 {
        return Err(AnalysisError::Constant);
    }
    let blocks: [f64; BLOCKS] = std::array::from_fn(|block| average(&values[block * n / BLOCKS..(block + 1) * n / BLOCKS]));
    let se = spread(&blocks, average(&blocks)) / libm::sqrt(BLOCKS as f64);
    let uncertainty = libm::sqrt(se * se + resolution * resolution / 12.0);
    if [mean, sd, uncertainty].iter().all(|value| value.is_finite()) {
        Ok(Mean { n, mean, sd, se, uncertainty })
    } else {
        Err(AnalysisError::NotFinite)
    }
}

/// Standard deviation (n - 1) about a mean.
pub(super) fn spread(values: &[f64], mean: f64) -> f64 {
    libm::sqrt(values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() - 1) as f64)
}

/// The step in which a sensor counts, judged by its readings: the smallest difference between two values that is not
/// rounding of a 32-bit float. 0 if all values are equal or none is given.
///
/// It is an upper bound: a sensor whose readings never are neighbours counts finer than this says.
pub fn resolution(values: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let largest = sorted.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    // Two neighbouring 32-bit floats differ by up to 1.2e-7 of their value.
    let rounding = 2.5e-7 * largest;
    let steps = sorted.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| *step > rounding);
    let smallest = steps.fold(f64::INFINITY, f64::min);
    if smallest.is_finite() { smallest } else { 0.0 }
}

#[cfg(test)]
mod tests;
