//! From packets to the store: decode, normalise, pace, append; the ticket resolves after the commit.
//!
//! Nothing is queued here: [`Pipeline::submit`] holds the packets it was given until the store has taken them, and what
//! they take meanwhile is charged to [`InFlight`], the doors' part of the memory budget. Per Thing it keeps a pace, a
//! clock and the columns of phyphox's CSV that still lack their neighbours (bounded, [`join`]).

mod bulk;
mod join;
mod pace;
mod room;
mod stations;
mod things;
mod ticket;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::reject::{Reject, RejectReason};
use messwerk_store::{Entry, Error, Receipt, Store, Submission};
use tokio::time::Instant;

pub use bulk::Filed;
pub use room::{InFlight, Room};
pub use ticket::Ticket;

use self::things::{Cell, Things};
use self::ticket::Part;
use crate::admission::ThingAccess;
use crate::codec::{self, Clock, Decoded};
use crate::gate::Pass;
use crate::normalise::normalise;

/// Limits, all but the last per Thing. Beyond them reading pauses (the sender waits); nothing is dropped.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Readings per second. Default 5,000.
    pub readings_per_second: f64,
    /// Packets per second. Default 500.
    pub packets_per_second: f64,
    /// Bytes of one packet's payload. Default 64 KiB. A larger MQTT packet closes the connection, a larger HTTP body
    /// is answered 413.
    pub packet_bytes: usize,
    /// Bytes of memory for packets of all Things on their way to the store, in the order they were asked for. Default
    /// 128 MiB, 500 packets of the largest size; a part of the one budget, of which the store has the rest.
    pub in_flight: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { readings_per_second: 5_000.0, packets_per_second: 500.0, packet_bytes: 64 * 1024, in_flight: 128 << 20 }
    }
}

/// Entries that are looked through for a Datastream's last: a phone has some sensors, whose readings take turns.
const INTERLEAVED: usize = 8;
/// µs beyond which a reading begins an entry of its own. Leaps of a sender's clock are seen between entries.
const APART: Micros = 1_000_000;

/// One packet from a Thing.
#[derive(Debug, Clone)]
pub struct Packet {
    /// Whose, from the credential.
    pub access: Arc<ThingAccess>,
    /// Last level of the topic (`acc`, `accX`, `batch` …); empty for HTTP, where the columns name their stream. Of a station the
    /// whole topic; over HTTP what follows its address, with the query.
    pub stream: Arc<str>,
    /// The body.
    pub payload: Bytes,
    /// Hub time of arrival.
    pub received: Micros,
    /// What an HTTP sender says that the body is. Only stations are asked for it.
    pub content_type: Arc<str>,
}

/// What became of one packet, once durable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Sum over the packet's Datastreams. A column of CSV counts with the packet that completed its readings, a lone
    /// reading that goes on where an earlier packet of the same submit ended with that packet.
    pub receipt: Receipt,
    /// Values or records rejected.
    pub rejected: u32,
    /// Why, one per reason.
    pub rejects: Vec<Reject>,
    /// Members that say who or what the sender is: dropped unread, which is no loss of data.
    pub dropped: u32,
    /// Good readings that arrived while nobody measured: not kept, no error.
    pub idle: u32,
}

/// What a packet showed of its sender, told as soon as it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sign {
    /// Whether the sender tells its clock as the phyphox app does.
    pub phyphox: bool,
    /// Readings that the lesson keeps, before the store has looked for repetitions.
    pub readings: usize,
    /// Good ones that it does not.
    pub idle: u32,
}

/// Who wants to know that a Thing is there, also while nothing of it is kept. Called for every packet: must be quick.
pub trait Heard: Send + Sync + 'static {
    /// A packet of a Thing was decoded.
    fn heard(&self, packet: &Packet, sign: Sign);
}

/// Resolves when entries are durable, with a receipt for each in order.
pub type Committing = BoxFuture<'static, Result<Vec<Receipt>, Error>>;

/// What the pipeline needs of the store; a test's own writer can stand in its place.
#[async_trait]
pub trait Append: Send + Sync + 'static {
    /// Queues entries in order, waiting while there is no room. On return they are queued, neither durable nor visible.
    async fn append(&self, entries: Vec<Entry>) -> Result<Committing, Error>;
}

#[async_trait]
impl Append for Store {
    async fn append(&self, entries: Vec<Entry>) -> Result<Committing, Error> {
        let ticket = Store::append(self, entries).await?;
        Ok(async { ticket.committed().await.map(|(_, receipts)| receipts) }.boxed())
    }
}

/// The bounded way into the store; shared by all doors.
pub struct Pipeline {
    store: Arc<dyn Append>,
    limits: Limits,
    things: Things,
    in_flight: InFlight,
    dropped: AtomicU64,
    heard: Option<Arc<dyn Heard>>,
}

impl Pipeline {
    /// A pipeline into `store`.
    pub fn new(store: Arc<Store>, limits: Limits) -> Self {
        Self::over(store, limits)
    }

    /// A pipeline into anything that commits.
    pub fn over(store: Arc<dyn Append>, limits: Limits) -> Self {
        let in_flight = InFlight::new(limits.in_flight);
        Self { store, limits, things: Things::default(), in_flight, dropped: AtomicU64::new(0), heard: None }
    }

    /// The same, telling somebody of every packet.
    #[must_use]
    pub fn telling(mut self, heard: Arc<dyn Heard>) -> Self {
        self.heard = Some(heard);
        self
    }

    /// The limits.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What is on its way to the store.
    pub fn in_flight(&self) -> &InFlight {
        &self.in_flight
    }

    /// Members that said who or what a sender is, so far: left out unread.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Relaxed)
    }

    /// Room for a packet of at most `bytes` bytes that is about to be read, to be handed to [`Self::submit`] with it.
    /// Waits while its Thing (as far as it is known) is over its rate, while another packet of that Thing is read, and
    /// while too much is on its way.
    pub async fn room(&self, thing: Option<ThingId>, bytes: usize) -> Room {
        // The turn comes before the room: a Thing that must wait for its rate takes no room from others meanwhile.
        let turn = match thing {
            Some(thing) => self.things.of(thing, Instant::now()).turn().await,
            None => None,
        };
        self.in_flight.enter_unread(bytes).await.at_its_turn(turn)
    }

    /// The same for packets that have arrived; what is still being read does not hold them up.
    pub async fn room_for_arrived(&self, thing: ThingId, packets: usize, bytes: usize) -> Room {
        let turn = self.things.of(thing, Instant::now()).turn().await;
        self.in_flight.enter(packets, bytes).await.at_its_turn(turn)
    }

    /// Takes packets of one connection, hence of one Thing, in order. Without `room` it waits for it first; then while
    /// the store is full; then they are queued. Not durable before the ticket says so. Dropped while it waits, nothing
    /// of it is stored.
    pub async fn submit(&self, packets: Vec<Packet>, room: Option<Room>) -> Result<Ticket, Error> {
        let count = packets.len();
        let mut room = match (room, packets.first()) {
            (Some(room), _) => room,
            (None, Some(first)) => {
                let bytes = packets.iter().map(|packet| packet.payload.len()).sum();
                self.room_for_arrived(first.access.thing, count, bytes).await
            }
            (None, None) => Room::default(),
        };
        room.arrived();
        let mut cell = None;
        let now = Instant::now();
        let mut batch = Batch { entries: Vec::new(), parts: Vec::with_capacity(count), released: Vec::new(), passes: Vec::new() };
        for packet in &packets {
            let thing = packet.access.thing;
            let (_, cell) = match &cell {
                Some(known @ (whose, _)) if *whose == thing => known,
                _ => &*cell.insert((thing, self.things.of(thing, now))),
            };
            match &packet.access.station {
                Some(station) => self.take_of_station(packet, station, cell, now, &mut batch)?,
                None => self.take(packet, cell, now, &mut batch),
            }
        }
        let waiting = packets.iter().zip(&batch.parts).filter(|(_, part)| part.waiting.is_some());
        let waiting = waiting.map(|(packet, _)| packet.payload.len()).sum();
        // Their readings go on without the bytes they came in.
        drop(packets);
        let committing = if batch.entries.is_empty() { async { Ok(Vec::new()) }.boxed() } else { self.store.append(batch.entries).await? };
        // Only now the gate's orders to the store come after what it let in.
        drop(batch.passes);
        room.queued(count, waiting);
        Ok(Ticket::new(committing, batch.parts, batch.released, Arc::clone(&self.store), room))
    }

    /// Turns one packet into entries and charges its Thing.
    fn take(&self, packet: &Packet, cell: &Arc<Cell>, now: Instant, batch: &mut Batch) {
        let access = &*packet.access;
        let mut decoded = self.decode(packet);
        if decoded.dropped > 0 {
            self.dropped.fetch_add(u64::from(decoded.dropped), Relaxed);
        }
        let mut thing = cell.lock();
        let first = batch.entries.len();
        let readings: usize = decoded.records.iter().map(|record| record.times.len()).sum();
        thing.pace.charge(&self.limits, now, readings + decoded.column.as_ref().map_or(0, |column| column.values.len()));
        let mut pending = None;
        if let Some(column) = decoded.column.take() {
            let joined = thing.columns.add(column, now, &mut decoded.rejects);
            decoded.records = joined.records;
            batch.released.extend(joined.released);
            pending = joined.pending;
        }
        let pass = access.gate.pass();
        let entries = &mut batch.entries;
        let mut kept = 0;
        let idle = normalise(
            (access, &pass),
            decoded.records,
            &decoded.clock,
            &mut thing.clock,
            packet.received,
            &mut decoded.rejects,
            &mut |submission| {
                kept += submission.readings.len();
                let own = runs_on(entries, submission);
                entries.extend(own.map(Entry::Readings));
            },
        );
        drop(thing);
        batch.passes.push(pass);
        if let Some(heard) = &self.heard {
            heard.heard(packet, Sign { phyphox: matches!(decoded.clock, Clock::Phone(_)), readings: kept, idle });
        }
        let (lesson, whose, received) = (access.lesson, access.thing, packet.received);
        let rejects = decoded.rejects.into_vec();
        entries.extend(rejects.iter().map(|reject| Entry::Reject { lesson, thing: whose, reject: reject.clone(), received }));
        let entries = first..entries.len();
        let cell = || Arc::clone(cell);
        let waiting = pending.map(|(id, stored)| ticket::Waiting { id, stored, cell: cell(), lesson, thing: whose, received });
        batch.parts.push(Part { entries, rejects, dropped: decoded.dropped, idle, waiting });
    }

    fn decode(&self, packet: &Packet) -> Decoded {
        if packet.payload.len() > self.limits.packet_bytes {
            let mut decoded = Decoded::default();
            let most = self.limits.packet_bytes;
            decoded.rejects.add(RejectReason::TooLarge, 1, || format!("a packet has at most {most} bytes"));
            return decoded;
        }
        codec::decode(&packet.stream, &packet.payload, packet.received)
    }
}

/// Puts a packet's one reading with those of the packet before it, and gives back what must be an entry of its own.
///
/// Clients that publish every reading send hundreds in one segment, and an entry costs the store more than its reading.
/// A reading joins only where it is all the same to the store: it has no number, arrived with the others by the same
/// clock, and is the next of its Datastream in time.
fn runs_on(entries: &mut [Entry], next: Submission) -> Option<Submission> {
    let &[time] = next.readings.raw_time() else { return Some(next) };
    let same = |before: &Submission| (before.thing, before.readings.property()) == (next.thing, next.readings.property());
    let mut latest = entries.iter_mut().rev().take(INTERLEAVED).filter_map(|entry| match entry {
        Entry::Readings(before) => Some(before),
        Entry::Reject { .. } => None,
    });
    let Some(before) = latest.find(|before| same(before)) else { return Some(next) };
    let last = before.readings.raw_time().last();
    // Of a packet that is unsorted in itself the last reading is not the latest.
    let is_next = last.is_some_and(|&last| (1..=APART).contains(&time.saturating_sub(last))) && before.readings.raw_time().is_sorted();
    let alike = (before.lesson, before.clock, before.received, before.max_hz, before.since)
        == (next.lesson, next.clock, next.received, next.max_hz, next.since);
    let joins = is_next && alike && before.key.is_none() && next.key.is_none();
    if joins && before.readings.append(&next.readings).is_ok() { None } else { Some(next) }
}

/// What the packets of one submit come to.
struct Batch {
    entries: Vec<Entry>,
    parts: Vec<Part>,
    /// Packets of earlier submits whose columns this one completes.
    released: Vec<tokio::sync::oneshot::Sender<()>>,
    /// What let them in, held until they are queued.
    passes: Vec<Pass>,
}

#[cfg(test)]
mod tests;
