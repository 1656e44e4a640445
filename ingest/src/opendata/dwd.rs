//! The DWD's Climate Data Center and its POI reports.

mod lists;
mod poi;
mod stamp;

pub use lists::{geography, stations};
pub use poi::poi;

use std::io::{Cursor, Read};

use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason;
use messwerk_lessons::unit::{Linear, to_canonical};
use zip::ZipArchive;

use super::file::MAX_SMALL;
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
    let mut product = Product::begin(lines.next().unwrap_or_default())?;
    let mut report = Report::default();
    for line in lines {
        product.row(line, &mut report);
        if report.readings.len() > MAX_READINGS {
            return Err(Refusal::TooLarge("too many rows"));
        }
    }
    let (interval, station) = product.finish(&mut report);
    Ok(Feed { report, interval, station })
}

/// A product that is read line by line, however long it is.
pub(super) struct Product {
    header: Vec<String>,
    id_at: usize,
    time_at: usize,
    quality_at: Option<usize>,
    /// Cells of a whole row; `eor` may be missing.
    width: usize,
    stamps: Stamps,
    /// The length of stamps says which product it is, so the columns wait for the first row.
    columns: Option<(Micros, Vec<Column>)>,
    station: Option<String>,
    qualities: Vec<(String, usize)>,
}

impl Product {
    /// Of its first line.
    pub(super) fn begin(header: &str) -> Result<Self, Refusal> {
        let header: Vec<String> = header.trim_start_matches('\u{feff}').split(';').map(|name| name.trim().to_owned()).collect();
        let place = |name: &str| header.iter().position(|column| *column == name);
        let (Some(id_at), Some(time_at)) = (place("STATIONS_ID"), place("MESS_DATUM")) else {
            return Err(Refusal::Unknown("product of the DWD"));
        };
        let quality_at = header.iter().position(|column| column.starts_with("QN"));
        let width = header.iter().filter(|name| *name != "eor").count();
        let (stamps, columns, station, qualities) = (Stamps::default(), None, None, Vec::new());
        Ok(Self { header, id_at, time_at, quality_at, width, stamps, columns, station, qualities })
    }

    /// Takes a row; an empty line is none.
    pub(super) fn row(&mut self, line: &str, report: &mut Report) {
        if line.trim().is_empty() {
            return;
        }
        let cells: Vec<&str> = line.split(';').take(self.header.len()).map(str::trim).collect();
        let Some((stamp, interval)) = cells.get(self.time_at).and_then(|stamp| self.stamps.read(stamp)) else {
            return report.rejects.add(RejectReason::Undecodable, 1, || "a row without a time, or cut off".to_owned());
        };
        if cells.len() < self.width {
            return report.rejects.add(RejectReason::Undecodable, 1, || "a row that is cut off".to_owned());
        }
        self.station.get_or_insert_with(|| cells.get(self.id_at).copied().unwrap_or_default().to_owned());
        if let Some(quality) = self.quality_at.and_then(|at| cells.get(at)) {
            match self.qualities.iter().position(|(known, _)| known == quality) {
                Some(at) => {
                    if let Some((_, count)) = self.qualities.get_mut(at) {
                        *count += 1;
                    }
                }
                None if self.qualities.len() < 20 => self.qualities.push(((*quality).chars().take(4).collect(), 1)),
                None => {}
            }
        }
        let (_, columns) = self.columns.get_or_insert_with(|| (interval, kept(&self.header, interval, report)));
        for column in columns.iter() {
            let text = cells.get(column.at).copied().unwrap_or_default();
            put(column, text, stamp, report);
        }
    }

    /// The interval that its times end, µs, once there was a row.
    pub(super) fn interval(&self) -> Option<Micros> {
        self.columns.as_ref().map(|(interval, _)| *interval)
    }

    /// Tells of quality and of times in CET; the interval and whose product it was.
    pub(super) fn finish(mut self, report: &mut Report) -> (Option<Micros>, Option<Station>) {
        self.qualities.sort();
        for (quality, count) in self.qualities {
            report.note(NoteKind::Quality, count, &format!("QN {quality}"));
        }
        if self.stamps.in_cet > 0 {
            report.note(NoteKind::LocalTime, self.stamps.in_cet, "before 2000 the DWD's times are CET");
        }
        let station = self.station.map(|id| Station { id: format!("{id:0>5}"), ..Station::default() });
        (self.columns.map(|(interval, _)| interval), station)
    }
}

/// The columns that are kept; what the others are is noted.
fn kept(header: &[String], interval: Micros, report: &mut Report) -> Vec<Column> {
    let mut columns = Vec::new();
    for (at, name) in header.iter().enumerate() {
        let Some((channel, property, unit)) = rule(name) else {
            if !["STATIONS_ID", "MESS_DATUM", "eor", ""].contains(&name.as_str()) && !name.starts_with("QN") {
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
        columns.push(Column { at, name: name.clone(), channel: Channel::new(channel), property, unit, linear });
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
    let mut zip = Zip::open(bytes)?;
    let mut text = Vec::new();
    zip.product()?.read_to_end(&mut text).map_err(|_| Refusal::Damaged)?;
    let mut feed = product(&text)?;
    if let Some(found) = zip.moves {
        feed.station = Some(found);
    }
    Ok(feed)
}

/// A zip of the DWD's that was unpacked once: it is whole, and no larger than it may be.
pub(super) struct Zip<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    product: usize,
    /// Bytes of the product, unpacked.
    pub(super) size: u64,
    /// Where the station stood when, if the zip says so.
    pub(super) moves: Option<Station>,
}

impl<'a> Zip<'a> {
    /// Looks through all of it. Reading an entry to its end checks its CRC, so that nothing of a damaged product is ever used.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        no_page(bytes)?;
        // The directory is counted by its headers before it is read.
        if bytes.windows(4).filter(|window| window == b"PK\x01\x02").count() > 100 {
            return Err(Refusal::TooLarge("more than 100 files"));
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Damaged)?;
        let mut left = MAX_UNPACKED;
        let (mut product, mut moves) = (None, None);
        for index in 0..archive.len() {
            let entry = archive.by_index(index).map_err(|_| Refusal::Damaged)?;
            let name = entry.name().map_err(|_| Refusal::Damaged)?.rsplit('/').next().unwrap_or_default().to_lowercase();
            let mut entry = entry.take(left + 1);
            let unpacked = match () {
                () if name.starts_with("produkt_") => {
                    let unpacked = std::io::copy(&mut entry, &mut std::io::sink()).map_err(|_| Refusal::Damaged)?;
                    product = Some((index, unpacked));
                    unpacked
                }
                () if name.starts_with("metadaten_geographie") => {
                    let mut text = Vec::new();
                    entry.take(MAX_SMALL).read_to_end(&mut text).map_err(|_| Refusal::Damaged)?;
                    moves = geography(&text).ok();
                    text.len() as u64
                }
                () => continue,
            };
            left = left.checked_sub(unpacked).ok_or(Refusal::TooLarge("more than 64 MiB"))?;
        }
        let (product, size) = product.ok_or(Refusal::Unknown("zip with a product of the DWD"))?;
        Ok(Self { archive, product, size, moves })
    }

    /// Its product, unpacked as it is read.
    pub(super) fn product(&mut self) -> Result<impl Read + '_, Refusal> {
        self.archive.by_index(self.product).map_err(|_| Refusal::Damaged)
    }
}
