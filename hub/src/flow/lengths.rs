//! Takes that end by themselves, where the template says after how long.

use std::sync::Arc;
use std::time::Duration;

use messwerk_lessons::Micros;
use messwerk_store::catalogue::Take;

use super::LessonFlow;
use super::takes::{self, SECOND};
use crate::api::lessons::template_of;
use crate::api::problem::Problem;
use crate::state::Hub;

/// The longest sleep: a computer that was suspended, or whose clock was set, is late by no more than this. It is also how long a stop
/// that failed waits until it is tried again.
const NAP: Duration = Duration::from_secs(1);

/// When a Take that lasts so long ends, hub time.
pub(super) fn due(take: &Take, length_s: u16) -> Micros {
    take.begins + Micros::from(length_s) * SECOND
}

/// Sees to it that an open Take ends `length_s` after it began, by the hub's clock, if nobody ends it before.
pub(super) fn arm(hub: &Hub, flow: &Arc<LessonFlow>, take: Take, length_s: u16) {
    let (hub, flow, due) = (hub.clone(), Arc::clone(flow), due(&take, length_s));
    tokio::spawn(async move {
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

/// Goes on seeing to the Take that was open when the hub stopped. On return one whose time is over has ended, at the time it should have:
/// nothing that comes later is its. The caller does not hold the lesson's turn.
pub(super) async fn resume(hub: &Hub, flow: &Arc<LessonFlow>) -> Result<(), Problem> {
    let state = flow.now();
    let Some(take) = state.open_take() else { return Ok(()) };
    let Some(length_s) = template_of(hub, &state.lesson)?.run.length_s else { return Ok(()) };
    if due(&take, length_s) <= hub.clock.now() {
        return end(hub, flow, &take).await;
    }
    arm(hub, flow, take, length_s);
    Ok(())
}
