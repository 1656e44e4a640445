//! Files on their way in: one is read at a time, the others wait.
//!
//! What became of each is in the catalogue. A hub that stops in the middle says `cut` at its next start; handing in the same file again
//! stores the rest, for what is there already counts as a duplicate.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use messwerk_ingest::opendata::{self, Given, Kind, Part, Refusal, Summary};
use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_store::catalogue::{FileJob, Station};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::tally::Tally;
use crate::api::blocking;
use crate::api::problem::Problem;
use crate::state::Hub;
use crate::station::settings::Settings;

/// Files that wait or are read, 64 MiB each in the system's temporary folder.
const WAITING: usize = 4;
/// Bytes by which a file is recognised.
const HEAD: u64 = 64 * 1024;
/// Parts that are read ahead of the store: 4 MB each.
const AHEAD: usize = 2;

/// Files on their way.
#[derive(Debug)]
pub struct Jobs {
    places: Arc<Semaphore>,
    turn: Arc<Semaphore>,
    running: Mutex<HashMap<i64, Running>>,
}

/// One of them.
#[derive(Debug)]
struct Running {
    station: LessonId,
    state: &'static str,
    tally: Tally,
    stop: CancellationToken,
}

impl Default for Jobs {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(WAITING)), turn: Arc::new(Semaphore::new(1)), running: Mutex::default() }
    }
}

/// A file that has arrived, with what was said of it.
#[derive(Debug)]
pub struct Arrived {
    /// Its bytes.
    pub file: File,
    /// How many.
    pub bytes: u64,
    /// `teacher`, or the feed that brought it.
    pub source: String,
    /// The sensor that a table is of (openSenseMap).
    pub sensor: Option<String>,
    /// The station that is meant in a list of all (DWD).
    pub station: Option<String>,
}

/// What became of a file.
#[derive(Debug)]
pub struct Ended {
    /// `done`, `failed`, `cancelled` or `cut`.
    pub state: &'static str,
    /// What was counted.
    pub tally: Tally,
}

/// Why a file was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// In one word that never changes: `file_damaged`, `file_cut`.
    pub code: String,
    /// In a sentence.
    pub said: String,
}

impl Ended {
    /// Whether all of it was read; if not, why.
    pub fn done(self) -> Result<(), Undone> {
        let said = match (self.state, self.tally.error) {
            ("done", _) => return Ok(()),
            (_, Some(error)) => error,
            ("cut", None) => "the hub stopped while it read this file".to_owned(),
            (state, None) => format!("this file was {state} while it was read"),
        };
        Err(Undone { code: self.tally.code.unwrap_or_else(|| format!("file_{}", self.state)), said })
    }
}

/// A place for one file; free again when dropped.
#[derive(Debug)]
pub struct Place(#[allow(dead_code, reason = "held until the file is read")] OwnedSemaphorePermit);

impl Jobs {
    /// A place for a file that is about to arrive.
    pub fn place(&self) -> Result<Place, Problem> {
        let busy = |_| Problem::unavailable("Several files are being read just now. Hand yours in again in a moment.");
        Arc::clone(&self.places).try_acquire_owned().map(Place).map_err(busy)
    }

    /// The same, waiting until there is one.
    pub async fn wait_for_place(&self) -> Option<Place> {
        Arc::clone(&self.places).acquire_owned().await.ok().map(Place)
    }

    fn running(&self) -> MutexGuard<'_, HashMap<i64, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// State and counts of a file that waits or is being read.
    pub fn now(&self, id: i64) -> Option<(&'static str, Tally)> {
        self.running().get(&id).map(|job| (job.state, job.tally.clone()))
    }

    /// Ends a file's reading; whether there was anything to end. What is stored stays.
    pub fn cancel(&self, station: LessonId, id: i64) -> bool {
        let running = self.running();
        let job = running.get(&id).filter(|job| job.station == station);
        job.inspect(|job| job.stop.cancel()).is_some()
    }

    /// Ends everything of a station, which is about to be erased, and waits until nothing of it is being read.
    pub async fn forget(&self, station: LessonId) {
        loop {
            let left: Vec<_> = self.running().values().filter(|job| job.station == station).map(|job| job.stop.clone()).collect();
            if left.is_empty() {
                return;
            }
            left.iter().for_each(CancellationToken::cancel);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}

/// What a file is, by its beginning, at which it stands then. Blocks.
pub fn recognised(file: &mut File) -> Result<Kind, Problem> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0)).and_then(|_| Read::take(&mut *file, HEAD).read_to_end(&mut head)).map_err(broken)?;
    file.seek(SeekFrom::Start(0)).map_err(broken)?;
    Kind::of(&head).map_err(refused)
}

/// Begins to take a file in: on return it is recognised and noted. The handle ends with what became of it.
pub async fn submit(hub: &Hub, station: Station, place: Place, mut arrived: Arrived) -> Result<(i64, JoinHandle<Ended>), Problem> {
    let noting = hub.clone();
    let log = station.log;
    let (job, kind, arrived) = blocking(move || {
        let kind = recognised(&mut arrived.file)?;
        let (at, bytes, source) = (noting.clock.now(), arrived.bytes, arrived.source.clone());
        let (state, report, kind_name) = ("waiting".to_owned(), Tally::default().written(), kind.name().to_owned());
        let job = FileJob { id: 0, at, source, kind: kind_name, bytes, state, report };
        Ok((noting.store.catalogue().add_file(log, &job)?, kind, arrived))
    })
    .await?;
    let running = Running { station: log, state: "waiting", tally: Tally::default(), stop: hub.stopping.child_token() };
    let stop = running.stop.clone();
    hub.feeds.jobs.running().insert(job, running);
    let hub = hub.clone();
    let work = async move {
        let (state, tally) = take(&hub, job, station, kind, arrived, &stop).await;
        drop(place);
        let keeping = hub.clone();
        let (kept, written) = (state, tally.written());
        let noted = blocking(move || Ok(keeping.store.catalogue().set_file(job, kept, &written)?)).await;
        if let Err(problem) = noted {
            tracing::warn!(station = %log, "what became of a file is not noted: {}", problem.detail);
        }
        hub.feeds.jobs.running().remove(&job);
        let Tally { rows, stored, duplicates, rejected, seconds, error, .. } = &tally;
        tracing::info!(station = %log, state, rows, stored, duplicates, rejected, seconds, error, "a file was read");
        Ended { state, tally }
    };
    Ok((job, tokio::spawn(work)))
}

fn broken(error: std::io::Error) -> Problem {
    Problem::unavailable(format!("The file cannot be kept while it is read ({error}): is the system's temporary folder full?"))
}

/// A file that is none of those the hub reads.
pub fn refused(refusal: Refusal) -> Problem {
    let detail = format!("This file cannot be taken: {refusal}.");
    match refusal {
        Refusal::TooLarge(_) => Problem::too_large(detail).coded("file_too_large"),
        Refusal::Damaged => Problem::bad_request(detail).coded("file_damaged"),
        Refusal::Page => Problem::bad_request(detail).coded("file_page"),
        _ => Problem::bad_request(detail).coded("file_unknown"),
    }
}

/// Takes a file in when its turn has come. The state it ends with, and what was counted.
async fn take(hub: &Hub, job: i64, station: Station, kind: Kind, arrived: Arrived, stop: &CancellationToken) -> (&'static str, Tally) {
    let ended = |hub: &Hub| if hub.stopping.is_cancelled() { "cut" } else { "cancelled" };
    let turn = tokio::select! {
        turn = Arc::clone(&hub.feeds.jobs.turn).acquire_owned() => turn,
        () = stop.cancelled() => return (ended(hub), Tally::default()),
    };
    let Ok(_turn) = turn else { return ("cut", Tally::default()) };
    if let Some(running) = hub.feeds.jobs.running().get_mut(&job) {
        running.state = "running";
    }
    let noting = hub.clone();
    // So that a hub that loses its power now can say that it was reading.
    let _ = blocking(move || Ok(noting.store.catalogue().set_file(job, "running", &Tally::default().written())?)).await;
    let began = Instant::now();
    let mut tally = Tally::default();
    let outcome = through(hub, job, &station, kind, arrived, stop, &mut tally).await;
    tally.seconds = (began.elapsed().as_secs_f64() * 1e3).round() / 1e3;
    match outcome {
        _ if stop.is_cancelled() => (ended(hub), tally),
        Ok(()) => ("done", tally),
        Err(problem) => {
            (tally.error, tally.code) = (Some(problem.detail), Some(problem.code.to_owned()));
            ("failed", tally)
        }
    }
}

async fn through(
    hub: &Hub,
    job: i64,
    station: &Station,
    kind: Kind,
    arrived: Arrived,
    stop: &CancellationToken,
    tally: &mut Tally,
) -> Result<(), Problem> {
    let received = hub.clock.now();
    let access = hub.stations.of(station)?;
    let desk = access.station.clone().ok_or_else(|| Problem::conflict("This is no station any more."))?;
    let sensors = Settings::read(&station.settings).map(|settings| settings.context.sensors).unwrap_or_default();
    let given = Given { sensors, sensor: arrived.sensor, station: arrived.station, received };
    let (sender, mut parts) = mpsc::channel::<Part>(AHEAD);
    let (file, mut known) = (arrived.file, None);
    let reading = tokio::task::spawn_blocking(move || {
        let mut each = |part| if sender.blocking_send(part).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
        opendata::read(kind, file, &given, &mut each)
    });
    loop {
        let part = tokio::select! {
            part = parts.recv() => part,
            () = stop.cancelled() => None,
        };
        let Some(Part { mut report, rows, read, interval }) = part else { break };
        if let Some(interval) = interval.filter(|interval| !report.readings.is_empty() && Some(*interval) != known) {
            let (hub, log) = (hub.clone(), station.log);
            blocking(move || one_interval(&hub, log, interval)).await?;
            known = Some(interval);
        }
        tally.note(std::mem::take(&mut report.notes));
        let filed = hub.pipeline.file_of_station(&access, &desk, report, received).await?;
        tally.add(filed);
        (tally.rows, tally.read) = (tally.rows + rows, tally.read.max(read));
        if let Some(running) = hub.feeds.jobs.running().get_mut(&job) {
            running.tally = tally.clone();
        }
    }
    // Whoever reads on finds nobody to give it to.
    drop(parts);
    if stop.is_cancelled() {
        let _ = reading.await;
        return Ok(());
    }
    let summary = reading.await.map_err(|error| Problem::internal(&error))?.map_err(refused)?;
    let (hub, log) = (hub.clone(), station.log);
    let told = blocking(move || describe(&hub, log, summary)).await?;
    told.into_iter().for_each(|(what, detail)| tally.tell(what, 1, detail));
    Ok(())
}

/// Holds a station to one length of intervals, before anything of a file is stored: the first file of which something came decides.
fn one_interval(hub: &Hub, log: LessonId, interval: Micros) -> Result<(), Problem> {
    let minutes = u32::try_from(interval / 60_000_000).unwrap_or_default();
    // As it is now: the file before may have been the first.
    let Some(station) = hub.store.catalogue().station(log)? else { return Ok(()) };
    let Some(settings) = Settings::read(&station.settings) else { return Ok(()) };
    match settings.file_minutes {
        Some(known) if known == minutes => Ok(()),
        Some(_) if hub.store.latest(log).is_empty() => set_interval(hub, log, settings, minutes),
        Some(known) => Err(Problem::conflict(format!(
            "This station has values of {known} minutes each, and these are of {minutes}: together rain and sunshine of the same hour would \
             count twice. Make a second station for them."
        ))
        .coded("file_interval")),
        None => set_interval(hub, log, settings, minutes),
    }
}

fn set_interval(hub: &Hub, log: LessonId, settings: Settings, minutes: u32) -> Result<(), Problem> {
    let settings = Settings { file_minutes: Some(minutes), ..settings };
    Ok(hub.store.catalogue().set_station(log, &settings.written(), hub.clock.now())?)
}

/// Lets a station know what the file said of it: where it stands, if nobody said so before, and what its sensors' ids stand for.
fn describe(hub: &Hub, log: LessonId, summary: Summary) -> Result<Vec<(&'static str, String)>, Problem> {
    let mut told = vec![];
    let Some(station) = hub.store.catalogue().station(log)? else { return Ok(told) };
    let Some(mut settings) = Settings::read(&station.settings) else { return Ok(told) };
    let before = settings.clone();
    if let Some(found) = &summary.station {
        if !found.id.is_empty() {
            told.push(("station", format!("{} {}", found.id, found.name).trim().to_owned()));
        }
        // The last stay is where it stands now.
        if let Some(stay) = found.stays.last().filter(|_| settings.latitude.is_none()) {
            (settings.latitude, settings.longitude) = (Some(stay.latitude), Some(stay.longitude));
            settings.elevation_m = settings.elevation_m.or(Some(stay.height).filter(|height| height.is_finite()));
            told.push(("placed", format!("{:.4} N, {:.4} E", stay.latitude, stay.longitude)));
        }
    }
    for (id, learned) in summary.sensors {
        settings.context.sensors.entry(id).or_insert(learned);
    }
    if settings != before && settings.wrong().is_none() {
        hub.store.catalogue().set_station(log, &settings.written(), hub.clock.now())?;
    }
    Ok(told)
}
