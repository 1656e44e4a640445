//! Links that open one table of a lesson to other programs: CODAP in another tab, a spreadsheet that fetches, a notebook.
//!
//! Such a program has neither the teacher's session nor a token, and its page is of another origin. A link is the whole
//! credential: 128 bits in its address, for one table, for hours, read only, and a teacher makes, sees and revokes it. It shows
//! what boards show and less: groups by number, no nickname, no text that anybody typed. Links live in memory only: a restart
//! ends all of them, and nothing of them is on disk.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::body::Body as Content;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_query::{Dialect, Format, ObservationSpec, Scope};
use messwerk_store::catalogue::Lesson;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::names::day;
use crate::address::Address;
use crate::api::blocking;
use crate::api::extract::{At, Body};
use crate::api::lessons::{find, flow_of, recorded_property, template_of};
use crate::api::problem::Problem;
use crate::api::questions::{property, shown_outcomes};
use crate::api::who::Teacher;
use crate::mint;
use crate::state::Hub;

mod table;

/// Hours that a link lasts if nobody says: two lessons.
const HOURS: u32 = 2;
/// Hours it may last: a week's project.
const LONGEST: u32 = 168;
const HOUR: Micros = 3_600_000_000;
/// Links of a lesson, and of all.
const OF_A_LESSON: usize = 10;
const IN_ALL: usize = 500;
/// How often a link may be opened: so many times at once, then once in so long. A class that loads it together is thirty.
const BURST: u32 = 40;
const EACH: Micros = 2_000_000;
/// Columns of a chart to which readings are thinned, four readings each at most: what a page of CODAP takes with patience.
const WIDTH: u32 = 500;

/// What a link shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shared {
    /// Every group's result, with what was found on the way and entered.
    Results,
    /// Readings of one property, thinned for a chart.
    Readings,
}

/// A link to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// What it shows.
    pub what: Shared,
    /// Of readings, which property; without it the lesson's main one.
    #[serde(default)]
    pub property: Option<String>,
    /// For how many hours, 1 to 168; 2 without it.
    #[serde(default)]
    pub hours: Option<u32>,
}

/// A link as its teacher sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LinkView {
    /// Its number, by which it is revoked.
    pub link: u64,
    /// What it shows.
    pub what: Shared,
    /// Of readings, which property.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<&'static str>,
    /// The address to be given to the other program. Whoever has it sees the table.
    pub url: String,
    /// When it was made, µs since 1970 UTC.
    pub made: Micros,
    /// When it ends by itself, µs since 1970 UTC.
    pub ends: Micros,
    /// How often it was opened.
    pub opened: u64,
    /// When it was opened last, µs since 1970 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Micros>,
}

#[derive(Debug, Clone)]
struct Link {
    number: u64,
    key: String,
    lesson: LessonId,
    what: Shared,
    property: Option<ObservedProperty>,
    made: Micros,
    ends: Micros,
    opened: u64,
    last: Option<Micros>,
    /// When it would be as unused as a new one.
    rested: Micros,
}

impl Link {
    fn view(&self, address: &Address) -> LinkView {
        let Self { number, key, what, property, made, ends, opened, last, .. } = self;
        let url = address.url(&format!("/x/{key}.csv"));
        let property = property.map(ObservedProperty::name);
        LinkView { link: *number, what: *what, property, url, made: *made, ends: *ends, opened: *opened, last: *last }
    }
}

/// All links, in memory.
#[derive(Debug, Default)]
pub struct Links {
    all: Mutex<(u64, Vec<Link>)>,
}

/// Why a link does not open.
#[derive(Debug, PartialEq, Eq)]
enum Shut {
    Unknown,
    /// Opened too often; for so many µs.
    Tired(Micros),
}

impl Links {
    /// Without those that have ended.
    fn now(&self, now: Micros) -> MutexGuard<'_, (u64, Vec<Link>)> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.1.retain(|link| now < link.ends);
        all
    }

    fn make(&self, lesson: LessonId, what: Shared, property: Option<ObservedProperty>, hours: u32, now: Micros) -> Result<Link, Problem> {
        let mut all = self.now(now);
        if all.1.iter().filter(|link| link.lesson == lesson).count() >= OF_A_LESSON || all.1.len() >= IN_ALL {
            return Err(Problem::conflict(format!(
                "There are {OF_A_LESSON} links for this lesson, or {IN_ALL} on this hub. Revoke one first."
            )));
        }
        all.0 += 1;
        let (number, key, ends) = (all.0, mint::token(), now + Micros::from(hours) * HOUR);
        let link = Link { number, key, lesson, what, property, made: now, ends, opened: 0, last: None, rested: now };
        all.1.push(link.clone());
        Ok(link)
    }

    fn of(&self, lesson: LessonId, now: Micros) -> Vec<Link> {
        self.now(now).1.iter().filter(|link| link.lesson == lesson).cloned().collect()
    }

    fn revoke(&self, lesson: LessonId, number: u64, now: Micros) -> Option<Link> {
        let mut all = self.now(now);
        let place = all.1.iter().position(|link| link.lesson == lesson && link.number == number)?;
        Some(all.1.remove(place))
    }

    /// The link of a key, opened once more.
    fn open(&self, key: &str, now: Micros) -> Result<Link, Shut> {
        let mut all = self.now(now);
        let link = all.1.iter_mut().find(|link| link.key == key).ok_or(Shut::Unknown)?;
        let rested = link.rested.max(now) + EACH;
        if rested > now + Micros::from(BURST) * EACH {
            return Err(Shut::Tired(rested - now - Micros::from(BURST) * EACH));
        }
        (link.rested, link.opened, link.last) = (rested, link.opened + 1, Some(now));
        Ok(link.clone())
    }

    /// Forgets an erased lesson.
    pub fn forget(&self, lesson: LessonId) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).1.retain(|link| link.lesson != lesson);
    }
}

/// Makes a link under which any program, also a page of another site, reads one table of the lesson as CSV until the link ends or
/// is revoked. Groups are in it by number only.
#[utoipa::path(post, path = "/api/v1/lessons/{id}/links", params(("id" = String, Path)), request_body = NewLink, responses((status = 201, body = LinkView), (status = 409, body = Problem, description = "there are as many links as there may be")), security(("token" = [])))]
pub async fn make(
    State(hub): State<Hub>,
    _: Teacher,
    address: Address,
    At(id): At<String>,
    Body(new): Body<NewLink>,
) -> Result<(StatusCode, Json<LinkView>), Problem> {
    let lesson = find(&hub, &id)?;
    let hours = new.hours.unwrap_or(HOURS);
    if !(1..=LONGEST).contains(&hours) {
        return Err(Problem::bad_request(format!("hours={hours}: a link lasts 1 to {LONGEST} hours.")));
    }
    let property = match (new.what, new.property.as_deref()) {
        (Shared::Results, None) => None,
        (Shared::Results, Some(_)) => return Err(Problem::bad_request("property belongs to readings; leave it out for results.")),
        (Shared::Readings, None) => Some(recorded_property(&hub, &lesson)?),
        (Shared::Readings, Some(name)) => Some(property(name)?),
    };
    let link = hub.exports.links.make(lesson.id, new.what, property, hours, hub.clock.now())?;
    log(&hub, lesson, "link.make", &link).await?;
    Ok((StatusCode::CREATED, Json(link.view(&hub.shown(&address)))))
}

async fn log(hub: &Hub, lesson: Lesson, what: &'static str, link: &Link) -> Result<(), Problem> {
    let (hub, number) = (hub.clone(), link.number);
    blocking(move || Ok(hub.flow.log(&lesson, "teacher", what, number.to_string())?)).await
}

/// The links of a lesson that are open.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/links", params(("id" = String, Path)), responses((status = 200, body = Vec<LinkView>)), security(("token" = [])))]
pub async fn list(State(hub): State<Hub>, _: Teacher, address: Address, At(id): At<String>) -> Result<Json<Vec<LinkView>>, Problem> {
    let lesson = find(&hub, &id)?;
    let address = hub.shown(&address);
    let links = hub.exports.links.of(lesson.id, hub.clock.now());
    Ok(Json(links.iter().map(|link| link.view(&address)).collect()))
}

/// Revokes a link: from now on nobody opens it.
#[utoipa::path(delete, path = "/api/v1/lessons/{id}/links/{link}", params(("id" = String, Path), ("link" = u64, Path)), responses((status = 204)), security(("token" = [])))]
pub async fn revoke(State(hub): State<Hub>, _: Teacher, At((id, number)): At<(String, u64)>) -> Result<StatusCode, Problem> {
    let lesson = find(&hub, &id)?;
    let link = hub.exports.links.revoke(lesson.id, number, hub.clock.now());
    let link = link.ok_or_else(|| Problem::not_found(format!("There is no link {number} of this lesson; it has ended or was revoked.")))?;
    log(&hub, lesson, "link.revoke", &link).await?;
    Ok(StatusCode::NO_CONTENT)
}

const ANY_ORIGIN: HeaderName = header::ACCESS_CONTROL_ALLOW_ORIGIN;
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The table of a link, for pages of any origin. Nothing but the link counts here: neither cookie nor token.
#[utoipa::path(get, path = "/x/{token}", params(("token" = String, Path)), responses((status = 200, content_type = "text/csv; charset=utf-8"), (status = 404, body = Problem), (status = 429, body = Problem, description = "opened too often")))]
pub async fn open(State(hub): State<Hub>, At(key): At<String>) -> Response {
    // Whoever may not read the table may read why.
    let headers = [(ANY_ORIGIN, "*"), (RESOURCE_POLICY, "cross-origin")];
    (headers, answer(&hub, key.trim_end_matches(".csv")).await).into_response()
}

async fn answer(hub: &Hub, key: &str) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("This link has ended or was revoked. Its teacher can make another one.");
    let link = hub.exports.links.open(key, hub.clock.now()).map_err(|shut| match shut {
        Shut::Unknown => unknown(),
        Shut::Tired(wait) => Problem::too_many(
            "This link was opened very often. Wait a moment, or save the table and open the file.",
            Duration::from_micros(wait.unsigned_abs()),
        ),
    })?;
    let lesson = hub.store.catalogue().lesson(link.lesson)?.ok_or_else(unknown)?;
    let body = match link.property {
        None => {
            let outcomes = shown_outcomes(hub, &lesson, None).await?;
            let template = template_of(hub, &lesson)?;
            Content::from(table::results(&template, &outcomes))
        }
        Some(property) => readings(hub, &lesson, property).await?,
    };
    let file = format!("inline; filename=\"messwerk-{}.csv\"", day(lesson.created));
    let headers = [
        (header::CONTENT_TYPE, Format::Csv.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, file),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, body).into_response())
}

/// Readings of the groups that boards show, below each other.
async fn readings(hub: &Hub, lesson: &Lesson, property: ObservedProperty) -> Result<Content, Problem> {
    use futures::{StreamExt, stream};
    let columns = table::columns(property);
    let state = flow_of(hub, lesson.id)?.now();
    let shown: Vec<_> = state.counted().filter(|thing| !thing.hidden).map(|thing| thing.id).collect();
    let before = state.lesson.frozen;
    let (hub, id) = (hub.clone(), lesson.id);
    // Nobody there is a table with headings all the same.
    let parts = stream::iter(shown).then(move |thing| {
        let (hub, columns) = (hub.clone(), columns.clone());
        async move {
            let spec = ObservationSpec {
                property: Some(property),
                thing: Some(thing),
                to: before,
                width: Some(WIDTH),
                named: true,
                ..ObservationSpec::default()
            };
            let rows = hub.engine.observations(&Scope::lesson(id), &spec).await?;
            rows.selected(&columns).map(|rows| rows.encode(Format::Csv, Dialect::Standard))
        }
    });
    let heading = table::heading(property);
    let rows = parts.flat_map(|part| match part {
        // The first piece of each is its heading.
        Ok(rows) => rows.skip(1).boxed(),
        Err(error) => stream::iter([Err(error)]).boxed(),
    });
    Ok(Content::from_stream(stream::iter([Ok(heading.into())]).chain(rows).fuse()))
}

#[cfg(test)]
mod tests;
