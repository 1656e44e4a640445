//! Typical mistakes, recognised by a group's numbers.

use std::collections::BTreeMap;

use super::expr::value::{Uncertain, Value};
use super::expr::{Known, holds};
use super::{Hint, Quantity, Reason, RunData, StepResult, Template};
use crate::unit::Unit;

/// Numbers by their names.
struct Numbers<'n>(&'n BTreeMap<String, Quantity>);

impl Known for Numbers<'_> {
    fn value(&self, name: &str) -> Result<Value, Reason> {
        let quantity = self.0.get(name).ok_or_else(|| Reason::not_computed(name))?;
        let unit = Unit::parse(&quantity.unit).unwrap_or_default();
        Ok(Value::Number(Uncertain::exact(unit.to_si(quantity.value))))
    }
}

impl Template {
    /// The mistakes that a group's numbers look like. They are shown to that group and nobody else; nothing is corrected.
    ///
    /// `results` are those of [`analyse`](Self::analyse) for the same `run`. What has no number yet, or one outside its range, leads to no hint.
    pub fn hints(&self, run: &RunData, results: &[StepResult]) -> Vec<&Hint> {
        let numbers = self.numbers(run, results);
        self.hints.iter().filter(|hint| holds(&hint.when, &Numbers(&numbers))).collect()
    }

    /// A group's numbers by name: what its steps gave (`g`, `fit.slope`) and what it entered (`length_m`, but no lists). This is what the
    /// class's steps and the hints see of it.
    pub fn numbers(&self, run: &RunData, results: &[StepResult]) -> BTreeMap<String, Quantity> {
        let entered = self.inputs.iter().filter(|input| input.repeat.is_none() && !input.by_hand).filter_map(|input| {
            let estimate = input.entered(run).ok()?;
            let quantity = Quantity { value: estimate.value, uncertainty: estimate.uncertainty, unit: input.unit.clone() };
            Some((input.name.clone(), quantity))
        });
        let found = results.iter().filter_map(|step| Some((step.name.clone(), step.result.clone().ok()?)));
        entered.chain(found).collect()
    }
}
