//! A ball that falls, timed by the sounds of its release and its impact: t = √(2h/g) (Galilei). The phone lies where the ball
//! lands, so that the sound of the release arrives late by h/c, 3 ms for each metre: the clock starts late by as much.

use std::collections::BTreeMap;

use super::{Lesson, Scene, Sitting, enter, one_by_one, rounded};
use crate::physics::G;
use crate::quantity::ObservedProperty;
use crate::template::RunData;

pub(super) const LESSON: Lesson =
    Lesson { name: "free_fall", truth: ("g", G), seconds: 60.0, mistakes: &["echo", "bounce", "centimetres"], make };

/// Speed of sound at 20 °C, m/s.
const C: f64 = 343.4;

/// Six heights from 0.4 to 1.6 m, read to ± 4 mm; the clock starts and stops to ± 0.8 ms each.
fn make(sitting: &Sitting) -> Scene {
    let (mut draw, mut chance) = (sitting.apparatus(), sitting.chance());
    let heights: Vec<f64> = (0..6).map(|index| 0.4 + 0.24 * f64::from(index) + draw.between(-0.05, 0.05)).collect();
    let wrong = (draw.unit() * 6.0) as usize;
    let timed = |(index, h): (usize, &f64)| {
        let fall = libm::sqrt(2.0 * h / G);
        let clock = fall - h / C + 0.0012 * chance.normal();
        match sitting.mistake {
            // The room answers to the release before the ball has landed.
            Some("echo") if index == wrong => chance.between(0.10, 0.16),
            // The impact was too soft; the clock stops when the ball lands again. It rebounds with 60 % of its speed.
            Some("bounce") if index == wrong => clock + 2.0 * 0.6 * fall,
            _ => clock,
        }
    };
    let times: Vec<f64> = heights.iter().enumerate().map(timed).collect();
    let unit = if sitting.makes("centimetres") { 100.0 } else { 1.0 };
    let read: Vec<f64> = heights.iter().map(|h| unit * rounded(h + 0.004 * draw.normal(), 3)).collect();
    let mut inputs = BTreeMap::new();
    enter(&mut inputs, "h", &read);
    enter(&mut inputs, "t", &times.iter().map(|time| rounded(*time, 4)).collect::<Vec<f64>>());
    let dt = one_by_one(ObservedProperty::TimeInterval, sitting.seconds, &times);
    Scene { run: RunData { streams: vec![dt], inputs }, truth: G }
}
