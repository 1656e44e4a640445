//! Names: each once, and what each stands for.

use std::collections::BTreeSet;

use super::check_name;
use crate::template::expr::{Expression, ExpressionError, Kind, Scope, Typed, typed_expression};
use crate::template::finding::Issue;
use crate::template::read::Notes;
use crate::template::{Channel, ClassStep, Output, Step, Template};
use crate::unit::Unit;

/// Names that are given away already.
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// Formulas mean sensors by the properties' names.
    pub(super) fn new(template: &Template) -> Self {
        Self(template.sensors.iter().map(|sensor| sensor.quantity.name().to_owned()).collect())
    }

    pub(super) fn take(&mut self, notes: &Notes, key: &str, name: &str) {
        if check_name(notes, key, name) && !self.0.insert(name.to_owned()) {
            notes.note(key, Issue::Twice(name.to_owned()));
        }
    }

    pub(super) fn give_back(&mut self, name: &str) {
        self.0.remove(name);
    }
}

/// What a unit symbol makes of a value; symbols were checked where they are written.
fn typed(kind: Kind, symbol: &str) -> Typed {
    Typed { kind, dimension: Unit::parse(symbol).unwrap_or_default().dimension() }
}

/// What a step's result is in a formula.
fn of_output(output: &Output, name: &str, part: &str) -> Result<Typed, ExpressionError> {
    let kind = match output {
        Output::Number { .. } | Output::Fit { .. } => Kind::Number,
        Output::List { .. } => Kind::List,
        Output::Signal { .. } => Kind::Signal,
    };
    match output {
        Output::Fit { .. } if part.is_empty() => Err(ExpressionError::Kind(name.to_owned())),
        Output::Fit { .. } => output.number(part).map(|unit| typed(kind, unit)).ok_or_else(|| ExpressionError::Name(name.to_owned())),
        _ if !part.is_empty() => Err(ExpressionError::Name(name.to_owned())),
        output => Ok(typed(kind, output.unit())),
    }
}

/// The names that a step of one recording may use: inputs, sensors, and the steps before it.
pub(super) struct OfRun<'t> {
    pub(super) template: &'t Template,
    pub(super) steps: &'t [Step],
}

impl Scope for OfRun<'_> {
    fn typed(&self, name: &str) -> Result<Typed, ExpressionError> {
        let (first, part) = name.split_once('.').unwrap_or((name, ""));
        if let Some(step) = self.steps.iter().find(|step| step.name == first) {
            return of_output(&step.output, name, part);
        }
        let unknown = || ExpressionError::Name(name.to_owned());
        if let Some(input) = self.template.input(name) {
            // By hand it stands for its step and has no life of its own.
            let kind = if input.repeat.is_some() { Kind::List } else { Kind::Number };
            return if input.by_hand { Err(unknown()) } else { Ok(typed(kind, &input.unit)) };
        }
        let channel = Channel::parse(name).ok_or_else(unknown)?;
        self.template.sensor(channel.property).ok_or_else(unknown)?;
        Ok(typed(Kind::Signal, channel.unit()))
    }
}

/// The names that a step of the class may use: every group's numbers, as lists, and the class's steps before it.
pub(super) struct OfClass<'t> {
    pub(super) template: &'t Template,
    pub(super) steps: &'t [ClassStep],
}

impl Scope for OfClass<'_> {
    fn typed(&self, name: &str) -> Result<Typed, ExpressionError> {
        let (first, part) = name.split_once('.').unwrap_or((name, ""));
        if let Some(step) = self.steps.iter().find(|step| step.name == first) {
            return of_output(&step.output, name, part);
        }
        if let Some(unit) = self.template.unit_of(name) {
            return Ok(typed(Kind::List, unit));
        }
        match self.template.input(name).filter(|input| !input.by_hand) {
            Some(input) if input.repeat.is_none() => Ok(typed(Kind::List, &input.unit)),
            Some(_) => Err(ExpressionError::Kind(name.to_owned())),
            None => Err(ExpressionError::Name(name.to_owned())),
        }
    }
}

impl Template {
    /// The SI units of two expressions of the step at `index`.
    pub(in crate::template) fn axes(&self, x: &Expression, y: &Expression, index: usize) -> (String, String) {
        let scope = OfRun { template: self, steps: &self.steps[..index] };
        (si_unit(x, &scope), si_unit(y, &scope))
    }

    /// The SI units of two expressions of a class's step.
    pub(in crate::template) fn class_axes(&self, x: &Expression, y: &Expression, step: &str) -> (String, String) {
        let index = self.class_steps.iter().position(|known| known.name == step).unwrap_or(0);
        let scope = OfClass { template: self, steps: &self.class_steps[..index] };
        (si_unit(x, &scope), si_unit(y, &scope))
    }
}

fn si_unit(expression: &Expression, scope: &dyn Scope) -> String {
    let unit = typed_expression(expression, scope).ok().and_then(|typed| Unit::si(typed.dimension));
    unit.unwrap_or_default().to_string()
}
