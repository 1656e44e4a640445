//! Whose connection it is: tokens, logins, client ids.

use messwerk_lessons::id::ThingId;
use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::ConnectReturnCode;

use super::harness::*;
use crate::mqtt::{MqttLimits, Refused};
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

#[tokio::test]
async fn the_first_accepted_topic_makes_the_thing() {
    let house = house().await;
    let mut client = house.anonymous("phone").await;
    let own = format!("out/{LESSON}/thing/{}", messwerk_lessons::id::ThingId(1));
    assert_eq!(client.subscribe(&[&own]).await, [0x80], "nobody reads nothing");
    client.publish(&topic(1), QoS::AtLeastOnce, 1, b"a").await;
    assert_eq!(client.next().await, Some(puback(1)));
    assert_eq!(client.subscribe(&[&own]).await, [0]);
    client.publish(&topic(2), QoS::AtLeastOnce, 2, b"b").await;
    assert_eq!(client.next().await, None, "another Thing's token");
    house.refused(Refused::ForeignToken, 1).await;
    assert_eq!(house.intake.submitted(1).await.len(), 1);
}

#[tokio::test]
async fn what_may_not_be_written_closes_the_connection() {
    let house = house().await;
    let check = async |user: &str, password: &str, topic: &str, reason| {
        let before = house.stats().refused(reason);
        let mut client = house.login("c", user, password).await;
        client.publish(topic, QoS::AtLeastOnce, 1, b"a").await;
        assert_eq!(client.next().await, None, "{user} {topic}");
        house.refused(reason, before + 1).await;
    };
    let nobodys = topic(1).replace('1', "0");
    check("", "", &nobodys, Refused::UnknownToken).await;
    check("", "", "Übung/1", Refused::TopicNotAllowed).await;
    check("", "", "in/short/acc", Refused::TopicNotAllowed).await;
    check("", "", &format!("{}/more", topic(1)), Refused::TopicNotAllowed).await;
    check("", "", "$SYS/x", Refused::TopicNotAllowed).await;
    check("thing", &token(1), &topic(2), Refused::ForeignToken).await;
    check("thing", &token(1), &format!("out/{LESSON}/outcomes"), Refused::TopicNotAllowed).await;
    check("teacher", "all", &topic(1), Refused::TopicNotAllowed).await;
    check("teacher", "all", &format!("out/{LESSON}/outcomes"), Refused::TopicNotAllowed).await;
    assert_eq!(house.stats().published().0, 0);
}

#[tokio::test]
async fn logins_are_answered_with_their_code() {
    let house = house().await;
    let check = async |user: &str, password: &str, code, reason| {
        let mut client = house.tcp().await;
        client.send(&connect("c").login(user, password).bytes()).await;
        assert_eq!(client.next().await, Some(refusal(code)), "{user}");
        assert_eq!(client.next().await, None, "{user}");
        house.refused(reason, 1).await;
    };
    check("teacher", "wrong", ConnectReturnCode::BadUserNamePassword, Refused::BadCredentials).await;
    check("teacher", "expired", ConnectReturnCode::NotAuthorized, Refused::UnknownToken).await;
    house.rules.unavailable.store(true, Relaxed);
    check("teacher", "all", ConnectReturnCode::ServiceUnavailable, Refused::Unavailable).await;
}

#[tokio::test]
async fn empty_user_name_and_password_are_none() {
    let house = house().await;
    let mut client = house.tcp().await;
    client.send(&connect("phyphox").flags(0xc2).field(b"").field(b"").bytes()).await;
    assert_eq!(client.next().await, Some(accepted()));
    client.publish(&topic(3), QoS::AtLeastOnce, 1, b"a").await;
    assert_eq!(client.next().await, Some(puback(1)));
}

#[tokio::test]
async fn an_older_connection_of_the_same_thing_and_client_id_is_closed() {
    let house = house().await;
    let mut old = house.anonymous("phone").await;
    old.publish(&topic(1), QoS::AtLeastOnce, 1, b"a").await;
    assert_eq!(old.next().await, Some(puback(1)));
    let mut other = house.anonymous("phone").await;
    other.publish(&topic(2), QoS::AtLeastOnce, 1, b"b").await;
    assert_eq!(other.next().await, Some(puback(1)));
    let mut new = house.anonymous("phone").await;
    old.ping().await;
    new.publish(&topic(1), QoS::AtLeastOnce, 1, b"c").await;
    assert_eq!(new.next().await, Some(puback(1)));
    assert_eq!(old.next().await, None);
    other.ping().await;
    house.refused(Refused::TakenOver, 1).await;
    // A login has its owner at once, and another client id is another phone.
    let mut third = house.login("phone", "thing", &token(1)).await;
    assert_eq!(new.next().await, None);
    let _fourth = house.login("tablet", "thing", &token(1)).await;
    third.ping().await;
}

#[tokio::test]
async fn many_racing_for_one_client_id_leave_one() {
    let house = house().await;
    let mut clients = Vec::new();
    for _ in 0..40 {
        clients.push(house.login("twin", "thing", &token(1)).await);
    }
    house.refused(Refused::TakenOver, 39).await;
    let mut last = clients.pop().unwrap();
    last.ping().await;
    for client in &mut clients {
        assert_eq!(client.next().await, None);
    }
    house.lives().await;
}

#[tokio::test]
async fn a_token_of_a_file_is_a_thing_with_its_first_reading_and_only_then() {
    let house = house().await;
    let mut client = house.anonymous("phone").await;
    for (pkid, empty) in [(1, "{}"), (2, "[]"), (3, "nothing"), (4, "")] {
        client.publish(&topic(RESERVED), QoS::AtLeastOnce, pkid, empty.as_bytes()).await;
        assert_eq!(client.next().await, Some(puback(pkid)), "{empty}");
    }
    // A packet that does not fit into one read is asked about before it is there.
    client.publish(&topic(RESERVED), QoS::AtLeastOnce, 5, &[b' '; 40_000]).await;
    assert_eq!(client.next().await, Some(puback(5)));
    assert!(!house.rules.claimed.load(Relaxed) && house.intake.packets.lock().unwrap().is_empty());
    let reading = r#"{"acc_time":[1.0],"accX":[0.1],"accY":[0.2],"accZ":[9.8]}"#;
    client.publish(&topic(RESERVED), QoS::AtLeastOnce, 6, reading.as_bytes()).await;
    assert_eq!(client.next().await, Some(puback(6)));
    assert!(house.rules.claimed.load(Relaxed));
    assert_eq!(house.intake.packets.lock().unwrap()[0].access.thing, ThingId(RESERVED));
}

#[tokio::test]
async fn a_token_is_asked_for_again_after_a_while() {
    let limits = MqttLimits { recheck: Duration::ZERO, ..MqttLimits::default() };
    let house = house_with(limits, true).await;
    let mut client = house.anonymous("phone").await;
    client.publish(&topic(1), QoS::AtLeastOnce, 1, b"a").await;
    assert_eq!(client.next().await, Some(puback(1)));
    house.rules.revoked.store(true, Relaxed);
    client.publish(&topic(1), QoS::AtLeastOnce, 2, b"b").await;
    assert_eq!(client.next().await, None, "the token was revoked");

    let house = house_with(MqttLimits::default(), true).await;
    let mut client = house.anonymous("phone").await;
    for pkid in 1..=20 {
        client.publish(&topic(1), QoS::AtLeastOnce, pkid, b"a").await;
        assert_eq!(client.next().await, Some(puback(pkid)));
    }
    assert!(house.rules.asked.load(Relaxed) < 20, "not for every packet");
}
