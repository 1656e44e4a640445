//! Which numbered batches were stored, per boot of the sender.

use serde::{Deserialize, Serialize};

use messwerk_lessons::Micros;

/// Gaps kept per boot. A phone that was offline sends what is live first and fills up later, in as many gaps as it lost
/// the network; 512 are a gap every six seconds of a lesson. A fixed window behind the highest number would refuse what
/// is filled up after it has moved on.
const GAPS: usize = 512;

/// Stored sequence numbers as sorted, disjoint, not adjacent ranges.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sequences(Vec<(u64, u64)>);

impl Sequences {
    /// Whether the number is in.
    pub(super) fn contains(&self, sequence: u64) -> bool {
        let after = self.0.partition_point(|range| range.0 <= sequence);
        after > 0 && sequence <= self.0[after - 1].1
    }

    /// Adds a number. Beyond [`GAPS`] the oldest gap counts as stored: what then comes for it is taken for a duplicate,
    /// because storing twice is the one thing that must not happen.
    pub(super) fn insert(&mut self, sequence: u64) {
        if self.contains(sequence) {
            return;
        }
        let after = self.0.partition_point(|range| range.0 <= sequence);
        let joins_left = after > 0 && self.0[after - 1].1.checked_add(1) == Some(sequence);
        let joins_right = self.0.get(after).is_some_and(|range| sequence.checked_add(1) == Some(range.0));
        match (joins_left, joins_right) {
            (true, true) => {
                self.0[after - 1].1 = self.0[after].1;
                self.0.remove(after);
            }
            (true, false) => self.0[after - 1].1 = sequence,
            (false, true) => self.0[after].0 = sequence,
            (false, false) => self.0.insert(after, (sequence, sequence)),
        }
        if self.0.len() > GAPS + 1 {
            self.0[0].1 = self.0[1].1;
            self.0.remove(1);
        }
    }
}

/// One numbering of a sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Boot {
    /// Its random number.
    pub(super) boot: u64,
    /// The recording it is.
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
