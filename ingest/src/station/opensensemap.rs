//! What senseBoxes post to openSenseMap (its API documentation, "Measurements"): one value, JSON as a list or object, CSV, and its two
//! binary forms. With `?luftdaten=true` or `?hackair=true` the body is theirs.
//!
//! Sensors are named by ids of 24 hexadecimal digits that say nothing; the station's settings have a table of them. Times are RFC 3339,
//! values texts or numbers. Positions are left out unread: where a box stands is the station's, not a reading's.

mod binary;

use std::borrow::Cow;

use messwerk_lessons::reject::RejectReason;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::collect::{Collector, Place};
use super::json::{Scalar, leaves};
use super::number::{self, Value};
use super::{Context, Message, Report, airrohr, time};
use crate::codec::{complaint, shown};

pub(super) use binary::decode as decode_binary;

/// Values of one request, as openSenseMap itself bounds them.
pub(super) const MOST: usize = 2500;

/// An entry of a list.
#[derive(Deserialize)]
struct Posted<'a> {
    #[serde(borrow, alias = "sensorId", alias = "sensor_id")]
    sensor: Cow<'a, str>,
    value: Posting<'a>,
    #[serde(borrow, rename = "createdAt", default)]
    created: Option<Cow<'a, str>>,
    #[serde(default)]
    location: Option<IgnoredAny>,
}

/// A value as a number or as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Posting<'a> {
    Number(f64),
    Text(#[serde(borrow)] Cow<'a, str>),
    Other(IgnoredAny),
}

impl Posting<'_> {
    fn value(&self) -> Value {
        match self {
            Self::Number(number) => number::number(*number),
            Self::Text(text) => number::text(text),
            Self::Other(_) => Value::NoNumber,
        }
    }
}

pub(super) fn decode(message: &Message<'_>, context: &Context) -> Report {
    let asked = |name: &str| message.query.split('&').any(|pair| pair.strip_prefix(name) == Some("=true"));
    if asked("luftdaten") {
        return airrohr::luftdaten(message);
    }
    if asked("hackair") {
        return airrohr::hackair(message);
    }
    if message.content_type.starts_with("application/sbx-bytes") {
        return decode_binary(message, context, message.content_type.starts_with("application/sbx-bytes-ts"));
    }
    let mut collector = Collector::new(message.received);
    let body = message.body.trim_ascii();
    let outcome = match body.first() {
        Some(b'[') => list(body, context, &mut collector),
        Some(b'{') => object(message, context, &mut collector),
        Some(b'<') => Err("HTML or XML instead of data".to_owned()),
        Some(_) => csv(body, context, &mut collector),
        None => Err("an empty body".to_owned()),
    };
    if let Err(complaint) = outcome {
        collector.reject(RejectReason::Undecodable, || complaint);
    }
    collector.finish()
}

fn list(body: &[u8], context: &Context, collector: &mut Collector) -> Result<(), String> {
    let posted: Vec<&serde_json::value::RawValue> = serde_json::from_slice(body).map_err(|error| complaint(&error))?;
    for (index, raw) in posted.iter().enumerate() {
        if index == MOST {
            collector.reject_many(RejectReason::TooLarge, posted.len() - MOST, || format!("more than {MOST} values in a request"));
            break;
        }
        match serde_json::from_str::<Posted<'_>>(raw.get()) {
            Ok(entry) => {
                if entry.location.is_some() {
                    collector.dropped();
                }
                put(&entry.sensor, entry.value.value(), entry.created.as_deref(), context, collector);
            }
            Err(_) => collector.reject(RejectReason::Undecodable, || "an entry without sensor and value".to_owned()),
        }
    }
    Ok(())
}

/// `{"value":1,"createdAt":".."}` for the sensor of the path, or `{"ID":"1","ID":["1","time","position"]}`.
fn object(message: &Message<'_>, context: &Context, collector: &mut Collector) -> Result<(), String> {
    let flat = leaves(message.body).map_err(|_| "no JSON of a known shape".to_owned())?;
    if let Some(value) = flat.get("value") {
        let sensor = message.topic.split('?').next().unwrap_or_default().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let sensor = flat.text("sensor").unwrap_or(Cow::Borrowed(sensor));
        let created = flat.text("createdAt");
        if flat.leaves.iter().any(|(path, _)| path.starts_with("location")) {
            collector.dropped();
        }
        put(&sensor, value.value(), created.as_deref(), context, collector);
        return Ok(());
    }
    for (index, (path, value)) in flat.leaves.iter().enumerate() {
        if index >= 6 * MOST {
            break;
        }
        match path.split_once('.') {
            None => put(path, value.value(), None, context, collector),
            Some((sensor, "0")) => {
                let created = flat.leaves.get(index + 1).filter(|(next, _)| next.strip_prefix(sensor) == Some(".1"));
                let created = created.map(|(_, created)| created).filter(|created| **created != Scalar::Null).map(Scalar::text);
                put(sensor, value.value(), created.as_deref(), context, collector);
            }
            Some((_, "1")) => {}
            Some(_) => collector.dropped(),
        }
    }
    Ok(())
}

/// `ID,value[,time[,longitude,latitude[,height]]]` a line.
fn csv(body: &[u8], context: &Context, collector: &mut Collector) -> Result<(), String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(body);
    for (index, record) in reader.byte_records().enumerate() {
        if index == MOST {
            collector.reject(RejectReason::TooLarge, || format!("more than {MOST} values in a request"));
            break;
        }
        let Ok(record) = record else {
            collector.reject(RejectReason::Undecodable, || "a line that is no CSV".to_owned());
            continue;
        };
        let cell = |index: usize| record.get(index).and_then(|cell| std::str::from_utf8(cell).ok());
        let (Some(sensor), Some(value)) = (cell(0), cell(1)) else {
            collector.reject(RejectReason::Undecodable, || "a line without sensor and value".to_owned());
            continue;
        };
        if record.len() > 3 {
            collector.dropped();
        }
        put(sensor, number::text(value), cell(2).filter(|time| !time.is_empty()), context, collector);
    }
    Ok(())
}

/// One value of a sensor.
pub(super) fn put(sensor: &str, value: Value, created: Option<&str>, context: &Context, collector: &mut Collector) {
    let time = match created.map(time::with_offset) {
        Some(None) => return collector.reject(RejectReason::TimeOutOfRange, || "a time that is not RFC 3339 with an offset".to_owned()),
        read => read.flatten(),
    };
    let Some(known) = context.sensors.get(sensor) else {
        return collector.reject(RejectReason::UnknownStream, || format!("{}: the station's settings know no such sensor", shown(sensor)));
    };
    if collector.at(time) {
        collector.put(Place { channel: known.channel.as_str(), property: known.property, unit: &known.unit }, sensor, value);
    }
}
