//! Takes that end by themselves, where the template says after how long.

use std::sync::Arc;
use std::time::Duration;

use messwerk_lessons::Micros;
use messwerk_store::catalogue::Take;

use super::state::Phase;
use super::{LessonFlow, takes};
use crate::api::blocking;
use crate::api::lessons::template_of;
use crate::api::problem::Problem;
use crate::state::Hub;

/// A second in µs.
const SECOND: Micros = 1_000_000;

/// Sees to it that an open Take ends `length_s` after it began, by the hub's clock, if nobody ends it before.
pub(super) fn arm(hub: &Hub, flow: &Arc<LessonFlow>, take: Take, length_s: u16) {
    let due = take.begins + Micros::from(length_s) * SECOND;
    let (hub, flow) = (hub.clone(), Arc::clone(flow));
    tokio::spawn(async move {
        loop {
            let left = due - hub.clock.now();
            if left <= 0 {
                break;
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_micros(left.unsigned_abs())) => {}
                () = hub.stopping.cancelled() => return,
            }
        }
        let _turn = flow.turn.lock().await;
        let state = flow.now();
        // Stopped, cancelled or erased meanwhile; another Take may run by now.
        let runs = state.open_take().is_some_and(|open| (open.number, open.begins) == (take.number, take.begins));
        if state.gone || !runs {
            return;
        }
        match takes::stop(&hub, &flow, &state, "hub", due).await {
            Ok(()) => hub.touch(flow.id),
            Err(problem) => tracing::error!(lesson = %flow.id, "its measurement did not end by itself: {}", problem.detail),
        }
    });
}

/// Goes on seeing to the Takes that were open when the hub stopped; those whose time is over end at once, at the time they should
/// have ended.
pub async fn recover(hub: &Hub) {
    let reading = hub.clone();
    let open = blocking(move || {
        let lessons = reading.store.catalogue().lessons()?;
        Ok::<_, Problem>(lessons.into_iter().filter(|lesson| lesson.led && lesson.ended.is_none()).collect::<Vec<_>>())
    });
    let lessons = match open.await {
        Ok(lessons) => lessons,
        Err(problem) => return tracing::error!("measurements that were open do not end by themselves: {}", problem.detail),
    };
    for lesson in lessons {
        if let Err(problem) = resume(hub, &lesson).await {
            tracing::error!(lesson = %lesson.id, "its measurement does not end by itself: {}", problem.detail);
        }
    }
}

async fn resume(hub: &Hub, lesson: &messwerk_store::catalogue::Lesson) -> Result<(), Problem> {
    let (reading, known) = (hub.clone(), lesson.clone());
    let length = blocking(move || Ok::<_, Problem>(template_of(&reading, &known)?.run.length_s)).await?;
    let (Some(length_s), Some(flow)) = (length, hub.flow.of(lesson.id)?) else { return Ok(()) };
    let state = flow.now();
    if let Some(take) = state.open_take().filter(|_| state.phase != Phase::Ended) {
        arm(hub, &flow, take, length_s);
    }
    Ok(())
}
