//! Lessons, Takes, Things, channels, templates, accounts and the log, in one SQLite file (`catalogue.sqlite`, WAL mode, synchronous
//! FULL, secure_delete). Every change is durable when its function returns. A second process may open it beside a running
//! hub (`messwerk token create` does).
//!
//! Tokens are kept as SHA-256 only; the caller draws them and hands them out once. They carry 128 random bits, so a
//! fast hash is enough: there is nothing to guess from. The one exception is a lesson's join token ([`Lesson::token`]).

mod accounts;
mod channels;
mod drafts;
mod erasure;
mod feeds;
mod lessons;
mod log;
mod releases;
mod reserved;
mod schema;
mod sky;
mod stations;
mod takes;
mod templates;
mod things;

use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::sync::lock;
pub use accounts::{Role, Session};
pub use channels::Channel;
pub use drafts::Draft;
pub use feeds::{Feed, FileJob};
pub use lessons::Lesson;
pub use log::LogEntry;
pub use releases::{ForeignRelease, MEMBER, OwnRelease, ReleaseSet, Source, Subscription, Tombstone};
pub use sky::{ElementSet, School};
pub use stations::{Payload, Station};
pub use takes::Take;
pub use templates::{Origin, ShelfEntry, TemplateHash};
pub use things::{Namer, Thing};

/// The open catalogue; calls block for a few milliseconds at most.
#[derive(Debug)]
pub struct Catalogue {
    connection: Mutex<Connection>,
    templates: templates::ReadTemplates,
}

/// Why a right request does not fit: what [`Error::Conflict`] carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Conflict {
    /// A lesson has one open Take at most.
    #[error("a measurement is running already; stop it first")]
    TakeOpen,
    /// Nobody may join now.
    #[error("the lesson takes nobody in now: its lobby is locked. The teacher opens it")]
    LobbyLocked,
    /// As many Things as it has seats.
    #[error("the lesson is full; the teacher removes a device, or makes the next lesson with more seats")]
    LessonFull,
    /// Very many groups had this phone one after the other.
    #[error("very many groups have had this phone in this lesson; join with the code on the board")]
    SeatUsedUp,
    /// Very many templates are being written.
    #[error("there are very many drafts; delete some that nobody writes on any more")]
    DraftsFull,
    /// Two wrote on one draft.
    #[error("this draft was saved elsewhere since; load it again, or publish what you have under another id")]
    DraftChanged,
    /// Very many stations.
    #[error("there are as many stations as the hub keeps; remove one that nobody needs")]
    StationsFull,
    /// A station told of very many sensors.
    #[error("the station has told of as many sensors as the hub keeps of one; check which it should send")]
    ChannelsFull,
    /// Another station has this key.
    #[error("another station has this key already; each needs its own")]
    KeyTaken,
    /// It is over.
    #[error("the lesson has ended")]
    LessonEnded,
}

impl Catalogue {
    /// Opens or creates the catalogue of a data folder, without the hub's lock on it. Fails on a folder that cannot be
    /// written and on a catalogue made by a newer version. One of an older version is brought up to this one.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        crate::layout::make_private(directory).map_err(|error| crate::layout::refused(directory, &error))?;
        let connection = schema::open(&directory.join("catalogue.sqlite"))?;
        Ok(Self { connection: Mutex::new(connection), templates: Mutex::default() })
    }

    /// Cuts off SQLite's own log, in which deleted rows stand until then. In the file itself they are overwritten.
    pub fn tidy(&self) -> Result<(), Error> {
        self.connection().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        lock(&self.connection)
    }
}

/// What a lesson takes in now.
struct State {
    ended: Option<Micros>,
    lobby_open: bool,
    seats: u32,
}

/// A lesson that must be there.
fn is_lesson(connection: &Connection, lesson: LessonId) -> Result<State, Error> {
    let mut statement = connection.prepare_cached("SELECT ended, lobby_open, seats FROM lesson WHERE id = ?1")?;
    let state = |row: &Row<'_>| Ok(State { ended: row.get(0)?, lobby_open: row.get(1)?, seats: row.get(2)? });
    let state = statement.query_row([key(lesson.0)], state).optional()?;
    state.ok_or_else(|| Error::NotFound(format!("there is no lesson {lesson}")))
}

impl State {
    /// It has not ended.
    fn open(&self) -> Result<(), Error> {
        if self.ended.is_some() { Err(Error::Conflict(Conflict::LessonEnded)) } else { Ok(()) }
    }

    /// It takes one more Thing beside those that are there.
    fn takes(&self, there: u32) -> Result<(), Error> {
        self.open()?;
        match (self.lobby_open, there < self.seats) {
            (false, _) => Err(Error::Conflict(Conflict::LobbyLocked)),
            (_, false) => Err(Error::Conflict(Conflict::LessonFull)),
            _ => Ok(()),
        }
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

#[cfg(test)]
mod tests;
