//! openSenseMap's boxes, read for comparison: the newest values of a box, and the table of one sensor.

use std::collections::BTreeMap;

use messwerk_lessons::Micros;
use messwerk_lessons::reject::RejectReason;
use messwerk_lessons::unit::symbol;

use super::{Feed, Refusal, no_page};
use crate::codec::shown;
use crate::station::collect::{Collector, Place};
use crate::station::json::flatten;
use crate::station::{Channel, Learned, kinds, number, time};

/// Reads `/boxes/:id/sensors`: the newest value of each sensor, and what each sensor's id stands for (for [`box_csv`]). A sensor's
/// title and unit say what it measures, in English or German; its type (`BME680`) is the channel. A sensor whose title says nothing is a Reject.
///
/// # Errors
/// A web page, or no such answer.
pub fn box_sensors(bytes: &[u8], received: Micros) -> Result<(Feed, BTreeMap<String, Learned>), Refusal> {
    no_page(bytes)?;
    let flat = flatten(bytes).map_err(|_| Refusal::Unknown("box of openSenseMap"))?;
    let mut collector = Collector::new(received);
    let mut known = BTreeMap::new();
    let ids = flat.leaves.iter().filter_map(|(path, id)| Some((path.strip_prefix("sensors.")?.strip_suffix("._id")?, id.text())));
    let mut sensors = 0;
    for (index, id) in ids.filter(|(index, _)| !index.contains('.')) {
        sensors += 1;
        let text = |key: &str| flat.text(&format!("sensors.{index}.{key}")).unwrap_or_default();
        let unit = symbol(&text("unit"));
        let Some((unit, property)) = unit.and_then(|unit| kinds::property(&text("title"), &unit).map(|property| (unit, property))) else {
            collector.reject(RejectReason::UnknownStream, || format!("{}: its title and unit are no property of the hub's", shown(&id)));
            continue;
        };
        let learned = Learned { channel: Channel::new(&text("sensorType")), property, unit };
        if let Some(value) = flat.get(&format!("sensors.{index}.lastMeasurement.value")) {
            match time::with_offset(&text("lastMeasurement.createdAt")) {
                Some(at) if collector.at(Some(at)) => {
                    collector.put(
                        Place { channel: learned.channel.as_str(), property, unit: &learned.unit },
                        &text("title"),
                        value.value(),
                    );
                }
                Some(_) => {}
                None => collector.reject(RejectReason::MissingTime, || "a value without its time".to_owned()),
            }
        }
        known.insert(id.into_owned(), learned);
    }
    if sensors == 0 {
        return Err(Refusal::Unknown("box of openSenseMap"));
    }
    Ok((Feed { report: collector.finish(), interval: None, station: None }, known))
}

/// Reads `/boxes/:id/data/:sensorId?format=csv` (`createdAt,value`, newest first), for the sensor that `learned` describes.
///
/// # Errors
/// A web page, or a table without those columns.
pub fn box_csv(bytes: &[u8], learned: &Learned, received: Micros) -> Result<Feed, Refusal> {
    no_page(bytes)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let headers = reader.byte_headers().map_err(|_| Refusal::Unknown("table of openSenseMap"))?;
    let at = |name: &[u8]| headers.iter().position(|header| header == name);
    let (Some(time_at), Some(value_at)) = (at(b"createdAt"), at(b"value")) else { return Err(Refusal::Unknown("table of openSenseMap")) };
    let mut collector = Collector::new(received);
    for record in reader.byte_records() {
        let Ok(record) = record else {
            collector.reject(RejectReason::Undecodable, || "a line that is no CSV".to_owned());
            continue;
        };
        if collector.is_full() {
            collector.reject(RejectReason::TooLarge, || "more values than openSenseMap gives at once".to_owned());
            continue;
        }
        let cell = |at: usize| record.get(at).and_then(|cell| std::str::from_utf8(cell).ok()).unwrap_or_default();
        match time::with_offset(cell(time_at)) {
            Some(time) => {
                if collector.at(Some(time)) {
                    let place = Place { channel: learned.channel.as_str(), property: learned.property, unit: &learned.unit };
                    collector.put(place, "value", number::text(cell(value_at)));
                }
            }
            None => collector.reject(RejectReason::TimeOutOfRange, || "a line without a time that can be read".to_owned()),
        }
    }
    Ok(Feed { report: collector.finish(), interval: None, station: None })
}
