//! Bad Wi-Fi as a program: a TCP relay between phones and a hub that delays, throttles, stalls and cuts.
//!
//! TCP hides lost segments from the programs behind it; what they see of a bad network is time and broken connections,
//! and that is what the relay makes. Bytes of one direction keep their order and none is changed. The weather of a
//! connection is a pure function of the seed, its number, the direction and its age ([`weather`]); only what the
//! programs on both sides do is theirs.
//!
//! A hub that is not there costs a connection, not the relay: who connects is closed at once and may come again.

mod line;
mod weather;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Result, ensure};
use serde::Serialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::run_time::Stop;
use line::Line;
use weather::Rate;

/// Time for a connection to the hub. On one machine it takes less than one millisecond, or the hub is not there.
const CONNECT: Duration = Duration::from_secs(5);

/// How bad the network is.
#[derive(Debug, Clone, PartialEq)]
pub struct RelayOptions {
    /// Host and port of the hub.
    pub to: String,
    /// Time from one side to the other, each way.
    pub delay: Duration,
    /// How far the delay strays, up and down; at most the delay itself.
    pub jitter: Duration,
    /// Bits per second and direction; `None` for as fast as it goes.
    pub rate: Option<u64>,
    /// One rate for all connections together, as one access point has, instead of one for each.
    pub shared_rate: bool,
    /// Mean time between two stalls of a direction; `None` for none.
    pub stall_every: Option<Duration>,
    /// How long a stall lasts: TCP's wait until it sends a lost segment again.
    pub stall: Duration,
    /// Mean age at which a connection is cut, give or take half of it; `None` for never.
    pub cut_every: Option<Duration>,
    /// Chance.
    pub seed: u64,
}

impl RelayOptions {
    /// A perfect network to `to`.
    pub fn perfect(to: impl Into<String>) -> Self {
        Self {
            to: to.into(),
            delay: Duration::ZERO,
            jitter: Duration::ZERO,
            rate: None,
            shared_rate: false,
            stall_every: None,
            stall: Duration::from_millis(800),
            cut_every: None,
            seed: 1,
        }
    }

    fn check(&self) -> Result<()> {
        ensure!(
            self.jitter <= self.delay,
            "a jitter of {:?} is more than the delay of {:?}: nothing arrives before it is sent",
            self.jitter,
            self.delay
        );
        ensure!(self.rate != Some(0), "at a rate of 0 nothing would ever arrive; leave the rate out for as fast as it goes");
        for (name, every) in [("stalls", self.stall_every), ("cuts", self.cut_every)] {
            ensure!(every != Some(Duration::ZERO), "{name} need time between them; leave it out for none");
        }
        Ok(())
    }
}

/// What went through, and what went wrong on purpose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RelayReport {
    /// Connections that were made to the relay.
    pub connections: u64,
    /// Of them those for which there was no hub.
    pub refused: u64,
    /// Of them those that were cut.
    pub cuts: u64,
    /// Stalls that something had to wait for.
    pub stalls: u64,
    /// Bytes delivered to the hub.
    pub bytes_up: u64,
    /// Bytes delivered to phones.
    pub bytes_down: u64,
    /// Most connections at once.
    pub most_at_once: u64,
}

impl fmt::Display for RelayReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connections, refused, cuts, stalls, bytes_up, bytes_down, most_at_once } = self;
        write!(
            f,
            "{connections} connections ({most_at_once} at once, {refused} found no hub, {cuts} cut), {stalls} stalls, {bytes_up} bytes up, \
             {bytes_down} bytes down"
        )
    }
}

/// What all connections of one relay share.
#[derive(Debug)]
struct Relay {
    options: RelayOptions,
    begun: Instant,
    /// Up and down, where one rate is for all.
    shared: Option<[Arc<Mutex<Rate>>; 2]>,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    connections: AtomicU64,
    refused: AtomicU64,
    cuts: AtomicU64,
    stalls: AtomicU64,
    /// Up and down.
    bytes: [AtomicU64; 2],
}

/// Relays what connects to `listener` until asked to stop; then every connection is dropped. It ends early only for a mistake
/// in the options.
pub async fn run(listener: TcpListener, options: RelayOptions, mut stop: Stop) -> Result<RelayReport> {
    options.check()?;
    let rate = || Arc::new(Mutex::new(Rate::new(options.rate)));
    let shared = options.shared_rate.then(|| [rate(), rate()]);
    let relay = Arc::new(Relay { options, begun: Instant::now(), shared, counts: Counts::default() });
    let mut lines = JoinSet::new();
    let mut most_at_once = 0;
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.asked() => break,
            Some(_) = lines.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let Ok((phone, _)) = accepted else {
            // Out of file descriptors, usually: accepting at once would spin.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let number = relay.counts.connections.fetch_add(1, Relaxed);
        let relay = Arc::clone(&relay);
        lines.spawn(async move { relay.carry(phone, number).await });
        most_at_once = most_at_once.max(lines.len() as u64);
    }
    lines.shutdown().await;
    let count = |counter: &AtomicU64| counter.load(Relaxed);
    let Counts { connections, refused, cuts, stalls, bytes: [up, down] } = &relay.counts;
    Ok(RelayReport {
        connections: count(connections),
        refused: count(refused),
        cuts: count(cuts),
        stalls: count(stalls),
        bytes_up: count(up),
        bytes_down: count(down),
        most_at_once,
    })
}

impl Relay {
    async fn carry(&self, phone: TcpStream, number: u64) {
        let Ok(Ok(hub)) = timeout(CONNECT, TcpStream::connect(&self.options.to)).await else {
            self.counts.refused.fetch_add(1, Relaxed);
            return;
        };
        Line::new(self, number).carry(phone, hub).await;
    }
}

#[cfg(test)]
mod tests;
