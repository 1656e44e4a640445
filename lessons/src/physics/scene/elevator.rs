//! A lift: the pressure of air of one temperature falls as exp(-M·g·h/(R·T)) (barometric formula), and the phone on its floor
//! feels gravity and the lift's acceleration.

use super::{Lesson, Scene, Sitting, rounded};
use crate::physics::draw::Draw;
use crate::physics::{G, Sensing};
use crate::quantity::ObservedProperty;
use crate::template::RunData;

/// Height of a storey, m.
const STOREY: f64 = 3.2;

pub(super) const LESSON: Lesson =
    Lesson { name: "elevator", truth: ("storey", STOREY), seconds: 30.0, mistakes: &["draught", "still_moving", "half_flights"], make };

/// Molar mass of dry air over the gas constant, kg/J · K (ICAO Doc 7488: M = 28.964420 g/mol, R = 8.31432 J/(mol K)).
const M_OVER_R: f64 = 0.028_964_42 / 8.314_32;

/// Two to five storeys up or down at 1.2 to 1.6 m/s. The barometer scatters by 3 Pa, wanders by 1 Pa, and the weather moves it
/// by 10 Pa an hour.
fn make(sitting: &Sitting) -> Scene {
    let (mut draw, mut chance) = (sitting.apparatus(), sitting.chance());
    let storeys = libm::floor(draw.between(2.0, 6.0));
    let up = if draw.unit() < 0.5 { -1.0 } else { 1.0 };
    let ride = Ride { height: STOREY * storeys, speed: draw.between(1.2, 1.6), start: 6.0 };
    let (p0, celsius) = (draw.between(940.0, 1020.0), draw.between(16.0, 26.0));
    let falls = M_OVER_R * G / (celsius + 273.15);
    let weather = draw.between(-0.1, 0.1) / 3600.0;
    let device = sitting.device();
    let acc = Sensing { bias: std::array::from_fn(|_| 0.04 * draw.normal()), ..Sensing::accelerometer(device) };
    let bar = Sensing { rate_hz: 20.0, jitter_s: 1e-3, noise: 0.03, wander: 0.01, wander_s: 0.1, bias: [0.0; 3] };
    let seconds = if sitting.makes("still_moving") { ride.start + 0.6 * ride.takes() } else { sitting.seconds };

    let pressure = bar.record_scalar(ObservedProperty::Pressure, seconds, Draw::new(sitting.noise, 1), |t| {
        // A door to the stairs is open when the lift arrives, and the ventilation pulls.
        let draught = if sitting.makes("draught") && t > ride.start + ride.takes() { -0.4 * up } else { 0.0 };
        p0 * libm::exp(-falls * up * ride.way(t)) + weather * t + draught
    });
    let acceleration =
        acc.record(ObservedProperty::Acceleration, seconds, Draw::new(sitting.noise, 2), |t| [0.0, 0.0, G + up * ride.acceleration(t)]);
    let counted = if sitting.makes("half_flights") { 2.0 * storeys } else { storeys };
    let inputs = [("storeys".to_owned(), counted), ("theta".to_owned(), rounded(celsius + chance.normal(), 0))];
    Scene { run: RunData { streams: vec![pressure, acceleration], inputs: inputs.into() }, truth: STOREY }
}

/// From rest to rest: the acceleration swells and fades as sin², for [`RAMP`](Ride::RAMP) seconds at both ends.
struct Ride {
    height: f64,
    speed: f64,
    start: f64,
}

impl Ride {
    const RAMP: f64 = 2.0;

    /// Seconds at full speed: a ramp covers half of what full speed would.
    fn cruise(&self) -> f64 {
        (self.height / self.speed - Self::RAMP).max(0.0)
    }

    fn takes(&self) -> f64 {
        self.cruise() + 2.0 * Self::RAMP
    }

    /// How far, m, and how much faster, m/s², `t` seconds into a ramp from rest to [`speed`](Ride::speed).
    fn ramp(&self, t: f64) -> (f64, f64) {
        let (t, turn) = (t.clamp(0.0, Self::RAMP), std::f64::consts::TAU / Self::RAMP);
        let way = self.speed / Self::RAMP * (t * t / 2.0 - (1.0 - libm::cos(turn * t)) / (turn * turn));
        (way, self.speed / Self::RAMP * (1.0 - libm::cos(turn * t)))
    }

    fn way(&self, t: f64) -> f64 {
        let t = t - self.start;
        let (ramp, cruise) = (Self::RAMP, self.cruise());
        if t < ramp {
            self.ramp(t).0
        } else if t < ramp + cruise {
            self.ramp(ramp).0 + self.speed * (t - ramp)
        } else {
            let left = (2.0 * ramp + cruise - t).max(0.0);
            2.0 * self.ramp(ramp).0 + self.speed * cruise - self.ramp(left).0
        }
    }

    fn acceleration(&self, t: f64) -> f64 {
        let t = t - self.start;
        let braking = t - Self::RAMP - self.cruise();
        if (0.0..Self::RAMP).contains(&t) {
            self.ramp(t).1
        } else if (0.0..Self::RAMP).contains(&braking) {
            -self.ramp(braking).1
        } else {
            0.0
        }
    }
}
