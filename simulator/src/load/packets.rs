//! PUBLISH packets that are encoded once and patched for each sending.

use anyhow::{Context as _, Result, ensure};
use messwerk_lessons::observation::{BatchKey, SenderClock};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::wire::{Batch, Values};
use rand::RngExt as _;
use rumqttc::mqttbytes::v4::Publish;
use rumqttc::mqttbytes::{QoS, qos};

use crate::dice::{Purpose, dice};

/// How a packet of load is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Shape {
    /// Messwerk's binary batch with 16-bit steps.
    #[default]
    Binary,
    /// Messwerk's batch as JSON.
    Json,
}

/// Different contents for different connections.
const BODIES: usize = 64;

/// The first number of a batch, and its first time (µs): both keep their number of digits in JSON for 100 million packets
/// and 100 years.
const FIRST_SEQUENCE: u32 = 1_000_000_000;
const FIRST_TIME: i64 = 1_000_000_000_000_000;

/// Time between two readings, µs.
const STEP: i64 = 10_000;

/// Where number, time and boot stand in a body.
#[derive(Debug, Clone, Copy)]
struct Places {
    boot: usize,
    sequence: usize,
    time: usize,
}

/// Places in the binary format (`docs/wire.md`): after 8 bytes of header.
const BINARY: Places = Places { boot: 8, sequence: 16, time: 20 };

/// Payloads to be patched.
#[derive(Debug)]
pub(super) struct Bodies {
    shape: Shape,
    places: Places,
    bodies: Vec<Vec<u8>>,
    /// Time a packet covers, µs.
    step: i64,
}

impl Bodies {
    /// Accelerations of a phone in a hand, `batch` readings a packet.
    pub(super) fn new(shape: Shape, batch: usize) -> Result<Self> {
        let mut rng = dice(0, 0, Purpose::Readings);
        let mut bodies = Vec::with_capacity(BODIES);
        let key = BatchKey { boot: 0, sequence: FIRST_SEQUENCE.into() };
        for _ in 0..BODIES {
            let time = (0..batch as i64).map(|row| FIRST_TIME + row * STEP).collect();
            // On the grid of a 16-bit sensor of ± 4 g, as phones have it.
            let mut column = |middle: f32| (0..batch).map(|_| ((middle + rng.random_range(-0.5..0.5)) * 835.0).round() / 835.0).collect();
            let values = [column(0.1), column(0.2), column(9.8)];
            let batch = Batch::new(ObservedProperty::Acceleration, key, SenderClock::Unknown, time, values)?;
            bodies.push(match shape {
                Shape::Binary => batch.to_bytes(Values::Steps(835.0)),
                Shape::Json => batch.to_json().into_bytes(),
            });
        }
        let places = match shape {
            Shape::Binary => BINARY,
            Shape::Json => {
                let text = std::str::from_utf8(&bodies[0])?;
                let after = |key: &str| text.find(key).map(|at| at + key.len()).with_context(|| format!("no {key} in {text}"));
                Places { boot: after("\"boot\":\"")?, sequence: after("\"seq\":")?, time: after("\"t0\":")? }
            }
        };
        let same = bodies.iter().all(|body| body.get(..places.time) == bodies[0].get(..places.time));
        ensure!(same, "bodies differ before their readings");
        Ok(Self { shape, places, bodies, step: batch as i64 * STEP })
    }
}

/// The packets of one connection.
#[derive(Debug)]
pub(super) struct Packets {
    /// One whole packet, and where its body begins. All 64 bodies ready-made would take 64 times the memory of a
    /// connection: it keeps the one of its number, its neighbours have others.
    packet: Vec<u8>,
    body: usize,
    /// Where the packet id stands, with QoS 1 and 2.
    id: Option<usize>,
    boot: u64,
    sent: u32,
}

impl Packets {
    /// For a connection with a number: its boot id, so that no two connections look alike.
    pub(super) fn new(bodies: &Bodies, topic: &str, level: u8, number: usize) -> Result<Self> {
        let level = qos(level)?;
        let acknowledged = level != QoS::AtMostOnce;
        let body = &bodies.bodies[number % BODIES];
        let mut publish = Publish::new(topic, level, body.clone());
        publish.pkid = u16::from(acknowledged);
        let mut bytes = bytes::BytesMut::new();
        publish.write(&mut bytes)?;
        let start = bytes.len() - body.len();
        Ok(Self {
            packet: bytes.to_vec(),
            body: start,
            id: acknowledged.then_some(start - 2),
            boot: 0x10ad_0000_0000_0000 | number as u64,
            sent: 0,
        })
    }

    /// Appends the next packet with a packet id.
    pub(super) fn append(&mut self, bodies: &Bodies, id: u16, out: &mut Vec<u8>) {
        if let Some(place) = self.id {
            self.packet[place..place + 2].copy_from_slice(&id.to_be_bytes());
        }
        let sequence = FIRST_SEQUENCE.wrapping_add(self.sent);
        let time = FIRST_TIME + i64::from(self.sent) * bodies.step;
        self.sent = self.sent.wrapping_add(1);
        let body = &mut self.packet[self.body..];
        let mut put = |place: usize, bytes: &[u8]| body[place..place + bytes.len()].copy_from_slice(bytes);
        match bodies.shape {
            Shape::Binary => {
                put(bodies.places.boot, &self.boot.to_le_bytes());
                put(bodies.places.sequence, &sequence.to_le_bytes());
                put(bodies.places.time, &time.to_le_bytes());
            }
            Shape::Json => {
                put(bodies.places.boot, format!("{:016x}", self.boot).as_bytes());
                put(bodies.places.sequence, sequence.to_string().as_bytes());
                put(bodies.places.time, time.to_string().as_bytes());
            }
        }
        out.extend_from_slice(&self.packet);
    }
}

#[cfg(test)]
mod tests;
