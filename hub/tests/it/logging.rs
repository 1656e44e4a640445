//! A hub whose log cannot be written: nothing depends on it.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::Stdio;

use futures::{SinkExt as _, StreamExt as _};
use reqwest::Client;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::PATIENCE;
use crate::program::Program;

/// Makes a lesson, joins it and stops the hub; all of it is logged.
async fn lesson_and_end(hub: Program) {
    let client = Client::builder().timeout(PATIENCE).build().unwrap();
    let made = client.post(format!("{}/api/v1/lessons", hub.http)).bearer_auth(hub.teacher()).json(&json!({"template": "rest"}));
    let made = made.send().await.unwrap();
    assert_eq!(made.status(), 201);
    let lesson: Value = made.json().await.unwrap();
    let joined = client.post(format!("{}/api/v1/join", hub.http)).json(&json!({"code": lesson["code"]})).send().await.unwrap();
    assert_eq!(joined.status(), 201);
    let ended = hub.terminate().await;
    assert_eq!(ended.code(), Some(0), "{ended}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_whose_reader_is_gone_costs_nothing_but_the_log() {
    let mut hub = Program::start("", "info", Stdio::piped());
    drop(hub.process.stderr.take());
    lesson_and_end(hub).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_nobody_reads_costs_nothing_but_the_log() {
    let (reader, writer) = std::io::pipe().unwrap();
    let mut filler = writer.try_clone().unwrap();
    // Full from the beginning to the end, however large a pipe is here.
    std::thread::spawn(move || while filler.write_all(&[b'x'; 4096]).is_ok() {});
    lesson_and_end(Program::start("", "info", writer.into())).await;
    drop(reader);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_on_a_full_disk_costs_nothing_but_the_log() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    lesson_and_end(Program::start("", "info", full.into())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_lines_are_there() {
    let mut hub = Program::start("", "info", Stdio::piped());
    let mut log = hub.process.stderr.take().unwrap();
    assert!(hub.terminate().await.success());
    let mut text = String::new();
    log.read_to_string(&mut text).unwrap();
    assert!(text.contains("stopping"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_level_writes_down_a_token() {
    let mut hub = Program::start("", "trace", Stdio::piped());
    let mut log = hub.process.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        log.read_to_string(&mut text).unwrap();
        text
    });
    let client = Client::builder().timeout(PATIENCE).build().unwrap();
    let teacher = hub.teacher();
    let post = |path: &str| client.post(format!("{}{path}", hub.http));
    let lesson = post("/api/v1/lessons").bearer_auth(&teacher).json(&json!({"template": "rest"})).send().await.unwrap();
    let lesson: Value = lesson.json().await.unwrap();
    let joined = post("/api/v1/join").json(&json!({"code": lesson["code"]})).send().await.unwrap();
    let joined: Value = joined.json().await.unwrap();
    let token = joined["token"].as_str().unwrap();
    let (mut socket, _) = connect_async(format!("{}/api/v1/phone", hub.http.replace("http:", "ws:"))).await.unwrap();
    let hello = json!({"type": "hello", "token": token, "page": "0123456789abcdef"}).to_string();
    socket.send(Message::Text(hello.into())).await.unwrap();
    assert!(matches!(socket.next().await, Some(Ok(Message::Text(_)))));
    assert!(post(&format!("/i/{token}")).body(r#"{"acc_time":1,"accX":1,"accY":2,"accZ":3}"#).send().await.unwrap().status().is_success());
    assert!(hub.terminate().await.success());
    let text = reader.join().unwrap();
    assert!(text.contains("stopping") && !text.contains(token) && !text.contains(&teacher), "{text}");
}
