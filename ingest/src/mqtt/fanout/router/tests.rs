use super::*;
use crate::mqtt::fanout::Change;
use crate::mqtt::stats::Refused;
use crate::mqtt::tests::harness::{PATIENCE, until};
use tokio::time::timeout;

const LIVE: &str = "out/a/live";

fn options() -> FanoutOptions {
    FanoutOptions { subscribers: 4, canary: Duration::from_millis(20), ..FanoutOptions::default() }
}

struct Reader {
    subscriber: Subscriber,
    stats: Arc<DoorStats>,
}

impl Reader {
    fn join(fanout: &RumqttdFanout, queue: usize) -> Self {
        let stats = Arc::new(DoorStats::default());
        Self { subscriber: fanout.join(queue, stats.clone()).expect("room"), stats }
    }

    async fn add(&self, filter: &str) {
        self.subscriber.changes.send(Change::Add(filter.to_owned())).await.unwrap();
    }

    async fn next(&mut self) -> (String, String, bool) {
        let message = timeout(PATIENCE, self.subscriber.mail.recv()).await.expect("in time").expect("open");
        (message.topic.to_string(), String::from_utf8_lossy(&message.payload).into_owned(), message.retained)
    }

    /// Adds a filter and waits until it is live: changes are carried out in order, and the last one answers.
    async fn live(&mut self, filter: &str) {
        for filter in [LIVE, filter, LIVE] {
            self.add(filter).await;
        }
        let answers = 2 + usize::from(messwerk_lessons::topic::matches(filter, LIVE));
        for _ in 0..answers {
            while self.next().await.0 != LIVE {}
        }
    }
}

/// A fan-out that keeps one message, for [`Reader::live`].
fn started(options: FanoutOptions) -> RumqttdFanout {
    let fanout = RumqttdFanout::new(options);
    publish(&fanout, LIVE, "yes", true);
    fanout
}

fn sent(topic: &str, payload: &str) -> (String, String, bool) {
    (topic.to_owned(), payload.to_owned(), false)
}

fn publish(fanout: &RumqttdFanout, topic: &str, payload: &str, keep: bool) {
    fanout.publish(topic, Bytes::copy_from_slice(payload.as_bytes()), keep);
}

#[tokio::test]
async fn messages_reach_those_whose_filters_match_once_and_in_order() {
    let fanout = started(options());
    let (mut lesson, mut all) = (Reader::join(&fanout, 4096), Reader::join(&fanout, 4096));
    lesson.live("out/a/t/#").await;
    lesson.add("out/a/t/+").await;
    all.live("out/+/t/outcomes").await;
    lesson.add("out/a/t/outcomes").await;
    for n in 0..1000 {
        publish(&fanout, "out/a/t/outcomes", &n.to_string(), false);
        publish(&fanout, "out/b/t/outcomes", "b", false);
    }
    // Beyond the 199 after which a link is parked.
    for n in 0..1000 {
        assert_eq!(lesson.next().await, sent("out/a/t/outcomes", &n.to_string()));
        assert_eq!(all.next().await, sent("out/a/t/outcomes", &n.to_string()));
        assert_eq!(all.next().await, sent("out/b/t/outcomes", "b"));
    }
}

#[tokio::test]
async fn a_late_subscriber_gets_the_latest_at_once() {
    let fanout = started(options());
    publish(&fanout, "out/a/t/x", "old", true);
    publish(&fanout, "out/a/t/x", "new", true);
    publish(&fanout, "out/a/t/y", "passing", false);
    let mut reader = Reader::join(&fanout, 16);
    reader.add("out/a/t/#").await;
    assert_eq!(reader.next().await, ("out/a/t/x".to_owned(), "new".to_owned(), true));
    fanout.forget("out/a/t/#");
    reader.add("out/a/t/x").await;
    publish(&fanout, "out/a/t/x", "newer", true);
    assert_eq!(reader.next().await.1, "newer", "what was forgotten does not come again");
}

#[tokio::test]
async fn a_dead_router_is_replaced_and_nobody_notices() {
    let fanout = started(options());
    let mut readers = [Reader::join(&fanout, 64), Reader::join(&fanout, 64)];
    for reader in &mut readers {
        reader.live("out/a/t/#").await;
    }
    for death in 1..=3 {
        fanout.kill().await;
        until(|| fanout.replaced() >= death).await;
        publish(&fanout, "out/a/t/last", &death.to_string(), true);
        for reader in &mut readers {
            timeout(PATIENCE, async { while reader.next().await != sent("out/a/t/last", &death.to_string()) {} }).await.unwrap();
        }
    }
}

#[tokio::test]
async fn what_a_new_filter_was_given_does_not_come_again_with_the_next_router() {
    let fanout = started(options());
    // The router runs, so that what is published now has gone through it before there is a link.
    Reader::join(&fanout, 64).live("out/b/#").await;
    let mut reader = Reader::join(&fanout, 64);
    publish(&fanout, "out/a/t/x", "kept", true);
    reader.add("out/a/t/#").await;
    assert_eq!(reader.next().await, ("out/a/t/x".to_owned(), "kept".to_owned(), true));
    fanout.kill().await;
    until(|| fanout.replaced() > 0).await;
    publish(&fanout, "out/a/t/y", "after", true);
    assert_eq!(reader.next().await, sent("out/a/t/y", "after"));
}

#[tokio::test]
async fn topics_that_kill_a_router_are_harmless() {
    let fanout = started(options());
    let mut reader = Reader::join(&fanout, 64);
    reader.live("out/#").await;
    for topic in ["Übung/1", "$share/g/x", "€", "m/x", "canary", "\u{10ffff}"] {
        publish(&fanout, topic, "x", true);
    }
    publish(&fanout, "out/Übung", "alive", false);
    assert_eq!(reader.next().await, sent("out/Übung", "alive"));
    assert_eq!(fanout.replaced(), 0);
}

#[tokio::test]
async fn a_slow_subscriber_loses_only_its_own_messages() {
    let fanout = started(options());
    let (mut slow, mut quick) = (Reader::join(&fanout, 4), Reader::join(&fanout, 4096));
    slow.live("out/a/t/#").await;
    quick.live("out/a/t/#").await;
    for n in 0..500 {
        publish(&fanout, "out/a/t/x", &n.to_string(), false);
    }
    for n in 0..500 {
        assert_eq!(quick.next().await, sent("out/a/t/x", &n.to_string()));
    }
    until(|| slow.stats.refused(Refused::SlowSubscriber) >= 496).await;
    assert_eq!(slow.next().await, sent("out/a/t/x", "0"));
}

#[tokio::test]
async fn one_subscriber_too_many_is_refused_and_may_come_later() {
    let fanout = started(options());
    let stats = Arc::new(DoorStats::default());
    let mut readers: Vec<_> = (0..4).map(|_| Reader::join(&fanout, 4)).collect();
    assert!(fanout.join(4, stats.clone()).is_none() && fanout.join(4, stats.clone()).is_none());
    readers.pop();
    until(|| fanout.join(4, stats.clone()).is_some()).await;
    readers[0].live("out/a/t/#").await;
    assert_eq!(fanout.replaced(), 0);
}

#[tokio::test]
async fn a_worn_router_is_replaced() {
    let fanout = started(FanoutOptions { wear: 0, ..options() });
    until(|| fanout.replaced() >= 2).await;
}

#[tokio::test]
async fn many_come_and_go() {
    let fanout = started(FanoutOptions { subscribers: 64, ..options() });
    for round in 0..10 {
        // The places of those who left are given back soon, not at once.
        until(|| fanout.seats.available_permits() == 64).await;
        let mut readers: Vec<_> = (0..60).map(|_| Reader::join(&fanout, 16)).collect();
        for (n, reader) in readers.iter_mut().enumerate() {
            reader.add(&format!("out/{}/#", n % 7)).await;
        }
        readers[0].live("out/0/#").await;
        publish(&fanout, "out/0/x", &round.to_string(), false);
        assert_eq!(readers[0].next().await, sent("out/0/x", &round.to_string()));
    }
    assert_eq!(fanout.replaced(), 0, "no router died of it");
}
