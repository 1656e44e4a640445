//! Messwerk's own batch format: what its pages, its simulator and home-made devices send. `docs/wire.md` is the same
//! for people who write a sender.
//!
//! A [`Batch`] holds readings of one Datastream as columns and travels in one of two spellings, which the hub tells
//! apart by the first bytes: JSON ([`Batch::to_json`]; the hub reads it with the same codec as phyphox's JSON, whose
//! shape it shares) or binary ([`Batch::to_bytes`], [`Batch::from_bytes`]), a third of the size and nearly free to
//! read. Binary, little endian:
//!
//! | bytes | what |
//! |---|---|
//! | 2 | magic `MW` |
//! | 1 | version, 1 |
//! | 1 | property code |
//! | 1 | flags: bit 0 values are i16 steps (else f32), bit 1 a clock follows, bits 2-3 width of a time difference: 0 u16, 1 u32, 2 i64 |
//! | 1 | components, 1 or 3 |
//! | 2 | number of readings n, u16, at least 1 |
//! | 8 | boot: drawn at random when the numbering starts, u64 |
//! | 4 | sequence: counts up by one per batch, u32 |
//! | 8 | raw time of the first reading, i64 µs |
//! | 4 | steps per unit, f32; only with bit 0 |
//! | 12 | hub time − raw time, i64 µs, and its uncertainty, u32 µs; only with bit 1 |
//! | (n − 1) · 2, 4 or 8 | difference to the reading before, µs |
//! | n · 2 or 4, each | the columns x, y, z in the canonical unit; a scalar has x alone |
//!
//! Twelve vectors in steps take 126 bytes. A value in steps is `steps / steps per unit`, not `steps · resolution`: 100
//! is a binary number and 0.01 is not, so that 981 steps are exactly the f32 nearest to 9.81.

mod binary;
mod json;

pub use binary::Values;

use crate::Micros;
use crate::observation::{BatchKey, SenderClock};
use crate::quantity::ObservedProperty;

/// Columns that are no batch, or bytes that are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// No reading, or more than the 65,535 that the count can say.
    #[error("a batch holds 1 to 65,535 readings")]
    Count,
    /// Columns of different lengths, or a number of components the property does not have.
    #[error("the columns of a batch need one value per time, and y and z just for vectors")]
    Shape,
    /// Times further apart than 64 bits can say, or a sequence or an uncertainty above 32 bits.
    #[error("a time or number of the batch is too large for the format")]
    Range,
    /// Not the magic `MW` and version 1.
    #[error("not a batch of version 1")]
    Magic,
    /// A property code or a flag this version does not know.
    #[error("a batch with an unknown property or flag")]
    Code,
    /// Shorter than its own counts say, or longer.
    #[error("a batch of the wrong length")]
    Length,
}

/// Readings of one Datastream with the sender's own number.
///
/// Holds: 1 to 65,535 rows, all columns equally long (y and z are empty for scalars), times within 64 bits of the
/// first, sequence and uncertainty within 32 bits. Values may be NaN or infinite (a missing value of the sensor): the
/// hub rejects those rows and stores the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    property: ObservedProperty,
    key: BatchKey,
    clock: SenderClock,
    time: Vec<Micros>,
    values: [Vec<f32>; 3],
}

impl Batch {
    /// Checks and takes the columns; `time` is the sender's own, `values` x, y and z in the canonical unit.
    pub fn new(
        property: ObservedProperty,
        key: BatchKey,
        clock: SenderClock,
        time: Vec<Micros>,
        values: [Vec<f32>; 3],
    ) -> Result<Self, WireError> {
        let rows = time.len();
        let (Some(&first), true) = (time.first(), rows <= usize::from(u16::MAX)) else { return Err(WireError::Count) };
        if values.iter().zip(0..).any(|(column, component)| column.len() != if component < property.components() { rows } else { 0 }) {
            return Err(WireError::Shape);
        }
        let clock_fits = match clock {
            SenderClock::Unknown => true,
            SenderClock::Offset { uncertainty, .. } => u32::try_from(uncertainty).is_ok(),
            SenderClock::Absolute => false,
        };
        if !clock_fits || u32::try_from(key.sequence).is_err() || time.iter().any(|at| at.checked_sub(first).is_none()) {
            return Err(WireError::Range);
        }
        Ok(Self { property, key, clock, time, values })
    }

    /// What was observed.
    pub fn property(&self) -> ObservedProperty {
        self.property
    }

    /// The sender's own number.
    pub fn key(&self) -> BatchKey {
        self.key
    }

    /// What the sender tells of its clock.
    pub fn clock(&self) -> SenderClock {
        self.clock
    }

    /// The sender's own times, at least one.
    pub fn time(&self) -> &[Micros] {
        &self.time
    }

    /// The columns x, y, z.
    pub fn values(&self) -> &[Vec<f32>; 3] {
        &self.values
    }

    /// Times and columns, for the taking.
    pub fn into_columns(self) -> (Vec<Micros>, [Vec<f32>; 3]) {
        (self.time, self.values)
    }
}

#[cfg(test)]
mod tests;
