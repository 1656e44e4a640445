//! A hub for tests: it keeps the contract in memory, or breaks it on demand. What it has is what was really sent, so that a
//! report can be held against it.

mod decode;
mod http;
mod mqtt;

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use messwerk_lessons::quantity::ObservedProperty;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// The one token of a teacher.
pub(crate) const TEACHER: &str = "teacher-token";

/// How the hub misbehaves.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Behaviour {
    /// Every n-th packet is acknowledged and thrown away.
    pub(crate) lose_every: Option<u64>,
    /// Every n-th packet is stored twice.
    pub(crate) double_every: Option<u64>,
    /// Every n-th packet is stored but never acknowledged: the connection is closed instead (MQTT), or 503 (HTTP).
    pub(crate) break_every: Option<u64>,
    /// Time from a packet to its acknowledgement.
    pub(crate) delay: Duration,
    /// So many joins are told to come back later.
    pub(crate) busy_joins: u32,
    /// Every ingest request is refused for good with this status, every MQTT connection as not authorised.
    pub(crate) refuse: Option<u16>,
    /// Takes readings, but answers no question about them.
    pub(crate) silent: bool,
}

/// What became of the readings of a packet.
#[derive(Debug, Clone, Copy, Default)]
struct Taken {
    stored: u64,
    duplicates: u64,
}

/// One stored reading.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) thing: String,
    pub(crate) property: ObservedProperty,
    pub(crate) value: [Option<f32>; 3],
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) rows: Vec<Row>,
    pub(crate) inputs: BTreeMap<String, BTreeMap<String, f64>>,
    pub(crate) things: u32,
    pub(crate) lessons: u32,
    /// The outcome of the lesson that was made, and whether phones may tell how far they moved.
    pub(super) outcome: Option<String>,
    pub(crate) location: bool,
    pub(crate) packets: u64,
    /// Highest number of MQTT connections at once, and all ever.
    pub(crate) connections: (usize, usize),
    /// Connections closed because the same Thing and client id came again.
    pub(crate) takeovers: u32,
    joins: u32,
    /// What was seen: batch numbers, or readings with their raw time.
    seen: HashSet<String>,
    /// phyphox CSV: columns waiting for their last one, by token and column name.
    columns: BTreeMap<String, Vec<String>>,
    open: BTreeMap<u64, (Option<String>, String, AbortHandle)>,
}

/// A running hub; ends with the test's runtime.
#[derive(Debug, Clone)]
pub(crate) struct FakeHub {
    pub(crate) url: String,
    pub(crate) mqtt: String,
    behaviour: Behaviour,
    state: Arc<Mutex<State>>,
    packets: Arc<watch::Sender<u64>>,
}

impl FakeHub {
    pub(crate) async fn start(behaviour: Behaviour) -> Self {
        let (http, mqtt) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let hub = Self {
            url: format!("http://{}", http.local_addr().unwrap()),
            mqtt: mqtt.local_addr().unwrap().to_string(),
            behaviour,
            state: Arc::default(),
            packets: Arc::new(watch::channel(0).0),
        };
        tokio::spawn(axum::serve(http, http::routes(hub.clone())).into_future());
        tokio::spawn(mqtt::listen(hub.clone(), mqtt));
        hub
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Returns when at least so many packets have arrived.
    pub(crate) async fn packets(&self, at_least: u64) {
        self.packets.subscribe().wait_for(|&packets| packets >= at_least).await.unwrap();
    }

    /// Takes a packet for a token; `None` if it is not to be acknowledged.
    fn take(&self, token: &str, level: &str, body: &[u8]) -> Option<Taken> {
        let mut state = self.state();
        state.packets += 1;
        let number = state.packets;
        let every = |n: Option<u64>| n.is_some_and(|n| number.is_multiple_of(n));
        let copies = match (every(self.behaviour.lose_every), every(self.behaviour.double_every)) {
            (true, _) => 0,
            (false, true) => 2,
            (false, false) => 1,
        };
        let readings = decode::decode(&mut state.columns, token, level, body);
        let thing = thing_of(token);
        let mut taken = Taken::default();
        for reading in readings {
            if state.seen.insert(format!("{thing} {}", reading.identity)) {
                let row = Row { thing: thing.clone(), property: reading.property, value: reading.value };
                state.rows.extend(std::iter::repeat_n(row, copies));
                taken.stored += 1;
            } else {
                taken.duplicates += 1;
            }
        }
        self.packets.send_replace(number);
        (!every(self.behaviour.break_every)).then_some(taken)
    }
}

/// Tokens are made from the Thing's number, so that the hub need not remember them.
fn token_of(number: u32) -> String {
    format!("token-{number:016}")
}

fn thing_of(token: &str) -> String {
    format!("thing-{}", token.trim_start_matches("token-"))
}
