use super::*;

fn check(x: &[f64], y: &[f64], range: (f64, f64), expected: &[(f64, f64)]) {
    let (lags, values) = autocorrelation(x, y, range.0, range.1).unwrap();
    assert_eq!(lags.len(), expected.len());
    for (index, (lag, value)) in expected.iter().enumerate() {
        assert!((lags[index] - lag).abs() < 1e-12 && (values[index] - value).abs() < 1e-12, "{lags:?} {values:?}");
    }
}

#[test]
fn same_as_the_phone() {
    let x = [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75];
    let y = [1.0, 2.0, 1.0, 0.0, -1.0, -2.0, -1.0, 0.0];
    check(&x, &y, (0.25, 1.0), &[(0.25, 8.0 / 7.0), (0.5, 1.0 / 6.0), (0.75, -0.8), (1.0, -1.5)]);
    check(&x, &y, (0.0, 0.1), &[(0.0, 1.5)]);
    check(&x, &y, (1.6, 9.0), &[(1.75, 0.0)]);
    check(&x, &y, (9.0, 10.0), &[]);
    check(&[5.0, 6.0], &[3.0, 3.0], (0.0, 1.0), &[(0.0, 9.0), (1.0, 9.0)]);
}

#[test]
fn what_cannot_be_correlated_says_why() {
    let check = |x: &[f64], y: &[f64], kind: &str| assert_eq!(autocorrelation(x, y, 0.0, 1.0).unwrap_err().kind(), kind);
    check(&[], &[], "too_few");
    check(&[0.0, 1.0], &[1.0], "shape");
    check(&[0.0, 1.0], &[1.0, f64::NAN], "not_finite");
    check(&[1.0, 0.0], &[1.0, 2.0], "unsorted");
}
