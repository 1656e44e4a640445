//! Versions of templates by the SHA-256 of their files: those on the shelf, and those that a lesson was made with. A lesson
//! goes on with the very one it was made with, whatever the shelf or a newer program has under the same name.
//!
//! What a template says is about nobody: it is kept until somebody takes it off the shelf and no lesson uses it.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use messwerk_lessons::Micros;
use messwerk_lessons::bundle::Bundle;
use messwerk_lessons::template::{self, Template};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Catalogue, Lesson, found};
use crate::Error;
use crate::sync::lock;

/// Read templates that are kept in memory: more than a school's shelf has. Beyond it all are read again.
const READ: usize = 256;

/// The SHA-256 of a template's files; written as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateHash(pub [u8; 32]);

impl fmt::Display for TemplateHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for TemplateHash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no template's SHA-256: 64 hexadecimal digits");
        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(wrong());
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        Ok(Self(hash))
    }
}

impl ToSql for TemplateHash {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(&self.0)))
    }
}

impl FromSql for TemplateHash {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_blob()?.try_into().map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

/// Where a version came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It comes with the program; kept because a lesson uses it.
    Builtin,
    /// It was made here.
    Made,
    /// It was imported.
    Imported,
}

impl Origin {
    /// Its name in the catalogue and in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Builtin => "builtin",
            Self::Made => "made",
            Self::Imported => "imported",
        }
    }

    fn of(name: &str) -> Self {
        match name {
            "made" => Self::Made,
            "imported" => Self::Imported,
            _ => Self::Builtin,
        }
    }
}

/// A version as the shelf lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfEntry {
    /// SHA-256 of its files.
    pub hash: TemplateHash,
    /// The template's id: `pendulum`.
    pub id: String,
    /// Its version: `1.0.0`.
    pub version: String,
    /// Where it came from.
    pub origin: Origin,
    /// When it came, hub time.
    pub published: Micros,
    /// When it was taken off the shelf, if it was.
    pub withdrawn: Option<Micros>,
}

const ENTRY: &str = "SELECT hash, id, version, source, published, withdrawn FROM template";

/// Templates that were read, by their hash.
pub(super) type ReadTemplates = Mutex<HashMap<TemplateHash, Arc<Template>>>;

impl Catalogue {
    /// Stores a version, or puts the same one back on the shelf. A built-in one that is there already stays what it is.
    pub fn add_template(&self, entry: &ShelfEntry, bundle: &[u8]) -> Result<(), Error> {
        insert(&self.connection(), entry, bundle)
    }

    /// Stores a new lesson with a built-in template's files, in one step: none that a lesson was made with is ever missing.
    pub fn add_lesson_with(&self, lesson: &Lesson, entry: &ShelfEntry, bundle: &[u8]) -> Result<(), Error> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        insert(&change, entry, bundle)?;
        super::lessons::insert(&change, lesson)?;
        change.commit()?;
        Ok(())
    }

    /// What the shelf has and had, without what only a lesson keeps: by id, the newest first.
    pub fn shelf(&self) -> Result<Vec<ShelfEntry>, Error> {
        let connection = self.connection();
        let sql = format!("{ENTRY} WHERE source <> 'builtin' ORDER BY id, published DESC, hash");
        let mut statement = connection.prepare_cached(&sql)?;
        let entries = statement.query_map([], entry_of)?.collect::<Result<_, _>>()?;
        Ok(entries)
    }

    /// A version, wherever it came from.
    pub fn template_entry(&self, hash: TemplateHash) -> Result<Option<ShelfEntry>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{ENTRY} WHERE hash = ?1"))?;
        Ok(statement.query_row([hash], entry_of).optional()?)
    }

    /// The files of a version, as they were stored.
    pub fn template_bundle(&self, hash: TemplateHash) -> Result<Option<Vec<u8>>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT bundle FROM template WHERE hash = ?1")?;
        Ok(statement.query_row([hash], |row| row.get(0)).optional()?)
    }

    /// Takes a version off the shelf (`Some(when)`), or puts it back. Lessons made with it keep it.
    pub fn withdraw_template(&self, hash: TemplateHash, at: Option<Micros>) -> Result<(), Error> {
        let sql = "UPDATE template SET withdrawn = ?2 WHERE hash = ?1 AND source <> 'builtin'";
        let changed = self.connection().execute(sql, params![hash, at])?;
        found(changed, || format!("there is no template {hash} on the shelf"))
    }

    /// Forgets versions that no lesson uses: built-in ones at once, others that were taken off the shelf before `before`. How
    /// many they were.
    pub fn forget_templates(&self, before: Micros) -> Result<usize, Error> {
        let sql = "DELETE FROM template WHERE (source = 'builtin' OR withdrawn < ?1)
                   AND NOT EXISTS (SELECT 1 FROM lesson WHERE lesson.template_hash = template.hash)";
        Ok(self.connection().execute(sql, [before])?)
    }

    /// The very template that a lesson was made with. One that was made before lessons kept theirs has the built-in one of its
    /// name. Fails if the template is not there, or is one that this program cannot read.
    pub fn template_of(&self, lesson: &Lesson) -> Result<Arc<Template>, Error> {
        match lesson.template_hash {
            Some(hash) => self.template(hash),
            None => builtin(&lesson.template),
        }
    }

    /// The template of a stored version, read once and kept in memory.
    pub fn template(&self, hash: TemplateHash) -> Result<Arc<Template>, Error> {
        if let Some(known) = lock(&self.templates).get(&hash) {
            return Ok(Arc::clone(known));
        }
        let bundle = self.template_bundle(hash)?.ok_or_else(|| Error::NotFound(format!("there is no template {hash}")))?;
        let template = Arc::new(read(&bundle).map_err(|what| Error::Damaged { file: format!("template {hash}"), what })?);
        let mut templates = lock(&self.templates);
        if templates.len() >= READ {
            templates.clear();
        }
        templates.insert(hash, Arc::clone(&template));
        Ok(template)
    }
}

/// Stores a version, if it is not there.
fn insert(connection: &Connection, entry: &ShelfEntry, bundle: &[u8]) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO template (hash, id, version, source, published, withdrawn, bundle) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (hash) DO UPDATE SET source = excluded.source, published = excluded.published, withdrawn = excluded.withdrawn
         WHERE excluded.source <> 'builtin'",
        params![entry.hash, entry.id, entry.version, entry.origin.name(), entry.published, entry.withdrawn, bundle],
    )?;
    Ok(())
}

/// The built-in template of a name.
fn builtin(name: &str) -> Result<Arc<Template>, Error> {
    use std::sync::LazyLock;
    static BUILTINS: LazyLock<HashMap<String, Arc<Template>>> =
        LazyLock::new(|| template::builtins().iter().map(|template| (template.id.clone(), Arc::new(template.clone()))).collect());
    BUILTINS.get(name).cloned().ok_or_else(|| Error::NotFound(format!("this hub has no template '{name}'; update it")))
}

/// A template from the bytes that were stored: a zip file.
fn read(bundle: &[u8]) -> Result<Template, String> {
    let bundle = Bundle::from_zip(bundle).map_err(|error| error.to_string())?;
    bundle.template().map_err(|error| format!("{error}; start the program that it was stored with, or a newer one"))
}

fn entry_of(row: &Row<'_>) -> rusqlite::Result<ShelfEntry> {
    Ok(ShelfEntry {
        hash: row.get(0)?,
        id: row.get(1)?,
        version: row.get(2)?,
        origin: Origin::of(&row.get::<_, String>(3)?),
        published: row.get(4)?,
        withdrawn: row.get(5)?,
    })
}
