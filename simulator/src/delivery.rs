//! Bringing a phone's parcels to the hub, with the faults on the way, and hearing what was acknowledged.

mod http;
mod mqtt;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Deserialize;

pub(crate) use http::HttpCarrier;
pub(crate) use mqtt::MqttCarrier;

use crate::phone::{Cargo, Ledger, Parcel, Supply};
use crate::progress::Progress;
use crate::run_time::Stop;

/// When an answer counts as lost and the packet is sent again. Far above a hub's commit (milliseconds), short enough
/// that a simulation with many faults ends soon.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a phone tries to reach a hub that does not answer before it gives up.
const GIVE_UP: Duration = Duration::from_secs(30);

/// Pause before the n-th attempt in a row: 0.1, 0.2, 0.4 … 2 s.
fn pause(attempt: u32) -> Duration {
    Duration::from_millis(100 << attempt.min(5)).min(Duration::from_secs(2))
}

/// How experiment time passes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// When experiment time was 0.
    pub(crate) started: Instant,
    /// Experiment seconds per second.
    pub(crate) speed: f64,
}

impl Pace {
    fn at(self, experiment: Duration) -> tokio::time::Instant {
        tokio::time::Instant::from_std(self.started + experiment.div_f64(self.speed))
    }
}

/// What the hub says of the readings in a POST; nothing of what it does not mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Receipt {
    /// Readings newly stored.
    pub(crate) stored: u64,
    /// Values or records that could not be stored.
    pub(crate) rejected: u64,
}

impl Receipt {
    pub(crate) fn add(&mut self, other: Self) {
        self.stored += other.stored;
        self.rejected += other.rejected;
    }
}

/// One run on its way: what is still to be handed out, what is known of the rest, and who wants to know.
pub(crate) struct Run<'a> {
    pub(crate) supply: Supply,
    pub(crate) ledger: Ledger,
    pub(crate) pace: Pace,
    pub(crate) stop: Stop,
    pub(crate) progress: &'a Progress,
    /// What the hub said of all parcels together; MQTT says nothing.
    pub(crate) receipt: Receipt,
    waiting: VecDeque<Parcel>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(supply: Supply, ledger: Ledger, pace: Pace, stop: Stop, progress: &'a Progress) -> Self {
        Self { supply, ledger, pace, stop, progress, receipt: Receipt::default(), waiting: VecDeque::new() }
    }

    /// Whether more readings will come.
    fn is_measuring(&self) -> bool {
        !self.supply.is_done() && !self.stop.is_asked()
    }

    fn sent(&mut self, cargo: &Cargo) {
        self.progress.sent(self.ledger.sent(cargo));
    }

    fn acknowledged(&mut self, cargo: &Cargo) {
        self.progress.acknowledged(self.ledger.acknowledged(cargo));
    }
}

/// A phone's way to the hub; lives as long as the phone.
pub(crate) enum Carrier {
    Mqtt(Box<MqttCarrier>),
    Http(Box<HttpCarrier>),
}

impl Carrier {
    /// Sends a run and returns when everything is acknowledged, when [`Stop`] was asked for and what is in flight is
    /// acknowledged, or when the hub has not answered for 30 s (what is then open stays unacknowledged in the ledger).
    ///
    /// # Errors
    /// The hub cannot be reached for 30 s, or refuses the phone.
    pub(crate) async fn run(&mut self, run: &mut Run<'_>) -> Result<()> {
        match self {
            Self::Mqtt(carrier) => carrier.run(run).await,
            Self::Http(carrier) => carrier.run(run).await,
        }
    }

    /// Stays connected until asked to stop.
    pub(crate) async fn stay(&mut self, stop: Stop) {
        match self {
            Self::Mqtt(carrier) => carrier.stay(stop).await,
            Self::Http(_) => {}
        }
    }

    /// Says goodbye.
    pub(crate) async fn close(self) {
        if let Self::Mqtt(carrier) = self {
            carrier.close().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_come_slower_and_slower() {
        let pauses = [0, 1, 4, 5, 60].map(|attempt| pause(attempt).as_millis());
        assert_eq!(pauses, [100, 200, 1600, 2000, 2000]);
    }

    #[test]
    fn experiment_time_passes_at_its_speed() {
        let started = Instant::now();
        let at = |speed| Pace { started, speed }.at(Duration::from_secs(10)).into_std() - started;
        assert_eq!((at(1.0), at(10.0)), (Duration::from_secs(10), Duration::from_secs(1)));
    }
}
