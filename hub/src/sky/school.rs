//! Where the school stands.

use chrono_tz::Tz;
use messwerk_lessons::sky::{Observer, Place};
use messwerk_store::catalogue;
use serde::Deserialize;

use crate::api::problem::Problem;

/// Characters of the name on the map.
const NAME: usize = 40;

/// `[school]` of the configuration.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SchoolConfig {
    /// What the map calls it.
    pub name: String,
    /// Degrees, north positive; without both coordinates there are no passes and no sunrise.
    pub latitude: Option<f64>,
    /// Degrees, east positive.
    pub longitude: Option<f64>,
    /// Metres over the sea.
    pub elevation_m: f64,
    /// A name of the IANA time zone database.
    pub time_zone: String,
}

impl Default for SchoolConfig {
    fn default() -> Self {
        Self { name: String::new(), latitude: None, longitude: None, elevation_m: 0.0, time_zone: "Europe/Berlin".to_owned() }
    }
}

impl SchoolConfig {
    /// Says which setting cannot be.
    pub fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.latitude.is_some() == self.longitude.is_some(),
            "school.latitude and longitude belong together: set both or none"
        );
        let (latitude, longitude) = (self.latitude.unwrap_or(0.0), self.longitude.unwrap_or(0.0));
        fits(&self.name, latitude, longitude, self.elevation_m, &self.time_zone).map_err(|wrong| anyhow::anyhow!("school: {wrong}"))
    }
}

/// Says what is wrong with a place.
fn fits(name: &str, latitude: f64, longitude: f64, elevation_m: f64, time_zone: &str) -> Result<(), String> {
    let length = name.chars().count();
    if length > NAME {
        return Err(format!("name has {length} characters: at most {NAME}"));
    }
    Place::new(latitude, longitude, elevation_m).map_err(|error| error.to_string())?;
    zone(time_zone).map(|_| ())
}

/// A time zone by its name; the error says what to write.
pub fn zone(name: &str) -> Result<Tz, String> {
    name.parse().map_err(|_| format!("{name:?} is no time zone: write it as Europe/Berlin"))
}

/// The school as it counts now.
#[derive(Debug, Clone, PartialEq)]
pub struct School {
    /// What the map calls it; may be empty.
    pub name: String,
    /// Where it stands, if anybody said so.
    pub place: Option<Place>,
    /// Its clocks.
    pub zone: Tz,
    /// Whether a teacher entered it on the page.
    pub entered: bool,
}

impl School {
    /// What the configuration says; it has been checked.
    pub(super) fn configured(config: &SchoolConfig) -> Self {
        let coordinates = config.latitude.zip(config.longitude);
        let place = coordinates.and_then(|(latitude, longitude)| Place::new(latitude, longitude, config.elevation_m).ok());
        Self { name: config.name.clone(), place, zone: zone(&config.time_zone).unwrap_or(Tz::UTC), entered: false }
    }

    /// What a teacher entered; it was checked then.
    pub(super) fn entered(school: catalogue::School) -> Self {
        let place = Place::new(school.latitude, school.longitude, school.elevation_m).ok();
        Self { place, zone: zone(&school.time_zone).unwrap_or(Tz::UTC), name: school.name, entered: true }
    }

    /// Refuses what cannot be a school's place, in a sentence.
    pub fn check(school: &catalogue::School) -> Result<(), Problem> {
        let catalogue::School { name, latitude, longitude, elevation_m, time_zone } = school;
        fits(name, *latitude, *longitude, *elevation_m, time_zone)
            .map_err(|wrong| Problem::bad_request(super::capital(&format!("{wrong}."))).coded("school_wrong"))
    }

    /// Whoever stands there. Without a place there is nobody to see anything.
    pub fn observer(&self) -> Result<Observer, Problem> {
        let none = || {
            Problem::conflict(
                "The hub does not know where the school stands. A teacher enters it on the page /sky, or the operator in [school].",
            )
            .coded("no_place")
        };
        self.place.map(Observer::new).ok_or_else(none)
    }
}
