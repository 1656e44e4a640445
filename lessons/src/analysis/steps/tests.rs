use std::f64::consts::TAU;

use super::*;
use crate::analysis::AnalysisError;

/// A walker: each step a bump with overtones, left and right a bit unlike.
fn walk(rate: f64, unlike: f64, noise: f64) -> (Vec<f64>, Vec<f64>) {
    let mut random = crate::analysis::tests::Random::new(3);
    (0..3000)
        .map(|k| 0.01 * f64::from(k))
        .map(|t| {
            let phase = TAU * rate * t;
            let legs = unlike * libm::sin(0.5 * phase + 0.3);
            (t, 9.81 + 2.0 * libm::sin(phase) + 0.8 * libm::sin(2.0 * phase + 1.0) + legs + noise * random.normal())
        })
        .unzip()
}

#[test]
fn neither_the_pair_of_steps_nor_the_overtone_is_taken() {
    let check = |rate: f64, unlike: f64| {
        let (time, values) = walk(rate, unlike, 0.3);
        let found = step_rate(&time, &values).unwrap();
        assert!((found.value - rate).abs() < 0.01 && found.uncertainty < 0.02, "{rate} {unlike}: {found:?}");
    };
    for rate in [1.5, 1.8, 2.0, 2.2] {
        check(rate, 0.0);
        check(rate, 0.5);
        check(rate, 1.5);
    }
    check(2.9, 0.3);
}

#[test]
fn who_does_not_walk_is_told_so() {
    let (time, values) = walk(1.8, 0.0, 0.0);
    assert_eq!(step_rate(&time[..5], &values[..5]).unwrap_err().kind(), "too_few");
    let mut random = crate::analysis::tests::Random::new(3);
    let noise: Vec<f64> = time.iter().map(|_| random.normal()).collect();
    assert_eq!(step_rate(&time, &noise).map_err(AnalysisError::kind), Err("no_oscillation"));
}
