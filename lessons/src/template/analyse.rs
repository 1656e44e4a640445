//! Runs a template's steps over a recording.

mod class;
mod engine;
mod entered;
mod fits;
mod lists;
mod numbers;
mod signals;
mod working;

pub(super) use engine::component;
pub use working::{Curve, Fit, Worked, Working, Workings};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Reason, RunData, Template};

/// A number with its standard uncertainty and unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// Best estimate in `unit`; finite.
    pub value: f64,
    /// Standard uncertainty (one sigma) in `unit`; finite, not negative.
    pub uncertainty: f64,
    /// Unit symbol: `m/s2`.
    pub unit: String,
}

/// What became of a number that the steps give.
#[derive(Debug, Clone, PartialEq)]
pub struct StepResult {
    /// The step's name; of a fit's numbers `fit.slope`.
    pub name: String,
    /// The number, or why there is none (yet).
    pub result: Result<Quantity, Reason>,
}

impl Template {
    /// Runs every step over one recording; one result per number, in their order: one of a step that gives a number, several of a fit,
    /// none of a step that gives a list or a signal ([`workings`](Self::workings) has those).
    ///
    /// Without any recording a step is what was measured by hand in its place, if somebody did.
    ///
    /// Never panics and never invents: where data or inputs do not suffice there is a reason that tells a pupil what to
    /// do. Pure. A minute of a pendulum at 100 Hz takes 2.5 ms (7 ms with the development profile's optimisation), so
    /// that thirty phones analysed anew every second take 8 % of a core; the cost grows with the number of readings.
    pub fn analyse(&self, run: &RunData) -> Vec<StepResult> {
        self.workings(run).numbers()
    }

    /// As [`analyse`](Self::analyse), with everything the steps gave: lists, signals, and of fits the points and the curve.
    ///
    /// Of a lesson with a [`Trigger`](super::Trigger) only the part of the recording around it is seen.
    pub fn workings(&self, run: &RunData) -> Workings {
        match self.counting(run) {
            Ok(counting) => engine::Engine::new(self, &counting).work(),
            Err(reason) => engine::Engine::waiting(self, run, reason).work(),
        }
    }

    /// What of a recording counts: all of it, or what lies around the [`Trigger`](super::Trigger). Fails with a reason for the group
    /// where that has not come (yet).
    pub fn counting<'r>(&self, run: &'r RunData) -> Result<Cow<'r, RunData>, Reason> {
        match self.run.trigger.filter(|_| !run.streams.is_empty()) {
            Some(trigger) => trigger.cut(run).map(Cow::Owned),
            None => Ok(Cow::Borrowed(run)),
        }
    }

    /// The result of the step that is the Outcome.
    pub fn outcome_of(&self, run: &RunData) -> Result<Quantity, Reason> {
        let found = self.analyse(run).into_iter().find(|step| step.name == self.outcome);
        found.map_or_else(|| Err(Reason::not_computed(&self.outcome)), |step| step.result)
    }
}

#[cfg(test)]
mod tests;
