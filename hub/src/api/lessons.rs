//! Lessons: make, list, look at, end; and joining one.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use messwerk_lessons::Micros;
use messwerk_lessons::frame::Component;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{self, Template};
use messwerk_store::catalogue::Lesson;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::problem::Problem;
use crate::api::who::Teacher;
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

/// A join code as typed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Join {
    /// Six digits; blanks and hyphens do not matter.
    #[schema(example = "123456")]
    pub code: String,
}

/// A Thing that just joined. The token is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Joined {
    /// Its id.
    #[schema(value_type = String)]
    pub thing: ThingId,
    /// Its lesson.
    #[schema(value_type = String)]
    pub lesson: LessonId,
    /// Its generated name.
    pub nickname: String,
    /// Its credential: 22 characters of base64url.
    pub token: String,
    /// Where it POSTs readings.
    pub ingest_url: String,
    /// Where it publishes them instead.
    pub mqtt: MqttAddress,
}

/// Where a Thing publishes.
#[derive(Debug, Serialize, ToSchema)]
pub struct MqttAddress {
    /// `host:port` of the MQTT door, as reached from where the request came.
    pub address: String,
    /// The topic for its acceleration; the token in it is the credential.
    pub topic: String,
}

/// The body of a request, or a Problem that says what is wrong with it.
pub fn body<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Problem> {
    body.map(|Json(value)| value).map_err(|rejection| Problem::bad_request(format!("The body does not fit: {}.", rejection.body_text())))
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

fn host_name(headers: &HeaderMap) -> &str {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    // An IPv6 address keeps its brackets; what follows the last colon outside them is the port.
    match host.rfind(':') {
        Some(colon) if !host[colon..].contains(']') => &host[..colon],
        _ => host,
    }
}

/// Makes a lesson from a template.
#[utoipa::path(post, path = "/api/v1/lessons", request_body = NewLesson, responses((status = 201, body = CreatedLesson), (status = 400, body = Problem), (status = 401, body = Problem)), security(("token" = [])))]
pub async fn create(
    State(hub): State<Hub>,
    _: Teacher,
    headers: HeaderMap,
    request: Result<Json<NewLesson>, JsonRejection>,
) -> Result<(StatusCode, Json<CreatedLesson>), Problem> {
    let template = body(request)?.template;
    if template::builtin(&template).is_none() {
        let names: Vec<&str> = template::builtins().iter().map(|template| template.id.as_str()).collect();
        return Err(Problem::bad_request(format!("There is no template {template:?}. There are: {}.", names.join(", "))));
    }
    let catalogue = hub.store.catalogue();
    let mut code = mint::join_code();
    while catalogue.lesson_by_code(&code)?.is_some() {
        code = mint::join_code();
    }
    let lesson = Lesson { id: mint::lesson_id(), template, code, created: hub.clock.now(), ended: None };
    catalogue.add_lesson(&lesson)?;
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

fn view(lesson: &Lesson, for_teacher: bool) -> Result<LessonView, Problem> {
    let template = template_of(lesson)?;
    let json = |value: Result<Value, serde_json::Error>| value.map_err(|error| Problem::internal(&error));
    Ok(LessonView {
        id: lesson.id,
        template: lesson.template.clone(),
        title: json(serde_json::to_value(&template.title))?,
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
pub async fn show(
    State(hub): State<Hub>,
    teacher: Option<crate::api::who::Someone>,
    Path(id): Path<String>,
) -> Result<Json<LessonView>, Problem> {
    let for_teacher = matches!(teacher, Some(crate::api::who::Someone(crate::access::Bearer::Teacher)));
    view(&find(&hub, &id)?, for_teacher).map(Json)
}

/// Ends a lesson: it records no more, its code is free, its readings are sealed into Parquet.
#[utoipa::path(post, path = "/api/v1/lessons/{id}/end", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn end(State(hub): State<Hub>, _: Teacher, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let lesson = find(&hub, &id)?;
    hub.store.catalogue().end_lesson(lesson.id, hub.clock.now())?;
    hub.access.forget(lesson.id);
    hub.fanout.forget(&format!("out/{}/#", lesson.id));
    hub.results.touch(lesson.id);
    // Also when it had ended before: a seal that failed is tried again by asking again.
    hub.store.seal(Some(lesson.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Joins the open lesson of a code.
#[utoipa::path(post, path = "/api/v1/join", request_body = Join, responses((status = 201, body = Joined), (status = 404, body = Problem)))]
pub async fn join(
    State(hub): State<Hub>,
    headers: HeaderMap,
    request: Result<Json<Join>, JsonRejection>,
) -> Result<(StatusCode, Json<Joined>), Problem> {
    let code: String = body(request)?.code.chars().filter(|character| !character.is_whitespace() && *character != '-').collect();
    let catalogue = hub.store.catalogue();
    let lesson = catalogue
        .lesson_by_code(&code)?
        .ok_or_else(|| Problem::not_found("No lesson is open under this code. Look at the board again: six digits."))?;
    let token = mint::token();
    let name = |number| mint::nickname(lesson.id, number);
    let thing = catalogue.add_thing(lesson.id, mint::thing_id(), &name, &token, hub.clock.now())?;
    hub.access.remember(&token, &lesson, &thing);
    hub.results.touch(lesson.id);
    let joined = Joined {
        thing: thing.id,
        lesson: lesson.id,
        nickname: thing.nickname,
        ingest_url: format!("{}/i/{token}", base_url(&headers)),
        mqtt: MqttAddress { address: format!("{}:{}", host_name(&headers), hub.mqtt.port()), topic: format!("in/{token}/acc") },
        token,
    };
    Ok((StatusCode::CREATED, Json(joined)))
}

#[cfg(test)]
mod tests;
