use super::*;

fn points(label: &str, x: &[f64], law: impl Fn(f64) -> f64) -> Points {
    Points { label: label.to_owned(), x: x.to_vec(), y: x.iter().map(|x| law(*x)).collect() }
}

/// A small deviation that differs from point to point and adds up to about nothing.
fn off(x: f64) -> f64 {
    0.004 * libm::sin(50.0 * x)
}

const MASSES: [f64; 6] = [0.15, 0.2, 0.25, 0.3, 0.35, 0.4];

#[test]
fn one_law_for_two_classes() {
    let law = |x: f64| 0.97 * x + 0.01 + off(x);
    let (first, second) = ([0.15, 0.25, 0.35, 0.4], [0.2, 0.3, 0.37, 0.45, 0.5]);
    let found = across(&[points("8a", &first, law), points("8b", &second, law)], Some(0.2)).unwrap();
    assert_eq!((found.line.n, found.classes[0].n, found.classes[1].n), (9, 4, 5));
    let [low, high] = found.line.slope_ci95;
    assert!(low < 0.97 && 0.97 < high && high - low < 0.06, "{:?}", found.line);
    let [low, high] = found.line.intercept_ci95;
    assert!(low < 0.01 && 0.01 < high, "{:?}", found.line);
    // Whatever one class lies above the line, the other lies below.
    let above: f64 = found.classes.iter().map(|class| class.above.unwrap() * class.n as f64).sum();
    assert!(above.abs() < 1e-12 && found.classes.iter().all(|class| class.above.unwrap().abs() < 0.003));
    let [slopes] = &found.slopes[..] else { panic!("{:?}", found.slopes) };
    let numbers = slopes.numbers.unwrap();
    let [a, b] = [0, 1].map(|index| found.classes[index].line.unwrap());
    assert_eq!((slopes.verdict, found.corrected), (Verdict::Agree, false));
    assert_eq!(numbers.difference, a.slope - b.slope);
    assert!((numbers.se - libm::hypot(a.slope_se, b.slope_se)).abs() < 1e-12, "{numbers:?}");
    assert!((2.0..=5.0).contains(&numbers.df), "between the smaller class' and the sum of both: {numbers:?}");
}

#[test]
fn another_spring_shows_in_the_slope_and_a_wrong_mass_beside_the_line() {
    let soft = points("8a", &MASSES, |x| 0.97 * x + off(x));
    let hard = points("8b", &MASSES, |x| 0.80 * x + off(x + 0.01));
    let heavier = points("8c", &MASSES, |x| 0.97 * (x + 0.05) + off(x));
    let found = across(&[soft, hard, heavier], None).unwrap();
    let verdict = |a: usize, b: usize| found.slopes.iter().find(|pair| (pair.a, pair.b) == (a, b)).unwrap().verdict;
    assert_eq!([verdict(0, 1), verdict(1, 2)], [Verdict::Differ; 2]);
    assert!(matches!(verdict(0, 2), Verdict::CannotTell { .. }) && found.corrected);
    let above: Vec<f64> = found.classes.iter().map(|class| class.above.unwrap()).collect();
    assert!(above[2] > 0.03 && above[1] < -0.03, "{above:?}");
}

#[test]
fn small_classes_count_without_a_line_of_their_own() {
    let law = |x: f64| 2.0 * x + off(x);
    let same = points("8c", &[0.3; 5], law);
    let found = across(&[points("8a", &MASSES, law), points("8b", &MASSES[..3], law), same, points("8d", &[], law)], None).unwrap();
    assert_eq!(found.line.n, 14);
    let own: Vec<bool> = found.classes.iter().map(|class| class.line.is_some()).collect();
    assert_eq!((own, found.classes[3].above), (vec![true, false, false, false], None));
    assert!(found.slopes.is_empty() && !found.corrected);
    // On a line to the last bit nobody knows how good a slope is.
    let exact = across(&[points("8a", &[0.0, 1.0, 2.0, 3.0], |x| x), points("8b", &[0.0, 1.0, 2.0, 3.0], |x| x)], None).unwrap();
    assert_eq!(exact.slopes[0].verdict, Verdict::NoScatter);
}

#[test]
fn what_has_no_line_says_why() {
    let law = |x: f64| 2.0 * x;
    let check = |classes: &[Points], margin: Option<f64>, kind: &str| assert_eq!(across(classes, margin).unwrap_err().kind(), kind);
    check(&[], None, "too_few");
    check(&[points("8a", &[1.0], law), points("8b", &[2.0], law)], None, "too_few");
    check(&[points("8a", &[1.0; 2], law), points("8b", &[1.0; 3], law)], None, "constant");
    check(&[points("8a", &[1.0, 2.0, f64::NAN], law)], None, "not_finite");
    check(&[Points { label: "8a".to_owned(), x: vec![1.0, 2.0, 3.0], y: vec![1.0] }], None, "shape");
    for margin in [0.0, -1.0, f64::NAN] {
        check(&[points("8a", &MASSES, law)], Some(margin), "domain");
    }
    let many: Vec<Points> = (0..=MOST).map(|index| points(&index.to_string(), &MASSES, law)).collect();
    check(&many, None, "domain");
}
