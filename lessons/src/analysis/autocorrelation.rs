//! Autocorrelation as phyphox computes it.

use super::{Result, check_columns, check_time};

/// The autocorrelation of evenly sampled values: for every lag k with `min_lag` <= x[k] - x[0] <= `max_lag` the pair
/// (x[k] - x[0], Σ y[i]·y[i+k] / (N - k)).
///
/// Divided by N - k (unbiased), mean not removed: the same numbers as phyphox's `autocorrelation` module. The lag axis
/// is in the unit of `x`, the result in the square of the unit of `y`; there is no uncertainty (use
/// [`period`](super::period()) for one). The readings are taken as evenly spaced: a gap, or jitter beyond a small part of
/// a step, spoils it. Costs N times the number of lags.
///
/// Fails with `TooFew` below 2 readings, `Shape`, `NotFinite`, `Unsorted`. No lag in the range gives an empty result; a
/// constant input gives a constant.
pub fn autocorrelation(x: &[f64], y: &[f64], min_lag: f64, max_lag: f64) -> Result<(Vec<f64>, Vec<f64>)> {
    check_columns(&[x, y], 2)?;
    check_time(x)?;
    let lags = (0..y.len()).map(|k| (k, x[k] - x[0])).filter(|(_, lag)| *lag >= min_lag && *lag <= max_lag);
    Ok(lags
        .map(|(k, lag)| {
            let sum: f64 = y.iter().zip(&y[k..]).map(|(a, b)| a * b).sum();
            (lag, sum / (y.len() - k) as f64)
        })
        .unzip())
}

#[cfg(test)]
mod tests;
