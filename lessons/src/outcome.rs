//! Outcomes: the scalar answers of a lesson, with their uncertainty, and what a class makes of them.

use serde::{Deserialize, Serialize};

use crate::id::ThingId;

/// A scalar answer with its standard uncertainty: what classes compare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whose.
    pub thing: ThingId,
    /// Which recording of the Thing, from 1.
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
