//! What query reads: the store, or a test's stand-in for it.

use std::sync::Arc;

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::Template;
use messwerk_store::catalogue::{Lesson, Thing};
use messwerk_store::{Latest, Lsn, Segment, Snapshot, Store};
use tokio::sync::watch;

use crate::error::Result;

/// The read side of the store. [`Store`] is the one of the hub; tests and measurements bring their own rows.
pub trait Source: Send + Sync + 'static {
    /// One consistent view of everything of a lesson committed so far; other lessons' rows may be in it.
    fn snapshot(&self, lesson: LessonId) -> Snapshot;
    /// Segments of a lesson that are known to be unreadable: no snapshot has them.
    fn unreadable(&self, lesson: LessonId) -> Vec<Arc<Segment>>;
    /// Reads a segment whole, after a question failed on it; blocks. An error names it: if the file is to blame, later
    /// snapshots go without it.
    fn verify(&self, segment: &Arc<Segment>) -> Result<()>;
    /// Compares a segment's roll-up, if that is to be read and can be, or else its rows with the checksum, if that was not
    /// done; blocks. Later snapshots go without it if its rows are other bytes than were written.
    fn compare(&self, segment: &Arc<Segment>, rolled: bool);
    /// Changes with every commit.
    fn committed(&self) -> watch::Receiver<Lsn>;
    /// The latest reading of each Thing and property.
    fn latest(&self, lesson: LessonId) -> Vec<Latest>;
    /// Stored readings of a Thing and property so far.
    fn count(&self, lesson: LessonId, thing: ThingId, property: ObservedProperty) -> u64;
    /// A lesson.
    fn lesson(&self, lesson: LessonId) -> Result<Option<Lesson>>;
    /// The very template that a lesson was made with.
    fn template(&self, lesson: &Lesson) -> Result<Arc<Template>>;
    /// The Things of a lesson by number.
    fn things(&self, lesson: LessonId) -> Result<Vec<Thing>>;
    /// Number and nickname of every Thing of a lesson, also of removed ones, whose readings are still there.
    fn names(&self, lesson: LessonId) -> Result<Vec<(ThingId, u32, String)>>;
    /// Excluded Runs: Thing, Run, reason.
    fn exclusions(&self, lesson: LessonId) -> Result<Vec<(ThingId, u32, String)>>;
    /// From when until when the Takes of a lesson lay that were taken back.
    fn undone(&self, lesson: LessonId) -> Result<Vec<(Micros, Micros)>>;
}

/// How much later than it was measured the last reading of a Take may seem to be: a sender that tells no clock is placed by
/// when its packets came, and one packet comes sooner than another.
const LATE: Micros = 5_000_000;

impl Source for Store {
    fn snapshot(&self, lesson: LessonId) -> Snapshot {
        Store::snapshot_of(self, lesson)
    }

    fn unreadable(&self, lesson: LessonId) -> Vec<Arc<Segment>> {
        Store::unreadable(self, lesson)
    }

    fn verify(&self, segment: &Arc<Segment>) -> Result<()> {
        Ok(Store::verify(self, segment)?)
    }

    fn compare(&self, segment: &Arc<Segment>, rolled: bool) {
        Store::compare(self, segment, rolled);
    }

    fn committed(&self) -> watch::Receiver<Lsn> {
        Store::committed(self)
    }

    fn latest(&self, lesson: LessonId) -> Vec<Latest> {
        Store::latest(self, lesson)
    }

    fn count(&self, lesson: LessonId, thing: ThingId, property: ObservedProperty) -> u64 {
        Store::count(self, lesson, thing, property)
    }

    fn lesson(&self, lesson: LessonId) -> Result<Option<Lesson>> {
        Ok(self.catalogue().lesson(lesson)?)
    }

    fn template(&self, lesson: &Lesson) -> Result<Arc<Template>> {
        Ok(self.catalogue().template_of(lesson)?)
    }

    fn things(&self, lesson: LessonId) -> Result<Vec<Thing>> {
        // Those the teacher removed count nowhere, and their readings wait for their return.
        Ok(self.catalogue().things(lesson)?.into_iter().filter(|thing| !thing.removed).collect())
    }

    fn names(&self, lesson: LessonId) -> Result<Vec<(ThingId, u32, String)>> {
        Ok(self.catalogue().things(lesson)?.into_iter().map(|thing| (thing.id, thing.number, thing.nickname)).collect())
    }

    fn exclusions(&self, lesson: LessonId) -> Result<Vec<(ThingId, u32, String)>> {
        Ok(self.catalogue().exclusions(lesson)?)
    }

    fn undone(&self, lesson: LessonId) -> Result<Vec<(Micros, Micros)>> {
        let takes = self.catalogue().takes(lesson)?;
        let undone = takes.iter().enumerate().filter(|(_, take)| take.undone).map(|(place, take)| {
            let next = takes.get(place + 1).map_or(Micros::MAX, |next| next.begins - 1);
            (take.begins, take.ends.map_or(Micros::MAX, |ends| ends.saturating_add(LATE).min(next)))
        });
        Ok(undone.collect())
    }
}
