//! How many steps a second.

use super::grid::{Grid, cell_length, similarity};
use super::{Estimate, PeriodRange, Result, finite, period};

/// From a runner's step to two slow steps, s.
const RANGE: PeriodRange = PeriodRange { min_s: 0.28, max_s: 2.2 };

/// A period longer than this is two steps if half of it repeats at all: left and right leg differ, and one step a second and
/// a quarter is slower than anybody walks.
const TWO_STEPS: f64 = 0.8;

/// The rate of steps, Hz, from the magnitude of a phone's acceleration, or its component along the vertical, while somebody
/// walks or runs: one over the [`period`](super::period()) of the signal, or two over it where that is a pair of steps.
///
/// The highest line of a spectrum is often the double step or twice the rate; what repeats is not mistaken so. Standard
/// uncertainty: that of the period. Standing still before and after lowers the similarity: cut it off. Fails as
/// [`period`](super::period()) does, with `NoOscillation` if nobody walks steadily.
pub fn step_rate(time: &[f64], values: &[f64]) -> Result<Estimate> {
    let found = period(time, values, RANGE)?.period;
    let steps = if found.value > TWO_STEPS && repeats(time, values, 0.5 * found.value)? { 2.0 } else { 1.0 };
    finite(steps / found.value, steps * found.uncertainty / (found.value * found.value))
}

/// Whether the signal is more alike one lag later than a bit before or behind.
fn repeats(time: &[f64], values: &[f64], lag: f64) -> Result<bool> {
    let step = cell_length(time, lag, 24.0)?;
    let signal: Vec<Option<f64>> = Grid::new(time, [values], step).cells.into_iter().map(|cell| cell.map(|[value]| value)).collect();
    let [before, there, behind] = [0.7, 1.0, 1.3].map(|share| similarity(&signal, libm::round(share * lag / step) as usize));
    Ok(there > 0.2 && there > before && there > behind)
}

#[cfg(test)]
mod tests;
