//! What comes from other hubs: files, subscriptions, and whose word counts.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use messwerk_lessons::release::LABEL;
use messwerk_store::catalogue::Source;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::missing;
use crate::api::blocking;
use crate::api::extract::{At, Body, Parameters};
use crate::api::problem::Problem;
use crate::api::who::Teacher;
use crate::release::import::{self, ImportError, Taken, Way};
use crate::release::pull::{self, Brought};
use crate::release::{key, plan, signed};
use crate::state::Hub;
use crate::web::body::{Unread, read};

/// A file has so long to arrive.
const ARRIVAL: Duration = Duration::from_secs(30);

/// What became of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Imported {
    /// The release's id.
    pub id: String,
    /// Whether it is new here; `false` for one that was here already, bit by bit.
    pub new: bool,
    /// Whether it is offered for comparison; `false`: its source is unknown, and a teacher has to say so.
    pub used: bool,
    /// Whether this hub has its template.
    pub comparable: bool,
    /// What it says.
    #[schema(value_type = Object)]
    pub release: Value,
}

/// Takes in a release file that came by hand.
#[utoipa::path(post, path = "/api/v1/releases", request_body(content = String, content_type = "application/octet-stream"), responses((status = 201, body = Imported), (status = 200, body = Imported, description = "it was here already"), (status = 400, body = Problem, description = "it is no release (`release_unreadable`, `release_written`, `release_format`), its signature does not fit (`release_signature`), its clock was wrong (`release_future`), its numbers contradict each other (`release_contradiction`) or tell of few (`release_small_k`)"), (status = 409, body = Problem, description = "it was withdrawn (`release_withdrawn`), or another one has its id (`release_other_content`)"), (status = 408, body = Problem, description = "it did not arrive within 30 s (`too_slow`)"), (status = 413, body = Problem, description = "`release_too_large`")), security(("token" = [])))]
pub async fn import(State(hub): State<Hub>, _: Teacher, body: axum::body::Body) -> Result<Response, Problem> {
    let file = read(body, signed::LARGEST, ARRIVAL).await.map_err(|unread| match unread {
        Unread::TooLarge => refused(&ImportError::TooLarge),
        other => other.refuse(signed::LARGEST, &hub.web),
    })?;
    let now = hub.clock.now();
    let taken = blocking(move || {
        let catalogue = hub.store.catalogue();
        let taken = import::take(catalogue, now, &file, Way::Hand).map_err(|error| refused(&error))?;
        // Where it was here before, what was said of it then holds.
        let used = match &taken {
            Taken::New { used, .. } => *used,
            Taken::Known(release) => catalogue.foreign_release(&release.id)?.is_some_and(|kept| kept.used),
        };
        let (Taken::New { release, .. } | Taken::Known(release)) = &taken;
        let fits = plan::is_here(catalogue, release)?;
        Ok((taken, used, fits))
    });
    let (taken, used, comparable) = taken.await?;
    let new = matches!(taken, Taken::New { .. });
    let (Taken::New { release, .. } | Taken::Known(release)) = taken;
    let value = serde_json::to_value(&release).map_err(|error| Problem::internal(&error))?;
    let imported = Imported { id: release.id.clone(), new, used, comparable, release: value };
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(imported)).into_response())
}

fn refused(error: &ImportError) -> Problem {
    let detail = format!("This release is not taken: {error}.");
    let problem = match error {
        ImportError::TooLarge => Problem::too_large(detail),
        ImportError::Withdrawn | ImportError::OtherContent | ImportError::Full => Problem::conflict(detail),
        ImportError::Store(_) => Problem::unavailable(detail),
        _ => Problem::bad_request(detail),
    };
    problem.coded(error.code())
}

/// A teacher's word about a release of another hub.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// Whether it is offered for comparison.
    pub used: bool,
    /// The name of its source, to know its key from now on: everything that is signed with it is offered then.
    #[serde(default)]
    pub source: Option<String>,
}

/// Says whether a release of an unknown source is used, or that its source is known.
#[utoipa::path(put, path = "/api/v1/releases/{release}/use", params(("release" = String, Path)), request_body = Word, responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn say(State(hub): State<Hub>, _: Teacher, At(id): At<String>, Body(word): Body<Word>) -> Result<StatusCode, Problem> {
    blocking(move || {
        let catalogue = hub.store.catalogue();
        let kept = catalogue.foreign_release(&id)?.ok_or_else(|| missing(&id))?;
        if let Some(name) = &word.source {
            let name = name.trim();
            if !(1..=LABEL).contains(&name.chars().count()) || name.chars().any(char::is_control) {
                return Err(Problem::bad_request(format!("The name of a source has 1 to {LABEL} characters.")).coded("release_name"));
            }
            catalogue.add_source(&Source { key: kept.key, name: name.to_owned(), known: hub.clock.now() })?;
        }
        catalogue.use_foreign_release(&id, word.used)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Which source.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhichSource {
    /// Its public key.
    key: String,
}

/// Forgets a known source. What came from it stays until it is removed.
#[utoipa::path(delete, path = "/api/v1/releases/sources", params(WhichSource), responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn forget(State(hub): State<Hub>, _: Teacher, Parameters(which): Parameters<WhichSource>) -> Result<StatusCode, Problem> {
    if !key::is_public(&which.key) {
        return Err(Problem::bad_request("This is no public key; /api/v1/releases lists those that are known."));
    }
    blocking(move || Ok(hub.store.catalogue().remove_source(&which.key)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What asking a subscription brought.
#[derive(Debug, Serialize, ToSchema)]
pub struct Look {
    /// Its address.
    pub url: String,
    /// What came; `null` if it could not be asked.
    pub brought: Option<Brought>,
    /// What is wrong, with its fix.
    pub error: Option<String>,
}

/// Asks all subscriptions now.
#[utoipa::path(post, path = "/api/v1/releases/pull", responses((status = 200, body = Vec<Look>)), security(("token" = [])))]
pub async fn pull(State(hub): State<Hub>, _: Teacher) -> Json<Vec<Look>> {
    let look = |(url, look): (String, Result<Brought, String>)| match look {
        Ok(brought) => Look { url, brought: Some(brought), error: None },
        Err(error) => Look { url, brought: None, error: Some(error) },
    };
    Json(pull::now(&hub, false).await.into_iter().map(look).collect())
}
