//! A phone that is carried round in a circle: its sensor feels ω²·r towards the axis (Huygens, 1673).

use super::{Lesson, Scene, Sitting, rounded};
use crate::physics::draw::Draw;
use crate::physics::{G, Sensing};
use crate::quantity::ObservedProperty;
use crate::template::RunData;

pub(super) const LESSON: Lesson =
    Lesson { name: "centripetal", truth: ("q", 1.0), seconds: 20.0, mistakes: &["gravity", "one_speed", "edge", "centimetres"], make };

/// The sensor 12 to 25 cm from the axis, located to ± 5 mm. The disc is pushed once and slows down from 7 to 10 rad/s as
/// exp(-t/τ); it slopes by 0.3°, shakes by 0.1 m/s², and both sensors are off by ± 0.02.
fn make(sitting: &Sitting) -> Scene {
    let mut draw = sitting.apparatus();
    let r = draw.between(0.12, 0.25);
    let read = rounded(r + 0.005 * draw.normal(), 3);
    let entered = match sitting.mistake {
        // To the outer edge of the phone instead of its sensor.
        Some("edge") => rounded(read + 0.08, 3),
        Some("centimetres") => 100.0 * read,
        _ => read,
    };
    let (sin, cos) = libm::sincos(draw.between(0.0, std::f64::consts::TAU));
    let start = draw.between(7.0, 10.0);
    // A motor that keeps its speed has nothing to draw a line through.
    let tau = if sitting.makes("one_speed") { 60.0 * sitting.seconds } else { sitting.seconds / 1.6 };
    let slope = 0.005;
    let device = sitting.device();
    let offset = |sensing: Sensing, draw: &mut Draw| Sensing { bias: std::array::from_fn(|_| 0.02 * draw.normal()), ..sensing };
    let gyr = offset(Sensing::gyroscope(device), &mut draw);
    let acc = offset(Sensing { noise: 0.1, ..Sensing::accelerometer(device) }, &mut draw);

    let omega = |t: f64| start * libm::exp(-t / tau);
    let turned = |t: f64| start * tau * (1.0 - libm::exp(-t / tau));
    let gyr = gyr.record(ObservedProperty::AngularVelocity, sitting.seconds, Draw::new(sitting.noise, 1), |t| [0.0, 0.0, omega(t)]);
    let acc = acc.record(ObservedProperty::Acceleration, sitting.seconds, Draw::new(sitting.noise, 2), |t| {
        let (towards, along) = (omega(t) * omega(t) * r, -omega(t) / tau * r);
        if sitting.makes("gravity") {
            // Upright in its holder: gravity is in the plane that is read.
            return [towards, G, along];
        }
        let (tilt_sin, tilt_cos) = libm::sincos(turned(t));
        [towards * cos - along * sin + G * slope * tilt_cos, towards * sin + along * cos - G * slope * tilt_sin, G]
    });
    Scene { run: RunData { streams: vec![gyr, acc], inputs: [("r".to_owned(), entered)].into() }, truth: 1.0 }
}
