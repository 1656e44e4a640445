//! SenML (RFC 8428) from a station: the hub's own reader, record by record, with the names as channels.
//!
//! A record's base name is the device (`urn:dev:ow:10e2073a01080063:`) and is left out. What is before the last `/` of its own
//! name is the channel (`kitchen/temp`), and so is a name that says no property (`kitchen`); URNs are none.

use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::unit::to_canonical;

use super::collect::{Collector, Place};
use super::number;
use super::{Message, Report};
use crate::codec::{SenmlRecord, read_senml};

pub(super) fn decode(message: &Message<'_>) -> Report {
    let mut collector = Collector::new(message.received);
    let rejects = read_senml(message.body, message.received, |record| put(record, &mut collector));
    collector.report().rejects.extend(rejects);
    collector.finish()
}

fn put(record: &SenmlRecord<'_>, collector: &mut Collector) {
    if collector.is_full() {
        return collector.reject(messwerk_lessons::reject::RejectReason::TooLarge, || "more values than a message may have".to_owned());
    }
    let time: Micros = record.time;
    if !collector.at(Some(time)) {
        return;
    }
    let unit = if record.unit == "/" { "1" } else { record.unit };
    // The table of units for SenML knows a few symbols that the algebra of units does not.
    let fits = matches!(to_canonical(unit, record.property), Ok(Some(_)));
    let (value, unit) = if fits { (record.value, unit) } else { (record.canonical, record.property.unit()) };
    let channel = channel(record.name, record.property);
    collector.put(Place { channel, property: record.property, unit }, last(record.name), number::number(value));
}

fn last(name: &str) -> &str {
    name.rsplit(['/', ':']).next().unwrap_or(name)
}

fn channel(name: &str, property: ObservedProperty) -> &str {
    if name.starts_with("urn:") {
        return "";
    }
    let (place, last) = name.rsplit_once('/').unwrap_or(("", name));
    let says = [property.name(), property.stream(), "humidity", "temp"].iter().any(|word| last.eq_ignore_ascii_case(word));
    // Their own property is in the unit already: `voltage`, `current`.
    let says = says || property.name().split('_').any(|word| last.eq_ignore_ascii_case(word));
    if !says && place.is_empty() { last } else { place }
}
