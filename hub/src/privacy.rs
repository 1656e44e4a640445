//! What is kept of whom and for how long: the settings, and the same as stable words for the page `/privacy`.
//!
//! `GET /api/v1/privacy` is made from the configuration that is in force, so that the page cannot promise what the hub does
//! not do. It has words and numbers only; the page makes sentences of them in the reader's language.

use axum::Json;
use axum::extract::State;
use messwerk_lessons::Micros;
use messwerk_store::catalogue::Lesson;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts;
use crate::state::Hub;

const HOUR: Micros = 3_600_000_000;
const DAY: Micros = 24 * HOUR;

/// How long things are kept, by the hub's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PrivacyConfig {
    /// Hours after its creation at which a lesson that nobody ended ends by itself.
    pub open_hours: u32,
    /// Hours after its end at which a lesson is erased, unless its teacher keeps it.
    pub lesson_hours: u32,
    /// The most days after its end that a teacher can keep a lesson.
    pub kept_days_most: u32,
    /// Days after which entries of the log are forgotten.
    pub log_days: u32,
}

impl Default for PrivacyConfig {
    fn default() -> Self {
        Self { open_hours: 12, lesson_hours: 24, kept_days_most: 400, log_days: 30 }
    }
}

/// Bounds of the settings: name, value, most. A log is of use for half a year; the others end some day.
const MOST: [(&str, u32); 4] =
    [("privacy.open_hours", 8_760), ("privacy.lesson_hours", 8_760), ("privacy.kept_days_most", 3_650), ("privacy.log_days", 180)];

impl PrivacyConfig {
    /// Says which setting is out of its bounds.
    pub fn check(&self) -> anyhow::Result<()> {
        let values = [self.open_hours, self.lesson_hours, self.kept_days_most, self.log_days];
        for ((name, most), value) in MOST.into_iter().zip(values) {
            anyhow::ensure!((1..=most).contains(&value), "{name} = {value}: must be 1 to {most}");
        }
        Ok(())
    }

    /// When a lesson that nobody ends ends by itself.
    pub fn ends(&self, lesson: &Lesson) -> Micros {
        lesson.created.saturating_add(Micros::from(self.open_hours) * HOUR)
    }

    /// When a lesson is erased; `None` while it runs. Its teacher can keep it longer than by default, up to the bound, and never
    /// shorter: what was to be kept is not lost for it.
    pub fn erased(&self, lesson: &Lesson) -> Option<Micros> {
        let ended = lesson.ended?;
        let most = ended.saturating_add(Micros::from(self.kept_days_most) * DAY);
        let default = ended.saturating_add(Micros::from(self.lesson_hours) * HOUR);
        Some(lesson.kept_until.map_or(default, |kept| kept.max(default)).min(most).max(ended))
    }

    /// Entries of the log from before are forgotten.
    pub fn log_from(&self, now: Micros) -> Micros {
        now.saturating_sub(Micros::from(self.log_days) * DAY)
    }

    /// Tokens handed out before and never used are forgotten: no lesson is open for longer.
    pub fn reserved_from(&self, now: Micros) -> Micros {
        now.saturating_sub(Micros::from(self.open_hours) * HOUR)
    }
}

/// How long things are kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Periods {
    /// Hours after which a lesson that nobody ended ends by itself.
    pub open_hours: u32,
    /// Hours after its end at which a lesson is erased.
    pub lesson_hours: u32,
    /// The most days after its end that a teacher can keep a lesson.
    pub kept_days_most: u32,
    /// Days after which entries of the log are forgotten.
    pub log_days: u32,
    /// Hours after which a teacher's login ends.
    pub login_hours: u32,
    /// Minutes without use after which it ends.
    pub login_idle_minutes: u32,
}

/// Something that is stored, and until when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Stored {
    /// `nickname`, `readings` …
    pub what: &'static str,
    /// `lesson`: until its lesson is erased; `log`: as long as the log; `login`: as long as the login; `changed`: until it is
    /// changed; `rehearsal`: until the rehearsal stops; `withdrawn`: until a teacher withdraws or removes it.
    pub until: &'static str,
}

/// What is kept of whom, why, for how long, and who gets it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Privacy {
    /// `measure`, `compare`.
    pub purposes: [&'static str; 2],
    /// Everything that is stored, with how long.
    pub stored: Vec<Stored>,
    /// What is never stored, though it passes by or could.
    pub never_stored: [&'static str; 8],
    /// How long.
    pub periods: Periods,
    /// Where: in one folder on the hub.
    pub place: &'static str,
    /// Who else gets it: nobody, but by a teacher's act. `released`: whom the teacher gives the file of a Release, numbers of whole classes;
    /// `published`: everybody, from the catalogue; `linked`: a program that was given the secret address of one table, by group numbers,
    /// while the link lasts.
    pub recipients: Vec<&'static str>,
    /// Where the hub connects to by itself: the hosts of the catalogues and feeds that the operator named, else nowhere.
    pub outbound: Vec<String>,
    /// Cookies of a pupil: none.
    pub cookies_of_pupils: [&'static str; 0],
    /// Cookies of a teacher: the login.
    pub cookies_of_teachers: [&'static str; 1],
    /// Of the microphone: its level only.
    pub microphone: &'static str,
    /// Of places: `off` unless the template asks and the teacher confirms it for the lesson.
    pub location: &'static str,
    /// What a pupil can do: see and take away the own readings, remove a recording, leave.
    pub rights: [&'static str; 3],
    /// Whether the way to the hub is encrypted on the hub's own port.
    pub encrypted: bool,
    /// Whether the phyphox app sends by plain MQTT, which nobody encrypts.
    pub phyphox_by_mqtt: bool,
}

/// What the hub stores, by what it is called and how long. Each column of the catalogue is one of these
/// (`store/src/catalogue/tests/columns.rs`).
const STORED: [(&str, &str); 20] = [
    ("readings", "lesson"),
    ("rehearsal_readings", "rehearsal"),
    ("rejected_input", "lesson"),
    ("nickname", "lesson"),
    ("inputs", "lesson"),
    ("excluded_runs", "lesson"),
    ("times", "lesson"),
    ("sensor_resolution", "lesson"),
    ("access_tokens", "lesson"),
    ("results", "lesson"),
    ("release_sets", "lesson"),
    ("releases", "withdrawn"),
    ("sources", "changed"),
    ("log", "log"),
    ("login", "login"),
    ("password_hash", "changed"),
    ("templates", "changed"),
    ("school", "changed"),
    ("satellites", "changed"),
    ("stations", "changed"),
];

/// What is never stored.
const NEVER: [&str; 8] = ["name", "mail", "ip_address", "mac_address", "user_agent", "device_id", "sound", "coordinates"];

/// The hosts that the hub asks by itself, each once.
fn outbound(hub: &Hub) -> Vec<String> {
    let hosts: std::collections::BTreeSet<_> = hub.sharing.config.hosts().into_iter().chain(hub.feeds.hosts()).collect();
    hosts.into_iter().collect()
}

/// The privacy rules in force.
#[utoipa::path(get, path = "/api/v1/privacy", responses((status = 200, body = Privacy)))]
pub async fn show(State(hub): State<Hub>) -> Json<Privacy> {
    Json(Privacy {
        purposes: ["measure", "compare"],
        stored: STORED.into_iter().map(|(what, until)| Stored { what, until }).collect(),
        never_stored: NEVER,
        periods: Periods {
            open_hours: hub.privacy.open_hours,
            lesson_hours: hub.privacy.lesson_hours,
            kept_days_most: hub.privacy.kept_days_most,
            log_days: hub.privacy.log_days,
            login_hours: (accounts::LONGEST / HOUR) as u32,
            login_idle_minutes: (accounts::IDLE / 60_000_000) as u32,
        },
        place: "hub",
        recipients: if hub.sharing.config.publish { vec!["released", "linked", "published"] } else { vec!["released", "linked"] },
        outbound: outbound(&hub),
        cookies_of_pupils: [],
        cookies_of_teachers: ["login"],
        microphone: "level",
        location: "off",
        rights: ["export_own", "erase_own_run", "leave"],
        encrypted: hub.tls.is_some(),
        phyphox_by_mqtt: hub.phyphox.mqtt,
    })
}

#[cfg(test)]
mod tests;
