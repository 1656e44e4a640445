//! What of a batch is new: duplicates, epochs, the clock and thinning, per Datastream. Pure decisions; the writer makes
//! them durable.
//!
//! - **Numbered** batches (boot, sequence): a number that was stored is a duplicate whatever the batch holds. A new boot
//!   is a new epoch. A late batch of an earlier boot still belongs to that boot's Run. Where a number may have been
//!   stored but was forgotten (memory is bounded), the readings themselves decide, as for keyless ones: a batch is
//!   acknowledged as a duplicate only if its readings are there. After [`CLOSED_BOOTS`] further boots the oldest is
//!   forgotten altogether; a batch of it sent again would be stored twice, in a Run of its own, never not at all.
//! - **Keyless** batches: a reading is a duplicate if raw time and all value bits equal one stored in the current epoch,
//!   also within the batch. When a batch opens a new epoch stands in [`epoch`].
//! - **Takes**: a keyless batch that says since when its Take runs ([`Submission::since`]) opens a new epoch if the stream
//!   was last heard before that; `heard` is durable, so a restart in between changes nothing. What of that batch repeats the
//!   epoch before is a duplicate and opens nothing: a packet delivered twice. (A buffer that is sent whole with every
//!   message brings what was measured before into the new epoch with its second message; the files we make send each
//!   reading once.) A numbered sender draws a new boot for a new Take; what it could not know (it was offline over a stop and a
//!   start) its readings say: a Run is of one Take, so a boot has one in each of the Takes that its readings are of. A
//!   number is stored once whatever the Take: a batch in two of them comes in parts, which are new or known together.
//! - **Too many Runs**: beyond [`RUNS`] a Take, what would begin another is refused.
//! - **An erased Run**: the numbers of its batches stay known, so what was stored in it is a duplicate for ever. A new
//!   number of its boot, and any keyless batch, opens a new epoch.
//!
//! - **Absolute** batches ([`SenderClock::Absolute`], stations and weather services): one Run for ever, see [`absolute`].
//!
//! An epoch is a Run. Its offset (hub time − raw time) is what the sender tells, from that batch on; until it tells
//! anything, the epoch is placed so that the latest reading of its first batch is its arrival, and flagged.

mod absolute;
mod epoch;
mod erase;
mod index;
mod keys;
mod state;
mod take;
mod thin;

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::observation::{BatchKey, SenderClock, flag};

use crate::group::{Frame, Group, RejectFrame, StreamId};
use crate::submission::{Receipt, Submission, another_value, too_many_runs};
use crate::{Erasure, Error};
use index::Index;
use keys::{Boot, Known};
pub(crate) use state::StreamState;
use thin::Interval;

/// A phenomenon time further ahead of its arrival is flagged: no clock that was just compared is wrong by more.
const FAST: Micros = 2_000_000;

/// What a reading itself gives reason to doubt, as flags: its value, its time.
fn doubts(range: &RangeInclusive<f32>, value: &[f32], time: Micros, received: Micros) -> u16 {
    let beyond = value.iter().any(|value| !range.contains(value));
    let ahead = time.saturating_sub(received) > FAST;
    (if beyond { flag::OUT_OF_RANGE } else { 0 }) | (if ahead { flag::TIME_FAST } else { 0 })
}

/// Readings that stay in an index when memory is short: what senders usually repeat (a packet holds fewer).
const RECENT: usize = 4_096;

/// Boots whose numbers are kept, and earlier ones of which only name, Run and clock are. A page is reloaded a few times in
/// a lesson.
const BOOTS: usize = 64;
const CLOSED_BOOTS: usize = 1_024;

/// Earlier Runs whose readings are kept for comparison, and the least time between two that are read for it: a Run may be
/// a lesson long, and everybody waits while the writer reads it. What comes sooner is stored, in a Run of its own: better
/// twice. A phone that sends what it could not deliver sends all of one boot before it comes to the next.
const PASTS: usize = 4;
const PAST_EVERY: Micros = 1_000_000;

/// Runs of a stream that one Take begins, or one hour of a lesson without: a page that is reloaded every few seconds for a
/// lesson begins fewer. Whoever draws a boot for each batch would make thousands a minute, and each costs an analysis.
/// Counted in memory: after a restart once more as many.
const RUNS: u32 = 200;
const HOUR: Micros = 3_600_000_000;

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
    /// When the newest stored batch of the current epoch arrived, and none before a restart by a hub that did not keep it.
    heard: Option<Micros>,
    /// The latest [`BOOTS`] with their numbers, and before them at most [`CLOSED_BOOTS`] without.
    boots: Vec<Boot>,
    /// The numbered batch of which a part was stored last; the next part goes with it.
    parted: Option<BatchKey>,
    /// Runs begun, by the beginning of their Take.
    opened: HashMap<Micros, u32>,
    index: Index,
    /// At most [`PASTS`] earlier Runs that were compared by their readings, complete, the one used last at the end.
    past: Vec<(u32, Index)>,
    /// When one was last read from the store.
    past_read: Option<Micros>,
    /// Whether the current epoch was thinned.
    thinned: bool,
    /// When the next reading of the current epoch is due at `max_hz`, in raw time; what came late makes up for nothing.
    due: Option<Micros>,
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
    /// Lessons and Things erased while this process runs: packets of theirs may still be under way.
    gone: HashSet<Erasure>,
    /// Lessons whose readings are being erased: they take nothing in until that is done.
    closed: HashSet<LessonId>,
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
        let present = self.present(id.lesson, id.thing);
        if batch.readings.is_empty() {
            // Only that it arrived is to be noted, and of what is erased nothing is.
            if let (Ok(()), Some(key)) = (present, batch.key) {
                let slot = self.slot(id);
                self.streams[slot as usize].note(key);
                group.noted.push((slot, id));
            }
            return Ok(Receipt::default());
        }
        present?;
        let slot = self.slot(id);
        self.turn += 1;
        let stream = &mut self.streams[slot as usize];
        stream.used = self.turn;
        let before = stream.bytes();
        let receipt = stream.admit(slot, batch, group, history);
        self.index_bytes = self.index_bytes + stream.bytes() - before;
        let &Receipt { refused, conflicting, .. } = receipt.as_ref().unwrap_or(&Receipt { ..Receipt::default() });
        let told = (refused > 0).then(|| too_many_runs(refused)).into_iter().chain((conflicting > 0).then(|| another_value(conflicting)));
        for reject in told {
            group.rejects.push(RejectFrame { lesson: id.lesson, thing: id.thing, received: batch.received, reject });
        }
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
        let mut order: Vec<usize> = (0..self.streams.len()).filter(|&slot| self.streams[slot].bytes() > 0).collect();
        order.sort_unstable_by_key(|&slot| self.streams[slot].used);
        // Down to half, so that the next trim is a while away.
        for keep in [RECENT, 0] {
            for &slot in &order {
                if self.index_bytes <= limit / 2 {
                    return;
                }
                let stream = &mut self.streams[slot];
                let before = stream.bytes();
                stream.past.clear();
                stream.index.forget(keep);
                self.index_bytes = self.index_bytes + stream.bytes() - before;
            }
        }
    }

    /// Numbered batches of a stream that have not arrived.
    pub(crate) fn missing(&self, slot: u32) -> u64 {
        let boots = self.streams.get(slot as usize).into_iter().flat_map(|stream| &stream.boots);
        boots.map(Boot::missing).fold(0, u64::saturating_add)
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
            heard: None,
            boots: Vec::new(),
            parted: None,
            opened: HashMap::new(),
            index: Index::empty(),
            past: Vec::new(),
            past_read: None,
            thinned: false,
            due: None,
            left_out: 0,
            flag_next: false,
            used: 0,
        }
    }

    /// Bytes of its indexes.
    fn bytes(&self) -> usize {
        self.index.bytes() + self.past.iter().map(|(_, index)| index.bytes()).sum::<usize>()
    }

    fn admit(&mut self, slot: u32, batch: &Submission, group: &mut Group, history: &impl History) -> Result<Receipt, Error> {
        if batch.clock == SenderClock::Absolute {
            return self.admit_absolute(slot, batch, group, history);
        }
        let times = batch.readings.raw_time();
        let (Some(&low), Some(&high)) = (times.iter().min(), times.iter().max()) else {
            return Ok(Receipt { run: self.run, ..Receipt::default() });
        };
        let all_duplicates = |run| Ok(Receipt { duplicates: times.len() as u32, run, ..Receipt::default() });
        let mut known = batch.key.and_then(|key| self.boots.iter().position(|boot| boot.boot == key.boot));
        let refused = |run| Ok(Receipt { refused: times.len() as u32, run, ..Receipt::default() });
        let parted = self.parted.take();
        let further = parted.is_some() && parted == batch.key && batch.since.is_some_and(|take| take.further);
        let mut number = Known::New;
        if let (Some(key), Some(at)) = (batch.key, known) {
            number = self.boots[at].stored.known(key.sequence);
            if number == Known::Stored && !further {
                return all_duplicates(self.boots[at].run_in(batch.since));
            }
            self.boots[at].turn_to(batch.since);
            if number == Known::Unsure && self.is_too_soon(at, batch.received) {
                self.boots.remove(at);
                known = None;
            }
        }
        if let (None, Some(take)) = (batch.key, batch.since)
            && let Some(receipt) = self.begin_take(slot, take.begins, batch, group, history)?
        {
            return Ok(receipt);
        }
        // Whether readings that are stored are recognised one by one.
        let (place, compare) = match (batch.key, known) {
            (Some(key), Some(at)) => {
                if self.boots[at].run == 0 {
                    if !self.open(batch, high) {
                        return refused(0);
                    }
                    (self.boots[at].run, self.boot) = (self.run, Some(key.boot));
                }
                let current = self.boot == Some(key.boot) && self.boots[at].run == self.run;
                let place = if current { Place::Current } else { Place::Past(at) };
                if number == Known::Unsure {
                    self.load(slot, &place, low, batch.received, group, history)?;
                }
                (place, number == Known::Unsure)
            }
            (Some(key), None) => {
                if !self.open(batch, high) {
                    return refused(0);
                }
                self.add_boot(key.boot);
                (Place::Current, false)
            }
            (None, _) => {
                if !self.find_epoch(slot, batch, low, high, group, history)? {
                    return refused(self.run);
                }
                (Place::Current, true)
            }
        };
        if let SenderClock::Offset { offset, .. } = batch.clock {
            match place {
                Place::Current => (self.offset, self.arrival) = (offset, false),
                Place::Past(at) => (self.boots[at].offset, self.boots[at].arrival) = (offset, false),
            }
        }
        self.parted = batch.key;
        Ok(self.stage(slot, batch, compare, &place, group))
    }

    /// Sees to it that all readings from `low` on of the place's Run are in its index.
    fn load(&mut self, slot: u32, place: &Place, low: Micros, now: Micros, group: &Group, history: &impl History) -> Result<(), Error> {
        match *place {
            Place::Current if low < self.index.complete_from() => {
                let older = self.stored(slot, self.run, self.index.complete_from(), group, history)?;
                self.index.complete(older);
            }
            Place::Past(at) if !self.has_past(self.boots[at].run) => {
                let run = self.boots[at].run;
                let mut index = Index::empty();
                index.complete(self.stored(slot, run, Micros::MAX, group, history)?);
                self.past_read = Some(now);
                self.keep_past((run, index));
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether a batch that has to be compared would have to be with a Run that cannot be read again already.
    fn is_too_soon(&self, at: usize, now: Micros) -> bool {
        let boot = &self.boots[at];
        let current = self.boot == Some(boot.boot) && boot.run == self.run;
        !current
            && boot.run != 0
            && !self.has_past(boot.run)
            && self.past_read.is_some_and(|read| now.saturating_sub(read).saturating_abs() < PAST_EVERY)
    }

    fn has_past(&self, run: u32) -> bool {
        self.past.iter().any(|past| past.0 == run)
    }

    fn keep_past(&mut self, past: (u32, Index)) {
        if self.past.len() == PASTS {
            self.past.remove(0);
        }
        self.past.push(past);
    }

    /// The readings of a Run before a raw time: those committed, and those of the group that is being made.
    fn stored(&self, slot: u32, run: u32, before: Micros, group: &Group, history: &impl History) -> Result<Vec<(Micros, [f32; 3])>, Error> {
        let mut readings = history.readings(self.id, run, before)?;
        for frame in group.frames.iter().filter(|frame| (frame.slot, frame.run) == (slot, run)) {
            let staged = frame.rows.clone().map(|row| (group.time[row].wrapping_sub(frame.offset), group.value(row)));
            readings.extend(staged.filter(|reading| reading.0 < before));
        }
        Ok(readings)
    }

    /// A new epoch, with the clock of its first batch; false if there are too many.
    #[must_use]
    fn open(&mut self, batch: &Submission, high: Micros) -> bool {
        let begun = batch.since.map_or(batch.received.div_euclid(HOUR), |take| take.begins);
        let opened = self.opened.entry(begun).or_default();
        if *opened >= RUNS {
            return false;
        }
        *opened += 1;
        self.run += 1;
        (self.offset, self.arrival) = match batch.clock {
            SenderClock::Offset { offset, .. } => (offset, false),
            SenderClock::Unknown | SenderClock::Absolute => (batch.received.wrapping_sub(high), true),
        };
        self.last = None;
        self.heard = None;
        self.boot = None;
        self.index = Index::empty();
        self.thinned = false;
        self.due = None;
        self.flag_next = false;
        true
    }

    /// The current epoch is this boot.
    fn add_boot(&mut self, boot: u64) {
        self.push_boot(boot, self.run, self.offset, self.arrival);
        self.boot = Some(boot);
    }

    fn push_boot(&mut self, boot: u64, run: u32, offset: Micros, arrival: bool) {
        if self.boots.len() == CLOSED_BOOTS + BOOTS {
            self.boots.remove(0);
        }
        if let Some(closed) = self.boots.len().checked_sub(BOOTS) {
            self.boots[closed].forget_numbers();
        }
        self.boots.push(Boot::new(boot, run, offset, arrival));
    }

    /// A number arrived that brought nothing to store. A boot that is not known begins no Run with it, and pushes none that
    /// is known out of the list.
    fn note(&mut self, key: BatchKey) {
        let known = self.boots.iter().position(|boot| boot.boot == key.boot);
        if known.is_none() && self.boots.len() < BOOTS {
            self.push_boot(key.boot, 0, 0, true);
        }
        let at = known.or_else(|| self.boots.iter().position(|boot| boot.boot == key.boot));
        if let Some(at) = at {
            self.boots[at].note(key.sequence);
        }
    }

    /// Opens a new epoch for a keyless batch if it does not continue the current one; false if there are too many.
    fn find_epoch(
        &mut self,
        slot: u32,
        batch: &Submission,
        low: Micros,
        high: Micros,
        group: &Group,
        history: &impl History,
    ) -> Result<bool, Error> {
        let Some(last) = self.last else { return Ok(self.open(batch, high)) };
        if low > last {
            let elapsed = self.heard.map(|heard| batch.received.saturating_sub(heard));
            let leaps = elapsed.is_some_and(|elapsed| epoch::leaps(low.saturating_sub(last), elapsed));
            return Ok(!leaps || self.open(batch, high));
        }
        self.load(slot, &Place::Current, low, batch.received, group, history)?;
        let apart = Interval::of(batch.max_hz).filter(|_| self.thinned).map(Interval::apart);
        Ok(epoch::continues(&self.index, &batch.readings, apart) || self.open(batch, high))
    }

    /// Adds the batch's new readings to the group, as one frame. With `compare` a reading that is stored is not new.
    fn stage(&mut self, slot: u32, batch: &Submission, compare: bool, place: &Place, group: &mut Group) -> Receipt {
        let (run, offset, arrival) = match place {
            Place::Current => (self.run, self.offset, self.arrival),
            Place::Past(at) => (self.boots[*at].run, self.boots[*at].offset, self.boots[*at].arrival),
        };
        let past = matches!(place, Place::Past(_));
        let key = batch.key;
        let at = self.past.iter().position(|(earlier, _)| past && *earlier == run);
        let mut earlier = at.map(|at| self.past.remove(at));
        // A numbered batch that goes back is no fast stream, whatever times it uses: it is thinned in itself only, or
        // readings that were never stored would be acknowledged and dropped.
        let back = key.is_some() && batch.readings.raw_time().iter().any(|&raw| self.last.is_some_and(|last| raw < last));
        let range = self.id.property.range();
        let components = self.id.property.components();
        let interval = Interval::of(batch.max_hz);
        let alone = past || back;
        // Late, and nothing of it is stored: it was overtaken. What repeats itself must be thinned as it was.
        let late = |raw: Micros| self.last.is_some_and(|last| raw <= last);
        let times = batch.readings.raw_time();
        let fills = times.iter().any(|&raw| late(raw))
            && !times.iter().enumerate().any(|(row, &raw)| late(raw) && self.index.contains(raw, batch.readings.value(row)));
        let start = group.rows();
        let mut receipt = Receipt { run, ..Receipt::default() };
        // The last reading of this batch that is stored, and when the next one is due.
        let (mut kept, mut due): (Option<Micros>, Option<Micros>) = (None, None);
        for (row, &raw) in batch.readings.raw_time().iter().enumerate() {
            let value = batch.readings.value(row);
            let stored = || match &earlier {
                Some((_, index)) => index.contains(raw, value),
                None => self.last.is_some_and(|last| raw <= last) && self.index.contains(raw, value),
            };
            if compare && stored() {
                receipt.duplicates += 1;
                // It is there, so what was left out beside it is left out again.
                due = interval.map(|interval| interval.after(kept, due, raw));
                kept = Some(raw);
                continue;
            }
            let ahead = !alone && self.last.is_none_or(|last| raw >= last);
            let crowded = interval.is_some_and(|interval| match (alone, ahead) {
                (true, _) => interval.is_crowded(raw, kept, due),
                (_, true) => interval.is_crowded(raw, self.last, self.due),
                // What fills a hole is measured against its own neighbours once it has one.
                _ if fills && kept.is_some() => interval.is_crowded(raw, kept, due),
                _ => self.is_near(raw, interval.apart(), kept),
            });
            if crowded {
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
            let mut flags = doubts(&range, &value[..components], time, batch.received);
            if arrival {
                flags |= flag::CLOCK_ARRIVAL;
            }
            if std::mem::take(&mut self.flag_next) {
                flags |= flag::THINNED;
            }
            if past || self.last.is_some_and(|last| raw < last) {
                flags |= flag::LATE;
            }
            group.push(time, flags, value);
            due = interval.map(|interval| interval.after(kept, due, raw));
            kept = Some(raw);
            if ahead {
                self.due = interval.map(|interval| interval.after(self.last, self.due, raw));
            }
            if let Some((_, index)) = &mut earlier {
                index.insert(raw, value);
            } else if !past {
                if raw >= self.index.complete_from() {
                    self.index.insert(raw, value);
                }
                self.last = Some(self.last.map_or(raw, |last| last.max(raw)));
            }
        }
        if let Some(earlier) = earlier {
            self.keep_past(earlier);
        }
        receipt.stored = (group.rows() - start) as u32;
        self.thinned |= receipt.thinned > 0;
        self.left_out = self.left_out.saturating_add(receipt.thinned);
        if receipt.stored > 0 {
            if !past {
                self.heard = self.heard.max(Some(batch.received));
            }
            let rows = start..group.rows();
            let thinned = std::mem::take(&mut self.left_out);
            if let Some(key) = key {
                self.store_key(key, moment(group, start, arrival, batch.received));
            }
            group.frames.push(Frame { stream: self.id, slot, run, thinned, received: batch.received, offset, key, rows });
        } else if let Some(key) = key.filter(|_| receipt.thinned > 0) {
            self.note(key);
            group.noted.push((slot, self.id));
        }
        receipt
    }

    /// Whether a stored reading lies nearer than `apart` to one that comes late. Of what the index does not hold, only this
    /// batch's are looked at: there one reading too many may stay.
    fn is_near(&self, raw: Micros, apart: Micros, kept: Option<Micros>) -> bool {
        let closer = |other: Option<Micros>| other.is_some_and(|other| raw.saturating_sub(other).saturating_abs() < apart);
        if raw < self.index.complete_from() {
            return closer(kept);
        }
        let (before, after) = self.index.neighbours(raw);
        closer(before) || closer(after)
    }

    /// Remembers a number; numbered streams ask their index only for neighbours, so the recent part will do, unless
    /// numbers were forgotten.
    fn store_key(&mut self, key: BatchKey, moment: Micros) {
        let mut exact = true;
        if let Some(boot) = self.boots.iter_mut().find(|boot| boot.boot == key.boot) {
            boot.store(key.sequence);
            boot.at.get_or_insert(moment);
            exact = boot.stored.is_exact();
            if self.boot == Some(key.boot) && boot.run == self.run {
                (boot.offset, boot.arrival) = (self.offset, self.arrival);
            }
        }
        if exact && self.index.len() > 2 * RECENT {
            self.index.forget(RECENT);
        }
    }
}

/// A moment, hub time, of the Take that a row's Run is of: when it was measured, or, if nobody told, when it arrived.
fn moment(group: &Group, row: usize, arrival: bool, received: Micros) -> Micros {
    if arrival { received } else { group.time.get(row).copied().unwrap_or(received) }
}

#[cfg(test)]
mod tests;
