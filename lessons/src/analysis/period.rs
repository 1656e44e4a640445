//! The period of an oscillation by autocorrelation.

use std::f64::consts::PI;

use super::grid::{Grid, cell_length, similarity, top};
use super::swing::PeriodRange;
use super::{AnalysisError, Estimate, Result, check_columns, check_time, finite};

/// How alike a signal must be to itself one period later to count as an oscillation. Noise reaches 0.4, a hand that
/// shakes a phone 0.6, a pendulum 0.9 and more.
pub(super) const ALIKE: f64 = 0.7;

/// A period and how it was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Period {
    /// The period, s.
    pub period: Estimate,
    /// The multiple of the period at which it was read off.
    pub multiple: usize,
    /// Similarity of the signal with itself one period later, 0.7 to 1.
    pub periodicity: f64,
}

/// The period of a steady oscillation: the first maximum of the autocorrelation after its first zero, refined at 2, 4, 8 …
/// periods up to half the recording, where the same error of the maximum weighs less (as phyphox does it, with a
/// parabola through the maximum).
///
/// The autocorrelation is normalised by the energy of both overlapping parts, so that damping does not shift its maxima.
/// Uncertainty: the noise is what one period later differs; of it only four values per period count as independent, as
/// neighbouring readings are correlated (with independent readings the uncertainty is therefore too large by a factor of
/// 2). Gaps are left out. Give it one steady section ([`longest_swing`](super::longest_swing)): a break, a push or an
/// outlier lowers the similarity.
///
/// Fails with `NoOscillation` if nothing in the range repeats itself, `TooFew`, `TooSlow`, `TooShort` below two of the
/// shortest periods, `Unsorted`, `Shape`, `NotFinite`, `Domain` for a range that is none.
pub fn period(time: &[f64], values: &[f64], range: PeriodRange) -> Result<Period> {
    check_columns(&[time, values], 8)?;
    check_time(time)?;
    range.check()?;
    let duration = time[time.len() - 1] - time[0];
    if duration < 2.0 * range.min_s {
        return Err(AnalysisError::TooShort { needed_s: 2.0 * range.min_s, found_s: duration });
    }
    range.check_gaps(time)?;

    let step = cell_length(time, range.min_s, 8.0)?;
    let coarse = scalar(Grid::new(time, [values], step));
    let (mut guess, periodicity) = first_peak(&coarse, step, range).ok_or(AnalysisError::NoOscillation)?;

    let step = cell_length(time, guess.max(range.min_s), 24.0)?;
    let signal = scalar(Grid::new(time, [values], step));
    let last = ((0.5 * duration / guess) as usize).max(1);
    let mut multiple = 1;
    loop {
        guess =
            peak_near(&signal, multiple as f64 * guess / step, guess / step).ok_or(AnalysisError::NoOscillation)? * step / multiple as f64;
        if multiple == last {
            break;
        }
        multiple = (2 * multiple).min(last);
    }
    let noise = (1.0 - periodicity) / periodicity;
    let independent = 4.0 * duration / guess;
    let uncertainty = guess * guess / (2.0 * PI) * 4.0 * libm::sqrt(noise / independent) / duration;
    Ok(Period { period: finite(guess, uncertainty)?, multiple, periodicity })
}

/// One component as plain cells.
fn scalar(grid: Grid<1>) -> Vec<Option<f64>> {
    grid.cells.into_iter().map(|cell| cell.map(|[value]| value)).collect()
}

/// The first maximum after the first zero that is nearly as high as any: period in seconds and similarity there.
pub(super) fn first_peak(signal: &[Option<f64>], step: f64, range: PeriodRange) -> Option<(f64, f64)> {
    let longest = ((range.max_s / step) as usize + 2).min(signal.len() / 2);
    let similar: Vec<f64> = (0..=longest).map(|lag| similarity(signal, lag)).collect();
    let zero = similar.iter().position(|value| *value < 0.0)?;
    let is_peak = |lag: usize| similar[lag] >= similar[lag - 1] && similar[lag] > similar[lag + 1];
    let highest = (zero + 1..longest).filter(|lag| is_peak(*lag)).map(|lag| similar[lag]).fold(0.0, f64::max);
    let lag = (zero + 1..longest).find(|lag| is_peak(*lag) && similar[*lag] >= 0.9 * highest)?;
    let (offset, height) = top(similar[lag - 1], similar[lag], similar[lag + 1]);
    let period = (lag as f64 + offset) * step;
    // Rounding can lift a top above 1, and the noise of a perfect signal below 0.
    let height = height.min(1.0);
    (height >= ALIKE && period >= range.min_s && period <= range.max_s).then_some((period, height))
}

/// The maximum within a quarter period of a lag, in cells.
fn peak_near(signal: &[Option<f64>], lag: f64, period: f64) -> Option<f64> {
    let from = (lag - 0.25 * period).max(1.0) as usize;
    let to = (lag + 0.25 * period) as usize + 1;
    let similar: Vec<f64> = (from..=to).map(|lag| similarity(signal, lag)).collect();
    let best = (0..similar.len()).fold(0, |best, index| if similar[index] > similar[best] { index } else { best });
    if best == 0 || best + 1 == similar.len() || similar[best] <= 0.0 {
        return None;
    }
    let (offset, _) = top(similar[best - 1], similar[best], similar[best + 1]);
    Some((from + best) as f64 + offset)
}

#[cfg(test)]
mod tests;
