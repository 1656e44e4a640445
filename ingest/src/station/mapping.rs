//! Devices that follow no format: somebody is shown what arrived, clicks a field and says what it is.

mod fields;
mod table;

pub use fields::{Found, fields};

use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::RejectReason;
use serde::{Deserialize, Serialize};

use super::collect::{Collector, Place};
use super::json::{Flat, Scalar};
use super::number::{self, Value};
use super::{Channel, Context, Message, NoteKind, Report, time};

/// What the fields of a payload are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    /// The fields that are kept.
    pub fields: Vec<Mapped>,
    /// Which field is the time; without it readings are of their arrival.
    pub time: Option<TimeField>,
    /// Whether numbers in texts have a decimal comma.
    pub comma: bool,
}

/// One field that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapped {
    /// The topic it comes on; of any if empty. Devices that send bare numbers have a topic for each.
    #[serde(default)]
    pub topic: String,
    /// Its path, as [`fields`] lists it: `outdoor.temp`, a form's or column's name, empty for a bare number. A `*` is any number of a
    /// list.
    pub path: String,
    /// Where it is measured.
    #[serde(default)]
    pub channel: Channel,
    /// What it is.
    pub property: ObservedProperty,
    /// In which unit it comes, as a symbol of the hub's.
    pub unit: String,
}

/// The field that is the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeField {
    /// Its path; with a `*` the time of each entry of a list.
    pub path: String,
    /// How it is written.
    pub kind: TimeKind,
}

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeKind {
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
    /// Nanoseconds since 1970.
    Nanoseconds,
    /// With an offset: `2026-01-03T11:43:33+01:00`.
    Offset,
    /// Without one, and UTC.
    Utc,
    /// Without one, in the station's zone.
    Local,
}

pub(super) fn decode(message: &Message<'_>, context: &Context) -> Report {
    let Some(mapping) = &context.mapping else {
        return Report::reject(RejectReason::UnknownStream, "nobody has said yet what the fields of this station are");
    };
    let Flat { leaves, left } = match fields::leaves(message) {
        Ok(found) => found,
        Err(report) => return *report,
    };
    let mut collector = Collector::new(message.received);
    if left > 0 {
        collector.reject(RejectReason::TooLarge, || format!("{left} values too many or too deep"));
    }
    let wanted: Vec<&Mapped> = mapping.fields.iter().filter(|field| field.topic.is_empty() || field.topic == message.topic).collect();
    let mut stamps: Vec<(usize, Option<Micros>)> = match &mapping.time {
        Some(field) => leaves
            .iter()
            .filter_map(|(path, value)| Some((matches(&field.path, path)?, stamp(value, field.kind, message, context, &mut collector))))
            .collect(),
        None => Vec::new(),
    };
    stamps.sort_by_key(|(index, _)| *index);
    let single = mapping.time.as_ref().is_some_and(|field| !field.path.split('.').any(|part| part == "*"));
    let mut met = vec![false; wanted.len()];
    for (path, value) in &leaves {
        for (field, met) in wanted.iter().zip(&mut met) {
            let Some(index) = matches(&field.path, path) else { continue };
            *met = true;
            if collector.is_full() {
                collector.reject(RejectReason::TooLarge, || "more values than a message may have".to_owned());
                continue;
            }
            if mapping.time.is_some() {
                let stamp = if single {
                    stamps.first()
                } else {
                    stamps.binary_search_by_key(&index, |(index, _)| *index).ok().and_then(|at| stamps.get(at))
                };
                match stamp.map(|(_, stamp)| *stamp) {
                    Some(Some(stamp)) => {
                        if !collector.at(Some(stamp)) {
                            continue;
                        }
                    }
                    Some(None) => continue,
                    None => {
                        collector.reject(RejectReason::MissingTime, || "values without the time that the mapping names".to_owned());
                        continue;
                    }
                }
            }
            let place = Place { channel: field.channel.as_str(), property: field.property, unit: &field.unit };
            collector.put(place, if path.is_empty() { "value" } else { path }, read(value, mapping.comma));
        }
    }
    if met.iter().all(|met| !met) {
        collector.reject(RejectReason::UnknownStream, || "none of the mapping's fields is in this message".to_owned());
    } else {
        let absent = wanted.iter().zip(&met).filter(|(field, met)| !**met && !field.path.contains('*'));
        for (field, _) in absent {
            collector.report().note(NoteKind::Absent, 1, crate::codec::shown(&field.path));
        }
    }
    collector.finish()
}

fn read(value: &Scalar, comma: bool) -> Value {
    match value {
        Scalar::Text(text) if comma => number::text(&text.replace(',', ".")),
        value => value.value(),
    }
}

/// The number of the entry if a path is the one that is looked for: 0 where it has no `*`.
fn matches(wanted: &str, path: &str) -> Option<usize> {
    if !wanted.contains('*') {
        return (wanted == path).then_some(0);
    }
    let (mut wanted, mut path, mut index) = (wanted.split('.'), path.split('.'), 0);
    loop {
        match (wanted.next(), path.next()) {
            (None, None) => return Some(index),
            (Some("*"), Some(part)) => index = part.parse().ok()?,
            (Some(one), Some(other)) if one == other => {}
            _ => return None,
        }
    }
}

fn stamp(value: &Scalar, kind: TimeKind, message: &Message<'_>, context: &Context, collector: &mut Collector) -> Option<Micros> {
    let text = value.text();
    let number = || text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let read = match (kind, value) {
        (TimeKind::Nanoseconds, Scalar::Integer(nanos)) => Some(nanos.div_euclid(1000)),
        (TimeKind::Seconds, _) => number().and_then(time::epoch),
        (TimeKind::Milliseconds, _) => number().and_then(|millis| time::epoch(millis / 1e3)),
        (TimeKind::Nanoseconds, _) => text.trim().parse::<i64>().ok().map(|nanos| nanos.div_euclid(1000)),
        (TimeKind::Offset, _) => time::with_offset(&text),
        (TimeKind::Utc, _) => time::utc(&text),
        (TimeKind::Local, _) => match (time::civil(&text), context.zone) {
            (Some(civil), Some(zone)) => collector.local(civil, zone, message.received),
            (_, None) => {
                collector.reject(RejectReason::MissingTime, || "a local time, and the station's settings name no zone".to_owned());
                return None;
            }
            (None, _) => None,
        },
    };
    if read.is_none() {
        collector.reject(RejectReason::TimeOutOfRange, || "a time that is not written as the mapping says".to_owned());
    }
    read
}
