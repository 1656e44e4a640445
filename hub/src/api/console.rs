//! A teacher's console: one WebSocket, server to client only. What the board gets as text, and beside it who is there, each
//! second, and what was done.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, close_code};
use axum::response::Response;
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_store::catalogue::Thing;
use serde_json::{Value, json};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::address::Address;
use crate::api::commands::LogView;
use crate::api::extract::{At, Upgrade};
use crate::api::lessons::{find, flow_of, join_of, message};
use crate::api::problem::Problem;
use crate::api::socket;
use crate::api::who::Teacher;
use crate::flow::LessonFlow;
use crate::flow::presence::{Seen, Standing};
use crate::flow::state::{LessonState, Telling};
use crate::results::{Results, count};
use crate::state::Hub;

/// Bytes read from a socket, and written to it, at once.
const BUFFER: usize = 4096;
/// How often it is told who is there.
const INTERVAL: Duration = Duration::from_secs(1);
/// How often it is asked whether whoever looks still may.
const CHECK: Duration = Duration::from_secs(30);
/// The session is over, or the token gone.
const SIGNED_OUT: u16 = 4401;

/// Upgrades to the console of a lesson.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/console", params(("id" = String, Path)), responses(
    (status = 101, description = "WebSocket: JSON texts of docs/classroom-protocol.md"),
    (status = 404, body = Problem),
), security(("token" = [])))]
pub async fn watch(
    State(hub): State<Hub>,
    teacher: Teacher,
    address: Address,
    At(id): At<String>,
    upgrade: Upgrade,
) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let (flow, join) = (flow_of(&hub, lesson.id)?, join_of(&hub, &address, &lesson));
    let console = Console { hub, teacher, flow, join, sent: None, logged: 0 };
    Ok(upgrade.limited(4096, BUFFER).on_upgrade(move |socket| console.run(socket)))
}

struct Console {
    hub: Hub,
    teacher: Teacher,
    flow: Arc<LessonFlow>,
    join: Value,
    /// The results that were sent last.
    sent: Option<Arc<str>>,
    /// The number of the last log entry that was sent.
    logged: u64,
}

fn text(message: impl ToString) -> Message {
    Message::Text(message.to_string().into())
}

impl Console {
    async fn run(mut self, mut socket: WebSocket) {
        let mut lesson = self.flow.watch();
        let mut results = self.hub.results.watch(self.flow.id);
        let mut logged = self.flow.logged();
        lesson.mark_changed();
        results.mark_changed();
        logged.mark_changed();
        let mut ticks = tokio::time::interval(INTERVAL);
        let mut checks = interval_at(Instant::now() + CHECK, CHECK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let messages = tokio::select! {
                // What a tap changed comes before what is told each second anyway.
                biased;
                () = self.hub.stopping.cancelled() => break,
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
                    self.lesson(&newest)
                }
                changed = logged.changed() => {
                    if changed.is_err() { break }
                    let newest = *logged.borrow_and_update();
                    self.log(newest)
                }
                changed = results.changed() => {
                    if changed.is_err() { break }
                    let newest = results.borrow_and_update().clone();
                    newest.and_then(|newest| self.outcomes(&newest)).into_iter().collect()
                }
                _ = checks.tick() => {
                    if !self.teacher.still(&self.hub) {
                        return socket::close(&mut socket, SIGNED_OUT, "signed_out").await;
                    }
                    vec![]
                }
                _ = ticks.tick() => self.there(),
            };
            for message in messages {
                if !socket::send(&mut socket, message).await {
                    return;
                }
            }
        }
        socket::close(&mut socket, close_code::AWAY, "the hub is stopping").await;
    }

    fn lesson(&self, state: &LessonState) -> Vec<Message> {
        let telling = Telling { join: self.join.clone(), now: self.hub.clock.now(), ..Telling::default() };
        match message(&self.hub, state, &telling) {
            Ok(lesson) => vec![text(lesson), text(presence(&self.hub, state))],
            Err(problem) => {
                tracing::warn!("lesson not described: {}", problem.detail);
                vec![]
            }
        }
    }

    fn outcomes(&mut self, results: &Results) -> Option<Message> {
        if self.sent.as_ref().is_some_and(|sent| Arc::ptr_eq(sent, &results.json)) {
            return None;
        }
        self.sent = Some(Arc::clone(&results.json));
        Some(text(format!("{{\"type\":\"outcomes\",{}", &results.json[1..])))
    }

    fn log(&mut self, newest: u64) -> Vec<Message> {
        let entries: Vec<_> = self.flow.log_since(self.logged).into_iter().map(LogView::from).collect();
        self.logged = newest;
        if entries.is_empty() { vec![] } else { vec![text(json!({"type": "log", "entries": entries}))] }
    }

    /// Who is there, and the counters.
    fn there(&self) -> Vec<Message> {
        let state = self.flow.now();
        let things: Vec<Thing> = state.counted().cloned().collect();
        let mut counters = json!(count(&self.hub, self.flow.id, &things, &state));
        counters["type"] = json!("counters");
        vec![text(presence(&self.hub, &state)), text(counters)]
    }
}

/// The `presence` message.
fn presence(hub: &Hub, state: &LessonState) -> Value {
    let (lesson, now) = (state.lesson.id, hub.clock.now());
    let seen = hub.flow.presence().of(lesson);
    let missing: HashMap<ThingId, u64> = hub.store.missing(lesson).into_iter().collect();
    let mut stored: HashMap<ThingId, Micros> = HashMap::new();
    for latest in hub.store.latest(lesson) {
        // Stored by an older version, which did not note arrivals, it was long ago.
        let arrived = stored.entry(latest.thing).or_insert(latest.received_us.max(0));
        *arrived = (*arrived).max(latest.received_us);
    }
    let unseen = Seen::default();
    let one = |thing: &Thing| {
        let seen = seen.get(&thing.id).unwrap_or(&unseen);
        let standing =
            if thing.removed { Standing::Removed } else { seen.standing(state, thing.paused, stored.get(&thing.id).copied(), now) };
        json!({
            "id": thing.id,
            "number": thing.number,
            "nickname": thing.nickname,
            "source": seen.source,
            "state": standing,
            "heard_ms": seen.heard.map(|heard| now.saturating_sub(heard).max(0) / 1000),
            "unsent_s": seen.unsent_s,
            "alignment_ms": seen.uncertainty.map(|uncertainty| uncertainty as f64 / 1000.0),
            "rtt_ms": seen.rtt_ms,
            "permission": seen.permission,
            "platform": seen.platform,
            "paused": thing.paused,
            "hidden": thing.hidden,
            "removed": thing.removed,
            "missing": missing.get(&thing.id).copied().unwrap_or(0),
            "idle": seen.idle,
        })
    };
    let things: Vec<_> = state.things.iter().chain(state.removed.iter()).map(one).collect();
    json!({"type": "presence", "things": things})
}
