//! From packets to the store: decode, normalise, pace, append; the ticket resolves after the commit.

use std::sync::Arc;

use bytes::Bytes;
use messwerk_lessons::Micros;
use messwerk_store::{Error, Receipt, Store};

use crate::admission::ThingAccess;

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
    /// Sum over the packet's Datastreams.
    pub receipt: Receipt,
    /// Values or records rejected.
    pub rejected: u32,
}

/// Resolves when the packets are durable and visible.
#[derive(Debug)]
pub struct Ticket {}

impl Ticket {
    /// One [`Outcome`] per packet, in order. An error means: nothing is acknowledged.
    pub async fn committed(self) -> Result<Vec<Outcome>, Error> {
        unimplemented!()
    }
}

/// The bounded way into the store; shared by all doors.
pub struct Pipeline {}

impl Pipeline {
    /// A pipeline into `store`.
    pub fn new(_store: Arc<Store>, _limits: Limits) -> Self {
        unimplemented!()
    }

    /// Takes packets of one connection in order. Waits while their Thing is over its rate or the store is full; then
    /// queued. Not durable before the ticket says so.
    pub async fn submit(&self, _packets: Vec<Packet>) -> Result<Ticket, Error> {
        unimplemented!()
    }
}
