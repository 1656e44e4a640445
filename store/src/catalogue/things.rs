//! Things, their inputs and their excluded Runs.

use std::collections::BTreeMap;

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, Transaction, TransactionBehavior, params};

use super::{Catalogue, Conflict, found, hash, id_at, is_lesson, key};
use crate::Error;

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
    /// The teacher paused it.
    pub paused: bool,
    /// Boards do not show its series.
    pub hidden: bool,
    /// The teacher removed it: its token is unknown, its data waits for its return or the lesson's end.
    pub removed: bool,
    /// The phone went on to the next group, which is another Thing on the same seat: its token is unknown, its data stays.
    pub handed_over: bool,
}

impl Thing {
    /// A Thing that has just joined.
    pub fn new(id: ThingId, lesson: LessonId, number: u32, nickname: impl Into<String>, joined: Micros) -> Self {
        let nickname = nickname.into();
        let inputs = BTreeMap::new();
        Self { id, lesson, number, nickname, joined, inputs, paused: false, hidden: false, removed: false, handed_over: false }
    }

    /// Whether it takes a seat.
    pub fn present(&self) -> bool {
        !self.removed && !self.handed_over
    }
}

const THING: &str = "SELECT id, lesson, number, nickname, joined, paused, hidden, removed, handed_over FROM thing";

/// Groups that one seat sees in a lesson: a phone that goes on to the next group every minute. Without a bound somebody who goes on
/// in a loop would fill the catalogue from one seat.
const GROUPS: u32 = 60;

/// Makes a lesson's n-th nickname, from 1, of n and the names that its Things have, also those that were removed or handed over. What
/// was renamed or erased is among the names no more: only n, which is never the same twice, says that its old name was given.
pub type Namer<'a> = &'a dyn Fn(u32, &[String]) -> String;

impl Catalogue {
    /// Adds a Thing with the next number of its lesson, named after it, and remembers the hash of its token. Returns it
    /// as stored. A [`Conflict`](super::Conflict) says that the lesson has ended, is locked or is full.
    pub fn add_thing(&self, lesson: LessonId, id: ThingId, nickname: Namer<'_>, token: &str, at: Micros) -> Result<Thing, Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let there = count(&change, lesson)?;
        is_lesson(&change, lesson)?.takes(there)?;
        let thing = insert(&change, lesson, id, nickname, (&hash(token), 1), at)?;
        change.commit()?;
        Ok(thing)
    }

    /// Adds a Thing on the seat of one that is present, also while the lesson is locked or full: nobody more is in the room. The old
    /// one's data stays, its token is nobody's from then on. [`Error::NotFound`] if it is not present (any more);
    /// [`Conflict::SeatUsedUp`] if very many groups had the seat.
    pub fn hand_over(&self, from: ThingId, id: ThingId, nickname: Namer<'_>, token: &str, at: Micros) -> Result<Thing, Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let seat = "UPDATE thing SET handed_over = 1 WHERE id = ?1 AND NOT removed AND NOT handed_over RETURNING lesson, turns";
        let seat = change.query_row(seat, [key(from.0)], |row| Ok((LessonId(id_at(row, 0)?), row.get::<_, u32>(1)?))).optional()?;
        let (lesson, groups) = seat.ok_or_else(|| Error::NotFound(missing(from)))?;
        is_lesson(&change, lesson)?.open()?;
        if groups >= GROUPS {
            return Err(Error::Conflict(Conflict::SeatUsedUp));
        }
        let thing = insert(&change, lesson, id, nickname, (&hash(token), groups + 1), at)?;
        change.commit()?;
        Ok(thing)
    }

    fn one_thing(&self, condition: &str, parameter: impl ToSql) -> Result<Option<Thing>, Error> {
        find(&self.connection(), condition, parameter)
    }

    /// A Thing, removed or not.
    pub fn thing(&self, id: ThingId) -> Result<Option<Thing>, Error> {
        self.one_thing("id = ?1", key(id.0))
    }

    /// The Thing of a token; none if it was removed or handed over.
    pub fn thing_by_token(&self, token: &str) -> Result<Option<Thing>, Error> {
        self.one_thing(BY_TOKEN, hash(token))
    }

    /// The Thing that had a token and was handed over.
    pub fn thing_handed_over(&self, token: &str) -> Result<Option<Thing>, Error> {
        self.one_thing("token = ?1 AND handed_over", hash(token))
    }

    /// The Things of a lesson by number, also the removed ones and those that were handed over.
    pub fn things(&self, lesson: LessonId) -> Result<Vec<Thing>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{THING} WHERE lesson = ?1 ORDER BY number"))?;
        let things: Vec<Thing> = statement.query_map([key(lesson.0)], thing_of)?.collect::<Result<_, _>>()?;
        things.into_iter().map(|thing| with_inputs(&connection, thing)).collect()
    }

    /// How many seats of a lesson are taken: its Things without those that were removed or handed over.
    pub fn count_things(&self, lesson: LessonId) -> Result<u32, Error> {
        Ok(count(&self.connection(), lesson)?)
    }

    /// Sets an input of a Thing.
    pub fn set_input(&self, thing: ThingId, name: &str, value: f64) -> Result<(), Error> {
        let changed = self.connection().execute(
            "INSERT INTO input (thing, name, value) SELECT id, ?2, ?3 FROM thing WHERE id = ?1
             ON CONFLICT (thing, name) DO UPDATE SET value = excluded.value",
            params![key(thing.0), name, value],
        )?;
        found(changed, || missing(thing))
    }

    /// Forgets an input of a Thing, as if it had never been entered.
    pub fn clear_input(&self, thing: ThingId, name: &str) -> Result<(), Error> {
        self.connection().execute("DELETE FROM input WHERE thing = ?1 AND name = ?2", params![key(thing.0), name])?;
        Ok(())
    }

    /// Pauses a Thing or lets it go on. The store keeps what it is given either way.
    pub fn set_paused(&self, thing: ThingId, paused: bool) -> Result<(), Error> {
        self.change_thing(thing, "paused = ?2", paused)
    }

    /// Hides a Thing from boards or shows it again.
    pub fn set_hidden(&self, thing: ThingId, hidden: bool) -> Result<(), Error> {
        self.change_thing(thing, "hidden = ?2", hidden)
    }

    /// Removes a Thing or brings it back. Its data stays; [`Store::erase`](crate::Store::erase) is what deletes.
    pub fn set_removed(&self, thing: ThingId, removed: bool) -> Result<(), Error> {
        self.change_thing(thing, "removed = ?2", removed)
    }

    /// Gives a Thing another nickname, the lesson's next one, and returns it.
    pub fn rename(&self, thing: ThingId, nickname: Namer<'_>) -> Result<String, Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let lesson = change.query_row("SELECT lesson FROM thing WHERE id = ?1", [key(thing.0)], |row| id_at(row, 0)).optional()?;
        let lesson = lesson.map(LessonId).ok_or_else(|| Error::NotFound(missing(thing)))?;
        let nickname = next_name(&change, lesson, nickname)?;
        change.execute("UPDATE thing SET nickname = ?2 WHERE id = ?1", params![key(thing.0), nickname])?;
        change.commit()?;
        Ok(nickname)
    }

    fn change_thing(&self, id: ThingId, what: &str, value: impl ToSql) -> Result<(), Error> {
        let changed = self.connection().execute(&format!("UPDATE thing SET {what} WHERE id = ?1"), params![key(id.0), value])?;
        found(changed, || missing(id))
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
        found(changed, || missing(thing))
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
}

/// What finds the Thing of a token's hash.
pub(super) const BY_TOKEN: &str = "token = ?1 AND NOT removed AND NOT handed_over";

pub(super) fn find(connection: &Connection, condition: &str, parameter: impl ToSql) -> Result<Option<Thing>, Error> {
    let mut statement = connection.prepare_cached(&format!("{THING} WHERE {condition}"))?;
    let thing = statement.query_row([parameter], thing_of).optional()?;
    thing.map(|thing| with_inputs(connection, thing)).transpose()
}

/// A new Thing with the hash of its token, the so many-th group of its seat. That there is a seat has been seen to.
pub(super) fn insert(
    change: &Transaction<'_>,
    lesson: LessonId,
    id: ThingId,
    nickname: Namer<'_>,
    (token, groups): (&[u8], u32),
    at: Micros,
) -> Result<Thing, Error> {
    // Numbers count joins and are never given twice, also after an erasure.
    let number: u32 =
        change.query_row("UPDATE lesson SET joined = joined + 1 WHERE id = ?1 RETURNING joined", [key(lesson.0)], |row| row.get(0))?;
    let nickname = next_name(change, lesson, nickname)?;
    change.execute(
        "INSERT INTO thing (id, lesson, number, nickname, token, joined, turns) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![key(id.0), key(lesson.0), number, nickname, token, at, groups],
    )?;
    Ok(Thing::new(id, lesson, number, nickname, at))
}

/// The next nickname of a lesson. Not counted with the joins: a name given anew is one name more and nobody more.
fn next_name(change: &Transaction<'_>, lesson: LessonId, nickname: Namer<'_>) -> rusqlite::Result<String> {
    let next = "UPDATE lesson SET named = named + 1 WHERE id = ?1 RETURNING named";
    let next = change.query_row(next, [key(lesson.0)], |row| row.get(0))?;
    Ok(nickname(next, &names(change, lesson)?))
}

/// The names of a lesson's Things, whatever became of them.
fn names(connection: &Connection, lesson: LessonId) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare_cached("SELECT nickname FROM thing WHERE lesson = ?1")?;
    statement.query_map([key(lesson.0)], |row| row.get(0))?.collect()
}

pub(super) fn count(connection: &Connection, lesson: LessonId) -> rusqlite::Result<u32> {
    let mut statement = connection.prepare_cached("SELECT count(*) FROM thing WHERE lesson = ?1 AND NOT removed AND NOT handed_over")?;
    statement.query_row([key(lesson.0)], |row| row.get(0))
}

fn missing(thing: ThingId) -> String {
    format!("there is no Thing {thing}")
}

fn thing_of(row: &Row<'_>) -> rusqlite::Result<Thing> {
    Ok(Thing {
        id: ThingId(id_at(row, 0)?),
        lesson: LessonId(id_at(row, 1)?),
        number: row.get(2)?,
        nickname: row.get(3)?,
        joined: row.get(4)?,
        inputs: BTreeMap::new(),
        paused: row.get(5)?,
        hidden: row.get(6)?,
        removed: row.get(7)?,
        handed_over: row.get(8)?,
    })
}

fn with_inputs(connection: &Connection, mut thing: Thing) -> Result<Thing, Error> {
    let mut statement = connection.prepare_cached("SELECT name, value FROM input WHERE thing = ?1")?;
    let inputs = statement.query_map([key(thing.id.0)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    thing.inputs = inputs.collect::<Result<_, _>>()?;
    Ok(thing)
}
