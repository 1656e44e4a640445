//! The catalogue's part in erasing: what is under way, and the rows themselves.

use messwerk_lessons::id::{LessonId, ThingId};
use rusqlite::{Connection, Transaction, params};

use super::{Catalogue, id_at, key};
use crate::{Erasure, Error};

/// How an erasure is noted: its kind, Thing and Run.
fn note(what: Erasure) -> (&'static str, LessonId, Option<i64>, Option<u32>) {
    match what {
        Erasure::Lesson(lesson) => ("lesson", lesson, None, None),
        Erasure::Readings(lesson) => ("readings", lesson, None, None),
        Erasure::Thing(lesson, thing) => ("thing", lesson, Some(key(thing.0)), None),
        Erasure::Run(lesson, thing, run) => ("run", lesson, Some(key(thing.0)), Some(run)),
    }
}

/// The erasure of a note; `None` for a kind this hub does not know.
fn noted(kind: &str, lesson: LessonId, thing: Option<ThingId>, run: Option<u32>) -> Option<Erasure> {
    match (kind, thing, run) {
        ("lesson", ..) => Some(Erasure::Lesson(lesson)),
        ("readings", ..) => Some(Erasure::Readings(lesson)),
        ("thing", Some(thing), _) => Some(Erasure::Thing(lesson, thing)),
        ("run", Some(thing), Some(run)) => Some(Erasure::Run(lesson, thing, run)),
        _ => None,
    }
}

impl Catalogue {
    /// Why the Run 0 of a Thing, which has no readings, was excluded goes from the log. Of any other Run it goes with the Run.
    pub fn forget_reasons(&self, lesson: LessonId, thing: ThingId) -> Result<(), Error> {
        blank_reasons(&self.connection(), lesson, thing, 0)
    }

    /// Remembers that an erasure began, so that a start after a crash finishes it.
    pub(crate) fn begin_erasure(&self, what: Erasure) -> Result<(), Error> {
        let (kind, lesson, thing, run) = note(what);
        self.connection()
            .execute("INSERT INTO erasure (lesson, thing, kind, run) VALUES (?1, ?2, ?3, ?4)", params![key(lesson.0), thing, kind, run])?;
        Ok(())
    }

    /// Erasures that began and did not end.
    pub(crate) fn erasures(&self) -> Result<Vec<Erasure>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare("SELECT lesson, thing, kind, run FROM erasure ORDER BY id")?;
        let rows = statement.query_map([], |row| {
            let thing = row.get::<_, Option<i64>>(1)?.map(|thing| ThingId(thing.cast_unsigned()));
            Ok(noted(&row.get::<_, String>(2)?, LessonId(id_at(row, 0)?), thing, row.get(3)?))
        })?;
        Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// Removes the rows and rewrites the file. On return neither it nor SQLite's log holds their bytes.
    pub(crate) fn finish_erasure(&self, what: Erasure) -> Result<(), Error> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        match what {
            Erasure::Lesson(lesson) => {
                change.execute("UPDATE log SET lesson = NULL, detail = '' WHERE lesson = ?1", [key(lesson.0)])?;
                change.execute("DELETE FROM lesson WHERE id = ?1", [key(lesson.0)])?;
            }
            Erasure::Readings(lesson) => {
                let things = "SELECT id FROM thing WHERE lesson = ?1";
                change.execute(&format!("DELETE FROM exclusion WHERE thing IN ({things})"), [key(lesson.0)])?;
            }
            Erasure::Thing(lesson, thing) => {
                blank_log(&change, lesson, thing)?;
                change.execute("DELETE FROM thing WHERE id = ?1 AND lesson = ?2", params![key(thing.0), key(lesson.0)])?;
            }
            Erasure::Run(lesson, thing, run) => {
                blank_reasons(&change, lesson, thing, run)?;
                change.execute("DELETE FROM exclusion WHERE thing = ?1 AND run = ?2", params![key(thing.0), run])?;
            }
        }
        forget_note(&change, what)?;
        change.commit()?;
        rewrite(&connection)
    }
}

/// Entries about a Thing keep who, when and what; which one it was goes.
fn blank_log(change: &Transaction<'_>, lesson: LessonId, thing: ThingId) -> Result<(), Error> {
    change.execute(
        "UPDATE log SET detail = '' WHERE lesson = ?1 AND
         (instr(detail, ?3) > 0 OR instr(detail, coalesce((SELECT nickname FROM thing WHERE id = ?2), ?3)) > 0)",
        params![key(lesson.0), key(thing.0), thing.to_string()],
    )?;
    Ok(())
}

/// Why a Run was excluded goes with it; who did it, when, and to which Run stays.
fn blank_reasons(change: &Connection, lesson: LessonId, thing: ThingId, run: u32) -> Result<(), Error> {
    change.execute(
        "UPDATE log SET detail = ?2 WHERE lesson = ?1 AND instr(detail, ?2 || ' ') = 1",
        params![key(lesson.0), format!("{thing} {run}")],
    )?;
    Ok(())
}

/// The note goes, and with a larger erasure those of its parts.
fn forget_note(change: &Transaction<'_>, what: Erasure) -> Result<(), Error> {
    let (kind, lesson, thing, run) = note(what);
    let lesson = key(lesson.0);
    match what {
        Erasure::Lesson(_) => change.execute("DELETE FROM erasure WHERE lesson = ?1", [lesson])?,
        Erasure::Thing(..) => change.execute("DELETE FROM erasure WHERE lesson = ?1 AND thing = ?2", params![lesson, thing])?,
        Erasure::Readings(_) | Erasure::Run(..) => change.execute(
            "DELETE FROM erasure WHERE kind = ?1 AND lesson = ?2 AND thing IS ?3 AND run IS ?4",
            params![kind, lesson, thing, run],
        )?,
    };
    Ok(())
}

fn rewrite(connection: &Connection) -> Result<(), Error> {
    connection.execute_batch("VACUUM")?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}
