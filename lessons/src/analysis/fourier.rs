//! The fast Fourier transform.

use std::f64::consts::TAU;

/// Σ x[n]·exp(-2πi·kn/N) in place, for a power of two of real and imaginary parts (Cooley and Tukey, as in Press et al.,
/// Numerical Recipes, 12.2). The angles are computed, not multiplied up, so that the error does not grow with N.
pub(super) fn transform(real: &mut [f64], imaginary: &mut [f64]) {
    let n = real.len();
    debug_assert!(n.is_power_of_two() && imaginary.len() == n);
    let bits = n.trailing_zeros();
    for index in 0..n {
        let other = index.reverse_bits().checked_shr(usize::BITS - bits).unwrap_or(0);
        if other > index {
            real.swap(index, other);
            imaginary.swap(index, other);
        }
    }
    let turns: Vec<(f64, f64)> = (0..n / 2).map(|k| libm::sincos(-TAU * k as f64 / n as f64)).collect();
    let mut half = 1;
    while half < n {
        let stride = n / (2 * half);
        for first in (0..n).step_by(2 * half) {
            for k in 0..half {
                let (sin, cos) = turns[k * stride];
                let (low, high) = (first + k, first + k + half);
                let turned = (real[high] * cos - imaginary[high] * sin, real[high] * sin + imaginary[high] * cos);
                (real[high], imaginary[high]) = (real[low] - turned.0, imaginary[low] - turned.1);
                (real[low], imaginary[low]) = (real[low] + turned.0, imaginary[low] + turned.1);
            }
        }
        half *= 2;
    }
}

#[cfg(test)]
mod tests;
