//! Releases: see what would leave, let it, take it back; take in what others shared; the catalogue for everybody.

pub mod foreign;
pub mod public;
pub mod view;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use messwerk_store::catalogue::LogEntry;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use self::view::{OwnView, ReleasesView};
use crate::api::blocking;
use crate::api::extract::{At, Body};
use crate::api::lessons::find;
use crate::api::problem::Problem;
use crate::api::who::Teacher;
use crate::mint;
use crate::release::catalog::Withdrawal;
use crate::release::make::{self, Wanted};
use crate::release::signed::sha256;
use crate::state::Hub;

/// What would leave.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// Its id, to release it under.
    pub id: String,
    /// SHA-256 of `json`, to release just this.
    pub sha256: String,
    /// The document that is signed, byte by byte.
    pub json: String,
    /// The same, to be shown in words.
    #[schema(value_type = Object)]
    pub release: Value,
}

/// Shows exactly what would leave of a lesson, and leaves it at that.
#[utoipa::path(post, path = "/api/v1/lessons/{id}/releases/preview", params(("id" = String, Path)), request_body = Wanted, responses((status = 200, body = Preview), (status = 409, body = Problem, description = "the lesson is open (`lesson_open`), too few results count (`release_too_few`), the template does not share that (`release_not_allowed`), or an earlier release differs by few (`release_difference`) or not at all (`release_again`)")), security(("token" = [])))]
pub async fn preview(State(hub): State<Hub>, _: Teacher, At(id): At<String>, Body(wanted): Body<Wanted>) -> Result<Json<Preview>, Problem> {
    let lesson = find(&hub, &id)?;
    let prepared = make::prepare(&hub, &lesson, &wanted, mint::token()).await?;
    let release = serde_json::to_value(&prepared.release).map_err(|error| Problem::internal(&error))?;
    let json = String::from_utf8_lossy(&prepared.json).into_owned();
    Ok(Json(Preview { id: prepared.release.id, sha256: sha256(&prepared.json), json, release }))
}

/// What is to leave, as it was previewed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRelease {
    /// What the teacher wants to share: as for the preview.
    pub wanted: Wanted,
    /// The preview's id.
    pub id: String,
    /// The preview's SHA-256: nothing else leaves than what was seen.
    pub sha256: String,
}

/// Releases what was previewed: from now on it can be downloaded, and is in the catalogue if it is public.
#[utoipa::path(post, path = "/api/v1/lessons/{id}/releases", params(("id" = String, Path)), request_body = NewRelease, responses((status = 201, body = OwnView), (status = 409, body = Problem, description = "as for the preview, or something has changed since (`release_changed`)")), security(("token" = [])))]
pub async fn create(State(hub): State<Hub>, _: Teacher, At(id): At<String>, Body(new): Body<NewRelease>) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    if !mint::is_token(&new.id) {
        return Err(Problem::bad_request("The id is none of a preview: ask for the preview first."));
    }
    let prepared = make::prepare(&hub, &lesson, &new.wanted, new.id).await?;
    if sha256(&prepared.json) != new.sha256 {
        let detail = "Something has changed since the preview, and only what was seen may leave. Look at the preview again.";
        return Err(Problem::conflict(detail).coded("release_changed"));
    }
    let own = blocking(move || make::release(&hub, &lesson, &prepared, new.wanted.public)).await?;
    Ok((StatusCode::CREATED, Json(OwnView::of(&own)?)).into_response())
}

/// This hub's releases, those of other hubs, known sources and subscriptions.
#[utoipa::path(get, path = "/api/v1/releases", responses((status = 200, body = ReleasesView)), security(("token" = [])))]
pub async fn list(State(hub): State<Hub>, _: Teacher) -> Result<Json<ReleasesView>, Problem> {
    blocking(move || ReleasesView::of(&hub)).await.map(Json)
}

/// The signed file of a release, to hand it on. Whoever downloads one of this hub's own counts as somebody who has it.
#[utoipa::path(get, path = "/api/v1/releases/{release}/file", params(("release" = String, Path)), responses((status = 200, description = "the file", content_type = "application/zip"), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn file(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<Response, Problem> {
    let name = format!("attachment; filename=\"{}.release\"", if mint::is_token(&id) { id.as_str() } else { "messwerk" });
    let file = blocking(move || {
        let catalogue = hub.store.catalogue();
        if let Some(own) = catalogue.release(&id)? {
            // Withdrawn since it was read: nobody has it, and nobody gets it.
            return if catalogue.give_release(&id, hub.clock.now())? { Ok(own.file) } else { Err(missing(&id)) };
        }
        catalogue.foreign_release(&id)?.map(|foreign| foreign.file).ok_or_else(|| missing(&id))
    });
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, file.await?).into_response())
}

fn missing(id: &str) -> Problem {
    Problem::not_found(format!("There is no release {} here; it may have been withdrawn.", id.chars().take(22).collect::<String>()))
}

/// What became of a release that was to go.
#[derive(Debug, Serialize, ToSchema)]
pub struct Gone {
    /// Whether this hub withdrew it; else it was another hub's and is only not here any more.
    pub withdrawn: bool,
    /// Whether somebody had it: the withdrawal is in the catalogue then, and subscribers know it within a day. `false`: it is as if it
    /// had never been.
    pub told: bool,
}

/// Withdraws one of this hub's releases, or removes another hub's from here.
#[utoipa::path(delete, path = "/api/v1/releases/{release}", params(("release" = String, Path)), responses((status = 200, body = Gone), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn withdraw(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<Json<Gone>, Problem> {
    let gone = blocking(move || {
        let catalogue = hub.store.catalogue();
        let now = hub.clock.now();
        let Some(own) = catalogue.release(&id)? else {
            catalogue.foreign_release(&id)?.ok_or_else(|| missing(&id))?;
            catalogue.remove_foreign_release(&id)?;
            catalogue.tidy()?;
            return Ok(Gone { withdrawn: false, told: false });
        };
        // Made before it is known whether it is needed: between the look and the change somebody may fetch it.
        let key = hub.sharing.key.get().map_err(|error| Problem::internal(&format!("{error:#}")))?;
        let tombstone = Withdrawal::sign(&id, now, &key).map_err(|error| Problem::internal(&error))?;
        let told = catalogue.withdraw_release(&id, || tombstone)?;
        hub.sharing.shelf.changed();
        catalogue.tidy()?;
        let lesson = own.lesson.map(|lesson| catalogue.lesson(lesson)).transpose()?.flatten();
        match lesson {
            Some(lesson) => hub.flow.log(&lesson, "teacher", "lesson.withdraw", id)?,
            None => {
                let (who, what) = ("teacher".to_owned(), "lesson.withdraw".to_owned());
                catalogue.log(&LogEntry { at: now, who, lesson: None, what, detail: id })?;
            }
        }
        Ok(Gone { withdrawn: true, told })
    });
    gone.await.map(Json)
}
