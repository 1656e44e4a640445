//! Exports of phyphox that somebody measured without the hub: `POST /api/v1/things/{thing}/upload`.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use bytes::Bytes;
use messwerk_lessons::export::{self, Bounds, ExportError};
use messwerk_lessons::id::ThingId;
use messwerk_lessons::wire::Batch;
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::access::{Bearer, thing_access};
use crate::api::blocking;
use crate::api::extract::At;
use crate::api::ingest::{Reason, reason};
use crate::api::lessons::find;
use crate::api::problem::Problem;
use crate::api::who::Someone;
use crate::phyphox::filing;
use crate::state::Hub;
use crate::web::body::{announced, read};

/// How long a file may take to arrive: 10 MiB over a school's Wi-Fi that thirty share.
const ARRIVAL: Duration = Duration::from_secs(120);

/// How many files are taken at a time.
#[derive(Debug)]
pub struct Uploads {
    /// Being received: 10 MiB each.
    arriving: Semaphore,
    /// Being unpacked and stored: some 200 MiB for the largest.
    filing: Semaphore,
}

impl Default for Uploads {
    fn default() -> Self {
        Self { arriving: Semaphore::new(8), filing: Semaphore::new(1) }
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
}

/// Takes a file of the phyphox app: an export (CSV, zip, xls, xlsx) or a saved state. It is stored as recordings of their own,
/// placed by the start that the file tells, else so that they end now. The same file again stores nothing.
#[utoipa::path(post, path = "/api/v1/things/{thing}/upload", params(("thing" = String, Path)), request_body(content = String, content_type = "application/octet-stream"), responses((status = 200, body = Uploaded), (status = 400, body = Problem, description = "the file is none of phyphox's (`export_unknown`), damaged (`export_damaged`) or has no readings (`export_empty`)"), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "the lesson has ended (`lesson_ended`)"), (status = 413, body = Problem, description = "`export_too_large`")), security(("token" = [])))]
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
    let bounds = Bounds::default();
    let unread = |_| unreadable(bounds.packed);
    announced(&body, bounds.packed).map_err(unread)?;
    let busy = || Problem::unavailable("Several files are being read just now. Send yours again in a moment.");
    let arriving = hub.uploads.arriving.try_acquire().map_err(|_| busy())?;
    let file = read(body, bounds.packed, ARRIVAL).await.map_err(unread)?;
    let filing = tokio::time::timeout(ARRIVAL, hub.uploads.filing.acquire()).await.ok().and_then(Result::ok).ok_or_else(busy)?;
    let received = hub.clock.now();
    let (batches, skipped) = taken_apart(file, bounds, received).await?;
    drop(arriving);
    let access = thing_access(&lesson, thing.id, messwerk_ingest::gate::Gate::Always);
    let filed = hub.pipeline.file(&access, batches, received).await?;
    drop(filing);
    if filed.stored > 0 {
        let by = if matches!(who, Bearer::Teacher) { "teacher" } else { "pupil" };
        let logging = hub.clone();
        blocking(move || Ok(logging.flow.log(&lesson, by, "thing.upload", thing.id.to_string())?)).await?;
    }
    Ok(Json(Uploaded {
        stored: filed.stored,
        duplicates: filed.duplicates,
        thinned: filed.thinned,
        rejected: filed.rejected,
        runs: filed.runs.into_iter().collect(),
        reasons: filed.rejects.into_iter().map(reason).collect(),
        skipped,
    }))
}

/// The file as batches, off the runtime's threads. A reader that panics over it has found it damaged.
async fn taken_apart(file: Bytes, bounds: Bounds, received: i64) -> Result<(Vec<Batch>, Vec<String>), Problem> {
    let file = Arc::new(file);
    let work = move || {
        let mut readings = export::read("file", &file, &bounds)?;
        readings.skipped.truncate(50);
        let skipped = std::mem::take(&mut readings.skipped);
        Ok((filing::batches(readings, &file, received), skipped))
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(taken) => taken.map_err(|error| refused(&error)),
        Err(_) => Err(refused(&ExportError::Damaged("the file is damaged: export it again".to_owned()))),
    }
}

fn unreadable(limit: usize) -> Problem {
    let detail = format!("A file may have {} MiB and must arrive whole. Export a shorter measurement, or send it again.", limit >> 20);
    Problem::too_large(detail).coded("export_too_large")
}

fn refused(error: &ExportError) -> Problem {
    let detail = format!("This file cannot be taken: {error}.");
    match error {
        ExportError::TooLarge(_) => Problem::too_large(detail).coded("export_too_large"),
        ExportError::Damaged(_) => Problem::bad_request(detail).coded("export_damaged"),
        ExportError::Empty(_) => Problem::bad_request(detail).coded("export_empty"),
        _ => Problem::bad_request(format!("{detail} In phyphox: menu, export data, then CSV, Excel or the saved state."))
            .coded("export_unknown"),
    }
}
