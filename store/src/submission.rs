//! What goes into the store and what comes back.

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::observation::{BatchKey, Readings, SenderClock};
use messwerk_lessons::reject::{Reject, RejectReason};
use tokio::sync::oneshot;

use crate::{Error, Lsn};

/// Readings of one Datastream that arrived together, mostly a packet's; becomes one WAL frame.
#[derive(Debug, Clone)]
pub struct Submission {
    /// In which lesson.
    pub lesson: LessonId,
    /// Whose, from the credential.
    pub thing: ThingId,
    /// The readings, on the sender's clock, in the canonical unit.
    pub readings: Readings,
    /// The sender's own number, if it numbers its batches.
    pub key: Option<BatchKey>,
    /// What the sender told of its clock.
    pub clock: SenderClock,
    /// Hub time of arrival.
    pub received: Micros,
    /// Streams faster than this by their own times are thinned to it; 0 is without limit.
    pub max_hz: f32,
    /// The Take that its readings are of; a Run is of one Take. `None` in a lesson without Takes.
    pub since: Option<InTake>,
}

/// A Take, as the intake has to know it to begin a Run with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InTake {
    /// Its first moment, hub time.
    pub begins: Micros,
    /// The first moment after it; `None` while it goes on.
    pub ends: Option<Micros>,
    /// A numbered batch that lies in several Takes is submitted in parts, one after the other: this is one after the first.
    pub further: bool,
}

impl InTake {
    pub(crate) fn holds(&self, time: Micros) -> bool {
        time >= self.begins && self.ends.is_none_or(|ends| time < ends)
    }
}

/// What can be appended.
#[derive(Debug, Clone)]
pub enum Entry {
    /// Readings to store.
    Readings(Submission),
    /// Input that could not become readings; durable like them.
    Reject {
        /// In which lesson.
        lesson: LessonId,
        /// Whose.
        thing: ThingId,
        /// What and why.
        reject: Reject,
        /// Hub time of arrival.
        received: Micros,
    },
}

/// What became of one [`Entry`], in the order of the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Receipt {
    /// Readings newly stored.
    pub stored: u32,
    /// Readings that were there already.
    pub duplicates: u32,
    /// Readings left out because the stream is faster than `max_hz`.
    pub thinned: u32,
    /// Readings that were not stored because they would have begun one Run too many; [`too_many_runs`] is noted for them.
    pub refused: u32,
    /// Readings of a station of which another value of the same time is stored; [`another_value`] is noted for them.
    pub conflicting: u32,
    /// The recording they belong to, from 1 (0 for a Reject).
    pub run: u32,
}

/// The Reject of readings that would have begun one Run too many.
pub fn too_many_runs(readings: u32) -> Reject {
    let detail =
        "too many recordings in one measurement: keep `boot` while the page or device runs, and begin a new one with a new measurement";
    Reject { reason: RejectReason::TooManyRuns, count: readings, detail: detail.to_owned() }
}

/// The Reject of a station's readings of which another value of the same time is stored.
pub fn another_value(readings: u32) -> Reject {
    let detail = "another value of the same time is stored already and stays; erase the station's readings first if the new ones are right";
    Reject { reason: RejectReason::Conflicting, count: readings, detail: detail.to_owned() }
}

/// Waits for the group commit of what was appended.
#[derive(Debug)]
pub struct Ticket {
    pub(crate) done: oneshot::Receiver<Result<(Lsn, Vec<Receipt>), Error>>,
}

impl Ticket {
    /// Resolves when the entries are on disk (fdatasync) and visible in snapshots. An error means: not acknowledged;
    /// the sender must keep its data.
    pub async fn committed(self) -> Result<(Lsn, Vec<Receipt>), Error> {
        self.done.await.unwrap_or(Err(Error::Closed))
    }
}

/// Rejects of one Thing and reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Whose.
    pub thing: ThingId,
    /// How often (sum of the counts).
    pub count: u64,
    /// The last one; its `count` is that packet's.
    pub last: Reject,
    /// When it arrived, hub time.
    pub received: Micros,
}
