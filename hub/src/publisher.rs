//! What MQTT subscribers get: results, one-second aggregates and each Thing's own numbers, below `out/{lesson}/`.
//!
//! Nothing is computed while nobody subscribes.

use std::collections::HashMap;
use std::time::Duration;

use futures::StreamExt;
use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_query::{AggregateSpec, Dialect, Format, Scope, Window};
use messwerk_store::Error;
use messwerk_store::catalogue::Lesson;
use serde_json::json;

use crate::api::lessons::main_trace;
use crate::api::questions::rfc3339;
use crate::results::Results;
use crate::state::Hub;

/// Aggregates have windows of a second, so that is how often there is a new one.
const INTERVAL: Duration = Duration::from_secs(1);
/// How far back the first aggregates after a subscription reach, µs.
const FIRST_LOOK: Micros = 10_000_000;

/// Publishes until the hub stops.
pub async fn run(hub: Hub) {
    // Until when each lesson's aggregates have been published.
    let mut published: HashMap<LessonId, Micros> = HashMap::new();
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = hub.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if hub.door.stats().subscribers() == 0 {
            published.clear();
            continue;
        }
        match active(&hub) {
            Ok(lessons) => {
                published.retain(|lesson, _| lessons.iter().any(|active| active.id == *lesson));
                for lesson in lessons {
                    let until = published.entry(lesson.id).or_insert_with(|| hub.clock.now() - FIRST_LOOK);
                    if let Err(error) = publish(&hub, &lesson, until).await {
                        tracing::warn!(lesson = %lesson.id, "not published: {error:#}");
                    }
                }
            }
            Err(error) => tracing::warn!("lessons not listed: {error}"),
        }
    }
}

/// Open lessons with something to tell.
fn active(hub: &Hub) -> Result<Vec<Lesson>, Error> {
    let mut lessons = hub.store.catalogue().lessons()?;
    lessons.retain(|lesson| lesson.ended.is_none() && !hub.store.latest(lesson.id).is_empty());
    Ok(lessons)
}

async fn publish(hub: &Hub, lesson: &Lesson, until: &mut Micros) -> anyhow::Result<()> {
    if let Some(results) = hub.results.current(lesson.id) {
        // Kept for a subscriber that comes later: a result stays true until the next one.
        hub.fanout.publish(&format!("out/{}/outcomes", lesson.id), results.json.clone().into(), true);
        publish_things(hub, lesson.id, &results);
    }
    publish_aggregates(hub, lesson, until).await
}

/// Each Thing's latest readings and its own result, on the topic that only it and the teacher may read.
fn publish_things(hub: &Hub, lesson: LessonId, results: &Results) {
    let mut things: HashMap<_, serde_json::Map<String, serde_json::Value>> = HashMap::new();
    for latest in hub.store.latest(lesson) {
        let value = &latest.value[..latest.property.components()];
        let entry = json!({"time": rfc3339(latest.time), "value": value, "unit": latest.property.unit()});
        things.entry(latest.thing).or_default().insert(latest.property.name().to_owned(), entry);
    }
    for (thing, latest) in things {
        let (n, mean, own) = results.for_phone(thing);
        let message = json!({"thing": thing, "latest": latest, "own": own, "class": {"n": n, "mean": mean}});
        hub.fanout.publish(&format!("out/{lesson}/thing/{thing}"), message.to_string().into(), true);
    }
}

/// The one-second windows that ended since the last time, of the template's main property.
async fn publish_aggregates(hub: &Hub, lesson: &Lesson, until: &mut Micros) -> anyhow::Result<()> {
    // A window counts as ended one second after its end, when late packets of a slow network have arrived.
    let now = Window::SECOND.start(hub.clock.now() - 1_000_000);
    let (property, _) = main_trace(lesson).map_err(|problem| anyhow::anyhow!(problem.detail))?;
    let spec = AggregateSpec { from: Some(*until), to: Some(now), ..AggregateSpec::new(property, Window::SECOND) };
    if now <= *until {
        return Ok(());
    }
    let mut encoded = hub.engine.aggregates(&Scope::lesson(lesson.id), &spec).await?.encode(Format::Json, Dialect::Standard);
    let mut message = Vec::new();
    while let Some(part) = encoded.next().await {
        message.extend_from_slice(&part?);
    }
    *until = now;
    if message != b"[]" {
        hub.fanout.publish(&format!("out/{}/aggregates/{}", lesson.id, property.name()), message.into(), false);
    }
    Ok(())
}
