//! Satellites over the school, and elements that teachers hand in.

pub mod sun;
pub mod view;

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use messwerk_lessons::Micros;
use messwerk_lessons::sky::{self as model, Age};
use messwerk_store::catalogue::{ElementSet, LogEntry, School as Entered};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::view::{OrbitView, PassView, SatelliteView, SchoolView};
use crate::api::blocking;
use crate::api::extract::{At, Body, Parameters};
use crate::api::problem::Problem;
use crate::api::who::Teacher;
use crate::sky::{self, School};
use crate::state::Hub;
use crate::web::body::read;

/// A file of elements: two hundred objects take 100 kB.
const LARGEST: usize = 1 << 20;
/// It has so long to arrive.
const ARRIVAL: Duration = Duration::from_secs(30);
/// Passes are searched for so many days at most: elements are older than that by then.
const DAYS: f64 = 10.0;
/// µs of a day.
const DAY: Micros = 86_400_000_000;

/// What the hub knows of the sky.
#[derive(Debug, Serialize, ToSchema)]
pub struct SkyView {
    /// Hub time, µs.
    pub now: Micros,
    /// Where the school stands.
    pub school: SchoolView,
    /// Elements older than so many days are warned of.
    pub fresh_days: u32,
    /// Satellites there are elements of.
    pub satellites: Vec<SatelliteView>,
    /// Whether whoever asks may hand in elements and say where the school stands.
    pub teacher: bool,
}

/// The satellites the hub has elements of, and where the school stands.
#[utoipa::path(get, path = "/api/v1/sky/satellites", responses((status = 200, body = SkyView)))]
pub async fn satellites(State(hub): State<Hub>, teacher: Result<Teacher, Problem>) -> Result<Json<SkyView>, Problem> {
    let now = hub.clock.now();
    let school = SchoolView::of(&hub.sky.school(&hub.store)?);
    // What cannot be read back is not there, rather than that nothing is.
    let sets = hub.store.catalogue().elements()?;
    let satellites = sets.iter().filter_map(|set| Some(SatelliteView::of(set, &sky::read_back(set).ok()?, now))).collect();
    Ok(Json(SkyView { now, school, fresh_days: (model::FRESH / DAY) as u32, satellites, teacher: teacher.is_ok() }))
}

/// What became of elements that were handed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Taken {
    /// The satellites that were in the file.
    pub satellites: Vec<SatelliteView>,
    /// Of how many the hub has newer elements, which it kept.
    pub older: usize,
}

/// Takes in elements: OMM as JSON, or two-line elements with or without names.
#[utoipa::path(post, path = "/api/v1/sky/elements", request_body(content = String, content_type = "text/plain"), responses((status = 201, body = Taken), (status = 400, body = Problem, description = "they cannot be read; the sentence says which line or value is wrong (`elements_unreadable`)"), (status = 408, body = Problem, description = "they did not arrive within 30 s (`too_slow`)")), security(("token" = [])))]
pub async fn elements(State(hub): State<Hub>, _: Teacher, body: axum::body::Body) -> Result<Response, Problem> {
    let file = read(body, LARGEST, ARRIVAL).await.map_err(|unread| unread.refuse(LARGEST, &hub.web))?;
    let now = hub.clock.now();
    let taken = blocking(move || {
        let found = model::read(&file)?;
        let sets: Vec<ElementSet> = found.iter().map(|elements| sky::kept(elements, "teacher", now)).collect();
        // Elements that SGP4 refuses are told now, not when somebody looks.
        found.iter().try_for_each(|elements| model::Orbit::new(elements.clone()).map(|_| ()))?;
        let catalogue = hub.store.catalogue();
        let older = catalogue.put_elements(&sets)?;
        log(&hub, now, "sky.elements", format!("{} objects", sets.len()))?;
        Ok(Taken { satellites: sets.iter().zip(&found).map(|(set, elements)| SatelliteView::of(set, elements, now)).collect(), older })
    });
    Ok((StatusCode::CREATED, Json(taken.await?)).into_response())
}

fn log(hub: &Hub, at: Micros, what: &str, detail: String) -> Result<(), Problem> {
    Ok(hub.store.catalogue().log(&LogEntry { at, who: "teacher".to_owned(), lesson: None, what: what.to_owned(), detail })?)
}

/// Forgets a satellite's elements.
#[utoipa::path(delete, path = "/api/v1/sky/{norad}", params(("norad" = u32, Path)), responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn remove(State(hub): State<Hub>, _: Teacher, At(norad): At<u32>) -> Result<StatusCode, Problem> {
    blocking(move || {
        hub.store.catalogue().remove_elements(norad)?;
        log(&hub, hub.clock.now(), "sky.remove", norad.to_string())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where a school stands.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSchool {
    /// What the map calls it, up to 40 characters.
    #[serde(default)]
    pub name: String,
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// Metres over the sea.
    #[serde(default)]
    pub elevation_m: f64,
    /// A name of the IANA time zone database.
    #[schema(example = "Europe/Berlin")]
    pub time_zone: String,
}

/// Says where the school stands; it counts before the configuration.
#[utoipa::path(put, path = "/api/v1/sky/school", request_body = NewSchool, responses((status = 200, body = SchoolView), (status = 400, body = Problem, description = "it cannot be (`school_wrong`)")), security(("token" = [])))]
pub async fn school(State(hub): State<Hub>, _: Teacher, Body(new): Body<NewSchool>) -> Result<Json<SchoolView>, Problem> {
    let NewSchool { name, latitude, longitude, elevation_m, time_zone } = new;
    let entered = Entered { name: name.trim().to_owned(), latitude, longitude, elevation_m, time_zone };
    School::check(&entered)?;
    blocking(move || {
        hub.store.catalogue().set_school(Some(&entered))?;
        log(&hub, hub.clock.now(), "sky.school", String::new())?;
        Ok(Json(SchoolView::of(&hub.sky.school(&hub.store)?)))
    })
    .await
}

/// Forgets what a teacher entered; the configuration counts again.
#[utoipa::path(delete, path = "/api/v1/sky/school", responses((status = 200, body = SchoolView)), security(("token" = [])))]
pub async fn forget_school(State(hub): State<Hub>, _: Teacher) -> Result<Json<SchoolView>, Problem> {
    blocking(move || {
        hub.store.catalogue().set_school(None)?;
        log(&hub, hub.clock.now(), "sky.school", String::new())?;
        Ok(Json(SchoolView::of(&hub.sky.school(&hub.store)?)))
    })
    .await
}

/// For when to ask.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Hub time, µs; now without it.
    pub at: Option<Micros>,
}

/// Where a satellite is, whither it goes, the turn behind and the turn before it, and who sees it. With its elements, from which
/// `messwerk_viz_sky` computes the same in the browser.
#[utoipa::path(get, path = "/api/v1/sky/{norad}", params(("norad" = u32, Path), When), responses((status = 200, body = OrbitView), (status = 404, body = Problem, description = "no elements of it (`no_elements`)"), (status = 409, body = Problem, description = "they are too old to say (`no_position`)")))]
pub async fn orbit(
    State(hub): State<Hub>,
    At(norad): At<u32>,
    Parameters(When { at }): Parameters<When>,
) -> Result<Json<OrbitView>, Problem> {
    asked(hub, norad, move |set, orbit, school, now| OrbitView::of(set, orbit, school, at.unwrap_or(now), now)).await
}

/// Answers a question about a satellite over the school, in turn: it may take a while to compute.
async fn asked<T: Send + 'static>(
    hub: Hub,
    norad: u32,
    answer: impl FnOnce(&ElementSet, &model::Orbit, &School, Micros) -> Result<T, Problem> + Send + 'static,
) -> Result<Json<T>, Problem> {
    let _turn = hub.sky.turn().await?;
    let hub = hub.clone();
    blocking(move || {
        let (set, orbit) = sky::orbit(&hub.store, norad)?;
        answer(&set, &orbit, &hub.sky.school(&hub.store)?, hub.clock.now()).map(Json)
    })
    .await
}

/// Which passes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// Hub time from which on, µs; now without it.
    pub from: Option<Micros>,
    /// For how many days: 2 without it, 10 at most.
    pub days: Option<f64>,
    /// Degrees over the horizon that a pass must reach: 10 without it.
    pub min_elevation: Option<f64>,
}

/// Passes over the school.
#[derive(Debug, Serialize, ToSchema)]
pub struct PassesView {
    /// Whose.
    pub satellite: SatelliteView,
    /// Whose horizon.
    pub school: SchoolView,
    /// From when, µs.
    pub from: Micros,
    /// Until when, µs.
    pub to: Micros,
    /// Degrees over the horizon that a pass must reach.
    pub min_elevation: f64,
    /// In order.
    pub passes: Vec<PassView>,
}

/// When a satellite passes over the school, and where to look then.
#[utoipa::path(get, path = "/api/v1/sky/{norad}/passes", params(("norad" = u32, Path), Which), responses((status = 200, body = PassesView), (status = 404, body = Problem, description = "no elements of it (`no_elements`)"), (status = 409, body = Problem, description = "nobody said where the school stands (`no_place`), or the elements are too old to say (`no_position`)")))]
pub async fn passes(State(hub): State<Hub>, At(norad): At<u32>, Parameters(which): Parameters<Which>) -> Result<Json<PassesView>, Problem> {
    let days = which.days.unwrap_or(2.0);
    if !(days > 0.0 && days <= DAYS) {
        return Err(Problem::bad_request(format!("days is a number above 0, up to {DAYS}.")).coded("sky_question"));
    }
    let answer = move |set: &ElementSet, orbit: &model::Orbit, school: &School, now: Micros| {
        let from = which.from.unwrap_or(now);
        let (to, min_elevation) = (from.saturating_add((days * DAY as f64) as Micros), which.min_elevation.unwrap_or(10.0));
        let found = model::passes(orbit, &school.observer()?, from, to, min_elevation)?;
        let passes = found.iter().map(|pass| PassView::of(pass, school.zone)).collect();
        let satellite = SatelliteView::of(set, orbit.elements(), now);
        Ok(PassesView { satellite, school: SchoolView::of(school), from, to, min_elevation, passes })
    };
    asked(hub, norad, answer).await
}

/// Days between an epoch and now, and whether that is too long.
fn age(epoch: Micros, now: Micros) -> (f64, bool) {
    let age = Age::of(epoch, now);
    (age.days(), age.is_old())
}
