//! Drafts of templates: what somebody writes in the editor, kept on the hub until it is published or thrown away.

use axum::Json;
use axum::body::Body as RequestBody;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use messwerk_lessons::{Micros, physics};
use messwerk_store::catalogue::Draft;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::blocking;
use crate::api::extract::At;
use crate::api::problem::Problem;
use crate::api::templates::file;
use crate::api::who::Teacher;
use crate::mint;
use crate::shelf::files::{Files, MOST, Sent};
use crate::shelf::{of_files, starter, zip};
use crate::state::Hub;

/// The id of a new template, until its writer gives it another.
const NEW: &str = "my-lesson";

/// A draft as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftView {
    /// Its id, 16 hexadecimal digits.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// When it was begun, µs since 1970 UTC.
    pub made: Micros,
    /// When it was saved last; whoever saves says which one was changed.
    pub changed: Micros,
}

impl From<&Draft> for DraftView {
    fn from(draft: &Draft) -> Self {
        Self { id: format!("{:016x}", draft.id), title: draft.title.clone(), made: draft.made, changed: draft.changed }
    }
}

/// A draft with its files.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeDraft {
    /// What lists show.
    #[serde(flatten)]
    pub about: DraftView,
    /// Its files.
    #[serde(flatten)]
    pub files: Files,
    /// The scenarios that `[simulation]` can name.
    pub scenarios: Vec<&'static str>,
}

fn id_of(text: &str) -> Result<u64, Problem> {
    let id = u64::from_str_radix(text, 16).ok().filter(|id| format!("{id:016x}") == text);
    id.ok_or_else(|| Problem::not_found(format!("There is no draft {text}. GET /api/v1/drafts lists them.")))
}

/// A draft that is there and was not thrown away.
fn find(hub: &Hub, id: &str) -> Result<(Draft, Files), Problem> {
    let found = hub.store.catalogue().draft(id_of(id)?)?.filter(|(draft, _)| draft.removed.is_none());
    let (draft, bytes) =
        found.ok_or_else(|| Problem::not_found(format!("There is no draft {id} any more. GET /api/v1/drafts lists them.")))?;
    Ok((draft, serde_json::from_slice(&bytes).map_err(|error| Problem::internal(&error))?))
}

fn written(files: &Files) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(files).map_err(|error| Problem::internal(&error))
}

/// Stores a new draft. Blocks.
pub fn add(hub: &Hub, files: &Files) -> Result<DraftView, Problem> {
    let now = hub.clock.now();
    let draft = Draft { id: mint::lesson_id().0, title: files.title(), made: now, changed: now, removed: None };
    hub.store.catalogue().add_draft(&draft, &written(files)?)?;
    Ok(DraftView::from(&draft))
}

/// The drafts, the one saved last first.
#[utoipa::path(get, path = "/api/v1/drafts", responses((status = 200, body = Vec<DraftView>)), security(("token" = [])))]
pub async fn list(State(hub): State<Hub>, _: Teacher) -> Result<Json<Vec<DraftView>>, Problem> {
    let list = move || Ok(hub.store.catalogue().drafts()?.iter().filter(|draft| draft.removed.is_none()).map(DraftView::from).collect());
    blocking(list).await.map(Json)
}

/// Begins a draft: of the files of a template (JSON), of a `.lesson` file, or of a small template that is right (`{"files": {}}`).
#[utoipa::path(post, path = "/api/v1/drafts", request_body = Files, responses((status = 201, body = DraftView), (status = 409, body = Problem, description = "very many drafts (`drafts_full`)")), security(("token" = [])))]
pub async fn begin(State(hub): State<Hub>, _: Teacher, body: RequestBody) -> Result<(StatusCode, Json<DraftView>), Problem> {
    let files = match Sent::read(&hub, body).await? {
        Sent::Files(files) if files == Files::default() => {
            starter::files(NEW).ok_or_else(|| Problem::internal(&"the starter has no id"))?
        }
        sent => blocking(move || sent.files()).await?,
    };
    let draft = blocking(move || add(&hub, &files)).await?;
    Ok((StatusCode::CREATED, Json(draft)))
}

/// A draft with its files.
#[utoipa::path(get, path = "/api/v1/drafts/{draft}", params(("draft" = String, Path)), responses((status = 200, body = WholeDraft), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn show(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<Json<WholeDraft>, Problem> {
    let show = move || {
        let (draft, files) = find(&hub, &id)?;
        Ok(Json(WholeDraft { about: DraftView::from(&draft), files, scenarios: physics::scenarios().collect() }))
    };
    blocking(show).await
}

/// A draft as it is saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedDraft {
    /// `changed` of what it is made from.
    pub changed: Micros,
    /// All files.
    #[schema(value_type = Object)]
    pub files: std::collections::BTreeMap<String, crate::shelf::files::Content>,
}

/// Saves a draft, as wrong as it may be.
#[utoipa::path(put, path = "/api/v1/drafts/{draft}", request_body = SavedDraft, params(("draft" = String, Path)), responses((status = 200, body = DraftView), (status = 404, body = Problem), (status = 409, body = Problem, description = "somebody else has saved it since (`draft_changed`)")), security(("token" = [])))]
pub async fn save(State(hub): State<Hub>, _: Teacher, At(id): At<String>, body: RequestBody) -> Result<Json<DraftView>, Problem> {
    let bytes = crate::web::body::read(body, MOST, hub.web_limits.body_time).await.map_err(|unread| unread.refuse(MOST, &hub.web))?;
    let save = move || {
        let wrong = |error: serde_json::Error| {
            Problem::bad_request(format!("This is no draft: {error}. Send {{\"changed\": …, \"files\": {{…}}}}."))
        };
        let SavedDraft { changed, files } = serde_json::from_slice(&bytes).map_err(wrong)?;
        let files = Files { files };
        let (draft, _) = find(&hub, &id)?;
        let title = files.title();
        let changed = hub.store.catalogue().save_draft(draft.id, changed, &title, &written(&files)?, hub.clock.now())?;
        Ok(Json(DraftView::from(&Draft { title, changed, ..draft })))
    };
    blocking(save).await
}

/// A draft as a `.lesson` file.
#[utoipa::path(get, path = "/api/v1/drafts/{draft}/download", params(("draft" = String, Path)), responses((status = 200, content_type = "application/zip"), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn download(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<Response, Problem> {
    let pack = move || {
        let (_, files) = find(&hub, &id)?;
        zip(&of_files(files.bytes()?)?)
    };
    Ok(file("draft", blocking(pack).await?))
}

/// Throws a draft away; for 30 days it can be had back.
#[utoipa::path(delete, path = "/api/v1/drafts/{draft}", params(("draft" = String, Path)), responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn remove(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<StatusCode, Problem> {
    change(hub, id, true).await
}

/// Gets a draft back.
#[utoipa::path(post, path = "/api/v1/drafts/{draft}/restore", params(("draft" = String, Path)), responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn restore(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<StatusCode, Problem> {
    change(hub, id, false).await
}

async fn change(hub: Hub, id: String, away: bool) -> Result<StatusCode, Problem> {
    let id = id_of(&id)?;
    let change = move || Ok(hub.store.catalogue().remove_draft(id, away.then(|| hub.clock.now()))?);
    blocking(change).await?;
    Ok(StatusCode::NO_CONTENT)
}
