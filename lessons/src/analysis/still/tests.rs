use super::*;

/// 10 readings per second; each pair is seconds and unrest.
fn recording(parts: &[(f64, f64)]) -> (Vec<f64>, Vec<f64>) {
    let mut values = vec![];
    for (seconds, unrest) in parts {
        let count = (10.0 * seconds) as i32;
        values.extend((0..count).map(|i| 9.81 + unrest * libm::sin(f64::from(i * i))));
    }
    ((0..values.len()).map(|i| i as f64 / 10.0).collect(), values)
}

fn check(parts: &[(f64, f64)], expected: Result<(usize, usize), &str>) {
    let (time, values) = recording(parts);
    let found = longest_still(&time, &values, 0.1).map(|still| (still.first, still.end));
    assert_eq!(found.map_err(AnalysisError::kind), expected, "{parts:?}");
}

#[test]
fn the_longest_quiet_time_counts() {
    check(&[(10.0, 0.005)], Ok((0, 100)));
    check(&[(10.0, 0.0)], Ok((0, 100)));
    check(&[(2.0, 3.0), (10.0, 0.005), (1.0, 3.0)], Ok((20, 120)));
    check(&[(3.0, 0.005), (1.0, 3.0), (6.0, 0.005)], Ok((40, 100)));
    // Of equals the first.
    check(&[(3.0, 0.005), (1.0, 3.0), (3.0, 0.005)], Ok((0, 30)));
    // Somebody leans on the table: quiet by the limit, but five times livelier than the rest.
    check(&[(6.0, 0.004), (3.0, 0.08)], Ok((0, 60)));
    check(&[(5.0, 3.0)], Err("never_still"));
}

#[test]
fn what_cannot_be_judged_says_why() {
    let check = |time: &[f64], max_sd: f64, kind: &str| {
        let values = vec![1.0; time.len()];
        assert_eq!(longest_still(time, &values, max_sd).unwrap_err().kind(), kind);
    };
    check(&[], 0.1, "too_few");
    check(&[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.5], 0.1, "unsorted");
    check(&[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, f64::NAN], 0.1, "not_finite");
    check(&[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], 0.0, "domain");
}
