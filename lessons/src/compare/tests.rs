use super::*;
use crate::template::Version;

mod many;
mod schools;

fn sample(label: &str, evidence: Evidence) -> Sample {
    let version = Version { major: 1, minor: 0, patch: 0 };
    let (template, outcome, unit) = ("pendulum".to_owned(), "g".to_owned(), "m/s2".to_owned());
    Sample { label: label.to_owned(), template, version, outcome, unit, evidence, excluded: vec![] }
}

fn singles(label: &str, values: &[f64]) -> Sample {
    sample(label, Evidence::Singles(values.to_vec()))
}

fn margin(value: f64) -> Margin {
    Margin { value, unit: "m/s2".to_owned(), why: None }
}

fn summary(n: usize, mean: f64, sd: f64) -> Evidence {
    Evidence::Summary(Summary { n, mean, sd, histogram: None })
}

fn only(comparison: &Comparison) -> (Pair, Numbers) {
    let [pair] = &comparison.pairs[..] else { panic!("{:?}", comparison.pairs) };
    (pair.clone(), pair.numbers.unwrap())
}

/// Student's own data (Biometrika 6, 1 (1908)): hours of sleep gained with two drugs, as R's `t.test(extra ~ group, sleep)` and the
/// same with `paired = TRUE` print them.
#[test]
fn students_sleep() {
    let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    let near = |found: f64, expected: f64| assert!((found - expected).abs() <= 5e-6 + 5e-5 * expected.abs(), "{found}, not {expected}");
    let (pair, welch) = only(&compare(&[singles("1", &first), singles("2", &second)], None).unwrap());
    assert_eq!((pair.method, pair.pairs), (Method::Welch, None));
    near(welch.difference, -1.58);
    near(welch.difference / welch.se, -1.8608);
    near(welch.df, 17.776);
    near(welch.p, 0.07939);
    near(welch.ci95[0], -3.365_483_2);
    near(welch.ci95[1], 0.205_483_2);
    assert_eq!((welch.interval, welch.p_holm), (welch.ci95, welch.p), "one pair is not corrected");

    let named = |values: &[f64]| Evidence::Named(values.iter().enumerate().map(|(who, value)| (who.to_string(), *value)).collect());
    let (pair, paired) = only(&compare(&[sample("1", named(&first)), sample("2", named(&second))], None).unwrap());
    assert_eq!((pair.method, pair.pairs, pair.verdict), (Method::Paired, Some(10), Verdict::Differ));
    near(paired.difference / paired.se, -4.0621);
    assert_eq!(paired.df, 9.0);
    near(paired.p, 0.002833);
    near(paired.ci95[0], -2.459_885_8);
    near(paired.ci95[1], -0.700_114_2);
    // Aggregates tell as much as single results.
    let aggregates = [("1", &first), ("2", &second)].map(|(label, values)| {
        let of = Evidence::Singles(values.to_vec()).summary();
        sample(label, Evidence::Summary(of))
    });
    assert_eq!(only(&compare(&aggregates, None).unwrap()).1, welch);
    assert_eq!(only(&compare(&[aggregates[0].clone(), singles("2", &second)], None).unwrap()).1, welch);
}

/// Verdicts by the interval and δ; n = 25 and sd = 1 make it the difference ± 0.569.
#[test]
fn the_interval_and_the_margin_decide() {
    let check = |difference: f64, delta: Option<f64>, expected: Verdict| {
        let samples = [sample("8a", summary(25, 9.8 + difference, 1.0)), sample("8b", summary(25, 9.8, 1.0))];
        let verdict = |samples: &[Sample]| only(&compare(samples, delta.map(margin).as_ref()).unwrap()).0.verdict;
        assert_eq!(verdict(&samples), expected, "{difference} with {delta:?}");
        let [a, b] = samples;
        assert_eq!(verdict(&[b, a]), expected, "turned round");
    };
    let cannot_tell = |groups_needed: Option<usize>| Verdict::CannotTell { groups_needed };
    check(0.7, None, Verdict::Differ);
    check(-0.7, Some(0.1), Verdict::Differ);
    check(0.7, Some(1.2), Verdict::Differ);
    check(0.7, Some(1.3), Verdict::DifferButLittle);
    check(-0.7, Some(1.3), Verdict::DifferButLittle);
    check(0.2, Some(0.8), Verdict::Agree);
    check(0.0, Some(0.6), Verdict::Agree);
    // From (1.96 + 0.84)² · 2 / 0.5²: 63 find it in four of five cases, and a little more for Student's t.
    check(0.5, None, cannot_tell(Some(65)));
    check(0.5, Some(0.6), cannot_tell(Some(65)));
    // Within ±0.7 once half the width is below 0.5: as many.
    check(0.2, Some(0.7), cannot_tell(Some(65)));
    check(0.2, None, cannot_tell(Some(400)));
    check(0.001, None, cannot_tell(None));
    check(0.0, None, cannot_tell(None));
    // A difference that nobody ever finds is no obstacle to agreement.
    check(0.001, Some(0.3), cannot_tell(Some(200)));
}

#[test]
fn as_many_groups_as_said_do_settle_it() {
    for (difference, delta) in [(0.5, None), (0.3, Some(0.4)), (0.05, Some(0.4)), (-0.2, Some(0.4))] {
        let verdict = |n: usize| {
            let samples = [sample("8a", summary(n, 9.8 + difference, 1.3)), sample("8b", summary(n, 9.8, 0.4))];
            only(&compare(&samples, delta.map(margin).as_ref()).unwrap()).0.verdict
        };
        let Verdict::CannotTell { groups_needed: Some(needed) } = verdict(8) else { panic!("{:?}", verdict(8)) };
        assert!(!matches!(verdict(needed), Verdict::CannotTell { .. }), "{difference} {delta:?}: {needed}");
        // Half as many would do if the next difference were just this one, which it is not.
        assert!(matches!(verdict(needed * 2 / 5), Verdict::CannotTell { .. }), "{difference} {delta:?}: far fewer than {needed}");
    }
}

#[test]
fn who_has_too_little_is_not_judged() {
    let three = [9.7, 9.8, 9.9];
    let check = |a: Evidence, b: Evidence, expected: Verdict| {
        let pair = compare(&[sample("8a", a), sample("8b", b)], Some(&margin(0.1))).unwrap().pairs.remove(0);
        assert_eq!((pair.verdict, pair.numbers), (expected, None));
    };
    let of = |values: &[f64]| Evidence::Singles(values.to_vec());
    let named = |values: &[(&str, f64)]| Evidence::Named(values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect());
    check(of(&three), of(&[9.8, 9.9]), Verdict::TooFew);
    check(of(&[]), of(&three), Verdict::TooFew);
    check(of(&three), summary(2, 9.8, 0.1), Verdict::TooFew);
    check(summary(0, 0.0, 0.0), of(&three), Verdict::TooFew);
    let place = [("roof 14", 1.0), ("roof 15", 2.0), ("roof 16", 3.0), ("roof 17", 2.5)];
    check(named(&place), named(&[("roof 14", 1.1), ("roof 15", 2.0)]), Verdict::TooFew);
    // Two pairs are too few, four results each are not: then the means decide, as if there were no names.
    let elsewhere = [("roof 14", 1.1), ("roof 15", 2.0), ("yard 16", 3.0), ("yard 17", 2.0)];
    let (pair, by_means) = only(&compare(&[sample("8a", named(&place)), sample("8b", named(&elsewhere))], None).unwrap());
    let unnamed = [place, elsewhere].map(|values| of(&values.map(|(_, value)| value)));
    let [a, b] = unnamed;
    assert_eq!((pair.method, pair.pairs), (Method::Welch, Some(2)));
    assert_eq!(only(&compare(&[sample("8a", a), sample("8b", b)], None).unwrap()).1, by_means);
    // Several groups at one place count as their mean there, and each of them as a result.
    let twice: Vec<_> = place.iter().map(|(name, value)| (*name, value + 0.5)).chain([("roof 14", 1.7), ("roof 17", 2.7)]).collect();
    let comparison = compare(&[sample("8a", named(&place)), sample("8b", named(&twice))], None).unwrap();
    let (pair, numbers) = only(&comparison);
    assert_eq!((pair.method, pair.pairs, comparison.classes[1].n), (Method::Paired, Some(4), 6));
    assert!((numbers.difference + (0.6 + 0.5 + 0.5 + 0.35) / 4.0).abs() < 1e-12, "{numbers:?}");
    check(of(&[5.0; 4]), of(&[5.0; 3]), Verdict::NoScatter);
    check(of(&[0.1; 7]), of(&[0.3; 7]), Verdict::NoScatter);
    let warmer = place.map(|(name, value)| (name, value + 0.5));
    check(named(&place), named(&warmer), Verdict::NoScatter);
    // One that scatters is enough, and three of each.
    let comparison = compare(&[singles("8a", &three), singles("8b", &[9.0; 3])], None).unwrap();
    let (pair, numbers) = only(&comparison);
    assert_eq!((pair.verdict, numbers.df), (Verdict::Differ, 2.0));
    let said = comparison.words().assumptions;
    assert!(said.iter().any(|text| text.de.contains("In „8b“ sind alle Ergebnisse gleich")), "{said:?}");
}

#[test]
fn units_differ_and_verdicts_do_not() {
    let a = singles("8a", &[9.70, 9.85, 9.78, 9.91]);
    let b = singles("8b", &[9.95, 10.05, 9.87, 10.15]);
    let in_cm = Sample { unit: "cm/s2".to_owned(), ..singles("8b", &[995.0, 1005.0, 987.0, 1015.0]) };
    let delta = margin(0.1);
    let (plain, mixed) = (compare(&[a.clone(), b], Some(&delta)).unwrap(), compare(&[a.clone(), in_cm.clone()], Some(&delta)).unwrap());
    let ((pair, numbers), (same, converted)) = (only(&plain), only(&mixed));
    assert_eq!((pair.verdict, same.verdict), (Verdict::Differ, Verdict::Differ));
    assert!((numbers.difference - converted.difference).abs() < 1e-12 && (numbers.df - converted.df).abs() < 1e-9);
    assert_eq!((mixed.unit.as_str(), mixed.classes[1].recorded_unit.as_str()), ("m/s2", "cm/s2"));
    let turned = compare(&[in_cm, a], Some(&delta)).unwrap();
    assert_eq!((turned.unit.as_str(), turned.margin.as_ref().map(|margin| margin.value)), ("cm/s2", Some(10.0)));
    assert!((only(&turned).1.difference - 22.0 + 2.5).abs() < 1e-9, "{turned:?}");
}

#[test]
fn what_does_not_compare_is_refused() {
    let of = |label: &str| singles(label, &[9.7, 9.8, 9.9]);
    let check = |samples: &[Sample], delta: Option<Margin>, kind: &str| {
        let refusal = compare(samples, delta.as_ref()).unwrap_err();
        assert_eq!(refusal.kind(), kind);
        assert!(!refusal.text().de.is_empty() && refusal.text().en == refusal.to_string());
    };
    check(&[], None, "count");
    check(&[of("8a")], None, "count");
    let many: Vec<Sample> = (0..=MOST).map(|index| of(&index.to_string())).collect();
    check(&many, None, "count");
    assert!(compare(&many[..MOST], None).is_ok());
    check(&[of("8a"), of("8b"), of("8a")], None, "same_label");
    check(&[of("8a"), of("8b"), Sample { template: "spring".to_owned(), ..of("8c") }], None, "template");
    check(&[of("8a"), singles("8b", &[f64::NAN; 3])], None, "not_results");
    check(&[singles("8a", &[f64::INFINITY; 3]), of("8b")], None, "not_results");
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        check(&[of("8a"), of("8b")], Some(margin(value)), "margin");
    }
    check(&[of("8a"), of("8b")], Some(Margin { unit: "s".to_owned(), ..margin(0.1) }), "unit");
}
