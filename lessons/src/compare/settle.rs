//! How many groups would settle what cannot be told yet.

use crate::analysis::student_quantile;

/// Beyond this many results a class no number is told: no school has so many groups.
pub(super) const MANY: usize = 1000;

/// Half the width of an interval over the difference that it finds with a probability of 80 %: 1.96/(1.96 + 0.84).
const SURE: f64 = 0.7;

/// The t beyond which lies, on both sides together, a share of `alpha`; endless where there is none, so that nothing is found.
pub(super) fn critical(alpha: f64, df: f64) -> f64 {
    student_quantile(1.0 - alpha / 2.0, df).unwrap_or(f64::INFINITY)
}

/// What a class's results scatter by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scatter {
    /// Results of each class; of pairs twice the same.
    pub(super) n: [usize; 2],
    /// Variance of one result of each class; of pairs that of their differences, and 0.
    pub(super) variance: [f64; 2],
}

impl Scatter {
    /// Half the width of the interval if each class had at least `n` results.
    fn half(self, n: usize, alpha: f64) -> f64 {
        let part = |class: usize| {
            let n = self.n[class].max(n) as f64;
            (self.variance[class] / n, n - 1.0)
        };
        let ((a, free_a), (b, free_b)) = (part(0), part(1));
        let df = (a + b) * (a + b) / (a * a / free_a + b * b / free_b);
        critical(alpha, df) * libm::sqrt(a + b)
    }
}

/// Roughly how many results each class needs until the interval either leaves out 0 or lies within the margin, if difference and
/// scatter stay as they are; rounded up to what is said of a rough number. `None` beyond [`MANY`].
///
/// The interval leaves out 0 once half its width is below the difference, and lies within ±δ once it is below δ less the difference:
/// whichever comes first. With just that many results the next difference is as often smaller as larger, so that half of all classes
/// would find out nothing; [`SURE`] asks for so many more that four of five do.
pub(super) fn groups_needed(difference: f64, scatter: Scatter, margin: Option<f64>, alpha: f64) -> Option<usize> {
    let size = difference.abs();
    let narrow = margin.map_or(size, |margin| size.max(margin - size));
    let settles = |n: usize| scatter.half(n, alpha) < SURE * narrow;
    let (mut no, mut yes) = (super::LEAST - 1, MANY);
    if !settles(yes) {
        return None;
    }
    while yes - no > 1 {
        let middle = usize::midpoint(no, yes);
        if settles(middle) { yes = middle } else { no = middle }
    }
    let step = match yes {
        0..=20 => 1,
        21..=100 => 5,
        _ => 50,
    };
    Some(yes.div_ceil(step) * step)
}
