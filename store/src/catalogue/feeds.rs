//! Files that stations were handed, with what became of each; and feeds, with what was asked when.

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use rusqlite::{OptionalExtension, Row, TransactionBehavior, params};

use super::{Catalogue, found, id_at, key};
use crate::Error;

/// Files of a station that are remembered, the newest: a feed brings some a day.
const FILES: u32 = 100;

/// A file on its way in, or what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileJob {
    /// Its number; the catalogue gives it.
    pub id: i64,
    /// When it came, hub time.
    pub at: Micros,
    /// `teacher`, or the feed that brought it.
    pub source: String,
    /// What it is: `dwd_zip`.
    pub kind: String,
    /// Its size.
    pub bytes: u64,
    /// `waiting`, `running`, `done`, `failed`, `cancelled` or `cut`.
    pub state: String,
    /// What was counted and told, as its writer wrote it down.
    pub report: String,
}

/// A feed's state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feed {
    /// Its name in the configuration.
    pub name: String,
    /// The station that was made for it; `None` before the first data and after its erasure.
    pub station: Option<LessonId>,
    /// What was asked when and what came, as its writer wrote it down.
    pub state: String,
}

impl Catalogue {
    /// Notes a file of a station, gives it a number, and forgets all but the newest hundred.
    pub fn add_file(&self, station: LessonId, job: &FileJob) -> Result<i64, Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let FileJob { at, source, kind, bytes, state, report, .. } = job;
        let bytes = i64::try_from(*bytes).unwrap_or(i64::MAX);
        let added = change.execute(
            "INSERT INTO station_file (station, at, source, kind, bytes, state, report) SELECT log, ?2, ?3, ?4, ?5, ?6, ?7 FROM station
             WHERE log = ?1",
            params![key(station.0), at, source, kind, bytes, state, report],
        )?;
        found(added, || format!("there is no station {station}"))?;
        let id = change.last_insert_rowid();
        change.execute(
            "DELETE FROM station_file WHERE station = ?1 AND id <=
             (SELECT id FROM station_file WHERE station = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            params![key(station.0), FILES],
        )?;
        change.commit()?;
        Ok(id)
    }

    /// Notes what became of a file. One that was forgotten meanwhile stays forgotten.
    pub fn set_file(&self, id: i64, state: &str, report: &str) -> Result<(), Error> {
        self.connection().execute("UPDATE station_file SET state = ?2, report = ?3 WHERE id = ?1", params![id, state, report])?;
        Ok(())
    }

    /// The files of a station, the newest first.
    pub fn files(&self, station: LessonId) -> Result<Vec<FileJob>, Error> {
        let connection = self.connection();
        let sql = "SELECT id, at, source, kind, bytes, state, report FROM station_file WHERE station = ?1 ORDER BY id DESC";
        let jobs = connection.prepare_cached(sql)?.query_map([key(station.0)], job_of)?.collect::<Result<_, _>>()?;
        Ok(jobs)
    }

    /// Says of every file that a hub before this one did not finish that it was cut off; of how many that was true.
    pub fn cut_files(&self) -> Result<usize, Error> {
        Ok(self.connection().execute("UPDATE station_file SET state = 'cut' WHERE state IN ('waiting', 'running')", [])?)
    }

    /// A feed's state; `None` of one that was never asked.
    pub fn feed(&self, name: &str) -> Result<Option<Feed>, Error> {
        let connection = self.connection();
        let feed = |row: &Row<'_>| {
            let station = row.get::<_, Option<i64>>(1)?.map(|_| id_at(row, 1)).transpose()?;
            Ok(Feed { name: row.get(0)?, station: station.map(LessonId), state: row.get(2)? })
        };
        let mut statement = connection.prepare_cached("SELECT name, station, state FROM feed WHERE name = ?1")?;
        Ok(statement.query_row([name], feed).optional()?)
    }

    /// Notes a feed's state. A station that was erased meanwhile is none.
    pub fn set_feed(&self, feed: &Feed) -> Result<(), Error> {
        let Feed { name, station, state } = feed;
        self.connection().execute(
            "INSERT INTO feed (name, station, state) VALUES (?1, (SELECT log FROM station WHERE log = ?2), ?3)
             ON CONFLICT (name) DO UPDATE SET station = excluded.station, state = excluded.state",
            params![name, station.map(|station| key(station.0)), state],
        )?;
        Ok(())
    }
}

fn job_of(row: &Row<'_>) -> rusqlite::Result<FileJob> {
    let bytes = u64::try_from(row.get::<_, i64>(4)?).unwrap_or_default();
    Ok(FileJob { id: row.get(0)?, at: row.get(1)?, source: row.get(2)?, kind: row.get(3)?, bytes, state: row.get(5)?, report: row.get(6)? })
}
