//! Curves with less noise. For the eye: what is computed from readings is computed from the readings themselves.

use std::ops::Range;

use super::gap::sections;
use super::{AnalysisError, Result, check_columns};

/// How many standard deviations of the bell are used; what is beyond weighs 0.006 %.
const REACH: f64 = 4.0;

/// The mean of the readings within half of `window_s` before and behind each reading (moving average).
///
/// At the ends and at [gaps](super::GAP) the window is cut, there the mean is one-sided. An outlier spreads over a window;
/// [`moving_median`] drops it. No uncertainty. Fails with `Domain` unless the width is positive, `TooFew` without readings,
/// `Unsorted`, `Shape`, `NotFinite`.
pub fn smooth_mean(time: &[f64], values: &[f64], window_s: f64) -> Result<Vec<f64>> {
    // Sums up to each reading, about a middle value so that differences of them lose no digits.
    let middle = values.first().copied().unwrap_or(0.0);
    let mut sum = 0.0;
    let sums: Vec<f64> = std::iter::once(0.0)
        .chain(values.iter().map(|value| {
            sum += value - middle;
            sum
        }))
        .collect();
    over_windows(time, values, 0.5 * window_s, |window, _| middle + (sums[window.end] - sums[window.start]) / window.len() as f64)
}

/// The mean of the readings around each one, weighted with a bell of the standard deviation `sigma_s`.
///
/// Cut at four standard deviations, at the ends and at gaps; else as [`smooth_mean`].
pub fn smooth_gauss(time: &[f64], values: &[f64], sigma_s: f64) -> Result<Vec<f64>> {
    over_windows(time, values, REACH * sigma_s, |window, index| {
        let (mut sum, mut weights) = (0.0, 0.0);
        for k in window {
            let distance = (time[k] - time[index]) / sigma_s;
            let weight = libm::exp(-0.5 * distance * distance);
            sum += weight * values[k];
            weights += weight;
        }
        sum / weights
    })
}

/// The middle value of the readings within half of `window_s` before and behind each (of two, their mean).
///
/// Outliers that fill less than half a window leave no trace, edges stay sharp. Else as [`smooth_mean`].
pub fn moving_median(time: &[f64], values: &[f64], window_s: f64) -> Result<Vec<f64>> {
    // Kept in order while the window moves: sorting each anew would take twenty times as long.
    let mut sorted: Vec<f64> = vec![];
    let mut inside = 0..0;
    over_windows(time, values, 0.5 * window_s, move |window, _| {
        while inside.end < window.end {
            let value = values[inside.end];
            sorted.insert(sorted.partition_point(|other| other.total_cmp(&value).is_lt()), value);
            inside.end += 1;
        }
        while inside.start < window.start {
            let value = values[inside.start];
            sorted.remove(sorted.partition_point(|other| other.total_cmp(&value).is_lt()));
            inside.start += 1;
        }
        let half = sorted.len() / 2;
        if sorted.len() % 2 == 1 { sorted[half] } else { 0.5 * sorted[half - 1] + 0.5 * sorted[half] }
    })
}

/// One value for each reading, made of the readings that are not further away than `half` and not behind a gap. Windows only
/// move forward.
fn over_windows(time: &[f64], values: &[f64], half: f64, mut value: impl FnMut(Range<usize>, usize) -> f64) -> Result<Vec<f64>> {
    check_columns(&[time, values], 1)?;
    let sections = sections(time)?;
    if !(half.is_finite() && half > 0.0) {
        return Err(AnalysisError::Domain);
    }
    let half = half * (1.0 + 1e-9);
    let mut out = Vec::with_capacity(time.len());
    for section in sections {
        let (mut first, mut end) = (section.start, section.start);
        for index in section.clone() {
            while time[index] - time[first] > half {
                first += 1;
            }
            while end < section.end && time[end] - time[index] <= half {
                end += 1;
            }
            out.push(value(first..end, index));
        }
    }
    if out.iter().all(|value| value.is_finite()) { Ok(out) } else { Err(AnalysisError::NotFinite) }
}

#[cfg(test)]
mod tests;
