//! Several masses on one spring, timed by hand or with the phone: T² = 4π²/k·(m + m₀), where m₀ is the part of the spring's own
//! mass that swings along, a third of it (Rayleigh, The Theory of Sound, section 156).

use std::collections::BTreeMap;

use super::{Lesson, Scene, Sitting, enter, rounded};
use crate::template::RunData;

const K: f64 = 40.0;

pub(super) const LESSON: Lesson =
    Lesson { name: "spring_masses", truth: ("k", K), seconds: 20.0, mistakes: &["half_period", "one_half_period", "grams"], make };

/// Six masses from 150 to 400 g, weighed to ± 0.5 g; periods good to ± 1 ms, as phones give them; a spring of 30 g.
fn make(sitting: &Sitting) -> Scene {
    let mut draw = sitting.apparatus();
    let mut chance = sitting.chance();
    let masses: Vec<f64> = (0..6).map(|index| 0.15 + 0.05 * f64::from(index) + draw.between(-0.01, 0.01)).collect();
    let halved = |index: usize| sitting.makes("half_period") || (sitting.makes("one_half_period") && index == 3);
    let period = |(index, mass): (usize, &f64)| {
        let swing = std::f64::consts::TAU * libm::sqrt((mass + 0.010) / K);
        rounded(if halved(index) { 0.5 * swing } else { swing } + 0.001 * chance.normal(), 4)
    };
    let periods: Vec<f64> = masses.iter().enumerate().map(period).collect();
    let unit = if sitting.makes("grams") { 1000.0 } else { 1.0 };
    let weighed: Vec<f64> = masses.iter().map(|mass| unit * rounded(mass + 0.0005 * draw.normal(), 4)).collect();
    let mut inputs = BTreeMap::new();
    enter(&mut inputs, "m", &weighed);
    enter(&mut inputs, "T", &periods);
    let mean = masses.iter().sum::<f64>() / 6.0;
    inputs.insert("stretch_m".to_owned(), rounded(mean * super::super::G / K + 0.002 * draw.normal(), 3));
    Scene { run: RunData { streams: vec![], inputs }, truth: K }
}
