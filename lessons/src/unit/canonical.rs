//! From a unit that a device names to the one in which a property is stored.

use super::{Unit, UnitError};
use crate::quantity::ObservedProperty;

/// canonical = value · factor + shift.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Linear {
    /// How many canonical units one unit is.
    pub factor: f64,
    /// The canonical value of the unit's zero.
    pub shift: f64,
}

impl Linear {
    /// Leaves values as they are, to the last bit.
    pub const SAME: Self = Self { factor: 1.0, shift: 0.0 };

    /// A value in the canonical unit.
    pub fn of(self, value: f64) -> f64 {
        if self == Self::SAME { value } else { value * self.factor + self.shift }
    }
}

/// What a plain number counts: an angle is no share of a whole, though SI calls both of dimension one.
#[derive(PartialEq)]
enum Plain {
    Number,
    Angle,
    Share,
}

fn plain(unit: &Unit) -> Option<Plain> {
    match unit.factors[..] {
        [] => Some(Plain::Number),
        [("rad" | "deg", 1)] => Some(Plain::Angle),
        [("%" | "%RH" | "ppm" | "ppb", 1)] => Some(Plain::Share),
        _ => None,
    }
}

/// How values in the unit of this symbol become the property's.
///
/// `None` where the unit measures something else: pressure in `m`, humidity in `deg`, a share in the plain `1` (whether 1
/// is a hundredth or the whole nobody has said). Fails for a symbol that is no unit.
pub fn to_canonical(symbol: &str, property: ObservedProperty) -> Result<Option<Linear>, UnitError> {
    if symbol == property.unit() {
        return Ok(Some(Linear::SAME));
    }
    let (from, to) = (Unit::parse(symbol)?, Unit::parse(property.unit())?);
    if from.dimension() != to.dimension() || plain(&from) != plain(&to) {
        return Ok(None);
    }
    let linear = Linear { factor: from.size() / to.size(), shift: (from.zero() - to.zero()) / to.size() };
    Ok(linear.factor.is_finite().then_some(linear))
}

#[cfg(test)]
mod tests {
    use ObservedProperty as P;

    use super::*;

    /// `value` in `symbol` is `expected` in the property's unit, to as many digits as the reference prints.
    #[track_caller]
    fn check(symbol: &str, property: P, value: f64, expected: f64, within: f64) {
        let found = to_canonical(symbol, property).unwrap().unwrap().of(value);
        assert!((found - expected).abs() <= within, "{value} {symbol} is {found}, not {expected}");
    }

    #[test]
    fn published_factors() {
        // NIST SP 811 (2008), appendix B.8: factors as printed there, with the digits it prints.
        check("[degF]", P::Temperature, 32.0, 0.0, 1e-12);
        check("[degF]", P::Temperature, 98.6, 37.0, 1e-12);
        check("[in_i'Hg]", P::Pressure, 1.0, 33.863_89, 5e-6);
        check("mm[Hg]", P::Pressure, 1.0, 1.333_224, 5e-7);
        check("mbar", P::Pressure, 1013.25, 1013.25, 0.0);
        check("[mi_i]/h", P::WindSpeed, 1.0, 0.447_04, 1e-15);
        check("[kn_i]", P::WindSpeed, 1.0, 0.514_444_4, 5e-8);
        check("km/h", P::WindSpeed, 1.0, 0.277_777_8, 5e-8);
        check("[ft_i]/s", P::WindSpeed, 1.0, 0.3048, 1e-15);
        check("[in_i]", P::Precipitation, 1.0, 25.4, 1e-13);
        check("cm", P::RainTotal, 1.0, 10.0, 1e-13);
        check("[in_i]/h", P::RainRate, 1.0, 25.4, 1e-13);
        check("[mi_i]", P::Visibility, 1.0, 1609.344, 0.0);
        check("kPa", P::SeaLevelPressure, 101.325, 1013.25, 1e-12);
        // WMO-No. 8 (2018), part I, 3.1.2: 1 hPa = 0.750 062 mmHg = 0.029 529 98 inHg.
        check("mm[Hg]", P::Pressure, 0.750_062, 1.0, 1e-6);
        check("[in_i'Hg]", P::Pressure, 0.029_529_98, 1.0, 1e-6);
        check("ppb", P::CarbonDioxide, 420_000.0, 420.0, 1e-9);
        check("min", P::Sunshine, 30.0, 1800.0, 0.0);
        check("mg/m3", P::Pm10, 0.05, 50.0, 1e-12);
        check("klx", P::Illuminance, 1.5, 1500.0, 0.0);
        check("K", P::DewPoint, 273.15, 0.0, 0.0);
    }

    #[test]
    fn what_measures_something_else_is_no_unit_of_it() {
        for (symbol, property) in [
            ("m", P::Pressure),
            ("deg", P::RelativeHumidity),
            ("1", P::RelativeHumidity),
            ("%", P::UvIndex),
            ("rad", P::UvIndex),
            ("m/m", P::CarbonDioxide),
            ("dB", P::Voltage),
            ("mm", P::RainRate),
        ] {
            assert_eq!(to_canonical(symbol, property), Ok(None), "{symbol} {property:?}");
        }
        assert!(to_canonical("furlong", P::Visibility).is_err());
    }

    #[test]
    fn the_own_unit_changes_no_bit() {
        for property in P::all() {
            assert_eq!(to_canonical(property.unit(), property).unwrap().unwrap().of(21.4), 21.4);
        }
        assert_eq!(to_canonical("%", P::RelativeHumidity).unwrap().unwrap().of(44.72), 44.72);
    }
}
