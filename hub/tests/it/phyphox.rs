//! Files for the phyphox app, codes, and what was measured without the hub.

use messwerk::api::qr::{join_url, phyphox_url};
use messwerk::qr::{Theme, svg};
use reqwest::Method;
use serde_json::{Value, json};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{PATIENCE, TestHub};

/// Status, text and machine word of a GET.
async fn got(hub: &TestHub, path: &str) -> (u16, String) {
    let answer = hub.request(Method::GET, path, None).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// The token of a file's address.
fn sends_with(file: &str) -> String {
    let (_, rest) = file.split_once("/i/").unwrap_or_else(|| panic!("no address in {file}"));
    rest.chars().take(22).collect()
}

fn code_of(problem: &str) -> String {
    serde_json::from_str::<Value>(problem).unwrap()["code"].as_str().unwrap_or_default().to_owned()
}

async fn lock(hub: &TestHub, lesson: &str, lobby: &str) {
    let path = format!("/api/v1/lessons/{lesson}/commands");
    let answer = hub.request(Method::POST, &path, Some(&hub.teacher)).json(&json!({ "do": lobby })).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{lobby}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_from_the_board_is_a_thing_with_its_first_data() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let catalogue = hub.running.hub.store.catalogue();
    let lesson = catalogue.lesson(class.lesson.parse().unwrap()).unwrap().unwrap();
    let address = format!("/p/{}.phyphox", lesson.token);
    let things = || catalogue.things(lesson.id).unwrap().len();

    let (first, second) = (got(&hub, &address).await, got(&hub, &address).await);
    assert_eq!((first.0, second.0, things()), (200, 200, 1));
    let (unused, token) = (sends_with(&first.1), sends_with(&second.1));
    assert_ne!(unused, token);
    // Fetched again under its own token it is the same file.
    assert_eq!(got(&hub, &format!("/p/{token}")).await, second);
    for _ in 0..2 {
        let (status, answer) = hub.post(&token, r#"{"acc_time":[0.1],"accX":[0],"accY":[0],"accZ":[9.8]}"#).await;
        assert_eq!((status, &answer["lists"]["own"], things()), (200, &json!([]), 2), "{answer}");
    }
    // The Thing's own file stays its own, and a lesson that takes nobody more gives no further ones.
    lock(&hub, &class.lesson, "lock_lobby").await;
    assert_eq!(got(&hub, &format!("/p/{}", class.token)).await.0, 200);
    for (path, status, code) in [
        (address.clone(), 409, "lobby_locked"),
        (format!("/api/v1/lessons/{}/qr/phyphox.svg", class.lesson), 404, "lobby_locked"),
        (format!("/api/v1/lessons/{}/qr/join.svg", class.lesson), 404, "lobby_locked"),
        (format!("/p/{}", "A".repeat(22)), 404, "unknown_token"),
        (format!("/p/{}", class.code), 404, "unknown_token"),
    ] {
        let (found, problem) = got(&hub, &path).await;
        assert_eq!((found, code_of(&problem)), (status, code.to_owned()), "{path}");
    }
    hub.end(&class.lesson).await;
    let (status, problem) = got(&hub, &format!("/p/{}", class.token)).await;
    assert_eq!((status, code_of(&problem).as_str()), (404, "lesson_ended"));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_whether_there_is_a_file_keeps_nothing() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let catalogue = hub.running.hub.store.catalogue();
    let lesson = catalogue.lesson(class.lesson.parse().unwrap()).unwrap().unwrap();
    let head = hub.request(Method::HEAD, &format!("/p/{}.phyphox", lesson.token), None).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(head.headers()["content-disposition"], "attachment; filename=\"messwerk-rest.phyphox\"");
    assert_eq!(head.headers()["cache-control"], "no-store");
    assert_eq!(catalogue.forget_reserved(i64::MAX).unwrap(), 0);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_say_what_phones_reach() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    let lesson = hub.running.hub.store.catalogue().lesson(class.lesson.parse().unwrap()).unwrap().unwrap();
    let shown = hub.running.hub.addresses.everywhere(false).into_iter().next().unwrap_or_else(|| hub.running.hub.addresses.here(false));
    let check = async |name: &str, text: String, title: &str| {
        let (status, code) = got(&hub, &format!("/api/v1/lessons/{}/qr/{name}.svg?lang=en", class.lesson)).await;
        // The test's hub listens on the loopback only, so that nothing else is shown than what was asked.
        let text = text.replace("localhost", "127.0.0.1");
        assert_eq!((status, code), (200, svg(&text, title, Theme::Light).unwrap()), "{text}");
    };
    check("join", join_url(&shown, &lesson), "QR code: join").await;
    check("phyphox", phyphox_url(&shown, &lesson.token), "QR code for the phyphox app").await;
    assert!(phyphox_url(&shown, "T").starts_with("phyphox://") && phyphox_url(&shown, "T").ends_with("/p/T.phyphox"));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_stored_once_whoever_sends_it_and_whenever_the_class_measures() {
    let hub = TestHub::start().await;
    let lesson = hub.request(Method::POST, "/api/v1/lessons", Some(&hub.teacher)).json(&json!({"template": "rest", "led": true}));
    let lesson: Value = lesson.send().await.unwrap().json().await.unwrap();
    let joined = hub.join(lesson["code"].as_str().unwrap()).await;
    let (thing, token) = (joined["thing"].as_str().unwrap(), joined["token"].as_str().unwrap());
    let upload = async |token: &str, body: &str| {
        let request = hub.request(Method::POST, &format!("/api/v1/things/{thing}/upload"), Some(token)).body(body.to_owned());
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let rows: String = (0..5000).map(|row| format!("{};{};0;9,8\n", row as f64 / 100.0, if row == 7 { "NaN" } else { "1" })).collect();
    let header = "\"Time (s)\";\"Acceleration x (m/s^2)\";\"Acceleration y (m/s^2)\";\"Acceleration z (m/s^2)\"\n";
    let file = header.to_owned() + &rows.replace('.', ",");
    let (status, first) = upload(token, &file).await;
    assert_eq!((status, &first["stored"], &first["rejected"], &first["runs"]), (200, &json!(4999), &json!(1), &json!([1])), "{first}");
    assert_eq!(first["reasons"][0]["reason"], "not_finite");
    let teacher = hub.teacher.clone();
    let (_, again) = upload(&teacher, &file).await;
    assert_eq!((&again["stored"], &again["duplicates"]), (&json!(0), &json!(4999)), "{again}");
    // Another measurement is another recording.
    let (_, other) = upload(token, &file.replace(";9,8\n", ";9,9\n")).await;
    assert_eq!((&other["stored"], &other["runs"]), (&json!(4999), &json!([2])), "{other}");
    assert_eq!(hub.rows(lesson["id"].as_str().unwrap()).await.len(), 2 * 4999);
    hub.stop().await;
}

const TABLE: &str = "\"Time (s)\",\"Pressure (hPa)\"\n0,939.8\n1,939.7\n";

/// Sends a file; status and answer.
async fn send(hub: &TestHub, thing: &str, token: &str, file: &str) -> (u16, Value) {
    let request = hub.request(Method::POST, &format!("/api/v1/things/{thing}/upload"), Some(token)).body(file.to_owned());
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// A connection that has promised a file and sent two bytes of it, and waits.
async fn begun(hub: &TestHub, thing: &str, token: &str) -> TcpStream {
    let mut slow = TcpStream::connect(hub.running.http).await.unwrap();
    let head = format!(
        "POST /api/v1/things/{thing}/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Length: 1000\r\n\r\n\"T"
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    slow
}

/// A file of this Thing that is on its way, and what the hub says of a second one meanwhile.
async fn occupied(hub: &TestHub, thing: &str, token: &str) -> (TcpStream, Value) {
    let patience = tokio::time::Instant::now() + PATIENCE;
    let mut slow = begun(hub, thing, token).await;
    loop {
        let (_, answer) = send(hub, thing, token, TABLE).await;
        if answer["code"] == "upload_running" {
            return (slow, answer);
        }
        assert!(tokio::time::Instant::now() < patience, "{answer}");
        // Our own file may have been the first, and the slow one the refused.
        let answered = tokio::time::timeout(std::time::Duration::from_millis(20), slow.readable()).await;
        if answered.is_ok() {
            slow = begun(hub, thing, token).await;
        }
    }
}

/// Sends a file until the hub takes it.
async fn taken(hub: &TestHub, thing: &str, token: &str) {
    let patience = tokio::time::Instant::now() + PATIENCE;
    loop {
        let (status, answer) = send(hub, thing, token, TABLE).await;
        if status == 200 {
            return;
        }
        assert!(tokio::time::Instant::now() < patience, "{answer}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thing_sends_one_file_at_a_time_and_others_theirs_beside_it() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let other = hub.join(&class.code).await;
    let (slow, refused) = occupied(&hub, &class.thing, &class.token).await;
    assert_eq!(refused["status"], 409);
    let (status, answer) = send(&hub, other["thing"].as_str().unwrap(), other["token"].as_str().unwrap(), TABLE).await;
    assert_eq!((status, &answer["stored"]), (200, &json!(2)), "{answer}");
    // Who hangs up gives the place back.
    drop(slow);
    taken(&hub, &class.thing, &class.token).await;
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_does_not_arrive_is_ended() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let before = tokio::time::Instant::now();
    let mut slow = begun(&hub, &class.thing, &class.token).await;
    let mut answer = String::new();
    let _ = tokio::time::timeout(2 * PATIENCE, slow.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("too_slow"), "{answer}");
    assert!(before.elapsed() < std::time::Duration::from_secs(40), "{:?}", before.elapsed());
    taken(&hub, &class.thing, &class.token).await;
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_takes_no_files() {
    let hub = TestHub::start().await;
    let lesson = hub.request(Method::POST, "/api/v1/lessons", Some(&hub.teacher)).json(&json!({"template": "rest", "led": true}));
    let lesson: Value = lesson.send().await.unwrap().json().await.unwrap();
    let id = lesson["id"].as_str().unwrap();
    let joined = hub.join(lesson["code"].as_str().unwrap()).await;
    let (thing, token) = (joined["thing"].as_str().unwrap(), joined["token"].as_str().unwrap());
    let order = async |command: Value| {
        let path = format!("/api/v1/lessons/{id}/commands");
        let answer = hub.request(Method::POST, &path, Some(&hub.teacher)).json(&command).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{command}");
    };
    order(json!({"do": "start", "rehearsal": true, "countdown_s": 0})).await;
    for token in [token, &hub.teacher] {
        let (status, answer) = send(&hub, thing, token, TABLE).await;
        assert_eq!((status, &answer["code"]), (409, &json!("rehearsal")), "{answer}");
    }
    order(json!({"do": "stop"})).await;
    let (status, answer) = send(&hub, thing, token, TABLE).await;
    assert_eq!((status, &answer["stored"]), (200, &json!(2)), "{answer}");
    hub.stop().await;
}
