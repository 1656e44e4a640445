//! The API, as far as a simulator uses it.

use std::fmt::Write as _;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use serde_json::{Value, json};

use super::{FakeHub, TEACHER, Taken, token_of};

pub(super) const LESSON: &str = "0123456789abc";
const CODE: &str = "123456";

pub(super) fn routes(hub: FakeHub) -> Router {
    Router::new()
        .route("/api/v1/lessons", post(create))
        .route("/api/v1/join", post(join))
        .route("/api/v1/things/{thing}", patch(inputs))
        .route("/api/v1/lessons/{id}/commands", post(command))
        .route("/api/v1/lessons/{id}/observations", get(observations))
        .route("/api/v1/lessons/{id}/outcomes", get(outcomes))
        .route("/i/{token}", post(ingest))
        .with_state(hub)
}

fn is_teacher(headers: &HeaderMap) -> bool {
    headers.get(header::AUTHORIZATION).is_some_and(|value| value.as_bytes() == format!("Bearer {TEACHER}").as_bytes())
}

async fn create(State(hub): State<FakeHub>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    if !is_teacher(&headers) {
        return (StatusCode::UNAUTHORIZED, "make a token with `messwerk token create`").into_response();
    }
    let template = messwerk_lessons::template::builtin(body["template"].as_str().unwrap());
    let mut state = hub.state();
    state.lessons += 1;
    state.outcome = template.map(|template| template.outcome.clone());
    drop(state);
    let (join, board) = (format!("{}/j", hub.url), format!("{}/b/{LESSON}", hub.url));
    Json(json!({"id": LESSON, "code": CODE, "join_url": join, "board_url": board})).into_response()
}

/// The only command a simulator gives.
async fn command(State(hub): State<FakeHub>, headers: HeaderMap, Json(body): Json<Value>) -> StatusCode {
    if !is_teacher(&headers) {
        return StatusCode::UNAUTHORIZED;
    }
    assert_eq!(body, json!({"do": "allow_location", "mode": "relative"}));
    hub.state().location = true;
    StatusCode::NO_CONTENT
}

async fn join(State(hub): State<FakeHub>, Json(body): Json<Value>) -> Response {
    if body["code"] != CODE {
        return (StatusCode::NOT_FOUND, "no lesson has this code").into_response();
    }
    let mut state = hub.state();
    state.joins += 1;
    if state.joins <= hub.behaviour.busy_joins {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    state.things += 1;
    let token = token_of(state.things);
    let mqtt = json!({"address": hub.mqtt, "topic": format!("in/{token}/acc")});
    let ingest = format!("{}/i/{token}", hub.url);
    Json(json!({"thing": super::thing_of(&token), "nickname": "Otter", "token": token, "ingest_url": ingest, "mqtt": mqtt})).into_response()
}

async fn inputs(State(hub): State<FakeHub>, Path(thing): Path<String>, headers: HeaderMap, Json(body): Json<Value>) -> StatusCode {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer ").map(super::thing_of));
    if token.as_ref() != Some(&thing) {
        return StatusCode::FORBIDDEN;
    }
    let inputs = body.as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.as_f64().unwrap()));
    hub.state().inputs.insert(thing, inputs.collect());
    StatusCode::NO_CONTENT
}

async fn ingest(State(hub): State<FakeHub>, Path(token): Path<String>, body: Bytes) -> Response {
    if let Some(status) = hub.behaviour.refuse {
        return StatusCode::from_u16(status).unwrap().into_response();
    }
    let taken = hub.take(&token, "", &body);
    tokio::time::sleep(hub.behaviour.delay).await;
    let Some(Taken { stored, duplicates }) = taken else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    // A body without any reading is one record that could not be stored.
    let rejected = u8::from(stored + duplicates == 0);
    Json(json!({"ok": 1, "n": 1, "stored": stored, "duplicates": duplicates, "rejected": rejected})).into_response()
}

async fn observations(State(hub): State<FakeHub>, headers: HeaderMap) -> Response {
    if !is_teacher(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if hub.behaviour.silent {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let mut csv = "lesson,run,thing,property,phenomenon_time,received_time,x,y,z,unit\n".to_owned();
    for row in &hub.state().rows {
        let [x, y, z] = row.value.map(|value| value.map_or(String::new(), |value| value.to_string()));
        let _ = writeln!(csv, "{LESSON},1,{},{},t,t,{x},{y},{z},{}", row.thing, row.property.name(), row.property.unit());
    }
    csv.into_response()
}

async fn outcomes(State(hub): State<FakeHub>, headers: HeaderMap) -> Json<Value> {
    if !is_teacher(&headers) && headers.contains_key(header::AUTHORIZATION) {
        return Json(json!({"lesson": LESSON, "outcomes": [], "class": {}, "hints": [{"name": "echo", "text": {"de": "", "en": ""}}]}));
    }
    let state = hub.state();
    let outcome = state.outcome.as_deref().unwrap_or("g");
    let found = json!({"n": state.things, "mean": 9.8, "sd": null, "se": 0.02, "ci95": [9.75, 9.85], "unit": "m/s2"});
    Json(json!({"lesson": LESSON, "outcomes": [], "class": {outcome: found}}))
}
