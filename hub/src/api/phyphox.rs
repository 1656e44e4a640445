//! The experiment file for the phyphox app: `GET /p/{token}.phyphox`.
//!
//! A Thing's own token gives the file for that Thing. A lesson's join token, as in the code on the projector, gives a file with
//! a token of its own each time: it becomes a Thing with its first data, so that a phone that fetches the file twice (the apps
//! try https and then http) is one Thing all the same.

use std::net::IpAddr;
use std::time::Duration;

use axum::extract::State;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use messwerk_lessons::id::LessonId;
use messwerk_store::catalogue::Lesson;

use crate::address::{Address, Peer};
use crate::api::blocking;
use crate::api::extract::At;
use crate::api::lessons::template_of;
use crate::api::problem::Problem;
use crate::mint;
use crate::phyphox::{self, Destination};
use crate::state::Hub;

/// The ending that tells a phone's browser which app to ask.
const ENDING: &str = ".phyphox";

/// An experiment for the phyphox app, for a Thing's own token or a lesson's join token; with or without `.phyphox` behind it.
#[utoipa::path(get, path = "/p/{token}", params(("token" = String, Path)), responses(
    (status = 200, content_type = "application/octet-stream", description = "the experiment, XML"),
    (status = 404, body = crate::api::problem::Problem, description = "no open lesson knows the token, or phyphox cannot measure for it"),
    (status = 409, body = crate::api::problem::Problem, description = "the lesson takes nobody more just now (`lobby_locked`)"),
    (status = 429, body = crate::api::problem::Problem, description = "too many phones from one address; Retry-After says when to try again"),
))]
pub async fn file(
    State(hub): State<Hub>,
    Peer(peer): Peer,
    address: Address,
    method: Method,
    At(name): At<String>,
) -> Result<Response, Problem> {
    let token = name.strip_suffix(ENDING).unwrap_or(&name).to_owned();
    let door = hub.clone();
    let (lesson, own) = blocking(move || sender(&door, token)).await?;
    let token = match own {
        Some(token) => token,
        // Whoever only asks whether there is a file gets none, so nothing is kept for him.
        None if method == Method::HEAD => mint::token(),
        None => reserve(&hub, peer, lesson.id).await?,
    };
    let mqtt = hub.phyphox.mqtt.then(|| format!("{}:{}", address.name(), hub.mqtt.port()));
    // The address it was fetched under is one the phone reaches, with the scheme that worked.
    let destination = Destination { origin: address.origin(), token, mqtt };
    let Some(experiment) = phyphox::experiment(template_of(&hub, &lesson)?.as_ref(), &destination) else {
        let detail = "The phyphox app cannot measure for this lesson. Join with the phone's browser.";
        return Err(Problem::not_found(detail).coded("no_phyphox"));
    };
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"messwerk-{}.phyphox\"", lesson.template)),
        // A token is for one phone.
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, experiment).into_response())
}

/// The lesson of a token, and the token again if the file sends with it: a lesson's own is for no phone.
fn sender(hub: &Hub, token: String) -> Result<(Lesson, Option<String>), Problem> {
    let catalogue = hub.store.catalogue();
    let unknown = || Problem::not_found("No open lesson knows this address. Join again with the code on the board.").coded("unknown_token");
    if !mint::is_token(&token) {
        return Err(unknown());
    }
    let own = match catalogue.thing_by_token(&token)? {
        Some(thing) => Some(thing.lesson),
        None => catalogue.reserved(&token)?,
    };
    if let Some(lesson) = own {
        let lesson = catalogue.lesson(lesson)?.filter(|lesson| lesson.ended.is_none());
        let ended = || Problem::not_found("This lesson has ended. Join the next one with the code on the board.").coded("lesson_ended");
        return Ok((lesson.ok_or_else(ended)?, Some(token)));
    }
    let lesson = catalogue.lesson_by_token(&token)?.ok_or_else(unknown)?;
    if !lesson.lobby_open {
        let detail = "The lesson takes nobody more just now. Ask your teacher to open the door, then scan the code again.";
        return Err(Problem::conflict(detail).coded("lobby_locked"));
    }
    Ok((lesson, None))
}

/// A new token for a phone that scanned the lesson's code. Very many from one network come one after the other.
async fn reserve(hub: &Hub, peer: IpAddr, lesson: LessonId) -> Result<String, Problem> {
    let turn = tokio::select! {
        turn = hub.joining.file(peer, lesson, hub.clock.now()) => turn,
        () = hub.stopping.cancelled() => Err(Duration::from_secs(1)),
    };
    turn.map_err(|wait| {
        Problem::too_many("Very many files are fetched from this network just now. Scan the code again in a moment.", wait)
            .coded("too_many_joins")
    })?;
    let (door, reserved) = (hub.clone(), mint::token());
    blocking(move || {
        door.store.catalogue().reserve(lesson, &reserved, door.clock.now())?;
        Ok(reserved)
    })
    .await
}
