//! The DWD's Climate Data Center and its POI reports.

mod lists;
mod poi;
mod stamp;

pub use lists::{geography, stations};
pub use poi::poi;

use std::io::{Cursor, Read as _};

use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason;
use messwerk_lessons::unit::{Linear, to_canonical};
use zip::ZipArchive;

use super::{Feed, MAX_READINGS, MAX_UNPACKED, Refusal, Station, latin1, no_page};
use crate::station::{Channel, NoteKind, Reading, Report, Sent};
use stamp::Stamps;

/// A column that is kept: its place, property and unit, and whether its values are energies or hours of the interval.
struct Column {
    at: usize,
    name: String,
    channel: Channel,
    property: P,
    unit: &'static str,
    linear: Linear,
}

/// Channel, property and unit of a column's name (the DWD's descriptions of its data sets, "Parameter"). J/cm² are of the interval
/// and become its mean in W/m².
fn rule(name: &str) -> Option<(&'static str, P, &'static str)> {
    Some(match name {
        // 10 minutes.
        "PP_10" => ("", P::Pressure, "hPa"),
        "TT_10" => ("", P::Temperature, "Cel"),
        "TM5_10" => ("5cm", P::Temperature, "Cel"),
        "RF_10" => ("", P::RelativeHumidity, "%RH"),
        "TD_10" => ("", P::DewPoint, "Cel"),
        "FF_10" => ("", P::WindSpeed, "m/s"),
        "DD_10" => ("", P::WindDirection, "deg"),
        "FX_10" => ("", P::WindGust, "m/s"),
        "TX_10" => ("maximum", P::Temperature, "Cel"),
        "TN_10" => ("minimum", P::Temperature, "Cel"),
        "TX5_10" => ("5cm maximum", P::Temperature, "Cel"),
        "TN5_10" => ("5cm minimum", P::Temperature, "Cel"),
        "RWS_10" => ("", P::Precipitation, "mm"),
        "GS_10" | "FG_LBERG" => ("", P::Irradiance, "J/cm2"),
        "DS_10" | "FD_LBERG" => ("diffuse", P::Irradiance, "J/cm2"),
        "LS_10" | "ATMO_LBERG" => ("longwave", P::Irradiance, "J/cm2"),
        "SD_10" => ("", P::Sunshine, "h"),
        // Hours.
        "TT_TU" | "TT" => ("", P::Temperature, "Cel"),
        "RF_TU" => ("", P::RelativeHumidity, "%RH"),
        "TD" => ("", P::DewPoint, "Cel"),
        "F" => ("", P::WindSpeed, "m/s"),
        "D" => ("", P::WindDirection, "deg"),
        "FX_911" => ("", P::WindGust, "m/s"),
        "R1" => ("", P::Precipitation, "mm"),
        "P" => ("", P::SeaLevelPressure, "hPa"),
        "P0" => ("", P::Pressure, "hPa"),
        "SD_SO" | "SD_LBERG" => ("", P::Sunshine, "min"),
        "V_VV" => ("", P::Visibility, "m"),
        "V_TE005" => ("soil 5cm", P::Temperature, "Cel"),
        "V_TE010" => ("soil 10cm", P::Temperature, "Cel"),
        "V_TE020" => ("soil 20cm", P::Temperature, "Cel"),
        "V_TE050" => ("soil 50cm", P::Temperature, "Cel"),
        "V_TE100" => ("soil 100cm", P::Temperature, "Cel"),
        _ => return None,
    })
}

/// Reads a product of 10 minutes or hours (`produkt_zehn_min_tu_...txt`): columns by their names, -999 is missing, times are the ends
/// of intervals in UTC, before 2000 in CET (a note says so), and `QN` is told as quality.
///
/// # Errors
/// A web page, something without the product's header, more than [`MAX_READINGS`].
pub fn product(bytes: &[u8]) -> Result<Feed, Refusal> {
    no_page(bytes)?;
    let text = latin1(bytes);
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().trim_start_matches('\u{feff}').split(';').map(str::trim).collect();
    let place = |name: &str| header.iter().position(|column| *column == name);
    let (Some(id_at), Some(time_at)) = (place("STATIONS_ID"), place("MESS_DATUM")) else {
        return Err(Refusal::Unknown("product of the DWD"));
    };
    let mut report = Report::default();
    let mut stamps = Stamps::default();
    // The length of stamps says which product it is, so the columns wait for the first row.
    let mut columns: Option<(Micros, Vec<Column>)> = None;
    let mut station = None;
    let mut qualities: Vec<(String, usize)> = Vec::new();
    let quality_at = header.iter().position(|column| column.starts_with("QN"));
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split(';').take(header.len()).map(str::trim).collect();
        let Some((stamp, interval)) = cells.get(time_at).and_then(|stamp| stamps.read(stamp)) else {
            report.rejects.add(RejectReason::Undecodable, 1, || "a row without a time, or cut off".to_owned());
            continue;
        };
        if cells.len() < header.iter().filter(|name| **name != "eor").count() {
            report.rejects.add(RejectReason::Undecodable, 1, || "a row that is cut off".to_owned());
            continue;
        }
        let (_, columns) = columns.get_or_insert_with(|| (interval, kept(&header, interval, &mut report)));
        station.get_or_insert_with(|| cells.get(id_at).copied().unwrap_or_default().to_owned());
        if let Some(quality) = quality_at.and_then(|at| cells.get(at)) {
            match qualities.iter().position(|(known, _)| known == quality) {
                Some(at) => {
                    if let Some((_, count)) = qualities.get_mut(at) {
                        *count += 1;
                    }
                }
                None if qualities.len() < 20 => qualities.push(((*quality).chars().take(4).collect(), 1)),
                None => {}
            }
        }
        for column in columns.iter() {
            let text = cells.get(column.at).copied().unwrap_or_default();
            put(column, text, stamp, &mut report);
        }
        if report.readings.len() > MAX_READINGS {
            return Err(Refusal::TooLarge("too many rows"));
        }
    }
    qualities.sort();
    for (quality, count) in qualities {
        report.note(NoteKind::Quality, count, &format!("QN {quality}"));
    }
    if stamps.in_cet > 0 {
        report.note(NoteKind::LocalTime, stamps.in_cet, "before 2000 the DWD's times are CET");
    }
    let station = station.map(|id| Station { id: format!("{id:0>5}"), ..Station::default() });
    Ok(Feed { report, interval: columns.map(|(interval, _)| interval), station })
}

/// The columns that are kept; what the others are is noted.
fn kept(header: &[&str], interval: Micros, report: &mut Report) -> Vec<Column> {
    let mut columns = Vec::new();
    for (at, name) in header.iter().enumerate() {
        let Some((channel, property, unit)) = rule(name) else {
            if !["STATIONS_ID", "MESS_DATUM", "eor", ""].contains(name) && !name.starts_with("QN") {
                report.note(NoteKind::NotKept, 1, crate::codec::shown(name));
            }
            continue;
        };
        let linear = match unit {
            // 1 J/cm² is 10 kJ/m², spread over the seconds of the interval.
            "J/cm2" => Some(Linear { factor: 1e4 / (interval as f64 / 1e6), shift: 0.0 }),
            unit => to_canonical(unit, property).ok().flatten(),
        };
        let Some(linear) = linear else { continue };
        columns.push(Column { at, name: (*name).to_owned(), channel: Channel::new(channel), property, unit, linear });
    }
    columns
}

fn put(column: &Column, text: &str, time: Micros, report: &mut Report) {
    use crate::station::number::{Value, text as value};
    match value(text) {
        Value::Number(number) => {
            let sent = Sent { field: column.name.clone(), unit: column.unit.to_owned() };
            let value = column.linear.of(number);
            if (value as f32).is_finite() {
                report.readings.push(Reading { channel: column.channel.clone(), property: column.property, time: Some(time), value, sent });
            }
        }
        Value::Missing => report.rejects.add(RejectReason::NoValue, 1, || format!("{}: missing (-999)", column.name)),
        Value::NoNumber => report.rejects.add(RejectReason::NotFinite, 1, || format!("{}: no number", column.name)),
    }
}

/// Reads a zip of the DWD's: its product, with the moves of the station where `Metadaten_Geographie` lies beside it.
///
/// What comes out is counted as it is unpacked; the sizes a zip claims are no promise.
///
/// # Errors
/// Those of [`product`]; a damaged zip, one that unpacks to more than [`MAX_UNPACKED`], one without a product.
pub fn product_zip(bytes: &[u8]) -> Result<Feed, Refusal> {
    no_page(bytes)?;
    // The directory is counted by its headers before it is read.
    if bytes.windows(4).filter(|window| window == b"PK\x01\x02").count() > 100 {
        return Err(Refusal::TooLarge("more than 100 files"));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Damaged)?;
    let mut left = MAX_UNPACKED;
    let (mut text, mut geography_text) = (None, None);
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| Refusal::Damaged)?;
        let name = entry.name().map_err(|_| Refusal::Damaged)?.rsplit('/').next().unwrap_or_default().to_lowercase();
        let wanted = match () {
            () if name.starts_with("produkt_") => &mut text,
            () if name.starts_with("metadaten_geographie") => &mut geography_text,
            () => continue,
        };
        let mut unpacked = Vec::new();
        entry.take(left + 1).read_to_end(&mut unpacked).map_err(|_| Refusal::Damaged)?;
        left = left.checked_sub(unpacked.len() as u64).ok_or(Refusal::TooLarge("more than 64 MiB"))?;
        *wanted = Some(unpacked);
    }
    let mut feed = product(&text.ok_or(Refusal::Unknown("zip with a product of the DWD"))?)?;
    if let Some(found) = geography_text.as_deref().and_then(|text| geography(text).ok()) {
        feed.station = Some(found);
    }
    Ok(feed)
}
