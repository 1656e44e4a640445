//! One of rumqttd's routers and local links to it, with its traps covered.
//!
//! - A topic whose first character is not ASCII panics the router: every topic in it begins with [`PREFIX`].
//! - `$share` groups panic it: subscriptions are made by us, below the prefix only.
//! - A link is parked after 199 messages until told to go on, and telling it at any other time panics a debug build:
//!   [`Link::next`] does it at the right one.
//! - Kept payloads pin the buffer they were read into: ours are copied, with our number in front.
//! - Filters, topics and client ids are never forgotten: [`Router::wear`] counts them.
//! - Making a link blocks: done on a blocking thread, few at once, so that a router that hangs holds few threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

#[cfg(test)]
use bytes::Bytes;
use bytes::{Buf, BufMut, BytesMut};
use rumqttd::local::{LinkRx, LinkTx};
use rumqttd::protocol::{Disconnect, DisconnectReasonCode, Packet};
use rumqttd::{Broker, Config, Notification, RouterConfig};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::Message;

/// First levels of every topic in the router.
const PREFIX: &str = "m/";
/// Bytes of one segment of a filter's log, two of which are kept. rumqttd holds four times as much memory; a subscriber
/// that falls further behind loses messages, which QoS 0 may.
const SEGMENT: usize = 64 * 1024;
/// Links that are made at once.
const MAKING: usize = 4;
/// Time for a new link's subscription to be answered.
const ANSWER: Duration = Duration::from_secs(2);

/// A running router. Its thread cannot be stopped: a replaced one leaks it, parked, knowingly.
pub(super) struct Router {
    broker: Broker,
    making: Semaphore,
    wear: AtomicUsize,
}

/// The router does not answer, or has thrown this link out.
#[derive(Debug)]
pub(super) struct Gone;

impl Router {
    /// Starts a router for so many links; one more than it allows would be fatal to it, so it allows twice as many,
    /// for links that are just being replaced.
    pub(super) fn start(id: usize, links: usize) -> Arc<Self> {
        let router = RouterConfig {
            max_connections: 2 * links + 16,
            max_outgoing_packet_count: 200,
            max_segment_size: SEGMENT,
            max_segment_count: 2,
            ..RouterConfig::default()
        };
        let broker = Broker::new(Config { id, router, ..Config::default() });
        Arc::new(Self { broker, making: Semaphore::new(MAKING), wear: AtomicUsize::new(0) })
    }

    /// How many links, filters and topics it has seen and will never forget.
    pub(super) fn wear(&self) -> usize {
        self.wear.load(Relaxed)
    }

    /// Counts something it will never forget.
    pub(super) fn wears(&self) {
        self.wear.fetch_add(1, Relaxed);
    }

    /// A link that is subscribed to `filter`, if one is given, when this returns.
    pub(super) async fn link(self: &Arc<Self>, filter: Option<&str>) -> Result<Link, Gone> {
        self.wears();
        // The semaphore is never closed.
        let _permit = self.making.acquire().await;
        let router = self.clone();
        // A random id: they share one namespace, and an equal one would throw the older link out.
        let made = tokio::task::spawn_blocking(move || router.broker.link(&format!("{:016x}", rand::random::<u64>())).ok());
        let (tx, rx) = made.await.ok().flatten().ok_or(Gone)?;
        let mut link = Link { tx, rx };
        if let Some(filter) = filter {
            self.wears();
            link.tx.try_subscribe(format!("{PREFIX}{filter}")).map_err(|_| Gone)?;
            timeout(ANSWER, link.acknowledged()).await.map_err(|_| Gone)??;
        }
        Ok(link)
    }
}

/// A local link. Dropping it gives its place back as soon as the router gets to it.
pub(super) struct Link {
    tx: LinkTx,
    rx: LinkRx,
}

impl Link {
    async fn acknowledged(&mut self) -> Result<(), Gone> {
        loop {
            if let Some(Notification::DeviceAck(_)) = self.rx.next().await.map_err(|_| Gone)? {
                return Ok(());
            }
        }
    }

    /// Sends a numbered message. `false`: the router's queue is full (the message goes with the next one that fits), or
    /// the router is dead, which whoever waits for [`Self::next`] learns.
    pub(super) fn publish(&mut self, topic: &str, sequence: u64, payload: &[u8]) -> bool {
        let mut numbered = BytesMut::with_capacity(8 + payload.len());
        numbered.put_u64(sequence);
        numbered.put_slice(payload);
        self.tx.try_publish(format!("{PREFIX}{topic}"), numbered.freeze()).is_ok()
    }

    /// The next message and its number. Cancelling loses nothing.
    pub(super) async fn next(&mut self) -> Result<(u64, Message), Gone> {
        loop {
            match self.rx.next().await.map_err(|_| Gone)? {
                Some(Notification::Forward(forward)) => {
                    let mut payload = forward.publish.payload;
                    let topic = std::str::from_utf8(&forward.publish.topic).ok().and_then(|topic| topic.strip_prefix(PREFIX));
                    // Nobody but us publishes here.
                    let (Some(topic), Ok(sequence)) = (topic, payload.try_get_u64()) else { continue };
                    return Ok((sequence, Message { topic: topic.into(), payload, retained: false }));
                }
                Some(Notification::Unschedule) => self.rx.wake().await.map_err(|_| Gone)?,
                Some(Notification::Disconnect(..)) => return Err(Gone),
                _ => {}
            }
        }
    }

    /// Kills the router by one of the messages that do.
    #[cfg(test)]
    pub(super) fn poison(&mut self) {
        let _ = self.tx.try_publish("Übung/1", Bytes::from_static(b"x"));
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let reason_code = DisconnectReasonCode::NormalDisconnection;
        self.tx.buffer().push_back(Packet::Disconnect(Disconnect { reason_code }, None));
        // Only wakes the router, which stops reading at the packet before. Full or dead: the place is given back with
        // the router.
        let _ = self.tx.try_unsubscribe(PREFIX);
    }
}
