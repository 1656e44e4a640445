//! The catalogue's part in erasing: what is under way, and the rows themselves.

use messwerk_lessons::id::{LessonId, ThingId};
use rusqlite::{Connection, params};

use super::{Catalogue, id_at, key};
use crate::Error;

impl Catalogue {
    /// Remembers that an erasure began, so that a start after a crash finishes it.
    pub(crate) fn begin_erasure(&self, lesson: LessonId, thing: Option<ThingId>) -> Result<(), Error> {
        let thing = thing.map(|thing| key(thing.0));
        self.connection().execute("INSERT INTO erasure (lesson, thing) VALUES (?1, ?2)", params![key(lesson.0), thing])?;
        Ok(())
    }

    /// Erasures that began and did not end.
    pub(crate) fn erasures(&self) -> Result<Vec<(LessonId, Option<ThingId>)>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare("SELECT lesson, thing FROM erasure ORDER BY id")?;
        let rows = statement.query_map([], |row| {
            let thing: Option<i64> = row.get(1)?;
            Ok((LessonId(id_at(row, 0)?), thing.map(|thing| ThingId(thing.cast_unsigned()))))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Removes the rows and rewrites the file. On return neither it nor SQLite's log holds their bytes.
    pub(crate) fn finish_erasure(&self, lesson: LessonId, thing: Option<ThingId>) -> Result<(), Error> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        match thing {
            Some(thing) => {
                change.execute("DELETE FROM thing WHERE id = ?1 AND lesson = ?2", params![key(thing.0), key(lesson.0)])?;
                change.execute("DELETE FROM erasure WHERE lesson = ?1 AND thing = ?2", params![key(lesson.0), key(thing.0)])?;
            }
            None => {
                change.execute("DELETE FROM lesson WHERE id = ?1", [key(lesson.0)])?;
                change.execute("DELETE FROM erasure WHERE lesson = ?1", [key(lesson.0)])?;
            }
        }
        change.commit()?;
        rewrite(&connection)
    }
}

fn rewrite(connection: &Connection) -> Result<(), Error> {
    connection.execute_batch("VACUUM")?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}
