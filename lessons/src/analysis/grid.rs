//! Readings in even cells: what makes jittery or fast readings comparable a period later.

use super::{AnalysisError, Result, median};

/// Means of readings in cells of equal length. A cell without a reading is `None`: it is left out, never interpolated.
pub(super) struct Grid<const N: usize> {
    /// Time of the first cell's beginning, s.
    pub(super) start: f64,
    /// Length of a cell, s.
    pub(super) step: f64,
    pub(super) cells: Vec<Option<[f64; N]>>,
}

impl<const N: usize> Grid<N> {
    /// Cells of `step` seconds over readings with ascending times. The caller sees to it that the recording has no gap
    /// that would make millions of cells.
    pub(super) fn new(time: &[f64], components: [&[f64]; N], step: f64) -> Self {
        let start = time.first().copied().unwrap_or(0.0);
        let mut cells = vec![];
        let mut next = 0;
        let mut sum = ([0.0; N], 0u32);
        let close = |cells: &mut Vec<Option<[f64; N]>>, sum: &mut ([f64; N], u32)| {
            let (total, count) = std::mem::replace(sum, ([0.0; N], 0));
            cells.push((count > 0).then(|| total.map(|total| total / f64::from(count))));
        };
        for (index, time) in time.iter().enumerate() {
            let cell = ((time - start) / step) as usize;
            while next < cell {
                close(&mut cells, &mut sum);
                next += 1;
            }
            for (total, component) in sum.0.iter_mut().zip(components) {
                *total += component[index];
            }
            sum.1 += 1;
        }
        close(&mut cells, &mut sum);
        Self { start, step, cells }
    }

    /// The index of the first reading at or after the beginning of a cell.
    pub(super) fn reading(&self, time: &[f64], cell: usize) -> usize {
        let at = self.start + cell as f64 * self.step;
        time.partition_point(|time| *time < at)
    }
}

/// The cell length to look for periods from `shortest` seconds: an eighth of it, but not so short that every other cell
/// is empty.
///
/// Fails with `TooSlow` if a reading comes less than four times per `shortest` (below two, a period cannot be told from
/// half of it), with `TooFew` below 8 readings.
pub(super) fn cell_length(time: &[f64], shortest: f64, per_period: f64) -> Result<f64> {
    if time.len() < 8 {
        return Err(AnalysisError::TooFew { needed: 8, found: time.len() });
    }
    let usual = median(time.windows(2).map(|pair| pair[1] - pair[0]).collect()).unwrap_or(0.0);
    if usual > shortest / 4.0 {
        return Err(AnalysisError::TooSlow { needed_hz: 4.0 / shortest, found_hz: 1.0 / usual });
    }
    Ok((shortest / per_period).max(1.05 * usual))
}

/// Similarity of a signal with itself one lag later, -1 to 1: Pearson's coefficient over the pairs both of whose cells
/// hold readings; 0 with fewer than 4 pairs or without variation.
pub(super) fn similarity(signal: &[Option<f64>], lag: usize) -> f64 {
    // Two plain loops: this is where an analysis spends its time.
    let later = signal.get(lag..).unwrap_or_default();
    let (mut n, mut sum_a, mut sum_b) = (0.0, 0.0, 0.0);
    for (a, b) in signal.iter().zip(later) {
        if let (Some(a), Some(b)) = (a, b) {
            n += 1.0;
            sum_a += a;
            sum_b += b;
        }
    }
    if n < 4.0 {
        return 0.0;
    }
    let (mean_a, mean_b) = (sum_a / n, sum_b / n);
    let (mut aa, mut ab, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in signal.iter().zip(later) {
        if let (Some(a), Some(b)) = (a, b) {
            let (a, b) = (a - mean_a, b - mean_b);
            aa += a * a;
            ab += a * b;
            bb += b * b;
        }
    }
    let scale = libm::sqrt(aa) * libm::sqrt(bb);
    if scale > 0.0 && scale.is_finite() { ab / scale } else { 0.0 }
}

/// The top of a parabola through three neighbouring points: offset from the middle one (-0.5 to 0.5 if that is the
/// highest) and height.
pub(super) fn top(left: f64, middle: f64, right: f64) -> (f64, f64) {
    let curvature = left - 2.0 * middle + right;
    if curvature >= 0.0 {
        return (0.0, middle);
    }
    let offset = 0.5 * (left - right) / curvature;
    (offset, middle - 0.25 * (left - right) * offset)
}
