//! What is shown of a lesson while it is frozen: the results at that moment, for boards that were open and for those that open
//! or come back later.
//!
//! In memory only: after a restart of the hub a frozen lesson shows no results until it goes on, and nothing newer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;

use super::Results;

/// When a lesson was frozen, and its results then.
type Moment = (Micros, Option<Arc<Results>>);

/// Results of frozen lessons.
#[derive(Default)]
pub(super) struct Held(Mutex<HashMap<LessonId, Moment>>);

impl Held {
    /// The results of a lesson at the moment it was frozen. `known` are the newest ones: they are those, if nobody asked before
    /// and they were computed while the lesson was not frozen (a lesson is read after its readings, so what says it was not
    /// frozen has nothing newer).
    pub(super) fn of(&self, lesson: LessonId, frozen: Micros, known: Option<&Arc<Results>>) -> Option<Arc<Results>> {
        let mut held = self.lock();
        if let Some((at, results)) = held.get(&lesson)
            && *at == frozen
        {
            return results.clone();
        }
        let known = known?;
        let results = (known.lesson.frozen != Some(frozen)).then(|| Arc::clone(known));
        held.insert(lesson, (frozen, results.clone()));
        results
    }

    /// New results take the place of others: those are kept if the lesson was frozen in between.
    pub(super) fn replaced(&self, lesson: LessonId, before: Option<&Arc<Results>>, by: &Results) {
        match by.lesson.frozen {
            Some(frozen) => drop(self.of(lesson, frozen, before)),
            None => self.forget(lesson),
        }
    }

    /// Something of the lesson was erased: what was kept of it is shown no more.
    pub(super) fn erased(&self, lesson: LessonId) {
        if let Some((_, results)) = self.lock().get_mut(&lesson) {
            *results = None;
        }
    }

    pub(super) fn forget(&self, lesson: LessonId) {
        self.lock().remove(&lesson);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<LessonId, Moment>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
