//! Signals out of signals.

use super::engine::{Engine, Given, Step};
use super::working::Worked;
use crate::analysis::{
    self, AnalysisError, Estimate, barometric_height, derivative, integrate, integrate_without_drift, moving_median, smooth_gauss,
    smooth_mean,
};
use crate::template::expr::value::{Samples, Value};
use crate::template::{Drift, Op, Reason, SmoothMethod};
use crate::unit::Unit;

/// The width of a bell at half its height, in standard deviations: 2·√(2·ln 2).
const FULL_WIDTH: f64 = 2.354_820_045_030_949_3;

/// Heights count from the mean pressure of so many seconds.
const START_S: f64 = 2.0;

impl Engine<'_> {
    pub(super) fn signal_op(&mut self, op: &Op, unit: &str) -> Step<Given> {
        let samples = match op {
            Op::Smooth { of, window_s, method } => {
                let Samples { time, values, common } = self.signal(of)?;
                let values = match method {
                    SmoothMethod::Mean => smooth_mean(&time, &values, *window_s)?,
                    SmoothMethod::Median => moving_median(&time, &values, *window_s)?,
                    SmoothMethod::Gauss => smooth_gauss(&time, &values, window_s / FULL_WIDTH)?,
                };
                Samples { time, values, common }
            }
            Op::Derivative { of, window_s } => {
                let samples = self.signal(of)?;
                let slopes = derivative(&samples.time, &samples.values, *window_s)?;
                Samples { time: slopes.time, values: slopes.slope, common: samples.common }
            }
            Op::Integral { of, drift } => {
                let Samples { time, values, common } = self.signal(of)?;
                let values = match drift {
                    Drift::None => integrate(&time, &values)?,
                    Drift::Linear => integrate_without_drift(&time, &values)?.values,
                };
                Samples { time, values, common }
            }
            Op::Height { of } => height(&self.signal(of)?, self.pascals(of))?,
            _ => return Err(Reason::not_computed("")),
        };
        Ok(signal_given(samples, unit))
    }

    /// How many hectopascals the unit of a pressure is.
    fn pascals(&self, of: &crate::template::Operands) -> f64 {
        let symbol = of.iter().find_map(|operand| match operand {
            crate::template::Operand::Channel(channel) => Some(channel.unit()),
            crate::template::Operand::Named(name) => self.template.step(name).map(|step| step.unit()),
        });
        symbol.and_then(|symbol| Unit::parse(symbol).ok()).map_or(1.0, |unit| unit.size() / 100.0)
    }
}

/// A signal as it is shown and as formulas see it.
pub(super) fn signal_given(samples: Samples, unit: &str) -> Given {
    let own = Unit::parse(unit).unwrap_or_default();
    let si = Samples { values: samples.values.iter().map(|value| own.to_si(*value)).collect(), time: samples.time.clone(), ..samples };
    let worked = Worked::Signal { time: samples.time, values: samples.values, unit: unit.to_owned() };
    Given { worked, values: vec![("", Value::Signal(si))] }
}

/// Heights above the start by the standard atmosphere. What the air's temperature may differ from it stretches all of them alike, and is kept
/// as the signal's common uncertainty.
fn height(samples: &Samples, hectopascals: f64) -> analysis::Result<Samples> {
    let first = *samples.time.first().ok_or(AnalysisError::TooFew { needed: 1, found: 0 })?;
    let start = &samples.values[..samples.time.partition_point(|time| *time <= first + START_S)];
    let exact = |value: f64| Estimate { value, uncertainty: 0.0 };
    let from = exact(hectopascals * start.iter().sum::<f64>() / start.len() as f64);
    let mut values = Vec::with_capacity(samples.values.len());
    let mut common: f64 = 0.0;
    for value in &samples.values {
        let found = barometric_height(from, exact(hectopascals * value), None)?;
        if found.value != 0.0 {
            common = common.max(libm::fabs(found.uncertainty / found.value));
        }
        values.push(found.value);
    }
    Ok(Samples { time: samples.time.clone(), values, common })
}
