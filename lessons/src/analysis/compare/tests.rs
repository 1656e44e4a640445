use super::*;

#[test]
fn a_difference_worked_by_hand() {
    // Means 4 and 7, variances 4 and 1, n 4 and 9 by summaries.
    let class = |n, mean, sd| Summary { n, mean, sd };
    let found = welch_from(class(4, 4.0, 2.0), class(9, 7.0, 1.0)).unwrap();
    let (a, b): (f64, f64) = (4.0 / 4.0, 1.0 / 9.0);
    let df = (a + b) * (a + b) / (a * a / 3.0 + b * b / 8.0);
    assert!((found.difference + 3.0).abs() < 1e-15 && (found.se - (a + b).sqrt()).abs() < 1e-15 && (found.df - df).abs() < 1e-12);
    let reach = student_quantile(0.975, df).unwrap() * found.se;
    assert_eq!(found.ci95, (-3.0 - reach, -3.0 + reach));
    assert!((found.p_value().unwrap() - student_p(3.0 / found.se, df).unwrap()).abs() < 1e-15);
}

#[test]
fn equal_classes_are_students_own() {
    let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0], [2.0, 3.0, 4.0, 5.0, 6.0]);
    let found = welch(&a, &b).unwrap();
    assert!((found.difference + 1.0).abs() < 1e-15 && (found.se - 1.0).abs() < 1e-15 && (found.df - 8.0).abs() < 1e-12);
    assert!((welch_p(&a, &b).unwrap() - 0.346_593_507_087_334_2).abs() < 1e-12);
    let reverse = welch(&b, &a).unwrap();
    assert_eq!((reverse.difference, reverse.se), (1.0, found.se));
}

#[test]
fn what_differs_from_pair_to_pair_cancels() {
    let (left, right) = ([0.20, 0.25, 0.31, 0.28], [0.19, 0.235, 0.30, 0.266]);
    let pairs = paired(&left, &right).unwrap();
    assert!((pairs.difference - 0.012_25).abs() < 1e-12 && pairs.df == 3.0 && pairs.ci95.0 > 0.0, "{pairs:?}");
    assert!(welch(&left, &right).unwrap().ci95.0 < 0.0);
}

#[test]
fn many_comparisons_cost() {
    let check = |p: &[f64], expected: &[f64]| {
        let found = holm(p).unwrap();
        assert!(
            found.len() == p.len() && found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-15),
            "{found:?}"
        );
    };
    check(&[0.01, 0.04, 0.03], &[0.03, 0.06, 0.06]);
    check(&[0.5, 0.6], &[1.0, 1.0]);
    check(&[0.02], &[0.02]);
    check(&[], &[]);
    assert_eq!(holm(&[0.1, f64::NAN]).unwrap_err().kind(), "domain");
    assert_eq!(holm(&[1.1]).unwrap_err().kind(), "domain");
}

#[test]
fn what_cannot_be_compared_says_why() {
    let check = |a: &[f64], b: &[f64], of_classes: &str, of_pairs: &str| {
        assert_eq!(welch(a, b).map_or_else(AnalysisError::kind, |_| "fine"), of_classes);
        assert_eq!(paired(a, b).map_or_else(AnalysisError::kind, |_| "fine"), of_pairs);
    };
    check(&[1.0], &[1.0, 2.0], "too_few", "shape");
    check(&[1.0, 1.0], &[2.0, 2.0], "constant", "constant");
    check(&[1.0, 1.0], &[2.0, 3.0], "fine", "fine");
    check(&[1.0, 2.0], &[2.0, 3.0], "fine", "constant");
    check(&[1.0, f64::NAN], &[2.0, 3.0], "not_finite", "not_finite");
    check(&[1e308, -1e308], &[2.0, 3.0], "not_finite", "not_finite");
    let of = |n, sd| Summary { n, mean: 1.0, sd };
    assert_eq!(welch_from(of(1, 1.0), of(5, 1.0)).unwrap_err().kind(), "too_few");
    assert_eq!(welch_from(of(5, -1.0), of(5, 1.0)).unwrap_err().kind(), "domain");
}
