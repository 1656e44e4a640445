//! Lessons: who may join, what their boards show, when they end and how long they are kept.

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::{Catalogue, TemplateHash, found, id_at, key};
use crate::Error;

/// A class's sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Its id.
    pub id: LessonId,
    /// The template's id.
    pub template: String,
    /// Which version of it, by its files; `None` of a lesson that was made before lessons kept theirs.
    pub template_hash: Option<TemplateHash>,
    /// The join code as typed.
    pub code: String,
    /// When it was made.
    pub created: Micros,
    /// When it ended, if it did.
    pub ended: Option<Micros>,
    /// The join token of 22 characters that the QR carries. Kept as it is, because the QR is drawn again for every board;
    /// it opens nothing but the lobby of this lesson while that is open.
    pub token: String,
    /// Made on the console: readings are kept only inside Takes. Otherwise ("free") it records from creation to its end.
    pub led: bool,
    /// Whether phones may join.
    pub lobby_open: bool,
    /// Boards show what was there then.
    pub frozen: Option<Micros>,
    /// The most Things in it at a time.
    pub seats: u32,
    /// How finely places are told, if the template asks and the teacher confirmed: `relative`, `grid` or `precise`.
    pub location: Option<String>,
    /// Until when the teacher keeps it; `None` for the hub's default after the end.
    pub kept_until: Option<Micros>,
}

impl Lesson {
    /// Seats of a lesson that does not say how many it wants.
    pub const SEATS: u32 = 250;

    /// A free lesson that has just been made: it records at once, and its lobby is open.
    pub fn free(id: LessonId, template: impl Into<String>, code: impl Into<String>, token: impl Into<String>, created: Micros) -> Self {
        Self {
            id,
            template: template.into(),
            template_hash: None,
            code: code.into(),
            created,
            ended: None,
            token: token.into(),
            led: false,
            lobby_open: true,
            frozen: None,
            seats: Self::SEATS,
            location: None,
            kept_until: None,
        }
    }
}

const LESSON: &str = "SELECT id, template, code, created, ended, token, led, lobby_open, frozen, seats, location, kept_until, \
     template_hash FROM lesson";

impl Catalogue {
    /// Stores a new lesson. Fails with a constraint error if its id, its token, or an open lesson's code, is taken.
    pub fn add_lesson(&self, lesson: &Lesson) -> Result<(), Error> {
        insert(&self.connection(), lesson)
    }

    fn one_lesson(&self, condition: &str, parameter: impl ToSql) -> Result<Option<Lesson>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("{LESSON} WHERE {condition}"))?;
        Ok(statement.query_row([parameter], lesson_of).optional()?)
    }

    /// A lesson.
    pub fn lesson(&self, id: LessonId) -> Result<Option<Lesson>, Error> {
        self.one_lesson("id = ?1", key(id.0))
    }

    /// The open lesson with this join code.
    pub fn lesson_by_code(&self, code: &str) -> Result<Option<Lesson>, Error> {
        self.one_lesson("code = ?1 AND ended IS NULL", code)
    }

    /// The open lesson with this join token.
    pub fn lesson_by_token(&self, token: &str) -> Result<Option<Lesson>, Error> {
        self.one_lesson("token = ?1 AND ended IS NULL", token)
    }

    /// All lessons, newest first. The logs of stations are none.
    pub fn lessons(&self) -> Result<Vec<Lesson>, Error> {
        let connection = self.connection();
        let of_classes = "WHERE id NOT IN (SELECT log FROM station)";
        let mut statement = connection.prepare_cached(&format!("{LESSON} {of_classes} ORDER BY created DESC, id"))?;
        let lessons = statement.query_map([], lesson_of)?.collect::<Result<_, _>>()?;
        Ok(lessons)
    }

    /// Ends a lesson; its code is free again and it records no more. Ending it once more changes nothing.
    pub fn end_lesson(&self, id: LessonId, at: Micros) -> Result<(), Error> {
        self.change_lesson(id, "ended = coalesce(ended, ?2)", at)
    }

    /// Opens or locks the lobby. A locked one takes no new Things; those in it go on.
    pub fn set_lobby(&self, id: LessonId, open: bool) -> Result<(), Error> {
        self.change_lesson(id, "lobby_open = ?2", open)
    }

    /// Freezes the boards as of a moment, or lets them go on.
    pub fn set_frozen(&self, id: LessonId, at: Option<Micros>) -> Result<(), Error> {
        self.change_lesson(id, "frozen = ?2", at)
    }

    /// Sets how finely places are told, or that they are not (`None`). The caller knows the modes.
    pub fn set_location(&self, id: LessonId, mode: Option<&str>) -> Result<(), Error> {
        self.change_lesson(id, "location = ?2", mode)
    }

    /// Keeps a lesson until a moment, or for as long as the hub does by default.
    pub fn keep_until(&self, id: LessonId, until: Option<Micros>) -> Result<(), Error> {
        self.change_lesson(id, "kept_until = ?2", until)
    }

    fn change_lesson(&self, id: LessonId, what: &str, value: impl ToSql) -> Result<(), Error> {
        let changed = self.connection().execute(&format!("UPDATE lesson SET {what} WHERE id = ?1"), params![key(id.0), value])?;
        found(changed, || format!("there is no lesson {id}"))
    }
}

/// Stores a new lesson.
pub(super) fn insert(connection: &Connection, lesson: &Lesson) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO lesson (id, template, code, created, ended, token, led, lobby_open, frozen, seats, location, kept_until, template_hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            key(lesson.id.0),
            lesson.template,
            lesson.code,
            lesson.created,
            lesson.ended,
            lesson.token,
            lesson.led,
            lesson.lobby_open,
            lesson.frozen,
            lesson.seats,
            lesson.location,
            lesson.kept_until,
            lesson.template_hash
        ],
    )?;
    Ok(())
}

fn lesson_of(row: &Row<'_>) -> rusqlite::Result<Lesson> {
    Ok(Lesson {
        id: LessonId(id_at(row, 0)?),
        template: row.get(1)?,
        code: row.get(2)?,
        created: row.get(3)?,
        ended: row.get(4)?,
        token: row.get(5)?,
        led: row.get(6)?,
        lobby_open: row.get(7)?,
        frozen: row.get(8)?,
        seats: row.get(9)?,
        location: row.get(10)?,
        kept_until: row.get(11)?,
        template_hash: row.get(12)?,
    })
}
