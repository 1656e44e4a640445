//! Lessons: make, list, look at, end.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::Template;
use messwerk_store::catalogue::Lesson;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::access::Bearer;
use crate::address::Address;
use crate::api::blocking;
use crate::api::extract::{At, Body};
use crate::api::problem::Problem;
use crate::api::qr;
use crate::api::who::{Someone, Teacher};
use crate::flow::LessonFlow;
use crate::flow::commands::{Command, obey};
use crate::flow::state::{LessonState, Phase, Telling};
use crate::mint;
use crate::shelf::Choice;
use crate::state::Hub;
use crate::station;

/// What a new lesson is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLesson {
    /// The template's id: `pendulum`.
    #[schema(example = "pendulum")]
    pub template: String,
    /// Which version of it; the newest one that the library has without it.
    #[serde(default)]
    pub version: Option<String>,
    /// `true`: a teacher leads it, and it keeps readings only from start to stop. Without it, it records from now to its end.
    #[serde(default)]
    pub led: bool,
    /// The most Things in it at a time; 35 for a led lesson, else as many as the hub allows.
    #[serde(default)]
    pub seats: Option<u32>,
}

/// Seats of a led lesson: a class, and some who scan twice.
const SEATS: u32 = 35;

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
    /// The template's id.
    pub template: String,
    /// Its version.
    pub template_version: String,
    /// SHA-256 of the very files it was made with; `null` of a lesson of an older hub.
    pub template_sha256: Option<String>,
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
    /// Whether a teacher leads it.
    pub led: bool,
    /// `lobby`, `countdown`, `measuring`, `stopped` or `ended`.
    pub phase: &'static str,
    /// When it ended, if it did.
    pub ended: Option<Micros>,
    /// Things in it.
    pub things: u32,
    /// The most Things in it.
    pub seats: u32,
    /// When the hub erases it; `null` while it runs.
    pub deletes: Option<Micros>,
    /// Whether the teacher said how long it is kept.
    pub kept: bool,
    /// The join code; only for a teacher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// The lesson of a path, or the Problem that there is none.
pub fn find(hub: &Hub, id: &str) -> Result<Lesson, Problem> {
    let missing = || Problem::not_found(format!("There is no lesson {id}. Check the address, or make a new lesson."));
    let id: LessonId = id.parse().map_err(|_| missing())?;
    // A station's log is a lesson to the store, and to nobody else.
    hub.store.catalogue().lesson(id)?.filter(|lesson| lesson.template != station::TEMPLATE).ok_or_else(missing)
}

/// The very template that a lesson was made with.
pub fn template_of(hub: &Hub, lesson: &Lesson) -> Result<Arc<Template>, Problem> {
    Ok(hub.store.catalogue().template_of(lesson)?)
}

/// The `lesson` message of a lesson's state.
pub fn message(hub: &Hub, state: &LessonState, telling: &Telling) -> Result<String, Problem> {
    state.message(template_of(hub, &state.lesson)?.as_ref(), telling)
}

/// The flow of a lesson that was found.
pub fn flow_of(hub: &Hub, lesson: LessonId) -> Result<Arc<LessonFlow>, Problem> {
    hub.flow.of(lesson)?.ok_or_else(|| Problem::not_found(format!("There is no lesson {lesson} any more.")))
}

/// How phones join a lesson while its lobby is open: its code, the address in its QR, and where that QR is.
pub fn join_of(hub: &Hub, address: &Address, lesson: &Lesson) -> Value {
    let codes = template_of(hub, lesson).ok().map(|template| qr::Codes::of(hub, lesson, &template));
    let mut join = json!({ "code": lesson.code, "url": qr::join_url(&hub.shown(address), lesson) });
    if let (Value::Object(join), Ok(Value::Object(codes))) = (&mut join, serde_json::to_value(codes)) {
        join.extend(codes);
    }
    join
}

/// What the board draws live: the property of the template's first trace, or of its first sensor. `None` where nothing is recorded
/// because what counts is entered.
pub fn main_property(hub: &Hub, lesson: &Lesson) -> Result<Option<ObservedProperty>, Problem> {
    Ok(template_of(hub, lesson)?.trace().map(|(property, _)| property))
}

/// The same for who asks for readings without naming any.
pub fn recorded_property(hub: &Hub, lesson: &Lesson) -> Result<ObservedProperty, Problem> {
    main_property(hub, lesson)?.ok_or_else(|| {
        Problem::bad_request(
            "In this lesson everything is entered and nothing recorded. Ask for the results (/outcomes), or name a property that \
             somebody sent all the same with property=.",
        )
    })
}

/// Makes a lesson from a template.
#[utoipa::path(post, path = "/api/v1/lessons", request_body = NewLesson, responses((status = 201, body = CreatedLesson), (status = 400, body = Problem), (status = 401, body = Problem)), security(("token" = [])))]
pub async fn create(
    State(hub): State<Hub>,
    _: Teacher,
    address: Address,
    Body(NewLesson { template, version, led, seats }): Body<NewLesson>,
) -> Result<(StatusCode, Json<CreatedLesson>), Problem> {
    let most = u32::try_from(hub.things_per_lesson).unwrap_or(u32::MAX);
    if seats.is_some_and(|seats| !(1..=most).contains(&seats)) {
        return Err(Problem::bad_request(format!(
            "A lesson has 1 to {most} seats; limits.things_per_lesson in messwerk.toml allows more."
        )));
    }
    let seats = seats.unwrap_or(if led { SEATS.min(most) } else { most });
    let making = hub.clone();
    let lesson =
        blocking(move || make(&making, &making.shelf.choose(&template, version.as_deref(), making.clock.now())?, led, seats)).await?;
    tracing::info!(lesson = %lesson.id, template = lesson.template, "lesson made");
    let shown = hub.shown(&address);
    let created = CreatedLesson {
        id: lesson.id,
        join_url: shown.url(&format!("/j#c={}", lesson.code)),
        board_url: address.url(&format!("/b/{}", lesson.id)),
        code: lesson.code,
    };
    Ok((StatusCode::CREATED, Json(created)))
}

/// Stores a new lesson under a code that no open lesson has.
fn make(hub: &Hub, chosen: &Choice, led: bool, seats: u32) -> Result<Lesson, Problem> {
    let catalogue = hub.store.catalogue();
    let mut code = mint::join_code(hub.code_length);
    while catalogue.lesson_by_code(&code)?.is_some() {
        code = mint::join_code(hub.code_length);
    }
    let free = Lesson::free(mint::lesson_id(), chosen.entry.id.clone(), code, mint::token(), hub.clock.now());
    let lesson = Lesson { led, seats, template_hash: Some(chosen.entry.hash), ..free };
    match &chosen.bundle {
        Some(bundle) => catalogue.add_lesson_with(&lesson, &chosen.entry, bundle)?,
        None => catalogue.add_lesson(&lesson)?,
    }
    hub.flow.log(&lesson, "teacher", "lesson.make", lesson.template.clone())?;
    Ok(lesson)
}

fn view(hub: &Hub, lesson: &Lesson, for_teacher: bool) -> Result<LessonView, Problem> {
    let catalogue = hub.store.catalogue();
    let mut takes = catalogue.takes(lesson.id)?;
    takes.retain(|take| !(take.rehearsal && take.ends.is_some()));
    let template = template_of(hub, lesson)?;
    let readable = |value: Result<Value, serde_json::Error>| value.map_err(|error| Problem::internal(&error));
    Ok(LessonView {
        id: lesson.id,
        template: lesson.template.clone(),
        template_version: template.version.to_string(),
        template_sha256: lesson.template_hash.map(|hash| hash.to_string()),
        title: readable(serde_json::to_value(&template.title))?,
        task: readable(serde_json::to_value(&template.task))?,
        state: if lesson.ended.is_none() { "recording" } else { "ended" },
        created: lesson.created,
        inputs: readable(serde_json::to_value(&template.inputs))?,
        led: lesson.led,
        phase: Phase::of(lesson, &takes, hub.clock.now()).name(),
        ended: lesson.ended,
        things: catalogue.count_things(lesson.id)?,
        seats: lesson.seats,
        deletes: hub.privacy.erased(lesson),
        kept: lesson.kept_until.is_some(),
        code: for_teacher.then(|| lesson.code.clone()),
    })
}

/// All lessons, newest first.
#[utoipa::path(get, path = "/api/v1/lessons", responses((status = 200, body = Vec<LessonView>), (status = 401, body = Problem)), security(("token" = [])))]
pub async fn list(State(hub): State<Hub>, _: Teacher) -> Result<Json<Vec<LessonView>>, Problem> {
    let list = move || hub.store.catalogue().lessons()?.iter().map(|lesson| view(&hub, lesson, true)).collect::<Result<_, _>>();
    blocking(list).await.map(Json)
}

/// One lesson; who knows its id may look.
#[utoipa::path(get, path = "/api/v1/lessons/{id}", params(("id" = String, Path)), responses((status = 200, body = LessonView), (status = 404, body = Problem)))]
pub async fn show(State(hub): State<Hub>, teacher: Option<Someone>, At(id): At<String>) -> Result<Json<LessonView>, Problem> {
    let for_teacher = matches!(teacher, Some(Someone(Bearer::Teacher)));
    view(&hub, &find(&hub, &id)?, for_teacher).map(Json)
}

/// Ends a lesson: it records no more, its code is free, its readings are sealed into Parquet.
#[utoipa::path(post, path = "/api/v1/lessons/{id}/end", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn end(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<StatusCode, Problem> {
    let flow = flow_of(&hub, find(&hub, &id)?.id)?;
    obey(&hub, &flow, Command::End).await?;
    Ok(StatusCode::NO_CONTENT)
}
