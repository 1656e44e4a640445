//! The binary spelling.

use super::{Batch, WireError};
use crate::Micros;
use crate::observation::{BatchKey, SenderClock};
use crate::quantity::ObservedProperty;

const MAGIC: [u8; 3] = *b"MW\x01";
const HEADER: usize = 28;
const STEPS: u8 = 1;
const CLOCK: u8 = 1 << 1;
const WIDTH_SHIFT: u8 = 2;
/// Bytes of a time difference by its code in the flags.
const WIDTHS: [usize; 3] = [2, 4, 8];

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Values {
    /// Four bytes each, as they are.
    Float,
    /// Two bytes each: so many steps of the sensor per unit (100: resolution 0.01), rounded to the nearest. A batch with
    /// a value beyond ±32,767 steps, or not finite, travels as [`Values::Float`] instead.
    Steps(f32),
}

impl Batch {
    /// Whether bytes claim to be a binary batch (no JSON begins so).
    pub fn is_binary(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC[..2])
    }

    /// The batch as bytes.
    pub fn to_bytes(&self, values: Values) -> Vec<u8> {
        let steps = match values {
            Values::Steps(per_unit) if self.fits(per_unit) => Some(per_unit),
            _ => None,
        };
        let differences = || self.time.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]));
        let width = if differences().all(|us| u16::try_from(us).is_ok()) {
            0
        } else if differences().all(|us| u32::try_from(us).is_ok()) {
            1
        } else {
            2
        };
        let mut flags = (width as u8) << WIDTH_SHIFT;
        flags |= if steps.is_some() { STEPS } else { 0 };
        flags |= if self.clock == SenderClock::Unknown { 0 } else { CLOCK };
        let value_bytes = if steps.is_some() { 2 } else { 4 };
        let components = self.property.components();
        let mut out = Vec::with_capacity(HEADER + 16 + self.time.len() * (WIDTHS[width] + components * value_bytes));
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&[self.property.code(), flags, components as u8]);
        out.extend_from_slice(&(self.time.len() as u16).to_le_bytes());
        out.extend_from_slice(&self.key.boot.to_le_bytes());
        out.extend_from_slice(&(self.key.sequence as u32).to_le_bytes());
        out.extend_from_slice(&self.time[0].to_le_bytes());
        if let Some(per_unit) = steps {
            out.extend_from_slice(&per_unit.to_le_bytes());
        }
        if let SenderClock::Offset { offset, uncertainty } = self.clock {
            out.extend_from_slice(&offset.to_le_bytes());
            out.extend_from_slice(&(uncertainty as u32).to_le_bytes());
        }
        differences().for_each(|us| out.extend_from_slice(&us.to_le_bytes()[..WIDTHS[width]]));
        for &value in self.values.iter().flatten() {
            match steps {
                Some(per_unit) => out.extend_from_slice(&(steps_of(value, per_unit) as i16).to_le_bytes()),
                None => out.extend_from_slice(&value.to_le_bytes()),
            }
        }
        out
    }

    /// Reads a batch; the whole of `bytes` must be one. Nothing is allocated before the length is known to be right.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let mut rest = Reader { bytes };
        if rest.array()? != MAGIC {
            return Err(WireError::Magic);
        }
        let [property, flags, components] = rest.array()?;
        let property = ObservedProperty::from_code(property).ok_or(WireError::Code)?;
        let width = *WIDTHS.get(usize::from(flags >> WIDTH_SHIFT)).ok_or(WireError::Code)?;
        if usize::from(components) != property.components() {
            return Err(WireError::Shape);
        }
        let rows = usize::from(u16::from_le_bytes(rest.array()?));
        let boot = u64::from_le_bytes(rest.array()?);
        let sequence = u64::from(u32::from_le_bytes(rest.array()?));
        let first = Micros::from_le_bytes(rest.array()?);
        let steps = if flags & STEPS != 0 { Some(f32::from_le_bytes(rest.array()?)) } else { None };
        let clock = match flags & CLOCK != 0 {
            true => SenderClock::Offset {
                offset: Micros::from_le_bytes(rest.array()?),
                uncertainty: Micros::from(u32::from_le_bytes(rest.array()?)),
            },
            false => SenderClock::Unknown,
        };
        let column = rows * if steps.is_some() { 2 } else { 4 };
        let expected = rows.checked_sub(1).ok_or(WireError::Count)? * width + property.components() * column;
        if rest.bytes.len() != expected {
            return Err(WireError::Length);
        }
        let mut at = first;
        let mut time = Vec::with_capacity(rows);
        time.push(first);
        for cell in rest.take((rows - 1) * width)?.chunks_exact(width) {
            // Shorter differences are unsigned: the upper bytes are zero.
            let us: [u8; 8] = std::array::from_fn(|byte| cell.get(byte).copied().unwrap_or(0));
            at = at.wrapping_add(Micros::from_le_bytes(us));
            time.push(at);
        }
        let mut values = [const { Vec::new() }; 3];
        for values in values.iter_mut().take(property.components()) {
            let cells = rest.take(column)?;
            *values = match steps {
                Some(per_unit) => cells.chunks_exact(2).map(|cell| f32::from(i16::from_le_bytes([cell[0], cell[1]])) / per_unit).collect(),
                None => cells.chunks_exact(4).map(|cell| f32::from_le_bytes([cell[0], cell[1], cell[2], cell[3]])).collect(),
            };
        }
        Self::new(property, BatchKey { boot, sequence }, clock, time, values)
    }

    /// Whether every value is a finite number of steps within 16 bits.
    fn fits(&self, per_unit: f32) -> bool {
        per_unit.is_finite()
            && per_unit > 0.0
            && self.values.iter().flatten().all(|&value| steps_of(value, per_unit).abs() <= f32::from(i16::MAX))
    }
}

/// The nearest number of steps; NaN stays NaN, which fits nowhere.
fn steps_of(value: f32, per_unit: f32) -> f32 {
    libm::roundf(value * per_unit)
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], WireError> {
        let (head, rest) = self.bytes.split_at_checked(length).ok_or(WireError::Length)?;
        self.bytes = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let head = self.take(N)?;
        Ok(std::array::from_fn(|byte| head[byte]))
    }
}
