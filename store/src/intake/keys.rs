//! Which numbered batches were stored, per boot of the sender. Memory is bounded, acknowledged means stored: what had to
//! be forgotten is [`Known::Unsure`], and the intake then compares the readings themselves.

use serde::{Deserialize, Serialize};

use messwerk_lessons::Micros;

use crate::submission::InTake;

/// What is known of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// It was stored.
    Stored,
    /// It was not.
    New,
    /// It may have been.
    Unsure,
}

/// Gaps kept per boot. A phone that was offline sends what is live first and fills up later, in as many gaps as it lost
/// the network; 512 are a gap every six seconds of a lesson. A fixed window behind the highest number would refuse what
/// is filled up after it has moved on.
const GAPS: usize = 512;

/// Batches that a boot may count as lost. A number further ahead is no loss but another numbering, or a broken one: a sender
/// at its full rate takes minutes for so many.
const LEAP: u64 = 100_000;

/// A boot's Runs of other Takes that are kept: the hub knows a class that measured so often in one page load.
const OTHERS: usize = 256;

/// Stored sequence numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub(super) struct Sequences {
    /// Below it numbers were forgotten.
    floor: u64,
    /// From there on: sorted, disjoint, not adjacent.
    ranges: Vec<(u64, u64)>,
}

/// As checkpoints have it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Exact {
        floor: u64,
        ranges: Vec<(u64, u64)>,
    },
    /// Of hubs that closed gaps instead of forgetting.
    Ranges(Vec<(u64, u64)>),
}

impl From<Written> for Sequences {
    fn from(written: Written) -> Self {
        match written {
            Written::Exact { floor, ranges } => Self { floor, ranges },
            Written::Ranges(ranges) => Self { floor: 0, ranges },
        }
    }
}

impl Sequences {
    /// Nothing is known.
    pub(super) fn forgotten() -> Self {
        Self { floor: u64::MAX, ranges: Vec::new() }
    }

    /// What is known of a number.
    pub(super) fn known(&self, sequence: u64) -> Known {
        let after = self.ranges.partition_point(|range| range.0 <= sequence);
        if after > 0 && sequence <= self.ranges[after - 1].1 {
            Known::Stored
        } else if sequence < self.floor {
            Known::Unsure
        } else {
            Known::New
        }
    }

    /// Whether nothing was forgotten.
    pub(super) fn is_exact(&self) -> bool {
        self.floor == 0
    }

    /// Numbers between those in here that are not, as far as they are known; gaps of [`LEAP`] are none.
    fn missing(&self) -> u64 {
        let gaps = self.ranges.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].1).saturating_sub(1));
        gaps.filter(|&gap| gap < LEAP).fold(0, u64::saturating_add).min(LEAP)
    }

    /// Adds a number. Beyond [`GAPS`] the oldest range is forgotten.
    pub(super) fn insert(&mut self, sequence: u64) {
        if self.known(sequence) != Known::New {
            return;
        }
        let ranges = &mut self.ranges;
        let after = ranges.partition_point(|range| range.0 <= sequence);
        let joins_left = after > 0 && ranges[after - 1].1.checked_add(1) == Some(sequence);
        let joins_right = ranges.get(after).is_some_and(|range| sequence.checked_add(1) == Some(range.0));
        match (joins_left, joins_right) {
            (true, true) => {
                ranges[after - 1].1 = ranges[after].1;
                ranges.remove(after);
            }
            (true, false) => ranges[after - 1].1 = sequence,
            (false, true) => ranges[after].0 = sequence,
            (false, false) => ranges.insert(after, (sequence, sequence)),
        }
        if ranges.len() > GAPS + 1 {
            self.floor = ranges.remove(0).1.saturating_add(1);
        }
    }
}

/// One numbering of a sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Boot {
    /// Its random number.
    pub(super) boot: u64,
    /// The recording it is; 0 if that was erased, until something new of it arrives.
    pub(super) run: u32,
    /// Hub time − raw time, as last known.
    pub(super) offset: Micros,
    /// Whether the offset is only the arrival of the first batch.
    pub(super) arrival: bool,
    /// What was stored.
    pub(super) stored: Sequences,
    /// A moment in the Run, hub time, which says of which Take it is; `None` before its first reading, and for one of an
    /// older hub.
    #[serde(default)]
    pub(super) at: Option<Micros>,
    /// Its Runs of other Takes, the one used last at the end. A phone that was offline over a stop and a start has one boot
    /// for both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<Part>,
    /// What was stored and what arrived without bringing anything to store; `None` while that is the same. Not in the WAL:
    /// after a crash some of it counts as lost again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    arrived: Option<Sequences>,
}

/// A Run of a boot besides the one it is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    run: u32,
    offset: Micros,
    arrival: bool,
    at: Option<Micros>,
}

impl Boot {
    /// One of which nothing arrived so far.
    pub(super) fn new(boot: u64, run: u32, offset: Micros, arrival: bool) -> Self {
        Self { boot, run, offset, arrival, stored: Sequences::default(), at: None, others: Vec::new(), arrived: None }
    }

    /// Makes the Run of a batch's Take the one it is at; `run` is 0 if it has none.
    pub(super) fn turn_to(&mut self, take: Option<InTake>) {
        let Some(take) = take else { return };
        let of_it = |at: Option<Micros>| at.is_none_or(|at| take.holds(at));
        if self.run == 0 || !of_it(self.at) {
            let other = self.others.iter().position(|part| of_it(part.at));
            self.leave(other);
        }
    }

    /// The same by the Run, which becomes one of its own if it is not.
    pub(super) fn turn_to_run(&mut self, run: u32, offset: Micros, arrival: bool) {
        if self.run != run {
            let other = self.others.iter().position(|part| part.run == run);
            self.leave(other);
            if self.run == 0 {
                (self.run, self.offset, self.arrival) = (run, offset, arrival);
            }
        }
    }

    /// Leaves the Run it is at for another one, or for none.
    fn leave(&mut self, other: Option<usize>) {
        let other = other.map(|other| self.others.remove(other));
        if self.run != 0 {
            if self.others.len() == OTHERS {
                self.others.remove(0);
            }
            self.others.push(Part { run: self.run, offset: self.offset, arrival: self.arrival, at: self.at });
        }
        let none = Part { run: 0, offset: self.offset, arrival: self.arrival, at: None };
        let Part { run, offset, arrival, at } = other.unwrap_or(none);
        (self.run, self.offset, self.arrival, self.at) = (run, offset, arrival, at);
    }

    /// The Run that a batch of a Take would be of, or the one it is at.
    pub(super) fn run_in(&self, take: Option<InTake>) -> u32 {
        let of_it = |at: Option<Micros>| take.is_none_or(|take| at.is_some_and(|at| take.holds(at)));
        let other = || self.others.iter().find(|part| of_it(part.at)).map(|part| part.run);
        if of_it(self.at) { self.run } else { other().unwrap_or(self.run) }
    }

    /// Its Run is being erased: what it has of it is forgotten, but not the numbers.
    pub(super) fn forget_run(&mut self, run: u32) {
        self.others.retain(|part| part.run != run);
        if self.run == run {
            (self.run, self.at) = (0, None);
        }
    }

    /// It is an earlier one: its numbers are forgotten, also those that count as lost while nobody can say whether they came.
    pub(super) fn forget_numbers(&mut self) {
        (self.stored, self.arrived) = (Sequences::forgotten(), None);
    }

    /// A number was stored.
    pub(super) fn store(&mut self, sequence: u64) {
        self.stored.insert(sequence);
        if let Some(arrived) = &mut self.arrived {
            arrived.insert(sequence);
        }
    }

    /// A number arrived, and nothing of it was to be stored.
    pub(super) fn note(&mut self, sequence: u64) {
        self.arrived.get_or_insert_with(|| self.stored.clone()).insert(sequence);
    }

    /// Batches between those that arrived that have not.
    pub(super) fn missing(&self) -> u64 {
        self.arrived.as_ref().unwrap_or(&self.stored).missing()
    }
}

#[cfg(test)]
mod tests;
