//! Who is there: what each Thing's page told last, and when something was heard of it. From memory only, and gone with it: no
//! trace of who was online when.
//!
//! Data that nobody keeps (`idle`) is heard too: a phone that sends before the start is there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use messwerk_ingest::pipeline::{Heard, Packet, Sign};
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_store::Clock;
use serde::{Deserialize, Serialize};

use super::{lock, state::LessonState, state::Phase};

/// A Thing whose data arrived within this time is sending.
const SENDING: Micros = 5_000_000;
/// A Thing of which nothing was heard for this long is away.
const AWAY: Micros = 30_000_000;
/// Lessons remembered; beyond it the one that was heard of longest ago is forgotten, which is seen again with the next packet.
const LESSONS: usize = 256;
/// Things remembered of a lesson, more than it has seats for: what was removed and came back under another token.
const THINGS: usize = 1_000;

/// How a Thing sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The hub's page in a browser.
    Web,
    /// The phyphox app.
    Phyphox,
    /// Something that publishes.
    Mqtt,
    /// Something that posts.
    Http,
}

/// Whether the page may read the sensors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// It may.
    Granted,
    /// Somebody said no.
    Denied,
    /// There is nothing to ask for: no sensor, or no secure page.
    Missing,
}

/// What kind of device a page runs on. Nothing finer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// iPhone or iPad.
    Ios,
    /// Android.
    Android,
    /// Anything else.
    #[serde(other)]
    Other,
}

/// What is known of one Thing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// How it sends.
    pub source: Option<Source>,
    /// When anything was heard.
    pub heard: Option<Micros>,
    /// When data was heard, kept or idle.
    pub data: Option<Micros>,
    /// Its page's open sockets: one, or two while the second takes over.
    pub sockets: u32,
    /// Seconds of readings that its page has not brought here yet.
    pub unsent_s: f64,
    /// How exactly its clock is known, µs.
    pub uncertainty: Option<Micros>,
    /// A message's way to it and back, ms.
    pub rtt_ms: Option<f64>,
    /// What its page may.
    pub permission: Option<Permission>,
    /// On what it runs.
    pub platform: Option<Platform>,
    /// Good readings that were not kept.
    pub idle: u64,
}

/// Where a Thing stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In, and nothing is expected of it now.
    Joined,
    /// Its data arrives.
    Sending,
    /// The class measures, it has sent in this Take, and nothing arrives any more.
    Silent,
    /// Nothing was heard of it for a while.
    Away,
    /// The teacher removed it.
    Removed,
}

impl Seen {
    /// Where it stands in a lesson at `now`. `stored` is when data of it arrived last that was kept, also before a restart.
    pub fn standing(&self, state: &LessonState, paused: bool, stored: Option<Micros>, now: Micros) -> Standing {
        let data = self.data.max(stored);
        let lately = |time: Option<Micros>, within: Micros| time.is_some_and(|time| now.saturating_sub(time) < within);
        if lately(data, SENDING) {
            return Standing::Sending;
        }
        let expected = self.breaks_off(state, paused, stored);
        if self.sockets > 0 {
            return if expected { Standing::Silent } else { Standing::Joined };
        }
        match data.max(self.heard) {
            None => Standing::Joined,
            heard if lately(heard, AWAY) => {
                if expected {
                    Standing::Silent
                } else {
                    Standing::Joined
                }
            }
            Some(_) => Standing::Away,
        }
    }
}

impl Seen {
    /// Whether it has begun to send what the class measures now, so that silence of it is a gap. A phone that never began is
    /// none: its pupil has not tapped yet.
    pub fn breaks_off(&self, state: &LessonState, paused: bool, stored: Option<Micros>) -> bool {
        let begun = state.open_take().map_or(state.lesson.created, |take| take.begins);
        state.phase == Phase::Measuring && !paused && self.data.max(stored).is_some_and(|data| data >= begun)
    }
}

type Lessons = HashMap<LessonId, HashMap<ThingId, Seen>>;

/// Who is there, by lesson.
pub struct Presences {
    clock: Arc<dyn Clock>,
    lessons: Mutex<Lessons>,
}

impl Presences {
    /// Nobody yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, lessons: Mutex::default() }
    }

    fn lessons(&self) -> MutexGuard<'_, Lessons> {
        lock(&self.lessons)
    }

    /// Changes what is known of a Thing.
    pub fn note(&self, lesson: LessonId, thing: ThingId, change: impl FnOnce(&mut Seen, Micros)) {
        let now = self.clock.now();
        let mut lessons = self.lessons();
        if lessons.len() >= LESSONS && !lessons.contains_key(&lesson) {
            let heard = |things: &HashMap<ThingId, Seen>| things.values().filter_map(|seen| seen.heard).max();
            let oldest = lessons.iter().min_by_key(|(_, things)| heard(things)).map(|(lesson, _)| *lesson);
            oldest.map(|oldest| lessons.remove(&oldest));
        }
        let things = lessons.entry(lesson).or_default();
        if things.len() >= THINGS && !things.contains_key(&thing) {
            let oldest = things.iter().min_by_key(|(_, seen)| seen.heard).map(|(thing, _)| *thing);
            oldest.map(|oldest| things.remove(&oldest));
        }
        change(things.entry(thing).or_default(), now);
    }

    /// The same, when the Thing itself was heard.
    pub fn heard(&self, lesson: LessonId, thing: ThingId, change: impl FnOnce(&mut Seen)) {
        self.note(lesson, thing, |seen, now| {
            seen.heard = Some(now);
            change(seen);
        });
    }

    /// What is known of a lesson's Things.
    pub fn of(&self, lesson: LessonId) -> HashMap<ThingId, Seen> {
        self.lessons().get(&lesson).cloned().unwrap_or_default()
    }

    /// Forgets a lesson.
    pub fn forget(&self, lesson: LessonId) {
        self.lessons().remove(&lesson);
    }
}

impl Heard for Presences {
    fn heard(&self, packet: &Packet, sign: Sign) {
        let access = &packet.access;
        let source = match () {
            () if sign.phyphox => Source::Phyphox,
            // Over HTTP and sockets columns name their stream, over MQTT the topic does.
            () if packet.stream.is_empty() => Source::Http,
            () => Source::Mqtt,
        };
        Self::heard(self, access.lesson, access.thing, |seen| {
            if sign.readings > 0 || sign.idle > 0 {
                seen.data = seen.heard;
            }
            seen.idle = seen.idle.saturating_add(sign.idle.into());
            let known = matches!(seen.source, Some(Source::Web)) && seen.sockets > 0;
            // What came with a file for phyphox stays phyphox whatever its messages look like.
            let is_app = seen.source == Some(Source::Phyphox) && source == Source::Http;
            if !known && !is_app {
                seen.source = Some(source);
            }
        });
    }
}

#[cfg(test)]
mod tests;
