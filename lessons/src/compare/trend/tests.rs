use super::*;
use crate::compare::{Evidence, Sample, Summary, compare};
use crate::template::Version;

fn sample(label: &str, evidence: Evidence) -> Sample {
    let version = Version::parse("1.0.0").unwrap();
    let (template, outcome, unit) = ("pendulum".to_owned(), "g".to_owned(), "m/s2".to_owned());
    Sample { label: label.to_owned(), template, version, outcome, unit, evidence, excluded: vec![] }
}

/// Classes of ten results with these means.
fn classes(means: &[f64]) -> Comparison {
    let summary = |mean: &f64| Evidence::Summary(Summary { n: 10, mean: *mean, sd: 0.05, histogram: None });
    let samples: Vec<Sample> = means.iter().enumerate().map(|(index, mean)| sample(&format!("8{index}"), summary(mean))).collect();
    compare(&samples, None).unwrap()
}

fn latitude(values: &[f64]) -> Attribute {
    Attribute { name: "Breite".to_owned(), unit: "°".to_owned(), values: values.iter().map(|value| Some(*value)).collect() }
}

/// g at sea level rises by some 0.0009 m/s² per degree between 40° and 60°.
const NORTH: [f64; 5] = [41.0, 45.0, 49.0, 53.0, 57.0];

#[test]
fn a_line_through_classes_rises_falls_or_nobody_can_tell() {
    let planted =
        |slope: f64, off: [f64; 5]| -> Vec<f64> { NORTH.iter().zip(off).map(|(x, off)| 9.8 + slope * (x - 49.0) + off).collect() };
    let off = [0.002, -0.001, -0.002, 0.002, -0.001];
    for (slope, off, verdict, told) in [
        (0.02, off, Direction::Rises, "nimmt um 0,01993 m/s² je ° zu"),
        (-0.02, off, Direction::Falls, " m/s² je ° ab (Spielraum: 0,0"),
        (0.0009, [0.05, -0.04, 0.03, -0.05, 0.02], Direction::CannotTell, "Sie kann null sein"),
    ] {
        let trend = classes(&planted(slope, off)).over(&latitude(&NORTH));
        let line = trend.line.unwrap();
        assert_eq!((trend.verdict, line.n), (verdict, 5), "{slope}");
        let [low, high] = line.slope_ci95;
        assert!(low < slope && slope < high, "{slope} in {low} to {high}");
        let sum: f64 = trend.classes.iter().map(|class| class.above.unwrap()).sum();
        assert!(sum.abs() < 1e-9, "what one class lies above the line, others lie below");
        assert!(trend.words().headline.de.contains(told), "{}", trend.words().headline.de);
    }
}

#[test]
fn a_class_is_one_point_however_many_groups_it_has() {
    let means = [9.79, 9.81, 9.80, 9.83, 9.82];
    let small = classes(&means).over(&latitude(&NORTH));
    let samples: Vec<Sample> = means
        .iter()
        .enumerate()
        .map(|(index, mean)| {
            sample(&format!("8{index}"), Evidence::Singles((0..200).map(|group| mean + 0.05 * f64::from(group % 2 * 2 - 1)).collect()))
        })
        .collect();
    let large = compare(&samples, None).unwrap().over(&latitude(&NORTH));
    let (small, large) = (small.line.unwrap(), large.line.unwrap());
    assert_eq!(large.n, 5);
    assert!((small.slope_se - large.slope_se).abs() < 1e-9, "a thousand groups do not make more latitudes");
    // By hand: Σ(x - 49)(y - 9.81) / Σ(x - 49)² = 0.32 / 160.
    assert!((small.slope - 0.002).abs() < 1e-9, "{}", small.slope);
}

#[test]
fn what_has_no_line_says_why() {
    let check = |comparison: &Comparison, attribute: &Attribute, verdict: Direction, told: &str| {
        let trend = comparison.over(attribute);
        assert_eq!((trend.verdict, trend.line), (verdict, None), "{told}");
        let words = trend.words();
        assert!(words.headline.en.contains(told), "{}", words.headline.en);
        assert!(words.slope.is_none() && words.decided.is_empty() && words.assumptions.is_empty());
    };
    let five = classes(&[9.79, 9.81, 9.80, 9.83, 9.82]);
    check(&classes(&[9.8, 9.9, 10.0]), &latitude(&NORTH[..3]), Direction::TooFew, "3 have a number");
    check(&five, &latitude(&[49.0; 5]), Direction::SameNumber, "the same number");
    check(&classes(&[1.0, 2.0, 3.0, 4.0]), &latitude(&[1.0, 2.0, 3.0, 4.0]), Direction::NoScatter, "exactly on a line");
    // Two without a number are two less.
    let gaps = Attribute { values: vec![Some(41.0), None, Some(49.0), Some(f64::NAN), Some(57.0)], ..latitude(&[]) };
    check(&five, &gaps, Direction::TooFew, "3 have a number");
    assert_eq!(five.over(&gaps).words().left_out.len(), 2);
    // So is a class with two results.
    let mut samples: Vec<Sample> =
        (0..4).map(|index| sample(&format!("8{index}"), Evidence::Singles(vec![9.8, 9.9, 9.7 + 0.1 * f64::from(index * index)]))).collect();
    samples.push(sample("8x", Evidence::Singles(vec![9.8, 9.9])));
    let trend = compare(&samples, None).unwrap().over(&latitude(&NORTH));
    assert_eq!((trend.line.unwrap().n, trend.classes[4].counts), (4, false));
    assert!(trend.words().left_out[0].en.contains("2 results"), "{:?}", trend.words().left_out);
}

#[test]
fn the_words_name_number_unit_and_what_it_cannot_see() {
    let pure = Attribute { unit: String::new(), ..latitude(&NORTH) };
    let words = classes(&[9.75, 9.78, 9.80, 9.83, 9.845]).over(&pure).words();
    assert!(words.headline.en.starts_with("The larger “Breite”, the larger the result: it rises by 0.0"), "{}", words.headline.en);
    assert!(words.headline.en.contains("m/s² per 1"), "{}", words.headline.en);
    assert!(words.label.unwrap().de.ends_with("m/s² je 1"));
    let said: String = words.assumptions.iter().map(|text| text.de.as_str()).collect();
    for part in ["Ursache", "zwischen 41 und 57", "Bogen", "nur 5 Klassen"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
