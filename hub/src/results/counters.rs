//! The counters a teacher keeps in view.

use std::collections::{BTreeMap, BTreeSet};

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_store::{Error, Store};
use serde::Serialize;

/// A Thing that sent nothing for this long is silent.
const SILENT_AFTER: Micros = 5_000_000;

/// Who sends, and what was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Things that joined.
    pub joined: usize,
    /// Things whose readings arrived in the last five seconds.
    pub sending: usize,
    /// Things that sent before, and not in the last five seconds.
    pub silent: usize,
    /// Readings stored.
    pub readings: u64,
    /// Values and records rejected, by reason.
    pub rejected: BTreeMap<&'static str, u64>,
}

impl Counters {
    /// The counters of a lesson at `now`.
    pub fn of(store: &Store, lesson: LessonId, now: Micros) -> Result<Self, Error> {
        let latest = store.latest(lesson);
        let sent: BTreeSet<ThingId> = latest.iter().map(|latest| latest.thing).collect();
        let sending: BTreeSet<ThingId> =
            latest.iter().filter(|latest| now - latest.time < SILENT_AFTER).map(|latest| latest.thing).collect();
        let mut rejected = BTreeMap::new();
        for rejection in store.rejections(lesson) {
            *rejected.entry(rejection.last.reason.name()).or_default() += rejection.count;
        }
        Ok(Self {
            joined: store.catalogue().things(lesson)?.len(),
            sending: sending.len(),
            silent: sent.len() - sending.len(),
            readings: latest.iter().map(|latest| store.count(lesson, latest.thing, latest.property)).sum(),
            rejected,
        })
    }
}
