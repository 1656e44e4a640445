//! One connection of a load: logs in, waits for the others, sends, counts.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use bytes::BytesMut;
use hdrhistogram::Histogram;
use rumqttc::mqttbytes::v4::{Connect, ConnectReturnCode, Packet, PubRel};
use rumqttc::mqttbytes::{self};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::time::{sleep_until, timeout};

use super::Stop;
use super::packets::{Bodies, Packets};

/// How much is put into one write when sending flat out: larger writes only wait in the kernel.
const WRITE: usize = 32 * 1024;

/// PINGREQ and DISCONNECT.
const PINGREQ: [u8; 2] = [0xc0, 0];
const DISCONNECT: [u8; 2] = [0xe0, 0];

/// What all connections do alike.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) bodies: Bodies,
    pub(super) qos: u8,
    pub(super) window: usize,
    pub(super) pause: Option<Duration>,
    pub(super) length: Duration,
    pub(super) drain: Duration,
    pub(super) ready: Barrier,
}

/// Where a connection goes.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) address: SocketAddr,
    pub(super) topic: String,
}

/// What connections came to, one or all of them.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) connections: usize,
    pub(super) failed: usize,
    pub(super) failure: Option<String>,
    /// Since the beginning of the load.
    pub(super) login: Duration,
    /// From the first packet to the last acknowledgement.
    pub(super) seconds: Duration,
    pub(super) packets: u64,
    pub(super) acknowledged: u64,
    /// µs.
    pub(super) connack: Histogram<u64>,
    pub(super) puback: Histogram<u64>,
}

impl Tally {
    pub(super) fn new() -> Result<Self> {
        // Two digits are what a report shows; three cost four times the memory per connection.
        let histogram = || Histogram::new(2).context("a histogram of two digits");
        Ok(Self {
            connections: 0,
            failed: 0,
            failure: None,
            login: Duration::ZERO,
            seconds: Duration::ZERO,
            packets: 0,
            acknowledged: 0,
            connack: histogram()?,
            puback: histogram()?,
        })
    }

    pub(super) fn add(&mut self, other: Self) -> Result<()> {
        self.connections += other.connections;
        self.failed += other.failed;
        self.failure = self.failure.take().or(other.failure);
        self.login = self.login.max(other.login);
        self.seconds = self.seconds.max(other.seconds);
        self.packets += other.packets;
        self.acknowledged += other.acknowledged;
        self.connack.add(&other.connack)?;
        self.puback.add(&other.puback)?;
        Ok(())
    }
}

/// Runs connection `number` of `of` through the course. Failures are counted, not returned.
pub(super) async fn run(number: usize, of: usize, target: Target, course: Arc<Course>, began: Instant, stop: Stop) -> Tally {
    // A histogram of two digits can always be made; without one there is nothing to measure with.
    let Ok(mut tally) = Tally::new() else { unreachable!("two significant digits are valid") };
    let asked = Instant::now();
    let login = timeout(Duration::from_secs(30), login(&target, number)).await.context("no CONNACK within 30 s");
    let socket = login.and_then(|login| login);
    course.ready.wait().await;
    let sent = async {
        let (socket, at) = socket?;
        tally.connections = 1;
        tally.login = at - began;
        record(&mut tally.connack, at - asked)?;
        let phase = course.pause.unwrap_or_default().mul_f64(number as f64 / of as f64);
        let mut sender = Sender::new(socket, &target, number, &course, &mut tally)?;
        sender.send(Instant::now(), phase, stop).await
    };
    let result: Result<()> = sent.await;
    if let Err(error) = result {
        tally.failed = 1;
        tally.failure = Some(format!("{error:#}"));
    }
    tally
}

/// The connection and when its CONNACK came.
async fn login(target: &Target, number: usize) -> Result<(TcpStream, Instant)> {
    let mut socket = TcpStream::connect(target.address).await.context("no connection (is `ulimit -n` high enough?)")?;
    socket.set_nodelay(true)?;
    let mut out = BytesMut::new();
    let mut connect = Connect::new(format!("load_{number:06}"));
    connect.keep_alive = 60;
    connect.write(&mut out)?;
    socket.write_all(&out).await?;
    let mut answer = [0; 4];
    socket.read_exact(&mut answer).await.context("closed before CONNACK")?;
    match Packet::read(&mut BytesMut::from(&answer[..]), 4)? {
        Packet::ConnAck(ack) => ensure!(ack.code == ConnectReturnCode::Success, "refused: {:?}", ack.code),
        other => bail!("{other:?} instead of CONNACK"),
    }
    Ok((socket, Instant::now()))
}

/// Counts how long something took. `saturating_record` will not do here: it never lets a histogram grow, and a new one ends
/// at 2 µs, which every longer wait then counts as.
pub(super) fn record(histogram: &mut Histogram<u64>, took: Duration) -> Result<()> {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
    histogram.record(micros).context("a wait that fits no histogram")
}

/// Sends packets as the course wants them.
struct Sender<'a> {
    socket: TcpStream,
    course: &'a Course,
    tally: &'a mut Tally,
    packets: Packets,
    incoming: BytesMut,
    out: Vec<u8>,
    id: u16,
    /// Packets without acknowledgement, oldest first: hubs answer in order, so the first one is nearly always meant.
    open: VecDeque<(u16, Instant)>,
}

impl<'a> Sender<'a> {
    fn new(socket: TcpStream, target: &Target, number: usize, course: &'a Course, tally: &'a mut Tally) -> Result<Self> {
        let packets = Packets::new(&course.bodies, &target.topic, course.qos, number)?;
        let (incoming, open) = (BytesMut::with_capacity(4096), VecDeque::with_capacity(course.window));
        Ok(Self { socket, course, tally, packets, incoming, out: Vec::new(), id: 0, open })
    }

    async fn send(&mut self, start: Instant, phase: Duration, mut stop: Stop) -> Result<()> {
        let end = start + self.course.length;
        let mut due = start + phase;
        while Instant::now() < end && !stop.is_asked() {
            let free = self.course.qos == 0 || self.open.len() < self.course.window;
            match self.course.pause {
                None if free => self.fill().await?,
                Some(pause) if free && due <= Instant::now() => {
                    self.append();
                    self.write().await?;
                    due += pause;
                    continue;
                }
                _ => {}
            }
            if self.course.pause.is_none() && self.course.qos == 0 {
                continue;
            }
            let until = if self.course.pause.is_some() && free { due.min(end) } else { end };
            tokio::select! {
                read = self.socket.read_buf(&mut self.incoming) => ensure!(read? > 0, "the hub closed the connection"),
                () = sleep_until(until.into()) => {}
                () = stop.asked() => {}
            }
            self.hear().await?;
        }
        if self.tally.packets > 0 {
            self.drain().await?;
            self.tally.seconds = start.elapsed();
        }
        self.socket.write_all(&DISCONNECT).await?;
        Ok(())
    }

    /// Writes as many packets as the window and one write take.
    async fn fill(&mut self) -> Result<()> {
        while self.out.len() < WRITE && (self.course.qos == 0 || self.open.len() < self.course.window) {
            self.append();
        }
        self.write().await
    }

    fn append(&mut self) {
        // The window is far below 65,535: an id comes round long after its acknowledgement.
        self.id = self.id.checked_add(1).unwrap_or(1);
        self.packets.append(&self.course.bodies, self.id, &mut self.out);
        self.tally.packets += 1;
        if self.course.qos > 0 {
            self.open.push_back((self.id, Instant::now()));
        }
    }

    async fn write(&mut self) -> Result<()> {
        self.socket.write_all(&self.out).await?;
        self.out.clear();
        Ok(())
    }

    /// Takes the acknowledgements that have come in; returns whether a PINGRESP was among them.
    async fn hear(&mut self) -> Result<bool> {
        let mut pong = false;
        loop {
            match Packet::read(&mut self.incoming, 1024) {
                Ok(Packet::PubAck(ack)) => self.settle(ack.pkid)?,
                Ok(Packet::PubComp(ack)) => self.settle(ack.pkid)?,
                Ok(Packet::PubRec(ack)) => {
                    let mut release = BytesMut::new();
                    PubRel::new(ack.pkid).write(&mut release)?;
                    self.out.extend_from_slice(&release);
                }
                Ok(Packet::PingResp) => pong = true,
                Ok(other) => bail!("the hub sent {other:?}"),
                Err(mqttbytes::Error::InsufficientBytes(_)) => break,
                Err(error) => return Err(error).context("the hub sent no MQTT"),
            }
        }
        self.write().await?;
        Ok(pong)
    }

    fn settle(&mut self, id: u16) -> Result<()> {
        if let Some(index) = self.open.iter().position(|(open, _)| *open == id)
            && let Some((_, sent)) = self.open.remove(index)
        {
            self.tally.acknowledged += 1;
            record(&mut self.tally.puback, sent.elapsed())?;
        }
        Ok(())
    }

    /// Waits for what is still open; with QoS 0 for a PINGRESP, which says that the hub has read everything.
    async fn drain(&mut self) -> Result<()> {
        let end = tokio::time::Instant::now() + self.course.drain;
        let ping = self.course.qos == 0;
        if ping {
            self.socket.write_all(&PINGREQ).await?;
        }
        while ping || !self.open.is_empty() {
            tokio::select! {
                read = self.socket.read_buf(&mut self.incoming) => ensure!(read? > 0, "closed with {} packets open", self.open.len()),
                () = sleep_until(end) => bail!("{} packets unacknowledged", if ping { self.tally.packets } else { self.open.len() as u64 }),
            }
            if self.hear().await? && ping {
                self.tally.acknowledged = self.tally.packets;
                break;
            }
        }
        Ok(())
    }
}
