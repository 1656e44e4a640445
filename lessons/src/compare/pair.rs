//! Two classes, judged.

use std::collections::BTreeMap;

use serde::Serialize;

use super::settle::{Scatter, critical, groups_needed};
use super::{ALPHA, Evidence, LEAST, Sample};
use crate::analysis::{AnalysisError, Difference, holm, paired, student_p, welch_from};

/// How a difference was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The difference of two means, each with its own scatter.
    Welch,
    /// The mean of the differences of pairs: same place, same time.
    Paired,
}

/// What is said of two classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// The interval leaves out 0.
    Differ,
    /// The interval leaves out 0 and lies within ±δ: there is a difference, and it does not matter.
    DifferButLittle,
    /// The interval holds 0 and lies within ±δ.
    Agree,
    /// The interval holds 0 and reaches beyond ±δ, or no δ is stated.
    CannotTell {
        /// Roughly how many results a class needs, if difference and scatter stay as they are; `None` if not even
        /// [`super::settle::MANY`] would do.
        groups_needed: Option<usize>,
    },
    /// Fewer than [`LEAST`] results in a class, or pairs of both.
    TooFew,
    /// All results of both classes are equal: without scatter nobody knows how good they are.
    NoScatter,
}

/// Two classes and what is said of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// The number of the first class, from 0.
    pub a: usize,
    /// The number of the second class.
    pub b: usize,
    /// How they were compared.
    pub method: Method,
    /// Pairs of results, if results had names; with [`Method::Welch`] they were too few.
    pub pairs: Option<usize>,
    /// The difference; `None` for the verdicts [`Verdict::TooFew`] and [`Verdict::NoScatter`].
    pub numbers: Option<Numbers>,
    /// The verdict.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// A difference and how well it is known, in the unit of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Numbers {
    /// Mean of the first class minus that of the second.
    pub difference: f64,
    /// Its standard error.
    pub se: f64,
    /// Degrees of freedom; whole only with pairs.
    pub df: f64,
    /// The 95 % interval of this pair alone.
    pub ci95: [f64; 2],
    /// The interval that decides: `ci95` if there is one pair, else the corrected one (see the module).
    pub interval: [f64; 2],
    /// How often equal classes would show at least this difference.
    pub p: f64,
    /// The same, corrected by Holm for the number of pairs.
    pub p_holm: f64,
}

/// A difference before its verdict.
pub(super) struct Found {
    pub(super) difference: f64,
    pub(super) se: f64,
    pub(super) df: f64,
    pub(super) scatter: Scatter,
}

impl Found {
    pub(super) fn new(of: Difference, scatter: Scatter) -> Self {
        Self { difference: of.difference, se: of.se, df: of.df, scatter }
    }

    fn p(&self) -> f64 {
        // A number of standard errors that is none would be a defect; it may not look like a difference.
        student_p(self.difference / self.se, self.df).unwrap_or(1.0)
    }

    /// The interval that leaves out a share of `alpha`.
    fn interval(&self, alpha: f64) -> [f64; 2] {
        let half = critical(alpha, self.df) * self.se;
        [self.difference - half, self.difference + half]
    }
}

/// Every two of the samples, which are in one unit; and whether the verdicts are corrected.
pub(super) fn judge(samples: &[Sample], margin: Option<f64>) -> (Vec<Pair>, bool) {
    let of_two = |a: usize, b: usize| {
        let (method, pairs, found) = difference(&samples[a].evidence, &samples[b].evidence);
        let (verdict, found) = found.map_or_else(|verdict| (verdict, None), |found| (Verdict::Differ, Some(found)));
        (Pair { a, b, method, pairs, numbers: None, verdict }, found)
    };
    let every_two = (0..samples.len()).flat_map(|a| (a + 1..samples.len()).map(move |b| (a, b)));
    decide(every_two.map(|(a, b)| of_two(a, b)).collect(), margin)
}

/// Gives numbers and verdict to each pair that could be computed, and says whether they are corrected.
pub(super) fn decide(mut pairs: Vec<(Pair, Option<Found>)>, margin: Option<f64>) -> (Vec<Pair>, bool) {
    let p: Vec<f64> = pairs.iter().filter_map(|(_, found)| found.as_ref().map(Found::p)).collect();
    let mut corrected = holm(&p).unwrap_or_default().into_iter();
    let judged = p.len();
    for (pair, found) in &mut pairs {
        let (Some(found), Some(p_holm)) = (found.as_ref(), found.as_ref().and_then(|_| corrected.next())) else { continue };
        let numbers = numbers(found, &p, p_holm);
        pair.verdict = verdict(found, &numbers, margin, ALPHA / judged as f64);
        pair.numbers = Some(numbers);
    }
    (pairs.into_iter().map(|(pair, _)| pair).collect(), judged > 1)
}

fn numbers(found: &Found, all: &[f64], p_holm: f64) -> Numbers {
    let p = found.p();
    let mut interval = found.interval(ALPHA / all.len() as f64);
    let differs = p_holm <= ALPHA;
    // Holm's step: one more than the pairs that are clearer.
    let step = all.len() - all.iter().filter(|other| **other < p).count();
    if differs {
        let near = found.interval(ALPHA / step as f64);
        if found.difference > 0.0 { interval[0] = near[0].max(interval[0]) } else { interval[1] = near[1].min(interval[1]) }
    }
    Numbers { difference: found.difference, se: found.se, df: found.df, ci95: found.interval(ALPHA), interval, p, p_holm }
}

fn verdict(found: &Found, numbers: &Numbers, margin: Option<f64>, alpha: f64) -> Verdict {
    let [low, high] = numbers.interval;
    let small = margin.is_some_and(|margin| -margin < low && high < margin);
    match (numbers.p_holm <= ALPHA, small) {
        (true, true) => Verdict::DifferButLittle,
        (true, false) => Verdict::Differ,
        (false, true) => Verdict::Agree,
        (false, false) => Verdict::CannotTell { groups_needed: groups_needed(found.difference, found.scatter, margin, alpha) },
    }
}

/// The difference of two classes and how it was found, or why it cannot be judged.
fn difference(a: &Evidence, b: &Evidence) -> (Method, Option<usize>, Result<Found, Verdict>) {
    if let (Evidence::Named(a), Evidence::Named(b)) = (a, b) {
        let pairs = pairs(a, b);
        // Where hardly anything was measured at the same place and time, the means may still tell.
        if pairs.0.len() < LEAST && a.len() >= LEAST && b.len() >= LEAST {
            let singles = |of: &[(String, f64)]| Evidence::Singles(of.iter().map(|(_, value)| *value).collect());
            return (Method::Welch, Some(pairs.0.len()), of_means(&singles(a), &singles(b)));
        }
        return (Method::Paired, Some(pairs.0.len()), of_pairs(&pairs.0, &pairs.1));
    }
    // Of one class nobody knows where and when: a Release never tells.
    let no_pairs = matches!(a, Evidence::Named(_)) || matches!(b, Evidence::Named(_));
    (Method::Welch, no_pairs.then_some(0), of_means(a, b))
}

/// What both classes have a result of, by name: each one's mean of it.
fn pairs(a: &[(String, f64)], b: &[(String, f64)]) -> (Vec<f64>, Vec<f64>) {
    let means = |of: &[(String, f64)]| {
        let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        for (name, value) in of {
            let (sum, n) = sums.entry(name.clone()).or_default();
            *sum += value;
            *n += 1.0;
        }
        sums.into_iter().map(|(name, (sum, n))| (name, sum / n)).collect::<BTreeMap<_, _>>()
    };
    let (a, b) = (means(a), means(b));
    a.iter().filter_map(|(name, value)| Some((*value, *b.get(name)?))).unzip()
}

/// The share of the values below which differences differ only by rounding: 0.3 - 0.1 is not 0.4 - 0.2.
pub(super) const ROUNDING: f64 = 1e-12;

fn of_pairs(a: &[f64], b: &[f64]) -> Result<Found, Verdict> {
    let n = a.len();
    if n < LEAST {
        return Err(Verdict::TooFew);
    }
    let of = paired(a, b).map_err(not_judged)?;
    let variance = of.se * of.se * n as f64;
    let largest = a.iter().chain(b).fold(0.0, |largest: f64, value| largest.max(value.abs()));
    if libm::sqrt(variance) <= ROUNDING * largest {
        return Err(Verdict::NoScatter);
    }
    Ok(Found::new(of, Scatter { n: [n; 2], variance: [variance, 0.0] }))
}

fn of_means(a: &Evidence, b: &Evidence) -> Result<Found, Verdict> {
    let (a, b) = (a.summary(), b.summary());
    if a.n < LEAST || b.n < LEAST {
        return Err(Verdict::TooFew);
    }
    let of = welch_from(a.plain(), b.plain()).map_err(not_judged)?;
    Ok(Found::new(of, Scatter { n: [a.n, b.n], variance: [a.sd * a.sd, b.sd * b.sd] }))
}

/// Numbers were checked before, so that what is left is that nothing scatters.
fn not_judged(error: AnalysisError) -> Verdict {
    if matches!(error, AnalysisError::TooFew { .. }) { Verdict::TooFew } else { Verdict::NoScatter }
}
