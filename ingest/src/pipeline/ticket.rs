//! The promise to acknowledge.

use std::ops::Range;
use std::sync::Arc;

use futures::FutureExt;
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::reject::Reject;
use messwerk_store::{Entry, Error, Receipt, another_value, too_many_runs};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::room::Room;
use super::things::Cell;
use super::{Append, Committing, Outcome, join};
use crate::codec::Rejects;

/// What one packet became.
pub(super) struct Part {
    /// Its entries among those of the submit.
    pub(super) entries: Range<usize>,
    pub(super) rejects: Vec<Reject>,
    /// Identifiers left out.
    pub(super) dropped: u32,
    /// Good readings that belong to no Take.
    pub(super) idle: u32,
    /// A column of its that waits for its neighbours.
    pub(super) waiting: Option<Waiting>,
}

/// A column that waits for its neighbours in later packets.
pub(super) struct Waiting {
    pub(super) id: u64,
    pub(super) stored: oneshot::Receiver<()>,
    pub(super) cell: Arc<Cell>,
    pub(super) lesson: LessonId,
    pub(super) thing: ThingId,
    pub(super) received: Micros,
}

/// Resolves when the packets are durable and visible.
#[must_use = "a packet is acknowledged only after its ticket says so"]
pub struct Ticket {
    committing: Committing,
    parts: Vec<Part>,
    store: Arc<dyn Append>,
    /// What the packets still take until then.
    _room: Room,
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ticket").field("packets", &self.parts.len()).finish_non_exhaustive()
    }
}

impl Ticket {
    pub(super) fn new(
        committing: Committing,
        parts: Vec<Part>,
        released: Vec<oneshot::Sender<()>>,
        store: Arc<dyn Append>,
        room: Room,
    ) -> Self {
        let committing = if released.is_empty() { committing } else { release(committing, released) };
        Self { committing, parts, store, _room: room }
    }

    /// One [`Outcome`] per packet, in order. An error means: nothing is acknowledged.
    pub async fn committed(self) -> Result<Vec<Outcome>, Error> {
        let receipts = self.committing.await?;
        let mut outcomes = Vec::with_capacity(self.parts.len());
        for part in self.parts {
            let mut outcome = Outcome { rejects: part.rejects, dropped: part.dropped, idle: part.idle, ..Outcome::default() };
            for receipt in receipts.get(part.entries).unwrap_or_default() {
                add(&mut outcome.receipt, receipt);
            }
            if let Some(waiting) = part.waiting {
                outcome.rejects.extend(waiting.stored(&*self.store).await?);
            }
            if outcome.receipt.refused > 0 {
                outcome.rejects.push(too_many_runs(outcome.receipt.refused));
            }
            if outcome.receipt.conflicting > 0 {
                outcome.rejects.push(another_value(outcome.receipt.conflicting));
            }
            outcome.rejected = outcome.rejects.iter().fold(0, |sum, reject| sum.saturating_add(reject.count));
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }
}

fn add(sum: &mut Receipt, receipt: &Receipt) {
    sum.stored = sum.stored.saturating_add(receipt.stored);
    sum.duplicates = sum.duplicates.saturating_add(receipt.duplicates);
    sum.thinned = sum.thinned.saturating_add(receipt.thinned);
    sum.refused = sum.refused.saturating_add(receipt.refused);
    sum.conflicting = sum.conflicting.saturating_add(receipt.conflicting);
    sum.run = sum.run.max(receipt.run);
}

/// Waits for the commit in a task of its own and tells the packets that depend on it: a connection awaits its tickets in
/// order, and the ticket of a waiting column comes before the one that completes it.
fn release(committing: Committing, released: Vec<oneshot::Sender<()>>) -> Committing {
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        let result = committing.await;
        if result.is_ok() {
            // A closed channel belongs to a connection that is gone.
            released.into_iter().for_each(|stored| stored.send(()).unwrap_or(()));
        }
        drop(sender.send(result));
    });
    async { receiver.await.unwrap_or(Err(Error::Closed)) }.boxed()
}

impl Drop for Waiting {
    /// A column that nobody waits for any more takes no memory: it was never acknowledged.
    fn drop(&mut self) {
        self.cell.lock().columns.give_up(self.id, &mut Rejects::default());
    }
}

impl Waiting {
    /// Resolves when the column is stored with its neighbours or, after [`join::WAIT`], as a Reject.
    async fn stored(mut self, store: &dyn Append) -> Result<Option<Reject>, Error> {
        if let Ok(told) = timeout(join::WAIT, &mut self.stored).await {
            return told.map(|()| None).map_err(|_| Error::Closed);
        }
        let mut rejects = Rejects::default();
        let given_up = self.cell.lock().columns.give_up(self.id, &mut rejects);
        if !given_up {
            return (&mut self.stored).await.map(|()| None).map_err(|_| Error::Closed);
        }
        let Some(reject) = rejects.into_vec().pop() else { return Ok(None) };
        let entry = Entry::Reject { lesson: self.lesson, thing: self.thing, reject: reject.clone(), received: self.received };
        store.append(vec![entry]).await?.await?;
        Ok(Some(reject))
    }
}
