//! Who may do what: tokens of roles, the teacher's password, and the sessions a login makes.

use messwerk_lessons::Micros;
use rusqlite::{OptionalExtension, TransactionBehavior, params};

use super::{Catalogue, found, hash};
use crate::Error;

/// What a token that is not a Thing's may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Makes lessons and reads everything of a class.
    Teacher,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
        }
    }
}

/// The role, in the table of tokens, of a secret that sets the password once.
const SETUP: &str = "setup";

/// A teacher's login, by the token in the cookie. How long it may be idle is the caller's rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// When the password was given.
    pub made: Micros,
    /// When it was last used, as far as [`Catalogue::see_session`] was told.
    pub seen: Micros,
    /// When it ends whatever happens.
    pub expires: Micros,
}

impl Catalogue {
    /// Remembers the hash of a new token for a role.
    pub fn add_token(&self, token: &str, role: Role, at: Micros) -> Result<(), Error> {
        self.connection().execute("INSERT INTO token (hash, role, made) VALUES (?1, ?2, ?3)", params![hash(token), role.name(), at])?;
        Ok(())
    }

    /// The role of a token.
    pub fn role(&self, token: &str) -> Result<Option<Role>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT role FROM token WHERE hash = ?1")?;
        let name: Option<String> = statement.query_row([hash(token)], |row| row.get(0)).optional()?;
        Ok(name.and_then(|name| (name == Role::Teacher.name()).then_some(Role::Teacher)))
    }

    /// Remembers the hash of a one-time secret that sets a password; the one before is forgotten.
    pub fn add_setup(&self, secret: &str, at: Micros) -> Result<(), Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute("DELETE FROM token WHERE role = ?1", [SETUP])?;
        change.execute("INSERT INTO token (hash, role, made) VALUES (?1, ?2, ?3)", params![hash(secret), SETUP, at])?;
        change.commit()?;
        Ok(())
    }

    /// When a one-time secret was made; `None` if there is no such one, or it was used.
    pub fn setup_made(&self, secret: &str) -> Result<Option<Micros>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT made FROM token WHERE hash = ?1 AND role = ?2")?;
        Ok(statement.query_row(params![hash(secret), SETUP], |row| row.get(0)).optional()?)
    }

    /// Uses a one-time secret up; false if somebody else has.
    pub fn use_setup(&self, secret: &str) -> Result<bool, Error> {
        Ok(self.connection().execute("DELETE FROM token WHERE hash = ?1 AND role = ?2", params![hash(secret), SETUP])? > 0)
    }

    /// Sets the teacher's password, as a hash that is slow to guess from (argon2id); the caller makes it. The sessions of
    /// before go on; [`Self::end_sessions`] ends them.
    pub fn set_password(&self, hash: &str, at: Micros) -> Result<(), Error> {
        self.connection().execute(
            "INSERT INTO password (only, hash, made) VALUES (1, ?1, ?2)
             ON CONFLICT (only) DO UPDATE SET hash = excluded.hash, made = excluded.made",
            params![hash, at],
        )?;
        Ok(())
    }

    /// The password's hash, if one was set.
    pub fn password(&self) -> Result<Option<String>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT hash FROM password")?;
        Ok(statement.query_row([], |row| row.get(0)).optional()?)
    }

    /// Remembers the hash of a new session's token.
    pub fn add_session(&self, token: &str, now: Micros, expires: Micros) -> Result<(), Error> {
        self.connection()
            .execute("INSERT INTO session (hash, made, seen, expires) VALUES (?1, ?2, ?2, ?3)", params![hash(token), now, expires])?;
        Ok(())
    }

    /// The session of a token, as stored: whether it has expired, the caller decides.
    pub fn session(&self, token: &str) -> Result<Option<Session>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT made, seen, expires FROM session WHERE hash = ?1")?;
        let session = |row: &rusqlite::Row<'_>| Ok(Session { made: row.get(0)?, seen: row.get(1)?, expires: row.get(2)? });
        Ok(statement.query_row([hash(token)], session).optional()?)
    }

    /// Notes that a session was used. It costs a flush: call it each minute, not with each request.
    pub fn see_session(&self, token: &str, now: Micros) -> Result<(), Error> {
        let changed = self.connection().execute("UPDATE session SET seen = max(seen, ?2) WHERE hash = ?1", params![hash(token), now])?;
        found(changed, || "this login has ended; sign in again".to_owned())
    }

    /// Ends a session; one that is not there has ended already.
    pub fn end_session(&self, token: &str) -> Result<(), Error> {
        self.connection().execute("DELETE FROM session WHERE hash = ?1", [hash(token)])?;
        Ok(())
    }

    /// Ends all sessions: signing out everywhere, and after a new password.
    pub fn end_sessions(&self) -> Result<(), Error> {
        self.connection().execute("DELETE FROM session", [])?;
        Ok(())
    }

    /// Forgets sessions that expired before `now`, or were last used before `seen`.
    pub fn forget_sessions(&self, now: Micros, seen: Micros) -> Result<usize, Error> {
        Ok(self.connection().execute("DELETE FROM session WHERE expires <= ?1 OR seen < ?2", params![now, seen])?)
    }
}
