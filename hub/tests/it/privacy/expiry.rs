//! Lessons end and go by themselves, and others stay as they are.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_store::{Clock, SystemClock};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::holding;
use crate::harness::{Class, PATIENCE, TestHub};

const HOUR: Micros = 3_600_000_000;
const LOOK: Duration = Duration::from_millis(20);

/// A clock that somebody turns.
#[derive(Debug)]
struct Turned(AtomicI64);

impl Turned {
    fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(SystemClock.now())))
    }

    fn forward(&self, by: Micros) {
        self.0.fetch_add(by, Ordering::Relaxed);
    }
}

impl Clock for Turned {
    fn now(&self) -> Micros {
        self.0.load(Ordering::Relaxed)
    }
}

async fn start(folder: tempfile::TempDir, clock: &Arc<Turned>) -> TestHub {
    TestHub::start_at(folder, |_| {}, Arc::clone(clock) as Arc<dyn Clock>, LOOK).await
}

/// Long enough for the hub to have looked, whatever it found.
async fn looked() {
    sleep(LOOK * 10).await;
}

async fn state(hub: &TestHub, lesson: &str) -> Option<Value> {
    let response = hub.request(Method::GET, &format!("/api/v1/lessons/{lesson}"), Some(&hub.teacher)).send().await.unwrap();
    if response.status() == 404 { None } else { Some(response.json().await.unwrap()) }
}

async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let patience = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < patience, "{what}");
        sleep(LOOK).await;
    }
}

async fn command(hub: &TestHub, lesson: &str, command: Value) -> u16 {
    let path = format!("/api/v1/lessons/{lesson}/commands");
    hub.request(Method::POST, &path, Some(&hub.teacher)).json(&command).send().await.unwrap().status().as_u16()
}

/// What is entered where readings have this value: no two lessons the same.
fn length(value: f32) -> f64 {
    // Six decimals: what is written in JSON is read as the same bits.
    (0.4e6 + f64::from(value) * 1e6).round() / 1e6
}

fn reason(value: f32) -> String {
    format!("planted-reason-{value}")
}

/// Ten readings with a value that nothing else has, an input, and an excluded run.
async fn measure(hub: &TestHub, class: &Class, value: f32) {
    let times: Vec<f64> = (0..10).map(|row| f64::from(row) * 0.02).collect();
    let body = json!({"acc_time": times, "accX": vec![value; 10], "accY": vec![1.0; 10], "accZ": vec![9.8; 10]});
    assert_eq!(hub.post(&class.token, &body.to_string()).await.1["stored"], 10);
    // One that is refused, with a sender's own words in it.
    hub.post(&class.token, r#"{"acc_time":[9],"planted_column":[1]}"#).await;
    let path = format!("/api/v1/things/{}", class.thing);
    let input = hub.request(Method::PATCH, &path, Some(&class.token)).json(&json!({"length_m": length(value)})).send().await.unwrap();
    assert_eq!(input.status(), 200);
    let path = format!("{path}/runs/1/exclusion");
    let excluded = hub.request(Method::PUT, &path, Some(&hub.teacher)).json(&json!({"reason": reason(value)})).send().await.unwrap();
    assert!(excluded.status().is_success());
}

/// Everything that could name a lesson, its Thing, or what was measured, as it would stand in a file.
fn traces(hub: &TestHub, class: &Class, value: f32) -> Vec<(&'static str, Vec<u8>)> {
    let catalogue = hub.running.hub.store.catalogue();
    let (lesson, thing): (LessonId, ThingId) = (class.lesson.parse().unwrap(), class.thing.parse().unwrap());
    let stored = catalogue.lesson(lesson).unwrap().unwrap();
    let nickname = catalogue.thing(thing).unwrap().unwrap().nickname;
    vec![
        ("the lesson's id", class.lesson.clone().into_bytes()),
        ("the lesson's id in binary", lesson.0.to_le_bytes().to_vec()),
        ("the lesson's id in the catalogue", lesson.0.to_be_bytes().to_vec()),
        ("the Thing's id", class.thing.clone().into_bytes()),
        ("the Thing's id in binary", thing.0.to_le_bytes().to_vec()),
        ("the Thing's id in the catalogue", thing.0.to_be_bytes().to_vec()),
        ("the nickname", nickname.into_bytes()),
        ("the Thing's token", class.token.clone().into_bytes()),
        ("the join token", stored.token.into_bytes()),
        ("a value", value.to_le_bytes().to_vec()),
        ("the input", length(value).to_be_bytes().to_vec()),
        ("the reason", reason(value).into_bytes()),
    ]
}

/// What of the traces is still on the disk.
fn left(hub: &TestHub, traces: &[(&'static str, Vec<u8>)]) -> Vec<(&'static str, Vec<PathBuf>)> {
    let found = traces.iter().map(|(what, bytes)| (*what, holding(hub.path(), bytes)));
    found.filter(|(_, files)| !files.is_empty()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_after_its_end_nothing_of_a_lesson_is_left_and_nothing_of_another_is_lost() {
    let clock = Turned::new();
    let hub = start(tempfile::tempdir().unwrap(), &clock).await;
    let (over, kept) = (hub.class("pendulum").await, hub.class("pendulum").await);
    let (value, other) = (1.234_567_8e-3_f32, 7.654_321e-4_f32);
    measure(&hub, &over, value).await;
    measure(&hub, &kept, other).await;
    let mine = traces(&hub, &over, value);
    let there: Vec<_> = left(&hub, &mine).into_iter().map(|(what, _)| what).collect();
    // The lesson's name is that of its folder once it is sealed, and of tokens there are only hashes.
    assert!(there.len() >= mine.len() - 2 && !there.contains(&"the Thing's token"), "{there:?}");

    hub.end(&over.lesson).await;
    hub.end(&kept.lesson).await;
    assert_eq!(command(&hub, &kept.lesson, json!({"do": "keep", "days": 5})).await, 200);
    assert_eq!(command(&hub, &kept.lesson, json!({"do": "keep", "days": 401})).await, 400, "kept_days_most");
    assert!(!holding(hub.path(), over.lesson.as_bytes()).is_empty(), "planted");
    let rows = hub.rows(&kept.lesson).await;
    let outcomes = hub.get(&format!("/api/v1/lessons/{}/outcomes", kept.lesson)).await;
    let deletes = state(&hub, &over.lesson).await.unwrap()["deletes"].as_i64().unwrap();
    assert!((deletes - clock.now() - 24 * HOUR).abs() < HOUR / 60, "the teacher sees when");

    clock.forward(24 * HOUR - HOUR / 60);
    looked().await;
    assert!(state(&hub, &over.lesson).await.is_some() && hub.rows(&over.lesson).await.len() == 10, "a minute before");
    clock.forward(HOUR / 30);
    until("it is erased", async || state(&hub, &over.lesson).await.is_none()).await;
    assert_eq!(left(&hub, &mine), []);
    assert_eq!(hub.rows(&kept.lesson).await, rows);
    assert_eq!(hub.get(&format!("/api/v1/lessons/{}/outcomes", kept.lesson)).await, outcomes);
    assert!(!holding(hub.path(), b"lesson.erase").is_empty(), "that it was done is written down");
    assert_eq!(hub.post(&over.token, "{}").await.0, 401, "its token opens nothing");

    let hub = start(hub.stop().await, &clock).await;
    assert_eq!(left(&hub, &mine), [], "after a restart");
    assert_eq!(hub.rows(&kept.lesson).await, rows);
    let kept_traces = traces(&hub, &kept, other);
    clock.forward(4 * 24 * HOUR);
    until("what was kept is erased too", async || state(&hub, &kept.lesson).await.is_none()).await;
    assert_eq!(left(&hub, &kept_traces), []);
    clock.forward(31 * 24 * HOUR);
    until("the log is forgotten", async || holding(hub.path(), b"lesson.erase").is_empty()).await;
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_that_nobody_ended_ends_by_itself() {
    let clock = Turned::new();
    let hub = start(tempfile::tempdir().unwrap(), &clock).await;
    let class = hub.class("pendulum").await;
    measure(&hub, &class, 0.5).await;
    clock.forward(12 * HOUR - HOUR / 60);
    looked().await;
    assert_eq!(state(&hub, &class.lesson).await.unwrap()["state"], "recording");
    clock.forward(HOUR / 30);
    until("it has ended", async || state(&hub, &class.lesson).await.unwrap()["state"] == "ended").await;
    let log = hub.get_json(&format!("/api/v1/lessons/{}/log", class.lesson)).await;
    assert_eq!((&log[0]["who"], &log[0]["what"]), (&json!("hub"), &json!("lesson.end")));
    assert_eq!(hub.rows(&class.lesson).await.len(), 10);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_thing_goes_with_the_end_of_its_lesson() {
    let clock = Turned::new();
    let hub = start(tempfile::tempdir().unwrap(), &clock).await;
    let class = hub.class("pendulum").await;
    measure(&hub, &class, 0.5).await;
    assert_eq!(command(&hub, &class.lesson, json!({"do": "remove", "thing": class.thing})).await, 200);
    looked().await;
    let thing = class.thing.parse().unwrap();
    let there = || hub.running.hub.store.catalogue().thing(thing).unwrap().is_some();
    assert!(there(), "it may come back");
    hub.end(&class.lesson).await;
    until("it is erased", async || !there()).await;
    assert_eq!(holding(hub.path(), class.thing.as_bytes()), Vec::<PathBuf>::new());
    hub.stop().await;
}
