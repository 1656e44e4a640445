//! An object of columns: phyphox mqtt/json and http/post, and Messwerk's own JSON, whose shape is the same.
//!
//! What phyphox's two clients differ in is all accepted: keys in any order (its maps have none), `3` for 3.0 and
//! `1.0E-4`, `null` or a missing key for NaN, a number where the template asked for a number and a list where it asked for
//! the buffer, several streams in one body. A reading's reasons are counted once, in the order component, time, length.

use std::fmt;

use messwerk_lessons::observation::BatchKey;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::RejectReason;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::field::{Field, property};
use super::json::{Cells, complaint};
use super::{Clock, Decoded, MAX_COLUMNS, Record, Rejects, Times, sensor_logger};

/// Components by letter, for messages.
const AXES: [char; 3] = ['X', 'Y', 'Z'];

pub(super) fn decode(stream: &str, payload: &[u8]) -> Decoded {
    let mut members = Members::default();
    let mut document = serde_json::Deserializer::from_slice(payload);
    if let Err(error) = document.deserialize_map(&mut members).and_then(|()| document.end()) {
        return Decoded::reject(RejectReason::Undecodable, complaint(&error));
    }
    if members.count > MAX_COLUMNS {
        return Decoded::reject(RejectReason::TooLarge, format!("more than {MAX_COLUMNS} columns in one packet"));
    }
    if members.is_push {
        return sensor_logger::decode(payload);
    }
    if members.count == 0 {
        return Decoded::reject(RejectReason::Undecodable, "an object without columns");
    }
    members.finish(stream)
}

/// In place: a packet of one reading is as small as what would be moved.
impl<'de> Visitor<'de> for &mut Members {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of columns")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(field) = map.next_key::<Field>()? {
            self.count += 1;
            match field {
                _ if self.count > MAX_COLUMNS => drop(map.next_value::<IgnoredAny>()?),
                Field::Component(property, component) => self.values(property, component, map.next_value()?),
                Field::Scalar(property) => self.values(Some(property), 0, map.next_value()?),
                field => self.add(field, map.next_value()?),
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Field;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column's name")
            }
            fn visit_str<E>(self, name: &str) -> Result<Field, E> {
                Ok(Field::of(name))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

/// The columns of one stream as they are found.
pub(crate) struct Columns {
    pub(crate) property: ObservedProperty,
    pub(crate) times: Option<Times>,
    pub(crate) values: [Option<Vec<f32>>; 3],
}

impl Columns {
    pub(crate) fn new(property: ObservedProperty) -> Self {
        Self { property, times: None, values: [None, None, None] }
    }

    /// Cuts the columns to the shortest and makes a record of them; what is left over or incomplete is rejected.
    pub(crate) fn into_record(self, key: Option<BatchKey>, rejects: &mut Rejects) -> Option<Record> {
        let Self { property, times, mut values } = self;
        let stream = property.stream();
        let rows = values.iter().flatten().map(Vec::len).max().unwrap_or(0);
        let used = &mut values[..property.components()];
        let longest = times.as_ref().map_or(rows, |times| times.len().max(rows));
        if let Some(missing) = used.iter().position(Option::is_none) {
            rejects.add(RejectReason::MissingComponent, longest, || match property.is_vector() {
                true => format!("{stream}{} is missing: a reading of {stream} needs {stream}X, {stream}Y and {stream}Z", AXES[missing]),
                false => format!("a time column of {stream} without {stream}"),
            });
            return None;
        }
        let Some(mut times) = times else {
            rejects.add(RejectReason::MissingTime, rows, || format!("{stream} has no time column: send t or {stream}_time in seconds"));
            return None;
        };
        let shortest = used.iter().flatten().map(Vec::len).fold(times.len(), usize::min);
        rejects.add(RejectReason::LengthMismatch, longest - shortest, || {
            format!("columns of {stream} have {shortest} to {longest} values: what is beyond the shortest is left out")
        });
        if shortest == 0 {
            return None;
        }
        match &mut times {
            Times::Seconds(times) => times.truncate(shortest),
            Times::Micros(times) => times.truncate(shortest),
        }
        let values = values.map(|column| {
            let mut column = column.unwrap_or_default();
            column.truncate(shortest);
            column
        });
        Some(Record { property, times, values, key })
    }
}

/// The members of an object, sorted by what their names say.
#[derive(Default)]
struct Members {
    /// All of them, also what is beyond [`MAX_COLUMNS`] and unread.
    count: usize,
    /// It is Sensor Logger's.
    is_push: bool,
    streams: Vec<Columns>,
    /// x, y and z of the stream that topic or body name, which may be known only at the end.
    nameless: [Option<Vec<f32>>; 3],
    /// What the body says of that: a stream's name, or something else.
    told: Option<Option<ObservedProperty>>,
    time: Option<Vec<f64>>,
    start: Option<Cells>,
    differences: Option<Vec<f64>>,
    boot: Option<Cells>,
    sequence: Option<Cells>,
    offset: Option<i64>,
    uncertainty: Option<i64>,
    clock: Option<Clock>,
    rejects: Rejects,
    dropped: u32,
}

impl Members {
    /// Adds a column of values.
    fn values(&mut self, property: Option<ObservedProperty>, component: usize, cells: Cells<f32>) {
        match (cells, property) {
            // Known by its shape: the template's author chooses the name.
            (Cells::Clock(clock), _) => self.clock = Some(Clock::Phone(clock)),
            (cells, Some(property)) => self.component(property, component, cells.into_column()),
            (cells, None) => self.nameless[component] = Some(cells.into_column()),
        }
    }

    /// Adds any other member.
    fn add(&mut self, field: Field, cells: Cells) {
        match (field, cells) {
            (_, Cells::Clock(clock)) => self.clock = Some(Clock::Phone(clock)),
            (Field::Time(None), cells) => self.time = Some(cells.into_column()),
            (Field::Time(Some(property)), cells) => self.stream(property).times = Some(Times::Seconds(cells.into_column())),
            (Field::Boot, cells) => self.boot = Some(cells),
            (Field::Sequence, cells) => self.sequence = Some(cells),
            (Field::Start, cells) => self.start = Some(cells),
            (Field::Differences, cells) => self.differences = Some(cells.into_column()),
            (Field::Offset, Cells::Integer(us)) => self.offset = Some(us),
            (Field::Uncertainty, Cells::Integer(us)) => self.uncertainty = Some(us),
            (Field::Offset | Field::Uncertainty, _) => {
                self.rejects.add(RejectReason::UnknownColumn, 1, || "offset and uncertainty are whole microseconds".to_owned());
            }
            (Field::Stream, Cells::Text(name)) => {
                self.told.get_or_insert(property(&name));
            }
            (Field::Stream, _) => {
                self.told.get_or_insert(None);
            }
            (Field::Payload, _) => self.is_push = true,
            (Field::Identifier, Cells::Null) => {}
            (Field::Identifier, _) => self.dropped += 1,
            (Field::Unknown(name), _) => self.rejects.add(RejectReason::UnknownColumn, 1, || format!("no stream has a column {name}")),
            // Read as values.
            (Field::Component(..) | Field::Scalar(_), _) => {}
        }
    }

    fn stream(&mut self, property: ObservedProperty) -> &mut Columns {
        let at = self.streams.iter().position(|columns| columns.property == property).unwrap_or_else(|| {
            self.streams.push(Columns::new(property));
            self.streams.len() - 1
        });
        &mut self.streams[at]
    }

    fn component(&mut self, property: ObservedProperty, component: usize, column: Vec<f32>) {
        if component < property.components() {
            self.stream(property).values[component] = Some(column);
        } else {
            self.rejects.add(RejectReason::UnknownColumn, 1, || format!("{} is a scalar: send it as x or {0}", property.stream()));
        }
    }

    /// Gives x, y and z without a stream's name to the one that topic or body name, be it by a time column only.
    fn name(&mut self, topic: Option<ObservedProperty>) {
        let contradiction = matches!((self.told, topic), (Some(told), Some(topic)) if told != Some(topic));
        let timed = || match &self.streams[..] {
            [only] if only.times.is_some() && only.values.iter().all(Option::is_none) && self.time.is_none() => Some(only.property),
            _ => None,
        };
        let context = match (contradiction, self.told) {
            (true, _) => None,
            (false, Some(told)) => told.or(topic),
            (false, None) => topic.or_else(timed),
        };
        let mut nameless = 0;
        for (component, column) in std::mem::take(&mut self.nameless).into_iter().enumerate() {
            match (column, context) {
                (Some(column), Some(property)) => self.component(property, component, column),
                (Some(column), None) => nameless = nameless.max(column.len()),
                (None, _) => {}
            }
        }
        self.rejects.add(RejectReason::UnknownStream, nameless, || match contradiction {
            true => "the topic and the member \"stream\" name different streams".to_owned(),
            false => "x, y and z of no known stream: publish to in/TOKEN/acc, name the columns accX, accY, accZ or add \"stream\":\"acc\""
                .to_owned(),
        });
    }

    fn finish(mut self, stream: &str) -> Decoded {
        let nothing = self.streams.is_empty() && self.nameless.iter().all(Option::is_none) && self.time.is_none();
        if nothing && self.clock.is_none() && self.rejects.is_empty() && self.dropped == 0 {
            return Decoded::reject(RejectReason::Undecodable, "an object without columns");
        }
        self.name(property(stream));
        let key = self.key();
        let mut shared = self.shared_times();
        let mut records = Vec::with_capacity(self.streams.len());
        let last = self.streams.len().saturating_sub(1);
        for (index, mut columns) in self.streams.into_iter().enumerate() {
            if columns.times.is_none() {
                columns.times = if index == last { shared.take() } else { shared.clone() };
            }
            records.extend(columns.into_record(key, &mut self.rejects));
        }
        let clock = match (self.clock, self.offset) {
            (Some(clock), _) => clock,
            (None, Some(offset)) => Clock::Offset(offset, self.uncertainty.unwrap_or(0).max(0)),
            (None, None) => Clock::Unknown,
        };
        Decoded { records, column: None, clock, rejects: self.rejects, dropped: self.dropped }
    }

    /// The sender's own number, if it is whole.
    fn key(&mut self) -> Option<BatchKey> {
        let boot = match self.boot.take()? {
            Cells::Text(hex) if hex.len() == 16 => u64::from_str_radix(&hex, 16).ok(),
            _ => None,
        };
        let sequence = match self.sequence.take() {
            Some(Cells::Integer(number)) => u64::try_from(number).ok(),
            _ => None,
        };
        match (boot, sequence) {
            (Some(boot), Some(sequence)) => Some(BatchKey { boot, sequence }),
            _ => {
                self.rejects.add(RejectReason::UnknownColumn, 1, || {
                    "boot has 16 hexadecimal digits and comes with a whole seq; stored without a number".to_owned()
                });
                None
            }
        }
    }

    /// The times of the streams that have none of their own.
    fn shared_times(&mut self) -> Option<Times> {
        if let Some(time) = self.time.take() {
            return Some(Times::Seconds(time));
        }
        match (self.start.take()?, self.differences.take()) {
            (Cells::Integer(start), Some(differences)) => {
                // The cast saturates, the sum is checked against its bounds by normalisation.
                Some(Times::Micros(
                    differences.iter().map(|&us| if us.is_finite() { start.saturating_add(us.round() as i64) } else { i64::MAX }).collect(),
                ))
            }
            _ => {
                self.rejects.add(RejectReason::UnknownColumn, 1, || {
                    "t0 is a whole number of microseconds and comes with dt; or send t in seconds".to_owned()
                });
                None
            }
        }
    }
}
