use super::*;
use crate::analysis::line;

#[test]
fn one_column_is_a_line() {
    let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0], [1.2, 1.9, 3.2, 3.7, 5.4]);
    let (plane, line) = (multiple_regression(&[&x], &y).unwrap(), line(&x, &y).unwrap());
    let alike =
        |one: Estimate, other: Estimate| (one.value - other.value).abs() < 1e-12 && (one.uncertainty - other.uncertainty).abs() < 1e-12;
    assert!(alike(plane.slopes[0], line.slope) && alike(plane.intercept, line.intercept), "{plane:?} {line:?}");
    assert!((plane.r_squared - line.r_squared).abs() < 1e-12 && (plane.residual_sd - line.residual_sd).abs() < 1e-12);
}

#[test]
fn an_exact_plane_is_found() {
    let a = [0.0, 1.0, 2.0, 5.0, 7.0];
    let b = [3.0, -1.0, 4.0, 1.0, 5.0];
    let y: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 10.0 + 2.0 * a - 0.5 * b).collect();
    let plane = multiple_regression(&[&a, &b], &y).unwrap();
    let found = [plane.intercept.value, plane.slopes[0].value, plane.slopes[1].value];
    assert!(found.iter().zip([10.0, 2.0, -0.5]).all(|(found, expected)| (found - expected).abs() < 1e-12), "{found:?}");
}

#[test]
fn what_has_no_plane_says_why() {
    let check = |columns: &[&[f64]], y: &[f64], kind: &str| assert_eq!(multiple_regression(columns, y).unwrap_err().kind(), kind);
    let y = [1.0, 2.0, 3.5, 4.0];
    check(&[], &y, "domain");
    check(&[&[1.0, 2.0]], &[1.0, 2.0], "too_few");
    check(&[&[1.0, 2.0, 3.0]], &y, "shape");
    check(&[&[0.1; 4]], &y, "constant");
    check(&[&[1.0, 2.0, 3.0, 5.0], &[2.0, 4.0, 6.0, 10.0]], &y, "no_fit");
    check(&[&[1.0, 2.0, 3.0, f64::NAN]], &y, "not_finite");
}
