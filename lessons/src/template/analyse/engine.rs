//! Step by step: each sees what was recorded, what was entered, and what the steps before it gave.

use std::collections::BTreeMap;

use super::working::{Worked, Working, Workings};
use super::{Quantity, fits};
use crate::analysis::Estimate;
use crate::frame::Component;
use crate::quantity::ObservedProperty;
use crate::template::expr::value::{Cause, Samples, Uncertain, Value};
use crate::template::expr::{Known, evaluate};
use crate::template::{Channel, Expression, Op, Operand, Operands, Output, Reason, RunData, StreamData, Template};
use crate::unit::Unit;

/// What a step gave: as it is shown, and as formulas see it, in SI units. Of a fit each number.
pub(super) struct Given {
    pub(super) worked: Worked,
    pub(super) values: Vec<(&'static str, Value)>,
}

pub(super) type Step<T> = Result<T, Reason>;

/// What earlier steps gave formulas, by `name` and `name.part`; why not, by `name`.
pub(super) type Values = BTreeMap<String, Step<Value>>;

/// Later steps find by its name what a step gave.
pub(super) fn keep(values: &mut Values, name: &str, given: Step<Given>) -> Step<Worked> {
    match given {
        Ok(given) => {
            for (part, value) in given.values {
                let name = if part.is_empty() { name.to_owned() } else { format!("{name}.{part}") };
                values.insert(name, Ok(value));
            }
            Ok(given.worked)
        }
        Err(reason) => {
            values.insert(name.to_owned(), Err(reason.clone()));
            Err(reason)
        }
    }
}

pub(super) struct Engine<'t> {
    pub(super) template: &'t Template,
    pub(super) run: &'t RunData,
    /// Why nothing of the recording counts (yet), if so.
    waits: Option<Reason>,
    values: Values,
    /// What they gave as it is shown.
    done: Vec<Working>,
    /// Entered numbers are causes by their place among all entries; measured ones come behind.
    next: Cause,
}

/// As many causes as entries can be: 40 inputs of 12 values.
const ENTRIES: Cause = 1000;

impl<'t> Engine<'t> {
    pub(super) fn new(template: &'t Template, run: &'t RunData) -> Self {
        Self { template, run, waits: None, values: Values::new(), done: vec![], next: ENTRIES }
    }

    /// Over a recording of which nothing counts yet.
    pub(super) fn waiting(template: &'t Template, run: &'t RunData, reason: Reason) -> Self {
        Self { waits: Some(reason), ..Self::new(template, run) }
    }

    pub(super) fn work(mut self) -> Workings {
        for step in &self.template.steps {
            let given = self.by_hand(&step.name).unwrap_or_else(|| self.run_op(&step.op, &step.output));
            let result = keep(&mut self.values, &step.name, given);
            self.done.push(Working { name: step.name.clone(), output: step.output.clone(), result });
        }
        Workings { steps: self.done }
    }

    /// What was entered in place of a step's recording. Beside a recording it says nothing: which of both counts is not for the
    /// steps of one to decide.
    fn by_hand(&mut self, step: &str) -> Option<Step<Given>> {
        let input = self.template.inputs_by_hand().find(|input| input.name == step)?;
        let entered = (self.run.streams.is_empty() && self.run.inputs.contains_key(step)).then(|| input.entered(self.run))?;
        Some(entered.map(|estimate| self.measured(estimate, &input.unit)))
    }

    /// A cause that nothing else has.
    pub(super) fn cause(&mut self) -> Cause {
        self.next += 1;
        self.next
    }

    /// A measured number, in the unit of the step.
    pub(super) fn measured(&mut self, estimate: Estimate, unit: &str) -> Given {
        let cause = self.cause();
        let si = Unit::parse(unit).unwrap_or_default();
        let value = Uncertain::new(si.to_si(estimate.value), estimate.uncertainty * si.size(), cause);
        shown(estimate, unit, value)
    }

    fn run_op(&mut self, op: &Op, output: &Output) -> Step<Given> {
        let unit = output.unit();
        match op {
            Op::Formula { expr, .. } => self.formula(expr, unit),
            Op::Smooth { .. } | Op::Derivative { .. } | Op::Integral { .. } | Op::Height { .. } => self.signal_op(op, unit),
            Op::Values { .. } | Op::AverageOf { .. } | Op::DifferenceOf { .. } => self.list_op(op, unit),
            Op::Line { .. } | Op::PowerLaw { .. } | Op::Parabola { .. } => {
                let (law, x, y) = fits::law(op).ok_or_else(|| Reason::not_computed(""))?;
                let points = fits::Points::of(&evaluate(x, self)?, &evaluate(y, self)?)?;
                let given = fits::fit(law, points, output, || self.cause())?;
                Ok(fits::on_axes(given, self.template.axes(x, y, self.done.len())))
            }
            Op::Exponential { of } => {
                let samples = self.signal(of)?;
                fits::exponential(samples, unit_of_values(output), output, || self.cause())
            }
            _ => self.number_op(op, unit),
        }
    }

    fn formula(&mut self, expression: &Expression, unit: &str) -> Step<Given> {
        Ok(formula_given(evaluate(expression, self)?, unit))
    }

    /// The first operand that was recorded, in its own unit.
    pub(super) fn signal(&self, of: &Operands) -> Step<Samples> {
        let mut missing = None;
        for operand in of.iter() {
            match self.operand(operand) {
                Ok(Value::Signal(samples)) => return Ok(samples),
                Ok(_) => {}
                Err(reason) => missing = missing.or(Some(reason)),
            }
        }
        Err(missing.unwrap_or_else(|| Reason::no_readings(&[])))
    }

    /// As [`signal`](Self::signal), but a list will do.
    pub(super) fn signal_or_list(&self, of: &Operands) -> Step<Value> {
        let mut missing = None;
        for operand in of.iter() {
            match self.operand(operand) {
                Ok(found) => return Ok(found),
                Err(reason) => missing = missing.or(Some(reason)),
            }
        }
        Err(missing.unwrap_or_else(|| Reason::no_readings(&[])))
    }

    /// A signal in its own unit; a list, by formulas' leave, in SI units.
    fn operand(&self, operand: &Operand) -> Step<Value> {
        match operand {
            Operand::Channel(channel) => self.channel(*channel).map(Value::Signal),
            Operand::Named(name) => {
                let shown = self.done.iter().find(|step| step.name == *name).map(|step| &step.result);
                match shown {
                    Some(Ok(Worked::Signal { time, values, .. })) => {
                        let common = self.values.get(name).and_then(|value| value.as_ref().ok()).map_or(0.0, common_of);
                        Ok(Value::Signal(Samples { time: time.clone(), values: values.clone(), common }))
                    }
                    Some(Err(reason)) => Err(reason.clone()),
                    _ => self.value(name),
                }
            }
        }
    }

    /// The first property that was recorded.
    pub(super) fn recorded(&self, of: &[ObservedProperty]) -> Step<&'t StreamData> {
        if let Some(reason) = &self.waits {
            return Err(reason.clone());
        }
        let mut recorded = of.iter().filter_map(|property| self.run.stream(*property)).filter(|stream| !stream.time.is_empty());
        recorded.next().ok_or_else(|| Reason::no_readings(of))
    }

    fn channel(&self, channel: Channel) -> Step<Samples> {
        let stream = self.recorded(&[channel.property])?;
        Ok(Samples { time: stream.time.clone(), values: component(stream, channel.component), common: 0.0 })
    }

    /// An earlier step's number, as it is shown.
    pub(super) fn earlier(&self, step: &str) -> Step<Quantity> {
        let found = self.done.iter().find(|done| done.name == step).ok_or_else(|| Reason::not_computed(step))?;
        match found.result.clone()? {
            Worked::Number(quantity) => Ok(quantity),
            _ => Err(Reason::not_computed(step)),
        }
    }
}

fn common_of(value: &Value) -> f64 {
    if let Value::Signal(samples) = value { samples.common } else { 0.0 }
}

/// The unit of the values that an exponential describes.
fn unit_of_values(output: &Output) -> &str {
    output.number("offset").unwrap_or("1")
}

/// A component's readings.
pub(in crate::template) fn component(stream: &StreamData, component: Component) -> Vec<f64> {
    match component {
        Component::X => stream.x.clone(),
        Component::Y => stream.y.clone(),
        Component::Z => stream.z.clone(),
        Component::Abs => {
            let vectors = stream.x.iter().zip(&stream.y).zip(&stream.z);
            vectors.map(|((x, y), z)| libm::sqrt(x * x + y * y + z * z)).collect()
        }
    }
}

/// A number as it is shown and as formulas see it.
pub(super) fn shown(estimate: Estimate, unit: &str, value: Uncertain) -> Given {
    let quantity = Quantity { value: estimate.value, uncertainty: estimate.uncertainty, unit: unit.to_owned() };
    Given { worked: Worked::Number(quantity), values: vec![("", Value::Number(value))] }
}

/// What a formula gave, shown in its declared unit.
pub(super) fn formula_given(value: Value, unit: &str) -> Given {
    let own = Unit::parse(unit).unwrap_or_default();
    let quantity = |number: &Uncertain| Quantity {
        value: own.from_si(number.value),
        uncertainty: number.uncertainty() / own.size(),
        unit: unit.to_owned(),
    };
    let worked = match &value {
        Value::Number(number) => Worked::Number(quantity(number)),
        Value::List(list) => Worked::List(list.iter().map(|item| item.as_ref().map(quantity)).collect()),
        Value::Signal(samples) => Worked::Signal {
            time: samples.time.clone(),
            values: samples.values.iter().map(|value| own.from_si(*value)).collect(),
            unit: unit.to_owned(),
        },
    };
    Given { worked, values: vec![("", value)] }
}

/// The names that formulas know, in SI units.
impl Known for Engine<'_> {
    fn value(&self, name: &str) -> Step<Value> {
        if let Some(value) = self.values.get(name) {
            return value.clone();
        }
        // A fit that gave nothing has its reason under its own name.
        if let Some(Err(reason)) = name.split_once('.').and_then(|(step, _)| self.values.get(step)) {
            return Err(reason.clone());
        }
        if let Some((place, input)) = self.template.inputs.iter().enumerate().find(|(_, input)| input.name == name) {
            let unit = Unit::parse(&input.unit).unwrap_or_default();
            let first = place as Cause * 16;
            let number = |estimate: Estimate, index: Cause| {
                Uncertain::new(unit.to_si(estimate.value), estimate.uncertainty * unit.size(), first + index)
            };
            return Ok(match input.repeat {
                None => Value::Number(number(input.entered(self.run)?, 0)),
                Some(_) => {
                    let entered = input.entered_list(self.run)?.into_iter().enumerate();
                    Value::List(entered.map(|(index, estimate)| Some(number(estimate?, index as Cause))).collect())
                }
            });
        }
        let channel = Channel::parse(name).ok_or_else(|| Reason::not_computed(name))?;
        let mut samples = self.channel(channel)?;
        let unit = Unit::parse(channel.unit()).unwrap_or_default();
        samples.values.iter_mut().for_each(|value| *value = unit.to_si(*value));
        Ok(Value::Signal(samples))
    }
}
