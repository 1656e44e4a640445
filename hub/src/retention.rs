//! What the hub forgets by itself: lessons some time after their end, the log, logins that are over, tokens nobody used.
//!
//! One task looks once a minute, by the hub's clock. What it cannot do now (a full disk, a damaged file) it says and tries
//! again at the next look. How long everything is kept stands in [`PrivacyConfig`].

use std::time::Duration;

use messwerk_lessons::Micros;
use messwerk_store::Erasure;
use messwerk_store::catalogue::{Lesson, LogEntry};
use tokio::time::MissedTickBehavior;

use crate::api::blocking;
use crate::api::problem::Problem;
use crate::flow::takes;
use crate::privacy::PrivacyConfig;
use crate::state::Hub;

/// How often it looks. Periods are hours and days: a minute more or less is none.
pub const LOOK: Duration = Duration::from_secs(60);

/// How long what was taken off the shelf or thrown away can be had back: 30 days in µs.
const TAKEN_BACK: Micros = 30 * 86_400_000_000;

/// Looks every `tick` until the hub stops.
pub async fn run(hub: Hub, tick: Duration) {
    let mut ticks = tokio::time::interval(tick);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = hub.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        look(&hub, hub.clock.now()).await;
    }
}

/// Does what is due at `now`, lesson by lesson: one that fails does not keep the others from it.
pub async fn look(hub: &Hub, now: Micros) {
    let reading = hub.clone();
    let lessons = match blocking(move || Ok(reading.store.catalogue().lessons()?)).await {
        Ok(lessons) => lessons,
        Err(problem) => return tracing::warn!("not looked for what is to be erased: {}", problem.detail),
    };
    for lesson in lessons {
        let id = lesson.id;
        if let Err(problem) = see_to(hub, &lesson, now).await {
            tracing::error!(lesson = %id, "what is over is not erased yet; it is tried again in a minute: {}", problem.detail);
        }
    }
    let (forgetting, rules) = (hub.clone(), hub.privacy);
    if let Err(problem) = blocking(move || forget(&forgetting, &rules, now)).await {
        tracing::error!("old log entries and logins are not forgotten yet; it is tried again in a minute: {}", problem.detail);
    }
}

/// Ends or erases a lesson if it is time, and removed Things of one that has ended.
async fn see_to(hub: &Hub, lesson: &Lesson, now: Micros) -> Result<(), Problem> {
    let id = lesson.id;
    if lesson.ended.is_none() {
        if hub.privacy.ends(lesson) <= now {
            tracing::info!(lesson = %id, "ended: it was open for {} hours", hub.privacy.open_hours);
            takes::expire(hub, id).await?;
        }
        return Ok(());
    }
    if hub.privacy.erased(lesson).is_some_and(|at| at <= now) {
        takes::erase(hub, id).await?;
        tracing::info!(lesson = %id, "erased: its time was over");
        // Which one it was is nobody's any more; that one was erased, and when, stays for a while.
        let what = LogEntry { at: now, who: "hub".to_owned(), lesson: None, what: "lesson.erase".to_owned(), detail: String::new() };
        let logging = hub.clone();
        return blocking(move || Ok(logging.store.catalogue().log(&what)?)).await;
    }
    let reading = hub.clone();
    let things = blocking(move || Ok(reading.store.catalogue().things(id)?)).await?;
    for thing in things.into_iter().filter(|thing| thing.removed) {
        hub.store.erase(Erasure::Thing(id, thing.id)).await?;
        hub.forget_computed(id);
        hub.results.erased(id);
        hub.touch(id);
    }
    Ok(())
}

/// Forgets what is of no lesson.
fn forget(hub: &Hub, rules: &PrivacyConfig, now: Micros) -> Result<(), Problem> {
    let catalogue = hub.store.catalogue();
    let seen = now.saturating_sub(crate::accounts::IDLE);
    let forgotten = catalogue.forget_log(rules.log_from(now))?
        + catalogue.forget_sessions(now, seen)?
        + catalogue.forget_reserved(rules.reserved_from(now))?
        + catalogue.forget_templates(now.saturating_sub(TAKEN_BACK))?
        + catalogue.forget_drafts(now.saturating_sub(TAKEN_BACK))?;
    if forgotten > 0 {
        // What was deleted is overwritten in the file, but stands in SQLite's own log until that is cut off.
        catalogue.tidy()?;
    }
    Ok(())
}
