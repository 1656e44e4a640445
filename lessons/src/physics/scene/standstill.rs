//! A phone that stands still and believes that it wanders: each position is off by a normally distributed error along each axis, the
//! first one too, and the distance is counted from there. Its mean is that of a noncentral chi distribution with three degrees of freedom.

use super::{Lesson, Scene, Sitting};
use crate::physics::Sensing;
use crate::physics::draw::Draw;
use crate::quantity::ObservedProperty;
use crate::template::RunData;

pub(super) const LESSON: Lesson = Lesson { name: "standstill", truth: ("s", 4.5), seconds: 120.0, mistakes: &["walked", "indoors"], make };

/// Errors of 1.5 to 2.5 m along each axis that are forgotten within two seconds, one position a second.
fn make(sitting: &Sitting) -> Scene {
    let (mut draw, mut chance) = (sitting.apparatus(), sitting.chance());
    let spread = if sitting.makes("indoors") { draw.between(28.0, 32.0) } else { draw.between(1.5, 2.5) };
    let first: [f64; 3] = std::array::from_fn(|_| spread * chance.normal());
    let sensing = Sensing { rate_hz: 1.0, jitter_s: 0.02, noise: 0.0, wander: spread, wander_s: 1.0, bias: [0.0; 3] };
    let mut places = sensing.record(ObservedProperty::Displacement, sitting.seconds, Draw::new(sitting.noise, 1), |t| {
        // Not standing at all: a walk at 1.2 m/s.
        let walked = if sitting.makes("walked") { 1.2 * t } else { 0.0 };
        [walked - first[0], -first[1], -first[2]]
    });
    for column in [&mut places.x, &mut places.y, &mut places.z] {
        if let Some(start) = column.first_mut() {
            *start = 0.0;
        }
    }
    let from = libm::sqrt(first.iter().map(|error| error * error).sum::<f64>());
    Scene { run: RunData { streams: vec![places], inputs: Default::default() }, truth: mean_distance(from, spread) }
}

/// Mean of |x| for x normal about a point `from` away with standard deviation `spread` along each of three axes.
fn mean_distance(from: f64, spread: f64) -> f64 {
    let ratio = (from / spread).max(1e-6);
    let tail = libm::sqrt(2.0 / std::f64::consts::PI) * libm::exp(-ratio * ratio / 2.0);
    spread * (tail + (ratio + 1.0 / ratio) * libm::erf(ratio / std::f64::consts::SQRT_2))
}
