//! Numbers that know where their uncertainty comes from.

use crate::analysis::{AnalysisError, Estimate, Result};

/// What an uncertainty comes from: an entered number, a measured one. Two sources are independent.
pub(in crate::template) type Cause = u32;

/// What each cause adds to an uncertainty, ascending by cause.
pub(in crate::template) type Shares = Vec<(Cause, f64)>;

/// A number in SI units and what each cause adds to its uncertainty: the partial derivative times the cause's standard
/// uncertainty, with its sign, so that what comes from one cause twice adds up or cancels (GUM 5.1.2, E.3).
#[derive(Debug, Clone, PartialEq)]
pub(in crate::template) struct Uncertain {
    pub(in crate::template) value: f64,
    pub(in crate::template) shares: Shares,
}

impl Uncertain {
    pub(in crate::template) fn exact(value: f64) -> Self {
        Self { value, shares: vec![] }
    }

    pub(in crate::template) fn new(value: f64, uncertainty: f64, cause: Cause) -> Self {
        Self { value, shares: if uncertainty == 0.0 { vec![] } else { vec![(cause, uncertainty)] } }
    }

    /// Standard uncertainty: the root of the sum of the squared shares.
    pub(in crate::template) fn uncertainty(&self) -> f64 {
        match self.shares[..] {
            [] => 0.0,
            // Exactly what was given, without the rounding of a root of a square.
            [(_, only)] => libm::fabs(only),
            _ => libm::sqrt(self.shares.iter().map(|(_, share)| share * share).sum()),
        }
    }

    pub(in crate::template) fn estimate(&self) -> Estimate {
        Estimate { value: self.value, uncertainty: self.uncertainty() }
    }

    /// f(x) with its derivative.
    ///
    /// # Errors
    /// `Domain` if either is no number.
    pub(super) fn mapped(&self, value: f64, slope: f64) -> Result<Self> {
        // What is exact stays exact, however steep.
        let shares: Shares = self.shares.iter().map(|(cause, share)| (*cause, slope * share)).collect();
        finite(Self { value, shares })
    }

    /// f(x, y) with its derivatives.
    ///
    /// # Errors
    /// `Domain` if anything of it is no number.
    pub(super) fn joined(value: f64, x: &Self, by_x: f64, y: &Self, by_y: f64) -> Result<Self> {
        finite(Self { value, shares: sum(&x.shares, by_x, &y.shares, by_y) })
    }
}

fn finite(number: Uncertain) -> Result<Uncertain> {
    let good = number.value.is_finite() && number.shares.iter().all(|(_, share)| share.is_finite());
    if good { Ok(number) } else { Err(AnalysisError::Domain) }
}

/// a · x + b · y, cause by cause.
pub(in crate::template) fn sum(x: &[(Cause, f64)], a: f64, y: &[(Cause, f64)], b: f64) -> Shares {
    let mut out = Vec::with_capacity(x.len() + y.len());
    let (mut x, mut y) = (x.iter().peekable(), y.iter().peekable());
    loop {
        match (x.peek(), y.peek()) {
            (Some((of_x, share)), Some((of_y, other))) if of_x == of_y => {
                out.push((*of_x, a * share + b * other));
                x.next();
                y.next();
            }
            (Some((of_x, share)), other) if other.is_none_or(|(of_y, _)| of_x < of_y) => {
                out.push((*of_x, a * share));
                x.next();
            }
            (_, Some((of_y, other))) => {
                out.push((*of_y, b * other));
                y.next();
            }
            (_, None) => return out,
        }
    }
}

/// Values over time, s; a gap is a time without values.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::template) struct Samples {
    pub(in crate::template) time: Vec<f64>,
    pub(in crate::template) values: Vec<f64>,
    /// Relative standard uncertainty that all values have in common: that of a scale. Single readings' noise is not in it.
    pub(in crate::template) common: f64,
}

/// What a formula computes with, in SI units.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::template) enum Value {
    Number(Uncertain),
    /// By place; `None` where nothing was entered.
    List(Vec<Option<Uncertain>>),
    Signal(Samples),
}
