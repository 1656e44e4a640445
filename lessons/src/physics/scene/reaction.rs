//! Reaction times: a normal part (the way through nerves and muscles) and an exponential one (attention), the ex-Gaussian distribution
//! (Luce, Response Times, 1986, section 1.2). Its mean is μ + τ.

use std::collections::BTreeMap;

use super::{Lesson, Scene, Sitting, enter, one_by_one, rounded};
use crate::quantity::ObservedProperty;
use crate::template::RunData;

/// In the middle of a class, s.
const MIDDLE: f64 = 0.26;

pub(super) const LESSON: Lesson =
    Lesson { name: "reaction", truth: ("mean", MIDDLE), seconds: 40.0, mistakes: &["too_early", "distracted"], make };

/// Ten tries of somebody whose mean is 0.20 to 0.32 s, σ = 30 ms, τ = 15 ms.
fn make(sitting: &Sitting) -> Scene {
    let (mut draw, mut chance) = (sitting.apparatus(), sitting.chance());
    let mean = MIDDLE + draw.between(-0.06, 0.06);
    let wrong = (draw.unit() * 10.0) as usize;
    let tries: Vec<f64> = (0..10)
        .map(|index| {
            let time = mean - 0.015 + 0.030 * chance.normal() - 0.015 * libm::log(1.0 - chance.unit());
            match sitting.mistake {
                // Tapped before there was anything to see.
                Some("too_early") if index == wrong => chance.between(0.01, 0.08),
                Some("distracted") if index == wrong => chance.between(1.0, 1.8),
                _ => time.max(0.12),
            }
        })
        .collect();
    let dt = one_by_one(ObservedProperty::TimeInterval, sitting.seconds, &tries);
    let mut inputs = BTreeMap::new();
    enter(&mut inputs, "t", &tries.iter().map(|time| rounded(*time, 3)).collect::<Vec<f64>>());
    Scene { run: RunData { streams: vec![dt], inputs }, truth: mean }
}
