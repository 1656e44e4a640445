//! SenML in JSON (RFC 8428): a list of records in which base values carry on, resolved here before anything else sees them.
//!
//! Which property a record is of follows from its name's last part (`accX`, `x` on a stream's topic, `pressure`) or,
//! where the unit leaves no doubt, from the unit. Components of a vector are joined by their time.

mod units;

use std::collections::HashMap;
use std::fmt;

use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::RejectReason;
use serde::de::{DeserializeSeed, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use self::units::{Unit, unit};
use super::field::{Field, property};
use super::json::{Cell, Text, complaint};
use super::rejects::shown;
use super::{Clock, Decoded, Record, Rejects, Times};

/// Times below are relative to now (RFC 8428, section 4.5.3).
const RELATIVE: f64 = (1u64 << 28) as f64;
/// The version of SenML that RFC 8428 defines.
const VERSION: f64 = 10.0;

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default, rename = "bn")]
    base_name: Option<Text<'a>>,
    #[serde(default, deserialize_with = "present", rename = "bt")]
    base_time: Option<Cell>,
    #[serde(borrow, default, rename = "bu")]
    base_unit: Option<Text<'a>>,
    #[serde(default, rename = "bv")]
    base_value: Option<Cell>,
    #[serde(default, rename = "bver")]
    version: Option<Cell>,
    #[serde(borrow, default, rename = "n")]
    name: Option<Text<'a>>,
    #[serde(borrow, default, rename = "u")]
    unit: Option<Text<'a>>,
    #[serde(default, deserialize_with = "present", rename = "v")]
    value: Option<Cell>,
    #[serde(default, rename = "vs")]
    text: Option<IgnoredAny>,
    #[serde(default, rename = "vb")]
    boolean: Option<IgnoredAny>,
    #[serde(default, rename = "vd")]
    data: Option<IgnoredAny>,
    #[serde(default, rename = "s")]
    sum: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present", rename = "t")]
    time: Option<Cell>,
}

/// A number that is there, even as `null`, which is not the same as none.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cell>, D::Error> {
    Cell::deserialize(deserializer).map(Some)
}

/// A record with its base values put in, as it is handed to who keeps names and units.
#[derive(Debug)]
pub(crate) struct SenmlRecord<'a> {
    /// Its own name, without the base name.
    pub(crate) name: &'a str,
    /// Of what.
    pub(crate) property: ObservedProperty,
    /// The symbol of its unit.
    pub(crate) unit: &'a str,
    /// The value in that unit.
    pub(crate) value: f64,
    /// The value in the property's canonical unit.
    pub(crate) canonical: f64,
    /// When, µs of UTC; out of bounds where it is none.
    pub(crate) time: Micros,
}

/// Hands the scalar records of a pack over one by one; what could not be read is returned. Vectors are no station's.
pub(crate) fn read_senml(payload: &[u8], received: Micros, mut each: impl FnMut(&SenmlRecord<'_>)) -> Rejects {
    let mut each = |record: &SenmlRecord<'_>, rejects: &mut Rejects| {
        if record.property.is_vector() {
            rejects.add(RejectReason::UnknownStream, 1, || format!("{}: a vector, which no station measures", record.property.stream()));
        } else {
            each(record);
        }
    };
    read("", payload, received, Some(&mut each)).rejects
}

pub(super) fn decode(stream: &str, payload: &[u8], received: Micros) -> Decoded {
    read(stream, payload, received, None)
}

/// Takes records instead of rows.
type Each<'a> = &'a mut dyn FnMut(&SenmlRecord<'_>, &mut Rejects);

fn read(stream: &str, payload: &[u8], received: Micros, each: Option<Each<'_>>) -> Decoded {
    let mut document = serde_json::Deserializer::from_slice(payload);
    let pack = Pack { context: property(stream), received, each };
    let read = match pack.deserialize(&mut document).and_then(|read| document.end().map(|()| read)) {
        Ok(read) => read,
        Err(error) => return Decoded::reject(RejectReason::Undecodable, complaint(&error)),
    };
    match read {
        Read { records: 0, .. } => Decoded::reject(RejectReason::Undecodable, "an empty SenML pack"),
        Read { too_new: true, .. } => Decoded::reject(RejectReason::Undecodable, "a SenML pack of a version above 10"),
        Read { rows, .. } => rows.finish(),
    }
}

/// Resolves records one by one as they are read: a list of them would take a hundred times their bytes.
struct Pack<'e> {
    context: Option<ObservedProperty>,
    received: Micros,
    each: Option<Each<'e>>,
}

struct Read {
    rows: Rows,
    records: usize,
    too_new: bool,
}

impl<'de> DeserializeSeed<'de> for Pack<'_> {
    type Value = Read;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Pack<'_> {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Read, A::Error> {
        let rows = Rows { rejects: Rejects::default(), streams: Vec::new() };
        let mut read = Read { rows, records: 0, too_new: false };
        let mut base = Base { name: None, unit: None, time: 0.0, value: 0.0 };
        while let Some(mut entry) = seq.next_element::<Entry<'de>>()? {
            read.records += 1;
            read.too_new |= entry.version.is_some_and(|version| version.0 > VERSION);
            base.carry(&mut entry);
            read.rows.add(&entry, &base, self.context, self.received, &mut self.each);
        }
        Ok(read)
    }
}

/// What carries on from record to record.
struct Base<'a> {
    name: Option<Text<'a>>,
    unit: Option<Text<'a>>,
    time: f64,
    value: f64,
}

impl<'a> Base<'a> {
    fn carry(&mut self, entry: &mut Entry<'a>) {
        if let Some(name) = entry.base_name.take() {
            self.name = Some(name);
        }
        if let Some(unit) = entry.base_unit.take() {
            self.unit = Some(unit);
        }
        self.time = entry.base_time.map_or(self.time, |time| time.0);
        self.value = entry.base_value.map_or(self.value, |value| value.0);
    }
}

/// The rows of one property, joined by time.
struct Stream {
    property: ObservedProperty,
    times: Vec<Micros>,
    rows: Vec<[Option<f64>; 3]>,
    /// The newest row of each time; only for vectors.
    at: HashMap<Micros, usize>,
}

struct Rows {
    streams: Vec<Stream>,
    rejects: Rejects,
}

impl Rows {
    fn add(
        &mut self,
        entry: &Entry<'_>,
        base: &Base<'_>,
        context: Option<ObservedProperty>,
        received: Micros,
        each: &mut Option<Each<'_>>,
    ) {
        let Some(value) = entry.value else {
            let other = entry.text.is_some() || entry.boolean.is_some() || entry.data.is_some() || entry.sum.is_some();
            return self
                .rejects
                .add(RejectReason::UnknownColumn, usize::from(other), || "a SenML record without a number (vb, vs, vd or s)".to_owned());
        };
        let symbol = entry.unit.as_ref().or(base.unit.as_ref()).map(|unit| &*unit.0);
        let unit = match symbol.map(unit) {
            Some(Some(unit)) => unit,
            _ => {
                let symbol = symbol.map_or("no unit", shown);
                return self.rejects.add(RejectReason::UnknownUnit, 1, || format!("{symbol}: no property of the hub is measured in it"));
            }
        };
        let Unit::Of { properties, plain, factor, shift } = unit else {
            return self.rejects.add(RejectReason::Private, 1, || "a position was dropped".to_owned());
        };
        let name = entry.name.as_ref().or(base.name.as_ref()).map_or("", |name| &*name.0);
        let last = name.trim_end_matches([':', '/']).rsplit([':', '/', '.']).next().unwrap_or(name);
        let (named, component) = match Field::of(last) {
            Field::Component(property, component) => (property, Some(component)),
            Field::Scalar(property) => (Some(property), None),
            _ => (None, None),
        };
        let fits = |property: &ObservedProperty| properties.contains(property);
        let Some(property) = named.filter(fits).or(context.filter(fits)).or(plain) else {
            let symbol = symbol.unwrap_or_default();
            return self
                .rejects
                .add(RejectReason::UnknownStream, 1, || format!("{symbol} may be several things: name the record accX, linX or the like"));
        };
        if property.is_vector() && component.is_none() && each.is_none() {
            return self
                .rejects
                .add(RejectReason::MissingComponent, 1, || format!("a record of {} that is neither x, y nor z", property.stream()));
        }
        let seconds = base.time + entry.time.map_or(0.0, |time| time.0);
        let now = if seconds < RELATIVE { received } else { 0 };
        // Saturates; normalisation refuses what is out of bounds, and NaN (a `null` time) with it.
        let time = if seconds.is_nan() { Micros::MAX } else { now.saturating_add((seconds * 1e6).round() as Micros) };
        let value = base.value + value.0;
        let canonical = value * factor + shift;
        match each {
            Some(each) => {
                let name = entry.name.as_ref().map_or("", |name| &*name.0);
                let record = SenmlRecord { name, property, unit: symbol.unwrap_or_default(), value, canonical, time };
                each(&record, &mut self.rejects);
            }
            None => self.put(property, time, component.unwrap_or(0), canonical),
        }
    }

    fn put(&mut self, property: ObservedProperty, time: Micros, component: usize, value: f64) {
        let at = self.streams.iter().position(|stream| stream.property == property).unwrap_or_else(|| {
            self.streams.push(Stream { property, times: Vec::new(), rows: Vec::new(), at: HashMap::new() });
            self.streams.len() - 1
        });
        let stream = &mut self.streams[at];
        if property.is_vector() {
            // Most senders write x, y and z of a reading one after the other.
            let row = if stream.times.last() == Some(&time) { Some(stream.rows.len() - 1) } else { stream.at.get(&time).copied() };
            if let Some(cell @ None) = row.map(|row| &mut stream.rows[row][component]) {
                *cell = Some(value);
                return;
            }
            stream.at.insert(time, stream.rows.len());
        }
        let mut row = [None; 3];
        row[component] = Some(value);
        stream.times.push(time);
        stream.rows.push(row);
    }

    fn finish(mut self) -> Decoded {
        let mut records = Vec::with_capacity(self.streams.len());
        for stream in self.streams {
            let components = stream.property.components();
            let mut values: [Vec<f32>; 3] = Default::default();
            let mut times = Vec::with_capacity(stream.rows.len());
            let mut missing = 0;
            for (time, row) in stream.times.into_iter().zip(stream.rows) {
                if row[..components].contains(&None) {
                    missing += 1;
                    continue;
                }
                times.push(time);
                values.iter_mut().zip(row).take(components).for_each(|(column, value)| column.extend(value.map(|value| value as f32)));
            }
            self.rejects.add(RejectReason::MissingComponent, missing, || {
                format!("readings of {} without x, y or z at the same time", stream.property.stream())
            });
            if !times.is_empty() {
                records.push(Record { property: stream.property, times: Times::Micros(times), values, key: None });
            }
        }
        // Relative times have become hub time already; absolute ones are the sender's UTC. Both count from 1970.
        Decoded { records, column: None, clock: Clock::Utc, rejects: self.rejects, dropped: 0 }
    }
}
