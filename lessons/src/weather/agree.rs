//! How well two stations agree: pairs of equal times, bias, RMSE, correlation and lag.

use crate::Micros;
use crate::analysis::{AnalysisError, Result};

/// Two values of one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// When the bucket of both begins.
    pub at: Micros,
    /// The first station's.
    pub a: f64,
    /// The second's.
    pub b: f64,
}

/// The times that both have, each list by rising time. What one of them misses is in no pair.
pub fn pairs(a: &[(Micros, f64)], b: &[(Micros, f64)]) -> Vec<Pair> {
    let mut others = b.iter().peekable();
    let mut found = vec![];
    for &(at, a) in a {
        while others.next_if(|other| other.0 < at).is_some() {}
        if let Some(&(_, b)) = others.next_if(|other| other.0 == at) {
            found.push(Pair { at, a, b });
        }
    }
    found
}

/// How far the second is from the first (Wilks, Statistical Methods in the Atmospheric Sciences, 8.3: mean error, root mean
/// squared error).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Pairs.
    pub n: usize,
    /// Mean of the first's values; of directions none.
    pub mean_a: Option<f64>,
    /// Mean of the second's.
    pub mean_b: Option<f64>,
    /// Mean difference, second less first; of directions within ±180°.
    pub bias: f64,
    /// Root of the mean squared difference.
    pub rmse: f64,
    /// Standard deviation of the differences (n - 1): what is left when the bias is taken off; none for one pair.
    pub sd: Option<f64>,
    /// Pearson's correlation, -1 to 1; none of directions, of fewer than three pairs, or where one of them never changes.
    pub correlation: Option<f64>,
}

/// How two stations agree. With `circular` differences are the shorter way round. Fails with `TooFew` without a pair,
/// `NotFinite`.
pub fn agreement(pairs: &[Pair], circular: bool) -> Result<Agreement> {
    if pairs.is_empty() {
        return Err(AnalysisError::TooFew { needed: 1, found: 0 });
    }
    let n = pairs.len() as f64;
    let way = |pair: &Pair| {
        let way = pair.b - pair.a;
        if circular { libm::remainder(way, 360.0) } else { way }
    };
    let bias = pairs.iter().map(way).sum::<f64>() / n;
    let squares = pairs.iter().map(|pair| way(pair) * way(pair)).sum::<f64>();
    let spread = pairs.iter().map(|pair| (way(pair) - bias) * (way(pair) - bias)).sum::<f64>();
    if !bias.is_finite() || !squares.is_finite() {
        return Err(AnalysisError::NotFinite);
    }
    let mean = |of: fn(&Pair) -> f64| (!circular).then(|| pairs.iter().map(of).sum::<f64>() / n);
    Ok(Agreement {
        n: pairs.len(),
        mean_a: mean(|pair| pair.a),
        mean_b: mean(|pair| pair.b),
        bias,
        rmse: libm::sqrt(squares / n),
        sd: (pairs.len() > 1).then(|| libm::sqrt(spread / (n - 1.0))),
        correlation: if circular { None } else { correlation(pairs.iter().map(|pair| (pair.a, pair.b))) },
    })
}

/// Pearson's coefficient, in two passes so that a large mean costs no digits.
fn correlation(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> Option<f64> {
    let n = pairs.clone().count();
    if n < 3 {
        return None;
    }
    let (sum_a, sum_b) = pairs.clone().fold((0.0, 0.0), |(a, b), pair| (a + pair.0, b + pair.1));
    let (mean_a, mean_b) = (sum_a / n as f64, sum_b / n as f64);
    let (aa, bb, ab) = pairs.fold((0.0, 0.0, 0.0), |(aa, bb, ab), (a, b)| {
        let (a, b) = (a - mean_a, b - mean_b);
        (aa + a * a, bb + b * b, ab + a * b)
    });
    let scale = libm::sqrt(aa) * libm::sqrt(bb);
    (scale > 0.0 && scale.is_finite()).then(|| (ab / scale).clamp(-1.0, 1.0))
}

/// By how much the second follows the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lag {
    /// Steps by which the second is later; negative: earlier.
    pub steps: i32,
    /// The correlation when it is moved back by as much.
    pub correlation: f64,
    /// Pairs of that.
    pub n: usize,
}

/// The shift with the highest correlation, at most `most` steps either way, of two series on one grid of `step` µs (Box and
/// Jenkins, Time Series Analysis, 12.1: the peak of the cross-correlation, here over the times both have). Of equal ones the
/// smaller shift. `None` where no shift has two days' worth of hours, 48 pairs, or nothing ever changes.
pub fn lag(a: &[(Micros, f64)], b: &[(Micros, f64)], step: Micros, most: i32) -> Option<Lag> {
    let mut best: Option<Lag> = None;
    let shifts = (0..=most.max(0)).flat_map(|shift| [shift, -shift]);
    for steps in shifts {
        let back = Micros::from(steps).checked_mul(step)?;
        let moved: Vec<(Micros, f64)> = b.iter().map(|&(at, value)| (at.saturating_sub(back), value)).collect();
        let found = pairs(a, &moved);
        if found.len() < LEAST {
            continue;
        }
        let Some(correlation) = correlation(found.iter().map(|pair| (pair.a, pair.b))) else { continue };
        // A gain of rounding's size is none.
        if best.is_none_or(|best| correlation > best.correlation + 1e-12) {
            best = Some(Lag { steps, correlation, n: found.len() });
        }
    }
    best
}

/// Pairs below which a shift says nothing.
const LEAST: usize = 48;

#[cfg(test)]
mod tests;
