//! The `/outcomes` body: every Thing's answer, the class's, and who has none yet and why.

use std::collections::BTreeMap;

use messwerk_lessons::id::ThingId;
use serde::Deserialize;

use crate::error::VizError;
use crate::order;
use crate::words::{Bilingual, Lang};

/// One Thing's answer with its standard uncertainty.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Answer {
    /// Whose.
    pub thing: ThingId,
    /// The Thing's number in the lesson.
    pub number: u32,
    /// The Thing's nickname.
    #[serde(default)]
    pub nickname: String,
    /// The name of the template's answer: `g`.
    pub name: String,
    /// Best estimate in `unit`.
    pub value: f64,
    /// One sigma in `unit`.
    pub uncertainty: f64,
    /// Unit symbol.
    pub unit: String,
    /// Why it does not count, if it does not.
    #[serde(default)]
    pub excluded: Option<String>,
    /// Whether it does not count because its Take was taken back; then `excluded` is the hub's wording in both languages.
    #[serde(default)]
    pub undone: bool,
    /// Whether it was computed from what somebody typed, without a recording.
    #[serde(default)]
    pub by_hand: bool,
}

impl Answer {
    /// Whether the class's value has it in.
    pub fn counts(&self) -> bool {
        self.excluded.is_none() && !self.undone
    }

    /// Why it does not count, as a reader of this language is told: the teacher's words, or ours for a Take taken back.
    pub fn reason(&self, lang: Lang) -> Option<&str> {
        if self.undone {
            return Some(lang.pick("Messung zurückgenommen", "measurement taken back"));
        }
        self.excluded.as_deref()
    }

    /// What is to be said beside the value: `zählt nicht: verrutscht`, `von Hand gemessen`; empty if nothing.
    pub fn note(&self, lang: Lang) -> String {
        let excluded = self.reason(lang).map(|reason| format!("{}: {reason}", lang.pick("zählt nicht", "not counted")));
        let hand = self.by_hand.then(|| lang.pick("von Hand gemessen", "measured by hand").to_owned());
        [excluded, hand].into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

/// The value in books.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Reference {
    /// In the class's unit.
    pub value: f64,
    /// Half-width of the band in which the true value lies at this place.
    #[serde(default)]
    pub tolerance: f64,
    /// What to call it: `Literaturwert`.
    #[serde(default)]
    pub label: Bilingual,
}

/// What the class found.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Class {
    /// How many answers count.
    pub n: u32,
    /// Their unweighted mean; none for n = 0.
    pub mean: Option<f64>,
    /// Their standard deviation; none for n < 2.
    pub sd: Option<f64>,
    /// 95 % interval of the mean; none for n < 2.
    pub ci95: Option<(f64, f64)>,
    /// Unit symbol.
    pub unit: String,
    /// The value in books, if the template names one.
    #[serde(default)]
    pub reference: Option<Reference>,
}

/// A Thing without an answer yet.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Pending {
    /// Whose.
    pub thing: ThingId,
    /// The Thing's number.
    pub number: u32,
    /// The Thing's nickname.
    #[serde(default)]
    pub nickname: String,
    /// What is missing, for the pupil to read.
    pub reason: Bilingual,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Results {
    /// Every Thing's answers.
    #[serde(default)]
    pub outcomes: Vec<Answer>,
    /// The class's answer by name.
    #[serde(default)]
    pub class: BTreeMap<String, Class>,
    /// Who has no answer yet.
    #[serde(default)]
    pub pending: Vec<Pending>,
}

impl Results {
    /// Reads the body; unknown fields are ignored. Answers that are no numbers are left out.
    pub fn parse(json: &str) -> Result<Self, VizError> {
        let mut results: Self = serde_json::from_str(json)?;
        results.outcomes.retain(|outcome| outcome.value.is_finite() && outcome.uncertainty.is_finite() && outcome.uncertainty >= 0.0);
        Ok(results)
    }

    /// The answer that is drawn: the class's first by name, else the first of a Thing.
    pub fn name(&self) -> Option<&str> {
        self.class.keys().next().or_else(|| self.outcomes.first().map(|outcome| &outcome.name)).map(String::as_str)
    }

    /// The answers of a name, by number and then in the order they came (a Thing may have several Runs).
    pub fn of(&self, name: &str) -> Vec<&Answer> {
        let found: Vec<_> = self.outcomes.iter().filter(|outcome| outcome.name == name).collect();
        order::ranks(found.iter().map(|outcome| f64::from(outcome.number))).into_iter().map(|place| found[place]).collect()
    }
}

#[cfg(test)]
mod tests;
