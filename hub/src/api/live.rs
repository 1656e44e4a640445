//! A board's live view: one WebSocket, server to client only.
//!
//! Text messages are JSON with a `type` (`lesson`, `outcomes`, `counters`); binary messages are frames
//! (`messwerk_lessons::frame`). A slow browser gets the newest state, never a queue: what is sent next is decided when
//! the socket has room again.

use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use messwerk_lessons::frame::Component;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::Figure;
use messwerk_query::{LiveSpec, LiveView, Scope, Window};
use messwerk_store::catalogue::Lesson;
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;
use utoipa::IntoParams;

use crate::api::lessons::{find, main_trace, template_of};
use crate::api::problem::Problem;
use crate::api::questions;
use crate::results::Results;
use crate::state::Hub;

/// A browser that takes nothing for this long is gone.
const STALLED: Duration = Duration::from_secs(30);

/// What is watched.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Watch {
    /// Name or stream of the property; without it the template's main one.
    property: Option<String>,
    /// Window length in ms, from 100; default 100.
    window_ms: Option<i64>,
}

/// Upgrades to the live view. Who knows the lesson's id may look: the board does.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/live", params(("id" = String, Path), Watch), responses((status = 101, description = "WebSocket: JSON texts and binary frames"), (status = 404, body = Problem)))]
pub async fn watch(
    State(hub): State<Hub>,
    Path(id): Path<String>,
    query: Result<Query<Watch>, QueryRejection>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let Query(watch) = query.map_err(|rejection| Problem::bad_request(rejection.body_text()))?;
    let property = match watch.property {
        Some(name) => questions::property(&name)?,
        None => main_trace(&lesson)?.0,
    };
    let window = Window::from_micros(watch.window_ms.unwrap_or(100).saturating_mul(1000))?;
    let view = hub.engine.live(&Scope::lesson(lesson.id), LiveSpec { property, window });
    // A browser sends nothing here; a small limit keeps a hostile one cheap.
    Ok(upgrade.max_message_size(4096).on_upgrade(move |socket| Watcher { hub, lesson, property, view }.run(socket)))
}

struct Watcher {
    hub: Hub,
    lesson: Lesson,
    property: ObservedProperty,
    view: LiveView,
}

impl Watcher {
    async fn run(self, mut socket: WebSocket) {
        let mut ticks = self.view.changed();
        let mut results = self.hub.results.watch(self.lesson.id);
        // What is there already counts as news to a new watcher.
        ticks.mark_changed();
        results.mark_changed();
        let mut version = 0;
        let mut things = usize::MAX;
        loop {
            let messages = tokio::select! {
                () = self.hub.stopping.cancelled() => break,
                received = socket.recv() => match received {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(_)) => continue,
                },
                changed = results.changed() => {
                    if changed.is_err() { break }
                    let newest = results.borrow_and_update().clone();
                    self.texts(newest.as_deref(), &mut things)
                }
                changed = ticks.changed() => {
                    if changed.is_err() { break }
                    ticks.borrow_and_update();
                    let (newer, frame) = self.view.changes_since(version);
                    if newer == version { continue }
                    version = newer;
                    vec![Message::Binary(frame)]
                }
            };
            for message in messages {
                match timeout(STALLED, socket.send(message)).await {
                    Ok(Ok(())) => {}
                    _ => return,
                }
            }
        }
        // 1001: the page shows that the hub stopped and waits for it to come back.
        let goodbye = CloseFrame { code: close_code::AWAY, reason: "the hub is stopping".into() };
        let _ = timeout(STALLED, socket.send(Message::Close(Some(goodbye)))).await;
    }

    /// The text messages for new results; the lesson's own only when a Thing joined since the last one.
    fn texts(&self, results: Option<&Results>, things: &mut usize) -> Vec<Message> {
        let mut messages = Vec::new();
        let joined = results.map_or(0, |results| results.counters.joined);
        if *things != joined {
            match about(&self.hub, &self.lesson, self.property) {
                Ok(text) => {
                    messages.push(Message::Text(text.into()));
                    *things = joined;
                }
                Err(problem) => tracing::warn!("lesson not described: {}", problem.detail),
            }
        }
        if let Some(results) = results {
            // The outcomes' JSON is an object; its type goes in front of its own members.
            messages.push(Message::Text(format!("{{\"type\":\"outcomes\",{}", &results.json[1..]).into()));
            let mut counters = json!(results.counters);
            counters["type"] = json!("counters");
            messages.push(Message::Text(counters.to_string().into()));
        }
        messages
    }
}

/// The `lesson` message: what is drawn and who takes part.
pub fn about(hub: &Hub, lesson: &Lesson, property: ObservedProperty) -> Result<String, Problem> {
    let template = template_of(lesson)?;
    let component = match main_trace(lesson)? {
        (main, component) if main == property => component,
        // What the template does not draw by itself is watched as one number.
        _ if property.is_vector() => Component::Abs,
        _ => Component::X,
    };
    let range = template.figures.iter().find_map(|figure| match figure {
        Figure::Trace { quantity, min, max, .. } if *quantity == property => Some([*min, *max]),
        _ => None,
    });
    let catalogue = hub.store.catalogue();
    let things = catalogue.things(lesson.id)?;
    let things: Vec<_> = things.iter().map(|thing| json!({"id": thing.id, "number": thing.number, "nickname": thing.nickname})).collect();
    let ended = catalogue.lesson(lesson.id)?.is_none_or(|lesson| lesson.ended.is_some());
    let about = json!({
        "type": "lesson",
        "id": lesson.id,
        "code": (!ended).then_some(&lesson.code),
        "template": lesson.template,
        "title": template.title,
        "created": lesson.created,
        "now": hub.clock.now(),
        "property": property.name(),
        "component": component.name(property),
        "unit": property.unit(),
        "range": range,
        "things": things,
    });
    Ok(about.to_string())
}
