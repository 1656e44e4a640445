//! Means over time of a value that is told only when it changes.

use super::mean::{BLOCKS, resolution, spread};
use super::{AnalysisError, Estimate, Result, average, check_columns, check_time, finite};

/// The mean over time of a value that holds from one reading to the next, as a light sensor that sends on change means it:
/// every reading weighs as long as it was valid, the last one not at all.
///
/// Standard uncertainty: ten equal parts of the time as in [`mean`](super::mean()), and the sensor's rounding (judged by
/// [`resolution`](super::resolution)) as resolution²/12. A gap counts as holding: cut recordings at breaks. An outlier counts
/// as long as it lasted.
///
/// Fails with `TooFew` below 2 readings, `TooShort` without duration, `Constant` if all values are equal: then nothing tells
/// how sure they are. `Unsorted`, `Shape`, `NotFinite`.
pub fn time_weighted_mean(time: &[f64], values: &[f64]) -> Result<Estimate> {
    check_columns(&[time, values], 2)?;
    check_time(time)?;
    let (start, end) = (time[0], time[time.len() - 1]);
    let duration = end - start;
    if duration <= 0.0 {
        return Err(AnalysisError::TooShort { needed_s: f64::MIN_POSITIVE, found_s: duration });
    }
    if values.iter().all(|value| *value == values[0]) {
        return Err(AnalysisError::Constant);
    }
    let mean_over = |from: f64, to: f64| {
        let pieces = time.windows(2).zip(values).map(|(pair, value)| (pair[1].min(to) - pair[0].max(from)).max(0.0) * value);
        pieces.sum::<f64>() / (to - from)
    };
    let edge = |block: usize| start + duration * block as f64 / BLOCKS as f64;
    let blocks: [f64; BLOCKS] = std::array::from_fn(|block| mean_over(edge(block), edge(block + 1)));
    let se = spread(&blocks, average(&blocks)) / libm::sqrt(BLOCKS as f64);
    let step = resolution(values);
    finite(mean_over(start, end), libm::sqrt(se * se + step * step / 12.0))
}

#[cfg(test)]
mod tests;
