//! What can be erased.

use messwerk_lessons::id::{LessonId, ThingId};

use crate::group::StreamId;
use crate::snapshot::Segment;

/// What [`Store::erase`](crate::Store::erase) removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Erasure {
    /// A lesson with everything in it. What still arrives for it is refused.
    Lesson(LessonId),
    /// All readings and Rejects of a lesson, and its exclusions. The lesson goes on with its Things, and Runs count from 1
    /// again. Until it is done the lesson's readings are refused with [`Error::NotNow`](crate::Error::NotNow), so that
    /// nothing acknowledged is among what a restart after a crash erases; what arrives after it is stored, also a packet
    /// that was sent before. Keeping out what was measured before is the ingest gate's part.
    Readings(LessonId),
    /// A Thing with everything of it. What still arrives for it is refused.
    Thing(LessonId, ThingId),
    /// One Run of a Thing in all its properties, and its exclusion. The Thing goes on; the number is not given again. A
    /// numbered batch that was stored in it is a duplicate when it comes again. What was not stored yet, and whatever
    /// comes without numbers, makes a new Run.
    Run(LessonId, ThingId, u32),
}

impl Erasure {
    /// In which lesson.
    pub fn lesson(self) -> LessonId {
        match self {
            Self::Lesson(lesson) | Self::Readings(lesson) | Self::Thing(lesson, _) | Self::Run(lesson, ..) => lesson,
        }
    }

    /// Of which Thing, unless of all.
    pub(crate) fn thing(self) -> Option<ThingId> {
        match self {
            Self::Lesson(_) | Self::Readings(_) => None,
            Self::Thing(_, thing) | Self::Run(_, thing, _) => Some(thing),
        }
    }

    /// Whether a Datastream has anything to do with it.
    pub(crate) fn concerns(self, stream: StreamId) -> bool {
        stream.lesson == self.lesson() && self.thing().is_none_or(|thing| thing == stream.thing)
    }

    /// Whether a segment may hold rows of it.
    pub(crate) fn touches(self, segment: &Segment) -> bool {
        segment.lesson == self.lesson() && self.thing().is_none_or(|thing| segment.things.contains(&thing))
    }

    /// Whether a row of its lesson is one of those.
    pub(crate) fn takes(self, thing: ThingId, run: u32) -> bool {
        match self {
            Self::Lesson(_) | Self::Readings(_) => true,
            Self::Thing(_, gone) => thing == gone,
            Self::Run(_, of, gone) => thing == of && run == gone,
        }
    }

    /// Whether nothing of the lesson's stored rows stays.
    pub(crate) fn is_of_all(self) -> bool {
        self.thing().is_none()
    }
}
