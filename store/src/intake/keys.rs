//! Which numbered batches were stored, per boot of the sender. Memory is bounded, acknowledged means stored: what had to
//! be forgotten is [`Known::Unsure`], and the intake then compares the readings themselves.

use serde::{Deserialize, Serialize};

use messwerk_lessons::Micros;

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

    /// Numbers between stored ones that were not stored, as far as they are known.
    pub(super) fn missing(&self) -> u64 {
        self.ranges.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].1).saturating_sub(1)).fold(0, u64::saturating_add)
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
}

#[cfg(test)]
mod tests;
