use super::*;

fn close(value: f64, expected: f64) {
    assert!((value - expected).abs() < 5e-5, "{value} instead of {expected}");
}

/// Anscombe's first data set, as every statistics program prints it.
#[test]
fn a_published_regression() {
    let x = [10.0, 8.0, 13.0, 9.0, 11.0, 14.0, 6.0, 4.0, 12.0, 7.0, 5.0];
    let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    let line = line(&x, &y).unwrap();
    close(line.slope.value, 0.50009);
    close(line.slope.uncertainty, 0.11791);
    close(line.intercept.value, 3.00009);
    close(line.intercept.uncertainty, 1.12475);
    close(line.r_squared, 0.66654);
    close(line.residual_sd, 1.23660);
    let ratio = line_through_origin(&x, &y).unwrap();
    close(ratio.slope.value, 0.79680);
    close(ratio.slope.uncertainty, ratio.residual_sd / libm::sqrt(1001.0));
}

#[test]
fn an_exact_line_has_no_error() {
    let x = [1e6, 1e6 + 1.0, 1e6 + 2.0];
    let line = line(&x, &[1.0, 3.0, 5.0]).unwrap();
    assert_eq!((line.slope.value, line.slope.uncertainty, line.r_squared), (2.0, 0.0, 1.0));
    assert_eq!(super::line(&[1.0, 2.0, 3.0], &[4.0, 4.0, 4.0]).unwrap().slope.value, 0.0);
}

#[test]
fn what_has_no_line_says_why() {
    let check = |x: &[f64], y: &[f64], both: &str, origin: &str| {
        assert_eq!(line(x, y).unwrap_err().kind(), both);
        assert_eq!(line_through_origin(x, y).unwrap_err().kind(), origin);
    };
    check(&[], &[], "too_few", "too_few");
    check(&[1.0, 2.0, 3.0], &[1.0], "shape", "shape");
    check(&[0.0; 3], &[1.0, 2.0, 3.0], "constant", "constant");
    check(&[1.0, 2.0, f64::INFINITY], &[1.0, 2.0, 3.0], "not_finite", "not_finite");
    assert_eq!(line(&[1.0, 2.0], &[1.0, 2.0]).unwrap_err().kind(), "too_few");
    assert_eq!(line(&[2.0, 2.0, 2.0], &[1.0, 2.0, 3.0]).unwrap_err().kind(), "constant");
}
