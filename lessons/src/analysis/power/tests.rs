use super::*;

fn law(x: &[f64], factor: f64, exponent: f64, offset: f64) -> Vec<f64> {
    x.iter().map(|x| factor * libm::pow(*x, exponent) + offset).collect()
}

#[test]
fn exact_laws_are_found() {
    let check = |x: &[f64], factor: f64, exponent: f64, offset: f64| {
        if offset == 0.0 {
            let plain = log_log(x, &law(x, factor, exponent, 0.0)).unwrap();
            assert!((plain.exponent.value - exponent).abs() < 1e-12 && (plain.factor.value / factor - 1.0).abs() < 1e-12, "{plain:?}");
            assert_eq!(plain.offset, None);
        }
        let found = power_law_with_background(x, &law(x, factor, exponent, offset)).unwrap();
        assert!((found.exponent.value - exponent).abs() < 1e-8 && (found.factor.value / factor - 1.0).abs() < 1e-8, "{found:?}");
        assert!((found.offset.unwrap().value - offset).abs() < 1e-8 * (1.0 + offset.abs()), "{found:?}");
    };
    let distance = [0.1, 0.15, 0.2, 0.3, 0.5, 0.8, 1.2];
    check(&distance, 40.0, -2.0, 0.0);
    check(&distance, 40.0, -2.0, 25.0);
    check(&distance, 40.0, -2.03, -3.0);
    check(&distance, 1e-3, -3.0, 1e-3);
    check(&[200.0, 300.0, 500.0, 900.0, 1200.0], 5.67e-8, 4.0, -460.0);
    check(&[1.0, 2.0, 3.0, 4.0, 5.0], 3.0, 0.5, 0.0);
    check(&[1.0, 2.0, 3.0, 4.0, 5.0], -3.0, 0.5, 10.0);
}

/// The mistake that the background is there for: room light makes a log-log line too flat.
#[test]
fn room_light_flattens_a_log_log_line() {
    let distance = [0.1, 0.15, 0.2, 0.3, 0.5, 0.8, 1.2];
    let lux = law(&distance, 10.0, -2.0, 30.0);
    assert!(log_log(&distance, &lux).unwrap().exponent.value > -1.6);
    assert!((power_law_with_background(&distance, &lux).unwrap().exponent.value + 2.0).abs() < 1e-8);
}

#[test]
fn what_has_no_power_law_says_why() {
    let check = |x: &[f64], y: &[f64], plain: &str, with_offset: &str| {
        assert_eq!(log_log(x, y).map_or_else(AnalysisError::kind, |_| "fine"), plain);
        assert_eq!(power_law_with_background(x, y).map_or_else(AnalysisError::kind, |_| "fine"), with_offset);
    };
    check(&[1.0, 2.0], &[1.0, 2.0], "too_few", "too_few");
    check(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.5], "fine", "too_few");
    check(&[1.0, 2.0, 3.0, 4.0], &[1.0, 0.0, 3.0, 8.0], "domain", "fine");
    check(&[0.0, 2.0, 3.0, 4.0], &[1.0, 2.0, 3.0, 4.0], "domain", "domain");
    check(&[2.0; 4], &[1.0, 2.0, 3.0, 4.0], "constant", "constant");
    check(&[1.0, 2.0, 3.0, 4.0], &[5.0; 4], "fine", "constant");
    check(&[1.0, 2.0, 3.0], &[1.0, 2.0], "shape", "shape");
    check(&[1.0, 2.0, 3.0, f64::NAN], &[1.0; 4], "not_finite", "not_finite");
    // A logarithm is no power, and neither is an exponential.
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    check(&x, &x.map(libm::log), "domain", "no_fit");
    check(&x, &x.map(|x| libm::exp(5.0 * x)), "fine", "no_fit");
}
