//! A client library as pupils' and teachers' tools use it, instead of bytes.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use messwerk_lessons::topic;
use rumqttc::{AsyncClient, ConnectReturnCode, ConnectionError, Event, EventLoop, MqttOptions, Packet, QoS};
use tokio::time::timeout;

use super::harness::*;
use crate::mqtt::Fanout;

fn client(house: &House, client_id: &str, login: Option<(&str, &str)>) -> (AsyncClient, EventLoop) {
    let mut options = MqttOptions::new(client_id, house.address.ip().to_string(), house.address.port());
    options.set_keep_alive(Duration::from_secs(30));
    if let Some((user, password)) = login {
        options.set_credentials(user, password);
    }
    AsyncClient::new(options, 64)
}

/// The first packet from the door for which `wanted` has an answer.
async fn until_packet<T>(events: &mut EventLoop, mut wanted: impl FnMut(Packet) -> Option<T>) -> T {
    let found = async {
        loop {
            if let Event::Incoming(packet) = events.poll().await.expect("connected")
                && let Some(found) = wanted(packet)
            {
                return found;
            }
        }
    };
    timeout(PATIENCE, found).await.expect("in time")
}

#[tokio::test]
async fn a_phone_publishes_at_every_qos() {
    let house = house().await;
    let (phone, mut events) = client(&house, "phone", None);
    for (qos, payload) in [(QoS::AtMostOnce, "0"), (QoS::AtLeastOnce, "1"), (QoS::ExactlyOnce, "2")] {
        phone.publish(super::harness::topic(1), qos, false, payload).await.unwrap();
    }
    let mut acknowledged = Vec::new();
    until_packet(&mut events, |packet| {
        match packet {
            Packet::PubAck(_) => acknowledged.push("PUBACK"),
            Packet::PubComp(_) => acknowledged.push("PUBCOMP"),
            _ => {}
        }
        (acknowledged.len() == 2).then_some(())
    })
    .await;
    assert_eq!(acknowledged, ["PUBACK", "PUBCOMP"]);
    let payloads: Vec<_> = house.intake.submitted(3).await.into_iter().map(|(.., payload)| payload).collect();
    assert_eq!(payloads, ["0", "1", "2"]);
}

#[tokio::test]
async fn a_teachers_tool_reads_the_lesson() {
    let house = house().await;
    let outcomes = topic::outcomes_out(LESSON);
    house.fanout.publish(&outcomes, "{}".into(), true);
    let (tool, mut events) = client(&house, "tool", Some(("teacher", "all")));
    tool.subscribe(topic::lesson_out(LESSON), QoS::AtLeastOnce).await.unwrap();
    let message = until_packet(&mut events, |packet| match packet {
        Packet::Publish(publish) => Some(publish),
        _ => None,
    })
    .await;
    assert_eq!((&*message.topic, &message.payload[..], message.retain), (&*outcomes, &b"{}"[..], true));
}

#[tokio::test]
async fn a_wrong_password_says_so() {
    let house = house().await;
    let (_tool, mut events) = client(&house, "tool", Some(("teacher", "wrong")));
    let refused = timeout(PATIENCE, events.poll()).await.expect("in time");
    assert!(matches!(refused, Err(ConnectionError::ConnectionRefused(ConnectReturnCode::BadUserNamePassword))), "{refused:?}");
}

#[tokio::test]
async fn the_realm_can_be_open_to_clients_without_user_name() {
    let house = house().await;
    house.rules.open.store(true, Relaxed);
    let (any, mut events) = client(&house, "any", None);
    any.subscribe("TopicA/#", QoS::ExactlyOnce).await.unwrap();
    any.publish("TopicA/B", QoS::ExactlyOnce, true, "free").await.unwrap();
    let message = until_packet(&mut events, |packet| match packet {
        Packet::Publish(publish) => Some(publish),
        _ => None,
    })
    .await;
    assert_eq!((&message.payload[..], message.qos), (&b"free"[..], QoS::ExactlyOnce));
    assert_eq!(house.stats().published().0, 0, "nothing in a realm is a reading");
}
