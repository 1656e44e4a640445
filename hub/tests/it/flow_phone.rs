//! A phone's socket: nothing is lost and nothing stored twice, whatever happens to the connection.

use std::time::Duration;

use messwerk_lessons::Micros;
use messwerk_store::{Clock, SystemClock};
use serde_json::{Value, json};

use crate::harness::TestHub;
use crate::phones::{Led, Phone, batch, reading};

/// Times in the last milliseconds before `now`.
fn times(now: Micros, count: i64) -> Vec<Micros> {
    (0..count).map(|index| now - (count - index) * 10_000).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reading_is_stored_once_over_cuts_and_a_restart() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    let begin = SystemClock.now() + 1_000;
    tokio::time::sleep(Duration::from_millis(400)).await;
    let one = |seq: u64| batch(7, seq, &(0..4).map(|row| begin + (seq as i64 * 4 + row) * 5_000).collect::<Vec<_>>());
    let mut phone = Phone::connect(&hub, &thing.token, "aa").await;
    assert_eq!(phone.text("welcome").await["lesson"]["phase"], "measuring");
    assert_eq!(phone.sent(one(0)).await, (4, 0, 0));
    // The connection breaks before the answers come; the same page connects again and sends the same again.
    for seq in 1..9 {
        phone.raw(one(seq)).await;
    }
    drop(phone);
    let mut phone = Phone::connect(&hub, &thing.token, "aa").await;
    phone.text("welcome").await;
    for seq in 1..12 {
        let (stored, duplicates, idle) = phone.sent(one(seq)).await;
        assert_eq!((stored + duplicates, idle), (4, 0), "{seq}");
        assert!(seq < 9 || stored == 4, "{seq}");
    }
    // The hub restarts in the middle.
    let token = thing.token.clone();
    let lesson = led.id.clone();
    let hub = TestHub::start_in(hub.stop().await).await;
    assert_eq!(phone.closed().await, 1001);
    let mut phone = Phone::connect(&hub, &token, "aa").await;
    assert_eq!(phone.text("welcome").await["lesson"]["phase"], "measuring", "the Take goes on");
    for seq in 5..16 {
        let (stored, duplicates, _) = phone.sent(one(seq)).await;
        assert_eq!((stored, duplicates), if seq < 12 { (0, 4) } else { (4, 0) }, "{seq}");
    }
    assert_eq!(hub.rows(&lesson).await.len(), 64);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_measured_in_a_take_is_kept_however_late_it_comes() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    let before = SystemClock.now();
    tokio::time::sleep(Duration::from_millis(150)).await;
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    tokio::time::sleep(Duration::from_millis(150)).await;
    let during = SystemClock.now();
    let mut phone = Phone::connect(&hub, &thing.token, "aa").await;
    phone.text("welcome").await;
    led.told(json!({"do": "stop"})).await;
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(phone.sent(batch(1, 0, &times(during, 5))).await, (5, 0, 0));
    assert_eq!(phone.sent(batch(1, 1, &times(before, 5))).await, (0, 0, 5));
    assert_eq!(phone.sent(batch(1, 2, &times(SystemClock.now(), 5))).await, (0, 0, 5));
    assert_eq!(phone.sent(batch(1, 3, &[before, during - 1, SystemClock.now()])).await, (1, 0, 2));
    assert_eq!(hub.rows(&led.id).await.len(), 6);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tabs_the_newer_one_speaks() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    let mut first = Phone::connect(&hub, &thing.token, "aa").await;
    first.text("welcome").await;
    let mut again = Phone::connect(&hub, &thing.token, "aa").await;
    again.text("welcome").await;
    assert_eq!(first.closed().await, 1000, "the same page connected again");
    let mut second = Phone::connect(&hub, &thing.token, "bb").await;
    second.text("welcome").await;
    assert_eq!(again.closed().await, 4409);
    second.say(json!({"type": "ping", "t": 12.5})).await;
    let pong = second.text("pong").await;
    assert_eq!(pong["t"], 12.5);
    assert!((pong["hub"].as_i64().unwrap() - SystemClock.now()).abs() < 5_000_000);
    let other = led.join().await;
    let mut neighbour = Phone::connect(&hub, &other.token, "bb").await;
    neighbour.text("welcome").await;
    second.say(json!({"type": "ping", "t": 1})).await;
    second.text("pong").await;
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_belong_there_is_turned_away_with_a_code() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    assert_eq!(Phone::connect(&hub, "AAAAAAAAAAAAAAAAAAAAAA", "aa").await.closed().await, 4401);
    assert_eq!(Phone::connect(&hub, &hub.teacher, "aa").await.closed().await, 4401);
    let mut rude = Phone::silent(&hub).await;
    rude.say(json!({"type": "ping", "t": 1})).await;
    assert_eq!(rude.closed().await, 4400);
    for bytes in [vec![], b"MW".to_vec(), vec![0; 40], vec![0; 70_000], vec![0; 200_000], br#"{"stream":"acc"}"#.to_vec()] {
        let mut phone = Phone::connect(&hub, &thing.token, "aa").await;
        phone.text("welcome").await;
        phone.raw(bytes.clone()).await;
        assert_eq!(phone.closed().await, 4400, "{bytes:?}");
    }
    // A batch that has a name and is broken behind it is answered: sent again it would be as broken.
    let mut phone = Phone::connect(&hub, &thing.token, "aa").await;
    phone.text("welcome").await;
    let mut broken = batch(1, 3, &[SystemClock.now()]);
    broken.truncate(30);
    phone.raw(broken).await;
    let ack = phone.text("ack").await;
    assert_eq!((&ack["seq"], &ack["rejected"], &ack["reasons"][0]["reason"]), (&json!(3), &json!(1), &json!("undecodable")));
    phone.say(json!({"type": "shout"})).await;
    assert_eq!(phone.closed().await, 4400);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_was_offline_over_a_stop_and_a_start_has_a_run_in_each_take() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    let mut measured = Vec::new();
    for _ in 0..2 {
        led.told(json!({"do": "start", "countdown_s": 0})).await;
        tokio::time::sleep(Duration::from_millis(150)).await;
        measured.push(SystemClock.now());
        tokio::time::sleep(Duration::from_millis(150)).await;
        led.told(json!({"do": "stop"})).await;
    }
    let mut phone = Phone::connect(&hub, &thing.token, "aa").await;
    let mut brought = async |seq: u64, at: &[Micros]| {
        phone.raw(batch(1, seq, at)).await;
        let ack = phone.until("ack", |ack| ack["seq"] == seq).await;
        ["run", "stored", "duplicates"].map(|name| ack[name].as_u64().unwrap())
    };
    assert_eq!(brought(0, &[measured[0]]).await, [1, 1, 0]);
    assert_eq!(brought(1, &[measured[1]]).await, [2, 1, 0]);
    assert_eq!(brought(2, &[measured[0] + 20_000]).await, [1, 1, 0]);
    // Over the border: a part in each, once.
    let border = [measured[0] + 40_000, measured[1] + 40_000];
    assert_eq!(brought(3, &border).await, [2, 2, 0]);
    assert_eq!(brought(3, &border).await[1..], [0, 2]);
    // Dated in the future, it was not measured yet.
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    assert_eq!(brought(4, &[SystemClock.now() + 3_600_000_000]).await, [0, 0, 0]);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_phone_measured_and_brings_after_the_lessons_end_is_kept() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    tokio::time::sleep(Duration::from_millis(150)).await;
    let during = SystemClock.now();
    let mut there = Phone::connect(&hub, &thing.token, "aa").await;
    there.text("welcome").await;
    there.batch(1, 0, &[0]).await;
    assert_eq!(there.text("ack").await["stored"], 1);
    led.told(json!({"do": "end"})).await;
    assert_eq!(there.until("lesson", |message| message["phase"] == "ended").await["state"], "ended");
    assert_eq!(there.closed().await, 4410);
    let mut late = Phone::connect(&hub, &thing.token, "aa").await;
    assert_eq!(late.text("welcome").await["lesson"]["phase"], "ended");
    assert_eq!(late.sent(batch(1, 1, &times(during, 5))).await, (5, 0, 0), "measured in the Take");
    assert_eq!(late.sent(batch(1, 2, &[SystemClock.now()])).await, (0, 0, 1), "measured after it");
    assert_eq!(late.closed().await, 4410);
    assert_eq!(hub.rows(&led.id).await.len(), 6);
    // However late, and over a restart.
    let (id, token) = (led.id.clone(), thing.token.clone());
    let hub = TestHub::start_in(hub.stop().await).await;
    let mut later = Phone::connect(&hub, &token, "aa").await;
    assert_eq!(later.text("welcome").await["lesson"]["phase"], "ended");
    assert_eq!(later.sent(batch(1, 1, &times(during, 5))).await, (0, 5, 0), "nothing twice");
    assert_eq!(later.sent(batch(1, 3, &times(during - 60_000, 3))).await, (3, 0, 0));
    assert_eq!(later.closed().await, 4410);
    assert_eq!(hub.rows(&id).await.len(), 9);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_measured_in_a_pause_is_never_kept() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let thing = led.join().await;
    let pause = Duration::from_millis(200);
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    tokio::time::sleep(pause).await;
    let before = SystemClock.now();
    led.told(json!({"do": "pause", "thing": thing.id})).await;
    tokio::time::sleep(pause).await;
    let during = SystemClock.now();
    led.told(json!({"do": "resume", "thing": thing.id})).await;
    tokio::time::sleep(pause).await;
    let mut phone = Phone::connect(&hub, &thing.token, "aa").await;
    phone.text("welcome").await;
    assert_eq!(phone.sent(batch(1, 0, &times(before, 3))).await, (3, 0, 0));
    assert_eq!(phone.sent(batch(1, 1, &times(during, 3))).await, (0, 0, 3), "though it is resumed");
    assert_eq!(phone.sent(batch(1, 2, &times(SystemClock.now(), 3))).await, (3, 0, 0));
    let token = thing.token.clone();
    let hub = TestHub::start_in(hub.stop().await).await;
    let mut phone = Phone::connect(&hub, &token, "aa").await;
    phone.text("welcome").await;
    assert_eq!(phone.sent(batch(1, 3, &times(during - 5_000, 3))).await, (0, 0, 3), "after a restart too");
    assert_eq!(phone.sent(batch(1, 4, &times(before - 40_000, 3))).await, (3, 0, 0));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_told_its_result_and_what_it_is() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "pendulum").await;
    let thing = led.join().await;
    let mut phone = Phone::connect(&hub, &thing.token, "aa").await;
    let welcome = phone.text("welcome").await;
    assert_eq!(welcome["thing"]["id"], thing.id.as_str());
    assert_eq!(welcome["streams"][0]["topic"], format!("in/{}/gyr", thing.token));
    assert_eq!(welcome["phyphox"], format!("/p/{}.phyphox", thing.token));
    assert_eq!(welcome["inputs"][0]["name"], "length_m");
    assert_eq!((&welcome["inputs"][1]["name"], &welcome["inputs"][1]["by_hand"]), (&json!("T"), &json!(true)));
    assert_eq!((&welcome["lesson"]["you"]["paused"], &welcome["location"]), (&json!(false), &Value::Null));
    let result = phone.text("result").await;
    assert_eq!(result["own"], json!([]));
    assert!(result["pending"]["reason"]["de"].is_string(), "{result}");
    led.told(json!({"do": "pause", "thing": thing.id})).await;
    phone.until("lesson", |message| message["you"]["paused"] == true).await;
    phone.say(json!({"type": "channel", "stream": "gyr", "resolution": 0.1, "max_hz": 60, "sign_fixed": true})).await;
    phone.say(json!({"type": "ping", "t": 0})).await;
    phone.text("pong").await;
    let channels = hub.running.hub.store.catalogue().channels(led.id.parse().unwrap()).unwrap();
    assert_eq!((channels.len(), channels[0].2.resolution, channels[0].2.sign_fixed), (1, 0.1, true));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reserved_token_is_a_thing_with_its_first_data_and_only_then() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let (lesson, catalogue) = (led.id.parse().unwrap(), hub.running.hub.store.catalogue());
    let tokens = ["A", "B", "C"].map(|letter| letter.repeat(22));
    for token in &tokens {
        catalogue.reserve(lesson, token, SystemClock.now()).unwrap();
    }
    assert_eq!(Phone::connect(&hub, &tokens[0], "aa").await.closed().await, 4401, "a page is no phyphox");
    // The app posts empty lists before anybody presses play.
    for empty in [r#"{"acc_time":[],"accX":[],"accY":[],"accZ":[]}"#, "{}", "[]"] {
        let (status, answer) = hub.post(&tokens[0], empty).await;
        assert_eq!((status, &answer["stored"], &answer["idle"]), (200, &json!(0), &json!(0)), "{empty}");
    }
    assert_eq!(led.show().await["things"], 0);
    // What arrives before the start is not kept, but it shows that the phone is there.
    assert_eq!(hub.post(&tokens[0], &reading(1)).await.1["idle"], 1);
    assert_eq!(hub.post(&tokens[0], &reading(2)).await.1["idle"], 1);
    assert_eq!(led.show().await["things"], 1);
    let mut console = crate::phones::Console::connect(&hub, &led.id).await;
    let there = console.until("presence", |message| message["things"][0]["state"] == "sending").await;
    assert_eq!(there["things"][0]["source"], "phyphox");
    led.told(json!({"do": "lock_lobby"})).await;
    let (status, problem) = hub.post(&tokens[1], &reading(1)).await;
    assert_eq!((status, &problem["code"]), (409, &json!("lobby_locked")));
    led.told(json!({"do": "open_lobby"})).await;
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    assert_eq!(hub.post(&tokens[1], &reading(1)).await.1["stored"], 1);
    led.told(json!({"do": "end"})).await;
    assert_eq!(hub.post(&tokens[2], &reading(1)).await.0, 401);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_reads_nothing_holds_up_nobody() {
    let hub = TestHub::start().await;
    let led = Led::make(&hub, "rest").await;
    let (deaf, other) = (led.join().await, led.join().await);
    led.told(json!({"do": "start", "countdown_s": 0})).await;
    let mut stuck = Phone::connect(&hub, &deaf.token, "aa").await;
    // It asks and asks, and reads no answer.
    for t in 0..20_000 {
        let say = stuck.say(json!({"type": "ping", "t": t}));
        if tokio::time::timeout(Duration::from_millis(200), say).await.is_err() {
            break;
        }
    }
    let mut phone = Phone::connect(&hub, &other.token, "bb").await;
    phone.text("welcome").await;
    let asked = std::time::Instant::now();
    phone.batch(1, 0, &[0]).await;
    assert_eq!(phone.text("ack").await["stored"], 1);
    led.told(json!({"do": "stop"})).await;
    phone.until("lesson", |message| message["phase"] == "stopped").await;
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    drop(stuck);
    hub.stop().await;
}
