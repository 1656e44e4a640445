use super::*;

fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap()
}

#[test]
fn units_are_read_and_written() {
    let check = |text: &str, written: &str| {
        assert_eq!(unit(text).to_string(), text);
        assert_eq!(unit(text).written(), written, "{text}");
    };
    check("m/s2", "m/s²");
    check("1", "");
    check("1/s", "1/s");
    check("kg.m2/s2", "kg·m²/s²");
    check("J/kg.K", "J/kg·K");
    check("Cel", "°C");
    check("uT", "µT");
    check("%RH", "%");
    check("Ohm", "Ω");
    check("ug/m3", "µg/m³");
    check("[in_i]/h", "in/h");
    check("mm[Hg]", "mmHg");
    assert_eq!(unit("s-1").to_string(), "1/s");
    assert_eq!(unit("m.s/s").to_string(), "m");
    assert_eq!(written("furlong"), "furlong");
}

#[test]
fn what_is_no_unit_says_why() {
    let check = |text: &str, error: UnitError| assert_eq!(Unit::parse(text), Err(error));
    check("", UnitError::Empty);
    check("furlong", UnitError::Unknown("furlong".to_owned()));
    check("m/inch2", UnitError::Unknown("inch".to_owned()));
    for text in ["m/s/s", "m.", ".", "/s", "m10", "m0", "m02", "m2-", "12", "dB/s", "dB2", "m.m.m.m.m.m.m.m.m"] {
        check(text, UnitError::Syntax(text.to_owned()));
    }
    check("m^2", UnitError::Unknown("m^".to_owned()));
    check("m²", UnitError::Unknown("m²".to_owned()));
}

#[test]
fn values_are_converted() {
    let check = |from: &str, value: f64, to: &str, expected: f64| {
        let (from, to) = (unit(from), unit(to));
        assert_eq!(from.dimension(), to.dimension(), "{from} {to}");
        let found = to.from_si(from.to_si(value));
        assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{value} {from}: {found} {to}");
    };
    check("cm", 42.1, "m", 0.421);
    check("Cel", 20.0, "K", 293.15);
    check("K", 0.0, "Cel", -273.15);
    check("km/h", 36.0, "m/s", 10.0);
    check("hPa", 1013.25, "Pa", 101_325.0);
    check("deg", 180.0, "rad", std::f64::consts::PI);
    check("%", 50.0, "1", 0.5);
    check("min", 2.0, "s", 120.0);
    check("N/m", 40.0, "kg/s2", 40.0);
    check("V.A", 3.0, "W", 3.0);
    check("W/m2.Cel", 5.0, "W/m2.K", 5.0);
    check("l", 1.0, "ml", 1000.0);
    check("Hz", 50.0, "1/s", 50.0);
    check("[degF]", 212.0, "Cel", 100.0);
    check("[degF]", -40.0, "Cel", -40.0);
    check("[degR]", 9.0, "K", 5.0);
    check("[degF]/h", 9.0, "K/h", 5.0);
    check("V/A", 2.0, "Ohm", 2.0);
}

#[test]
fn dimensions_multiply_and_break() {
    let length = unit("cm").dimension();
    assert_eq!(length.times(length), unit("m2").dimension());
    assert_eq!(unit("m2").dimension().power(0.5), Some(length));
    assert_eq!(length.power(0.5).and_then(|root| root.power(2.0)), Some(length));
    assert_eq!(length.power(0.123), None);
    assert_eq!(length.power(f64::NAN), None);
    assert_eq!(length.power(1e300), None);
    assert_eq!(unit("rad").dimension(), Dimension::ONE);
    assert_ne!(unit("dB").dimension(), Dimension::ONE);
    assert!(unit("dB").dimension().is_level());
    assert_ne!(unit("lx").dimension(), unit("lm").dimension());
}

#[test]
fn derived_units_have_names() {
    let si = |text: &str| Unit::si(unit(text).dimension()).map(|unit| unit.to_string());
    assert_eq!(si("g.cm/ms2").as_deref(), Some("N"));
    assert_eq!(si("hPa").as_deref(), Some("Pa"));
    assert_eq!(si("km/h").as_deref(), Some("m/s"));
    assert_eq!(si("N/cm").as_deref(), Some("kg/s2"));
    assert_eq!(si("Hz").as_deref(), Some("1/s"));
    assert_eq!(si("%").as_deref(), Some("1"));
    assert_eq!(Unit::si(unit("m").dimension().power(0.5).unwrap()), None);
    let per = |a: &str, b: &str| unit(a).times(&unit(b), -1).map(|unit| unit.to_string());
    assert_eq!(per("hPa", "s").as_deref(), Some("hPa/s"));
    assert_eq!(per("Cel", "min").as_deref(), Some("K/min"));
    assert_eq!(per("m", "m").as_deref(), Some("1"));
    assert_eq!(per("dB", "s"), None);
    assert_eq!(per("dB", "1").as_deref(), Some("dB"));
}
