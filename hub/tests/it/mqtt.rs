//! MQTT from outside, over TCP and over the web port, through the real pipeline into the real store.

use std::time::Duration;

use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, QoS};
use serde_json::Value;
use tokio::time::timeout;

use crate::harness::{PATIENCE, TestHub};

fn connect(hub: &TestHub, id: &str, login: Option<(&str, &str)>) -> (AsyncClient, EventLoop) {
    let mut options = MqttOptions::new(id, "127.0.0.1", hub.running.mqtt.port());
    options.set_keep_alive(Duration::from_secs(30));
    if let Some((user, password)) = login {
        options.set_credentials(user, password);
    }
    AsyncClient::new(options, 16)
}

async fn until(events: &mut EventLoop, what: &str, mut wanted: impl FnMut(&Packet) -> bool) -> Packet {
    let search = async {
        loop {
            if let Event::Incoming(packet) = events.poll().await.unwrap()
                && wanted(&packet)
            {
                return packet;
            }
        }
    };
    timeout(PATIENCE, search).await.unwrap_or_else(|_| panic!("no {what}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_is_there_at_every_quality_of_service() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    let (client, mut events) = connect(&hub, "phyphox_00af11", None);
    for (qos, time) in [(QoS::AtLeastOnce, 1), (QoS::ExactlyOnce, 2)] {
        let payload = format!("{{\"t\":[{time}],\"x\":[1.5],\"y\":[-2],\"z\":[9.81]}}");
        client.publish(&class.topic, qos, false, payload).await.unwrap();
        until(&mut events, "acknowledgement", |packet| matches!(packet, Packet::PubAck(_) | Packet::PubComp(_))).await;
        assert_eq!(hub.rows(&class.lesson).await.len(), time, "{qos:?}: visible once acknowledged");
    }
    // QoS 0 has no acknowledgement; a later one on the same connection comes after it.
    client.publish(&class.topic, QoS::AtMostOnce, false, r#"{"t":[3],"x":[1],"y":[2],"z":[3]}"#).await.unwrap();
    client.publish(&class.topic, QoS::AtLeastOnce, false, r#"{"t":[4],"x":[1],"y":[2],"z":[3]}"#).await.unwrap();
    until(&mut events, "acknowledgement", |packet| matches!(packet, Packet::PubAck(_))).await;
    assert_eq!(hub.rows(&class.lesson).await.len(), 4);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_teachers_tool_gets_results_and_a_pupil_only_its_own() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let neighbour = hub.join(&class.code).await;
    let (teacher, mut teacher_events) = connect(&hub, "tool", Some(("teacher", &hub.teacher)));
    teacher.subscribe(format!("out/{}/#", class.lesson), QoS::AtMostOnce).await.unwrap();
    until(&mut teacher_events, "SUBACK", |packet| matches!(packet, Packet::SubAck(_))).await;

    let (pupil, mut pupil_events) = connect(&hub, "pupil", Some(("thing", &class.token)));
    let denied = [
        "#".to_owned(),
        format!("in/{}/acc", class.token),
        format!("out/{}/#", class.lesson),
        format!("out/{}/thing/{}", class.lesson, neighbour["thing"].as_str().unwrap()),
        "$SYS/#".to_owned(),
    ];
    for filter in &denied {
        pupil.subscribe(filter, QoS::AtMostOnce).await.unwrap();
        let packet = until(&mut pupil_events, "SUBACK", |packet| matches!(packet, Packet::SubAck(_))).await;
        let Packet::SubAck(answer) = packet else { unreachable!() };
        assert_eq!(answer.return_codes, [rumqttc::SubscribeReasonCode::Failure], "{filter}");
    }
    pupil.subscribe(format!("out/{}/thing/{}", class.lesson, class.thing), QoS::AtMostOnce).await.unwrap();
    until(&mut pupil_events, "SUBACK", |packet| matches!(packet, Packet::SubAck(_))).await;

    let times: Vec<f64> = (0..1500).map(|index| f64::from(index) * 0.02).collect();
    let body =
        serde_json::json!({"acc_time": times, "accX": vec![0.1; 1500], "accY": vec![0.2; 1500], "accZ": vec![9.8; 1500]}).to_string();
    hub.post(&class.token, &body).await;

    let mut topics = std::collections::BTreeSet::new();
    let (mut aggregates, mut found): (Vec<Value>, bool) = (vec![], false);
    let outcomes = format!("out/{}/outcomes", class.lesson);
    until(&mut teacher_events, "outcome with a result", |packet| {
        let Packet::Publish(publish) = packet else { return false };
        topics.insert(publish.topic.clone());
        let message: Value = serde_json::from_slice(&publish.payload).unwrap();
        found |= publish.topic == outcomes && message["outcomes"] != serde_json::json!([]);
        if publish.topic.contains("/aggregates/") {
            aggregates.push(message);
        }
        // In whatever order they come: a result that does not change is told once.
        found && topics.len() >= 3
    })
    .await;
    assert!(topics.contains(&format!("out/{}/aggregates/acceleration", class.lesson)), "{topics:?}");
    let mut told = std::collections::BTreeSet::new();
    for message in &aggregates {
        let windows = message.as_array().unwrap();
        assert!(!windows.is_empty(), "a quiet second is no message");
        for window in windows {
            assert_eq!((&window["thing"], &window["unit"]), (&serde_json::json!(class.thing), &serde_json::json!("m/s2")));
            let once = told.insert((window["component"].to_string(), window["window_start"].to_string()));
            assert!(once, "all came in one body, so no window changed after it was told: {window}");
        }
    }
    let packet = until(&mut pupil_events, "own message", |packet| matches!(packet, Packet::Publish(_))).await;
    let Packet::Publish(publish) = packet else { unreachable!() };
    let own: Value = serde_json::from_slice(&publish.payload).unwrap();
    assert_eq!(own["thing"], class.thing);
    assert_eq!(own["latest"]["acceleration"]["unit"], "m/s2");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_or_login_is_refused() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    let (_client, mut events) = connect(&hub, "a", Some(("teacher", "AAAAAAAAAAAAAAAAAAAAAA")));
    assert!(timeout(PATIENCE, events.poll()).await.unwrap().unwrap_err().to_string().contains("BadUserNamePassword"));
    let (client, mut events) = connect(&hub, "b", None);
    client.publish("in/AAAAAAAAAAAAAAAAAAAAAA/acc", QoS::AtLeastOnce, false, "{}").await.unwrap();
    let closed = async { while events.poll().await.is_ok() {} };
    timeout(PATIENCE, closed).await.expect("the connection is closed");
    assert!(hub.rows(&class.lesson).await.is_empty());
    let metrics = hub.get("/metrics").await;
    let refused = metrics.lines().filter(|line| line.starts_with("messwerk_mqtt_refusals_total{") && !line.ends_with(" 0"));
    assert!(refused.count() >= 2, "{metrics}");
    hub.stop().await;
}
