//! The board's live view, as a browser sees it.

use std::collections::BTreeMap;

use futures::{SinkExt, StreamExt};
use messwerk_lessons::frame::{Component, Frame};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::harness::{PATIENCE, TestHub};
use crate::phones::{Led, board, rest};

#[tokio::test(flavor = "multi_thread")]
async fn a_board_is_told_the_lesson_its_windows_and_its_results() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let address = format!("ws://{}/api/v1/lessons/{}/live?property=acceleration&window_ms=1000", hub.running.http, class.lesson);
    let (mut socket, _) = connect_async(&address).await.unwrap();
    // Twenty seconds of a phone on a table, in one body.
    let times: Vec<f64> = (0..1000).map(|index| f64::from(index) * 0.02).collect();
    let values: Vec<f64> = (0..1000).map(|index| 9.8 + 0.001 * f64::from(index % 7)).collect();
    let body = json!({"acc_time": times, "accX": vec![0.1; 1000], "accY": vec![0.2; 1000], "accZ": values}).to_string();
    let (status, _) = hub.post(&class.token, &body).await;
    assert_eq!(status, 200);
    let (mut counts, mut texts) = (BTreeMap::new(), BTreeMap::new());
    let complete = async {
        while counts.values().sum::<u32>() < 1000 || texts.get("outcomes").is_none_or(|outcomes: &Value| outcomes["outcomes"] == json!([]))
        {
            match socket.next().await.unwrap().unwrap() {
                Message::Text(text) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    texts.insert(message["type"].as_str().unwrap().to_owned(), message);
                }
                Message::Binary(bytes) => {
                    let frame = Frame::decode(&bytes).unwrap();
                    assert_eq!(frame.window, 1_000_000);
                    for series in frame.series.iter().filter(|series| series.component == Component::Z) {
                        assert_eq!(series.thing.to_string(), class.thing);
                        counts.extend(series.windows.iter().map(|window| (window.index, window.count)));
                    }
                }
                _ => {}
            }
        }
    };
    timeout(PATIENCE, complete).await.expect("all windows and a result arrive");
    assert_eq!(texts["lesson"]["code"], class.code);
    assert_eq!(texts["lesson"]["things"][0]["id"], class.thing);
    assert_eq!(texts["counters"]["joined"], 1);
    assert_eq!(texts["outcomes"]["outcomes"][0]["unit"], "m/s2");
    socket.send(Message::Close(None)).await.unwrap();
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_lesson_shows_its_results_at_that_moment_to_whoever_comes() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let (one, two) = (led.join().await, led.join().await);
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    let address = format!("/api/v1/lessons/{}/outcomes", led.id);
    let listed = async |token: Option<&str>| {
        let answer: Value = hub.request(Method::GET, &address, token).send().await.unwrap().json().await.unwrap();
        let list = |of: &str| answer[of].as_array().unwrap().len();
        (list("outcomes"), list("pending"))
    };
    let results = |message: &Value| message["outcomes"].as_array().unwrap().len();
    let mut early = board(&hub, &led.id).await;
    assert_eq!(hub.post(&one.token, &rest(1)).await.1["stored"], 1500);
    early.until("outcomes", |message| results(message) == 1).await;
    led.told(json!({"do": "freeze"})).await;
    assert_eq!(hub.post(&two.token, &rest(1)).await.1["stored"], 1500);
    while listed(Some(&hub.teacher)).await != (2, 0) {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    // Until they have been computed for the boards, too.
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
    let mut late = board(&hub, &led.id).await;
    assert_eq!(results(&late.until("outcomes", |_| true).await), 1, "who opens the board late sees what was there");
    assert_eq!((listed(None).await, listed(Some(&two.token)).await), ((1, 1), (1, 1)));
    led.told(json!({"do": "hide", "thing": one.id})).await;
    assert_eq!(results(&late.until("outcomes", |_| true).await), 0, "a hidden one is hidden here as well");
    assert_eq!((listed(None).await, listed(Some(&one.token)).await), ((0, 1), (1, 1)), "but not from itself");
    led.told(json!({"do": "unfreeze"})).await;
    for board in [&mut early, &mut late] {
        let shown = board.until("outcomes", |message| message["class"].as_object().unwrap().values().any(|class| class["n"] == 2)).await;
        assert_eq!(results(&shown), 1);
    }
    assert_eq!((listed(None).await, listed(Some(&one.token)).await), ((1, 0), (2, 0)));
    // A hub that was started again knows nothing of that moment, and shows nothing newer.
    led.told(json!({"do": "freeze"})).await;
    hub.running.hub.results.forget(led.id.parse().unwrap());
    assert_eq!((listed(None).await, listed(Some(&hub.teacher)).await), ((0, 0), (2, 0)));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn live_windows_are_the_windows_of_history() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let times: Vec<f64> = (0..500).map(|index| f64::from(index) * 0.013).collect();
    let values: Vec<f64> = (0..500).map(|index| f64::from(index).sin()).collect();
    let body = json!({"acc_time": times, "accX": values, "accY": values, "accZ": values}).to_string();
    hub.post(&class.token, &body).await;
    let address = format!("ws://{}/api/v1/lessons/{}/live?window_ms=500&property=acc", hub.running.http, class.lesson);
    let (mut socket, _) = connect_async(&address).await.unwrap();
    let mut live: BTreeMap<i64, (u32, f32, f32, f32)> = BTreeMap::new();
    let complete = async {
        while live.values().map(|(count, ..)| count).sum::<u32>() < 500 {
            if let Message::Binary(bytes) = socket.next().await.unwrap().unwrap() {
                let frame = Frame::decode(&bytes).unwrap();
                for series in frame.series.iter().filter(|series| series.component == Component::X) {
                    live.extend(series.windows.iter().map(|window| {
                        let start = frame.origin + i64::from(window.index) * i64::from(frame.window);
                        (start, (window.count, window.min, window.max, window.mean))
                    }));
                }
            }
        }
    };
    timeout(PATIENCE, complete).await.expect("all windows arrive");
    let path = format!("/api/v1/lessons/{}/aggregates?property=acceleration&window=500ms&format=json", class.lesson);
    let history = hub.get_json(&path).await;
    let history: Vec<&Value> = history.as_array().unwrap().iter().filter(|row| row["component"] == "x").collect();
    assert_eq!(history.len(), live.len());
    for (row, (count, min, max, mean)) in history.iter().zip(live.values()) {
        assert_eq!(row["count"], *count);
        assert_eq!(row["min"].as_f64().unwrap() as f32, *min);
        assert_eq!(row["max"].as_f64().unwrap() as f32, *max);
        assert!((row["mean"].as_f64().unwrap() - f64::from(*mean)).abs() < 1e-6);
    }
    hub.stop().await;
}

/// Text messages of a board by type until `wanted` is satisfied.
async fn texts(hub: &TestHub, lesson: &str, mut wanted: impl FnMut(&BTreeMap<String, Value>) -> bool) -> BTreeMap<String, Value> {
    let (mut socket, _) = connect_async(format!("ws://{}/api/v1/lessons/{lesson}/live", hub.running.http)).await.unwrap();
    let mut texts = BTreeMap::new();
    let search = async {
        while !wanted(&texts) {
            if let Message::Text(text) = socket.next().await.unwrap().unwrap() {
                let message: Value = serde_json::from_str(&text).unwrap();
                texts.insert(message["type"].as_str().unwrap().to_owned(), message);
            }
        }
    };
    timeout(PATIENCE, search).await.expect("the board is told");
    texts
}

const REST: &str = r#"{"acc_time":[0.01,0.02],"accX":[0.1,0.1],"accY":[0.2,0.2],"accZ":[9.8,9.8]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_board_is_told_that_its_lesson_ended_and_who_comes_later_too() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    hub.post(&class.token, REST).await;
    let (told_open, lesson) = (tokio::sync::Notify::new(), class.lesson.clone());
    let watching = texts(&hub, &lesson, |texts| {
        let message = texts.get("lesson");
        if message.is_some_and(|message| message["code"] == class.code && message["state"] == "recording") {
            told_open.notify_one();
        }
        message.is_some_and(|message| message["state"] == "ended")
    });
    // The end comes once the board has been told of an open lesson: nobody joins, and it is told all the same.
    let (watched, ()) = tokio::join!(watching, async {
        told_open.notified().await;
        hub.end(&class.lesson).await;
    });
    assert_eq!(watched["lesson"]["code"], Value::Null);
    let ended = watched["lesson"]["ended"].as_i64().unwrap();
    assert!(ended >= watched["lesson"]["created"].as_i64().unwrap());
    let late = texts(&hub, &lesson, |texts| texts.contains_key("outcomes") && texts.contains_key("counters")).await;
    assert_eq!((&late["lesson"]["state"], &late["lesson"]["ended"]), (&json!("ended"), &json!(ended)));
    assert_eq!((&late["counters"]["joined"], &late["outcomes"]["pending"][0]["thing"]), (&json!(1), &json!(class.thing)));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_a_board_has_its_counters_before_anybody_sends() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    hub.post(&class.token, REST).await;
    hub.post(&class.token, r#"{"acc_time":[1],"accX":[1e308],"accY":[0],"accZ":[0]}"#).await;
    let counters = |texts: &BTreeMap<String, Value>| texts.get("counters").is_some_and(|counters| counters["readings"] == 2);
    let before = texts(&hub, &class.lesson, counters).await;
    let hub = TestHub::start_in(hub.stop().await).await;
    let after = texts(&hub, &class.lesson, |texts| texts.contains_key("counters")).await;
    for name in ["joined", "readings", "rejected"] {
        assert_eq!(after["counters"][name], before["counters"][name], "{name}");
    }
    let heard = |name: &str| after["counters"][name].as_u64().unwrap();
    assert_eq!(heard("sending") + heard("silent"), 1, "who sent before is not forgotten");
    assert!(after["counters"]["rejected"].as_object().unwrap().values().any(|count| count != 0));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_gets_no_live_view() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let address = format!("ws://{}/api/v1/lessons/{}/live", hub.running.http, class.lesson);
    let mut request = address.into_client_request().unwrap();
    request.headers_mut().insert("origin", "http://evil.example".parse().unwrap());
    assert!(connect_async(request).await.is_err());
    hub.stop().await;
}
