//! Who may come in: tokens of Things and teachers, and the open realm's principals.
//!
//! A token that was handed out with a phyphox file is nobody's until its first data comes: then it becomes a Thing.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use async_trait::async_trait;
use messwerk_ingest::admission::{Admission, Login, Refusal, Sender, ThingAccess};
use messwerk_ingest::gate::Gate;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::Template;
use messwerk_store::catalogue::{Conflict, Lesson, Role};
use messwerk_store::{Error, Store};

use crate::config::RealmPrincipal;
use crate::flow::Flow;
use crate::flow::presence::Source;
use crate::flow::state::asks_for_location;
use crate::mint::{self, Language};
use crate::station::Stations;

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
    flow: Arc<Flow>,
    realm: Vec<RealmPrincipal>,
    stations: Arc<Stations>,
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
    pub fn new(store: Arc<Store>, flow: Arc<Flow>, realm: Vec<RealmPrincipal>, stations: Arc<Stations>) -> Self {
        Self { store, flow, realm, stations, things: RwLock::default() }
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
            let Some(flow) = self.flow.of(thing.lesson)? else { return Ok(None) };
            let Some(lesson) = catalogue.lesson(thing.lesson)? else { return Ok(None) };
            // Without it everything is kept at the default rate: what a class measures is not lost for a text that cannot be read.
            let unread = |error: &Error| tracing::error!(lesson = %lesson.id, "its template is not known: {error}");
            let template = catalogue.template_of(&lesson).inspect_err(unread).ok();
            let access = Arc::new(thing_access(&lesson, template.as_deref(), thing.id, flow.gate()));
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

    /// The Thing that a reserved token becomes now, with its first data; `None` if it is not reserved. Waits for the disk.
    fn claim(&self, token: &str) -> Result<Option<Arc<ThingAccess>>, Error> {
        let catalogue = self.store.catalogue();
        // Most unknown tokens are nobody's: no transaction for those.
        let Some(lesson) = catalogue.reserved(token)? else { return Ok(None) };
        let name = |lesson, number, given: &[String]| mint::nickname(lesson, number, given, Language::German);
        let Some(thing) = catalogue.claim(token, mint::thing_id(), &name, self.store.clock().now())? else { return Ok(None) };
        self.flow.presence().heard(lesson, thing.id, |seen| seen.source = Some(Source::Phyphox));
        if let Some(lesson) = catalogue.lesson(lesson)? {
            self.flow.log(&lesson, "pupil", "thing.join", thing.id.to_string())?;
        }
        self.flow.changed(lesson);
        self.look_up(token)
    }

    /// Forgets what was remembered of one Thing: its token is dead. The same holds for it as for a lesson's.
    pub fn forget_thing(&self, thing: ThingId) {
        let mut remembered = self.things.write().unwrap_or_else(PoisonError::into_inner);
        remembered.forgotten += 1;
        remembered.things.retain(|_, access| access.thing != thing);
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

/// What a Thing of a lesson may do.
pub(crate) fn thing_access(lesson: &Lesson, template: Option<&Template>, thing: ThingId, gate: Gate) -> ThingAccess {
    let max_hz = |property| template.and_then(|template| template.sensor(property)).map_or(DEFAULT_MAX_HZ, |sensor| sensor.max_hz as f32);
    // Every property is listed: a stream beyond the template's own is stored too, at the default rate.
    let sensors = ObservedProperty::all().map(|property| (property, max_hz(property))).collect();
    let location = lesson.location.is_some() && template.is_some_and(asks_for_location);
    ThingAccess { lesson: lesson.id, thing, sensors, recording: lesson.ended.is_none(), gate, location, station: None }
}

#[async_trait]
impl Admission for Access {
    async fn login(&self, user: &str, password: &[u8]) -> Result<Login, Refusal> {
        let password = std::str::from_utf8(password).map_err(|_| Refusal::BadCredentials)?;
        if let Some(principal) = self.realm.iter().find(|principal| principal.user == user) {
            let right = principal.password == password;
            return if right { Ok(Login::Realm { root: user.to_owned() }) } else { Err(Refusal::BadCredentials) };
        }
        if user == "station" {
            let station = self.stations.access(password).map_err(|error| unavailable(&error))?;
            return station.map(Login::Thing).ok_or(Refusal::BadCredentials);
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

    async fn sender(&self, token: &str) -> Result<Sender, Refusal> {
        if let Some(access) = self.known(token) {
            return Ok(Sender::Thing(access));
        }
        if !mint::is_token(token) {
            return Err(Refusal::UnknownToken);
        }
        let unavailable = |error| unavailable(&error);
        if let Some(access) = self.look_up(token).map_err(unavailable)? {
            return Ok(Sender::Thing(access));
        }
        if let Some(station) = self.stations.access(token).map_err(unavailable)? {
            return Ok(Sender::Thing(station));
        }
        let reserved = self.store.catalogue().reserved(token).map_err(unavailable)?;
        reserved.map(|_| Sender::Reserved).ok_or(Refusal::UnknownToken)
    }

    async fn thing(&self, token: &str) -> Result<Arc<ThingAccess>, Refusal> {
        if let Sender::Thing(access) = self.sender(token).await? {
            return Ok(access);
        }
        match waiting(|| self.claim(token)) {
            Ok(claimed) => claimed.ok_or(Refusal::UnknownToken),
            Err(Error::Conflict(Conflict::LobbyLocked)) => Err(Refusal::Locked),
            Err(Error::Conflict(Conflict::LessonFull)) => Err(Refusal::Full),
            Err(Error::Conflict(_)) => Err(Refusal::UnknownToken),
            Err(error) => Err(unavailable(&error)),
        }
    }
}

/// Does what waits for the disk, once in a Thing's life, and lets other tasks go on meanwhile where that is possible.
pub(crate) fn waiting<T>(work: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

fn unavailable(error: &Error) -> Refusal {
    tracing::error!("catalogue look-up failed: {error}");
    Refusal::Unavailable
}

#[cfg(test)]
mod tests;
