//! Straight lines through points of different worth.

use super::{AnalysisError, Line, Result, check_columns, finite};

/// The least-squares line through points whose y have standard uncertainties `u` (unit of y), each point with the weight
/// 1/u² (Bevington and Robinson, Data Reduction, 6.3).
///
/// Standard errors follow from `u`; where the points scatter more than `u` says (χ² above n - 2) they are widened by
/// √(χ²/(n - 2)), as the Particle Data Group does it with means (Review of Particle Physics, 5.2.2). They are never narrowed:
/// points that lie better than their uncertainties allow are luck. `residual_sd` is that of the bare points, `r_squared` is
/// weighted. Points need no order. An outlier with a small `u` pulls the line.
///
/// Fails with `TooFew` below 3 points, `Constant` if all x are equal, `Domain` unless every `u` is positive, `Shape`,
/// `NotFinite`.
pub fn weighted_line(x: &[f64], y: &[f64], u: &[f64]) -> Result<Line> {
    check_columns(&[x, y, u], 3)?;
    if u.iter().any(|u| *u <= 0.0) {
        return Err(AnalysisError::Domain);
    }
    // Only ratios of weights matter for the line: relative to the best point they cannot overflow.
    let best = u.iter().fold(f64::INFINITY, |best, u| best.min(*u));
    let weights: Vec<f64> = u.iter().map(|u| (best / u) * (best / u)).collect();
    let total: f64 = weights.iter().sum();
    let mean = |values: &[f64]| weights.iter().zip(values).map(|(w, value)| w * value).sum::<f64>() / total;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for ((x, y), w) in x.iter().zip(y).zip(&weights) {
        let (dx, dy) = (x - mean_x, y - mean_y);
        xx += w * dx * dx;
        xy += w * dx * dy;
        yy += w * dy * dy;
    }
    if xx == 0.0 {
        return Err(AnalysisError::Constant);
    }
    let slope = xy / xx;
    let (mut squares, mut weighted) = (0.0, 0.0);
    for ((x, y), w) in x.iter().zip(y).zip(&weights) {
        let residual = y - mean_y - slope * (x - mean_x);
        squares += residual * residual;
        weighted += w * residual * residual;
    }
    let freedom = (x.len() - 2) as f64;
    let unit = best.max(libm::sqrt(weighted / freedom));
    if !(weighted.is_finite() && squares.is_finite() && yy.is_finite()) {
        return Err(AnalysisError::NotFinite);
    }
    Ok(Line {
        slope: finite(slope, unit / libm::sqrt(xx))?,
        intercept: finite(mean_y - slope * mean_x, unit * libm::sqrt(1.0 / total + mean_x * mean_x / xx))?,
        residual_sd: libm::sqrt(squares / freedom),
        r_squared: if yy == 0.0 { 1.0 } else { (1.0 - weighted / yy).clamp(0.0, 1.0) },
    })
}

#[cfg(test)]
mod tests;
