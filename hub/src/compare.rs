//! Comparing classes: from lessons of this hub and releases of schools to what `messwerk_lessons::compare` judges.

pub mod across;
pub mod figure;
mod release;
pub mod source;

use std::collections::BTreeMap;
use std::sync::Arc;

use messwerk_lessons::compare::{Comparison, Evidence, Excluded, MOST, Margin, Refusal, Sample, compare};
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::template::{Template, Text};
use messwerk_query::{LessonOutcomes, Scope, ThingOutcome};
use messwerk_store::catalogue::Thing;

pub use self::source::{Origin, Source};
use crate::api::lessons::{find, template_of};
use crate::api::problem::Problem;
use crate::state::Hub;

/// A result that does not count, for figures.
pub struct LeftOut {
    /// The number of its Thing.
    pub number: u32,
    /// In the unit it was recorded in.
    pub value: f64,
    /// The teacher's reason.
    pub reason: String,
}

/// What was found, and what it was found from.
pub struct Compared {
    /// The template of the first class whose template is here.
    pub template: Arc<Template>,
    /// The verdicts.
    pub comparison: Comparison,
    /// Where each class's results came from.
    pub origins: Vec<Origin>,
    /// Groups of each class that have no result yet.
    pub waiting: Vec<usize>,
    /// The numbers of the Things whose results each class has, in the order of its values; none of a Release.
    pub numbers: Vec<Vec<u32>>,
    /// Results of each class that do not count.
    pub left_out: Vec<Vec<LeftOut>>,
}

/// Whose groups they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Lesson(LessonId),
    /// Another hub's, or of a lesson that was erased.
    Elsewhere,
}

/// One class before the comparison.
struct Class {
    /// `None` if only another hub has it.
    template: Option<Arc<Template>>,
    sample: Sample,
    waiting: usize,
    numbers: Vec<u32>,
    left_out: Vec<LeftOut>,
    origin: Origin,
    of: Of,
}

/// Compares what the sources hold now. A refusal is told in `language`.
pub async fn of(hub: &Hub, sources: &[Source], language: &str) -> Result<Compared, Problem> {
    if !(2..=MOST).contains(&sources.len()) {
        return Err(refused(&Refusal::Count { found: sources.len() }, language));
    }
    let (mut classes, mut labels) = (Vec::<Class>::with_capacity(sources.len()), vec![]);
    for (index, source) in sources.iter().enumerate() {
        if sources[..index].iter().any(|earlier| earlier.id() == source.id()) {
            return Err(Problem::bad_request(twice(source)));
        }
        let mut class = match source {
            Source::Lesson { id, .. } => lesson(hub, id).await?,
            Source::Release { id, .. } => release::class(hub, id, language).await?,
        };
        class.sample.label = source.named(index, &class.origin, &labels)?;
        labels.push(class.sample.label.clone());
        if let Some(same) = classes.iter().find(|earlier| class.of != Of::Elsewhere && earlier.of == class.of) {
            return Err(source::refused(&same_groups(&same.sample.label, &class.sample.label), language, "not_comparable"));
        }
        classes.push(class);
    }
    let template = classes.iter().find_map(|class| class.template.clone());
    let samples: Vec<Sample> = classes.iter().map(|class| class.sample.clone()).collect();
    let margin = template.as_deref().and_then(margin);
    let comparison = compare(&samples, margin.as_ref()).map_err(|refusal| refused(&refusal, language))?;
    let template = template.ok_or_else(|| {
        let (id, version) = samples.first().map_or_else(Default::default, |sample| (sample.template.clone(), sample.version.to_string()));
        source::refused(&release::no_template(&id, &version), language, "not_comparable")
    })?;
    let origins = classes.iter().map(|class| class.origin.clone()).collect();
    let waiting = classes.iter().map(|class| class.waiting).collect();
    let (numbers, left_out) = classes.into_iter().map(|class| (class.numbers, class.left_out)).unzip();
    Ok(Compared { template, comparison, origins, waiting, numbers, left_out })
}

fn twice(source: &Source) -> String {
    match source {
        Source::Lesson { id, .. } => format!("The lesson {id} stands there twice. Name each lesson once."),
        Source::Release { id, .. } => format!("The release {id} stands there twice. Name each release once."),
    }
}

/// A lesson and its own release, or two releases of one lesson: they agree whatever was measured.
fn same_groups(first: &str, second: &str) -> Text {
    Text {
        de: format!(
            "„{first}“ und „{second}“ sind dieselben Gruppen aus derselben Stunde: Sie stimmen immer überein. Bitte nur eine davon wählen."
        ),
        en: format!(
            "“{first}” and “{second}” are the same groups of the same lesson: they agree whatever was measured. Please choose one of them."
        ),
    }
}

async fn lesson(hub: &Hub, id: &str) -> Result<Class, Problem> {
    let lesson = find(hub, id)?;
    let template = template_of(hub, &lesson)?;
    let outcomes = hub.engine.outcomes(&Scope::lesson(lesson.id)).await?;
    let numbers = outcomes.outcomes.iter().filter(|outcome| outcome.excluded.is_none()).map(|outcome| outcome.number).collect();
    let left_out =
        |outcome: &ThingOutcome| Some(LeftOut { number: outcome.number, value: outcome.value, reason: outcome.excluded.clone()? });
    let left_out = outcomes.outcomes.iter().filter_map(left_out).collect();
    let named = named(hub, lesson.id, &template)?;
    let sample = sample(&template, &outcomes, named.as_ref());
    let waiting = outcomes.pending.len();
    Ok(Class {
        template: Some(template),
        sample,
        waiting,
        numbers,
        left_out,
        origin: Origin::Lesson { open: lesson.ended.is_none() },
        of: Of::Lesson(lesson.id),
    })
}

/// Where and when each Thing measured whose group said all of it; `None` if the template does not ask.
fn named(hub: &Hub, lesson: LessonId, template: &Template) -> Result<Option<BTreeMap<ThingId, String>>, Problem> {
    let Some(asked) = template.comparison.as_ref().map(|comparison| &comparison.pairs).filter(|asked| !asked.is_empty()) else {
        return Ok(None);
    };
    let name = |thing: &Thing| asked.iter().map(|input| Some(thing.inputs.get(input)?.to_string())).collect::<Option<Vec<_>>>();
    let things = hub.store.catalogue().things(lesson)?;
    Ok(Some(things.iter().filter_map(|thing| Some((thing.id, name(thing)?.join(" ")))).collect()))
}

/// The results of a lesson as they are compared: one per Thing, those that count.
fn sample(template: &Template, outcomes: &LessonOutcomes, named: Option<&BTreeMap<ThingId, String>>) -> Sample {
    let (mut values, mut excluded) = (vec![], BTreeMap::<&str, u32>::new());
    for outcome in &outcomes.outcomes {
        match &outcome.excluded {
            Some(reason) => *excluded.entry(reason).or_default() += 1,
            None => values.push((outcome.thing, outcome.value)),
        }
    }
    let evidence = evidence(&values, named);
    let declared = template.unit_of(&template.outcome).unwrap_or("1");
    Sample {
        label: String::new(),
        template: template.id.clone(),
        version: template.version,
        outcome: template.outcome.clone(),
        unit: outcomes.outcomes.first().map_or(declared, |outcome| &outcome.unit).to_owned(),
        evidence,
        excluded: excluded.into_iter().map(|(reason, count)| Excluded::exactly(count, reason)).collect(),
    }
}

/// Results by place and hour where the template asks for both; a group that did not say them is nobody's partner.
fn evidence(values: &[(ThingId, f64)], named: Option<&BTreeMap<ThingId, String>>) -> Evidence {
    let Some(named) = named else { return Evidence::Singles(values.iter().map(|(_, value)| *value).collect()) };
    let name = |thing: &ThingId| named.get(thing).cloned().unwrap_or_else(|| format!("nobody said, {thing}"));
    Evidence::Named(values.iter().map(|(thing, value)| (name(thing), *value)).collect())
}

fn margin(template: &Template) -> Option<Margin> {
    let comparison = template.comparison.as_ref()?;
    let unit = template.unit_of(&template.outcome)?.to_owned();
    Some(Margin { value: comparison.margin, unit, why: Some(comparison.why.clone()) })
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
