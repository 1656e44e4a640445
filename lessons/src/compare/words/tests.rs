use crate::compare::*;
use crate::release::AboutSoMany;
use crate::template::{Text, Version};

fn sample(label: &str, evidence: Evidence) -> Sample {
    let version = Version { major: 1, minor: 0, patch: 0 };
    let (template, outcome, unit) = ("pendulum".to_owned(), "g".to_owned(), "m/s2".to_owned());
    Sample { label: label.to_owned(), template, version, outcome, unit, evidence, excluded: vec![] }
}

fn summary(n: usize, mean: f64, sd: f64) -> Evidence {
    Evidence::Summary(Summary { n, mean, sd, histogram: None })
}

fn margin(value: f64) -> Margin {
    Margin {
        value,
        unit: "m/s2".to_owned(),
        why: Some(Text { de: "So viel macht ein Meter Höhe.".into(), en: "A metre makes that.".into() }),
    }
}

fn words(a: Evidence, b: Evidence, delta: Option<f64>) -> Words {
    compare(&[sample("8a", a), sample("8b", b)], delta.map(margin).as_ref()).unwrap().words()
}

/// n = 25 and sd = 1 make it the difference ± 0.569.
#[test]
fn every_verdict_is_a_sentence() {
    let check = |difference: f64, delta: Option<f64>, de: &str, en: &str| {
        let words = words(summary(25, 9.8 + difference, 1.0), summary(25, 9.8, 1.0), delta);
        assert_eq!((words.headline.de.as_str(), words.headline.en.as_str()), (de, en));
        assert_eq!(words.pairs, std::slice::from_ref(&words.headline));
    };
    check(
        0.7,
        None,
        "„8a“ und „8b“ unterscheiden sich: „8a“ liegt im Mittel um 0,70 m/s² höher (Spielraum: 0,13 bis 1,27 m/s²).",
        "“8a” and “8b” differ: “8a” is higher by 0.70 m/s² on average (leeway: 0.13 to 1.27 m/s²).",
    );
    check(
        -0.7,
        Some(0.1),
        "„8b“ und „8a“ unterscheiden sich: „8b“ liegt im Mittel um 0,70 m/s² höher (Spielraum: 0,13 bis 1,27 m/s²). Das ist mehr als 0,1 m/s², und ab so viel macht es etwas aus.",
        "“8b” and “8a” differ: “8b” is higher by 0.70 m/s² on average (leeway: 0.13 to 1.27 m/s²). That is more than 0.1 m/s², from which on it matters.",
    );
    check(
        0.7,
        Some(1.0),
        "„8a“ und „8b“ unterscheiden sich: „8a“ liegt im Mittel um 0,70 m/s² höher (Spielraum: 0,13 bis 1,27 m/s²). Ob es so viel ist, dass es etwas ausmacht (1 m/s²), ist noch offen.",
        "“8a” and “8b” differ: “8a” is higher by 0.70 m/s² on average (leeway: 0.13 to 1.27 m/s²). Whether it is enough to matter (1 m/s²) is still open.",
    );
    check(
        0.7,
        Some(1.5),
        "„8a“ und „8b“ unterscheiden sich, aber um weniger, als es ausmacht: „8a“ liegt im Mittel um 0,70 m/s² höher (Spielraum: 0,13 bis 1,27 m/s²). Etwas ausmachen würden erst 1,5 m/s².",
        "“8a” and “8b” differ, but by less than matters: “8a” is higher by 0.70 m/s² on average (leeway: 0.13 to 1.27 m/s²). Only 1.5 m/s² would matter.",
    );
    check(
        -0.1,
        Some(0.8),
        "„8b“ und „8a“ stimmen überein: Der Unterschied liegt zwischen −0,47 und 0,67 m/s². Er kann null sein, und er ist kleiner als 0,8 m/s², ab denen er etwas ausmachen würde.",
        "“8b” and “8a” agree: the difference lies between −0.47 and 0.67 m/s². It may be zero, and it is smaller than 0.8 m/s², from which on it would matter.",
    );
    check(
        0.5,
        Some(0.6),
        "Ob sich „8a“ und „8b“ unterscheiden, lässt sich noch nicht sagen: Der Unterschied liegt zwischen −0,07 und 1,07 m/s². Er kann null sein, er kann aber auch größer sein als 0,6 m/s², und das würde etwas ausmachen. Mit etwa 65 Ergebnissen in jeder Klasse ließe es sich wohl entscheiden, wenn Unterschied und Streuung so bleiben.",
        "Nobody can tell yet whether “8a” and “8b” differ: the difference lies between −0.07 and 1.07 m/s². It may be zero, but it may also be larger than 0.6 m/s², and that would matter. About 65 results in each class would probably settle it, if difference and scatter stay as they are.",
    );
    check(
        0.0,
        None,
        "Ob sich „8a“ und „8b“ unterscheiden, lässt sich noch nicht sagen: Der Unterschied liegt zwischen −0,57 und 0,57 m/s². Er kann null sein. Auch tausend Ergebnisse in jeder Klasse würden das wohl nicht entscheiden: Dafür ist der Unterschied zu klein.",
        "Nobody can tell yet whether “8a” and “8b” differ: the difference lies between −0.57 and 0.57 m/s². It may be zero. Even a thousand results in each class would probably not settle it: the difference is too small for that.",
    );
}

#[test]
fn too_little_is_said_with_its_numbers() {
    let words_of = |a: Evidence, b: Evidence| words(a, b, Some(0.1));
    let said = words_of(summary(2, 9.8, 0.1), summary(25, 9.8, 0.1));
    assert_eq!(
        said.headline.de,
        "Zu wenige Ergebnisse, um „8a“ und „8b“ zu vergleichen: „8a“ hat 2; nötig sind mindestens 3 in jeder Klasse."
    );
    assert_eq!(said.headline.en, "Too few results to compare “8a” and “8b”: “8a” has 2; it takes at least 3 in each class.");
    assert!(said.decided.is_empty() && said.assumptions.is_empty(), "nothing was decided: {said:?}");
    let said = words_of(summary(0, 0.0, 0.0), Evidence::Singles(vec![9.8]));
    assert!(said.headline.de.contains("„8a“ hat 0, „8b“ hat 1;"), "{said:?}");
    assert_eq!(said.classes[0].de, "„8a“: noch kein Ergebnis.");
    assert_eq!(said.classes[1].de, "„8b“: 1 Ergebnis, Mittelwert 9,8 m/s².");
    let said = words_of(summary(4, 9.8, 0.0), summary(5, 9.8, 0.0));
    assert!(said.headline.de.contains("sind alle Ergebnisse einer Klasse gleich") && said.headline.en.contains("rounded too coarsely"));
    let named = |values: &[(&str, f64)]| Evidence::Named(values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect());
    let said = words_of(named(&[("1", 1.0), ("2", 2.0), ("3", 2.0)]), named(&[("2", 2.0), ("3", 1.0)]));
    assert!(said.headline.de.contains("haben 2 Messungen vom selben Ort zur selben Zeit; nötig sind mindestens 3"), "{said:?}");
}

#[test]
fn digits_never_contradict_the_verdict() {
    // 0.0003 above zero with a standard error of 0.28: two digits would print 0.00.
    let said = words(summary(25, 9.8 + 0.569, 1.0), summary(25, 9.8, 1.0), None).headline.de;
    assert!(said.contains("(Spielraum: 0,0003 bis 1,1377 m/s²)"), "{said}");
    // Within ±1.27, but only just; the second class minus the first, too.
    let said = words(summary(25, 9.8, 1.0), summary(25, 9.8 + 0.7, 1.0), Some(1.27));
    assert!(said.headline.de.contains("aber um weniger") && said.headline.de.contains("bis 1,269 m/s²"), "{said:?}");
    let written = said.numbers[0].clone().unwrap();
    assert_eq!((written.difference.de.as_str(), written.leeway.en.as_str()), ("−0,700 m/s²", "−1.269 to −0.131 m/s²"));
    assert_eq!(words(summary(2, 9.8, 1.0), summary(25, 9.8, 1.0), None).numbers, [None]);
}

#[test]
fn n_unit_and_what_does_not_count_are_named() {
    let mut a = sample("8a", Evidence::Singles(vec![9.70, 9.85, 9.78, 9.91]));
    let b = Sample { unit: "cm/s2".to_owned(), ..sample("8b", Evidence::Singles(vec![995.0, 1005.0, 987.0])) };
    let plain = compare(&[a.clone(), b.clone()], Some(&margin(0.1))).unwrap().words();
    assert_eq!(plain.classes[0].de, "„8a“: 4 Ergebnisse, Mittelwert 9,81 ± 0,05 m/s² (±: Standardfehler des Mittelwerts).");
    assert!(plain.classes[1].en.ends_with("Measured in cm/s2, converted into m/s²."), "{:?}", plain.classes);
    assert_eq!(
        plain.excluded,
        [Text { de: "Alle Ergebnisse zählen, keines wurde ausgeschlossen.".into(), en: "Every result counts, none was excluded.".into() }]
    );
    a.excluded = vec![Excluded::exactly(2, "angestoßen"), Excluded { reason: " ".to_owned(), count: AboutSoMany { from: 1, to: 4 } }];
    let said = compare(&[a, b], Some(&margin(0.1))).unwrap().words();
    assert_eq!(said.excluded.len(), 1);
    assert_eq!(said.excluded[0].de, "In „8a“ zählen nicht mit: 2 (Grund: angestoßen), 1 bis 4.");
    assert_eq!(said.excluded[0].en, "In “8a” these do not count: 2 (reason: angestoßen), 1 to 4.");
}

#[test]
fn the_way_to_the_verdict_is_told() {
    let with = words(summary(25, 10.5, 1.0), summary(12, 9.8, 1.0), Some(0.1));
    let all = |texts: &[Text]| texts.iter().map(|text| format!("{} {}", text.de, text.en)).collect::<String>();
    let decided = all(&with.decided);
    for part in
        ["Welch", "in 95 von 100 Fällen", "zwischen −0,1 m/s² und +0,1 m/s²", "So viel macht ein Meter Höhe.", "A metre makes that."]
    {
        assert!(decided.contains(part), "{part}: {decided}");
    }
    let assumed = all(&with.assumptions);
    for part in ["unabhängig", "Maßband", "weniger als 15", "nur Anzahl, Mittelwert und Streuung", "scatter differently"] {
        assert!(assumed.contains(part), "{part}: {assumed}");
    }
    let without = words(summary(25, 10.5, 1.0), summary(25, 9.8, 1.0), None);
    assert!(all(&without.decided).contains("die Vorlage nennt keinen Unterschied"), "{without:?}");
    assert!(!all(&without.assumptions).contains("weniger als 15"));
    let three: Vec<Sample> =
        ["8a", "8b", "8c"].iter().zip([9.8, 9.8, 11.0]).map(|(label, mean)| sample(label, summary(25, mean, 1.0))).collect();
    let three = compare(&three, None).unwrap().words();
    assert_eq!(three.headline.de, "3 Paare: unterscheiden sich (2), noch nicht zu sagen (1).");
    assert_eq!((three.pairs.len(), three.classes.len()), (3, 3));
}

#[test]
fn temperatures_differ_in_kelvin() {
    let in_celsius = |label: &str, mean: f64| Sample { unit: "Cel".to_owned(), ..sample(label, summary(25, mean, 1.0)) };
    let said = compare(&[in_celsius("town", 21.0), in_celsius("village", 19.0)], None).unwrap().words();
    assert!(said.headline.en.contains("higher by 2.00 K"), "{said:?}");
    assert!(said.classes[0].en.contains("21.00 ± 0.20 °C"), "{said:?}");
}
