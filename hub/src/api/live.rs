//! A board's live view: one WebSocket, server to client only.
//!
//! Text messages are JSON with a `type` (`lesson`, `outcomes`, `counters`); binary messages are frames
//! (`messwerk_lessons::frame`). A slow browser gets the newest state, never a queue: what is sent next is decided when
//! the socket has room again.
//!
//! A board shows what the teacher lets it show: no Thing that is hidden or removed, nothing newer than the moment the boards
//! were frozen, and of a led lesson what lies in its Takes (what a rehearsal left in memory does not).

mod shown;
mod watchers;

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, close_code};
use axum::response::Response;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_query::{LiveSpec, LiveView, Scope, Window};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch::Receiver;
use tokio::sync::watch::error::RecvError;
use utoipa::IntoParams;

pub(crate) use self::shown::Shown;
use self::watchers::Place;
pub use self::watchers::Watchers;
use crate::access::Bearer;
use crate::address::{Address, Peer};
use crate::api::extract::{At, Parameters, Upgrade};
use crate::api::lessons::{find, flow_of, join_of, main_property, message};
use crate::api::problem::Problem;
use crate::api::questions;
use crate::api::socket;
use crate::api::who::Someone;
use crate::flow::LessonFlow;
use crate::flow::state::{LessonState, Telling};
use crate::results::Results;
use crate::state::Hub;

/// Bytes read from a socket, and written to it, at once.
const BUFFER: usize = 4096;

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
    (status = 503, body = Problem, description = "very many boards are open"),
))]
pub async fn watch(
    State(hub): State<Hub>,
    Peer(peer): Peer,
    who: Result<Option<Someone>, Problem>,
    address: Address,
    At(id): At<String>,
    Parameters(watch): Parameters<Watch>,
    upgrade: Upgrade,
) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let property = match watch.property {
        Some(name) => Some(questions::property(&name)?),
        None => main_property(&hub, &lesson)?,
    };
    let window = Window::from_micros(watch.window_ms.unwrap_or(100).saturating_mul(1000))?;
    let place = if matches!(who, Ok(Some(Someone(Bearer::Teacher)))) {
        None
    } else {
        let full = || Problem::unavailable("Very many boards are open. Close some, or sign in on this device, and load the page again.");
        Some(hub.watchers.enter(peer, lesson.id).ok_or_else(full)?)
    };
    let view = property.map(|property| hub.engine.live(&Scope::lesson(lesson.id), LiveSpec { property, window }));
    let flow = flow_of(&hub, lesson.id)?;
    let join = join_of(&hub, &address, &lesson);
    let watcher = Watcher { hub, flow, place, property, view, join, told: None, sent: None, shown: Shown::default(), version: 0 };
    // A browser sends nothing here; small limits keep a hostile one cheap.
    Ok(upgrade.limited(4096, BUFFER).on_upgrade(move |socket| watcher.run(socket)))
}

struct Watcher {
    hub: Hub,
    flow: Arc<LessonFlow>,
    /// Its place among the boards; none of a teacher's.
    place: Option<Place>,
    /// What is watched, and its windows; `None` of a lesson in which everything is entered.
    property: Option<ObservedProperty>,
    view: Option<LiveView>,
    join: Value,
    /// The version of the last `lesson` message.
    told: Option<i64>,
    /// The results that were sent last.
    sent: Option<Arc<str>>,
    /// What the teacher lets this board show.
    shown: Shown,
    /// Of the windows that were sent.
    version: u64,
}

impl Watcher {
    async fn run(mut self, mut socket: WebSocket) {
        let mut ticks = self.view.as_ref().map(LiveView::changed);
        let mut results = self.hub.results.watch(self.flow.id);
        let mut lesson = self.flow.watch();
        // What is there already counts as news to a new watcher.
        if let Some(ticks) = &mut ticks {
            ticks.mark_changed();
        }
        results.mark_changed();
        let first = lesson.borrow_and_update().clone();
        let mut messages = self.lesson(&first, None);
        let over = self.place.as_ref().map(|place| place.over.clone()).unwrap_or_default();
        loop {
            for message in messages {
                if !socket::send(&mut socket, message).await {
                    return;
                }
            }
            messages = tokio::select! {
                () = self.hub.stopping.cancelled() => break,
                () = over.cancelled() => return socket::close(&mut socket, close_code::AGAIN, "too_many_boards").await,
                received = socket.recv() => match received {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(_)) => vec![],
                },
                changed = lesson.changed() => {
                    if changed.is_err() { break }
                    let newest = lesson.borrow_and_update().clone();
                    if newest.gone {
                        return socket::close(&mut socket, socket::ERASED, "erased").await;
                    }
                    let known = results.borrow().clone();
                    self.lesson(&newest, known.as_deref())
                }
                changed = results.changed() => {
                    if changed.is_err() { break }
                    let newest = results.borrow_and_update().clone();
                    newest.map(|newest| self.results(&newest)).unwrap_or_default()
                }
                changed = tick(&mut ticks) => {
                    if changed.is_err() { break }
                    self.windows().into_iter().collect()
                }
            };
        }
        // 1001: the page shows that the hub stopped and waits for it to come back.
        socket::close(&mut socket, close_code::AWAY, "the hub is stopping").await;
    }

    /// What a change of the lesson brings: the `lesson` message, and what may be shown now and was not before.
    fn lesson(&mut self, state: &LessonState, results: Option<&Results>) -> Vec<Message> {
        let before = std::mem::replace(&mut self.shown, Shown::of(state));
        let mut messages = vec![];
        if self.told != Some(state.version) {
            let now = self.hub.clock.now();
            match message(&self.hub, state, &Telling { property: self.property, join: self.join.clone(), you: None, now }) {
                Ok(text) => {
                    self.told = Some(state.version);
                    messages.push(Message::Text(text.into()));
                }
                Err(problem) => tracing::warn!("lesson not described: {}", problem.detail),
            }
        }
        if !before.same_things(&self.shown) {
            self.version = 0;
            self.sent = None;
        }
        let let_go = before.frozen.is_some() && self.shown.frozen.is_none();
        if self.version == 0 || let_go {
            messages.extend(self.windows());
        }
        if let Some(results) = results.filter(|_| self.sent.is_none() || let_go) {
            messages.extend(self.outcomes(results));
        }
        messages
    }

    /// The windows that changed since the last ones; of a frozen lesson those of before, once.
    fn windows(&mut self) -> Option<Message> {
        if self.shown.frozen.is_some() && self.version != 0 {
            return None;
        }
        let (newer, frame) = self.view.as_ref()?.changes_since(self.version);
        if newer == self.version {
            return None;
        }
        self.version = newer;
        Some(Message::Binary(self.shown.frame(frame)))
    }

    /// The text messages for new results.
    fn results(&mut self, results: &Results) -> Vec<Message> {
        let mut messages: Vec<_> = self.outcomes(results).into_iter().collect();
        let mut counters = json!(results.counters);
        counters["type"] = json!("counters");
        messages.push(Message::Text(counters.to_string().into()));
        messages
    }

    /// The outcomes, if they are news that may be shown.
    fn outcomes(&mut self, newest: &Results) -> Option<Message> {
        // As it is now: these results may have come before the news that the lesson was frozen.
        let held = match self.flow.now().lesson.frozen {
            Some(frozen) => Some(self.hub.results.at_freeze(self.flow.id, frozen)?),
            None => None,
        };
        let results = held.as_deref().unwrap_or(newest);
        // Counters beat also when nothing was computed anew.
        if self.sent.as_ref().is_some_and(|sent| Arc::ptr_eq(sent, &results.json)) {
            return None;
        }
        self.sent = Some(Arc::clone(&results.json));
        let json = self.shown.outcomes(results);
        // The outcomes' JSON is an object; its type goes in front of its own members.
        Some(Message::Text(format!("{{\"type\":\"outcomes\",{}", &json[1..]).into()))
    }
}

/// Waits for the next windows; for ever where none are watched.
async fn tick(ticks: &mut Option<Receiver<u64>>) -> Result<(), RecvError> {
    match ticks {
        Some(ticks) => {
            ticks.changed().await?;
            ticks.borrow_and_update();
            Ok(())
        }
        None => std::future::pending().await,
    }
}
