//! Units of the SenML registry (RFC 8428, secondary units RFC 8798) and UCUM's `uT`: one affine table to the canonical
//! units.

use messwerk_lessons::quantity::ObservedProperty as P;

/// What a unit means to the hub.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Unit {
    /// canonical = value · factor + shift, for one of these properties.
    Of { properties: &'static [P], factor: f64, shift: f64 },
    /// Degrees of latitude or longitude: where somebody is.
    Position,
}

const ACCELERATIONS: &[P] = &[P::Acceleration, P::LinearAcceleration];

/// The unit of a symbol; `None` if nothing the hub stores is measured in it.
pub(super) fn unit(symbol: &str) -> Option<Unit> {
    let (properties, factor, shift): (&'static [P], f64, f64) = match symbol {
        "m/s2" => (ACCELERATIONS, 1.0, 0.0),
        "rad/s" => (&[P::AngularVelocity], 1.0, 0.0),
        "rad" => (&[P::Orientation], 1.0, 0.0),
        "m" => (&[P::Displacement], 1.0, 0.0),
        "T" => (&[P::MagneticFluxDensity], 1e6, 0.0),
        "uT" => (&[P::MagneticFluxDensity], 1.0, 0.0),
        "hPa" => (&[P::Pressure], 1.0, 0.0),
        "Pa" => (&[P::Pressure], 1e-2, 0.0),
        "lx" => (&[P::Illuminance], 1.0, 0.0),
        "Cel" => (&[P::Temperature], 1.0, 0.0),
        "K" => (&[P::Temperature], 1.0, -273.15),
        "dB" => (&[P::SoundLevel], 1.0, 0.0),
        "%RH" => (&[P::RelativeHumidity], 1.0, 0.0),
        "V" => (&[P::Voltage], 1.0, 0.0),
        "mV" => (&[P::Voltage], 1e-3, 0.0),
        "A" => (&[P::ElectricCurrent], 1.0, 0.0),
        "mA" => (&[P::ElectricCurrent], 1e-3, 0.0),
        "s" => (&[P::TimeInterval], 1.0, 0.0),
        "ms" => (&[P::TimeInterval], 1e-3, 0.0),
        "Hz" => (&[P::Frequency], 1.0, 0.0),
        "lat" | "lon" => return Some(Unit::Position),
        _ => return None,
    };
    Some(Unit::Of { properties, factor, shift })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_canonical_unit_is_its_own() {
        for property in P::all() {
            let Some(Unit::Of { properties, factor, shift }) = unit(property.unit()) else { panic!("{property:?}") };
            assert!(properties.contains(&property) && factor == 1.0 && shift == 0.0, "{property:?}");
        }
    }
}
