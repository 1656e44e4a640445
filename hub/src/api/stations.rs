//! Stations: made, changed and looked at. How their messages come in is [`door`].

pub mod compare;
pub mod door;
pub mod files;
pub mod sensorthings;
pub mod series;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use messwerk_ingest::station::{Message, decode, fields, guess};
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_store::Erasure;
use messwerk_store::catalogue::Station;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::access::Bearer;
use crate::api::blocking;
use crate::api::extract::{At, Body};
use crate::api::ingest::{Reason, reason};
use crate::api::problem::Problem;
use crate::api::questions::rfc3339;
use crate::api::who::{Someone, Teacher};
use crate::flow::commands::to_the_end;
use crate::mint;
use crate::state::Hub;
use crate::station::LEAST_KEY;
use crate::station::settings::Settings;

/// A station as lists and pages see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StationView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: LessonId,
    /// What it is called.
    pub name: String,
    /// How it speaks; `null` while that is not set.
    pub format: Option<&'static str>,
    /// Where it stands, degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Height of its barometer above the sea, m.
    pub elevation_m: Option<f64>,
    /// The zone in which its days begin.
    pub time_zone: String,
    /// What its owner says of it.
    pub note: String,
    /// Whether everybody in the network may look at its readings.
    pub public: bool,
    /// What it measures where, with the latest readings.
    pub channels: Vec<ChannelView>,
    /// When it was heard last, µs since 1970 UTC: the newest reading's time.
    pub latest: Option<Micros>,
    /// When something arrived last, µs since 1970 UTC, of a station without a format: nothing of it is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrived: Option<Micros>,
    /// Everything that was set; only for a teacher.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub settings: Option<Settings>,
    /// Values that could not be stored so far; only for a teacher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejections: Option<Vec<RejectionView>>,
}

/// One place of measurement.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelView {
    /// What the device calls it; empty for the main one.
    pub name: String,
    /// The Thing whose readings these are.
    #[schema(value_type = String)]
    pub thing: ThingId,
    /// What it measures.
    pub streams: Vec<StreamView>,
}

/// What a channel measures: a Datastream with its latest reading.
#[derive(Debug, Serialize, ToSchema)]
pub struct StreamView {
    /// The property's name: `wind_speed`.
    pub property: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// The latest value.
    pub value: f32,
    /// Its time, RFC 3339, UTC.
    pub time: String,
    /// Readings so far.
    pub count: u64,
}

/// Values that could not be stored, for one reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejectionView {
    /// The reason's name.
    pub reason: &'static str,
    /// How many.
    pub count: u64,
    /// What was wrong with the last, and how to mend it.
    pub detail: String,
    /// When that was, µs since 1970 UTC.
    pub at: Micros,
}

/// A station that was just made, or got a new key.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: LessonId,
    /// The key that devices send with. It is told once.
    pub key: String,
}

/// Another key.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewKey {
    /// A key that the device has from elsewhere and is to go on using, 12 characters at least (a box's access token, a PASSKEY); it
    /// is taken beside the new one.
    pub own: Option<String>,
}

/// Something that arrived.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayloadView {
    /// When, µs since 1970 UTC.
    pub at: Micros,
    /// By which topic or path.
    pub door: String,
    /// What, as text; without keys and passwords, at most 4,096 bytes.
    pub text: String,
    /// The format it looks most like; `null` if none.
    pub looks_like: Option<&'static str>,
    /// Its fields, each with what it held: what a mapping chooses from.
    pub fields: Vec<FieldView>,
}

/// A field of what arrived.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldView {
    /// Where it is in the payload.
    pub path: String,
    /// What it held.
    pub example: String,
}

/// The station of a path, or the Problem that there is none.
pub fn find(hub: &Hub, id: &str) -> Result<(Station, Settings), Problem> {
    let log: LessonId = id.parse().map_err(|_| missing(id))?;
    let station = hub.store.catalogue().station(log)?.ok_or_else(|| missing(id))?;
    let settings = settings(&station);
    Ok((station, settings))
}

fn missing(id: &str) -> Problem {
    Problem::not_found(format!("There is no station {id}. GET /api/v1/stations lists them.")).coded("unknown_station")
}

/// What was set of a station. One whose settings cannot be read is listed all the same, for teachers alone.
fn settings(station: &Station) -> Settings {
    Settings::read(&station.settings).unwrap_or_else(|| Settings { public: false, ..Settings::named("?") })
}

/// The same for whoever may look at it: everybody at a public one, teachers at any. Another one is not there.
pub fn seen(hub: &Hub, id: &str, who: &Result<Option<Someone>, Problem>) -> Result<(Station, Settings), Problem> {
    let (station, settings) = find(hub, id)?;
    if settings.public || is_teacher(who) {
        return Ok((station, settings));
    }
    Err(missing(id))
}

fn is_teacher(who: &Result<Option<Someone>, Problem>) -> bool {
    matches!(who, Ok(Some(Someone(Bearer::Teacher))))
}

fn channels(hub: &Hub, log: LessonId) -> Result<Vec<ChannelView>, Problem> {
    let mut latest: BTreeMap<ThingId, Vec<StreamView>> = BTreeMap::new();
    let mut known = hub.store.latest(log);
    known.sort_by_key(|latest| latest.property);
    for last in known {
        latest.entry(last.thing).or_default().push(StreamView {
            property: last.property.name(),
            unit: last.property.unit(),
            value: last.value[0],
            time: rfc3339(last.time),
            count: hub.store.count(log, last.thing, last.property),
        });
    }
    let channels = hub.store.catalogue().station_channels(log)?;
    Ok(channels.into_iter().map(|(name, thing)| ChannelView { name, thing, streams: latest.remove(&thing).unwrap_or_default() }).collect())
}

fn view(hub: &Hub, (station, settings): (Station, Settings), whole: bool) -> Result<StationView, Problem> {
    let log = station.log;
    let rejections = || {
        let rejections = hub.store.rejections(log).into_iter();
        rejections
            .map(|one| RejectionView { reason: one.last.reason.name(), count: one.count, detail: one.last.detail, at: one.received })
            .collect()
    };
    // Only then it is neither a reading nor a rejection.
    let arrived = || Ok::<_, Problem>(hub.store.catalogue().payloads(log)?.first().map(|payload| payload.at));
    Ok(StationView {
        arrived: if settings.format.is_none() { arrived()? } else { None },
        id: log,
        name: settings.name.clone(),
        format: settings.format.map(|format| format.name()),
        latitude: settings.latitude,
        longitude: settings.longitude,
        elevation_m: settings.elevation_m,
        time_zone: settings.time_zone.name().to_owned(),
        note: settings.note.clone(),
        public: settings.public,
        channels: channels(hub, log)?,
        latest: hub.store.latest(log).iter().map(|latest| latest.time).max(),
        rejections: whole.then(rejections),
        settings: whole.then_some(settings),
    })
}

/// The stations that the asker may look at, the oldest first.
#[utoipa::path(get, path = "/api/v1/stations", responses((status = 200, body = Vec<StationView>)))]
pub async fn list(State(hub): State<Hub>, who: Result<Option<Someone>, Problem>) -> Result<Json<Vec<StationView>>, Problem> {
    let whole = is_teacher(&who);
    let list = move || {
        let mut stations = vec![];
        for station in hub.store.catalogue().stations()? {
            let settings = settings(&station);
            if whole || settings.public {
                stations.push(view(&hub, (station, settings), whole)?);
            }
        }
        Ok(stations)
    };
    blocking(list).await.map(Json)
}

/// Makes a station. Its key is told once, here.
#[utoipa::path(post, path = "/api/v1/stations", request_body(content = Object, description = "name, format, latitude, longitude, elevation_m, time_zone, note, topics, public, context"), responses((status = 201, body = KeyView), (status = 409, body = Problem)), security(("token" = [])))]
pub async fn create(State(hub): State<Hub>, _: Teacher, Body(settings): Body<Settings>) -> Result<Response, Problem> {
    checked(&settings)?;
    let make = move || Ok(hub.stations.add(&settings)?);
    let (id, key) = blocking(make).await?;
    Ok((StatusCode::CREATED, Json(KeyView { id, key })).into_response())
}

fn checked(settings: &Settings) -> Result<(), Problem> {
    settings.wrong().map_or(Ok(()), |wrong| Err(Problem::bad_request(wrong)))
}

/// A station.
#[utoipa::path(get, path = "/api/v1/stations/{id}", params(("id" = String, Path)), responses((status = 200, body = StationView), (status = 404, body = Problem)))]
pub async fn show(State(hub): State<Hub>, who: Result<Option<Someone>, Problem>, At(id): At<String>) -> Result<Json<StationView>, Problem> {
    let whole = is_teacher(&who);
    let found = seen(&hub, &id, &who)?;
    blocking(move || view(&hub, found, whole)).await.map(Json)
}

/// Sets everything that a station's owner says of it.
#[utoipa::path(put, path = "/api/v1/stations/{id}", params(("id" = String, Path)), request_body(content = Object, description = "name, format, latitude, longitude, elevation_m, time_zone, note, topics, public, context"), responses((status = 200, body = StationView), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn change(
    State(hub): State<Hub>,
    _: Teacher,
    At(id): At<String>,
    Body(mut settings): Body<Settings>,
) -> Result<Json<StationView>, Problem> {
    checked(&settings)?;
    let (station, before) = find(&hub, &id)?;
    // Whoever began to write before a file came, or leaves it out, does not undo what the file said.
    settings.file_minutes = before.file_minutes.or(settings.file_minutes);
    let set = move || {
        hub.store.catalogue().set_station(station.log, &settings.written(), hub.clock.now())?;
        view(&hub, (station, settings), true)
    };
    blocking(set).await.map(Json)
}

/// Erases a station with everything that it ever sent. On return its bytes are off the hub's disk.
#[utoipa::path(delete, path = "/api/v1/stations/{id}", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn erase(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<StatusCode, Problem> {
    let (station, _) = find(&hub, &id)?;
    to_the_end(async move {
        hub.feeds.jobs.forget(station.log).await;
        hub.store.erase(Erasure::Lesson(station.log)).await?;
        hub.stations.forget(station.log);
        hub.forget_computed(station.log);
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Gives a station a new key: the old ones are nobody's from then on.
#[utoipa::path(post, path = "/api/v1/stations/{id}/key", params(("id" = String, Path)), request_body = NewKey, responses((status = 200, body = KeyView), (status = 409, body = Problem, description = "another station has this key")), security(("token" = [])))]
pub async fn renew(State(hub): State<Hub>, _: Teacher, At(id): At<String>, Body(new): Body<NewKey>) -> Result<Json<KeyView>, Problem> {
    let (station, _) = find(&hub, &id)?;
    let own = new.own.as_deref().map(str::trim).filter(|own| !own.is_empty());
    if own.is_some_and(|own| own.chars().count() < LEAST_KEY || own.chars().count() > 200) {
        return Err(Problem::bad_request(format!("A key of one's own has {LEAST_KEY} to 200 characters: shorter ones can be guessed.")));
    }
    let own = own.map(str::to_owned);
    let set = move || {
        let key = mint::token();
        let keys: Vec<&str> = [Some(key.as_str()), own.as_deref()].into_iter().flatten().collect();
        hub.store.catalogue().set_station_keys(station.log, &keys)?;
        Ok(Json(KeyView { id: station.log, key }))
    };
    blocking(set).await
}

/// What arrived last, the newest first: without keys and passwords, each with its fields.
#[utoipa::path(get, path = "/api/v1/stations/{id}/payloads", params(("id" = String, Path)), responses((status = 200, body = Vec<PayloadView>), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn payloads(State(hub): State<Hub>, _: Teacher, At(id): At<String>) -> Result<Json<Vec<PayloadView>>, Problem> {
    let (station, _) = find(&hub, &id)?;
    let read = move || {
        let payload = |one: messwerk_store::catalogue::Payload| {
            let message = Message { topic: &one.door, body: &one.payload, received: one.at, ..Message::default() };
            PayloadView {
                at: one.at,
                looks_like: guess(&message).map(|format| format.name()),
                fields: fields(&message).into_iter().map(|found| FieldView { path: found.path, example: found.example }).collect(),
                text: String::from_utf8_lossy(&one.payload).into_owned(),
                door: one.door,
            }
        };
        Ok(hub.store.catalogue().payloads(station.log)?.into_iter().map(payload).collect())
    };
    blocking(read).await.map(Json)
}

/// What the settings would make of something that arrived, or of a text that was pasted: nothing is stored.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// The settings to try.
    #[schema(value_type = Object)]
    pub settings: Settings,
    /// The topic or path.
    #[serde(default)]
    pub door: String,
    /// The message.
    pub text: String,
}

/// What was made of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tried {
    /// The readings: channel, property, value, unit, time (RFC 3339; `null`: on arrival), and what they were sent as.
    #[schema(value_type = Vec<Object>)]
    pub readings: Vec<Value>,
    /// What could not be read.
    pub rejections: Vec<Reason>,
    /// What else is to be said of it.
    pub notes: Vec<String>,
}

/// Decodes a message by settings that are being tried.
#[utoipa::path(post, path = "/api/v1/stations/try", request_body = Trial, responses((status = 200, body = Tried), (status = 400, body = Problem)), security(("token" = [])))]
pub async fn attempt(State(hub): State<Hub>, _: Teacher, Body(trial): Body<Trial>) -> Result<Json<Tried>, Problem> {
    let Trial { settings, door, text } = trial;
    let Some(format) = settings.format else { return Err(Problem::bad_request("Choose a format first.")) };
    let (topic, query) = door.split_once('?').unwrap_or((&door, ""));
    let message = Message { topic, query, content_type: "", body: text.as_bytes(), received: hub.clock.now() };
    let report = decode(format, &message, &settings.context);
    let readings = report.readings.into_iter().map(|reading| {
        serde_json::json!({
            "channel": reading.channel.as_str(), "property": reading.property.name(), "value": reading.value,
            "unit": reading.property.unit(), "time": reading.time.map(rfc3339), "field": reading.sent.field, "sent_unit": reading.sent.unit,
        })
    });
    Ok(Json(Tried {
        readings: readings.collect(),
        rejections: report.rejects.into_vec().into_iter().map(reason).collect(),
        notes: report.notes.into_iter().map(|note| format!("{}: {}", note.kind.name(), note.detail)).collect(),
    }))
}
