use super::*;

#[test]
fn units_of_one_kind_convert() {
    let check = |from: &str, to: &str, value: f64, expected: f64| {
        let there = Conversion::between(from, to).unwrap();
        assert!((there.value(value) - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{value} {from} = {} {to}", there.value(value));
        let back = Conversion::between(to, from).unwrap();
        assert!((back.value(expected) - value).abs() <= 1e-12 * value.abs().max(1.0));
    };
    check("m/s2", "cm/s2", 9.81, 981.0);
    check("m", "mm", 0.421, 421.0);
    check("km/h", "m/s", 36.0, 10.0);
    check("N/m", "kg/s2", 40.0, 40.0);
    check("J", "N.m", 3.0, 3.0);
    check("W", "V.A", 3.0, 3.0);
    check("hPa", "Pa", 1013.25, 101_325.0);
    check("Cel", "K", 20.0, 293.15);
    check("W/Cel", "W/K", 5.0, 5.0);
    check("deg", "rad", 180.0, std::f64::consts::PI);
    check("g", "kg", 253.0, 0.253);
    check("1/s", "Hz", 2.0, 2.0);
    check("dB", "dB", -40.0, -40.0);
    check("taps", "taps", 7.0, 7.0);
    assert_eq!(Conversion::between("Cel", "K").unwrap().span(2.0), 2.0);
    assert_eq!(Conversion::between("m", "cm").unwrap().span(0.5), 50.0);
}

#[test]
fn others_do_not() {
    for (from, to) in [("m/s2", "m/s"), ("dB", "1"), ("m", "taps"), ("s", "Hz"), ("N/m", "N.m"), ("", "m"), ("m99", "m"), ("m/s/s", "m/s2")]
    {
        assert_eq!(Conversion::between(from, to), None, "{from} to {to}");
    }
}
