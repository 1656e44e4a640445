//! Each group's own figures, drawn once for everybody who looks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::template::Template;
use messwerk_query::{LessonOutcomes, Scope, ThingOutcome};

use super::own::draws_any;
use super::{Curves, Drawn, Own};
use crate::api::blocking;
use crate::api::problem::Problem;
use crate::state::Hub;

/// Lessons whose groups' figures are kept: more than are discussed at a time. Of a class of thirty that is a few megabytes.
const LESSONS: usize = 16;

/// What a group's figures were made of.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    outcome: ThingOutcome,
    /// Readings stored of each of the template's sensors.
    counts: Vec<u64>,
    /// Until when readings are shown.
    until: Option<Micros>,
}

/// A lesson's groups, behind a lock of its own: two who ask at once do not compute the same twice.
type Known = Arc<tokio::sync::Mutex<HashMap<ThingId, (Key, Arc<Drawn>)>>>;

/// The figures of groups by lesson.
#[derive(Debug, Default)]
pub struct Groups {
    lessons: Mutex<HashMap<LessonId, Known>>,
}

impl Groups {
    /// Forgets a lesson of which something was erased.
    pub fn forget(&self, lesson: LessonId) {
        self.lessons.lock().unwrap_or_else(PoisonError::into_inner).remove(&lesson);
    }

    /// The place of a lesson; beyond [`LESSONS`] the others give up theirs, which costs drawing them once more.
    fn place(&self, lesson: LessonId) -> Known {
        let mut lessons = self.lessons.lock().unwrap_or_else(PoisonError::into_inner);
        if lessons.len() >= LESSONS && !lessons.contains_key(&lesson) {
            lessons.clear();
        }
        Arc::clone(lessons.entry(lesson).or_default())
    }

    /// The groups whose results count, in their order, with their figures. What is hidden or does not count must not be among
    /// `outcomes`' counted ones; nothing after `until` is read.
    pub async fn of(
        &self,
        hub: &Hub,
        template: &Arc<Template>,
        outcomes: &LessonOutcomes,
        until: Option<Micros>,
    ) -> Result<Vec<(ThingOutcome, Arc<Drawn>)>, Problem> {
        if !draws_any(template) {
            return Ok(vec![]);
        }
        let place = self.place(outcomes.lesson);
        let mut known = place.lock().await;
        known.retain(|thing, _| outcomes.outcomes.iter().any(|outcome| outcome.thing == *thing));
        let mut all = vec![];
        for outcome in outcomes.outcomes.iter().filter(|outcome| outcome.excluded.is_none()) {
            let count = |property| hub.store.count(outcomes.lesson, outcome.thing, property);
            let counts = template.sensors.iter().map(|sensor| count(sensor.quantity)).collect();
            let key = Key { outcome: outcome.clone(), counts, until };
            let drawn = match known.get(&outcome.thing).filter(|(made_of, _)| *made_of == key) {
                Some((_, drawn)) => Arc::clone(drawn),
                None => {
                    let data = hub.engine.recording(&Scope::lesson(outcomes.lesson), outcome, until).await?;
                    let (template, name) = (Arc::clone(template), outcome.nickname.clone());
                    // A minute of a fast sensor is milliseconds of work, and a class has many.
                    let drawn = Arc::new(blocking(move || Ok(Own::of(&template, data).drawn(&name))).await?);
                    known.insert(outcome.thing, (key, Arc::clone(&drawn)));
                    drawn
                }
            };
            all.push((outcome.clone(), drawn));
        }
        Ok(all)
    }

    /// Everybody's curves for the figures that lay them on one another.
    pub fn curves(all: &[(ThingOutcome, Arc<Drawn>)]) -> Curves {
        let mut curves = Curves::new();
        for (place, curve) in all.iter().flat_map(|(_, drawn)| &drawn.curves) {
            curves.entry(*place).or_default().push(curve.clone());
        }
        curves
    }
}
