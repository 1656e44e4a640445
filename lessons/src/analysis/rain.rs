//! Amounts of rain from a counter.

use super::{AnalysisError, Result};

/// What fell between two readings of a counter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    /// Index of the later reading, whose time is the interval's end.
    pub at: usize,
    /// What fell, in the counter's unit; not negative.
    pub amount: f64,
    /// Whether the counter was set to zero in between: the amount is then what it has counted since, and what fell before the
    /// reset is not in it.
    pub reset: bool,
}

/// Amounts of rain between neighbouring readings of a counter (`rain_total`), in the order of `times` (µs or any other unit).
///
/// A counter that goes down was set to zero in between (midnight, New Year, a changed battery): what it shows since then has
/// fallen since then. A step down by less than `resolution` (the counter's own, 0.2 to 0.3 mm for a tipping spoon) is rounding, as
/// when an inch counter is shown in mm, and no reset: its amount is 0. Where more than `longest` lies between two readings
/// nothing is said: what fell is known, and when is not, so a gap stays a gap.
///
/// Fails with `Shape` for columns of different length or times that do not increase, `NotFinite`, `Domain` for a counter below 0.
pub fn rain_amounts(times: &[i64], counter: &[f64], longest: i64, resolution: f64) -> Result<Vec<Amount>> {
    if times.len() != counter.len() || !times.is_sorted_by(|a, b| a < b) {
        return Err(AnalysisError::Shape);
    }
    if counter.iter().any(|value| !value.is_finite()) || !resolution.is_finite() {
        return Err(AnalysisError::NotFinite);
    }
    if counter.iter().any(|value| *value < 0.0) {
        return Err(AnalysisError::Domain);
    }
    let readings = || times.iter().zip(counter);
    let pairs = readings().zip(readings().skip(1)).enumerate();
    let amounts = pairs.filter_map(|(index, ((from, before), (to, after)))| {
        if to.checked_sub(*from).is_none_or(|between| between > longest) {
            return None;
        }
        let step = after - before;
        let (amount, reset) = if step >= 0.0 {
            (step, false)
        } else if -step < resolution {
            (0.0, false)
        } else {
            (*after, true)
        };
        Some(Amount { at: index + 1, amount, reset })
    });
    Ok(amounts.collect())
}

#[cfg(test)]
mod tests;
