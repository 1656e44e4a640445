//! Outcomes: the scalar answers of a lesson, with their uncertainty, and what a class makes of them.

mod text;

pub use text::{number, unit_text, with_uncertainty};

use serde::{Deserialize, Serialize};

use crate::analysis::student_t;
use crate::id::ThingId;
use crate::template::{Template, Text};

/// A scalar answer with its standard uncertainty: what classes compare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whose.
    pub thing: ThingId,
    /// Which recording of the Thing, from 1; 0 for what was measured by hand.
    pub run: u32,
    /// The name of the template's analysis step: `g`.
    pub name: String,
    /// Best estimate in `unit`.
    pub value: f64,
    /// Standard uncertainty (one sigma) in `unit`.
    pub uncertainty: f64,
    /// Unit symbol: `m/s2`.
    pub unit: String,
    /// The teacher's reason if the Outcome does not count towards the class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<String>,
}

/// What a class found: the unweighted mean of its Outcomes and how well it is known.
///
/// Unweighted, because groups are equals and the scatter between them (reading a ruler, letting go) is larger than what
/// each phone's own uncertainty knows of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassResult {
    /// Number of Outcomes that count, at least 1.
    pub n: usize,
    /// Their mean in `unit`.
    pub mean: f64,
    /// Standard deviation of one Outcome (n - 1); `None` for n < 2.
    pub sd: Option<f64>,
    /// Standard error of the mean, sd/√n; `None` for n < 2.
    pub se: Option<f64>,
    /// The 95 % interval of the mean, mean ± t(0.975, n - 1)·sd/√n; `None` for n < 2.
    pub ci95: Option<[f64; 2]>,
    /// Unit symbol.
    pub unit: String,
    /// The accepted value, where the template has one.
    pub reference: Option<ClassReference>,
}

/// The accepted value beside a class's result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassReference {
    /// In the unit of the result.
    pub value: f64,
    /// Half-width of the band that a good measurement reaches.
    pub tolerance: f64,
    /// What stands beside the line in a figure.
    pub label: Text,
}

impl ClassReference {
    /// The reference of a template's outcome, if it has one.
    pub fn of(template: &Template) -> Option<Self> {
        let reference = template.reference.as_ref()?;
        Some(Self { value: reference.value, tolerance: reference.tolerance, label: reference.label.clone() })
    }
}

/// The class's result for the template's outcome: over those of `outcomes` that have its name and unit, are finite and
/// are not excluded. `None` if there is none. A Thing with several Runs counts once per Outcome given: pass the Run that
/// is to count.
pub fn class_result(outcomes: &[Outcome], template: &Template) -> Option<ClassResult> {
    let unit = template.unit_of(&template.outcome)?;
    let counts = |outcome: &&Outcome| {
        outcome.name == template.outcome && outcome.unit == unit && outcome.excluded.is_none() && outcome.value.is_finite()
    };
    let values: Vec<f64> = outcomes.iter().filter(counts).map(|outcome| outcome.value).collect();
    let n = values.len();
    if n == 0 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let sd = (n > 1).then(|| libm::sqrt(values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1) as f64));
    let se = sd.map(|sd| sd / libm::sqrt(n as f64));
    let ci95 = se.and_then(|se| {
        let half = student_t(0.975, n - 1).ok()? * se;
        Some([mean - half, mean + half])
    });
    Some(ClassResult { n, mean, sd, se, ci95, unit: unit.to_owned(), reference: ClassReference::of(template) })
}

#[cfg(test)]
mod tests;
