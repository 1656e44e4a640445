//! What the page knows of a lesson: its Things, the live windows of each, and the Outcomes.
//!
//! Fed by the hub's messages in any order; every message replaces what it is about. Never joins over a gap, never
//! invents a value: a missing window stays missing.

use std::collections::BTreeMap;

use messwerk_lessons::Micros;
use messwerk_lessons::frame::{Component, Frame};
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;

use crate::error::VizError;

pub mod lesson;
pub mod results;
pub mod ring;

use lesson::{Lesson, Thing};
use results::Results;
use ring::Ring;

/// How much of the past is kept, in µs: two minutes, twice the longest sweep the page offers.
const KEPT: Micros = 120_000_000;
/// Windows kept per series at most, whatever their length: two minutes at 100 Hz (20 bytes each, 240 kB per Thing).
const MAX_WINDOWS: usize = 12_000;
/// Series kept at most: far above a class (35 Things), low enough that a wrong hub cannot fill the browser's memory.
const MAX_SERIES: usize = 512;

/// The time axis of the live windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// Hub time at which window 0 begins.
    pub origin: Micros,
    /// Length of a window in µs, at least 1.
    pub window: u32,
}

impl Grid {
    /// Hub time in seconds after the origin at which a window's middle lies.
    pub fn middle(self, index: i32) -> f64 {
        (f64::from(index) + 0.5) * self.seconds()
    }

    /// Length of a window in seconds.
    pub fn seconds(self) -> f64 {
        f64::from(self.window) * 1e-6
    }
}

/// Lesson, series and results.
#[derive(Debug, Default)]
pub struct Model {
    lesson: Option<Lesson>,
    results: Results,
    grid: Option<Grid>,
    series: BTreeMap<(ThingId, ObservedProperty, Component), Ring>,
    newest: Option<i32>,
    /// Seconds by which a Thing's clock is behind the hub's, where it is known to be wrong.
    behind: BTreeMap<ThingId, f64>,
}

impl Model {
    /// The lesson, once its message has come.
    pub fn lesson(&self) -> Option<&Lesson> {
        self.lesson.as_ref()
    }

    /// Takes the lesson message. If it is another lesson than before, its predecessor's data go.
    pub fn set_lesson(&mut self, lesson: Lesson) {
        if self.lesson.as_ref().is_some_and(|before| before.id != lesson.id) {
            *self = Self::default();
        }
        self.lesson = Some(lesson);
    }

    /// The class's results.
    pub fn results(&self) -> &Results {
        &self.results
    }

    /// Takes the `/outcomes` body.
    pub fn set_results(&mut self, results: Results) {
        self.results = results;
    }

    /// The time axis, once a frame has come.
    pub fn grid(&self) -> Option<Grid> {
        self.grid
    }

    /// The newest window of all series.
    pub fn newest(&self) -> Option<i32> {
        self.newest
    }

    /// Takes a frame: windows sent again replace the earlier ones. A frame on another time axis replaces all series.
    pub fn apply(&mut self, frame: &Frame) {
        let grid = Grid { origin: frame.origin, window: frame.window.max(1) };
        if self.grid != Some(grid) {
            self.series.clear();
            self.newest = None;
            self.behind.clear();
            self.grid = Some(grid);
        }
        let capacity = usize::try_from(KEPT / Micros::from(grid.window)).unwrap_or(MAX_WINDOWS).clamp(2, MAX_WINDOWS);
        for series in &frame.series {
            let key = (series.thing, series.property, series.component);
            if self.series.len() >= MAX_SERIES && !self.series.contains_key(&key) {
                continue;
            }
            let ring = self.series.entry(key).or_insert_with(|| Ring::new(capacity));
            series.windows.iter().for_each(|&window| ring.put(window));
            self.newest = self.newest.max(ring.newest());
        }
    }

    /// Seconds by which a Thing's clock is behind the hub's; negative if it is ahead, 0 while it is not known to be wrong.
    pub fn behind(&self, thing: ThingId) -> f64 {
        self.behind.get(&thing).copied().unwrap_or(0.0)
    }

    /// Says how wrong a Thing's clock is; 0 is right.
    pub fn set_behind(&mut self, thing: ThingId, seconds: f64) {
        if seconds.is_finite() && seconds != 0.0 {
            self.behind.insert(thing, seconds);
        } else {
            self.behind.remove(&thing);
        }
    }

    /// The windows of a Thing in the lesson's property and component.
    pub fn ring(&self, thing: ThingId) -> Option<&Ring> {
        let lesson = self.lesson.as_ref()?;
        self.series.get(&(thing, lesson.property?, lesson.component))
    }

    /// The Things of the lesson in the order of their numbers.
    pub fn things(&self) -> &[Thing] {
        self.lesson.as_ref().map_or(&[], |lesson| &lesson.things)
    }

    /// The Thing of an id.
    pub fn thing(&self, id: ThingId) -> Option<&Thing> {
        self.things().iter().find(|thing| thing.id == id)
    }

    /// Seconds after the grid's origin of a hub time.
    pub fn seconds(&self, time: Micros) -> Option<f64> {
        Some((time.saturating_sub(self.grid?.origin)) as f64 * 1e-6)
    }

    /// Reads and applies a live frame, and returns it; on error nothing has changed.
    pub fn frame(&mut self, bytes: &[u8]) -> Result<Frame, VizError> {
        let frame = Frame::decode(bytes)?;
        self.apply(&frame);
        Ok(frame)
    }
}

#[cfg(test)]
mod tests;
