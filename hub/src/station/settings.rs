//! What a station's owner says of it.

use chrono_tz::Tz;
use messwerk_ingest::station::{Context, Format};
use messwerk_lessons::topic;
use serde::{Deserialize, Serialize};

/// Characters of a name, and of what else is typed.
const NAME: usize = 80;
const NOTE: usize = 1_000;
/// Topic filters of a station.
const TOPICS: usize = 20;

/// A station's settings, as the API takes and gives them and the catalogue keeps them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What it is called.
    pub name: String,
    /// How it speaks. Without one whatever arrives is kept for looking at it, and nothing is stored.
    #[serde(default)]
    pub format: Option<Format>,
    /// Where it stands, degrees north.
    #[serde(default)]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(default)]
    pub longitude: Option<f64>,
    /// Height of the barometer above the sea, m.
    #[serde(default)]
    pub elevation_m: Option<f64>,
    /// The zone in which its days begin.
    #[serde(default = "berlin")]
    pub time_zone: Tz,
    /// Where it hangs, who looks after it, whose data they are.
    #[serde(default)]
    pub note: String,
    /// MQTT topic filters in which it may publish besides `in/{key}/…`, once logged in.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Whether everybody in the network may look at its readings.
    #[serde(default = "yes")]
    pub public: bool,
    /// What decoding needs beyond the format.
    #[serde(default)]
    pub context: Context,
    /// Minutes that end at each time of its files of open data: 10 or 60. The first file says it; one of others belongs into another
    /// station, for rain and sunshine of the same hour would count twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_minutes: Option<u32>,
}

fn berlin() -> Tz {
    Tz::Europe__Berlin
}

fn yes() -> bool {
    true
}

impl Settings {
    /// Of a name alone.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            format: None,
            latitude: None,
            longitude: None,
            elevation_m: None,
            time_zone: berlin(),
            note: String::new(),
            topics: vec![],
            public: true,
            context: Context::default(),
            file_minutes: None,
        }
    }

    /// What is wrong with them, with its fix; `None` if nothing is.
    pub fn wrong(&self) -> Option<String> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
            return Some(format!("A station needs a name of 1 to {NAME} characters."));
        }
        if self.note.chars().count() > NOTE {
            return Some(format!("The note has more than {NOTE} characters."));
        }
        let within = |value: Option<f64>, most: f64| value.is_none_or(|value| value.abs() <= most);
        if !within(self.latitude, 90.0) || !within(self.longitude, 180.0) || self.latitude.is_some() != self.longitude.is_some() {
            return Some("A place has a latitude from -90 to 90 and a longitude from -180 to 180 degrees, or neither.".to_owned());
        }
        if self.elevation_m.is_some_and(|height| !(-500.0..=9_000.0).contains(&height)) {
            return Some("The height is in metres above the sea, from -500 to 9000.".to_owned());
        }
        if self.topics.len() > TOPICS {
            return Some(format!("At most {TOPICS} topic filters."));
        }
        // What begins with in/ and out/ is the hub's own, and # is everybody's.
        let free = |filter: &String| topic::check_filter(filter).is_ok() && !filter.starts_with(['#', '+', '$']);
        let own = |filter: &String| filter.split('/').next().is_some_and(|first| first != "in" && first != "out");
        let wrong = self.topics.iter().find(|filter| !free(filter) || !own(filter));
        wrong.map(|filter| {
            format!("{filter:?} is no topic filter of a station: write tele/roof/# or the like; the first level is a name other than in and out.")
        })
    }

    /// As the catalogue keeps them.
    pub fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As they were kept. An older hub's are read with what it did not know at its default.
    pub fn read(written: &str) -> Option<Self> {
        serde_json::from_str(written).ok()
    }
}
