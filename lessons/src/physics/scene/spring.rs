//! A phone on a spring (the motion itself: [`super::super::spring`]).

use super::{Lesson, Scene, Sitting, rounded};
use crate::physics::{Sensing, SpringParams, Truth, spring};
use crate::template::RunData;

pub(super) const LESSON: Lesson =
    Lesson { name: "spring", truth: ("k", 40.0), seconds: 20.0, mistakes: &["half_period", "phone_forgotten"], make };

/// Loads of 150 to 400 g, weighed to ± 2 g with their holder; the static stretch m·g/k read to ± 2 mm.
fn make(sitting: &Sitting) -> Scene {
    let mut draw = sitting.apparatus();
    let share = draw.unit();
    let mass_kg = if sitting.makes("phone_forgotten") { 0.23 + 0.04 * share } else { 0.15 + 0.25 * share };
    let weighed = rounded(mass_kg + 0.002 * draw.normal(), 3);
    let entered = if sitting.makes("phone_forgotten") { rounded(weighed - 0.18, 3) } else { weighed };
    let k = Truth::default().k;
    let params = SpringParams {
        mass_kg,
        entered_kg: Some(entered),
        k,
        amplitude_m: draw.between(0.003, 0.01),
        damping: draw.between(0.01, 0.08),
        release_s: draw.between(-1.0, 1.5),
        acc: Sensing::accelerometer(sitting.device()),
        ..Default::default()
    };
    let mut run = spring(&params, sitting.seconds, sitting.noise);
    if sitting.makes("half_period") {
        // Up and down counted as two swings, with a stopwatch.
        let period = std::f64::consts::TAU * libm::sqrt(mass_kg / k);
        let timed = 10.0 * period / 2.0 + 0.1 * std::f64::consts::SQRT_2 * sitting.chance().normal();
        run = RunData { streams: vec![], inputs: run.inputs };
        run.inputs.insert("T".to_owned(), rounded(timed / 10.0, 3));
    }
    run.inputs.insert("stretch_m".to_owned(), rounded(mass_kg * params.g / k + 0.002 * draw.normal(), 3));
    Scene { run, truth: k }
}
