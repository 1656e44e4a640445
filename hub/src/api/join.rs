//! Joining a lesson by its code.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_store::catalogue::{Lesson, Thing};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::api::blocking;
use crate::api::extract::Body;
use crate::api::lessons::{base_url, template_of};
use crate::api::problem::Problem;
use crate::joining::{Attempt, Refused};
use crate::mint::{self, Language};
use crate::state::Hub;

/// A join code as typed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Join {
    /// Six digits; blanks and hyphens do not matter. A number is read as its digits.
    #[serde(deserialize_with = "digits")]
    #[schema(example = "123456")]
    pub code: String,
    /// Language of the nickname: `de` (default) or `en`.
    #[serde(default)]
    pub lang: Option<String>,
}

fn digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "not the six digits of a join code, such as \"123456\"")]
    enum Typed {
        Text(String),
        Number(u64),
    }
    Ok(match Typed::deserialize(deserializer)? {
        Typed::Text(text) => text,
        Typed::Number(number) => number.to_string(),
    })
}

/// A Thing that just joined. The token is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Joined {
    /// Its id.
    #[schema(value_type = String)]
    pub thing: ThingId,
    /// Its lesson.
    #[schema(value_type = String)]
    pub lesson: LessonId,
    /// Its generated name.
    pub nickname: String,
    /// Its credential: 22 characters of base64url.
    pub token: String,
    /// Where it POSTs readings.
    pub ingest_url: String,
    /// Where it publishes them instead.
    pub mqtt: MqttAddress,
    /// What the lesson's template records, the most important first.
    pub streams: Vec<Stream>,
}

/// Where a Thing publishes.
#[derive(Debug, Serialize, ToSchema)]
pub struct MqttAddress {
    /// `host:port` of the MQTT door, as reached from where the request came.
    pub address: String,
    /// The topic for its acceleration; the token in it is the credential.
    pub topic: String,
}

/// A kind of reading that the lesson records.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stream {
    /// Its short name, which is also the prefix of its keys over HTTP: `gyr` for `gyr_time`, `gyrX`, `gyrY`, `gyrZ`.
    pub stream: String,
    /// Its property.
    pub property: &'static str,
    /// The unit its values are sent in.
    pub unit: &'static str,
    /// Whether a reading is a vector x, y, z; else one value.
    pub vector: bool,
    /// Readings per second below which there is no result.
    pub min_hz: f64,
    /// The topic for it over MQTT.
    pub topic: String,
}

/// Joins the open lesson of a code.
#[utoipa::path(post, path = "/api/v1/join", request_body = Join, responses(
    (status = 201, body = Joined),
    (status = 400, body = Problem),
    (status = 404, body = Problem, description = "no lesson is open under this code; answered up to 8 s late while very many wrong codes come"),
    (status = 409, body = Problem, description = "the lesson takes no more Things"),
    (status = 429, body = Problem, description = "too many wrong codes at once, or too many Things, from one address; Retry-After says when to try again"),
))]
pub async fn join(
    State(hub): State<Hub>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(request): Body<Join>,
) -> Result<(StatusCode, Json<Joined>), Problem> {
    let code: String = request.code.chars().filter(|character| !character.is_whitespace() && *character != '-').collect();
    let language = Language::from_tag(request.lang.as_deref().unwrap_or_default());
    let lesson = lesson_of(&hub, peer.ip(), code).await?;
    let door = hub.clone();
    let (lesson, thing, token) = blocking(move || admit(&door, peer.ip(), lesson, language)).await?;
    hub.touch(lesson.id);
    let stream = |sensor: &messwerk_lessons::template::Sensor| Stream {
        stream: sensor.stream.clone(),
        property: sensor.quantity.name(),
        unit: sensor.quantity.unit(),
        vector: sensor.quantity.is_vector(),
        min_hz: sensor.min_hz,
        topic: format!("in/{token}/{}", sensor.stream),
    };
    let joined = Joined {
        thing: thing.id,
        lesson: lesson.id,
        nickname: thing.nickname,
        ingest_url: format!("{}/i/{token}", base_url(&headers)),
        mqtt: MqttAddress { address: format!("{}:{}", host_name(&headers), hub.mqtt.port()), topic: format!("in/{token}/acc") },
        streams: template_of(&lesson)?.sensors.iter().map(stream).collect(),
        token,
    };
    Ok((StatusCode::CREATED, Json(joined)))
}

/// The open lesson of a code; that there is none is told when its time has come.
async fn lesson_of(hub: &Hub, from: IpAddr, code: String) -> Result<Lesson, Problem> {
    let door = hub.clone();
    let find = move || door.joining.attempt(from, door.clock.now(), || door.store.catalogue().lesson_by_code(&code));
    match blocking(move || find().map_err(Problem::from)).await? {
        Attempt::Right(lesson) => Ok(lesson),
        Attempt::Wrong(wait) => {
            hold(hub, wait).await;
            Err(Problem::not_found("No lesson is open under this code. Look at the board again: six digits."))
        }
        Attempt::Unlooked(wait) => {
            let detail = "Very many wrong codes come from this network just now. Try again in a moment with the code on the board.";
            Err(Problem::too_many(detail, wait))
        }
    }
}

/// Keeps an answer back, on no thread and behind no lock; not while the hub stops.
async fn hold(hub: &Hub, wait: Duration) {
    tokio::select! {
        () = tokio::time::sleep(wait) => {}
        () = hub.stopping.cancelled() => {}
    }
}

/// Adds a Thing to a lesson; on return it is on disk, and its token is known to the doors.
fn admit(hub: &Hub, from: IpAddr, lesson: Lesson, language: Language) -> Result<(Lesson, Thing, String), Problem> {
    let catalogue = hub.store.catalogue();
    hub.joining.join(from, hub.clock.now()).map_err(|wait| {
        let detail = "Very many phones have joined from this network. Wait a little and try again; limits.joins_at_once and \
            limits.joins_per_minute in messwerk.toml allow more.";
        Problem::too_many(detail, wait)
    })?;
    let seat = hub.joining.seat();
    if catalogue.count_things(lesson.id)? as usize >= hub.things_per_lesson {
        hub.joining.count(Refused::LessonFull);
        let most = hub.things_per_lesson;
        return Err(Problem::conflict(format!(
            "This lesson is full: {most} phones have joined. Tell your teacher: a larger limits.things_per_lesson in messwerk.toml allows \
             more after a restart of the hub; or make another lesson."
        )));
    }
    let token = mint::token();
    let name = |number| mint::nickname(lesson.id, number, language);
    let thing = catalogue.add_thing(lesson.id, mint::thing_id(), &name, &token, hub.clock.now())?;
    drop(seat);
    hub.access.look_up(&token)?;
    Ok((lesson, thing, token))
}

fn host_name(headers: &HeaderMap) -> &str {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    // An IPv6 address keeps its brackets; what follows the last colon outside them is the port.
    match host.rfind(':') {
        Some(colon) if !host[colon..].contains(']') => &host[..colon],
        _ => host,
    }
}

#[cfg(test)]
mod tests;
