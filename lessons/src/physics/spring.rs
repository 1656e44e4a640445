//! A phone hanging from a spring.

use super::draw::Draw;
use super::{DEVICES, G, Sensing};
use crate::quantity::ObservedProperty;
use crate::template::RunData;

/// A spring, the mass on it, and the phone that measures it. [`SpringParams::default`] is a good measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct SpringParams {
    /// Phone and load, kg.
    pub mass_kg: f64,
    /// What the pupils enter as `mass_kg`; `None`: nothing yet.
    pub entered_kg: Option<f64>,
    /// The part of the spring that swings along, kg (a third of its mass).
    pub spring_mass_kg: f64,
    /// Spring constant, N/m.
    pub k: f64,
    /// Local gravity, m/s².
    pub g: f64,
    /// Deflection at the release, m.
    pub amplitude_m: f64,
    /// The amplitude falls as exp(-damping · t), 1/s.
    pub damping: f64,
    /// When it is let go, s after the first reading; it hangs still before. Negative: it swings already.
    pub release_s: f64,
    /// The accelerometer; linear acceleration comes from it too.
    pub acc: Sensing,
}

impl Default for SpringParams {
    fn default() -> Self {
        Self {
            mass_kg: 0.25,
            entered_kg: Some(0.25),
            spring_mass_kg: 0.0,
            k: 40.0,
            g: G,
            amplitude_m: 0.006,
            damping: 0.05,
            release_s: -0.1,
            acc: Sensing::accelerometer(DEVICES[0]),
        }
    }
}

/// What the phone sends in `seconds`: acceleration with and without gravity, y axis upwards, and the entered mass.
pub fn spring(params: &SpringParams, seconds: f64, seed: u64) -> RunData {
    let square = params.k / (params.mass_kg + params.spring_mass_kg);
    let omega = libm::sqrt((square - params.damping * params.damping).max(0.0));
    // Released at rest: x(t) = A·exp(-γt)·(cos ωt + γ/ω·sin ωt), hence x'' = -A·exp(-γt)·(ω²+γ²)·(cos ωt - γ/ω·sin ωt).
    let pull = |t: f64| {
        let t = t - params.release_s;
        if t < 0.0 {
            return 0.0;
        }
        let wave = libm::cos(omega * t) - params.damping / omega * libm::sin(omega * t);
        -params.amplitude_m * libm::exp(-params.damping * t) * square * wave
    };
    let acc = params.acc.record(ObservedProperty::Acceleration, seconds, Draw::new(seed, 1), |t| [0.0, params.g + pull(t), 0.0]);
    let lin = params.acc.record(ObservedProperty::LinearAcceleration, seconds, Draw::new(seed, 2), |t| [0.0, pull(t), 0.0]);
    let inputs = params.entered_kg.map(|mass| ("mass_kg".to_owned(), mass)).into_iter().collect();
    RunData { streams: vec![acc, lin], inputs }
}
