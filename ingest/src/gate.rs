//! What of a Thing's readings a lesson keeps: all of them, or those of its Takes.
//!
//! A led lesson keeps readings only while the class measures. A [`Takes`] is shared by all doors and told by the hub at each
//! command, so that a stop holds for the very next packet, over whichever connection it comes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::Duration;

use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::observation::{Readings, SenderClock};

/// How long the end of a rehearsal waits for packets that were let in before it: longer than a full store takes to make room.
const DRAIN: Duration = Duration::from_secs(5);
/// How often it is looked meanwhile.
const LOOK: Duration = Duration::from_millis(2);

/// A Take, or a Thing's pause, as hub time from its beginning to before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first moment.
    pub begins: Micros,
    /// The first moment after it; `None` while it goes on.
    pub ends: Option<Micros>,
}

impl Window {
    fn holds(&self, time: Micros) -> bool {
        time >= self.begins && self.ends.is_none_or(|ends| time < ends)
    }
}

/// What a lesson keeps.
#[derive(Debug, Clone, Default)]
pub enum Gate {
    /// Everything until the lesson's end.
    #[default]
    Always,
    /// What belongs to a Take; the rest is idle.
    Takes(Arc<Takes>),
}

impl PartialEq for Gate {
    /// Gates are the same if they are the same lesson's.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Always, Self::Always) => true,
            (Self::Takes(one), Self::Takes(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

/// The Takes of one lesson, and who pauses.
#[derive(Debug, Default)]
pub struct Takes {
    told: RwLock<Arc<Told>>,
    /// What held before and still lets packets through.
    before: Mutex<Vec<Weak<Told>>>,
}

#[derive(Debug, Default)]
struct Told {
    windows: Vec<Window>,
    /// Those that are over too: what was measured in one is idle however late it arrives.
    pauses: HashMap<ThingId, Vec<Window>>,
}

impl Takes {
    /// Tells what holds from now on, for every door at once: the Takes, and each Thing's pauses.
    pub fn tell(&self, windows: Vec<Window>, pauses: HashMap<ThingId, Vec<Window>>) -> Passing {
        let told = Arc::new(Told { windows, pauses });
        let mut before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        let replaced = std::mem::replace(&mut *self.told.write().unwrap_or_else(PoisonError::into_inner), told);
        before.push(Arc::downgrade(&replaced));
        drop(replaced);
        before.retain(|told| told.strong_count() > 0);
        Passing(before.clone())
    }

    /// Packets that were let in by anything but what holds now, whoever told it.
    pub fn passing(&self) -> Passing {
        Passing(self.before.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn told(&self) -> Arc<Told> {
        Arc::clone(&self.told.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Packets that were let in by what held before.
#[derive(Debug)]
pub struct Passing(Vec<Weak<Told>>);

impl Passing {
    /// Waits until the store has been given all of them, so that an order to it comes after them. Gives up after some
    /// seconds, in which the store had no room; `false` then.
    pub async fn through(self) -> bool {
        let until = tokio::time::Instant::now() + DRAIN;
        while self.0.iter().any(|told| told.strong_count() > 0) {
            if tokio::time::Instant::now() >= until {
                return false;
            }
            tokio::time::sleep(LOOK).await;
        }
        true
    }
}

/// What a gate says to one packet. Held until the store has been given what it let in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pass(Option<Arc<Told>>);

impl Gate {
    pub(crate) fn pass(&self) -> Pass {
        match self {
            Self::Always => Pass(None),
            Self::Takes(takes) => Pass(Some(takes.told())),
        }
    }
}

impl Pass {
    /// The readings that are kept (`None`: none) with the beginning of their Take, and how many are idle.
    ///
    /// Whoever tells the clock is held to it: what was measured in a Take belongs to it and what was measured in a pause to
    /// nothing, however late it arrives and whoever pauses since. Without a told clock only the arrival can say.
    pub(crate) fn let_in(
        &self,
        thing: ThingId,
        readings: Readings,
        clock: SenderClock,
        received: Micros,
    ) -> (Option<Readings>, Option<Micros>, u32) {
        let Some(told) = &self.0 else { return (Some(readings), None, 0) };
        let rows = readings.len();
        let pauses = told.pauses.get(&thing).map_or(&[] as &[Window], Vec::as_slice);
        let count = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
        let SenderClock::Offset { offset, .. } = clock else {
            let paused = pauses.iter().any(|pause| pause.ends.is_none() || pause.holds(received));
            let open = told.windows.iter().rev().find(|window| window.holds(received)).filter(|_| !paused);
            return match open {
                Some(window) => (Some(readings), Some(window.begins), 0),
                None => (None, None, count(rows)),
            };
        };
        let mut since = None;
        let mut inside = |raw: &Micros| {
            let time = raw.saturating_add(offset);
            let window = told.windows.iter().rev().find(|window| window.holds(time));
            let window = window.filter(|_| !pauses.iter().any(|pause| pause.holds(time)));
            since = since.or(window.map(|window| window.begins));
            window.is_some()
        };
        let keep: Vec<bool> = readings.raw_time().iter().map(&mut inside).collect();
        let kept = keep.iter().filter(|keep| **keep).count();
        if kept == rows {
            return (Some(readings), since, 0);
        }
        (rows_of(&readings, &keep), since, count(rows - kept))
    }
}

/// The rows to keep; `None` if there is none.
fn rows_of(readings: &Readings, keep: &[bool]) -> Option<Readings> {
    fn some<T: Copy>(column: &[T], keep: &[bool]) -> Vec<T> {
        column.iter().zip(keep).filter(|(_, keep)| **keep).map(|(value, _)| *value).collect()
    }
    let (x, y, z) = (some(readings.x(), keep), some(readings.y(), keep), some(readings.z(), keep));
    // The columns lose the same rows.
    Readings::new(readings.property(), some(readings.raw_time(), keep), x, y, z).ok().filter(|readings| !readings.is_empty())
}

#[cfg(test)]
mod tests;
