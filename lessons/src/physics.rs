//! Made-up lessons with known truth: the readings a phone would send, computed from the laws of motion.
//!
//! The simulator sends them to a hub, the tests hold the analysis against them. Everything is a pure function of its
//! parameters and a seed: the same call gives the same bits on every machine.
//!
//! Values are rounded to `f32` and times to 1 µs, as they arrive over the wire. Rates, jitters and noises are those of
//! the real recordings (see [`DEVICES`] and [`Sensing`]).

mod class;
mod draw;
mod pendulum;
mod rest;
mod scene;
mod spring;

pub use class::{Phone, Truth, class, class_with, errs};
pub use pendulum::{PendulumParams, pendulum};
pub use rest::{RestParams, rest};
pub use scene::{Group, Scene, mistakes, scenario, scenarios, scene, seconds, truth};
pub use spring::{SpringParams, spring};

use crate::quantity::ObservedProperty;
use crate::template::StreamData;
use draw::Draw;

/// Standard gravity as the simulated school has it, m/s².
pub const G: f64 = 9.81;

/// A kind of phone: how often its sensors report, and how evenly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Device {
    /// Readings per second.
    pub rate_hz: f64,
    /// Standard deviation of the step between two readings, s.
    pub jitter_s: f64,
}

/// As measured in real recordings: two older phones, an iPhone, and Android phones at 200 and 412 Hz. The first one's
/// jitter is the 61 µs grid of its clock.
pub const DEVICES: [Device; 6] = [
    Device { rate_hz: 40.507, jitter_s: 12e-6 },
    Device { rate_hz: 48.419, jitter_s: 0.33e-6 },
    Device { rate_hz: 99.738, jitter_s: 5.4e-6 },
    Device { rate_hz: 100.136, jitter_s: 0.5e-6 },
    Device { rate_hz: 200.0, jitter_s: 0.1e-6 },
    Device { rate_hz: 411.6, jitter_s: 1e-6 },
];

/// What a sensor adds to the truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sensing {
    /// Readings per second.
    pub rate_hz: f64,
    /// Standard deviation of the step between two readings, s.
    pub jitter_s: f64,
    /// Standard deviation of the noise that is new in each reading, in the property's unit.
    pub noise: f64,
    /// Standard deviation of the slow drift, in the property's unit: why a mean over many readings is less certain than
    /// sd/√n says.
    pub wander: f64,
    /// Correlation time of the slow drift, s.
    pub wander_s: f64,
    /// Constant offset of each component, in the property's unit.
    pub bias: [f64; 3],
}

impl Sensing {
    /// An accelerometer: the noise and drift of a phone at rest (0.0050 and 0.0027 m/s², 1.5 s), no offset.
    pub fn accelerometer(device: Device) -> Self {
        Self { rate_hz: device.rate_hz, jitter_s: device.jitter_s, noise: 0.005, wander: 0.0027, wander_s: 1.5, bias: [0.0; 3] }
    }

    /// A gyroscope on a string: 0.02 rad/s of sensor noise and flutter, no offset.
    pub fn gyroscope(device: Device) -> Self {
        Self { rate_hz: device.rate_hz, jitter_s: device.jitter_s, noise: 0.02, wander: 0.005, wander_s: 1.5, bias: [0.0; 3] }
    }

    /// Samples `truth` (a vector as a function of time, asked in ascending order) for `seconds`.
    fn record(&self, property: ObservedProperty, seconds: f64, mut draw: Draw, mut truth: impl FnMut(f64) -> [f64; 3]) -> StreamData {
        let step = 1.0 / self.rate_hz;
        let count = libm::floor(seconds * self.rate_hz).max(0.0) as usize;
        let mut stream = StreamData { property, time: Vec::with_capacity(count), x: vec![], y: vec![], z: vec![] };
        let mut drift: [f64; 3] = std::array::from_fn(|_| self.wander * draw.normal());
        let keep = libm::exp(-step / self.wander_s.max(step));
        let kick = self.wander * libm::sqrt(1.0 - keep * keep);
        // A step's jitter is the difference of two readings' jitters; below half a step the order cannot change.
        let jitter = self.jitter_s / std::f64::consts::SQRT_2;
        for index in 0..count {
            let late = (jitter * draw.normal()).clamp(-0.45 * step, 0.45 * step);
            let time = if index == 0 { 0.0 } else { libm::round((index as f64 * step + late) * 1e6) / 1e6 };
            let value = truth(time);
            let reading: [f64; 3] = std::array::from_fn(|axis| {
                drift[axis] = keep * drift[axis] + kick * draw.normal();
                f64::from((value[axis] + self.bias[axis] + drift[axis] + self.noise * draw.normal()) as f32)
            });
            stream.time.push(time);
            stream.x.push(reading[0]);
            stream.y.push(reading[1]);
            stream.z.push(reading[2]);
        }
        stream
    }

    /// The same for a sensor that reports one number.
    fn record_scalar(&self, property: ObservedProperty, seconds: f64, draw: Draw, mut truth: impl FnMut(f64) -> f64) -> StreamData {
        let stream = self.record(property, seconds, draw, |time| [truth(time), 0.0, 0.0]);
        StreamData { y: vec![], z: vec![], ..stream }
    }
}

/// A phone in a hand: what its sensors show before the release and after the catch. Smooth, and without any period: sums of
/// sinusoids would look like a swing to whoever looks for one.
struct Handling {
    size: f64,
    seed: u64,
}

impl Handling {
    /// Seconds from one random value to the next; a hand turns a phone about so often.
    const KNOT_S: f64 = 0.15;

    /// The signal `t` seconds away from the release (before) or from the catch (after): the hand is still for the last
    /// 0.3 s before it lets go.
    fn at(&self, t: f64) -> [f64; 3] {
        let calm = ((libm::fabs(t) - 0.3) / 0.3).clamp(0.0, 1.0);
        let left = libm::floor(t / Self::KNOT_S);
        let share = t / Self::KNOT_S - left;
        let bend = share * share * (3.0 - 2.0 * share);
        let knot = |index: f64| {
            let mut draw = Draw::new(self.seed, index as i64 as u64);
            std::array::from_fn::<f64, 3, _>(|_| self.size * draw.normal())
        };
        let (before, after) = (knot(left), knot(left + 1.0));
        std::array::from_fn(|axis| calm * (before[axis] + bend * (after[axis] - before[axis])))
    }
}

#[cfg(test)]
mod tests;
