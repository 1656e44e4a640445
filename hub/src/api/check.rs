//! The phone's half of the doctor, and the doctor for the console.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use tokio::time::timeout;

use crate::address::Peer;
use crate::api::extract::{Body, Upgrade};
use crate::api::problem::Problem;
use crate::api::who::Teacher;
use crate::doctor::Findings;
use crate::doctor::phones::{Check, Refused, Report};
use crate::state::Hub;

/// Messages that are answered on one socket, and its time: enough for eight exchanges and some more.
const MESSAGES: usize = 32;
const LIFE: Duration = Duration::from_secs(15);
/// Checks at a time, in all and from one address: a class that begins in the same moment.
pub(crate) const AT_ONCE: (usize, usize) = (256, 64);
/// Bytes of a message.
const LARGEST: usize = 64;
/// Bytes read at once.
const BUFFER: usize = 1024;

/// A phone's page tells what it found out. Nothing says which phone it was; the last 64 are kept until the hub stops.
#[utoipa::path(post, path = "/api/v1/check", request_body = Check, responses(
    (status = 204, description = "kept"), (status = 400, body = Problem), (status = 429, body = Problem),
))]
pub async fn report(State(hub): State<Hub>, Body(check): Body<Check>) -> Result<StatusCode, Problem> {
    hub.checks.take(check, hub.clock.now()).map_err(|refused| match refused {
        Refused::Nonsense => Problem::bad_request("clock_offset_ms and rtt_ms are milliseconds, or null if they could not be measured."),
        Refused::TooMany => Problem::too_many("Many phones are checking just now. Try again in a moment.", Duration::from_secs(10)),
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// What phones found out, the newest first.
#[utoipa::path(get, path = "/api/v1/check", responses((status = 200, body = [Report])), security(("token" = [])))]
pub async fn reports(State(hub): State<Hub>, _: Teacher) -> Json<Vec<Report>> {
    Json(hub.checks.newest_first())
}

/// A WebSocket that answers: each text with `{"echo": text, "hub": hub time in µs}`. Shows a page whether WebSockets get through, and
/// how far its clock is off.
#[utoipa::path(get, path = "/api/v1/check/socket", responses((status = 101, description = "WebSocket"), (status = 400, body = Problem), (status = 429, body = Problem)))]
pub async fn socket(State(hub): State<Hub>, Peer(peer): Peer, upgrade: Upgrade) -> Result<Response, Problem> {
    let full = || Problem::too_many("Many phones are checking just now. Try again in a moment.", LIFE);
    let seat = hub.checking.enter(peer).ok_or_else(full)?;
    Ok(upgrade.limited(LARGEST, BUFFER).on_upgrade(move |socket| async move {
        // Who stays longer is not checking.
        let _ = timeout(LIFE, answer(hub, socket)).await;
        drop(seat);
    }))
}

async fn answer(hub: Hub, mut socket: WebSocket) {
    for _ in 0..MESSAGES {
        let text = tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => text,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                _ => return,
            },
            () = hub.stopping.cancelled() => return,
        };
        let answer = json!({ "echo": text.as_str(), "hub": hub.clock.now() });
        if socket.send(Message::text(answer.to_string())).await.is_err() {
            return;
        }
    }
}

/// What the doctor finds, from where the hub runs. Takes seconds where something does not answer.
#[utoipa::path(get, path = "/api/v1/doctor", responses((status = 200, body = Findings)), security(("token" = [])))]
pub async fn doctor(State(hub): State<Hub>, _: Teacher) -> Json<Findings> {
    // One examination at a time: it writes to the disk and waits for it.
    let patient = hub.patient.lock().await;
    let reports = hub.checks.newest_first();
    Json(patient.examine(hub.clock.now(), hub.problems(), Some(&reports)).await)
}
