//! A tube that is closed at one end and blown across: a quarter of the wavelength fits into the tube and the air that swings along
//! before its mouth, 0.6 radii of it: c/(4f) = L + 0.6·r (Levine and Schwinger, Phys. Rev. 73, 383 (1948): 0.6133 for a thin wall).

use std::collections::BTreeMap;

use super::{Lesson, Scene, Sitting, enter, rounded};
use crate::physics::Sensing;
use crate::physics::draw::Draw;
use crate::quantity::ObservedProperty;
use crate::template::RunData;

/// At 20 °C, m/s.
const C20: f64 = 331.3 + 0.606 * 20.0;

pub(super) const LESSON: Lesson =
    Lesson { name: "tube", truth: ("c20", C20), seconds: 30.0, mistakes: &["overtone", "open_end", "end_correction", "centimetres"], make };

/// Six lengths from 15 to 60 cm, read to ± 1 mm; a tone is off by 0.2 % with the way one blows; 16 to 26 °C, read to ± 0.5 °C.
fn make(sitting: &Sitting) -> Scene {
    let (mut draw, mut chance) = (sitting.apparatus(), sitting.chance());
    let (r, celsius) = (draw.between(0.018, 0.03), draw.between(16.0, 26.0));
    let c = 331.3 + 0.606 * celsius;
    let lengths: Vec<f64> = (0..6).map(|index| 0.16 + 0.085 * f64::from(index) + draw.between(-0.01, 0.01)).collect();
    let wrong = 1 + (draw.unit() * 5.0) as usize;
    let tone = |(index, length): (usize, &f64)| {
        let f = match sitting.mistake {
            // Open at both ends: half a wavelength, and air before both mouths.
            Some("open_end") => c / (2.0 * (length + 1.2 * r)),
            // Blown too hard: the first overtone of a closed tube.
            Some("overtone") if index == wrong => 3.0 * c / (4.0 * (length + 0.6 * r)),
            _ => c / (4.0 * (length + 0.6 * r)),
        };
        rounded(f * (1.0 + 0.002 * chance.normal()), 1)
    };
    let tones: Vec<f64> = lengths.iter().enumerate().map(tone).collect();
    // What is entered as the length has the correction in it already.
    let added = if sitting.makes("end_correction") { 0.6 * r } else { 0.0 };
    let unit = if sitting.makes("centimetres") { 100.0 } else { 1.0 };
    let read: Vec<f64> = lengths.iter().map(|length| unit * rounded(length + added + 0.001 * draw.normal(), 3)).collect();

    let mut inputs = BTreeMap::from([("r".to_owned(), rounded(r, 3)), ("theta".to_owned(), rounded(celsius + 0.5 * draw.normal(), 1))]);
    enter(&mut inputs, "L", &read);
    enter(&mut inputs, "f", &tones);
    // The microphone hears one tone after the other.
    let sensing = Sensing { rate_hz: 4.0, jitter_s: 5e-3, noise: 0.5, wander: 0.0, wander_s: 1.0, bias: [0.0; 3] };
    let heard = sensing.record_scalar(ObservedProperty::Frequency, sitting.seconds, Draw::new(sitting.noise, 1), |t| {
        let which = (6.0 * t / sitting.seconds) as usize;
        tones.get(which).copied().unwrap_or_default()
    });
    Scene { run: RunData { streams: vec![heard], inputs }, truth: C20 }
}
