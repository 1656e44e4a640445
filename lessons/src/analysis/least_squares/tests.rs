use super::*;

mod dual;
mod nist;

#[test]
fn a_linear_curve_takes_what_a_line_takes() {
    let x = [0.0, 1.0, 2.0, 3.0, 4.0];
    let y = [1.1, 2.9, 5.2, 6.8, 9.1];
    let fit = least_squares(&y, &[0.0, 0.0], |unknowns, index, slopes| {
        slopes.copy_from_slice(&[x[index], 1.0]);
        unknowns[0] * x[index] + unknowns[1]
    })
    .unwrap();
    let line = crate::analysis::line(&x, &y).unwrap();
    let sd = libm::sqrt(fit.squares / 3.0);
    assert!((fit.unknowns[0] - line.slope.value).abs() < 1e-11 && (fit.unknowns[1] - line.intercept.value).abs() < 1e-11);
    assert!((fit.errors[0] * sd - line.slope.uncertainty).abs() < 1e-11 && (fit.errors[1] * sd - line.intercept.uncertainty).abs() < 1e-11);
    assert!((fit.residuals[0] - (1.1 - line.intercept.value)).abs() < 1e-11);
}

#[test]
fn what_cannot_be_fitted_says_why() {
    let check = |values: &[f64], start: &[f64], kind: &str, curve: fn(&[f64], usize, &mut [f64]) -> f64| {
        assert_eq!(least_squares(values, start, curve).map(|fit| fit.unknowns).unwrap_err().kind(), kind);
    };
    check(&[1.0], &[1.0], "too_few", |unknowns, _, _| unknowns[0]);
    check(&[1.0, 2.0, 3.0], &[1.0], "no_fit", |_, _, _| f64::NAN);
    // Two unknowns of which only the sum matters.
    check(&[1.0, 2.0, 3.0], &[0.0, 0.0], "no_fit", |unknowns, _, slopes| {
        slopes.fill(1.0);
        unknowns[0] + unknowns[1]
    });
}
