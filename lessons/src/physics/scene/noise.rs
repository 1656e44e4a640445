//! How loud a place is: a level that goes up and down about a middle, as talk does. Of a level that is normally distributed in dB the
//! energy mean is μ + ln(10)/20·σ² (the mean of a log-normal distribution); Leq itself: ISO 1996-1, 3.6.

use super::{Lesson, Scene, Sitting, rounded};
use crate::physics::Sensing;
use crate::physics::draw::Draw;
use crate::quantity::ObservedProperty;
use crate::template::RunData;

pub(super) const LESSON: Lesson =
    Lesson { name: "noise", truth: ("above", 0.0), seconds: 60.0, mistakes: &["sign", "touched", "arithmetic_mean", "covered"], make };

/// Standard deviation of the level, dB.
const SPREAD: f64 = 3.0;

/// Places 12 dB below to 12 dB above the common minute, in which phones differ by ± 4 dB; what they showed then is good to ± 0.5 dB.
fn make(sitting: &Sitting) -> Scene {
    let (mut draw, mut chance) = (sitting.apparatus(), sitting.chance());
    let common = -42.0 + 4.0 * draw.normal();
    let above = draw.between(-12.0, 12.0);
    // In a loud place nobody would notice.
    let above = if sitting.makes("touched") { -libm::fabs(above) } else { above };
    let middle = common + above - libm::log(10.0) / 20.0 * SPREAD * SPREAD;
    let sensing = Sensing { rate_hz: 8.0, jitter_s: 1e-3, noise: 0.0, wander: SPREAD, wander_s: 0.4, bias: [0.0; 3] };
    let mut level = sensing.record_scalar(ObservedProperty::SoundLevel, sitting.seconds, Draw::new(sitting.noise, 1), |_| middle);
    let last = level.x.len().saturating_sub(8);
    match sitting.mistake {
        // A bump against the phone for half a second.
        Some("touched") => level.x.iter_mut().skip(last / 2).take(4).for_each(|value| *value = f64::from((common + 45.0).min(-1.0) as f32)),
        // A thumb over the microphone.
        Some("covered") => level.x.iter_mut().for_each(|value| *value = f64::from((-92.0 + 0.02 * (*value - middle)) as f32)),
        _ => {}
    }
    let shown = rounded(common + 0.5 * draw.normal(), 1);
    let mut inputs = std::collections::BTreeMap::from([("common".to_owned(), if sitting.makes("sign") { -shown } else { shown })]);
    if sitting.makes("arithmetic_mean") {
        let mean = level.x.iter().sum::<f64>() / level.x.len().max(1) as f64;
        inputs.insert("own_mean".to_owned(), rounded(mean + 0.05 * chance.normal(), 1));
    }
    Scene { run: RunData { streams: vec![level], inputs }, truth: above }
}
