//! Rows in the order (thing, property, run, time) as recordings, one Thing after the other.

use std::collections::{BTreeMap, VecDeque};

use arrow::datatypes::{Float32Type, TimestampMicrosecondType, UInt8Type, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{RunData, StreamData};

use super::{ATTEMPT, READINGS, RUNS};
use crate::columns::column;
use crate::error::Result;
use crate::plan::Since;

/// Time and components of the newest readings of a Run and property.
type Readings = VecDeque<(Micros, [f32; 3])>;

/// One recording: the Run of that number of each property.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    pub(super) run: u32,
    streams: BTreeMap<ObservedProperty, Readings>,
}

impl Recorded {
    /// Its first time.
    pub(super) fn from(&self) -> Option<Micros> {
        self.streams.values().filter_map(|readings| readings.front()).map(|(time, _)| *time).min()
    }

    /// Its last time. It says which Take a Run belongs to; its first may lie before the start, for an app sends at once what it
    /// measured since it sent last.
    pub(super) fn to(&self) -> Option<Micros> {
        self.streams.values().filter_map(|readings| readings.back()).map(|(time, _)| *time).max()
    }

    /// Its readings of all properties.
    fn len(&self) -> usize {
        self.streams.values().map(VecDeque::len).sum()
    }

    /// As the analysis reads it: seconds from the first reading, f64.
    pub(super) fn data(self, inputs: BTreeMap<String, f64>) -> RunData {
        let zero = self.from().unwrap_or(0);
        let streams = self.streams.into_iter().map(|(property, readings)| {
            let component = |number: usize| readings.iter().map(|(_, value)| f64::from(value[number])).collect();
            let other = |number| if property.is_vector() { component(number) } else { vec![] };
            let time = readings.iter().map(|(time, _)| (time - zero) as f64 / 1e6).collect();
            StreamData { property, time, x: component(0), y: other(1), z: other(2) }
        });
        RunData { streams: streams.collect(), inputs }
    }
}

/// From where on the rows of a Thing must be read again to find these Runs, its newest: oldest first. By Run, not by time: a
/// newer Run may lie earlier in time, for a phone's clock may be set.
pub(super) fn since(runs: &[Recorded], properties: usize) -> Option<Since> {
    let oldest = runs.first()?;
    // Of a Run whose every kind of reading is cut to the newest, earlier ones would be cut again.
    let cut = oldest.streams.values().filter(|readings| readings.len() == READINGS).count() == properties;
    let time = oldest.from().filter(|_| cut).unwrap_or(Micros::MIN);
    // Runs count from 1: there may be older ones whose readings come late.
    (runs.len() == RUNS || oldest.run == 1).then_some((oldest.run, time))
}

/// Gathers the Runs of a Thing until the next one begins.
#[derive(Debug, Default)]
pub(super) struct Collector {
    thing: Option<ThingId>,
    runs: BTreeMap<u32, Recorded>,
}

impl Collector {
    /// The Things that are complete with this batch, each with its newest Runs, oldest first.
    pub(super) fn push(&mut self, batch: &RecordBatch) -> Result<Vec<(ThingId, Vec<Recorded>)>> {
        let things = column::<UInt64Type>(batch, "thing")?.values();
        let properties = column::<UInt8Type>(batch, "property")?.values();
        let runs = column::<UInt32Type>(batch, "run")?.values();
        let times = column::<TimestampMicrosecondType>(batch, "time")?.values();
        // The values of a null are zeros, and nobody reads y and z of a scalar.
        let [x, y, z] = ["x", "y", "z"].map(|name| column::<Float32Type>(batch, name));
        let [x, y, z] = [x?.values(), y?.values(), z?.values()];
        let mut complete = vec![];
        for row in 0..batch.num_rows() {
            let thing = ThingId(things[row]);
            if self.thing != Some(thing) {
                complete.extend(self.finish());
                self.thing = Some(thing);
            }
            let Some(property) = ObservedProperty::from_code(properties[row]) else { continue };
            let recorded = self.runs.entry(runs[row]).or_insert_with(|| Recorded { run: runs[row], ..Recorded::default() });
            let readings = recorded.streams.entry(property).or_default();
            if readings.len() == READINGS {
                readings.pop_front();
            }
            readings.push_back((times[row], [x[row], y[row], z[row]]));
            if self.runs.len() > RUNS {
                self.forget_one();
            }
        }
        Ok(complete)
    }

    /// Forgets the oldest Run that is no attempt, or else the oldest. The newest has only begun.
    fn forget_one(&mut self) {
        let older = self.runs.len().saturating_sub(1);
        let short = self.runs.iter().take(older).find(|(_, recorded)| recorded.len() < ATTEMPT);
        if let Some(run) = short.or(self.runs.first_key_value()).map(|(run, _)| *run) {
            self.runs.remove(&run);
        }
    }

    /// The last Thing.
    pub(super) fn finish(&mut self) -> Option<(ThingId, Vec<Recorded>)> {
        let runs = std::mem::take(&mut self.runs);
        self.thing.take().map(|thing| (thing, runs.into_values().collect()))
    }
}
