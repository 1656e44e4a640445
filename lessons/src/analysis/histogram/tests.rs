use super::*;

fn check(values: &[f64], bins: &Bins, edges: &[f64], counts: &[usize]) {
    let found = histogram(values, bins).unwrap();
    assert_eq!((&found.edges[..], &found.counts[..]), (edges, counts), "{bins:?}");
    assert_eq!(found.counts.iter().sum::<usize>() + found.below + found.above, values.len());
}

#[test]
fn edges_are_round() {
    let class = [9.62, 9.71, 9.74, 9.78, 9.79, 9.81, 9.82, 9.84, 9.9, 10.01];
    check(&class, &Bins::Automatic, &[9.6, 9.7, 9.8, 9.9, 10.0, 10.1], &[1, 4, 3, 1, 1]);
    check(&class, &Bins::Count(8), &[9.6, 9.65, 9.7, 9.75, 9.8, 9.85, 9.9, 9.95, 10.0, 10.05], &[1, 0, 2, 2, 3, 0, 1, 0, 1]);
    check(&class, &Bins::Width(0.25), &[9.5, 9.75, 10.0, 10.25], &[3, 6, 1]);
    check(&class, &Bins::Edges(vec![9.7, 9.8, 9.9]), &[9.7, 9.8, 9.9], &[4, 4]);
    check(
        &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
        &Bins::Width(0.1),
        &[0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6000000000000001],
        &[1, 2, 0, 1, 2],
    );
    check(&[1.0, 2.0, 3.0, 4.0], &Bins::Count(3), &[1.0, 2.0, 3.0, 4.0], &[1, 1, 2]);
    check(&[-3e6, 7e6], &Bins::Count(4), &[-4e6, -2e6, 0.0, 2e6, 4e6, 6e6, 8e6], &[1, 0, 0, 0, 0, 1]);
}

#[test]
fn equal_values_are_in_one_bin() {
    for value in [0.0, 9.81, -5.0, 1e-9, 3e20] {
        for bins in [Bins::Automatic, Bins::Count(7)] {
            let found = histogram(&[value; 12], &bins).unwrap();
            assert_eq!(found.counts.iter().copied().max(), Some(12), "{found:?}");
            assert!(found.counts.len() <= 2 && found.edges[0] <= value && found.edges[found.edges.len() - 1] >= value, "{found:?}");
        }
    }
    // Sturges: more than half are equal.
    let mut values = vec![5.0; 20];
    values.extend([1.0, 2.0, 8.0]);
    assert_eq!(histogram(&values, &Bins::Automatic).unwrap().edges, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
}

#[test]
fn one_outlier_does_not_make_a_thousand_bins() {
    let mut values: Vec<f64> = (0..30).map(|k| 9.7 + 0.01 * f64::from(k)).collect();
    values.push(1e5);
    assert!(histogram(&values, &Bins::Automatic).unwrap().counts.len() <= 102);
}

#[test]
fn what_cannot_be_counted_says_why() {
    let check = |values: &[f64], bins: Bins, kind: &str| assert_eq!(histogram(values, &bins).unwrap_err().kind(), kind);
    check(&[], Bins::Automatic, "too_few");
    check(&[1.0, f64::NAN], Bins::Automatic, "not_finite");
    check(&[-1e308, 1e308], Bins::Automatic, "not_finite");
    check(&[1.0, 2.0], Bins::Count(0), "domain");
    check(&[1.0, 2.0], Bins::Count(101), "domain");
    check(&[1.0, 2.0], Bins::Width(0.0), "domain");
    check(&[1.0, 2.0], Bins::Width(1e-6), "domain");
    // Bins that the values' own digits do not tell apart: adding one to such a quotient is endless.
    check(&[1e16, 1e16 + 2.0], Bins::Width(1e-3), "domain");
    check(&[1e300, 1e300], Bins::Width(1.0), "domain");
    check(&[-1e300, 1.0], Bins::Width(1.0), "domain");
    check(&[1.0, 2.0], Bins::Edges(vec![1.0]), "too_few");
    check(&[1.0, 2.0], Bins::Edges(vec![1.0, 1.0]), "domain");
    check(&[1.0, 2.0], Bins::Edges(vec![1.0, f64::INFINITY]), "not_finite");
}
