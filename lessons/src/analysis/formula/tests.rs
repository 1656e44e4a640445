use super::*;

fn estimate(value: f64, uncertainty: f64) -> Estimate {
    Estimate { value, uncertainty }
}

#[test]
fn gravity_and_spring_constant_with_their_uncertainty() {
    let g = gravity_of_pendulum(estimate(0.5, 0.003), estimate(1.4185, 0.002)).unwrap();
    assert!((g.value - 9.8101).abs() < 5e-4, "{g:?}");
    // 0.6 % from the length, 2 · 0.141 % from the period.
    assert!((g.uncertainty / g.value - 0.006_627).abs() < 1e-5, "{g:?}");
    let k = spring_constant(estimate(0.19, 0.0), estimate(0.4406, 0.0005)).unwrap();
    assert!((k.value - 38.64).abs() < 0.01 && (k.uncertainty - 0.0877).abs() < 1e-3, "{k:?}");
}

/// Against the exact pendulum: T/T0 = 1/agm(1, cos θ/2).
#[test]
fn finite_amplitude() {
    let check = |degrees: f64, within: f64| {
        let theta = degrees.to_radians();
        let (mut a, mut b) = (1.0, libm::cos(theta / 2.0));
        for _ in 0..6 {
            (a, b) = ((a + b) / 2.0, libm::sqrt(a * b));
        }
        let corrected = small_angle_period(estimate(2.0 / a, 0.0), estimate(theta, 0.0)).unwrap();
        assert!((corrected.value / 2.0 - 1.0).abs() < within, "{degrees}°: {corrected:?}");
    };
    check(0.0, 1e-15);
    check(5.0, 1e-6);
    check(20.0, 6e-5);
    check(60.0, 5e-3);
    let lengthened = 1.0 / small_angle_period(estimate(1.0, 0.0), estimate(20f64.to_radians(), 0.0)).unwrap().value;
    assert!((lengthened - 1.0076).abs() < 1e-4, "20° lengthen T by 0.8 %: {lengthened}");
    let uncertain = small_angle_period(estimate(2.0, 0.001), estimate(0.4, 0.1)).unwrap();
    assert!((uncertain.uncertainty - libm::hypot(0.001 / 1.01, 2.0 * 0.4 * 0.1 / 8.0 / 1.01 / 1.01)).abs() < 1e-9);
}

#[test]
fn impossible_inputs() {
    let one = estimate(1.0, 0.1);
    for bad in [0.0, -1.0, f64::NAN] {
        let bad = estimate(bad, 0.1);
        assert_eq!(gravity_of_pendulum(bad, one), Err(AnalysisError::Domain));
        assert_eq!(gravity_of_pendulum(one, bad), Err(AnalysisError::Domain));
        assert_eq!(spring_constant(bad, one), Err(AnalysisError::Domain));
        assert_eq!(small_angle_period(bad, one), Err(AnalysisError::Domain));
    }
    assert_eq!(small_angle_period(one, estimate(2.0, 0.1)), Err(AnalysisError::Domain));
    assert_eq!(gravity_of_pendulum(estimate(1e300, 0.1), estimate(1e-100, 0.1)), Err(AnalysisError::NotFinite));
}
