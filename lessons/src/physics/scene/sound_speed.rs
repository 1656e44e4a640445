//! Two phones at a distance s, each a stopwatch that two claps start and stop: one clap beside each phone. The sound needs s/c from
//! one to the other, so one clock shows 2s/c more than the other. c = 331.3 m/s + 0.606 m/(s °C)·θ (linear about 0 °C; Bohn,
//! J. Audio Eng. Soc. 36, 223 (1988)).

use std::collections::BTreeMap;

use super::{Lesson, Scene, Sitting, enter, one_by_one, rounded};
use crate::quantity::ObservedProperty;
use crate::template::RunData;

/// At 20 °C, m/s.
const C20: f64 = 331.3 + 0.606 * 20.0;

pub(super) const LESSON: Lesson =
    Lesson { name: "sound_speed", truth: ("c20", C20), seconds: 60.0, mistakes: &["echo", "same_phone", "swapped", "centimetres"], make };

/// Phones 5 to 10 m apart, measured to ± 2 cm, at 5 to 30 °C, read to ± 1 °C; a clock starts and stops to ± 0.7 ms each.
fn make(sitting: &Sitting) -> Scene {
    let (mut draw, mut chance) = (sitting.apparatus(), sitting.chance());
    let s = draw.between(5.0, 10.0);
    let celsius = draw.between(5.0, 30.0);
    let way = s / (331.3 + 0.606 * celsius);
    let wrong = (draw.unit() * 6.0) as usize;
    let (mut here, mut there) = (vec![], vec![]);
    for index in 0..6 {
        let pause = chance.between(1.5, 4.0);
        // In a stairwell the far clock runs until the wall has answered.
        let echo = if sitting.makes("echo") && index == wrong { chance.between(0.08, 0.2) } else { 0.0 };
        here.push(pause + way + 0.001 * chance.normal() + echo);
        there.push(rounded(pause - way + 0.001 * chance.normal(), 3));
    }
    match sitting.mistake {
        Some("same_phone") => there = here.iter().map(|time| rounded(*time, 3)).collect(),
        Some("swapped") => std::mem::swap(&mut here, &mut there),
        _ => {}
    }
    let unit = if sitting.makes("centimetres") { 100.0 } else { 1.0 };
    let mut inputs = BTreeMap::from([
        ("s".to_owned(), unit * rounded(s + 0.02 * draw.normal(), 2)),
        ("theta".to_owned(), rounded(celsius + draw.normal(), 1)),
    ]);
    enter(&mut inputs, "ta", &here.iter().map(|time| rounded(*time, 4)).collect::<Vec<f64>>());
    enter(&mut inputs, "tb", &there);
    let dt = one_by_one(ObservedProperty::TimeInterval, sitting.seconds, &here);
    Scene { run: RunData { streams: vec![dt], inputs }, truth: C20 }
}
