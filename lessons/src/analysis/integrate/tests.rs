use super::*;

#[test]
fn a_ride_in_an_elevator_ends_at_rest() {
    // Up 1 m/s² for 2 s, 4 s of ride, down again; a sensor that is 0.03 m/s² high.
    let time: Vec<f64> = (0..=1200).map(|k| 0.01 * f64::from(k)).collect();
    let truth = |t: f64| {
        if (1.0..3.0).contains(&t) {
            1.0
        } else if (7.0..9.0).contains(&t) {
            -1.0
        } else {
            0.0
        }
    };
    let acceleration: Vec<f64> = time.iter().map(|t| truth(*t) + 0.03).collect();
    let raw = integrate(&time, &acceleration).unwrap();
    assert!((raw[1200] - 0.36).abs() < 1e-9 && raw[0] == 0.0);
    let velocity = integrate_without_drift(&time, &acceleration).unwrap();
    assert!((velocity.bias - 0.03).abs() < 1e-9 && velocity.values[1200] == 0.0);
    assert!((velocity.values[500] - 2.0).abs() < 1e-9);
    let way = integrate(&time, &velocity.values).unwrap();
    assert!((way[1200] - 12.0).abs() < 1e-6, "{}", way[1200]);
}

#[test]
fn trapezoids_are_exact_for_uneven_lines() {
    let time = [0.0, 0.1, 0.5, 0.6, 1.0];
    let values: Vec<f64> = time.iter().map(|t| 2.0 * t).collect();
    let integral = integrate(&time, &values).unwrap();
    assert!(integral.iter().zip(&time).all(|(value, t)| (value - t * t).abs() < 1e-15));
}

#[test]
fn what_has_no_integral_says_why() {
    let check = |time: &[f64], values: &[f64], plain: &str, without_drift: &str| {
        assert_eq!(integrate(time, values).map_or_else(AnalysisError::kind, |_| "fine"), plain);
        assert_eq!(integrate_without_drift(time, values).map_or_else(AnalysisError::kind, |_| "fine"), without_drift);
    };
    check(&[0.0], &[1.0], "too_few", "too_few");
    check(&[0.0, 1.0], &[1.0], "shape", "shape");
    check(&[1.0, 0.0], &[1.0, 1.0], "unsorted", "unsorted");
    check(&[0.0, 1.0], &[1.0, f64::NAN], "not_finite", "not_finite");
    check(&[0.0, 1.0, 2.0, 3.0, 9.0], &[1.0; 5], "gap", "gap");
    check(&[1.0, 1.0], &[1.0, 1.0], "fine", "too_short");
    check(&[0.0, 1e300], &[1e300, 1e300], "not_finite", "not_finite");
}
