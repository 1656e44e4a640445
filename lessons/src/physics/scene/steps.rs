//! Walking: the trunk goes up and down once for each step and, more weakly, twice (Bachmann and Ammann, Vibrations in Structures,
//! IABSE 1987: 40 % and 10 % of the weight at 2 steps per second); a phone in a trouser pocket swings with one leg, once in two steps.

use super::{Lesson, Scene, Sitting};
use crate::physics::draw::Draw;
use crate::physics::{G, Sensing};
use crate::quantity::ObservedProperty;
use crate::template::RunData;

/// In the middle of a class, steps per second.
const MIDDLE: f64 = 1.85;

pub(super) const LESSON: Lesson =
    Lesson { name: "steps", truth: ("f", MIDDLE), seconds: 30.0, mistakes: &["every_second_step", "both_feet_twice"], make };

/// 1.65 to 2.05 steps per second, each off by 2 %; the phone held to the chest.
fn make(sitting: &Sitting) -> Scene {
    let (mut draw, mut chance) = (sitting.apparatus(), sitting.chance());
    let f = MIDDLE + draw.between(-0.2, 0.2);
    let (once, twice) = (draw.between(2.0, 3.0), draw.between(0.4, 0.8));
    let leg = if sitting.makes("every_second_step") { 5.0 } else { 0.3 };
    let mut walk = Walk { f, begun: -chance.unit() / f, takes: 1.0 / f, done: 0.0, chance };
    let acc = Sensing { noise: 0.3, ..Sensing::accelerometer(sitting.device()) };
    let acc = acc.record(ObservedProperty::Acceleration, sitting.seconds, Draw::new(sitting.noise, 1), |t| {
        let phase = std::f64::consts::TAU * walk.steps(t);
        // Very short steps on the spot, both feet heard twice: heel and toe.
        let (once, twice) = if sitting.makes("both_feet_twice") { (0.0, once) } else { (once, twice) };
        let up = once * libm::cos(phase) + twice * libm::cos(2.0 * phase + 0.7) + leg * libm::cos(0.5 * phase);
        [0.5 * libm::sin(0.5 * phase), G + up, 0.0]
    });
    let inputs = [("leg".to_owned(), leg_length(f, sitting))].into();
    Scene { run: RunData { streams: vec![acc], inputs }, truth: f }
}

/// As a pendulum of its length a leg swings best in a time that goes with the root of it; measured to 2 cm over clothes.
fn leg_length(f: f64, sitting: &Sitting) -> f64 {
    let tape = Draw::new(sitting.group, 3000).normal();
    super::rounded(0.85 * (MIDDLE / f) * (MIDDLE / f) + 0.02 * tape, 2)
}

/// Steps, one after the other.
struct Walk {
    f: f64,
    begun: f64,
    takes: f64,
    done: f64,
    chance: Draw,
}

impl Walk {
    /// How many steps were made until `t`, which is not before the last one asked for.
    fn steps(&mut self, t: f64) -> f64 {
        while t >= self.begun + self.takes {
            self.begun += self.takes;
            self.done += 1.0;
            self.takes = (1.0 + 0.02 * self.chance.normal()) / self.f;
        }
        self.done + (t - self.begun) / self.takes
    }
}
