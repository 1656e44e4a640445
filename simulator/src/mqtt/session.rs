//! What a publisher remembers between packets, without I/O: which packets wait for their acknowledgement.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use bytes::{Bytes, BytesMut};
use rumqttc::mqttbytes::v4::{Packet, PubRel, Publish};
use rumqttc::mqttbytes::{QoS, qos};

/// The bit of a PUBLISH's first byte that says "perhaps you have this already".
const DUP: u8 = 1 << 3;

/// Publishes on their way, each with a tag that comes back when the hub has answered for it.
///
/// Sessions are clean: after a reconnect everything unanswered is published again.
#[derive(Debug)]
pub(crate) struct Session<T> {
    qos: QoS,
    window: usize,
    last_id: u16,
    flights: VecDeque<Flight<T>>,
    /// QoS 0: sent since the last PINGREQ, and before it.
    unasked: Vec<T>,
    asked: Vec<T>,
}

#[derive(Debug)]
struct Flight<T> {
    id: u16,
    bytes: Bytes,
    tag: T,
    written: Instant,
    /// QoS 2: PUBREC has come, PUBREL is on its way.
    released: bool,
}

impl<T> Session<T> {
    /// `window` is how many packets may wait for an answer at once.
    pub(crate) fn new(level: u8, window: usize) -> Result<Self> {
        let qos = qos(level).context("QoS is 0, 1 or 2")?;
        Ok(Self { qos, window, last_id: 0, flights: VecDeque::new(), unasked: Vec::new(), asked: Vec::new() })
    }

    /// Whether an acknowledgement is expected at all.
    pub(crate) fn is_acknowledged(&self) -> bool {
        self.qos != QoS::AtMostOnce
    }

    /// Whether another packet may be sent before an answer comes.
    pub(crate) fn has_room(&self) -> bool {
        self.flights.len() < self.window
    }

    /// Whether every packet is answered for.
    pub(crate) fn is_idle(&self) -> bool {
        self.flights.is_empty() && self.unasked.is_empty() && self.asked.is_empty()
    }

    /// Whether only a PINGREQ can bring an answer for what was sent.
    pub(crate) fn wants_ping(&self) -> bool {
        !self.unasked.is_empty() && self.asked.is_empty()
    }

    /// A PINGREQ is being sent. With QoS 0 its answer stands for everything sent before it: the hub has read it.
    pub(crate) fn pinged(&mut self) {
        self.asked.append(&mut self.unasked);
    }

    /// The bytes of a new PUBLISH. They count as written whether or not they reach the hub.
    pub(crate) fn publish(&mut self, topic: String, payload: Bytes, tag: T, now: Instant) -> Result<Bytes> {
        let mut publish = Publish::from_bytes(topic, self.qos, payload);
        if self.is_acknowledged() {
            publish.pkid = self.free_id();
        }
        let mut bytes = BytesMut::with_capacity(publish.size());
        publish.write(&mut bytes)?;
        let bytes = bytes.freeze();
        if self.is_acknowledged() {
            self.flights.push_back(Flight { id: publish.pkid, bytes: bytes.clone(), tag, written: now, released: false });
        } else {
            self.unasked.push(tag);
        }
        Ok(bytes)
    }

    /// Packet ids count through 1 to 65,535 and skip those in flight (at most `window`).
    fn free_id(&mut self) -> u16 {
        loop {
            self.last_id = self.last_id.checked_add(1).unwrap_or(1);
            if self.flights.iter().all(|flight| flight.id != self.last_id) {
                return self.last_id;
            }
        }
    }

    /// Takes a packet of the hub's: an answer owed to it goes to `out`, the tags it settles are returned. Answers nobody
    /// asked for are ignored, as they are after a repeated packet.
    pub(crate) fn receive(&mut self, packet: &Packet, out: &mut BytesMut) -> Result<Vec<T>> {
        let id = match packet {
            Packet::PubAck(ack) if self.qos == QoS::AtLeastOnce => ack.pkid,
            Packet::PubComp(ack) if self.qos == QoS::ExactlyOnce => ack.pkid,
            Packet::PubRec(ack) => {
                if let Some(flight) = self.flights.iter_mut().find(|flight| flight.id == ack.pkid) {
                    flight.released = true;
                    PubRel::new(ack.pkid).write(out)?;
                }
                return Ok(Vec::new());
            }
            Packet::PingResp => return Ok(std::mem::take(&mut self.asked)),
            _ => return Ok(Vec::new()),
        };
        let settled = self.flights.iter().position(|flight| flight.id == id);
        Ok(settled.and_then(|index| self.flights.remove(index)).map(|flight| flight.tag).into_iter().collect())
    }

    /// Everything unanswered for longer than `patience`, to be written again; `again` is told of each.
    pub(crate) fn overdue(&mut self, patience: Duration, now: Instant, mut again: impl FnMut(&T)) -> Result<BytesMut> {
        let mut out = BytesMut::new();
        for flight in self.flights.iter_mut().filter(|flight| now.duration_since(flight.written) >= patience) {
            flight.written = now;
            if flight.released {
                PubRel::new(flight.id).write(&mut out)?;
            } else {
                again(&flight.tag);
                append_again(&mut out, &flight.bytes);
            }
        }
        Ok(out)
    }

    /// What a new connection begins with: every unanswered publish, oldest first; `again` is told of each. With QoS 0 what
    /// the old connection swallowed is forgotten.
    pub(crate) fn restart(&mut self, now: Instant, mut again: impl FnMut(&T)) -> BytesMut {
        let mut out = BytesMut::new();
        for flight in &mut self.flights {
            flight.written = now;
            flight.released = false;
            again(&flight.tag);
            append_again(&mut out, &flight.bytes);
        }
        self.asked.clear();
        self.unasked.clear();
        out
    }
}

fn append_again(out: &mut BytesMut, publish: &[u8]) {
    let start = out.len();
    out.extend_from_slice(publish);
    out[start] |= DUP;
}

#[cfg(test)]
mod tests;
