//! Means of directions.

use std::f64::consts::TAU;

use super::{AnalysisError, Estimate, Result, check_columns, finite};

/// The mean of directions and how much they agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circular {
    /// Mean direction, 0 to 2π rad.
    pub mean: Estimate,
    /// Length of the mean of the unit vectors: 1 if all directions are equal, near 0 if they are spread all around.
    pub resultant: f64,
}

/// The mean direction of angles in rad (wind, a compass): that of the sum of their unit vectors, so that 350° and 10° have the
/// mean 0°, not 180°.
///
/// Standard uncertainty: the circular standard error √((1 - ρ₂)/(2·n·R²)), with ρ₂ the mean cosine of twice the deviations
/// and R the resultant (Fisher, Statistical Analysis of Circular Data, 4.4.4), for independent directions. Outliers pull
/// less than with an ordinary mean.
///
/// Fails with `NoDirection` if directions are so spread that they could be anything (n·R² below 3, Rayleigh's test at 5 %),
/// `TooFew` below 2, `NotFinite`. Equal directions have the uncertainty 0.
pub fn circular_mean(angles: &[f64]) -> Result<Circular> {
    check_columns(&[angles], 2)?;
    let n = angles.len() as f64;
    let (mut sines, mut cosines) = (0.0, 0.0);
    for angle in angles {
        let (sin, cos) = libm::sincos(*angle);
        sines += sin;
        cosines += cos;
    }
    let resultant = (libm::sqrt(sines * sines + cosines * cosines) / n).min(1.0);
    // Two directions can only disagree completely or not.
    let needed = if angles.len() < 4 { 0.5 } else { 3.0 / n };
    if resultant * resultant < needed {
        return Err(AnalysisError::NoDirection);
    }
    let angle = libm::atan2(sines, cosines);
    let second = angles.iter().map(|other| libm::cos(2.0 * (other - angle))).sum::<f64>() / n;
    let error = libm::sqrt(((1.0 - second) / (2.0 * n)).max(0.0)) / resultant;
    let positive = if angle < 0.0 { angle + TAU } else { angle };
    Ok(Circular { mean: finite(if positive < TAU { positive } else { 0.0 }, error)?, resultant })
}

#[cfg(test)]
mod tests;
