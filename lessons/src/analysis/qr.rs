//! Overdetermined systems of equations by orthogonal reflections.

#![allow(clippy::needless_range_loop, reason = "rows and columns are what the mathematics speaks of")]

use super::{AnalysisError, Result};

/// A matrix with at least as many rows as columns, decomposed into reflections and an upper triangle R (Householder; Golub
/// and Van Loan, Matrix Computations, 5.2). Unlike the normal equations it does not square the condition number.
pub(super) struct Qr {
    /// Column by column: R above the diagonal, the reflections' vectors from the diagonal on.
    columns: Vec<Vec<f64>>,
    /// The diagonal of R.
    diagonal: Vec<f64>,
}

impl Qr {
    /// Fails with `NoFit` if a column is, up to `tolerance` of its length, a combination of the ones before it: the unknowns
    /// cannot be told apart with this data. A tolerance of 0 lets everything pass but a column of zeros.
    pub(super) fn new(mut columns: Vec<Vec<f64>>, tolerance: f64) -> Result<Self> {
        let mut diagonal = Vec::with_capacity(columns.len());
        for k in 0..columns.len() {
            let (done, rest) = columns.split_at_mut(k);
            let Some((column, later)) = rest.split_first_mut() else { break };
            let above: f64 = column.iter().take(done.len()).map(|value| value * value).sum();
            let below: f64 = column.iter().skip(done.len()).map(|value| value * value).sum();
            let length = libm::sqrt(below);
            if !(length.is_finite() && length > 0.0 && length > tolerance * libm::sqrt(above + below)) {
                return Err(AnalysisError::NoFit);
            }
            // The sign that adds: no cancellation.
            let pivot = if column[k] > 0.0 { -length } else { length };
            column[k] -= pivot;
            diagonal.push(pivot);
            for other in later {
                reflect(&column[k..], -pivot * column[k], &mut other[k..]);
            }
        }
        Ok(Self { columns, diagonal })
    }

    /// Qᵀ·right: its beginning belongs to R, the squares of its end are the residuals'.
    pub(super) fn turned(&self, mut right: Vec<f64>) -> Vec<f64> {
        for (k, column) in self.columns.iter().enumerate() {
            reflect(&column[k..], -self.diagonal[k] * column[k], &mut right[k..]);
        }
        right
    }

    /// The unknowns that leave the smallest sum of squares.
    pub(super) fn solve(&self, right: Vec<f64>) -> Vec<f64> {
        let mut out = self.turned(right);
        out.truncate(self.diagonal.len());
        for row in (0..out.len()).rev() {
            let known: f64 = (row + 1..out.len()).map(|column| self.columns[column][row] * out[column]).sum();
            out[row] = (out[row] - known) / self.diagonal[row];
        }
        out
    }

    /// R, column by column, zeros below the diagonal left out.
    pub(super) fn triangle(&self) -> Vec<Vec<f64>> {
        let column = |k: usize| self.columns[k][..k].iter().copied().chain([self.diagonal[k]]).collect();
        (0..self.diagonal.len()).map(column).collect()
    }

    /// The inverse of R, row by row, zeros included: the covariance of the unknowns per unit of noise variance is this times
    /// its transpose.
    pub(super) fn inverse(&self) -> Vec<Vec<f64>> {
        let n = self.diagonal.len();
        let mut inverse = vec![vec![0.0; n]; n];
        for column in 0..n {
            inverse[column][column] = 1.0 / self.diagonal[column];
            for row in (0..column).rev() {
                let known: f64 = (row + 1..=column).map(|k| self.columns[k][row] * inverse[k][column]).sum();
                inverse[row][column] = -known / self.diagonal[row];
            }
        }
        inverse
    }
}

/// Standard deviations of unknowns per unit of noise: the lengths of the rows of a matrix that maps noise to them.
pub(super) fn lengths(rows: &[Vec<f64>]) -> Vec<f64> {
    rows.iter().map(|row| libm::sqrt(row.iter().map(|value| value * value).sum())).collect()
}

/// other − v·(v·other)/half, with `half` half the square of v's length.
fn reflect(v: &[f64], half: f64, other: &mut [f64]) {
    let share = v.iter().zip(&*other).map(|(v, other)| v * other).sum::<f64>() / half;
    for (other, v) in other.iter_mut().zip(v) {
        *other -= share * v;
    }
}
