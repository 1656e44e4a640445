//! A lamp and a light sensor: E = I/r² (Lambert, Photometria, 1760), which for a disc of radius R facing the sensor is I/(r² + R²), and
//! the light of the room on top.

use std::collections::BTreeMap;

use super::{Lesson, Scene, Sitting, enter, rounded};
use crate::physics::Sensing;
use crate::physics::draw::Draw;
use crate::quantity::ObservedProperty;
use crate::template::RunData;

pub(super) const LESSON: Lesson =
    Lesson { name: "light", truth: ("n", -2.0), seconds: 40.0, mistakes: &["room_light", "saturation"], make };

/// Eight distances from 15 to 90 cm, read to ± 1 mm; a lamp of 40 to 80 cd, 1.5 cm across; readings are off by 3 % each (the
/// sensor's angle), the display shows whole lux.
fn make(sitting: &Sitting) -> Scene {
    let (mut draw, mut chance) = (sitting.apparatus(), sitting.chance());
    let candela = draw.between(40.0, 80.0);
    let room = if sitting.makes("room_light") { draw.between(120.0, 200.0) } else { draw.between(2.0, 6.0) };
    let distances = [0.15, 0.20, 0.25, 0.33, 0.43, 0.55, 0.70, 0.90].map(|r| r + draw.between(-0.004, 0.004));
    let lux = distances.map(|r| {
        let lamp = candela / (r * r + 0.0075 * 0.0075) * (1.0 + 0.03 * chance.normal());
        let shown = lamp + room;
        // A sensor that ends at 500 lx shows 500 lx, however bright it is.
        rounded(if sitting.makes("saturation") { shown.min(500.0) } else { shown }, 0)
    });
    let read: Vec<f64> = distances.iter().map(|r| rounded(r + 0.001 * draw.normal(), 3)).collect();
    // Who forgets the room's light leaves it at nothing.
    let dark = if sitting.makes("room_light") { 0.0 } else { rounded(room, 0) };
    let mut inputs = BTreeMap::from([("E0".to_owned(), dark)]);
    enter(&mut inputs, "r", &read);
    enter(&mut inputs, "E", &lux);
    let sensing = Sensing { rate_hz: 5.0, jitter_s: 5e-3, noise: 1.0, wander: 0.0, wander_s: 1.0, bias: [0.0; 3] };
    let seen = sensing.record_scalar(ObservedProperty::Illuminance, sitting.seconds, Draw::new(sitting.noise, 1), |t| {
        let which = (8.0 * t / sitting.seconds) as usize;
        lux.get(which).copied().unwrap_or_default()
    });
    Scene { run: RunData { streams: vec![seen], inputs }, truth: -2.0 }
}
