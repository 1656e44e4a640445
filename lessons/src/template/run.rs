//! What an analysis reads: the columns of one recording and what the pupils entered.

use std::collections::BTreeMap;

use crate::quantity::ObservedProperty;

/// One recording of one Thing, ready for [`Template::analyse`](super::Template::analyse).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunData {
    /// At most one per property; none for a property that was not recorded.
    pub streams: Vec<StreamData>,
    /// What was entered, by the name of the template's input: `length_m` -> 0.421. An input that was not entered is
    /// absent, never zero.
    pub inputs: BTreeMap<String, f64>,
}

/// The readings of one property, as columns.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamData {
    /// What was observed; values are in its canonical unit.
    pub property: ObservedProperty,
    /// Seconds from the run's first reading, one per reading.
    pub time: Vec<f64>,
    /// The first component, or the scalar.
    pub x: Vec<f64>,
    /// The second component; empty for scalars.
    pub y: Vec<f64>,
    /// The third component; empty for scalars.
    pub z: Vec<f64>,
}

impl RunData {
    /// The stream of a property, if it was recorded.
    pub fn stream(&self, property: ObservedProperty) -> Option<&StreamData> {
        self.streams.iter().find(|stream| stream.property == property)
    }
}
