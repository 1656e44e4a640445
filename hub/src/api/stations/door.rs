//! The stations' door over HTTP: `/s/{key}`, and the paths that devices cannot be talked out of.
//!
//! ```text
//! any   /s/{key}[/…]                                    the key is in the address: any format
//! any   /weatherstation/updateweatherstation.php        PASSWORD (Weather Underground), also PASSKEY (Ambient)
//! any   /data/report[/]                                 PASSKEY (Ecowitt, Ambient), which is entered as the station's own key
//! post  /boxes/{box}/…                                  Authorization: access token of the box (openSenseMap)
//! post  /v1.1/…                                         Authorization: Bearer key (OGC SensorThings)
//! ```
//! The answer comes after the commit, in the words that each kind of device expects. What arrives without a known key is refused
//! before it is decoded. Keys and passwords travel in addresses here: no address of these routes is ever logged.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use messwerk_ingest::admission::ThingAccess;
use messwerk_ingest::body::{BodyError, submit_packet};
use messwerk_ingest::pipeline::{Outcome, Packet};
use messwerk_ingest::station::Format;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::api::ingest::{Reason, reason};
use crate::api::problem::Problem;
use crate::api::who::token;
use crate::state::Hub;
use crate::web::WebRefused;
use crate::web::body::read;

/// What the paths of this door begin with.
pub const PREFIXES: [&str; 5] = ["/s/", "/weatherstation/", "/data/report", "/boxes/", "/v1.1/"];

/// The paths that devices dictate. Not in the OpenAPI document: each speaks its maker's protocol (docs/stations.md).
pub fn paths() -> Router<Hub> {
    Router::new()
        // As Weather Underground's consoles write it when a path ends in a slash.
        .route("/s/{key}/", get(addressed).post(addressed).put(addressed))
        .route("/s/{key}/{*rest}", get(below).post(below).put(below))
        .route("/weatherstation/updateweatherstation.php", get(known).post(known))
        .route("/data/report", get(known).post(known))
        .route("/data/report/", get(known).post(known))
        .route("/boxes/{box}/{sensor}", post(known))
        .route("/v1.1/{*rest}", post(known))
}

/// What a program is told when its readings are safely stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct Taken {
    /// 1: everything in the message has been dealt with and is on disk. 0: nothing of it could be stored.
    pub ok: u8,
    /// Readings newly stored.
    pub stored: u32,
    /// Readings that were there already.
    pub duplicates: u32,
    /// Values that could not be stored; the station's rejections say why, too.
    pub rejected: u32,
    /// Why, one for each reason; left out if there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// A message with the key in its address: `/s/{key}`, and whatever a device puts behind it. GET takes what is in the query.
#[utoipa::path(post, path = "/s/{key}", params(("key" = String, Path)), request_body(content = String, content_type = "application/octet-stream"), responses((status = 200, body = Taken), (status = 401, body = Problem), (status = 408, body = Problem), (status = 413, body = Problem), (status = 422, description = "nothing of it could be stored"), (status = 503, body = Problem)))]
pub async fn addressed(State(hub): State<Hub>, Path(key): Path<String>, request: Request) -> Result<Response, Problem> {
    take(&hub, Some(key), String::new(), request).await
}

/// The same with something behind the key.
pub async fn below(State(hub): State<Hub>, Path((key, rest)): Path<(String, String)>, request: Request) -> Result<Response, Problem> {
    take(&hub, Some(key), rest, request).await
}

/// A message at a path that devices know, with its credential inside.
pub async fn known(State(hub): State<Hub>, request: Request) -> Result<Response, Problem> {
    let topic = request.uri().path().trim_matches('/').to_owned();
    take(&hub, None, topic, request).await
}

async fn take(hub: &Hub, key: Option<String>, topic: String, request: Request) -> Result<Response, Problem> {
    let (head, body) = request.into_parts();
    let query = head.uri.query().unwrap_or_default().to_owned();
    let presented = key.or_else(|| presented(&head.headers, &query));
    // With the key in the address or a header nobody unknown has his body read.
    let early = presented.as_deref().map(|key| access(hub, key)).transpose()?;
    let limit = hub.packet_bytes;
    let payload = read(body, limit, hub.web_limits.body_time).await.map_err(|unread| unread.refuse(limit, &hub.web))?;
    let access = match early {
        Some(access) => access,
        None => access(hub, &from_form(std::str::from_utf8(&payload).unwrap_or_default()).ok_or_else(unknown)?)?,
    };
    let busy = || {
        hub.web.refuse(WebRefused::Busy);
        Problem::unavailable("The hub has no memory free, or this station sends faster than it may. Send it again in a moment.")
    };
    let patience = hub.web_limits.patience;
    let room = timeout(patience, hub.pipeline.room_for_arrived(access.thing, 1, payload.len())).await.map_err(|_| busy())?;
    let format = hub.stations.format(access.lesson);
    let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let stream = if query.is_empty() { topic } else { format!("{topic}?{query}") };
    let received = hub.clock.now();
    let packet = Packet { access, stream: stream.into(), payload, received, content_type: Arc::from(content_type) };
    let outcome = submit_packet(&hub.pipeline, packet, (Some(room), patience)).await.map_err(|error| match error {
        BodyError::Busy => busy(),
        BodyError::Store(error) => error.into(),
        error => Problem::bad_request(error.to_string()),
    })?;
    Ok(answer(format, outcome))
}

fn unknown() -> Problem {
    Problem::unauthorized("No station has this key. docs/stations.md shows where it goes for each kind of device.").coded("unknown_station")
}

fn access(hub: &Hub, key: &str) -> Result<Arc<ThingAccess>, Problem> {
    hub.stations.access(key)?.ok_or_else(unknown)
}

/// The key that a request shows in its headers or its query.
fn presented(headers: &HeaderMap, query: &str) -> Option<String> {
    let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::trim);
    let shown = said.and_then(|said| match said.split_once(' ') {
        None => Some(said.to_owned()),
        Some((scheme, login)) if scheme.eq_ignore_ascii_case("basic") => {
            let login = String::from_utf8(STANDARD.decode(login.trim()).ok()?).ok()?;
            login.split_once(':').map(|(_, password)| password.to_owned())
        }
        Some(_) => Some(token(said).to_owned()),
    });
    shown.filter(|key| !key.is_empty()).or_else(|| from_form(query))
}

/// The key in a query or form: Weather Underground's PASSWORD, Ecowitt's and Ambient's PASSKEY.
fn from_form(text: &str) -> Option<String> {
    let pairs = || form_urlencoded::parse(text.as_bytes());
    let named = |wanted: &str| pairs().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.into_owned());
    named("password").or_else(|| named("passkey")).filter(|key| !key.is_empty())
}

/// What each kind of device expects to hear. A device that was refused sends the same again for ever, so one whose firmware knows
/// only "arrived" hears that even where nothing could be used; the station's rejections say why.
fn answer(format: Option<Format>, outcome: Outcome) -> Response {
    let nothing = outcome.rejected > 0 && outcome.receipt.stored == 0 && outcome.receipt.duplicates == 0;
    match format {
        Some(Format::Wunderground | Format::Ambient) => "success\n".into_response(),
        Some(Format::Ecowitt) => Json(serde_json::json!({"errcode": "0", "errmsg": "ok"})).into_response(),
        Some(Format::OpenSenseMap | Format::Luftdaten | Format::Hackair | Format::SbxBytes | Format::SbxBytesTs) if !nothing => {
            (StatusCode::CREATED, Json("Measurements saved in box")).into_response()
        }
        Some(Format::SensorThings) if !nothing => StatusCode::CREATED.into_response(),
        _ => {
            let status = if nothing { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let taken = Taken {
                ok: u8::from(!nothing),
                stored: outcome.receipt.stored,
                duplicates: outcome.receipt.duplicates,
                rejected: outcome.rejected,
                reasons: outcome.rejects.into_iter().map(reason).collect(),
            };
            (status, Json(taken)).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn keys_are_where_devices_put_them() {
        let check = |authorization: &str, query: &str, expected: Option<&str>| {
            let mut headers = HeaderMap::new();
            if !authorization.is_empty() {
                headers.insert(header::AUTHORIZATION, HeaderValue::from_str(authorization).unwrap());
            }
            assert_eq!(presented(&headers, query).as_deref(), expected, "{authorization} {query}");
        };
        check("", "ID=X&PASSWORD=se%20cret&tempf=1", Some("se cret"));
        check("", "PASSKEY=ab&stationtype=AMB", Some("ab"));
        check("", "tempf=1", None);
        check("", "PASSWORD=", None);
        check("Bearer abc", "", Some("abc"));
        check("bearer abc", "PASSWORD=other", Some("abc"));
        // openSenseMap sends the bare access token.
        check("abc", "", Some("abc"));
        // user:pa:ss
        check("Basic dXNlcjpwYTpzcw==", "", Some("pa:ss"));
        check("Basic !", "", None);
        check("Digest abc", "", None);
    }
}
