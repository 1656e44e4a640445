use super::*;

#[test]
fn north_lies_between_350_and_10_degrees() {
    let check = |degrees: &[f64], expected: f64| {
        let angles: Vec<f64> = degrees.iter().map(|degrees| degrees.to_radians()).collect();
        let found = circular_mean(&angles).unwrap();
        let off = libm::remainder(found.mean.value - expected.to_radians(), TAU);
        assert!(off.abs() < 1e-12 && (0.0..TAU).contains(&found.mean.value), "{found:?}");
        found
    };
    check(&[350.0, 10.0], 0.0);
    check(&[350.0, 10.0, 30.0], 10.0);
    check(&[-170.0, 170.0, 180.0], 180.0);
    check(&[710.0, 10.0], 0.0);
    let equal = check(&[90.0; 5], 90.0);
    assert!((equal.resultant - 1.0).abs() < 1e-15 && equal.mean.uncertainty < 1e-8);
    // Small spread: the ordinary standard error, sd/√n with n instead of n - 1.
    let spread = check(&[88.0, 89.0, 90.0, 91.0, 92.0], 90.0);
    assert!((spread.mean.uncertainty.to_degrees() / libm::sqrt(2.0 / 5.0) - 1.0).abs() < 2e-3, "{spread:?}");
}

#[test]
fn what_has_no_direction_says_why() {
    let check = |angles: &[f64], kind: &str| assert_eq!(circular_mean(angles).unwrap_err().kind(), kind);
    check(&[1.0], "too_few");
    check(&[0.0, std::f64::consts::PI], "no_direction");
    check(&[0.0, 1.5, 3.0, 4.5, 6.0, 1.0, 2.0, 4.0, 5.0], "no_direction");
    check(&[1.0, f64::INFINITY], "not_finite");
}
