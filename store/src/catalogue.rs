//! Lessons, Things, tokens, inputs and exclusions, in one SQLite file (`catalogue.sqlite`, WAL mode, synchronous FULL,
//! secure_delete). Every change is durable when its function returns. A second process may open it beside a running
//! hub (`messwerk token create` does).
//!
//! Tokens are kept as SHA-256 only; the caller draws them and hands them out once. They carry 128 random bits, so a
//! fast hash is enough: there is nothing to guess from.

mod erasure;
mod schema;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::sync::lock;

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
    pub inputs: BTreeMap<String, f64>,
}

/// What a token that is not a Thing's may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Makes lessons and reads everything of a class.
    Teacher,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
        }
    }
}

/// The open catalogue; calls block for a few milliseconds at most.
#[derive(Debug)]
pub struct Catalogue {
    connection: Mutex<Connection>,
}

const LESSON: &str = "SELECT id, template, code, created, ended FROM lesson";
const THING: &str = "SELECT id, lesson, number, nickname, joined FROM thing";

impl Catalogue {
    /// Opens or creates the catalogue of a data folder, without the hub's lock on it. Fails on a folder that cannot be
    /// written and on a catalogue made by a newer version.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        crate::layout::make_private(directory).map_err(|error| crate::layout::refused(directory, &error))?;
        let connection = schema::open(&directory.join("catalogue.sqlite"))?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        lock(&self.connection)
    }

    /// Stores a new lesson. Fails with a constraint error if its id, or an open lesson's code, is taken.
    pub fn add_lesson(&self, lesson: &Lesson) -> Result<(), Error> {
        self.connection().execute(
            "INSERT INTO lesson (id, template, code, created, ended) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![key(lesson.id.0), lesson.template, lesson.code, lesson.created, lesson.ended],
        )?;
        Ok(())
    }

    /// A lesson.
    pub fn lesson(&self, id: LessonId) -> Result<Option<Lesson>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{LESSON} WHERE id = ?1"))?;
        Ok(statement.query_row([key(id.0)], lesson_of).optional()?)
    }

    /// The open lesson with this join code.
    pub fn lesson_by_code(&self, code: &str) -> Result<Option<Lesson>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{LESSON} WHERE code = ?1 AND ended IS NULL"))?;
        Ok(statement.query_row([code], lesson_of).optional()?)
    }

    /// All lessons, newest first.
    pub fn lessons(&self) -> Result<Vec<Lesson>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{LESSON} ORDER BY created DESC, id"))?;
        let lessons = statement.query_map([], lesson_of)?.collect::<Result<_, _>>()?;
        Ok(lessons)
    }

    /// Ends a lesson; its code is free again and it records no more. Ending it once more changes nothing.
    pub fn end_lesson(&self, id: LessonId, at: Micros) -> Result<(), Error> {
        let changed = self.connection().execute("UPDATE lesson SET ended = coalesce(ended, ?2) WHERE id = ?1", params![key(id.0), at])?;
        found(changed, || format!("there is no lesson {id}"))
    }

    /// Adds a Thing with the next number of its lesson, named after it, and remembers the hash of its token. Returns it
    /// as stored.
    pub fn add_thing(
        &self,
        lesson: LessonId,
        id: ThingId,
        nickname: &dyn Fn(u32) -> String,
        token: &str,
        at: Micros,
    ) -> Result<Thing, Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = change.query_row("SELECT 1 FROM lesson WHERE id = ?1", [key(lesson.0)], |_| Ok(())).optional()?;
        found(known.is_some().into(), || format!("there is no lesson {lesson}"))?;
        // Numbers count joins and are never given twice, also after an erasure.
        let number: u32 =
            change.query_row("UPDATE lesson SET joined = joined + 1 WHERE id = ?1 RETURNING joined", [key(lesson.0)], |row| row.get(0))?;
        let nickname = nickname(number);
        change.execute(
            "INSERT INTO thing (id, lesson, number, nickname, token, joined) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![key(id.0), key(lesson.0), number, nickname, hash(token), at],
        )?;
        change.commit()?;
        Ok(Thing { id, lesson, number, nickname, joined: at, inputs: BTreeMap::new() })
    }

    fn one_thing(&self, condition: &str, parameter: impl rusqlite::ToSql) -> Result<Option<Thing>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{THING} WHERE {condition}"))?;
        let thing = statement.query_row([parameter], thing_of).optional()?;
        thing.map(|thing| with_inputs(&connection, thing)).transpose()
    }

    /// A Thing.
    pub fn thing(&self, id: ThingId) -> Result<Option<Thing>, Error> {
        self.one_thing("id = ?1", key(id.0))
    }

    /// The Thing of a token.
    pub fn thing_by_token(&self, token: &str) -> Result<Option<Thing>, Error> {
        self.one_thing("token = ?1", hash(token))
    }

    /// The Things of a lesson by number.
    pub fn things(&self, lesson: LessonId) -> Result<Vec<Thing>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{THING} WHERE lesson = ?1 ORDER BY number"))?;
        let things: Vec<Thing> = statement.query_map([key(lesson.0)], thing_of)?.collect::<Result<_, _>>()?;
        things.into_iter().map(|thing| with_inputs(&connection, thing)).collect()
    }

    /// How many Things a lesson has.
    pub fn count_things(&self, lesson: LessonId) -> Result<u32, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT count(*) FROM thing WHERE lesson = ?1")?;
        Ok(statement.query_row([key(lesson.0)], |row| row.get(0))?)
    }

    /// Sets an input of a Thing.
    pub fn set_input(&self, thing: ThingId, name: &str, value: f64) -> Result<(), Error> {
        let changed = self.connection().execute(
            "INSERT INTO input (thing, name, value) SELECT id, ?2, ?3 FROM thing WHERE id = ?1
             ON CONFLICT (thing, name) DO UPDATE SET value = excluded.value",
            params![key(thing.0), name, value],
        )?;
        found(changed, || format!("there is no Thing {thing}"))
    }

    /// Excludes a Run's Outcomes with a reason, or includes them again (`None`).
    pub fn set_exclusion(&self, thing: ThingId, run: u32, reason: Option<&str>) -> Result<(), Error> {
        let connection = self.connection();
        let Some(reason) = reason else {
            connection.execute("DELETE FROM exclusion WHERE thing = ?1 AND run = ?2", params![key(thing.0), run])?;
            return Ok(());
        };
        let changed = connection.execute(
            "INSERT INTO exclusion (thing, run, reason) SELECT id, ?2, ?3 FROM thing WHERE id = ?1
             ON CONFLICT (thing, run) DO UPDATE SET reason = excluded.reason",
            params![key(thing.0), run, reason],
        )?;
        found(changed, || format!("there is no Thing {thing}"))
    }

    /// The exclusions of a lesson: Thing, Run, reason.
    pub fn exclusions(&self, lesson: LessonId) -> Result<Vec<(ThingId, u32, String)>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT exclusion.thing, run, reason FROM exclusion JOIN thing ON thing.id = exclusion.thing
             WHERE thing.lesson = ?1 ORDER BY thing.number, run",
        )?;
        let rows = statement.query_map([key(lesson.0)], |row| Ok((ThingId(id_at(row, 0)?), row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Remembers the hash of a new token for a role.
    pub fn add_token(&self, token: &str, role: Role, at: Micros) -> Result<(), Error> {
        self.connection().execute("INSERT INTO token (hash, role, made) VALUES (?1, ?2, ?3)", params![hash(token), role.name(), at])?;
        Ok(())
    }

    /// The role of a token.
    pub fn role(&self, token: &str) -> Result<Option<Role>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT role FROM token WHERE hash = ?1")?;
        let name: Option<String> = statement.query_row([hash(token)], |row| row.get(0)).optional()?;
        Ok(name.and_then(|name| (name == Role::Teacher.name()).then_some(Role::Teacher)))
    }
}

/// SQLite's integers are signed; an id keeps its bits.
fn key(id: u64) -> i64 {
    id.cast_signed()
}

fn id_at(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

fn found(changed: usize, missing: impl FnOnce() -> String) -> Result<(), Error> {
    if changed == 0 { Err(Error::NotFound(missing())) } else { Ok(()) }
}

fn lesson_of(row: &Row<'_>) -> rusqlite::Result<Lesson> {
    Ok(Lesson { id: LessonId(id_at(row, 0)?), template: row.get(1)?, code: row.get(2)?, created: row.get(3)?, ended: row.get(4)? })
}

fn thing_of(row: &Row<'_>) -> rusqlite::Result<Thing> {
    Ok(Thing {
        id: ThingId(id_at(row, 0)?),
        lesson: LessonId(id_at(row, 1)?),
        number: row.get(2)?,
        nickname: row.get(3)?,
        joined: row.get(4)?,
        inputs: BTreeMap::new(),
    })
}

fn with_inputs(connection: &Connection, mut thing: Thing) -> Result<Thing, Error> {
    let mut statement = connection.prepare_cached("SELECT name, value FROM input WHERE thing = ?1")?;
    let inputs = statement.query_map([key(thing.id.0)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    thing.inputs = inputs.collect::<Result<_, _>>()?;
    Ok(thing)
}

#[cfg(test)]
mod tests;
