use super::*;

#[test]
fn between_readings_lies_a_straight_line() {
    let (time, values) = ([0.0, 1.0, 2.0, 4.0, 30.0, 31.0], [0.0, 10.0, 10.0, 0.0, 5.0, 7.0]);
    let grid = [-0.1, 0.0, 0.25, 1.5, 3.0, 4.0, 4.1, 29.9, 30.0, 30.5, 31.0, 31.1];
    let expected = [None, Some(0.0), Some(2.5), Some(10.0), Some(5.0), Some(0.0), None, None, Some(5.0), Some(6.0), Some(7.0), None];
    assert_eq!(resample(&time, &values, &grid).unwrap(), expected);
    // Two readings at one instant: a step.
    assert_eq!(resample(&[0.0, 1.0, 1.0, 2.0], &[0.0, 1.0, 5.0, 5.0], &[0.5, 1.0, 1.5]).unwrap(), [Some(0.5), Some(5.0), Some(5.0)]);
    assert_eq!(resample(&[0.0], &[4.0], &[0.0, 1.0]).unwrap(), [Some(4.0), None]);
}

#[test]
fn two_recordings_share_times() {
    let a: Vec<f64> = (0..101).map(|k| f64::from(k) * 0.01).collect();
    let b: Vec<f64> = (0..41).map(|k| 0.31 + f64::from(k) * 0.025).collect();
    let times = common_times(&a, &b).unwrap();
    assert_eq!((times.len(), times[0]), (28, 0.31));
    assert!((times[27] - times[26] - 0.025).abs() < 1e-12 && times[27] <= 1.0);
    for (time, values) in [(&a, &a), (&b, &b)] {
        assert!(resample(time, values, &times).unwrap().into_iter().zip(&times).all(|(value, t)| (value.unwrap() - t).abs() < 1e-12));
    }
}

#[test]
fn what_cannot_be_resampled_says_why() {
    let check = |time: &[f64], values: &[f64], grid: &[f64], kind: &str| assert_eq!(resample(time, values, grid).unwrap_err().kind(), kind);
    check(&[], &[], &[1.0], "too_few");
    check(&[0.0], &[], &[1.0], "shape");
    check(&[1.0, 0.0], &[1.0, 2.0], &[1.0], "unsorted");
    check(&[0.0, 1.0], &[1.0, 2.0], &[f64::NAN], "not_finite");
    let check = |a: &[f64], b: &[f64], kind: &str| assert_eq!(common_times(a, b).unwrap_err().kind(), kind);
    check(&[0.0, 1.0], &[2.0, 3.0], "too_short");
    check(&[0.0, 0.0], &[0.0, 1.0], "too_short");
    check(&[0.0], &[0.0, 1.0], "too_few");
    check(&[0.0, 1e-6, 1e9], &[0.0, 1e-6, 1e9], "domain");
}
