//! The counters a teacher keeps in view.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_store::catalogue::Thing;
use messwerk_store::{Latest, Store};
use serde::Serialize;

use crate::flow::presence::Seen;

/// A Thing that nothing arrived from for this long is silent.
const SILENT_AFTER: Micros = 5_000_000;

/// What a teacher should know of the hub itself, as words that the board has sentences for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Notice {
    /// Nothing is stored any more: `/readyz` answers 503 and says why.
    ReadOnly,
    /// Something needs an administrator: `/readyz` names it.
    Problems,
    /// Wrong codes come faster than people type.
    Guessing,
    /// Wrong passwords do. A console has a sentence for it, the board has none.
    Password,
}

/// Who sends, and what was rejected.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counters {
    /// Things that joined.
    pub joined: usize,
    /// Things from which readings arrived in the last five seconds, kept or not.
    pub sending: usize,
    /// Things from which readings arrived before, and not in the last five seconds.
    pub silent: usize,
    /// Things from which nothing arrived so far.
    pub waiting: usize,
    /// Readings stored.
    pub readings: u64,
    /// Batches that senders numbered and that have not arrived.
    pub lost: u64,
    /// Good readings that arrived while nobody measured.
    pub idle: u64,
    /// How far the clocks of those that send may be off each other at worst, ms; `null` while none tells it.
    pub alignment_ms: Option<f64>,
    /// Values and records rejected, by reason.
    pub rejected: BTreeMap<&'static str, u64>,
    /// What else a teacher should know.
    pub notices: Vec<Notice>,
}

impl Counters {
    /// The counters of a lesson's Things at `now`, hub time. From memory.
    pub fn of(
        store: &Store,
        lesson: LessonId,
        (things, seen): (&[Thing], &HashMap<ThingId, Seen>),
        notices: Vec<Notice>,
        now: Micros,
    ) -> Self {
        let in_it = |id: ThingId| things.iter().any(|thing| thing.id == id);
        let mut latest = store.latest(lesson);
        latest.retain(|latest| in_it(latest.thing));
        let mut rejected = BTreeMap::new();
        for rejection in store.rejections(lesson) {
            *rejected.entry(rejection.last.reason.name()).or_default() += rejection.count;
        }
        let readings = latest.iter().map(|latest| store.count(lesson, latest.thing, latest.property)).sum();
        let arrivals = seen.iter().filter(|(thing, _)| in_it(**thing)).filter_map(|(thing, seen)| Some((*thing, seen.data?)));
        let (sending, silent) = heard(&latest, arrivals, now);
        let waiting = things.len().saturating_sub(sending.len() + silent);
        let uncertain = sending.iter().filter_map(|thing| seen.get(thing)?.uncertainty).max();
        Self {
            joined: things.len(),
            sending: sending.len(),
            silent,
            waiting,
            readings,
            lost: store.missing(lesson).into_iter().filter(|(thing, _)| in_it(*thing)).map(|(_, batches)| batches).sum(),
            idle: seen.values().map(|seen| seen.idle).sum(),
            alignment_ms: uncertain.map(|uncertain| uncertain as f64 / 1000.0),
            rejected,
            notices,
        }
    }
}

/// Things that are sending, and how many are silent. By arrival: a phone whose clock is wrong sends all the same. `arrivals`
/// are those of readings that may not have been kept.
fn heard(latest: &[Latest], arrivals: impl Iterator<Item = (ThingId, Micros)>, now: Micros) -> (BTreeSet<ThingId>, usize) {
    let all: Vec<_> = latest.iter().map(|latest| (latest.thing, latest.received_us)).chain(arrivals).collect();
    let known: BTreeSet<ThingId> = all.iter().map(|(thing, _)| *thing).collect();
    let lately = all.iter().filter(|(_, received)| now.saturating_sub(*received) < SILENT_AFTER);
    let sending: BTreeSet<ThingId> = lately.map(|(thing, _)| *thing).collect();
    let silent = known.len() - sending.len();
    (sending, silent)
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::quantity::ObservedProperty;

    use super::*;

    #[test]
    fn who_sends_is_told_by_arrival_not_by_the_phones_clock() {
        const NOW: Micros = 1_767_437_012_000_000;
        const HOUR: Micros = 3_600_000_000;
        let check = |readings: &[(u64, Micros, Micros)], expected: (usize, usize)| {
            let latest = |&(thing, time, received): &(u64, Micros, Micros)| Latest {
                thing: ThingId(thing),
                property: ObservedProperty::Acceleration,
                time: NOW + time,
                value: [0.0; 3],
                received_us: if received == Micros::MIN { received } else { NOW + received },
            };
            let latest: Vec<Latest> = readings.iter().map(latest).collect();
            let (sending, silent) = heard(&latest, std::iter::empty(), NOW);
            assert_eq!((sending.len(), silent), expected, "{readings:?}");
        };
        check(&[], (0, 0));
        check(&[(1, 0, 0)], (1, 0));
        check(&[(1, -HOUR, -1_000_000), (2, HOUR, -1_000_000)], (2, 0));
        check(&[(1, 0, -6_000_000), (2, HOUR, -6_000_000)], (0, 2));
        // One sensor that stopped does not silence a phone whose other one goes on.
        check(&[(1, 0, -60_000_000), (1, 0, 0)], (1, 0));
        // Stored by an older version, which did not note arrivals.
        check(&[(1, 0, Micros::MIN)], (0, 1));
        // Readings that nobody keeps are heard all the same.
        let (sending, silent) = heard(&[], [(ThingId(1), NOW - 1), (ThingId(2), NOW - 60_000_000)].into_iter(), NOW);
        assert_eq!((sending.len(), silent), (1, 1));
    }
}
