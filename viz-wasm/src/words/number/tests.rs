use super::*;

#[test]
fn the_decimal_sign_is_the_languages() {
    let check = |value, decimals, de: &str, en: &str| {
        assert_eq!(fixed(value, decimals, Lang::De), de);
        assert_eq!(fixed(value, decimals, Lang::En), en);
    };
    check(9.806, 2, "9,81", "9.81");
    check(-0.5, 1, "−0,5", "−0.5");
    check(-0.0001, 2, "0,00", "0.00");
    check(1e300, 2, "1,000e300", "1.000e300");
    check(f64::NAN, 2, "–", "–");
    check(f64::NEG_INFINITY, 2, "–", "–");
}

#[test]
fn a_step_says_how_many_decimals_its_ticks_need() {
    for (step, decimals) in [(5.0, 0), (0.5, 1), (0.25, 2), (0.02, 2), (1e-12, 9), (0.0, 0), (f64::NAN, 0)] {
        assert_eq!(decimals_of_step(step), decimals, "{step}");
    }
}

#[test]
fn an_uncertainty_says_how_many_decimals_its_value_deserves() {
    let check = |value, uncertainty, text: &str| assert_eq!(with_uncertainty(value, uncertainty, Lang::En), text);
    check(9.7931, 0.0312, "9.79 ± 0.03");
    check(9.7931, 0.0123, "9.793 ± 0.012");
    check(9.7931, 0.0296, "9.79 ± 0.03");
    check(9.7931, 0.5, "9.8 ± 0.5");
    check(1234.0, 56.0, "1234 ± 56");
    check(9.81, 0.0, "9.810 ± 0.000");
    check(9.81, f64::NAN, "9.810 ± –");
}

#[test]
fn a_bare_value_gets_four_digits() {
    for (value, text) in [(9.80665, "9.807"), (1013.25, "1013"), (0.0123456, "0.01235"), (0.0, "0"), (1e-9, "0.000000")] {
        assert_eq!(plain(value, Lang::En), text);
    }
    assert_eq!(shortest(9.81, Lang::De), "9,81");
    assert_eq!(shortest(10.0, Lang::De), "10");
}

#[test]
fn neighbours_get_the_decimals_of_the_largest() {
    for (values, decimals) in [(&[0.004, -0.368][..], 3), (&[99.0, 1.0], 1), (&[1e6], 0), (&[0.0], 0), (&[f64::NAN], 0), (&[], 0)] {
        assert_eq!(decimals_alike(values), decimals, "{values:?}");
    }
}

#[test]
fn a_chosen_number_has_no_trailing_zeros() {
    for (value, expected) in [(9.5, "9,5"), (10.0, "10"), (1200.0, "1200"), (0.25, "0,25"), (-3.0, "−3"), (0.0, "0")] {
        assert_eq!(plain_short(value, Lang::De), expected);
    }
}
