//! A led lesson from its lobby to its end: what a teacher's commands do to what is kept, and to what each socket shows.

use std::time::{Duration, Instant};

use messwerk::flow::commands::{Command, obey};
use messwerk_store::{Clock, SystemClock};
use reqwest::Method;
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::{Value, json};

use crate::harness::TestHub;
use crate::phones::{Console, Joined, Led, Phone, board, reading, rest};
use crate::shelf::{files, teacher, with};

#[tokio::test(flavor = "multi_thread")]
async fn readings_are_kept_from_start_to_stop() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    assert_eq!(led.show().await["phase"], "lobby");
    let post = async |at: u32| {
        let (status, answer) = hub.post(&thing.token, &reading(at)).await;
        assert_eq!(status, 200, "{answer}");
        (answer["stored"].as_u64().unwrap(), answer["idle"].as_u64().unwrap(), answer["rejected"].as_u64().unwrap())
    };
    assert_eq!(post(1).await, (0, 1, 0), "nobody measures yet, and that is no error");
    let state = led.told(json!({"do": "start", "countdown_s": 1})).await;
    assert_eq!((&state["phase"], &state["take"]["ends"]), (&json!("countdown"), &Value::Null));
    assert!(state["take"]["begins"].as_i64() > state["now"].as_i64());
    assert_eq!(post(2).await, (0, 1, 0), "not during the countdown either");
    led.until("measuring").await;
    assert_eq!(post(3).await, (1, 0, 0));
    assert_eq!(led.refused(json!({"do": "start"})).await, "take_open");
    assert_eq!(led.told(json!({"do": "stop"})).await["phase"], "stopped");
    assert_eq!(post(4).await, (0, 1, 0));
    assert_eq!(led.refused(json!({"do": "stop"})).await, "not_measuring");
    assert_eq!(led.refused(json!({"do": "start", "rehearsal": true})).await, "not_a_rehearsal");
    // Pausing holds for one Thing, and at once.
    let other = led.join().await;
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    let paused = led.told(json!({"do": "pause", "thing": thing.id})).await;
    assert_eq!((&paused["things"][0]["paused"], &paused["things"][1]["paused"]), (&json!(true), &json!(false)));
    assert_eq!(post(5).await, (0, 1, 0));
    assert_eq!(hub.post(&other.token, &reading(5)).await.1["stored"], 1);
    led.told(json!({"do": "resume", "thing": thing.id})).await;
    assert_eq!(post(6).await, (1, 0, 0));
    let ended = led.told(json!({"do": "end"})).await;
    assert_eq!((&ended["phase"], &ended["state"], &ended["join"]), (&json!("ended"), &json!("ended"), &Value::Null));
    assert!(ended["take"]["ends"].is_i64(), "the end stops what runs");
    assert_eq!(post(7).await, (0, 1, 0), "after the end nobody measures");
    assert_eq!(led.refused(json!({"do": "start"})).await, "lesson_ended");
    let runs: Vec<_> = hub.rows(&led.id).await.into_iter().map(|row| (row[2].clone(), row[1].clone())).collect();
    assert_eq!(runs.len(), 3);
    assert!(runs.contains(&(thing.id.clone(), "1".to_owned())) && runs.contains(&(thing.id.clone(), "2".to_owned())), "{runs:?}");
    let log = hub.get_json(&format!("/api/v1/lessons/{}/log", led.id)).await;
    let what: Vec<_> = log.as_array().unwrap().iter().rev().map(|entry| entry["what"].as_str().unwrap().to_owned()).collect();
    for word in ["lesson.make", "take.start", "take.stop", "thing.pause", "thing.resume", "lesson.end"] {
        assert!(what.iter().any(|what| what == word), "{word} in {what:?}");
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_rehearsal_nothing_is_left() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    let canary = 7.654_321_f32;
    let body = json!({"acc_time": [1.0, 1.1], "accX": [canary, canary], "accY": [0.0, 0.0], "accZ": [9.8, 9.8]}).to_string();
    led.told(json!({"do": "start", "countdown_s": 0, "rehearsal": true})).await;
    assert_eq!(hub.post(&thing.token, &body).await.1["stored"], 2);
    assert_eq!(hub.rows(&led.id).await.len(), 2);
    let state = led.told(json!({"do": "stop"})).await;
    assert_eq!((&state["phase"], &state["takes"]), (&json!("lobby"), &json!([])));
    assert_eq!(hub.rows(&led.id).await.len(), 0);
    assert!(state["things"][0]["id"] == thing.id.as_str(), "who is in stays in");
    // The real measurement begins with Run 1.
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    assert_eq!(hub.post(&thing.token, &reading(9)).await.1["stored"], 1);
    let rows = hub.rows(&led.id).await;
    assert_eq!((rows.len(), rows[0][1].as_str()), (1, "1"));
    let folder = hub.stop().await;
    assert!(!holds(folder.path(), &canary.to_le_bytes()), "the bytes are gone from the disk");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_measured_by_hand_is_forgotten_with_a_rehearsal() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "pendulum").await;
    let thing = led.join().await;
    led.told(json!({"do": "start", "countdown_s": 0, "rehearsal": true})).await;
    let path = format!("/api/v1/things/{}", thing.id);
    let body = json!({"length_m": 0.5, "T": 1.42, "u_T": 0.03});
    assert_eq!(hub.request(Method::PATCH, &path, Some(&thing.token)).json(&body).send().await.unwrap().status(), 200);
    let results = async || hub.get_json(&format!("/api/v1/lessons/{}/outcomes", led.id)).await["outcomes"].as_array().unwrap().len();
    assert_eq!(results().await, 1);
    led.told(json!({"do": "stop"})).await;
    assert_eq!(results().await, 0);
    // What was entered before it is no rehearsal's to forget.
    assert_eq!(hub.request(Method::PATCH, &path, Some(&thing.token)).json(&json!({"T": 1.42})).send().await.unwrap().status(), 200);
    assert_eq!(led.refused(json!({"do": "start", "rehearsal": true})).await, "not_a_rehearsal");
    assert_eq!(results().await, 1);
    assert_eq!(hub.request(Method::PATCH, &path, Some(&thing.token)).json(&json!({"T": null})).send().await.unwrap().status(), 200);
    let inputs = hub.running.hub.store.catalogue().thing(thing.id.parse().unwrap()).unwrap().unwrap().inputs;
    assert_eq!(inputs.into_iter().collect::<Vec<_>>(), [("length_m".to_owned(), 0.5)], "the pendulum is as long as before");
    hub.stop().await;
}

/// Whether any file below a folder holds these bytes.
fn holds(folder: &std::path::Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { holds(&path, bytes) } else { std::fs::read(&path).unwrap().windows(bytes.len()).any(|window| window == bytes) }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_that_a_crash_interrupted_is_erased_at_the_next_start() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    led.told(json!({"do": "start", "countdown_s": 0, "rehearsal": true})).await;
    hub.post(&thing.token, &reading(1)).await;
    // As if the hub had died between the stop and the erasure.
    let lesson = led.id.parse().unwrap();
    hub.running.hub.store.catalogue().end_take(lesson, i64::MAX / 2).unwrap();
    let id = led.id.clone();
    let hub = TestHub::start_in(hub.stop().await).await;
    let erased = async {
        while !hub.running.hub.store.catalogue().takes(lesson).unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(crate::harness::PATIENCE, erased).await.unwrap();
    assert_eq!(hub.rows(&id).await.len(), 0);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_whose_teacher_hangs_up_is_finished() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    led.told(json!({"do": "start", "countdown_s": 0, "rehearsal": true})).await;
    assert_eq!(hub.post(&thing.token, &reading(1)).await.1["stored"], 1);
    let (shared, lesson) = (&hub.running.hub, led.id.parse().unwrap());
    let flow = shared.flow.of(lesson).unwrap().unwrap();
    // As when the connection of the request breaks: whoever waits is gone after the first step.
    let mut stop = Box::pin(obey(shared, &flow, Command::Stop));
    assert!(futures::poll!(&mut stop).is_pending());
    drop(stop);
    let settled = async {
        while shared.flow.rehearses(lesson) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(crate::harness::PATIENCE, settled).await.unwrap();
    assert_eq!(hub.rows(&led.id).await.len(), 0);
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    assert_eq!(hub.post(&thing.token, &reading(2)).await.1["stored"], 1);
    let id = led.id.clone();
    drop(flow);
    let hub = TestHub::start_in(hub.stop().await).await;
    assert_eq!(hub.rows(&id).await.len(), 1, "the real measurement is there after a restart");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_take_of_a_timed_lesson_ends_by_itself_also_over_a_restart() {
    let hub = TestHub::start().await;
    for (id, length_s) in [("short", 1), ("long", 3_600)] {
        let run = format!("[run]\nmode = \"timed\"\ncountdown_s = 0\nlength_s = {length_s}\n\n[title]");
        let files = with(&files(&hub, id).await, "lesson.toml", "[title]", &run);
        let answer = teacher(&hub, Method::POST, "/api/v1/templates", &json!({"files": files})).await;
        assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
    }
    let (short, long) = (Led::make(&hub, "short").await, Led::make(&hub, "long").await);
    let begun = long.told(json!({"do": "start"})).await;
    assert_eq!(
        (&begun["phase"], &begun["run"]),
        (&json!("measuring"), &json!({"countdown_s": 0, "length_s": 3_600})),
        "its countdown is none"
    );
    short.told(json!({"do": "start"})).await;
    short.until("stopped").await;
    let lasted = |hub: &TestHub, id: &str| -> Vec<i64> {
        let takes = hub.running.hub.store.catalogue().takes(id.parse().unwrap()).unwrap();
        takes.iter().map(|take| take.ends.unwrap() - take.begins).collect()
    };
    assert_eq!(lasted(&hub, &short.id), [1_000_000], "to the microsecond, however late the hub came to it");
    // The teacher may come before it, and a Take that was cancelled ends no other.
    short.told(json!({"do": "start", "countdown_s": 1})).await;
    // Pages are told before the log is written; the next command comes behind both.
    let log = hub.get_json(&format!("/api/v1/lessons/{}/log", short.id)).await;
    let stopped = log.as_array().unwrap().iter().find(|entry| entry["what"] == "take.stop").unwrap();
    assert_eq!(stopped["who"], "hub");
    short.told(json!({"do": "stop"})).await;
    // It would have ended at the earlier one's time: that is what is looked at.
    let second = short.told(json!({"do": "start", "countdown_s": 2})).await;
    assert_eq!(second["take"]["number"], 2);
    short.until("stopped").await;
    assert_eq!(lasted(&hub, &short.id), [1_000_000, 1_000_000]);
    let third = short.told(json!({"do": "start", "countdown_s": 1})).await;
    assert_eq!(third["take"]["number"], 3);
    let id = short.id.clone();
    let hub = TestHub::start_in(hub.stop().await).await;
    let again = Led::of(&hub, &id, "");
    again.until("stopped").await;
    assert_eq!(lasted(&hub, &id), [1_000_000, 1_000_000, 1_000_000]);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfinished_rehearsal_never_takes_a_real_measurement_along() {
    let hub = TestHub::start().await;
    let (erased, kept) = (Led::make(&hub, "rest").await, Led::make(&hub, "rest").await);
    let things = [erased.join().await, kept.join().await];
    for (led, thing) in [&erased, &kept].into_iter().zip(&things) {
        led.told(json!({"do": "start", "countdown_s": 0, "rehearsal": true})).await;
        assert_eq!(hub.post(&thing.token, &reading(1)).await.1["stored"], 1);
    }
    let (catalogue, flow) = (hub.running.hub.store.catalogue(), &hub.running.hub.flow);
    let lessons = [&erased, &kept].map(|led| led.id.parse().unwrap());
    for lesson in lessons {
        catalogue.end_take(lesson, SystemClock.now()).unwrap();
        flow.touch(lesson);
    }
    // Through the hub it is erased before the next measurement begins.
    erased.told(json!({"do": "start", "countdown_s": 0})).await;
    assert_eq!(hub.rows(&erased.id).await.len(), 0);
    assert_eq!(hub.post(&things[0].token, &reading(2)).await.1["stored"], 1);
    assert!(!flow.rehearses(lessons[0]) && flow.rehearses(lessons[1]));
    // A data folder in which a real one followed all the same.
    catalogue.begin_take(lessons[1], SystemClock.now(), false).unwrap();
    flow.touch(lessons[1]);
    assert_eq!(hub.post(&things[1].token, &reading(2)).await.1["stored"], 1);
    let ids = [erased.id.clone(), kept.id.clone()];
    let hub = TestHub::start_in(hub.stop().await).await;
    let takes = |lesson| hub.running.hub.store.catalogue().takes(lesson).unwrap();
    assert!(lessons.iter().all(|lesson| takes(*lesson).iter().all(|take| !take.rehearsal)), "forgotten before the doors opened");
    assert_eq!((hub.rows(&ids[0]).await.len(), hub.rows(&ids[1]).await.len()), (1, 2));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_erases_nothing_but_its_own() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    let file = async |content: &'static str| {
        let path = format!("/api/v1/things/{}/upload", thing.id);
        let answer = hub.request(Method::POST, &path, Some(&thing.token)).body(content).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let csv =
        "\"Time (s)\",\"Acceleration x (m/s^2)\",\"Acceleration y (m/s^2)\",\"Acceleration z (m/s^2)\"\n0.0,0.1,0.2,9.8\n0.1,0.1,0.2,9.8\n";
    let (status, stored) = file(csv).await;
    assert_eq!((status, &stored["stored"]), (200, &json!(2)), "{stored}");
    assert_eq!(led.refused(json!({"do": "start", "rehearsal": true})).await, "not_a_rehearsal");
    let id = led.id.clone();
    drop(led);
    let hub = TestHub::start_in(hub.stop().await).await;
    let led = Led::of(&hub, &id, "");
    assert_eq!(led.refused(json!({"do": "start", "rehearsal": true})).await, "not_a_rehearsal", "what is sealed counts too");
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    assert_eq!(hub.rows(&id).await.len(), 2);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_take_is_taken_back_and_counts_again() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let things = [led.join().await, led.join().await, led.join().await];
    let start = async || led.told(json!({"do": "start", "countdown_s": 0})).await;
    assert_eq!(led.refused(json!({"do": "undo_take"})).await, "no_take");
    start().await;
    assert_eq!(hub.post(&things[0].token, &rest(0)).await.1["rejected"], 0);
    assert_eq!(led.refused(json!({"do": "undo_take"})).await, "take_open");
    led.told(json!({"do": "stop"})).await;
    start().await;
    for thing in &things {
        assert_eq!(hub.post(&thing.token, &rest(1)).await.1["stored"], 1500);
    }
    led.told(json!({"do": "stop"})).await;
    // One Run was excluded by the teacher: that is not the hub's to take back.
    led.told(json!({"do": "exclude", "thing": things[2].id, "run": 1, "reason": "dropped"})).await;
    let state = led.told(json!({"do": "undo_take"})).await;
    assert_eq!((&state["takes"][0]["undone"], &state["take"]["undone"]), (&json!(false), &json!(true)));
    let results = async || {
        let outcomes = hub.get_json(&format!("/api/v1/lessons/{}/outcomes", led.id)).await;
        let of = |thing: &Joined| outcomes["outcomes"].as_array().unwrap().iter().find(|one| one["thing"] == thing.id.as_str()).unwrap();
        let said = |thing| (of(thing)["run"].as_u64().unwrap(), of(thing)["excluded"].as_str().map(str::to_owned));
        [said(&things[0]), said(&things[1]), said(&things[2])]
    };
    let undone = Some("Messung zurückgenommen · measurement taken back".to_owned());
    let dropped = Some("dropped".to_owned());
    assert_eq!(results().await, [(1, None), (1, undone), (1, dropped.clone())]);
    assert_eq!(led.refused(json!({"do": "undo_take"})).await, "no_take");
    let state = led.told(json!({"do": "redo_take"})).await;
    assert_eq!(state["take"]["undone"], false);
    assert_eq!(results().await, [(2, None), (1, None), (1, dropped)]);
    assert_eq!(hub.rows(&led.id).await.len(), 6000, "nothing was deleted");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_thing_is_out_everywhere_and_can_come_back() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let (thing, other) = (led.join().await, led.join().await);
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    assert_eq!(hub.post(&thing.token, &reading(1)).await.1["stored"], 1);
    let mut phone = Phone::connect(&hub, &thing.token, "aa").await;
    phone.text("welcome").await;
    let state = led.told(json!({"do": "remove", "thing": thing.id})).await;
    assert_eq!(state["things"].as_array().unwrap().len(), 1);
    assert_eq!(phone.closed().await, 4401);
    assert_eq!(hub.post(&thing.token, &reading(2)).await.0, 401);
    assert_eq!(Phone::connect(&hub, &thing.token, "aa").await.closed().await, 4401);
    let state = led.told(json!({"do": "restore", "thing": thing.id})).await;
    assert_eq!(state["things"].as_array().unwrap().len(), 2);
    assert_eq!(hub.post(&thing.token, &reading(3)).await.1["stored"], 1);
    let name = |state: &Value| state["things"][1]["nickname"].as_str().unwrap().to_owned();
    let renamed = led.told(json!({"do": "rename", "thing": other.id})).await;
    assert_ne!(name(&renamed), name(&state));
    // Removed at the end, it is erased.
    led.told(json!({"do": "remove", "thing": thing.id})).await;
    led.told(json!({"do": "end"})).await;
    assert_eq!(hub.rows(&led.id).await.len(), 0);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_board_stands_still_and_a_hidden_thing_is_not_on_it() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let (seen, hidden) = (led.join().await, led.join().await);
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    led.told(json!({"do": "hide", "thing": hidden.id})).await;
    let mut watcher = board(&hub, &led.id).await;
    let send = async |at: u32| {
        for thing in [&seen, &hidden] {
            assert_eq!(hub.post(&thing.token, &reading(at)).await.1["stored"], 1);
        }
    };
    send(1).await;
    let things = watcher.things_in_frames(Duration::from_secs(3)).await;
    assert_eq!(things, [seen.id.clone()].into());
    let state = led.told(json!({"do": "freeze"})).await;
    assert!(state["frozen"].is_i64());
    watcher.drop_pending(Duration::from_millis(500)).await;
    send(5).await;
    assert_eq!(watcher.things_in_frames(Duration::from_secs(1)).await, [].into(), "frozen");
    // Whoever opens the board now sees what was there.
    let mut late = board(&hub, &led.id).await;
    assert_eq!(late.things_in_frames(Duration::from_secs(3)).await, [seen.id.clone()].into());
    led.told(json!({"do": "unfreeze"})).await;
    assert_eq!(watcher.things_in_frames(Duration::from_secs(3)).await, [seen.id.clone()].into());
    led.told(json!({"do": "show", "thing": hidden.id})).await;
    assert_eq!(watcher.things_in_frames(Duration::from_secs(3)).await, [seen.id.clone(), hidden.id.clone()].into());
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_is_told_at_once_and_each_second() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let mut console = Console::connect(&hub, &led.id).await;
    let lesson = console.text("lesson").await;
    assert_eq!((&lesson["phase"], &lesson["lobby"]), (&json!("lobby"), &json!("open")));
    assert!(lesson["join"]["url"].as_str().unwrap().contains("/j#t="), "{lesson}");
    assert_eq!(lesson["words"].as_array().unwrap().len(), 2);
    let thing = led.join().await;
    let mut phone = Phone::connect(&hub, &thing.token, "aa").await;
    phone.text("welcome").await;
    phone.say(json!({"type": "status", "unsent_s": 2.5, "uncertainty": 8500, "permission": "granted"})).await;
    let there = console.until("presence", |message| message["things"][0]["unsent_s"] == 2.5).await;
    let one = &there["things"][0];
    assert_eq!((&one["state"], &one["source"], &one["alignment_ms"]), (&json!("joined"), &json!("web"), &json!(8.5)));
    assert_eq!((&one["permission"], &one["platform"]), (&json!("granted"), &json!("android")));
    let asked = Instant::now();
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    phone.until("lesson", |message| message["phase"] == "measuring").await;
    let waited = asked.elapsed();
    assert!(waited < Duration::from_millis(500), "{waited:?}");
    let logged = console.until("log", |message| message.to_string().contains("take.start")).await;
    assert_eq!(logged["entries"][0]["who"], "teacher");
    phone.batch(1, 0, &[0]).await;
    console.until("presence", |message| message["things"][0]["state"] == "sending").await;
    console.until("counters", |message| message["readings"] == 1 && message["sending"] == 1 && message["alignment_ms"] == 8.5).await;
    drop(phone);
    // Only a teacher looks.
    let response = hub.request(Method::GET, &format!("/api/v1/lessons/{}/log", led.id), Some(&thing.token)).send().await.unwrap();
    assert_eq!(response.status(), 403);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_mqtt_session_is_held_to_start_and_stop_at_once() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    let mut options = MqttOptions::new("phyphox", "127.0.0.1", hub.running.mqtt.port());
    options.set_keep_alive(Duration::from_secs(30));
    let (client, mut events) = AsyncClient::new(options, 16);
    let (acknowledged, mut seen) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok(event) = events.poll().await {
            if let Event::Incoming(Packet::PubAck(_)) = event
                && acknowledged.send(()).is_err()
            {
                return;
            }
        }
    });
    let mut publish = async |at: u32| {
        let body = format!("{{\"t\":[{at}],\"x\":[0.1],\"y\":[0.2],\"z\":[9.8]}}");
        client.publish(format!("in/{}/acc", thing.token), QoS::AtLeastOnce, false, body).await.unwrap();
        tokio::time::timeout(Duration::from_secs(3), seen.recv()).await.ok().flatten().is_some()
    };
    let stored = async || hub.rows(&led.id).await.len();
    assert!(publish(1).await, "idle readings are answered");
    assert_eq!(stored().await, 0);
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    assert!(publish(2).await);
    assert_eq!(stored().await, 1);
    led.told(json!({"do": "stop"})).await;
    assert!(publish(3).await);
    assert_eq!(stored().await, 1);
    let mut console = Console::connect(&hub, &led.id).await;
    let there = console.text("presence").await;
    assert_eq!((&there["things"][0]["source"], &there["things"][0]["state"]), (&json!("mqtt"), &json!("sending")));
    assert_eq!(there["things"][0]["idle"], 2);
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    led.told(json!({"do": "remove", "thing": thing.id})).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert!(!publish(4).await, "a second after it was removed its session is closed");
    assert_eq!(stored().await, 1);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_free_lesson_has_no_start_and_an_erased_one_no_sockets() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let led = Led::of(&hub, &class.lesson, &class.code);
    let shown = led.show().await;
    assert_eq!((&shown["led"], &shown["phase"], &shown["state"]), (&json!(false), &json!("measuring"), &json!("recording")));
    assert_eq!(led.refused(json!({"do": "start"})).await, "lesson_free");
    assert_eq!(led.refused(json!({"do": "pause", "thing": class.thing})).await, "lesson_free");
    assert_eq!(led.refused(json!({"do": "allow_location", "mode": "relative"})).await, "location_not_asked");
    assert_eq!(led.told(json!({"do": "lock_lobby"})).await["join"], Value::Null);
    assert_eq!(led.told(json!({"do": "keep", "days": 3})).await["phase"], "measuring");
    let mut console = Console::connect(&hub, &class.lesson).await;
    console.text("lesson").await;
    hub.post(&class.token, &reading(1)).await;
    let run = format!("/api/v1/things/{}/runs/1", class.thing);
    assert_eq!(hub.request(Method::DELETE, &run, Some(&class.token)).send().await.unwrap().status(), 204);
    assert_eq!(hub.rows(&class.lesson).await.len(), 0);
    assert_eq!(hub.request(Method::DELETE, &run, Some(&class.token)).send().await.unwrap().status(), 404);
    let lesson = format!("/api/v1/lessons/{}", class.lesson);
    assert_eq!(hub.request(Method::DELETE, &lesson, Some(&class.token)).send().await.unwrap().status(), 403);
    assert_eq!(hub.request(Method::DELETE, &lesson, Some(&hub.teacher)).send().await.unwrap().status(), 204);
    assert_eq!(console.closed().await, 4404);
    assert_eq!(hub.request(Method::GET, &lesson, None).send().await.unwrap().status(), 404);
    let library = hub.get_json("/api/v1/templates").await;
    assert!(library.as_array().unwrap().iter().any(|template| template["id"] == "pendulum" && template["sensors"][0]["stream"] == "gyr"));
    hub.stop().await;
}
