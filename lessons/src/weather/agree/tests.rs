use super::*;

fn series(values: &[f64]) -> Vec<(Micros, f64)> {
    values.iter().enumerate().map(|(at, value)| (at as Micros, *value)).collect()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "{found} {expected}");
}

#[test]
fn only_times_that_both_have_are_pairs() {
    let found = pairs(&[(1, 1.0), (2, 2.0), (4, 4.0)], &[(0, 9.0), (2, 3.0), (3, 9.0), (4, 5.0), (5, 9.0)]);
    assert_eq!(found, [Pair { at: 2, a: 2.0, b: 3.0 }, Pair { at: 4, a: 4.0, b: 5.0 }]);
    assert_eq!(pairs(&[], &[(1, 1.0)]), []);
}

#[test]
fn bias_rmse_and_correlation_are_those_worked_out_by_hand() {
    // Differences 1, 0, 3, 0: mean 1, squares 10/4, about the mean 6/3. Means 2.5 and 3.5; sums of products 4.5+... by hand:
    // a' = -1.5 -0.5 0.5 1.5, b' = -1.5 -1.5 2.5 0.5: ab 5, aa 5, bb 11.
    let found = agreement(&pairs(&series(&[1.0, 2.0, 3.0, 4.0]), &series(&[2.0, 2.0, 6.0, 4.0])), false).unwrap();
    assert_eq!((found.n, found.mean_a, found.mean_b, found.bias), (4, Some(2.5), Some(3.5), 1.0));
    near(found.rmse, 2.5f64.sqrt());
    near(found.sd.unwrap(), 2f64.sqrt());
    near(found.correlation.unwrap(), 5.0 / 55f64.sqrt());
    assert_eq!(agreement(&[], false).unwrap_err().kind(), "too_few");
    assert_eq!(agreement(&[Pair { at: 0, a: f64::NAN, b: 1.0 }], false).unwrap_err().kind(), "not_finite");
    let constant = agreement(&pairs(&series(&[1.0, 1.0, 1.0]), &series(&[1.0, 2.0, 3.0])), false).unwrap();
    assert_eq!((constant.correlation, constant.bias), (None, 1.0));
}

#[test]
fn directions_differ_by_the_shorter_way() {
    let found = agreement(&pairs(&series(&[350.0, 10.0]), &series(&[10.0, 350.0])), true).unwrap();
    assert_eq!((found.bias, found.rmse, found.correlation, found.mean_a), (0.0, 20.0, None, None));
}

#[test]
fn a_series_that_follows_later_is_found_by_its_lag() {
    let day = |at: i32| libm::sin(f64::from(at) * std::f64::consts::TAU / 24.0) + 0.3 * libm::sin(f64::from(at) * 0.9);
    let hours = |late: i32| (0..240).map(|at| (Micros::from(at), day(at - late))).collect::<Vec<_>>();
    for late in [-5, 0, 3] {
        let found = lag(&hours(0), &hours(late), 1, 6).unwrap();
        assert_eq!((found.steps, found.n), (late, 240 - late.unsigned_abs() as usize));
        near(found.correlation, 1.0);
    }
    // With every seventh hour missing it is the same.
    let mut holes = hours(3);
    holes.retain(|(at, _)| at % 7 != 0);
    assert_eq!(lag(&hours(0), &holes, 1, 6).unwrap().steps, 3);
    assert_eq!(lag(&series(&[1.0; 100]), &series(&[1.0; 100]), 1, 6), None);
    assert_eq!(lag(&hours(0)[..40], &hours(0), 1, 6), None);
}
