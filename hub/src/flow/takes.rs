//! Takes: start, stop, rehearse, take back; and the lesson's end.
//!
//! Everything here holds the lesson's turn, so that two teachers' taps come one after the other.

use std::sync::Arc;

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_store::Erasure;

use super::state::LessonState;
use super::{LessonFlow, lengths, rehearsal};
use crate::api::blocking;
use crate::api::lessons::template_of;
use crate::api::problem::Problem;
use crate::state::Hub;

/// A second in µs.
pub(super) const SECOND: Micros = 1_000_000;

/// Starts a Take after a countdown, that of the lesson's template if none is said. Where the template says how long it lasts, it ends by
/// itself.
pub(super) async fn start(
    hub: &Hub,
    flow: &Arc<LessonFlow>,
    state: &LessonState,
    countdown_s: Option<u8>,
    rehearsal: bool,
) -> Result<(), Problem> {
    if state.open_take().is_some() {
        return Err(Problem::conflict("The class measures already: stop first.").coded("take_open"));
    }
    if rehearsal && !state.takes.is_empty() {
        let detail = "There are real measurements in this lesson, and a rehearsal would erase them: start a real one.";
        return Err(Problem::conflict(detail).coded("not_a_rehearsal"));
    }
    let run = template_of(hub, &state.lesson)?.run;
    // What a rehearsal left goes before anything new comes.
    rehearsal::settle(hub, flow).await?;
    // Held until the Take has begun: no file comes in between.
    let _no_file = if rehearsal { Some(rehearsal::alone(hub, state.lesson.id).await?) } else { None };
    let (starting, lesson) = (hub.clone(), state.lesson.clone());
    let begins = hub.clock.now() + Micros::from(countdown_s.unwrap_or(run.countdown_s)) * SECOND;
    let timed = Arc::clone(flow);
    let work = move || -> Result<(), Problem> {
        let catalogue = starting.store.catalogue();
        // Whoever starts wants to see it.
        if lesson.frozen.is_some() {
            catalogue.set_frozen(lesson.id, None)?;
            starting.flow.log(&lesson, "teacher", "board.unfreeze", "")?;
        }
        let take = catalogue.begin_take(lesson.id, begins, rehearsal)?;
        // Whatever fails from here on, what was begun ends.
        if let Some(length_s) = run.length_s {
            lengths::arm(&starting, &timed, take, length_s);
        }
        // Told before it is logged: the class waits for this, and nobody for the log.
        starting.flow.refresh(lesson.id)?;
        Ok(starting.flow.log(&lesson, "teacher", if rehearsal { "rehearsal.start" } else { "take.start" }, take.number.to_string())?)
    };
    blocking(work).await
}

/// Stops the open Take: now, or when its template's length was over. One that has not begun never was; of a rehearsal nothing is left on
/// return.
pub(super) async fn stop(hub: &Hub, flow: &Arc<LessonFlow>, state: &LessonState, who: &'static str) -> Result<(), Problem> {
    let not_now = || Problem::conflict("Nothing is being measured: there is nothing to stop.").coded("not_measuring");
    let take = state.open_take().ok_or_else(not_now)?;
    let now = hub.clock.now();
    let early = take.begins > now;
    let due = template_of(hub, &state.lesson)?.run.length_s.map_or(now, |length_s| lengths::due(&take, length_s));
    let ends = now.min(due);
    let (stopping, lesson) = (hub.clone(), state.lesson.clone());
    let work = move || -> Result<(), Problem> {
        let catalogue = stopping.store.catalogue();
        if early {
            catalogue.forget_take(lesson.id, take.number)?;
        } else {
            catalogue.end_take(lesson.id, ends)?;
        }
        stopping.flow.refresh(lesson.id)?;
        let word = match (early, take.rehearsal) {
            (true, false) => "take.cancel",
            (true, true) => "rehearsal.cancel",
            (false, false) => "take.stop",
            (false, true) => "rehearsal.stop",
        };
        Ok(stopping.flow.log(&lesson, who, word, take.number.to_string())?)
    };
    blocking(work).await?;
    if take.rehearsal && !early {
        rehearsal::settle(hub, flow).await?;
    }
    Ok(())
}

/// Takes the last Take back, or lets it count again. Nothing else is written: what was measured in a Take counts or not with
/// it, however late it arrives.
pub(super) async fn set_undone(hub: &Hub, state: &LessonState, undone: bool) -> Result<(), Problem> {
    let nothing = || Problem::conflict("There is no measurement to take back, or to let count again.").coded("no_take");
    let take = state.take().filter(|take| take.undone != undone).copied().ok_or_else(nothing)?;
    if take.ends.is_none() {
        return Err(Problem::conflict("The class is measuring: stop first.").coded("take_open"));
    }
    let (changing, lesson) = (hub.clone(), state.lesson.clone());
    let work = move || -> Result<(), Problem> {
        changing.store.catalogue().set_undone(lesson.id, take.number, undone)?;
        Ok(changing.flow.log(&lesson, "teacher", if undone { "take.undo" } else { "take.redo" }, take.number.to_string())?)
    };
    blocking(work).await
}

/// Ends a lesson that nobody ended; one that has ended or is gone stays as it is.
pub async fn expire(hub: &Hub, lesson: LessonId) -> Result<(), Problem> {
    let Some(flow) = hub.flow.of(lesson)? else { return Ok(()) };
    let _turn = flow.turn.lock().await;
    let state = flow.now();
    if state.gone || state.lesson.ended.is_some() {
        return Ok(());
    }
    end(hub, &flow, &state, "hub").await
}

/// Erases a lesson for good when the command that runs is done; those that wait find it gone. On return its bytes are off the
/// hub's disk.
pub async fn erase(hub: &Hub, lesson: LessonId) -> Result<(), Problem> {
    let flow = hub.flow.of(lesson)?;
    let _turn = match &flow {
        Some(flow) => Some(flow.turn.lock().await),
        None => None,
    };
    hub.store.erase(Erasure::Lesson(lesson)).await?;
    hub.forget(lesson);
    Ok(())
}

/// Ends a lesson: an open Take is stopped first, what was removed is erased, readings are sealed. Ending it once more tries
/// again what failed.
pub(super) async fn end(hub: &Hub, flow: &Arc<LessonFlow>, state: &LessonState, who: &'static str) -> Result<(), Problem> {
    let lesson = flow.id;
    if state.open_take().is_some() && state.lesson.ended.is_none() {
        stop(hub, flow, state, "hub").await?;
    }
    rehearsal::settle(hub, flow).await?;
    let (ending, known) = (hub.clone(), state.lesson.clone());
    let work = move || -> Result<(), Problem> {
        ending.store.catalogue().end_lesson(lesson, ending.clock.now())?;
        if known.ended.is_none() {
            ending.flow.log(&known, who, "lesson.end", "")?;
        }
        Ok(())
    };
    blocking(work).await?;
    hub.access.forget(lesson);
    hub.fanout.forget(&format!("out/{lesson}/#"));
    hub.touch(lesson);
    for thing in state.removed.iter() {
        hub.store.erase(Erasure::Thing(lesson, thing.id)).await?;
    }
    if !state.removed.is_empty() {
        hub.forget_computed(lesson);
        hub.results.erased(lesson);
        hub.touch(lesson);
    }
    // Also when it had ended before: a seal that failed is tried again by asking again.
    hub.store.seal(Some(lesson)).await?;
    Ok(())
}
