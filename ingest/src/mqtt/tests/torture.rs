//! What kills a stock broker, and everything else that is not MQTT: the sender is refused, everybody else goes on.

use bytes::Bytes;
use messwerk_lessons::topic;
use rand::{RngExt, SeedableRng};
use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::{Packet as V4, PubComp, PubRec};

use super::harness::*;
use crate::mqtt::{Fanout, FanoutOptions, MqttLimits, Refused, RumqttdFanout};

#[tokio::test]
async fn a_topic_that_begins_with_an_umlaut() {
    let house = house().await;
    let mut teacher = house.teacher("tool").await;
    assert_eq!(teacher.subscribe(&["out/x/#"]).await, [0]);
    let mut client = house.anonymous("c").await;
    client.publish("Übung/1", QoS::AtLeastOnce, 1, b"x").await;
    assert_eq!(client.next().await, None);
    house.refused(Refused::TopicNotAllowed, 1).await;
    let mut client = house.tcp().await;
    client.send(&connect("w").will("Übung/1", b"x").bytes()).await;
    assert_eq!(client.next().await, Some(accepted()));
    drop(client);
    house.refused(Refused::Will, 1).await;
    house.fanout.publish("Übung/2", Bytes::from_static(b"x"), true);
    house.fanout.publish("out/x/Ü", Bytes::from_static(b"alive"), true);
    let (topic, payload, _) = teacher.message().await;
    assert_eq!((&*topic, &*payload), ("out/x/Ü", "alive"));
    assert_eq!(house.fanout.replaced(), 0);
}

#[tokio::test]
async fn client_ids_of_any_kind() {
    let house = house().await;
    for client_id in ["room/7", "a+b", "#", "$SYS", "ü", " ", "ingest", &"x".repeat(256)] {
        for _ in 0..2 {
            house.anonymous(client_id).await.ping().await;
        }
    }
}

#[tokio::test]
async fn a_shared_subscription_is_refused_and_leaving_with_unacknowledged_messages_hurts_nobody() {
    let house = house().await;
    let mut client = house.tcp().await;
    client.send(&connect("s").flags(0).login("teacher", "all").bytes()).await;
    assert_eq!(client.next().await, Some(accepted()));
    assert_eq!(client.subscribe(&["$share/g/out/x/#", "out/x/#"]).await, [0x80, 0]);
    house.fanout.publish("out/x/y", Bytes::from_static(b"x"), false);
    drop(client);
    house.lives().await;
    let mut teacher = house.teacher("tool").await;
    assert_eq!(teacher.subscribe(&["out/x/#"]).await, [0]);
    house.fanout.publish("out/x/y", Bytes::from_static(b"z"), true);
    assert_eq!(teacher.message().await.1, "z");
}

#[tokio::test]
async fn a_slow_subscriber_that_sends_unsolicited_acknowledgements() {
    let house = house_with(MqttLimits { mail: 8, ..MqttLimits::default() }, true).await;
    let mut slow = house.teacher("slow").await;
    let mut quick = house.teacher("quick").await;
    for reader in [&mut slow, &mut quick] {
        assert_eq!(reader.subscribe(&["out/a/#"]).await, [0]);
    }
    house.fanout.publish("out/a/x", Bytes::from_static(b"first"), true);
    for reader in [&mut slow, &mut quick] {
        assert_eq!(reader.message().await.1, "first");
    }
    // More than socket buffers and queue hold; `slow` reads nothing meanwhile.
    let payload = Bytes::from(vec![b'x'; 32 * 1024]);
    until(|| {
        house.fanout.publish("out/a/x", payload.clone(), false);
        house.stats().refused(Refused::SlowSubscriber) > 0
    })
    .await;
    for packet in [puback(1), puback(7), V4::PubRec(PubRec::new(3)), V4::PubComp(PubComp::new(3))] {
        slow.packet(packet).await;
    }
    house.fanout.publish("out/a/last", Bytes::from_static(b"last"), true);
    let mut late = house.teacher("late").await;
    assert_eq!(late.subscribe(&["out/a/last"]).await, [0]);
    assert_eq!(late.message().await.1, "last");
    // Reading on, the slow one is served again.
    assert_eq!(slow.message().await.1.len(), payload.len());
    drop(quick);
    house.lives().await;
    assert_eq!(house.fanout.replaced(), 0);
}

#[tokio::test]
async fn mqtt_5_gets_its_answer_and_hurts_no_subscriber() {
    let house = house().await;
    let mut teacher = house.teacher("tool").await;
    assert_eq!(teacher.subscribe(&["out/x/#"]).await, [0]);
    for _ in 0..12 {
        let mut client = house.tcp().await;
        let mut raw = connect("five");
        raw.level = 5;
        client.send(&raw.bytes()).await;
        // A v5 publish with a property follows without waiting; nobody reads it.
        client.send(&framed(0x30, b"\0\x05out/x\x02\x01\x01payload")).await;
        assert_eq!(client.rest().await, [0x20, 3, 0, 0x84, 0]);
    }
    house.refused(Refused::ProtocolVersion, 12).await;
    teacher.ping().await;
}

#[tokio::test]
async fn packets_that_only_a_server_sends() {
    let house = house_with(MqttLimits { connections: 10, ..MqttLimits::default() }, true).await;
    // More often than there are places: none may be lost.
    for (n, first) in [0x20, 0x90, 0xb0, 0xd0, 0x00, 0xf0].repeat(4).into_iter().enumerate() {
        let mut client = house.anonymous("c").await;
        client.send(&[first, 2, 0, 0]).await;
        assert_eq!(client.rest().await, b"");
        house.refused(Refused::Malformed, n as u64 + 1).await;
    }
    house.lives().await;
}

#[tokio::test]
async fn malformed_at_every_state() {
    let house = house().await;
    let login = connect("c").bytes();
    let identified = [&login[..], &encoded(&publish(&topic(1), QoS::ExactlyOnce, 1, b"x"))].concat();
    let bad: &[&[u8]] = &[
        &[0x30, 0xff, 0xff, 0xff, 0xff],
        &[0x36, 0],
        &[0x82, 2, 0, 1],
        &[0x30, 3, 0, 1, 0xff],
        &[0xc1, 0],
        &[0x62, 2, 0, 0],
        b"GET / HTTP/1.1\r\n\r\n",
        &[0x16, 3, 1, 0, 200, 1, 0, 0, 196],
    ];
    let mut count = 0;
    for state in [&[][..], &login[..5], &login, &identified] {
        for bytes in bad {
            let mut client = house.tcp().await;
            client.send(&[state, bytes].concat()).await;
            // A CONNECT that is cut ends with the client's own end.
            let _ = tokio::io::AsyncWriteExt::shutdown(&mut client.stream).await;
            let rest = client.rest().await;
            assert!(rest.is_empty() || rest.starts_with(&[0x20, 2, 0, 0]), "{state:02x?} {bytes:02x?} {rest:02x?}");
            count += 1;
        }
    }
    assert_eq!(count, 32);
    assert!(house.stats().refused(Refused::Malformed) >= 24, "{:?}", house.stats());
    house.lives().await;
}

#[tokio::test]
async fn a_second_connect_ends_the_connection() {
    let house = house().await;
    let mut client = house.anonymous("c").await;
    client.send(&connect("c").bytes()).await;
    assert_eq!(client.next().await, None);
    house.refused(Refused::Malformed, 1).await;
}

#[tokio::test]
async fn what_is_before_a_malformed_packet_still_counts() {
    let house = house().await;
    let mut client = house.anonymous("c").await;
    client.send(&[&encoded(&publish(&topic(1), QoS::AtLeastOnce, 1, b"x"))[..], &[0xf0, 0]].concat()).await;
    assert_eq!((client.next().await, client.next().await), (Some(puback(1)), None));
}

#[tokio::test]
async fn oversized_packets_are_refused_unread() {
    let house = house_with(MqttLimits { packet_bytes: 1000, ..MqttLimits::default() }, true).await;
    let mut client = house.anonymous("c").await;
    client.publish(&topic(1), QoS::AtLeastOnce, 1, &[b'x'; 1000]).await;
    assert_eq!(client.next().await, Some(puback(1)));
    client.publish(&topic(1), QoS::AtLeastOnce, 2, &[b'x'; 1001]).await;
    assert_eq!(client.next().await, None);
    // 256 MB announced, nothing sent: closed at once.
    let mut client = house.anonymous("c").await;
    client.send(&[0x30, 0xff, 0xff, 0xff, 0x7f]).await;
    assert_eq!(client.next().await, None);
    let mut client = house.tcp().await;
    client.send(&[0x10, 0xff, 0xff, 0xff, 0x7f]).await;
    assert_eq!(client.next().await, None);
    house.refused(Refused::Oversized, 3).await;
}

#[tokio::test]
async fn a_subscriber_goes_on_after_its_router_died() {
    let options = FanoutOptions { canary: std::time::Duration::from_millis(20), ..FanoutOptions::default() };
    let house = house_of(MqttLimits::default(), true, RumqttdFanout::new(options)).await;
    let mut teacher = house.teacher("tool").await;
    house.fanout.publish("out/a/x", Bytes::from_static(b"before"), true);
    assert_eq!(teacher.subscribe(&["out/a/#"]).await, [0]);
    assert_eq!(teacher.message().await, ("out/a/x".to_owned(), "before".to_owned(), true));
    house.fanout.kill().await;
    until(|| house.fanout.replaced() > 0).await;
    house.fanout.publish("out/a/x", Bytes::from_static(b"after"), true);
    assert_eq!(teacher.message().await, ("out/a/x".to_owned(), "after".to_owned(), false));
    house.lives().await;
}

/// Thousands of connections that send mutated packets, with a subscriber and a phone at work all the while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutated_packets() {
    let house = house_with(MqttLimits { connect_time: std::time::Duration::from_millis(200), ..MqttLimits::default() }, true).await;
    let mut teacher = house.teacher("tool").await;
    let outcomes = topic::outcomes_out(LESSON);
    assert_eq!(teacher.subscribe(&[&outcomes]).await, [0]);
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let filter = framed(0x82, b"\0\x01\0\x07out/x/#\0");
    let seeds = [
        connect("fuzz").bytes(),
        connect("fuzz").login("teacher", "all").bytes(),
        connect("fuzz").will("out/x", b"will").bytes(),
        encoded(&publish(&super::harness::topic(1), QoS::AtLeastOnce, 1, b"payload")),
        encoded(&publish(&super::harness::topic(2), QoS::ExactlyOnce, 2, b"payload")),
        encoded(&publish("Übung/1", QoS::AtMostOnce, 0, b"payload")),
        framed(0x62, &[0, 2]),
        filter.clone(),
        framed(0xa2, b"\0\x01\0\x07out/x/#"),
        vec![0xc0, 0, 0x40, 2, 0, 1, 0x50, 2, 0, 1, 0x70, 2, 0, 1],
        vec![0xe0, 0],
    ];
    for round in 0..3_000 {
        let mut bytes = if random.random_bool(0.8) { connect("fuzz").bytes() } else { Vec::new() };
        for _ in 0..random.random_range(1..6) {
            let mut packet = seeds[random.random_range(0..seeds.len())].clone();
            for _ in 0..random.random_range(0..3) {
                let at = random.random_range(0..packet.len());
                packet[at] = random.random();
            }
            bytes.extend_from_slice(&packet);
        }
        let mut client = house.tcp().await;
        client.send(&bytes).await;
        if round % 500 == 0 {
            house.lives().await;
            house.fanout.publish(&outcomes, Bytes::copy_from_slice(round.to_string().as_bytes()), true);
            assert_eq!(teacher.message().await.1, round.to_string());
        }
    }
    house.lives().await;
    teacher.ping().await;
    assert_eq!(house.fanout.replaced(), 0);
}
