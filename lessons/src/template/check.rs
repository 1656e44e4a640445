//! From `lesson.toml` to a [`Template`]: everything is checked here, nothing later.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use super::{Figure, Input, Op, Reference, Sensor, Step, Template, Text};

/// A `lesson.toml` that is no template: which key, what is wrong, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("lesson.toml, {key}: {fix}")]
pub struct TemplateError {
    /// The key, as it would be written: `analysis.g.length`. `syntax` where the text is no TOML of this format at all.
    pub key: String,
    /// What is wrong and what to write instead.
    pub fix: String,
}

/// A template's version (semver 2.0.0 without pre-release): a new major number says that Outcomes no longer compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Outcomes of different major versions do not compare.
    pub major: u32,
    /// Something was added.
    pub minor: u32,
    /// Something was mended.
    pub patch: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| part.parse().ok().filter(|number: &u32| number.to_string() == part));
        let version = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        parts.next().is_none().then_some(version)
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    id: String,
    version: String,
    title: Text,
    task: Text,
    #[serde(rename = "sensor")]
    sensors: Vec<Sensor>,
    #[serde(rename = "input", default)]
    inputs: Vec<Input>,
    #[serde(rename = "analysis")]
    steps: Vec<Step>,
    outcome: String,
    reference: Option<Reference>,
    #[serde(rename = "figure", default)]
    figures: Vec<Figure>,
}

type Check = Result<(), TemplateError>;

fn wrong(key: impl Into<String>, fix: impl Into<String>) -> TemplateError {
    TemplateError { key: key.into(), fix: fix.into() }
}

fn ensure(good: bool, key: impl Into<String>, fix: impl Into<String>) -> Check {
    if good { Ok(()) } else { Err(wrong(key, fix)) }
}

impl Template {
    /// Reads and checks a `lesson.toml`. Unknown keys, names that lead nowhere, units that do not fit and numbers outside
    /// their domain are errors that name the key and the fix.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let file: File = toml::from_str(text).map_err(|error| wrong("syntax", error.to_string().trim_end()))?;
        ensure(file.format == 1, "format", "this hub reads format = 1")?;
        let version = Version::parse(&file.version).ok_or_else(|| wrong("version", "write three numbers: \"1.0.0\""))?;
        let File { id, title, task, sensors, inputs, steps, outcome, reference, figures, .. } = file;
        let template = Self { id, version, title, task, sensors, inputs, steps, outcome, reference, figures };
        template.check()?;
        Ok(template)
    }

    fn check(&self) -> Check {
        check_name("id", &self.id)?;
        check_text("title", &self.title)?;
        check_text("task", &self.task)?;
        ensure(!self.sensors.is_empty(), "sensor", "a lesson records at least one sensor")?;
        let mut names = BTreeSet::new();
        self.sensors.iter().try_for_each(check_sensor)?;
        for sensor in &self.sensors {
            ensure(names.insert(sensor.stream.clone()), "sensor.stream", format!("{} stands twice; leave one out", sensor.stream))?;
        }
        for input in &self.inputs {
            check_input(input)?;
            let (name, beside) = (input.name.clone(), input.by_hand.then(|| input.uncertainty_name()));
            for name in [name].into_iter().chain(beside) {
                ensure(names.insert(name.clone()), "input.name", format!("{name} stands twice; names differ"))?;
            }
        }
        // The step that one stands for has its name.
        self.inputs_by_hand().for_each(|input| _ = names.remove(&input.name));
        for (index, step) in self.steps.iter().enumerate() {
            self.check_step(step, &self.steps[..index])?;
            ensure(names.insert(step.name.clone()), "analysis.name", format!("{} stands twice; names differ", step.name))?;
        }
        self.inputs_by_hand().try_for_each(|input| self.check_by_hand(input))?;
        ensure(self.step(&self.outcome).is_some(), "outcome", format!("no analysis step is called {}", self.outcome))?;
        if let Some(reference) = &self.reference {
            let good = reference.value.is_finite() && reference.tolerance.is_finite() && reference.tolerance > 0.0;
            ensure(good, "reference.tolerance", "value and tolerance are numbers, the tolerance is positive")?;
            check_text("reference.label", &reference.label)?;
            check_text("reference.source", &reference.source)?;
        }
        self.figures.iter().try_for_each(|figure| self.check_figure(figure))
    }

    fn check_by_hand(&self, input: &Input) -> Check {
        let key = format!("input.{}.by_hand", input.name);
        let step = self.step(&input.name).filter(|step| !step.op.reads().is_empty());
        let step = step.ok_or_else(|| wrong(&key, format!("no analysis step that reads a sensor is called {}", input.name)))?;
        let unit = step.op.unit();
        ensure(input.unit == unit, &key, format!("must be in {unit}, as the step {} is", input.name))?;
        ensure(unit != "s" || input.min > 0.0, &key, format!("{} must have a positive min", input.name))?;
        ensure(input.uncertainty > 0.0, &key, format!("{} must have a positive uncertainty", input.name))
    }

    fn check_step(&self, step: &Step, earlier: &[Step]) -> Check {
        check_name("analysis.name", &step.name)?;
        let key = |parameter: &str| format!("analysis.{}.{parameter}", step.name);
        check_text(&key("label"), &step.label)?;
        for property in step.op.reads() {
            ensure(self.sensor(*property).is_some(), key("of"), format!("no [[sensor]] records {}", property.name()))?;
            ensure(property.unit() == step.op.unit() || step.op.unit() == "s", key("of"), "the properties must have one unit")?;
        }
        match &step.op {
            Op::Period { of, min_s, max_s, min_periods, .. } => {
                ensure(!of.is_empty(), key("of"), "name at least one property")?;
                let good = min_s.is_finite() && max_s.is_finite() && *min_s >= 0.01 && *max_s <= 60.0 && *max_s >= 2.0 * min_s;
                ensure(good, key("min_s"), "0.01 <= min_s, 2 * min_s <= max_s <= 60")?;
                ensure(*min_periods >= 2, key("min_periods"), "at least 2")?;
            }
            Op::Mean { of, component, still_sd, min_s } => {
                ensure(!of.is_empty(), key("of"), "name at least one property")?;
                let good = of.iter().all(|property| crate::frame::Component::of(*property).contains(component));
                ensure(good, key("component"), "a scalar has only x")?;
                ensure(still_sd.is_finite() && *still_sd > 0.0, key("still_sd"), "a positive number")?;
                ensure(min_s.is_finite() && *min_s > 0.0, key("min_s"), "a positive number of seconds")?;
            }
            Op::GravityOfPendulum { .. } | Op::SpringConstant { .. } => {}
        }
        if let Some((parameter, name)) = step.op.step_used() {
            let used = earlier.iter().find(|step| step.name == name);
            let used = used.ok_or_else(|| wrong(key(parameter), format!("no earlier step is called {name}")))?;
            ensure(used.op.unit() == "s", key(parameter), format!("{name} is no period"))?;
        }
        if let Some((parameter, name, unit)) = step.op.input_used() {
            let used = self.input(name).ok_or_else(|| wrong(key(parameter), format!("no [[input]] is called {name}")))?;
            ensure(used.unit == unit, key(parameter), format!("{name} must be in {unit}"))?;
            ensure(used.min > 0.0, key(parameter), format!("{name} must have a positive min"))?;
            ensure(!used.by_hand, key(parameter), format!("{name} is by_hand, which nobody need enter"))?;
        }
        Ok(())
    }

    fn check_figure(&self, figure: &Figure) -> Check {
        match figure {
            Figure::Trace { quantity, component, min, max } => {
                ensure(self.sensor(*quantity).is_some(), "figure.quantity", format!("no [[sensor]] records {}", quantity.name()))?;
                let good = crate::frame::Component::of(*quantity).contains(component);
                ensure(good, "figure.component", "a scalar has only x")?;
                ensure(min.is_finite() && max.is_finite() && min < max, "figure.min", "min < max")
            }
            Figure::Strip { of, min, max } => {
                ensure(self.step(of).is_some(), "figure.of", format!("no analysis step is called {of}"))?;
                let good = match (min, max) {
                    (Some(min), Some(max)) => min.is_finite() && max.is_finite() && min < max,
                    (None, None) => true,
                    _ => false,
                };
                ensure(good, "figure.min", "both or neither, and min < max")
            }
        }
    }
}

fn check_name(key: &str, name: &str) -> Check {
    let good = name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.len() <= 32
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    ensure(good, key, format!("{name:?}: a name begins with a letter and has up to 32 of a-z, A-Z, 0-9, _ and -"))
}

fn check_text(key: &str, text: &Text) -> Check {
    ensure(!text.de.trim().is_empty(), format!("{key}.de"), "is empty")?;
    ensure(!text.en.trim().is_empty(), format!("{key}.en"), "is empty")
}

fn check_sensor(sensor: &Sensor) -> Check {
    let stream = sensor.quantity.stream();
    ensure(sensor.stream == stream, "sensor.stream", format!("the stream of {} is {stream}", sensor.quantity.name()))?;
    let good = sensor.min_hz.is_finite() && sensor.max_hz.is_finite() && sensor.min_hz > 0.0 && sensor.min_hz < sensor.max_hz;
    ensure(good, format!("sensor.{stream}.min_hz"), format!("0 < min_hz < max_hz = {}", sensor.max_hz))?;
    ensure(!sensor.sources.is_empty(), format!("sensor.{stream}.sources"), "name at least one source")
}

fn check_input(input: &Input) -> Check {
    check_name("input.name", &input.name)?;
    let key = |parameter: &str| format!("input.{}.{parameter}", input.name);
    check_text(&key("label"), &input.label)?;
    ensure(!input.unit.is_empty(), key("unit"), "is empty; \"1\" for a plain number")?;
    ensure(input.min.is_finite() && input.max.is_finite() && input.min < input.max, key("min"), "min < max")?;
    ensure(input.uncertainty.is_finite() && input.uncertainty >= 0.0, key("uncertainty"), "a number, not negative")
}

/// Components by their names in the file: `x`, `y`, `z`, `abs`.
pub(super) mod component_name {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::frame::Component;
    use crate::quantity::ObservedProperty;

    const NAMED: [Component; 4] = [Component::X, Component::Y, Component::Z, Component::Abs];

    pub(in crate::template) fn serialize<S: Serializer>(component: &Component, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(component.name(ObservedProperty::Acceleration))
    }

    pub(in crate::template) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Component, D::Error> {
        let text = String::deserialize(deserializer)?;
        NAMED
            .into_iter()
            .find(|component| component.name(ObservedProperty::Acceleration) == text)
            .ok_or_else(|| D::Error::custom(format!("component {text:?}: write x, y, z or abs")))
    }
}

#[cfg(test)]
mod tests;
