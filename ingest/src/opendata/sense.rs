//! openSenseMap's boxes, read for comparison: the newest values of a box, and the table of one sensor.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use messwerk_lessons::Micros;
use messwerk_lessons::reject::RejectReason;
use messwerk_lessons::unit::symbol;

use super::file::{Part, ROWS};
use super::{Feed, Refusal, Station, Stay, no_page};
use crate::codec::shown;
use crate::station::collect::{Collector, Place};
use crate::station::json::flatten;
use crate::station::{Channel, Learned, Report, kinds, number, time};

/// Reads `/boxes/:id/sensors`: the newest value of each sensor, and what each sensor's id stands for (for [`box_csv`]). A sensor's
/// title and unit say what it measures, in English or German; its type (`BME680`) is the channel. A sensor whose title says nothing is a Reject.
///
/// # Errors
/// A web page, or no such answer.
pub fn box_sensors(bytes: &[u8], received: Micros) -> Result<(Feed, BTreeMap<String, Learned>), Refusal> {
    no_page(bytes)?;
    let flat = flatten(bytes).map_err(|_| Refusal::Unknown("box of openSenseMap"))?;
    let mut collector = Collector::of_file(received);
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
    Ok((Feed { report: collector.finish(), interval: None, station: described(bytes) }, known))
}

/// The box itself, where the answer is of `/boxes/:id`: GeoJSON has longitude before latitude, and a height perhaps.
fn described(bytes: &[u8]) -> Option<Station> {
    #[derive(serde::Deserialize)]
    struct Position {
        coordinates: Vec<f64>,
    }
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Named {
        #[serde(rename = "_id")]
        id: String,
        name: String,
        current_location: Option<Position>,
    }
    let Named { id, name, current_location } = serde_json::from_slice(bytes).ok()?;
    let stay_of = current_location.and_then(|position| match position.coordinates[..] {
        [longitude, latitude] => Some((longitude, latitude, f64::NAN)),
        [longitude, latitude, height] => Some((longitude, latitude, height)),
        _ => None,
    });
    let stay = |(longitude, latitude, height)| Stay { from: None, until: None, latitude, longitude, height };
    Some(Station { id, name, state: String::new(), stays: stay_of.map(stay).into_iter().collect() })
}

/// Reads `/boxes/:id/data/:sensorId?format=csv` (`createdAt,value`, newest first), for the sensor that `learned` describes.
///
/// # Errors
/// A web page, or a table without those columns.
pub fn box_csv(bytes: &[u8], learned: &Learned, received: Micros) -> Result<Feed, Refusal> {
    let mut whole = Report::default();
    box_table(bytes, &|_| Some(learned.clone()), received, &mut |part| {
        whole.readings.extend(part.report.readings);
        whole.rejects.extend(part.report.rejects);
        whole.notes.extend(part.report.notes);
        ControlFlow::Continue(())
    })?;
    Ok(Feed { report: whole, interval: None, station: None })
}

/// Reads a table of one sensor, or of several that it names in `sensorId` (`/boxes/data`), part by part. `known` says what a sensor of
/// this id measures; the id is empty in a table without that column.
pub(super) fn box_table(
    bytes: &[u8],
    known: &dyn Fn(&str) -> Option<Learned>,
    received: Micros,
    each: &mut dyn FnMut(Part) -> ControlFlow<()>,
) -> Result<(), Refusal> {
    no_page(bytes)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let headers = reader.byte_headers().map_err(|_| Refusal::Unknown("table of openSenseMap"))?;
    let at = |name: &[u8]| headers.iter().position(|header| header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(header) == name);
    let (Some(time_at), Some(value_at)) = (at(b"createdAt"), at(b"value")) else { return Err(Refusal::Unknown("table of openSenseMap")) };
    let sensor_at = at(b"sensorId");
    let (mut collector, mut rows) = (Collector::of_file(received), 0);
    let mut record = csv::ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => {
                collector.reject(RejectReason::Undecodable, || "a line that is no CSV".to_owned());
                continue;
            }
        }
        rows += 1;
        let cell = |at: usize| record.get(at).and_then(|cell| std::str::from_utf8(cell).ok()).unwrap_or_default();
        let sensor = sensor_at.map(cell).unwrap_or_default();
        match (known(sensor), time::with_offset(cell(time_at))) {
            (None, _) => collector.reject(RejectReason::UnknownStream, || unknown(sensor)),
            (_, None) => collector.reject(RejectReason::TimeOutOfRange, || "a line without a time that can be read".to_owned()),
            (Some(learned), Some(time)) => {
                if collector.at(Some(time)) {
                    let place = Place { channel: learned.channel.as_str(), property: learned.property, unit: &learned.unit };
                    collector.put(place, "value", number::text(cell(value_at)));
                }
            }
        }
        if rows as usize >= ROWS {
            let report = std::mem::replace(&mut collector, Collector::of_file(received)).finish();
            let read = reader.position().byte();
            if each(Part { report, rows: std::mem::take(&mut rows), read, interval: None }).is_break() {
                return Ok(());
            }
        }
    }
    let _ = each(Part { report: collector.finish(), rows, read: bytes.len() as u64, interval: None });
    Ok(())
}

fn unknown(sensor: &str) -> String {
    format!("{}: nobody said what this sensor measures; hand in the box as JSON first", shown(sensor))
}

/// Reads `/boxes/:id/data/:sensorId` as JSON: a list of `createdAt` and `value`. At most 10,000, as openSenseMap gives.
pub(super) fn box_list(bytes: &[u8], learned: &Learned, received: Micros) -> Result<Feed, Refusal> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct One {
        created_at: String,
        value: serde_json::Value,
    }
    let list: Vec<One> = serde_json::from_slice(bytes).map_err(|_| Refusal::Unknown("list of openSenseMap"))?;
    let mut collector = Collector::of_file(received);
    for One { created_at, value } in list {
        if collector.is_full() {
            collector.reject(RejectReason::TooLarge, || "more values than openSenseMap gives at once".to_owned());
            continue;
        }
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match time::with_offset(&created_at) {
            Some(time) if collector.at(Some(time)) => {
                let place = Place { channel: learned.channel.as_str(), property: learned.property, unit: &learned.unit };
                collector.put(place, "value", number::text(&value));
            }
            Some(_) => {}
            None => collector.reject(RejectReason::TimeOutOfRange, || "a value without a time that can be read".to_owned()),
        }
    }
    Ok(Feed { report: collector.finish(), interval: None, station: None })
}
