use super::*;
use crate::model::Model;
use crate::model::results::Results;
use crate::paint::Theme;
use crate::words::Lang;

const PLOT: Rect = Rect { left: 0, top: 0, right: 1000, bottom: 400 };

/// Places answers `(value, uncertainty, counts)` and hands the layout to a check.
fn placed(answers: &[(f64, f64, bool)], check: impl FnOnce(&Placed)) {
    let one = |(place, (value, uncertainty, counts)): (usize, &(f64, f64, bool))| {
        let excluded = if *counts { "null" } else { "\"slipped\"" };
        let thing = messwerk_lessons::id::ThingId(place as u64);
        format!(
            r#"{{"thing":"{thing}","number":{place},"name":"g","value":{value},"uncertainty":{uncertainty},"unit":"m/s2","excluded":{excluded}}}"#
        )
    };
    let body = format!(r#"{{"outcomes":[{}]}}"#, answers.iter().enumerate().map(one).collect::<Vec<_>>().join(","));
    let mut model = Model::default();
    model.set_results(Results::parse(&body).unwrap());
    let look = Look { theme: Theme::Light, lang: Lang::En, text: 16.0, line: 3.0 };
    check(&place(&Content::of(&model).unwrap(), PLOT, &look));
}

#[test]
fn every_value_and_bar_lies_on_the_axis() {
    let answers: Vec<_> = (0..30).map(|place| (9.8 + 0.01 * f64::from(place % 7), 0.02, true)).collect();
    placed(&answers, |placed| {
        for (answer, dot) in answers.iter().zip(&placed.dots) {
            assert!(placed.axis.holds(answer.0 - 0.02) && placed.axis.holds(answer.0 + 0.02));
            assert!(PLOT.holds(*dot), "{dot:?}");
        }
    });
}

#[test]
fn no_dot_covers_another() {
    let answers: Vec<_> = (0..30).map(|_| (9.81, 0.02, true)).collect();
    placed(&answers, |placed| {
        let levels: std::collections::BTreeSet<i32> = placed.dots.iter().map(|dot| dot.1).collect();
        assert_eq!(levels.len(), 30);
        assert!(placed.dots.iter().all(|dot| dot.1 < placed.mean));
    });
}

#[test]
fn a_value_far_away_stands_at_the_edge_and_squeezes_nobody() {
    let mut answers: Vec<_> = (0..9).map(|place| (9.8 + 0.01 * f64::from(place), 0.02, true)).collect();
    for (far, at_left) in [(2.4, true), (400.0, false), (-1e300, true)] {
        answers.push((far, 0.02, true));
        placed(&answers, |placed| {
            let (low, high) = placed.axis.range();
            assert!(high - low < 0.5, "{far}");
            assert!(!placed.axis.holds(far));
            assert_eq!(placed.dots[9].0 < 500, at_left, "{far}");
        });
        answers.pop();
    }
}

#[test]
fn marks_at_the_edge_stand_beside_their_own_lines() {
    let mut answers: Vec<_> = (0..60).map(|place| (9.7 + 0.003 * f64::from(place), 0.02, true)).collect();
    answers.extend([(400.0, 0.02, true), (410.0, 0.02, true), (420.0, 0.02, true)]);
    placed(&answers, |placed| {
        let mut levels: Vec<i32> = placed.dots[60..].iter().map(|dot| dot.1).collect();
        levels.sort_unstable();
        assert!(levels.windows(2).all(|pair| pair[1] - pair[0] > 2 * placed.radius), "{levels:?}");
    });
}

#[test]
fn in_a_full_class_everybody_finds_the_own_number() {
    // Thirty values as a class has them: most near the middle.
    let spread = |place: u32| f64::from((place * 7919) % 13) + f64::from((place * 104_729) % 11) + f64::from((place * 1299) % 7);
    let answers: Vec<_> = (0..30).map(|place| (9.7 + 0.007 * spread(place), 0.02, true)).collect();
    placed(&answers, |placed| {
        let found = placed.labels.iter().flatten().count();
        assert!(!placed.marked || found == 30, "{found} of 30 have a number");
    });
    // More than fit: as many as there is room for, and none over a mark.
    let answers: Vec<_> = (0..90).map(|place| (9.7 + 0.005 * spread(place), 0.02, true)).collect();
    placed(&answers, |placed| {
        let found: Vec<_> = placed.labels.iter().flatten().collect();
        assert!(placed.marked && found.len() >= 20, "{} of 90", found.len());
        for label in found {
            assert!(placed.dots.iter().all(|dot| (dot.0 - label.0).abs() >= placed.radius || (dot.1 - label.1).abs() >= placed.radius));
        }
    });
}

#[test]
fn what_does_not_count_does_not_set_the_axis() {
    placed(&[(9.8, 0.02, true), (9.81, 0.02, true), (9.4, 0.02, false)], |placed| assert!(!placed.axis.holds(9.4)));
    placed(&[(9.4, 0.02, false)], |placed| assert!(placed.axis.holds(9.4)));
}

#[test]
fn one_answer_is_a_strip_too() {
    placed(&[(9.81, 0.0, true)], |placed| assert!(placed.axis.holds(9.81)));
    placed(&[(0.0, 1e300, true)], |placed| assert!(placed.axis.holds(0.0)));
}
