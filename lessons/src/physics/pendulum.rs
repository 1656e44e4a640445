//! A phone as the bob of a pendulum.

use super::draw::Draw;
use super::{DEVICES, G, Handling, Sensing};
use crate::quantity::ObservedProperty;
use crate::template::RunData;

/// A pendulum and the phone that measures it. [`PendulumParams::default`] is a good measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct PendulumParams {
    /// From the pivot to the phone's centre of mass, m.
    pub length_m: f64,
    /// What the pupils enter as `length_m`; `None`: nothing yet.
    pub entered_m: Option<f64>,
    /// Local gravity, m/s².
    pub g: f64,
    /// Angle at the release, rad. Any angle: the motion is integrated, not linearised.
    pub theta0: f64,
    /// The amplitude falls as exp(-damping · t), 1/s.
    pub damping: f64,
    /// When the phone is let go, s after the first reading; before that it is handled. Negative: it swings already.
    pub release_s: f64,
    /// When it is caught and handled again, s after the first reading.
    pub caught_s: Option<f64>,
    /// Rotation of the phone about the string, rad: 0 swings about the phone's z axis, π/2 about x.
    pub turn: f64,
    /// The gyroscope.
    pub gyr: Sensing,
    /// The accelerometer.
    pub acc: Sensing,
}

impl Default for PendulumParams {
    fn default() -> Self {
        Self {
            length_m: 0.5,
            entered_m: Some(0.5),
            g: G,
            theta0: 0.08,
            damping: 0.01,
            release_s: -0.2,
            caught_s: None,
            turn: 0.0,
            gyr: Sensing::gyroscope(DEVICES[3]),
            acc: Sensing::accelerometer(DEVICES[3]),
        }
    }
}

/// What the phone sends in `seconds`: angular velocity and acceleration (with gravity), and the entered length.
///
/// The phone hangs with its y axis along the string. A point mass on a string feels no force along its path but the
/// air's, so the accelerometer shows g·cos θ + L·θ'² along y (twice per swing: the half-period trap) and next to
/// nothing across.
pub fn pendulum(params: &PendulumParams, seconds: f64, seed: u64) -> RunData {
    let turning = Handling { size: 1.2, seed };
    let shaking = Handling { size: 1.5, seed: !seed };
    let (sin, cos) = (libm::sin(params.turn), libm::cos(params.turn));
    let end = params.caught_s.unwrap_or(f64::INFINITY);

    let mut swing = Swing::new(params);
    let gyr = params.gyr.record(ObservedProperty::AngularVelocity, seconds, Draw::new(seed, 2), |t| {
        if t < params.release_s || t >= end {
            return turning.at(if t < params.release_s { t - params.release_s } else { t - end });
        }
        let omega = swing.at(t).1;
        [omega * sin, 0.0, omega * cos]
    });

    let mut swing = Swing::new(params);
    let acc = params.acc.record(ObservedProperty::Acceleration, seconds, Draw::new(seed, 3), |t| {
        if t < params.release_s || t >= end {
            let [x, y, z] = shaking.at(if t < params.release_s { t - params.release_s } else { t - end });
            return [x, params.g + y, z];
        }
        let (theta, omega) = swing.at(t);
        let across = -2.0 * params.damping * omega * params.length_m;
        [across * cos, params.g * libm::cos(theta) + params.length_m * omega * omega, -across * sin]
    });

    let inputs = params.entered_m.map(|length| ("length_m".to_owned(), length)).into_iter().collect();
    RunData { streams: vec![gyr, acc], inputs }
}

/// θ'' = -(g/L)·sin θ - 2γ·θ', integrated with the classical Runge-Kutta method of fourth order.
struct Swing {
    stiffness: f64,
    friction: f64,
    time: f64,
    state: (f64, f64),
}

impl Swing {
    /// 2.5 ms: the period of a 10 cm pendulum is then right to 1e-9.
    const STEP: f64 = 0.0025;

    fn new(params: &PendulumParams) -> Self {
        Self { stiffness: params.g / params.length_m, friction: 2.0 * params.damping, time: params.release_s, state: (params.theta0, 0.0) }
    }

    /// Angle and angular velocity at a time not before the last one asked for.
    fn at(&mut self, time: f64) -> (f64, f64) {
        while self.time < time {
            let step = Self::STEP.min(time - self.time);
            let from = self.state;
            let go = |slope: (f64, f64), h: f64| (from.0 + h * slope.0, from.1 + h * slope.1);
            let a = self.slope(from);
            let b = self.slope(go(a, 0.5 * step));
            let c = self.slope(go(b, 0.5 * step));
            let d = self.slope(go(c, step));
            let mean = |a: f64, b: f64, c: f64, d: f64| (a + 2.0 * b + 2.0 * c + d) / 6.0;
            self.state = go((mean(a.0, b.0, c.0, d.0), mean(a.1, b.1, c.1, d.1)), step);
            self.time = if step < Self::STEP { time } else { self.time + step };
        }
        self.state
    }

    fn slope(&self, (theta, omega): (f64, f64)) -> (f64, f64) {
        (omega, -self.stiffness * libm::sin(theta) - self.friction * omega)
    }
}
