//! Levels in decibel: what a noise is on average, and how loud its loud and quiet times are.

use std::f64::consts::LN_10;

use super::mean::{BLOCKS, spread};
use super::quartiles::quantile;
use super::{AnalysisError, Estimate, Result, average, check_columns, finite};

/// The level whose energy is the mean energy of the levels, dB: the equivalent continuous level Leq of ISO 1996-1, for levels
/// taken evenly in time.
///
/// 10·lg of the mean of 10^(L/10). The mean of the levels themselves is always lower: a class that is silent half of the
/// time at 40 dB and shouts at 80 dB has 77 dB, not 60. Standard uncertainty: by ten block means of the energy, as
/// [`mean`](super::mean()) does it, to first order; with levels that differ by tens of dB it is a rough guide. The loudest
/// moments decide, so a single bang counts in full. An offset common to all levels (a phone that is not calibrated) stays in.
///
/// Fails with `TooFew` below 20 levels, `NotFinite` also for -∞ (a sensor that was silent at its start: cut it off).
/// Constant levels are their own mean, with uncertainty 0.
pub fn energy_mean(levels_db: &[f64]) -> Result<Estimate> {
    check_columns(&[levels_db], 2 * BLOCKS)?;
    // About the loudest, so that nothing overflows.
    let loudest = levels_db.iter().fold(f64::NEG_INFINITY, |loudest, level| loudest.max(*level));
    let energies: Vec<f64> = levels_db.iter().map(|level| libm::exp((level - loudest) * (LN_10 / 10.0))).collect();
    let mean = average(&energies);
    let blocks = blocks(&energies, average);
    let se = spread(&blocks, average(&blocks)) / libm::sqrt(BLOCKS as f64);
    finite(loudest + 10.0 * libm::log10(mean), 10.0 / LN_10 * se / mean)
}

/// The level that is exceeded for `percent` of the time, dB, for levels taken evenly in time: L10 is the level of the loud
/// times, L90 the background (ISO 1996-1). It is the quantile 1 - `percent`/100 by the method of
/// [`quartiles`](super::quartiles()).
///
/// Standard uncertainty: by the same quantile of ten blocks. Outliers beyond the percentage do not matter. Fails with
/// `TooFew` below 20 levels, `Domain` unless 0 <= `percent` <= 100, `NotFinite`.
pub fn percentile_level(levels_db: &[f64], percent: f64) -> Result<Estimate> {
    check_columns(&[levels_db], 2 * BLOCKS)?;
    if !(0.0..=100.0).contains(&percent) {
        return Err(AnalysisError::Domain);
    }
    let share = 1.0 - percent / 100.0;
    let level = |levels: &[f64]| quantile(levels, share).unwrap_or(f64::NAN);
    let blocks = blocks(levels_db, level);
    finite(level(levels_db), spread(&blocks, average(&blocks)) / libm::sqrt(BLOCKS as f64))
}

fn blocks(values: &[f64], of: impl Fn(&[f64]) -> f64) -> [f64; BLOCKS] {
    let n = values.len();
    std::array::from_fn(|block| of(&values[block * n / BLOCKS..(block + 1) * n / BLOCKS]))
}

#[cfg(test)]
mod tests;
