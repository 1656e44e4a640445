//! How a measurement runs: how it is counted down, when it ends by itself, and from which moment on a recording counts.

use serde::{Deserialize, Serialize};

use super::analyse::component;
use super::{Channel, Edge, Reason, RunData, StreamData};
use crate::analysis::{Direction, crossings};

/// How a Take of the lesson runs. Without a `[run]` in the file: three seconds down, open until the teacher stops.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunPlan {
    /// Seconds between the teacher's start and the first reading that counts, 0 to [`COUNTDOWN`].
    pub countdown_s: u8,
    /// Seconds after which a Take ends by itself; without it the teacher stops it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length_s: Option<u16>,
    /// What part of each group's recording is analysed; without it all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
}

/// The longest countdown, s.
pub const COUNTDOWN: u8 = 10;

impl Default for RunPlan {
    fn default() -> Self {
        Self { countdown_s: 3, length_s: None, trigger: None }
    }
}

impl RunPlan {
    /// The ways a Take runs, as `mode` names them in the file.
    pub const MODES: [&'static str; 3] = ["open", "timed", "trigger"];
}

/// The moment each group's recording counts from: the first at which a value passes a level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Trigger {
    /// Whose value.
    pub of: Channel,
    /// Which level, in the component's unit.
    pub level: f64,
    /// On the way up, down, or either.
    pub edge: Edge,
    /// Seconds before the moment that are kept.
    pub before_s: f64,
    /// Seconds after the moment that are kept.
    pub after_s: f64,
}

impl Trigger {
    /// The moment, in seconds from the run's first reading; `None` where the level was never passed, or nothing can be said (no
    /// readings, times that run backwards).
    pub fn moment(&self, run: &RunData) -> Option<f64> {
        let stream = run.stream(self.of.property)?;
        let direction = self.edge.into();
        crossings(&stream.time, &component(stream, self.of.component), self.level, 0.0, direction).ok()?.first().copied()
    }

    /// What of a recording counts: every stream from `before_s` before the moment to `after_s` after it, at unchanged times.
    ///
    /// Fails with a reason for the group where the moment has not come (yet).
    pub(super) fn cut(&self, run: &RunData) -> Result<RunData, Reason> {
        let there = run.stream(self.of.property).is_some_and(|stream| !stream.time.is_empty());
        let never = || if there { Reason::not_triggered(self) } else { Reason::no_readings(&[self.of.property]) };
        let at = self.moment(run).ok_or_else(never)?;
        let streams = run.streams.iter().map(|stream| self.part(stream, at)).collect();
        Ok(RunData { streams, inputs: run.inputs.clone() })
    }

    fn part(&self, stream: &StreamData, at: f64) -> StreamData {
        let StreamData { property, time, x, y, z } = stream;
        let counts = |time: &f64| (at - self.before_s..=at + self.after_s).contains(time);
        // By each one's own time, not by a range of places: nobody promised that times are in order.
        let of = |column: &Vec<f64>| column.iter().zip(time).filter(|(_, time)| counts(time)).map(|(value, _)| *value).collect();
        StreamData { property: *property, time: of(time), x: of(x), y: of(y), z: of(z) }
    }
}

impl From<Edge> for Direction {
    fn from(edge: Edge) -> Self {
        match edge {
            Edge::Rising => Self::Rising,
            Edge::Falling => Self::Falling,
            Edge::Both => Self::Both,
        }
    }
}

#[cfg(test)]
mod tests;
