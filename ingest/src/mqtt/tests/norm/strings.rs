//! Chapters 1, 2 and 4.7: strings, headers, packet ids, topics.

use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::{Packet as V4, SubAck, SubscribeReasonCode, UnsubAck};

use super::super::harness::*;

/// A PUBLISH with QoS 0 to any bytes.
fn to_topic(topic: &[u8]) -> Vec<u8> {
    framed(0x30, &[&(topic.len() as u16).to_be_bytes()[..], topic, b"payload"].concat())
}

fn to_filter(first: u8, filter: &[u8], tail: &[u8]) -> Vec<u8> {
    framed(first, &[&[0, 1][..], &(filter.len() as u16).to_be_bytes(), filter, tail].concat())
}

/// Bytes after a login close the connection, in a realm and outside.
async fn closes(house: &House, bytes: &[u8], why: &str) {
    for mut client in [house.anonymous("c").await, house.station("c").await] {
        client.send(bytes).await;
        assert_eq!(client.next().await, None, "{why}");
    }
}

/// [MQTT-1.5.3-1] [MQTT-3.3.2-1] [MQTT-3.8.3-1] [MQTT-3.10.3-1] Ill-formed UTF-8 closes the connection.
#[tokio::test]
async fn ill_formed_utf_8() {
    let house = house().await;
    for bad in [&b"\xed\xa0\x80"[..], b"\xed\xbf\xbf", b"\xff", b"a\xc3", b"\xc0\x80", b"\xf4\x90\x80\x80"] {
        closes(&house, &to_topic(bad), "PUBLISH").await;
        closes(&house, &to_filter(0x82, bad, &[0]), "SUBSCRIBE").await;
        closes(&house, &to_filter(0xa2, bad, &[]), "UNSUBSCRIBE").await;
    }
}

/// [MQTT-1.5.3-2] [MQTT-4.7.3-2] U+0000 closes the connection.
#[tokio::test]
async fn null_characters() {
    let house = house().await;
    closes(&house, &to_topic(b"a\0b"), "PUBLISH").await;
    closes(&house, &to_filter(0x82, b"a\0b", &[0]), "SUBSCRIBE").await;
    closes(&house, &to_filter(0xa2, b"\0", &[]), "UNSUBSCRIBE").await;
}

/// [MQTT-1.5.3-3] U+FEFF is a character like any other. [MQTT-4.7.3-4] Topics are compared byte by byte, without
/// normalisation.
#[tokio::test]
async fn topics_are_what_they_are() {
    let house = house().await;
    let mut client = house.station("c").await;
    assert_eq!(client.subscribe(&["\u{feff}a", "e\u{301}", "A"]).await, [1, 1, 1]);
    for topic in ["a", "\u{e9}", "\u{feff}a", "e\u{301}", "A"] {
        client.publish(topic, QoS::AtMostOnce, 0, b"").await;
    }
    for topic in ["\u{feff}a", "e\u{301}", "A"] {
        assert_eq!(client.message().await.0, topic);
    }
}

/// [MQTT-2.2.2-1] [MQTT-2.2.2-2] [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1] [MQTT-3.14.1-1] Reserved flags close the
/// connection.
#[tokio::test]
async fn reserved_flags() {
    let house = house().await;
    let right: [(u8, &[u8], u8); 8] = [
        (0x40, &[0, 1], 0),
        (0x50, &[0, 1], 0),
        (0x60, &[0, 1], 2),
        (0x70, &[0, 1], 0),
        (0x80, b"\0\x01\0\x01a\0", 2),
        (0xa0, b"\0\x01\0\x01a", 2),
        (0xc0, &[], 0),
        (0xe0, &[], 0),
    ];
    for (kind, body, expected) in right {
        for flags in (0..16).filter(|&flags| flags != expected).step_by(3) {
            closes(&house, &framed(kind | flags, body), "reserved flags").await;
        }
    }
}

/// [MQTT-2.3.1-1] Packet id 0 closes the connection.
#[tokio::test]
async fn packet_id_zero() {
    let house = house().await;
    closes(&house, &framed(0x32, b"\0\x01a\0\0"), "PUBLISH").await;
    closes(&house, &framed(0x82, b"\0\0\0\x01a\0"), "SUBSCRIBE").await;
    closes(&house, &framed(0xa2, b"\0\0\0\x01a"), "UNSUBSCRIBE").await;
}

/// [MQTT-2.3.1-6] [MQTT-2.3.1-7] [MQTT-3.8.4-2] [MQTT-3.10.4-4] Acknowledgements carry the packet id of what they
/// acknowledge.
#[tokio::test]
async fn packet_ids_come_back() {
    let house = house().await;
    for (mut client, granted) in [(house.login("c", "teacher", "all").await, QoS::AtMostOnce), (house.station("c").await, QoS::ExactlyOnce)]
    {
        client.send(&to_filter(0x82, b"out/a/#", &[2])).await;
        let codes = vec![SubscribeReasonCode::Success(granted)];
        assert_eq!(client.next().await, Some(V4::SubAck(SubAck::new(1, codes))));
        client.send(&framed(0xa2, b"\xff\xff\0\x01a")).await;
        assert_eq!(client.next().await, Some(V4::UnsubAck(UnsubAck::new(65_535))));
    }
    let topic = topic(1);
    for mut client in [house.anonymous("c").await, house.station("c").await] {
        for pkid in [1, 256, 65_535] {
            client.publish(&topic, QoS::AtLeastOnce, pkid, b"x").await;
            assert_eq!(client.next().await, Some(puback(pkid)));
            client.publish(&topic, QoS::ExactlyOnce, pkid, b"x").await;
            assert_eq!(encoded(&client.next().await.unwrap())[..2], [0x50, 2]);
            client.send(&framed(0x62, &pkid.to_be_bytes())).await;
            assert_eq!(encoded(&client.next().await.unwrap()), framed(0x70, &pkid.to_be_bytes()));
        }
    }
}

/// [MQTT-3.3.2-2] [MQTT-4.7.1-1] A wildcard in a topic name closes the connection.
#[tokio::test]
async fn wildcards_in_a_topic_name() {
    let house = house().await;
    for topic in ["#", "a/#", "a/+/b", "+", "a+", "a#b"] {
        closes(&house, &to_topic(topic.as_bytes()), topic).await;
    }
}

/// [MQTT-4.7.1-2] [MQTT-4.7.1-3] A wildcard stands for whole levels, `#` for the last ones.
#[tokio::test]
async fn wildcards_in_the_wrong_place() {
    let house = house().await;
    for filter in ["a#", "a/#/b", "a+", "a/+b", "+a/#", "##"] {
        closes(&house, &to_filter(0x82, filter.as_bytes(), &[0]), filter).await;
    }
}

/// [MQTT-4.7.2-1] A filter that begins with a wildcard matches no topic that begins with `$`.
#[tokio::test]
async fn dollar_topics() {
    let house = house().await;
    let mut client = house.station("c").await;
    assert_eq!(client.subscribe(&["#", "+/x"]).await, [1, 1]);
    client.publish("$SYS/x", QoS::AtMostOnce, 0, b"hidden").await;
    client.publish("a/x", QoS::AtMostOnce, 0, b"seen").await;
    assert_eq!(client.message().await.1, "seen");
    assert_eq!(client.subscribe(&["$SYS/#"]).await, [1]);
    client.publish("$SYS/x", QoS::AtMostOnce, 0, b"asked for").await;
    assert_eq!(client.message().await.1, "asked for");
}

/// [MQTT-4.7.3-1] Topics and filters have at least one character.
#[tokio::test]
async fn empty_topics() {
    let house = house().await;
    closes(&house, &to_topic(b""), "PUBLISH").await;
    closes(&house, &to_filter(0x82, b"", &[0]), "SUBSCRIBE").await;
    closes(&house, &to_filter(0xa2, b"", &[]), "UNSUBSCRIBE").await;
}

/// [MQTT-4.7.3-3] Topics are at most 65,535 bytes long; ours end earlier, by a limit that is refused like any other.
#[tokio::test]
async fn long_topics() {
    let house = house().await;
    let mut client = house.station("c").await;
    let long = "x".repeat(1024);
    assert_eq!(client.subscribe(&[&long]).await, [1]);
    client.publish(&long, QoS::AtMostOnce, 0, b"x").await;
    assert_eq!(client.message().await.0, long);
    assert_eq!(client.subscribe(&[&"x".repeat(1025)]).await, [0x80]);
    client.publish(&"x".repeat(1025), QoS::AtMostOnce, 0, b"x").await;
    assert_eq!(client.next().await, None);
}
