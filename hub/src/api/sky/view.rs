//! How answers about satellites look.

use chrono_tz::Tz;
use messwerk_lessons::Micros;
use messwerk_lessons::sky::{
    COMPASS, Elements, Look, Moment, Orbit, Pass, Point, Unseen, compass, footprint, is_lit, position, subsolar, track,
};
use messwerk_store::catalogue::ElementSet;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::age;
use crate::api::problem::Problem;
use crate::sky::{School, local};

/// A point of a track every so often, µs.
const STEP: Micros = 60_000_000;
/// The most points of one turn: of high satellites they are farther apart.
const POINTS: i64 = 200;
/// Points of the edge of the footprint.
const EDGE: usize = 72;

/// Where the school stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SchoolView {
    /// What the map calls it; may be empty.
    pub name: String,
    /// Degrees, north positive; `null` as long as nobody said it.
    pub latitude: Option<f64>,
    /// Degrees, east positive.
    pub longitude: Option<f64>,
    /// Metres.
    pub elevation_m: Option<f64>,
    /// Its time zone.
    pub time_zone: &'static str,
    /// Whether a teacher entered it; else it stands in the configuration.
    pub entered: bool,
}

impl SchoolView {
    pub(super) fn of(school: &School) -> Self {
        Self {
            name: school.name.clone(),
            latitude: school.place.map(|place| place.latitude),
            longitude: school.place.map(|place| place.longitude),
            elevation_m: school.place.map(|place| place.height_km * 1000.0),
            time_zone: school.zone.name(),
            entered: school.entered,
        }
    }
}

/// A satellite, and how old what is known of it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SatelliteView {
    /// Catalogue number.
    pub norad: u32,
    /// Its name, or its number in words.
    pub name: String,
    /// For when the elements are, µs.
    pub epoch: Micros,
    /// When they came, µs.
    pub came: Micros,
    /// `teacher`, or the host they were fetched from.
    pub source: String,
    /// Days since the epoch; negative for one ahead.
    pub age_days: f64,
    /// More than seven days from the epoch: what is computed may be wrong by minutes.
    pub old: bool,
    /// Time of one turn, s.
    pub period_s: f64,
    /// Degrees: as far north and south it gets.
    pub inclination: f64,
}

impl SatelliteView {
    pub(super) fn of(set: &ElementSet, elements: &Elements, now: Micros) -> Self {
        let (age_days, old) = age(set.epoch, now);
        Self {
            norad: set.norad,
            name: set.name.clone(),
            epoch: set.epoch,
            came: set.came,
            source: set.source.clone(),
            age_days,
            old,
            period_s: elements.period_s(),
            inclination: elements.inclination,
        }
    }
}

/// A direction from the school.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LookView {
    /// Degrees from north over east.
    pub azimuth: f64,
    /// The same as one of sixteen directions: `NE`.
    pub compass: &'static str,
    /// Degrees over the horizon, negative below it.
    pub elevation: f64,
    /// km.
    pub range_km: f64,
}

impl LookView {
    pub(super) fn of(look: &Look) -> Self {
        Self { azimuth: look.azimuth, compass: words(look.azimuth), elevation: look.elevation, range_km: look.range_km }
    }
}

pub(super) fn words(azimuth: f64) -> &'static str {
    COMPASS.get(compass(azimuth)).map_or("", |(_, english)| english)
}

/// Where a satellite is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PositionView {
    /// Degrees of the place below it.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
    /// km over the ground.
    pub height_km: f64,
    /// Where it goes, degrees from north over east.
    pub heading: f64,
    /// The same as one of sixteen directions.
    pub compass: &'static str,
    /// Along its orbit, km/s.
    pub speed: f64,
    /// Of the place below it, km/s.
    pub ground_speed: f64,
    /// Distance from the Earth's middle, km.
    pub radius_km: f64,
}

/// A satellite over the world.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrbitView {
    /// Which, and how old its elements are.
    pub satellite: SatelliteView,
    /// For when this is, µs.
    pub at: Micros,
    /// Where it is then.
    pub position: PositionView,
    /// Whether the Sun shines on it; else it flies through the Earth's shadow.
    pub lit: bool,
    /// Where it stands in the school's sky; `null` as long as nobody said where the school is.
    pub look: Option<LookView>,
    /// The turn behind it: s from `at`, longitude, latitude.
    pub past: Vec<[f64; 3]>,
    /// The turn before it.
    pub next: Vec<[f64; 3]>,
    /// The edge of the region that has it above the horizon: longitude, latitude.
    pub footprint: Vec<[f64; 2]>,
    /// The radius of that region, km.
    pub footprint_km: f64,
    /// Where the Sun stands overhead: longitude, latitude.
    pub sun: [f64; 2],
    /// Its elements as OMM.
    #[schema(value_type = Object)]
    pub omm: Value,
}

impl OrbitView {
    pub(super) fn of(set: &ElementSet, orbit: &Orbit, school: &School, at: Micros, now: Micros) -> Result<Self, Problem> {
        let here = position(orbit, at)?;
        let turn = (orbit.elements().period_s() * 1e6) as Micros;
        let step = STEP.max(turn / POINTS);
        let points =
            |points: Vec<Point>| points.iter().map(|point| [(point.time - at) as f64 / 1e6, point.longitude, point.latitude]).collect();
        let (edge, footprint_km) = footprint(&here, 0.0, EDGE);
        let (latitude, longitude) = subsolar(at);
        let look = match school.observer() {
            Ok(observer) => Some(LookView::of(&observer.satellite(orbit, at)?)),
            Err(_) => None,
        };
        Ok(Self {
            satellite: SatelliteView::of(set, orbit.elements(), now),
            at,
            position: PositionView {
                latitude: here.latitude,
                longitude: here.longitude,
                height_km: here.height_km,
                heading: here.heading,
                compass: words(here.heading),
                speed: here.speed,
                ground_speed: here.ground_speed,
                radius_km: here.radius_km,
            },
            lit: is_lit(orbit, at)?,
            look,
            past: points(track(orbit, at.saturating_sub(turn), at, step)?),
            next: points(track(orbit, at, at.saturating_add(turn), step)?),
            footprint: edge.into_iter().map(|(latitude, longitude)| [longitude, latitude]).collect(),
            footprint_km,
            sun: [longitude, latitude],
            omm: serde_json::from_str(&set.omm).map_err(|error| Problem::internal(&error))?,
        })
    }
}

/// A time and where to look then.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MomentView {
    /// Hub time, µs.
    pub time: Micros,
    /// The same as the school's clocks show it.
    pub local: String,
    /// Where it stands.
    pub look: LookView,
}

/// One pass.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PassView {
    /// Comes above the least elevation.
    pub rise: MomentView,
    /// Stands highest.
    pub culmination: MomentView,
    /// Sinks below the least elevation.
    pub set: MomentView,
    /// From when to when an eye can see it (it is lit, the sky is dark), µs; `null` if never.
    pub visible: Option<[Micros; 2]>,
    /// Why no eye sees it: `bright` (the sky is), `shadow` (it flies through the Earth's).
    pub unseen: Option<&'static str>,
}

impl PassView {
    pub(super) fn of(pass: &Pass, zone: Tz) -> Self {
        let moment = |moment: &Moment| MomentView { time: moment.time, local: local(zone, moment.time), look: LookView::of(&moment.look) };
        Self {
            rise: moment(&pass.rise),
            culmination: moment(&pass.culmination),
            set: moment(&pass.set),
            visible: pass.visible.map(|(from, to)| [from, to]),
            unseen: pass.unseen.map(|why| match why {
                Unseen::Bright => "bright",
                Unseen::Shadow => "shadow",
            }),
        }
    }
}
