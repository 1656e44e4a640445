//! The template's steps over all groups.

use std::collections::BTreeMap;

use messwerk_lessons::template::{Quantity, RunData, StepResult, Template};

use super::{ClassNumber, Step, ThingOutcome};

/// A group's numbers by name, as the class's steps see them.
pub(super) fn numbers(
    template: &Template,
    entered: &BTreeMap<String, f64>,
    steps: &[Step],
    outcome: &Quantity,
) -> BTreeMap<String, Quantity> {
    let steps = steps.iter().map(|step| (step.name.clone(), step.quantity.clone()));
    let found = steps.chain([(template.outcome.clone(), outcome.clone())]);
    let found: Vec<_> = found.map(|(name, quantity)| StepResult { name, result: Ok(quantity) }).collect();
    template.numbers(&RunData { streams: vec![], inputs: entered.clone() }, &found)
}

/// What the class found together; what cannot be computed (yet) is left out.
pub(super) fn steps(template: &Template, groups: &[BTreeMap<String, Quantity>]) -> Vec<ClassNumber> {
    if template.class_steps.is_empty() {
        return vec![];
    }
    let number = |found: StepResult| {
        let (step, part) = found.name.split_once('.').map_or((found.name.as_str(), None), |(step, part)| (step, Some(part)));
        let label = template.class_step(step)?.label.clone();
        Some(ClassNumber { label, part: part.map(str::to_owned), quantity: found.result.ok()?, name: found.name })
    };
    template.class_steps(groups).into_iter().filter_map(number).collect()
}

impl ThingOutcome {
    /// What the group found and entered, by name, as the class's steps see it.
    pub fn numbers(&self, template: &Template) -> BTreeMap<String, Quantity> {
        let outcome = Quantity { value: self.value, uncertainty: self.uncertainty, unit: self.unit.clone() };
        numbers(template, &self.entered, &self.steps, &outcome)
    }
}
