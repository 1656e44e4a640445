//! Connections: caps, time limits, half-open and stalled peers.

use std::time::Duration;

use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::ConnectReturnCode;

use super::harness::*;
use crate::mqtt::{Fanout, MqttLimits, Refused};

#[tokio::test]
async fn one_connection_too_many_is_told_so_and_the_next_try_succeeds() {
    let house = house_with(MqttLimits { connections: 2, ..MqttLimits::default() }, true).await;
    let mut first = house.anonymous("a").await;
    let second = house.anonymous("b").await;
    for n in 1..=3 {
        let mut third = house.tcp().await;
        third.send(&connect("c").bytes()).await;
        assert_eq!(third.next().await, Some(refusal(ConnectReturnCode::ServiceUnavailable)));
        assert_eq!(third.next().await, None);
        house.refused(Refused::TooManyConnections, n).await;
    }
    drop(second);
    until(|| house.stats().connections() == 1).await;
    house.anonymous("c").await.ping().await;
    first.ping().await;
}

#[tokio::test]
async fn one_address_cannot_take_all_places() {
    let house = house_with(MqttLimits { connections_per_ip: 1, ..MqttLimits::default() }, true).await;
    let _first = house.anonymous("a").await;
    let mut second = house.tcp().await;
    second.send(&connect("b").bytes()).await;
    assert_eq!(second.next().await, Some(refusal(ConnectReturnCode::ServiceUnavailable)));
}

#[tokio::test]
async fn silent_connections_keep_nobody_out() {
    let house = house().await;
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(house.tcp().await);
    }
    house.lives().await;
    assert!(house.stats().connections() >= 100);
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_connect_is_dropped_after_its_time() {
    let house = still_house(MqttLimits::default()).await;
    let (mut silent, mut half) = (house.memory(), house.memory());
    half.send(&connect("a").bytes()[..10]).await;
    let started = tokio::time::Instant::now();
    assert_eq!((silent.next().await, half.next().await), (None, None));
    assert_eq!(started.elapsed().as_secs(), 10);
    house.refused(Refused::ConnectTimeout, 2).await;
}

#[tokio::test(start_paused = true)]
async fn keep_alive_is_one_and_a_half_of_what_was_asked() {
    let house = still_house(MqttLimits::default()).await;
    let mut client = house.memory();
    client.send(&connect("a").keep_alive(10).bytes()).await;
    assert_eq!(client.next().await, Some(accepted()));
    let started = tokio::time::Instant::now();
    tokio::time::advance(Duration::from_secs(14)).await;
    client.ping().await;
    // Half a packet is no sign of life.
    tokio::time::advance(Duration::from_secs(14)).await;
    client.send(&[0x30]).await;
    assert_eq!(client.next().await, None);
    assert_eq!(started.elapsed().as_secs(), 29);
    house.refused(Refused::KeepAlive, 1).await;
}

#[tokio::test(start_paused = true)]
async fn what_we_send_does_not_keep_a_dead_peer_alive() {
    let house = still_house(MqttLimits::default()).await;
    let mut client = house.memory();
    client.send(&connect("a").keep_alive(2).login("teacher", "all").bytes()).await;
    assert_eq!(client.next().await, Some(accepted()));
    assert_eq!(client.subscribe(&["out/x/#"]).await, [0]);
    let closed = async { while client.next().await.is_some() {} };
    let talking = async {
        loop {
            tokio::time::sleep(Duration::from_millis(100)).await;
            house.fanout.publish("out/x/outcomes", bytes::Bytes::from_static(b"1"), false);
        }
    };
    let started = tokio::time::Instant::now();
    tokio::select! { () = closed => {}, () = talking => {} }
    assert_eq!(started.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn without_keep_alive_silence_is_borne_for_long_but_not_for_ever() {
    let house = still_house(MqttLimits::default()).await;
    let mut client = house.memory();
    client.send(&connect("a").keep_alive(0).bytes()).await;
    assert_eq!(client.next().await, Some(accepted()));
    tokio::time::advance(Duration::from_secs(3500)).await;
    client.ping().await;
    assert_eq!(house.stats().refused(Refused::KeepAlive), 0);
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stalls_is_dropped() {
    let limits = MqttLimits { write_time: Duration::from_secs(3), ..MqttLimits::default() };
    let house = still_house(limits).await;
    let mut client = house.memory();
    client.send(&connect("a").bytes()).await;
    assert_eq!(client.next().await, Some(accepted()));
    // 4 KiB of answers fit into the pipe, 8 KiB do not, and none is read.
    let pings: Vec<u8> = [0xc0, 0].repeat(64 * 1024);
    client.send(&pings).await;
    house.refused(Refused::StalledReader, 1).await;
}

#[tokio::test]
async fn three_thousand_log_in_at_once() {
    let house = house().await;
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(house.tcp().await);
    }
    let logins = (0..3000).map(|n| {
        let house = &house;
        async move {
            let mut client = house.anonymous(&format!("phone-{n}")).await;
            client.publish(&topic(1 + n % 9), QoS::AtMostOnce, 0, b"a").await;
            client
        }
    });
    let clients = futures::future::join_all(logins).await;
    assert_eq!(house.intake.submitted(3000).await.len(), 3000);
    assert_eq!(by_thing(&house.intake.submitted(3000).await).len(), 9);
    assert_eq!(house.stats().accepted(), 3000);
    drop(clients);
}
