//! Lanes for a dot plot: neighbours that would overlap go one lane up. No chance in it: the same values always give the
//! same picture, on every screen.

/// The lane of each interval (in pixels, from low to high end), counted from 0: the lowest in which it touches no
/// interval placed before. Placed in the order of their lower ends, which needs the fewest lanes there can be.
pub fn lanes(intervals: &[(i32, i32)], gap: i32) -> Vec<usize> {
    let order = crate::order::places(intervals.iter().map(|&(low, high)| (f64::from(low), f64::from(high))));
    let mut ends: Vec<i32> = Vec::new();
    let mut lanes = vec![0; intervals.len()];
    for place in order {
        let (low, high) = intervals[place];
        let lane = ends.iter().position(|&end| end.saturating_add(gap) <= low).unwrap_or(ends.len());
        if lane == ends.len() {
            ends.push(high);
        } else {
            ends[lane] = high;
        }
        lanes[place] = lane;
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_overlap_goes_up() {
        let check = |intervals: &[(i32, i32)], expected: &[usize]| assert_eq!(lanes(intervals, 1), expected, "{intervals:?}");
        check(&[], &[]);
        check(&[(0, 10), (20, 30)], &[0, 0]);
        check(&[(0, 10), (10, 20)], &[0, 1]);
        check(&[(0, 10), (5, 15), (12, 20)], &[0, 1, 0]);
        check(&[(5, 15), (0, 10)], &[1, 0]);
        check(&[(0, 9), (0, 9), (0, 9)], &[0, 1, 2]);
        check(&[(i32::MIN, i32::MAX), (0, 1)], &[0, 1]);
    }
}
