//! The hub's side of a station, as the pipeline needs it: how it speaks, and whose readings its channels are.

use std::fmt;
use std::sync::Arc;

use messwerk_lessons::id::ThingId;
use messwerk_store::Error;

use crate::station::{Channel, Message, Report};

/// What the hub knows of one station. Called for each of its messages, one at a time.
pub trait Desk: Send + Sync + 'static {
    /// Decodes a message by the station's settings, and learns from it what it tells of later ones.
    fn read(&self, message: &Message<'_>) -> Report;

    /// The Thing of a channel. A channel that is heard of for the first time becomes one, which waits for the disk.
    fn thing(&self, channel: &Channel) -> Result<ThingId, Error>;

    /// Whether the station may publish to a topic outside `in/…`, beyond which it is its credential that opens.
    fn may_publish(&self, topic: &str) -> bool;
}

/// A station's desk. Two are equal if they are the same one.
#[derive(Clone)]
pub struct Station(pub Arc<dyn Desk>);

impl PartialEq for Station {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Station {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Station")
    }
}
