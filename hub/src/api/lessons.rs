//! Lessons: make, list, look at, end.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use messwerk_lessons::Micros;
use messwerk_lessons::frame::Component;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{self, Template};
use messwerk_store::catalogue::Lesson;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::access::Bearer;
use crate::api::blocking;
use crate::api::extract::{At, Body};
use crate::api::problem::Problem;
use crate::api::who::{Someone, Teacher};
use crate::mint;
use crate::state::Hub;

/// What a new lesson is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLesson {
    /// The template's folder name: `pendulum`.
    #[schema(example = "pendulum")]
    pub template: String,
}

/// A lesson just made: open and recording.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedLesson {
    /// Its id.
    #[schema(value_type = String)]
    pub id: LessonId,
    /// The join code, to be read aloud or typed.
    pub code: String,
    /// The page that joins, with the code in the fragment.
    pub join_url: String,
    /// The read-only board for the projector.
    pub board_url: String,
}

/// A lesson as lists and pages see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LessonView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: LessonId,
    /// The template's folder name.
    pub template: String,
    /// The template's title by language (`de`, `en`).
    #[schema(value_type = Object)]
    pub title: Value,
    /// What a group does, by language.
    #[schema(value_type = Object)]
    pub task: Value,
    /// `recording` or `ended`.
    pub state: &'static str,
    /// When it was made, µs since 1970 UTC.
    pub created: Micros,
    /// What each Thing is asked to type in.
    #[schema(value_type = Vec<Object>)]
    pub inputs: Value,
    /// The join code; only for a teacher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// The lesson of a path, or the Problem that there is none.
pub fn find(hub: &Hub, id: &str) -> Result<Lesson, Problem> {
    let missing = || Problem::not_found(format!("There is no lesson {id}. Check the address, or make a new lesson."));
    let id: LessonId = id.parse().map_err(|_| missing())?;
    hub.store.catalogue().lesson(id)?.ok_or_else(missing)
}

/// The built-in template of a lesson; every stored lesson has one, because `create` refuses others.
pub fn template_of(lesson: &Lesson) -> Result<&'static Template, Problem> {
    template::builtin(&lesson.template)
        .ok_or_else(|| Problem::internal(&format!("lesson {} has the unknown template {}", lesson.id, lesson.template)))
}

/// What the board draws: property and component of the template's first trace.
pub fn main_trace(lesson: &Lesson) -> Result<(ObservedProperty, Component), Problem> {
    let trace = template_of(lesson)?.trace();
    trace.ok_or_else(|| Problem::internal(&format!("the template {} draws nothing", lesson.template)))
}

/// `http://host:port` as the asker wrote it, so that the answer's addresses work from where it asks.
pub fn base_url(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

/// Makes a lesson from a template.
#[utoipa::path(post, path = "/api/v1/lessons", request_body = NewLesson, responses((status = 201, body = CreatedLesson), (status = 400, body = Problem), (status = 401, body = Problem)), security(("token" = [])))]
pub async fn create(
    State(hub): State<Hub>,
    _: Teacher,
    headers: HeaderMap,
    Body(NewLesson { template }): Body<NewLesson>,
) -> Result<(StatusCode, Json<CreatedLesson>), Problem> {
    if template::builtin(&template).is_none() {
        let names: Vec<&str> = template::builtins().iter().map(|template| template.id.as_str()).collect();
        return Err(Problem::bad_request(format!("There is no template {template:?}. There are: {}.", names.join(", "))));
    }
    let making = hub.clone();
    let lesson = blocking(move || make(&making, template)).await?;
    tracing::info!(lesson = %lesson.id, template = lesson.template, "lesson made");
    let base = base_url(&headers);
    let created = CreatedLesson {
        id: lesson.id,
        join_url: format!("{base}/j#c={}", lesson.code),
        board_url: format!("{base}/b/{}", lesson.id),
        code: lesson.code,
    };
    Ok((StatusCode::CREATED, Json(created)))
}

/// Stores a new lesson under a code that no open lesson has.
fn make(hub: &Hub, template: String) -> Result<Lesson, Problem> {
    let catalogue = hub.store.catalogue();
    let mut code = mint::join_code();
    while catalogue.lesson_by_code(&code)?.is_some() {
        code = mint::join_code();
    }
    let lesson = Lesson { id: mint::lesson_id(), template, code, created: hub.clock.now(), ended: None };
    catalogue.add_lesson(&lesson)?;
    Ok(lesson)
}

fn view(lesson: &Lesson, for_teacher: bool) -> Result<LessonView, Problem> {
    let template = template_of(lesson)?;
    let json = |value: Result<Value, serde_json::Error>| value.map_err(|error| Problem::internal(&error));
    Ok(LessonView {
        id: lesson.id,
        template: lesson.template.clone(),
        title: json(serde_json::to_value(&template.title))?,
        task: json(serde_json::to_value(&template.task))?,
        state: if lesson.ended.is_none() { "recording" } else { "ended" },
        created: lesson.created,
        inputs: json(serde_json::to_value(&template.inputs))?,
        code: for_teacher.then(|| lesson.code.clone()),
    })
}

/// All lessons, newest first.
#[utoipa::path(get, path = "/api/v1/lessons", responses((status = 200, body = Vec<LessonView>), (status = 401, body = Problem)), security(("token" = [])))]
pub async fn list(State(hub): State<Hub>, _: Teacher) -> Result<Json<Vec<LessonView>>, Problem> {
    hub.store.catalogue().lessons()?.iter().map(|lesson| view(lesson, true)).collect::<Result<_, _>>().map(Json)
}

/// One lesson; who knows its id may look.
#[utoipa::path(get, path = "/api/v1/lessons/{id}", params(("id" = String, Path)), responses((status = 200, body = LessonView), (status = 404, body = Problem)))]
pub async fn show(State(hub): State<Hub>, teacher: Option<Someone>, At(id): At<String>) -> Result<Json<LessonView>, Problem> {
    let for_teacher = matches!(teacher, Some(Someone(Bearer::Teacher)));
    view(&find(&hub, &id)?, for_teacher).map(Json)
}

/// Ends a lesson: it records no more, its code is free, its readings are sealed into Parquet.
#[utoipa::path(post, path = "/api/v1/lessons/{id}/end", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn end(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<StatusCode, Problem> {
    let (lesson, ending) = (find(&hub, &id)?.id, hub.clone());
    blocking(move || Ok(ending.store.catalogue().end_lesson(lesson, ending.clock.now())?)).await?;
    hub.access.forget(lesson);
    hub.fanout.forget(&format!("out/{lesson}/#"));
    hub.touch(lesson);
    // Also when it had ended before: a seal that failed is tried again by asking again.
    hub.store.seal(Some(lesson)).await?;
    Ok(StatusCode::NO_CONTENT)
}
