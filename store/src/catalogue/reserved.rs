//! Tokens handed out in a phyphox file before anybody measured with it: the apps fetch a file twice, and many scan the
//! code on the projector without ever pressing play. A reserved token becomes a Thing with its first data.

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use rusqlite::{OptionalExtension, TransactionBehavior, params};

use super::things::{BY_TOKEN, Thing, count, find, insert};
use super::{Catalogue, hash, id_at, is_lesson, key};
use crate::Error;

/// Reserved tokens of a lesson. A class of 30 fetches twice and tries again: 2,000 are thirty rounds of that. Beyond it the one
/// that was handed out longest ago is forgotten: whoever scans now gets a file that works, whoever asks for files in a loop. How
/// fast one network may ask is the hub's matter.
const RESERVED: u32 = 2000;

impl Catalogue {
    /// Remembers the hash of a token that was handed out for an open lesson. If too many were that nobody has used, the oldest is
    /// forgotten.
    pub fn reserve(&self, lesson: LessonId, token: &str, at: Micros) -> Result<(), Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        is_lesson(&change, lesson)?.open()?;
        let there: u32 = change.query_row("SELECT count(*) FROM reserved WHERE lesson = ?1", [key(lesson.0)], |row| row.get(0))?;
        if there >= RESERVED {
            let oldest = "DELETE FROM reserved WHERE id = (SELECT min(id) FROM reserved WHERE lesson = ?1)";
            change.execute(oldest, [key(lesson.0)])?;
        }
        change.execute("INSERT INTO reserved (lesson, token, made) VALUES (?1, ?2, ?3)", params![key(lesson.0), hash(token), at])?;
        change.commit()?;
        Ok(())
    }

    /// The Thing of a reserved token, made now with this id and its lesson's next nickname. `None` if the token
    /// is not reserved and no Thing's; a Thing that was made of it before is returned as it is. A
    /// [`Conflict`](super::Conflict) says that the lesson has ended, is locked or is full; the token stays reserved.
    pub fn claim(
        &self,
        token: &str,
        id: ThingId,
        nickname: &dyn Fn(LessonId, u32, &[String]) -> String,
        at: Micros,
    ) -> Result<Option<Thing>, Error> {
        let token = hash(token);
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if let Some(thing) = find(&change, BY_TOKEN, &token)? {
            return Ok(Some(thing));
        }
        let lesson = change.query_row("SELECT lesson FROM reserved WHERE token = ?1", [&token], |row| id_at(row, 0)).optional()?;
        let Some(lesson) = lesson.map(LessonId) else { return Ok(None) };
        let there = count(&change, lesson)?;
        is_lesson(&change, lesson)?.takes(there)?;
        let thing = insert(&change, lesson, id, &|number, names| nickname(lesson, number, names), (&token, 1), at)?;
        change.execute("DELETE FROM reserved WHERE token = ?1", [&token])?;
        change.commit()?;
        Ok(Some(thing))
    }

    /// Whether a token is reserved, and for which lesson.
    pub fn reserved(&self, token: &str) -> Result<Option<LessonId>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT lesson FROM reserved WHERE token = ?1")?;
        Ok(statement.query_row([hash(token)], |row| id_at(row, 0)).optional()?.map(LessonId))
    }

    /// Forgets tokens that were handed out before a moment and never used, and those of lessons that have ended.
    pub fn forget_reserved(&self, before: Micros) -> Result<usize, Error> {
        let ended = "lesson IN (SELECT id FROM lesson WHERE ended IS NOT NULL)";
        Ok(self.connection().execute(&format!("DELETE FROM reserved WHERE made < ?1 OR {ended}"), [before])?)
    }
}
