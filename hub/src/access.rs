//! Who may come in: tokens of Things and teachers, and the open realm's principals.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use async_trait::async_trait;
use messwerk_ingest::admission::{Admission, Login, Refusal, ThingAccess};
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{self, Template};
use messwerk_store::catalogue::{Lesson, Role};
use messwerk_store::{Error, Store};

use crate::config::RealmPrincipal;
use crate::mint;

/// The rate above which a stream is thinned when the template says nothing: phones report 100 to 200 readings a second,
/// and one wrong setting (10 kHz) must not fill a school's disk.
const DEFAULT_MAX_HZ: f32 = 200.0;

/// Tokens remembered at most: more Things than a school has, some 30 MB. Beyond it those of ended lessons are forgotten
/// first, then all; that costs a look-up each.
const REMEMBERED: usize = 50_000;

/// What somebody with a bearer token is.
#[derive(Debug, Clone, PartialEq)]
pub enum Bearer {
    /// A teacher.
    Teacher,
    /// A Thing.
    Thing(Arc<ThingAccess>),
}

/// Answers the doors from the catalogue, with what it learned kept in memory: a login is one look-up.
pub struct Access {
    store: Arc<Store>,
    realm: Vec<RealmPrincipal>,
    things: RwLock<Remembered>,
}

/// What was learned from the catalogue.
#[derive(Default)]
struct Remembered {
    things: HashMap<String, Arc<ThingAccess>>,
    /// Counts the times something was forgotten: what was read from the catalogue before that is not remembered after it.
    forgotten: u64,
}

impl Access {
    /// Rules over a store's catalogue.
    pub fn new(store: Arc<Store>, realm: Vec<RealmPrincipal>) -> Self {
        Self { store, realm, things: RwLock::default() }
    }

    /// What a bearer token opens; `None` if the hub does not know it.
    pub fn bearer(&self, token: &str) -> Result<Option<Bearer>, Error> {
        if !mint::is_token(token) {
            return Ok(None);
        }
        if let Some(access) = self.known(token) {
            return Ok(Some(Bearer::Thing(access)));
        }
        if self.is_teacher(token)? {
            return Ok(Some(Bearer::Teacher));
        }
        Ok(self.look_up(token)?.map(Bearer::Thing))
    }

    /// Whether a token is a teacher's. Asked of the catalogue every time, because another process may have made it.
    fn is_teacher(&self, token: &str) -> Result<bool, Error> {
        Ok(self.store.catalogue().role(token)? == Some(Role::Teacher))
    }

    fn known(&self, token: &str) -> Option<Arc<ThingAccess>> {
        self.reading().things.get(token).cloned()
    }

    /// Looks a token up in the catalogue and remembers it; also for one just handed out, so that its first packet needs
    /// no look-up. Blocks for a moment.
    pub fn look_up(&self, token: &str) -> Result<Option<Arc<ThingAccess>>, Error> {
        let catalogue = self.store.catalogue();
        loop {
            let forgotten = self.reading().forgotten;
            let Some(thing) = catalogue.thing_by_token(token)? else { return Ok(None) };
            let Some(lesson) = catalogue.lesson(thing.lesson)? else { return Ok(None) };
            let access = Arc::new(thing_access(&lesson, thing.id));
            if self.remember(token, &access, forgotten) {
                return Ok(Some(access));
            }
            // A lesson ended while this was read. It may have been this one: what was read may be over.
        }
    }

    /// Remembers what was read when `forgotten` was the count; false if something was forgotten since.
    fn remember(&self, token: &str, access: &Arc<ThingAccess>, forgotten: u64) -> bool {
        let mut remembered = self.things.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.forgotten != forgotten {
            return false;
        }
        if remembered.things.len() >= REMEMBERED {
            remembered.things.retain(|_, access| access.recording);
            if remembered.things.len() >= REMEMBERED {
                remembered.things.clear();
            }
        }
        remembered.things.insert(token.to_owned(), Arc::clone(access));
        true
    }

    /// Forgets what was remembered of a lesson: it ended or was erased, and what its Things may do has changed. Nothing
    /// read from the catalogue before this call is remembered after it.
    pub fn forget(&self, lesson: LessonId) {
        let mut remembered = self.things.write().unwrap_or_else(PoisonError::into_inner);
        remembered.forgotten += 1;
        remembered.things.retain(|_, access| access.lesson != lesson);
    }

    fn reading(&self) -> RwLockReadGuard<'_, Remembered> {
        self.things.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn thing_access(lesson: &Lesson, thing: ThingId) -> ThingAccess {
    let template = template::builtin(&lesson.template);
    let max_hz =
        |property| template.and_then(|template: &Template| template.sensor(property)).map_or(DEFAULT_MAX_HZ, |sensor| sensor.max_hz as f32);
    // Every property is listed: a stream beyond the template's own is stored too, at the default rate.
    let sensors = ObservedProperty::all().map(|property| (property, max_hz(property))).collect();
    ThingAccess { lesson: lesson.id, thing, sensors, recording: lesson.ended.is_none() }
}

#[async_trait]
impl Admission for Access {
    async fn login(&self, user: &str, password: &[u8]) -> Result<Login, Refusal> {
        let password = std::str::from_utf8(password).map_err(|_| Refusal::BadCredentials)?;
        if let Some(principal) = self.realm.iter().find(|principal| principal.user == user) {
            let right = principal.password == password;
            return if right { Ok(Login::Realm { root: user.to_owned() }) } else { Err(Refusal::BadCredentials) };
        }
        let bearer = self.bearer(password).map_err(|error| unavailable(&error))?;
        match (user, bearer) {
            ("teacher", Some(Bearer::Teacher)) => Ok(Login::Teacher(None)),
            ("thing", Some(Bearer::Thing(access))) => Ok(Login::Thing(access)),
            _ => Err(Refusal::BadCredentials),
        }
    }

    fn nobody(&self) -> Option<Login> {
        let open = self.realm.iter().any(|principal| principal.user.is_empty());
        open.then(|| Login::Realm { root: String::new() })
    }

    async fn thing(&self, token: &str) -> Result<Arc<ThingAccess>, Refusal> {
        if let Some(access) = self.known(token) {
            return Ok(access);
        }
        if !mint::is_token(token) {
            return Err(Refusal::UnknownToken);
        }
        self.look_up(token).map_err(|error| unavailable(&error))?.ok_or(Refusal::UnknownToken)
    }
}

fn unavailable(error: &Error) -> Refusal {
    tracing::error!("catalogue look-up failed: {error}");
    Refusal::Unavailable
}

#[cfg(test)]
mod tests;
