//! What the pipeline remembers of each Thing between packets.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use messwerk_lessons::id::ThingId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

use super::join::Join;
use super::pace::Pace;
use crate::normalise::ClockModel;

/// A Thing that sent nothing for so long is forgotten: it has paid its rate, its columns are stale, and its clock is
/// told again with its next message.
const IDLE: Duration = Duration::from_secs(600);
/// Things at which forgetting is worth a look.
const FEW: usize = 64;

/// One Thing's state.
#[derive(Debug, Default)]
pub(super) struct Thing {
    pub(super) pace: Pace,
    pub(super) clock: ClockModel,
    pub(super) columns: Join,
    used: Option<Instant>,
}

/// One Thing's state, shared with the tickets of its columns. Locked for the decoding of one packet, never over a wait.
#[derive(Debug)]
pub(super) struct Cell {
    thing: Mutex<Thing>,
    /// One permit: of a Thing's connections one at a time is read and decoded.
    turn: Arc<Semaphore>,
}

impl Default for Cell {
    fn default() -> Self {
        Self { thing: Mutex::default(), turn: Arc::new(Semaphore::new(1)) }
    }
}

impl Cell {
    pub(super) fn lock(&self) -> MutexGuard<'_, Thing> {
        self.thing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is this packet's turn and the Thing has paid for what it sent before.
    pub(super) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        let turn = self.turn.clone().acquire_owned().await.ok();
        let (now, open) = (Instant::now(), self.lock().pace.open());
        // Even a sleep that is over takes the timer's next millisecond.
        if let Some(open) = open.filter(|&open| open > now) {
            sleep_until(open).await;
        }
        turn
    }
}

/// All Things that sent lately.
#[derive(Debug, Default)]
pub(super) struct Things(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    cells: HashMap<ThingId, Arc<Cell>>,
    /// Number of Things at which idle ones are looked for; doubles with what is left, so that looking costs nothing on
    /// average.
    look_at: usize,
}

impl Things {
    /// The state of a Thing, new if it sent nothing lately.
    pub(super) fn of(&self, thing: ThingId, now: Instant) -> Arc<Cell> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.cells.len() >= known.look_at.max(FEW) && !known.cells.contains_key(&thing) {
            known.cells.retain(|_, cell| cell.lock().used.is_some_and(|used| now.saturating_duration_since(used) < IDLE));
            known.look_at = 2 * known.cells.len();
        }
        let cell = Arc::clone(known.cells.entry(thing).or_default());
        drop(known);
        cell.lock().used = Some(now);
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_things_are_forgotten() {
        let (things, start) = (Things::default(), Instant::now());
        (0..FEW as u64).for_each(|thing| drop(things.of(ThingId(thing), start)));
        let busy = start + IDLE;
        things.of(ThingId(0), busy).lock().pace.charge(&super::super::Limits::default(), busy, 1);
        things.of(ThingId(FEW as u64), busy);
        assert_eq!(things.0.lock().unwrap().cells.len(), 2);
    }
}
