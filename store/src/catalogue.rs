//! Lessons, Things, tokens, inputs and exclusions, in one SQLite file (`catalogue.sqlite`, WAL mode, synchronous FULL,
//! secure_delete). Every change is durable when its function returns. A second process may open it beside a running
//! hub (`messwerk token create` does).
//!
//! Tokens are kept as SHA-256 only; the caller draws them and hands them out once.

use std::path::Path;

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};

use crate::Error;

/// A class's sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Its id.
    pub id: LessonId,
    /// The template's folder name.
    pub template: String,
    /// The join code as typed.
    pub code: String,
    /// When it was made.
    pub created: Micros,
    /// When it ended, if it did.
    pub ended: Option<Micros>,
}

/// A participant of one lesson.
#[derive(Debug, Clone, PartialEq)]
pub struct Thing {
    /// Its id.
    pub id: ThingId,
    /// Its lesson.
    pub lesson: LessonId,
    /// 1, 2, 3 … in order of joining.
    pub number: u32,
    /// Generated, never typed.
    pub nickname: String,
    /// When it joined.
    pub joined: Micros,
    /// Inputs by name, in the template's unit: `length_m`.
    pub inputs: std::collections::BTreeMap<String, f64>,
}

/// What a token that is not a Thing's may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Makes lessons and reads everything of a class.
    Teacher,
}

/// The open catalogue; calls block for a few milliseconds at most.
pub struct Catalogue {}

impl Catalogue {
    /// Opens or creates the catalogue of a data folder, without the hub's lock on it.
    pub fn open(_directory: &Path) -> Result<Self, Error> {
        unimplemented!()
    }

    /// Stores a new lesson. Fails with `NotFound`'s opposite, a constraint error, if id or an open lesson's code exist.
    pub fn add_lesson(&self, _lesson: &Lesson) -> Result<(), Error> {
        unimplemented!()
    }

    /// A lesson.
    pub fn lesson(&self, _id: LessonId) -> Result<Option<Lesson>, Error> {
        unimplemented!()
    }

    /// The open lesson with this join code.
    pub fn lesson_by_code(&self, _code: &str) -> Result<Option<Lesson>, Error> {
        unimplemented!()
    }

    /// All lessons, newest first.
    pub fn lessons(&self) -> Result<Vec<Lesson>, Error> {
        unimplemented!()
    }

    /// Ends a lesson; its code is free again and it records no more.
    pub fn end_lesson(&self, _id: LessonId, _at: Micros) -> Result<(), Error> {
        unimplemented!()
    }

    /// Adds a Thing with the next number of its lesson and remembers the hash of its token. Returns it as stored.
    pub fn add_thing(&self, _lesson: LessonId, _id: ThingId, _nickname: &str, _token: &str, _at: Micros) -> Result<Thing, Error> {
        unimplemented!()
    }

    /// A Thing.
    pub fn thing(&self, _id: ThingId) -> Result<Option<Thing>, Error> {
        unimplemented!()
    }

    /// The Thing of a token.
    pub fn thing_by_token(&self, _token: &str) -> Result<Option<Thing>, Error> {
        unimplemented!()
    }

    /// The Things of a lesson by number.
    pub fn things(&self, _lesson: LessonId) -> Result<Vec<Thing>, Error> {
        unimplemented!()
    }

    /// Sets an input of a Thing.
    pub fn set_input(&self, _thing: ThingId, _name: &str, _value: f64) -> Result<(), Error> {
        unimplemented!()
    }

    /// Excludes a Run's Outcomes with a reason, or includes them again (`None`).
    pub fn set_exclusion(&self, _thing: ThingId, _run: u32, _reason: Option<&str>) -> Result<(), Error> {
        unimplemented!()
    }

    /// The exclusions of a lesson: Thing, Run, reason.
    pub fn exclusions(&self, _lesson: LessonId) -> Result<Vec<(ThingId, u32, String)>, Error> {
        unimplemented!()
    }

    /// Remembers the hash of a new token for a role.
    pub fn add_token(&self, _token: &str, _role: Role, _at: Micros) -> Result<(), Error> {
        unimplemented!()
    }

    /// The role of a token.
    pub fn role(&self, _token: &str) -> Result<Option<Role>, Error> {
        unimplemented!()
    }
}
