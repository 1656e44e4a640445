use super::*;

#[test]
fn quartiles_are_those_of_spreadsheets() {
    // NumPy 2.3, `quantile(…, method="linear")`.
    let check = |values: &[f64], expected: [f64; 3]| {
        let found = Quartiles::of(values).unwrap();
        assert_eq!([found.first, found.median, found.third], expected, "{values:?}");
    };
    check(&[3.0], [3.0, 3.0, 3.0]);
    check(&[4.0, 1.0, 3.0, 2.0], [1.75, 2.5, 3.25]);
    check(&[1.0, 2.0, 3.0, 4.0, 5.0], [2.0, 3.0, 4.0]);
    check(&[7.0, 15.0, 36.0, 39.0, 40.0, 41.0], [20.25, 37.5, 39.75]);
    assert_eq!(Quartiles::of(&[]), None);
    assert_eq!(Quartiles::of(&[f64::NAN]), None);
}

#[test]
fn whiskers_end_at_values() {
    let box_ = Quartiles::of(&[1.0, 2.0, 3.0, 4.0, 5.0, 20.0]).unwrap();
    assert_eq!((box_.low, box_.high), (1.0, 5.0));
    assert!(box_.outside(20.0) && !box_.outside(5.0));
    let flat = Quartiles::of(&[2.0; 9]).unwrap();
    assert_eq!((flat.low, flat.high), (2.0, 2.0));
}

#[test]
fn who_is_far_away_does_not_stretch_the_axis() {
    assert_eq!(near(&[9.7, 9.8, 9.9, 9.75, 2.43]), Some((9.7, 9.9)));
    assert_eq!(near(&[1.0, 100.0]), Some((1.0, 100.0)), "two are too few to say who is far");
    assert_eq!(near(&[5.0, 5.0, 5.0, 5.0, 6.0]), Some((5.0, 6.0)), "no scatter to judge by");
    assert_eq!(near(&[]), None);
}

#[test]
fn bins_hold_every_value_but_those_far_away() {
    for (count, step) in [(15, 0.013), (30, 0.01), (100, 0.002), (1000, 0.0007)] {
        let mut values: Vec<f64> = (0..count).map(|place| 9.7 + step * f64::from(place * 37 % count)).collect();
        values.push(200.0);
        let edges = edges(&values);
        assert!((3..=30).contains(&edges.len()), "{count}: {edges:?}");
        let (counts, below, above) = super::count(&values, &edges);
        assert_eq!((counts.iter().sum::<u32>(), below, above), (count as u32, 0, 1));
    }
    assert!(edges(&[]).is_empty());
    assert_eq!(super::count(&[3.0; 20], &edges(&[3.0; 20])).0.iter().sum::<u32>(), 20);
}

#[test]
fn a_value_on_an_edge_belongs_to_the_upper_bin_and_on_the_last_to_the_last() {
    assert_eq!(count(&[0.0, 0.1, 0.3, 0.2, -1.0, 9.0], &[0.0, 0.1, 0.2, 0.3]), (vec![1, 1, 2], 1, 1));
    assert_eq!(count(&[1.0], &[]), (vec![], 0, 0));
}

#[test]
fn edges_are_continued_as_far_as_needed() {
    assert_eq!(continued(&[1.0, 2.0, 4.0], (-1.5, 5.0)), [-2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 6.0]);
    assert_eq!(continued(&[1.0, 2.0], (1.2, 1.8)), [1.0, 2.0]);
    assert_eq!(continued(&[1.0], (0.0, 9.0)), [1.0]);
    assert!(continued(&[1.0, 2.0], (-1e300, 1e300)).len() < 200);
}
