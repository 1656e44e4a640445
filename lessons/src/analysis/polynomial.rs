//! Polynomials through points, by least squares.

use super::qr::{Qr, lengths};
use super::{AnalysisError, Estimate, Result, check_columns, explained, finite};

/// The highest degree that is fitted.
pub const MOST_DEGREE: usize = 10;

/// y = c₀ + c₁·x + c₂·x² + …
#[derive(Debug, Clone, PartialEq)]
pub struct Polynomial {
    /// c₀, c₁, c₂ …, in the unit of y over that power of the unit of x.
    pub coefficients: Vec<Estimate>,
    /// Standard deviation of the points about the curve (n - degree - 1), unit of y.
    pub residual_sd: f64,
    /// Share of the variance of y that the curve explains, 0 to 1.
    pub r_squared: f64,
}

impl Polynomial {
    /// The curve's value at `x`.
    pub fn at(&self, x: f64) -> f64 {
        self.coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient.value)
    }
}

/// The least-squares parabola: [`polynomial`] of degree 2. The acceleration of a fall is twice its last coefficient.
pub fn parabola(x: &[f64], y: &[f64]) -> Result<Polynomial> {
    polynomial(x, y, 2)
}

/// The least-squares polynomial of a degree from 1 to [`MOST_DEGREE`].
///
/// The fit is made in Chebyshev polynomials over the range of x by orthogonal reflections and turned into powers of x at
/// the end (Press et al., Numerical Recipes, 5.8 and 5.10): powers themselves are so alike that at degree 10 no digit would
/// be left. Standard errors come from the scatter of the points and hold for independent errors of equal size. Points need
/// no order; an outlier bends the curve and shows in `residual_sd`. Beyond the points a polynomial says nothing.
///
/// Fails with `TooFew` below degree + 2 points, `Constant` if all x are equal, `NoFit` with fewer different x than
/// coefficients, `Domain` for another degree, `Shape`, `NotFinite`.
pub fn polynomial(x: &[f64], y: &[f64], degree: usize) -> Result<Polynomial> {
    if !(1..=MOST_DEGREE).contains(&degree) {
        return Err(AnalysisError::Domain);
    }
    check_columns(&[x, y], degree + 2)?;
    let (low, high) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
    let (middle, half) = (0.5 * low + 0.5 * high, 0.5 * high - 0.5 * low);
    if half == 0.0 {
        return Err(AnalysisError::Constant);
    }
    let inner: Vec<f64> = x.iter().map(|x| (x - middle) / half).collect();
    let mut columns = vec![vec![1.0; x.len()], inner.clone()];
    for k in 2..=degree {
        let next = (0..x.len()).map(|index| 2.0 * inner[index] * columns[k - 1][index] - columns[k - 2][index]);
        columns.push(next.collect());
    }
    let decomposed = Qr::new(columns.clone(), 1e-12)?;
    let inside = decomposed.solve(y.to_vec());
    let residuals = (0..x.len()).map(|index| y[index] - (0..=degree).map(|k| inside[k] * columns[k][index]).sum::<f64>());
    let squares: f64 = residuals.map(|residual| residual * residual).sum();
    let residual_sd = libm::sqrt(squares / (x.len() - degree - 1) as f64);

    let powers = powers(middle, half, degree);
    let inverse = decomposed.inverse();
    let errors: Vec<Vec<f64>> = powers
        .iter()
        .map(|row| (0..=degree).map(|k| row.iter().zip(&inverse).map(|(power, row)| power * row[k]).sum()).collect())
        .collect();
    let coefficients = powers.iter().zip(lengths(&errors)).map(|(row, error)| {
        let value: f64 = row.iter().zip(&inside).map(|(power, inside)| power * inside).sum();
        finite(value, residual_sd * error)
    });
    Ok(Polynomial { coefficients: coefficients.collect::<Result<_>>()?, residual_sd, r_squared: explained(y, squares) })
}

/// Row j: the share of each Chebyshev polynomial of (x − middle)/half in the power j of x.
fn powers(middle: f64, half: f64, degree: usize) -> Vec<Vec<f64>> {
    let mut table = vec![vec![0.0; degree + 1]; degree + 1];
    table[0][0] = 1.0;
    table[0][1] = -middle / half;
    table[1][1] = 1.0 / half;
    for k in 2..=degree {
        for power in 0..=k {
            let lifted = if power > 0 { table[power - 1][k - 1] / half } else { 0.0 };
            table[power][k] = 2.0 * (lifted - table[power][k - 1] * middle / half) - table[power][k - 2];
        }
    }
    table
}

#[cfg(test)]
mod tests;
