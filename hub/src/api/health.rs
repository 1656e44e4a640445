//! Is the hub alive, is it ready, and what is it doing.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::problem::Problem;
use crate::api::who::Teacher;
use crate::state::Hub;

/// Answers while the process runs.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "alive", body = String)))]
pub async fn alive() -> &'static str {
    "ok\n"
}

/// What `/readyz` says while readings can be stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ready {
    /// `true`; a hub that is not ready answers 503.
    pub ready: bool,
    /// What an administrator should see to, each with its fix. Empty is good.
    pub problems: Vec<String>,
}

/// Answers 200 while readings can be stored and questions answered, and names to a teacher's token what an administrator
/// should see to. Everybody else learns only that there is something: the sentences name files, lessons and Things.
#[utoipa::path(get, path = "/readyz", responses(
    (status = 200, body = Ready),
    (status = 503, body = Problem, description = "the hub is stopping, or its disk takes nothing more"),
))]
pub async fn ready(State(hub): State<Hub>, teacher: Result<Teacher, Problem>) -> Result<Json<Ready>, Problem> {
    if hub.stopping.is_cancelled() {
        return Err(Problem::unavailable("The hub is stopping."));
    }
    let mut problems = hub.problems();
    if teacher.is_err() && !problems.is_empty() {
        let those = if problems.len() == 1 { "A problem is" } else { "Problems are" };
        problems = vec![format!("{those} named in the hub's log, and here to a teacher's token.")];
    }
    if hub.store.read_only() {
        let what = "Nothing is acknowledged now; phones keep their data.";
        return Err(Problem::unavailable(format!("{what} {}", problems.join(" "))));
    }
    Ok(Json(Ready { ready: true, problems }))
}

/// Counters and gauges in Prometheus' text format; no pseudonym, token or lesson id in any label.
#[utoipa::path(get, path = "/metrics", responses((status = 200, description = "Prometheus text format 0.0.4", body = String)))]
pub async fn metrics(State(hub): State<Hub>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (StatusCode::OK, kind, crate::telemetry::metrics::render(&hub))
}
