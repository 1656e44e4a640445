//! Three and more classes.

use super::*;

fn classes(means: &[f64]) -> Vec<Sample> {
    means.iter().enumerate().map(|(index, mean)| sample(&format!("8{index}"), summary(20, *mean, 1.0))).collect()
}

#[test]
fn two_or_more_pairs_are_corrected_and_said_to_be() {
    let two = compare(&classes(&[9.8, 10.5]), None).unwrap();
    let three = compare(&classes(&[9.8, 10.5, 9.8]), None).unwrap();
    let numbers = [two.pairs[0].numbers.unwrap(), three.pairs[0].numbers.unwrap()];
    assert_eq!((two.corrected, three.corrected), (false, true));
    assert_eq!(numbers[0].ci95, numbers[1].ci95, "the pair alone stays what it is");
    // 2.2 standard errors: enough for two classes, not for three.
    assert_eq!((two.pairs[0].verdict, numbers[1].p_holm), (Verdict::Differ, 3.0 * numbers[0].p));
    assert!(matches!(three.pairs[0].verdict, Verdict::CannotTell { .. }));
    let said = |comparison: &Comparison| format!("{:?}", comparison.words().decided);
    assert!(said(&three).contains("3 Paare") && said(&three).contains("Holm") && !said(&two).contains("Holm"));
    // Two classes that cannot be judged make no correction.
    let mut few = classes(&[9.8, 10.5]);
    few.push(singles("8c", &[9.8]));
    let few = compare(&few, None).unwrap();
    assert_eq!((few.corrected, few.pairs[0].verdict), (false, Verdict::Differ));
    assert_eq!([few.pairs[1].verdict, few.pairs[2].verdict], [Verdict::TooFew; 2]);
}

/// Whatever the classes: an interval leaves out 0 exactly if Holm says so, is at least as wide as the pair's own where it matters, and
/// the verdict follows from it.
#[test]
fn intervals_agree_with_the_corrected_decision() {
    let mut milder = 0;
    for step in 0..100 {
        let at = |factor: usize| ((step * factor) % 41) as f64 / 20.0;
        let means = [9.8, 9.8 + at(7), 9.8 - at(11), 9.8 + at(13) / 3.0, 9.8 + at(3)];
        let comparison = compare(&classes(&means), Some(&margin(1.1))).unwrap();
        let pairs = comparison.pairs.len() as f64;
        for pair in &comparison.pairs {
            let numbers = pair.numbers.unwrap();
            let [low, high] = numbers.interval;
            let without_zero = low > 0.0 || high < 0.0;
            assert_eq!(without_zero, numbers.p_holm <= ALPHA, "{pair:?}");
            assert!(low <= numbers.ci95[0] + 1e-12 && high >= numbers.ci95[1] - 1e-12, "{pair:?}");
            let bonferroni = settle::critical(ALPHA / pairs, numbers.df) * numbers.se;
            let far = if numbers.difference > 0.0 { high - numbers.difference } else { numbers.difference - low };
            assert!((far - bonferroni).abs() < 1e-9, "the far end is Bonferroni's: {pair:?}");
            milder += usize::from(without_zero && pairs * numbers.p > ALPHA);
            let small = low > -1.1 && high < 1.1;
            let expected = match (without_zero, small) {
                (true, true) => "differ_but_little",
                (true, false) => "differ",
                (false, true) => "agree",
                (false, false) => "cannot_tell",
            };
            assert_eq!(serde_json::to_value(pair).unwrap()["verdict"], expected, "{pair:?}");
        }
    }
    assert!(milder > 20, "the milder steps were not tried: {milder}");
}

#[test]
fn the_order_of_the_classes_does_not_matter() {
    let means = [9.8, 10.6, 9.9, 11.0];
    let verdicts = |order: [usize; 4]| {
        let samples = classes(&means);
        let comparison = compare(&order.map(|index| samples[index].clone()), Some(&margin(0.5))).unwrap();
        let mut found: Vec<(Vec<String>, Verdict)> = comparison
            .pairs
            .iter()
            .map(|pair| {
                let mut labels = vec![comparison.classes[pair.a].label.clone(), comparison.classes[pair.b].label.clone()];
                labels.sort();
                (labels, pair.verdict)
            })
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    };
    let expected = verdicts([0, 1, 2, 3]);
    assert_eq!(expected.len(), 6);
    assert_eq!(verdicts([3, 1, 0, 2]), expected);
    assert_eq!(verdicts([2, 3, 1, 0]), expected);
}
