//! A phone on a table (the readings themselves: [`super::super::rest`]).

use super::{Lesson, Scene, Sitting};
use crate::physics::{G, RestParams, Sensing, rest};

pub(super) const LESSON: Lesson =
    Lesson { name: "rest", truth: ("a", G), seconds: 30.0, mistakes: &["shaken_table", "without_gravity", "unit_g"], make };

/// Sensors are off by ± 0.04 m/s² on each axis. No phone can know that of itself, so the truth of a run is what the sensor has to
/// show: |gravity + offset|.
fn make(sitting: &Sitting) -> Scene {
    let mut draw = sitting.apparatus();
    let mut acc = Sensing::accelerometer(sitting.device());
    acc.bias = std::array::from_fn(|_| 0.04 * draw.normal());
    let slope = draw.between(-0.02, 0.02);
    if sitting.makes("shaken_table") {
        // Somebody writes on the table the phone lies on.
        acc.noise = 0.05;
    }
    let mut run =
        rest(&RestParams { g: if sitting.makes("without_gravity") { 0.0 } else { G }, slope, acc }, sitting.seconds, sitting.noise);
    if sitting.makes("unit_g") {
        // An app that gives accelerations in multiples of g.
        for stream in &mut run.streams {
            for value in stream.x.iter_mut().chain(&mut stream.y).chain(&mut stream.z) {
                *value = f64::from((*value / 9.80665) as f32);
            }
        }
    }
    let [x, y, z] = acc.bias;
    let (y, z) = (y + G * libm::sin(slope), z + G * libm::cos(slope));
    Scene { run, truth: libm::sqrt(x * x + y * y + z * z) }
}
