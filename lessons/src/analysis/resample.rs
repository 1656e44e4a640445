//! Readings at other times than they were taken.

use super::gap::longest_interval;
use super::{AnalysisError, Result, check_columns, check_time, median};

/// The most times a common grid may have: more than an hour at 412 Hz.
const MOST: f64 = 2e6;

/// The values at other times: linear between the two readings around each, `None` before the first, behind the last and
/// inside a [gap](super::GAP). Of readings at one instant the last counts for what follows.
///
/// `grid` needs no order. No uncertainty: between two readings noise is weakened by up to √2. An outlier bends its two
/// intervals. Fails with `TooFew` without readings, `Unsorted`, `Shape`, `NotFinite` (of the grid too).
pub fn resample(time: &[f64], values: &[f64], grid: &[f64]) -> Result<Vec<Option<f64>>> {
    check_columns(&[time, values], 1)?;
    check_columns(&[grid], 0)?;
    check_time(time)?;
    let longest = longest_interval(time);
    let at = |moment: f64| {
        let next = time.partition_point(|time| *time <= moment);
        let before = next.checked_sub(1)?;
        if time[before] == moment {
            return Some(values[before]);
        }
        let interval = time.get(next)? - time[before];
        let share = (moment - time[before]) / interval;
        // In this form no difference of two huge values can overflow.
        (interval <= longest).then(|| values[before] * (1.0 - share) + values[next] * share)
    };
    Ok(grid.iter().map(|moment| at(*moment)).collect())
}

/// Even times that two recordings share: from the later beginning to the earlier end, spaced by the usual interval of the
/// coarser one. For both, [`resample`] then has a value or a gap at each.
///
/// Fails with `TooShort` if the recordings do not overlap, `TooFew` below 2 readings, `Unsorted`, `NotFinite`, `Domain` if
/// there would be more than two million.
pub fn common_times(a: &[f64], b: &[f64]) -> Result<Vec<f64>> {
    let mut step: f64 = 0.0;
    for time in [a, b] {
        check_columns(&[time], 2)?;
        check_time(time)?;
        let intervals = time.windows(2).map(|pair| pair[1] - pair[0]).filter(|interval| *interval > 0.0);
        step = step.max(median(intervals.collect()).ok_or(AnalysisError::TooShort { needed_s: f64::MIN_POSITIVE, found_s: 0.0 })?);
    }
    let (start, end) = (a[0].max(b[0]), a[a.len() - 1].min(b[b.len() - 1]));
    if end < start {
        return Err(AnalysisError::TooShort { needed_s: step, found_s: 0.0 });
    }
    let count = (end - start) / step;
    if count > MOST {
        return Err(AnalysisError::Domain);
    }
    Ok((0..=count as usize).map(|k| start + k as f64 * step).collect())
}

#[cfg(test)]
mod tests;
