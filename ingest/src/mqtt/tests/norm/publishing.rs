//! Chapter 3.3: PUBLISH, retained messages.

use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::Packet as V4;

use super::super::harness::*;
use crate::mqtt::Refused;

/// [MQTT-3.3.1-2] DUP at QoS 0 and [MQTT-3.3.1-4] QoS 3 close the connection.
#[tokio::test]
async fn impossible_flags() {
    let house = house().await;
    for (first, body) in [(0x38, &b"\0\x01ax"[..]), (0x36, b"\0\x01a\0\x01x"), (0x3e, b"\0\x01a\0\x01x")] {
        let mut client = house.station("c").await;
        client.send(&framed(first, body)).await;
        assert_eq!(client.next().await, None, "{first:#x}");
    }
}

/// [MQTT-3.3.1-3] DUP is not passed on. [MQTT-2.3.1-5] QoS 0 carries no packet id. [MQTT-3.3.2-3] The topic sent is one
/// that the filter matches.
#[tokio::test]
async fn what_is_passed_on() {
    let house = house().await;
    let (mut writer, mut reader) = (house.station("writer").await, house.station("reader").await);
    assert_eq!(reader.subscribe_at("a/+", QoS::AtMostOnce).await, [0]);
    let mut bytes = encoded(&publish("a/b", QoS::AtLeastOnce, 5, b"x"));
    bytes[0] |= 8;
    writer.send(&bytes).await;
    assert_eq!(writer.next().await, Some(puback(5)));
    let passed = reader.next().await.unwrap();
    assert_eq!(encoded(&passed), encoded(&publish("a/b", QoS::AtMostOnce, 0, b"x")));
}

/// [MQTT-3.3.1-5] The last retained message is kept, [MQTT-3.3.1-6] sent to each new subscription, [MQTT-3.3.1-8] with
/// the retain flag, [MQTT-3.3.1-9] and to existing ones without it. [MQTT-3.3.1-7] Also at QoS 0.
#[tokio::test]
async fn retained() {
    let house = house().await;
    let (mut writer, mut early) = (house.station("writer").await, house.station("early").await);
    assert_eq!(early.subscribe(&["a/#"]).await, [1]);
    for (qos, payload) in [(QoS::AtMostOnce, "0"), (QoS::AtLeastOnce, "1"), (QoS::ExactlyOnce, "2"), (QoS::AtMostOnce, "3")] {
        writer.retain("a/b", qos, payload.as_bytes()).await;
        assert_eq!(early.message().await, ("a/b".into(), payload.into(), false));
        let mut late = house.station("late").await;
        assert_eq!(late.subscribe(&["+/b"]).await, [1]);
        assert_eq!(late.message().await, ("a/b".into(), payload.into(), true));
    }
}

/// [MQTT-3.3.1-10] An empty retained message is passed on and removes what was kept; [MQTT-3.3.1-11] it is not kept itself.
/// [MQTT-3.3.1-12] A message without the flag changes nothing.
#[tokio::test]
async fn what_is_not_retained() {
    let house = house().await;
    let (mut writer, mut early) = (house.station("writer").await, house.station("early").await);
    writer.retain("a", QoS::AtLeastOnce, b"kept").await;
    assert_eq!(early.subscribe(&["a"]).await, [1]);
    assert_eq!(early.message().await, ("a".into(), "kept".into(), true));
    for payload in ["other", ""] {
        writer.publish("a", QoS::AtLeastOnce, 1, payload.as_bytes()).await;
        assert_eq!(early.message().await, ("a".into(), payload.into(), false));
    }
    let mut late = house.station("late").await;
    assert_eq!(late.subscribe(&["a"]).await, [1]);
    assert_eq!(late.message().await, ("a".into(), "kept".into(), true));
    writer.retain("a", QoS::AtLeastOnce, b"").await;
    assert_eq!(early.message().await, ("a".into(), String::new(), false));
    let mut last = house.station("last").await;
    assert_eq!(last.subscribe(&["a"]).await, [1]);
    last.ping().await;
}

/// [MQTT-3.3.4-1] Each QoS has its answer, from a Thing and in a realm.
#[tokio::test]
async fn answers() {
    let house = house().await;
    for mut client in [house.anonymous("c").await, house.station("c").await] {
        client.publish(&topic(1), QoS::AtMostOnce, 0, b"x").await;
        client.ping().await;
        client.publish(&topic(1), QoS::AtLeastOnce, 7, b"x").await;
        assert_eq!(client.next().await, Some(puback(7)));
        client.publish(&topic(1), QoS::ExactlyOnce, 8, b"x").await;
        assert!(matches!(client.next().await, Some(V4::PubRec(ack)) if ack.pkid == 8));
    }
}

/// [MQTT-3.3.5-1] A message that two filters match comes once, at the highest QoS of them.
#[tokio::test]
async fn overlapping_filters() {
    let house = house().await;
    let mut client = house.station("c").await;
    for (filter, qos) in [("a/#", QoS::ExactlyOnce), ("a/+", QoS::AtLeastOnce), ("a/b", QoS::AtMostOnce)] {
        client.subscribe_at(filter, qos).await;
    }
    let mut writer = house.station("writer").await;
    writer.publish("a/b", QoS::ExactlyOnce, 1, b"x").await;
    assert!(matches!(client.next().await, Some(V4::Publish(publish)) if publish.qos == QoS::ExactlyOnce));
    client.ping().await;
}

/// [MQTT-3.3.5-2] A publish that is not allowed closes the connection.
#[tokio::test]
async fn not_allowed() {
    let house = house().await;
    let mut client = house.login("c", "station", "root").await;
    client.publish("root/a", QoS::AtLeastOnce, 1, b"x").await;
    assert_eq!(client.next().await, Some(puback(1)));
    assert_eq!(client.subscribe(&["root/#", "root", "rooted/#", "#", "+/a"]).await, [1, 1, 0x80, 0x80, 0x80]);
    client.publish("rooted/a", QoS::AtLeastOnce, 2, b"x").await;
    assert_eq!(client.next().await, None);
    house.refused(Refused::TopicNotAllowed, 1).await;
}
