//! Who paused when. What a Thing measured in a pause belongs to no Take, also when it arrives after the pause.
//!
//! While the hub runs, pauses are remembered here. After a restart they are read from the lesson's log, which has each pause and
//! each resumption; they are known for as long as the log is kept.

use std::collections::HashMap;

use messwerk_ingest::gate::Window;
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_store::catalogue::{LogEntry, Thing};

/// How the log calls a pause, and its end.
pub(super) const PAUSE: &str = "thing.pause";
/// See [`PAUSE`].
pub(super) const RESUME: &str = "thing.resume";

/// Each Thing's pauses, oldest first. Holds: only the last one of a Thing may be open.
#[derive(Debug, Default)]
pub(super) struct Pauses(HashMap<ThingId, Vec<Window>>);

impl Pauses {
    /// The pauses that a log tells of.
    pub(super) fn of_log<'a>(oldest_first: impl Iterator<Item = &'a LogEntry>) -> Self {
        let mut pauses = Self::default();
        for entry in oldest_first {
            let Ok(thing) = entry.detail.parse() else { continue };
            match entry.what.as_str() {
                PAUSE => pauses.set(thing, true, entry.at),
                RESUME => pauses.set(thing, false, entry.at),
                _ => {}
            }
        }
        pauses
    }

    /// Takes over who pauses at `now`. Things that are no more are forgotten.
    pub(super) fn follow<'a>(&mut self, things: impl Iterator<Item = &'a Thing>, now: Micros) {
        let paused: HashMap<ThingId, bool> = things.map(|thing| (thing.id, thing.paused)).collect();
        self.0.retain(|thing, _| paused.contains_key(thing));
        paused.into_iter().for_each(|(thing, paused)| self.set(thing, paused, now));
    }

    fn set(&mut self, thing: ThingId, paused: bool, at: Micros) {
        let open = self.0.get_mut(&thing).and_then(|pauses| pauses.last_mut()).filter(|pause| pause.ends.is_none());
        match open {
            Some(pause) if !paused => pause.ends = Some(at),
            None if paused => self.0.entry(thing).or_default().push(Window { begins: at, ends: None }),
            _ => {}
        }
    }

    /// As the gate is told.
    pub(super) fn all(&self) -> HashMap<ThingId, Vec<Window>> {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::id::LessonId;

    use super::*;

    const OWN: ThingId = ThingId(7);

    fn thing(paused: bool) -> Thing {
        Thing { paused, ..Thing::new(OWN, LessonId(1), 1, "Otter", 0) }
    }

    fn of(pauses: &Pauses) -> Vec<(Micros, Option<Micros>)> {
        pauses.all().get(&OWN).into_iter().flatten().map(|pause| (pause.begins, pause.ends)).collect()
    }

    #[test]
    fn pauses_are_followed_and_read_again_from_the_log() {
        let mut followed = Pauses::default();
        for (paused, now) in [(false, 1), (true, 5), (true, 6), (false, 9), (false, 10), (true, 20)] {
            followed.follow([thing(paused)].iter(), now);
        }
        assert_eq!(of(&followed), [(5, Some(9)), (20, None)]);
        let entry = |what: &str, at| {
            let (who, detail) = ("teacher".to_owned(), OWN.to_string());
            LogEntry { at, who, lesson: Some(LessonId(1)), what: what.to_owned(), detail }
        };
        let log = [entry(PAUSE, 5), entry("thing.hide", 6), entry(PAUSE, 7), entry(RESUME, 9), entry(RESUME, 10), entry(PAUSE, 20)];
        let mut read = Pauses::of_log(log.iter());
        assert_eq!(of(&read), of(&followed));
        // A hub that was cut off before it wrote the log: what the catalogue says holds.
        read.follow([thing(false)].iter(), 30);
        assert_eq!(of(&read), [(5, Some(9)), (20, Some(30))]);
        read.follow([].iter(), 40);
        assert_eq!(of(&read), []);
    }
}
