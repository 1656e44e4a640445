//! Units of the SenML registry (RFC 8428, secondary units RFC 8798) and UCUM's `uT`: one affine table to the canonical
//! units.

use messwerk_lessons::quantity::ObservedProperty as P;

/// What a unit means to the hub.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Unit {
    /// canonical = value · factor + shift, for one of these properties; `plain` is meant where nothing is named.
    Of { properties: &'static [P], plain: Option<P>, factor: f64, shift: f64 },
    /// Degrees of latitude or longitude: where somebody is.
    Position,
}

const ACCELERATIONS: &[P] = &[P::Acceleration, P::LinearAcceleration];
const PRESSURES: &[P] = &[P::Pressure, P::SeaLevelPressure];
const TEMPERATURES: &[P] = &[P::Temperature, P::DewPoint];
const TIMES: &[P] = &[P::TimeInterval, P::Sunshine];
const WINDS: &[P] = &[P::WindSpeed, P::WindGust];
const AMOUNTS: &[P] = &[P::Precipitation, P::RainTotal];
const SHARES: &[P] = &[P::SoilMoisture, P::CloudCover, P::RelativeHumidity];
const PARTICLES: &[P] = &[P::Pm10, P::Pm2_5];
const KILOMETRE_PER_HOUR: f64 = 1.0 / 3.6;

/// The unit of a symbol; `None` if nothing the hub stores is measured in it.
pub(crate) fn unit(symbol: &str) -> Option<Unit> {
    let (properties, plain, factor, shift): (&'static [P], Option<P>, f64, f64) = match symbol {
        "m/s2" => (ACCELERATIONS, None, 1.0, 0.0),
        "rad/s" => (&[P::AngularVelocity], Some(P::AngularVelocity), 1.0, 0.0),
        "rad" => (&[P::Orientation], Some(P::Orientation), 1.0, 0.0),
        "m" => (&[P::Displacement, P::Visibility], Some(P::Displacement), 1.0, 0.0),
        "T" => (&[P::MagneticFluxDensity], Some(P::MagneticFluxDensity), 1e6, 0.0),
        "uT" => (&[P::MagneticFluxDensity], Some(P::MagneticFluxDensity), 1.0, 0.0),
        "hPa" => (PRESSURES, Some(P::Pressure), 1.0, 0.0),
        "Pa" => (PRESSURES, Some(P::Pressure), 1e-2, 0.0),
        "lx" => (&[P::Illuminance], Some(P::Illuminance), 1.0, 0.0),
        "Cel" => (TEMPERATURES, Some(P::Temperature), 1.0, 0.0),
        "K" => (TEMPERATURES, Some(P::Temperature), 1.0, -273.15),
        "dB" => (&[P::SoundLevel], Some(P::SoundLevel), 1.0, 0.0),
        "%RH" => (&[P::RelativeHumidity], Some(P::RelativeHumidity), 1.0, 0.0),
        "V" => (&[P::Voltage], Some(P::Voltage), 1.0, 0.0),
        "mV" => (&[P::Voltage], Some(P::Voltage), 1e-3, 0.0),
        "A" => (&[P::ElectricCurrent], Some(P::ElectricCurrent), 1.0, 0.0),
        "mA" => (&[P::ElectricCurrent], Some(P::ElectricCurrent), 1e-3, 0.0),
        "s" => (TIMES, Some(P::TimeInterval), 1.0, 0.0),
        "ms" => (TIMES, Some(P::TimeInterval), 1e-3, 0.0),
        "Hz" => (&[P::Frequency], Some(P::Frequency), 1.0, 0.0),
        "m/s" => (WINDS, None, 1.0, 0.0),
        "km/h" => (WINDS, None, KILOMETRE_PER_HOUR, 0.0),
        "deg" => (&[P::WindDirection], None, 1.0, 0.0),
        "mm" => (AMOUNTS, None, 1.0, 0.0),
        "mm/h" => (&[P::RainRate], Some(P::RainRate), 1.0, 0.0),
        "W/m2" => (&[P::Irradiance], Some(P::Irradiance), 1.0, 0.0),
        "%" => (SHARES, None, 1.0, 0.0),
        // A plain number is anything; it needs a name.
        "1" | "/" => (&[P::UvIndex], None, 1.0, 0.0),
        "ug/m3" => (PARTICLES, None, 1.0, 0.0),
        "ppm" => (&[P::CarbonDioxide], None, 1.0, 0.0),
        "lat" | "lon" => return Some(Unit::Position),
        _ => return None,
    };
    Some(Unit::Of { properties, plain, factor, shift })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_canonical_unit_is_its_own() {
        for property in P::all() {
            let Some(Unit::Of { properties, plain, factor, shift }) = unit(property.unit()) else { panic!("{property:?}") };
            assert!(properties.contains(&property) && factor == 1.0 && shift == 0.0, "{property:?}");
            assert!(plain.is_none_or(|plain| properties.contains(&plain)), "{property:?}");
        }
    }
}
