//! Chapter 4: sessions, QoS flows, order, errors. Towards the client in the realm; from the client also for Things.

use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::{Packet as V4, Publish};

use super::super::harness::*;

async fn received(client: &mut Client<tokio::net::TcpStream>) -> Publish {
    match client.next().await {
        Some(V4::Publish(publish)) => publish,
        other => panic!("no PUBLISH but {other:?}"),
    }
}

/// Waits until only `n` connections are left.
async fn connections(house: &House, n: u64) {
    until(|| house.stats().connections() <= n).await;
}

/// [MQTT-4.1.0-2] A clean session lasts as long as its connection, whatever else happens.
#[tokio::test]
async fn a_session_lasts_as_long_as_its_connection() {
    let house = house().await;
    let mut client = house.station("c").await;
    assert_eq!(client.subscribe(&["a"]).await, [1]);
    drop(house.session("other", false).await);
    drop(house.station("third").await);
    client.publish("a", QoS::AtMostOnce, 0, b"x").await;
    assert_eq!(client.message().await.1, "x");
}

/// [MQTT-4.2.0-1] [MQTT-4.6.0-5] [MQTT-4.6.0-6] Messages of one sender arrive complete and in order, also beyond the
/// window.
#[tokio::test]
async fn order() {
    let house = house().await;
    let (mut writer, mut reader) = (house.station("writer").await, house.station("reader").await);
    assert_eq!(reader.subscribe(&["a"]).await, [1]);
    for n in 1..=200u16 {
        writer.publish("a", QoS::AtLeastOnce, n, n.to_string().as_bytes()).await;
    }
    for n in 1..=200u16 {
        let publish = received(&mut reader).await;
        assert_eq!(publish.payload, n.to_string());
        reader.packet(puback(publish.pkid)).await;
    }
}

/// [MQTT-4.3.1-1] A QoS 0 message is sent once, without DUP, and not again.
#[tokio::test]
async fn qos_0() {
    let house = house().await;
    let (mut reader, _) = house.session("reader", false).await;
    reader.subscribe_at("a", QoS::AtMostOnce).await;
    reader.publish("a", QoS::AtLeastOnce, 1, b"x").await;
    assert_eq!(reader.next().await, Some(puback(1)));
    assert!(!received(&mut reader).await.dup);
    drop(reader);
    connections(&house, 0).await;
    house.session("reader", false).await.0.ping().await;
}

/// [MQTT-4.3.2-1] A QoS 1 message is sent with a packet id, and again with DUP until it is acknowledged.
/// [MQTT-3.3.1-1] [MQTT-4.4.0-1] Only over a new connection. [MQTT-2.3.1-4] Each has an id of its own, not 0.
#[tokio::test]
async fn qos_1() {
    let house = house().await;
    let (mut reader, _) = house.session("reader", false).await;
    assert_eq!(reader.subscribe(&["a"]).await, [1]);
    let mut writer = house.station("writer").await;
    for n in 1..=3 {
        writer.publish("a", QoS::AtLeastOnce, n, b"x").await;
    }
    let mut ids = Vec::new();
    for _ in 0..3 {
        let publish = received(&mut reader).await;
        assert!(!publish.dup && publish.pkid != 0 && !ids.contains(&publish.pkid));
        ids.push(publish.pkid);
    }
    reader.packet(puback(ids[1])).await;
    reader.ping().await;
    drop(reader);
    connections(&house, 1).await;
    let (mut reader, _) = house.session("reader", false).await;
    for id in [ids[0], ids[2]] {
        let again = received(&mut reader).await;
        assert_eq!((again.pkid, again.dup), (id, true));
        reader.packet(puback(id)).await;
    }
    reader.ping().await;
    drop(reader);
    connections(&house, 1).await;
    house.session("reader", false).await.0.ping().await;
}

/// [MQTT-4.3.2-2] Each QoS 1 PUBLISH is acknowledged, DUP or not; one that comes after its acknowledgement is another.
#[tokio::test]
async fn qos_1_in() {
    let house = house().await;
    let mut thing = house.anonymous("c").await;
    for again in [0, 8] {
        let mut bytes = encoded(&publish(&topic(1), QoS::AtLeastOnce, 4, b"x"));
        bytes[0] |= again;
        thing.send(&bytes).await;
        assert_eq!(thing.next().await, Some(puback(4)));
    }
    assert_eq!(house.intake.submitted(2).await.len(), 2, "the store tells a resend from a new reading");
}

/// [MQTT-4.3.3-1] A QoS 2 message is sent until PUBREC, then PUBREL until PUBCOMP, over a new connection each.
#[tokio::test]
async fn qos_2() {
    let house = house().await;
    let (mut reader, _) = house.session("reader", false).await;
    reader.subscribe_at("a", QoS::ExactlyOnce).await;
    let mut writer = house.station("writer").await;
    writer.publish("a", QoS::ExactlyOnce, 1, b"x").await;
    let id = received(&mut reader).await.pkid;
    drop(reader);
    connections(&house, 1).await;
    let (mut reader, _) = house.session("reader", false).await;
    let again = received(&mut reader).await;
    assert_eq!((again.pkid, again.dup), (id, true));
    let pubrel = framed(0x62, &id.to_be_bytes());
    reader.send(&framed(0x50, &id.to_be_bytes())).await;
    assert_eq!(encoded(&reader.next().await.unwrap()), pubrel);
    drop(reader);
    connections(&house, 1).await;
    let (mut reader, _) = house.session("reader", false).await;
    assert_eq!(encoded(&reader.next().await.unwrap()), pubrel, "not the message any more");
    reader.send(&framed(0x70, &id.to_be_bytes())).await;
    reader.ping().await;
    drop(reader);
    connections(&house, 1).await;
    house.session("reader", false).await.0.ping().await;
}

/// [MQTT-4.3.3-2] A QoS 2 PUBLISH is passed on once until its PUBREL, over two connections of one session.
#[tokio::test]
async fn qos_2_in() {
    let house = house().await;
    let mut reader = house.station("reader").await;
    reader.subscribe_at("a", QoS::AtMostOnce).await;
    let (mut writer, _) = house.session("writer", false).await;
    writer.publish("a", QoS::ExactlyOnce, 3, b"first").await;
    assert_eq!(encoded(&writer.next().await.unwrap()), framed(0x50, &[0, 3]));
    drop(writer);
    connections(&house, 1).await;
    let (mut writer, _) = house.session("writer", false).await;
    writer.publish("a", QoS::ExactlyOnce, 3, b"first").await;
    assert_eq!(encoded(&writer.next().await.unwrap()), framed(0x50, &[0, 3]));
    for _ in 0..2 {
        writer.send(&framed(0x62, &[0, 3])).await;
        assert_eq!(encoded(&writer.next().await.unwrap()), framed(0x70, &[0, 3]));
    }
    writer.publish("a", QoS::ExactlyOnce, 3, b"second").await;
    assert_eq!((reader.message().await.1, reader.message().await.1), ("first".to_owned(), "second".to_owned()));
}

/// [MQTT-4.5.0-1] A message is kept for each session that subscribed, connected or not.
#[tokio::test]
async fn every_subscriber_gets_it() {
    let house = house().await;
    let (mut absent, _) = house.session("absent", false).await;
    assert_eq!(absent.subscribe(&["a"]).await, [1]);
    absent.leave().await;
    let mut present = house.station("present").await;
    assert_eq!(present.subscribe(&["a"]).await, [1]);
    present.publish("a", QoS::AtLeastOnce, 1, b"x").await;
    assert_eq!(present.next().await, Some(puback(1)));
    assert_eq!(present.message().await.1, "x");
    assert_eq!(house.session("absent", false).await.0.message().await.1, "x");
}

/// [MQTT-4.6.0-1] What is sent again comes in its first order; [MQTT-4.6.0-4] so do PUBRELs.
#[tokio::test]
async fn the_order_of_what_is_sent_again() {
    let house = house().await;
    let (mut reader, _) = house.session("reader", false).await;
    reader.subscribe_at("a", QoS::ExactlyOnce).await;
    let mut writer = house.station("writer").await;
    for n in 1..=6 {
        writer.publish("a", QoS::ExactlyOnce, n, b"x").await;
    }
    let mut ids = Vec::new();
    for _ in 1..=6 {
        ids.push(received(&mut reader).await.pkid);
    }
    // PUBRECs of the first three, in any order the client likes.
    for at in [0, 1, 2] {
        reader.send(&framed(0x50, &ids[at].to_be_bytes())).await;
        assert_eq!(encoded(&reader.next().await.unwrap()), framed(0x62, &ids[at].to_be_bytes()));
    }
    drop(reader);
    connections(&house, 1).await;
    let (mut reader, _) = house.session("reader", false).await;
    for id in &ids[..3] {
        assert_eq!(encoded(&reader.next().await.unwrap()), framed(0x62, &id.to_be_bytes()));
    }
    for id in &ids[3..] {
        assert_eq!(received(&mut reader).await.pkid, *id);
    }
}

/// [MQTT-4.6.0-2] PUBACKs and [MQTT-4.6.0-3] PUBRECs come in the order of their PUBLISHes, whatever commits when.
#[tokio::test]
async fn the_order_of_acknowledgements() {
    let house = house_with(crate::mqtt::MqttLimits::default(), false).await;
    let mut client = house.anonymous("c").await;
    for pkid in 1..=10 {
        let qos = if pkid % 2 == 0 { QoS::AtLeastOnce } else { QoS::ExactlyOnce };
        client.publish(&topic(1), qos, pkid, b"x").await;
        house.intake.submitted(usize::from(pkid)).await;
    }
    house.intake.commit(10);
    for pkid in 1..=10u16 {
        let first = if pkid % 2 == 0 { 0x40 } else { 0x50 };
        assert_eq!(encoded(&client.next().await.unwrap()), framed(first, &pkid.to_be_bytes()));
    }
}

/// [MQTT-4.8.0-1] A violation of the protocol closes the connection.
#[tokio::test]
async fn violations() {
    let house = house().await;
    for bytes in [&b"\xf0\0"[..], b"\x00\0", b"\x20\x02\0\0", b"\xd0\0", b"\x30\xff\xff\xff\xff\x01", b"\x40\x01\0"] {
        let mut client = house.station("c").await;
        client.send(bytes).await;
        assert_eq!(client.next().await, None, "{bytes:02x?}");
    }
}
