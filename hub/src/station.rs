//! Stations: what is known of each, and how their messages come in.
//!
//! A station's readings are stored under its log, a lesson that nobody joins; see [`messwerk_store::catalogue::Station`]. What it is
//! called, how it speaks and where it stands are [`Settings`]; a [`desk`] decodes its messages by them.

pub mod desk;
pub mod redact;
pub mod settings;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use messwerk_ingest::admission::ThingAccess;
use messwerk_ingest::desk::{Desk, Station as AtDesk};
use messwerk_ingest::gate::Gate;
use messwerk_ingest::station::{Channel, Format};
use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_store::catalogue::{Lesson, Payload, Station};
use messwerk_store::{Error, Store};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};
use tokio::time::timeout;

use self::desk::OpenDesk;
use self::settings::Settings;
use crate::api::problem::Problem;
use crate::mint;

/// The template that the lesson of a station's log names. There is none of it: nobody analyses a log.
pub const TEMPLATE: &str = "station";

/// Bytes of the least key of one's own: what a device has been given elsewhere and is to go on using.
pub const LEAST_KEY: usize = 12;

/// Questions over stations' readings that are answered at a time, and how long another one waits.
const QUESTIONS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(10);

/// Payloads that wait to be written for looking at them later. Beyond it some are not kept; the readings are.
const WAITING: usize = 1_024;

/// A station that can be sent to.
struct Open {
    changed: Micros,
    format: Option<Format>,
    access: Arc<ThingAccess>,
}

/// All stations of the hub. Desks are made when somebody sends and kept until the settings change.
pub struct Stations {
    store: Arc<Store>,
    open: Mutex<HashMap<LessonId, Open>>,
    payloads: mpsc::Sender<(LessonId, Payload)>,
    written: Mutex<Option<mpsc::Receiver<(LessonId, Payload)>>>,
    questions: Semaphore,
}

impl Stations {
    /// Over a store's catalogue.
    pub fn new(store: Arc<Store>) -> Self {
        let (payloads, written) = mpsc::channel(WAITING);
        Self { store, open: Mutex::default(), payloads, written: Mutex::new(Some(written)), questions: Semaphore::new(QUESTIONS) }
    }

    /// A turn to read years of a station's readings: anybody in the network may ask for public ones, and lessons come first.
    ///
    /// # Errors
    /// 503 after 10 s.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>, Problem> {
        let busy = || Problem::unavailable("Very many ask about stations just now. Ask again in a moment.");
        timeout(PATIENCE, self.questions.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())
    }

    fn open(&self) -> MutexGuard<'_, HashMap<LessonId, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a station with its log and its main channel, and returns its id and its key, which nobody can be told again. Waits
    /// for the disk.
    pub fn add(&self, settings: &Settings) -> Result<(LessonId, String), Error> {
        let (id, key, now) = (mint::lesson_id(), mint::token(), self.store.clock().now());
        // A code that nobody can type and a join token that nobody is told.
        let log = Lesson { lobby_open: false, ..Lesson::free(id, TEMPLATE, format!("station {id}"), mint::token(), now) };
        let catalogue = self.store.catalogue();
        catalogue.add_station(&log, &settings.written(), &key)?;
        catalogue.station_channel(id, "", mint::thing_id(), now)?;
        Ok((id, key))
    }

    /// What a key opens; `None` if it is nobody's.
    pub fn access(&self, key: &str) -> Result<Option<Arc<ThingAccess>>, Error> {
        match self.store.catalogue().station_by_key(key)? {
            Some(station) => self.of(&station).map(Some),
            None => Ok(None),
        }
    }

    /// What a station's messages and files are stored with.
    pub fn of(&self, station: &Station) -> Result<Arc<ThingAccess>, Error> {
        if let Some(open) = self.open().get(&station.log).filter(|open| open.changed == station.changed) {
            return Ok(Arc::clone(&open.access));
        }
        let desk = OpenDesk::new(station, Arc::clone(&self.store), self.payloads.clone())?;
        let format = desk.format();
        let access = Arc::new(ThingAccess {
            lesson: station.log,
            thing: desk.thing(&Channel::default())?,
            sensors: vec![],
            recording: true,
            gate: Gate::Always,
            location: false,
            station: Some(AtDesk(Arc::new(desk))),
        });
        self.open().insert(station.log, Open { changed: station.changed, format, access: Arc::clone(&access) });
        Ok(access)
    }

    /// How a station speaks to whom something was just sent; `None` while that is not set.
    pub fn format(&self, log: LessonId) -> Option<Format> {
        self.open().get(&log).and_then(|open| open.format)
    }

    /// Forgets what was made of a station: it was erased.
    pub fn forget(&self, log: LessonId) {
        self.open().remove(&log);
    }

    /// Writes what arrived as it arrives, until nobody sends any more. Only the first call does.
    pub async fn keep_payloads(self: Arc<Self>, stopping: tokio_util::sync::CancellationToken) {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut written) = written else { return };
        loop {
            let next = tokio::select! {
                next = written.recv() => next,
                () = stopping.cancelled() => written.try_recv().ok(),
            };
            let Some((log, payload)) = next else { return };
            let store = Arc::clone(&self.store);
            let kept = tokio::task::spawn_blocking(move || store.catalogue().keep_payload(log, &payload)).await;
            if let Ok(Err(error)) = kept {
                tracing::warn!(station = %log, "what arrived is not kept for looking at it: {error}");
            }
        }
    }
}
