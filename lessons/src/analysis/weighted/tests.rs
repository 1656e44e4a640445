use super::*;
use crate::analysis::line;

/// Pearson's data with York's weights for y, as every program for weighted regression is tested with; worked by hand from the
/// normal equations.
#[test]
fn a_published_weighted_regression() {
    let x = [0.0, 0.9, 1.8, 2.6, 3.3, 4.4, 5.2, 6.1, 6.5, 7.4];
    let y = [5.9, 5.4, 4.4, 4.6, 3.5, 3.7, 2.8, 2.8, 2.4, 1.5];
    let w = [1.0, 1.8, 4.0, 8.0, 20.0, 20.0, 70.0, 70.0, 100.0, 500.0];
    let u: Vec<f64> = w.iter().map(|w: &f64| 1.0 / w.sqrt()).collect();
    let line = weighted_line(&x, &y, &u).unwrap();
    // York (1966): y on x with these weights alone.
    assert!((line.slope.value + 0.6108).abs() < 1e-3 && (line.intercept.value - 6.1001).abs() < 1e-2, "{line:?}");
}

#[test]
fn uncertainties_that_are_alike_weigh_alike() {
    let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0], [1.2, 1.9, 3.2, 3.7, 5.4]);
    let plain = line(&x, &y).unwrap();
    // Far too optimistic: the scatter decides, and the errors are those of the plain line.
    let narrow = weighted_line(&x, &y, &[1e-3; 5]).unwrap();
    assert!((narrow.slope.value - plain.slope.value).abs() < 1e-12 && (narrow.slope.uncertainty - plain.slope.uncertainty).abs() < 1e-12);
    assert!((narrow.residual_sd - plain.residual_sd).abs() < 1e-12 && (narrow.r_squared - plain.r_squared).abs() < 1e-12);
    // Far too pessimistic: what was said counts.
    let wide = weighted_line(&x, &y, &[10.0; 5]).unwrap();
    assert!((wide.slope.uncertainty - 10.0 / libm::sqrt(10.0)).abs() < 1e-12, "{wide:?}");
    // A worthless point does nothing.
    let spoilt = weighted_line(&[1.0, 2.0, 3.0, 9.0], &[1.0, 2.0, 3.0, 900.0], &[0.1, 0.1, 0.1, 1e9]).unwrap();
    assert!((spoilt.slope.value - 1.0).abs() < 1e-6);
}

#[test]
fn what_has_no_weighted_line_says_why() {
    let check = |x: &[f64], y: &[f64], u: &[f64], kind: &str| assert_eq!(weighted_line(x, y, u).unwrap_err().kind(), kind);
    check(&[1.0, 2.0], &[1.0, 2.0], &[1.0, 1.0], "too_few");
    check(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], &[1.0, 1.0], "shape");
    check(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], &[1.0, 0.0, 1.0], "domain");
    check(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], &[1.0, -1.0, 1.0], "domain");
    check(&[1.0, 2.0, 3.0], &[1.0, f64::NAN, 3.0], &[1.0; 3], "not_finite");
    check(&[2.0, 2.0, 2.0], &[1.0, 2.0, 3.0], &[1.0; 3], "constant");
}
