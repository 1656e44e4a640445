//! A teacher's commands to a lesson, what was done in it, and its erasure.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use messwerk_lessons::Micros;
use messwerk_store::catalogue::LogEntry;
use serde::Serialize;
use utoipa::ToSchema;

use crate::address::Address;
use crate::api::blocking;
use crate::api::extract::{At, Body};
use crate::api::lessons::{find, flow_of, join_of, message};
use crate::api::problem::Problem;
use crate::api::who::Teacher;
use crate::flow::commands::{Command, obey, to_the_end};
use crate::flow::state::Telling;
use crate::flow::takes;
use crate::state::Hub;

/// The newest entries of a lesson's log that are shown.
const LOG: usize = 500;

/// Tells a lesson what to do. Answers with the `lesson` message, as every socket of the lesson gets it in the same moment;
/// 409 says why the command does not fit now.
#[utoipa::path(post, path = "/api/v1/lessons/{id}/commands", params(("id" = String, Path)), request_body = Command, responses((status = 200, description = "the lesson message of docs/classroom-protocol.md"), (status = 409, body = Problem, description = "not as the lesson stands")), security(("token" = [])))]
pub async fn command(
    State(hub): State<Hub>,
    _: Teacher,
    address: Address,
    At(id): At<String>,
    Body(command): Body<Command>,
) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let flow = flow_of(&hub, lesson.id)?;
    let state = obey(&hub, &flow, command).await?;
    let telling = Telling { join: join_of(&hub, &address, &lesson), now: hub.clock.now(), ..Telling::default() };
    Ok(([(header::CONTENT_TYPE, "application/json")], message(&hub, &state, &telling)?).into_response())
}

/// Something that was done in a lesson.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LogView {
    /// When, µs since 1970 UTC.
    pub at: Micros,
    /// `teacher`, `pupil` or `hub`.
    pub who: String,
    /// `take.start`, `lobby.lock` …
    pub what: String,
    /// With what: a Take's number, a Thing's id.
    pub detail: String,
}

impl From<LogEntry> for LogView {
    fn from(entry: LogEntry) -> Self {
        Self { at: entry.at, who: entry.who, what: entry.what, detail: entry.detail }
    }
}

/// What was done in a lesson, newest first.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/log", params(("id" = String, Path)), responses((status = 200, body = Vec<LogView>)), security(("token" = [])))]
pub async fn log(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<Json<Vec<LogView>>, Problem> {
    let lesson = find(&hub, &id)?;
    let log = blocking(move || Ok(hub.store.catalogue().log_of(lesson.id, LOG)?)).await?;
    Ok(Json(log.into_iter().map(LogView::from).collect()))
}

/// Erases a lesson for good, with everything in it. On return its bytes are gone from the hub's disk.
#[utoipa::path(delete, path = "/api/v1/lessons/{id}", params(("id" = String, Path)), responses((status = 204)), security(("token" = [])))]
pub async fn erase(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<StatusCode, Problem> {
    let lesson = find(&hub, &id)?;
    let id = lesson.id;
    let logging = hub.clone();
    let erase = async move {
        blocking(move || Ok(logging.flow.log(&lesson, "teacher", "lesson.erase", "")?)).await?;
        takes::erase(&hub, id).await?;
        Ok(StatusCode::NO_CONTENT)
    };
    to_the_end(erase).await
}
