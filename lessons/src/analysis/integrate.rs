//! What a rate adds up to.

use super::gap::check_gaps;
use super::{AnalysisError, Result, check_columns, check_time};

/// An integral whose drift was taken away.
#[derive(Debug, Clone, PartialEq)]
pub struct Integral {
    /// One value for each reading, from 0 to 0; unit of the values times s.
    pub values: Vec<f64>,
    /// What was taken from every reading, unit of the values: the sensor's offset, if it really was at rest at both ends.
    pub bias: f64,
}

/// The integral from the first reading to each, by trapezoids (Press et al., Numerical Recipes, 4.1); unit of the values
/// times s.
///
/// No uncertainty: independent noise grows with the root of time, but a constant offset of the sensor grows with time itself
/// and is not seen here ([`integrate_without_drift`] removes it). What was missed in a [gap](super::GAP) is not made up:
/// fails with `Gap`, with `TooFew` below 2 readings, `Unsorted`, `Shape`, `NotFinite`.
pub fn integrate(time: &[f64], values: &[f64]) -> Result<Vec<f64>> {
    check_columns(&[time, values], 2)?;
    check_time(time)?;
    check_gaps(time)?;
    let mut sum = 0.0;
    let steps = time.windows(2).zip(values.windows(2)).map(|(time, value)| {
        sum += (time[1] - time[0]) * (0.5 * value[0] + 0.5 * value[1]);
        sum
    });
    let integral: Vec<f64> = std::iter::once(0.0).chain(steps).collect();
    if integral.iter().all(|value| value.is_finite()) { Ok(integral) } else { Err(AnalysisError::NotFinite) }
}

/// The velocity from the acceleration of something that is at rest before and after: the integral minus the straight line
/// that leads from its beginning to its end.
///
/// Right if the offset of the sensor is constant and the recording begins and ends at rest; cut it so. It corrects an offset
/// b, which else would shift the distance by b·t²/2, and turns what noise adds to the velocity from a walk into a bridge, at
/// most half as large in the middle. Neither is known to be so from the readings, so there is no uncertainty here: compare
/// `bias` with the sensor's offset at rest. Fails as [`integrate`], and with `TooShort` without duration.
pub fn integrate_without_drift(time: &[f64], values: &[f64]) -> Result<Integral> {
    let mut integral = integrate(time, values)?;
    let last = time.len() - 1;
    let duration = time[last] - time[0];
    if duration <= 0.0 {
        return Err(AnalysisError::TooShort { needed_s: f64::MIN_POSITIVE, found_s: duration });
    }
    let bias = integral[last] / duration;
    integral.iter_mut().zip(time).for_each(|(value, moment)| *value -= bias * (moment - time[0]));
    integral[last] = 0.0;
    if integral.iter().all(|value| value.is_finite()) { Ok(Integral { values: integral, bias }) } else { Err(AnalysisError::NotFinite) }
}

#[cfg(test)]
mod tests;
