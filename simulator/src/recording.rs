//! Readings that wait to be sent: columns of one or more streams on the sender's own clock.

use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::{Result, ensure};
use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::RunData;

/// One recording of one phone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recording {
    /// The streams, at most one per property.
    pub streams: Vec<Stream>,
    /// What the pupils enter: `length_m` -> 0.421.
    pub inputs: BTreeMap<String, f64>,
}

/// The readings of one property in the order the sensor gave them.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    property: ObservedProperty,
    time: Vec<Micros>,
    values: [Vec<f32>; 3],
    /// When a reading can be sent at the earliest: the latest time up to it, for recordings whose time runs backwards.
    ready: Vec<Micros>,
}

impl Stream {
    /// Takes the columns: `time` on the sender's clock in any order, `values` in the canonical unit (`y` and `z` empty for
    /// scalars; a missing value is NaN).
    ///
    /// # Errors
    /// Columns of different lengths.
    pub fn new(property: ObservedProperty, time: Vec<Micros>, values: [Vec<f32>; 3]) -> Result<Self> {
        for (component, column) in values.iter().enumerate() {
            let expected = if component < property.components() { time.len() } else { 0 };
            ensure!(column.len() == expected, "{}: {} values in component {component}, expected {expected}", property.name(), column.len());
        }
        let ready = time
            .iter()
            .scan(Micros::MIN, |latest, &at| {
                *latest = at.max(*latest);
                Some(*latest)
            })
            .collect();
        Ok(Self { property, time, values, ready })
    }

    /// What was observed.
    pub fn property(&self) -> ObservedProperty {
        self.property
    }

    /// The sender's own times, µs.
    pub fn time(&self) -> &[Micros] {
        &self.time
    }

    /// The columns x, y, z; a scalar has x alone.
    pub fn values(&self) -> &[Vec<f32>; 3] {
        &self.values
    }

    /// As a sensor gives them that was asked for at most `max_hz`: phones offer divisors of their own rate, so every
    /// n-th reading (of 412 Hz every second for 200). A twentieth more is let pass, as the hub lets it: what is faster, like 200 Hz
    /// in thirds for 60, would be thinned there, and nobody could tell that from a loss.
    pub(crate) fn at_most(&self, max_hz: f64) -> Result<Self> {
        let every = (rate(&self.time) / (1.05 * max_hz)).ceil().max(1.0) as usize;
        let time = self.time.iter().step_by(every).copied().collect();
        Self::new(self.property, time, self.values.clone().map(|column| column.into_iter().step_by(every).collect()))
    }

    /// The same readings timed by a clock that runs `factor` times as fast.
    pub(crate) fn stretched(&self, factor: f64) -> Result<Self> {
        let time = self.time.iter().map(|&us| (us as f64 * factor).round() as Micros).collect();
        Self::new(self.property, time, self.values.clone())
    }

    /// How many of the readings from `first` on are there `until` (µs, exclusive).
    pub(crate) fn due(&self, first: usize, until: Micros) -> Range<usize> {
        first..first + self.ready[first..].partition_point(|&at| at < until)
    }

    /// A number for property and values of one reading: what the hub must give back, whatever it does to times. The
    /// spelling of -0 is not kept by every format and does not count.
    pub(crate) fn fingerprint(&self, row: usize) -> u64 {
        let value = |component: usize| self.values[component].get(row).copied();
        fingerprint(self.property, std::array::from_fn(value))
    }

    /// Whether the hub can store a reading: it rejects missing values.
    pub(crate) fn is_finite(&self, row: usize) -> bool {
        self.values.iter().all(|column| column.get(row).is_none_or(|value| value.is_finite()))
    }
}

/// See [`Stream::fingerprint`]. FNV-1a over 13 bytes: collisions among a million readings are as likely as 1 in 10^7.
pub(crate) fn fingerprint(property: ObservedProperty, value: [Option<f32>; 3]) -> u64 {
    let bits = value.into_iter().flat_map(|value| (value.unwrap_or(0.0) + 0.0).to_bits().to_le_bytes());
    std::iter::once(property.code())
        .chain(bits)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

impl Recording {
    /// The number of readings in all streams.
    pub fn readings(&self) -> usize {
        self.streams.iter().map(|stream| stream.time.len()).sum()
    }

    /// The earliest and the latest time, µs; `None` without a reading.
    pub(crate) fn span(&self) -> Option<(Micros, Micros)> {
        let times = || self.streams.iter().flat_map(|stream| stream.time.iter().copied());
        times().min().zip(times().max())
    }

    /// Readings per second of the fastest stream, by its own times; 0 for fewer than two readings.
    pub(crate) fn rate(&self, property: ObservedProperty) -> f64 {
        self.streams.iter().find(|stream| stream.property == property).map_or(0.0, |stream| rate(&stream.time))
    }
}

/// Readings per second; 0 for fewer than two readings.
fn rate(time: &[Micros]) -> f64 {
    match (time.iter().min(), time.iter().max()) {
        (Some(first), Some(last)) if last > first => (time.len() - 1) as f64 * 1e6 / (last - first) as f64,
        _ => 0.0,
    }
}

impl TryFrom<RunData> for Recording {
    type Error = anyhow::Error;

    fn try_from(run: RunData) -> Result<Self> {
        let narrow = |column: Vec<f64>| column.into_iter().map(|value| value as f32).collect::<Vec<_>>();
        let streams = run.streams.into_iter().map(|stream| {
            let time = stream.time.iter().map(|seconds| (seconds * 1e6).round() as Micros).collect();
            Stream::new(stream.property, time, [narrow(stream.x), narrow(stream.y), narrow(stream.z)])
        });
        Ok(Self { streams: streams.collect::<Result<_>>()?, inputs: run.inputs })
    }
}

#[cfg(test)]
mod tests;
