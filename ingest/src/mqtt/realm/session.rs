//! One client's session in a realm: what it subscribed to, what is on its way, what waits.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use messwerk_lessons::topic;
use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::Publish;
use tokio::sync::Notify;

/// Messages that wait for one client, connected or not, and their bytes. Full: the newest is dropped and counted.
const QUEUE: usize = 1_000;
const QUEUE_BYTES: usize = 1 << 20;
/// QoS 1 and 2 messages on their way to one client. Full: the rest waits in the queue.
const INFLIGHT: usize = 20;
/// Filters of one client. One more is refused.
const FILTERS: usize = 100;

/// A message for one client.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    pub(super) topic: Arc<str>,
    pub(super) payload: Bytes,
    pub(super) qos: QoS,
    pub(super) retain: bool,
}

/// A QoS 1 or 2 message that was sent and is not yet acknowledged.
#[derive(Debug)]
struct Sent {
    pkid: u16,
    /// `None` after PUBREC: only the PUBREL is repeated.
    message: Option<Outgoing>,
    /// Sent over the present connection.
    now: bool,
}

#[derive(Debug)]
pub(super) struct Session {
    pub(super) clean: bool,
    /// The connection that has this session, and what wakes its delivery.
    pub(super) connection: Option<(u64, Arc<Notify>)>,
    filters: BTreeMap<String, QoS>,
    queue: VecDeque<Outgoing>,
    queued_bytes: usize,
    sent: VecDeque<Sent>,
    next: u16,
    /// QoS 2 packet ids between PUBLISH and PUBREL.
    received: HashSet<u16>,
}

impl Session {
    pub(super) fn new(clean: bool) -> Self {
        Self {
            clean,
            connection: None,
            filters: BTreeMap::new(),
            queue: VecDeque::new(),
            queued_bytes: 0,
            sent: VecDeque::new(),
            next: 0,
            received: HashSet::new(),
        }
    }

    /// A new connection takes the session up: everything unacknowledged is sent again.
    pub(super) fn resume(&mut self, connection: u64, wake: Arc<Notify>) {
        self.connection = Some((connection, wake));
        self.sent.iter_mut().for_each(|sent| sent.now = false);
    }

    /// Adds or replaces a filter; `false` when there are too many.
    pub(super) fn subscribe(&mut self, filter: &str, qos: QoS) -> bool {
        let room = self.filters.len() < FILTERS || self.filters.contains_key(filter);
        if room {
            self.filters.insert(filter.to_owned(), qos);
        }
        room
    }

    pub(super) fn unsubscribe(&mut self, filter: &str) {
        self.filters.remove(filter);
    }

    /// The QoS at which this client gets a message, the highest of its filters that match; `None` if none does.
    pub(super) fn wants(&self, name: &str, qos: QoS) -> Option<QoS> {
        let matching = self.filters.iter().filter(|(filter, _)| topic::matches(filter, name));
        matching.map(|(_, &granted)| least(granted, qos)).max_by_key(|&qos| qos as u8)
    }

    /// Queues a message; `false` when the queue is full and it is dropped. An absent client misses QoS 0.
    pub(super) fn push(&mut self, message: Outgoing) -> bool {
        if self.connection.is_none() && message.qos == QoS::AtMostOnce {
            return true;
        }
        let room = self.queue.len() < QUEUE && self.queued_bytes + message.payload.len() <= QUEUE_BYTES;
        if room {
            self.queued_bytes += message.payload.len();
            self.queue.push_back(message);
        }
        self.wake();
        room
    }

    pub(super) fn wake(&self) {
        if let Some((_, wake)) = &self.connection {
            wake.notify_one();
        }
    }

    /// What can be sent now: first again what the last connection left, in its order, then what is queued.
    pub(super) fn ready(&mut self) -> Bytes {
        let mut out = BytesMut::new();
        for sent in self.sent.iter_mut().filter(|sent| !sent.now) {
            sent.now = true;
            match &sent.message {
                Some(message) => write(message, sent.pkid, true, &mut out),
                None => {
                    out.put_slice(&[0x62, 2]);
                    out.put_u16(sent.pkid);
                }
            }
        }
        while let Some(message) = self.queue.front() {
            let pkid = match message.qos {
                QoS::AtMostOnce => 0,
                _ if self.sent.len() < INFLIGHT => free_id(&mut self.next, &self.sent),
                _ => break,
            };
            write(message, pkid, false, &mut out);
            self.queued_bytes -= message.payload.len();
            if let Some(message) = self.queue.pop_front().filter(|_| pkid != 0) {
                self.sent.push_back(Sent { pkid, message: Some(message), now: true });
            }
        }
        out.freeze()
    }

    /// PUBACK or PUBCOMP: delivered.
    pub(super) fn acknowledged(&mut self, pkid: u16) {
        self.sent.retain(|sent| sent.pkid != pkid);
        self.wake();
    }

    /// PUBREC: only PUBREL is left of it.
    pub(super) fn received(&mut self, pkid: u16) {
        self.sent.iter_mut().filter(|sent| sent.pkid == pkid).for_each(|sent| sent.message = None);
    }

    /// Whether a QoS 2 publish with this id is new.
    pub(super) fn receive(&mut self, pkid: u16) -> bool {
        self.received.insert(pkid)
    }

    /// PUBREL: the id is free again.
    pub(super) fn release(&mut self, pkid: u16) {
        self.received.remove(&pkid);
    }
}

/// The lower of two QoS.
pub(super) fn least(one: QoS, other: QoS) -> QoS {
    if (one as u8) < (other as u8) { one } else { other }
}

fn write(message: &Outgoing, pkid: u16, dup: bool, out: &mut BytesMut) {
    let mut publish = Publish::from_bytes(&*message.topic, message.qos, message.payload.clone());
    (publish.pkid, publish.dup, publish.retain) = (pkid, dup, message.retain);
    // It was read from a packet, so it fits into one.
    let _ = publish.write(out);
}

/// A packet id that is not on its way; there are many more than [`INFLIGHT`].
fn free_id(last: &mut u16, sent: &VecDeque<Sent>) -> u16 {
    loop {
        *last = last.checked_add(1).unwrap_or(1);
        if sent.iter().all(|sent| sent.pkid != *last) {
            return *last;
        }
    }
}
