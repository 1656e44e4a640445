//! What the steps gave, for figures.

use super::{Quantity, StepResult};
use crate::template::{Output, Reason};

/// What the steps gave, in their order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workings {
    /// One per step.
    pub steps: Vec<Working>,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Working {
    /// The step's name.
    pub name: String,
    /// The names of the numbers it gives, with their units; known even if it gave none.
    pub(super) output: Output,
    /// What it gave, or why nothing (yet).
    pub result: Result<Worked, Reason>,
}

/// What a step gave.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Worked {
    /// A number.
    Number(Quantity),
    /// Numbers by their places; `None` where nothing was entered.
    List(Vec<Option<Quantity>>),
    /// Values over time, each with a time; a gap is a time without values.
    Signal {
        /// Seconds from the run's first reading.
        time: Vec<f64>,
        /// In `unit`.
        values: Vec<f64>,
        /// Unit symbol.
        unit: String,
    },
    /// A fit.
    Fit(Fit),
}

/// A fit: its numbers, its points and its curve.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fit {
    /// The numbers by their names within the step: `slope`.
    pub numbers: Vec<(&'static str, Quantity)>,
    /// The curve, in the points' units.
    pub curve: Curve,
    /// Where each point comes from: the place in its list, the sample of a signal, the group of a class.
    pub of: Vec<usize>,
    /// Along; in `x_unit`.
    pub x: Vec<f64>,
    /// Up; in `y_unit`.
    pub y: Vec<f64>,
    /// Standard uncertainties of `x`; 0 where none is known.
    pub x_uncertainty: Vec<f64>,
    /// Standard uncertainties of `y`; 0 where none is known.
    pub y_uncertainty: Vec<f64>,
    /// Unit symbol: an SI unit; `s` for the time of an exponential.
    pub x_unit: String,
    /// Unit symbol: an SI unit; of an exponential the signal's own.
    pub y_unit: String,
}

/// The curve of a fit.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the formula beside each says it")]
pub enum Curve {
    /// y = intercept + slope·x
    Line { slope: f64, intercept: f64 },
    /// y = factor·x^exponent + background
    PowerLaw { factor: f64, exponent: f64, background: f64 },
    /// y = offset + amplitude·exp(-(x - start)/tau)
    Exponential { amplitude: f64, tau: f64, offset: f64, start: f64 },
    /// y = a·x² + b·x + c
    Parabola { a: f64, b: f64, c: f64 },
}

impl Curve {
    /// The curve's height at `x`.
    pub fn at(self, x: f64) -> f64 {
        match self {
            Self::Line { slope, intercept } => intercept + slope * x,
            Self::PowerLaw { factor, exponent, background } => factor * libm::pow(x, exponent) + background,
            Self::Exponential { amplitude, tau, offset, start } => offset + amplitude * libm::exp(-(x - start) / tau),
            Self::Parabola { a, b, c } => (a * x + b) * x + c,
        }
    }
}

impl Fit {
    /// How far each point lies above the curve; in `y_unit`.
    pub fn residuals(&self) -> Vec<f64> {
        self.x.iter().zip(&self.y).map(|(x, y)| y - self.curve.at(*x)).collect()
    }

    /// A number of the fit: `slope`.
    pub fn number(&self, name: &str) -> Option<&Quantity> {
        self.numbers.iter().find(|(known, _)| *known == name).map(|(_, quantity)| quantity)
    }
}

impl Workings {
    /// What became of the step of a name.
    pub fn step(&self, name: &str) -> Option<&Working> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// The numbers among it, as [`Template::analyse`](crate::template::Template::analyse) gives them.
    pub fn numbers(&self) -> Vec<StepResult> {
        self.steps.iter().flat_map(Working::numbers).collect()
    }
}

impl Working {
    fn numbers(&self) -> Vec<StepResult> {
        let one = |(name, _): (String, &str)| {
            let part = name.get(self.name.len() + 1..).unwrap_or_default();
            let result = match &self.result {
                Ok(Worked::Number(quantity)) => Ok(quantity.clone()),
                Ok(Worked::Fit(fit)) => fit.number(part).cloned().ok_or_else(|| Reason::not_computed(&name)),
                Ok(_) => Err(Reason::not_computed(&name)),
                Err(reason) => Err(reason.clone()),
            };
            StepResult { name, result }
        };
        self.output.numbers(&self.name).into_iter().map(one).collect()
    }
}
