//! Runs a template's steps over a recording.

use serde::{Deserialize, Serialize};

use super::{Input, Method, Op, Reason, RunData, StreamData, Template};
use crate::analysis::{
    self, AnalysisError, Estimate, PeriodRange, damped_sinusoid, gravity_of_pendulum, longest_still, longest_swing, spring_constant,
};
use crate::frame::Component;
use crate::quantity::ObservedProperty;

/// A number with its standard uncertainty and unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// Best estimate in `unit`; finite.
    pub value: f64,
    /// Standard uncertainty (one sigma) in `unit`; finite, not negative.
    pub uncertainty: f64,
    /// Unit symbol: `m/s2`.
    pub unit: String,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct StepResult {
    /// The step's name.
    pub name: String,
    /// The number, or why there is none (yet).
    pub result: Result<Quantity, Reason>,
}

impl Template {
    /// Runs every step over one recording; one result per step, in their order.
    ///
    /// Without any recording a step is what was measured by hand in its place, if somebody did.
    ///
    /// Never panics and never invents: where data or inputs do not suffice there is a reason that tells a pupil what to
    /// do. Pure. A minute of a pendulum at 100 Hz takes 2.5 ms (7 ms with the development profile's optimisation), so
    /// that thirty phones analysed anew every second take 8 % of a core; the cost grows with the number of readings.
    pub fn analyse(&self, run: &RunData) -> Vec<StepResult> {
        let mut done: Vec<StepResult> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let found = self.by_hand(&step.name, run).unwrap_or_else(|| self.run_op(&step.op, run, &done));
            let result = found.map(|estimate| Quantity {
                value: estimate.value,
                uncertainty: estimate.uncertainty,
                unit: step.op.unit().to_owned(),
            });
            done.push(StepResult { name: step.name.clone(), result });
        }
        done
    }

    /// The result of the step that is the Outcome.
    pub fn outcome_of(&self, run: &RunData) -> Result<Quantity, Reason> {
        let found = self.analyse(run).into_iter().find(|step| step.name == self.outcome);
        found.map_or_else(|| Err(Reason::not_computed(&self.outcome)), |step| step.result)
    }

    /// What was entered in place of a step's recording. Beside a recording it says nothing: which of both counts is not for the
    /// steps of one to decide.
    fn by_hand(&self, step: &str, run: &RunData) -> Option<Result<Estimate, Reason>> {
        let input = self.inputs_by_hand().find(|input| input.name == step)?;
        (run.streams.is_empty() && run.inputs.contains_key(step)).then(|| input.entered(run))
    }

    fn run_op(&self, op: &Op, run: &RunData, done: &[StepResult]) -> Result<Estimate, Reason> {
        match op {
            Op::Period { of, min_s, max_s, min_periods, method } => {
                let stream = first_recorded(of, run)?;
                let range = PeriodRange { min_s: *min_s, max_s: *max_s };
                period(stream, range, f64::from(*min_periods), *method).map_err(Reason::from)
            }
            Op::Mean { of, component, still_sd, min_s } => {
                let stream = first_recorded(of, run)?;
                mean_at_rest(stream, *component, *still_sd, *min_s).map_err(Reason::from)
            }
            Op::GravityOfPendulum { period, length } => {
                let (length, period) = self.given(length, period, run, done)?;
                gravity_of_pendulum(length, period).map_err(Reason::from)
            }
            Op::SpringConstant { period, mass } => {
                let (mass, period) = self.given(mass, period, run, done)?;
                spring_constant(mass, period).map_err(Reason::from)
            }
        }
    }

    /// An entered number and the result of an earlier step. If both are missing the measurement is named first: it takes
    /// longer.
    fn given(&self, input: &str, step: &str, run: &RunData, done: &[StepResult]) -> Result<(Estimate, Estimate), Reason> {
        let earlier = done.iter().find(|result| result.name == step).ok_or_else(|| Reason::not_computed(step))?;
        let measured = earlier.result.clone()?;
        let entered = self.input(input).ok_or_else(|| Reason::not_computed(input))?.entered(run)?;
        Ok((entered, Estimate { value: measured.value, uncertainty: measured.uncertainty }))
    }
}

impl Input {
    /// Whether a value can be meant: finite and between `min` and `max`.
    pub fn accepts(&self, value: f64) -> Result<(), Reason> {
        if (self.min..=self.max).contains(&value) { Ok(()) } else { Err(Reason::input_out_of_range(self)) }
    }

    /// Whether a number can be the standard uncertainty of what was measured by hand: not negative, and no larger than what was
    /// measured can be.
    pub fn accepts_uncertainty(&self, value: f64) -> bool {
        (0.0..=self.max).contains(&value)
    }

    fn entered(&self, run: &RunData) -> Result<Estimate, Reason> {
        let value = *run.inputs.get(&self.name).ok_or_else(|| Reason::input_missing(self))?;
        self.accepts(value)?;
        let told = run.inputs.get(&self.uncertainty_name()).filter(|told| self.by_hand && self.accepts_uncertainty(**told));
        // Two laps that happen to be equal make no stopwatch exact.
        let uncertainty = told.map_or(self.uncertainty, |told| told.max(SURELY * self.uncertainty));
        Ok(Estimate { value, uncertainty })
    }
}

/// The least standard uncertainty that is believed of what was measured by hand, as a share of the template's.
const SURELY: f64 = 0.1;

fn first_recorded<'a>(of: &[ObservedProperty], run: &'a RunData) -> Result<&'a StreamData, Reason> {
    let mut recorded = of.iter().filter_map(|property| run.stream(*property)).filter(|stream| !stream.time.is_empty());
    recorded.next().ok_or_else(|| Reason::no_readings(of))
}

fn period(stream: &StreamData, range: PeriodRange, min_periods: f64, method: Method) -> analysis::Result<Estimate> {
    let nothing = vec![0.0; stream.time.len()];
    let (y, z) = if stream.property.is_vector() { (&stream.y, &stream.z) } else { (&nothing, &nothing) };
    let components = [&stream.x[..], y, z];
    let swing = longest_swing(&stream.time, components, range)?;
    let (time, values) = swing.readings(&stream.time, components);
    let found_s = time[time.len() - 1] - time[0];
    if found_s < min_periods * swing.period_s {
        return Err(AnalysisError::TooShort { needed_s: min_periods * swing.period_s, found_s });
    }
    let rough = analysis::period(time, &values, range)?;
    match method {
        Method::Autocorrelation => Ok(rough.period),
        Method::Fit => Ok(damped_sinusoid(time, &values, rough.period.value)?.period),
    }
}

fn mean_at_rest(stream: &StreamData, component: Component, still_sd: f64, min_s: f64) -> analysis::Result<Estimate> {
    let values: Vec<f64> = match component {
        Component::X => stream.x.clone(),
        Component::Y => stream.y.clone(),
        Component::Z => stream.z.clone(),
        Component::Abs => {
            let vectors = stream.x.iter().zip(&stream.y).zip(&stream.z);
            vectors.map(|((x, y), z)| libm::sqrt(x * x + y * y + z * z)).collect()
        }
    };
    let still = longest_still(&stream.time, &values, still_sd)?;
    let part = still.first..still.end;
    let found_s = stream.time[still.end - 1] - stream.time[still.first];
    if found_s < min_s {
        return Err(AnalysisError::TooShort { needed_s: min_s, found_s });
    }
    // The sensor counts in steps of its components, not of the absolute value.
    let columns = [&stream.x, &stream.y, &stream.z].into_iter().filter(|column| column.len() == values.len());
    let resolution = columns.map(|column| analysis::resolution(&column[part.clone()])).fold(0.0, f64::max);
    let mean = analysis::mean(&values[part], resolution)?;
    Ok(Estimate { value: mean.mean, uncertainty: mean.uncertainty })
}

#[cfg(test)]
mod tests;
