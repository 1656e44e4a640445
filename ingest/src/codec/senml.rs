//! SenML in JSON (RFC 8428): a list of records in which base values carry on, resolved here before anything else sees them.
//!
//! Which property a record is of follows from its name's last part (`accX`, `x` on a stream's topic, `pressure`) or,
//! where only one property has the unit, from the unit. Components of a vector are joined by their time.

mod units;

use std::borrow::Cow;
use std::collections::HashMap;

use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::RejectReason;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use self::units::{Unit, unit};
use super::field::{Field, property};
use super::json::{Cell, complaint};
use super::rejects::shown;
use super::{Clock, Decoded, Record, Rejects, Times};

/// Times below are relative to now (RFC 8428, section 4.5.3).
const RELATIVE: f64 = (1u64 << 28) as f64;
/// The version of SenML that RFC 8428 defines.
const VERSION: f64 = 10.0;

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default, rename = "bn")]
    base_name: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "present", rename = "bt")]
    base_time: Option<Cell>,
    #[serde(borrow, default, rename = "bu")]
    base_unit: Option<Cow<'a, str>>,
    #[serde(default, rename = "bv")]
    base_value: Option<Cell>,
    #[serde(default, rename = "bver")]
    version: Option<Cell>,
    #[serde(borrow, default, rename = "n")]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "u")]
    unit: Option<Cow<'a, str>>,
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

pub(super) fn decode(stream: &str, payload: &[u8], received: Micros) -> Decoded {
    let pack: Vec<Entry<'_>> = match serde_json::from_slice(payload) {
        Ok(pack) => pack,
        Err(error) => return Decoded::reject(RejectReason::Undecodable, complaint(&error)),
    };
    if pack.is_empty() {
        return Decoded::reject(RejectReason::Undecodable, "an empty SenML pack");
    }
    if pack.iter().any(|entry| entry.version.is_some_and(|version| version.0 > VERSION)) {
        return Decoded::reject(RejectReason::Undecodable, "a SenML pack of a version above 10");
    }
    let mut rows = Rows { rejects: Rejects::default(), streams: Vec::new() };
    let mut base = Base { name: "", unit: None, time: 0.0, value: 0.0 };
    for entry in &pack {
        base.carry(entry);
        rows.add(entry, &base, property(stream), received);
    }
    rows.finish()
}

/// What carries on from record to record.
struct Base<'a> {
    name: &'a str,
    unit: Option<&'a str>,
    time: f64,
    value: f64,
}

impl<'a> Base<'a> {
    fn carry(&mut self, entry: &'a Entry<'_>) {
        self.name = entry.base_name.as_deref().unwrap_or(self.name);
        self.unit = entry.base_unit.as_deref().or(self.unit);
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
    fn add(&mut self, entry: &Entry<'_>, base: &Base<'_>, context: Option<ObservedProperty>, received: Micros) {
        let Some(value) = entry.value else {
            let other = entry.text.is_some() || entry.boolean.is_some() || entry.data.is_some() || entry.sum.is_some();
            return self
                .rejects
                .add(RejectReason::UnknownColumn, usize::from(other), || "a SenML record without a number (vb, vs, vd or s)".to_owned());
        };
        let symbol = entry.unit.as_deref().or(base.unit);
        let unit = match symbol.map(unit) {
            Some(Some(unit)) => unit,
            _ => {
                let symbol = symbol.map_or("no unit", shown);
                return self.rejects.add(RejectReason::UnknownUnit, 1, || format!("{symbol}: no property of the hub is measured in it"));
            }
        };
        let Unit::Of { properties, factor, shift } = unit else {
            return self.rejects.add(RejectReason::Private, 1, || "a position was dropped".to_owned());
        };
        let name = entry.name.as_deref().unwrap_or(base.name);
        let last = name.trim_end_matches([':', '/']).rsplit([':', '/', '.']).next().unwrap_or(name);
        let (named, component) = match Field::of(last) {
            Field::Component(property, component) => (property, component),
            Field::Scalar(property) => (Some(property), 0),
            _ => (None, 0),
        };
        let fits = |property: &ObservedProperty| properties.contains(property);
        let only = if let [only] = properties { Some(*only) } else { None };
        let Some(property) = named.filter(fits).or(context.filter(fits)).or(only) else {
            let symbol = symbol.unwrap_or_default();
            return self
                .rejects
                .add(RejectReason::UnknownStream, 1, || format!("{symbol} may be several things: name the record accX, linX or the like"));
        };
        if property.is_vector() && !matches!(Field::of(last), Field::Component(..)) {
            return self
                .rejects
                .add(RejectReason::MissingComponent, 1, || format!("a record of {} that is neither x, y nor z", property.stream()));
        }
        let seconds = base.time + entry.time.map_or(0.0, |time| time.0);
        let now = if seconds < RELATIVE { received } else { 0 };
        // Saturates; normalisation refuses what is out of bounds, and NaN (a `null` time) with it.
        let time = if seconds.is_nan() { Micros::MAX } else { now.saturating_add((seconds * 1e6).round() as Micros) };
        self.put(property, time, component, (base.value + value.0) * factor + shift);
    }

    fn put(&mut self, property: ObservedProperty, time: Micros, component: usize, value: f64) {
        let at = self.streams.iter().position(|stream| stream.property == property).unwrap_or_else(|| {
            self.streams.push(Stream { property, times: Vec::new(), rows: Vec::new(), at: HashMap::new() });
            self.streams.len() - 1
        });
        let stream = &mut self.streams[at];
        if property.is_vector() {
            if let Some(cell @ None) = stream.at.get(&time).map(|&row| &mut stream.rows[row][component]) {
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
            let mut values: [Vec<f64>; 3] = Default::default();
            let mut times = Vec::with_capacity(stream.rows.len());
            let mut missing = 0;
            for (time, row) in stream.times.into_iter().zip(stream.rows) {
                if row[..components].contains(&None) {
                    missing += 1;
                    continue;
                }
                times.push(time);
                values.iter_mut().zip(row).take(components).for_each(|(column, value)| column.extend(value));
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
