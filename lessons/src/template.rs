//! Lesson templates: what a lesson measures, asks for and computes.
//!
//! A template is a folder with a `lesson.toml` and texts (`docs/templates.md`); the built-in ones lie in `lessons/library/`. It is
//! data only: every analysis step is one of a closed list of named operations ([`Op`]), formulas know nothing but arithmetic.
//! [`Template::parse`] is the only way to a [`Template`] and checks everything, so that whoever holds one may trust it.

mod analyse;
mod builtin;
mod check;
pub mod expr;
mod figure;
pub(crate) mod finding;
mod hints;
mod needs;
mod plan;
mod predict;
pub(crate) mod read;
mod reason;
mod run;
mod run_plan;
mod step;
mod version;

pub use analyse::{Curve, Fit, Quantity, StepResult, Worked, Working, Workings};
pub use builtin::{builtin, builtins};
pub use check::LICENSES;
pub use expr::{Condition, Expression};
pub use figure::Figure;
pub use finding::{Finding, Level, TemplateError, nearest};
pub use plan::{
    Answer, ClassOp, ClassStep, Comparison, Event, Hint, Input, Language, Location, Origin, Prediction, Reference, Retention, Sensor,
    Share, Simulation, Source, Subject,
};
pub use predict::{KNOTS, is_prediction};
pub use reason::Reason;
pub use run::{RunData, StreamData};
pub use run_plan::{COUNTDOWN, RunPlan, Trigger};
pub use step::{Beyond, Channel, Drift, Edge, FrequencyMethod, Method, Op, Operand, Operands, Output, SmoothMethod, Step};
pub use version::Version;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::frame::Component;
use crate::quantity::ObservedProperty;

/// A text in the two languages of the product. A template that has only one of them says the same in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in a language; anything but `de` is answered in English.
    pub fn in_language(&self, language: &str) -> &str {
        if language == "de" { &self.de } else { &self.en }
    }
}

/// The plan of a lesson. Only [`Template::parse`] makes one, so all names in it lead somewhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Template {
    /// The name of its folder and in the API: `pendulum`.
    pub id: String,
    /// Outcomes compare only within the same id and major version.
    pub version: Version,
    /// The languages its texts are written in; at least one.
    pub languages: Vec<Language>,
    /// Its licence (SPDX).
    pub license: String,
    /// Who wrote it; at least one.
    pub authors: Vec<String>,
    /// What it belongs to.
    pub subject: Subject,
    /// For which school years, from and to.
    pub grades: [u8; 2],
    /// How long it takes, min.
    pub minutes: u16,
    /// Pupils around one phone.
    pub group: u8,
    /// What the lesson is called.
    pub title: Text,
    /// What it is about, for the library.
    pub summary: Text,
    /// What a group does, in a sentence or two.
    pub task: Text,
    /// Whose it was, of a fork.
    pub origin: Option<Origin>,
    /// What is recorded, each property once; empty where everything is entered.
    pub sensors: Vec<Sensor>,
    /// What a group enters.
    pub inputs: Vec<Input>,
    /// What is asked before the first measurement.
    pub predictions: Vec<Prediction>,
    /// How a measurement runs.
    pub run: RunPlan,
    /// What is computed, in this order.
    pub steps: Vec<Step>,
    /// What is computed over all groups, in this order.
    pub class_steps: Vec<ClassStep>,
    /// Typical mistakes.
    pub hints: Vec<Hint>,
    /// The name of the number that is the Outcome: `g`, or `fit.slope` of a fit.
    pub outcome: String,
    /// What the Outcome is held against.
    pub reference: Option<Reference>,
    /// When two classes differ by more than matters; without it nobody can say that they agree.
    pub comparison: Option<Comparison>,
    /// What may leave the hub.
    pub share: Share,
    /// How long readings are needed.
    pub retention: Option<Retention>,
    /// What the board shows; the first trace is the live chart.
    pub figures: Vec<Figure>,
    /// Whose physics stands in for a class.
    pub simulation: Option<Simulation>,
}

impl Template {
    /// Reads and checks a `lesson.toml`. Unknown keys, names that lead nowhere, units that do not fit and numbers outside
    /// their domain are errors; all of them at once, with line, key and fix.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let (template, mut findings) = read::read(text);
        findings.retain(|finding| finding.level == Level::Error);
        template.ok_or(TemplateError { findings })
    }

    /// As [`parse`](Self::parse), with warnings and hints too.
    pub fn read(text: &str) -> (Option<Self>, Vec<Finding>) {
        read::read(text)
    }

    /// The sensor of a property, if the lesson records it.
    pub fn sensor(&self, property: ObservedProperty) -> Option<&Sensor> {
        self.sensors.iter().find(|sensor| sensor.quantity == property)
    }

    /// The input of a name.
    pub fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.name == name)
    }

    /// What may be measured by hand, in place of a recording.
    pub fn inputs_by_hand(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|input| input.by_hand)
    }

    /// Whether some of what was entered was measured by hand.
    pub fn measured_by_hand(&self, entered: &BTreeMap<String, f64>) -> bool {
        self.inputs_by_hand().any(|input| input.entry_names().iter().any(|name| entered.contains_key(name)))
    }

    /// The step of a name.
    pub fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// The class's step of a name.
    pub fn class_step(&self, name: &str) -> Option<&ClassStep> {
        self.class_steps.iter().find(|step| step.name == name)
    }

    /// The unit of a number that the steps give: of `g`, of `fit.slope`. `None` for what is no number.
    pub fn unit_of(&self, number: &str) -> Option<&str> {
        let (name, part) = number.split_once('.').unwrap_or((number, ""));
        self.step(name)?.output.number(part)
    }

    /// What a number that the steps give is called on the board.
    pub fn label_of(&self, number: &str) -> Option<&Text> {
        let name = number.split('.').next().unwrap_or(number);
        self.step(name).map(|step| &step.label)
    }

    /// The input that an entry belongs to: `length_m`, `h.3` of a list.
    pub fn input_of(&self, entry: &str) -> Option<&Input> {
        let Some((name, index)) = entry.split_once('.') else { return self.input(entry).filter(|input| input.repeat.is_none()) };
        let index: u8 = index.parse().ok().filter(|number: &u8| number.to_string() == index)?;
        self.input(name).filter(|input| input.repeat.is_some_and(|count| (1..=count).contains(&index)))
    }

    /// The live chart: property and component of the first trace; without one the first sensor's as one number. `None` where nothing
    /// is recorded.
    pub fn trace(&self) -> Option<(ObservedProperty, Component)> {
        let drawn = self.figures.iter().find_map(|figure| match figure {
            Figure::Trace { quantity, component, .. } => Some((*quantity, *component)),
            _ => None,
        });
        drawn.or_else(|| self.sensors.first().map(|sensor| (sensor.quantity, Component::whole(sensor.quantity))))
    }
}

#[cfg(test)]
mod tests;
