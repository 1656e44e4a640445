//! What MQTT subscribers get: results, one-second windows and each Thing's own numbers, below `out/{lesson}/`.
//!
//! Nothing is computed while nobody subscribes. A message goes out when what it says has changed: a quiet lesson is quiet
//! here too.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_query::{LiveSpec, LiveView, Scope, Window};
use messwerk_store::catalogue::Lesson;
use messwerk_store::{Error, Lsn};
use serde_json::json;

use crate::api::lessons::main_property;
use crate::api::questions::rfc3339;
use crate::publisher::windows::Closing;
use crate::results::Results;
use crate::state::Hub;

mod windows;

/// Windows are a second long, so that is how often there is a new one.
const INTERVAL: Duration = Duration::from_secs(1);
/// A lesson to which something was sent within this time, in µs, is live to a new subscriber.
const FIRST_LOOK: Micros = 10_000_000;
/// Rounds without readings after which a lesson's live view is given up; the next reading begins it again.
const QUIET_ROUNDS: u32 = 120;

/// What is known of an open lesson's subscribers: what they were told last.
#[derive(Default)]
struct Feed {
    /// The lesson's last commit when it was looked at.
    seen: Option<Lsn>,
    quiet: u32,
    windows: Option<(LiveView, Closing)>,
    /// A hash of the last message by topic.
    told: HashMap<String, u64>,
}

/// Publishes until the hub stops.
pub async fn run(hub: Hub) {
    let mut feeds: HashMap<LessonId, Feed> = HashMap::new();
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = hub.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if hub.door.stats().subscribers() == 0 {
            feeds.clear();
            continue;
        }
        let lessons = match open_lessons(&hub).await {
            Ok(lessons) => lessons,
            Err(error) => {
                tracing::warn!("lessons not listed: {error:#}");
                continue;
            }
        };
        feeds.retain(|lesson, _| {
            let open = lessons.iter().any(|open| open.id == *lesson);
            if !open {
                // A message of this round may have been kept after the lesson's end had removed the earlier ones.
                hub.fanout.forget(&format!("out/{lesson}/#"));
            }
            open
        });
        for lesson in lessons {
            if let Err(error) = feeds.entry(lesson.id).or_default().publish(&hub, &lesson) {
                tracing::warn!(lesson = %lesson.id, "not published: {error:#}");
            }
        }
    }
}

async fn open_lessons(hub: &Hub) -> anyhow::Result<Vec<Lesson>> {
    let hub = hub.clone();
    let list = move || -> Result<Vec<Lesson>, Error> {
        let mut lessons = hub.store.catalogue().lessons()?;
        lessons.retain(|lesson| lesson.ended.is_none());
        Ok(lessons)
    };
    Ok(tokio::task::spawn_blocking(list).await??)
}

impl Feed {
    fn publish(&mut self, hub: &Hub, lesson: &Lesson) -> anyhow::Result<()> {
        let changed = hub.store.changed(lesson.id);
        if changed == 0 {
            return Ok(());
        }
        let recently = |hub: &Hub| {
            let since = hub.clock.now() - FIRST_LOOK;
            hub.store.latest(lesson.id).iter().any(|latest| latest.received_us >= since)
        };
        let news = self.seen.replace(changed).map_or_else(|| recently(hub), |seen| seen != changed);
        self.quiet = if news { 0 } else { self.quiet.saturating_add(1) };
        if news || (self.windows.is_some() && self.quiet < QUIET_ROUNDS) {
            self.windows(hub, lesson)?;
        } else {
            self.windows = None;
        }
        // Also of a quiet lesson, in which inputs may still be entered and runs excluded; but it is not kept computing.
        let results = if self.quiet < QUIET_ROUNDS { hub.results.current(lesson.id) } else { hub.results.known(lesson.id) };
        if let Some(results) = results {
            // Kept for a subscriber that comes later: a result stays true until the next one.
            self.tell(hub, format!("out/{}/outcomes", lesson.id), results.json.to_string());
            self.things(hub, lesson.id, &results);
        }
        Ok(())
    }

    /// The one-second windows of the template's main property that are complete, or have changed since they were.
    fn windows(&mut self, hub: &Hub, lesson: &Lesson) -> anyhow::Result<()> {
        let property = main_property(hub, lesson).map_err(|problem| anyhow::anyhow!(problem.detail))?;
        // Where everything is entered, there are results only.
        let Some(property) = property else { return Ok(()) };
        let (view, closing) = self.windows.get_or_insert_with(|| {
            let view = hub.engine.live(&Scope::lesson(lesson.id), LiveSpec { property, window: Window::SECOND });
            (view, Closing::default())
        });
        let topic = format!("out/{}/aggregates/{}", lesson.id, property.name());
        for message in closing.round(view)? {
            hub.fanout.publish(&topic, message.into(), false);
        }
        Ok(())
    }

    /// Each Thing's latest readings and its own result, on the topic that only it and the teacher may read.
    fn things(&mut self, hub: &Hub, lesson: LessonId, results: &Results) {
        let mut things: HashMap<_, serde_json::Map<String, serde_json::Value>> = HashMap::new();
        for latest in hub.store.latest(lesson) {
            let value = &latest.value[..latest.property.components()];
            let entry = json!({"time": rfc3339(latest.time), "value": value, "unit": latest.property.unit()});
            things.entry(latest.thing).or_default().insert(latest.property.name().to_owned(), entry);
        }
        for (thing, latest) in things {
            let (n, mean, own) = results.for_phone(thing);
            let message = json!({"thing": thing, "latest": latest, "own": own, "class": {"n": n, "mean": mean}});
            self.tell(hub, format!("out/{lesson}/thing/{thing}"), message.to_string());
        }
    }

    /// Publishes a message that is kept, unless it is the one that was told last.
    fn tell(&mut self, hub: &Hub, topic: String, message: String) {
        let mut hasher = DefaultHasher::new();
        message.hash(&mut hasher);
        let hash = hasher.finish();
        if self.told.get(&topic) != Some(&hash) {
            hub.fanout.publish(&topic, message.into(), true);
            self.told.insert(topic, hash);
        }
    }
}
