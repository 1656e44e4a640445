//! Files of open data for a station: `POST /api/v1/stations/{id}/files`, and what becomes of them.

use std::fs::File;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::StreamExt as _;
use messwerk_ingest::opendata::MAX_FILE;
use messwerk_lessons::Micros;
use messwerk_store::catalogue::FileJob;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;
use utoipa::{IntoParams, ToSchema};

use super::find;
use crate::api::blocking;
use crate::api::extract::{At, Parameters};
use crate::api::problem::Problem;
use crate::api::who::Teacher;
use crate::feeds::jobs::{Arrived, submit};
use crate::feeds::tally::Tally;
use crate::flow::commands::to_the_end;
use crate::state::Hub;
use crate::web::body::{Unread, announced};

/// How long a file may take to arrive: 35 MB at one megabit a second.
const ARRIVAL: Duration = Duration::from_secs(300);

/// A file, and what has become of it so far.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileView {
    /// Its number.
    pub id: i64,
    /// When it came, µs since 1970 UTC.
    pub at: Micros,
    /// `teacher`, or the name of the feed that brought it.
    pub source: String,
    /// What it was recognised as: `dwd_zip`, `dwd_product`, `dwd_stations`, `dwd_geography`, `dwd_poi`, `brightsky`, `sense_box`,
    /// `sense_table`, `sense_list`.
    pub kind: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// `waiting`, `running`, `done`, `failed`, `cancelled`, or `cut`: the hub stopped in the middle.
    pub state: String,
    /// What was counted.
    #[serde(flatten)]
    pub tally: Tally,
}

impl FileView {
    fn of(hub: &Hub, job: FileJob) -> Self {
        let FileJob { id, at, source, kind, bytes, state, report } = job;
        let (state, mut tally) = match hub.feeds.jobs.now(id) {
            Some((state, tally)) => (state.to_owned(), tally),
            None => (state, Tally::read(&report)),
        };
        if state == "cut" {
            tally.error =
                Some("The hub stopped while it read this file. Hand the same file in again: what is stored counts as there.".to_owned());
        }
        Self { id, at, source, kind, bytes, state, tally }
    }
}

/// What a file does not say itself.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Said {
    /// openSenseMap: the sensor's id that a table without ids is of.
    pub sensor: Option<String>,
    /// The DWD's list of stations: the id of this one.
    pub station: Option<String>,
}

/// Takes a file of open data: products of the DWD (zip or text), its list of stations, POI, Bright Sky, openSenseMap. It is recognised by
/// its content and read after the answer; ask for what becomes of it. The same file again stores nothing.
#[utoipa::path(post, path = "/api/v1/stations/{id}/files", params(("id" = String, Path), Said), request_body(content = String, content_type = "application/octet-stream"), responses((status = 202, body = FileView), (status = 400, body = Problem, description = "it is none of these (`file_unknown`), or a web page (`file_page`)"), (status = 404, body = Problem), (status = 408, body = Problem), (status = 413, body = Problem, description = "`file_too_large`"), (status = 503, body = Problem)), security(("token" = [])))]
pub async fn hand_in(
    State(hub): State<Hub>,
    _: Teacher,
    At(id): At<String>,
    Parameters(said): Parameters<Said>,
    body: Body,
) -> Result<Response, Problem> {
    let (station, _) = find(&hub, &id)?;
    let unread = |unread: Unread| {
        let counted = unread.refuse(MAX_FILE as usize, &hub.web);
        match unread {
            Unread::TooLarge => {
                let detail = format!("A file may have {} MiB. A zip of the DWD's has 5; hand in the zip, or fewer years.", MAX_FILE >> 20);
                Problem::too_large(detail).coded("file_too_large")
            }
            _ => counted,
        }
    };
    announced(&body, MAX_FILE as usize).map_err(unread)?;
    let place = hub.feeds.jobs.place()?;
    let (file, bytes) =
        tokio::time::timeout(ARRIVAL, received(body)).await.unwrap_or(Err(Err(Unread::Late))).map_err(|error| match error {
            Ok(problem) => problem,
            Err(wrong) => unread(wrong),
        })?;
    let arrived = Arrived { file, bytes, source: "teacher".to_owned(), sensor: said.sensor, station: said.station };
    let log = station.log;
    // Whoever hangs up now has handed it in: once it is noted, it is read.
    let taking = hub.clone();
    let job = to_the_end(async move { submit(&taking, station, place, arrived).await.map(|(job, _)| job) }).await?;
    let shown = blocking(move || {
        let job = hub.store.catalogue().files(log)?.into_iter().find(|one| one.id == job);
        job.map(|job| FileView::of(&hub, job)).ok_or_else(|| missing(&log.to_string()))
    });
    Ok((StatusCode::ACCEPTED, Json(shown.await?)).into_response())
}

/// Writes a body into a nameless file, as much as one may have.
async fn received(body: Body) -> Result<(File, u64), Result<Problem, Unread>> {
    let full = |error: std::io::Error| {
        Ok(Problem::unavailable(format!("The file cannot be kept while it is read ({error}): is the system's temporary folder full?")))
    };
    let file = blocking(|| tempfile::tempfile().map_err(|error| Problem::internal(&error))).await.map_err(Ok)?;
    let mut file = tokio::fs::File::from_std(file);
    let mut parts = body.into_data_stream();
    let mut bytes = 0;
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| Err(Unread::Broken))?;
        bytes += part.len() as u64;
        if bytes > MAX_FILE {
            return Err(Err(Unread::TooLarge));
        }
        file.write_all(&part).await.map_err(full)?;
    }
    file.flush().await.map_err(full)?;
    Ok((file.into_std().await, bytes))
}

fn missing(id: &str) -> Problem {
    Problem::not_found(format!("There is no such file of station {id}. GET …/files lists them.")).coded("unknown_file")
}

/// The files that a station was handed, the newest first, with how far each is.
#[utoipa::path(get, path = "/api/v1/stations/{id}/files", params(("id" = String, Path)), responses((status = 200, body = Vec<FileView>), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn list(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<Json<Vec<FileView>>, Problem> {
    let (station, _) = find(&hub, &id)?;
    let read = move || {
        let files = hub.store.catalogue().files(station.log)?;
        Ok(files.into_iter().map(|job| FileView::of(&hub, job)).collect())
    };
    blocking(read).await.map(Json)
}

/// Ends the reading of a file. What is stored of it stays.
#[utoipa::path(delete, path = "/api/v1/stations/{id}/files/{file}", params(("id" = String, Path), ("file" = i64, Path)), responses((status = 202), (status = 404, body = Problem, description = "it is not being read (`unknown_file`)")), security(("token" = [])))]
pub async fn cancel(State(hub): State<Hub>, _: Teacher, At((id, file)): At<(String, i64)>) -> Result<StatusCode, Problem> {
    let (station, _) = find(&hub, &id)?;
    if hub.feeds.jobs.cancel(station.log, file) { Ok(StatusCode::ACCEPTED) } else { Err(missing(&id)) }
}
