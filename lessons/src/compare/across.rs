//! One law, all classes: a line through every group's point, with the class as its colour.

use serde::Serialize;

use super::pair::{Found, Method, Pair, Verdict, decide};
use super::settle::{Scatter, critical};
use super::{ALPHA, MOST};
use crate::analysis::{AnalysisError, Estimate, Result, Summary, line, welch_from};

/// The points of a class: one per group.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// The class's name.
    pub label: String,
    /// What was chosen: the mass.
    pub x: Vec<f64>,
    /// What was found, in the same order: T².
    pub y: Vec<f64>,
}

/// What a line through all classes says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Across {
    /// The line through the points of all classes.
    pub line: Law,
    /// The classes, in the order given.
    pub classes: Vec<ClassLine>,
    /// The slopes of every two classes that have a line: a difference of slopes, judged as one of means is.
    pub slopes: Vec<Pair>,
    /// Whether those verdicts are corrected, because there is more than one.
    pub corrected: bool,
}

/// One class on and beside the common line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassLine {
    /// The class's name.
    pub label: String,
    /// Its points.
    pub n: usize,
    /// How far its points lie above the common line, on average, in the unit of y; `None` without points.
    pub above: Option<f64>,
    /// Its own line; `None` below four points, whose scatter about a line says too little, or if all x are equal.
    pub line: Option<Law>,
}

/// y = slope · x + intercept through `n` points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Law {
    /// How many points.
    pub n: usize,
    /// Unit of y over unit of x.
    pub slope: f64,
    /// Its standard error.
    pub slope_se: f64,
    /// Its 95 % interval.
    pub slope_ci95: [f64; 2],
    /// Unit of y.
    pub intercept: f64,
    /// Its standard error.
    pub intercept_se: f64,
    /// Its 95 % interval.
    pub intercept_ci95: [f64; 2],
    /// Standard deviation of the points about the line (n - 2), unit of y.
    pub residual_sd: f64,
}

/// Points below which a class has no line of its own: with one degree of freedom an interval is 13 standard errors wide.
const OWN_LINE: usize = 4;

/// Fits the line through the points of 1 to [`MOST`] classes and compares the classes' own slopes.
///
/// The common line is least squares over all points alike ([`line`]): a class with more groups counts for more. Slopes are independent
/// estimates with n - 2 degrees of freedom each, so their difference has Welch's interval (Biometrika 34, 28 (1947), for any two
/// such estimates). `margin` is the least difference of slopes that would matter, in the slope's unit. Fails with `TooFew` below
/// three points in all, `Constant` if all x are equal, `Shape`, `NotFinite`, `Domain` for a margin that is not above zero or too
/// many classes.
pub fn across(classes: &[Points], margin: Option<f64>) -> Result<Across> {
    if classes.len() > MOST || margin.is_some_and(|margin| !(margin.is_finite() && margin > 0.0)) {
        return Err(AnalysisError::Domain);
    }
    if classes.iter().any(|class| class.x.len() != class.y.len()) {
        return Err(AnalysisError::Shape);
    }
    let column = |of: fn(&Points) -> &Vec<f64>| classes.iter().flat_map(|class| of(class).iter().copied()).collect::<Vec<f64>>();
    let common = Law::through(&column(|class| &class.x), &column(|class| &class.y))?;
    let lines: Vec<ClassLine> = classes.iter().map(|class| ClassLine::beside(class, &common)).collect();
    let own = lines.iter().enumerate().filter_map(|(index, class)| Some((index, class.line?)));
    let own: Vec<(usize, Law)> = own.collect();
    let every_two = own.iter().enumerate().flat_map(|(index, a)| own[index + 1..].iter().map(move |b| slopes(*a, *b)));
    let (slopes, corrected) = decide(every_two.collect(), margin);
    Ok(Across { line: common, classes: lines, slopes, corrected })
}

impl Law {
    fn through(x: &[f64], y: &[f64]) -> Result<Self> {
        let fit = line(x, y)?;
        let free = x.len() as f64 - 2.0;
        let interval = |of: Estimate| {
            let half = critical(ALPHA, free) * of.uncertainty;
            [of.value - half, of.value + half]
        };
        Ok(Self {
            n: x.len(),
            slope: fit.slope.value,
            slope_se: fit.slope.uncertainty,
            slope_ci95: interval(fit.slope),
            intercept: fit.intercept.value,
            intercept_se: fit.intercept.uncertainty,
            intercept_ci95: interval(fit.intercept),
            residual_sd: fit.residual_sd,
        })
    }

    pub(super) fn at(&self, x: f64) -> f64 {
        self.slope * x + self.intercept
    }
}

impl ClassLine {
    fn beside(class: &Points, common: &Law) -> Self {
        let n = class.x.len();
        let above: f64 = class.x.iter().zip(&class.y).map(|(x, y)| y - common.at(*x)).sum();
        let line = (n >= OWN_LINE).then(|| Law::through(&class.x, &class.y).ok()).flatten();
        Self { label: class.label.clone(), n, above: (n > 0).then(|| above / n as f64), line }
    }
}

/// The difference of two slopes: as of two means that are known to the same standard errors with the same degrees of freedom.
fn slopes((a, own): (usize, Law), (b, other): (usize, Law)) -> (Pair, Option<Found>) {
    let pair = |verdict| Pair { a, b, method: Method::Welch, pairs: None, numbers: None, verdict };
    let as_mean = |law: Law| Summary { n: law.n - 1, mean: law.slope, sd: law.slope_se * libm::sqrt((law.n - 1) as f64) };
    // It fails only if neither scatters.
    let Ok(of) = welch_from(as_mean(own), as_mean(other)) else { return (pair(Verdict::NoScatter), None) };
    let variance = |law: Law| law.slope_se * law.slope_se * law.n as f64;
    let scatter = Scatter { n: [own.n, other.n], variance: [variance(own), variance(other)] };
    (pair(Verdict::Differ), Some(Found::new(of, scatter)))
}

#[cfg(test)]
mod tests;
