//! Exponential approach to a final value: cooling, charging, decay.

use std::f64::consts::LN_2;

use super::least_squares::least_squares;
use super::sinusoid::correlation;
use super::{AnalysisError, Estimate, Result, average, check_columns, check_time, explained, finite, line};

/// Time constants are looked for from a thousandth of the recording to a hundred times it, eight to each factor of ten.
const PER_DECADE: f64 = 8.0;

/// offset + amplitude · exp(-(t - t₀)/τ), t₀ being the first time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponential {
    /// Distance from the final value at the first time, unit of the values; negative for an approach from below.
    pub amplitude: Estimate,
    /// τ, s: after it 37 % of the distance remain.
    pub tau: Estimate,
    /// The final value, unit of the values.
    pub offset: Estimate,
    /// Standard deviation of the readings about the curve (n - 3), unit of the values.
    pub residual_sd: f64,
    /// Share of the variance that the curve explains, 0 to 1.
    pub r_squared: f64,
    /// By how much the correlation of the residuals has widened every variance, at least 1.
    pub correlation: f64,
}

impl Exponential {
    /// The time in which the distance to the final value halves, s: τ·ln 2.
    pub fn half_life(&self) -> Estimate {
        Estimate { value: LN_2 * self.tau.value, uncertainty: LN_2 * self.tau.uncertainty }
    }
}

/// The least-squares exponential with a free final value.
///
/// For a ladder of time constants the other two unknowns are a linear problem (Golub and Pereyra, SIAM J. Numer. Anal. 10,
/// 413 (1973)); the best of them starts the fit, so that no guess is needed. Standard errors are those of the covariance
/// matrix times `correlation` (Geyer 1992, as in [`damped_sinusoid`](super::damped_sinusoid)): a curve that is not quite an
/// exponential, or a thermometer that lags, leaves residuals in a row, which count for less. Time constants and final values
/// that a recording is too short for come with large uncertainties; below two time constants do not trust them to first
/// order. Gaps do no harm, an outlier pulls.
///
/// Fails with `TooFew` below 4 readings, `Constant`, `NoFit` if the values do not approach anything (a straight line, a
/// jump, growth that accelerates), `TooShort` without duration, `Unsorted`, `Shape`, `NotFinite`.
pub fn exponential(time: &[f64], values: &[f64]) -> Result<Exponential> {
    check_columns(&[time, values], 4)?;
    check_time(time)?;
    if values.iter().all(|value| *value == values[0]) {
        return Err(AnalysisError::Constant);
    }
    let duration = time[time.len() - 1] - time[0];
    if duration <= 0.0 {
        return Err(AnalysisError::TooShort { needed_s: f64::MIN_POSITIVE, found_s: duration });
    }
    // In units of the recording's length.
    let inner: Vec<f64> = time.iter().map(|t| (t - time[0]) / duration).collect();
    let start = first_guess(&inner, values)?;
    let fit = least_squares(values, &start, |unknowns, index, slopes| {
        let [amplitude, log_tau, offset] = [unknowns[0], unknowns[1], unknowns[2]];
        let age = inner[index] * libm::exp(-log_tau);
        let decay = libm::exp(-age);
        slopes[0] = decay;
        slopes[1] = amplitude * decay * age;
        slopes[2] = 1.0;
        offset + amplitude * decay
    })?;
    let residual_sd = libm::sqrt(fit.squares / (time.len() - 3) as f64);
    let correlation = correlation(&fit.residuals);
    let error = |index: usize| residual_sd * libm::sqrt(correlation) * fit.errors[index];
    let tau = libm::exp(fit.unknowns[1]);
    if !(1e-3..=1e2).contains(&tau) {
        return Err(AnalysisError::NoFit);
    }
    Ok(Exponential {
        amplitude: finite(fit.unknowns[0], error(0))?,
        tau: finite(duration * tau, duration * tau * error(1))?,
        offset: finite(fit.unknowns[2], error(2))?,
        residual_sd,
        r_squared: explained(values, fit.squares),
        correlation,
    })
}

/// Amplitude, ln τ and offset of the best rung of the ladder.
fn first_guess(inner: &[f64], values: &[f64]) -> Result<[f64; 3]> {
    // Means of at most 300 groups: the ladder need not be exact.
    let size = inner.len().div_ceil(300);
    let means = |column: &[f64]| column.chunks(size).map(average).collect::<Vec<f64>>();
    let (inner, values) = if size > 1 { (means(inner), means(values)) } else { (inner.to_vec(), values.to_vec()) };
    let rungs = (5.0 * PER_DECADE) as i32;
    let mut best: Option<(i32, f64, [f64; 3])> = None;
    for rung in 0..=rungs {
        let tau = libm::pow(10.0, f64::from(rung) / PER_DECADE - 3.0);
        let shape: Vec<f64> = inner.iter().map(|time| libm::exp(-time / tau)).collect();
        let Ok(line) = line(&shape, &values) else { continue };
        if best.as_ref().is_none_or(|best| line.residual_sd < best.1) {
            best = Some((rung, line.residual_sd, [line.slope.value, libm::log(tau), line.intercept.value]));
        }
    }
    match best {
        Some((rung, _, start)) if rung > 0 && rung < rungs => Ok(start),
        _ => Err(AnalysisError::NoFit),
    }
}

#[cfg(test)]
mod tests;
