//! What is not released, and what is not believed.

use super::*;

#[test]
fn what_the_template_or_the_class_does_not_allow() {
    let build = |results: &[f64], singles, rules| Release::build(&measured(results), wish(singles), rules).unwrap_err();
    assert_eq!(build(&CLASS, false, Rules { aggregates: false, ..RULES }), ReleaseError::NotAllowed);
    assert_eq!(build(&CLASS, true, Rules { singles: false, ..RULES }), ReleaseError::SinglesNotAllowed);
    assert_eq!(build(&CLASS[..4], false, RULES), ReleaseError::TooFew { n: 4, k: 5 });
    assert_eq!(build(&CLASS, false, Rules { k: 13, ..RULES }), ReleaseError::TooFew { n: 12, k: 13 });
    // A template cannot allow less than five.
    assert_eq!(build(&CLASS[..4], true, Rules { k: 1, ..RULES }), ReleaseError::TooFew { n: 4, k: 5 });
    for wrong in [f64::NAN, f64::INFINITY, 1e300] {
        let mut class = CLASS;
        class[3] = wrong;
        assert_eq!(build(&class, false, RULES), ReleaseError::NotNumbers, "{wrong}");
    }
}

#[test]
fn names_that_are_none() {
    for label in ["", " ", " 9b", "a\nb", "a\u{0}b", "\u{202e}b9", "\u{200b}", &"x".repeat(61)] {
        let named = Wish { source: Origin { label: label.to_owned(), region: None }, ..wish(false) };
        let refused = Release::build(&measured(&CLASS), named, RULES).unwrap_err();
        assert_eq!(refused, ReleaseError::Name { field: "label" }, "{label:?}");
    }
    let named = Wish { source: Origin { label: "ä".repeat(60), region: Some(String::new()) }, ..wish(false) };
    assert_eq!(Release::build(&measured(&CLASS), named, RULES), Err(ReleaseError::Name { field: "region" }));
}

/// A change to a true Release, and what the refusal says.
type Case = (fn(&mut Release), &'static str);

#[test]
fn a_strangers_release_that_cannot_be_true() {
    let values: Vec<f64> = (0..40).map(|n| 9.6 + 0.01 * f64::from(n)).collect();
    let good = release(&values, true).unwrap();
    let now = good.week.begins();
    assert_eq!(good.check(now), Ok(()));
    let cases: &[Case] = &[
        (|r| r.format = 2, "format 2"),
        (|r| r.k = 4, "k = 4"),
        (|r| r.week = "2026-W50".parse().unwrap(), "clock"),
        (|r| r.n = 41, "do not add up"),
        (|r| r.n = 4, "n is below k"),
        (|r| r.n = u32::MAX, "n is below k, or larger"),
        (|r| r.histogram.counts[0] = u32::MAX, "do not add up"),
        (
            |r| (r.histogram.counts[0], r.histogram.counts[1]) = (1, r.histogram.counts[0] + r.histogram.counts[1] - 1),
            "fewer results than k",
        ),
        (|r| _ = r.histogram.edges.pop(), "one count more"),
        (|r| r.histogram.edges.swap(0, 1), "do not rise"),
        (|r| r.histogram.edges[0] = f64::NAN, "do not rise"),
        (|r| r.histogram.edges[2] = 50.0, "farther from the mean"),
        (
            |r| {
                r.histogram.edges.insert(0, 9.5);
                r.histogram.counts.insert(0, 0);
            },
            "open cell",
        ),
        (|r| r.sd = -0.1, "negative"),
        (|r| r.sd = f64::NAN, "no number"),
        (|r| r.sd = 1e200, "no number"),
        (|r| r.sd = 0.0, "no scatter"),
        (|r| r.mean = f64::INFINITY, "no number"),
        (|r| r.mean = 1e200, "no number"),
        (|r| r.resolution = -1.0, "resolution"),
        (|r| r.resolution = 1.0, "resolution"),
        (|r| r.quartiles = Some([9.9, 9.8, 9.7]), "quartiles do not rise"),
        (|r| r.quartiles = Some([f64::NAN; 3]), "quartiles do not rise"),
        (|r| r.quartiles = Some([-90.0, 9.8, 9.9]), "quartile lies farther"),
        (|r| r.k = 11, "fewer results than k"),
        (|r| r.excluded = AboutSoMany { from: 2, to: 2 }, "left out"),
        (|r| r.excluded = AboutSoMany { from: 0, to: 3 }, "left out"),
        (|r| _ = r.singles.as_mut().unwrap().pop(), "not n single results"),
        (|r| r.singles.as_mut().unwrap()[0] = f64::NAN, "single results do not rise"),
        (|r| r.singles.as_mut().unwrap()[0] = 100.0, "single results do not rise"),
        (|r| r.singles.as_mut().unwrap()[39] = 100.0, "not that of the single results"),
        (|r| r.singles.as_mut().unwrap()[..20].fill(9.6), "other cells"),
        (|r| r.mean += 0.1, "not that of the single results"),
        (|r| r.source.label = "<b>\u{202e}".to_owned(), "label"),
        (|r| r.id = "../../etc/passwd/x/y/zz".to_owned(), "id"),
        (|r| r.template.id = "pendulum\"".to_owned(), "template.id"),
        (|r| r.template.version = "1.0".to_owned(), "template.version"),
        (|r| r.template.sha256 = "0F".repeat(32), "template.sha256"),
        (|r| r.outcome = "=cmd()".to_owned(), "outcome"),
        (|r| r.unit = "m s".to_owned(), "unit"),
        (|r| r.table = Some(Table { file: "../x".to_owned(), sha256: "0f".repeat(32), bytes: 1 }), "table"),
    ];
    for (number, (change, told)) in cases.iter().enumerate() {
        let mut bad = good.clone();
        change(&mut bad);
        let refused = bad.check(now).expect_err(told).to_string();
        assert!(refused.contains(told), "case {number}: {refused:?} should say {told:?}");
    }
}

#[test]
fn a_clock_may_be_a_day_ahead() {
    const DAY: i64 = 24 * 3_600 * 1_000_000;
    let release = release(&CLASS, false).unwrap();
    let begins = release.week.begins();
    assert_eq!(release.check(begins - DAY), Ok(()));
    assert_eq!(release.check(begins - DAY - 1), Err(ReleaseError::Future { week: release.week }));
}

#[test]
fn what_no_release_has_is_refused_by_name() {
    let mut json = serde_json::to_value(release(&CLASS, false).unwrap()).unwrap();
    json["pupils"] = serde_json::json!(["Otter"]);
    let refused = serde_json::from_value::<Release>(json).unwrap_err().to_string();
    assert!(refused.contains("pupils"), "{refused}");
}

#[test]
fn what_a_version_is() {
    let major = |version: &str| Plan { id: String::new(), version: version.to_owned(), sha256: String::new() }.major();
    assert_eq!(["1.1.0", "12.0.3", "1.0", "1.0.0.0", "01.0.0", "1.0.x", ""].map(major), [Some(1), Some(12), None, None, None, None, None]);
}
