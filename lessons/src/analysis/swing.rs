//! The part of a recording in which something swings undisturbed.

use super::grid::{Grid, cell_length};
use super::period::first_peak;
use super::{AnalysisError, Result, check_columns, check_time, principal_axis, project};

/// How much a period may differ from the one before it: the squared difference over the sum of squares, 0 for equal, 1 for
/// unrelated or one of them still, 2 for opposite. Noise with a third of the signal's power reaches it.
const DIFFERENT: f64 = 0.25;

/// Periods to look for, s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeriodRange {
    /// Shortest.
    pub min_s: f64,
    /// Longest.
    pub max_s: f64,
}

impl PeriodRange {
    pub(super) fn check(self) -> Result<()> {
        let good = self.min_s.is_finite() && self.max_s.is_finite() && self.min_s > 0.0 && self.max_s > self.min_s;
        if good { Ok(()) } else { Err(AnalysisError::Domain) }
    }

    /// A gap longer than the longest period ends a recording: nobody knows how often it swung meanwhile.
    pub(super) fn check_gaps(self, time: &[f64]) -> Result<()> {
        let gap = time.windows(2).any(|pair| pair[1] - pair[0] > self.max_s);
        if gap { Err(AnalysisError::NoOscillation) } else { Ok(()) }
    }
}

/// A steady part of a recording.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swing {
    /// Index of its first reading.
    pub first: usize,
    /// Index after its last reading.
    pub end: usize,
    /// The axis of largest variance in the middle half of this part, a unit vector in the phone's frame.
    pub axis: [f64; 3],
    /// Its period to a few per cent, s.
    pub period_s: f64,
}

/// The longest part of a recording in which a vector swings steadily.
///
/// Pupils start the recording, bring the phone into place, let it go, catch it, push it again. So the recording is searched with
/// windows of 2.2 and 1.1 longest periods: each has its own axis (handling turns the phone about others) and must repeat
/// itself after a period. From the middle of such a window the part is widened by quarters of a period as long as its last period
/// resembles the one before; where it ends within the recording another quarter period is cut off. The longest part wins, the earlier of equals; nothing outside it is used, nothing inside is left out.
///
/// A push or a stop ends a part; damping and a slow drift do not. Gaps up to the longest period are bridged, longer ones
/// end it. Fails with `NoOscillation` if there is no such part, `TooFew`, `TooSlow`, `Unsorted`, `Shape`, `NotFinite`,
/// `Domain` for a range that is none.
pub fn longest_swing(time: &[f64], components: [&[f64]; 3], range: PeriodRange) -> Result<Swing> {
    let [x, y, z] = components;
    check_columns(&[time, x, y, z], 8)?;
    check_time(time)?;
    range.check()?;
    let step = cell_length(time, range.min_s, 8.0)?;

    let mut best: Option<Swing> = None;
    let mut first = 0;
    for end in 1..=time.len() {
        if end < time.len() && time[end] - time[end - 1] <= range.max_s {
            continue;
        }
        if let Some(found) = search_piece(time, components, first..end, step, range) {
            let length = |swing: &Swing| time[swing.end - 1] - time[swing.first];
            if best.as_ref().is_none_or(|best| length(&found) > length(best)) {
                best = Some(found);
            }
        }
        first = end;
    }
    let mut swing = best.ok_or(AnalysisError::NoOscillation)?;
    // From the middle half: a second of handling that begins or ends the part can be ten times as lively as the swing.
    let margin = (swing.end - swing.first) / 4;
    swing.axis = principal_axis(components.map(|component| &component[swing.first + margin..swing.end - margin]))?;
    Ok(swing)
}

/// The longest part of one piece without long gaps.
fn search_piece(time: &[f64], components: [&[f64]; 3], piece: std::ops::Range<usize>, step: f64, range: PeriodRange) -> Option<Swing> {
    let time = &time[piece.clone()];
    let grid = Grid::new(time, components.map(|component| &component[piece.clone()]), step);
    let mut best: Option<(std::ops::Range<usize>, f64)> = None;
    for window in [2.2 * range.max_s / step, 1.1 * range.max_s / step] {
        let window = (window as usize).min(grid.cells.len());
        let mut from = 0;
        while window >= 8 && from + window <= grid.cells.len() {
            let seed = from..from + window;
            // Found already from an earlier window.
            if !best.as_ref().is_some_and(|(found, _)| found.start <= seed.start && seed.end <= found.end)
                && let Some((found, period)) = grow(&grid, seed, range)
                && best.as_ref().is_none_or(|(best, _)| found.len() > best.len())
            {
                best = Some((found, period));
            }
            from += (window / 4).max(1);
        }
    }
    let (cells, period_s) = best?;
    let first = grid.reading(time, cells.start);
    let end = if cells.end == grid.cells.len() { time.len() } else { grid.reading(time, cells.end) };
    (end > first).then(|| Swing { first: piece.start + first, end: piece.start + end, axis: [0.0; 3], period_s })
}

/// Widens a window in which something swings as far as it goes on swinging.
fn grow(grid: &Grid<3>, seed: std::ops::Range<usize>, range: PeriodRange) -> Option<(std::ops::Range<usize>, f64)> {
    let present: Vec<[f64; 3]> = grid.cells[seed.clone()].iter().flatten().copied().collect();
    if 2 * present.len() < seed.len() {
        return None;
    }
    let columns: [Vec<f64>; 3] = std::array::from_fn(|axis| present.iter().map(|value| value[axis]).collect());
    let axis = principal_axis([&columns[0], &columns[1], &columns[2]]).ok()?;
    let signal: Vec<Option<f64>> = grid.cells.iter().map(|cell| cell.map(|v| axis[0] * v[0] + axis[1] * v[1] + axis[2] * v[2])).collect();
    let (period_s, _) = first_peak(&signal[seed.clone()], grid.step, range)?;
    let period = period_s / grid.step;

    let (whole, quarter) = (libm::ceil(period) as usize, ((0.25 * period) as usize).max(1));
    let goes_on = |cells: std::ops::Range<usize>, shift: f64| {
        let present = signal[cells.clone()].iter().flatten().count();
        // Inside a gap nothing speaks against it; behind one there is no period before, but the one before that.
        2 * present < cells.len()
            || [1.0, 2.0, 3.0]
                .iter()
                .find_map(|times| difference(&signal, cells.clone(), times * shift))
                .is_some_and(|value| value < DIFFERENT)
    };
    // From the period in the middle of the window: its ends may hold a bit of handling.
    let middle = seed.start + (seed.len() - whole.min(seed.len())) / 2;
    let mut end = (middle + whole).min(signal.len());
    while end < signal.len() {
        let next = (end + quarter).min(signal.len());
        if !goes_on(next.saturating_sub(whole)..next, -period) {
            end = end.saturating_sub(quarter);
            break;
        }
        end = next;
    }
    let mut start = middle;
    while start > 0 {
        let next = start.saturating_sub(quarter);
        if !goes_on(next..(next + whole).min(signal.len()), period) {
            start += quarter;
            break;
        }
        start = next;
    }
    // The whole part must tell the same period as the window did: else the window was a hand that shook in time.
    let (period_of_all, _) = first_peak(signal.get(start..end)?, grid.step, range)?;
    (libm::fabs(period_of_all - period_s) < 0.1 * period_s).then_some((start..end, period_of_all))
}

/// How much a stretch differs from the one `shift` cells away, apart from the level both have in common; `None` if less
/// than half of it can be compared.
fn difference(signal: &[Option<f64>], cells: std::ops::Range<usize>, shift: f64) -> Option<f64> {
    let there = |index: usize| {
        let at = index as f64 + shift;
        let (left, share) = (at as usize, at - libm::floor(at));
        let (before, after) = signal.get(left).copied().flatten().zip(signal.get(left + 1).copied().flatten())?;
        (at >= 0.0).then_some(before + share * (after - before))
    };
    let pairs: Vec<(f64, f64)> = cells.clone().filter_map(|index| signal[index].zip(there(index))).collect();
    if 2 * pairs.len() < cells.len() {
        return None;
    }
    let level = pairs.iter().map(|(here, there)| here + there).sum::<f64>() / (2 * pairs.len()) as f64;
    let (mut apart, mut size) = (0.0, 0.0);
    for (here, there) in pairs {
        apart += (here - there) * (here - there);
        size += (here - level) * (here - level) + (there - level) * (there - level);
    }
    (size > 0.0).then(|| apart / size)
}

impl Swing {
    /// The times and the component along the axis of this part of a recording.
    pub fn readings<'a>(&self, time: &'a [f64], components: [&[f64]; 3]) -> (&'a [f64], Vec<f64>) {
        (&time[self.first..self.end], project(components.map(|component| &component[self.first..self.end]), self.axis))
    }
}

#[cfg(test)]
mod tests;
