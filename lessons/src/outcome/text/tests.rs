use super::*;

#[test]
fn as_many_digits_as_are_known() {
    let check = |value: f64, uncertainty: f64, de: &str, en: &str| {
        assert_eq!(with_uncertainty(value, uncertainty, "m/s2", "de"), de);
        assert_eq!(with_uncertainty(value, uncertainty, "m/s2", "en"), en);
    };
    check(9.7812, 0.05, "9,78 ± 0,05 m/s²", "9.78 ± 0.05 m/s²");
    check(9.7812, 0.0432, "9,78 ± 0,05 m/s²", "9.78 ± 0.05 m/s²");
    check(9.7812, 0.0123, "9,781 ± 0,013 m/s²", "9.781 ± 0.013 m/s²");
    check(9.7812, 0.021, "9,781 ± 0,021 m/s²", "9.781 ± 0.021 m/s²");
    check(9.7412, 0.00084, "9,7412 ± 0,0009 m/s²", "9.7412 ± 0.0009 m/s²");
    check(9.7, 0.5, "9,7 ± 0,5 m/s²", "9.7 ± 0.5 m/s²");
    check(9.7, 0.98, "9,7 ± 1,0 m/s²", "9.7 ± 1.0 m/s²");
    check(9.7, 4.1, "10 ± 5 m/s²", "10 ± 5 m/s²");
    check(1013.25, 40.0, "1010 ± 40 m/s²", "1010 ± 40 m/s²");
    check(9781.2, 123.0, "9780 ± 130 m/s²", "9780 ± 130 m/s²");
    check(-0.123, 0.04, "−0,12 ± 0,04 m/s²", "−0.12 ± 0.04 m/s²");
    check(-0.001, 0.04, "0,00 ± 0,04 m/s²", "0.00 ± 0.04 m/s²");
}

#[test]
fn an_unknown_uncertainty_is_not_made_up() {
    assert_eq!(with_uncertainty(9.81, 0.0, "m/s2", "de"), "9,81 m/s²");
    assert_eq!(with_uncertainty(9.81, f64::NAN, "m/s2", "en"), "9.81 m/s²");
    assert_eq!(with_uncertainty(3.0, 0.0, "1", "en"), "3");
    assert_eq!(with_uncertainty(3.0, 0.5, "1", "de"), "3,0 ± 0,5");
}

#[test]
fn numbers_and_units() {
    assert_eq!(number(0.421, "de"), "0,421");
    assert_eq!(number(-1.5, "en"), "−1.5");
    for (symbol, text) in [("m/s2", "m/s²"), ("Cel", "°C"), ("uT", "µT"), ("%RH", "%"), ("N/m", "N/m"), ("1", "")] {
        assert_eq!(unit_text(symbol), text);
    }
}
