//! Exports of phyphox that somebody measured without the hub: `POST /api/v1/things/{thing}/upload`.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use bytes::Bytes;
use messwerk_lessons::export::{self, Bounds, ExportError};
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::Template;
use messwerk_lessons::wire::Batch;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use utoipa::ToSchema;

use crate::access::{Bearer, thing_access};
use crate::api::blocking;
use crate::api::extract::At;
use crate::api::ingest::{Reason, reason};
use crate::api::lessons::{find, template_of};
use crate::api::problem::Problem;
use crate::api::who::Someone;
use crate::flow::commands::to_the_end;
use crate::phyphox::filing;
use crate::state::Hub;
use crate::web::body::{Unread, announced, read};

/// How long a file may take to arrive: 10 MiB over a school's Wi-Fi that thirty share.
const ARRIVAL: Duration = Duration::from_secs(30);
/// How long one that has arrived waits for those before it.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many files are taken at a time.
#[derive(Debug)]
pub struct Uploads {
    /// Being received: 10 MiB each.
    arriving: Arc<Semaphore>,
    /// Being unpacked and stored: some 200 MiB for the largest. A rehearsal that begins takes this turn too.
    pub(crate) filing: Arc<Semaphore>,
    /// Whose files these are: each Thing sends one at a time, so that none takes all places.
    senders: Arc<Mutex<HashSet<ThingId>>>,
}

impl Default for Uploads {
    fn default() -> Self {
        Self { arriving: Arc::new(Semaphore::new(8)), filing: Arc::new(Semaphore::new(1)), senders: Arc::default() }
    }
}

impl Uploads {
    /// A place for one file of this Thing.
    fn place(&self, thing: ThingId) -> Result<Place, Problem> {
        let arriving = Arc::clone(&self.arriving).try_acquire_owned().map_err(|_| busy())?;
        if !self.senders.lock().unwrap_or_else(PoisonError::into_inner).insert(thing) {
            let detail = "A file of this device is being taken already. Wait until that is done, then send this one.";
            return Err(Problem::conflict(detail).coded("upload_running"));
        }
        Ok(Place { thing, senders: Arc::clone(&self.senders), _arriving: arriving, filing: None })
    }

    /// The turn to be unpacked, one at a time.
    async fn turn(&self, place: &mut Place) -> Result<(), Problem> {
        let filing = tokio::time::timeout(PATIENCE, Arc::clone(&self.filing).acquire_owned()).await;
        place.filing = Some(filing.ok().and_then(Result::ok).ok_or_else(busy)?);
        Ok(())
    }
}

fn busy() -> Problem {
    Problem::unavailable("Several files are being read just now. Send yours again in a moment.")
}

/// A file's place, and its turn when it has come; free again when dropped. It goes where the file's bytes are.
#[derive(Debug)]
struct Place {
    thing: ThingId,
    senders: Arc<Mutex<HashSet<ThingId>>>,
    _arriving: OwnedSemaphorePermit,
    /// Given on last: who has the turn next finds the place free.
    filing: Option<OwnedSemaphorePermit>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.senders.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.thing);
    }
}

/// What became of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Uploaded {
    /// Readings newly stored.
    pub stored: u32,
    /// Readings that were there already: the same file was sent before.
    pub duplicates: u32,
    /// Readings left out because the file is faster than the template's `max_hz`.
    pub thinned: u32,
    /// Readings that could not be stored.
    pub rejected: u32,
    /// The Thing's recordings that they are now.
    pub runs: Vec<u32>,
    /// Why readings were rejected.
    pub reasons: Vec<Reason>,
    /// Columns of the file that are no readings, as `set: column`; at most 50.
    pub skipped: Vec<String>,
    /// What of it is stored and not used in this lesson, as the streams of docs/wire.md (`light`).
    pub unused: Vec<&'static str>,
}

/// Takes a file of the phyphox app: an export (CSV, zip, xls, xlsx) or a saved state. It is stored as recordings of their own,
/// placed by the start that the file tells, else so that they end now. The same file again stores nothing.
#[utoipa::path(post, path = "/api/v1/things/{thing}/upload", params(("thing" = String, Path)), request_body(content = String, content_type = "application/octet-stream"), responses((status = 200, body = Uploaded), (status = 400, body = Problem, description = "the file is none of phyphox's (`export_unknown`), damaged (`export_damaged`) has no readings (`export_empty`), or none that can be used (`export_columns`, with the columns as `found`)"), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "the lesson has ended (`lesson_ended`), rehearses (`rehearsal`), or another file of this Thing is being taken (`upload_running`)"), (status = 408, body = Problem, description = "it did not arrive within 30 s (`too_slow`)"), (status = 413, body = Problem, description = "`export_too_large`")), security(("token" = [])))]
pub async fn upload(State(hub): State<Hub>, Someone(who): Someone, At(id): At<String>, body: Body) -> Result<Json<Uploaded>, Problem> {
    let missing = || Problem::not_found(format!("There is no Thing {id}. Join again with the lesson's code.")).coded("unknown_thing");
    let thing: ThingId = id.parse().map_err(|_| missing())?;
    let thing = hub.store.catalogue().thing(thing)?.filter(|thing| !thing.removed).ok_or_else(missing)?;
    if matches!(&who, Bearer::Thing(access) if access.thing != thing.id) {
        return Err(Problem::forbidden("A Thing's token stores files of its own only.").coded("not_yours"));
    }
    let lesson = find(&hub, &thing.lesson.to_string())?;
    if lesson.ended.is_some() {
        return Err(Problem::conflict("This lesson has ended; it takes no more measurements.").coded("lesson_ended"));
    }
    rehearses(&hub, lesson.id)?;
    let bounds = Bounds::default();
    let unread = |unread| unreadable(&hub, unread, bounds.packed);
    announced(&body, bounds.packed).map_err(unread)?;
    let mut place = hub.uploads.place(thing.id)?;
    let file = read(body, bounds.packed, ARRIVAL).await.map_err(unread)?;
    hub.uploads.turn(&mut place).await?;
    let received = hub.clock.now();
    let (place, taken) = holding(place, move || taken_apart(file, &bounds, received)).await?;
    let (batches, skipped) = taken?;
    let template = template_of(&hub, &lesson)?;
    let unused = unused(&template, &batches);
    let by = if matches!(who, Bearer::Teacher) { "teacher" } else { "pupil" };
    // Whoever hangs up now has sent a whole file: it is stored to its end, and none is unpacked beside it.
    let filed = to_the_end(async move {
        let access = thing_access(&lesson, Some(&template), thing.id, messwerk_ingest::gate::Gate::Always);
        // A rehearsal may have begun while the file arrived; from here on none begins before the place is free.
        rehearses(&hub, lesson.id)?;
        let filed = hub.pipeline.file(&access, batches, received).await?;
        if filed.stored > 0 {
            let logging = hub.clone();
            blocking(move || Ok(logging.flow.log(&lesson, by, "thing.upload", thing.id.to_string())?)).await?;
        }
        drop(place);
        Ok(filed)
    })
    .await?;
    Ok(Json(Uploaded {
        stored: filed.stored,
        duplicates: filed.duplicates,
        thinned: filed.thinned,
        rejected: filed.rejected,
        runs: filed.runs.into_iter().collect(),
        reasons: filed.rejects.into_iter().map(reason).collect(),
        skipped,
        unused,
    }))
}

/// The streams of a file that the lesson's template does not ask for.
fn unused(template: &Template, batches: &[Batch]) -> Vec<&'static str> {
    let asked = |property: ObservedProperty| template.sensors.iter().any(|sensor| sensor.quantity == property);
    let streams: BTreeSet<_> = batches.iter().map(Batch::property).filter(|&property| !asked(property)).collect();
    streams.into_iter().map(ObservedProperty::stream).collect()
}

/// Refuses a file while the class rehearses.
fn rehearses(hub: &Hub, lesson: LessonId) -> Result<(), Problem> {
    if hub.flow.rehearses(lesson) {
        let detail = "The class rehearses, and what comes in now is erased with the rehearsal. Send the file when it is over.";
        return Err(Problem::conflict(detail).coded("rehearsal"));
    }
    Ok(())
}

/// Works off the runtime's threads and gives the place back with what was found. The work goes on when whoever waits for it
/// hangs up, and keeps its place: else the next would be unpacked beside it. A reader that panics over a file has found it
/// damaged.
async fn holding<T: Send + 'static>(place: Place, work: impl FnOnce() -> T + Send + 'static) -> Result<(Place, T), Problem> {
    let done = tokio::task::spawn_blocking(move || {
        let found = work();
        (place, found)
    });
    done.await.map_err(|_| refused(&ExportError::Damaged("the file is damaged: export it again".to_owned())))
}

/// The file as batches.
fn taken_apart(file: Bytes, bounds: &Bounds, received: i64) -> Result<(Vec<Batch>, Vec<String>), Problem> {
    let mut readings = export::read("file", &file, bounds).map_err(|error| refused(&error))?;
    readings.skipped.truncate(50);
    let skipped = std::mem::take(&mut readings.skipped);
    Ok((filing::batches(readings, &file, received), skipped))
}

fn unreadable(hub: &Hub, unread: Unread, limit: usize) -> Problem {
    let counted = unread.refuse(limit, &hub.web);
    match unread {
        Unread::TooLarge => {
            let detail = format!("A file may have {} MiB. Export a shorter measurement.", limit >> 20);
            Problem::too_large(detail).coded("export_too_large")
        }
        Unread::Late => {
            let detail = format!("The file did not arrive within {} s. Send it again, nearer to the access point.", ARRIVAL.as_secs());
            Problem::new(StatusCode::REQUEST_TIMEOUT, "Too slow", detail)
        }
        Unread::Broken => counted,
    }
}

fn refused(error: &ExportError) -> Problem {
    let detail = format!("This file cannot be taken: {error}.");
    match error {
        ExportError::TooLarge(_) => Problem::too_large(detail).coded("export_too_large"),
        ExportError::Damaged(_) => Problem::bad_request(detail).coded("export_damaged"),
        ExportError::Empty(_) => Problem::bad_request(detail).coded("export_empty"),
        ExportError::Columns(found) => Problem { found: found.clone(), ..Problem::bad_request(detail).coded("export_columns") },
        _ => Problem::bad_request(format!("{detail} In phyphox: menu, export data, then CSV, Excel or the saved state."))
            .coded("export_unknown"),
    }
}

#[cfg(test)]
mod tests;
