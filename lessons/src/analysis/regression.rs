//! Straight lines through points, by least squares.

use super::{AnalysisError, Estimate, Result, average, check_columns, finite};

/// y = slope · x + intercept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Unit of y over unit of x.
    pub slope: Estimate,
    /// Unit of y.
    pub intercept: Estimate,
    /// Standard deviation of the points about the line (n - 2), unit of y.
    pub residual_sd: f64,
    /// Share of the variance of y that the line explains, 0 to 1.
    pub r_squared: f64,
}

/// y = slope · x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// Unit of y over unit of x.
    pub slope: Estimate,
    /// Standard deviation of the points about the line (n - 1), unit of y.
    pub residual_sd: f64,
}

/// The least-squares line (Bevington and Robinson, Data Reduction, 6.3).
///
/// Standard errors come from the scatter of the points about the line; they hold for points with independent errors of
/// equal size (groups of a class), not for a stream of correlated readings. Points need no order; an outlier pulls the
/// line and shows in `residual_sd`. Fails with `TooFew` below 3 points, `Constant` if all x are equal, `Shape`,
/// `NotFinite`.
pub fn line(x: &[f64], y: &[f64]) -> Result<Line> {
    check_columns(&[x, y], 3)?;
    let n = x.len() as f64;
    let (mean_x, mean_y) = (average(x), average(y));
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (dx, dy) = (x - mean_x, y - mean_y);
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    if xx == 0.0 {
        return Err(AnalysisError::Constant);
    }
    if !(xx.is_finite() && xy.is_finite() && yy.is_finite()) {
        return Err(AnalysisError::NotFinite);
    }
    let slope = xy / xx;
    let squares: f64 = x.iter().zip(y).map(|(x, y)| y - mean_y - slope * (x - mean_x)).map(|residual| residual * residual).sum();
    let variance = squares / (n - 2.0);
    Ok(Line {
        slope: finite(slope, libm::sqrt(variance / xx))?,
        intercept: finite(mean_y - slope * mean_x, libm::sqrt(variance * (1.0 / n + mean_x * mean_x / xx)))?,
        residual_sd: libm::sqrt(variance),
        r_squared: if yy == 0.0 { 1.0 } else { (1.0 - squares / yy).clamp(0.0, 1.0) },
    })
}

/// The least-squares line through the origin, for laws without a constant term.
///
/// As [`line`] in everything else, with n - 1 degrees of freedom. Fails with `TooFew` below 2 points, `Constant` if all x
/// are zero, `Shape`, `NotFinite`.
pub fn line_through_origin(x: &[f64], y: &[f64]) -> Result<Ratio> {
    check_columns(&[x, y], 2)?;
    let xx: f64 = x.iter().map(|x| x * x).sum();
    let xy: f64 = x.iter().zip(y).map(|(x, y)| x * y).sum();
    if xx == 0.0 {
        return Err(AnalysisError::Constant);
    }
    let slope = xy / xx;
    let squares: f64 = x.iter().zip(y).map(|(x, y)| y - slope * x).map(|residual| residual * residual).sum();
    let variance = squares / (x.len() - 1) as f64;
    Ok(Ratio { slope: finite(slope, libm::sqrt(variance / xx))?, residual_sd: libm::sqrt(variance) })
}

#[cfg(test)]
mod tests;
