//! From packets to the store: decode, normalise, pace, append; the ticket resolves after the commit.
//!
//! Nothing is queued here: [`Pipeline::submit`] holds the packets it was given until the store has taken them, so what
//! is in flight is bounded by what the doors read before they wait. Per Thing it keeps a pace, a clock and the columns
//! of phyphox's CSV that still lack their neighbours (bounded, [`join`]).

mod join;
mod pace;
mod things;
mod ticket;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use messwerk_lessons::Micros;
use messwerk_lessons::reject::{Reject, RejectReason};
use messwerk_store::{Entry, Error, Receipt, Store};
use tokio::time::Instant;

pub use ticket::Ticket;

use self::things::Things;
use self::ticket::Part;
use crate::admission::ThingAccess;
use crate::codec::{self, Decoded};
use crate::normalise::normalise;

/// Limits per Thing. Beyond them reading pauses (the sender waits); nothing is dropped.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Readings per second. Default 5,000.
    pub readings_per_second: f64,
    /// Packets per second. Default 500.
    pub packets_per_second: f64,
    /// Bytes of one packet's payload. Default 64 KiB. A larger MQTT packet closes the connection, a larger HTTP body
    /// is answered 413.
    pub packet_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { readings_per_second: 5_000.0, packets_per_second: 500.0, packet_bytes: 64 * 1024 }
    }
}

/// One packet from a Thing.
#[derive(Debug, Clone)]
pub struct Packet {
    /// Whose, from the credential.
    pub access: Arc<ThingAccess>,
    /// Last level of the topic (`acc`, `accX`, `batch` …); empty for HTTP, where the columns name their stream.
    pub stream: String,
    /// The body.
    pub payload: Bytes,
    /// Hub time of arrival.
    pub received: Micros,
}

/// What became of one packet, once durable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Sum over the packet's Datastreams. A column of CSV counts with the packet that completed its readings.
    pub receipt: Receipt,
    /// Values or records rejected.
    pub rejected: u32,
    /// Why, one per reason.
    pub rejects: Vec<Reject>,
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
}

impl Pipeline {
    /// A pipeline into `store`.
    pub fn new(store: Arc<Store>, limits: Limits) -> Self {
        Self::over(store, limits)
    }

    /// A pipeline into anything that commits.
    pub fn over(store: Arc<dyn Append>, limits: Limits) -> Self {
        Self { store, limits, things: Things::default() }
    }

    /// The limits per Thing.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Takes packets of one connection in order. Waits while their Thing is over its rate or the store is full; then
    /// queued. Not durable before the ticket says so. Dropped while it waits, nothing of it is stored.
    pub async fn submit(&self, packets: Vec<Packet>) -> Result<Ticket, Error> {
        let now = Instant::now();
        let mut batch =
            Batch { entries: Vec::with_capacity(packets.len()), parts: Vec::with_capacity(packets.len()), released: Vec::new() };
        let mut until = now;
        for packet in &packets {
            until = until.max(self.take(packet, now, &mut batch));
        }
        // Even a sleep that is over takes the timer's next millisecond.
        if until > now {
            tokio::time::sleep_until(until).await;
        }
        let committing = if batch.entries.is_empty() { async { Ok(Vec::new()) }.boxed() } else { self.store.append(batch.entries).await? };
        Ok(Ticket::new(committing, batch.parts, batch.released, Arc::clone(&self.store)))
    }

    /// Turns one packet into entries; returns when its Thing may go on.
    fn take(&self, packet: &Packet, now: Instant, batch: &mut Batch) -> Instant {
        let access = &*packet.access;
        let cell = self.things.of(access.thing, now);
        let mut decoded = self.decode(packet);
        let mut thing = cell.lock();
        let first = batch.entries.len();
        let readings: usize = decoded.records.iter().map(|record| record.times.len()).sum();
        let until = thing.pace.take(&self.limits, now, readings + decoded.column.as_ref().map_or(0, |column| column.values.len()));
        let mut pending = None;
        if let Some(column) = decoded.column.take() {
            let joined = thing.columns.add(column, now, &mut decoded.rejects);
            decoded.records = joined.records;
            batch.released.extend(joined.released);
            pending = joined.pending;
        }
        let entries = &mut batch.entries;
        normalise(access, decoded.records, &decoded.clock, &mut thing.clock, packet.received, &mut decoded.rejects, &mut |submission| {
            entries.push(Entry::Readings(submission));
        });
        let (lesson, whose, received) = (access.lesson, access.thing, packet.received);
        let rejects = decoded.rejects.into_vec();
        entries.extend(rejects.iter().map(|reject| Entry::Reject { lesson, thing: whose, reject: reject.clone(), received }));
        let entries = first..entries.len();
        drop(thing);
        let waiting = pending.map(|(id, stored)| ticket::Waiting { id, stored, cell, lesson, thing: whose, received });
        batch.parts.push(Part { entries, rejects, waiting });
        until
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

/// What the packets of one submit come to.
struct Batch {
    entries: Vec<Entry>,
    parts: Vec<Part>,
    /// Packets of earlier submits whose columns this one completes.
    released: Vec<tokio::sync::oneshot::Sender<()>>,
}

#[cfg(test)]
mod tests;
