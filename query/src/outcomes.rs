//! What each Thing found, and the class: raw readings of the newest Runs through the template's analysis.
//!
//! Analysing is dear (milliseconds per minute of readings), so a Thing is analysed again only when its readings, its
//! inputs or what was taken back changed (other exclusions cost nothing). Work is bounded: of a Thing the newest
//! [`RUNS`] Runs are looked at, of a Run and property the newest [`READINGS`] readings; readings of one Thing at a time
//! are in memory per analysis thread.

mod answer;
mod class;
mod collect;
mod csv;
mod recording;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::record_batch::RecordBatch;
use futures::stream::{BoxStream, StreamExt};
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::outcome::{Outcome, class_result};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{Quantity, Reason, RunData, Template};
use messwerk_store::catalogue::{Lesson, Thing};
use tokio::task::JoinSet;

use crate::engine::{Machine, Mode};
use crate::error::{Error, Result};
use crate::files::{Missing, View};
use crate::plan::{self, Selection, Since};
use crate::reader::Reader;
use crate::scope::Scope;
use crate::source::Source;
pub use answer::{ClassNumber, Hinted, LessonOutcomes, Pending, Step, ThingOutcome};
use collect::{Collector, Recorded};
pub(crate) use recording::recording;

/// Runs of a Thing that are looked at, newest first: the first that yields the Outcome counts. A third failed attempt
/// after a good one makes the good one count no more, which a group understands.
pub(crate) const RUNS: usize = 3;

/// Readings below which a Run is no attempt, a fifth of a second at 100 Hz: somebody tapped on Start and Stop. Those push
/// no good one out.
const ATTEMPT: usize = 20;

/// Readings of a Run and property that are analysed: the newest ten minutes at 100 Hz. Keeping more would let one phone
/// left running bind a core; the swing a group means is at the end.
pub(crate) const READINGS: usize = 60_000;

/// Lessons whose results are kept: more than a school has open.
const LESSONS: usize = 256;

/// What a Thing's result depends on: readings stored per property of the template, what was entered, which Runs were taken
/// back, and how many readings of the lesson cannot be read.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    counts: Vec<u64>,
    inputs: BTreeMap<String, f64>,
    /// From when until when the Takes lay that were taken back: what was measured then does not count, whoever brings it and
    /// however late.
    undone: Vec<(Micros, Micros)>,
    unreadable: u64,
}

impl Key {
    /// Which of the properties the Thing has measured so far.
    fn measured(&self) -> impl Iterator<Item = bool> {
        self.counts.iter().map(|count| *count > 0)
    }

    /// Whether a Run was taken back with its Take.
    fn takes_back(&self, run: &Recorded) -> bool {
        run.to().is_some_and(|to| self.undone.iter().any(|(begins, ends)| (*begins..=*ends).contains(&to)))
    }
}

/// The reason of results that do not count because the teacher took their Take back. Where a Thing has an older Run, that one
/// counts instead; any other reason leaves a Thing without a result, for the class to see.
const UNDONE: &str = "Messung zurückgenommen · measurement taken back";

/// A Thing's result and what it was computed from.
#[derive(Debug, Clone)]
struct Known {
    key: Key,
    /// The Run of the result, 0 if there was none to look at, or if it was measured by hand.
    run: u32,
    /// Whether that Run was taken back; there is no other then.
    undone: bool,
    result: Result<Quantity, Reason>,
    steps: Vec<Step>,
    hints: Vec<Hinted>,
    /// What lies before changes nothing, for there are as many newer Runs, or readings of the Run, as are looked at; `None`
    /// if everything counts.
    since: Option<Since>,
}

/// What is known of a lesson's Things, behind a lock of its own: two who ask at once do not compute the same twice.
type KnownThings = Arc<tokio::sync::Mutex<HashMap<ThingId, Known>>>;

/// Results by lesson.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    lessons: Mutex<HashMap<LessonId, KnownThings>>,
}

impl Cache {
    pub(crate) fn forget(&self, lesson: LessonId) {
        self.lessons.lock().unwrap_or_else(PoisonError::into_inner).remove(&lesson);
    }

    /// The place of a lesson; beyond [`LESSONS`] the others give up theirs, which costs computing them once more.
    fn of(&self, lesson: LessonId) -> Arc<tokio::sync::Mutex<HashMap<ThingId, Known>>> {
        let mut lessons = self.lessons.lock().unwrap_or_else(PoisonError::into_inner);
        if lessons.len() >= LESSONS && !lessons.contains_key(&lesson) {
            lessons.clear();
        }
        Arc::clone(lessons.entry(lesson).or_default())
    }
}

/// What the catalogue says of a lesson.
struct Book {
    lesson: Lesson,
    things: Vec<Thing>,
    exclusions: Vec<(ThingId, u32, String)>,
    undone: Vec<(Micros, Micros)>,
    counts: Vec<Vec<u64>>,
}

fn open(source: &dyn Source, id: LessonId) -> Result<(Book, Arc<Template>)> {
    let lesson = source.lesson(id)?.ok_or_else(|| Error::NotFound(format!("there is no lesson {id}")))?;
    let template = source.template(&lesson)?;
    let things = source.things(id)?;
    let count = |thing: &Thing| template.sensors.iter().map(|sensor| source.count(id, thing.id, sensor.quantity)).collect();
    let counts = things.iter().map(count).collect();
    Ok((Book { lesson, things, exclusions: source.exclusions(id)?, undone: source.undone(id)?, counts }, template))
}

/// The outcomes of a lesson, as far as `scope` sees its Things; the class's result is over all of them.
pub(crate) async fn outcomes(cache: &Cache, reader: &Reader, scope: &Scope) -> Result<LessonOutcomes> {
    let id = scope.lesson_id();
    let known = cache.of(id);
    let mut known = known.lock().await;
    // SQLite blocks for a moment.
    let source = Arc::clone(&reader.source);
    let book = reader.machine.handle().spawn_blocking(move || open(&*source, id)).await.map_err(crate::engine::crashed)?;
    let (book, template) = match book {
        Ok(book) => book,
        Err(error) => {
            cache.forget(id);
            return Err(error);
        }
    };
    // An erased Thing leaves the cache with the next question, and nobody can ask for it before.
    known.retain(|thing, _| book.things.iter().any(|present| present.id == *thing));
    let all = book.things.iter().map(|thing| thing.id).collect();
    let all = Selection::some(id, all, properties(&template));
    let mut missing = reader.view(&all, false).await.missing;
    loop {
        let unreadable = missing.iter().map(|missing| missing.readings).sum();
        let key = |number: usize| {
            let thing = &book.things[number];
            let (counts, inputs) = (book.counts[number].clone(), thing.inputs.clone());
            Key { counts, inputs, undone: book.undone.clone(), unreadable }
        };
        let stale = |number: &usize| known.get(&book.things[*number].id).is_none_or(|known| known.key != key(*number));
        let stale = (0..book.things.len()).filter(stale);
        let wanted: HashMap<_, _> = stale.map(|number| (book.things[number].id, key(number))).collect();
        if wanted.is_empty() {
            return Ok(report(&book, &template, &known, missing, scope));
        }
        let computed = recompute(reader, id, &template, wanted, &known).await?;
        known.extend(computed);
        // A file may have turned out bad only now: what was computed is not what it says it was computed from.
        missing = reader.view(&all, false).await.missing;
    }
}

/// What a template looks at.
fn properties(template: &Template) -> Vec<ObservedProperty> {
    template.sensors.iter().map(|sensor| sensor.quantity).collect()
}

/// Analyses the newest Runs of some Things.
async fn recompute(
    reader: &Reader,
    lesson: LessonId,
    template: &Arc<Template>,
    wanted: HashMap<ThingId, Key>,
    known: &HashMap<ThingId, Known>,
) -> Result<Vec<(ThingId, Known)>> {
    let things: Vec<_> = wanted.iter().filter(|(_, key)| key.counts.iter().any(|count| *count > 0)).map(|(thing, _)| *thing).collect();
    // A Thing that was looked at before needs no rows older than what was looked at then; if files are gone or back, or it
    // measures something new, all.
    let since = |thing: &ThingId| {
        let key = wanted.get(thing)?;
        let known = known.get(thing).filter(|known| known.key.unreadable == key.unreadable && known.key.measured().eq(key.measured()))?;
        Some((*thing, known.since?))
    };
    let since = things.iter().filter_map(since).collect();
    let selection = Selection::some(lesson, things, properties(template)).since(since);
    loop {
        let view = reader.view(&selection, false).await;
        let done = analyses(&reader.machine, &view, &selection, template, wanted.clone()).await;
        if !reader.again(&view, &selection, done.as_ref().err()).await {
            return done;
        }
    }
}

/// Reads the newest Runs of the selected Things and analyses them.
async fn analyses(
    machine: &Arc<Machine>,
    view: &View,
    selection: &Selection,
    template: &Arc<Template>,
    wanted: HashMap<ThingId, Key>,
) -> Result<Vec<(ThingId, Known)>> {
    let mut analyses = Analyses { machine, template, wanted, running: JoinSet::new(), done: vec![] };
    if selection.wants_any() {
        let mut batches = rows(machine, view, selection).await?;
        let mut collector = Collector::default();
        while let Some(batch) = batches.next().await {
            for thing in collector.push(&batch?)? {
                analyses.begin(thing).await?;
            }
        }
        if let Some(thing) = collector.finish() {
            analyses.begin(thing).await?;
        }
    }
    // Whose readings nobody found (there are none yet) is analysed too: its reason names what is missing.
    for thing in analyses.wanted.keys().copied().collect::<Vec<_>>() {
        analyses.begin((thing, vec![])).await?;
    }
    while analyses.join().await? {}
    Ok(analyses.done)
}

/// The selected rows in the order (thing, property, run, time).
async fn rows(machine: &Arc<Machine>, view: &View, selection: &Selection) -> Result<BoxStream<'static, Result<RecordBatch>>> {
    let place = machine.place_for_results().await?;
    let plan = plan::rows(selection.scan(&view.snapshot, true)?, None, false)?;
    let rows = machine.run(Arc::clone(&view.snapshot), plan.into(), Mode::Serial, Some(place)).await?;
    Ok(rows.pump.drive(rows.batches))
}

/// Analyses on the blocking threads, no more at once than there are query threads.
struct Analyses<'a> {
    machine: &'a Machine,
    template: &'a Arc<Template>,
    wanted: HashMap<ThingId, Key>,
    running: JoinSet<(ThingId, Known)>,
    done: Vec<(ThingId, Known)>,
}

impl Analyses<'_> {
    async fn begin(&mut self, (thing, runs): (ThingId, Vec<Recorded>)) -> Result<()> {
        let Some(key) = self.wanted.remove(&thing) else { return Ok(()) };
        while self.running.len() >= self.machine.threads() && self.join().await? {}
        let template = Arc::clone(self.template);
        self.running.spawn_blocking_on(move || (thing, analyse(&template, key, runs)), self.machine.handle());
        Ok(())
    }

    async fn join(&mut self) -> Result<bool> {
        let Some(done) = self.running.join_next().await else { return Ok(false) };
        self.done.push(done.map_err(crate::engine::crashed)?);
        Ok(true)
    }
}

/// The newest Run that yields the Outcome; where none does what was measured by hand, which so never stands before a recording;
/// else why the newest Run does not. One that was taken back is looked at only where there is nothing else.
///
/// Where the template's Outcome is made of entries alone, no Run is asked for: nobody's table goes away with a Take that was taken
/// back, or changes its number with the next tap on Start.
fn analyse(template: &Template, key: Key, runs: Vec<Recorded>) -> Known {
    let since = collect::since(&runs, key.measured().filter(|measured| *measured).count());
    let (undone, mut counting): (Vec<_>, Vec<_>) = runs.into_iter().partition(|run| key.takes_back(run));
    let entered = || RunData { streams: vec![], inputs: key.inputs.clone() };
    if template.outcome_is_entered() {
        // Other steps, and hints, may look at what was recorded beside it.
        let beside = counting.pop().map_or_else(entered, |run| run.data(key.inputs.clone()));
        let Found { result, steps, hints } = steps_of(template, &beside);
        return Known { key, run: 0, undone: false, result, steps, hints, since };
    }
    let recorded = first_good(template, counting, &key);
    let (undone, (run, Found { result, steps, hints })) = match recorded {
        Some(found @ (_, Found { result: Ok(_), .. })) => (false, found),
        _ if template.measured_by_hand(&key.inputs) => (false, (0, steps_of(template, &entered()))),
        Some(failed) => (false, failed),
        None => match first_good(template, undone, &key) {
            Some(back) => (true, back),
            None => (false, (0, steps_of(template, &entered()))),
        },
    };
    Known { key, run, undone, result, steps, hints, since }
}

/// What a recording gave.
struct Found {
    /// The Outcome or why there is none.
    result: Result<Quantity, Reason>,
    /// What the other steps found.
    steps: Vec<Step>,
    /// What mistakes the numbers look like.
    hints: Vec<Hinted>,
}

/// The newest of some Runs that yields the Outcome, else the newest; by its number.
fn first_good(template: &Template, runs: Vec<Recorded>, key: &Key) -> Option<(u32, Found)> {
    let mut newest = None;
    for run in runs.into_iter().rev() {
        let number = run.run;
        let found = steps_of(template, &run.data(key.inputs.clone()));
        if found.result.is_ok() {
            return Some((number, found));
        }
        newest.get_or_insert((number, found));
    }
    newest
}

/// The Outcome of a recording, what else its steps found, and what mistakes that looks like.
fn steps_of(template: &Template, data: &RunData) -> Found {
    let (mut outcome, mut steps) = (None, vec![]);
    let results = template.analyse(data);
    let hints = template.hints(data, &results).into_iter();
    let hints = hints.map(|hint| Hinted { name: hint.name.clone(), text: hint.text.clone() }).collect();
    for step in results {
        match step.result {
            result if step.name == template.outcome => outcome = Some(result),
            Ok(quantity) => steps.push(Step { name: step.name, quantity }),
            Err(_) => {}
        }
    }
    // A template without the step it names as its Outcome does not load; its own words for that are asked for all the same.
    Found { result: outcome.unwrap_or_else(|| template.outcome_of(data)), steps, hints }
}

fn report(book: &Book, template: &Template, known: &HashMap<ThingId, Known>, missing: Vec<Missing>, scope: &Scope) -> LessonOutcomes {
    let (mut all, mut outcomes, mut pending, mut groups) = (vec![], vec![], vec![], vec![]);
    let by_hand_is_second = !template.outcome_is_entered();
    for thing in &book.things {
        let (number, nickname) = (thing.number, thing.nickname.clone());
        let Some(Known { key, run, undone, result, steps, hints, .. }) = known.get(&thing.id) else { continue };
        match result {
            Ok(quantity) => {
                let excluded = book.exclusions.iter().find(|(excluded, of, _)| (excluded, of) == (&thing.id, run));
                let undone = *undone && excluded.is_none();
                let excluded = excluded.map(|(_, _, reason)| reason.clone()).or_else(|| undone.then(|| UNDONE.to_owned()));
                if excluded.is_none() {
                    groups.push(class::numbers(template, &key.inputs, steps, quantity));
                }
                let Quantity { value, uncertainty, unit } = quantity.clone();
                let name = template.outcome.clone();
                all.push(Outcome {
                    thing: thing.id,
                    run: *run,
                    name: name.clone(),
                    value,
                    uncertainty,
                    unit: unit.clone(),
                    excluded: excluded.clone(),
                });
                if scope.sees(thing.id) {
                    // Recordings count from 1.
                    let (thing, run, steps, hints, entered) = (thing.id, *run, steps.clone(), hints.clone(), key.inputs.clone());
                    let by_hand = run == 0 && by_hand_is_second;
                    outcomes.push(ThingOutcome {
                        thing,
                        number,
                        nickname,
                        run,
                        by_hand,
                        name,
                        value,
                        uncertainty,
                        unit,
                        steps,
                        excluded,
                        undone,
                        entered,
                        hints,
                    });
                }
            }
            Err(reason) if scope.sees(thing.id) => {
                pending.push(Pending {
                    thing: thing.id,
                    number,
                    nickname,
                    reason: reason.text.clone(),
                    steps: steps.clone(),
                    hints: hints.clone(),
                });
            }
            Err(_) => {}
        }
    }
    let class = class_result(&all, template).map(|class| (template.outcome.clone(), class)).into_iter().collect();
    let class_steps = class::steps(template, &groups);
    let (lesson, template) = (book.lesson.id, book.lesson.template.clone());
    LessonOutcomes { lesson, template, outcomes, class, class_steps, pending, missing, hints: vec![] }
}

#[cfg(test)]
mod tests;
