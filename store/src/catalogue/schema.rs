//! The catalogue's tables, how an older file is brought up to them, and how a connection is set up.
//!
//! Every column is listed in `tests/columns.rs` with what it is for: nothing about a pupil is stored by accident.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::Error;

/// Counts up with every change of the tables; kept in SQLite's `user_version`.
const VERSION: i64 = 9;

/// How long a call waits for another process's change. A change takes milliseconds; a copy of the file, seconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Version 1, as it was: a new file takes the same way as an old one, so that both end up alike.
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

/// From version 1 to 2. Lessons of version 1 are free, their lobby is open; each gets a join token.
const CLASSROOM: &str = "
ALTER TABLE lesson ADD COLUMN token TEXT NOT NULL DEFAULT '';
ALTER TABLE lesson ADD COLUMN led INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lesson ADD COLUMN lobby_open INTEGER NOT NULL DEFAULT 1;
ALTER TABLE lesson ADD COLUMN frozen INTEGER;
ALTER TABLE lesson ADD COLUMN seats INTEGER NOT NULL DEFAULT 250;
ALTER TABLE lesson ADD COLUMN location TEXT;
ALTER TABLE lesson ADD COLUMN kept_until INTEGER;
ALTER TABLE thing ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE thing ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE thing ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
-- lesson, readings, thing or run; thing and run as far as the kind needs them.
ALTER TABLE erasure ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE erasure ADD COLUMN run INTEGER;
UPDATE erasure SET kind = CASE WHEN thing IS NULL THEN 'lesson' ELSE 'thing' END;
CREATE TABLE take (
    lesson INTEGER NOT NULL REFERENCES lesson ON DELETE CASCADE, number INTEGER NOT NULL, begins INTEGER NOT NULL, ends INTEGER,
    rehearsal INTEGER NOT NULL DEFAULT 0, undone INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (lesson, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX open_take ON take (lesson) WHERE ends IS NULL;
-- Tokens in phyphox files that nobody measured with yet.
CREATE TABLE reserved (
    id INTEGER PRIMARY KEY, lesson INTEGER NOT NULL REFERENCES lesson ON DELETE CASCADE, token BLOB NOT NULL UNIQUE,
    made INTEGER NOT NULL
) STRICT;
CREATE TABLE channel (
    thing INTEGER NOT NULL REFERENCES thing ON DELETE CASCADE, property INTEGER NOT NULL, resolution REAL NOT NULL,
    max_hz REAL NOT NULL, sign_fixed INTEGER NOT NULL, source TEXT NOT NULL, alignment_us INTEGER, PRIMARY KEY (thing, property)
) STRICT, WITHOUT ROWID;
-- The teacher's; there is one.
CREATE TABLE password (only INTEGER PRIMARY KEY CHECK (only = 1), hash TEXT NOT NULL, made INTEGER NOT NULL) STRICT;
CREATE TABLE session (
    hash BLOB PRIMARY KEY, made INTEGER NOT NULL, seen INTEGER NOT NULL, expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- No reference: an entry outlives its lesson for a while, without anything that says which one it was.
CREATE TABLE log (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, lesson INTEGER, what TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
CREATE INDEX log_of ON log (lesson, id);
";

/// From version 2 to 3: table, column and what it is. Some builds of version 2 had columns of these already.
const SEATS: [(&str, &str, &str); 3] = [
    ("thing", "handed_over", "INTEGER NOT NULL DEFAULT 0"),
    ("thing", "turns", "INTEGER NOT NULL DEFAULT 1"),
    ("lesson", "named", "INTEGER NOT NULL DEFAULT 0"),
];

/// Version 2 did not count the names it gave: one for each join, and one for each renaming, which the log has.
const COUNT_NAMES: &str = "
UPDATE lesson SET named = joined + (SELECT count(*) FROM log WHERE log.lesson = lesson.id AND what = 'thing.rename')
";

/// From version 3 to 4. Lessons made before have the built-in template of their name.
const SHELF: &str = "
-- Versions of templates by the SHA-256 of their files; withdrawn ones are off the shelf and kept for the lessons that use them.
CREATE TABLE template (
    hash BLOB PRIMARY KEY, id TEXT NOT NULL, version TEXT NOT NULL, source TEXT NOT NULL, published INTEGER NOT NULL,
    withdrawn INTEGER, bundle BLOB NOT NULL
) STRICT;
CREATE INDEX template_id ON template (id);
ALTER TABLE lesson ADD COLUMN template_hash BLOB REFERENCES template;
CREATE INDEX lesson_template ON lesson (template_hash);
-- Templates that somebody is writing.
CREATE TABLE draft (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, made INTEGER NOT NULL, changed INTEGER NOT NULL, removed INTEGER, bundle BLOB NOT NULL
) STRICT;
";

/// From version 4 to 5: what is shared with other schools.
const RELEASES: &str = "
-- The lesson goes before: what was released stays until it is withdrawn.
CREATE TABLE release (
    id TEXT PRIMARY KEY, lesson INTEGER REFERENCES lesson ON DELETE SET NULL, made INTEGER NOT NULL, public INTEGER NOT NULL,
    given INTEGER, file BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX release_of ON release (lesson);
-- Of which results, under salted hashes; goes with the lesson.
CREATE TABLE release_set (
    release TEXT PRIMARY KEY, lesson INTEGER NOT NULL REFERENCES lesson ON DELETE CASCADE, k INTEGER NOT NULL, withdrawn INTEGER NOT NULL,
    salt BLOB NOT NULL, members BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX release_set_of ON release_set (lesson);
CREATE TABLE tombstone (
    release TEXT NOT NULL, signer TEXT NOT NULL, statement TEXT NOT NULL, signature TEXT NOT NULL, at INTEGER NOT NULL,
    own INTEGER NOT NULL, PRIMARY KEY (release, signer)
) STRICT, WITHOUT ROWID;
CREATE TABLE foreign_release (
    id TEXT PRIMARY KEY, signer TEXT NOT NULL, subscription TEXT, came INTEGER NOT NULL, used INTEGER NOT NULL, file BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE source (signer TEXT PRIMARY KEY, name TEXT NOT NULL, known INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE subscription (
    url TEXT PRIMARY KEY, etag TEXT, asked INTEGER, answered INTEGER, failures INTEGER NOT NULL, error TEXT
) STRICT, WITHOUT ROWID;
";

/// From version 5 to 6: what a catalogue offers besides Releases.
const OFFERS: [(&str, &str, &str); 1] = [("subscription", "offers", "TEXT")];

/// From version 6 to 7: where the school stands, and what it knows of satellites.
const SKY: &str = "
-- The school's; there is one.
CREATE TABLE school (
    only INTEGER PRIMARY KEY CHECK (only = 1), name TEXT NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL,
    elevation_m REAL NOT NULL, time_zone TEXT NOT NULL
) STRICT;
CREATE TABLE element_set (
    norad INTEGER PRIMARY KEY, name TEXT NOT NULL, epoch INTEGER NOT NULL, came INTEGER NOT NULL, source TEXT NOT NULL, omm TEXT NOT NULL
) STRICT;
";

/// From version 7 to 8. A station's log is a lesson that nobody joins and that never ends; its channels are its Things.
const STATIONS: &str = "
CREATE TABLE station (
    log INTEGER PRIMARY KEY REFERENCES lesson ON DELETE CASCADE, settings TEXT NOT NULL, changed INTEGER NOT NULL
) STRICT;
CREATE TABLE station_key (
    hash BLOB PRIMARY KEY, station INTEGER NOT NULL REFERENCES station ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX station_key_of ON station_key (station);
CREATE TABLE station_channel (
    station INTEGER NOT NULL REFERENCES station ON DELETE CASCADE, name TEXT NOT NULL,
    thing INTEGER NOT NULL REFERENCES thing ON DELETE CASCADE, PRIMARY KEY (station, name)
) STRICT, WITHOUT ROWID;
-- What arrived last, as it arrived but for credentials and what names a device.
CREATE TABLE station_payload (
    id INTEGER PRIMARY KEY, station INTEGER NOT NULL REFERENCES station ON DELETE CASCADE, at INTEGER NOT NULL, door TEXT NOT NULL,
    payload BLOB NOT NULL
) STRICT;
CREATE INDEX station_payload_of ON station_payload (station, id);
-- What a device told of its own topics (ESPHome's discovery), so that a restart forgets no unit.
CREATE TABLE station_learned (
    station INTEGER NOT NULL REFERENCES station ON DELETE CASCADE, topic TEXT NOT NULL, what TEXT NOT NULL, PRIMARY KEY (station, topic)
) STRICT, WITHOUT ROWID;
";

/// From version 8 to 9: files that were handed in to stations, and feeds that are fetched.
const FEEDS: &str = "
CREATE TABLE station_file (
    id INTEGER PRIMARY KEY, station INTEGER NOT NULL REFERENCES station ON DELETE CASCADE, at INTEGER NOT NULL, source TEXT NOT NULL,
    kind TEXT NOT NULL, bytes INTEGER NOT NULL, state TEXT NOT NULL, report TEXT NOT NULL
) STRICT;
CREATE INDEX station_file_of ON station_file (station, id);
CREATE TABLE feed (
    name TEXT PRIMARY KEY, station INTEGER REFERENCES station ON DELETE SET NULL, state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_station ON feed (station);
";

/// Opens the file, creates the tables if it is new, and brings those of an older version up to this one.
pub(super) fn open(path: &Path) -> Result<Connection, Error> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // Deleted rows are overwritten: a name must not survive in a free page. The pragma answers with its value.
    connection.pragma_update_and_check(None, "secure_delete", "ON", |_| Ok(()))?;
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = change.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))?;
    if !(0..=VERSION).contains(&found) {
        let what = format!("it has version {found}, this hub knows version {VERSION}; start the newer hub that made it");
        return Err(Error::Damaged { file: path.display().to_string(), what });
    }
    if found < 1 {
        change.execute_batch(TABLES)?;
    }
    if found < 2 {
        change.execute_batch(CLASSROOM)?;
        give_tokens(&change)?;
        // Not before every lesson has its own.
        change.execute_batch("CREATE UNIQUE INDEX join_token ON lesson (token)")?;
    }
    if found < 3 {
        add_missing(&change, &SEATS)?;
        change.execute_batch(COUNT_NAMES)?;
    }
    if found < 4 {
        change.execute_batch(SHELF)?;
    }
    if found < 5 {
        change.execute_batch(RELEASES)?;
    }
    if found < 6 {
        add_missing(&change, &OFFERS)?;
    }
    if found < 7 {
        change.execute_batch(SKY)?;
    }
    if found < 8 {
        change.execute_batch(STATIONS)?;
    }
    if found < 9 {
        change.execute_batch(FEEDS)?;
    }
    if found < VERSION {
        change.pragma_update(None, "user_version", VERSION)?;
    }
    change.commit()?;
    Ok(connection)
}

/// Adds the columns that are not there.
fn add_missing(change: &Transaction<'_>, columns: &[(&str, &str, &str)]) -> Result<(), Error> {
    for (table, column, kind) in columns {
        let there = "SELECT EXISTS (SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2)";
        if !change.query_row(there, [table, column], |row| row.get::<_, bool>(0))? {
            change.execute_batch(&format!("ALTER TABLE {table} ADD COLUMN {column} {kind}"))?;
        }
    }
    Ok(())
}

/// Each lesson of version 1 gets the join token it would have been made with: 128 random bits.
fn give_tokens(change: &Transaction<'_>) -> Result<(), Error> {
    let lessons = change.prepare("SELECT id FROM lesson")?.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    for lesson in lessons {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
        change.execute("UPDATE lesson SET token = ?2 WHERE id = ?1", params![lesson, URL_SAFE_NO_PAD.encode(bytes)])?;
    }
    Ok(())
}
