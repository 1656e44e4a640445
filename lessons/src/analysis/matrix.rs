//! Small symmetric systems of equations, as least squares make them.

#![allow(clippy::needless_range_loop, reason = "rows and columns are what the mathematics speaks of")]

use super::{AnalysisError, Result};

/// A symmetric, positive definite N×N matrix, decomposed (Cholesky).
pub(super) struct Cholesky<const N: usize> {
    lower: [[f64; N]; N],
}

impl<const N: usize> Cholesky<N> {
    /// Fails with `NoFit` if the matrix is not positive definite: the unknowns cannot be told apart with this data.
    pub(super) fn new(matrix: &[[f64; N]; N]) -> Result<Self> {
        let mut lower = [[0.0; N]; N];
        for row in 0..N {
            for column in 0..=row {
                let mut sum = matrix[row][column];
                for k in 0..column {
                    sum -= lower[row][k] * lower[column][k];
                }
                if row != column {
                    lower[row][column] = sum / lower[column][column];
                } else if sum.is_finite() && sum > matrix[row][row].abs() * 1e-14 {
                    lower[row][row] = libm::sqrt(sum);
                } else {
                    return Err(AnalysisError::NoFit);
                }
            }
        }
        Ok(Self { lower })
    }

    /// The unknowns for a right-hand side.
    pub(super) fn solve(&self, right: [f64; N]) -> [f64; N] {
        let mut out = right;
        for row in 0..N {
            for k in 0..row {
                out[row] -= self.lower[row][k] * out[k];
            }
            out[row] /= self.lower[row][row];
        }
        for row in (0..N).rev() {
            for k in row + 1..N {
                out[row] -= self.lower[k][row] * out[k];
            }
            out[row] /= self.lower[row][row];
        }
        out
    }

    /// One element of the diagonal of the inverse: the variance of an unknown per unit of noise variance.
    pub(super) fn inverse_diagonal(&self, index: usize) -> f64 {
        let mut unit = [0.0; N];
        unit[index] = 1.0;
        self.solve(unit)[index]
    }
}
