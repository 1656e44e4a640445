//! Rehearsals: Takes of which nothing is left.
//!
//! Its end erases every reading of the lesson. So that these are its own, it begins only while the lesson has none and no file
//! is being stored, and no file is taken while it lasts ([`Flow::rehearses`](super::Flow::rehearses)). The Take stays in the
//! catalogue until its readings are gone: whatever interrupts the hub, they are erased before the next Take and before the
//! lesson's doors open again. Where a real Take came after it nothing is erased, whatever else went wrong.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use messwerk_lessons::id::LessonId;
use messwerk_query::{ObservationSpec, Scope};
use messwerk_store::Erasure;
use messwerk_store::catalogue::Take;
use tokio::sync::SemaphorePermit;
use tokio::time::timeout;

use super::{LessonFlow, lengths};
use crate::api::blocking;
use crate::api::problem::Problem;
use crate::state::Hub;

/// How long the start of a rehearsal waits for a file that is being stored.
const FILE: Duration = Duration::from_secs(5);

/// That a lesson has no readings and nobody entered what a result is made of, and that no file brings readings while the permit is held.
/// 409 if it has.
pub(super) async fn alone(hub: &Hub, lesson: LessonId) -> Result<SemaphorePermit<'_>, Problem> {
    let busy = || Problem::conflict("A file is being stored just now: try again in a moment.").coded("file_running");
    let permit = timeout(FILE, hub.uploads.filing.acquire()).await.ok().and_then(Result::ok).ok_or_else(busy)?;
    if has_readings(hub, lesson).await? {
        let detail = "There are readings in this lesson, from a file or a measurement, and a rehearsal would erase them: start a real one.";
        return Err(Problem::conflict(detail).coded("not_a_rehearsal"));
    }
    let reading = hub.clone();
    if blocking(move || crate::api::things::has_run_0(&reading, lesson)).await? {
        let detail = "Groups have entered results in this lesson already, and a rehearsal would forget them: start a real one.";
        return Err(Problem::conflict(detail).coded("not_a_rehearsal"));
    }
    Ok(permit)
}

async fn has_readings(hub: &Hub, lesson: LessonId) -> Result<bool, Problem> {
    let first = ObservationSpec { limit: Some(1), ..ObservationSpec::default() };
    let mut found = Box::pin(hub.engine.observations(&Scope::lesson(lesson), &first).await?.batches());
    while let Some(batch) = found.next().await {
        if batch?.num_rows() > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Erases what rehearsals that are over left, and only then forgets them. The caller holds the lesson's turn.
pub(super) async fn settle(hub: &Hub, flow: &LessonFlow) -> Result<(), Problem> {
    let (reading, lesson) = (hub.clone(), flow.id);
    let takes = blocking(move || Ok(reading.store.catalogue().takes(lesson)?)).await?;
    for take in takes.iter().filter(|take| take.rehearsal && take.ends.is_some()) {
        if takes.iter().any(|take| !take.rehearsal) {
            tracing::error!(%lesson, "a rehearsal was not erased before a real measurement: its readings stay with those of the lesson");
            forget(hub, lesson, take, true).await?;
            continue;
        }
        // Packets that were on their way come before the erasure, not after it.
        let through = passed(flow).await;
        erase(hub, lesson).await?;
        if !through {
            // They have had their time twice: look whether they have come after all, and erase those too.
            if !passed(flow).await {
                let detail = "Readings of the rehearsal are still on their way to the disk. They are erased before the next start.";
                return Err(Problem::unavailable(detail));
            }
            erase(hub, lesson).await?;
        }
        forget(hub, lesson, take, false).await?;
    }
    Ok(())
}

/// Waits for packets that the gate let in before, twice; `false` if some are still on their way.
async fn passed(flow: &LessonFlow) -> bool {
    for _ in 0..2 {
        if flow.gate.passing().through().await {
            return true;
        }
        tracing::warn!(lesson = %flow.id, "packets of a rehearsal are still on their way to the store");
    }
    false
}

async fn erase(hub: &Hub, lesson: LessonId) -> Result<(), Problem> {
    hub.store.erase(Erasure::Readings(lesson)).await?;
    let forgetting = hub.clone();
    blocking(move || crate::api::things::forget_run_0(&forgetting, lesson)).await?;
    hub.forget_computed(lesson);
    hub.results.erased(lesson);
    Ok(())
}

async fn forget(hub: &Hub, lesson: LessonId, take: &Take, kept: bool) -> Result<(), Problem> {
    let (forgetting, number) = (hub.clone(), take.number);
    let work = move || -> Result<(), Problem> {
        let catalogue = forgetting.store.catalogue();
        catalogue.forget_take(lesson, number)?;
        if kept && let Some(lesson) = catalogue.lesson(lesson)? {
            forgetting.flow.log(&lesson, "hub", "rehearsal.kept", number.to_string())?;
        }
        Ok(())
    };
    blocking(work).await?;
    hub.touch(lesson);
    Ok(())
}

/// Finishes what a hub that was cut off left undone, and waits for countdowns and for ends of measurements it left running. On return no lesson has a
/// rehearsal that is over, but those that are reported.
pub async fn recover(hub: &Hub) {
    let reading = hub.clone();
    let read = move || -> Result<Vec<(LessonId, Vec<Take>)>, Problem> {
        let catalogue = reading.store.catalogue();
        let led = catalogue.lessons()?.into_iter().filter(|lesson| lesson.led);
        let takes = led.map(|lesson| Ok((lesson.id, catalogue.takes(lesson.id)?)));
        takes.collect()
    };
    let lessons = match blocking(read).await {
        Ok(lessons) => lessons,
        Err(problem) => return tracing::warn!("lessons not looked through: {}", problem.detail),
    };
    for (lesson, takes) in lessons {
        if !takes.iter().any(|take| take.rehearsal || take.ends.is_none()) {
            continue;
        }
        // Its gate and its countdown begin with the flow.
        let flow: Arc<LessonFlow> = match hub.flow.of(lesson) {
            Ok(Some(flow)) => flow,
            Ok(None) => continue,
            Err(error) => {
                tracing::warn!(%lesson, "its flow is not known: {error}");
                continue;
            }
        };
        let turn = flow.turn.lock().await;
        if let Err(problem) = settle(hub, &flow).await {
            tracing::error!(%lesson, "what a rehearsal left is not erased yet: {}", problem.detail);
        }
        drop(turn);
        if let Err(problem) = lengths::resume(hub, &flow).await {
            tracing::error!(%lesson, "its measurement does not end by itself: {}", problem.detail);
        }
    }
}
