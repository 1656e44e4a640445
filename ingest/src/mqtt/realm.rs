//! The open realm: a small complete MQTT 3.1.1 broker for principals that the configuration trusts, off by default.
//!
//! Free topics below a root, retained messages, wills, sessions that outlive their connection, QoS 0 to 2 in and out,
//! all in memory and bounded. It shares nothing with lessons: no publish in a realm is ever a reading.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{BufMut, Bytes, BytesMut};
use messwerk_lessons::topic;
use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::{LastWill, Packet, Publish, SubAck, Subscribe, SubscribeReasonCode, UnsubAck};
use tokio::sync::{Notify, mpsc};

use super::presence::Owner;
use super::stats::{DoorStats, Refused};
use super::writer::Reply;

mod namespace;
mod session;

use namespace::Namespace;

/// All realms of a door.
#[derive(Debug)]
pub(super) struct Realms {
    /// Bytes of a topic or filter.
    longest: usize,
    namespaces: Mutex<HashMap<Owner, Arc<Mutex<Namespace>>>>,
    connections: AtomicU64,
}

/// One connection inside a realm.
#[derive(Debug)]
pub(super) struct Member {
    namespace: Arc<Mutex<Namespace>>,
    root: String,
    /// Bytes of a topic or filter.
    longest: usize,
    client_id: String,
    /// Which of the session's connections this is: an older one does not touch the session any more.
    connection: u64,
    wake: Arc<Notify>,
    stats: Arc<DoorStats>,
}

/// A namespace is valid after each of its methods, so a poisoned lock is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Realms {
    /// No realm yet; topics and filters will have at most `longest` bytes.
    pub(super) fn new(longest: usize) -> Self {
        Self { longest, namespaces: Mutex::default(), connections: AtomicU64::new(0) }
    }

    /// Joins a realm; whether a session was there. `None` when there is no room for one more session.
    pub(super) fn join(&self, owner: Owner, root: String, client_id: &str, clean: bool, stats: &Arc<DoorStats>) -> Option<(Member, bool)> {
        let namespace = lock(&self.namespaces).entry(owner).or_default().clone();
        let connection = self.connections.fetch_add(1, Relaxed) + 1;
        // No client can send U+0000, so a generated id is nobody's.
        let client_id = if client_id.is_empty() { format!("\0{connection}") } else { client_id.to_owned() };
        let wake = Arc::new(Notify::new());
        let present = lock(&namespace).join(&client_id, clean, connection, wake.clone())?;
        Some((Member { namespace, root, longest: self.longest, client_id, connection, wake, stats: stats.clone() }, present))
    }
}

impl Member {
    /// Starts to deliver: first what the last connection left unacknowledged, then what is queued. Ends when this
    /// member leaves.
    pub(super) fn deliver(&self, replies: mpsc::WeakSender<Reply>) {
        let (namespace, wake) = (self.namespace.clone(), self.wake.clone());
        let (client_id, connection) = (self.client_id.clone(), self.connection);
        tokio::spawn(async move {
            loop {
                let Some(ready) = lock(&namespace).ready(&client_id, connection) else { return };
                if !ready.is_empty() {
                    let Some(replies) = replies.upgrade() else { return };
                    if replies.send(Reply::Now(ready)).await.is_err() {
                        return;
                    }
                }
                wake.notified().await;
            }
        });
    }

    /// Takes a packet and says what is answered at once.
    pub(super) fn take(&self, packet: Packet) -> Result<Bytes, Refused> {
        let mut out = BytesMut::new();
        match packet {
            Packet::Publish(publish) => self.publish(publish, &mut out)?,
            Packet::Subscribe(subscribe) => self.subscribe(subscribe, &mut out),
            Packet::Unsubscribe(unsubscribe) => {
                lock(&self.namespace).unsubscribe(&self.client_id, &unsubscribe.topics);
                let _ = UnsubAck::new(unsubscribe.pkid).write(&mut out);
            }
            Packet::PubRel(release) => {
                lock(&self.namespace).release(&self.client_id, release.pkid);
                acknowledge(&mut out, 0x70, release.pkid);
            }
            Packet::PubAck(ack) => lock(&self.namespace).acknowledged(&self.client_id, ack.pkid),
            Packet::PubComp(ack) => lock(&self.namespace).acknowledged(&self.client_id, ack.pkid),
            Packet::PubRec(ack) => {
                lock(&self.namespace).received(&self.client_id, ack.pkid);
                acknowledge(&mut out, 0x62, ack.pkid);
            }
            // The session answers these itself, or has refused them.
            _ => {}
        }
        Ok(out.freeze())
    }

    fn publish(&self, publish: Publish, out: &mut BytesMut) -> Result<(), Refused> {
        if !self.may(&publish.topic) {
            return Err(Refused::TopicNotAllowed);
        }
        let mut namespace = lock(&self.namespace);
        let fresh = match publish.qos {
            QoS::AtMostOnce => true,
            QoS::AtLeastOnce => {
                acknowledge(out, 0x40, publish.pkid);
                true
            }
            QoS::ExactlyOnce => {
                acknowledge(out, 0x50, publish.pkid);
                namespace.receive(&self.client_id, publish.pkid)
            }
        };
        if fresh {
            namespace.publish(publish.topic, copy(&publish.payload), publish.qos, publish.retain, &self.stats);
        }
        Ok(())
    }

    fn subscribe(&self, subscribe: Subscribe, out: &mut BytesMut) {
        let mut namespace = lock(&self.namespace);
        let mut decide = |filter: rumqttc::mqttbytes::v4::SubscribeFilter| {
            if self.may(&filter.path) && namespace.subscribe(&self.client_id, &filter.path, filter.qos, &self.stats) {
                SubscribeReasonCode::Success(filter.qos)
            } else {
                self.stats.refuse(Refused::Subscription);
                SubscribeReasonCode::Failure
            }
        };
        let codes = subscribe.filters.into_iter().map(&mut decide).collect();
        let _ = SubAck::new(subscribe.pkid, codes).write(out);
    }

    /// Whether a topic or filter lies below this principal's root and is not too long.
    fn may(&self, filter: &str) -> bool {
        filter.len() <= self.longest && (self.root.is_empty() || topic::covers(&format!("{}/#", self.root), filter))
    }

    /// The connection ends: the will is published unless the client said goodbye, a clean session is forgotten.
    pub(super) fn leave(&self, will: Option<LastWill>) {
        let mut namespace = lock(&self.namespace);
        namespace.leave(&self.client_id, self.connection);
        self.wake.notify_one();
        match will {
            Some(will) if self.may(&will.topic) => {
                namespace.publish(will.topic, copy(&will.message), will.qos, will.retain, &self.stats);
            }
            Some(_) => self.stats.refuse(Refused::Will),
            None => {}
        }
    }
}

/// Out of the read buffer, which a kept payload would pin.
fn copy(payload: &Bytes) -> Bytes {
    Bytes::copy_from_slice(payload)
}

fn acknowledge(out: &mut BytesMut, first: u8, pkid: u16) {
    out.put_slice(&[first, 2]);
    out.put_u16(pkid);
}

#[cfg(test)]
mod tests;
