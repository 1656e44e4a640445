//! Templates looked through and tried, without keeping anything.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use messwerk_lessons::bundle::{self, Bundle, BundleError};
use messwerk_viz_wasm::words::Lang;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use utoipa::ToSchema;

use crate::api::blocking;
use crate::api::extract::Parameters;
use crate::api::problem::Problem;
use crate::api::who::Teacher;
use crate::shelf::files::{Files, Sent};
use crate::shelf::preview;
use crate::state::Hub;

/// How long somebody waits for those before him.
const PATIENCE: Duration = Duration::from_secs(20);

/// A turn to read or try a template.
pub async fn turn(hub: &Hub) -> Result<OwnedSemaphorePermit, Problem> {
    of(&hub.shelf.turns).await
}

/// A turn to read what is on the shelf.
pub async fn reader(hub: &Hub) -> Result<OwnedSemaphorePermit, Problem> {
    of(&hub.shelf.readers).await
}

async fn of(turns: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Problem> {
    let turn = tokio::time::timeout(PATIENCE, Arc::clone(turns).acquire_owned()).await;
    turn.ok()
        .and_then(Result::ok)
        .ok_or_else(|| Problem::unavailable("Several templates are being looked at just now. Send yours again in a moment."))
}

/// What was found in a template.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lint {
    /// Each with `file`, `line` and `column` (from 1; 0 for a whole file), `key`, `level` (`error`, `warning`, `hint`), `code`, and in both
    /// languages `text` (what is wrong) and `fix` (what to do).
    #[schema(value_type = Vec<Object>)]
    pub findings: Value,
    /// SHA-256 of its files' listing; `null` of what is no template at all.
    pub sha256: Option<String>,
}

/// Says what is wrong with a template, and what would be right. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/templates/lint", request_body = Files, responses((status = 200, body = Lint)), security(("token" = [])))]
pub async fn lint(State(hub): State<Hub>, _: Teacher, body: Body) -> Result<Json<Lint>, Problem> {
    let sent = Sent::read(&hub, body).await?;
    let place = turn(&hub).await?;
    let look = move || {
        let _place = place;
        let read = match &sent {
            Sent::Zip(bytes) => Bundle::from_zip(bytes),
            Sent::Files(files) => Bundle::from_files(files.bytes()?),
        };
        Ok(Json(match read {
            Ok(bundle) => Lint { findings: json!(bundle::lint(&bundle)), sha256: Some(bundle.sha256()) },
            Err(error) => Lint { findings: json!([no_template(&error)]), sha256: None },
        }))
    };
    blocking(look).await
}

/// What is no template at all, as a finding.
fn no_template(error: &BundleError) -> Value {
    let nothing = json!({"de": "", "en": ""});
    json!({"file": bundle::PLAN, "line": 0, "column": 0, "key": "", "level": "error", "code": error.kind(), "text": error.text(), "fix": nothing})
}

/// In which language.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Spoken {
    lang: Option<String>,
}

/// Tries a template with a simulated class.
#[utoipa::path(post, path = "/api/v1/templates/preview", request_body = Files, params(("lang" = Option<String>, Query, description = "language of numbers and figures: `de` or `en` (default)")), responses((status = 200, body = Object, description = "`fixtures` with what came out of each, `steps`, `groups` with their results and hints, and the board's `figures` as SVG"), (status = 400, body = Problem, description = "no template, or its plan has mistakes (`template_mistakes`)")), security(("token" = [])))]
pub async fn preview(
    State(hub): State<Hub>,
    _: Teacher,
    Parameters(spoken): Parameters<Spoken>,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let sent = Sent::read(&hub, body).await?;
    let place = turn(&hub).await?;
    let language = Lang::from_tag(spoken.lang.as_deref().unwrap_or("en"));
    let attempt = move || {
        let _place = place;
        preview::preview(&sent.bundle()?, language).map(Json)
    };
    blocking(attempt).await
}
