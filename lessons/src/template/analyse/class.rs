//! Steps over all groups.

use std::collections::BTreeMap;

use super::engine::{Given, Step, Values, formula_given, keep};
use super::fits::{self, Law, Points};
use super::lists::{averaged, mean_of};
use super::working::{Working, Workings};
use super::{Quantity, StepResult};
use crate::template::expr::value::{Cause, Uncertain, Value};
use crate::template::expr::{Known, evaluate};
use crate::template::{ClassOp, Reason, Template};
use crate::unit::Unit;

/// The numbers of the groups that count, and what the steps before gave.
struct Class<'g> {
    template: &'g Template,
    groups: &'g [BTreeMap<String, Quantity>],
    values: Values,
    next: Cause,
}

/// As many numbers as a group can have.
const NUMBERS: Cause = 1000;

impl Template {
    /// The class's steps over the numbers of its groups ([`numbers`](Self::numbers) of each group that counts, in one order): one result per
    /// number they give.
    pub fn class_steps(&self, groups: &[BTreeMap<String, Quantity>]) -> Vec<StepResult> {
        self.class_workings(groups).numbers()
    }

    /// As [`class_steps`](Self::class_steps), with everything they gave. The points of a fit say by [`of`](super::Fit::of) which group each is.
    pub fn class_workings(&self, groups: &[BTreeMap<String, Quantity>]) -> Workings {
        let next = (groups.len() as Cause + 1).saturating_mul(NUMBERS);
        let mut class = Class { template: self, groups, values: Values::new(), next };
        let mut steps = vec![];
        for step in &self.class_steps {
            let given = class.run(&step.op, step);
            let result = keep(&mut class.values, &step.name, given);
            steps.push(Working { name: step.name.clone(), output: step.output.clone(), result });
        }
        Workings { steps }
    }
}

impl Class<'_> {
    fn run(&mut self, op: &ClassOp, step: &crate::template::ClassStep) -> Step<Given> {
        let unit = step.output.unit();
        match op {
            ClassOp::Line { x, y, through_origin } => self.fit(Law::Line { through_origin: *through_origin }, x, y, step),
            ClassOp::PowerLaw { x, y, background } => self.fit(Law::Power { background: *background }, x, y, step),
            ClassOp::AverageOf { of } => {
                let Value::List(items) = self.value(of)? else { return Err(Reason::not_computed(of)) };
                self.next += 1;
                Ok(averaged(&mean_of(&items, self.next)?, unit))
            }
            ClassOp::Formula { expr, .. } => Ok(formula_given(evaluate(expr, self)?, unit)),
        }
    }

    fn fit(
        &mut self,
        law: Law,
        x: &crate::template::Expression,
        y: &crate::template::Expression,
        step: &crate::template::ClassStep,
    ) -> Step<Given> {
        let points = Points::of(&evaluate(x, self)?, &evaluate(y, self)?)?;
        let units = self.template.class_axes(x, y, &step.name);
        let next = &mut self.next;
        let given = fits::fit(law, points, &step.output, || {
            *next += 1;
            *next
        })?;
        Ok(fits::on_axes(given, units))
    }
}

impl Known for Class<'_> {
    fn value(&self, name: &str) -> Step<Value> {
        if let Some(value) = self.values.get(name) {
            return value.clone();
        }
        if let Some(Err(reason)) = name.split_once('.').and_then(|(step, _)| self.values.get(step)) {
            return Err(reason.clone());
        }
        // A group's number is a cause of its own; its place among the group's names tells it from the others.
        let one = |(group, numbers): (usize, &BTreeMap<String, Quantity>)| {
            let quantity = numbers.get(name)?;
            let place = numbers.keys().position(|known| known == name).unwrap_or(0);
            let unit = Unit::parse(&quantity.unit).unwrap_or_default();
            let cause = group as Cause * NUMBERS + place as Cause;
            Some(Uncertain::new(unit.to_si(quantity.value), quantity.uncertainty * unit.size(), cause))
        };
        Ok(Value::List(self.groups.iter().enumerate().map(one).collect()))
    }
}
