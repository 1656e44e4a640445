//! Takes: the measurements of a led lesson, from the teacher's start to the stop. A lesson has at most one open Take.

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use rusqlite::{OptionalExtension, Row, TransactionBehavior, params};

use super::{Catalogue, Conflict, found, is_lesson, key};
use crate::Error;

/// One measurement of the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Take {
    /// 1, 2, 3 … in the lesson.
    pub number: u32,
    /// From when on readings are kept; in the future while a countdown runs.
    pub begins: Micros,
    /// Until when; `None` while it runs.
    pub ends: Option<Micros>,
    /// Its readings are erased when it stops.
    pub rehearsal: bool,
    /// The teacher took it back: its Runs do not count.
    pub undone: bool,
}

const TAKE: &str = "number, begins, ends, rehearsal, undone";

impl Catalogue {
    /// The Takes of a lesson by number.
    pub fn takes(&self, lesson: LessonId) -> Result<Vec<Take>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("SELECT {TAKE} FROM take WHERE lesson = ?1 ORDER BY number"))?;
        Ok(statement.query_map([key(lesson.0)], take_of)?.collect::<Result<_, _>>()?)
    }

    /// Begins the next Take. [`Conflict::TakeOpen`] while another runs, [`Conflict::LessonEnded`] after the lesson's end.
    pub fn begin_take(&self, lesson: LessonId, begins: Micros, rehearsal: bool) -> Result<Take, Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        is_lesson(&change, lesson)?.open()?;
        let open = change.query_row("SELECT 1 FROM take WHERE lesson = ?1 AND ends IS NULL", [key(lesson.0)], |_| Ok(())).optional()?;
        if open.is_some() {
            return Err(Error::Conflict(Conflict::TakeOpen));
        }
        let take = change.query_row(
            &format!(
                "INSERT INTO take (lesson, number, begins, rehearsal)
                 VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM take WHERE lesson = ?1), ?2, ?3) RETURNING {TAKE}"
            ),
            params![key(lesson.0), begins, rehearsal],
            take_of,
        )?;
        change.commit()?;
        Ok(take)
    }

    /// Ends the open Take and returns it. Stopped before it began it is empty, never turned round.
    pub fn end_take(&self, lesson: LessonId, at: Micros) -> Result<Take, Error> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached(&format!("UPDATE take SET ends = max(begins, ?2) WHERE lesson = ?1 AND ends IS NULL RETURNING {TAKE}"))?;
        let take = statement.query_row(params![key(lesson.0), at], take_of).optional()?;
        take.ok_or_else(|| Error::NotFound(format!("lesson {lesson} measures nothing now")))
    }

    /// Takes a Take back, or lets it count again. Nothing is deleted.
    pub fn set_undone(&self, lesson: LessonId, number: u32, undone: bool) -> Result<(), Error> {
        let changed = self
            .connection()
            .execute("UPDATE take SET undone = ?3 WHERE lesson = ?1 AND number = ?2", params![key(lesson.0), number, undone])?;
        found(changed, || missing(lesson, number))
    }

    /// Forgets a Take, as after a rehearsal. The next one gets its number if it was the last.
    pub fn forget_take(&self, lesson: LessonId, number: u32) -> Result<(), Error> {
        let changed = self.connection().execute("DELETE FROM take WHERE lesson = ?1 AND number = ?2", params![key(lesson.0), number])?;
        found(changed, || missing(lesson, number))
    }
}

fn missing(lesson: LessonId, number: u32) -> String {
    format!("lesson {lesson} has no measurement {number}")
}

fn take_of(row: &Row<'_>) -> rusqlite::Result<Take> {
    Ok(Take { number: row.get(0)?, begins: row.get(1)?, ends: row.get(2)?, rehearsal: row.get(3)?, undone: row.get(4)? })
}
