//! Open data in the real formats, value by value; the files are written here by hand.

use std::io::{Cursor, Write as _};

use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason as R;
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use super::*;
use crate::station::NoteKind;
use crate::station::time::with_offset;

const AIR: &str = include_str!("../../tests/fixtures/dwd/produkt_zehn_min_tu.txt");
const SUN: &str = include_str!("../../tests/fixtures/dwd/produkt_zehn_min_sd.txt");
const POI: &[u8] = include_bytes!("../../tests/fixtures/dwd/poi.csv");
const HOUR: &str = include_str!("../../tests/fixtures/brightsky/weather.json");

fn utc(text: &str) -> Micros {
    with_offset(text).unwrap()
}

/// Readings as (channel, property, time, value to 1e-6) and rejects.
#[track_caller]
fn check(feed: &Feed, readings: &[(&str, P, &str, f64)], rejects: &[(R, u32)]) {
    let found = |(reading, expected): (&crate::station::Reading, &(&str, P, &str, f64))| {
        assert_eq!((reading.channel.as_str(), reading.property, reading.time), (expected.0, expected.1, Some(utc(expected.2))));
        assert!((reading.value - expected.3).abs() < 1e-6, "{expected:?}: {}", reading.value);
    };
    assert_eq!(feed.report.readings.len(), readings.len(), "{feed:#?}");
    feed.report.readings.iter().zip(readings).for_each(found);
    let rejected: Vec<_> = feed.report.rejects.iter().map(|reject| (reject.reason, reject.count)).collect();
    assert_eq!(rejected, rejects);
}

#[test]
fn ten_minutes_of_air() {
    let feed = product(AIR.as_bytes()).unwrap();
    let (first, second) = ("2026-01-03T10:40:00Z", "2026-01-03T10:50:00Z");
    check(
        &feed,
        &[
            ("", P::Pressure, first, 1002.8),
            ("", P::Temperature, first, 4.1),
            ("5cm", P::Temperature, first, 3.7),
            ("", P::RelativeHumidity, first, 88.4),
            ("", P::DewPoint, first, 2.3),
            ("", P::Temperature, second, -0.4),
            ("5cm", P::Temperature, second, -1.6),
            ("", P::RelativeHumidity, second, 89.5),
            ("", P::DewPoint, second, -1.8),
        ],
        &[(R::NoValue, 1)],
    );
    assert_eq!((feed.interval, feed.station.unwrap().id.as_str()), (Some(600_000_000), "01420"));
    assert_eq!(feed.report.noted(NoteKind::Quality).unwrap().detail, "QN 2, QN 3");
}

#[test]
fn joules_become_watts_and_hours_seconds() {
    // 18 J/cm² in 600 s are 300 W/m²; 0.1 h are 360 s.
    let at = "2026-06-09T10:40:00Z";
    check(
        &product(SUN.as_bytes()).unwrap(),
        &[("diffuse", P::Irradiance, at, 60.0), ("", P::Irradiance, at, 300.0), ("", P::Sunshine, at, 360.0)],
        &[(R::NoValue, 1)],
    );
}

#[test]
fn the_last_hour_of_1999_comes_twice() {
    let times = |stamps: &[&str]| {
        let rows: String = stamps.iter().map(|stamp| format!("3;{stamp};1;4.1;eor\r\n")).collect();
        let feed = product(format!("STATIONS_ID;MESS_DATUM;QN;TT_10;eor\r\n{rows}").as_bytes()).unwrap();
        feed.report.readings.iter().map(|reading| reading.time.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(times(&["199912312300", "200001010000"]), [utc("1999-12-31T23:00:00Z"), utc("2000-01-01T00:00:00Z")]);
    assert_eq!(times(&["199912312200", "199912312300"]), [utc("1999-12-31T21:00:00Z"), utc("1999-12-31T22:00:00Z")]);
    assert_eq!(
        times(&["199912312350", "199912312300", "200001010000"])[..2],
        [utc("1999-12-31T23:50:00Z"), utc("1999-12-31T23:00:00Z")],
        "a file that begins there is UTC"
    );
    assert_eq!(times(&["199912312250", "199912312350", "199912312300"])[1..], [utc("1999-12-31T22:50:00Z"), utc("1999-12-31T23:00:00Z")]);
}

#[test]
fn hours_have_shorter_stamps() {
    let feed = product(b"STATIONS_ID;MESS_DATUM;QN_3;   F;   D;eor\r\n       4911;2018091500;   10;   1.6;  80;eor\r\n 4911;20180915\r\n")
        .unwrap();
    let at = "2018-09-15T00:00:00Z";
    check(&feed, &[("", P::WindSpeed, at, 1.6), ("", P::WindDirection, at, 80.0)], &[(R::Undecodable, 1)]);
    assert_eq!(feed.interval, Some(3_600_000_000));
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn zips_whole_half_and_bombs() {
    let geography = "Stations_id;Stationshoehe;Geogr.Breite;Geogr.Laenge;von_datum;bis_datum;Stationsname\r\n\
        1420;  100.00; 50.0259;  8.5213;19490101;20091013;Frankfurt/Main\r\n1420;  100.50; 50.0260;  8.5214;20091014;        ;Frankfurt/Main\r\n";
    let whole = zipped(&[("Metadaten_Geographie_01420.txt", geography.as_bytes()), ("produkt_zehn_min_tu_x.txt", AIR.as_bytes())]);
    let feed = product_zip(&whole).unwrap();
    assert_eq!(feed.report.readings.len(), 9);
    let station = feed.station.unwrap();
    assert_eq!((station.id.as_str(), station.name.as_str(), station.stays.len()), ("01420", "Frankfurt/Main", 2));
    assert_eq!(station.stay(utc("2009-10-13T23:59:59Z")).unwrap().height, 100.0);
    assert_eq!(station.stay(utc("2026-01-01T00:00:00Z")).unwrap().height, 100.5);
    for cut in [0, 10, whole.len() / 2, whole.len() - 1] {
        assert_eq!(product_zip(&whole[..cut]), Err(Refusal::Damaged), "{cut}");
    }
    let bomb = zipped(&[("produkt_x.txt", &vec![b' '; (MAX_UNPACKED + 1) as usize])]);
    assert!(bomb.len() < 1 << 20);
    assert!(matches!(product_zip(&bomb), Err(Refusal::TooLarge(_))));
    assert!(matches!(product_zip(&zipped(&[("readme.txt", b"x")])), Err(Refusal::Unknown(_))));
    let page = b"<html>\r\n<head><title>Index of /</title></head></html>";
    assert_eq!(product_zip(page), Err(Refusal::Page));
    assert_eq!(product(page), Err(Refusal::Page));
    assert_eq!(stations(page), Err(Refusal::Page));
    assert_eq!(poi(page), Err(Refusal::Page));
    assert_eq!(brightsky(page, 0), Err(Refusal::Page));
}

#[test]
fn the_list_of_stations_is_read_from_both_ends() {
    let list =
        b"Stations_id von_datum bis_datum Stationshoehe geoBreite geoLaenge Stationsname Bundesland Abgabe\r\n----------- ---------\r\n\
        00044 20070401 20210314             44     52.9336    8.2370 Gro\xdfenkneten                             Niedersachsen\r\n\
        01234 19900101 20240314            471     48.4830   12.7240 Falkenberg,Kr.Rottal-Inn                  Bayern     Frei\r\n\
        01235 19900101 20240314             10     53.0000    8.0000 Bad Zwischenahn  Frei\r\n";
    let found = stations(list).unwrap();
    let names: Vec<_> = found.iter().map(|station| (station.id.as_str(), station.name.as_str(), station.state.as_str())).collect();
    assert_eq!(
        names,
        [("00044", "Großenkneten", "Niedersachsen"), ("01234", "Falkenberg,Kr.Rottal-Inn", "Bayern"), ("01235", "Bad Zwischenahn", "")]
    );
    let stay = &found[0].stays[0];
    assert_eq!((stay.height, stay.latitude, stay.longitude), (44.0, 52.9336, 8.237));
    assert_eq!((stay.from, stay.until), (Some(utc("2007-04-01T00:00:00Z")), Some(utc("2021-03-15T00:00:00Z"))));
}

#[test]
fn poi_reports() {
    let at = "2026-01-03T10:00:00Z";
    check(
        &poi(POI).unwrap(),
        &[
            ("", P::CloudCover, at, 75.0),
            ("", P::DewPoint, at, -1.5),
            ("", P::Temperature, at, 3.1),
            ("", P::Visibility, at, 21_500.0),
            ("", P::WindSpeed, at, 5.0),
            ("", P::SeaLevelPressure, at, 1023.1),
            ("", P::Sunshine, at, 1200.0),
        ],
        &[(R::NoValue, 1)],
    );
}

#[test]
fn bright_sky() {
    let at = "2026-06-03T10:00:00Z";
    check(
        &brightsky(HOUR.as_bytes(), utc("2026-06-03T10:05:00Z")).unwrap(),
        &[
            ("", P::Temperature, at, 16.1),
            ("", P::WindSpeed, at, 5.0),
            ("", P::Precipitation, at, 0.2),
            ("", P::Sunshine, at, 1800.0),
            ("", P::Irradiance, at, 500.0),
            ("", P::SeaLevelPressure, at, 1025.1),
        ],
        &[(R::NoValue, 1)],
    );
}

#[test]
fn a_box_of_opensensemap() {
    let body = r#"{"_id":"57000b8745fd40c8196ad04c","sensors":[{"_id":"a1","title":"Temperatur","unit":"°C","sensorType":"HDC1008",
        "lastMeasurement":{"value":"21.4","createdAt":"2026-01-03T10:43:20.000Z"}},{"_id":"a2","title":"Luftdruck","unit":"hPa","sensorType":"BMP280"},
        {"_id":"a3","title":"Akku","unit":"V","sensorType":"x","lastMeasurement":{"value":"4","createdAt":"2026-01-03T10:43:20.000Z"}}]}"#;
    let (feed, known) = box_sensors(body.as_bytes(), 0).unwrap();
    check(&feed, &[("HDC1008", P::Temperature, "2026-01-03T10:43:20Z", 21.4)], &[(R::UnknownStream, 1)]);
    assert_eq!(known["a2"].property, P::Pressure);
    let table = b"createdAt,value\r\n2026-01-03T10:43:20.000Z,21.4\r\n2026-01-03T10:42:20.000Z,\r\nx,1\r\n";
    let feed = box_csv(table, &known["a1"], 0).unwrap();
    check(&feed, &[("HDC1008", P::Temperature, "2026-01-03T10:43:20Z", 21.4)], &[(R::NoValue, 1), (R::TimeOutOfRange, 1)]);
    assert!(box_csv(b"a,b\n1,2\n", &known["a1"], 0).is_err());
    assert!(box_sensors(b"{}", 0).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_panics(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
        raw in proptest::collection::vec(any::<u8>(), 0..120),
    ) {
        let zip = zipped(&[("produkt_x.txt", AIR.as_bytes())]);
        for seed in [AIR.as_bytes(), SUN.as_bytes(), POI, HOUR.as_bytes(), &zip, &raw] {
            let mut bytes = seed.to_vec();
            if !bytes.is_empty() {
                for (at, byte) in &changes {
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                }
                bytes.truncate(cut.index(bytes.len()) + 1);
            }
            let feeds = [product(&bytes), product_zip(&bytes), poi(&bytes), brightsky(&bytes, 0), box_sensors(&bytes, 0).map(|(feed, _)| feed)];
            for feed in feeds.into_iter().flatten() {
                prop_assert!(feed.report.readings.iter().all(|reading| reading.value.is_finite()));
            }
            let _ = (stations(&bytes), geography(&bytes));
        }
    }
}
