use super::*;

/// As R's quantile() and NumPy's percentile() print them.
#[test]
fn definition_seven() {
    let check = |values: &[f64], expected: [f64; 3]| {
        let found = quartiles(values).unwrap();
        let fits = [found.q1, found.median, found.q3].iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12);
        assert!(fits, "{found:?}");
    };
    check(&[1.0, 2.0, 3.0, 4.0], [1.75, 2.5, 3.25]);
    check(&[5.0, 1.0, 3.0, 2.0, 4.0], [2.0, 3.0, 4.0]);
    check(&[7.0], [7.0, 7.0, 7.0]);
    check(&[1.0, 2.0, 4.0, 8.0, 16.0, 32.0], [2.5, 6.0, 14.0]);
    assert_eq!(quantile(&[3.0, 1.0], 0.0).unwrap(), 1.0);
    assert_eq!(quantile(&[3.0, 1.0], 1.0).unwrap(), 3.0);
}

#[test]
fn whiskers_end_at_values() {
    let plot = box_plot(&[1.0, 2.0, 3.0, 4.0, 5.0, 100.0, -90.0]).unwrap();
    assert_eq!((plot.n, plot.low_whisker, plot.high_whisker), (7, 1.0, 5.0));
    assert_eq!(plot.outliers, [-90.0, 100.0]);
    let plot = box_plot(&[4.0; 3]).unwrap();
    assert_eq!((plot.low_whisker, plot.high_whisker, plot.outliers.len()), (4.0, 4.0, 0));
    // The box may end where no value is; a whisker never ends inside it.
    let plot = box_plot(&[0.0, 10.0, 10.0, 1000.0]).unwrap();
    assert!(plot.low_whisker <= plot.quartiles.q1 && plot.high_whisker >= plot.quartiles.q3, "{plot:?}");
}

#[test]
fn what_has_no_quartiles_says_why() {
    assert_eq!(quartiles(&[]).unwrap_err().kind(), "too_few");
    assert_eq!(box_plot(&[1.0, f64::NAN]).unwrap_err().kind(), "not_finite");
    assert_eq!(quantile(&[1.0], 1.5).unwrap_err().kind(), "domain");
    assert_eq!(quantile(&[1.0], f64::NAN).unwrap_err().kind(), "domain");
}
