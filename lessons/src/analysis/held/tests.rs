use super::*;

#[test]
fn a_value_weighs_as_long_as_it_holds() {
    // Dark for nine seconds, a hundred flashes in the tenth.
    let mut time = vec![0.0];
    let mut values = vec![0.0];
    for k in 0..100 {
        time.push(9.0 + 0.01 * f64::from(k));
        values.push(if k % 2 == 0 { 100.0 } else { 0.0 });
    }
    time.push(10.0);
    values.push(0.0);
    let mean = time_weighted_mean(&time, &values).unwrap();
    assert!((mean.value - 5.0).abs() < 1e-9, "{mean:?}");
    // One tenth of the parts holds all: their spread over √10.
    assert!(mean.uncertainty > 4.0 && mean.uncertainty < 40.0);
    assert!((time_weighted_mean(&[0.0, 1.0, 4.0], &[8.0, 4.0, 900.0]).unwrap().value - 5.0).abs() < 1e-12);
}

#[test]
fn what_has_no_mean_over_time_says_why() {
    let check = |time: &[f64], values: &[f64], kind: &str| assert_eq!(time_weighted_mean(time, values).unwrap_err().kind(), kind);
    check(&[0.0], &[1.0], "too_few");
    check(&[0.0, 1.0], &[1.0], "shape");
    check(&[1.0, 1.0], &[1.0, 2.0], "too_short");
    check(&[0.0, 1.0], &[3.0, 3.0], "constant");
    check(&[0.0, 1.0], &[f64::NAN, 3.0], "not_finite");
    // The real recording whose time falls from 3.24 to 0.00.
    check(&[2.5, 3.24, 0.0, 0.4], &[1.0, 2.0, 3.0, 4.0], "unsorted");
}
