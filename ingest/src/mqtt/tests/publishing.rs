//! QoS 0, 1 and 2 in: what is submitted, and when it is acknowledged.

use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::{Packet as V4, PubComp, PubRec, PubRel};

use super::harness::*;
use crate::mqtt::{MqttLimits, Refused};

#[tokio::test]
async fn a_puback_waits_for_the_commit_and_reading_goes_on() {
    let house = house_with(MqttLimits::default(), false).await;
    let mut client = house.anonymous("phone").await;
    client.publish(&topic(1), QoS::AtLeastOnce, 1, b"a").await;
    assert_eq!(house.intake.submitted(1).await.len(), 1);
    // A PINGRESP overtakes: the commit is still open, the connection is not blocked.
    client.ping().await;
    client.publish(&topic(1), QoS::AtLeastOnce, 2, b"b").await;
    assert_eq!(house.intake.submitted(2).await[1], (1, "acc".to_owned(), "b".to_owned()));
    house.intake.commit(2);
    assert_eq!((client.next().await, client.next().await), (Some(puback(1)), Some(puback(2))));
}

#[tokio::test]
async fn publishes_of_one_read_are_one_batch() {
    let house = house().await;
    let mut client = house.anonymous("phone").await;
    let bytes: Vec<u8> = (1..=50).flat_map(|pkid| encoded(&publish(&topic(1), QoS::AtLeastOnce, pkid, b"x"))).collect();
    client.send(&bytes).await;
    for pkid in 1..=50 {
        assert_eq!(client.next().await, Some(puback(pkid)));
    }
    assert_eq!(*house.intake.batches.lock().unwrap(), [50]);
    assert_eq!(house.stats().published(), (50, 50));
}

#[tokio::test]
async fn qos_0_is_submitted_without_an_answer() {
    let house = house().await;
    let mut client = house.anonymous("phone").await;
    client.publish(&topic(1), QoS::AtMostOnce, 0, b"a").await;
    client.publish(&topic(1), QoS::AtLeastOnce, 5, b"b").await;
    assert_eq!(client.next().await, Some(puback(5)));
    assert_eq!(house.intake.submitted(2).await.len(), 2);
}

#[tokio::test]
async fn qos_2_is_submitted_once_however_often_it_is_sent() {
    let house = house_with(MqttLimits::default(), false).await;
    let mut client = house.anonymous("phone").await;
    client.publish(&topic(1), QoS::ExactlyOnce, 3, b"a").await;
    house.intake.submitted(1).await;
    let mut again = encoded(&publish(&topic(1), QoS::ExactlyOnce, 3, b"a"));
    again[0] |= 8;
    client.send(&again).await;
    client.ping().await;
    house.intake.commit(1);
    let pubrec = || Some(V4::PubRec(PubRec::new(3)));
    assert_eq!((client.next().await, client.next().await), (pubrec(), pubrec()));
    client.packet(V4::PubRel(PubRel::new(3))).await;
    assert_eq!(client.next().await, Some(V4::PubComp(PubComp::new(3))));
    // The id is free: the next message with it is another one. A PUBREL ahead of its PUBREC is answered after it.
    client.publish(&topic(1), QoS::ExactlyOnce, 3, b"b").await;
    client.packet(V4::PubRel(PubRel::new(3))).await;
    assert_eq!(house.intake.submitted(2).await.len(), 2);
    client.ping().await;
    house.intake.commit(1);
    assert_eq!((client.next().await, client.next().await), (pubrec(), Some(V4::PubComp(PubComp::new(3)))));
}

#[tokio::test]
async fn a_failed_commit_closes_without_acknowledging() {
    let house = house_with(MqttLimits::default(), false).await;
    let mut client = house.anonymous("phone").await;
    client.publish(&topic(1), QoS::AtLeastOnce, 1, b"a").await;
    house.intake.submitted(1).await;
    house.intake.failing.send_replace(true);
    house.intake.commit(1);
    assert_eq!(client.next().await, None);
    house.refused(Refused::StoreError, 1).await;
}

#[tokio::test]
async fn a_full_window_stops_the_reading_until_a_commit() {
    let limits = MqttLimits { window_bytes: 2 * (256 + 100), ..MqttLimits::default() };
    let house = house_with(limits, false).await;
    let mut client = house.anonymous("phone").await;
    for pkid in 1..=4 {
        client.publish(&topic(1), QoS::AtLeastOnce, pkid, &[b'x'; 100]).await;
    }
    house.intake.submitted(2).await;
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(house.intake.submitted(2).await.len(), 2, "the window holds two");
    house.intake.commit(4);
    for pkid in 1..=4 {
        assert_eq!(client.next().await, Some(puback(pkid)));
    }
    assert_eq!(house.intake.submitted(4).await.len(), 4);
}

#[tokio::test]
async fn a_large_packet_is_read_when_there_is_room_for_it() {
    let house = house().await;
    let mut client = house.anonymous("phone").await;
    let no_room = house.intake.has_room.acquire().await.unwrap();
    client.publish(&topic(1), QoS::AtLeastOnce, 1, &[b'x'; 1000]).await;
    assert_eq!(client.next().await, Some(puback(1)), "a small one is read with whatever else came");
    client.publish(&topic(1), QoS::AtLeastOnce, 2, &[b'x'; 40_000]).await;
    client.publish(&topic(1), QoS::AtLeastOnce, 3, &[b'x'; 20_000]).await;
    let whole = |payload: usize| 4 + 2 + topic(1).len() + 2 + payload;
    until(|| *house.intake.rooms.lock().unwrap() == [whole(40_000)]).await;
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(house.intake.submitted(1).await.len(), 1, "the large ones wait outside");
    drop(no_room);
    assert_eq!((client.next().await, client.next().await), (Some(puback(2)), Some(puback(3))));
    assert_eq!(*house.intake.rooms.lock().unwrap(), [whole(40_000), whole(20_000)], "each once");
    assert_eq!(*house.intake.batches.lock().unwrap(), [1, 1, 1], "and each alone");
    client.publish(&topic(1), QoS::AtLeastOnce, 4, b"small").await;
    assert_eq!(client.next().await, Some(puback(4)));
    assert_eq!(house.intake.rooms.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn an_announcement_takes_no_room_before_its_sender_is_known() {
    let house = house().await;
    let packet = |topic: &str| encoded(&publish(topic, QoS::AtLeastOnce, 1, &[b'x'; 40_000]));
    // Said so far: the announcement, and all of the topic but one byte.
    let mut stalled = Vec::new();
    for said in [4, 5, 6, 6 + topic(1).len() - 1] {
        let mut client = house.anonymous("").await;
        client.send(&packet(&topic(1))[..said]).await;
        stalled.push(client);
    }
    // The topic decides: nothing behind it is waited for.
    let (unknown, long) = ("in/Token-of-nobody-000000/acc", format!("in/{}/{}", token(1), "x".repeat(1_024)));
    for (user, password, topic, reason) in [
        ("", "", unknown, Refused::UnknownToken),
        ("", "", "out/x", Refused::TopicNotAllowed),
        ("", "", "in/+/acc", Refused::Malformed),
        ("", "", &long, Refused::TopicNotAllowed),
        ("thing", &token(1), &topic(2), Refused::ForeignToken),
        ("teacher", "all", &topic(1), Refused::TopicNotAllowed),
    ] {
        let before = house.stats().refused(reason);
        let mut client = house.login("", user, password).await;
        client.send(&packet(topic)[..1_000]).await;
        assert_eq!(client.next().await, None, "{user} {topic}");
        house.refused(reason, before + 1).await;
    }
    // No other packet is large without a name.
    let mut client = house.anonymous("").await;
    client.send(&framed(0x82, &[0; 40_000])[..100]).await;
    assert_eq!(client.next().await, None);
    house.refused(Refused::Oversized, 1).await;
    assert!(house.intake.rooms.lock().unwrap().is_empty());
    // The last byte of its topic makes a sender known.
    let known = &mut stalled[3];
    known.send(&packet(&topic(1))[6 + topic(1).len() - 1..]).await;
    assert_eq!(known.next().await, Some(puback(1)));
    assert_eq!(house.intake.rooms.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_large_packet_that_does_not_come_ends_the_connection() {
    let house = still_house(MqttLimits { packet_time: std::time::Duration::from_secs(5), ..MqttLimits::default() }).await;
    let mut client = house.memory();
    client.send(&connect("slow").bytes()).await;
    assert_eq!(client.next().await, Some(accepted()));
    let packet = encoded(&publish(&topic(1), QoS::AtLeastOnce, 1, &[b'x'; 20_000]));
    let started = tokio::time::Instant::now();
    client.send(&packet[..1000]).await;
    assert_eq!(client.next().await, None);
    assert_eq!(started.elapsed().as_secs(), 5);
    house.refused(Refused::PacketTimeout, 1).await;
    // A small one may take as long as the keep-alive lets it.
    let mut client = house.memory();
    client.send(&connect("slow").bytes()).await;
    assert_eq!(client.next().await, Some(accepted()));
    client.send(&packet[..1]).await;
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    client.send(&encoded(&publish(&topic(1), QoS::AtLeastOnce, 1, b"x"))[1..]).await;
    assert_eq!(client.next().await, Some(puback(1)));
}

#[tokio::test]
async fn the_last_batch_is_acknowledged_after_the_hub_stopped_reading() {
    let mut house = house_with(MqttLimits::default(), false).await;
    let mut client = house.anonymous("phone").await;
    client.publish(&topic(1), QoS::AtLeastOnce, 1, b"a").await;
    house.intake.submitted(1).await;
    house.stop.cancel();
    client.publish(&topic(1), QoS::AtLeastOnce, 2, b"not read").await;
    house.intake.commit(2);
    assert_eq!((client.next().await, client.next().await), (Some(puback(1)), None));
    (&mut house.listener).await.unwrap();
    assert_eq!(house.stats().connections(), 0);
}

#[tokio::test]
async fn a_retain_flag_is_ignored_and_counted() {
    let house = house().await;
    let mut client = house.anonymous("phone").await;
    let mut bytes = encoded(&publish(&topic(1), QoS::AtLeastOnce, 1, b"a"));
    bytes[0] |= 1;
    client.send(&bytes).await;
    assert_eq!(client.next().await, Some(puback(1)));
    house.refused(Refused::Retain, 1).await;
}

#[tokio::test]
async fn a_will_on_the_own_topic_is_a_packet_and_any_other_is_counted() {
    let house = house().await;
    let own = |will: &str| connect("phone").will(will, b"last").login("thing", &token(1)).bytes();
    for (will, goodbye, published) in
        [(topic(1), false, true), (topic(1), true, false), (topic(2), false, false), ("out/x".to_owned(), false, false)]
    {
        let before = (house.stats().published().0, house.stats().refused(Refused::Will));
        let mut client = house.tcp().await;
        client.send(&own(&will)).await;
        assert_eq!(client.next().await, Some(accepted()));
        if goodbye {
            client.send(&[0xe0, 0]).await;
            assert_eq!(client.next().await, None);
        }
        drop(client);
        if published {
            house.intake.submitted(1).await;
        } else if !goodbye {
            house.refused(Refused::Will, before.1 + 1).await;
        }
        assert_eq!(house.stats().published().0, before.0 + u64::from(published), "{will} {goodbye}");
    }
}
