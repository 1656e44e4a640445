//! Hot water in a cup: θ = θ_room + A·exp(-t/τ) (Newton, Phil. Trans. 22, 824 (1701)).

use super::{Lesson, Scene, Sitting};
use crate::physics::Sensing;
use crate::physics::draw::Draw;
use crate::quantity::ObservedProperty;
use crate::template::RunData;

/// The time constant in the middle of a class's cups, s.
const TAU: f64 = 480.0;

pub(super) const LESSON: Lesson = Lesson {
    name: "cooling",
    truth: ("half_life", TAU * std::f64::consts::LN_2 / 60.0),
    seconds: 1200.0,
    mistakes: &["too_short", "disturbed", "dry"],
    make,
};

/// Small cups, τ = 420 to 540 s, from 70 to 85 °C in a room of 18 to 24 °C; a probe that scatters by 0.08 K and counts in
/// sixteenths, as digital ones do.
fn make(sitting: &Sitting) -> Scene {
    let mut draw = sitting.apparatus();
    let tau = draw.between(420.0, 540.0);
    let (room, hot) = (draw.between(18.0, 24.0), draw.between(70.0, 85.0));
    let seconds = if sitting.makes("too_short") { 0.6 * tau } else { sitting.seconds };
    let sensing = Sensing { rate_hz: 0.5, jitter_s: 0.01, noise: 0.08, wander: 0.0, wander_s: 1.0, bias: [0.0; 3] };
    let mut probe = sensing.record_scalar(ObservedProperty::Temperature, seconds, Draw::new(sitting.noise, 1), |t| {
        let water = room + (hot - room) * libm::exp(-t / tau);
        match sitting.mistake {
            // Out of the water for a while, to look whether it is wet.
            Some("disturbed") if (0.3..0.45).contains(&(t / seconds)) => room + 0.3 * (water - room),
            // Beside the cup all the time.
            Some("dry") => room + 1.5 * (1.0 - libm::exp(-t / tau)),
            _ => water,
        }
    });
    for value in &mut probe.x {
        *value = libm::round(16.0 * *value) / 16.0;
    }
    Scene { run: RunData { streams: vec![probe], inputs: Default::default() }, truth: tau * std::f64::consts::LN_2 / 60.0 }
}
