//! A phone on a string (the motion itself: [`super::super::pendulum`]).

use super::{Lesson, Scene, Sitting, rounded};
use crate::physics::{G, PendulumParams, Sensing, pendulum};
use crate::template::RunData;

pub(super) const LESSON: Lesson =
    Lesson { name: "pendulum", truth: ("g", G), seconds: 20.0, mistakes: &["half_period", "default_length", "string_end"], make };

/// Strings of 30 cm to 1 m, read to ± 3 mm, released at 2° to 5°.
fn make(sitting: &Sitting) -> Scene {
    let mut draw = sitting.apparatus();
    let length_m = match draw.between(0.0, 0.7) {
        // Somebody whose pendulum is half a metre long does well to leave 0.5 m standing.
        share if sitting.makes("default_length") && share < 0.25 => 0.3 + 0.4 * share,
        share if sitting.makes("default_length") => 0.4 + 0.8 * share,
        share if sitting.makes("string_end") => 0.3 + 0.7 * share,
        share => 0.3 + share,
    };
    let read = rounded(length_m + 0.003 * draw.normal(), 3);
    let entered = match sitting.mistake {
        Some("default_length") => 0.5,
        // From the pivot to the upper edge of the phone: half a phone too short.
        Some("string_end") => rounded(read - 0.075, 3),
        _ => read,
    };
    let device = sitting.device();
    let params = PendulumParams {
        length_m,
        entered_m: Some(entered),
        theta0: draw.between(2.0, 5.0).to_radians(),
        damping: draw.between(0.002, 0.02),
        release_s: draw.between(-1.0, 1.5),
        turn: 0.25 * draw.normal(),
        gyr: Sensing { bias: std::array::from_fn(|_| 0.02 * draw.normal()), ..Sensing::gyroscope(device) },
        acc: Sensing { bias: std::array::from_fn(|_| 0.02 * draw.normal()), ..Sensing::accelerometer(device) },
        ..Default::default()
    };
    if sitting.makes("half_period") {
        return Scene { run: by_hand(sitting, &params), truth: G };
    }
    Scene { run: pendulum(&params, sitting.seconds, sitting.noise), truth: G }
}

/// Ten passes instead of ten swings: every time the phone comes by, somebody counts. The finger is off by 0.1 s at both ends.
fn by_hand(sitting: &Sitting, params: &PendulumParams) -> RunData {
    let period = std::f64::consts::TAU * libm::sqrt(params.length_m / params.g);
    let timed = 10.0 * period / 2.0 + 0.1 * std::f64::consts::SQRT_2 * sitting.chance().normal();
    let inputs = [("length_m".to_owned(), params.entered_m.unwrap_or(params.length_m)), ("T".to_owned(), rounded(timed / 10.0, 3))];
    RunData { streams: vec![], inputs: inputs.into() }
}
