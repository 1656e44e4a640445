//! The Sun over the school or another place: a day, and the days of a year.

use axum::Json;
use axum::extract::State;
use chrono_tz::Tz;
use messwerk_lessons::Micros;
use messwerk_lessons::sky::{Daylight, Event, Observer, Place};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::{LookView, words};
use crate::api::blocking;
use crate::api::extract::Parameters;
use crate::api::problem::Problem;
use crate::sky::{self, School};
use crate::state::Hub;

/// Which day, and where if not at the school.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// A date of the place's clocks, as `2026-11-23`; today without it.
    pub date: Option<String>,
    /// Degrees; the school's without it.
    pub latitude: Option<f64>,
    /// Degrees; the school's without it.
    pub longitude: Option<f64>,
    /// Whose clocks; the school's without it.
    pub time_zone: Option<String>,
}

/// Which year, and where if not at the school.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// The year; this one without it.
    pub year: Option<i32>,
    /// Degrees; the school's without it.
    pub latitude: Option<f64>,
    /// Degrees; the school's without it.
    pub longitude: Option<f64>,
    /// Whose clocks; the school's without it.
    pub time_zone: Option<String>,
}

/// Who asks from where.
struct Where {
    observer: Observer,
    zone: Tz,
}

impl Where {
    fn of(school: &School, latitude: Option<f64>, longitude: Option<f64>, time_zone: Option<&str>) -> Result<Self, Problem> {
        let observer = match (latitude, longitude) {
            (Some(latitude), Some(longitude)) => Observer::new(Place::new(latitude, longitude, 0.0)?),
            (None, None) => school.observer()?,
            _ => return Err(Problem::bad_request("Latitude and longitude belong together: give both or none.").coded("sky_question")),
        };
        let named = time_zone.map(sky::zone).transpose();
        let zone = named.map_err(|wrong| Problem::bad_request(format!("{wrong}.")).coded("sky_question"))?.unwrap_or(school.zone);
        Ok(Self { observer, zone })
    }
}

/// The Sun passes a height.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventView {
    /// Hub time, µs.
    pub time: Micros,
    /// As the clocks there show it.
    pub local: String,
    /// Degrees from north over east.
    pub azimuth: f64,
    /// The same as one of sixteen directions.
    pub compass: &'static str,
    /// Whether it rises.
    pub rising: bool,
}

fn events(events: &[Event], zone: Tz) -> Vec<EventView> {
    let view = |event: &Event| EventView {
        time: event.time,
        local: sky::local(zone, event.time),
        azimuth: event.azimuth,
        compass: words(event.azimuth),
        rising: event.rising,
    };
    events.iter().map(view).collect()
}

/// `day`, `night`, or nothing where the Sun rises or sets.
fn polar(day: &Daylight) -> Option<&'static str> {
    day.polar.map(|up| if up { "day" } else { "night" })
}

/// The Sun on one day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SunView {
    /// The date there.
    pub date: String,
    /// Whose clocks.
    pub time_zone: &'static str,
    /// Where: degrees.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
    /// Hub time, µs.
    pub now: Micros,
    /// Where the Sun stands now.
    pub look: LookView,
    /// For how long its upper edge is over the horizon, s.
    pub length_s: f64,
    /// When it stands highest, µs.
    pub noon: Micros,
    /// How high then, degrees.
    pub noon_elevation: f64,
    /// Sunrises and sunsets in order.
    pub events: Vec<EventView>,
    /// Beginnings and ends of civil twilight's day: the Sun passes -6°.
    pub twilight: Vec<EventView>,
    /// `day` or `night` where the Sun neither rises nor sets.
    pub polar: Option<&'static str>,
}

/// Sunrise, sunset and where the Sun stands.
#[utoipa::path(get, path = "/api/v1/sky/sun", params(Day), responses((status = 200, body = SunView), (status = 409, body = Problem, description = "nobody said where the school stands (`no_place`)")))]
pub async fn day(State(hub): State<Hub>, Parameters(asked): Parameters<Day>) -> Result<Json<SunView>, Problem> {
    let school = hub.sky.school(&hub.store)?;
    let Where { observer, zone } = Where::of(&school, asked.latitude, asked.longitude, asked.time_zone.as_deref())?;
    let now = hub.clock.now();
    let (date, _, _, day) = sky::day(zone, asked.date.as_deref(), now, &observer)?;
    let place = observer.place();
    Ok(Json(SunView {
        date: date.to_string(),
        time_zone: zone.name(),
        latitude: place.latitude,
        longitude: place.longitude,
        now,
        look: LookView::of(&observer.sun(now)),
        length_s: day.length_s,
        noon: day.noon.0,
        noon_elevation: day.noon.1,
        polar: polar(&day),
        events: events(&day.events, zone),
        twilight: events(&day.twilight, zone),
    }))
}

/// One day of a year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DayView {
    /// The date there.
    pub date: String,
    /// First sunrise, µs.
    pub rise: Option<Micros>,
    /// Last sunset, µs.
    pub set: Option<Micros>,
    /// For how long the Sun's upper edge is over the horizon, s.
    pub length_s: f64,
    /// How high the Sun gets, degrees.
    pub noon_elevation: f64,
}

/// The days of a year at one place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct YearView {
    /// Which.
    pub year: i32,
    /// Whose clocks.
    pub time_zone: &'static str,
    /// Where: degrees.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
    /// In order.
    pub days: Vec<DayView>,
}

/// How long the days of a year are.
#[utoipa::path(get, path = "/api/v1/sky/year", params(Year), responses((status = 200, body = YearView), (status = 409, body = Problem, description = "nobody said where the school stands (`no_place`)")))]
pub async fn year(State(hub): State<Hub>, Parameters(asked): Parameters<Year>) -> Result<Json<YearView>, Problem> {
    let school = hub.sky.school(&hub.store)?;
    let Where { observer, zone } = Where::of(&school, asked.latitude, asked.longitude, asked.time_zone.as_deref())?;
    let this: i32 = sky::local(zone, hub.clock.now()).get(..4).and_then(|year| year.parse().ok()).unwrap_or(2000);
    let year = asked.year.unwrap_or(this);
    let _turn = hub.sky.turn().await?;
    let days = blocking(move || Ok(sky::year(zone, year, &observer)?)).await?;
    let view = |(date, day): &(chrono::NaiveDate, Daylight)| DayView {
        date: date.to_string(),
        rise: day.events.iter().find(|event| event.rising).map(|event| event.time),
        set: day.events.iter().rev().find(|event| !event.rising).map(|event| event.time),
        length_s: day.length_s,
        noon_elevation: day.noon.1,
    };
    let place = observer.place();
    Ok(Json(YearView {
        year,
        time_zone: zone.name(),
        latitude: place.latitude,
        longitude: place.longitude,
        days: days.iter().map(view).collect(),
    }))
}
