use super::*;

#[test]
fn an_exact_curve_is_found() {
    let check = |degree: usize, low: f64, high: f64, coefficients: &[f64]| {
        let x: Vec<f64> = (0..30).map(|k| low + (high - low) * f64::from(k) / 29.0).collect();
        let y: Vec<f64> = x.iter().map(|x| coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)).collect();
        let curve = polynomial(&x, &y, degree).unwrap();
        for (found, expected) in curve.coefficients.iter().zip(coefficients) {
            assert!((found.value - expected).abs() < 1e-8 * (1.0 + expected.abs()), "{curve:?}");
        }
        assert!((curve.at(x[7]) - y[7]).abs() < 1e-9 * (1.0 + y[7].abs()) && curve.r_squared > 1.0 - 1e-12);
    };
    check(1, 0.0, 1.0, &[1.0, 2.0]);
    check(2, 0.0, 0.7, &[2.0, 0.1, -4.905]);
    check(2, 20.0, 25.0, &[7.0, -3.0, 0.5]);
    check(10, -1.0, 1.0, &[1.0, -2.0, 3.0, -4.0, 5.0, -6.0, 7.0, -8.0, 9.0, -10.0, 11.0]);
}

#[test]
fn a_parabola_is_the_line_of_the_degree_two() {
    let t = [0.0, 0.1, 0.2, 0.3, 0.4];
    let s = [0.001, 0.048, 0.197, 0.440, 0.786];
    let fall = parabola(&t, &s).unwrap();
    assert_eq!(fall.coefficients.len(), 3);
    // With even times c₂ is Σ(2, -1, -2, -1, 2)·s/(14·Δt²).
    assert!((2.0 * fall.coefficients[2].value - 9.885714285714286).abs() < 1e-11, "{fall:?}");
    assert!(fall.coefficients[2].uncertainty > 0.0 && fall.residual_sd < 2e-3);
}

#[test]
fn what_has_no_polynomial_says_why() {
    let check = |x: &[f64], y: &[f64], degree: usize, kind: &str| assert_eq!(polynomial(x, y, degree).unwrap_err().kind(), kind);
    check(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], 2, "too_few");
    check(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], 0, "domain");
    check(&[1.0; 20], &[1.0; 20], 11, "domain");
    check(&[1.0; 5], &[1.0, 2.0, 3.0, 4.0, 5.0], 2, "constant");
    check(&[1.0, 1.0, 2.0, 2.0, 1.0], &[1.0, 2.0, 3.0, 4.0, 5.0], 2, "no_fit");
    check(&[1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, 3.0], 2, "shape");
    check(&[1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, 3.0, f64::INFINITY], 2, "not_finite");
    assert!(parabola(&[0.0, 1.0, 2.0, 3.0], &[5.0; 4]).unwrap().coefficients[2].value.abs() < 1e-12);
}
