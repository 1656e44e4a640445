use super::*;

#[test]
fn slopes_of_lines_and_parabolas_are_exact() {
    let time: Vec<f64> = (0..100).map(|k| 0.02 * f64::from(k)).collect();
    let line: Vec<f64> = time.iter().map(|t| 1e4 - 3.0 * t).collect();
    let parabola: Vec<f64> = time.iter().map(|t| 4.905 * t * t).collect();
    let slopes = derivative(&time, &line, 0.2).unwrap();
    // Five readings less at each end: a window reaches 0.1 s to either side.
    assert_eq!((slopes.time.len(), slopes.time[0]), (90, time[5]));
    assert!(slopes.slope.iter().all(|slope| (slope + 3.0).abs() < 1e-9) && slopes.uncertainty.iter().all(|u| *u < 1e-6));
    let slopes = derivative(&time, &parabola, 0.2).unwrap();
    assert!(slopes.slope.iter().zip(&slopes.time).all(|(slope, t)| (slope - 9.81 * t).abs() < 1e-9));
    // The smallest window holds three readings.
    assert_eq!(derivative(&time, &parabola, 0.04).unwrap().time.len(), 98);
}

#[test]
fn nothing_reaches_across_a_gap() {
    let time: Vec<f64> = (0..50).map(|k| f64::from(k) + if k < 25 { 0.0 } else { 20.0 }).collect();
    let values: Vec<f64> = (0..50).map(|k| if k < 25 { 0.0 } else { 100.0 }).collect();
    let slopes = derivative(&time, &values, 4.0).unwrap();
    assert_eq!(slopes.time.len(), 42);
    assert!(slopes.slope.iter().all(|slope| *slope == 0.0));
}

#[test]
fn what_has_no_slope_says_why() {
    let check =
        |time: &[f64], values: &[f64], window: f64, kind: &str| assert_eq!(derivative(time, values, window).unwrap_err().kind(), kind);
    check(&[0.0, 1.0], &[0.0, 1.0], 1.0, "too_few");
    check(&[0.0, 1.0, 2.0], &[0.0, 1.0, 2.0], 1.0, "too_few");
    check(&[0.0, 1.0, 2.0], &[0.0, 1.0, 2.0], 10.0, "too_few");
    check(&[0.0, 1.0, 2.0], &[0.0, 1.0, 2.0], 0.0, "domain");
    check(&[0.0, 1.0, 2.0], &[0.0, 1.0], 2.0, "shape");
    check(&[0.0, 2.0, 1.0], &[0.0, 1.0, 2.0], 2.0, "unsorted");
    check(&[0.0, 1.0, 2.0], &[0.0, f64::NAN, 2.0], 2.0, "not_finite");
}
