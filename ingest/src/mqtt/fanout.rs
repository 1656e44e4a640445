//! Messages to MQTT subscribers: the trait that sessions and the hub know.
//!
//! What a fan-out loses or breaks costs a subscriber a message and nobody a sample: storage and live charts never
//! pass through it.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::mpsc;

use super::stats::DoorStats;

mod latest;
mod pump;
mod router;
mod rumqttd_link;

pub use router::{FanoutOptions, RumqttdFanout};

/// One message on its way to one subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Topic name.
    pub topic: Arc<str>,
    /// Body.
    pub payload: Bytes,
    /// Sent because of a new subscription, not because it was just published.
    pub retained: bool,
}

/// A change of what a subscriber wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// One more filter, valid and allowed; the latest messages it matches follow at once.
    Add(String),
    /// One filter less.
    Remove(String),
}

/// One subscribing connection's end of the fan-out. Dropping `changes` leaves.
#[derive(Debug)]
pub struct Subscriber {
    /// Bounded; waits when full.
    pub changes: mpsc::Sender<Change>,
    /// Bounded; when full the newest message is dropped and counted as `slow_subscriber`.
    pub mail: mpsc::Receiver<Message>,
}

/// Delivers messages to subscribers, at most once and in order per topic.
pub trait Fanout: Send + Sync + 'static {
    /// Sends to everybody whose filters match; never waits. With `keep` the message is also what a later subscriber
    /// gets at once (an empty payload removes it).
    fn publish(&self, topic: &str, payload: Bytes, keep: bool);

    /// Forgets the kept messages whose topics match: on return no later subscriber gets them.
    fn forget(&self, filter: &str);

    /// A place for one more subscriber with a queue of `queue` messages; `None` when there is no room.
    fn join(&self, queue: usize, stats: Arc<DoorStats>) -> Option<Subscriber>;
}
