//! Readings on their way into the store: columns of one Datastream, in the canonical unit, on the sender's own clock.

use crate::Micros;
use crate::quantity::ObservedProperty;

/// Columns that cannot be readings of one Datastream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadingsError {
    /// The columns have different lengths, or a scalar came with y and z (or a vector without).
    #[error("the columns of a batch need one value per time, and y and z just for vectors")]
    Shape,
    /// NaN or infinite. Bad values are Rejects and stay outside.
    #[error("a stored value is a finite number")]
    NotFinite,
}

/// Readings of one Datastream in the order they arrived; a row is an instant with a scalar (`x`) or a vector.
///
/// Holds: all columns are equally long (`y` and `z` are empty for scalars) and every value is finite. Times may be in
/// any order.
#[derive(Debug, Clone, PartialEq)]
pub struct Readings {
    property: ObservedProperty,
    raw_time: Vec<Micros>,
    values: [Vec<f32>; 3],
}

impl Readings {
    /// Checks and takes the columns. For a scalar property `y` and `z` are empty.
    pub fn new(property: ObservedProperty, raw_time: Vec<Micros>, x: Vec<f32>, y: Vec<f32>, z: Vec<f32>) -> Result<Self, ReadingsError> {
        let rows = raw_time.len();
        let others = if property.is_vector() { rows } else { 0 };
        if x.len() != rows || y.len() != others || z.len() != others {
            return Err(ReadingsError::Shape);
        }
        let values = [x, y, z];
        if values.iter().flatten().any(|value| !value.is_finite()) {
            return Err(ReadingsError::NotFinite);
        }
        Ok(Self { property, raw_time, values })
    }

    /// Adds the rows of `more`. Of another property they are an error, and nothing is added.
    pub fn append(&mut self, more: &Self) -> Result<(), ReadingsError> {
        if more.property != self.property {
            return Err(ReadingsError::Shape);
        }
        self.raw_time.extend_from_slice(&more.raw_time);
        for (column, more) in self.values.iter_mut().zip(&more.values) {
            column.extend_from_slice(more);
        }
        Ok(())
    }

    /// What was observed.
    pub fn property(&self) -> ObservedProperty {
        self.property
    }

    /// The number of readings.
    pub fn len(&self) -> usize {
        self.raw_time.len()
    }

    /// Whether there is no reading.
    pub fn is_empty(&self) -> bool {
        self.raw_time.is_empty()
    }

    /// The sender's own times, one per reading.
    pub fn raw_time(&self) -> &[Micros] {
        &self.raw_time
    }

    /// The first component, or the scalar.
    pub fn x(&self) -> &[f32] {
        &self.values[0]
    }

    /// The second component; empty for scalars.
    pub fn y(&self) -> &[f32] {
        &self.values[1]
    }

    /// The third component; empty for scalars.
    pub fn z(&self) -> &[f32] {
        &self.values[2]
    }

    /// The components of one reading; a scalar has zeros in y and z.
    pub fn value(&self, row: usize) -> [f32; 3] {
        std::array::from_fn(|component| self.values[component].get(row).copied().unwrap_or(0.0))
    }
}

/// What the sender told of its clock with this batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderClock {
    /// Nothing. The first batch of an epoch is then placed so that its last reading is its arrival.
    Unknown,
    /// Hub time = raw time + offset, known to ± the uncertainty.
    Offset {
        /// Added to raw time.
        offset: Micros,
        /// Half-width of the interval in which the true offset lies.
        uncertainty: Micros,
    },
    /// Each time is UTC for itself: a station's, or those of a file. They come in any order, years late or again, and are one
    /// Run for ever; of one time there is one reading. Only for the store: no sender says so.
    Absolute,
}

/// The sender's own number of a batch: sent again, it is the same batch whatever it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BatchKey {
    /// Drawn at random when the sender's numbering starts (page load, boot).
    pub boot: u64,
    /// Counts up by one per batch of this Datastream.
    pub sequence: u64,
}

/// What is remarkable about a stored Observation; bits of the `flags` column.
pub mod flag {
    /// No clock message: the epoch was placed by the arrival of its first batch.
    pub const CLOCK_ARRIVAL: u16 = 1;
    /// A component lies outside the sensor's range.
    pub const OUT_OF_RANGE: u16 = 1 << 1;
    /// The phenomenon time lies ahead of the hub's clock by more than the clock can explain.
    pub const TIME_FAST: u16 = 1 << 2;
    /// Neighbours of this reading were left out because the stream is faster than the template's `max_hz`.
    pub const THINNED: u16 = 1 << 3;
    /// Arrived after readings with a later raw time of the same epoch.
    pub const LATE: u16 = 1 << 4;
}

#[cfg(test)]
mod tests;
