//! Lesson templates: what a lesson measures, asks for and computes.
//!
//! A template is a folder with a `lesson.toml`; the built-in ones lie in `lessons/library/`. It is data only: every
//! analysis step is one of a closed list of named operations ([`Op`]), never a formula or a program. [`Template::parse`]
//! is the only way to a [`Template`] and checks everything, so that whoever holds one may trust it.

mod analyse;
mod builtin;
mod check;
mod reason;
mod run;
mod step;

pub use analyse::{Quantity, StepResult};
pub use builtin::{builtin, builtins};
pub use check::{TemplateError, Version};
pub use reason::Reason;
pub use run::{RunData, StreamData};
pub use step::{Method, Op, Step};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::frame::Component;
use crate::quantity::ObservedProperty;

/// A text in the two languages of the product.
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
    /// What the lesson is called.
    pub title: Text,
    /// What a group does, in a sentence or two.
    pub task: Text,
    /// What is recorded; at least one, each property once.
    pub sensors: Vec<Sensor>,
    /// What a group enters.
    pub inputs: Vec<Input>,
    /// What is computed, in this order.
    pub steps: Vec<Step>,
    /// The name of the step whose result is the Outcome: `g`.
    pub outcome: String,
    /// What the Outcome is held against.
    pub reference: Option<Reference>,
    /// What the board shows; the first trace is the live chart.
    pub figures: Vec<Figure>,
}

/// A kind of reading that the lesson records; everything else is a Reject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Sensor {
    /// What is observed.
    pub quantity: ObservedProperty,
    /// The stream's short name, as in topics: must be the quantity's.
    pub stream: String,
    /// Readings per second below which the analysis cannot work.
    pub min_hz: f64,
    /// Readings per second (by their own times) above which the stream is thinned at ingest.
    #[serde(default = "default_max_hz")]
    pub max_hz: f64,
    /// Where it may come from.
    pub sources: Vec<Source>,
}

fn default_max_hz() -> f64 {
    200.0
}

/// A program on the phone that can send a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// The hub's own page in the phone's browser.
    Web,
    /// The phyphox app.
    Phyphox,
    /// The Sensor Logger app.
    SensorLogger,
    /// A station or microcontroller.
    Station,
}

/// A number that a group measures by hand. There is no default: what nobody entered stays missing, so that it cannot be
/// left standing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Input {
    /// The name in the API, with its unit: `length_m`.
    pub name: String,
    /// Unit symbol: `m`.
    pub unit: String,
    /// What the group reads beside the field.
    pub label: Text,
    /// The least value that can be meant.
    pub min: f64,
    /// The largest value that can be meant.
    pub max: f64,
    /// Standard uncertainty of what is entered, in `unit`.
    pub uncertainty: f64,
    /// Whether it stands for a recording: it is named like the step that it gives by hand (`T`, by stopwatch) and is never
    /// missed. Beside it goes, if somebody knows it better than `uncertainty` says, its own standard uncertainty: `u_T`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
}

impl Input {
    /// The name under which the standard uncertainty of what was measured by hand is entered: `u_T`.
    pub fn uncertainty_name(&self) -> String {
        format!("u_{}", self.name)
    }
}

/// The accepted value of the Outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Reference {
    /// In the Outcome's unit.
    pub value: f64,
    /// Half-width of the band that a good measurement reaches, in the Outcome's unit.
    pub tolerance: f64,
    /// What stands beside the line in a figure.
    pub label: Text,
    /// Where it comes from.
    pub source: Text,
}

/// A figure of the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Figure {
    /// A component against time, with a fixed range so that all phones have the same axes.
    Trace {
        /// What is drawn; one of the sensors.
        quantity: ObservedProperty,
        /// Which component.
        #[serde(with = "check::component_name")]
        component: Component,
        /// Lower end of the axis.
        min: f64,
        /// Upper end of the axis.
        max: f64,
    },
    /// Every group's result as a point with its uncertainty, and the reference.
    Strip {
        /// The name of the step that is drawn.
        of: String,
        /// Lower end of the axis; without it the axis follows the results.
        #[serde(default)]
        min: Option<f64>,
        /// Upper end of the axis.
        #[serde(default)]
        max: Option<f64>,
    },
}

impl Template {
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
        self.inputs_by_hand().any(|input| entered.contains_key(&input.name))
    }

    /// The step of a name.
    pub fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// The live chart: property and component of the first trace.
    pub fn trace(&self) -> Option<(ObservedProperty, Component)> {
        self.figures.iter().find_map(|figure| match figure {
            Figure::Trace { quantity, component, .. } => Some((*quantity, *component)),
            Figure::Strip { .. } => None,
        })
    }
}

#[cfg(test)]
mod tests;
