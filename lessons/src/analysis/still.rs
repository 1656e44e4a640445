//! The part of a recording in which a phone lies still.

use super::{AnalysisError, Result, average, check_columns, check_time, median};

/// Length of the pieces that are judged, s: several swings of a trembling hand (8 to 12 Hz).
const PIECE_S: f64 = 0.5;

/// A quiet part of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Still {
    /// Index of its first reading.
    pub first: usize,
    /// Index after its last reading.
    pub end: usize,
}

/// The longest part of a recording in which a value does not move: the standard deviation in each half second is at most
/// `max_sd` (unit of the value), and at most five times what is usual in the quieter half of the recording (but a tenth
/// of `max_sd` is always quiet enough, so that a coarse sensor that mostly shows one number may show another).
///
/// Pupils start the recording and then put the phone down; the first and the last second are handling. The longest part
/// wins, the earlier of equals; nothing inside it is left out. Fails with `NeverStill`, `TooFew` below 8 readings,
/// `Unsorted`, `Shape`, `NotFinite`, `Domain` unless `max_sd` is positive. A constant input is still.
pub fn longest_still(time: &[f64], values: &[f64], max_sd: f64) -> Result<Still> {
    check_columns(&[time, values], 8)?;
    check_time(time)?;
    if !(max_sd.is_finite() && max_sd > 0.0) {
        return Err(AnalysisError::Domain);
    }
    let mut pieces: Vec<(Still, f64)> = vec![];
    let mut first = 0;
    while first < time.len() {
        let end = first + time[first..].partition_point(|t| *t < time[first] + PIECE_S);
        pieces.push((Still { first, end }, spread(&values[first..end])));
        first = end;
    }
    let mut spreads: Vec<f64> = pieces.iter().map(|(_, sd)| *sd).collect();
    spreads.sort_by(f64::total_cmp);
    spreads.truncate(spreads.len().div_ceil(2));
    let usual = median(spreads).unwrap_or(0.0);
    let limit = (5.0 * usual).clamp(0.1 * max_sd, max_sd);

    let length = |still: &Still| time[still.end - 1] - time[still.first];
    let mut best: Option<Still> = None;
    let mut current: Option<Still> = None;
    for (piece, sd) in pieces {
        current = (sd <= limit).then(|| Still { first: current.map_or(piece.first, |current| current.first), end: piece.end });
        if let Some(current) = current
            && best.as_ref().is_none_or(|best| length(&current) > length(best) + 1e-6)
        {
            best = Some(current);
        }
    }
    best.ok_or(AnalysisError::NeverStill)
}

fn spread(values: &[f64]) -> f64 {
    let mean = average(values);
    libm::sqrt(values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests;
