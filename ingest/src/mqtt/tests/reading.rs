//! Subscriptions: who reads what, and what comes.

use bytes::Bytes;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::topic;
use rumqttc::mqttbytes::QoS;

use super::harness::*;
use crate::mqtt::{Fanout, MqttLimits, Refused};

const GRANTED: u8 = 0;
const REFUSED: u8 = 0x80;

#[tokio::test]
async fn everybody_reads_only_what_is_theirs() {
    let house = house().await;
    let own = topic::thing_out(LESSON, ThingId(1));
    let other = topic::thing_out(LESSON, ThingId(2));
    let lesson = topic::lesson_out(LESSON);
    let foreign = topic::lesson_out(LessonId(8));
    let input = super::harness::topic(1);
    let check = async |user: &str, password: &str, filters: &[(&str, u8)]| {
        let mut client = house.login("reader", user, password).await;
        for (filter, expected) in filters {
            assert_eq!(client.subscribe(&[filter]).await, [*expected], "{user} {password} {filter}");
        }
    };
    let everybodys =
        [("#", REFUSED), ("+/#", REFUSED), ("$SYS/#", REFUSED), ("$share/g/out/#", REFUSED), ("in/#", REFUSED), (&*input, REFUSED)];
    for (user, password) in [("", ""), ("thing", &*token(1)), ("teacher", "all"), ("teacher", "seven")] {
        check(user, password, &everybodys).await;
    }
    let wild = format!("out/{LESSON}/thing/+");
    check("thing", &token(1), &[(&own, GRANTED), (&other, REFUSED), (&wild, REFUSED), (&lesson, REFUSED), ("out/#", REFUSED)]).await;
    check("teacher", "all", &[("out/#", REFUSED), (&foreign, GRANTED), (&lesson, GRANTED), ("out/+/outcomes", REFUSED), ("out", REFUSED)])
        .await;
    check("teacher", "seven", &[(&lesson, GRANTED), (&wild, GRANTED), (&own, GRANTED), ("out/#", REFUSED), (&foreign, REFUSED)]).await;
    check("", "", &[(&own, REFUSED), ("out/#", REFUSED)]).await;
}

#[tokio::test]
async fn one_suback_answers_each_filter_in_order() {
    let house = house().await;
    let mut teacher = house.teacher("tool").await;
    assert_eq!(teacher.subscribe(&["#", "out/a/#", "in/x", "out/a/b"]).await, [REFUSED, GRANTED, REFUSED, GRANTED]);
    house.refused(Refused::Subscription, 2).await;
    assert_eq!(house.stats().subscribers(), 1);
}

#[tokio::test]
async fn a_teacher_gets_the_latest_at_once_and_then_what_comes() {
    let house = house().await;
    let aggregates = topic::aggregates_out(LESSON, "acceleration");
    house.fanout.publish(&aggregates, Bytes::from_static(b"1"), true);
    let mut teacher = house.login("tool", "teacher", "seven").await;
    assert_eq!(teacher.subscribe(&[&topic::lesson_out(LESSON)]).await, [GRANTED]);
    assert_eq!(teacher.message().await, (aggregates.clone(), "1".to_owned(), true));
    house.fanout.publish(&aggregates, Bytes::from_static(b"2"), true);
    assert_eq!(teacher.message().await, (aggregates.clone(), "2".to_owned(), false));
    teacher.unsubscribe(&topic::lesson_out(LESSON)).await;
    // Subscribing to another filter shows that nothing of the first one comes any more.
    house.fanout.publish(&aggregates, Bytes::from_static(b"3"), true);
    let outcomes = topic::outcomes_out(LESSON);
    house.fanout.publish(&outcomes, Bytes::from_static(b"g"), true);
    assert_eq!(teacher.subscribe(&[&outcomes]).await, [GRANTED]);
    assert_eq!(teacher.message().await, (outcomes, "g".to_owned(), true));
}

#[tokio::test]
async fn unsubscribing_from_nothing_is_answered() {
    let house = house().await;
    let mut client = house.anonymous("c").await;
    client.unsubscribe("never/subscribed").await;
    client.unsubscribe("#").await;
    client.ping().await;
}

#[tokio::test]
async fn filters_have_a_limit() {
    let house = house_with(MqttLimits { filters: 2, ..MqttLimits::default() }, true).await;
    let mut teacher = house.teacher("tool").await;
    assert_eq!(teacher.subscribe(&["out/a/#", "out/b/#", "out/c/#", "out/a/#"]).await, [GRANTED, GRANTED, REFUSED, GRANTED]);
    teacher.unsubscribe("out/b/#").await;
    assert_eq!(teacher.subscribe(&["out/c/#"]).await, [GRANTED]);
    let long = format!("out/a/{}", "x".repeat(2000));
    assert_eq!(teacher.subscribe(&[&long]).await, [REFUSED]);
}

#[tokio::test]
async fn no_publish_reaches_a_subscriber_as_it_is() {
    let house = house().await;
    let mut teacher = house.teacher("tool").await;
    assert_eq!(teacher.subscribe(&[&topic::lesson_out(LESSON)]).await, [GRANTED]);
    let mut phone = house.anonymous("phone").await;
    phone.publish(&super::harness::topic(1), QoS::AtLeastOnce, 1, b"private").await;
    assert_eq!(phone.next().await, Some(puback(1)));
    teacher.ping().await;
}
