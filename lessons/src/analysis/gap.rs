//! Where a recording has holes.

use std::ops::Range;

use super::{AnalysisError, Result, check_columns, check_time, median};

/// Two readings further apart than this many usual intervals (the median) have a gap between them. Phones deliver their
/// readings with intervals of up to three times the usual one without losing any; a lost packet misses ten and more.
pub const GAP: f64 = 5.0;

/// The parts of a recording that have no gap inside, in order, as ranges of indices: together they hold every reading.
///
/// A sensor that sends on change has gaps wherever nothing changes; what it reads is not interpolated there either. Fails
/// with `TooFew` without readings, `Unsorted`, `NotFinite`.
pub fn sections(time: &[f64]) -> Result<Vec<Range<usize>>> {
    check_columns(&[time], 1)?;
    check_time(time)?;
    let longest = longest_interval(time);
    let mut sections = vec![];
    let mut first = 0;
    for index in 1..=time.len() {
        if index == time.len() || time[index] - time[index - 1] > longest {
            sections.push(first..index);
            first = index;
        }
    }
    Ok(sections)
}

/// The longest interval that is no gap, s. Readings of one instant say nothing about what is usual.
pub(super) fn longest_interval(time: &[f64]) -> f64 {
    let intervals = time.windows(2).map(|pair| pair[1] - pair[0]).filter(|interval| *interval > 0.0);
    median(intervals.collect()).map_or(f64::INFINITY, |usual| GAP * usual)
}

/// Holds on return: readings follow each other without a gap.
pub(super) fn check_gaps(time: &[f64]) -> Result<()> {
    let longest = longest_interval(time);
    let gap = time.windows(2).find(|pair| pair[1] - pair[0] > longest);
    gap.map_or(Ok(()), |pair| Err(AnalysisError::Gap { at_s: pair[0], length_s: pair[1] - pair[0] }))
}

#[cfg(test)]
mod tests;
