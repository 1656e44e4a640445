//! Regression on several columns at once.

use super::qr::{Qr, lengths};
use super::{AnalysisError, Estimate, Result, average, check_columns, explained, finite};

/// y = intercept + Σ slope · column.
#[derive(Debug, Clone, PartialEq)]
pub struct Multiple {
    /// Unit of y.
    pub intercept: Estimate,
    /// One for each column, unit of y over the column's.
    pub slopes: Vec<Estimate>,
    /// Standard deviation of the points about the plane (n - columns - 1), unit of y.
    pub residual_sd: f64,
    /// Share of the variance of y that the columns explain, 0 to 1.
    pub r_squared: f64,
}

/// The least-squares plane through points with several independent variables, always with an intercept (Golub and Van Loan,
/// Matrix Computations, 5.3).
///
/// The columns are centred and brought to length one, then solved by orthogonal reflections: Longley's data, whose columns go
/// together to four digits, keep thirteen. Standard errors come from the scatter of the points and hold for independent
/// errors of equal size. Points need no order; an outlier tilts the plane and shows in `residual_sd`.
///
/// Fails with `TooFew` below columns + 2 points, `Constant` if a column is, `NoFit` if one is a combination of the others,
/// `Domain` without columns, `Shape`, `NotFinite`.
pub fn multiple_regression(columns: &[&[f64]], y: &[f64]) -> Result<Multiple> {
    if columns.is_empty() {
        return Err(AnalysisError::Domain);
    }
    check_columns(&[&[y], columns].concat(), columns.len() + 2)?;
    let n = y.len() as f64;
    let mean_y = average(y);
    let means: Vec<f64> = columns.iter().map(|column| average(column)).collect();
    let mut centred: Vec<Vec<f64>> =
        columns.iter().zip(&means).map(|(column, mean)| column.iter().map(|value| value - mean).collect()).collect();
    let spans = lengths(&centred);
    // What is left of equal values after their mean is taken away is rounding.
    if spans.iter().zip(&means).any(|(span, mean)| *span <= 1e-13 * mean.abs() * n) {
        return Err(AnalysisError::Constant);
    }
    for (column, span) in centred.iter_mut().zip(&spans) {
        column.iter_mut().for_each(|value| *value /= span);
    }
    let right: Vec<f64> = y.iter().map(|y| y - mean_y).collect();
    let decomposed = Qr::new(centred.clone(), 1e-10)?;
    let inside = decomposed.solve(right.clone());
    let residual = |index: usize| right[index] - inside.iter().zip(&centred).map(|(slope, column)| slope * column[index]).sum::<f64>();
    let squares: f64 = (0..y.len()).map(|index| residual(index) * residual(index)).sum();
    let residual_sd = libm::sqrt(squares / (y.len() - columns.len() - 1) as f64);

    let mut inverse = decomposed.inverse();
    for (row, span) in inverse.iter_mut().zip(&spans) {
        row.iter_mut().for_each(|value| *value /= span);
    }
    let values = inside.iter().zip(&spans).map(|(slope, span)| slope / span);
    let slopes: Vec<Estimate> =
        values.zip(lengths(&inverse)).map(|(slope, error)| finite(slope, residual_sd * error)).collect::<Result<_>>()?;
    // The intercept is the value at the means, minus what the slopes add from there to zero.
    let reach: Vec<f64> = (0..columns.len()).map(|k| inverse.iter().zip(&means).map(|(row, mean)| row[k] * mean).sum::<f64>()).collect();
    let error = libm::sqrt(1.0 / n + reach.iter().map(|value| value * value).sum::<f64>());
    let at_zero = slopes.iter().zip(&means).fold(mean_y, |sum, (slope, mean)| sum - slope.value * mean);
    Ok(Multiple { intercept: finite(at_zero, residual_sd * error)?, slopes, residual_sd, r_squared: explained(y, squares) })
}

#[cfg(test)]
mod tests;
