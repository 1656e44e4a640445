//! Joining a lesson by its code or its token.

use std::net::IpAddr;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_store::Error;
use messwerk_store::catalogue::{Conflict, Lesson, Thing};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::access::Bearer;
use crate::address::{Address, Peer};
use crate::api::blocking;
use crate::api::extract::Body;
use crate::api::lessons::template_of;
use crate::api::problem::Problem;
use crate::api::who::Someone;
use crate::joining::{Attempt, Refused};
use crate::mint::{self, Language, Look};
use crate::state::Hub;

/// A join code as typed, or the token of a code as scanned.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Join {
    /// Six digits, or eight letters and digits where the hub is set to that; blanks, hyphens and small letters do not matter. A
    /// number is read as its digits.
    #[serde(default, deserialize_with = "digits")]
    #[schema(value_type = Option<String>, example = "123456")]
    pub code: Option<String>,
    /// The join token, 22 characters, from the fragment of the scanned address; instead of a code.
    #[serde(default)]
    pub token: Option<String>,
    /// Language of the nickname: `de` (default) or `en`.
    #[serde(default)]
    pub lang: Option<String>,
    /// True: the phone goes on to the next group. Sent with the bearer token of the Thing it was until now it needs neither code nor
    /// token, and joins the same lesson as a new Thing.
    #[serde(default)]
    pub handover: bool,
}

fn digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "not a join code: six digits such as \"123456\"")]
    enum Typed {
        Text(String),
        Number(u64),
    }
    Ok(match Option::<Typed>::deserialize(deserializer)? {
        Some(Typed::Text(text)) => Some(text),
        Some(Typed::Number(number)) => Some(number.to_string()),
        None => None,
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
    /// What the name is made of, in words that do not depend on the language: for a colour and a pattern beside it.
    pub look: Look,
    /// Two words that the board shows as well: whoever sees others there has joined something else under this hub's name.
    pub words: [&'static str; 2],
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

/// Joins an open lesson by its code or its token.
#[utoipa::path(post, path = "/api/v1/join", request_body = Join, responses(
    (status = 201, body = Joined),
    (status = 400, body = Problem),
    (status = 404, body = Problem, description = "no lesson is open under this code; answered up to 8 s late while very many wrong codes come"),
    (status = 409, body = Problem, description = "the lesson takes no more Things (`lesson_full`), or nobody now (`lobby_locked`)"),
    (status = 429, body = Problem, description = "too many wrong codes at once, or too many Things, from one address; Retry-After says when to try again"),
))]
pub async fn join(
    State(hub): State<Hub>,
    Peer(peer): Peer,
    address: Address,
    who: Result<Option<Someone>, Problem>,
    Body(request): Body<Join>,
) -> Result<(StatusCode, Json<Joined>), Problem> {
    let language = Language::from_tag(request.lang.as_deref().unwrap_or_default());
    let lesson = match (request.token, request.code) {
        (Some(token), _) => lesson_of(&hub, peer, Key::Token(token)).await?,
        (None, Some(code)) => lesson_of(&hub, peer, Key::Code(mint::typed_code(&code))).await?,
        (None, None) if request.handover => handed_over(&hub, who?)?,
        (None, None) => return Err(Problem::bad_request("Send the `code` of the board, or the `token` of the scanned address.")),
    };
    let door = hub.clone();
    let (lesson, thing, token) = blocking(move || admit(&door, peer, lesson, language)).await?;
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
        look: mint::look(&thing.nickname),
        words: mint::words(&lesson.token),
        nickname: thing.nickname,
        ingest_url: address.url(&format!("/i/{token}")),
        mqtt: MqttAddress { address: format!("{}:{}", address.name(), hub.mqtt.port()), topic: format!("in/{token}/acc") },
        streams: template_of(&lesson)?.sensors.iter().map(stream).collect(),
        token,
    };
    Ok((StatusCode::CREATED, Json(joined)))
}

enum Key {
    Code(String),
    Token(String),
}

/// The open lesson of a code or token; that there is none is told when its time has come. Tokens cannot be guessed, but whoever tries
/// is counted and held up like everybody.
async fn lesson_of(hub: &Hub, from: IpAddr, key: Key) -> Result<Lesson, Problem> {
    let door = hub.clone();
    let by_code = matches!(key, Key::Code(_));
    let find = move || {
        let catalogue = door.store.catalogue();
        door.joining.attempt(from, door.clock.now(), || match &key {
            Key::Code(code) => catalogue.lesson_by_code(code),
            Key::Token(token) => catalogue.lesson_by_token(token),
        })
    };
    match blocking(move || find().map_err(Problem::from)).await? {
        Attempt::Right(lesson) => Ok(lesson),
        Attempt::Wrong(wait) => {
            hold(hub, wait).await;
            Err(match (by_code, hub.code_length) {
                (true, 8) => {
                    let detail = "No lesson is open under this code. Look at the board again: eight letters and digits.";
                    Problem::not_found(detail).coded("wrong_code")
                }
                (true, _) => {
                    Problem::not_found("No lesson is open under this code. Look at the board again: six digits.").coded("wrong_code")
                }
                (false, _) => {
                    Problem::not_found("The lesson of this QR code is over, or it was never one of this hub's. Scan the one on the board.")
                        .coded("lesson_ended")
                }
            })
        }
        Attempt::Unlooked(wait) => {
            let detail = "Very many wrong codes come from this network just now. Try again in a moment with the code on the board.";
            Err(Problem::too_many(detail, wait))
        }
    }
}

/// The lesson of the Thing that a phone was until now.
fn handed_over(hub: &Hub, who: Option<Someone>) -> Result<Lesson, Problem> {
    let Some(Someone(Bearer::Thing(access))) = who else {
        return Err(Problem::unauthorized("Send the token of the Thing that this phone was until now, or the code of the board."));
    };
    let lesson = hub.store.catalogue().lesson(access.lesson)?.filter(|lesson| lesson.ended.is_none());
    lesson.ok_or_else(|| Problem::not_found("This lesson has ended. Join the next one with the code on the board.").coded("lesson_ended"))
}

/// Keeps an answer back, on no thread and behind no lock; not while the hub stops.
pub(crate) async fn hold(hub: &Hub, wait: Duration) {
    tokio::select! {
        () = tokio::time::sleep(wait) => {}
        () = hub.stopping.cancelled() => {}
    }
}

/// Adds a Thing to a lesson; on return it is on disk, and its token is known to the doors.
fn admit(hub: &Hub, from: IpAddr, lesson: Lesson, language: Language) -> Result<(Lesson, Thing, String), Problem> {
    // What is refused takes nothing from the allowance of the network.
    if !lesson.lobby_open {
        return Err(refused(hub, Conflict::LobbyLocked));
    }
    hub.joining.join(from, lesson.id, hub.clock.now()).map_err(|wait| {
        let detail = "Very many phones have joined from this network. Wait a little and try again; limits.joins_at_once and \
            limits.joins_per_minute in messwerk.toml allow more.";
        Problem::too_many(detail, wait).coded("too_many_joins")
    })?;
    let (thing, token) = seated(hub, &lesson, language).inspect_err(|_| hub.joining.not_joined(from, lesson.id))?;
    hub.access.look_up(&token)?;
    if let Err(error) = hub.flow.log(&lesson, "pupil", "thing.join", thing.id.to_string()) {
        // It has joined; a log that cannot be written keeps nobody out.
        tracing::warn!(%error, "a join is not in the log");
    }
    Ok((lesson, thing, token))
}

/// Adds a Thing with a token, if there is a seat.
fn seated(hub: &Hub, lesson: &Lesson, language: Language) -> Result<(Thing, String), Problem> {
    let catalogue = hub.store.catalogue();
    let _seat = hub.joining.seat();
    if catalogue.count_things(lesson.id)? as usize >= hub.things_per_lesson {
        hub.joining.count(Refused::LessonFull);
        let most = hub.things_per_lesson;
        let detail = format!(
            "This lesson is full: {most} phones have joined. Tell your teacher: a larger limits.things_per_lesson in messwerk.toml allows \
             more after a restart of the hub; or make another lesson."
        );
        return Err(Problem::conflict(detail).coded("lesson_full"));
    }
    let token = mint::token();
    let name = |number| mint::nickname(lesson.id, number, language);
    match catalogue.add_thing(lesson.id, mint::thing_id(), &name, &token, hub.clock.now()) {
        Err(Error::Conflict(conflict)) => Err(refused(hub, conflict)),
        added => Ok((added?, token)),
    }
}

fn refused(hub: &Hub, conflict: Conflict) -> Problem {
    match conflict {
        Conflict::LobbyLocked => hub.joining.count(Refused::LobbyLocked),
        Conflict::LessonFull => hub.joining.count(Refused::LessonFull),
        _ => {}
    }
    Error::Conflict(conflict).into()
}

#[cfg(test)]
mod tests;
