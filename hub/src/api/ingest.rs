//! The readings' door over HTTP: `POST /i/{token}`. The answer comes after the commit, and it carries the numbers that a
//! phyphox experiment can show on the phone.
//!
//! A large body is read when there is memory for it and its Thing's turn has come; a small one lies in the connection's
//! read buffer anyway and asks for memory when it has arrived, past all that are still being read. Who waits too long is
//! answered 503 with Retry-After and keeps its data. Nothing is acknowledged that is not stored.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use futures::FutureExt;
use futures::future::BoxFuture;
use messwerk_ingest::admission::{Admission, Refusal, Sender};
use messwerk_ingest::body::{self, BodyError};
use messwerk_ingest::codec::{self, Decoded};
use messwerk_ingest::pipeline::Room;
use messwerk_lessons::reject::Reject;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::api::problem::Problem;
use crate::state::Hub;
use crate::web::WebRefused;
use crate::web::body::{Unread, announced, read};

/// Bytes of a body that is read before there is memory for it: as much as an MQTT connection reads at a time.
const SMALL: usize = 8 * 1024;

/// What a phone is told when its readings are safely stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stored {
    /// 1: everything in the body has been dealt with and is on disk.
    pub ok: u8,
    /// Results of the class so far.
    pub n: usize,
    /// Their mean; `null` while there is none.
    pub mean: Option<f64>,
    /// The phone's own result; `null` while there is none.
    pub own: Option<f64>,
    /// The same three as lists, empty where there is none.
    pub lists: Lists,
    /// Readings of this body newly stored.
    pub stored: u32,
    /// Readings of this body that were there already.
    pub duplicates: u32,
    /// Good readings of this body that were not kept, because the class does not measure just now.
    pub idle: u32,
    /// Readings of this body left out, because the stream is faster than the template's `max_hz`.
    pub thinned: u32,
    /// Values or records of this body that could not be stored; the teacher sees why, too.
    pub rejected: u32,
    /// Why, one for each reason; left out if there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// Members of this body that say who or what the sender is (`id`, `uniqueID`, `deviceModel`): left out unread.
    pub dropped: u32,
}

/// Results as the phyphox app can read them: iOS takes a `null` for an error and shows it with each answer, an empty list is
/// nothing to either app.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lists {
    /// The phone's own result.
    pub own: Vec<f64>,
    /// The class's mean.
    pub mean: Vec<f64>,
    /// Number of results of the class.
    pub n: [usize; 1],
}

/// Why something of a body could not be stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reason {
    /// The reason's name, as in `/rejections`.
    pub reason: &'static str,
    /// Values or records.
    pub count: u32,
    /// What to send instead, for the first of them.
    pub detail: String,
}

/// Takes a body of readings: phyphox, Sensor Logger, SenML JSON or the hub's own batches (docs/wire.md).
#[utoipa::path(post, path = "/i/{token}", params(("token" = String, Path)), request_body(content = String, content_type = "application/json"), responses((status = 200, body = Stored), (status = 400, body = Problem), (status = 401, body = Problem), (status = 408, body = Problem), (status = 413, body = Problem), (status = 503, body = Problem)))]
pub async fn receive(State(hub): State<Hub>, token: Result<Path<String>, PathRejection>, request: Body) -> Result<Json<Stored>, Problem> {
    let not_a_token = |_| Problem::bad_request("The address ends in no token. Post to the ingest_url that joining the lesson gave.");
    let Path(token) = token.map_err(not_a_token)?;
    let sender = hub.access.sender(&token).await.map_err(refused)?;
    let known = if let Sender::Thing(access) = &sender { Some(access.thing) } else { None };
    let limit = hub.packet_bytes;
    let busy = || {
        hub.web.refuse(WebRefused::Busy);
        Problem::unavailable(
            "The hub has no memory free, or this phone sends faster than it may. Keep the data and send it again in a moment.",
        )
    };
    let unread = |unread: Unread| unread.refuse(limit, &hub.web);
    let length = announced(&request, limit).map_err(unread)?.unwrap_or(limit);
    let patient = async |room: BoxFuture<'_, Room>| {
        tokio::select! {
            room = timeout(hub.web_limits.patience, room) => room.map_err(|_| busy()),
            () = hub.stopping.cancelled() => Err(Problem::unavailable("The hub is stopping. Keep the data and send it again later.")),
        }
    };
    let body = read(request, limit, hub.web_limits.body_time);
    let (room, payload) = if length <= SMALL {
        let payload = body.await.map_err(unread)?;
        let room = match known {
            Some(thing) => Some(patient(hub.pipeline.room_for_arrived(thing, 1, payload.len()).boxed()).await?),
            // Made when it is known whose turn it is.
            None => None,
        };
        (room, payload)
    } else {
        let room = patient(hub.pipeline.room(known, length).boxed()).await?;
        (Some(room), body.await.map_err(unread)?)
    };
    let access = match sender {
        Sender::Thing(access) => access,
        // The app posts empty lists before anybody presses play: those take no seat.
        Sender::Reserved => {
            let decoded = codec::decode("", &payload, hub.clock.now());
            if !decoded.has_readings() {
                return Ok(Json(nothing(decoded)));
            }
            hub.access.thing(&token).await.map_err(refused)?
        }
    };
    let (lesson, thing) = (access.lesson, access.thing);
    let answer = body::submit_body(&hub.pipeline, Arc::clone(&access), payload, hub.clock.now(), (room, hub.web_limits.patience)).await;
    let answer = answer.map_err(|error| match error {
        BodyError::TooLarge { .. } => unread(Unread::TooLarge),
        BodyError::Busy => busy(),
        BodyError::Store(error) => error.into(),
        error => Problem::bad_request(error.to_string()),
    })?;
    let class = hub.results.current(lesson);
    let (n, mean, own) = class.map_or((0, None, None), |class| class.for_phone(thing));
    Ok(Json(Stored {
        ok: 1,
        n,
        mean,
        own,
        lists: Lists { own: Vec::from_iter(own), mean: Vec::from_iter(mean), n: [n] },
        stored: answer.receipt.stored,
        duplicates: answer.receipt.duplicates,
        idle: answer.idle,
        thinned: answer.receipt.thinned,
        rejected: answer.rejected,
        reasons: answer.rejects.into_iter().map(reason).collect(),
        dropped: answer.dropped,
    }))
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Unavailable => Problem::unavailable(refusal.to_string()),
        Refusal::Locked => Problem::conflict(refusal.to_string()).coded("lobby_locked"),
        Refusal::Full => Problem::conflict(refusal.to_string()).coded("lesson_full"),
        _ => Problem::unauthorized("No lesson knows this token. Join the lesson again."),
    }
}

/// What a phone is told that has not begun to measure.
fn nothing(packet: Decoded) -> Stored {
    Stored {
        ok: 1,
        n: 0,
        mean: None,
        own: None,
        lists: Lists { own: vec![], mean: vec![], n: [0] },
        stored: 0,
        duplicates: 0,
        idle: 0,
        thinned: 0,
        rejected: packet.rejects.count(),
        reasons: packet.rejects.into_vec().into_iter().map(reason).collect(),
        dropped: packet.dropped,
    }
}

/// A Reject as senders are told.
pub fn reason(reject: Reject) -> Reason {
    Reason { reason: reject.reason.name(), count: reject.count, detail: reject.detail }
}
