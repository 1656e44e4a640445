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
use messwerk_store::InTake;

/// How long the end of a rehearsal waits for packets that were let in before it: longer than a full store takes to make room.
const DRAIN: Duration = Duration::from_secs(5);
/// How far a reading may lie ahead of its arrival and still be of a Take that goes on: no clock that was compared is wrong by
/// more. A sender that knows less of its clock says so, and is believed up to [`UNCERTAIN`].
const AHEAD: Micros = 5_000_000;
const UNCERTAIN: Micros = 60_000_000;
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

    /// The same for the store.
    fn take(self, further: bool) -> InTake {
        InTake { begins: self.begins, ends: self.ends, further }
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
    /// The readings that are kept, each with its Take, and how many are idle.
    ///
    /// Whoever tells the clock is held to it: what was measured in a Take belongs to it and what was measured in a pause to
    /// nothing, however late it arrives and whoever pauses since. A Take that goes on ends a few seconds after now: what lies
    /// beyond was not measured yet. Without a told clock only the arrival can say.
    ///
    /// What is `numbered` comes in a part for each Take, so that a Run is of one. The others stay whole and begin a Run by
    /// their arrival: a buffer that is sent whole with every message would begin two with each.
    pub(crate) fn let_in(
        &self,
        thing: ThingId,
        readings: Readings,
        clock: SenderClock,
        received: Micros,
        numbered: bool,
    ) -> (Vec<(Readings, Option<InTake>)>, u32) {
        let Some(told) = &self.0 else { return (vec![(readings, None)], 0) };
        let rows = readings.len();
        let pauses = told.pauses.get(&thing).map_or(&[] as &[Window], Vec::as_slice);
        let count = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
        let SenderClock::Offset { offset, uncertainty } = clock else {
            let paused = pauses.iter().any(|pause| pause.ends.is_none() || pause.holds(received));
            let open = told.windows.iter().rev().find(|window| window.holds(received)).filter(|_| !paused);
            return match open {
                Some(window) => (vec![(readings, Some(window.take(false)))], 0),
                None => (Vec::new(), count(rows)),
            };
        };
        let latest = received.saturating_add(AHEAD).saturating_add(uncertainty.clamp(0, UNCERTAIN));
        let inside = |raw: &Micros| {
            let time = raw.saturating_add(offset);
            let at = told.windows.iter().rposition(|window| window.holds(time));
            at.filter(|&at| told.windows[at].ends.is_some() || time <= latest).filter(|_| !pauses.iter().any(|pause| pause.holds(time)))
        };
        let at: Vec<Option<usize>> = readings.raw_time().iter().map(inside).collect();
        let idle = count(at.iter().filter(|at| at.is_none()).count());
        let mut takes: Vec<usize> = at.iter().flatten().copied().collect();
        takes.sort_unstable();
        takes.dedup();
        let window = |take: usize| told.windows.get(take);
        if let (Some(&take), true) = (takes.first(), takes.len() == 1 || !numbered) {
            let kept = if idle == 0 { Some(readings) } else { rows_of(&readings, &at, |at| at.is_some()) };
            return (kept.map(|kept| (kept, window(take).map(|window| window.take(false)))).into_iter().collect(), idle);
        }
        let part = |(number, &take): (usize, &usize)| {
            Some((rows_of(&readings, &at, |at| *at == Some(take))?, window(take).map(|window| window.take(number > 0))))
        };
        (takes.iter().enumerate().filter_map(part).collect(), idle)
    }
}

/// The rows to keep, by their Takes; `None` if there is none.
fn rows_of(readings: &Readings, at: &[Option<usize>], keep: impl Fn(&Option<usize>) -> bool) -> Option<Readings> {
    fn some<T: Copy>(column: &[T], keep: &[bool]) -> Vec<T> {
        column.iter().zip(keep).filter(|(_, keep)| **keep).map(|(value, _)| *value).collect()
    }
    let keep: Vec<bool> = at.iter().map(keep).collect();
    let (x, y, z) = (some(readings.x(), &keep), some(readings.y(), &keep), some(readings.z(), &keep));
    // The columns lose the same rows.
    Readings::new(readings.property(), some(readings.raw_time(), &keep), x, y, z).ok().filter(|readings| !readings.is_empty())
}

#[cfg(test)]
mod tests;
