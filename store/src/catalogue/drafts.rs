//! Templates that somebody is writing in the editor. A draft may be wrong in any way: it is kept as it was sent, and nothing here
//! looks into it.

use messwerk_lessons::Micros;
use rusqlite::{OptionalExtension, Row, params};

use super::{Catalogue, Conflict, found, id_at, key};
use crate::Error;

/// The most drafts there are at a time; those that were thrown away count until they are forgotten.
const MOST: u32 = 200;

/// A draft as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id: random.
    pub id: u64,
    /// What it is called in the list.
    pub title: String,
    /// When it was begun, hub time.
    pub made: Micros,
    /// When it was saved last; grows with each time.
    pub changed: Micros,
    /// When it was thrown away, if it was.
    pub removed: Option<Micros>,
}

impl Catalogue {
    /// Stores a new draft. Fails with [`Conflict::DraftsFull`] if there are very many.
    pub fn add_draft(&self, draft: &Draft, bundle: &[u8]) -> Result<(), Error> {
        let added = self.connection().execute(
            "INSERT INTO draft (id, title, made, changed, removed, bundle)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE (SELECT count(*) FROM draft) < ?7",
            params![key(draft.id), draft.title, draft.made, draft.changed, draft.removed, bundle, MOST],
        )?;
        if added == 0 { Err(Error::Conflict(Conflict::DraftsFull)) } else { Ok(()) }
    }

    /// Every draft, thrown away or not, the one saved last first.
    pub fn drafts(&self) -> Result<Vec<Draft>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT id, title, made, changed, removed FROM draft ORDER BY changed DESC, id")?;
        let drafts = statement.query_map([], draft_of)?.collect::<Result<_, _>>()?;
        Ok(drafts)
    }

    /// A draft with what was saved.
    pub fn draft(&self, id: u64) -> Result<Option<(Draft, Vec<u8>)>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT id, title, made, changed, removed, bundle FROM draft WHERE id = ?1")?;
        Ok(statement.query_row([key(id)], |row| Ok((draft_of(row)?, row.get(5)?))).optional()?)
    }

    /// Saves a draft that was last saved at `before`, and says when it was saved now. Fails with [`Conflict::DraftChanged`] if
    /// somebody else has saved it since: nothing is overwritten unseen.
    pub fn save_draft(&self, id: u64, before: Micros, title: &str, bundle: &[u8], now: Micros) -> Result<Micros, Error> {
        let now = now.max(before.saturating_add(1));
        let sql = "UPDATE draft SET title = ?3, bundle = ?4, changed = ?5, removed = NULL WHERE id = ?1 AND changed = ?2";
        if self.connection().execute(sql, params![key(id), before, title, bundle, now])? > 0 {
            return Ok(now);
        }
        match self.draft(id)? {
            Some(_) => Err(Error::Conflict(Conflict::DraftChanged)),
            None => Err(missing(id)),
        }
    }

    /// Throws a draft away (`Some(when)`), or gets it back.
    pub fn remove_draft(&self, id: u64, at: Option<Micros>) -> Result<(), Error> {
        let changed = self.connection().execute("UPDATE draft SET removed = ?2 WHERE id = ?1", params![key(id), at])?;
        found(changed, || missing(id).to_string())
    }

    /// Forgets drafts that were thrown away before `before`; how many they were.
    pub fn forget_drafts(&self, before: Micros) -> Result<usize, Error> {
        Ok(self.connection().execute("DELETE FROM draft WHERE removed < ?1", [before])?)
    }
}

fn missing(id: u64) -> Error {
    Error::NotFound(format!("there is no draft {id:016x}"))
}

fn draft_of(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft { id: id_at(row, 0)?, title: row.get(1)?, made: row.get(2)?, changed: row.get(3)?, removed: row.get(4)? })
}
