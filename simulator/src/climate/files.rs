//! Weather as the files that services give away: products of the DWD, its POI report, Bright Sky, a box of openSenseMap. Written by their
//! formats (docs/stations.md); the values are made up and so is the station.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use anyhow::{Context as _, Result};
use messwerk_lessons::Micros;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Civil, HEIGHT, LATITUDE, LONGITUDE, Weather, civil};

/// The made-up station: the DWD's numbers end below 20,000.
pub const STATION: &str = "99901";
/// What it is called.
pub const NAME: &str = "Messwerk Demo (simulated)";

/// A file with its name.
#[derive(Debug)]
pub struct Written {
    /// As the service names it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// `YYYYMMDDHHMM`.
fn stamp(time: Micros) -> String {
    let Civil { year, month, day, hour, minute, .. } = civil(time);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}")
}

fn day(time: Micros) -> String {
    stamp(time).get(..8).unwrap_or_default().to_owned()
}

/// -999 where a sensor failed: every five hundredth value, and a day's gap in the third week.
fn or_gap(index: usize, value: f64, digits: usize) -> String {
    if index % 500 == 250 || (2_900..2_940).contains(&index) { "-999".to_owned() } else { format!("{value:.digits$}") }
}

/// A product's header, and its row at an index.
type Columns = (&'static str, fn(usize, &Weather) -> String);

/// Products of ten minutes: folder, name in the zip's name, name in the product's, columns.
const TEN_MINUTES: [(&str, &str, &str, Columns); 4] = [
    (
        "air_temperature",
        "TU",
        "tu",
        ("QN;PP_10;TT_10;TM5_10;RF_10;TD_10", |index, now| {
            let Weather { pressure, temperature, ground, humidity, dew_point, .. } = now;
            format!(
                "3;{:>7};{:>6};{ground:6.1};{humidity:6.1};{dew_point:6.1}",
                or_gap(index, *pressure, 1),
                or_gap(index + 100, *temperature, 1)
            )
        }),
    ),
    ("wind", "wind", "ff", ("QN;FF_10;DD_10", |index, now| format!("3;{:>6};{:6.0}", or_gap(index, now.wind, 1), now.direction))),
    (
        "precipitation",
        "nieder",
        "rr",
        ("QN;RWS_DAU_10;RWS_10;RWS_IND_10", |index, now| {
            let wet = u8::from(now.rain > 0.0);
            format!("3;{:4};{:>7};{wet:4}", wet * 10, or_gap(index, now.rain, 2))
        }),
    ),
    // J/cm² of ten minutes and hours of sunshine.
    (
        "solar",
        "SOLAR",
        "sd",
        ("QN;DS_10;GS_10;SD_10;LS_10", |index, now| {
            format!("3;{:8.3};{:>8};{:6.3};-999", now.diffuse * 0.06, or_gap(index, now.sun * 0.06, 3), now.sunshine / 3600.0)
        }),
    ),
];

/// A zip of the DWD's with a product of ten minutes for each of its folders.
pub fn ten_minutes(weather: &[Weather]) -> Result<Vec<Written>> {
    TEN_MINUTES
        .iter()
        .map(|(_, zipped, product, columns)| {
            let name = format!("10minutenwerte_{zipped}_{STATION}_akt.zip");
            packed(name, &format!("produkt_zehn_min_{product}"), columns, &weather.iter().collect::<Vec<_>>(), 12)
        })
        .collect()
}

/// Products of hours.
const HOURLY: [(&str, &str, Columns); 4] = [
    ("TU", "tu", ("QN_9;TT_TU;RF_TU", |index, now| format!("3;{:>6};{:6.1}", or_gap(index, now.temperature, 1), now.humidity))),
    ("FF", "ff", ("QN_3;   F;   D", |index, now| format!("3;{:>6};{:6.0}", or_gap(index, now.wind, 1), now.direction))),
    (
        "RR",
        "rr",
        ("QN_8;  R1;RS_IND;WRTR", |index, now| format!("3;{:>6};{:4};-999", or_gap(index, now.rain, 1), u8::from(now.rain > 0.0))),
    ),
    ("P0", "p0", ("QN_8;   P;  P0", |index, now| format!("3;{:>7};{:7.1}", or_gap(index, now.sea_level, 1), now.pressure))),
];

/// The same of hours: what the last ten minutes were, and the sum of the rain.
pub fn hourly(weather: &[Weather]) -> Result<Vec<Written>> {
    let full = |now: &&Weather| now.time.rem_euclid(3_600_000_000) == 0;
    let mut hours: Vec<Weather> = vec![];
    let mut rain = 0.0;
    for now in weather {
        rain += now.rain;
        if full(&now) {
            hours.push(Weather { rain, ..*now });
            rain = 0.0;
        }
    }
    HOURLY
        .iter()
        .map(|(zipped, product, columns)| {
            let name = format!("stundenwerte_{zipped}_{STATION}_akt.zip");
            packed(name, &format!("produkt_{product}_stunde"), columns, &hours.iter().collect::<Vec<_>>(), 10)
        })
        .collect()
}

fn packed(name: String, product: &str, (header, row): &Columns, weather: &[&Weather], digits: usize) -> Result<Written> {
    let (first, last) = weather.first().zip(weather.last()).context("no weather to write")?;
    let (from, to) = (day(first.time), day(last.time));
    let mut text = format!("STATIONS_ID;MESS_DATUM;{header};eor\r\n");
    for (index, now) in weather.iter().enumerate() {
        let stamp = stamp(now.time);
        write!(text, "{STATION:>11};{};{};eor\r\n", stamp.get(..digits).unwrap_or_default(), row(index, now))?;
    }
    // It stood a bit away before, as the DWD's do.
    let geography = format!(
        "Stations_id;Stationshoehe;Geogr.Breite;Geogr.Laenge;von_datum;bis_datum;Stationsname\r\n\
         {STATION:>11};{:8.2};{:8.4};{:8.4};20000101;20141231;{NAME}\r\n{STATION:>11};{HEIGHT:8.2};{LATITUDE:8.4};{LONGITUDE:8.4};20150101;        ;{NAME}\r\n",
        HEIGHT - 7.0,
        LATITUDE - 0.05,
        LONGITUDE - 0.05
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in
        [(format!("Metadaten_Geographie_{STATION}.txt"), geography), (format!("{product}_{from}_{to}_{STATION}.txt"), text)]
    {
        // The same bytes whenever it is written.
        zip.start_file(name, SimpleFileOptions::default().last_modified_time(zip::DateTime::default()))?;
        zip.write_all(content.as_bytes())?;
    }
    Ok(Written { name, bytes: zip.finish()?.into_inner() })
}

/// A POI report of the last day: hours, the newest first, decimal comma, wind in km/h.
pub fn poi(weather: &[Weather]) -> Result<Written> {
    let mut text = "surface observations;Parameter description;cloud_cover_total;dew_point_temperature_at_2_meter_above_ground;\
        dry_bulb_temperature_at_2_meter_above_ground;mean_wind_direction_during_last_10 min_at_10_meters_above_ground;\
        mean_wind_speed_during last_10_min_at_10_meters_above_ground;present_weather;pressure_reduced_to_mean_sea_level;relative_humidity\r\n\
        99901;Unit;%;Grad C;Grad C;Grad;km/h;CODE_TABLE;hPa;%\r\n\
        Datum;Uhrzeit (UTC);Wolkenbedeckung;Taupunkttemperatur (2m);Temperatur (2m);Windrichtung;Windgeschwindigkeit;aktuelles Wetter;\
        Druck (auf Meereshoehe);Relative Feuchte\r\n"
        .to_owned();
    let hours = weather.iter().rev().filter(|now| now.time.rem_euclid(3_600_000_000) == 0);
    for (index, now) in hours.take(24).enumerate() {
        let Civil { year, month, day, hour, .. } = civil(now.time);
        let comma = |value: f64| if index == 5 { "---".to_owned() } else { format!("{value:.1}").replace('.', ",") };
        let [dew, air, sea] = [now.dew_point, now.temperature, now.sea_level].map(comma);
        let (cloud, wind, humidity) = (now.cloud * 100.0, now.wind * 3.6, now.humidity);
        let direction = now.direction;
        write!(
            text,
            "{day:02}.{month:02}.{:02};{hour:02}:00;{cloud:.0};{dew};{air};{direction:.0};{wind:.0};---;{sea};{humidity:.0}\r\n",
            year % 100
        )?;
    }
    Ok(Written { name: format!("{STATION}-BEOB.csv"), bytes: text.into_bytes() })
}

/// Bright Sky's answer for the last two days.
pub fn brightsky(weather: &[Weather]) -> Result<Written> {
    let tail = weather.get(weather.len().saturating_sub(288)..).unwrap_or(weather);
    let round = |value: f64, digits: i32| (value * 10_f64.powi(digits)).round() / 10_f64.powi(digits);
    let hours: Vec<_> = tail
        .windows(6)
        .filter_map(|hour| {
            let now = hour.last().filter(|now| now.time.rem_euclid(3_600_000_000) == 0)?;
            let Civil { year, month, day, hour: at, .. } = civil(now.time);
            let sum = |of: fn(&Weather) -> f64| hour.iter().map(of).sum::<f64>();
            Some(json!({
                "timestamp": format!("{year:04}-{month:02}-{day:02}T{at:02}:00:00+00:00"), "source_id": 1, "temperature": round(now.temperature, 1),
                "dew_point": round(now.dew_point, 1), "relative_humidity": round(now.humidity, 0), "pressure_msl": round(now.sea_level, 1),
                "wind_speed": round(now.wind * 3.6, 1), "wind_direction": now.direction, "wind_gust_speed": round(now.gust * 3.6, 1),
                "cloud_cover": round(now.cloud * 100.0, 0), "precipitation": round(sum(|now| now.rain), 1),
                "sunshine": round(sum(|now| now.sunshine) / 60.0, 0), "solar": round(sum(|now| now.sun) * 600.0 / 3.6e6, 3), "visibility": null,
                "condition": "dry", "icon": null
            }))
        })
        .collect();
    let source = json!({"id": 1, "dwd_station_id": STATION, "station_name": NAME, "lat": LATITUDE, "lon": LONGITUDE, "height": HEIGHT, "distance": 0});
    let text = serde_json::to_string_pretty(&json!({"weather": hours, "sources": [source]}))?;
    Ok(Written { name: "brightsky.json".to_owned(), bytes: text.into_bytes() })
}

/// A box of openSenseMap, and the table of its thermometer of the last day.
pub fn sense_box(weather: &[Weather]) -> Result<[Written; 2]> {
    let iso = |time: Micros| {
        let Civil { year, month, day, hour, minute, .. } = civil(time);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00.000Z")
    };
    let last = weather.last().context("no weather to write")?;
    let sensor = |id: &str, title: &str, unit: &str, kind: &str, value: f64| json!({"_id": id, "title": title, "unit": unit, "sensorType": kind, "lastMeasurement": {"value": format!("{value:.2}"), "createdAt": iso(last.time)}});
    let text = serde_json::to_string_pretty(&json!({
        "_id": "de0000000000000000000001", "name": "Demo box (simulated)", "exposure": "outdoor",
        "currentLocation": {"type": "Point", "coordinates": [LONGITUDE, LATITUDE, HEIGHT]},
        "sensors": [
            sensor("de0000000000000000000011", "Temperatur", "°C", "HDC1080", last.temperature),
            sensor("de0000000000000000000012", "rel. Luftfeuchte", "%", "HDC1080", last.humidity),
            sensor("de0000000000000000000013", "Luftdruck", "hPa", "BMP280", last.pressure),
        ]
    }))?;
    let mut table = "sensorId,createdAt,value\r\n".to_owned();
    for now in weather.iter().rev().take(144) {
        write!(table, "de0000000000000000000011,{},{:.2}\r\n", iso(now.time), now.temperature)?;
    }
    let named = |name: &str, text: String| Written { name: name.to_owned(), bytes: text.into_bytes() };
    Ok([named("opensensemap_box.json", text), named("opensensemap_temperature.csv", table)])
}

#[cfg(test)]
mod tests {
    use super::super::Climate;
    use super::*;

    #[test]
    fn files_are_what_services_write() {
        // 2025-06-01T00:00:00Z.
        let weather: Vec<_> = Climate::new(1, 20_240 * 86_400_000_000).take(300).collect();
        let files = ten_minutes(&weather).unwrap();
        assert_eq!(files[0].name, "10minutenwerte_TU_99901_akt.zip");
        let mut archive = zip::ZipArchive::new(Cursor::new(files[0].bytes.as_slice())).unwrap();
        let product = std::io::read_to_string(archive.by_index(1).unwrap()).unwrap();
        let lines: Vec<_> = product.lines().collect();
        assert_eq!((lines.len(), lines[0]), (301, "STATIONS_ID;MESS_DATUM;QN;PP_10;TT_10;TM5_10;RF_10;TD_10;eor"));
        assert!(lines[1].starts_with("      99901;202506010000;3;") && lines[1].ends_with(";eor"), "{}", lines[1]);
        assert!(lines[251].contains(";   -999;"), "{}", lines[251]);
        assert_eq!(files[0].bytes, ten_minutes(&weather).unwrap()[0].bytes, "the same bytes each time");
        assert_eq!(hourly(&weather).unwrap().len(), 4);
        let poi = String::from_utf8(poi(&weather).unwrap().bytes).unwrap();
        assert!(poi.lines().nth(3).unwrap().starts_with("03.06.25;01:00;"), "the newest first: {poi}");
        assert_eq!(poi.lines().count(), 27);
        let sky: serde_json::Value = serde_json::from_slice(&brightsky(&weather).unwrap().bytes).unwrap();
        assert_eq!((sky["weather"].as_array().unwrap().len(), &sky["weather"][0]["timestamp"]), (47, &json!("2025-06-01T03:00:00+00:00")));
    }
}
