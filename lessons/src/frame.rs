//! Live frames: what the hub sends to a watching browser, ten times a second.
//!
//! A frame holds the windows that changed since the last one, as columns. Little endian:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | magic `MWF1` |
//! | 8 | origin: hub time of window 0, i64 µs |
//! | 4 | window length, u32 µs |
//! | 2 | number of series, u16 |
//!
//! then per series:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | Thing, u64 |
//! | 1 | property code |
//! | 1 | component: 0 x or scalar, 1 y, 2 z, 3 absolute value |
//! | 2 | number of windows n, u16 |
//! | 4 n | window index from the origin, i32, ascending; a missing index is a gap |
//! | 4 n | count of readings, u32 |
//! | 4 n each | mean, min, max, f32 |
//!
//! A window sent again replaces the earlier one.

use crate::Micros;
use crate::id::ThingId;
use crate::quantity::ObservedProperty;

const MAGIC: &[u8; 4] = b"MWF1";
const HEADER: usize = 18;
const SERIES_HEADER: usize = 12;
const WINDOW: usize = 20;

/// Which number of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Component {
    /// The x component of a vector, or the scalar itself.
    X = 0,
    /// The y component of a vector.
    Y = 1,
    /// The z component of a vector.
    Z = 2,
    /// The absolute value of a vector.
    Abs = 3,
}

impl Component {
    /// The components that exist for a property: x, y, z and abs, or the scalar alone.
    pub fn of(property: ObservedProperty) -> &'static [Component] {
        if property.is_vector() { &[Self::X, Self::Y, Self::Z, Self::Abs] } else { &[Self::X] }
    }

    /// What shows a property as one number: how long the vector is, or the scalar.
    pub fn whole(property: ObservedProperty) -> Self {
        if property.is_vector() { Self::Abs } else { Self::X }
    }

    /// The component of a code.
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::X, Self::Y, Self::Z, Self::Abs].into_iter().find(|component| *component as u8 == code)
    }

    /// The name in API and exports: `x`, `y`, `z`, `abs`; a scalar's only component is `value`.
    pub fn name(self, property: ObservedProperty) -> &'static str {
        match self {
            Self::X if !property.is_vector() => "value",
            Self::X => "x",
            Self::Y => "y",
            Self::Z => "z",
            Self::Abs => "abs",
        }
    }
}

/// One window of one series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Index from the frame's origin: the window begins at origin + index · length.
    pub index: i32,
    /// Number of readings, at least 1.
    pub count: u32,
    /// Mean of the readings.
    pub mean: f32,
    /// Smallest reading.
    pub min: f32,
    /// Largest reading.
    pub max: f32,
}

/// The changed windows of one Datastream's component.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Whose.
    pub thing: ThingId,
    /// Of what.
    pub property: ObservedProperty,
    /// Which number.
    pub component: Component,
    /// Ascending by index.
    pub windows: Vec<Window>,
}

/// What one WebSocket message holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Hub time at which window 0 begins.
    pub origin: Micros,
    /// Length of a window in µs.
    pub window: u32,
    /// At most 65,535.
    pub series: Vec<Series>,
}

/// Bytes that are no frame of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// Not the magic `MWF1`: another version of page and hub; reload the page.
    #[error("not a live frame of this version; reload the page")]
    Magic,
    /// Shorter than its own counts say, or longer.
    #[error("a live frame of the wrong length")]
    Length,
    /// A property or component code this version does not know.
    #[error("a live frame with an unknown property or component")]
    Code,
}

impl Frame {
    /// The frame as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let windows: usize = self.series.iter().map(|series| series.windows.len()).sum();
        let mut out = Vec::with_capacity(HEADER + self.series.len() * SERIES_HEADER + windows * WINDOW);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&self.origin.to_le_bytes());
        out.extend_from_slice(&self.window.to_le_bytes());
        // A series longer than its 16-bit count travels as several series of the same Thing.
        let parts = || self.series.iter().flat_map(|series| series.windows.chunks(usize::from(u16::MAX)).map(move |part| (series, part)));
        out.extend_from_slice(&(parts().count() as u16).to_le_bytes());
        for (series, part) in parts() {
            out.extend_from_slice(&series.thing.0.to_le_bytes());
            out.extend_from_slice(&[series.property.code(), series.component as u8]);
            out.extend_from_slice(&(part.len() as u16).to_le_bytes());
            part.iter().for_each(|window| out.extend_from_slice(&window.index.to_le_bytes()));
            part.iter().for_each(|window| out.extend_from_slice(&window.count.to_le_bytes()));
            part.iter().for_each(|window| out.extend_from_slice(&window.mean.to_le_bytes()));
            part.iter().for_each(|window| out.extend_from_slice(&window.min.to_le_bytes()));
            part.iter().for_each(|window| out.extend_from_slice(&window.max.to_le_bytes()));
        }
        out
    }

    /// Reads a frame; the whole of `bytes` must be one.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let mut reader = Reader { bytes };
        if reader.array::<4>()? != *MAGIC {
            return Err(FrameError::Magic);
        }
        let origin = i64::from_le_bytes(reader.array()?);
        let window = u32::from_le_bytes(reader.array()?);
        let count = u16::from_le_bytes(reader.array()?);
        let mut series = Vec::with_capacity(usize::from(count).min(bytes.len() / SERIES_HEADER));
        for _ in 0..count {
            let thing = ThingId(u64::from_le_bytes(reader.array()?));
            let [property, component] = reader.array()?;
            let property = ObservedProperty::from_code(property).ok_or(FrameError::Code)?;
            let component = Component::from_code(component).ok_or(FrameError::Code)?;
            let rows = usize::from(u16::from_le_bytes(reader.array()?));
            let mut columns = Reader { bytes: reader.take(rows * WINDOW)? };
            let index = columns.take(4 * rows)?;
            let counts = columns.take(4 * rows)?;
            let mean = columns.take(4 * rows)?;
            let min = columns.take(4 * rows)?;
            let max = columns.take(4 * rows)?;
            let windows = (0..rows)
                .map(|row| Window {
                    index: i32::from_le_bytes(cell(index, row)),
                    count: u32::from_le_bytes(cell(counts, row)),
                    mean: f32::from_le_bytes(cell(mean, row)),
                    min: f32::from_le_bytes(cell(min, row)),
                    max: f32::from_le_bytes(cell(max, row)),
                })
                .collect();
            series.push(Series { thing, property, component, windows });
        }
        if reader.bytes.is_empty() { Ok(Self { origin, window, series }) } else { Err(FrameError::Length) }
    }
}

fn cell(column: &[u8], row: usize) -> [u8; 4] {
    std::array::from_fn(|byte| column[4 * row + byte])
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], FrameError> {
        let (head, rest) = self.bytes.split_at_checked(length).ok_or(FrameError::Length)?;
        self.bytes = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], FrameError> {
        let head = self.take(N)?;
        Ok(std::array::from_fn(|byte| head[byte]))
    }
}

#[cfg(test)]
mod tests;
