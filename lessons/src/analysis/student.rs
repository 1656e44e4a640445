//! Student's t distribution.

use std::f64::consts::PI;

use super::{AnalysisError, Result};

/// The quantile t(probability, degrees of freedom): a value below which a t-distributed number falls with this
/// probability. A two-sided 95 % interval takes `student_t(0.975, n - 1)`.
///
/// The distribution function is a finite sum for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4); it
/// is inverted by bisection to the last bits. Fails with `Domain` unless 0.5 <= `probability` < 1 and at least one degree
/// of freedom is given: with one measurement there is no interval.
pub fn student_t(probability: f64, degrees_of_freedom: usize) -> Result<f64> {
    if !(0.5..1.0).contains(&probability) || degrees_of_freedom == 0 {
        return Err(AnalysisError::Domain);
    }
    let central = 2.0 * probability - 1.0;
    // In the angle θ = atan(t/√ν) the whole axis is 0 to π/2, so that the bracket needs no search.
    let (mut low, mut high) = (0.0, PI / 2.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if within(middle, degrees_of_freedom) < central {
            low = middle;
        } else {
            high = middle;
        }
    }
    let t = libm::sqrt(degrees_of_freedom as f64) * libm::tan(0.5 * (low + high));
    if t.is_finite() { Ok(t) } else { Err(AnalysisError::Domain) }
}

/// P(|T| < √ν·tan θ).
fn within(theta: f64, degrees_of_freedom: usize) -> f64 {
    let (sin, cos) = (libm::sin(theta), libm::cos(theta));
    let odd = degrees_of_freedom % 2 == 1;
    // Even: 1 + 1/2·cos² + 1·3/(2·4)·cos⁴ + …; odd: cos + 2/3·cos³ + 2·4/(3·5)·cos⁵ + …; ν/2 terms each.
    let (mut term, mut sum) = if odd { (cos, 0.0) } else { (1.0, 0.0) };
    for index in 0..degrees_of_freedom / 2 {
        sum += term;
        let k = (2 * index + if odd { 2 } else { 1 }) as f64;
        term *= cos * cos * k / (k + 1.0);
    }
    if odd { 2.0 / PI * (theta + sin * sum) } else { sin * sum }
}

#[cfg(test)]
mod tests;
