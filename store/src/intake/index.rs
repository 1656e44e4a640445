//! What is stored of the current epoch, by raw time: answers "is this reading there already?" and "who are its
//! neighbours?".
//!
//! 20 bytes a reading. Under memory pressure the older part is forgotten and read again from the store when a batch
//! reaches back that far.

use messwerk_lessons::Micros;

/// Intervals on either side that say how far readings usually lie apart.
const NEIGHBOURHOOD: usize = 8;

/// Sorted by time; equal times in order of arrival.
#[derive(Debug, Clone)]
pub(super) struct Index {
    times: Vec<Micros>,
    values: Vec<[f32; 3]>,
    /// Every stored reading at or after this time is in.
    complete_from: Micros,
}

impl Index {
    /// Of an epoch that has no reading yet.
    pub(super) fn empty() -> Self {
        Self { times: Vec::new(), values: Vec::new(), complete_from: Micros::MIN }
    }

    /// Of an epoch whose readings up to `last` are stored but not loaded.
    pub(super) fn forgotten(last: Micros) -> Self {
        Self { complete_from: last.saturating_add(1), ..Self::empty() }
    }

    /// Every stored reading at or after this time is in.
    pub(super) fn complete_from(&self) -> Micros {
        self.complete_from
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.times.capacity() * size_of::<Micros>() + self.values.capacity() * size_of::<[f32; 3]>()
    }

    /// Readings held.
    pub(super) fn len(&self) -> usize {
        self.times.len()
    }

    /// The earliest reading held.
    pub(super) fn first(&self) -> Option<Micros> {
        self.times.first().copied()
    }

    /// The latest.
    pub(super) fn last(&self) -> Option<Micros> {
        self.times.last().copied()
    }

    /// Whether this very reading is in: the same time and the same bits in all components.
    pub(super) fn contains(&self, time: Micros, value: [f32; 3]) -> bool {
        let bits = value.map(f32::to_bits);
        let start = self.below(time);
        let equal = self.times[start..].iter().take_while(|&&other| other == time).count();
        self.values[start..start + equal].iter().any(|other| other.map(f32::to_bits) == bits)
    }

    /// The nearest readings held at or before and after a time.
    pub(super) fn neighbours(&self, time: Micros) -> (Option<Micros>, Option<Micros>) {
        let after = self.not_above(time);
        (after.checked_sub(1).map(|index| self.times[index]), self.times.get(after).copied())
    }

    /// Readings held from `low` to `high`, both included.
    pub(super) fn count(&self, low: Micros, high: Micros) -> usize {
        self.not_above(high).saturating_sub(self.below(low))
    }

    /// The usual distance of readings around a time, without the gap the time lies in: the median of the nearest
    /// intervals on both sides. `None` with fewer than three of them.
    pub(super) fn interval(&self, time: Micros) -> Option<Micros> {
        let gap = self.not_above(time);
        let before = &self.times[gap.saturating_sub(NEIGHBOURHOOD + 1)..gap];
        let after = &self.times[gap..(gap + NEIGHBOURHOOD + 1).min(self.times.len())];
        let mut intervals: Vec<Micros> = before.windows(2).chain(after.windows(2)).map(|pair| pair[1].saturating_sub(pair[0])).collect();
        intervals.sort_unstable();
        (intervals.len() >= 3).then(|| intervals[intervals.len() / 2])
    }

    /// Adds a reading that is not in. At the end, where nearly all go, this is a push.
    pub(super) fn insert(&mut self, time: Micros, value: [f32; 3]) {
        if self.last().is_none_or(|last| last <= time) {
            self.times.push(time);
            self.values.push(value);
        } else {
            let at = self.not_above(time);
            self.times.insert(at, time);
            self.values.insert(at, value);
        }
    }

    /// Whether a reading of this time is in, whatever its value.
    pub(super) fn contains_time(&self, time: Micros) -> bool {
        self.times.get(self.below(time)) == Some(&time)
    }

    /// Adds many readings that are not in, sorted by time: one pass, where inserting them one by one into years of readings would
    /// move them all each time.
    pub(super) fn merge(&mut self, more: Vec<(Micros, [f32; 3])>) {
        let Some(&(first, _)) = more.first() else { return };
        let at = self.not_above(first);
        let (times, values) = (self.times.split_off(at), self.values.split_off(at));
        self.times.reserve(times.len() + more.len());
        self.values.reserve(times.len() + more.len());
        let mut old = times.into_iter().zip(values).peekable();
        for (time, value) in more {
            while let Some((time, value)) = old.next_if(|before| before.0 <= time) {
                self.times.push(time);
                self.values.push(value);
            }
            self.times.push(time);
            self.values.push(value);
        }
        for (time, value) in old {
            self.times.push(time);
            self.values.push(value);
        }
    }

    /// Puts the older part in front that [`Self::forget`] dropped: all stored readings before `complete_from`.
    pub(super) fn complete(&mut self, mut older: Vec<(Micros, [f32; 3])>) {
        older.sort_by_key(|reading| reading.0);
        let (mut times, mut values): (Vec<_>, Vec<_>) = older.into_iter().unzip();
        times.append(&mut self.times);
        values.append(&mut self.values);
        *self = Self { times, values, complete_from: Micros::MIN };
    }

    /// Forgets all but the last `keep` readings.
    pub(super) fn forget(&mut self, keep: usize) {
        let drop = self.times.len().saturating_sub(keep);
        if drop == 0 {
            return;
        }
        // Readings of equal time stay or go together.
        let last_dropped = self.times[drop - 1];
        let drop = self.not_above(last_dropped);
        self.complete_from = last_dropped.saturating_add(1);
        self.times.drain(..drop);
        self.values.drain(..drop);
        self.times.shrink_to(keep * 2);
        self.values.shrink_to(keep * 2);
    }

    fn below(&self, time: Micros) -> usize {
        self.times.partition_point(|&other| other < time)
    }

    fn not_above(&self, time: Micros) -> usize {
        if self.last().is_none_or(|last| last <= time) { self.times.len() } else { self.times.partition_point(|&other| other <= time) }
    }
}

#[cfg(test)]
mod tests;
