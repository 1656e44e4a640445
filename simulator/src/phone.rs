//! One phone while it measures: which readings are due, how they are packed, and what became of them.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use messwerk_lessons::Micros;
use messwerk_lessons::observation::BatchKey;
use messwerk_lessons::quantity::ObservedProperty;
use rand::RngExt as _;

use crate::dice::{Purpose, dice};
use crate::export::Message;
use crate::payload::{self, Encoding, Rows, SenderTime};
use crate::recording::Recording;
use crate::run_time::unix_seconds;

/// phyphox's buffers hold so many readings in its pendulum experiment: what `keep` repeats with each message.
const KEPT: usize = 500;

/// Readings of one packet: stream number and rows.
pub(crate) type Cargo = Vec<(usize, Range<usize>)>;

/// Something to send.
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    /// Last level of the topic (MQTT).
    pub(crate) level: String,
    /// Content type (HTTP).
    pub(crate) content_type: &'static str,
    /// The bytes.
    pub(crate) body: Bytes,
    /// Which readings are settled when it is acknowledged.
    pub(crate) cargo: Cargo,
}

/// What is peculiar to a phone for its whole life.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) client_id: String,
    /// When it starts within the staggered beginning, as a share of it (0 to 1).
    pub(crate) stagger: f64,
    /// Whether it tells the hub of its clock.
    tells_time: bool,
    /// How wrong its clock is, s.
    offset_s: f64,
    /// How fast its clock runs, s per s.
    drift: f64,
    boot: u64,
}

impl Device {
    /// The phone of a number in a simulation with a seed; `skew_s` bounds its clock's error, `collide` is the chance of
    /// the one shared client id.
    pub(crate) fn new(seed: u64, phone: usize, skew_s: f64, collide: f64) -> Self {
        let mut rng = dice(seed, phone, Purpose::Device);
        let own: u32 = rng.random_range(0..1 << 24);
        let shared = rng.random::<f64>() < collide;
        Self {
            client_id: format!("phyphox_{:06x}", if shared { 0xc0_111d } else { own }),
            stagger: rng.random(),
            tells_time: rng.random(),
            offset_s: skew_s * (2.0 * rng.random::<f64>() - 1.0),
            drift: if skew_s > 0.0 { 50e-6 * (2.0 * rng.random::<f64>() - 1.0) } else { 0.0 },
            boot: rng.random(),
        }
    }

    /// What the phone's own clock shows when the world's shows `unix_s`.
    fn clock(&self, unix_s: f64) -> f64 {
        unix_s + self.offset_s
    }

    /// The recording as the phone's clock times it.
    pub(crate) fn drifted(&self, recording: &mut Recording) -> Result<()> {
        if self.drift != 0.0 {
            for stream in &mut recording.streams {
                *stream = stream.stretched(1.0 + self.drift)?;
            }
        }
        Ok(())
    }
}

/// How readings are packed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packing {
    pub(crate) encoding: Encoding,
    /// Experiment time between packets, µs.
    pub(crate) batch: Micros,
    /// Each packet repeats the last readings before it, as phyphox does with `keep=true`.
    pub(crate) keep: bool,
    /// One parcel may hold several streams (HTTP).
    pub(crate) by_http: bool,
}

/// Hands out a recording parcel by parcel.
#[derive(Debug)]
pub(crate) struct Feed {
    recording: Arc<Recording>,
    packing: Packing,
    next: Vec<usize>,
    batches: u64,
    /// Experiment time up to which readings were handed out, µs.
    until: Micros,
    boot: u64,
    clock: SenderTime,
    device: Device,
}

impl Feed {
    /// A run that starts now; `run` counts a phone's runs, each numbers its batches afresh.
    pub(crate) fn new(recording: Arc<Recording>, packing: Packing, device: &Device, run: u64) -> Self {
        let first = recording.span().map_or(0, |(first, _)| first);
        let now = device.clock(unix_seconds());
        let start = device.tells_time.then_some(now - first as f64 / 1e6);
        Self {
            next: vec![0; recording.streams.len()],
            recording,
            packing,
            batches: 0,
            until: first,
            boot: device.boot.wrapping_add(run),
            clock: SenderTime { start, now },
            device: device.clone(),
        }
    }

    /// Whether everything is handed out.
    pub(crate) fn is_done(&self) -> bool {
        self.recording.streams.iter().zip(&self.next).all(|(stream, &next)| next == stream.time().len())
    }

    /// Experiment time from the start of the run until the next parcels are ready.
    pub(crate) fn next_due(&self) -> Duration {
        Duration::from_micros((self.batches + 1).saturating_mul(self.packing.batch.unsigned_abs()))
    }

    /// The parcels of the next interval; none if no reading falls into it.
    pub(crate) fn take(&mut self) -> Result<Vec<Parcel>> {
        self.batches += 1;
        self.until = self.until.saturating_add(self.packing.batch);
        self.clock.now = self.device.clock(unix_seconds());
        let mut cargo = Cargo::new();
        for (index, stream) in self.recording.streams.iter().enumerate() {
            let due = stream.due(self.next[index], self.until);
            self.next[index] = due.end;
            if !due.is_empty() {
                let first = if self.packing.keep { due.end.saturating_sub(KEPT).min(due.start) } else { due.start };
                cargo.push((index, first..due.end));
            }
        }
        self.pack(cargo)
    }

    fn pack(&self, cargo: Cargo) -> Result<Vec<Parcel>> {
        let key = BatchKey { boot: self.boot, sequence: self.batches };
        let rows: Vec<Rows<'_>> =
            cargo.iter().map(|(index, range)| Rows { stream: &self.recording.streams[*index], rows: range.clone(), key }).collect();
        let mut parcels = Vec::new();
        if self.packing.by_http && !rows.is_empty() {
            for (content_type, body, held) in payload::bodies(self.packing.encoding, &rows, self.clock)? {
                let cargo = held.into_iter().map(|row| cargo[row].clone()).collect();
                parcels.push(Parcel { level: String::new(), content_type, body, cargo });
            }
        } else if !self.packing.by_http {
            for (rows, cargo) in rows.iter().zip(&cargo) {
                let mut messages = payload::messages(self.packing.encoding, rows, self.clock)?;
                // Of several messages (one per column) only the last one completes the readings.
                let last = messages.len() - 1;
                parcels.extend(messages.drain(..).enumerate().map(|(index, message)| Parcel {
                    level: message.level,
                    content_type: "",
                    body: message.body,
                    cargo: if index == last { vec![cargo.clone()] } else { Vec::new() },
                }));
            }
        }
        Ok(parcels)
    }
}

/// Recorded messages, handed out one by one.
#[derive(Debug)]
pub(crate) struct Messages {
    pub(crate) messages: VecDeque<Message>,
    pub(crate) taken: usize,
}

impl Messages {
    pub(crate) fn is_done(&self) -> bool {
        self.messages.is_empty()
    }

    pub(crate) fn next_due(&self) -> Duration {
        self.messages.front().map_or(Duration::ZERO, |message| Duration::from_secs_f64(message.at))
    }

    pub(crate) fn take(&mut self) -> Vec<Parcel> {
        let message = self.messages.pop_front();
        let parcels = message.into_iter().map(|message| {
            self.taken += 1;
            let cargo = vec![(0, self.taken - 1..self.taken)];
            Parcel { level: message.stream, content_type: "application/json", body: message.payload, cargo }
        });
        parcels.collect()
    }
}

/// What a run consists of.
#[derive(Debug)]
pub(crate) enum Supply {
    Readings(Feed),
    Messages(Messages),
}

impl Supply {
    /// Whether everything is handed out.
    pub(crate) fn is_done(&self) -> bool {
        match self {
            Self::Readings(feed) => feed.is_done(),
            Self::Messages(messages) => messages.is_done(),
        }
    }

    /// Experiment time from the start of the run until the next parcels are ready.
    pub(crate) fn next_due(&self) -> Duration {
        match self {
            Self::Readings(feed) => feed.next_due(),
            Self::Messages(messages) => messages.next_due(),
        }
    }

    /// The parcels that are due next.
    pub(crate) fn take(&mut self) -> Result<Vec<Parcel>> {
        match self {
            Self::Readings(feed) => feed.take(),
            Self::Messages(messages) => Ok(messages.take()),
        }
    }
}

/// What became of each reading of a run.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    /// `None` for recorded messages, whose readings nobody here knows: they are counted by the message.
    recording: Option<Arc<Recording>>,
    fate: Vec<Vec<Fate>>,
    /// Readings that were put on the wire again.
    pub(crate) resent: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Waiting,
    Sent,
    Acknowledged,
}

impl Ledger {
    pub(crate) fn new(recording: Arc<Recording>) -> Self {
        let fate = recording.streams.iter().map(|stream| vec![Fate::Waiting; stream.time().len()]).collect();
        Self { recording: Some(recording), fate, resent: 0 }
    }

    /// Of recorded messages.
    pub(crate) fn of_messages(count: usize) -> Self {
        Self { recording: None, fate: vec![vec![Fate::Waiting; count]], resent: 0 }
    }

    /// How many are sent and how many acknowledged.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let count = |wanted: Fate| self.fate.iter().flatten().filter(|&&fate| fate >= wanted).count() as u64;
        (count(Fate::Sent), count(Fate::Acknowledged))
    }

    /// Readings were put on the wire; returns how many of them for the first time.
    pub(crate) fn sent(&mut self, cargo: &Cargo) -> u64 {
        let (fresh, old) = self.raise(cargo, Fate::Sent);
        self.resent += old;
        fresh
    }

    /// Readings were acknowledged; returns how many of them for the first time.
    pub(crate) fn acknowledged(&mut self, cargo: &Cargo) -> u64 {
        self.raise(cargo, Fate::Acknowledged).0
    }

    fn raise(&mut self, cargo: &Cargo, to: Fate) -> (u64, u64) {
        let (mut fresh, mut old) = (0, 0);
        for (stream, rows) in cargo {
            for fate in &mut self.fate[*stream][rows.clone()] {
                if *fate < to {
                    *fate = to;
                    fresh += 1;
                } else {
                    old += 1;
                }
            }
        }
        (fresh, old)
    }

    /// What of the run the hub answered for, stream by stream; `remember` the readings or only their number. Nothing for
    /// recorded messages.
    pub(crate) fn close(&self, remember: bool) -> Vec<Account> {
        let Some(recording) = &self.recording else { return Vec::new() };
        let accounts = recording.streams.iter().zip(&self.fate).map(|(stream, fate)| {
            let with = |wanted: Fate| {
                let rows = (0..fate.len()).filter(move |&row| fate[row] >= wanted && stream.is_finite(row));
                rows.map(|row| stream.fingerprint(row)).collect::<Vec<_>>()
            };
            let count = |wanted: Fate| fate.iter().filter(|&&fate| fate >= wanted).count() as u64;
            Account {
                property: stream.property(),
                rate_hz: recording.rate(stream.property()),
                sent: count(Fate::Sent),
                acknowledged: count(Fate::Acknowledged),
                prints: remember.then(|| Prints { sent: with(Fate::Sent), acknowledged: with(Fate::Acknowledged) }),
            }
        });
        accounts.collect()
    }
}

/// One stream of one run.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) property: ObservedProperty,
    pub(crate) rate_hz: f64,
    pub(crate) sent: u64,
    pub(crate) acknowledged: u64,
    /// `None` in a simulation without an end, whose readings would fill the memory: it is compared by number.
    pub(crate) prints: Option<Prints>,
}

/// The fingerprints of the readings the hub can store (finite values).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prints {
    pub(crate) sent: Vec<u64>,
    pub(crate) acknowledged: Vec<u64>,
}

#[cfg(test)]
mod tests;
