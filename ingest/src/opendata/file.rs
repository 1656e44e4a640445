//! Files as somebody hands them in or a feed brings them: recognised by their content, read part by part.
//!
//! A product of ten years has 526,000 rows; read whole it would take half a gigabyte. So whoever stores it is given [`ROWS`] rows at a
//! time, and stops the reading when he has had enough. A zip is looked through to its end before the first part.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;

use chrono::DateTime;
use messwerk_lessons::Micros;
use serde_json::Value;

use super::dwd::{Product, Zip};
use super::sense::{box_list, box_table};
use super::{Feed, MAX_UNPACKED, Refusal, Station, box_sensors, brightsky, geography, latin1, poi, stations};
use crate::station::{Learned, NoteKind, Report, time};

/// Bytes of a file at most; a product as text may have as many as one unpacks to.
pub const MAX_FILE: u64 = MAX_UNPACKED;
/// Bytes of a file that is read whole: a zip of ten years has 5 MB, a JSON of a month 200 kB.
const MAX_WHOLE: u64 = 16 << 20;
/// Bytes of a report or a description of one station at most.
pub(super) const MAX_SMALL: u64 = 1 << 20;
/// Bytes of a JSON document, whose tree takes some times as much.
const MAX_JSON: u64 = 4 << 20;
/// Rows of one part: with five columns 20,000 readings, some 4 MB.
pub(super) const ROWS: usize = 4_096;
/// Bytes of a product's line; its rows have 60 to 100.
const LINE: u64 = 1_024;
/// Hours of Bright Sky that are taken at a time: 20 values each are far below what one message may have.
const HOURS: usize = 200;
/// Moves of a station that are told.
const MOVES: usize = 12;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A zip with a product of the DWD's.
    DwdZip,
    /// A product as text.
    DwdProduct,
    /// The list of the DWD's stations.
    DwdStations,
    /// Where one station stood when.
    DwdGeography,
    /// A POI report.
    DwdPoi,
    /// An answer of Bright Sky.
    BrightSky,
    /// A box of openSenseMap with its sensors.
    SenseBox,
    /// A table of one or several of its sensors.
    SenseTable,
    /// The same of one sensor as JSON.
    SenseList,
}

impl Kind {
    /// Recognises a file by its first bytes, of which 64 KiB are enough.
    ///
    /// # Errors
    /// A web page, or nothing that is known.
    pub fn of(head: &[u8]) -> Result<Self, Refusal> {
        super::no_page(head)?;
        if head.starts_with(b"PK") {
            return Ok(Self::DwdZip);
        }
        let text = latin1(head);
        let text = text.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
        let line = text.lines().next().unwrap_or_default();
        let has = |word: &str| line.split([';', ',']).any(|cell| cell.trim() == word);
        Ok(match text.chars().next() {
            // A box may have the tag "weather"; an answer of Bright Sky has no sensors.
            Some('{') if text.contains("\"sensors\"") => Self::SenseBox,
            Some('{') if text.contains("\"weather\"") => Self::BrightSky,
            Some('[') if text.contains("\"createdAt\"") => Self::SenseList,
            Some('[') if text.contains("\"MEAN_MOTION\"") => {
                return Err(Refusal::Whose("elements of satellites are handed in on the page /sky"));
            }
            _ if has("STATIONS_ID") && has("MESS_DATUM") => Self::DwdProduct,
            _ if has("Stations_id") && has("Stationshoehe") => Self::DwdGeography,
            _ if line.starts_with("Stations_id von_datum") => Self::DwdStations,
            _ if line.starts_with("surface observations") => Self::DwdPoi,
            _ if has("createdAt") && has("value") => Self::SenseTable,
            _ => return Err(Refusal::Unknown("file that the hub can read: docs/stations.md lists them")),
        })
    }

    /// The name in the API: `dwd_zip`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DwdZip => "dwd_zip",
            Self::DwdProduct => "dwd_product",
            Self::DwdStations => "dwd_stations",
            Self::DwdGeography => "dwd_geography",
            Self::DwdPoi => "dwd_poi",
            Self::BrightSky => "brightsky",
            Self::SenseBox => "sense_box",
            Self::SenseTable => "sense_table",
            Self::SenseList => "sense_list",
        }
    }

    /// Bytes of such a file at most.
    fn most(self) -> u64 {
        match self {
            Self::DwdProduct => MAX_UNPACKED,
            Self::BrightSky | Self::SenseBox | Self::SenseList => MAX_JSON,
            // Days of one station, lines of one station: kilobytes.
            Self::DwdPoi | Self::DwdGeography => MAX_SMALL,
            _ => MAX_WHOLE,
        }
    }
}

/// What is known besides the file.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// What the ids of openSenseMap's sensors stand for.
    pub sensors: BTreeMap<String, Learned>,
    /// The sensor that a table without ids is of.
    pub sensor: Option<String>,
    /// The station that is meant in a list of all.
    pub station: Option<String>,
    /// Hub time.
    pub received: Micros,
}

/// What some rows of a file came to.
#[derive(Debug, Default, PartialEq)]
pub struct Part {
    /// Readings, Rejects and notes.
    pub report: Report,
    /// Rows it is of.
    pub rows: u64,
    /// Bytes of the file, unpacked, that are read by now.
    pub read: u64,
    /// How long the interval is that ends at each time, µs; `None` where values are of a moment or of different intervals.
    pub interval: Option<Micros>,
}

/// What a file said besides its readings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// The station it is of.
    pub station: Option<Station>,
    /// What openSenseMap's ids stand for.
    pub sensors: BTreeMap<String, Learned>,
}

/// Reads a file and hands out its parts in order, until `each` breaks.
///
/// # Errors
/// What [`Refusal`] says. Of a product as text the rows before the one that is wrong were handed out; of everything else nothing was.
pub fn read(kind: Kind, file: impl Read, given: &Given, each: &mut dyn FnMut(Part) -> ControlFlow<()>) -> Result<Summary, Refusal> {
    if kind == Kind::DwdProduct {
        let station = product(file, each)?;
        return Ok(Summary { station, ..Summary::default() });
    }
    let mut bytes = Vec::new();
    file.take(kind.most() + 1).read_to_end(&mut bytes).map_err(|_| Refusal::Damaged)?;
    if bytes.len() as u64 > kind.most() {
        return Err(Refusal::TooLarge("more than one file of its kind has"));
    }
    let none = Summary::default();
    match kind {
        Kind::DwdZip => {
            let mut zip = Zip::open(&bytes)?;
            let moves = zip.moves.take();
            let told = moves.as_ref().map(moved);
            let found = product(zip.product()?, each)?;
            if let Some(report) = told {
                let _ = each(Part { report, read: zip.size, ..Part::default() });
            }
            Ok(Summary { station: moves.or(found), ..none })
        }
        Kind::DwdStations => {
            let wanted =
                given.station.as_deref().ok_or(Refusal::Whose("a list of all stations: say which one this is (?station=01766)"))?;
            let wanted = format!("{:0>5}", wanted.trim());
            let found = stations(&bytes)?.into_iter().find(|station| station.id == wanted);
            Ok(Summary { station: Some(found.ok_or(Refusal::Whose("the station is not in this list"))?), ..none })
        }
        Kind::DwdGeography => {
            let station = geography(&bytes)?;
            let _ = each(Part { report: moved(&station), rows: station.stays.len() as u64, read: bytes.len() as u64, interval: None });
            Ok(Summary { station: Some(station), ..none })
        }
        Kind::DwdPoi => Ok(whole(poi(&bytes)?, &bytes, each)),
        Kind::BrightSky => hours(&bytes, given.received, each),
        Kind::SenseBox => {
            let (feed, sensors) = box_sensors(&bytes, given.received)?;
            Ok(Summary { sensors, ..whole(feed, &bytes, each) })
        }
        Kind::SenseTable => {
            let alone = given.sensor.as_deref().or_else(|| only(&given.sensors));
            let known = |id: &str| given.sensors.get(if id.is_empty() { alone? } else { id }).cloned();
            box_table(&bytes, &known, given.received, each).map(|()| none)
        }
        Kind::SenseList => {
            let unknown = Refusal::Whose("a list of one sensor: hand in the box as JSON first, and say which sensor this is (?sensor=ID)");
            let learned = given.sensor.as_deref().or_else(|| only(&given.sensors)).and_then(|id| given.sensors.get(id));
            Ok(whole(box_list(&bytes, learned.ok_or(unknown)?, given.received)?, &bytes, each))
        }
        Kind::DwdProduct => Ok(none),
    }
}

/// The id of a box that has one sensor.
fn only(sensors: &BTreeMap<String, Learned>) -> Option<&str> {
    let mut ids = sensors.keys();
    ids.next().filter(|_| sensors.len() == 1).map(String::as_str)
}

/// Hands out what is small at once.
fn whole(feed: Feed, bytes: &[u8], each: &mut dyn FnMut(Part) -> ControlFlow<()>) -> Summary {
    let Feed { mut report, interval, station } = feed;
    let times: std::collections::BTreeSet<_> = report.readings.iter().map(|reading| reading.time).collect();
    ends(&mut report, interval);
    let _ = each(Part { report, rows: times.len() as u64, read: bytes.len() as u64, interval });
    Summary { station, ..Summary::default() }
}

/// Says that times are the ends of intervals.
fn ends(report: &mut Report, interval: Option<Micros>) {
    if let Some(interval) = interval {
        report.note(NoteKind::Interval, 1, &format!("times are the ends of {} minutes", interval / 60_000_000));
    }
}

/// Says where a station stood when it has moved.
fn moved(station: &Station) -> Report {
    let mut report = Report::default();
    let day =
        |time: Option<Micros>| time.and_then(DateTime::from_timestamp_micros).map_or("?".to_owned(), |day| day.date_naive().to_string());
    let stays = station.stays.iter().skip(station.stays.len().saturating_sub(MOVES));
    for stay in stays.filter(|_| station.stays.len() > 1) {
        let detail = format!("from {}: {:.4} N, {:.4} E, {} m", day(stay.from), stay.latitude, stay.longitude, stay.height);
        report.note(NoteKind::Moved, 1, &detail);
    }
    report
}

/// A product, line by line.
fn product(text: impl Read, each: &mut dyn FnMut(Part) -> ControlFlow<()>) -> Result<Option<Station>, Refusal> {
    let mut reader = BufReader::with_capacity(64 * 1024, text);
    let (mut line, mut read) = (Vec::new(), 0);
    let mut next = |line: &mut Vec<u8>| -> Result<Option<u64>, Refusal> {
        line.clear();
        // A page or a bomb may be one line of any length.
        reader.by_ref().take(LINE).read_until(b'\n', line).map_err(|_| Refusal::Damaged)?;
        if line.len() as u64 == LINE {
            return Err(Refusal::Unknown("product of the DWD: it has a line that is too long"));
        }
        read += line.len() as u64;
        if read > MAX_UNPACKED {
            return Err(Refusal::TooLarge("more than 64 MiB"));
        }
        Ok((!line.is_empty()).then_some(read))
    };
    if next(&mut line)?.is_none() {
        return Err(Refusal::Unknown("product of the DWD"));
    }
    let mut product = Product::begin(&latin1(&line))?;
    let mut part = Part::default();
    while let Some(read) = next(&mut line)? {
        product.row(&latin1(&line), &mut part.report);
        (part.rows, part.read, part.interval) = (part.rows + 1, read, product.interval());
        if part.rows >= ROWS as u64 && each(std::mem::take(&mut part)).is_break() {
            return Ok(None);
        }
    }
    let (interval, station) = product.finish(&mut part.report);
    ends(&mut part.report, interval);
    part.read = read;
    let _ = each(part);
    Ok(station)
}

/// Bright Sky, some days at a time: an answer may be of a year.
fn hours(bytes: &[u8], received: Micros, each: &mut dyn FnMut(Part) -> ControlFlow<()>) -> Result<Summary, Refusal> {
    let unknown = || Refusal::Unknown("answer of Bright Sky");
    let answer: Value = serde_json::from_slice(bytes).map_err(|_| unknown())?;
    let Some(list) = answer.get("weather").and_then(Value::as_array) else {
        return Ok(whole(brightsky(bytes, received)?, bytes, each));
    };
    if list.is_empty() {
        return Err(unknown());
    }
    let sources = answer.get("sources").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let is_forecast = |source: &Value| source.get("observation_type").and_then(Value::as_str) == Some("forecast");
    let forecasts: Vec<&Value> = sources.iter().filter(|source| is_forecast(source)).filter_map(|source| source.get("id")).collect();
    let list: Vec<Value> = list.iter().filter_map(|hour| measured(hour, &forecasts, received)).collect();
    let sources: Vec<&Value> = sources.iter().find(|source| !is_forecast(source)).into_iter().collect();
    let mut summary = Summary::default();
    let mut read = 0;
    for (index, some) in list.chunks(HOURS).enumerate() {
        let chunk = serde_json::json!({"weather": some, "sources": sources}).to_string();
        let Feed { mut report, interval, station } = brightsky(chunk.as_bytes(), received)?;
        summary.station = summary.station.or(station);
        if index == 0 {
            ends(&mut report, interval);
        }
        read = (read + chunk.len() as u64).min(bytes.len() as u64);
        if each(Part { report, rows: some.len() as u64, read, interval }).is_break() {
            break;
        }
    }
    Ok(summary)
}

/// An hour without what is forecast: Bright Sky fills gaps and the hours to come from MOSMIX, and says of each value that is not of the
/// hour's own source which one it has it from. `None` for an hour that is not over or forecast as a whole.
fn measured(hour: &Value, forecasts: &[&Value], received: Micros) -> Option<Value> {
    let stamp = hour.get("timestamp").and_then(Value::as_str).and_then(time::with_offset);
    if stamp.is_some_and(|stamp| stamp > received) || hour.get("source_id").is_some_and(|source| forecasts.contains(&source)) {
        return None;
    }
    let mut hour = hour.clone();
    let filled = hour.get("fallback_source_ids").and_then(Value::as_object).cloned().unwrap_or_default();
    for (field, _) in filled.iter().filter(|(_, source)| forecasts.contains(source)) {
        if let Some(value) = hour.get_mut(field) {
            *value = Value::Null;
        }
    }
    Some(hour)
}

#[cfg(test)]
mod tests;
