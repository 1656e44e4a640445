//! The axis along which a vector varies most.

#![allow(clippy::needless_range_loop, reason = "rows and columns are what the mathematics speaks of")]

use super::{AnalysisError, Result, average, check_columns};

/// The direction (unit vector in the phone's frame) in which the readings vary most: the first principal component.
///
/// A pendulum swings about one axis, which is rarely one of the phone's. The sum of the components (as phyphox takes it)
/// cancels when the phone hangs at an angle, the component of largest variance loses up to 42 % of the amplitude, this
/// loses nothing. The sign is chosen so that the largest component is positive.
///
/// The eigenvector of the 3×3 covariance matrix by Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5). No
/// uncertainty. A few outliers can turn the axis: cut the recording first ([`longest_swing`](super::longest_swing)).
/// Fails with `TooFew` below 3 readings, `Constant`, `Shape`, `NotFinite`. With equal variance in two directions the
/// axis is one of them.
pub fn principal_axis(components: [&[f64]; 3]) -> Result<[f64; 3]> {
    check_columns(&components, 3)?;
    let means = components.map(average);
    let mut matrix = [[0.0; 3]; 3];
    for index in 0..components[0].len() {
        let d: [f64; 3] = std::array::from_fn(|axis| components[axis][index] - means[axis]);
        for row in 0..3 {
            for column in 0..=row {
                matrix[row][column] += d[row] * d[column];
            }
        }
    }
    for row in 0..3 {
        for column in row + 1..3 {
            matrix[row][column] = matrix[column][row];
        }
    }
    let trace = matrix[0][0] + matrix[1][1] + matrix[2][2];
    if !trace.is_finite() {
        return Err(AnalysisError::NotFinite);
    }
    if trace == 0.0 {
        return Err(AnalysisError::Constant);
    }
    let (values, vectors) = eigen(matrix);
    let largest = (0..3).fold(0, |best, axis| if values[axis] > values[best] { axis } else { best });
    let axis: [f64; 3] = std::array::from_fn(|row| vectors[row][largest]);
    let leading = axis.iter().fold(0.0, |best: f64, value| if value.abs() > best.abs() { *value } else { best });
    Ok(axis.map(|value| if leading < 0.0 { -value } else { value }))
}

/// The readings' component along an axis.
pub fn project(components: [&[f64]; 3], axis: [f64; 3]) -> Vec<f64> {
    let [x, y, z] = components;
    x.iter().zip(y).zip(z).map(|((x, y), z)| axis[0] * x + axis[1] * y + axis[2] * z).collect()
}

/// Eigenvalues and eigenvectors (in columns) of a symmetric matrix.
fn eigen(mut a: [[f64; 3]; 3]) -> ([f64; 3], [[f64; 3]; 3]) {
    let mut vectors = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    // Converges quadratically: three to five sweeps reach the last bit, the rest change nothing.
    for _ in 0..8 {
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            if a[p][q] == 0.0 {
                continue;
            }
            let tau = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
            let root = libm::sqrt(1.0 + tau * tau);
            let tan = if tau >= 0.0 { 1.0 / (tau + root) } else { 1.0 / (tau - root) };
            let cos = 1.0 / libm::sqrt(1.0 + tan * tan);
            let sin = tan * cos;
            for k in 0..3 {
                let (kp, kq) = (a[k][p], a[k][q]);
                a[k][p] = cos * kp - sin * kq;
                a[k][q] = sin * kp + cos * kq;
            }
            for k in 0..3 {
                let (pk, qk) = (a[p][k], a[q][k]);
                a[p][k] = cos * pk - sin * qk;
                a[q][k] = sin * pk + cos * qk;
            }
            for row in &mut vectors {
                let (vp, vq) = (row[p], row[q]);
                row[p] = cos * vp - sin * vq;
                row[q] = sin * vp + cos * vq;
            }
        }
    }
    ([a[0][0], a[1][1], a[2][2]], vectors)
}

#[cfg(test)]
mod tests;
