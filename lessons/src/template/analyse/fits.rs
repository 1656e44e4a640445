//! Curves through points.

use std::collections::BTreeMap;

use super::Quantity;
use super::engine::{Given, Step};
use super::lists::common_causes;
use super::working::{Curve, Fit, Worked};
use crate::analysis::{
    self, AnalysisError, Estimate, correlation, line, line_through_origin, log_log, parabola, power_law_with_background,
};
use crate::template::expr::together;
use crate::template::expr::value::{Cause, Samples, Uncertain, Value};
use crate::template::{Expression, Op, Output};
use crate::unit::Unit;

/// So many residuals are looked at at once.
const PART: usize = 8000;

/// What is fitted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Law {
    Line { through_origin: bool },
    Power { background: bool },
    Parabola,
}

/// The two expressions of a fit, and its law.
pub(super) fn law(op: &Op) -> Option<(Law, &Expression, &Expression)> {
    match op {
        Op::Line { x, y, through_origin } => Some((Law::Line { through_origin: *through_origin }, x, y)),
        Op::PowerLaw { x, y, background } => Some((Law::Power { background: *background }, x, y)),
        Op::Parabola { x, y } => Some((Law::Parabola, x, y)),
        _ => None,
    }
}

/// Points in SI units.
pub(super) struct Points {
    x: Vec<Uncertain>,
    y: Vec<Uncertain>,
    of: Vec<usize>,
    /// Readings hang together; numbers of a list do not.
    signal: bool,
}

impl Points {
    /// Of two lists those places that both have; of two signals the samples at common times.
    pub(super) fn of(x: &Value, y: &Value) -> Step<Self> {
        match (x, y) {
            (Value::List(xs), Value::List(ys)) => {
                let pairs = xs.iter().zip(ys).enumerate().filter_map(|(index, (x, y))| Some((index, x.clone()?, y.clone()?)));
                let mut points = Self { x: vec![], y: vec![], of: vec![], signal: false };
                for (index, x, y) in pairs {
                    points.of.push(index);
                    points.x.push(x);
                    points.y.push(y);
                }
                Ok(points)
            }
            (Value::Signal(xs), Value::Signal(ys)) => {
                let (time, xs, ys) = together(xs, ys)?;
                let exact = |values: Vec<f64>| values.into_iter().map(Uncertain::exact).collect();
                Ok(Self { x: exact(xs), y: exact(ys), of: (0..time.len()).collect(), signal: true })
            }
            _ => Err(AnalysisError::Shape.into()),
        }
    }

    fn plain(&self) -> (Vec<f64>, Vec<f64>) {
        let values = |of: &[Uncertain]| of.iter().map(|number| number.value).collect();
        (values(&self.x), values(&self.y))
    }

    /// By how much readings in a row have less to say than their number (Geyer 1992), as a factor of every variance.
    fn widening(&self, curve: Curve) -> f64 {
        if !self.signal {
            return 1.0;
        }
        let residuals: Vec<f64> = self.x.iter().zip(&self.y).map(|(x, y)| y.value - curve.at(x.value)).collect();
        // Long recordings in parts, because the time this takes grows with the square of their length.
        residuals.chunks(PART).map(correlation).fold(1.0, f64::max)
    }

    /// What causes that several points have in common do to a line, besides making them scatter: the fit is linear in y, and an error of x is one
    /// of y by the slope. To slope and intercept.
    fn common(&self, slope: f64, through_origin: bool) -> BTreeMap<Cause, (f64, f64)> {
        let both = self.x.iter().zip(&self.y);
        let shares: Vec<Vec<(Cause, f64)>> =
            both.map(|(x, y)| crate::template::expr::value::sum(&x.shares, -slope, &y.shares, 1.0)).collect();
        let n = self.x.len() as f64;
        let middle = if through_origin { 0.0 } else { self.x.iter().map(|x| x.value).sum::<f64>() / n };
        let square: f64 = self.x.iter().map(|x| (x.value - middle) * (x.value - middle)).sum();
        let mut found: BTreeMap<Cause, (f64, f64)> =
            common_causes(shares.iter().map(Vec::as_slice)).into_keys().map(|cause| (cause, (0.0, 0.0))).collect();
        for (x, shares) in self.x.iter().zip(&shares) {
            for (cause, share) in shares {
                if let Some((of_slope, of_mean)) = found.get_mut(cause) {
                    *of_slope += (x.value - middle) * share / square;
                    *of_mean += share / n;
                }
            }
        }
        let at_zero = |(of_slope, of_mean): (f64, f64)| (of_slope, if through_origin { 0.0 } else { of_mean - middle * of_slope });
        found.into_iter().map(|(cause, shares)| (cause, at_zero(shares))).collect()
    }
}

/// Numbers of a fit in SI units, before they are shown.
type Numbers = Vec<(&'static str, Uncertain)>;

/// Fits points. The units of the numbers are those of `output`, which are SI units.
pub(super) fn fit(law: Law, points: Points, output: &Output, mut cause: impl FnMut() -> Cause) -> Step<Given> {
    let (x, y) = points.plain();
    let (curve, numbers) = match law {
        Law::Line { through_origin: false } => straight(&points, &x, &y, &mut cause)?,
        Law::Line { through_origin: true } => proportional(&points, &x, &y, &mut cause)?,
        Law::Power { background } => power(&points, &x, &y, background, &mut cause)?,
        Law::Parabola => bent(&points, &x, &y, &mut cause)?,
    };
    let uncertainty = |of: &[Uncertain]| of.iter().map(Uncertain::uncertainty).collect();
    let fit = Fit {
        numbers: shown(&numbers, output),
        curve,
        x_uncertainty: uncertainty(&points.x),
        y_uncertainty: uncertainty(&points.y),
        of: points.of,
        x,
        y,
        x_unit: String::new(),
        y_unit: String::new(),
    };
    Ok(Given { worked: Worked::Fit(fit), values: numbers.into_iter().map(|(name, number)| (name, Value::Number(number))).collect() })
}

/// Names the units of a fit's axes.
pub(super) fn on_axes(mut given: Given, (x_unit, y_unit): (String, String)) -> Given {
    if let Worked::Fit(fit) = &mut given.worked {
        (fit.x_unit, fit.y_unit) = (x_unit, y_unit);
    }
    given
}

fn shown(numbers: &Numbers, output: &Output) -> Vec<(&'static str, Quantity)> {
    let quantity = |(name, number): &(&'static str, Uncertain)| {
        let unit = output.number(name).unwrap_or("1");
        let own = Unit::parse(unit).unwrap_or_default();
        let (value, uncertainty) = (own.from_si(number.value), number.uncertainty() / own.size());
        (*name, Quantity { value, uncertainty, unit: unit.to_owned() })
    };
    numbers.iter().map(quantity).collect()
}

/// Adds what a cause does to a number.
fn with(mut number: Uncertain, more: impl Iterator<Item = (Cause, f64)>) -> Uncertain {
    let more: Vec<(Cause, f64)> = more.filter(|(_, share)| *share != 0.0).collect();
    number.shares = crate::template::expr::value::sum(&number.shares, 1.0, &more, 1.0);
    number
}

fn straight(points: &Points, x: &[f64], y: &[f64], cause: &mut impl FnMut() -> Cause) -> analysis::Result<(Curve, Numbers)> {
    let found = line(x, y)?;
    let curve = Curve::Line { slope: found.slope.value, intercept: found.intercept.value };
    let wider = libm::sqrt(points.widening(curve));
    let (of_slope, of_intercept) = (wider * found.slope.uncertainty, wider * found.intercept.uncertainty);
    // Slope and intercept hang together: their covariance is minus the mean of x times the slope's variance (Bevington and Robinson, 6.4).
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    let together = -mean * of_slope;
    let alone = libm::sqrt((of_intercept * of_intercept - together * together).max(0.0));
    let (first, second) = (cause(), cause());
    let common = points.common(found.slope.value, false);
    let slope = Uncertain::new(found.slope.value, of_slope, first);
    let slope = with(slope, common.iter().map(|(cause, (share, _))| (*cause, *share)));
    let intercept = with(Uncertain::exact(found.intercept.value), [(first, together), (second, alone)].into_iter());
    let intercept = with(intercept, common.iter().map(|(cause, (_, share))| (*cause, *share)));
    Ok((curve, vec![("slope", slope), ("intercept", intercept), ("r2", Uncertain::exact(found.r_squared))]))
}

fn proportional(points: &Points, x: &[f64], y: &[f64], cause: &mut impl FnMut() -> Cause) -> analysis::Result<(Curve, Numbers)> {
    let found = line_through_origin(x, y)?;
    let curve = Curve::Line { slope: found.slope.value, intercept: 0.0 };
    let wider = libm::sqrt(points.widening(curve));
    let common = points.common(found.slope.value, true);
    let slope = Uncertain::new(found.slope.value, wider * found.slope.uncertainty, cause());
    let slope = with(slope, common.iter().map(|(cause, (share, _))| (*cause, *share)));
    let r2 = Uncertain::exact(explained(curve, x, y));
    Ok((curve, vec![("slope", slope), ("intercept", Uncertain::exact(0.0)), ("r2", r2)]))
}

/// The share of the variance of y that a curve explains, 0 to 1.
fn explained(curve: Curve, x: &[f64], y: &[f64]) -> f64 {
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let all: f64 = y.iter().map(|y| (y - mean) * (y - mean)).sum();
    let left: f64 = x.iter().zip(y).map(|(x, y)| y - curve.at(*x)).map(|residual| residual * residual).sum();
    if all == 0.0 { 1.0 } else { (1.0 - left / all).clamp(0.0, 1.0) }
}

fn number(estimate: Estimate, wider: f64, cause: Cause) -> Uncertain {
    Uncertain::new(estimate.value, wider * estimate.uncertainty, cause)
}

fn power(points: &Points, x: &[f64], y: &[f64], background: bool, cause: &mut impl FnMut() -> Cause) -> analysis::Result<(Curve, Numbers)> {
    let found = if background { power_law_with_background(x, y)? } else { log_log(x, y)? };
    let offset = found.offset.unwrap_or(Estimate { value: 0.0, uncertainty: 0.0 });
    let curve = Curve::PowerLaw { factor: found.factor.value, exponent: found.exponent.value, background: offset.value };
    let wider = libm::sqrt(points.widening(curve));
    let mut one = |estimate| number(estimate, wider, cause());
    Ok((curve, vec![("exponent", one(found.exponent)), ("factor", one(found.factor)), ("background", one(offset))]))
}

fn bent(points: &Points, x: &[f64], y: &[f64], cause: &mut impl FnMut() -> Cause) -> analysis::Result<(Curve, Numbers)> {
    let found = parabola(x, y)?;
    let [c, b, a] = found.coefficients[..] else { return Err(AnalysisError::NoFit) };
    let curve = Curve::Parabola { a: a.value, b: b.value, c: c.value };
    let wider = libm::sqrt(points.widening(curve));
    let mut one = |estimate| number(estimate, wider, cause());
    Ok((curve, vec![("a", one(a)), ("b", one(b)), ("c", one(c))]))
}

/// An exponential through a signal in its own unit.
pub(super) fn exponential(samples: Samples, unit: &str, output: &Output, mut cause: impl FnMut() -> Cause) -> Step<Given> {
    let found = analysis::exponential(&samples.time, &samples.values)?;
    let start = samples.time.first().copied().unwrap_or(0.0);
    let curve = Curve::Exponential { amplitude: found.amplitude.value, tau: found.tau.value, offset: found.offset.value, start };
    let own = Unit::parse(unit).unwrap_or_default();
    let (tau, half_life) = (found.tau, found.half_life());
    // Half-life and time constant are one number twice.
    let of_time = cause();
    let scaled = |estimate: Estimate, cause| Uncertain::new(own.size() * estimate.value, own.size() * estimate.uncertainty, cause);
    let offset = Uncertain { value: own.to_si(found.offset.value), ..scaled(found.offset, cause()) };
    let numbers = vec![
        ("tau", number(tau, 1.0, of_time)),
        ("half_life", number(half_life, 1.0, of_time)),
        ("amplitude", scaled(found.amplitude, cause())),
        ("offset", offset),
        ("r2", Uncertain::exact(found.r_squared)),
    ];
    let count = samples.time.len();
    let fit = Fit {
        numbers: shown(&numbers, output),
        curve,
        of: (0..count).collect(),
        x: samples.time,
        y: samples.values,
        x_uncertainty: vec![0.0; count],
        y_uncertainty: vec![0.0; count],
        x_unit: "s".to_owned(),
        y_unit: unit.to_owned(),
    };
    Ok(Given { worked: Worked::Fit(fit), values: numbers.into_iter().map(|(name, number)| (name, Value::Number(number))).collect() })
}
