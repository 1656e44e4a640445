//! Readings over time, thinned as far as a figure shows, with their gaps.

use messwerk_lessons::analysis::GAP;
use messwerk_lessons::frame::Component;
use messwerk_lessons::template::{Channel, RunData};
use messwerk_viz_wasm::plain::data::Quantity;

/// Values over time, and what they are.
pub(super) struct Signal {
    pub(super) time: Vec<f64>,
    pub(super) values: Vec<f64>,
    pub(super) quantity: Quantity,
}

impl Signal {
    /// The value at a time of the signal's own; none between two of them.
    pub(super) fn at(&self, time: f64) -> Option<f64> {
        let place = self.time.partition_point(|known| *known < time - 1e-6);
        let found = self.time.get(place).filter(|known| (*known - time).abs() <= 1e-6);
        found.and_then(|_| self.values.get(place)).copied().filter(|value| value.is_finite())
    }
}

/// A component of what was recorded; `None` if nothing was.
pub(super) fn component(data: &RunData, of: Channel) -> Option<(Vec<f64>, Vec<f64>)> {
    let stream = data.stream(of.property).filter(|stream| !stream.time.is_empty())?;
    let values = match of.component {
        Component::X => stream.x.clone(),
        Component::Y => stream.y.clone(),
        Component::Z => stream.z.clone(),
        Component::Abs => stream.x.iter().zip(&stream.y).zip(&stream.z).map(|((x, y), z)| (x * x + y * y + z * z).sqrt()).collect(),
    };
    (values.len() == stream.time.len()).then(|| (stream.time.clone(), values))
}

/// The longest time between two readings in a row that is no gap: as the analysis sees it.
fn longest(time: &[f64]) -> f64 {
    let mut steps: Vec<f64> = time.windows(2).map(|two| two[1] - two[0]).collect();
    steps.sort_unstable_by(f64::total_cmp);
    steps.get(steps.len() / 2).map_or(f64::INFINITY, |median| GAP * median)
}

/// At most about `most` of the readings: of each stretch the least and the largest, so that no peak is lost. A gap has a place
/// without a value.
pub(super) fn thinned(time: &[f64], values: &[f64], most: usize) -> (Vec<f64>, Vec<Option<f64>>) {
    let longest = longest(time);
    let stretch = (2 * time.len()).div_ceil(most.max(1)).max(1);
    let (mut x, mut y) = (vec![], vec![]);
    let mut begin = 0;
    while begin < time.len() {
        // A stretch ends where a gap begins.
        let whole = (begin + stretch).min(time.len());
        let end = (begin + 1..whole).find(|place| time[*place] - time[place - 1] > longest).unwrap_or(whole);
        if begin > 0 && time[begin] - time[begin - 1] > longest {
            x.push((time[begin - 1] + time[begin]) / 2.0);
            y.push(None);
        }
        let least = (begin..end).min_by(|one, other| values[*one].total_cmp(&values[*other]));
        let largest = (begin..end).max_by(|one, other| values[*one].total_cmp(&values[*other]));
        let mut kept: Vec<usize> = least.into_iter().chain(largest).collect();
        kept.sort_unstable();
        kept.dedup();
        x.extend(kept.iter().map(|place| time[*place]));
        y.extend(kept.iter().map(|place| Some(values[*place]).filter(|value| value.is_finite())));
        begin = end;
    }
    (x, y)
}

/// Some of the times of a recording, and one more in each of its gaps, at which there is nothing.
pub(super) fn gaps(all: &[f64], kept: Vec<f64>) -> Vec<f64> {
    let longest = longest(all);
    let inside = all.windows(2).filter(|two| two[1] - two[0] > longest).map(|two| (two[0] + two[1]) / 2.0);
    let mut times: Vec<f64> = kept.into_iter().chain(inside).collect();
    times.sort_unstable_by(f64::total_cmp);
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_peaks_and_gaps() {
        let count = 10_000;
        let mut values = vec![0.0; count];
        (values[4_321], values[77]) = (9.0, -3.0);
        let time: Vec<f64> = (0..count).map(|at| at as f64 / 100.0 + if at >= 5_000 { 3.0 } else { 0.0 }).collect();
        let (x, y) = thinned(&time, &values, 600);
        let kept: Vec<f64> = y.iter().flatten().copied().collect();
        assert!(x.len() <= 610 && kept.contains(&9.0) && kept.contains(&-3.0), "{}", x.len());
        let gap = y.iter().position(Option::is_none).unwrap();
        assert!((51.0..52.5).contains(&x[gap]) && y.iter().filter(|value| value.is_none()).count() == 1, "{}", x[gap]);
        assert!(x.windows(2).all(|two| two[0] < two[1]));
        assert_eq!(thinned(&[], &[], 600), (vec![], vec![]));
    }

    #[test]
    fn a_motion_has_nothing_in_a_gap() {
        let all = [0.0, 0.1, 0.2, 5.0, 5.1];
        let times = gaps(&all, vec![0.0, 0.2, 5.1]);
        assert_eq!(times, [0.0, 0.2, 2.6, 5.1]);
        let signal = Signal { time: all.to_vec(), values: vec![1.0, 2.0, 3.0, 4.0, 5.0], quantity: Quantity::default() };
        let values: Vec<_> = times.iter().map(|time| signal.at(*time)).collect();
        assert_eq!(values, [Some(1.0), Some(3.0), None, Some(5.0)]);
    }
}
