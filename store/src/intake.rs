//! What of a batch is new: duplicates, epochs, the clock and thinning, per Datastream. Pure decisions; the writer makes
//! them durable.
//!
//! - **Numbered** batches (boot, sequence): a number that was stored is a duplicate whatever the batch holds. A new boot
//!   is a new epoch. A late batch of an earlier boot still belongs to that boot's Run.
//! - **Keyless** batches: a reading is a duplicate if raw time and all value bits equal one stored in the current epoch,
//!   also within the batch. When a batch opens a new epoch stands in [`epoch`].
//!
//! An epoch is a Run. Its offset (hub time − raw time) is what the sender tells, from that batch on; until it tells
//! anything, the epoch is placed so that the latest reading of its first batch is its arrival, and flagged.

mod epoch;
mod index;
mod keys;
mod state;

use std::collections::{HashMap, HashSet};

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::observation::{BatchKey, SenderClock, flag};

use crate::group::{Frame, Group, StreamId};
use crate::submission::{Receipt, Submission};
use crate::Error;
use index::Index;
use keys::Boot;
pub(crate) use state::StreamState;

/// A phenomenon time further ahead of its arrival is flagged: no clock that was just compared is wrong by more.
const FAST: Micros = 2_000_000;

/// Of the least distance `1/max_hz`, what readings must keep: a sensor at exactly `max_hz` jitters by a few per cent and
/// is not to be thinned.
const JITTER: f64 = 0.9;

/// Readings that stay in an index when memory is short: what senders usually repeat (a packet holds fewer).
const RECENT: usize = 4_096;

/// Boots whose numbers are known exactly, and boots of which only the name is kept (all their batches then count as
/// stored). A page is reloaded a few times in a lesson; whoever does it a thousand times is read as if keyless.
const BOOTS: usize = 64;
const CLOSED_BOOTS: usize = 1_024;

/// Reads what is stored, for an index that had forgotten it.
pub(crate) trait History {
    /// Raw time and value of all committed readings of a Run with a raw time before `before`.
    fn readings(&self, stream: StreamId, run: u32, before: Micros) -> Result<Vec<(Micros, [f32; 3])>, Error>;
}

/// One Datastream.
#[derive(Debug)]
struct Stream {
    id: StreamId,
    /// The current epoch; 0 before the first.
    run: u32,
    offset: Micros,
    arrival: bool,
    /// The latest raw time stored in the current epoch.
    last: Option<Micros>,
    /// The boot that is the current epoch.
    boot: Option<u64>,
    boots: Vec<Boot>,
    closed_boots: Vec<u64>,
    index: Index,
    /// Whether the current epoch was thinned.
    thinned: bool,
    /// Left out since the last frame.
    left_out: u32,
    /// Readings were left out since the last one kept.
    flag_next: bool,
    /// For finding the idle ones.
    used: u64,
}

/// All Datastreams that ever sent.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    slots: HashMap<StreamId, u32>,
    streams: Vec<Stream>,
    /// The last stream, which is mostly the next one too.
    recent: Option<(StreamId, u32)>,
    index_bytes: usize,
    turn: u64,
    /// Erased while this process runs: packets of theirs may still be under way.
    erased: HashSet<(LessonId, Option<ThingId>)>,
}

/// Which epoch a batch goes to.
enum Place {
    Current,
    /// An earlier boot, by its place in the list.
    Past(usize),
}

impl Intake {
    /// The slot of a stream; a new one for a new stream.
    pub(crate) fn slot(&mut self, id: StreamId) -> u32 {
        if let Some((_, slot)) = self.recent.filter(|recent| recent.0 == id) {
            return slot;
        }
        let next = self.streams.len() as u32;
        let slot = *self.slots.entry(id).or_insert(next);
        if slot == next {
            self.streams.push(Stream::new(id));
        }
        self.recent = Some((id, slot));
        slot
    }

    /// Bytes of all indexes.
    pub(crate) fn index_bytes(&self) -> usize {
        self.index_bytes
    }

    /// Decides about one batch and adds what is new to the group. An error (the store could not be read) leaves the
    /// stream as it was.
    pub(crate) fn admit(&mut self, batch: &Submission, group: &mut Group, history: &impl History) -> Result<Receipt, Error> {
        let id = StreamId { lesson: batch.lesson, thing: batch.thing, property: batch.readings.property() };
        self.present(id.lesson, id.thing)?;
        let slot = self.slot(id);
        self.turn += 1;
        let stream = &mut self.streams[slot as usize];
        stream.used = self.turn;
        let before = stream.index.bytes();
        let receipt = stream.admit(slot, batch, group, history);
        self.index_bytes = self.index_bytes + stream.index.bytes() - before;
        receipt
    }

    /// Takes over what replay found: a frame that was stored once.
    pub(crate) fn restore(&mut self, frame: &mut Frame, group: &Group) {
        frame.slot = self.slot(frame.stream);
        self.streams[frame.slot as usize].restore(frame, group);
    }

    /// Brings the indexes below `limit` bytes, the longest unused first: all but their recent part, then all.
    pub(crate) fn trim(&mut self, limit: usize) {
        if self.index_bytes <= limit {
            return;
        }
        let mut order: Vec<usize> = (0..self.streams.len()).filter(|&slot| self.streams[slot].index.len() > 0).collect();
        order.sort_unstable_by_key(|&slot| self.streams[slot].used);
        // Down to half, so that the next trim is a while away.
        for keep in [RECENT, 0] {
            for &slot in &order {
                if self.index_bytes <= limit / 2 {
                    return;
                }
                let index = &mut self.streams[slot].index;
                let before = index.bytes();
                index.forget(keep);
                self.index_bytes = self.index_bytes + index.bytes() - before;
            }
        }
    }

    /// An error if the Thing was erased: what comes late must not bring it back.
    pub(crate) fn present(&self, lesson: LessonId, thing: ThingId) -> Result<(), Error> {
        let gone = !self.erased.is_empty() && (self.erased.contains(&(lesson, None)) || self.erased.contains(&(lesson, Some(thing))));
        if gone { Err(Error::NotFound(format!("Thing {thing} was erased"))) } else { Ok(()) }
    }

    /// Forgets a Thing, or a whole lesson, for good. Slots stay, empty, because they are places in a list.
    pub(crate) fn erase(&mut self, lesson: LessonId, thing: Option<ThingId>) {
        self.erased.insert((lesson, thing));
        self.recent = None;
        let erased = |id: StreamId| id.lesson == lesson && thing.is_none_or(|thing| id.thing == thing);
        self.slots.retain(|&id, slot| {
            let gone = erased(id);
            if gone {
                let stream = &mut self.streams[*slot as usize];
                self.index_bytes -= stream.index.bytes();
                *stream = Stream::new(id);
            }
            !gone
        });
    }
}

impl Stream {
    fn new(id: StreamId) -> Self {
        Self {
            id,
            run: 0,
            offset: 0,
            arrival: true,
            last: None,
            boot: None,
            boots: Vec::new(),
            closed_boots: Vec::new(),
            index: Index::empty(),
            thinned: false,
            left_out: 0,
            flag_next: false,
            used: 0,
        }
    }

    fn admit(&mut self, slot: u32, batch: &Submission, group: &mut Group, history: &impl History) -> Result<Receipt, Error> {
        let times = batch.readings.raw_time();
        let (Some(&low), Some(&high)) = (times.iter().min(), times.iter().max()) else {
            return Ok(Receipt { run: self.run, ..Receipt::default() });
        };
        let all_duplicates = |run| Ok(Receipt { duplicates: times.len() as u32, run, ..Receipt::default() });
        let known = batch.key.and_then(|key| self.boots.iter().position(|boot| boot.boot == key.boot));
        let (key, place) = match (batch.key, known) {
            (Some(key), Some(at)) if self.boots[at].stored.contains(key.sequence) => return all_duplicates(self.boots[at].run),
            (Some(key), Some(at)) => (Some(key), if self.boot == Some(key.boot) { Place::Current } else { Place::Past(at) }),
            (Some(key), None) if self.closed_boots.contains(&key.boot) => return all_duplicates(self.run),
            (Some(key), None) if self.closed_boots.len() < CLOSED_BOOTS => {
                self.open(batch, high);
                self.add_boot(key.boot);
                (Some(key), Place::Current)
            }
            (_, _) => {
                self.find_epoch(batch, low, high, history)?;
                (None, Place::Current)
            }
        };
        if let SenderClock::Offset { offset, .. } = batch.clock {
            match place {
                Place::Current => (self.offset, self.arrival) = (offset, false),
                Place::Past(at) => (self.boots[at].offset, self.boots[at].arrival) = (offset, false),
            }
        }
        Ok(self.stage(slot, batch, key, &place, group))
    }

    /// A new epoch, with the clock of its first batch.
    fn open(&mut self, batch: &Submission, high: Micros) {
        self.run += 1;
        (self.offset, self.arrival) = match batch.clock {
            SenderClock::Offset { offset, .. } => (offset, false),
            SenderClock::Unknown => (batch.received.wrapping_sub(high), true),
        };
        self.last = None;
        self.boot = None;
        self.index = Index::empty();
        self.thinned = false;
        self.flag_next = false;
    }

    fn add_boot(&mut self, boot: u64) {
        if self.boots.len() == BOOTS {
            let oldest = self.boots.remove(0);
            self.closed_boots.push(oldest.boot);
        }
        self.boots.push(Boot { boot, run: self.run, offset: self.offset, arrival: self.arrival, stored: keys::Sequences::default() });
        self.boot = Some(boot);
    }

    /// Opens a new epoch for a keyless batch if it does not continue the current one.
    fn find_epoch(&mut self, batch: &Submission, low: Micros, high: Micros, history: &impl History) -> Result<(), Error> {
        let Some(last) = self.last else {
            self.open(batch, high);
            return Ok(());
        };
        if low > last {
            return Ok(());
        }
        if low < self.index.complete_from() {
            let older = history.readings(self.id, self.run, self.index.complete_from())?;
            self.index.complete(older);
        }
        let apart = apart(batch.max_hz).filter(|_| self.thinned);
        if !epoch::continues(&self.index, &batch.readings, apart) {
            self.open(batch, high);
        }
        Ok(())
    }

    /// Adds the batch's new readings to the group, as one frame.
    fn stage(&mut self, slot: u32, batch: &Submission, key: Option<BatchKey>, place: &Place, group: &mut Group) -> Receipt {
        let (run, offset, arrival) = match place {
            Place::Current => (self.run, self.offset, self.arrival),
            Place::Past(at) => (self.boots[*at].run, self.boots[*at].offset, self.boots[*at].arrival),
        };
        let past = matches!(place, Place::Past(_));
        let range = self.id.property.range();
        let components = self.id.property.components();
        let apart = apart(batch.max_hz);
        let start = group.rows();
        let mut receipt = Receipt { run, ..Receipt::default() };
        let mut kept: Option<Micros> = None;
        for (row, &raw) in batch.readings.raw_time().iter().enumerate() {
            let value = batch.readings.value(row);
            let back = self.last.is_some_and(|last| raw <= last);
            if key.is_none() && back && self.index.contains(raw, value) {
                receipt.duplicates += 1;
                continue;
            }
            if apart.is_some_and(|apart| self.is_near(raw, apart, past, kept)) {
                receipt.thinned += 1;
                self.flag_next = true;
                if group.rows() > start
                    && let Some(flags) = group.flags.last_mut()
                {
                    *flags |= flag::THINNED;
                }
                continue;
            }
            let time = raw.wrapping_add(offset);
            let mut flags = if arrival { flag::CLOCK_ARRIVAL } else { 0 };
            if value[..components].iter().any(|value| !range.contains(value)) {
                flags |= flag::OUT_OF_RANGE;
            }
            if time.saturating_sub(batch.received) > FAST {
                flags |= flag::TIME_FAST;
            }
            if std::mem::take(&mut self.flag_next) {
                flags |= flag::THINNED;
            }
            if past || self.last.is_some_and(|last| raw < last) {
                flags |= flag::LATE;
            }
            group.push(time, flags, value);
            kept = Some(raw);
            if !past {
                if raw >= self.index.complete_from() {
                    self.index.insert(raw, value);
                }
                self.last = Some(self.last.map_or(raw, |last| last.max(raw)));
            }
        }
        receipt.stored = (group.rows() - start) as u32;
        self.thinned |= receipt.thinned > 0;
        self.left_out = self.left_out.saturating_add(receipt.thinned);
        if receipt.stored > 0 {
            let rows = start..group.rows();
            let thinned = std::mem::take(&mut self.left_out);
            if let Some(key) = key {
                self.store_key(key);
            }
            group.frames.push(Frame { stream: self.id, slot, run, thinned, received: batch.received, offset, key, rows });
        }
        receipt
    }

    /// Whether a kept reading lies nearer than `apart`. Of what the index does not hold only this batch's are known:
    /// there one reading too many may stay.
    fn is_near(&self, raw: Micros, apart: Micros, past: bool, kept: Option<Micros>) -> bool {
        let closer = |other: Option<Micros>| other.is_some_and(|other| raw.saturating_sub(other).saturating_abs() < apart);
        if past || raw < self.index.complete_from() && self.last.is_some_and(|last| raw <= last) {
            return closer(kept);
        }
        if self.last.is_none_or(|last| raw > last) {
            return closer(self.last);
        }
        let (before, after) = self.index.neighbours(raw);
        closer(before) || closer(after)
    }

    /// Remembers a number; numbered streams ask their index only for neighbours, so the recent part will do.
    fn store_key(&mut self, key: BatchKey) {
        if let Some(boot) = self.boots.iter_mut().find(|boot| boot.boot == key.boot) {
            boot.stored.insert(key.sequence);
            if self.boot == Some(key.boot) {
                (boot.offset, boot.arrival) = (self.offset, self.arrival);
            }
        }
        if self.index.len() > 2 * RECENT {
            self.index.forget(RECENT);
        }
    }

    fn restore(&mut self, frame: &Frame, group: &Group) {
        let flags = group.flags[frame.rows.clone()].iter().fold(0, |all, flags| all | flags);
        let arrival = flags & flag::CLOCK_ARRIVAL != 0;
        if frame.run > self.run {
            self.run = frame.run;
            self.last = None;
            self.boot = None;
            self.thinned = false;
        }
        if frame.run == self.run {
            (self.offset, self.arrival) = (frame.offset, arrival);
            let latest = group.time[frame.rows.clone()].iter().map(|time| time.wrapping_sub(frame.offset)).max();
            self.last = self.last.max(latest);
            self.index = self.last.map_or_else(Index::empty, Index::forgotten);
            self.thinned |= flags & flag::THINNED != 0;
        }
        if let Some(key) = frame.key {
            if !self.boots.iter().any(|boot| boot.boot == key.boot) {
                self.add_boot(key.boot);
            }
            self.store_key(key);
        }
    }
}

/// The least distance of kept readings.
fn apart(max_hz: f32) -> Option<Micros> {
    (max_hz > 0.0).then(|| (JITTER * 1e6 / f64::from(max_hz)) as Micros)
}

#[cfg(test)]
mod tests;
