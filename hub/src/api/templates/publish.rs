//! Templates onto the shelf and off it, and a draft made of one.

use axum::Json;
use axum::body::Body as RequestBody;
use axum::extract::State;
use axum::http::StatusCode;
use messwerk_store::catalogue::Origin;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{TemplateView, Which, view};
use crate::api::drafts::{DraftView, add};
use crate::api::extract::{At, Body, Parameters};
use crate::api::problem::Problem;
use crate::api::who::Teacher;
use crate::api::{blocking, templates::trial::turn};
use crate::shelf::files::{Files, Sent};
use crate::shelf::fork::{fork, free_id};
use crate::state::Hub;

/// Puts a template on the school's shelf: a `.lesson` file, or its files as JSON. What has mistakes is refused with all of them; so is
/// another template under an id and version that are there already.
#[utoipa::path(post, path = "/api/v1/templates", request_body = Files, responses(
    (status = 200, body = TemplateView, description = "this very version is on the shelf already"),
    (status = 201, body = TemplateView),
    (status = 400, body = Problem, description = "no template (`template_no_zip`, `template_path` …), one with mistakes (`template_mistakes`, all of them in `found`), or one whose signature does not fit (`template_signature`)"),
    (status = 409, body = Problem, description = "another one has this id and version (`template_version_taken`), the id belongs to a template of the hub (`template_id_taken`), or the shelf is full (`shelf_full`)"),
    (status = 413, body = Problem, description = "too large (`template_large` …)"),
), security(("token" = [])))]
pub async fn publish(State(hub): State<Hub>, _: Teacher, body: RequestBody) -> Result<(StatusCode, Json<TemplateView>), Problem> {
    let sent = Sent::read(&hub, body).await?;
    let place = turn(&hub).await?;
    let publish = move || {
        // Held while it is computed, whoever hangs up.
        let _place = place;
        let origin = if matches!(sent, Sent::Zip(_)) { Origin::Imported } else { Origin::Made };
        hub.shelf.publish(&sent.bundle()?, origin, hub.clock.now())
    };
    let (known, new) = blocking(publish).await?;
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(view(&known))))
}

/// Takes a version off the shelf. Lessons that were made with it keep it; it can be put back for 30 days.
#[utoipa::path(delete, path = "/api/v1/templates/{template}", params(("template" = String, Path), ("version" = String, Query)), responses((status = 204), (status = 404, body = Problem, description = "`unknown_template`; a template of the hub cannot be taken off")), security(("token" = [])))]
pub async fn withdraw(
    State(hub): State<Hub>,
    _: Teacher,
    At(id): At<String>,
    Parameters(which): Parameters<Which>,
) -> Result<StatusCode, Problem> {
    change(hub, id, which, true).await
}

/// Puts a version back on the shelf.
#[utoipa::path(post, path = "/api/v1/templates/{template}/restore", params(("template" = String, Path), ("version" = String, Query)), responses((status = 204), (status = 404, body = Problem, description = "`unknown_template`")), security(("token" = [])))]
pub async fn restore(
    State(hub): State<Hub>,
    _: Teacher,
    At(id): At<String>,
    Parameters(which): Parameters<Which>,
) -> Result<StatusCode, Problem> {
    change(hub, id, which, false).await
}

async fn change(hub: Hub, id: String, which: Which, off: bool) -> Result<StatusCode, Problem> {
    let version = which.version.ok_or_else(|| Problem::bad_request("Say which version: ?version=1.0.0."))?;
    let change = move || {
        let now = hub.clock.now();
        hub.shelf.withdraw(&id, &version, off.then_some(now), now)
    };
    blocking(change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a template is to be forked.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewFork {
    /// Its own id; a free one beside the other's without it.
    pub id: Option<String>,
    /// Who writes it; the other's authors without it.
    pub authors: Option<Vec<String>>,
}

/// Makes a draft of a template: under an id of its own, with its origin written down.
#[utoipa::path(post, path = "/api/v1/templates/{template}/fork", request_body = NewFork, params(("template" = String, Path), ("version" = Option<String>, Query, description = "the newest without it")), responses((status = 201, body = DraftView), (status = 404, body = Problem, description = "`unknown_template`"), (status = 409, body = Problem, description = "very many drafts (`drafts_full`)")), security(("token" = [])))]
pub async fn forked(
    State(hub): State<Hub>,
    _: Teacher,
    At(id): At<String>,
    Parameters(which): Parameters<Which>,
    Body(new): Body<NewFork>,
) -> Result<(StatusCode, Json<DraftView>), Problem> {
    let make = move || {
        let known = hub.shelf.find(&id, which.version.as_deref())?;
        let files = Files::of(&hub.shelf.bundle(&known)?);
        let all = hub.shelf.all()?;
        let own = new.id.unwrap_or_else(|| free_id(&id, |id| all.iter().any(|known| known.entry.id == id)));
        let files = fork(files, &known.template, &known.entry.hash.to_string(), &own, new.authors.as_deref())?;
        add(&hub, &files)
    };
    Ok((StatusCode::CREATED, Json(blocking(make).await?)))
}
