//! A pupil's rights: the own readings as files, and taking them back.

use std::collections::BTreeMap;
use std::path::PathBuf;

use reqwest::Method;
use serde_json::{Value, json};

use super::holding;
use crate::harness::{Class, TestHub};

/// Three batches of odd numbers, in two recordings.
async fn measure(hub: &TestHub, class: &Class) {
    for (clock, value) in [(0.0, 0.1), (0.06, -3.3e-5), (0.0, 1.0 / 3.0)] {
        let times: Vec<f64> = (0..3).map(|row| clock + f64::from(row) * 0.02).collect();
        let column = |shift: f64| times.iter().map(|time| value + shift * time).collect::<Vec<f64>>();
        let body = json!({"acc_time": times, "accX": column(0.7), "accY": column(-1.3), "accZ": column(9.81)});
        assert_eq!(hub.post(&class.token, &body.to_string()).await.1["stored"], 3);
    }
}

/// A pupil's own export.
async fn export(hub: &TestHub, class: &Class, token: &str, format: &str) -> (u16, String) {
    let path = format!("/api/v1/lessons/{}/observations?format={format}", class.lesson);
    let answer = hub.request(Method::GET, &path, Some(token)).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Run, time and value of each reading.
type Readings = Vec<(String, String, [String; 3])>;

fn of_csv(csv: &str) -> Readings {
    let rows = csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.map(|row| (row[1].to_owned(), row[4].to_owned(), [6, 7, 8].map(|at| row[at].to_owned()))).collect()
}

fn of_json(json: &str) -> Readings {
    let rows: Vec<Value> = serde_json::from_str(json).unwrap();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    rows.iter().map(|row| (text(&row["run"]), text(&row["phenomenon_time"]), ["x", "y", "z"].map(|axis| text(&row[axis])))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pupil_exports_the_own_series_and_they_are_the_same_when_they_come_back() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let other = hub.join(&class.code).await;
    let (thing, token) = (other["thing"].as_str().unwrap().to_owned(), other["token"].as_str().unwrap().to_owned());
    let neighbour = Class { thing, token, lesson: class.lesson.clone(), code: class.code.clone(), topic: String::new() };
    measure(&hub, &class).await;
    measure(&hub, &neighbour).await;
    let (status, csv) = export(&hub, &class, &class.token, "csv").await;
    assert_eq!((status, csv.lines().count()), (200, 1 + 9));
    assert!(!csv.contains(&neighbour.thing), "of nobody else");
    let (_, json) = export(&hub, &class, &class.token, "json").await;
    assert_eq!(of_json(&json), of_csv(&csv), "both say the same");

    // Sent to a new lesson, recording by recording, times as they stand in the file. No clock is told, so each recording is
    // placed by its arrival: what comes back is every value and every distance in time.
    let fresh = hub.class("rest").await;
    let mut runs: BTreeMap<String, Readings> = BTreeMap::new();
    for reading in of_csv(&csv) {
        runs.entry(reading.0.clone()).or_default().push(reading);
    }
    assert_eq!(runs.len(), 2);
    for readings in runs.values() {
        let times: Vec<f64> = readings.iter().map(|reading| micros(&reading.1) as f64 / 1e6).collect();
        let column = |axis: usize| readings.iter().map(|reading| reading.2[axis].parse::<f64>().unwrap()).collect::<Vec<_>>();
        let body = json!({"acc_time": times, "accX": column(0), "accY": column(1), "accZ": column(2)});
        assert_eq!(hub.post(&fresh.token, &body.to_string()).await.1["stored"], readings.len());
    }
    let (_, again) = export(&hub, &fresh, &fresh.token, "csv").await;
    let values = |readings: Readings| readings.into_iter().map(|reading| (reading.0, reading.2)).collect::<Vec<_>>();
    let steps = |readings: &Readings| readings.windows(2).map(|pair| micros(&pair[1].1) - micros(&pair[0].1)).collect::<Vec<_>>();
    assert_eq!(steps(&of_csv(&again))[..5], steps(&of_csv(&csv))[..5], "each reading as far from the last as before");
    assert_eq!(values(of_csv(&again)), values(of_csv(&csv)), "every bit of every value");
    hub.stop().await;
}

/// An RFC 3339 time in UTC as µs of its day: enough for distances.
fn micros(time: &str) -> i64 {
    let (_, clock) = time.split_once(['T', ' ']).unwrap();
    let clock = clock.trim_end_matches('Z').trim_end_matches("+00:00");
    let mut parts = clock.split(':');
    let mut next = || parts.next().unwrap();
    let (hours, minutes, seconds): (i64, i64, f64) = (next().parse().unwrap(), next().parse().unwrap(), next().parse().unwrap());
    (hours * 60 + minutes) * 60_000_000 + (seconds * 1e6).round() as i64
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pupil_takes_the_own_recording_back_and_nobody_elses() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let other = hub.join(&class.code).await;
    measure(&hub, &class).await;
    let marker = 4.242_424e-3_f32;
    let body = json!({"acc_time": [100.0], "accX": [marker], "accY": [0.0], "accZ": [0.0]});
    assert_eq!(hub.post(&class.token, &body.to_string()).await.1["stored"], 1);
    assert!(!holding(hub.path(), &marker.to_le_bytes()).is_empty(), "planted");
    let path = format!("/api/v1/things/{}/runs/2", class.thing);
    let erase = async |token: Option<&str>| hub.request(Method::DELETE, &path, token).send().await.unwrap().status().as_u16();
    assert_eq!((erase(None).await, erase(other["token"].as_str()).await), (401, 403));
    assert_eq!(erase(Some(&class.token)).await, 204);
    let left = of_csv(&export(&hub, &class, &class.token, "csv").await.1);
    assert!(left.len() == 6 && left.iter().all(|reading| reading.0 == "1"), "{left:?}");
    assert_eq!(holding(hub.path(), &marker.to_le_bytes()), Vec::<PathBuf>::new());
    assert_eq!(erase(Some(&class.token)).await, 404, "it is gone");
    hub.stop().await;
}
