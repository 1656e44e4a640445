//! Student's t distribution for degrees of freedom that are no whole number, as Welch's comparison has them.

use std::f64::consts::{FRAC_PI_2, PI};

use super::{AnalysisError, Result};

/// The probability that a t-distributed number is further from 0 than `t`: the two-sided p-value.
///
/// The incomplete beta function by its continued fraction (Abramowitz and Stegun 26.5.8 and 26.7.1; Lentz's evaluation as in
/// Press et al., Numerical Recipes, 6.4), good to eleven digits up to a million degrees of freedom. Fails with `Domain`
/// unless `df` is positive and finite and `t` is a number.
pub fn student_p(t: f64, df: f64) -> Result<f64> {
    if !(df.is_finite() && df > 0.0) || t.is_nan() {
        return Err(AnalysisError::Domain);
    }
    let ratio = t / libm::sqrt(df);
    let whole = 1.0 + ratio * ratio;
    if whole.is_infinite() {
        return Ok(0.0);
    }
    let p = outside(1.0 / whole, ratio * ratio / whole, df);
    if p.is_finite() { Ok(p.clamp(0.0, 1.0)) } else { Err(AnalysisError::Domain) }
}

/// The quantile for real degrees of freedom: as [`student_t`](super::student_t), which is for whole ones.
///
/// Inverted by bisection. Fails with `Domain` unless 0.5 <= `probability` < 1 and `df` is positive and finite, or if the
/// quantile is too large for a number.
pub fn student_quantile(probability: f64, df: f64) -> Result<f64> {
    if !((0.5..1.0).contains(&probability) && df.is_finite() && df > 0.0) {
        return Err(AnalysisError::Domain);
    }
    let wanted = 2.0 * (1.0 - probability);
    // In the angle θ = atan(t/√ν) the whole axis is 0 to π/2, so that the bracket needs no search.
    let (mut low, mut high) = (0.0, FRAC_PI_2);
    for _ in 0..70 {
        let middle = 0.5 * (low + high);
        let (sin, cos) = libm::sincos(middle);
        if outside(cos * cos, sin * sin, df) > wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    let t = libm::sqrt(df) * libm::tan(0.5 * (low + high));
    // Near the right angle the tangent ends long before a distribution with next to no degrees of freedom does.
    let found = student_p(t, df)?;
    if (found - wanted).abs() <= 1e-6 * wanted { Ok(t) } else { Err(AnalysisError::Domain) }
}

/// P(|T| > t) = I(x; ν/2, 1/2), with x = ν/(ν + t²) and y = 1 - x.
fn outside(x: f64, y: f64, df: f64) -> f64 {
    if y == 0.0 {
        return 1.0;
    }
    let (a, b) = (0.5 * df, 0.5);
    // x^a·√y/B(a, 1/2), with 1/B = Γ(a + 1/2)/(Γ(a)·√π). Near 1 ln x loses its digits, ln(1 - y) does not.
    let log_x = if y < 0.5 { libm::log1p(-y) } else { libm::log(x) };
    let front = libm::exp(a * log_x + log_gamma_ratio(a)) * libm::sqrt(y / PI);
    if x < (a + 1.0) / (a + b + 2.0) { front * fraction(x, a, b) / a } else { 1.0 - front * fraction(y, b, a) / b }
}

/// ln Γ(a + 1/2) - ln Γ(a): for large a their difference would lose the digits that the series keeps.
fn log_gamma_ratio(a: f64) -> f64 {
    if a < 20.0 {
        return libm::lgamma(a + 0.5) - libm::lgamma(a);
    }
    let (inverse, square) = (1.0 / a, 1.0 / (a * a));
    0.5 * libm::log(a) - inverse * (1.0 / 8.0 - square * (1.0 / 192.0 - square * (1.0 / 640.0 - square * (17.0 / 14336.0))))
}

/// The continued fraction of the incomplete beta function.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let not_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / not_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    // Needs about √max(a, b) terms: a thousand for a million degrees of freedom.
    for m in 1..20_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / not_zero(1.0 + even * d);
        c = not_zero(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / not_zero(1.0 + odd * d);
        c = not_zero(1.0 + odd / c);
        value *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests;
