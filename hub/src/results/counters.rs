//! The counters a teacher keeps in view.

use std::collections::{BTreeMap, HashMap};

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_store::Store;
use messwerk_store::catalogue::Thing;
use serde::Serialize;

use crate::flow::presence::{Seen, Standing};
use crate::flow::state::LessonState;

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
    /// Things that have begun to send what is measured now, and of which nothing arrived in the last five seconds.
    pub silent: usize,
    /// The others: nothing is expected of them now, or they have not begun.
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
        state: &LessonState,
        notices: Vec<Notice>,
        now: Micros,
    ) -> Self {
        let in_it = |id: ThingId| things.iter().any(|thing| thing.id == id && thing.present());
        let stays = |id: ThingId| things.iter().any(|thing| thing.id == id);
        let mut latest = store.latest(lesson);
        latest.retain(|latest| stays(latest.thing));
        let mut rejected = BTreeMap::new();
        for rejection in store.rejections(lesson) {
            *rejected.entry(rejection.last.reason.name()).or_default() += rejection.count;
        }
        // What was measured before a phone went to the next group counts; nobody sends it any more.
        let readings = latest.iter().map(|latest| store.count(lesson, latest.thing, latest.property)).sum();
        latest.retain(|latest| in_it(latest.thing));
        let mut arrived: HashMap<ThingId, Micros> = HashMap::new();
        for latest in &latest {
            // Stored by an older version, which did not note arrivals, it was long ago.
            let at = arrived.entry(latest.thing).or_default();
            *at = (*at).max(latest.received_us);
        }
        let (sending, silent, waiting) = stand((things, seen), &arrived, state, now);
        let uncertain = sending.iter().filter_map(|thing| seen.get(thing)?.uncertainty).max();
        Self {
            joined: sending.len() + silent + waiting,
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

/// How many send, are silent and wait, by what the console's cards say of each; and who sends. `arrived` is when what was stored
/// of a Thing arrived last: a phone whose clock is wrong sends all the same.
fn stand(
    (things, seen): (&[Thing], &HashMap<ThingId, Seen>),
    arrived: &HashMap<ThingId, Micros>,
    state: &LessonState,
    now: Micros,
) -> (Vec<ThingId>, usize, usize) {
    let unseen = Seen::default();
    let (mut sending, mut silent, mut waiting) = (vec![], 0, 0);
    for thing in things.iter().filter(|thing| thing.present()) {
        let (seen, stored) = (seen.get(&thing.id).unwrap_or(&unseen), arrived.get(&thing.id).copied());
        match seen.standing(state, thing.paused, stored, now) {
            Standing::Sending => sending.push(thing.id),
            // Away or not: the class measures, and of what it sent the rest is missing.
            _ if seen.breaks_off(state, thing.paused, stored) => silent += 1,
            _ => waiting += 1,
        }
    }
    (sending, silent, waiting)
}

#[cfg(test)]
mod tests {
    use messwerk_store::catalogue::{Lesson, Take};

    use super::*;

    const NOW: Micros = 1_767_437_012_000_000;
    const S: Micros = 1_000_000;

    #[test]
    fn the_counters_count_what_the_cards_say() {
        let state = |led: bool, takes: &[(Micros, Option<Micros>)]| {
            let lesson = Lesson { led, ..Lesson::free(LessonId(1), "rest", "123456", "A".repeat(22), NOW - 600 * S) };
            let take = |&(begins, ends): &(Micros, Option<Micros>)| Take { number: 1, begins, ends, rehearsal: false, undone: false };
            LessonState::new(1, lesson, takes.iter().map(take).collect(), vec![], NOW)
        };
        let thing = |number: u32| Thing::new(ThingId(number.into()), LessonId(1), number, "Otter", 0);
        // The first sends unkept, the second's readings are stored and its clock is wrong, the third stopped a while ago, the
        // fourth did and is away, the fifth never began, of the sixth nothing was heard, the seventh pauses.
        let mut things: Vec<Thing> = (1..=7).map(thing).collect();
        things[6].paused = true;
        let seen = |sockets: u32, heard: Micros, data: Option<Micros>| Seen {
            sockets,
            heard: Some(NOW - heard * S),
            data: data.map(|data| NOW - data * S),
            ..Seen::default()
        };
        let seen = [
            (1, seen(1, 1, Some(1))),
            (3, seen(1, 1, Some(9))),
            (4, seen(0, 40, Some(40))),
            (5, seen(1, 1, None)),
            (7, seen(1, 1, Some(9))),
        ];
        let seen: HashMap<ThingId, Seen> = seen.into_iter().map(|(thing, seen)| (ThingId(thing), seen)).collect();
        let arrived = HashMap::from([(ThingId(2), NOW - 4 * S)]);
        let check = |state: &LessonState, expected: (usize, usize, usize)| {
            let (sending, silent, waiting) = stand((&things, &seen), &arrived, state, NOW);
            assert_eq!((sending.len(), silent, waiting), expected, "{:?}", state.phase);
        };
        check(&state(true, &[(NOW - 60 * S, None)]), (2, 2, 3));
        // What it sent before this Take says nothing of this one.
        check(&state(true, &[(NOW - 20 * S, None)]), (2, 1, 4));
        check(&state(true, &[(NOW - 60 * S, Some(NOW - 5 * S))]), (2, 0, 5));
        check(&state(true, &[]), (2, 0, 5));
        check(&state(false, &[]), (2, 2, 3));
    }
}
