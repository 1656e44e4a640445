//! A lesson over HTTP: make, join, measure, ask, end.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestHub;

#[tokio::test(flavor = "multi_thread")]
async fn readings_are_stored_once_and_come_back_as_they_were_sent() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    assert_eq!(class.token.len(), 22);
    assert_eq!(class.topic, format!("in/{}/acc", class.token));
    let body = r#"{"acc_time":[0.005,0.01,0.015],"accX":[0.0612,-9.81,3],"accY":[1,2,3],"accZ":[0.1,0.2,0.3]}"#;
    let (status, answer) = hub.post(&class.token, body).await;
    assert_eq!((status, &answer["ok"], &answer["stored"]), (200, &json!(1), &json!(3)));
    // phyphox with keep=true repeats its whole buffer; the second time nothing is new but the last reading.
    let longer = r#"{"acc_time":[0.005,0.01,0.015,0.02],"accX":[0.0612,-9.81,3,4],"accY":[1,2,3,4],"accZ":[0.1,0.2,0.3,0.4]}"#;
    let (_, answer) = hub.post(&class.token, longer).await;
    assert_eq!((&answer["stored"], &answer["duplicates"]), (&json!(1), &json!(3)));
    let rows = hub.rows(&class.lesson).await;
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0][..4], [class.lesson.clone(), "1".to_owned(), class.thing.clone(), "acceleration".to_owned()]);
    assert_eq!(rows[0][6..11], ["0.0612", "1", "0.1", "m/s2", "1"]);
    assert_eq!(rows.iter().map(|row| row[12].as_str()).collect::<Vec<_>>(), ["0", "0.005", "0.01", "0.015"]);
    let things = hub.get_json(&format!("/api/v1/lessons/{}/observations?format=json&limit=1", class.lesson)).await;
    assert!(things[0].get("nickname").is_none(), "names are for spreadsheets: {things}");
    assert_eq!(rows[1][6], "-9.81");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_again_after_a_restart() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let body = r#"{"t":[0.01,0.02],"accX":[1,2],"accY":[1,2],"accZ":[9.8,9.7],"pressure":[1013.25,1013.5]}"#;
    assert_eq!(hub.post(&class.token, body).await.0, 200);
    let before = hub.rows(&class.lesson).await;
    assert_eq!(before.len(), 4, "two of the acceleration, two of the pressure");
    let hub = TestHub::start_in(hub.stop().await).await;
    assert_eq!(hub.rows(&class.lesson).await, before);
    let (_, answer) = hub.post(&class.token, body).await;
    assert_eq!(answer["duplicates"], 4, "sent again after the restart it is still the same");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inputs_are_checked_and_only_ones_own() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    let other = hub.join(&class.code).await;
    let path = format!("/api/v1/things/{}", class.thing);
    let check = async |token: Option<&str>, body: Value, expected: u16| {
        let response = hub.request(Method::PATCH, &path, token).json(&body).send().await.unwrap();
        let (status, answer) = (response.status().as_u16(), response.json::<Value>().await.unwrap());
        assert_eq!(status, expected, "{body}: {answer}");
        answer
    };
    let answer = check(Some(&class.token), json!({"length_m": 0.421}), 200).await;
    assert_eq!(answer["inputs"]["length_m"], 0.421);
    check(Some(&hub.teacher), json!({"length_m": 0.43}), 200).await;
    check(other["token"].as_str(), json!({"length_m": 0.4}), 403).await;
    check(None, json!({"length_m": 0.4}), 401).await;
    check(Some("AAAAAAAAAAAAAAAAAAAAAA"), json!({"length_m": 0.4}), 401).await;
    check(Some(&class.token), json!({"length": 0.4}), 400).await;
    check(Some(&class.token), json!({"length_m": 4000}), 400).await;
    check(Some(&class.token), json!({"length_m": "long"}), 400).await;
    check(Some(&class.token), json!({"length": null}), 400).await;
    // What is measured by hand comes with its uncertainty, and that goes with it.
    let inputs = async |body: Value| check(Some(&class.token), body, 200).await["inputs"].clone();
    assert_eq!(inputs(json!({"T": 1.42, "u_T": 0.03})).await, json!({"length_m": 0.43, "T": 1.42, "u_T": 0.03}));
    assert_eq!(inputs(json!({"T": 1.41})).await, json!({"length_m": 0.43, "T": 1.41}));
    assert_eq!(inputs(json!({"u_T": 0})).await["u_T"], 0.0);
    assert_eq!(inputs(json!({"T": null})).await, json!({"length_m": 0.43}));
    assert_eq!(inputs(json!({"length_m": null})).await, json!({}));
    check(Some(&class.token), json!({"T": 14.2}), 400).await;
    check(Some(&class.token), json!({"T": 1.42, "u_T": -0.1}), 400).await;
    check(Some(&class.token), json!({"u_length_m": 0.1}), 400).await;
    assert_eq!(inputs(json!({})).await, json!({}), "refused as a whole");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_lesson_takes_nothing_more_and_keeps_what_it_has() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let body =
        r#"{"t":[0.01],"x":[1],"y":[2],"z":[3]}"#.replace("\"x\"", "\"accX\"").replace("\"y\"", "\"accY\"").replace("\"z\"", "\"accZ\"");
    assert_eq!(hub.post(&class.token, &body).await.1["stored"], 1);
    hub.end(&class.lesson).await;
    let (_, answer) = hub.post(&class.token, &body.replace("0.01", "0.02")).await;
    assert_eq!((&answer["stored"], &answer["rejected"]), (&json!(0), &json!(1)));
    let response = hub.request(Method::POST, "/api/v1/join", None).json(&json!({"code": class.code})).send().await.unwrap();
    assert_eq!(response.status(), 404);
    assert_eq!(hub.rows(&class.lesson).await.len(), 1);
    let rejections = hub.get_json(&format!("/api/v1/lessons/{}/rejections", class.lesson)).await;
    assert_eq!(rejections[0]["reason"], "not_recording");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_run_that_exists_is_excluded_and_only_by_a_decision() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let times: Vec<f64> = (0..1500).map(|index| f64::from(index) * 0.02).collect();
    let body = json!({"acc_time": times, "accX": vec![0.1; 1500], "accY": vec![0.2; 1500], "accZ": vec![9.8; 1500]}).to_string();
    assert_eq!(hub.post(&class.token, &body).await.0, 200);
    let check = async |run: &str, body: Value, expected: u16, told: &str| {
        let path = format!("/api/v1/things/{}/runs/{run}/exclusion", class.thing);
        let response = hub.request(Method::PUT, &path, Some(&hub.teacher)).json(&body).send().await.unwrap();
        let status = response.status().as_u16();
        let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        let answer = response.text().await.unwrap();
        assert_eq!(status, expected, "{run} {body}: {answer}");
        assert!(answer.contains(told), "{run} {body}: {answer}");
        assert!(status < 400 || kind.as_deref() == Some("application/problem+json"), "{run} {body}: {kind:?}");
    };
    let excluded = async || hub.get_json(&format!("/api/v1/lessons/{}/outcomes", class.lesson)).await["outcomes"][0]["excluded"].clone();
    check("7", json!({"reason": "slipped"}), 404, "has no run 7").await;
    check("7", json!({"reason": null}), 404, "has no run 7").await;
    check("one", json!({"reason": "slipped"}), 400, "address").await;
    check("1", json!({"reason": ""}), 400, "1 to 200").await;
    check("1", json!({"reason": "slipped"}), 204, "").await;
    assert_eq!(excluded().await, "slipped");
    check("1", json!({}), 400, "reason").await;
    assert_eq!(excluded().await, "slipped", "an empty object takes nothing back");
    check("1", json!({"reason": null}), 204, "").await;
    assert_eq!(excluded().await, Value::Null);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_measured_by_hand_is_run_0_everywhere() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    let enter = async |body: Value| {
        let path = format!("/api/v1/things/{}", class.thing);
        assert_eq!(hub.request(Method::PATCH, &path, Some(&class.token)).json(&body).send().await.unwrap().status(), 200, "{body}");
    };
    let exclude = async |reason: Value| {
        let path = format!("/api/v1/things/{}/runs/0/exclusion", class.thing);
        hub.request(Method::PUT, &path, Some(&hub.teacher)).json(&json!({"reason": reason})).send().await.unwrap().status().as_u16()
    };
    let command = async |reason: Value| {
        let path = format!("/api/v1/lessons/{}/commands", class.lesson);
        let body = json!({"do": "exclude", "thing": class.thing, "run": 0, "reason": reason});
        hub.request(Method::POST, &path, Some(&hub.teacher)).json(&body).send().await.unwrap().status().as_u16()
    };
    let erase = async |token: &str| {
        let path = format!("/api/v1/things/{}/runs/0", class.thing);
        hub.request(Method::DELETE, &path, Some(token)).send().await.unwrap().status().as_u16()
    };
    let outcomes = async || hub.get_json(&format!("/api/v1/lessons/{}/outcomes", class.lesson)).await;
    // Nobody has measured by hand.
    enter(json!({"length_m": 0.5})).await;
    assert_eq!((exclude(json!("x")).await, command(json!("x")).await, erase(&class.token).await), (404, 404, 404));
    enter(json!({"T": 1.42, "u_T": 0.03})).await;
    let found = outcomes().await;
    let own = &found["outcomes"][0];
    assert_eq!((&own["run"], &own["by_hand"], &found["class"]["g"]["n"]), (&json!(0), &json!(true), &json!(1)), "{found}");
    let csv = hub.get(&format!("/api/v1/lessons/{}/outcomes?format=csv&dialect=de", class.lesson)).await;
    assert!(csv.contains("number;nickname;") && csv.contains(";0;1;g;9,78") && csv.contains(";1;;1,42;0,03;s"), "{csv}");
    for refused in ["format=parquet", "format=xml", "dialect=de", "colour=red"] {
        let path = format!("/api/v1/lessons/{}/outcomes?{refused}", class.lesson);
        assert_eq!(hub.request(Method::GET, &path, None).send().await.unwrap().status(), 400, "{refused}");
    }
    assert_eq!(exclude(json!("counted wrong")).await, 204);
    let found = outcomes().await;
    assert_eq!((&found["outcomes"][0]["excluded"], &found["class"]), (&json!("counted wrong"), &json!({})));
    assert_eq!(command(Value::Null).await, 200);
    assert_eq!(outcomes().await["class"]["g"]["n"], 1);
    // Who clears it and enters it again is excluded still; what the teacher erases is gone with its exclusion.
    assert_eq!((command(json!("slipped")).await, erase(&class.token).await), (200, 204));
    assert_eq!(outcomes().await["outcomes"], json!([]));
    enter(json!({"T": 1.42})).await;
    assert_eq!(outcomes().await["outcomes"][0]["excluded"], "slipped");
    assert_eq!(erase(&hub.teacher).await, 204);
    enter(json!({"T": 1.42})).await;
    assert_eq!(outcomes().await["outcomes"][0]["excluded"], Value::Null);
    enter(json!({"T": null})).await;
    assert_eq!(outcomes().await["outcomes"], json!([]));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_values_are_rejected_one_by_one_and_shown() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let check = async |body: &str, stored: u32, rejected: bool| {
        let (status, answer) = hub.post(&class.token, body).await;
        assert_eq!(status, 200, "{body}: {answer}");
        assert_eq!(answer["stored"], stored, "{body}: {answer}");
        assert_eq!(answer["rejected"].as_u64().unwrap() > 0, rejected, "{body}: {answer}");
    };
    check(r#"{"t":[1,2,3],"accX":[1,null,3],"accY":[1,2,3],"accZ":[1,2,3]}"#, 2, true).await;
    check(r#"{"t":[4],"accX":[1e308],"accY":[1],"accZ":[1]}"#, 0, true).await;
    check("this is not JSON", 0, true).await;
    check("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 0, true).await;
    // Far outside the sensor's range: stored and flagged, not refused.
    check(r#"{"t":[5],"accX":[9999],"accY":[1],"accZ":[1]}"#, 1, false).await;
    let rejections = hub.get_json(&format!("/api/v1/lessons/{}/rejections", class.lesson)).await;
    let reasons: Vec<&str> = rejections.as_array().unwrap().iter().filter_map(|entry| entry["reason"].as_str()).collect();
    assert!(reasons.contains(&"not_finite") && reasons.contains(&"undecodable"), "{reasons:?}");
    let (status, _) = hub.post("AAAAAAAAAAAAAAAAAAAAAA", "{}").await;
    assert_eq!(status, 401);
    let (status, problem) = hub.post(&class.token, &"x".repeat(70_000)).await;
    assert_eq!(status, 413);
    assert!(problem["detail"].as_str().unwrap().contains("smaller batches"));
    hub.stop().await;
}
