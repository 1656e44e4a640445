use super::*;

#[test]
fn windows_are_cut_at_ends_and_gaps() {
    let time = [0.0, 1.0, 2.0, 3.0, 4.0, 20.0, 21.0];
    let values = [0.0, 3.0, 6.0, 0.0, 9.0, 100.0, 102.0];
    assert_eq!(smooth_mean(&time, &values, 2.0).unwrap(), [1.5, 3.0, 3.0, 5.0, 4.5, 101.0, 101.0]);
    assert_eq!(moving_median(&time, &values, 2.0).unwrap(), [1.5, 3.0, 3.0, 6.0, 4.5, 101.0, 101.0]);
    assert_eq!(moving_median(&time, &values, 0.5).unwrap(), values);
    let bell = smooth_gauss(&time, &values, 0.5).unwrap();
    let (near, far) = (libm::exp(-2.0), libm::exp(-8.0));
    assert!((bell[0] - (3.0 * near + 6.0 * far) / (1.0 + near + far)).abs() < 1e-12, "{bell:?}");
    assert!((bell[6] - (102.0 + 100.0 * near) / (1.0 + near)).abs() < 1e-12);
}

#[test]
fn a_median_drops_outliers_and_keeps_edges() {
    let time: Vec<f64> = (0..40).map(f64::from).collect();
    let mut values: Vec<f64> = time.iter().map(|t| if *t < 20.0 { 1.0 } else { 5.0 }).collect();
    let clean = values.clone();
    values[7] = 1e6;
    values[30] = -1e6;
    assert_eq!(moving_median(&time, &values, 4.0).unwrap(), clean);
}

#[test]
fn what_cannot_be_smoothed_says_why() {
    let check = |time: &[f64], values: &[f64], width: f64, kind: &str| {
        for smooth in [smooth_mean, smooth_gauss, moving_median] {
            assert_eq!(smooth(time, values, width).unwrap_err().kind(), kind);
        }
    };
    check(&[], &[], 1.0, "too_few");
    check(&[0.0, 1.0], &[1.0], 1.0, "shape");
    check(&[1.0, 0.0], &[1.0, 2.0], 1.0, "unsorted");
    check(&[0.0, 1.0], &[1.0, f64::NAN], 1.0, "not_finite");
    check(&[0.0, 1.0], &[1.0, 2.0], 0.0, "domain");
    check(&[0.0, 1.0], &[1.0, 2.0], f64::INFINITY, "domain");
}
