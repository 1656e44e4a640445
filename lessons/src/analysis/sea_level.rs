//! Air pressure at sea level.

use super::{AnalysisError, Estimate, Result, finite};

/// Standard gravity, m/s².
const GRAVITY: f64 = 9.806_65;
/// Gas constant of dry air, J/(kg·K).
const DRY_AIR: f64 = 287.05;
/// How much warmer the air that is not there would be a metre further down, K/m.
const LAPSE: f64 = 0.0065;
/// What vapour does to the mean virtual temperature below a station, K/hPa.
const VAPOUR: f64 = 0.12;

/// The pressure that a station at `height` (m above sea level) would show at sea level, in the unit of `pressure`.
///
/// p·exp(g/R·h/(T + e·C + γ·h/2)) with the station's temperature T (K) and vapour pressure e (hPa; 0 for dry air or where nobody
/// measured it, which costs 0.02 hPa for each 100 m and 10 hPa): the DWD's operational reduction (Vorschriften und
/// Betriebsunterlagen 2, BUFR; the same terms as in WMO-No. 8, part I, 3.7). Standard uncertainty: pressure's and temperature's.
///
/// Meant for heights up to some 750 m; above, the imagined air below the station is more of a guess than the result is worth, and
/// weather services stop reporting it. Fails with `Domain` unless pressure and temperature are positive and the vapour pressure not
/// negative, `NotFinite`.
pub fn sea_level_pressure(pressure: Estimate, height: f64, temperature: Estimate, vapour: f64) -> Result<Estimate> {
    if [pressure.value, temperature.value].into_iter().any(|value| value.is_nan() || value <= 0.0) || vapour.is_nan() || vapour < 0.0 {
        return Err(AnalysisError::Domain);
    }
    let mean = temperature.value + vapour * VAPOUR + LAPSE * height / 2.0;
    if mean.is_nan() || mean <= 0.0 {
        return Err(AnalysisError::Domain);
    }
    let exponent = GRAVITY / DRY_AIR * height / mean;
    let ratio = libm::exp(exponent);
    let reduced = pressure.value * ratio;
    let (of_pressure, of_temperature) = (pressure.uncertainty * ratio, reduced * exponent / mean * temperature.uncertainty);
    finite(reduced, libm::sqrt(of_pressure * of_pressure + of_temperature * of_temperature))
}

/// The pressure of the air's vapour, hPa, from its temperature (K) and relative humidity (%).
///
/// Magnus' formula over water, 6.112 hPa·exp(17.62·t/(243.12 °C + t)) (WMO-No. 8, part I, annex 4.B; within 0.6 % from -45 to 60 °C), times
/// the humidity. At a dew point and 100 % it is the vapour pressure just so. Fails with `Domain` outside those temperatures or
/// below 0 %.
pub fn vapour_pressure(temperature: f64, humidity: f64) -> Result<f64> {
    let celsius = temperature - 273.15;
    if !(-45.0..=60.0).contains(&celsius) || humidity.is_nan() || humidity < 0.0 {
        return Err(AnalysisError::Domain);
    }
    let vapour = 6.112 * libm::exp(17.62 * celsius / (243.12 + celsius)) * humidity / 100.0;
    finite(vapour, 0.0).map(|vapour| vapour.value)
}

#[cfg(test)]
mod tests;
