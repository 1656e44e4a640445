//! OGC SensorThings API 1.1: Observations of a Datastream, one by one or many at once (CreateObservations, "Data Array Extension").
//!
//! A Datastream is a number or text that says nothing; the station's settings have a table of them. A time may be an interval
//! `start/end`, whose end counts; without one it is the arrival, as the standard has the server do.

use std::borrow::Cow;

use messwerk_lessons::Micros;
use messwerk_lessons::reject::RejectReason;
use serde::Deserialize;

use super::collect::{Collector, Place};
use super::json::{Scalar, leaves};
use super::{Context, MAX_VALUES, Message, Report, time};
use crate::codec::{complaint, shown};

pub(super) fn decode(message: &Message<'_>, context: &Context) -> Report {
    let mut collector = Collector::new(message.received);
    match message.body.trim_ascii_start().first() {
        Some(b'[') => match serde_json::from_slice::<Vec<Arrays<'_>>>(message.body) {
            Ok(arrays) => arrays.iter().for_each(|array| array.put(context, &mut collector)),
            Err(error) => return Report::reject(RejectReason::Undecodable, complaint(&error)),
        },
        _ => {
            let flat = match leaves(message.body) {
                Ok(flat) => flat,
                Err(report) => return *report,
            };
            let Some(result) = flat.get("result") else {
                return Report::reject(RejectReason::Undecodable, "an Observation without a result");
            };
            let stream = of_path(message.topic).map(str::to_owned).or_else(|| flat.text("Datastream.@iot.id").map(Cow::into_owned));
            let stamp = flat.text("phenomenonTime");
            put(&stream.unwrap_or_default(), stamp.as_deref(), result, context, &mut collector);
        }
    }
    collector.finish()
}

/// `999` of `v1.1/Datastreams(999)/Observations`; text ids are in single quotes.
fn of_path(path: &str) -> Option<&str> {
    let (_, rest) = path.split_once("Datastreams(")?;
    Some(rest.split_once(')')?.0.trim_matches('\''))
}

fn put(stream: &str, stamp: Option<&str>, result: &Scalar, context: &Context, collector: &mut Collector) {
    let Some(known) = context.sensors.get(stream) else {
        return collector
            .reject(RejectReason::UnknownStream, || format!("{}: the station's settings know no such Datastream", shown(stream)));
    };
    let time = match stamp.filter(|stamp| !stamp.is_empty()).map(end) {
        Some(None) => {
            return collector.reject(RejectReason::TimeOutOfRange, || "a phenomenonTime that is not ISO 8601 with an offset".to_owned());
        }
        read => read.flatten(),
    };
    if collector.at(time) {
        collector.put(Place { channel: known.channel.as_str(), property: known.property, unit: &known.unit }, "result", result.value());
    }
}

/// A time, or the end of an interval.
fn end(text: &str) -> Option<Micros> {
    time::with_offset(text.rsplit('/').next().unwrap_or(text))
}

/// One entry of CreateObservations.
#[derive(Deserialize)]
struct Arrays<'a> {
    #[serde(rename = "Datastream")]
    datastream: Reference,
    #[serde(borrow)]
    components: Vec<Cow<'a, str>>,
    #[serde(rename = "dataArray")]
    rows: Vec<Vec<Cell>>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(rename = "@iot.id")]
    id: Cell,
}

impl Arrays<'_> {
    fn put(&self, context: &Context, collector: &mut Collector) {
        let at = |name: &str| self.components.iter().position(|component| component == name);
        let (Some(result), stamp) = (at("result"), at("phenomenonTime")) else {
            return collector
                .reject_many(RejectReason::Undecodable, self.rows.len().max(1), || "a dataArray without the component result".to_owned());
        };
        let stream = self.datastream.id.0.text();
        for (index, row) in self.rows.iter().enumerate() {
            if collector.is_full() {
                return collector.reject_many(RejectReason::TooLarge, self.rows.len() - index, || format!("more than {MAX_VALUES} values"));
            }
            let stamp = stamp.and_then(|at| row.get(at)).map(|cell| cell.0.text());
            match row.get(result) {
                Some(cell) => put(&stream, stamp.as_deref(), &cell.0, context, collector),
                None => collector.reject(RejectReason::LengthMismatch, || "a row that is shorter than its components".to_owned()),
            }
        }
    }
}

/// A cell of a row; lists and objects (features, positions) are skipped.
#[derive(Deserialize)]
#[serde(from = "serde_json::Value")]
struct Cell(Scalar);

impl From<serde_json::Value> for Cell {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        Self(match value {
            Value::Number(number) => number.as_i64().map_or_else(|| Scalar::Number(number.as_f64().unwrap_or(f64::NAN)), Scalar::Integer),
            Value::Bool(yes) => Scalar::Bool(yes),
            Value::String(text) => Scalar::Text(text.chars().take(64).collect()),
            Value::Null | Value::Array(_) | Value::Object(_) => Scalar::Null,
        })
    }
}
