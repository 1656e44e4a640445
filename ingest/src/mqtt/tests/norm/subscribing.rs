//! Chapters 3.8 to 3.12: SUBSCRIBE, UNSUBSCRIBE, PINGREQ.

use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::Packet as V4;

use super::super::harness::*;

async fn closes(house: &House, bytes: &[u8]) {
    let mut client = house.station("c").await;
    client.send(bytes).await;
    assert_eq!(client.next().await, None, "{bytes:02x?}");
}

/// [MQTT-3.8.3-3] [MQTT-3.10.3-2] Without a filter the connection is closed.
#[tokio::test]
async fn no_filter() {
    let house = house().await;
    closes(&house, &framed(0x82, &[0, 1])).await;
    closes(&house, &framed(0xa2, &[0, 1])).await;
}

/// [MQTT-3.8.3-4] Reserved bits and QoS 3 close the connection.
#[tokio::test]
async fn requested_qos() {
    let house = house().await;
    for bits in [3, 4, 0x80, 0xff] {
        closes(&house, &framed(0x82, &[0, 1, 0, 1, b'a', bits])).await;
    }
}

/// [MQTT-3.8.4-1] [MQTT-3.8.4-4] One SUBACK answers a SUBSCRIBE, [MQTT-3.8.4-5] [MQTT-3.9.3-1] with a code for each filter
/// in its order, [MQTT-3.9.3-2] each 0, 1, 2 or 0x80.
#[tokio::test]
async fn return_codes() {
    let house = house().await;
    let mut client = house.login("c", "station", "root").await;
    let filters: [(&[u8], u8, u8); 4] = [(b"root/a", 2, 2), (b"other", 1, 0x80), (b"root/#", 0, 0), (b"root/+", 1, 1)];
    let mut body = vec![0, 9];
    for (filter, qos, _) in filters {
        body.extend_from_slice(&(filter.len() as u16).to_be_bytes());
        body.extend_from_slice(filter);
        body.push(qos);
    }
    client.send(&framed(0x82, &body)).await;
    assert_eq!(encoded(&client.next().await.unwrap()), framed(0x90, &[0, 9, 2, 0x80, 0, 1]));
    client.ping().await;
}

/// [MQTT-3.8.4-3] The same filter again replaces the old one, and retained messages come again.
#[tokio::test]
async fn the_same_filter_again() {
    let house = house().await;
    let mut client = house.station("c").await;
    client.retain("a", QoS::AtLeastOnce, b"kept").await;
    for qos in [QoS::AtLeastOnce, QoS::AtMostOnce] {
        client.subscribe_at("a", qos).await;
        assert!(matches!(client.next().await, Some(V4::Publish(publish)) if publish.retain && publish.qos == qos));
    }
    client.publish("a", QoS::AtLeastOnce, 1, b"x").await;
    assert_eq!(client.next().await, Some(puback(1)));
    assert!(matches!(client.next().await, Some(V4::Publish(publish)) if publish.qos == QoS::AtMostOnce));
    client.ping().await;
}

/// [MQTT-3.8.4-6] A message comes at the lower of its own QoS and what was granted.
#[tokio::test]
async fn the_lower_qos() {
    let house = house().await;
    let all = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];
    for granted in all {
        let mut reader = house.station("reader").await;
        assert_eq!(reader.subscribe_at("a", granted).await, [granted as u8]);
        let mut writer = house.station("writer").await;
        for sent in all {
            writer.publish("a", sent, if sent == QoS::AtMostOnce { 0 } else { 1 + sent as u16 }, b"x").await;
            match reader.next().await {
                Some(V4::Publish(publish)) => assert_eq!(publish.qos as u8, (granted as u8).min(sent as u8)),
                other => panic!("{other:?}"),
            }
        }
    }
}

/// [MQTT-3.10.4-1] A filter is compared character by character, [MQTT-3.10.4-2] after its removal nothing new comes.
/// [MQTT-3.10.4-5] Unknown ones are answered too, [MQTT-3.10.4-6] several at once as if one by one.
#[tokio::test]
async fn unsubscribing() {
    let house = house().await;
    let mut client = house.station("c").await;
    assert_eq!(client.subscribe(&["a/+", "b", "c"]).await, [1, 1, 1]);
    client.unsubscribe("a/#").await;
    client.unsubscribe("A/+").await;
    client.publish("a/x", QoS::AtMostOnce, 0, b"1").await;
    assert_eq!(client.message().await.0, "a/x");
    client.send(&framed(0xa2, b"\0\x07\0\x03a/+\0\x01b\0\x01z")).await;
    assert_eq!(encoded(&client.next().await.unwrap()), framed(0xb0, &[0, 7]));
    for topic in ["a/x", "b", "c"] {
        client.publish(topic, QoS::AtMostOnce, 0, b"2").await;
    }
    assert_eq!(client.message().await.0, "c");
}

/// [MQTT-3.10.4-3] A delivery that was begun is completed after UNSUBSCRIBE.
#[tokio::test]
async fn unsubscribing_amid_a_delivery() {
    let house = house().await;
    let (mut reader, _) = house.session("reader", false).await;
    assert_eq!(reader.subscribe_at("a", QoS::ExactlyOnce).await, [2]);
    let mut writer = house.station("writer").await;
    writer.publish("a", QoS::ExactlyOnce, 1, b"x").await;
    let Some(V4::Publish(publish)) = reader.next().await else { panic!("no PUBLISH") };
    reader.unsubscribe("a").await;
    drop(reader);
    until(|| house.stats().connections() <= 1).await;
    let (mut reader, _) = house.session("reader", false).await;
    assert!(matches!(reader.next().await, Some(V4::Publish(again)) if again.pkid == publish.pkid && again.dup));
    reader.send(&framed(0x50, &publish.pkid.to_be_bytes())).await;
    assert_eq!(encoded(&reader.next().await.unwrap()), framed(0x62, &publish.pkid.to_be_bytes()));
}

/// [MQTT-3.12.4-1] PINGREQ is answered.
#[tokio::test]
async fn ping() {
    let house = house().await;
    for mut client in [house.anonymous("c").await, house.station("c").await] {
        for _ in 0..3 {
            client.ping().await;
        }
    }
}
