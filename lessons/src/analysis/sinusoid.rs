//! Fit of a damped sinusoid.

use std::f64::consts::TAU;

use super::matrix::Cholesky;
use super::{AnalysisError, Estimate, Result, average, check_columns, check_time, finite, median};

/// Readings per period that the fit keeps: more are averaged in groups beforehand. The mean over 1/24 period lowers the amplitude
/// by 0.3 % and moves neither period nor phase, and a fit of 60 s at 100 Hz takes a fifth of the time.
const PER_PERIOD: f64 = 24.0;

/// c + exp(-γ·t)·A·cos(2π·t/T + φ), with t from the middle of the readings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sinusoid {
    /// T, s.
    pub period: Estimate,
    /// A in the middle of the readings, unit of the values.
    pub amplitude: Estimate,
    /// γ, 1/s; negative if the oscillation grows.
    pub damping: Estimate,
    /// c, unit of the values.
    pub offset: Estimate,
    /// Standard deviation of the (grouped) readings about the curve.
    pub residual_sd: f64,
    /// Share of the variance that the curve explains, 0.5 to 1.
    pub r_squared: f64,
    /// By how much the correlation of the residuals has widened every variance, at least 1.
    pub correlation: f64,
}

/// The least-squares fit of a damped sinusoid with offset, from a period that is known well enough to count the swings
/// ([`period`](super::period())): Levenberg and Marquardt's method (Press et al., Numerical Recipes, 15.5).
///
/// Standard errors are those of the covariance matrix times `correlation`. Residuals are correlated (flutter of the
/// string, slow drift, the small part of the motion that is no sinusoid), so n of them count as n over 1 + 2·Σρ, summed
/// over the residuals' autocorrelation up to its first value that is not positive (Geyer 1992). Slow noise disturbs a
/// period less than this says: the uncertainty is rather too large.
///
/// Gaps are no harm as long as the swings stay countable. An outlier pulls the curve; `residual_sd` shows it. Fails with
/// `TooFew` below 12 groups, `TooShort` below one period, `NoFit` if the fit leaves the starting period by more than
/// 10 % or explains less than half of the variance, `Constant`, `Unsorted`, `Shape`, `NotFinite`, `Domain` for a starting
/// period that is not positive.
pub fn damped_sinusoid(time: &[f64], values: &[f64], start_s: f64) -> Result<Sinusoid> {
    check_columns(&[time, values], 12)?;
    check_time(time)?;
    if !(start_s.is_finite() && start_s > 0.0) {
        return Err(AnalysisError::Domain);
    }
    let duration = time[time.len() - 1] - time[0];
    if duration < start_s {
        return Err(AnalysisError::TooShort { needed_s: start_s, found_s: duration });
    }
    let (times, values) = grouped(time, values, start_s);
    check_columns(&[&times, &values], 12)?;
    if values.iter().all(|value| *value == values[0]) {
        return Err(AnalysisError::Constant);
    }
    let middle = 0.5 * (times[0] + times[times.len() - 1]);
    let data = Data { tau: times.iter().map(|time| (time - middle) / start_s).collect(), values };

    let mut curve = data.first_guess()?;
    let mut system = data.system(&curve);
    let mut damping = 1e-3;
    // A start within the reach of the method needs 4 to 8 steps.
    for _ in 0..60 {
        let mut matrix = system.matrix;
        (0..5).for_each(|k| matrix[k][k] *= 1.0 + damping);
        let step = Cholesky::new(&matrix)?.solve(system.right);
        let next = Curve(std::array::from_fn(|k| curve.0[k] + step[k]));
        let there = data.system(&next);
        if next.is_sane() && there.squares <= system.squares {
            let gain = system.squares - there.squares;
            let done = gain <= 1e-13 * system.squares;
            (curve, system) = (next, there);
            damping = (damping * 0.1).max(1e-12);
            if done {
                return data.result(&curve, &system, start_s);
            }
        } else if damping > 1e10 {
            // Not even the smallest step improves it: this is the minimum, to the last bits.
            return data.result(&curve, &system, start_s);
        } else {
            damping *= 10.0;
        }
    }
    Err(AnalysisError::NoFit)
}

/// Means of so many neighbouring readings that [`PER_PERIOD`] remain; no group reaches across a gap.
fn grouped(time: &[f64], values: &[f64], period: f64) -> (Vec<f64>, Vec<f64>) {
    let usual = median(time.windows(2).map(|pair| pair[1] - pair[0]).collect()).unwrap_or(0.0);
    let length = period / PER_PERIOD;
    let size = if usual > 0.0 { ((length / usual) as usize).clamp(1, time.len()) } else { 1 };
    let (mut times, mut means) = (vec![], vec![]);
    let mut first = 0;
    while first < time.len() {
        let limit = time[first] + 1.5 * length.max(usual);
        let end = (first + size).min(time.len());
        let end = first + time[first..end].partition_point(|time| *time <= limit);
        times.push(average(&time[first..end]));
        means.push(average(&values[first..end]));
        first = end;
    }
    (times, means)
}

/// a, b (cosine and sine at τ = 0), c, relative change of the frequency, damping per starting period.
struct Curve([f64; 5]);

impl Curve {
    fn is_sane(&self) -> bool {
        let [_, _, _, detuning, damping] = self.0;
        self.0.iter().all(|value| value.is_finite()) && detuning.abs() < 0.1 && damping.abs() < 5.0
    }
}

struct System {
    matrix: [[f64; 5]; 5],
    right: [f64; 5],
    squares: f64,
}

struct Data {
    /// Time from the middle in starting periods.
    tau: Vec<f64>,
    values: Vec<f64>,
}

impl Data {
    /// The undamped sinusoid of the starting period: a linear problem.
    fn first_guess(&self) -> Result<Curve> {
        let mut matrix = [[0.0; 3]; 3];
        let mut right = [0.0; 3];
        for (tau, value) in self.tau.iter().zip(&self.values) {
            let row = [libm::cos(TAU * tau), libm::sin(TAU * tau), 1.0];
            accumulate(&mut matrix, &mut right, row, *value);
        }
        let [a, b, c] = Cholesky::new(&matrix)?.solve(right);
        Ok(Curve([a, b, c, 0.0, 0.0]))
    }

    /// Value of the curve at a time and its derivatives by the unknowns.
    fn model(&self, curve: &Curve, tau: f64) -> (f64, [f64; 5]) {
        let [a, b, c, detuning, damping] = curve.0;
        let (sin, cos) = libm::sincos(TAU * (1.0 + detuning) * tau);
        let decay = libm::exp(-damping * tau);
        let wave = decay * (a * cos + b * sin);
        (c + wave, [decay * cos, decay * sin, 1.0, TAU * tau * decay * (b * cos - a * sin), -tau * wave])
    }

    fn system(&self, curve: &Curve) -> System {
        let mut system = System { matrix: [[0.0; 5]; 5], right: [0.0; 5], squares: 0.0 };
        for (tau, value) in self.tau.iter().zip(&self.values) {
            let (model, slopes) = self.model(curve, *tau);
            let residual = value - model;
            accumulate(&mut system.matrix, &mut system.right, slopes, residual);
            system.squares += residual * residual;
        }
        system
    }

    fn result(&self, curve: &Curve, system: &System, start_s: f64) -> Result<Sinusoid> {
        let [a, b, c, detuning, damping] = curve.0;
        let n = self.values.len() as f64;
        let mean = average(&self.values);
        let total: f64 = self.values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let r_squared = 1.0 - system.squares / total;
        let amplitude = libm::sqrt(a * a + b * b);
        // Also not a number where the sums overflowed.
        if !(r_squared >= 0.5 && amplitude > 0.0) {
            return Err(AnalysisError::NoFit);
        }
        let residuals: Vec<f64> = self.tau.iter().zip(&self.values).map(|(tau, value)| value - self.model(curve, *tau).0).collect();
        let correlation = correlation(&residuals);
        let variance = system.squares / (n - 5.0);
        let inverse = Cholesky::new(&system.matrix)?;
        let error = |index: usize| libm::sqrt(variance * correlation * inverse.inverse_diagonal(index));
        let period = start_s / (1.0 + detuning);
        let (u_a, u_b) = (error(0) * a / amplitude, error(1) * b / amplitude);
        Ok(Sinusoid {
            period: finite(period, period * error(3) / (1.0 + detuning))?,
            amplitude: finite(amplitude, libm::sqrt(u_a * u_a + u_b * u_b))?,
            damping: finite(damping / start_s, error(4) / start_s)?,
            offset: finite(c, error(2))?,
            residual_sd: libm::sqrt(variance),
            r_squared,
            correlation,
        })
    }
}

/// Adds one equation Σ row·unknown = value to the normal equations.
fn accumulate<const N: usize>(matrix: &mut [[f64; N]; N], right: &mut [f64; N], row: [f64; N], value: f64) {
    for i in 0..N {
        for j in 0..N {
            matrix[i][j] += row[i] * row[j];
        }
        right[i] += row[i] * value;
    }
}

/// 1 + 2·Σρ over the positive beginning of the autocorrelation of residuals, at least 1.
pub(crate) fn correlation(residuals: &[f64]) -> f64 {
    let squares: f64 = residuals.iter().map(|residual| residual * residual).sum();
    let mut sum = 1.0;
    if squares > 0.0 {
        for lag in 1..residuals.len() / 4 {
            let rho = residuals.iter().zip(&residuals[lag..]).map(|(a, b)| a * b).sum::<f64>() / squares;
            if rho <= 0.0 {
                break;
            }
            sum += 2.0 * rho;
        }
    }
    sum
}

#[cfg(test)]
mod tests;
