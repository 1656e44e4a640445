//! A class of phones: what thirty groups make of one lesson.

use super::draw::Draw;
use super::{DEVICES, G, Group, PendulumParams, RestParams, Sensing, SpringParams, pendulum, rest, spring};
use crate::template::RunData;

/// What the class looks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truth {
    /// Local gravity, m/s².
    pub g: f64,
    /// Spring constant, N/m: every group has the same kind of spring.
    pub k: f64,
}

impl Default for Truth {
    fn default() -> Self {
        Self { g: G, k: 40.0 }
    }
}

/// One group's phone in one of the built-in lessons.
#[derive(Debug, Clone, PartialEq)]
pub enum Phone {
    /// Lesson `pendulum`.
    Pendulum(PendulumParams),
    /// Lesson `spring`.
    Spring(SpringParams),
    /// Lesson `rest`.
    Rest(RestParams),
    /// Any lesson with a scenario.
    Group(Group),
}

impl Phone {
    /// What the phone sends in `seconds`.
    pub fn record(&self, seconds: f64, seed: u64) -> RunData {
        match self {
            Self::Pendulum(params) => pendulum(params, seconds, seed),
            Self::Spring(params) => spring(params, seconds, seed),
            Self::Rest(params) => rest(params, seconds, seed),
            Self::Group(group) => group.measure(seconds, seed).run,
        }
    }
}

/// `things` phones of one class in the lesson `template`; `None` if there is no physics for it. `truth` is that of the lessons
/// `pendulum`, `spring` and `rest`; the others have their own ([`truth`](super::truth)).
///
/// The groups differ as groups do, and have no error in common: pendulums of 0.25 to 1.0 m read to ± 4 mm and released
/// at 2° to 5°, hung so that they swing about their z axis to ± 15°; masses of 150 to 400 g weighed to ± 1 g; accelerometers that are off by ± 0.04 m/s². One phone's readings
/// come from [`Phone::record`] with a seed of its own.
pub fn class(template: &str, things: usize, truth: Truth, seed: u64) -> Option<Vec<Phone>> {
    let one = match template {
        "pendulum" => pendulum_phone,
        "spring" => spring_phone,
        "rest" => rest_phone,
        _ => return class_with(template, None, things, seed),
    };
    Some((0..things).map(|index| one(truth, &mut Draw::new(seed, 1000 + index as u64))).collect())
}

/// How many groups of a class there are to one that makes the mistake: as in a lesson, most do it right.
const ONE_IN: usize = 5;

/// Whether the group of a place, from 0, is the one in five that makes a class's mistake.
pub fn errs(index: usize) -> bool {
    index.is_multiple_of(ONE_IN)
}

/// `things` groups in a lesson with a scenario ([`scene`](super::scene)), of which the first of every five makes a mistake;
/// `None` if there is no such scenario or mistake.
pub fn class_with(scenario: &str, mistake: Option<&str>, things: usize, seed: u64) -> Option<Vec<Phone>> {
    let group = |index: usize| {
        let mistake = mistake.filter(|_| errs(index));
        Group::new(scenario, mistake, Draw::new(seed, 1000 + index as u64).seed()).map(Phone::Group)
    };
    // Also of a class without a single group, or one whose every group does it right, the names must exist.
    Group::new(scenario, mistake, seed)?;
    (0..things).map(group).collect()
}

fn pendulum_phone(truth: Truth, draw: &mut Draw) -> Phone {
    let device = draw.one_of(&DEVICES);
    let length_m = draw.between(0.25, 1.0);
    let offset = 0.02;
    Phone::Pendulum(PendulumParams {
        length_m,
        entered_m: Some(libm::round(1000.0 * (length_m + 0.004 * draw.normal())) / 1000.0),
        g: truth.g,
        theta0: draw.between(2.0, 5.0).to_radians(),
        damping: draw.between(0.002, 0.02),
        release_s: draw.between(-1.0, 1.5),
        caught_s: None,
        turn: 0.25 * draw.normal(),
        gyr: Sensing { bias: std::array::from_fn(|_| offset * draw.normal()), ..Sensing::gyroscope(device) },
        acc: Sensing { bias: std::array::from_fn(|_| offset * draw.normal()), ..Sensing::accelerometer(device) },
    })
}

fn spring_phone(truth: Truth, draw: &mut Draw) -> Phone {
    let mass_kg = draw.between(0.15, 0.4);
    Phone::Spring(SpringParams {
        mass_kg,
        entered_kg: Some(libm::round(1000.0 * (mass_kg + 0.001 * draw.normal())) / 1000.0),
        spring_mass_kg: 0.0,
        k: truth.k,
        g: truth.g,
        amplitude_m: draw.between(0.003, 0.01),
        damping: draw.between(0.01, 0.08),
        release_s: draw.between(-1.0, 1.5),
        acc: Sensing::accelerometer(draw.one_of(&DEVICES)),
    })
}

fn rest_phone(truth: Truth, draw: &mut Draw) -> Phone {
    let mut acc = Sensing::accelerometer(draw.one_of(&DEVICES));
    acc.bias = std::array::from_fn(|_| 0.04 * draw.normal());
    Phone::Rest(RestParams { g: truth.g, slope: draw.between(-0.02, 0.02), acc })
}
