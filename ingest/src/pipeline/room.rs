//! Room for packets on their way: the doors' part of the one memory budget.
//!
//! What a packet takes between the socket and the store's queue is charged before it is read, so that no number of
//! senders makes the hub grow: an MQTT socket is not read, an HTTP body not fetched, until there is room. Whoever waits
//! for it holds no room of another packet (no two can wait for each other), and of one Thing one waits at a time: however
//! many connections a flooding phone opens, the others' packets go in between.
//!
//! What is being read stays as long as its sender likes, up to the time a packet has. It takes half of the room at most:
//! senders that stop in the middle hold up other large packets, never what has arrived.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes charged for each byte of a body: what its readings take at most once they are decoded. The worst is a column of
/// CSV, `1,1,1`, whose two bytes a value become the eight of a 64-bit float; a scalar in the binary batch becomes three
/// times its bytes, JSON as phones write it about as many. While it is decoded a packet may take twice that again, but
/// that is one packet for each worker thread, and nothing is awaited meanwhile.
const SPREAD: usize = 4;

/// Bytes charged for a packet itself: its entry, its columns' allocations, its part of the ticket. Kept until the commit.
const PACKET: usize = 256;

/// Bytes that may be on their way.
#[derive(Debug)]
pub struct InFlight {
    room: Arc<Semaphore>,
    /// The half that what is being read takes beside `room`, before it.
    reading: Arc<Semaphore>,
    most: usize,
    waits: AtomicU64,
}

/// Some of it; given back on drop. The default is none at all, for tests without a pipeline.
#[derive(Debug, Default)]
#[must_use = "room is given back when it is dropped"]
pub struct Room {
    permit: Option<OwnedSemaphorePermit>,
    /// While the packet is read.
    reading: Option<OwnedSemaphorePermit>,
    /// The Thing's turn to be decoded.
    turn: Option<OwnedSemaphorePermit>,
}

/// What `packets` packets of `bytes` bytes in all are charged.
fn cost(packets: usize, bytes: usize) -> usize {
    packets.saturating_mul(PACKET).saturating_add(bytes.saturating_mul(SPREAD))
}

impl InFlight {
    /// Room for so many bytes.
    pub(super) fn new(bytes: usize) -> Self {
        let most = bytes.min(u32::MAX as usize);
        let [room, reading] = [most, most / 2].map(|bytes| Arc::new(Semaphore::new(bytes)));
        Self { room, reading, most, waits: AtomicU64::new(0) }
    }

    /// The bytes that may be on their way.
    pub fn limit(&self) -> usize {
        self.most
    }

    /// The bytes that are.
    pub fn used(&self) -> usize {
        self.most.saturating_sub(self.room.available_permits())
    }

    /// How often somebody had to wait for room: above 0, senders have been held back.
    pub fn waits(&self) -> u64 {
        self.waits.load(Relaxed)
    }

    /// Waits for room for what has arrived, in order of asking. What is larger than all of it waits for all of it: it must
    /// pass once.
    pub(super) async fn enter(&self, packets: usize, bytes: usize) -> Room {
        Room { permit: self.take(&self.room, cost(packets, bytes).min(self.most)).await, ..Room::default() }
    }

    /// The same for a packet that is about to be read. It waits for its half first and only then in the one line with
    /// what has arrived: whoever stands there comes to an end without any sender's help.
    pub(super) async fn enter_unread(&self, bytes: usize) -> Room {
        let reading = self.take(&self.reading, cost(1, bytes).min(self.most / 2)).await;
        Room { reading, ..self.enter(1, bytes).await }
    }

    async fn take(&self, room: &Arc<Semaphore>, cost: usize) -> Option<OwnedSemaphorePermit> {
        let cost = u32::try_from(cost).unwrap_or(u32::MAX);
        if let Ok(permit) = room.clone().try_acquire_many_owned(cost) {
            return Some(permit);
        }
        self.waits.fetch_add(1, Relaxed);
        // The semaphores are never closed.
        room.clone().acquire_many_owned(cost).await.ok()
    }
}

impl Room {
    /// The same, with its Thing's turn.
    pub(super) fn at_its_turn(self, turn: Option<OwnedSemaphorePermit>) -> Self {
        Self { turn, ..self }
    }

    /// The packet has arrived: its sender holds nothing up any more.
    pub(super) fn arrived(&mut self) {
        self.reading = None;
    }

    /// Gives back what `packets` packets need no longer once the store has taken their readings into its own account,
    /// except for the `waiting` bytes of columns that lack their neighbours, and ends their Thing's turn.
    pub(super) fn queued(&mut self, packets: usize, waiting: usize) {
        self.turn = None;
        if let Some(permit) = &mut self.permit {
            let spare = permit.num_permits().saturating_sub(cost(packets, waiting));
            drop(permit.split(spare));
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::{FutureExt, poll};

    use super::*;

    #[tokio::test]
    async fn what_is_on_its_way_is_bounded_and_given_back() {
        let flight = InFlight::new(10_000);
        let mut first = flight.enter(1, 1_000).await;
        assert_eq!(flight.used(), 4_256);
        let second = flight.enter(1, 1_000).await;
        let mut third = Box::pin(flight.enter(1, 1_000));
        assert!(poll!(&mut third).is_pending());
        let mut small = Box::pin(flight.enter(1, 0));
        assert!(poll!(&mut small).is_pending(), "nobody overtakes: the large one would wait for ever");
        assert_eq!(flight.waits(), 2);
        first.queued(1, 0);
        assert_eq!(second.permit.as_ref().map(OwnedSemaphorePermit::num_permits), Some(4_256));
        let (third, small) = (third.await, small.await);
        drop((first, second, third, small));
        assert_eq!(flight.used(), 0);
    }

    #[tokio::test]
    async fn what_is_being_read_takes_half_of_the_room_at_most() {
        let flight = InFlight::new(10_000);
        let first = flight.enter_unread(1_000).await;
        let mut second = Box::pin(flight.enter_unread(1_000));
        assert!(poll!(&mut second).is_pending());
        assert_eq!((flight.used(), flight.waits()), (4_256, 1));
        // What has arrived goes past both, and its part comes back without their help.
        let mut arrived = flight.enter(1, 1_300).await;
        let mut next = Box::pin(flight.enter(1, 1_000));
        assert!(poll!(&mut next).is_pending());
        arrived.queued(1, 0);
        drop((next.now_or_never().expect("there is room now"), arrived));
        let mut first = first;
        first.arrived();
        let second = second.now_or_never().expect("its half is free");
        assert_eq!(flight.used(), 2 * 4_256);
        drop((first, second));
        // However large, it passes once.
        let huge = flight.enter_unread(1 << 40).now_or_never().expect("there is room for it alone");
        assert_eq!((flight.used(), flight.reading.available_permits()), (10_000, 0));
        drop(huge);
        assert_eq!((flight.used(), flight.reading.available_permits()), (0, 5_000));
    }

    #[tokio::test]
    async fn what_is_larger_than_everything_passes_alone() {
        let flight = InFlight::new(10_000);
        let small = flight.enter(1, 1).await;
        let mut huge = Box::pin(flight.enter(1, 1 << 40));
        assert!(poll!(&mut huge).is_pending());
        drop(small);
        let huge = huge.now_or_never().expect("there is room now");
        assert_eq!(flight.used(), 10_000);
        drop(huge);
    }
}
