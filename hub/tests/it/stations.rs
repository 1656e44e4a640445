//! Stations from outside: made by a teacher, sent to as their devices do, looked at by everybody.

use std::time::Duration;

use reqwest::Method;
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, QoS};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{PATIENCE, TestHub};

/// Makes a station; its id and key.
async fn station(hub: &TestHub, settings: Value) -> (String, String) {
    let answer = hub.request(Method::POST, "/api/v1/stations", Some(&hub.teacher)).json(&settings).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let made: Value = answer.json().await.unwrap();
    (made["id"].as_str().unwrap().to_owned(), made["key"].as_str().unwrap().to_owned())
}

/// Sends a request as a device does; status and text.
async fn send(hub: &TestHub, method: Method, path: &str, authorization: Option<&str>, body: &str) -> (u16, String) {
    let mut request = hub.request(method, path, None).body(body.to_owned());
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// What a station shows: channel, property, value, time.
async fn shown(hub: &TestHub, id: &str) -> Vec<(String, String, f64, String)> {
    let view: Value = hub.request(Method::GET, &format!("/api/v1/stations/{id}"), None).send().await.unwrap().json().await.unwrap();
    let mut streams = vec![];
    for channel in view["channels"].as_array().unwrap() {
        for stream in channel["streams"].as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let value = (stream["value"].as_f64().unwrap() * 100.0).round() / 100.0;
            streams.push((text(&channel["name"]), text(&stream["property"]), value, text(&stream["time"])));
        }
    }
    streams
}

fn row(channel: &str, property: &str, value: f64, time: &str) -> (String, String, f64, String) {
    (channel.to_owned(), property.to_owned(), value, time.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_sends_by_http_and_everybody_looks() {
    let hub = TestHub::start().await;
    let (id, key) = station(&hub, json!({"name": "Roof", "format": "ecowitt"})).await;
    let body = "PASSKEY=SECRETSECRET&dateutc=2026-11-22+06:00:00&tempf=50.0&humidity=80&tempinf=68.0";
    let path = format!("/s/{key}/data/report/");
    let (status, answer) = send(&hub, Method::POST, &path, None, body).await;
    assert_eq!((status, answer.contains("\"errcode\":\"0\"")), (200, true), "{answer}");
    let time = "2026-11-22T06:00:00.000000Z";
    let expected = [row("", "temperature", 10.0, time), row("", "relative_humidity", 80.0, time), row("indoor", "temperature", 20.0, time)];
    assert_eq!(shown(&hub, &id).await, expected, "durable and visible when it is answered");
    assert_eq!(send(&hub, Method::POST, &path, None, body).await.0, 200, "sent twice");
    let view = hub.get_json(&format!("/api/v1/stations/{id}")).await;
    assert_eq!(view["channels"][0]["streams"][0]["count"], 1, "and stored once");
    assert_eq!(view["rejections"], json!([]));

    // Another value of the same time stays out and is told.
    assert_eq!(send(&hub, Method::POST, &path, None, &body.replace("50.0", "59.0")).await.0, 200);
    let view = hub.get_json(&format!("/api/v1/stations/{id}")).await;
    assert_eq!((&view["rejections"][0]["reason"], &view["rejections"][0]["count"]), (&json!("conflicting"), &json!(1)));

    // What arrived is there to look at, without what names or authorises the device.
    let payloads = timeout(PATIENCE, async {
        loop {
            let payloads = hub.get_json(&format!("/api/v1/stations/{id}/payloads")).await;
            if payloads.as_array().is_some_and(|payloads| payloads.len() == 3) {
                return payloads;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let payloads = payloads.await.unwrap();
    assert!(!payloads.to_string().contains("SECRET"), "{payloads}");
    assert_eq!((&payloads[0]["looks_like"], &payloads[0]["door"]), (&json!("ecowitt"), &json!("data/report/")));
    assert!(payloads[0]["fields"].as_array().unwrap().iter().any(|field| field["path"] == "tempf" && field["example"] == "59.0"));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_find_the_paths_they_know() {
    let hub = TestHub::start().await;
    let (id, key) = station(&hub, json!({"name": "Garden", "format": "wunderground"})).await;
    let path = |password: &str| {
        format!(
            "/weatherstation/updateweatherstation.php?ID=KX&PASSWORD={password}&dateutc=2026-11-22%2006:00:00&tempf=50.0&windspeedmph=-9999&action=updateraw"
        )
    };
    assert_eq!(send(&hub, Method::GET, &path(&key), None, "").await, (200, "success\n".to_owned()));
    assert_eq!(shown(&hub, &id).await, [row("", "temperature", 10.0, "2026-11-22T06:00:00.000000Z")]);
    let (status, refused) = send(&hub, Method::GET, &path("wrong"), None, "").await;
    assert_eq!((status, refused.contains("unknown_station")), (401, true), "{refused}");
    assert!(!refused.contains("wrong\"") && !refused.contains("PASSWORD"), "{refused}");

    // A box goes on with the access token that it has.
    let sensors = json!({"5a30ea5375a96c000f012fe0": {"channel": "", "property": "temperature", "unit": "Cel"}});
    let (id, key) = station(&hub, json!({"name": "Box", "format": "opensensemap", "context": {"sensors": sensors}})).await;
    let short = hub.request(Method::POST, &format!("/api/v1/stations/{id}/key"), Some(&hub.teacher)).json(&json!({"own": "short"}));
    assert_eq!(short.send().await.unwrap().status(), 400);
    let own = "8fb2ecd4bd1b36b8ae4b0dbb79bf6ec1";
    let given = hub.request(Method::POST, &format!("/api/v1/stations/{id}/key"), Some(&hub.teacher)).json(&json!({"own": own}));
    let new = given.send().await.unwrap().json::<Value>().await.unwrap()["key"].as_str().unwrap().to_owned();
    let post = "/boxes/5a30ea5375a96c000f012fdf/5a30ea5375a96c000f012fe0";
    let value = r#"{"value": "21.5", "createdAt": "2026-11-22T06:00:00Z"}"#;
    assert_eq!(send(&hub, Method::POST, post, Some(own), value).await.0, 201);
    assert_eq!(shown(&hub, &id).await, [row("", "temperature", 21.5, "2026-11-22T06:00:00.000000Z")]);
    assert_eq!(send(&hub, Method::POST, post, Some(&new), value).await.0, 201);
    assert_eq!(send(&hub, Method::POST, post, Some(&key), value).await.0, 401, "the first key was replaced");

    let sensors = json!({"7": {"channel": "", "property": "relative_humidity", "unit": "%RH"}});
    let (id, key) = station(&hub, json!({"name": "OGC", "format": "sensorthings", "context": {"sensors": sensors}})).await;
    let observation = r#"{"phenomenonTime": "2026-11-22T06:00:00Z", "result": 55.5}"#;
    let bearer = format!("Bearer {key}");
    assert_eq!(send(&hub, Method::POST, "/v1.1/Datastreams(7)/Observations", Some(&bearer), observation).await.0, 201);
    assert_eq!(shown(&hub, &id).await, [row("", "relative_humidity", 55.5, "2026-11-22T06:00:00.000000Z")]);
    let (status, refused) = send(&hub, Method::POST, "/v1.1/Datastreams(8)/Observations", Some(&bearer), observation).await;
    assert_eq!(status, 422, "a sensor that nobody entered: {refused}");
    hub.stop().await;
}

fn connect(hub: &TestHub, login: Option<(&str, &str)>) -> (AsyncClient, EventLoop) {
    let mut options = MqttOptions::new("roof", "127.0.0.1", hub.running.mqtt.port());
    if let Some((user, password)) = login {
        options.set_credentials(user, password);
    }
    AsyncClient::new(options, 16)
}

async fn acknowledged(events: &mut EventLoop) -> bool {
    let search = async {
        loop {
            match events.poll().await {
                Ok(Event::Incoming(Packet::PubAck(_))) => return true,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    };
    timeout(PATIENCE, search).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_speaks_mqtt_in_its_own_topics() {
    let hub = TestHub::start().await;
    let (id, key) = station(&hub, json!({"name": "Roof", "format": "tasmota", "topics": ["tele/roof/#"]})).await;
    let message = r#"{"Time":"2026-11-22T07:00:00","BME280":{"Temperature":21.5,"Humidity":33.5},"TempUnit":"C"}"#;
    let (client, mut events) = connect(&hub, Some(("station", &key)));
    client.publish("tele/roof/SENSOR", QoS::AtLeastOnce, true, message).await.unwrap();
    assert!(acknowledged(&mut events).await);
    let properties = |rows: Vec<(String, String, f64, String)>| rows.into_iter().map(|row| (row.1, row.2)).collect::<Vec<_>>();
    let expected = [("temperature".to_owned(), 21.5), ("relative_humidity".to_owned(), 33.5)];
    assert_eq!(properties(shown(&hub, &id).await), expected);
    // With the key as the first level nobody logs in.
    let (client, mut events) = connect(&hub, None);
    client.publish(format!("in/{key}/tele/roof/SENSOR"), QoS::AtLeastOnce, false, message.replace("21.5", "22.5")).await.unwrap();
    assert!(acknowledged(&mut events).await);
    assert_eq!(properties(shown(&hub, &id).await)[0].1, 22.5);
    for (login, topic) in [(Some(("station", key.as_str())), "tele/neighbour/SENSOR"), (Some(("station", "wrong")), "tele/roof/SENSOR")] {
        let (client, mut events) = connect(&hub, login);
        client.publish(topic, QoS::AtLeastOnce, false, message).await.unwrap();
        assert!(!acknowledged(&mut events).await, "{login:?} {topic}");
    }
    // A pupil's token opens no further levels.
    let class = hub.class("rest").await;
    let (client, mut events) = connect(&hub, None);
    client.publish(format!("in/{}/tele/roof", class.token), QoS::AtLeastOnce, false, message).await.unwrap();
    assert!(!acknowledged(&mut events).await);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_checked_tried_and_kept_to_teachers() {
    let hub = TestHub::start().await;
    let teacher = async |method: Method, path: &str, body: Value| {
        let answer = hub.request(method, path, Some(&hub.teacher)).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for wrong in [
        json!({"name": ""}),
        json!({"name": "x", "latitude": 91, "longitude": 0}),
        json!({"name": "x", "latitude": 9}),
        json!({"name": "x", "topics": ["#"]}),
        json!({"name": "x", "topics": ["in/a"]}),
        json!({"name": "x", "format": "fax"}),
        json!({"name": "x", "time_zone": "Europe/Atlantis"}),
    ] {
        let (status, said) = teacher(Method::POST, "/api/v1/stations", wrong.clone()).await;
        assert_eq!(status, 400, "{wrong}: {said}");
    }
    let settings = json!({"name": "Any", "format": "mapping", "context": {"mapping": {"fields": [
        {"path": "t", "channel": "", "property": "temperature", "unit": "[degF]"}]}}});
    let (status, tried) =
        teacher(Method::POST, "/api/v1/stations/try", json!({"settings": settings, "text": r#"{"t": 50, "x": 1}"#})).await;
    let tried: Value = serde_json::from_str(&tried).unwrap();
    assert_eq!((status, &tried["readings"][0]["unit"]), (200, &json!("Cel")), "{tried}");
    assert!((tried["readings"][0]["value"].as_f64().unwrap() - 10.0).abs() < 1e-9, "{tried}");
    let (id, key) = station(&hub, settings).await;

    // What is not public is not there for others; lessons know nothing of it; nobody's token opens it.
    assert_eq!(teacher(Method::PUT, &format!("/api/v1/stations/{id}"), json!({"name": "Mine", "public": false})).await.0, 200);
    assert_eq!(send(&hub, Method::GET, &format!("/api/v1/stations/{id}"), None, "").await.0, 404);
    assert_eq!(send(&hub, Method::GET, "/api/v1/stations", None, "").await, (200, "[]".to_owned()));
    assert_eq!(teacher(Method::GET, &format!("/api/v1/lessons/{id}"), Value::Null).await.0, 404);
    assert_eq!(hub.get_json("/api/v1/lessons").await, json!([]));
    // Without a format what arrives is kept for looking at it, and answered.
    assert_eq!(send(&hub, Method::POST, &format!("/s/{key}"), None, "tempf=50").await.0, 200);
    assert_eq!(teacher(Method::DELETE, &format!("/api/v1/stations/{id}"), Value::Null).await.0, 204);
    assert_eq!(send(&hub, Method::POST, &format!("/s/{key}"), None, "tempf=50").await.0, 401);
    hub.stop().await;
}
