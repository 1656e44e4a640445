//! The log of what was done in a lesson and to the hub: who, when, what. No measured values. With its lesson an entry
//! loses everything that says which lesson and whom it was about.

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use rusqlite::params;

use super::{Catalogue, id_at, key};
use crate::Error;

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// When.
    pub at: Micros,
    /// `teacher`, `pupil` or `hub`: who by name is known to nobody.
    pub who: String,
    /// In which lesson, if in one and that is not erased.
    pub lesson: Option<LessonId>,
    /// `take.start`, `lobby.lock` …
    pub what: String,
    /// With what. Of a Thing it names the id, so that it can be found when the Thing is erased.
    pub detail: String,
}

impl Catalogue {
    /// Adds an entry.
    pub fn log(&self, entry: &LogEntry) -> Result<(), Error> {
        self.connection().execute(
            "INSERT INTO log (at, who, lesson, what, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![entry.at, entry.who, entry.lesson.map(|lesson| key(lesson.0)), entry.what, entry.detail],
        )?;
        Ok(())
    }

    /// The newest entries of a lesson, newest first.
    pub fn log_of(&self, lesson: LessonId, limit: usize) -> Result<Vec<LogEntry>, Error> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT at, who, lesson, what, detail FROM log WHERE lesson = ?1 ORDER BY id DESC LIMIT ?2")?;
        let rows = statement.query_map(params![key(lesson.0), i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            let lesson = Some(LessonId(id_at(row, 2)?));
            Ok(LogEntry { at: row.get(0)?, who: row.get(1)?, lesson, what: row.get(3)?, detail: row.get(4)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets entries older than a moment and returns how many.
    pub fn forget_log(&self, before: Micros) -> Result<usize, Error> {
        Ok(self.connection().execute("DELETE FROM log WHERE at < ?1", [before])?)
    }
}
