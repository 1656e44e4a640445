//! Heights from air pressure.

use super::{AnalysisError, Estimate, Result, finite};

/// Pressure at sea level in the standard atmosphere, hPa.
const SEA_LEVEL: f64 = 1013.25;
/// T₀ over the lapse rate of 6.5 K/km, m.
const SCALE: f64 = 44_330.77;
/// R·L/(g·M).
const EXPONENT: f64 = 0.190_294_957;
/// Temperature at sea level in the standard atmosphere, K.
const STANDARD: f64 = 288.15;
/// What the air's temperature may differ from the standard atmosphere's where nobody measured it, K: a summer's day and a
/// winter's night in one standard deviation.
const UNKNOWN: f64 = 15.0;

/// The height of a place with pressure `p1` above one with pressure `p0`, m: negative if it lies below.
///
/// 44330.77 m·((p0/p₀)^0.190294957 - (p1/p₀)^0.190294957) with p₀ = 1013.25 hPa (ICAO Standard Atmosphere, Doc 7488), as
/// phyphox computes it. Heights stretch with the air's temperature, which the standard atmosphere sets to what is usual at
/// that pressure: with the real `temperature` (K) the height is multiplied by real over standard temperature; without, the
/// temperature is taken to be uncertain by 15 K, 5 % of the height. Standard uncertainty: that and both pressures', taken as
/// independent (an offset common to both cancels almost: leave it out).
///
/// The rule of 8.3 m for 1 hPa holds at sea level; in Bogotá it is 22 % low. Fails with `Domain` unless pressures and
/// temperature are positive.
pub fn barometric_height(p0: Estimate, p1: Estimate, temperature: Option<Estimate>) -> Result<Estimate> {
    let temperatures = temperature.iter().map(|temperature| temperature.value);
    if [p0.value, p1.value].into_iter().chain(temperatures).any(|value| value.is_nan() || value <= 0.0) {
        return Err(AnalysisError::Domain);
    }
    let share = |pressure: f64| libm::pow(pressure / SEA_LEVEL, EXPONENT);
    let standard = STANDARD * 0.5 * (share(p0.value) + share(p1.value));
    let (stretch, of_temperature) = match temperature {
        Some(real) => (real.value / standard, real.uncertainty / real.value),
        None => (1.0, UNKNOWN / standard),
    };
    let height = stretch * SCALE * (share(p0.value) - share(p1.value));
    let of_pressure = |p: Estimate| stretch * SCALE * EXPONENT * share(p.value) * p.uncertainty / p.value;
    let (a, b, c) = (of_pressure(p0), of_pressure(p1), height * of_temperature);
    finite(height, libm::sqrt(a * a + b * b + c * c))
}

#[cfg(test)]
mod tests;
