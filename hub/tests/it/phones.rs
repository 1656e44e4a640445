//! A led lesson, phones, a board and a console for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use messwerk_lessons::Micros;
use messwerk_lessons::frame::Frame;
use messwerk_lessons::observation::{BatchKey, SenderClock};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::wire::{Batch, Values};
use messwerk_store::{Clock, SystemClock};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::{PATIENCE, TestHub};

/// One reading of the acceleration at a time of the sender's own clock, in phyphox's spelling.
pub(crate) fn reading(at: u32) -> String {
    json!({"acc_time": [f64::from(at)], "accX": [0.1], "accY": [0.2], "accZ": [9.8]}).to_string()
}

/// Thirty seconds of a phone on a table, the `take`-th time.
pub(crate) fn rest(take: u32) -> String {
    let times: Vec<f64> = (0..1500).map(|index| f64::from(take * 1_000) + f64::from(index) * 0.02).collect();
    json!({"acc_time": times, "accX": vec![0.1; 1500], "accY": vec![0.2; 1500], "accZ": vec![9.8; 1500]}).to_string()
}

/// A lesson and its teacher.
pub(crate) struct Led<'a> {
    hub: &'a TestHub,
    pub(crate) id: String,
    code: String,
}

/// Who joined.
#[derive(Debug, Clone)]
pub(crate) struct Joined {
    pub(crate) id: String,
    pub(crate) token: String,
}

impl<'a> Led<'a> {
    pub(crate) async fn make(hub: &'a TestHub, template: &str) -> Self {
        let body = json!({"template": template, "led": true});
        let response = hub.request(Method::POST, "/api/v1/lessons", Some(&hub.teacher)).json(&body).send().await.unwrap();
        assert_eq!(response.status(), 201);
        let made: Value = response.json().await.unwrap();
        Self::of(hub, made["id"].as_str().unwrap(), made["code"].as_str().unwrap())
    }

    pub(crate) fn of(hub: &'a TestHub, id: &str, code: &str) -> Self {
        Self { hub, id: id.to_owned(), code: code.to_owned() }
    }

    pub(crate) async fn join(&self) -> Joined {
        let joined = self.hub.join(&self.code).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Joined { id: text(&joined["thing"]), token: text(&joined["token"]) }
    }

    pub(crate) async fn show(&self) -> Value {
        self.hub.get_json(&format!("/api/v1/lessons/{}", self.id)).await
    }

    async fn tell(&self, command: &Value) -> (u16, Value) {
        let path = format!("/api/v1/lessons/{}/commands", self.id);
        let response = self.hub.request(Method::POST, &path, Some(&self.hub.teacher)).json(command).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// A command that is obeyed: the lesson message.
    pub(crate) async fn told(&self, command: Value) -> Value {
        let (status, answer) = self.tell(&command).await;
        assert_eq!(status, 200, "{command}: {answer}");
        assert_eq!(answer["type"], "lesson");
        answer
    }

    /// A command that does not fit: why.
    pub(crate) async fn refused(&self, command: Value) -> String {
        let (status, answer) = self.tell(&command).await;
        assert_eq!(status, 409, "{command}: {answer}");
        answer["code"].as_str().unwrap().to_owned()
    }

    /// Waits until the lesson is in a phase.
    pub(crate) async fn until(&self, phase: &str) {
        let wait = async {
            while self.show().await["phase"] != phase {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, wait).await.unwrap();
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The next message of a type that satisfies `wanted`; others are passed over.
async fn until(socket: &mut Socket, kind: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let mut last = Value::Null;
    let search = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    if message["type"] == kind {
                        if wanted(&message) {
                            return message;
                        }
                        last = message;
                    }
                }
                Some(Ok(Message::Close(frame))) => panic!("closed while waiting for {kind}: {frame:?}"),
                Some(Ok(_)) => {}
                end => panic!("ended while waiting for {kind}: {end:?}"),
            }
        }
    };
    match timeout(PATIENCE, search).await {
        Ok(found) => found,
        Err(_) => panic!("no such {kind}; the last one was {last}"),
    }
}

/// The code a socket is closed with.
async fn closed(socket: &mut Socket) -> u16 {
    let search = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(Message::Text(_) | Message::Binary(_) | Message::Ping(_))) => {}
                end => panic!("no close: {end:?}"),
            }
        }
    };
    timeout(PATIENCE, search).await.unwrap()
}

/// A phone's page.
pub(crate) struct Phone {
    socket: Socket,
}

impl Phone {
    /// Connects and says hello.
    pub(crate) async fn connect(hub: &TestHub, token: &str, page: &str) -> Self {
        let mut phone = Self::silent(hub).await;
        phone.say(json!({"type": "hello", "token": token, "page": format!("{page:0>16}"), "lang": "de", "platform": "android"})).await;
        phone
    }

    /// Connects and says nothing.
    pub(crate) async fn silent(hub: &TestHub) -> Self {
        let (socket, _) = connect_async(format!("ws://{}/api/v1/phone", hub.running.http)).await.unwrap();
        Self { socket }
    }

    pub(crate) async fn say(&mut self, message: Value) {
        self.socket.send(Message::Text(message.to_string().into())).await.unwrap();
    }

    pub(crate) async fn text(&mut self, kind: &str) -> Value {
        self.until(kind, |_| true).await
    }

    pub(crate) async fn until(&mut self, kind: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        until(&mut self.socket, kind, wanted).await
    }

    pub(crate) async fn closed(&mut self) -> u16 {
        closed(&mut self.socket).await
    }

    pub(crate) async fn raw(&mut self, bytes: Vec<u8>) {
        self.socket.send(Message::Binary(bytes.into())).await.unwrap();
    }

    /// Sends a batch whose readings were taken so many ms before now, by a clock that is known.
    pub(crate) async fn batch(&mut self, boot: u64, seq: u64, ago_ms: &[Micros]) {
        let now = SystemClock.now();
        self.raw(batch(boot, seq, &ago_ms.iter().map(|ago| now - ago * 1_000).collect::<Vec<_>>())).await;
    }

    /// Sends a batch and waits for its answer: stored, duplicates, idle.
    pub(crate) async fn sent(&mut self, bytes: Vec<u8>) -> (u64, u64, u64) {
        self.raw(bytes).await;
        let ack = self.text("ack").await;
        let count = |name: &str| ack[name].as_u64().unwrap();
        (count("stored"), count("duplicates"), count("idle"))
    }
}

/// A batch of accelerations at these hub times.
pub(crate) fn batch(boot: u64, seq: u64, times: &[Micros]) -> Vec<u8> {
    let values = [0.1, 0.2, 9.8].map(|value| vec![value; times.len()]);
    let clock = SenderClock::Offset { offset: 1_000_000, uncertainty: 5_000 };
    let raw = times.iter().map(|time| time - 1_000_000).collect();
    let key = BatchKey { boot, sequence: seq };
    Batch::new(ObservedProperty::Acceleration, key, clock, raw, values).unwrap().to_bytes(Values::Float)
}

/// A teacher's console.
pub(crate) struct Console {
    socket: Socket,
}

impl Console {
    pub(crate) async fn connect(hub: &TestHub, lesson: &str) -> Self {
        let address = format!("ws://{}/api/v1/lessons/{lesson}/console", hub.running.http);
        assert!(connect_async(&address).await.is_err(), "without a teacher's token there is no console");
        let mut request = address.into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {}", hub.teacher).parse().unwrap());
        Self { socket: connect_async(request).await.unwrap().0 }
    }

    pub(crate) async fn text(&mut self, kind: &str) -> Value {
        self.until(kind, |_| true).await
    }

    pub(crate) async fn until(&mut self, kind: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        until(&mut self.socket, kind, wanted).await
    }

    pub(crate) async fn closed(&mut self) -> u16 {
        closed(&mut self.socket).await
    }
}

/// A board.
pub(crate) struct Board {
    socket: Socket,
}

/// Opens a board and waits for its first message.
pub(crate) async fn board(hub: &TestHub, lesson: &str) -> Board {
    let (mut socket, _) = connect_async(format!("ws://{}/api/v1/lessons/{lesson}/live", hub.running.http)).await.unwrap();
    until(&mut socket, "lesson", |_| true).await;
    Board { socket }
}

impl Board {
    /// Whose windows come, from now until nothing more comes for a while or the time is up.
    pub(crate) async fn things_in_frames(&mut self, within: Duration) -> BTreeSet<String> {
        let mut things = BTreeMap::new();
        let collect = async {
            let quiet = Duration::from_millis(700);
            while let Ok(message) = timeout(if things.is_empty() { within } else { quiet }, self.socket.next()).await {
                if let Message::Binary(frame) = message.unwrap().unwrap() {
                    let frame = Frame::decode(&frame).unwrap();
                    things.extend(frame.series.iter().map(|series| (series.thing.to_string(), ())));
                }
            }
        };
        let _ = timeout(within, collect).await;
        things.into_keys().collect()
    }

    /// The next message of a type that satisfies `wanted`.
    pub(crate) async fn until(&mut self, kind: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        until(&mut self.socket, kind, wanted).await
    }

    /// Passes over what is on its way.
    pub(crate) async fn drop_pending(&mut self, quiet: Duration) {
        while timeout(quiet, self.socket.next()).await.is_ok() {}
    }
}
