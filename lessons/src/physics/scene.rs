//! One group in one lesson, with what its outcome would be without any error of measurement.
//!
//! A scene is what a fixture, a test or a simulated class needs: readings and entered numbers with stated noise, offset and
//! jitter, drawn from a seed, and the truth to hold the answer against. Each lesson's file names the law it follows.

mod centripetal;
mod cooling;
mod day_length;
mod elevator;
mod free_fall;
mod iss;
mod light;
mod noise;
mod pendulum;
mod reaction;
mod rest;
mod sound_speed;
mod spring;
mod spring_masses;
mod standstill;
mod steps;
mod tube;
mod weather;

use std::collections::BTreeMap;

use super::draw::Draw;
use super::{DEVICES, Device};
use crate::quantity::ObservedProperty;
use crate::template::{RunData, StreamData};

/// What one group measured, and what it should have found.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Readings and entered numbers.
    pub run: RunData,
    /// The outcome without any error of measurement, in the unit of the lesson's outcome. With a mistake it is still what a
    /// careful group would have found.
    pub truth: f64,
}

/// A lesson's physics.
#[derive(Debug)]
struct Lesson {
    /// The name in a template's `[simulation]`.
    name: &'static str,
    /// The step that is the outcome, and what a whole class would find for it.
    truth: (&'static str, f64),
    /// Length of a good recording, s.
    seconds: f64,
    /// What can be done wrong.
    mistakes: &'static [&'static str],
    make: fn(&Sitting) -> Scene,
}

const LESSONS: [Lesson; 18] = [
    centripetal::LESSON,
    cooling::LESSON,
    day_length::LESSON,
    elevator::LESSON,
    free_fall::LESSON,
    iss::LESSON,
    light::LESSON,
    noise::LESSON,
    pendulum::LESSON,
    reaction::LESSON,
    rest::LESSON,
    sound_speed::LESSON,
    spring::LESSON,
    spring_masses::LESSON,
    standstill::LESSON,
    steps::LESSON,
    tube::LESSON,
    weather::LESSON,
];

/// A scenario has one name; a lesson's id (`free-fall`) is understood as well.
fn lesson(name: &str) -> Option<&'static Lesson> {
    let name = name.replace('-', "_");
    LESSONS.iter().find(|lesson| lesson.name == name)
}

/// The names of all scenarios, as in a template's `[simulation]`: `free_fall`.
pub fn scenarios() -> impl Iterator<Item = &'static str> {
    LESSONS.iter().map(|lesson| lesson.name)
}

/// What can be done wrong in a scenario: the names that [`scenario`] takes as `mistake`, which are those of the hints. Empty
/// for a scenario that does not exist.
pub fn mistakes(name: &str) -> &'static [&'static str] {
    lesson(name).map_or(&[], |lesson| lesson.mistakes)
}

/// The step that is a scenario's outcome and what a class would find for it without any error of measurement, in the
/// outcome's unit. Where groups measure things of their own it is the middle of them; a single group's truth is in its
/// [`Scene`].
pub fn truth(name: &str) -> Option<(&'static str, f64)> {
    lesson(name).map(|lesson| lesson.truth)
}

/// The length of a good recording, s: what a simulated class takes if nobody says otherwise.
pub fn seconds(name: &str) -> Option<f64> {
    lesson(name).map(|lesson| lesson.seconds)
}

/// One group in a lesson: what it measures in `seconds`, with its truth. `None` for a scenario or a mistake that does not exist.
pub fn scene(name: &str, mistake: Option<&str>, seconds: f64, seed: u64) -> Option<Scene> {
    Group::new(name, mistake, seed).map(|group| group.measure(seconds, seed))
}

/// [`scene`] without its truth: what a fixture needs.
pub fn scenario(name: &str, mistake: Option<&str>, seconds: f64, seed: u64) -> Option<RunData> {
    scene(name, mistake, seconds, seed).map(|scene| scene.run)
}

/// A group and its apparatus, which it keeps from one recording to the next.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    lesson: &'static Lesson,
    mistake: Option<&'static str>,
    seed: u64,
}

/// By name: a `Lesson` holds a function, and functions have no equality worth the name.
impl PartialEq for Group {
    fn eq(&self, other: &Self) -> bool {
        (self.lesson.name, self.mistake, self.seed) == (other.lesson.name, other.mistake, other.seed)
    }
}

impl Group {
    /// The group of a seed. `None` for a scenario or a mistake that does not exist.
    pub fn new(name: &str, mistake: Option<&str>, seed: u64) -> Option<Self> {
        let lesson = lesson(name)?;
        let mistake = match mistake {
            None => None,
            Some(wanted) => Some(*lesson.mistakes.iter().find(|known| **known == wanted)?),
        };
        Some(Self { lesson, mistake, seed })
    }

    /// What it measures in `seconds`: another `noise`, another recording with the same apparatus.
    pub fn measure(&self, seconds: f64, noise: u64) -> Scene {
        (self.lesson.make)(&Sitting { mistake: self.mistake, seconds, group: self.seed, noise })
    }
}

/// One recording of one group.
struct Sitting {
    mistake: Option<&'static str>,
    seconds: f64,
    group: u64,
    noise: u64,
}

impl Sitting {
    fn makes(&self, mistake: &str) -> bool {
        self.mistake == Some(mistake)
    }

    /// For what a group has and keeps: its apparatus, its phone.
    fn apparatus(&self) -> Draw {
        Draw::new(self.group, 1000)
    }

    /// For what is new in each recording.
    fn chance(&self) -> Draw {
        Draw::new(self.noise, 2000)
    }

    /// The phone of the group.
    fn device(&self) -> Device {
        Draw::new(self.group, 1001).one_of(&DEVICES)
    }
}

/// To `places` decimals, as pupils write and displays show.
fn rounded(value: f64, places: u32) -> f64 {
    let per = f64::from(10_u32.pow(places));
    libm::round(value * per) / per
}

/// A list as it is entered: `h.1`, `h.2`, …
fn enter(inputs: &mut BTreeMap<String, f64>, name: &str, values: &[f64]) {
    inputs.extend(values.iter().enumerate().map(|(index, value)| (format!("{name}.{}", index + 1), *value)));
}

fn scalars(property: ObservedProperty, time: Vec<f64>, x: Vec<f64>) -> StreamData {
    StreamData { property, time, x, y: vec![], z: vec![] }
}

/// Single readings, one after the other over `seconds`: of a stopwatch, a tapping test, a station that reports every hour.
fn one_by_one(property: ObservedProperty, seconds: f64, values: &[f64]) -> StreamData {
    let step = seconds / values.len() as f64;
    let time = (0..values.len()).map(|index| libm::round(step * index as f64 * 1e6) / 1e6).collect();
    scalars(property, time, values.iter().map(|value| f64::from(*value as f32)).collect())
}

#[cfg(test)]
mod tests;
