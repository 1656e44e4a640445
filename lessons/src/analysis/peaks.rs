//! Peaks that stand out.

use super::{AnalysisError, Result, check_columns, check_time};

/// The indices of the peaks, in order of time.
///
/// A peak is a reading higher than its neighbours (of equal neighbours the middle one), not the first and not the last.
/// Peaks closer than `min_distance_s` to a higher one are left out first, then those whose prominence is less than
/// `min_prominence` (unit of the values): how far one has to come down on the way to something higher, or to the end, on the
/// lower of the two ways. Same as SciPy's `find_peaks` with distance and prominence.
///
/// No uncertainties: a peak is a reading. A gap is no end: what stands beside it is judged by what lies behind. No peak is no
/// error. Fails with `Domain` for a negative or infinite argument, `TooFew` below 3 readings, `Unsorted`, `Shape`, `NotFinite`.
pub fn peaks(time: &[f64], values: &[f64], min_prominence: f64, min_distance_s: f64) -> Result<Vec<usize>> {
    check_columns(&[time, values], 3)?;
    check_time(time)?;
    if ![min_prominence, min_distance_s].iter().all(|limit| limit.is_finite() && *limit >= 0.0) {
        return Err(AnalysisError::Domain);
    }
    let found = far_apart(time, values, maxima(values), min_distance_s);
    let before = lowest_on_the_way(values.iter().copied());
    let mut behind = lowest_on_the_way(values.iter().rev().copied());
    behind.reverse();
    Ok(found.into_iter().filter(|peak| values[*peak] - before[*peak].max(behind[*peak]) >= min_prominence).collect())
}

/// Readings above both neighbours; the middle of a plateau.
fn maxima(values: &[f64]) -> Vec<usize> {
    let mut found = vec![];
    let mut index = 1;
    while index + 1 < values.len() {
        if values[index - 1] < values[index] {
            let level = values[index..].iter().take_while(|value| **value == values[index]).count();
            if values.get(index + level).is_some_and(|next| *next < values[index]) {
                found.push(index + (level - 1) / 2);
            }
            index += level;
        } else {
            index += 1;
        }
    }
    found
}

/// The highest first, each removes what is too close to it; of equal ones the later.
fn far_apart(time: &[f64], values: &[f64], found: Vec<usize>, distance: f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|a, b| values[found[*b]].total_cmp(&values[found[*a]]).then(b.cmp(a)));
    let mut kept = vec![true; found.len()];
    for place in order {
        if !kept[place] {
            continue;
        }
        let here = time[found[place]];
        for other in (0..place).rev().take_while(|other| here - time[found[*other]] < distance) {
            kept[other] = false;
        }
        for other in (place + 1..found.len()).take_while(|other| time[found[*other]] - here < distance) {
            kept[other] = false;
        }
    }
    found.into_iter().zip(kept).filter_map(|(peak, kept)| kept.then_some(peak)).collect()
}

/// For each value the lowest one on the way back to something higher or to the beginning, itself included.
fn lowest_on_the_way(values: impl Iterator<Item = f64>) -> Vec<f64> {
    // What can still be the end of a later way: falling values, each with the lowest since the one before it.
    let mut higher: Vec<(f64, f64)> = vec![];
    values
        .map(|value| {
            let mut lowest = value;
            while let Some((_, low)) = higher.pop_if(|(above, _)| *above <= value) {
                lowest = lowest.min(low);
            }
            higher.push((value, lowest));
            lowest
        })
        .collect()
}

#[cfg(test)]
mod tests;
