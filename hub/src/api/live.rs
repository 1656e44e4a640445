//! A board's live view: one WebSocket, server to client only.
//!
//! Text messages are JSON with a `type` (`lesson`, `outcomes`, `counters`); binary messages are frames
//! (`messwerk_lessons::frame`). A slow browser gets the newest state, never a queue: what is sent next is decided when
//! the socket has room again.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use axum::response::Response;
use messwerk_lessons::Micros;
use messwerk_lessons::frame::Component;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::Figure;
use messwerk_query::{LiveSpec, LiveView, Scope, Window};
use messwerk_store::catalogue::{Lesson, Thing};
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;
use utoipa::IntoParams;

use crate::api::blocking;
use crate::api::extract::{At, Parameters, Upgrade};
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
#[utoipa::path(get, path = "/api/v1/lessons/{id}/live", params(("id" = String, Path), Watch), responses(
    (status = 101, description = "WebSocket: JSON texts and binary frames"),
    (status = 400, body = Problem, description = "no WebSocket, or nothing that can be watched"),
    (status = 404, body = Problem),
))]
pub async fn watch(
    State(hub): State<Hub>,
    At(id): At<String>,
    Parameters(watch): Parameters<Watch>,
    Upgrade(upgrade): Upgrade,
) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let property = match watch.property {
        Some(name) => questions::property(&name)?,
        None => main_trace(&lesson)?.0,
    };
    let window = Window::from_micros(watch.window_ms.unwrap_or(100).saturating_mul(1000))?;
    let view = hub.engine.live(&Scope::lesson(lesson.id), LiveSpec { property, window });
    let greeting = greeting(&hub, lesson.id).await?;
    // A browser sends nothing here; a small limit keeps a hostile one cheap.
    Ok(upgrade
        .max_message_size(4096)
        .on_upgrade(move |socket| Watcher { hub, property, view, told: None, sent: None }.run(socket, greeting)))
}

/// A lesson and its Things as the catalogue has them now.
pub async fn greeting(hub: &Hub, lesson: LessonId) -> Result<(Lesson, Vec<Thing>), Problem> {
    let hub = hub.clone();
    blocking(move || Ok((find(&hub, &lesson.to_string())?, hub.store.catalogue().things(lesson)?))).await
}

struct Watcher {
    hub: Hub,
    property: ObservedProperty,
    view: LiveView,
    /// How many Things the last `lesson` message had, and whether the lesson had ended.
    told: Option<(usize, bool)>,
    /// The results that were sent last.
    sent: Option<Arc<str>>,
}

impl Watcher {
    async fn run(mut self, mut socket: WebSocket, (lesson, things): (Lesson, Vec<Thing>)) {
        let mut ticks = self.view.changed();
        let mut results = self.hub.results.watch(lesson.id);
        // What is there already counts as news to a new watcher.
        ticks.mark_changed();
        results.mark_changed();
        let mut version = 0;
        let mut messages = self.about(&lesson, &things);
        loop {
            for message in messages {
                match timeout(STALLED, socket.send(message)).await {
                    Ok(Ok(())) => {}
                    _ => return,
                }
            }
            messages = tokio::select! {
                () = self.hub.stopping.cancelled() => break,
                received = socket.recv() => match received {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(_)) => vec![],
                },
                changed = results.changed() => {
                    if changed.is_err() { break }
                    let newest = results.borrow_and_update().clone();
                    newest.map(|newest| self.texts(&newest)).unwrap_or_default()
                }
                changed = ticks.changed() => {
                    if changed.is_err() { break }
                    ticks.borrow_and_update();
                    let (newer, frame) = self.view.changes_since(version);
                    if newer == version { vec![] } else { version = newer; vec![Message::Binary(frame)] }
                }
            };
        }
        // 1001: the page shows that the hub stopped and waits for it to come back.
        let goodbye = CloseFrame { code: close_code::AWAY, reason: "the hub is stopping".into() };
        let _ = timeout(STALLED, socket.send(Message::Close(Some(goodbye)))).await;
    }

    /// The text messages for new results.
    fn texts(&mut self, results: &Results) -> Vec<Message> {
        let mut messages = self.about(&results.lesson, &results.things);
        // Counters beat also when nothing was computed anew.
        if self.sent.as_ref().is_none_or(|sent| !Arc::ptr_eq(sent, &results.json)) {
            // The outcomes' JSON is an object; its type goes in front of its own members.
            messages.push(Message::Text(format!("{{\"type\":\"outcomes\",{}", &results.json[1..]).into()));
            self.sent = Some(Arc::clone(&results.json));
        }
        let mut counters = json!(results.counters);
        counters["type"] = json!("counters");
        messages.push(Message::Text(counters.to_string().into()));
        messages
    }

    /// The `lesson` message, if a Thing joined or the lesson ended since the last one.
    fn about(&mut self, lesson: &Lesson, things: &[Thing]) -> Vec<Message> {
        let news = Some((things.len(), lesson.ended.is_some()));
        if self.told == news {
            return vec![];
        }
        match about(lesson, things, self.property, self.hub.clock.now()) {
            Ok(text) => {
                self.told = news;
                vec![Message::Text(text.into())]
            }
            Err(problem) => {
                tracing::warn!("lesson not described: {}", problem.detail);
                vec![]
            }
        }
    }
}

/// The `lesson` message: what is drawn, who takes part, and when the lesson ended if it did. `now` is hub time.
pub fn about(lesson: &Lesson, things: &[Thing], property: ObservedProperty, now: Micros) -> Result<String, Problem> {
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
    let things: Vec<_> = things.iter().map(|thing| json!({"id": thing.id, "number": thing.number, "nickname": thing.nickname})).collect();
    let about = json!({
        "type": "lesson",
        "id": lesson.id,
        "code": lesson.ended.is_none().then_some(&lesson.code),
        "template": lesson.template,
        "title": template.title,
        "state": if lesson.ended.is_none() { "recording" } else { "ended" },
        "created": lesson.created,
        "ended": lesson.ended,
        "now": now,
        "property": property.name(),
        "component": component.name(property),
        "unit": property.unit(),
        "range": range,
        "things": things,
    });
    Ok(about.to_string())
}
