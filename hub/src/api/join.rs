//! Joining a lesson by its code or its token.

use std::net::IpAddr;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
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
use crate::api::who::{Someone, token as token_of};
use crate::joining::{Attempt, Made, Refused, Seat, is_key};
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
    /// token: a new Thing takes the old one's seat, also while the lobby is locked or the lesson full, and the old token is dead.
    #[serde(default)]
    pub handover: bool,
    /// 16 lower-case hexadecimal digits, drawn at random for each attempt: asked again with the same key within ten minutes, as after
    /// an answer that was lost, it is answered with the Thing it made.
    #[serde(default)]
    #[schema(example = "00ff00ff00ff00ff")]
    pub key: Option<String>,
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
    /// True: nobody has joined; this is the Thing whose token came with the request.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
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

/// Joins an open lesson by its code or its token. With the bearer token of a Thing of that lesson nobody joins: it is answered as it is.
#[utoipa::path(post, path = "/api/v1/join", request_body = Join, responses(
    (status = 200, body = Joined, description = "the Thing whose token came with the request is in this lesson already"),
    (status = 201, body = Joined),
    (status = 400, body = Problem),
    (status = 401, body = Problem, description = "`handover` without the token of a Thing, or the phone has gone to the next group already (`unknown_token`)"),
    (status = 404, body = Problem, description = "no lesson is open under this code; answered up to 8 s late while very many wrong codes come"),
    (status = 409, body = Problem, description = "the lesson takes no more Things (`lesson_full`), or nobody now (`lobby_locked`), or very many groups had this phone (`seat_used_up`)"),
    (status = 429, body = Problem, description = "too many codes of a guessing address wait to be looked at, or too many Things came from one; Retry-After says when to try again"),
))]
pub async fn join(
    State(hub): State<Hub>,
    Peer(peer): Peer,
    address: Address,
    who: Result<Option<Someone>, Problem>,
    headers: HeaderMap,
    Body(request): Body<Join>,
) -> Result<(StatusCode, Json<Joined>), Problem> {
    if request.key.as_deref().is_some_and(|key| !is_key(key)) {
        return Err(Problem::bad_request("A `key` is 16 lower-case hexadecimal digits, drawn at random for each attempt."));
    }
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).map(token_of).unwrap_or_default().to_owned();
    let me = match who {
        Ok(Some(Someone(Bearer::Thing(access)))) => Some(access.thing),
        _ => None,
    };
    let (door, asked) = (hub.clone(), Asked { bearer, me, request });
    let (known, asked) = blocking(move || Ok((known(&door, &asked)?, asked))).await?;
    let admitted = match known {
        Known::Answered(admitted) => *admitted,
        Known::HandsOver(lesson, thing) => {
            let door = hub.clone();
            blocking(move || admit(&door, peer, *lesson, &asked.request, Some(thing))).await?
        }
        Known::Nobody => {
            let lesson = match (&asked.request.token, &asked.request.code) {
                (Some(token), _) => lesson_of_token(&hub, token.clone()).await?,
                (None, Some(code)) => lesson_of_code(&hub, peer, mint::typed_code(code)).await?,
                (None, None) if asked.request.handover => {
                    let detail = "Send the token of the Thing that this phone was until now, or the code of the board.";
                    return Err(Problem::unauthorized(detail));
                }
                (None, None) => {
                    return Err(Problem::bad_request("Send the `code` of the board, or the `token` of the scanned address."));
                }
            };
            let door = hub.clone();
            blocking(move || admit(&door, peer, lesson, &asked.request, None)).await?
        }
    };
    hub.touch(admitted.lesson.id);
    let status = if admitted.again { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(told(&hub, &address, admitted)?)))
}

/// A request to join, and who brought it.
struct Asked {
    /// The token it came with, known or not.
    bearer: String,
    /// The Thing that it is.
    me: Option<ThingId>,
    request: Join,
}

/// A Thing with its lesson and token.
struct Admitted {
    lesson: Lesson,
    thing: Thing,
    token: String,
    again: bool,
}

/// What can be said before a code or token is looked up.
enum Known {
    Answered(Box<Admitted>),
    /// This Thing of this lesson goes on to the next group.
    HandsOver(Box<Lesson>, ThingId),
    Nobody,
}

/// What is known of whoever asks.
fn known(hub: &Hub, asked: &Asked) -> Result<Known, Problem> {
    let catalogue = hub.store.catalogue();
    let Join { code, token, handover, key, .. } = &asked.request;
    let ended = || Problem::not_found("This lesson has ended. Join the next one with the code on the board.").coded("lesson_ended");
    let open = |lesson| Ok::<_, Error>(catalogue.lesson(lesson)?.filter(|lesson| lesson.ended.is_none()));
    let nothing_else = code.is_none() && token.is_none();
    let means = |lesson: &Lesson| match (token, code) {
        (Some(token), _) => *token == lesson.token,
        (None, Some(code)) => mint::typed_code(code) == lesson.code,
        (None, None) => *handover,
    };
    if let Some(me) = asked.me.map(|me| catalogue.thing(me)).transpose()?.flatten().filter(Thing::present) {
        return Ok(match open(me.lesson)? {
            Some(lesson) if means(&lesson) && *handover => Known::HandsOver(Box::new(lesson), me.id),
            Some(lesson) if means(&lesson) => {
                Known::Answered(Box::new(Admitted { lesson, thing: me, token: asked.bearer.clone(), again: true }))
            }
            None if *handover && nothing_else => return Err(ended()),
            _ => Known::Nobody,
        });
    }
    // The answer to a handover was lost: its token is dead by now, and the key says that it was this phone that asked.
    if let (true, Some(key)) = (*handover, key)
        && let Some(before) = catalogue.thing_handed_over(&asked.bearer)?
        && let Some(lesson) = open(before.lesson)?
        && let Some(admitted) = made(hub, &hub.joining.seat(), &lesson, key, |made| made.after == Some(before.id))?
    {
        return Ok(Known::Answered(Box::new(admitted)));
    }
    Ok(Known::Nobody)
}

/// What a key made lately in a lesson, if it is still there.
fn made(hub: &Hub, seat: &Seat<'_>, lesson: &Lesson, key: &str, fits: impl FnOnce(&Made) -> bool) -> Result<Option<Admitted>, Problem> {
    let Some(made) = seat.made(lesson.id, key, hub.clock.now()).filter(fits) else { return Ok(None) };
    let thing = hub.store.catalogue().thing(made.thing)?.filter(Thing::present);
    Ok(thing.map(|thing| Admitted { lesson: lesson.clone(), thing, token: made.token, again: false }))
}

/// The answer.
fn told(hub: &Hub, address: &Address, Admitted { lesson, thing, token, again }: Admitted) -> Result<Joined, Problem> {
    let stream = |sensor: &messwerk_lessons::template::Sensor| Stream {
        stream: sensor.stream.clone(),
        property: sensor.quantity.name(),
        unit: sensor.quantity.unit(),
        vector: sensor.quantity.is_vector(),
        min_hz: sensor.min_hz,
        topic: format!("in/{token}/{}", sensor.stream),
    };
    Ok(Joined {
        thing: thing.id,
        lesson: lesson.id,
        look: mint::look(&thing.nickname),
        words: mint::words(&lesson.token),
        nickname: thing.nickname,
        ingest_url: address.url(&format!("/i/{token}")),
        mqtt: MqttAddress { address: format!("{}:{}", address.name(), hub.mqtt.port()), topic: format!("in/{token}/acc") },
        streams: template_of(hub, &lesson)?.sensors.iter().map(stream).collect(),
        token,
        again,
    })
}

/// The open lesson of a token. Nobody guesses 128 bits: it is looked up at once, whoever guesses codes beside it, and a wrong one is
/// nobody's guess.
async fn lesson_of_token(hub: &Hub, token: String) -> Result<Lesson, Problem> {
    let door = hub.clone();
    let found = blocking(move || Ok(door.store.catalogue().lesson_by_token(&token)?)).await?;
    found.ok_or_else(|| {
        hub.joining.count(Refused::WrongCode);
        Problem::not_found("The lesson of this QR code is over, or it was never one of this hub's. Scan the one on the board.")
            .coded("lesson_ended")
    })
}

/// The open lesson of a code; that there is none is told when its time has come.
async fn lesson_of_code(hub: &Hub, from: IpAddr, code: String) -> Result<Lesson, Problem> {
    let look = async |turn: bool| {
        let (door, code) = (hub.clone(), code.clone());
        let find = move || door.joining.attempt(from, turn, door.clock.now(), || door.store.catalogue().lesson_by_code(&code));
        blocking(move || find().map_err(Problem::from)).await
    };
    let mut attempt = look(false).await?;
    if attempt == Attempt::Unlooked {
        let turn = tokio::select! {
            turn = hub.joining.turn(from) => turn,
            () = hub.stopping.cancelled() => Err(Duration::from_secs(1)),
        };
        turn.map_err(|wait| {
            let detail = "Very many wrong codes come from this network just now. Try again in a moment with the code on the board, or \
                scan the QR code: that works at once.";
            Problem::too_many(detail, wait)
        })?;
        attempt = look(true).await?;
    }
    match attempt {
        Attempt::Right(lesson) => Ok(lesson),
        Attempt::Wrong(wait) => {
            hold(hub, wait).await;
            let length = if hub.code_length == 8 { "eight letters and digits" } else { "six digits" };
            let detail = format!("No lesson is open under this code. Look at the board again: {length}.");
            Err(Problem::not_found(detail).coded("wrong_code"))
        }
        Attempt::Unlooked => Err(Problem::internal(&"a code that had its turn was not looked at")),
    }
}

/// Keeps an answer back, on no thread and behind no lock; not while the hub stops.
pub(crate) async fn hold(hub: &Hub, wait: Duration) {
    tokio::select! {
        () = tokio::time::sleep(wait) => {}
        () = hub.stopping.cancelled() => {}
    }
}

/// Adds a Thing to a lesson, on a seat of its own or on that of the Thing that was until now; on return it is on disk, and its token
/// is known to the doors.
fn admit(hub: &Hub, from: IpAddr, lesson: Lesson, request: &Join, after: Option<ThingId>) -> Result<Admitted, Problem> {
    let mut seat = hub.joining.seat();
    let key = request.key.as_deref();
    if let Some(key) = key
        && let Some(made) = made(hub, &seat, &lesson, key, |made| made.after == after || after.is_none())?
    {
        return Ok(made);
    }
    let language = Language::from_tag(request.lang.as_deref().unwrap_or_default());
    let (thing, token) = match after {
        Some(before) => handed_over(hub, &lesson, before, language)?,
        None => seated(hub, from, &lesson, language)?,
    };
    if let Some(key) = key {
        seat.remember(lesson.id, key, Made { thing: thing.id, token: token.clone(), after }, hub.clock.now());
    }
    drop(seat);
    if let Some(before) = after {
        hub.access.forget_thing(before);
    }
    hub.access.look_up(&token)?;
    if let Err(error) = hub.flow.log(&lesson, "pupil", "thing.join", thing.id.to_string()) {
        // It has joined; a log that cannot be written keeps nobody out.
        tracing::warn!(%error, "a join is not in the log");
    }
    Ok(Admitted { lesson, thing, token, again: false })
}

/// Adds a Thing with a token, if there is a seat. The allowance of its network is not touched by what is refused.
fn seated(hub: &Hub, from: IpAddr, lesson: &Lesson, language: Language) -> Result<(Thing, String), Problem> {
    let catalogue = hub.store.catalogue();
    if !lesson.lobby_open {
        return Err(refused(hub, Conflict::LobbyLocked));
    }
    if catalogue.count_things(lesson.id)? as usize >= hub.things_per_lesson {
        hub.joining.count(Refused::LessonFull);
        let most = hub.things_per_lesson;
        let detail = format!(
            "This lesson is full: {most} phones have joined. Tell your teacher: a larger limits.things_per_lesson in messwerk.toml allows \
             more after a restart of the hub; or make another lesson."
        );
        return Err(Problem::conflict(detail).coded("lesson_full"));
    }
    hub.joining.join(from, lesson.id, hub.clock.now()).map_err(|wait| {
        let detail = "Very many phones have joined from this network. Wait a little and try again; limits.joins_at_once and \
            limits.joins_per_minute in messwerk.toml allow more.";
        Problem::too_many(detail, wait).coded("too_many_joins")
    })?;
    let token = mint::token();
    let name = |number, given: &[String]| mint::nickname(lesson.id, number, given, language);
    let added = catalogue.add_thing(lesson.id, mint::thing_id(), &name, &token, hub.clock.now());
    if added.is_err() {
        hub.joining.not_joined(from, lesson.id);
    }
    match added {
        Err(Error::Conflict(conflict)) => Err(refused(hub, conflict)),
        added => Ok((added?, token)),
    }
}

/// Adds a Thing with a token on the seat of another.
fn handed_over(hub: &Hub, lesson: &Lesson, before: ThingId, language: Language) -> Result<(Thing, String), Problem> {
    let token = mint::token();
    let name = |number, given: &[String]| mint::nickname(lesson.id, number, given, language);
    match hub.store.catalogue().hand_over(before, mint::thing_id(), &name, &token, hub.clock.now()) {
        // Somebody was quicker: another page of the same phone, or the teacher.
        Err(Error::NotFound(_)) => {
            Err(Problem::unauthorized("This phone has gone to the next group already. Join with the code of the board.")
                .coded("unknown_token"))
        }
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
