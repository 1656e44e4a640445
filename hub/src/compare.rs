//! Comparing classes: from lessons of this hub to what `messwerk_lessons::compare` judges.

pub mod figure;

use std::collections::BTreeMap;
use std::sync::Arc;

use messwerk_lessons::compare::{Comparison, Evidence, Excluded, MOST, Margin, Refusal, Sample, compare};
use messwerk_lessons::template::{Template, Text};
use messwerk_query::{LessonOutcomes, Scope};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::lessons::{find, template_of};
use crate::api::problem::Problem;
use crate::state::Hub;

/// Most characters of a label: longer ones cover the figure.
const LABEL: usize = 40;

/// Where a class's results come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A lesson of this hub.
    Lesson {
        /// Its id.
        id: String,
        /// What the class is called, at most 40 characters; without one it gets a letter.
        #[serde(default)]
        label: Option<String>,
    },
}

/// A result that does not count, for figures: its value and the teacher's reason.
pub type LeftOut = (f64, String);

/// What was found, and what it was found from.
pub struct Compared {
    /// The template of the first class.
    pub template: Arc<Template>,
    /// The verdicts.
    pub comparison: Comparison,
    /// Groups of each class that have no result yet.
    pub waiting: Vec<usize>,
    /// Results of each class that do not count, in the unit they were recorded in.
    pub left_out: Vec<Vec<LeftOut>>,
}

/// One class before the comparison.
struct Class {
    template: Arc<Template>,
    sample: Sample,
    waiting: usize,
    left_out: Vec<LeftOut>,
}

/// Compares what the sources hold now. A refusal is told in `language`.
pub async fn of(hub: &Hub, sources: &[Source], language: &str) -> Result<Compared, Problem> {
    if !(2..=MOST).contains(&sources.len()) {
        return Err(refused(&Refusal::Count { found: sources.len() }, language));
    }
    let mut classes = Vec::with_capacity(sources.len());
    for (index, source) in sources.iter().enumerate() {
        let Source::Lesson { id, label } = source;
        if sources[..index].iter().any(|Source::Lesson { id: earlier, .. }| earlier == id) {
            return Err(Problem::bad_request(format!("The lesson {id} stands there twice. Name each lesson once.")));
        }
        classes.push(class(hub, id, named(label.as_deref(), index)?).await?);
    }
    let template =
        classes.first().map(|class| Arc::clone(&class.template)).ok_or_else(|| refused(&Refusal::Count { found: 0 }, language))?;
    let samples: Vec<Sample> = classes.iter().map(|class| class.sample.clone()).collect();
    let comparison = compare(&samples, margin(&template).as_ref()).map_err(|refusal| refused(&refusal, language))?;
    let waiting = classes.iter().map(|class| class.waiting).collect();
    let left_out = classes.into_iter().map(|class| class.left_out).collect();
    Ok(Compared { template, comparison, waiting, left_out })
}

async fn class(hub: &Hub, id: &str, label: String) -> Result<Class, Problem> {
    let lesson = find(hub, id)?;
    let template = template_of(hub, &lesson)?;
    let outcomes = hub.engine.outcomes(&Scope::lesson(lesson.id)).await?;
    let left_out = outcomes.outcomes.iter().filter_map(|outcome| Some((outcome.value, outcome.excluded.clone()?))).collect();
    let sample = sample(&template, label, &outcomes);
    Ok(Class { template, sample, waiting: outcomes.pending.len(), left_out })
}

/// The results of a lesson as they are compared: one per Thing, those that count.
fn sample(template: &Template, label: String, outcomes: &LessonOutcomes) -> Sample {
    let (mut values, mut excluded) = (vec![], BTreeMap::<&str, u32>::new());
    for outcome in &outcomes.outcomes {
        match &outcome.excluded {
            Some(reason) => *excluded.entry(reason).or_default() += 1,
            None => values.push(outcome.value),
        }
    }
    let declared = template.unit_of(&template.outcome).unwrap_or("1");
    Sample {
        label,
        template: template.id.clone(),
        version: template.version,
        outcome: template.outcome.clone(),
        unit: outcomes.outcomes.first().map_or(declared, |outcome| &outcome.unit).to_owned(),
        evidence: Evidence::Singles(values),
        excluded: excluded.into_iter().map(|(reason, count)| Excluded::exactly(count, reason)).collect(),
    }
}

fn margin(template: &Template) -> Option<Margin> {
    let comparison = template.comparison.as_ref()?;
    let unit = template.unit_of(&template.outcome)?.to_owned();
    Some(Margin { value: comparison.margin, unit, why: Some(comparison.why.clone()) })
}

/// A class's name: what the teacher typed, or a letter.
fn named(label: Option<&str>, index: usize) -> Result<String, Problem> {
    let typed = label.map_or("", str::trim);
    if typed.chars().count() > LABEL || typed.chars().any(char::is_control) {
        return Err(Problem::bad_request(format!("A class's name has at most {LABEL} characters and stands in one line.")));
    }
    let letter = || char::from(b'A' + index.min(25) as u8).to_string();
    Ok(if typed.is_empty() { letter() } else { typed.to_owned() })
}

fn refused(refusal: &Refusal, language: &str) -> Problem {
    Problem::conflict(refusal.text().in_language(language)).coded("not_comparable")
}

/// A verdict in two or three words, for figures and chips.
pub fn in_short(verdict: messwerk_lessons::compare::Verdict) -> Text {
    use messwerk_lessons::compare::Verdict;
    let (de, en) = match verdict {
        Verdict::Differ => ("unterscheiden sich", "differ"),
        Verdict::DifferButLittle => ("unterscheiden sich wenig", "differ a little"),
        Verdict::Agree => ("stimmen überein", "agree"),
        Verdict::TooFew => ("zu wenige Ergebnisse", "too few results"),
        // All others leave it open.
        _ => ("noch nicht zu sagen", "cannot tell yet"),
    };
    Text { de: de.to_owned(), en: en.to_owned() }
}

#[cfg(test)]
mod tests;
