//! What a caller may see.

use messwerk_lessons::id::{LessonId, ThingId};

use crate::error::{Error, Result};

/// What a caller may see. Every question takes one and every plan is filtered by it; there is no question without.
///
/// It is made from the connection's credential, never from what the caller writes into the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    lesson: LessonId,
    thing: Option<ThingId>,
}

impl Scope {
    /// All Things of one lesson: its teacher, its board.
    pub fn lesson(lesson: LessonId) -> Self {
        Self { lesson, thing: None }
    }

    /// One Thing of one lesson: the pupils around it.
    pub fn thing(lesson: LessonId, thing: ThingId) -> Self {
        Self { lesson, thing: Some(thing) }
    }

    /// The lesson.
    pub fn lesson_id(&self) -> LessonId {
        self.lesson
    }

    /// The only Thing it shows, if it does not show all of the lesson.
    pub fn thing_id(&self) -> Option<ThingId> {
        self.thing
    }

    /// Whether a Thing of the lesson is visible.
    pub fn sees(&self, thing: ThingId) -> bool {
        self.thing.is_none_or(|only| only == thing)
    }

    /// The Thing to filter by when `asked` is asked for; an error if that one is not visible.
    pub(crate) fn narrow(&self, asked: Option<ThingId>) -> Result<Option<ThingId>> {
        match asked {
            // The same sentence for "not there" and "not yours": the answer must not tell which.
            Some(thing) if !self.sees(thing) => Err(Error::NotFound(format!("there is no thing {thing} you may read"))),
            Some(thing) => Ok(Some(thing)),
            None => Ok(self.thing),
        }
    }
}
