//! Is the hub alive, is it ready, and what is it doing.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::api::problem::Problem;
use crate::state::Hub;

/// Answers while the process runs.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "alive", body = String)))]
pub async fn alive() -> &'static str {
    "ok\n"
}

/// Answers 200 while readings can be stored and questions answered.
#[utoipa::path(get, path = "/readyz", responses((status = 200, description = "ready", body = String), (status = 503, body = Problem)))]
pub async fn ready(State(hub): State<Hub>) -> Result<&'static str, Problem> {
    let stats = hub.store.stats();
    if hub.stopping.is_cancelled() {
        return Err(Problem::unavailable("The hub is stopping."));
    }
    if stats.flush_failures > 0 {
        let what = "The disk refused a write, so nothing is acknowledged any more. Make room on the disk and restart the hub.";
        return Err(Problem::unavailable(format!("{what} {}", stats.problems.join(" "))));
    }
    Ok("ready\n")
}

/// Counters and gauges in Prometheus' text format; no pseudonym, token or lesson id in any label.
#[utoipa::path(get, path = "/metrics", responses((status = 200, description = "Prometheus text format 0.0.4", body = String)))]
pub async fn metrics(State(hub): State<Hub>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (StatusCode::OK, kind, crate::telemetry::metrics::render(&hub))
}
