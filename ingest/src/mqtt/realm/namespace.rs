//! What the principals of one realm share: sessions and retained messages.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use messwerk_lessons::topic;
use rumqttc::mqttbytes::QoS;
use tokio::sync::Notify;

use super::session::{Outgoing, Session, least};
use crate::mqtt::stats::{DoorStats, Refused};

/// Sessions, connected or not; with their queues at most 100 MiB. Full: CONNACK 3.
const SESSIONS: usize = 100;
/// Retained messages. Full: a new topic's is not retained, and counted.
const RETAINED: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct Namespace {
    sessions: HashMap<String, Session>,
    retained: BTreeMap<Arc<str>, (Bytes, QoS)>,
}

impl Namespace {
    /// Takes up a session or begins one; whether there was one. `None` when there is no room.
    pub(super) fn join(&mut self, client_id: &str, clean: bool, connection: u64, wake: Arc<Notify>) -> Option<bool> {
        // A session that was begun as a clean one ends with its connection, also when it is taken over.
        let kept = !clean && self.sessions.get(client_id).is_some_and(|session| !session.clean);
        if !kept {
            if self.sessions.len() >= SESSIONS && !self.sessions.contains_key(client_id) {
                return None;
            }
            self.sessions.insert(client_id.to_owned(), Session::new(clean));
        }
        let session = self.sessions.get_mut(client_id)?;
        session.resume(connection, wake);
        Some(kept)
    }

    /// The connection is gone; a newer one keeps the session.
    pub(super) fn leave(&mut self, client_id: &str, connection: u64) {
        if let Some(session) = self.sessions.get_mut(client_id)
            && session.connection.as_ref().is_some_and(|(current, _)| *current == connection)
        {
            session.connection = None;
            if session.clean {
                self.sessions.remove(client_id);
            }
        }
    }

    /// Bytes to send on this connection; `None` when the session has another one.
    pub(super) fn ready(&mut self, client_id: &str, connection: u64) -> Option<Bytes> {
        let session = self.sessions.get_mut(client_id)?;
        let current = session.connection.as_ref().is_some_and(|(current, _)| *current == connection);
        current.then(|| session.ready())
    }

    /// Retains and delivers a message: once to each client, at the highest QoS of its filters that match.
    pub(super) fn publish(&mut self, name: String, payload: Bytes, qos: QoS, retain: bool, stats: &DoorStats) {
        let name: Arc<str> = name.into();
        if retain && payload.is_empty() {
            self.retained.remove(&name);
        } else if retain && (self.retained.len() < RETAINED || self.retained.contains_key(&name)) {
            self.retained.insert(name.clone(), (payload.clone(), qos));
        } else if retain {
            stats.refuse(Refused::Retain);
        }
        for session in self.sessions.values_mut() {
            if let Some(qos) = session.wants(&name, qos)
                && !session.push(Outgoing { topic: name.clone(), payload: payload.clone(), qos, retain: false })
            {
                stats.refuse(Refused::SlowSubscriber);
            }
        }
    }

    /// Subscribes; retained messages follow, also for a filter subscribed to again. `false` when there is no room.
    pub(super) fn subscribe(&mut self, client_id: &str, filter: &str, granted: QoS, stats: &DoorStats) -> bool {
        let Some(session) = self.sessions.get_mut(client_id) else { return false };
        if !session.subscribe(filter, granted) {
            return false;
        }
        for (name, (payload, qos)) in self.retained.iter().filter(|(name, _)| topic::matches(filter, name)) {
            let message = Outgoing { topic: name.clone(), payload: payload.clone(), qos: least(*qos, granted), retain: true };
            if !session.push(message) {
                stats.refuse(Refused::SlowSubscriber);
            }
        }
        true
    }

    pub(super) fn unsubscribe(&mut self, client_id: &str, filters: &[String]) {
        if let Some(session) = self.sessions.get_mut(client_id) {
            filters.iter().for_each(|filter| session.unsubscribe(filter));
        }
    }

    pub(super) fn acknowledged(&mut self, client_id: &str, pkid: u16) {
        if let Some(session) = self.sessions.get_mut(client_id) {
            session.acknowledged(pkid);
        }
    }

    pub(super) fn received(&mut self, client_id: &str, pkid: u16) {
        if let Some(session) = self.sessions.get_mut(client_id) {
            session.received(pkid);
        }
    }

    pub(super) fn receive(&mut self, client_id: &str, pkid: u16) -> bool {
        self.sessions.get_mut(client_id).is_some_and(|session| session.receive(pkid))
    }

    pub(super) fn release(&mut self, client_id: &str, pkid: u16) {
        if let Some(session) = self.sessions.get_mut(client_id) {
            session.release(pkid);
        }
    }
}
