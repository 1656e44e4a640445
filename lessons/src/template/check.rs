//! Whether the parts of a template fit each other: names, numbers, units.

mod figures;
mod names;
mod steps;

use names::Names;

use super::expr::{ExpressionError, is_reserved, typed_condition};
use super::finding::{ByHand, Issue, What, nearest};
use super::read::Notes;
use super::{Input, Template};
use crate::unit::Unit;

/// Licences that teaching material and data have, by their SPDX names.
pub const LICENSES: [&str; 14] = [
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-NC-ND-4.0",
    "CC-BY-3.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-3.0-DE",
    "MIT",
    "Apache-2.0",
    "GFDL-1.3-or-later",
    "ODbL-1.0",
];

pub(super) fn ensure(good: bool, notes: &Notes, key: &str, issue: impl FnOnce() -> Issue) -> bool {
    if !good {
        notes.note(key, issue());
    }
    good
}

impl Template {
    /// Holds on return: if nothing of level error was noted, every name leads somewhere, every unit fits, and every number lies
    /// where it can be computed with. Fills in what each step gives.
    pub(super) fn check(&mut self, notes: &Notes) {
        ensure(is_id(&self.id) || self.id.is_empty(), notes, "id", || Issue::Id(self.id.chars().take(40).collect()));
        check_license(notes, "license", &self.license);
        if let Some(origin) = &self.origin {
            check_license(notes, "origin.license", &origin.license);
        }
        self.check_sensors(notes);
        if let Some(trigger) = &self.run.trigger {
            self.check_trigger(notes, |key| format!("run.{key}"), trigger);
        }
        let mut names = Names::new(self);
        for input in &self.inputs {
            check_input(input, notes);
            let both = [Some(input.name.clone()), input.by_hand.then(|| input.uncertainty_name())];
            for name in both.into_iter().flatten() {
                names.take(notes, &format!("input.{}.name", input.name), &name);
            }
        }
        // The step that one stands for has its name.
        self.inputs.iter().filter(|input| input.by_hand).for_each(|input| names.give_back(&input.name));
        self.check_steps(notes, &mut names);
        self.inputs.iter().filter(|input| input.by_hand).for_each(|input| self.check_by_hand(input, notes));
        self.check_outcome(notes);
        self.check_class_steps(notes, &mut names);
        self.check_predictions(notes);
        for hint in &self.hints {
            let key = format!("hint.{}", hint.name);
            check_name(notes, &format!("{key}.name"), &hint.name);
            let twice = self.hints.iter().filter(|other| other.name == hint.name).count() > 1;
            ensure(!twice, notes, &format!("{key}.name"), || Issue::Twice(hint.name.clone()));
            if let Err(error) = typed_condition(&hint.when, &names::OfRun { template: self, steps: &self.steps }) {
                self.note_expression(notes, &format!("{key}.when"), error, self.steps.len());
            }
        }
        self.check_figures(notes);
        // One that is there and cannot be read was complained about.
        if self.comparison.is_none() && !notes.stands("comparison") {
            notes.note("comparison", Issue::NoMargin);
        }
        if self.simulation.is_none() {
            notes.note("simulation", Issue::NoSimulation);
        }
    }

    fn check_sensors(&self, notes: &Notes) {
        for (index, sensor) in self.sensors.iter().enumerate() {
            let key = |parameter: &str| format!("sensor.{}.{parameter}", index + 1);
            let (quantity, stream) = (sensor.quantity.name(), sensor.quantity.stream());
            ensure(sensor.stream == stream, notes, &key("stream"), || Issue::Stream { quantity, stream });
            let twice = self.sensors[..index].iter().any(|other| other.quantity == sensor.quantity);
            ensure(!twice, notes, &key("quantity"), || Issue::Twice(quantity.to_owned()));
            let good = sensor.min_hz > 0.0 && sensor.min_hz < sensor.max_hz && sensor.max_hz <= 100_000.0;
            ensure(good, notes, &key("min_hz"), || Issue::Outside(format!("0 < min_hz < max_hz = {} <= 100000", sensor.max_hz)));
        }
    }

    fn check_by_hand(&self, input: &Input, notes: &Notes) {
        let key = format!("input.{}.by_hand", input.name);
        if notes.is_broken(&input.name) {
            return;
        }
        let Some(step) = self.step(&input.name).filter(|step| !step.op.reads().is_empty() && step.output.number("").is_some()) else {
            notes.note(&key, Issue::ByHand(ByHand::NoStep));
            return;
        };
        ensure(input.unit == step.unit(), notes, &key, || Issue::UnitIs { found: input.unit.clone(), wanted: step.unit().to_owned() });
        ensure(step.unit() != "s" || input.min > 0.0, notes, &key, || Issue::Positive(input.name.clone()));
        ensure(input.uncertainty > 0.0, notes, &key, || Issue::ByHand(ByHand::Certain));
        ensure(input.repeat.is_none(), notes, &key, || Issue::ByHand(ByHand::Repeated));
    }

    fn check_outcome(&self, notes: &Notes) {
        if self.outcome.is_empty() || notes.is_broken(&self.outcome) {
            return;
        }
        if self.unit_of(&self.outcome).is_none() {
            let issue = match self.step(self.outcome.split('.').next().unwrap_or_default()) {
                Some(_) => Issue::NotA { name: self.outcome.clone(), what: What::Number },
                None => self.no_such(What::Step, &self.outcome, false),
            };
            notes.note("outcome", issue);
        }
        let nothing = self.sensors.is_empty() && self.inputs.is_empty();
        ensure(!nothing, notes, "sensor", || Issue::NothingMeasured);
        if let Some(reference) = &self.reference {
            let good = reference.value.is_finite() && reference.tolerance > 0.0 && reference.tolerance.is_finite();
            ensure(good, notes, "reference.tolerance", || Issue::Outside("tolerance > 0".to_owned()));
        }
        if let Some(comparison) = &self.comparison {
            let good = comparison.margin > 0.0 && comparison.margin.is_finite();
            ensure(good, notes, "comparison.margin", || Issue::Outside("margin > 0".to_owned()));
            // A list of numbers or a measurement is no place and no time.
            let is_place = |name: &String| self.inputs.iter().any(|input| input.name == *name && input.repeat.is_none() && !input.by_hand);
            for name in comparison.pairs.iter().filter(|name| !is_place(name)) {
                notes.note("comparison.pairs", self.no_such(What::Input, name, false));
            }
        }
    }

    /// The complaint that a name leads nowhere.
    pub(super) fn no_such(&self, what: What, name: &str, later: bool) -> Issue {
        let inputs = self.inputs.iter().map(|input| input.name.clone());
        let steps = self.steps.iter().chain([]).flat_map(|step| {
            let numbers = step.output.numbers(&step.name).into_iter().map(|(name, _)| name);
            numbers.chain([step.name.clone()]).collect::<Vec<_>>()
        });
        let sensors = self.sensors.iter().map(|sensor| sensor.quantity.name().to_owned());
        let known: Vec<String> = match what {
            What::Sensor => sensors.collect(),
            What::Input => inputs.collect(),
            _ => steps.chain(inputs).chain(sensors).collect(),
        };
        let name: String = name.chars().take(40).collect();
        let near = nearest(&name, known.iter().map(String::as_str).filter(|known| *known != name)).map(str::to_owned);
        Issue::NoSuch { what, name, near, later }
    }

    /// The complaint about a formula. A name that leads nowhere is named with its neighbours; `until` is the step it stands in.
    pub(super) fn note_expression(&self, notes: &Notes, key: &str, error: ExpressionError, until: usize) {
        match error {
            ExpressionError::Name(name) if notes.is_broken(&name) => {}
            ExpressionError::Name(name) => {
                let first = name.split('.').next().unwrap_or_default();
                let later = self.steps.iter().skip(until).any(|step| step.name == first);
                notes.note(key, self.no_such(What::Number, &name, later));
            }
            other => notes.note(key, Issue::Expression(other)),
        }
    }
}

/// Names of inputs, steps, predictions and hints: formulas use them.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.len() <= 32
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !is_reserved(name)
}

/// Ids stand in addresses and file names.
pub(crate) fn is_id(id: &str) -> bool {
    id.starts_with(|letter: char| letter.is_ascii_lowercase())
        && id.len() <= 32
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-')
}

pub(super) fn check_name(notes: &Notes, key: &str, name: &str) -> bool {
    ensure(is_name(name), notes, key, || Issue::Name(name.chars().take(40).collect()))
}

fn check_license(notes: &Notes, key: &str, license: &str) {
    let good = license.is_empty() || LICENSES.contains(&license);
    ensure(good, notes, key, || {
        let near = nearest(license, LICENSES).map(str::to_owned);
        let found = license.chars().take(40).collect();
        near.map_or(Issue::LicenseUnknown(license.chars().take(40).collect()), |near| Issue::Unknown {
            found,
            near: Some(near),
            known: vec![],
        })
    });
}

/// The unit of a text, or a complaint.
pub(super) fn unit(notes: &Notes, key: &str, text: &str) -> Option<Unit> {
    Unit::parse(text).map_err(|error| notes.note(key, Issue::Unit(error))).ok()
}

fn check_input(input: &Input, notes: &Notes) {
    let key = |parameter: &str| format!("input.{}.{parameter}", input.name);
    if unit(notes, &key("unit"), &input.unit).is_none() {
        notes.mark_broken(&input.name);
    }
    let good = input.min.is_finite() && input.max.is_finite() && input.min < input.max;
    ensure(good, notes, &key("min"), || Issue::Outside("min < max".to_owned()));
    let good = input.uncertainty.is_finite() && input.uncertainty >= 0.0;
    ensure(good, notes, &key("uncertainty"), || Issue::Outside("uncertainty >= 0".to_owned()));
}

#[cfg(test)]
mod tests;
