//! What a template says beside its analysis and figures.

use serde::{Deserialize, Serialize};

use super::expr::{Condition, Expression};
use super::{Channel, Text};
use crate::quantity::ObservedProperty;

/// A language that texts are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Language {
    /// German.
    De,
    /// English.
    En,
}

impl Language {
    /// Every language, German first.
    pub const ALL: [Self; 2] = [Self::De, Self::En];

    /// Its name in files: `de`.
    pub fn name(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// The language of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.name() == name)
    }
}

/// What a lesson belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names say it")]
pub enum Subject {
    Physics,
    Chemistry,
    Biology,
    Geography,
    Mathematics,
    Computing,
    Sports,
    General,
}

/// Whose a lesson was before it was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Origin {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its checksum ([`Bundle::sha256`](crate::bundle::Bundle::sha256)), 64 hexadecimal digits.
    pub sha256: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Under which licence (SPDX).
    pub license: String,
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
    pub max_hz: f64,
    /// Where it may come from.
    pub sources: Vec<Source>,
    /// Of time intervals: what begins and ends one on the hub's own page; two sounds if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
}

/// What begins and ends a time interval on the hub's own page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The acoustic stopwatch: from one loud sound to the next.
    Sound,
    /// The reaction test: from a signal on the screen to the tap that answers it.
    Tap,
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
    /// A list of up to so many values, entered as `h.1`, `h.2`, …; without it one number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<u8>,
    /// Whether it stands for a recording: it is named like the step that it gives by hand (`T`, by stopwatch) and is never
    /// missed. Beside it goes, if somebody knows it better than `uncertainty` says, its own standard uncertainty: `u_T`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// Whether it is never missed: something voluntary, or of help to a hint only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

impl Input {
    /// The name under which the standard uncertainty of what was measured by hand is entered: `u_T`.
    pub fn uncertainty_name(&self) -> String {
        format!("u_{}", self.name)
    }

    /// The names under which its values are entered: its own, or `h.1` to `h.6`.
    pub fn entry_names(&self) -> Vec<String> {
        match self.repeat {
            None => vec![self.name.clone()],
            Some(count) => (1..=count).map(|index| format!("{}.{index}", self.name)).collect(),
        }
    }
}

/// What pupils say before they measure; locked then, and laid over the result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Prediction {
    /// Its name in the API.
    pub name: String,
    /// What is asked.
    pub question: Text,
    /// How it is answered.
    #[serde(flatten)]
    pub answer: Answer,
}

/// How a prediction is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Answer {
    /// With a number.
    Number {
        /// In this unit, which fits that of `of`.
        unit: String,
        /// The least that can be entered.
        min: f64,
        /// The most that can be entered.
        max: f64,
        /// The number it is laid over: `g`, `fit.slope`.
        #[serde(skip_serializing_if = "Option::is_none")]
        of: Option<String>,
    },
    /// With one of two to six.
    Choice {
        /// What can be chosen.
        options: Vec<Text>,
    },
    /// With a curve over time.
    Sketch {
        /// The chart it is drawn over: `acceleration.abs`.
        of: Channel,
    },
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

/// When two classes differ by more than matters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Comparison {
    /// δ: the least difference that would matter, in the Outcome's unit.
    pub margin: f64,
    /// Why so much.
    pub why: Text,
    /// Inputs that say where and when a group measured: results of two classes for which all of them are equal are pairs, and compared
    /// as such. Empty if the lesson has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<String>,
}

/// What may leave the hub, once a teacher releases it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Share {
    /// Numbers about the class.
    pub aggregates: bool,
    /// Single results, without names.
    pub singles: bool,
    /// The least number of groups behind a published number, 5 at least.
    pub k: u32,
    /// How closely the place is told.
    pub location: Location,
}

impl Default for Share {
    fn default() -> Self {
        Self { aggregates: true, singles: false, k: 5, location: Location::None }
    }
}

/// How closely a place is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Location {
    /// Not at all.
    None,
    /// As a cell of a coarse grid.
    Grid,
}

/// How long readings are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Retention {
    /// Proposed hours after the lesson; the hub's own limit counts.
    pub hours: u32,
}

/// Whose physics stands in for a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Simulation {
    /// A scenario of [`physics`](crate::physics): `free_fall`.
    pub scenario: String,
}

/// A typical mistake: shown to the group whose numbers look like it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Hint {
    /// Its name in fixtures.
    pub name: String,
    /// When it is shown.
    pub when: Condition,
    /// What is shown.
    pub text: Text,
}

/// A step over all groups' results and inputs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ClassStep {
    /// Its name in figures and later class steps.
    pub name: String,
    /// What it is called on the board.
    pub label: Text,
    /// What is done.
    #[serde(flatten)]
    pub op: ClassOp,
    /// What comes out.
    #[serde(skip)]
    pub output: super::Output,
}

/// What can be done with a class's numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClassOp {
    /// A straight line through the groups' points.
    Line {
        /// Along.
        x: Expression,
        /// Up.
        y: Expression,
        /// Whether it must pass the origin.
        through_origin: bool,
    },
    /// y = factor · x^exponent (+ background).
    PowerLaw {
        /// Along.
        x: Expression,
        /// Up.
        y: Expression,
        /// Whether a constant is added.
        background: bool,
    },
    /// The mean over the groups.
    AverageOf {
        /// The name of a number of each group.
        of: String,
    },
    /// Arithmetic with what the class found: a list over groups, or a number.
    Formula {
        /// The arithmetic.
        expr: Expression,
        /// The result's unit.
        unit: String,
    },
}
