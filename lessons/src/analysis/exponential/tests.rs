use super::*;

fn cooling(n: usize, duration: f64, amplitude: f64, tau: f64, offset: f64) -> (Vec<f64>, Vec<f64>) {
    let time: Vec<f64> = (0..n).map(|k| 100.0 + duration * k as f64 / (n - 1) as f64).collect();
    let values = time.iter().map(|t| offset + amplitude * libm::exp(-(t - 100.0) / tau)).collect();
    (time, values)
}

#[test]
fn an_exact_curve_is_found_exactly() {
    let check = |n: usize, duration: f64, amplitude: f64, tau: f64, offset: f64| {
        let (time, values) = cooling(n, duration, amplitude, tau, offset);
        let fit = exponential(&time, &values).unwrap();
        assert!((fit.tau.value / tau - 1.0).abs() < 1e-8 && (fit.amplitude.value / amplitude - 1.0).abs() < 1e-8, "{fit:?}");
        assert!((fit.offset.value - offset).abs() < 1e-7 * (1.0 + amplitude.abs()), "{fit:?}");
        assert!((fit.half_life().value - tau * libm::log(2.0)).abs() < 1e-6 * tau);
    };
    check(6, 30.0, 60.0, 10.0, 21.0);
    check(1200, 1200.0, 65.0, 900.0, 21.3);
    check(6000, 60.0, 2.0, 0.4, -1.0);
    check(50, 10.0, -5.0, 3.0, 5.0);
    check(40, 10.0, 1000.0, 80.0, 0.0);
}

/// What a fit says of its own uncertainty must widen when residuals hang together.
#[test]
fn a_second_process_shows_in_the_correlation() {
    let (time, mut values) = cooling(300, 900.0, 60.0, 500.0, 20.0);
    for (time, value) in time.iter().zip(&mut values) {
        *value += 6.0 * libm::exp(-(time - 100.0) / 60.0);
    }
    let fit = exponential(&time, &values).unwrap();
    assert!(fit.correlation > 10.0 && fit.r_squared > 0.99, "{fit:?}");
    assert!((fit.tau.value - 500.0).abs() > 2.0 * fit.tau.uncertainty / libm::sqrt(fit.correlation), "{fit:?}");
}

#[test]
fn what_approaches_nothing_says_why() {
    let check =
        |time: &[f64], values: &[f64], kind: &str| assert_eq!(exponential(time, values).map_or_else(AnalysisError::kind, |_| "fine"), kind);
    let time: Vec<f64> = (0..40).map(f64::from).collect();
    let of = |value: fn(f64) -> f64| time.iter().map(|t| value(*t)).collect::<Vec<f64>>();
    check(&time[..3], &[3.0, 2.0, 1.5], "too_few");
    check(&time, &[1.0; 40], "constant");
    check(&time, &of(|t| 80.0 - t), "no_fit");
    check(&time, &of(|t| libm::exp(0.1 * t)), "no_fit");
    check(&time, &of(|t| if t < 20.0 { 80.0 } else { 20.0 }), "no_fit");
    check(&time, &of(|t| if t < 1.0 { 80.0 } else { 20.0 }), "no_fit");
    check(&time, &of(|t| if t < 1.0 { f64::NAN } else { t }), "not_finite");
    check(&[0.0; 40], &of(|t| t), "too_short");
    check(&time[1..], &of(|t| t), "shape");
    let falling: Vec<f64> = time.iter().rev().copied().collect();
    check(&falling, &of(|t| t), "unsorted");
}
