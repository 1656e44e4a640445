//! The histogram of a Release: cells merged until each has k results or none.

use serde::{Deserialize, Serialize};

use super::rounding::Step;

/// How many results lie where. The first cell reaches down without end and the last up: where exactly the smallest and the
/// largest result lie is nobody's business.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Histogram {
    /// Where one cell ends and the next begins, rising; the value itself belongs to the upper one.
    pub edges: Vec<f64>,
    /// One more than edges; each 0 or at least k.
    pub counts: Vec<u32>,
}

/// Some occupied bins next to each other.
struct Cell {
    first: i64,
    last: i64,
    count: u32,
}

impl Histogram {
    /// Merges rising values into cells of at least `k`; fewer than 2k values, or values without scatter, are one cell.
    ///
    /// Bins are as wide as Scott's rule says (Biometrika 66, 605 (1979): 3.49 s n^(-1/3)), rounded down to 1, 2 or 5 times a power of
    /// ten and laid on its multiples, so that histograms of several classes have edges in common. Beginning with the lowest, bins
    /// are added until they hold `k`; what is left at the end goes with the last cell. Bins without anything between two full cells
    /// stay a cell of their own: a class with two answers shows two hills.
    pub(super) fn merged(rising: &[f64], sd: f64, k: u32) -> Self {
        let whole = || Self { edges: vec![], counts: vec![rising.len() as u32] };
        let near = rising.iter().fold(0.0, |most, value| f64::max(most, libm::fabs(*value)));
        let width = 3.49 * sd / libm::cbrt(rising.len().max(1) as f64);
        let Some(step) = Step::at_most(width, near) else { return whole() };
        let mut cells: Vec<Cell> = vec![];
        let mut open: Option<Cell> = None;
        for value in rising {
            let bin = step.index(*value);
            match &mut open {
                // Whatever lies in one bin stays together.
                Some(cell) if cell.count < k || bin == cell.last => {
                    cell.last = bin;
                    cell.count += 1;
                }
                _ => cells.extend(open.replace(Cell { first: bin, last: bin, count: 1 })),
            }
        }
        match (open, cells.last_mut()) {
            (Some(rest), Some(last)) if rest.count < k => {
                last.last = rest.last;
                last.count += rest.count;
            }
            (rest, _) => cells.extend(rest),
        }
        let mut merged = Self { edges: vec![], counts: vec![] };
        for (index, cell) in cells.iter().enumerate() {
            if let Some(before) = index.checked_sub(1).map(|before| &cells[before]) {
                merged.edges.push(step.multiple(before.last + 1));
                if before.last + 1 < cell.first {
                    merged.edges.push(step.multiple(cell.first));
                    merged.counts.push(0);
                }
            }
            merged.counts.push(cell.count);
        }
        merged
    }

    /// The cells with an end on both sides, as a figure needs them: the open ones reach two standard deviations from the mean, and
    /// at least half a one beyond their neighbour. `None` without scatter.
    pub fn drawn(&self, mean: f64, sd: f64) -> Option<(Vec<f64>, Vec<u32>)> {
        let (first, last) = match (self.edges.first(), self.edges.last()) {
            (Some(first), Some(last)) => (*first, *last),
            _ => (mean, mean),
        };
        let low = f64::min(mean - 2.0 * sd, first - sd / 2.0);
        let high = f64::max(mean + 2.0 * sd, last + sd / 2.0);
        let edges: Vec<f64> = [low].into_iter().chain(self.edges.iter().copied()).chain([high]).collect();
        let rising = edges.windows(2).all(|pair| pair[0] < pair[1]);
        rising.then(|| (edges, self.counts.clone()))
    }
}
