//! Releases: what this hub's teachers shared, what came from other hubs, and what was withdrawn.
//!
//! A Release is kept as its signed file; what it says stands there and nowhere else. Beside one's own lies, as long as the lesson
//! does, under salted hashes of which results it was made, so that a later one cannot tell of single groups by what has changed.

mod foreign;
mod sources;

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

pub use foreign::ForeignRelease;
pub use sources::{Source, Subscription};

use super::{Catalogue, found, is_lesson, key};
use crate::Error;

/// One's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRelease {
    /// Its id.
    pub id: String,
    /// Of which lesson; `None` once that is erased.
    pub lesson: Option<LessonId>,
    /// When.
    pub made: Micros,
    /// Whether it is in the catalogue for everybody, or is handed on as a file only.
    pub public: bool,
    /// When somebody first had it: fetched, or downloaded to be handed on.
    pub given: Option<Micros>,
    /// The signed file.
    pub file: Vec<u8>,
}

/// Of which results a Release was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseSet {
    /// The Release.
    pub release: String,
    /// Its k.
    pub k: u32,
    /// Whether it was withdrawn after somebody had it: who did still knows its numbers.
    pub withdrawn: bool,
    /// What the hashes were made with.
    pub salt: Vec<u8>,
    /// The hashes, one behind the other, each of [`MEMBER`] bytes.
    pub members: Vec<u8>,
}

/// Bytes of a member's hash.
pub const MEMBER: usize = 16;

/// A signed word that a Release is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Which Release.
    pub release: String,
    /// Whose: the public key that signed it.
    pub key: String,
    /// What was signed.
    pub statement: String,
    /// The signature.
    pub signature: String,
    /// When this hub learned of it.
    pub at: Micros,
    /// Whether this hub's teacher said it.
    pub own: bool,
}

const OWN: &str = "SELECT id, lesson, made, public, given, file FROM release";

fn own(row: &Row<'_>) -> rusqlite::Result<OwnRelease> {
    let lesson = row.get::<_, Option<i64>>(1)?.map(|lesson| LessonId(lesson.cast_unsigned()));
    Ok(OwnRelease { id: row.get(0)?, lesson, made: row.get(2)?, public: row.get(3)?, given: row.get(4)?, file: row.get(5)? })
}

fn sets(connection: &Connection, lesson: LessonId) -> Result<Vec<ReleaseSet>, Error> {
    let mut statement = connection.prepare_cached("SELECT release, k, withdrawn, salt, members FROM release_set WHERE lesson = ?1")?;
    let rows = statement.query_map([key(lesson.0)], |row| {
        Ok(ReleaseSet { release: row.get(0)?, k: row.get(1)?, withdrawn: row.get(2)?, salt: row.get(3)?, members: row.get(4)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Catalogue {
    /// Of which results the lesson's Releases are, and those of withdrawn ones that somebody had.
    pub fn release_sets(&self, lesson: LessonId) -> Result<Vec<ReleaseSet>, Error> {
        sets(&self.connection(), lesson)
    }

    /// Keeps a Release of a lesson, unless `refused` finds something against it in the lesson's earlier ones. Between its look
    /// and the change nobody adds another.
    pub fn add_release<R>(
        &self,
        lesson: LessonId,
        release: &OwnRelease,
        set: &ReleaseSet,
        refused: impl FnOnce(&[ReleaseSet]) -> Option<R>,
    ) -> Result<Option<R>, Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        is_lesson(&change, lesson)?;
        if let Some(reason) = refused(&sets(&change, lesson)?) {
            return Ok(Some(reason));
        }
        change.execute(
            "INSERT INTO release (id, lesson, made, public, given, file) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![release.id, key(lesson.0), release.made, release.public, release.given, release.file],
        )?;
        change.execute(
            "INSERT INTO release_set (release, lesson, k, withdrawn, salt, members) VALUES (?1, ?2, ?3, 0, ?4, ?5)",
            params![release.id, key(lesson.0), set.k, set.salt, set.members],
        )?;
        change.commit()?;
        Ok(None)
    }

    /// One's own Releases, the newest first.
    pub fn releases(&self) -> Result<Vec<OwnRelease>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{OWN} ORDER BY made DESC, id"))?;
        let rows = statement.query_map([], own)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One's own Release of an id.
    pub fn release(&self, id: &str) -> Result<Option<OwnRelease>, Error> {
        Ok(self.connection().prepare_cached(&format!("{OWN} WHERE id = ?1"))?.query_row([id], own).optional()?)
    }

    /// Notes that somebody has a Release now. False if it is not here any more: then nobody may be given what was read before.
    pub fn give_release(&self, id: &str, at: Micros) -> Result<bool, Error> {
        let connection = self.connection();
        // Most know it already: no change then.
        connection.execute("UPDATE release SET given = ?2 WHERE id = ?1 AND given IS NULL", params![id, at])?;
        Ok(connection.query_row("SELECT EXISTS (SELECT 1 FROM release WHERE id = ?1)", [id], |row| row.get(0))?)
    }

    /// Withdraws one's own Release: its file goes. Whether somebody had it decides what stays: its tombstone (made by `bury`) and, as
    /// long as the lesson is there, of which results it was; else nothing. True if there is a tombstone.
    pub fn withdraw_release(&self, id: &str, bury: impl FnOnce() -> Tombstone) -> Result<bool, Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let given = "SELECT given IS NOT NULL FROM release WHERE id = ?1";
        let given = change.query_row(given, [id], |row| row.get::<_, bool>(0)).optional()?;
        let given = given.ok_or_else(|| Error::NotFound(format!("there is no release {id} of this hub")))?;
        change.execute("DELETE FROM release WHERE id = ?1", [id])?;
        if given {
            insert(&change, &bury())?;
            change.execute("UPDATE release_set SET withdrawn = 1 WHERE release = ?1", [id])?;
        } else {
            change.execute("DELETE FROM release_set WHERE release = ?1", [id])?;
        }
        change.commit()?;
        Ok(given)
    }

    /// All tombstones; one's own only with `own`, the newest first.
    pub fn tombstones(&self, own: bool) -> Result<Vec<Tombstone>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT release, signer, statement, signature, at, own FROM tombstone WHERE own OR NOT ?1 ORDER BY at DESC, release",
        )?;
        let rows = statement.query_map([own], |row| {
            Ok(Tombstone {
                release: row.get(0)?,
                key: row.get(1)?,
                statement: row.get(2)?,
                signature: row.get(3)?,
                at: row.get(4)?,
                own: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a key's owner has withdrawn a Release.
    pub fn is_withdrawn(&self, release: &str, signer: &str) -> Result<bool, Error> {
        let there = "SELECT EXISTS (SELECT 1 FROM tombstone WHERE release = ?1 AND signer = ?2)";
        Ok(self.connection().prepare_cached(there)?.query_row([release, signer], |row| row.get(0))?)
    }

    /// Whether anybody has withdrawn a Release of this id, as far as is known here: of one that is not here any more.
    pub fn is_buried(&self, release: &str) -> Result<bool, Error> {
        let there = "SELECT EXISTS (SELECT 1 FROM tombstone WHERE release = ?1)";
        Ok(self.connection().prepare_cached(there)?.query_row([release], |row| row.get(0))?)
    }

    /// Keeps another hub's tombstone; the Release goes, if it is here. True if this was news.
    pub fn bury(&self, tombstone: &Tombstone) -> Result<bool, Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let new = insert(&change, tombstone)?;
        change.execute("DELETE FROM foreign_release WHERE id = ?1 AND signer = ?2", [&tombstone.release, &tombstone.key])?;
        change.commit()?;
        Ok(new)
    }
}

fn insert(change: &Connection, tombstone: &Tombstone) -> Result<bool, Error> {
    let Tombstone { release, key, statement, signature, at, own } = tombstone;
    let changed = change.execute(
        "INSERT OR IGNORE INTO tombstone (release, signer, statement, signature, at, own) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![release, key, statement, signature, at, own],
    )?;
    Ok(changed > 0)
}
