//! Files of open data, handed in to stations.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{PATIENCE, TestHub};

/// Makes a station without a format; its id.
pub(crate) async fn station(hub: &TestHub, name: &str) -> String {
    let made = hub.request(Method::POST, "/api/v1/stations", Some(&hub.teacher)).json(&json!({"name": name})).send().await.unwrap();
    let made: Value = made.json().await.unwrap();
    made["id"].as_str().unwrap().to_owned()
}

/// Hands a file in; status and answer.
async fn hand_in(hub: &TestHub, station: &str, query: &str, file: Vec<u8>) -> (u16, Value) {
    let path = format!("/api/v1/stations/{station}/files{query}");
    let answer = hub.request(Method::POST, &path, Some(&hub.teacher)).body(file).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The newest file of a station, once it is not being read any more.
pub(crate) async fn read(hub: &TestHub, station: &str) -> Value {
    let ended = async {
        loop {
            let files = hub.get_json(&format!("/api/v1/stations/{station}/files")).await;
            if !["waiting", "running"].contains(&files[0]["state"].as_str().unwrap()) {
                return files[0].clone();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE * 4, ended).await.unwrap()
}

/// A product of so many rows of ten minutes from 2016-01-01 on, as the DWD writes it; every hundredth air pressure is missing.
pub(crate) fn product(rows: usize) -> String {
    let begin = chrono::NaiveDate::from_ymd_opt(2016, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap();
    let mut text = "STATIONS_ID;MESS_DATUM;  QN;PP_10;TT_10;TM5_10;RF_10;TD_10;eor\r\n".to_owned();
    for index in 0..rows {
        let stamp = (begin + chrono::TimeDelta::minutes(10 * index as i64)).format("%Y%m%d%H%M");
        let pressure = if index % 100 == 0 { "  -999".to_owned() } else { format!("{:6.1}", 1000.0 + (index % 200) as f64 / 10.0) };
        let air = (index % 300) as f64 / 10.0 - 5.0;
        write!(text, "       1766;{stamp};    3;{pressure};{air:6.1};{:6.1};{:6.1};{:6.1};eor\r\n", air - 0.5, 89.5, air - 2.0).unwrap();
    }
    text
}

pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const GEOGRAPHY: &str = "Stations_id;Stationshoehe;Geogr.Breite;Geogr.Laenge;von_datum;bis_datum;Stationsname\r\n\
    1766;   62.00; 51.9600;  7.6000;19490101;19890930;Muenster\r\n1766;   47.80; 52.1344;  7.6969;19891001;        ;Muenster/Osnabrueck\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_product_goes_in_once_with_what_it_says_of_itself() {
    let hub = TestHub::start().await;
    let id = station(&hub, "Münster").await;
    let file =
        zip(&[("Metadaten_Geographie_01766.txt", GEOGRAPHY.as_bytes()), ("produkt_zehn_min_tu_x_01766.txt", product(5_000).as_bytes())]);
    let (status, view) = hand_in(&hub, &id, "", file.clone()).await;
    assert_eq!((status, &view["kind"], &view["bytes"], &view["source"]), (202, &json!("dwd_zip"), &json!(file.len()), &json!("teacher")));
    let done = read(&hub, &id).await;
    assert_eq!(done["state"], "done", "{done}");
    // Five columns but for every hundredth pressure.
    let stored = 5_000 * 5 - 50;
    assert_eq!(
        (&done["rows"], &done["stored"], &done["duplicates"], &done["rejected"]),
        (&json!(5_000), &json!(stored), &json!(0), &json!(50))
    );
    assert_eq!((&done["reasons"][0]["what"], &done["reasons"][0]["count"]), (&json!("no_value"), &json!(50)));
    let notes: Vec<_> =
        done["notes"].as_array().unwrap().iter().map(|note| (note["what"].as_str().unwrap(), note["detail"].as_str().unwrap())).collect();
    assert!(notes.contains(&("quality", "QN 3")) && notes.contains(&("interval", "times are the ends of 10 minutes")), "{notes:?}");
    assert!(notes.iter().any(|(what, detail)| *what == "moved" && detail.contains("from 1989-10-01: 52.1344 N")), "{notes:?}");
    assert!(notes.contains(&("station", "01766 Muenster/Osnabrueck")), "{notes:?}");

    // The last row is of 10 min * 4999 after the beginning: 34 days, 17 h and 10 min; its air is 19.9 - 5.
    let view = hub.get_json(&format!("/api/v1/stations/{id}")).await;
    assert_eq!((&view["latitude"], &view["elevation_m"]), (&json!(52.1344), &json!(47.8)));
    let main = view["channels"].as_array().unwrap().iter().find(|channel| channel["name"] == "").unwrap();
    let air = main["streams"].as_array().unwrap().iter().find(|stream| stream["property"] == "temperature").unwrap();
    assert_eq!((&air["time"], &air["count"]), (&json!("2016-02-04T17:10:00.000000Z"), &json!(5_000)));
    assert!((air["value"].as_f64().unwrap() - 14.9).abs() < 1e-5, "{air}");

    // Again: everything is there. With another value of one time: that one stays out and is told.
    assert_eq!(hand_in(&hub, &id, "", file).await.0, 202);
    let again = read(&hub, &id).await;
    assert_eq!((&again["stored"], &again["duplicates"]), (&json!(0), &json!(stored)), "{again}");
    let changed = product(3).replacen("  -4.9", "   9.9", 1);
    assert_eq!(hand_in(&hub, &id, "", changed.into_bytes()).await.0, 202);
    let changed = read(&hub, &id).await;
    assert_eq!((&changed["stored"], &changed["duplicates"], &changed["state"]), (&json!(0), &json!(13), &json!("done")), "{changed}");
    assert!(
        changed["reasons"].as_array().unwrap().iter().any(|reason| reason["what"] == "conflicting" && reason["count"] == 1),
        "{changed}"
    );
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_product_is_refused_in_words_and_loses_nothing() {
    let hub = TestHub::start().await;
    let id = station(&hub, "Münster").await;
    for (file, status, code) in [
        (b"<!DOCTYPE html><html></html>".to_vec(), 400, "file_page"),
        (b"hello".to_vec(), 400, "file_unknown"),
        (vec![], 400, "file_unknown"),
        (b"[{\"OBJECT_NAME\":\"ISS\",\"MEAN_MOTION\":15.5}]".to_vec(), 400, "file_unknown"),
    ] {
        let (found, problem) = hand_in(&hub, &id, "", file).await;
        assert_eq!((found, &problem["code"]), (status, &json!(code)), "{problem}");
    }
    // 200 MB are refused by what they say, and by what they are.
    let path = format!("/api/v1/stations/{id}/files");
    let chunk = bytes::Bytes::from(vec![b' '; 1 << 20]);
    let body = reqwest::Body::wrap_stream(futures::stream::iter((0..200).map(move |_| Ok::<_, std::io::Error>(chunk.clone()))));
    let answer = hub.request(Method::POST, &path, Some(&hub.teacher)).body(body).send().await;
    assert!(answer.is_err() || answer.unwrap().status() == 413, "streamed");

    let whole = zip(&[("produkt_zehn_min_tu_x.txt", product(2_000).as_bytes())]);
    let bomb = zip(&[("produkt_zehn_min_tu_x.txt", &vec![b' '; (64 << 20) + 1])]);
    for (file, told) in [
        (whole[..whole.len() / 2].to_vec(), "damaged or cut off"),
        (bomb, "unpacks to more"),
        (zip(&[("readme.txt", b"x")]), "no zip with a product"),
    ] {
        assert_eq!(hand_in(&hub, &id, "", file).await.0, 202);
        let failed = read(&hub, &id).await;
        assert_eq!((&failed["state"], &failed["stored"]), (&json!("failed"), &json!(0)), "{failed}");
        assert!(failed["error"].as_str().unwrap().contains(told), "{told}: {failed}");
    }
    assert_eq!(hand_in(&hub, &id, "", whole).await.0, 202);
    assert_eq!(read(&hub, &id).await["rows"], 2_000, "and the next one goes in");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boxes_lists_and_reports_go_in_too() {
    let hub = TestHub::start().await;
    let id = station(&hub, "Box").await;
    let body = r#"{"_id":"b1","name":"Garden","currentLocation":{"coordinates":[7.6,51.9]},"sensors":[{"_id":"a1","title":"Temperatur","unit":"°C",
        "sensorType":"HDC1080","lastMeasurement":{"value":"21.5","createdAt":"2026-01-03T10:43:20.000Z"}},{"_id":"a2","title":"Luftdruck",
        "unit":"hPa","sensorType":"BMP280"}]}"#;
    let table = "createdAt,value\n2026-01-03T10:42:20.000Z,21.25\n2026-01-03T10:41:20.000Z,\n";
    assert_eq!(hand_in(&hub, &id, "?sensor=a1", table.into()).await.0, 202);
    assert_eq!(read(&hub, &id).await["reasons"][0]["what"], "unknown_stream", "nobody knows yet what a1 measures");
    assert_eq!(hand_in(&hub, &id, "", body.into()).await.0, 202);
    assert_eq!(read(&hub, &id).await["stored"], 1);
    assert_eq!(hand_in(&hub, &id, "?sensor=a1", table.into()).await.0, 202);
    let done = read(&hub, &id).await;
    assert_eq!((&done["stored"], &done["reasons"][0]["what"]), (&json!(1), &json!("no_value")), "{done}");
    let view = hub.get_json(&format!("/api/v1/stations/{id}")).await;
    assert_eq!(
        (&view["latitude"], &view["settings"]["context"]["sensors"]["a2"]["property"]),
        (&json!(51.9), &json!("pressure")),
        "{view}"
    );

    let id = station(&hub, "From the list").await;
    let list = b"Stations_id von_datum bis_datum Stationshoehe geoBreite geoLaenge Stationsname Bundesland Abgabe\r\n\
        01766 19891001 20240314             48     52.1344    7.6969 M\xfcnster/Osnabr\xfcck  Nordrhein-Westfalen Frei\r\n";
    assert_eq!(hand_in(&hub, &id, "", list.to_vec()).await.0, 202);
    assert!(read(&hub, &id).await["error"].as_str().unwrap().contains("?station=01766"));
    assert_eq!(hand_in(&hub, &id, "?station=1766", list.to_vec()).await.0, 202);
    assert_eq!(read(&hub, &id).await["state"], "done");
    assert_eq!(hub.get_json(&format!("/api/v1/stations/{id}")).await["elevation_m"], 48.0);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_cut_says_so_and_goes_in_again() {
    let hub = TestHub::start().await;
    let id = station(&hub, "Münster").await;
    let text = product(300_000);
    assert_eq!(hand_in(&hub, &id, "", text.clone().into_bytes()).await.0, 202);
    // Somewhere in the middle the teacher thinks better of it.
    let begun = async {
        while hub.get_json(&format!("/api/v1/stations/{id}/files")).await[0]["stored"].as_u64() < Some(20_000) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, begun).await.unwrap();
    let number = hub.get_json(&format!("/api/v1/stations/{id}/files")).await[0]["id"].as_i64().unwrap();
    let path = format!("/api/v1/stations/{id}/files/{number}");
    assert_eq!(hub.request(Method::DELETE, &path, Some(&hub.teacher)).send().await.unwrap().status(), 202);
    let ended = read(&hub, &id).await;
    assert_eq!(ended["state"], "cancelled", "{ended}");
    assert!(ended["stored"].as_u64().unwrap() < 1_400_000);
    assert_eq!(hub.request(Method::DELETE, &path, Some(&hub.teacher)).send().await.unwrap().status(), 404, "it has ended");
    // And the hub is stopped while it reads the same again.
    assert_eq!(hand_in(&hub, &id, "", text.clone().into_bytes()).await.0, 202);
    let hub = TestHub::start_in(hub.stop().await).await;
    let cut = hub.get_json(&format!("/api/v1/stations/{id}/files")).await[0].clone();
    assert_eq!(cut["state"], "cut", "{cut}");
    assert!(cut["error"].as_str().unwrap().contains("Hand the same file in again"), "{cut}");
    assert_eq!(hand_in(&hub, &id, "", text.into_bytes()).await.0, 202);
    let done = read(&hub, &id).await;
    let all = 300_000 * 5 - 3_000;
    assert_eq!((&done["state"], done["stored"].as_u64().unwrap() + done["duplicates"].as_u64().unwrap()), (&json!("done"), all), "{done}");
    eprintln!("{} readings in {} s", all, done["seconds"]);
    // An erased station takes its files along.
    assert_eq!(hub.request(Method::DELETE, &format!("/api/v1/stations/{id}"), Some(&hub.teacher)).send().await.unwrap().status(), 204);
    hub.stop().await;
}

/// The same product in hours, with rain.
pub(crate) fn hours(rows: usize) -> String {
    let rows = (0..rows).map(|hour| format!("       1766;201601{:02}{:02};    3;   1.5;   1;eor\r\n", 1 + hour / 24, hour % 24));
    "STATIONS_ID;MESS_DATUM;QN_8;  R1;RS_IND;eor\r\n".to_owned() + &rows.collect::<String>()
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_and_ten_minutes_do_not_go_into_one_station() {
    let hub = TestHub::start().await;
    let settings = async |id: &str| hub.get_json(&format!("/api/v1/stations/{id}")).await["settings"].clone();
    for (first, second, minutes) in [(product(300), hours(100), 10), (hours(100), product(300), 60)] {
        let id = station(&hub, "Münster").await;
        assert_eq!(settings(&id).await["file_minutes"], Value::Null);
        hand_in(&hub, &id, "", first.clone().into_bytes()).await;
        assert_eq!(read(&hub, &id).await["state"], "done");
        // Whoever sets other things later does not undo it.
        let mut changed = settings(&id).await;
        assert_eq!(changed["file_minutes"], minutes);
        (changed["name"], changed["file_minutes"]) = (json!("Osnabrück"), Value::Null);
        let put = hub.request(Method::PUT, &format!("/api/v1/stations/{id}"), Some(&hub.teacher)).json(&changed).send().await.unwrap();
        assert_eq!(put.status(), 200);
        for file in [second.clone().into_bytes(), zip(&[("produkt_x.txt", second.as_bytes())])] {
            hand_in(&hub, &id, "", file).await;
            let refused = read(&hub, &id).await;
            assert_eq!((&refused["state"], &refused["code"], &refused["stored"]), (&json!("failed"), &json!("file_interval"), &json!(0)));
            assert!(refused["error"].as_str().unwrap().contains("Make a second station"), "{refused}");
        }
        hand_in(&hub, &id, "", first.into_bytes()).await;
        assert_eq!(read(&hub, &id).await["state"], "done", "its own kind goes on");
        let other = station(&hub, "The second").await;
        hand_in(&hub, &other, "", second.into_bytes()).await;
        assert_eq!(read(&hub, &other).await["state"], "done");
    }
    hub.stop().await;
}
