use super::*;

fn passes(values: &[f64], hysteresis: f64, direction: Direction, expected: &[f64]) {
    let time: Vec<f64> = (0..values.len()).map(|k| k as f64).collect();
    let found = crossings(&time, values, 1.0, hysteresis, direction).unwrap();
    let fits = found.len() == expected.len() && found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12);
    assert!(fits, "{found:?} instead of {expected:?}");
}

#[test]
fn passages_are_interpolated() {
    use Direction::{Both, Falling, Rising};
    passes(&[0.0, 2.0, 0.0], 0.0, Both, &[0.5, 1.5]);
    passes(&[0.0, 2.0, 0.0], 0.0, Rising, &[0.5]);
    passes(&[0.0, 4.0, 0.0], 0.0, Falling, &[1.75]);
    passes(&[2.0, 2.0, 0.0], 0.0, Both, &[1.5]);
    passes(&[0.0, 0.5, 0.9], 0.0, Both, &[]);
    // On the level: not yet through, and through at once.
    passes(&[0.0, 1.0, 0.0, 1.0, 2.0], 0.0, Both, &[3.0]);
    passes(&[1.0, 2.0, 1.0, 0.0], 0.0, Both, &[2.0]);
    // Noise about the level, once really through: the last passage on the way.
    passes(&[0.0, 1.1, 0.9, 1.1, 3.0, 1.1, 0.9, -1.0], 1.0, Both, &[2.5, 5.5]);
    passes(&[0.0, 1.2, 0.8, 1.2, 0.8], 1.0, Both, &[]);
}

#[test]
fn what_happens_in_a_gap_is_not_made_up() {
    let time = [0.0, 1.0, 2.0, 3.0, 13.0, 14.0, 15.0];
    assert_eq!(crossings(&time, &[0.0, 0.0, 0.0, 0.0, 2.0, 2.0, 0.0], 1.0, 0.0, Direction::Both).unwrap(), [14.5]);
    let stretch = longest_above(&time, &[2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 0.0], 1.0).unwrap();
    assert_eq!((stretch.start_s, stretch.duration.value, stretch.duration.uncertainty), (0.0, 3.0, 0.0));
}

#[test]
fn the_longest_stretch_wins() {
    let time = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
    let values = [9.0, 1.0, 9.0, 9.0, 1.0, 1.0, 1.0, 9.0];
    let below = longest_below(&time, &values, 5.0).unwrap();
    assert_eq!((below.start_s, below.duration.value), (3.5, 3.0));
    assert!((below.duration.uncertainty - libm::sqrt(2.0 / 12.0)).abs() < 1e-15);
    let above = longest_above(&time, &values, 5.0).unwrap();
    assert_eq!((above.start_s, above.duration.value), (1.5, 2.0));
    // From end to end.
    assert_eq!(longest_above(&time, &values, 0.0).unwrap().duration.value, 7.0);
}

#[test]
fn what_never_passes_says_why() {
    let check = |time: &[f64], values: &[f64], level: f64, hysteresis: f64, passing: &str, staying: &str| {
        assert_eq!(crossings(time, values, level, hysteresis, Direction::Both).map_or_else(AnalysisError::kind, |_| "fine"), passing);
        assert_eq!(longest_above(time, values, level).map_or_else(AnalysisError::kind, |_| "fine"), staying);
    };
    check(&[0.0], &[1.0], 0.0, 0.0, "too_few", "too_few");
    check(&[0.0, 1.0], &[1.0], 0.0, 0.0, "shape", "shape");
    check(&[1.0, 0.0], &[1.0, 2.0], 0.0, 0.0, "unsorted", "unsorted");
    check(&[0.0, 1.0], &[1.0, f64::NAN], 0.0, 0.0, "not_finite", "not_finite");
    check(&[0.0, 1.0], &[1.0, 2.0], f64::INFINITY, 0.0, "domain", "domain");
    check(&[0.0, 1.0], &[1.0, 2.0], 5.0, -1.0, "domain", "no_crossing");
    check(&[0.0, 1.0], &[5.0, 5.0], 5.0, 0.0, "fine", "no_crossing");
}
