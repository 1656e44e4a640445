//! Power laws: how a quantity falls or grows with a power of another.

use super::least_squares::least_squares;
use super::{AnalysisError, Estimate, Result, average, check_columns, explained, finite, line};

/// The largest power that is looked for, up or down. Physics at school ends at 4 (radiation) and -3 (dipoles).
const STEEPEST: f64 = 8.0;

/// y = factor · x^exponent, plus an offset where one was fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerLaw {
    /// The value at x = 1, without the offset; unit of y.
    pub factor: Estimate,
    /// The power, a pure number.
    pub exponent: Estimate,
    /// What remains when the law has faded (room light), unit of y; `None` where the law was fitted without one.
    pub offset: Option<Estimate>,
    /// Standard deviation of the points about the curve: of y in its unit (n - 3) with an offset, of ln y (n - 2), a
    /// relative one, without.
    pub residual_sd: f64,
    /// Share of the variance that the curve explains, 0 to 1; of y with an offset, of ln y without.
    pub r_squared: f64,
}

/// The power law without offset: the least-squares line through ln y against ln x.
///
/// Every point weighs alike by its relative error. Standard errors come from the scatter of the logarithms; that of the
/// factor is propagated to first order. An additive background bends the line and spoils the exponent
/// ([`power_law_with_background`] knows it). Points need no order; an outlier pulls. Fails with `Domain` unless every x and
/// y is positive, `TooFew` below 3 points, `Constant` if all x are equal, `Shape`, `NotFinite`.
pub fn log_log(x: &[f64], y: &[f64]) -> Result<PowerLaw> {
    check_columns(&[x, y], 3)?;
    if x.iter().chain(y).any(|value| *value <= 0.0) {
        return Err(AnalysisError::Domain);
    }
    let logarithms = |values: &[f64]| values.iter().map(|value| libm::log(*value)).collect::<Vec<f64>>();
    let line = line(&logarithms(x), &logarithms(y))?;
    let factor = libm::exp(line.intercept.value);
    Ok(PowerLaw {
        factor: finite(factor, factor * line.intercept.uncertainty)?,
        exponent: line.slope,
        offset: None,
        residual_sd: line.residual_sd,
        r_squared: line.r_squared,
    })
}

/// The power law on top of a background: y = factor · x^exponent + offset, by least squares.
///
/// For every power in steps of a tenth up to ±8 the other two unknowns are a linear problem (Golub and Pereyra, SIAM J.
/// Numer. Anal. 10, 413 (1973)); the best of these starts the fit, so that no guess is needed. Every point weighs alike by
/// its absolute error, standard errors come from the scatter and hold for independent errors of equal size. Factor,
/// exponent and offset hang together: with less than a factor of three between the smallest and the largest x they can
/// hardly be told apart, which the errors say. Points need no order; an outlier pulls.
///
/// Fails with `Domain` unless every x is positive (y may be anything), `TooFew` below 4 points, `Constant` if all x or all
/// y are equal, `NoFit` if the best power lies outside ±8 or is none (a logarithm, a straight jump), `Shape`, `NotFinite`.
pub fn power_law_with_background(x: &[f64], y: &[f64]) -> Result<PowerLaw> {
    check_columns(&[x, y], 4)?;
    if x.iter().any(|x| *x <= 0.0) {
        return Err(AnalysisError::Domain);
    }
    if [x, y].iter().any(|column| column.iter().all(|value| *value == column[0])) {
        return Err(AnalysisError::Constant);
    }
    let logarithms: Vec<f64> = x.iter().map(|x| libm::log(*x)).collect();
    let middle = average(&logarithms);
    // Some 300 of the points are enough for a start: all 6000 of a minute would take 40 ms.
    let every = x.len().div_ceil(300);
    let (some_logarithms, some_y): (Vec<f64>, Vec<f64>) = logarithms.iter().copied().zip(y.iter().copied()).step_by(every).unzip();
    let tenths = (10.0 * STEEPEST) as i32;
    let tried = (-tenths..=tenths).filter(|tenth| *tenth != 0).filter_map(|tenth| {
        let exponent = f64::from(tenth) / 10.0;
        let shape: Vec<f64> = some_logarithms.iter().map(|log| libm::exp(exponent * (log - middle))).collect();
        let line = line(&shape, &some_y).ok()?;
        Some((line.residual_sd, exponent, line.slope.value, line.intercept.value))
    });
    let best = tried.fold(None, |best: Option<(f64, f64, f64, f64)>, next| match best {
        Some(best) if best.0 <= next.0 => Some(best),
        _ => Some(next),
    });
    let (_, exponent, slope, offset) = best.ok_or(AnalysisError::NoFit)?;
    let start = [slope * libm::exp(-exponent * middle), exponent, offset];
    let fit = least_squares(y, &start, |unknowns, index, slopes| {
        let power = libm::exp(unknowns[1] * logarithms[index]);
        slopes[0] = power;
        slopes[1] = unknowns[0] * power * logarithms[index];
        slopes[2] = 1.0;
        unknowns[0] * power + unknowns[2]
    })?;
    let residual_sd = libm::sqrt(fit.squares / (x.len() - 3) as f64);
    let estimate = |index: usize| finite(fit.unknowns[index], residual_sd * fit.errors[index]);
    let exponent = estimate(1)?;
    if !(0.01..=STEEPEST).contains(&exponent.value.abs()) {
        return Err(AnalysisError::NoFit);
    }
    Ok(PowerLaw { factor: estimate(0)?, exponent, offset: Some(estimate(2)?), residual_sd, r_squared: explained(y, fit.squares) })
}

#[cfg(test)]
mod tests;
