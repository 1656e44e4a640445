//! How fast a value changes.

use super::gap::sections;
use super::{AnalysisError, Result, check_columns};

/// Slopes at the times where they are known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Slopes {
    /// The times of readings in the middle of a whole window, s.
    pub time: Vec<f64>,
    /// Slope there, unit of the values per s.
    pub slope: Vec<f64>,
    /// Its standard uncertainty, by the scatter of the readings in the window about their line; same unit.
    pub uncertainty: Vec<f64>,
}

/// The derivative: at each reading the slope of the least-squares line through the readings within half of `window_s` before
/// and behind (Savitzky and Golay, Anal. Chem. 36, 1627 (1964), of degree 1, for readings that need not be even).
///
/// A wider window is smoother and flattens what happens within it: a peak of the slope that lasts as long as the window loses
/// a third of its height. Readings whose window reaches over an end or a [gap](super::GAP), or holds fewer than 3 different
/// times, have no slope. The uncertainty takes readings for independent; neighbouring slopes share readings and are not. A
/// constant has the slope 0, an outlier tilts a window's length of slopes.
///
/// Fails with `TooFew` if no window is whole and holds 3 readings, `Domain` unless `window_s` is positive, `Unsorted`,
/// `Shape`, `NotFinite`.
pub fn derivative(time: &[f64], values: &[f64], window_s: f64) -> Result<Slopes> {
    check_columns(&[time, values], 3)?;
    if !(window_s.is_finite() && window_s > 0.0) {
        return Err(AnalysisError::Domain);
    }
    // Half a window of 0.02 s must reach a reading 0.01 s away, whatever the last bit says.
    let half = 0.5 * window_s * (1.0 + 1e-9);
    let mut slopes = Slopes::default();
    let mut most = 0;
    for section in sections(time)? {
        let (time, values) = (&time[section.clone()], &values[section]);
        let (mut first, mut end) = (0, 0);
        for (index, moment) in time.iter().enumerate() {
            while moment - time[first] > half {
                first += 1;
            }
            while end < time.len() && time[end] - moment <= half {
                end += 1;
            }
            most = most.max(end - first);
            let whole = moment - time[0] >= half * (1.0 - 2e-9) && time[time.len() - 1] - moment >= half * (1.0 - 2e-9);
            if whole && let Some((slope, uncertainty)) = slope(&time[first..end], &values[first..end], *moment) {
                slopes.time.push(time[index]);
                slopes.slope.push(slope);
                slopes.uncertainty.push(uncertainty);
            }
        }
    }
    if slopes.time.is_empty() {
        return Err(AnalysisError::TooFew { needed: 3, found: most });
    }
    if slopes.slope.iter().chain(&slopes.uncertainty).any(|value| !value.is_finite()) {
        return Err(AnalysisError::NotFinite);
    }
    Ok(slopes)
}

/// Slope and standard error; `None` with fewer than 3 different times.
fn slope(time: &[f64], values: &[f64], moment: f64) -> Option<(f64, f64)> {
    let n = time.len() as f64;
    let different = 1 + time.windows(2).filter(|pair| pair[0] < pair[1]).count();
    if different < 3 {
        return None;
    }
    let mean_t = time.iter().map(|time| time - moment).sum::<f64>() / n;
    let mean_v = values.iter().sum::<f64>() / n;
    let (mut tt, mut tv, mut vv) = (0.0, 0.0, 0.0);
    for (time, value) in time.iter().zip(values) {
        let (t, v) = (time - moment - mean_t, value - mean_v);
        tt += t * t;
        tv += t * v;
        vv += v * v;
    }
    let slope = tv / tt;
    Some((slope, libm::sqrt(((vv - slope * tv) / ((n - 2.0) * tt)).max(0.0))))
}

#[cfg(test)]
mod tests;
