//! A door with doubles behind it.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_store::{Error, SystemClock};
use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::{ConnAck, ConnectReturnCode, Packet as V4};
use tokio::io::DuplexStream;
use tokio::net::TcpStream;
use tokio::sync::{Notify, Semaphore, mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::admission::{Admission, Login, Refusal, Sender, ThingAccess};
use crate::gate::Gate;
use crate::mqtt::fanout::Subscriber;
use crate::mqtt::{Commit, Door, DoorStats, Fanout, FanoutOptions, Intake, Message, MqttLimits, Refused, RumqttdFanout};
use crate::pipeline::{Outcome, Packet, Room};

mod client;

pub(in crate::mqtt) use client::*;

pub(in crate::mqtt) const LESSON: LessonId = LessonId(7);
/// The Thing that a token handed out with a file becomes.
pub(in crate::mqtt) const RESERVED: u64 = 10;

/// The token of Thing `n`.
pub(in crate::mqtt) fn token(n: u64) -> String {
    format!("Token-of-thing-{n:07}")
}

pub(in crate::mqtt) fn topic(n: u64) -> String {
    format!("in/{}/acc", token(n))
}

/// Things 1 to 9 by token; teachers and what else a test needs by user name.
#[derive(Default)]
pub(in crate::mqtt) struct Rules {
    pub(in crate::mqtt) unavailable: std::sync::atomic::AtomicBool,
    pub(in crate::mqtt) revoked: std::sync::atomic::AtomicBool,
    /// Everybody without user name is a principal of the realm.
    pub(in crate::mqtt) open: std::sync::atomic::AtomicBool,
    /// The reserved token is a Thing.
    pub(in crate::mqtt) claimed: std::sync::atomic::AtomicBool,
    pub(in crate::mqtt) asked: std::sync::atomic::AtomicUsize,
}

pub(in crate::mqtt) fn access(n: u64) -> Arc<ThingAccess> {
    Arc::new(ThingAccess {
        lesson: LESSON,
        thing: ThingId(n),
        sensors: Vec::new(),
        recording: true,
        gate: Gate::Always,
        location: false,
        station: None,
    })
}

#[async_trait]
impl Admission for Rules {
    async fn login(&self, user: &str, password: &[u8]) -> Result<Login, Refusal> {
        use std::sync::atomic::Ordering::Relaxed;
        if self.unavailable.load(Relaxed) {
            return Err(Refusal::Unavailable);
        }
        match (user, password) {
            ("teacher", b"all") => Ok(Login::Teacher(None)),
            ("teacher", b"seven") => Ok(Login::Teacher(Some(vec![LESSON]))),
            ("teacher", b"expired") => Err(Refusal::UnknownToken),
            ("station", root) => Ok(Login::Realm { root: String::from_utf8_lossy(root).into_owned() }),
            ("thing", password) => {
                let password = std::str::from_utf8(password).map_err(|_| Refusal::BadCredentials)?;
                self.thing(password).await.map(Login::Thing)
            }
            _ => Err(Refusal::BadCredentials),
        }
    }

    fn nobody(&self) -> Option<Login> {
        self.open.load(std::sync::atomic::Ordering::Relaxed).then(|| Login::Realm { root: String::new() })
    }

    async fn sender(&self, given: &str) -> Result<Sender, Refusal> {
        use std::sync::atomic::Ordering::Relaxed;
        if given == token(RESERVED) && !self.claimed.load(Relaxed) {
            return Ok(Sender::Reserved);
        }
        self.thing(given).await.map(Sender::Thing)
    }

    async fn thing(&self, given: &str) -> Result<Arc<ThingAccess>, Refusal> {
        use std::sync::atomic::Ordering::Relaxed;
        self.claimed.fetch_or(given == token(RESERVED), Relaxed);
        self.asked.fetch_add(1, Relaxed);
        if self.unavailable.load(Relaxed) {
            return Err(Refusal::Unavailable);
        }
        match (1..=RESERVED).find(|&n| token(n) == given) {
            Some(n) if !self.revoked.load(Relaxed) => Ok(access(n)),
            _ => Err(Refusal::UnknownToken),
        }
    }
}

/// A pipeline that commits when told.
pub(in crate::mqtt) struct Hold {
    /// What was submitted, in order.
    pub(in crate::mqtt) packets: Mutex<Vec<Packet>>,
    pub(in crate::mqtt) batches: Mutex<Vec<usize>>,
    submitted: Notify,
    /// Commits that may happen.
    commits: Arc<Semaphore>,
    pub(in crate::mqtt) failing: watch::Sender<bool>,
    /// What room was asked for, and whether there is some.
    pub(in crate::mqtt) rooms: Mutex<Vec<usize>>,
    pub(in crate::mqtt) has_room: Semaphore,
}

impl Hold {
    fn new(open: bool) -> Arc<Self> {
        let commits = Arc::new(Semaphore::new(if open { Semaphore::MAX_PERMITS } else { 0 }));
        Arc::new(Self {
            packets: Mutex::default(),
            batches: Mutex::default(),
            submitted: Notify::new(),
            commits,
            failing: watch::channel(false).0,
            rooms: Mutex::default(),
            has_room: Semaphore::new(1),
        })
    }

    /// Lets `n` batches commit.
    pub(in crate::mqtt) fn commit(&self, n: usize) {
        self.commits.add_permits(n);
    }

    /// Waits until `n` packets were submitted in all.
    pub(in crate::mqtt) async fn submitted(&self, n: usize) -> Vec<(u64, String, String)> {
        let enough = async {
            loop {
                let notified = self.submitted.notified();
                if self.packets.lock().unwrap().len() >= n {
                    break;
                }
                notified.await;
            }
        };
        timeout(PATIENCE, enough).await.expect("packets submitted in time");
        let text =
            |packet: &Packet| (packet.access.thing.0, packet.stream.to_string(), String::from_utf8_lossy(&packet.payload).into_owned());
        self.packets.lock().unwrap().iter().map(text).collect()
    }
}

#[async_trait]
impl Intake for Hold {
    async fn room(&self, _thing: Option<ThingId>, bytes: usize) -> Room {
        self.rooms.lock().unwrap().push(bytes);
        // The semaphore is never closed.
        drop(self.has_room.acquire().await);
        Room::default()
    }

    async fn submit(&self, packets: Vec<Packet>, _room: Option<Room>) -> Result<Commit, Error> {
        let outcomes = vec![Outcome::default(); packets.len()];
        self.batches.lock().unwrap().push(packets.len());
        self.packets.lock().unwrap().extend(packets);
        self.submitted.notify_waiters();
        let (commits, failing) = (self.commits.clone(), self.failing.subscribe());
        let commit = async move {
            commits.acquire().await.expect("never closed").forget();
            if *failing.borrow() { Err(Error::Closed) } else { Ok(outcomes) }
        };
        Ok(commit.boxed())
    }
}

/// A fan-out without a thread, for tests that stop the clock: everybody gets everything.
#[derive(Default)]
pub(in crate::mqtt) struct Everything(Mutex<Vec<mpsc::Sender<Message>>>);

impl Fanout for Everything {
    fn publish(&self, topic: &str, payload: Bytes, _keep: bool) {
        let message = Message { topic: topic.into(), payload, retained: false };
        self.0.lock().unwrap().retain(|mail| mail.try_send(message.clone()).is_ok());
    }

    fn forget(&self, _filter: &str) {}

    fn join(&self, queue: usize, _stats: Arc<DoorStats>) -> Option<Subscriber> {
        let ((changes, mut ignored), (outgoing, mail)) = (mpsc::channel(1), mpsc::channel(queue));
        self.0.lock().unwrap().push(outgoing);
        tokio::spawn(async move { while ignored.recv().await.is_some() {} });
        Some(Subscriber { changes, mail })
    }
}

/// A door on a free port.
pub(in crate::mqtt) struct House<F = RumqttdFanout> {
    pub(in crate::mqtt) door: Door,
    pub(in crate::mqtt) intake: Arc<Hold>,
    pub(in crate::mqtt) rules: Arc<Rules>,
    pub(in crate::mqtt) fanout: Arc<F>,
    pub(in crate::mqtt) address: SocketAddr,
    pub(in crate::mqtt) stop: CancellationToken,
    pub(in crate::mqtt) listener: tokio::task::JoinHandle<()>,
}

/// A door that commits at once.
pub(in crate::mqtt) async fn house() -> House {
    house_with(MqttLimits::default(), true).await
}

pub(in crate::mqtt) async fn house_with(limits: MqttLimits, commit: bool) -> House {
    let options = FanoutOptions { subscribers: 8, ..FanoutOptions::default() };
    house_of(limits, commit, RumqttdFanout::new(options)).await
}

/// A door for tests that stop the clock; commits at once.
pub(in crate::mqtt) async fn still_house(limits: MqttLimits) -> House<Everything> {
    house_of(limits, true, Everything::default()).await
}

pub(in crate::mqtt) async fn house_of<F: Fanout>(limits: MqttLimits, commit: bool, fanout: F) -> House<F> {
    let (intake, rules, fanout) = (Hold::new(commit), Arc::new(Rules::default()), Arc::new(fanout));
    let door = Door::new(rules.clone(), intake.clone(), fanout.clone(), limits, Arc::new(SystemClock));
    let listener = crate::mqtt::bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let listener = tokio::spawn({
        let (door, stop) = (door.clone(), stop.clone());
        async move { door.listen(listener, stop).await }
    });
    House { door, intake, rules, fanout, address, stop, listener }
}

/// Waits for what only a counter tells.
pub(in crate::mqtt) async fn until(mut condition: impl FnMut() -> bool) {
    let met = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(PATIENCE, met).await.expect("it happens in time");
}

impl<F> House<F> {
    pub(in crate::mqtt) fn stats(&self) -> &DoorStats {
        self.door.stats()
    }

    pub(in crate::mqtt) async fn tcp(&self) -> Client<TcpStream> {
        Client::new(TcpStream::connect(self.address).await.unwrap())
    }

    /// A connection in memory, for tests that stop the clock.
    pub(in crate::mqtt) fn memory(&self) -> Client<DuplexStream> {
        let (ours, theirs) = tokio::io::duplex(4096);
        let door = self.door.clone();
        tokio::spawn(async move { door.serve(theirs, IpAddr::V4(Ipv4Addr::LOCALHOST)).await });
        Client::new(ours)
    }

    /// Logged in without user name.
    pub(in crate::mqtt) async fn anonymous(&self, client_id: &str) -> Client<TcpStream> {
        self.login(client_id, "", "").await
    }

    pub(in crate::mqtt) async fn teacher(&self, client_id: &str) -> Client<TcpStream> {
        self.login(client_id, "teacher", "all").await
    }

    pub(in crate::mqtt) async fn login(&self, client_id: &str, user: &str, password: &str) -> Client<TcpStream> {
        let mut client = self.tcp().await;
        client.send(&connect(client_id).login(user, password).bytes()).await;
        assert_eq!(client.next().await, Some(accepted()));
        client
    }

    /// A principal of the open realm, with a clean session.
    pub(in crate::mqtt) async fn station(&self, client_id: &str) -> Client<TcpStream> {
        self.session(client_id, true).await.0
    }

    /// A principal of the open realm, and whether its session was there.
    pub(in crate::mqtt) async fn session(&self, client_id: &str, clean: bool) -> (Client<TcpStream>, bool) {
        let mut client = self.tcp().await;
        let flags = if clean { 2 } else { 0 };
        client.send(&connect(client_id).flags(flags).login("station", "").bytes()).await;
        match client.next().await {
            Some(V4::ConnAck(ConnAck { session_present, code: ConnectReturnCode::Success })) => (client, session_present),
            other => panic!("no CONNACK but {other:?}"),
        }
    }

    /// Waits until a reason was counted `n` times.
    pub(in crate::mqtt) async fn refused(&self, reason: Refused, n: u64) {
        until(|| self.stats().refused(reason) >= n).await;
        assert_eq!(self.stats().refused(reason), n, "{reason:?}");
    }

    /// A fresh client is served: whatever happened to another one, the door lives.
    pub(in crate::mqtt) async fn lives(&self) {
        let mut client = self.anonymous("").await;
        client.publish(&topic(9), QoS::AtLeastOnce, 99, b"alive").await;
        assert_eq!(client.next().await, Some(puback(99)));
        client.send(&[0xe0, 0]).await;
    }
}

/// Readable counts of what was submitted per Thing.
pub(in crate::mqtt) fn by_thing(packets: &[(u64, String, String)]) -> HashMap<u64, usize> {
    packets.iter().fold(HashMap::new(), |mut counts, (thing, ..)| {
        *counts.entry(*thing).or_default() += 1;
        counts
    })
}
