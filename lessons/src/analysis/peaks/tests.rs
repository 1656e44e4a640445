use super::*;

fn check(values: &[f64], prominence: f64, distance: f64, expected: &[usize]) {
    let time: Vec<f64> = (0..values.len()).map(|k| k as f64).collect();
    assert_eq!(peaks(&time, values, prominence, distance).unwrap(), expected, "{values:?}");
}

#[test]
fn peaks_stand_out() {
    check(&[0.0, 1.0, 0.0, 2.0, 0.0], 0.0, 0.0, &[1, 3]);
    check(&[0.0, 1.0, 0.5, 2.0, 0.0], 0.6, 0.0, &[3]);
    check(&[0.0, 1.0, 0.5, 2.0, 0.0], 0.5, 0.0, &[1, 3]);
    // The way down counts to the higher of the two valleys.
    check(&[5.0, 0.0, 3.0, 2.0, 4.0, 0.0], 1.5, 0.0, &[4]);
    // Plateaus: the middle one; a step up to the end is none.
    check(&[0.0, 1.0, 1.0, 1.0, 0.0, 2.0, 2.0], 0.0, 0.0, &[2]);
    check(&[0.0, 1.0, 1.0, 0.0], 0.0, 0.0, &[1]);
    // Too close to a higher one.
    check(&[0.0, 1.0, 0.0, 2.0, 0.0, 0.0, 1.0, 0.0], 0.0, 3.0, &[3, 6]);
    check(&[0.0, 1.0, 0.0, 2.0, 0.0, 0.0, 1.0, 0.0], 0.0, 2.0, &[1, 3, 6]);
    check(&[3.0, 3.0, 3.0], 0.0, 0.0, &[]);
    check(&[1.0, 2.0, 3.0, 4.0], 0.0, 0.0, &[]);
}

#[test]
fn what_has_no_peaks_says_why() {
    let check = |time: &[f64], values: &[f64], prominence: f64, kind: &str| {
        assert_eq!(peaks(time, values, prominence, 0.0).unwrap_err().kind(), kind);
    };
    check(&[0.0, 1.0], &[1.0, 2.0], 0.0, "too_few");
    check(&[0.0, 1.0, 2.0], &[1.0, 2.0], 0.0, "shape");
    check(&[0.0, 2.0, 1.0], &[1.0, 2.0, 1.0], 0.0, "unsorted");
    check(&[0.0, 1.0, 2.0], &[1.0, f64::INFINITY, 1.0], 0.0, "not_finite");
    check(&[0.0, 1.0, 2.0], &[1.0, 2.0, 1.0], -1.0, "domain");
}
