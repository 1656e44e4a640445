use super::*;

fn sample(label: &str, evidence: Evidence) -> Sample {
    let version = Version { major: 1, minor: 2, patch: 0 };
    let (template, outcome, unit) = ("pendulum".to_owned(), "g".to_owned(), "m/s2".to_owned());
    Sample { label: label.to_owned(), template, version, outcome, unit, evidence, excluded: vec![] }
}

#[test]
fn only_like_is_put_beside_like() {
    let a = sample("8a", Evidence::Singles(vec![9.8, 9.9, 9.7]));
    let check = |change: fn(&mut Sample), kind: Option<&str>, de: &str, en: &str| {
        let mut b = Sample { label: "8b".to_owned(), ..a.clone() };
        change(&mut b);
        let refusal = comparable(&a, &b).err();
        assert_eq!(refusal.as_ref().map(Refusal::kind), kind);
        let Some(refusal) = refusal else { return };
        let text = refusal.text();
        assert!(text.de.contains(de) && text.en.contains(en) && text.de.contains("8b"), "{text:?}");
        assert_eq!(refusal.to_string(), text.en);
        // Whoever is asked first.
        assert_eq!(comparable(&b, &a).unwrap_err().kind(), refusal.kind());
    };
    check(|_| {}, None, "", "");
    check(|b| b.version.minor = 7, None, "", "");
    check(|b| b.unit = "cm/s2".to_owned(), None, "", "");
    check(|b| b.template = "spring".to_owned(), Some("template"), "derselben Vorlage", "same template");
    check(|b| b.version.major = 2, Some("version"), "Version 1.2.0", "version 1.2.0");
    check(|b| b.outcome = "T".to_owned(), Some("outcome"), "(g und T)", "(g and T)");
    check(|b| b.unit = "m/s".to_owned(), Some("unit"), "nicht in m/s", "does not convert");
}

#[test]
fn a_summary_says_what_the_results_say() {
    let singles = Evidence::Singles(vec![2.0, 4.0, 6.0]).summary();
    assert_eq!((singles.n, singles.mean, singles.sd), (3, 4.0, 2.0));
    let named = Evidence::Named(vec![("a".to_owned(), 2.0), ("b".to_owned(), 4.0)]).summary();
    assert_eq!((named.n, named.mean, named.sd), (2, 3.0, libm::sqrt(2.0)));
    // A sum of tenths is rounded; equal results scatter by nothing all the same.
    let equal = Evidence::Singles(vec![0.1; 7]).summary();
    assert_eq!((equal.n, equal.mean, equal.sd), (7, 0.1, 0.0));
    for few in [Evidence::Singles(vec![]), Evidence::Singles(vec![5.0])] {
        assert_eq!(few.summary().sd, 0.0);
    }
}

#[test]
fn units_change_values_and_scatter_alike() {
    let in_cm = |evidence: Evidence| sample("8a", evidence).in_unit("cm/s2").unwrap();
    assert_eq!(in_cm(Evidence::Singles(vec![9.0, 10.0])).evidence, Evidence::Singles(vec![900.0, 1000.0]));
    let histogram = Some(Histogram { edges: vec![10.0], counts: vec![3, 2] });
    let summary = in_cm(Evidence::Summary(Summary { n: 5, mean: 10.0, sd: 0.5, histogram })).evidence;
    let histogram = Some(Histogram { edges: vec![1000.0], counts: vec![3, 2] });
    assert_eq!(summary, Evidence::Summary(Summary { n: 5, mean: 1000.0, sd: 50.0, histogram }));
}

#[test]
fn numbers_that_no_class_found_are_refused() {
    let check = |evidence: Evidence| assert_eq!(sample("8a", evidence).in_unit("m/s2").unwrap_err().kind(), "not_results");
    let summary = |n: usize, mean: f64, sd: f64, histogram: Option<Histogram>| Evidence::Summary(Summary { n, mean, sd, histogram });
    check(Evidence::Singles(vec![9.8, f64::NAN, 9.7]));
    check(Evidence::Singles(vec![1e300, -1e300, 1e300]));
    check(Evidence::Named(vec![("roof".to_owned(), 1.0), ("yard".to_owned(), f64::NAN)]));
    check(summary(5, f64::INFINITY, 0.1, None));
    check(summary(5, 9.8, -0.1, None));
    check(summary(1, 9.8, 0.1, None));
    let cells = |edges: &[f64], counts: &[u32]| summary(5, 9.8, 0.1, Some(Histogram { edges: edges.to_vec(), counts: counts.to_vec() }));
    check(cells(&[], &[4]));
    check(cells(&[9.0], &[5]));
    check(cells(&[10.0, 9.0], &[5, 0, 0]));
    check(cells(&[f64::NAN], &[5, 0]));
    check(cells(&[9.0], &[u32::MAX, 6]));
    assert!(sample("8a", cells(&[9.7], &[0, 5])).in_unit("m/s2").is_ok() && sample("8a", cells(&[], &[5])).in_unit("m/s2").is_ok());
}
