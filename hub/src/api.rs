//! The API below `/api/v1`, the readings' door `/i/{token}`, health and metrics. One file per subject; every handler is
//! described for OpenAPI where it stands.

pub mod extract;
pub mod health;
pub mod ingest;
pub mod join;
pub mod lessons;
pub mod live;
pub mod mqtt;
pub mod openapi;
pub mod problem;
pub mod questions;
pub mod things;
pub mod who;

use axum::Router;
use axum::routing::{any, get, patch, post, put};

use crate::api::problem::Problem;
use crate::state::Hub;

/// Runs what waits for the disk on a thread that may wait. The catalogue's reads take microseconds and are made where
/// they are needed; its writes wait for the disk.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Problem> + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(Problem::internal(&error)))
}

/// Every route of the API.
pub fn routes() -> Router<Hub> {
    Router::new()
        .route("/api/v1/lessons", post(lessons::create).get(lessons::list))
        .route("/api/v1/lessons/{id}", get(lessons::show))
        .route("/api/v1/lessons/{id}/end", post(lessons::end))
        .route("/api/v1/join", post(join::join))
        .route("/api/v1/things/{thing}", patch(things::set_inputs))
        .route("/api/v1/things/{thing}/runs/{run}/exclusion", put(things::exclude))
        .route("/api/v1/lessons/{id}/observations", get(questions::observations))
        .route("/api/v1/lessons/{id}/aggregates", get(questions::aggregates))
        .route("/api/v1/lessons/{id}/latest", get(questions::latest))
        .route("/api/v1/lessons/{id}/outcomes", get(questions::outcomes))
        .route("/api/v1/lessons/{id}/rejections", get(questions::rejections))
        .route("/api/v1/lessons/{id}/live", get(live::watch))
        .route("/api/v1/lessons/{id}/figures/{figure}", get(questions::figure))
        .route("/api/v1/openapi.json", get(openapi::document))
        .route("/i/{token}", post(ingest::receive))
        .route("/mqtt", any(mqtt::upgrade))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
}
