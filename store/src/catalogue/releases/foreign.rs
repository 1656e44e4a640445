//! Releases of other hubs.

use super::{Catalogue, Error, Micros, OptionalExtension, Row, TransactionBehavior, found, params};

/// Another hub's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignRelease {
    /// Its id.
    pub id: String,
    /// The public key that signed it.
    pub key: String,
    /// The subscription it came by; `None` for a file.
    pub subscription: Option<String>,
    /// When it came.
    pub came: Micros,
    /// Whether it is compared with: its source is known, or a teacher said so.
    pub used: bool,
    /// The signed file.
    pub file: Vec<u8>,
}

/// Most Releases of other hubs: a hundred schools with fifty each.
pub(super) const MOST_FOREIGN: u32 = 5_000;
/// Most bytes of them: with 4 kB a file those are 20 MB, and whoever sends larger ones takes nobody's memory.
const LARGEST_FOREIGN: i64 = 64 << 20;

const FOREIGN: &str = "SELECT id, signer, subscription, came, used, file FROM foreign_release";

fn foreign(row: &Row<'_>) -> rusqlite::Result<ForeignRelease> {
    let subscription = row.get(2)?;
    Ok(ForeignRelease { id: row.get(0)?, key: row.get(1)?, subscription, came: row.get(3)?, used: row.get(4)?, file: row.get(5)? })
}

impl Catalogue {
    /// Keeps another hub's Release. False, and nothing changes, if there are 5,000 or 64 MiB already or one of the id is here.
    pub fn add_foreign_release(&self, release: &ForeignRelease) -> Result<bool, Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let all = "SELECT count(*), coalesce(sum(length(file)), 0) FROM foreign_release";
        let (there, bytes): (u32, i64) = change.query_row(all, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if there >= MOST_FOREIGN || bytes.saturating_add_unsigned(release.file.len() as u64) > LARGEST_FOREIGN {
            return Ok(false);
        }
        let ForeignRelease { id, key, subscription, came, used, file } = release;
        let added = change.execute(
            "INSERT OR IGNORE INTO foreign_release (id, signer, subscription, came, used, file) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id, key, subscription, came, used, file],
        )?;
        change.commit()?;
        Ok(added > 0)
    }

    /// Other hubs' Releases, the newest first.
    pub fn foreign_releases(&self) -> Result<Vec<ForeignRelease>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{FOREIGN} ORDER BY came DESC, id"))?;
        let rows = statement.query_map([], foreign)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Another hub's Release of an id.
    pub fn foreign_release(&self, id: &str) -> Result<Option<ForeignRelease>, Error> {
        Ok(self.connection().prepare_cached(&format!("{FOREIGN} WHERE id = ?1"))?.query_row([id], foreign).optional()?)
    }

    /// Says whether one is compared with.
    pub fn use_foreign_release(&self, id: &str, used: bool) -> Result<(), Error> {
        let changed = self.connection().execute("UPDATE foreign_release SET used = ?2 WHERE id = ?1", params![id, used])?;
        found(changed, || format!("there is no release {id} of another hub here"))
    }

    /// Removes one from this hub. It comes again with its subscription, unless it was withdrawn.
    pub fn remove_foreign_release(&self, id: &str) -> Result<(), Error> {
        let changed = self.connection().execute("DELETE FROM foreign_release WHERE id = ?1", [id])?;
        found(changed, || format!("there is no release {id} of another hub here"))
    }
}
