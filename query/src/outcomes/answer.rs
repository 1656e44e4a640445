//! What an answer about results says.

use std::collections::BTreeMap;

use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::outcome::ClassResult;
use messwerk_lessons::template::{Quantity, Text};
use serde::Serialize;

use crate::files::Missing;

/// What the Things of a lesson found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LessonOutcomes {
    /// Which lesson.
    pub lesson: LessonId,
    /// The template's folder name.
    pub template: String,
    /// One per visible Thing that has a result, by number.
    pub outcomes: Vec<ThingOutcome>,
    /// The class's result by the name of the Outcome; empty without any.
    pub class: BTreeMap<String, ClassResult>,
    /// What the template's steps over all groups found, in their order; left out if there is nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub class_steps: Vec<ClassNumber>,
    /// The visible Things without a result, by number, and what is missing.
    pub pending: Vec<Pending>,
    /// What the results go without because files cannot be read; left out if there is nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// Mistakes that the numbers of the one who asks look like: for that group alone ([`LessonOutcomes::hints_of`]).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Hinted>,
}

impl LessonOutcomes {
    /// Those of a lesson of which nothing is known.
    pub fn none(lesson: LessonId, template: &str) -> Self {
        Self {
            lesson,
            template: template.to_owned(),
            outcomes: vec![],
            class: BTreeMap::new(),
            class_steps: vec![],
            pending: vec![],
            missing: vec![],
            hints: vec![],
        }
    }

    /// The mistakes that a Thing's numbers look like.
    pub fn hints_of(&self, thing: ThingId) -> &[Hinted] {
        let found = self.outcomes.iter().find(|outcome| outcome.thing == thing).map(|outcome| &outcome.hints);
        let found = found.or_else(|| self.pending.iter().find(|pending| pending.thing == thing).map(|pending| &pending.hints));
        found.map_or(&[], Vec::as_slice)
    }
}

/// What one Thing found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThingOutcome {
    /// Whose.
    pub thing: ThingId,
    /// Its number in the lesson.
    pub number: u32,
    /// Its nickname.
    pub nickname: String,
    /// Which recording; 0 for what was measured by hand, or if the template's result is made of entries alone.
    pub run: u32,
    /// Whether it was measured by hand, in place of the recording that the template asks for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// The name of the template's step: `g`.
    pub name: String,
    /// Best estimate in `unit`.
    pub value: f64,
    /// Standard uncertainty in `unit`.
    pub uncertainty: f64,
    /// Unit symbol.
    pub unit: String,
    /// What the template's other steps found on the way, in their order: the period before g.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// The teacher's reason, if it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded: Option<String>,
    /// Whether it does not count because its Take was taken back; `excluded` says so in both languages. A reason of the
    /// teacher's own goes before it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub undone: bool,
    /// What the group had entered when this was computed: figures and the class's steps see the same.
    #[serde(skip)]
    pub entered: BTreeMap<String, f64>,
    /// Typical mistakes that its numbers look like. Never written with the others' results: the group is told, nobody else.
    #[serde(skip)]
    pub hints: Vec<Hinted>,
}

/// A typical mistake that a group's numbers look like.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hinted {
    /// The name of the template's hint: `half_period`.
    pub name: String,
    /// What the group is told.
    pub text: Text,
}

/// A Thing without a result.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pending {
    /// Whose.
    pub thing: ThingId,
    /// Its number in the lesson.
    pub number: u32,
    /// Its nickname.
    pub nickname: String,
    /// What is missing and what to do.
    pub reason: Text,
    /// What the template's steps found so far in the newest recording: the period, while the length is missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// As of a [`ThingOutcome`].
    #[serde(skip)]
    pub hints: Vec<Hinted>,
}

/// A number found on the way to the Outcome; written as `{"name":"T","value":1.3,"uncertainty":0.0004,"unit":"s"}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The name of the template's step.
    pub name: String,
    /// Value, standard uncertainty, unit.
    #[serde(flatten)]
    pub quantity: Quantity,
}

/// A number that the class found together; written as `{"name":"lengths.slope","label":{…},"part":"slope","value":4.02,…}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassNumber {
    /// The name of the template's class step; of a fit's numbers with the part behind a dot: `lengths.slope`.
    pub name: String,
    /// What the step is called.
    pub label: Text,
    /// Which number of a fit: `slope`; left out of a step that gives one number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Value, standard uncertainty, unit.
    #[serde(flatten)]
    pub quantity: Quantity,
}
