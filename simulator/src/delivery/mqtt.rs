//! By MQTT, as phyphox does it: one connection, clean session, unanswered packets sent again after a reconnect.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use bytes::{Bytes, BytesMut};
use rumqttc::mqttbytes::v4::Packet;
use tokio::time::{MissedTickBehavior, interval, sleep, sleep_until};

use super::{GIVE_UP, PATIENCE, Run, pause};
use crate::faults::Mischief;
use crate::mqtt::{Credentials, Link, Session};
use crate::phone::{Cargo, Parcel};
use crate::run_time::Stop;

/// Packets in flight per phone; Paho, which phyphox uses on Android, has 10 by default, rumqttc 100.
const WINDOW: usize = 20;

/// Half of the keep-alive announced in CONNECT.
const PING_EVERY: Duration = Duration::from_secs(30);

/// A phone's MQTT connection, opened at the first run and again whenever it breaks.
pub(crate) struct MqttCarrier {
    address: String,
    /// `in/{token}`.
    root: String,
    credentials: Credentials,
    session: Session<Cargo>,
    mischief: Mischief,
    link: Option<Link>,
    /// The connection a take-over left behind; the hub closes it, the phone merely forgets it.
    left_behind: Option<Link>,
    /// A packet that the next one overtakes.
    held: Option<Bytes>,
    last_answer: Instant,
    last_ping: Instant,
}

impl MqttCarrier {
    /// `topic` is the one the hub gave at joining, `in/{token}/{stream}`; its last level changes with the stream.
    pub(crate) fn new(address: String, topic: &str, credentials: Credentials, qos: u8, mischief: Mischief) -> Result<Self> {
        let (root, _) = topic.rsplit_once('/').with_context(|| format!("the hub's topic {topic:?} has no levels"))?;
        let now = Instant::now();
        Ok(Self {
            address,
            root: root.to_owned(),
            credentials,
            session: Session::new(qos, WINDOW)?,
            mischief,
            link: None,
            left_behind: None,
            held: None,
            last_answer: now,
            last_ping: now,
        })
    }

    pub(super) async fn run(&mut self, run: &mut Run<'_>) -> Result<()> {
        let mut look_back = interval(PATIENCE / 4);
        look_back.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.last_answer = Instant::now();
        loop {
            self.connect(run).await?;
            self.send_waiting(run).await?;
            let measuring = run.is_measuring();
            if !measuring && run.waiting.is_empty() {
                self.flush().await;
                if self.session.is_idle() || self.last_answer.elapsed() > GIVE_UP {
                    return Ok(());
                }
            }
            let Some(link) = &mut self.link else { continue };
            let due = run.pace.at(run.supply.next_due());
            tokio::select! {
                () = sleep_until(due), if measuring && run.waiting.is_empty() => run.waiting.extend(run.supply.take()?),
                packet = link.read() => self.hear(packet, run).await?,
                _ = look_back.tick() => self.look_back(run).await?,
                () = run.stop.asked(), if measuring => {}
            }
        }
    }

    /// Opens the connection if there is none and repeats on it what was not answered.
    async fn connect(&mut self, run: &mut Run<'_>) -> Result<()> {
        let (mut attempt, since) = (0, Instant::now());
        while self.link.is_none() {
            match Link::open(&self.address, &self.credentials).await {
                Ok(link) => {
                    self.link = Some(link);
                    let again = self.session.restart(Instant::now(), |cargo| {
                        run.ledger.sent(cargo);
                    });
                    run.progress.connected(attempt > 0 || !again.is_empty());
                    if self.session.is_acknowledged() {
                        self.held = None;
                    }
                    self.write(&again).await;
                }
                Err(error) if since.elapsed() > GIVE_UP => return Err(error.context("gave up after 30 s")),
                Err(_) => sleep(pause(attempt)).await,
            }
            attempt += 1;
        }
        Ok(())
    }

    async fn send_waiting(&mut self, run: &mut Run<'_>) -> Result<()> {
        while self.link.is_some() && self.session.has_room() {
            let Some(parcel) = run.waiting.pop_front() else { break };
            self.send(parcel, run).await?;
        }
        Ok(())
    }

    async fn send(&mut self, parcel: Parcel, run: &mut Run<'_>) -> Result<()> {
        let fate = self.mischief.next();
        if fate.drop && !self.session.is_acknowledged() {
            return Ok(());
        }
        run.sent(&parcel.cargo);
        let topic = format!("{}/{}", self.root, parcel.level);
        let bytes = self.session.publish(topic, parcel.body, parcel.cargo, Instant::now())?;
        if fate.drop {
            return Ok(());
        }
        if fate.reorder && self.held.is_none() {
            self.held = Some(bytes);
            return Ok(());
        }
        self.write(&bytes).await;
        if fate.duplicate {
            self.write(&bytes).await;
        }
        self.flush().await;
        if fate.reconnect {
            self.link = None;
        } else if fate.takeover {
            self.left_behind = self.link.take();
        }
        Ok(())
    }

    /// Sends the packet that was overtaken.
    async fn flush(&mut self) {
        if let Some(held) = self.held.take() {
            self.write(&held).await;
        }
    }

    async fn hear(&mut self, packet: Result<Packet>, run: &mut Run<'_>) -> Result<()> {
        // A broken connection is opened again by `connect`.
        let Ok(packet) = packet else {
            self.link = None;
            return Ok(());
        };
        let mut answer = BytesMut::new();
        for cargo in self.session.receive(&packet, &mut answer)? {
            run.acknowledged(&cargo);
        }
        self.last_answer = Instant::now();
        self.write(&answer).await;
        Ok(())
    }

    async fn look_back(&mut self, run: &mut Run<'_>) -> Result<()> {
        let again = self.session.overdue(PATIENCE, Instant::now(), |cargo| {
            run.ledger.sent(cargo);
        })?;
        self.write(&again).await;
        if self.session.wants_ping() || self.last_ping.elapsed() > PING_EVERY {
            self.ping().await;
        }
        Ok(())
    }

    async fn ping(&mut self) {
        self.last_ping = Instant::now();
        if let Some(link) = &mut self.link {
            if link.ping().await.is_ok() {
                self.session.pinged();
            } else {
                self.link = None;
            }
        }
    }

    async fn write(&mut self, bytes: &[u8]) {
        let Some(link) = &mut self.link else { return };
        if !bytes.is_empty() && link.write(bytes).await.is_err() {
            self.link = None;
        }
    }

    pub(super) async fn stay(&mut self, mut stop: Stop) {
        let mut ping = interval(PING_EVERY);
        while let Some(link) = &mut self.link {
            tokio::select! {
                () = stop.asked() => return,
                packet = link.read() => if packet.is_err() { self.link = None },
                _ = ping.tick() => self.ping().await,
            }
        }
    }

    pub(super) async fn close(mut self) {
        if let Some(link) = self.link.take() {
            // The hub may have closed first; nothing is owed to it any more.
            let _ = link.close().await;
        }
    }
}
