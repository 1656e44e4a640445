//! Chapters 3.1 and 3.2: CONNECT and CONNACK.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::{ConnectReturnCode, Packet as V4};

use tokio::io::AsyncWriteExt;

use super::super::harness::*;

/// What a first packet is answered with before the connection is closed.
async fn answer(house: &House, bytes: &[u8]) -> Vec<u8> {
    let mut client = house.tcp().await;
    client.send(bytes).await;
    // Nothing else comes, so that a packet that is waited for in vain ends too.
    let _ = tokio::io::AsyncWriteExt::shutdown(&mut client.stream).await;
    client.rest().await
}

const ACCEPTED: &[u8] = &[0x20, 2, 0, 0];

/// [MQTT-3.1.0-1] The first packet is a CONNECT, or the connection is closed. [MQTT-3.2.0-1] Nothing comes before
/// CONNACK.
#[tokio::test]
async fn the_first_packet() {
    let house = house().await;
    for first in [vec![0xc0, 0], vec![0xe0, 0], encoded(&publish("a", QoS::AtLeastOnce, 1, b"x")), framed(0x82, b"\0\x01\0\x01a\0")] {
        assert_eq!(answer(&house, &[first, connect("c").bytes()].concat()).await, b"");
    }
    assert_eq!(answer(&house, &[connect("c").bytes(), vec![0xc0, 0]].concat()).await, [ACCEPTED, &[0xd0, 0]].concat());
}

/// [MQTT-3.1.0-2] A second CONNECT closes the connection.
#[tokio::test]
async fn a_second_connect() {
    let house = house().await;
    let connect = connect("c").bytes();
    assert_eq!(answer(&house, &[&connect[..], &connect, &[0xc0, 0]].concat()).await, ACCEPTED);
}

/// [MQTT-3.1.2-1] Another protocol is closed without an answer. [MQTT-3.1.2-2] Another level is answered with 1.
#[tokio::test]
async fn protocol_and_level() {
    let house = house().await;
    let versioned = |name: &[u8], level| RawConnect { name: name.to_vec(), level, ..connect("c") }.bytes();
    assert_eq!(answer(&house, &versioned(b"MQTX", 4)).await, b"");
    assert_eq!(answer(&house, &versioned(b"", 4)).await, b"");
    for level in [1, 3, 6, 200] {
        assert_eq!(answer(&house, &versioned(b"MQTT", level)).await, [0x20, 2, 0, 1]);
    }
    assert_eq!(answer(&house, &versioned(b"MQIsdp", 3)).await, [0x20, 2, 0, 1]);
}

/// [MQTT-3.1.2-3] The reserved flag; [MQTT-3.1.2-11] [MQTT-3.1.2-13] [MQTT-3.1.2-15] will QoS and retain without a will;
/// [MQTT-3.1.2-14] will QoS 3; [MQTT-3.1.2-22] a password without a user name; [MQTT-3.1.4-1] [MQTT-3.2.2-6] all closed
/// without CONNACK.
#[tokio::test]
async fn connect_flags() {
    let house = house().await;
    for flags in [0x03, 0x0a, 0x12, 0x1a, 0x22] {
        assert_eq!(answer(&house, &connect("c").flags(flags).bytes()).await, b"", "{flags:#x}");
    }
    assert_eq!(answer(&house, &connect("c").flags(0x1a).will("t", b"m").bytes()).await, b"");
    assert_eq!(answer(&house, &connect("c").flags(0x42).field(b"p").bytes()).await, b"");
}

/// [MQTT-3.1.2-9] [MQTT-3.1.2-18] [MQTT-3.1.2-19] [MQTT-3.1.2-20] [MQTT-3.1.2-21] Fields are there when their flags are,
/// and only then. [MQTT-3.1.3-1] They come in the norm's order. [MQTT-3.1.3-3] The client id is there.
#[tokio::test]
async fn flags_and_fields_agree() {
    let house = house().await;
    for (flags, fields) in [(0x82, 1), (0xc2, 2), (0x06, 2), (0x86, 3), (0xc6, 4)] {
        for given in 0..=fields + 1 {
            let mut raw = connect("c").flags(flags);
            for _ in 0..given {
                raw = raw.field(b"x");
            }
            let answered = !answer(&house, &raw.bytes()).await.is_empty();
            assert_eq!(answered, given == fields, "{flags:#x} with {given} fields");
        }
    }
    assert_eq!(answer(&house, &RawConnect { fields: Vec::new(), ..connect("") }.bytes()).await, b"");
    let raw = connect("c").flags(0xc6).field(b"will/topic").field(b"will").field(b"station").field(b"");
    assert_eq!(answer(&house, &raw.bytes()).await, ACCEPTED);
}

/// [MQTT-3.1.3-4] Client id, [MQTT-3.1.3-10] will topic and [MQTT-3.1.3-11] user name are UTF-8.
#[tokio::test]
async fn connect_strings() {
    let house = house().await;
    let bad: &[u8] = b"\xed\xa0\x80";
    assert_eq!(answer(&house, &RawConnect { fields: vec![bad.to_vec()], ..connect("") }.bytes()).await, b"");
    assert_eq!(answer(&house, &connect("c").flags(0x06).field(bad).field(b"m").bytes()).await, b"");
    assert_eq!(answer(&house, &connect("c").flags(0x82).field(bad).bytes()).await, b"");
}

/// [MQTT-3.1.3-5] 1 to 23 letters and digits are a client id. [MQTT-3.1.3-6] An empty one gets one of ours.
/// [MQTT-3.1.3-8] [MQTT-3.1.3-9] An empty one that asks for a session, or one that is too long, is answered with 2.
#[tokio::test]
async fn client_ids() {
    let house = house().await;
    for id in ["0", "abcdefghijklmnopqrstuvw", "ABCDEFGHIJKLMNOPQRSTUVW", "23456789xyzXYZ", ""] {
        assert_eq!(answer(&house, &connect(id).bytes()).await, ACCEPTED, "{id}");
    }
    assert_eq!(answer(&house, &connect("").flags(0).bytes()).await, [0x20, 2, 0, 2]);
    assert_eq!(answer(&house, &connect(&"x".repeat(257)).bytes()).await, [0x20, 2, 0, 2]);
    let (mut one, mut other) = (house.station("").await, house.station("").await);
    one.ping().await;
    other.ping().await;
}

/// [MQTT-3.1.2-24] After one and a half keep-alives without a packet the connection is closed.
#[tokio::test(start_paused = true)]
async fn keep_alive() {
    let house = still_house(crate::mqtt::MqttLimits::default()).await;
    for seconds in [1, 60, 65_535] {
        let mut client = house.memory();
        client.send(&connect("c").keep_alive(seconds).bytes()).await;
        assert_eq!(client.next().await, Some(accepted()));
        let started = tokio::time::Instant::now();
        let mut byte = [0];
        assert_eq!(tokio::io::AsyncReadExt::read(&mut client.stream, &mut byte).await.unwrap(), 0);
        let waited = started.elapsed();
        let expected = Duration::from_millis(1500 * u64::from(seconds));
        assert!(waited >= expected && waited < expected + Duration::from_millis(10), "{seconds}: {waited:?}");
    }
}

/// [MQTT-3.1.4-2] A client id that connects again closes the older connection.
#[tokio::test]
async fn take_over() {
    let house = house().await;
    let mut old = house.station("c").await;
    let mut new = house.station("c").await;
    assert_eq!(old.next().await, None);
    new.ping().await;
}

/// [MQTT-3.1.2-4] [MQTT-3.1.2-5] [MQTT-3.1.4-3] [MQTT-3.2.2-2] A session is taken up with its subscriptions and what came
/// meanwhile. [MQTT-3.1.2-6] [MQTT-3.2.2-1] [MQTT-3.2.2-3] Clean session discards it.
#[tokio::test]
async fn sessions() {
    let house = house().await;
    let mut writer = house.station("writer").await;
    let (mut reader, present) = house.session("reader", false).await;
    assert!(!present);
    assert_eq!(reader.subscribe(&["a/#"]).await, [1]);
    reader.leave().await;
    for (qos, payload, answers) in [(QoS::AtMostOnce, "0", 0), (QoS::AtLeastOnce, "1", 1), (QoS::ExactlyOnce, "2", 1)] {
        writer.publish("a/b", qos, 1, payload.as_bytes()).await;
        for _ in 0..answers {
            assert!(writer.next().await.is_some());
        }
    }
    let (mut reader, present) = house.session("reader", false).await;
    assert!(present);
    for (pkid, payload) in [(1, "1"), (2, "2")] {
        assert_eq!(reader.message().await.1, payload);
        reader.packet(puback(pkid)).await;
    }
    reader.leave().await;
    let (mut reader, present) = house.session("reader", true).await;
    assert!(!present);
    writer.publish("a/b", QoS::AtLeastOnce, 3, b"nobody").await;
    assert_eq!(writer.next().await, Some(puback(3)));
    reader.ping().await;
    reader.leave().await;
    assert!(!house.session("reader", false).await.1, "a clean session leaves nothing");
}

/// [MQTT-3.1.2-7] Retained messages outlive the session that published them.
#[tokio::test]
async fn retained_messages_are_not_the_sessions() {
    let house = house().await;
    let mut writer = house.station("writer").await;
    writer.retain("a", QoS::AtLeastOnce, b"kept").await;
    writer.leave().await;
    let mut reader = house.station("reader").await;
    assert_eq!(reader.subscribe(&["a"]).await, [1]);
    assert_eq!(reader.message().await, ("a".into(), "kept".into(), true));
}

/// [MQTT-3.1.2-8] A will is published when the connection is lost; [MQTT-3.1.2-10] [MQTT-3.1.2-12] [MQTT-3.14.4-3] not after
/// DISCONNECT nor without one; [MQTT-3.1.2-16] [MQTT-3.1.2-17] and retained if it says so.
#[tokio::test]
async fn wills() {
    let house = house().await;
    let mut reader = house.station("reader").await;
    assert_eq!(reader.subscribe(&["will/#"]).await, [1]);
    let flags_of = |retain: bool, qos: u8| 0x06 | qos << 3 | u8::from(retain) << 5;
    for (retain, qos, goodbye) in [(false, 0, false), (false, 1, true), (true, 1, false), (false, 2, false), (true, 0, true)] {
        let topic = format!("will/{retain}/{qos}/{goodbye}");
        let mut client = house.tcp().await;
        let raw = connect("dying").flags(flags_of(retain, qos)).field(topic.as_bytes()).field(b"gone");
        client.send(&raw.login("station", "").bytes()).await;
        assert_eq!(client.next().await, Some(accepted()));
        if goodbye {
            client.leave().await;
        } else {
            drop(client);
            assert_eq!(reader.message().await, (topic.clone(), "gone".into(), false));
        }
        let mut late = house.station("late").await;
        assert_eq!(late.subscribe(&[&topic]).await, [1]);
        if retain && !goodbye {
            assert_eq!(late.message().await, (topic, "gone".into(), true));
        }
        late.ping().await;
    }
    reader.ping().await;
}

/// Takes so many bytes and then says that the peer is gone.
struct Breaks(usize);

impl tokio::io::AsyncWrite for Breaks {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.0.checked_sub(bytes.len()) {
            Some(left) => self.0 = left,
            None => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// [MQTT-3.1.2-8] A will is published also when it is sending that finds the connection lost, while nothing is read.
#[tokio::test]
async fn a_will_when_sending_finds_the_peer_gone() {
    let house = house().await;
    let mut reader = house.station("reader").await;
    assert_eq!(reader.subscribe(&["will"]).await, [1]);
    let (mut ours, theirs) = tokio::io::duplex(256);
    // CONNACK goes out, PINGRESP does not; the reading side stays open.
    let socket = tokio::io::join(theirs, Breaks(4));
    let door = house.door.clone();
    let session = tokio::spawn(async move { door.serve(socket, IpAddr::V4(Ipv4Addr::LOCALHOST)).await });
    let raw = connect("dying").will("will", b"gone").login("station", "").bytes();
    ours.write_all(&[&raw[..], &[0xc0, 0]].concat()).await.unwrap();
    assert_eq!(reader.message().await, ("will".into(), "gone".into(), false));
    tokio::time::timeout(PATIENCE, session).await.expect("the session ends").unwrap();
}

/// [MQTT-3.1.4-4] A CONNECT that is in order is answered with 0. [MQTT-3.2.2-4] [MQTT-3.2.2-5] Any other code comes without
/// session present and closes; [MQTT-3.1.4-5] nothing after it is taken.
#[tokio::test]
async fn return_codes() {
    let house = house().await;
    drop(house.session("c", false).await);
    let mut client = house.tcp().await;
    let mut raw = connect("c").flags(0).login("teacher", "wrong").bytes();
    raw.extend_from_slice(&encoded(&publish(&topic(1), QoS::AtLeastOnce, 1, b"x")));
    client.send(&raw).await;
    assert_eq!(client.next().await, Some(refusal(ConnectReturnCode::BadUserNamePassword)));
    assert_eq!(client.next().await, None::<V4>);
    assert_eq!(house.stats().published().0, 0);
}
