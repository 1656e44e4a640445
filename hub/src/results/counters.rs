//! The counters a teacher keeps in view.

use std::collections::{BTreeMap, BTreeSet};

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_store::{Latest, Store};
use serde::Serialize;

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
}

/// Who sends, and what was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Things that joined.
    pub joined: usize,
    /// Things from which readings arrived in the last five seconds.
    pub sending: usize,
    /// Things from which readings arrived before, and not in the last five seconds.
    pub silent: usize,
    /// Readings stored.
    pub readings: u64,
    /// Values and records rejected, by reason.
    pub rejected: BTreeMap<&'static str, u64>,
    /// What else a teacher should know.
    pub notices: Vec<Notice>,
}

impl Counters {
    /// The counters of a lesson with `joined` Things at `now`, hub time. From memory.
    pub fn of(store: &Store, lesson: LessonId, joined: usize, notices: Vec<Notice>, now: Micros) -> Self {
        let latest = store.latest(lesson);
        let mut rejected = BTreeMap::new();
        for rejection in store.rejections(lesson) {
            *rejected.entry(rejection.last.reason.name()).or_default() += rejection.count;
        }
        let readings = latest.iter().map(|latest| store.count(lesson, latest.thing, latest.property)).sum();
        let (sending, silent) = heard(&latest, now);
        Self { joined, sending, silent, readings, rejected, notices }
    }
}

/// Things that are sending and that are silent. By arrival: a phone whose clock is wrong sends all the same.
fn heard(latest: &[Latest], now: Micros) -> (usize, usize) {
    let known: BTreeSet<ThingId> = latest.iter().map(|latest| latest.thing).collect();
    let lately = latest.iter().filter(|latest| now.saturating_sub(latest.received_us) < SILENT_AFTER);
    let sending: BTreeSet<ThingId> = lately.map(|latest| latest.thing).collect();
    (sending.len(), known.len() - sending.len())
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
            assert_eq!(heard(&latest, NOW), expected, "{readings:?}");
        };
        check(&[], (0, 0));
        check(&[(1, 0, 0)], (1, 0));
        check(&[(1, -HOUR, -1_000_000), (2, HOUR, -1_000_000)], (2, 0));
        check(&[(1, 0, -6_000_000), (2, HOUR, -6_000_000)], (0, 2));
        // One sensor that stopped does not silence a phone whose other one goes on.
        check(&[(1, 0, -60_000_000), (1, 0, 0)], (1, 0));
        // Stored by an older version, which did not note arrivals.
        check(&[(1, 0, Micros::MIN)], (0, 1));
    }
}
