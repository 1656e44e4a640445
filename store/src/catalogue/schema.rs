//! The catalogue's tables and how a connection is set up.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::Error;

/// Counts up with every change of the tables; kept in SQLite's `user_version`.
const VERSION: i64 = 1;

/// How long a call waits for another process's change. A change takes milliseconds; a copy of the file, seconds.
const PATIENCE: Duration = Duration::from_secs(5);

const TABLES: &str = "
CREATE TABLE lesson (
    id INTEGER PRIMARY KEY, template TEXT NOT NULL, code TEXT NOT NULL, created INTEGER NOT NULL, ended INTEGER,
    joined INTEGER NOT NULL DEFAULT 0
) STRICT;
-- A code is free again once its lesson has ended.
CREATE UNIQUE INDEX open_code ON lesson (code) WHERE ended IS NULL;
CREATE TABLE thing (
    id INTEGER PRIMARY KEY, lesson INTEGER NOT NULL REFERENCES lesson ON DELETE CASCADE, number INTEGER NOT NULL,
    nickname TEXT NOT NULL, token BLOB NOT NULL UNIQUE, joined INTEGER NOT NULL, UNIQUE (lesson, number)
) STRICT;
CREATE TABLE input (
    thing INTEGER NOT NULL REFERENCES thing ON DELETE CASCADE, name TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (thing, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE exclusion (
    thing INTEGER NOT NULL REFERENCES thing ON DELETE CASCADE, run INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (thing, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE token (hash BLOB PRIMARY KEY, role TEXT NOT NULL, made INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- Erasures that began; one that a crash cut short is finished at the next start. thing is null for a whole lesson.
CREATE TABLE erasure (id INTEGER PRIMARY KEY, lesson INTEGER NOT NULL, thing INTEGER) STRICT;
";

/// Opens the file, creates the tables if it is new.
pub(super) fn open(path: &Path) -> Result<Connection, Error> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // Deleted rows are overwritten: a name must not survive in a free page. The pragma answers with its value.
    connection.pragma_update_and_check(None, "secure_delete", "ON", |_| Ok(()))?;
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match change.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? {
        0 => {
            change.execute_batch(TABLES)?;
            change.pragma_update(None, "user_version", VERSION)?;
        }
        VERSION => {}
        newer => {
            let what = format!("it has version {newer}, this hub knows version {VERSION}; start the newer hub that made it");
            return Err(Error::Damaged { file: path.display().to_string(), what });
        }
    }
    change.commit()?;
    Ok(connection)
}
