use super::*;

#[test]
fn the_mean_is_that_of_the_energy() {
    // Half the time 40 dB, half 80 dB: 3 dB below the loud half, and not 60.
    let levels: Vec<f64> = (0..40).map(|k| if k % 2 == 0 { 40.0 } else { 80.0 }).collect();
    let mean = energy_mean(&levels).unwrap();
    assert!((mean.value - (80.0 - 10.0 * libm::log10(2.0) + 10.0 * libm::log10(1.0001))).abs() < 1e-12, "{mean:?}");
    assert_eq!(energy_mean(&[55.5; 20]).unwrap(), Estimate { value: 55.5, uncertainty: 0.0 });
    // Uncalibrated phones count from full scale; nothing overflows far from it.
    assert!((energy_mean(&[-90.0; 20]).unwrap().value + 90.0).abs() < 1e-12);
    assert!((energy_mean(&[1e5; 20]).unwrap().value - 1e5).abs() < 1e-9);
}

#[test]
fn percentages_are_exceeded() {
    let levels: Vec<f64> = (0..=100).map(f64::from).collect();
    let check = |percent: f64, expected: f64| assert!((percentile_level(&levels, percent).unwrap().value - expected).abs() < 1e-12);
    check(10.0, 90.0);
    check(50.0, 50.0);
    check(90.0, 10.0);
    check(0.0, 100.0);
    assert!(percentile_level(&levels, 50.0).unwrap().uncertainty > 5.0);
}

#[test]
fn what_has_no_level_says_why() {
    assert_eq!(energy_mean(&[50.0; 19]).unwrap_err().kind(), "too_few");
    assert_eq!(percentile_level(&[50.0; 19], 10.0).unwrap_err().kind(), "too_few");
    let mut levels = [50.0; 30];
    assert_eq!(percentile_level(&levels, 101.0).unwrap_err().kind(), "domain");
    levels[0] = f64::NEG_INFINITY;
    assert_eq!(energy_mean(&levels).unwrap_err().kind(), "not_finite");
    assert_eq!(percentile_level(&levels, 10.0).unwrap_err().kind(), "not_finite");
}
