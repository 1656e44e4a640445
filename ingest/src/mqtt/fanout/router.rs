//! The fan-out over rumqttd's embedded router: one keeper that publishes, watches and replaces it, and one pump for
//! each subscribing connection.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::latest::Latest;
use super::pump::Pump;
use super::rumqttd_link::{Gone, Link, Router};
use super::{Fanout, Subscriber};
use crate::mqtt::stats::DoorStats;

/// Topic of the message that proves that the router lives; no subscriber's filter lies below `canary`.
const CANARY: &str = "canary";
/// Pause before a router is started again when the last one did not even start.
const RETRY: Duration = Duration::from_millis(200);

/// Limits of the fan-out.
#[derive(Debug, Clone)]
pub struct FanoutOptions {
    /// Subscribing connections. Default 1,024. One more is answered with SUBACK 0x80.
    pub subscribers: usize,
    /// Messages waiting for the router. Default 4,096. Full: the newest is dropped and counted.
    pub queue: usize,
    /// Bytes of kept messages. Default 16 MiB. Full: the longest unchanged are forgotten.
    pub kept_bytes: usize,
    /// How often the router must prove that it lives. Default 1 s.
    pub canary: Duration,
    /// Silence after which it is replaced. Default 4 s. A panic is noticed at once.
    pub patience: Duration,
    /// Links, filters and topics, none of which a router forgets, after which it is replaced once nobody is subscribed;
    /// at sixteen times as many also while somebody is. Default 2,000, some MiB.
    pub wear: usize,
}

impl Default for FanoutOptions {
    fn default() -> Self {
        Self {
            subscribers: 1024,
            queue: 4096,
            kept_bytes: 16 << 20,
            canary: Duration::from_secs(1),
            patience: Duration::from_secs(4),
            wear: 2_000,
        }
    }
}

/// A [`Fanout`] through rumqttd. Subscribers do not notice when its router dies: they are linked to the next one, and
/// get what was kept meanwhile.
pub struct RumqttdFanout {
    shared: Arc<Shared>,
    orders: mpsc::Sender<Order>,
    routers: watch::Receiver<Option<Arc<Router>>>,
    seats: Arc<Semaphore>,
    options: FanoutOptions,
}

/// What publisher, keeper and pumps share.
pub(super) struct Shared {
    latest: Mutex<Latest>,
    dropped: AtomicU64,
    replaced: AtomicU64,
}

impl Shared {
    /// The table is valid after each of its steps, so a poisoned lock is still good.
    pub(super) fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Order {
    Publish(Arc<str>, u64, Bytes),
    #[cfg(test)]
    Poison,
}

impl RumqttdFanout {
    /// Starts the first router. Must be called inside a tokio runtime; ends when the last handle is gone.
    pub fn new(options: FanoutOptions) -> Self {
        let shared = Arc::new(Shared {
            latest: Mutex::new(Latest::new(options.kept_bytes)),
            dropped: AtomicU64::new(0),
            replaced: AtomicU64::new(0),
        });
        let (orders, queue) = mpsc::channel(options.queue.max(1));
        let (routers_tx, routers) = watch::channel(None);
        let seats = Arc::new(Semaphore::new(options.subscribers));
        let keeper = Keeper {
            shared: shared.clone(),
            queue,
            routers: routers_tx,
            seats: seats.clone(),
            options: options.clone(),
            topics: HashSet::new(),
        };
        tokio::spawn(keeper.run());
        Self { shared, orders, routers, seats, options }
    }

    /// Messages dropped because the router did not keep up.
    pub fn dropped(&self) -> u64 {
        self.shared.dropped.load(Relaxed)
    }

    /// Routers replaced so far, dead or worn.
    pub fn replaced(&self) -> u64 {
        self.shared.replaced.load(Relaxed)
    }

    /// Kills the router as the worst client could.
    #[cfg(test)]
    pub(in crate::mqtt) async fn kill(&self) {
        let _ = self.orders.send(Order::Poison).await;
    }
}

impl Fanout for RumqttdFanout {
    fn publish(&self, topic: &str, payload: Bytes, keep: bool) {
        let topic: Arc<str> = topic.into();
        // Numbered and queued under one lock, so that numbers rise in the queue.
        let mut latest = self.shared.latest();
        let sequence = latest.number(&topic, &payload, keep);
        if self.seats.available_permits() < self.options.subscribers
            && self.orders.try_send(Order::Publish(topic, sequence, payload)).is_err()
        {
            self.shared.dropped.fetch_add(1, Relaxed);
        }
    }

    fn forget(&self, filter: &str) {
        self.shared.latest().forget(filter);
    }

    fn join(&self, queue: usize, stats: Arc<DoorStats>) -> Option<Subscriber> {
        let seat = self.seats.clone().try_acquire_owned().ok()?;
        let (changes, incoming) = mpsc::channel(8);
        let (outgoing, mail) = mpsc::channel(queue.max(1));
        tokio::spawn(Pump::new(self.shared.clone(), self.routers.clone(), incoming, outgoing, stats, seat).run());
        Some(Subscriber { changes, mail })
    }
}

/// Owns the router: feeds it, watches it, replaces it.
struct Keeper {
    shared: Arc<Shared>,
    queue: mpsc::Receiver<Order>,
    routers: watch::Sender<Option<Arc<Router>>>,
    seats: Arc<Semaphore>,
    options: FanoutOptions,
    /// Topics this router has seen.
    topics: HashSet<Arc<str>>,
}

/// Why a router is no longer used.
enum Over {
    Dead,
    Worn,
    Stopped,
}

impl Keeper {
    async fn run(mut self) {
        for id in 0.. {
            let router = Router::start(id, self.options.subscribers);
            self.topics.clear();
            match self.keep(&router).await {
                Ok(Over::Stopped) => return,
                Ok(Over::Worn) => tracing::info!("replacing the fan-out's router, which never forgets a topic"),
                Ok(Over::Dead) => tracing::warn!("the fan-out's router died and is replaced; subscribers are linked to the new one"),
                Err(Gone) => {
                    tracing::warn!("the fan-out's router did not start; trying again");
                    tokio::time::sleep(RETRY).await;
                }
            }
            self.shared.replaced.fetch_add(1, Relaxed);
        }
    }

    async fn keep(&mut self, router: &Arc<Router>) -> Result<Over, Gone> {
        let mut canary = router.link(Some(CANARY)).await?;
        let mut publisher = router.link(None).await?;
        self.routers.send_replace(Some(router.clone()));
        let mut ticks = interval(self.options.canary);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        loop {
            tokio::select! {
                order = self.queue.recv() => match order {
                    Some(order) => self.carry_out(order, router, &mut publisher),
                    None => return Ok(Over::Stopped),
                },
                proof = canary.next() => match proof {
                    Ok(_) => heard = Instant::now(),
                    Err(Gone) => return Ok(Over::Dead),
                },
                _ = ticks.tick() => {
                    if heard.elapsed() > self.options.patience {
                        return Ok(Over::Dead);
                    }
                    let idle = self.seats.available_permits() == self.options.subscribers;
                    if router.wear() > self.options.wear * if idle { 1 } else { 16 } {
                        return Ok(Over::Worn);
                    }
                    publisher.publish(CANARY, 0, b"");
                }
            }
        }
    }

    fn carry_out(&mut self, order: Order, router: &Router, publisher: &mut Link) {
        match order {
            Order::Publish(topic, sequence, payload) => {
                if !publisher.publish(&topic, sequence, &payload) {
                    self.shared.dropped.fetch_add(1, Relaxed);
                }
                if !self.topics.contains(&topic) && self.topics.insert(topic) {
                    router.wears();
                }
            }
            #[cfg(test)]
            Order::Poison => publisher.poison(),
        }
    }
}

#[cfg(test)]
mod tests;
