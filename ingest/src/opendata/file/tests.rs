use messwerk_lessons::quantity::ObservedProperty as P;

use super::*;
use crate::station::Channel;

/// A product of so many rows from 2024-01-01 on.
fn long(rows: usize) -> String {
    let begin = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap();
    let row = |index: usize| {
        let stamp = begin + chrono::TimeDelta::minutes(10 * index as i64);
        format!("       1766;{};    3;   -999;{:6.1};   6.6;  89.5;   5.8;eor\r\n", stamp.format("%Y%m%d%H%M"), (index % 300) as f64 / 10.0)
    };
    let rows: String = (0..rows).map(row).collect();
    format!("STATIONS_ID;MESS_DATUM;  QN;PP_10;TT_10;TM5_10;RF_10;TD_10;eor\r\n{rows}")
}

fn all(text: &[u8], given: &Given) -> (Vec<Part>, Result<Summary, Refusal>) {
    let mut parts = vec![];
    let kind = match Kind::of(text) {
        Ok(kind) => kind,
        Err(refusal) => return (parts, Err(refusal)),
    };
    let summary = read(kind, text, given, &mut |part| {
        parts.push(part);
        ControlFlow::Continue(())
    });
    (parts, summary)
}

#[test]
fn a_long_product_comes_in_parts_and_is_the_same() {
    let text = long(10_000);
    let (parts, summary) = all(text.as_bytes(), &Given::default());
    assert_eq!(parts.iter().map(|part| part.rows).collect::<Vec<_>>(), [4_096, 4_096, 1_808]);
    assert_eq!(parts[2].read, text.len() as u64);
    assert_eq!(summary.unwrap().station.unwrap().id, "01766");
    let readings: Vec<_> = parts.iter().flat_map(|part| part.report.readings.clone()).collect();
    assert_eq!(readings, super::super::product(text.as_bytes()).unwrap().report.readings);
    let kinds: Vec<_> = parts[2].report.notes.iter().map(|note| (note.kind, note.detail.as_str())).collect();
    assert_eq!(kinds, [(NoteKind::Quality, "QN 3"), (NoteKind::Interval, "times are the ends of 10 minutes")]);
    let mut seen = 0;
    let _ = read(Kind::DwdProduct, text.as_bytes(), &Given::default(), &mut |part| {
        seen += part.rows;
        ControlFlow::Break(())
    });
    assert_eq!(seen, 4_096, "whoever has had enough is given no more");
}

#[test]
fn files_are_known_by_what_is_in_them() {
    for (head, kind) in [
        (&b"PK\x03\x04"[..], Kind::DwdZip),
        (b"\xef\xbb\xbfSTATIONS_ID;MESS_DATUM;  QN;PP_10;eor\r\n", Kind::DwdProduct),
        (b"Stations_id von_datum bis_datum Stationshoehe geoBreite\r\n", Kind::DwdStations),
        (b"Stations_id;Stationshoehe;Geogr.Breite;\r\n", Kind::DwdGeography),
        (b"surface observations;Parameter description;\r\n", Kind::DwdPoi),
        (b" {\"weather\": []}", Kind::BrightSky),
        (b"{\"_id\": \"1\", \"sensors\": []}", Kind::SenseBox),
        (b"createdAt,value\n", Kind::SenseTable),
        (b"sensorId,createdAt,value,lat,lon\n", Kind::SenseTable),
        (b"[{\"value\": \"1\", \"createdAt\": \"2026-01-03T10:43:20Z\"}]", Kind::SenseList),
    ] {
        assert_eq!(Kind::of(head), Ok(kind), "{}", String::from_utf8_lossy(head));
    }
    assert_eq!(Kind::of(b"\r\n<!DOCTYPE html>"), Err(Refusal::Page));
    assert!(Kind::of(b"hello").is_err() && Kind::of(b"").is_err() && Kind::of(b"[{\"MEAN_MOTION\": 1}]").is_err());
}

#[test]
fn what_is_no_product_is_refused_within_bounds() {
    let spaces = format!("STATIONS_ID;MESS_DATUM;QN;TT_10;eor\n{}", " ".repeat(5_000));
    assert!(matches!(all(spaces.as_bytes(), &Given::default()).1, Err(Refusal::Unknown(_))));
    let list = b"Stations_id von_datum bis_datum Stationshoehe geoBreite geoLaenge Stationsname Bundesland Abgabe\r\n\
        01766 19891001 20240314             48     52.1344    7.6969 M\xfcnster/Osnabr\xfcck  Nordrhein-Westfalen Frei\r\n";
    assert!(matches!(all(list, &Given::default()).1, Err(Refusal::Whose(_))));
    let of = |id: &str| all(list, &Given { station: Some(id.to_owned()), ..Given::default() }).1;
    assert_eq!(of("1766").unwrap().station.unwrap().name, "Münster/Osnabrück");
    assert!(of("1").is_err());
}

#[test]
fn a_box_says_what_its_tables_are() {
    let body = r#"{"_id":"b1","name":"Garden","currentLocation":{"coordinates":[7.6,51.9,60]},"sensors":[{"_id":"a1","title":"Temperatur","unit":"°C",
        "sensorType":"HDC1080"},{"_id":"a2","title":"Luftdruck","unit":"hPa","sensorType":"BMP280"}]}"#;
    let summary = all(body.as_bytes(), &Given::default()).1.unwrap();
    let station = summary.station.unwrap();
    assert_eq!((station.name.as_str(), station.stays[0].latitude, station.stays[0].height), ("Garden", 51.9, 60.0));
    let given = Given { sensors: summary.sensors, ..Given::default() };
    let table = b"sensorId,createdAt,value\na1,2026-01-03T10:43:20Z,21.5\na3,2026-01-03T10:43:20Z,1\na2,2026-01-03T10:43:20Z,1002.5\n";
    let (parts, _) = all(table, &given);
    let found: Vec<_> = parts[0].report.readings.iter().map(|reading| (reading.channel.clone(), reading.property, reading.value)).collect();
    assert_eq!(found, [(Channel::new("HDC1080"), P::Temperature, 21.5), (Channel::new("BMP280"), P::Pressure, 1002.5)]);
    assert_eq!(parts[0].report.rejects.count(), 1);
    let list = br#"[{"createdAt":"2026-01-03T10:43:20Z","value":"20.5"}]"#;
    assert!(matches!(all(list, &given).1, Err(Refusal::Whose(_))), "of two sensors");
    let (parts, _) = all(list, &Given { sensor: Some("a1".to_owned()), ..given });
    assert_eq!(parts[0].report.readings[0].value, 20.5);
}

#[test]
fn a_month_of_bright_sky_is_taken_whole() {
    let hour = |index: usize| {
        let stamp = chrono::DateTime::from_timestamp(1_780_000_000 / 3600 * 3600 + 3600 * index as i64, 0).unwrap();
        serde_json::json!({"timestamp": stamp.to_rfc3339(), "temperature": 12.5, "wind_speed": 18, "condition": "dry"})
    };
    let hours: Vec<_> = (0..720).map(hour).collect();
    let text = serde_json::json!({"weather": hours, "sources": [{"lat": 52.1, "lon": 7.7, "height": 48, "station_name": "Münster", "dwd_station_id": "01766"}]});
    let given = Given { received: 1_790_000_000_000_000, ..Given::default() };
    let (parts, summary) = all(text.to_string().as_bytes(), &given);
    assert_eq!(parts.iter().map(|part| part.report.readings.len()).sum::<usize>(), 1_440);
    assert_eq!(summary.unwrap().station.unwrap().name, "Münster");
}

#[test]
fn what_is_forecast_is_no_measurement() {
    let source = |id: i64, kind: &str, name: &str| serde_json::json!({"id": id, "observation_type": kind, "lat": 52.1, "lon": 7.7, "height": 48, "station_name": name, "dwd_station_id": "01766"});
    let hour = |stamp: &str, source: i64, filled: serde_json::Value| serde_json::json!({"timestamp": stamp, "source_id": source, "temperature": 12.5, "wind_speed": 18, "fallback_source_ids": filled});
    let text = serde_json::json!({
        "weather": [
            hour("2026-06-03T08:00:00+00:00", 2, serde_json::json!({})),
            // Its wind is of the forecast, its temperature of another measurement.
            hour("2026-06-03T09:00:00+00:00", 2, serde_json::json!({"wind_speed": 1, "temperature": 3})),
            hour("2026-06-03T10:00:00+00:00", 1, serde_json::json!({})),
            // To come, whoever says it.
            hour("2026-06-03T13:00:00+00:00", 2, serde_json::json!({})),
        ],
        "sources": [source(1, "forecast", "MOSMIX"), source(2, "current", "Münster"), source(3, "historical", "Münster")],
    });
    let noon = chrono::DateTime::parse_from_rfc3339("2026-06-03T12:00:00Z").unwrap().timestamp_micros();
    let (parts, summary) = all(text.to_string().as_bytes(), &Given { received: noon, ..Given::default() });
    let hours = |reading: &crate::station::Reading| (reading.time.unwrap() - noon) / 3_600_000_000;
    let found: Vec<_> = parts.iter().flat_map(|part| &part.report.readings).map(|reading| (hours(reading), reading.property)).collect();
    assert_eq!(found, [(-4, P::Temperature), (-4, P::WindSpeed), (-3, P::Temperature)]);
    assert_eq!(summary.unwrap().station.unwrap().name, "Münster");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(100))]

    #[test]
    fn nothing_panics(
        changes in proptest::collection::vec((proptest::prelude::any::<proptest::sample::Index>(), proptest::prelude::any::<u8>()), 0..12),
        cut in proptest::prelude::any::<proptest::sample::Index>(),
        raw in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..120),
    ) {
        let table = "sensorId,createdAt,value\na1,2026-01-03T10:43:20Z,21.5\n";
        let sky = r#"{"weather":[{"timestamp":"2026-06-03T10:00:00+00:00","temperature":16.1}],"sources":[{"lat":52.1,"lon":7.7}]}"#;
        let product = long(20);
        let learned = Learned { channel: Channel::default(), property: P::Temperature, unit: "Cel".to_owned() };
        let given = Given { sensors: [("a1".to_owned(), learned)].into(), ..Given::default() };
        for seed in [product.as_bytes(), table.as_bytes(), sky.as_bytes(), &raw] {
            let mut bytes = seed.to_vec();
            if !bytes.is_empty() {
                for (at, byte) in &changes {
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                }
                bytes.truncate(cut.index(bytes.len()) + 1);
            }
            for kind in [Kind::DwdZip, Kind::DwdProduct, Kind::BrightSky, Kind::SenseBox, Kind::SenseTable, Kind::SenseList] {
                let _ = read(kind, bytes.as_slice(), &given, &mut |part| {
                    assert!(part.report.readings.iter().all(|reading| reading.value.is_finite()));
                    ControlFlow::Continue(())
                });
            }
            let _ = Kind::of(&bytes);
        }
    }
}
