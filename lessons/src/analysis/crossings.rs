//! When a value passes a level, and how long it stays beyond.

use super::gap::longest_interval;
use super::{AnalysisError, Estimate, Result, check_columns, check_time, finite};

/// Which way through a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Upwards.
    Rising,
    /// Downwards.
    Falling,
    /// Either.
    Both,
}

/// A time during which a value stays on one side of a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Its beginning, s.
    pub start_s: f64,
    /// How long, s.
    pub duration: Estimate,
}

/// The times at which a value passes a level, s, each interpolated between its two readings.
///
/// A passage counts only when the value then goes on to half the hysteresis beyond the level, having been half of it on the
/// other side before; its time is the last one at which the level itself was passed on the way. So noise smaller than the
/// hysteresis makes no passages, and with `Both` they alternate. What happens in a [gap](super::GAP) is not interpolated: a
/// value that changes sides there has no passage.
///
/// No uncertainties: a time is good to the interval between its readings. No passage is no error. Fails with `Domain` for a
/// negative or infinite hysteresis or level, `TooFew` below 2 readings, `Unsorted`, `Shape`, `NotFinite`.
pub fn crossings(time: &[f64], values: &[f64], level: f64, hysteresis: f64, direction: Direction) -> Result<Vec<f64>> {
    check_columns(&[time, values], 2)?;
    check_time(time)?;
    if !(level.is_finite() && hysteresis.is_finite() && hysteresis >= 0.0) {
        return Err(AnalysisError::Domain);
    }
    let longest = longest_interval(time);
    let half = 0.5 * hysteresis;
    // With no hysteresis a value on the level itself belongs to the side it came from.
    let side_of = |value: f64| {
        let beyond = value - level;
        if beyond > 0.0 && beyond >= half {
            Some(true)
        } else if beyond < 0.0 && -beyond >= half {
            Some(false)
        } else {
            None
        }
    };
    let mut side = side_of(values[0]);
    let mut last: [Option<f64>; 2] = [None; 2];
    let mut found = vec![];
    for index in 1..time.len() {
        let (before, value) = (values[index - 1] - level, values[index] - level);
        let interval = time[index] - time[index - 1];
        if interval > longest {
            last = [None; 2];
            side = side_of(values[index]).or(side);
            continue;
        }
        let passes = [
            (before > 0.0 && value <= 0.0) || (before == 0.0 && value < 0.0),
            (before < 0.0 && value >= 0.0) || (before == 0.0 && value > 0.0),
        ];
        for (last, passes) in last.iter_mut().zip(passes) {
            if passes {
                *last = Some(time[index - 1] + interval * (before / (before - value)));
            }
        }
        if let Some(now) = side_of(values[index])
            && side != Some(now)
        {
            let wanted = direction == Direction::Both || (direction == Direction::Rising) == now;
            if let (Some(_), Some(at), true) = (side, last[usize::from(now)], wanted) {
                found.push(at);
            }
            side = Some(now);
            last = [None; 2];
        }
    }
    // Differences of values near the largest number overflow.
    if found.iter().all(|at: &f64| at.is_finite()) { Ok(found) } else { Err(AnalysisError::NotFinite) }
}

/// The longest time for which a value stays below a level, as [`longest_above`].
pub fn longest_below(time: &[f64], values: &[f64], level: f64) -> Result<Stretch> {
    let mirrored: Vec<f64> = values.iter().map(|value| -value).collect();
    longest_above(time, &mirrored, -level)
}

/// The longest time for which a value stays above a level: the fall of a phone is the time its acceleration stays below 2 m/s².
///
/// Both ends are interpolated between their readings; each counts as known to its interval over √12 (an even distribution
/// within it), which is rather too much. At the ends of the recording, and at a [gap](super::GAP), a stretch ends with its
/// last reading. The earlier of equals. A single outlier cuts a stretch in two: smooth first.
///
/// Fails with `NoCrossing` if the value never is above, `Domain` for a level that is not finite, `TooFew` below 2 readings,
/// `Unsorted`, `Shape`, `NotFinite`.
pub fn longest_above(time: &[f64], values: &[f64], level: f64) -> Result<Stretch> {
    check_columns(&[time, values], 2)?;
    check_time(time)?;
    if !level.is_finite() {
        return Err(AnalysisError::Domain);
    }
    let longest = longest_interval(time);
    // Where the level is passed between two neighbours, and the interval between them.
    let passage = |from: usize, to: usize| {
        let (a, b) = (values[from] - level, values[to] - level);
        (time[from] + (time[to] - time[from]) * (a / (a - b)), time[to] - time[from])
    };
    let joined = |index: usize| index > 0 && index < time.len() && time[index] - time[index - 1] <= longest;
    let mut best: Option<(f64, f64, f64)> = None;
    let mut index = 0;
    while index < time.len() {
        if values[index] <= level {
            index += 1;
            continue;
        }
        let first = index;
        index += 1;
        while joined(index) && values[index] > level {
            index += 1;
        }
        let start = if joined(first) { passage(first - 1, first) } else { (time[first], 0.0) };
        let end = if joined(index) { passage(index - 1, index) } else { (time[index - 1], 0.0) };
        if best.is_none_or(|(start_s, end_s, _)| end.0 - start.0 > end_s - start_s) {
            best = Some((start.0, end.0, start.1 * start.1 + end.1 * end.1));
        }
    }
    let (start_s, end_s, squares) = best.ok_or(AnalysisError::NoCrossing)?;
    Ok(Stretch { start_s, duration: finite(end_s - start_s, libm::sqrt(squares / 12.0))? })
}

#[cfg(test)]
mod tests;
