//! Takes that end by themselves, where the template says after how long.

use std::sync::Arc;
use std::time::Duration;

use messwerk_lessons::Micros;
use messwerk_store::catalogue::{Lesson, Take};

use super::{LessonFlow, takes};
use crate::api::blocking;
use crate::api::lessons::template_of;
use crate::api::problem::Problem;
use crate::state::Hub;

/// A second in µs.
const SECOND: Micros = 1_000_000;
/// The longest sleep: a computer that was suspended, or whose clock was set, is late by no more than this. It is also how long a stop
/// that failed waits until it is tried again.
const NAP: Duration = Duration::from_secs(1);

/// When a Take that lasts so long ends, hub time.
pub(super) fn due(take: &Take, length_s: u16) -> Micros {
    take.begins + Micros::from(length_s) * SECOND
}

/// Sees to it that an open Take ends `length_s` after it began, by the hub's clock, if nobody ends it before.
pub(super) fn arm(hub: &Hub, flow: &Arc<LessonFlow>, take: Take, length_s: u16) {
    // Without a runtime nobody measures either.
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    let (hub, flow, due) = (hub.clone(), Arc::clone(flow), due(&take, length_s));
    runtime.spawn(async move {
        loop {
            let left = due - hub.clock.now();
            if left <= 0 {
                match end(&hub, &flow, &take).await {
                    Ok(()) => return,
                    Err(problem) => tracing::error!(lesson = %flow.id, "its measurement did not end by itself: {}", problem.detail),
                }
            }
            let nap = if left > 0 { Duration::from_micros(left.unsigned_abs()).min(NAP) } else { NAP };
            tokio::select! {
                () = tokio::time::sleep(nap) => {}
                () = hub.stopping.cancelled() => return,
            }
        }
    });
}

/// Ends a Take whose time is over, unless it was stopped, cancelled or erased meanwhile; another Take may run by now.
async fn end(hub: &Hub, flow: &Arc<LessonFlow>, take: &Take) -> Result<(), Problem> {
    let _turn = flow.turn.lock().await;
    let state = flow.now();
    let runs = state.open_take().is_some_and(|open| (open.number, open.begins) == (take.number, take.begins));
    if state.gone || !runs {
        return Ok(());
    }
    takes::stop(hub, flow, &state, "hub").await?;
    hub.touch(flow.id);
    Ok(())
}

/// Goes on seeing to the Takes that were open when the hub stopped. On return those whose time is over have ended, at the time they
/// should have: nothing that comes later is theirs.
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

async fn resume(hub: &Hub, lesson: &Lesson) -> Result<(), Problem> {
    let (reading, known) = (hub.clone(), lesson.clone());
    let length = blocking(move || Ok::<_, Problem>(template_of(&reading, &known)?.run.length_s)).await?;
    let (Some(length_s), Some(flow)) = (length, hub.flow.of(lesson.id)?) else { return Ok(()) };
    let Some(take) = flow.now().open_take() else { return Ok(()) };
    if due(&take, length_s) <= hub.clock.now() {
        return end(hub, &flow, &take).await;
    }
    arm(hub, &flow, take, length_s);
    Ok(())
}
