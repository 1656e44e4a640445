//! The publishing side of a connection: whose topic it is, the batch of one read, the window of what waits for its
//! commit.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use messwerk_lessons::topic;
use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::{LastWill, Publish};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::admission::{Login, Refusal, Sender, ThingAccess};
use crate::codec;
use crate::pipeline::{Packet, Room};

use super::door::Shared;
use super::presence::{Claim, Line, Owner};
use super::stats::Refused;
use super::writer::Pending;

/// Bookkeeping bytes counted for a packet besides its payload.
const OVERHEAD: usize = 256;
/// Topics remembered per connection: a phone has one per sensor. More: forgotten and asked for again.
const TOPICS: usize = 64;

struct Known {
    name: String,
    access: Arc<ThingAccess>,
    stream: Arc<str>,
    until: Instant,
}

/// Publishes of one connection.
pub(super) struct Publisher {
    shared: Arc<Shared>,
    line: Arc<Line>,
    client_id: String,
    /// `None` until the first accepted topic of a connection without user name.
    pub(super) who: Option<Login>,
    claim: Option<Claim>,
    /// In no order: a comparison of some names costs less than a hash of one.
    topics: Vec<Known>,
    /// Packet ids of QoS 2 publishes between PUBLISH and PUBREL; at most 65,535.
    unreleased: HashSet<u16>,
    packets: Vec<Packet>,
    acks: BytesMut,
    cost: usize,
    window: Arc<Semaphore>,
    /// When the current batch was read.
    now: Instant,
}

impl Publisher {
    pub(super) fn new(shared: Arc<Shared>, line: Arc<Line>, client_id: String, who: Option<Login>, claim: Option<Claim>) -> Self {
        let window = Arc::new(Semaphore::new(window(&shared)));
        Self {
            shared,
            line,
            client_id,
            who,
            claim,
            topics: Vec::new(),
            unreleased: HashSet::new(),
            packets: Vec::new(),
            acks: BytesMut::new(),
            cost: 0,
            window,
            now: Instant::now(),
        }
    }

    /// Called once per read: all packets of one read share one arrival.
    pub(super) fn tick(&mut self, now: Instant) {
        self.now = now;
    }

    /// Adds a publish to the batch. `Err` ends the connection.
    pub(super) async fn take(&mut self, publish: Publish) -> Result<(), Refused> {
        // A station retains what it is and whether it is there: nobody reads it here, and nothing is wrong.
        let of_station = matches!(&self.who, Some(Login::Thing(access)) if access.station.is_some());
        if publish.retain && !of_station {
            self.shared.stats.refuse(Refused::Retain);
        }
        if publish.payload.len() > self.shared.limits.packet_bytes {
            return Err(Refused::Oversized);
        }
        let resolved = self.resolve(&publish.topic, &publish.payload).await?;
        match publish.qos {
            QoS::AtMostOnce => {}
            QoS::AtLeastOnce => self.acknowledge(0x40, publish.pkid),
            QoS::ExactlyOnce => {
                // PUBREC waits for the commit like a PUBACK, so that PUBCOMP can only come later.
                self.acknowledge(0x50, publish.pkid);
                if !self.unreleased.insert(publish.pkid) {
                    return Ok(());
                }
            }
        }
        // Of nobody, and nothing: acknowledged, for it is no error and will not be sent again.
        let Some((access, stream)) = resolved else { return Ok(()) };
        self.cost += publish.payload.len() + OVERHEAD;
        self.packets.push(Packet { access, stream, payload: publish.payload, received: 0, content_type: Arc::default() });
        Ok(())
    }

    /// PUBREL: the id is free again; PUBCOMP follows all earlier acknowledgements.
    pub(super) fn release(&mut self, pkid: u16) {
        self.unreleased.remove(&pkid);
        self.acknowledge(0x70, pkid);
    }

    /// Whether the batch has grown so far that it must be submitted before more is taken.
    pub(super) fn full(&self) -> bool {
        self.cost >= window(&self.shared) / 2 || self.acks.len() >= 4096
    }

    /// Room for a packet of so many bytes that is about to be read, at its Thing's turn.
    pub(super) async fn room(&self, bytes: usize) -> Room {
        let thing = if let Some(Login::Thing(access)) = &self.who { Some(access.thing) } else { None };
        self.shared.intake.room(thing, bytes).await
    }

    /// Submits the batch, in the room that was made for it if it was. Waits while the window is full or the pipeline
    /// takes no more. `None` when there is nothing to acknowledge later.
    pub(super) async fn submit(&mut self, room: Option<Room>) -> Result<Option<Pending>, Refused> {
        let acks = self.acks.split().freeze();
        if self.packets.is_empty() {
            return Ok((!acks.is_empty()).then_some(Pending { commit: None, acks, window: None }));
        }
        let cost = std::mem::take(&mut self.cost);
        let mut packets = std::mem::take(&mut self.packets);
        let received = self.shared.clock.now();
        for packet in &mut packets {
            packet.received = received;
        }
        let window = self.reserve(cost).await;
        self.shared.stats.publish(packets.len(), cost - OVERHEAD * packets.len());
        let commit = self.shared.intake.submit(packets, room).await.map_err(|error| {
            tracing::warn!(%error, "closing an MQTT connection: the pipeline takes no packets");
            Refused::StoreError
        })?;
        Ok(Some(Pending { commit: Some(commit), acks, window }))
    }

    async fn reserve(&self, cost: usize) -> Option<OwnedSemaphorePermit> {
        // A single packet may cost more than a small window: it then takes the whole of it.
        let cost = cost.min(window(&self.shared));
        let permits = u32::try_from(cost).unwrap_or(u32::MAX);
        // The semaphore is never closed.
        self.window.clone().acquire_many_owned(permits).await.ok()
    }

    fn acknowledge(&mut self, first: u8, pkid: u16) {
        self.acks.put_slice(&[first, 2]);
        self.acks.put_u16(pkid);
    }

    /// Whose topic this is, if the connection may publish to it; `None` if it is nobody's yet and this payload, without a
    /// reading, makes it nobody's either.
    pub(super) async fn resolve(&mut self, name: &str, payload: &[u8]) -> Result<Option<(Arc<ThingAccess>, Arc<str>)>, Refused> {
        let known = self.topics.iter().position(|known| known.name == name);
        if let Some(Known { access, stream, until, .. }) = known.map(|at| &self.topics[at])
            && self.now < *until
        {
            return Ok(Some((access.clone(), stream.clone())));
        }
        let Some((access, stream)) = self.admit(name, payload).await? else { return Ok(None) };
        match known {
            Some(stale) => drop(self.topics.swap_remove(stale)),
            None if self.topics.len() >= TOPICS => self.topics.clear(),
            None => {}
        }
        let until = self.now + self.shared.limits.recheck;
        self.topics.push(Known { name: name.to_owned(), access: access.clone(), stream: stream.clone(), until });
        Ok(Some((access, stream)))
    }

    /// Asks whose topic this is, and gives a connection without owner its owner.
    async fn admit(&mut self, name: &str, payload: &[u8]) -> Result<Option<(Arc<ThingAccess>, Arc<str>)>, Refused> {
        if name.len() > self.shared.limits.topic_bytes {
            return Err(Refused::TopicNotAllowed);
        }
        // A station that has logged in speaks in the topics its devices have.
        if let Some(Login::Thing(own)) = &self.who
            && own.station.as_ref().is_some_and(|station| station.0.may_publish(name))
        {
            return Ok(Some((own.clone(), name.into())));
        }
        let Some((token, stream)) = topic::ingest_below(name) else {
            // Its owner sees a device that connects for ever and a page on which nothing arrives: the topic is what to mend.
            if let Some(Login::Thing(own)) = &self.who
                && own.station.is_some()
            {
                tracing::warn!(station = %own.lesson, "it published to {name:?}, which is none of its topics, and was disconnected");
            }
            return Err(Refused::TopicNotAllowed);
        };
        if matches!(self.who, Some(Login::Teacher(_) | Login::Realm { .. })) {
            return Err(Refused::TopicNotAllowed);
        }
        let refused = |refusal| match refusal {
            Refusal::Unavailable => Refused::Unavailable,
            Refusal::UnknownToken | Refusal::BadCredentials | Refusal::Locked | Refusal::Full => Refused::UnknownToken,
        };
        let access = match self.shared.admission.sender(token).await.map_err(refused)? {
            // Only a station's devices have topics of more levels.
            Sender::Thing(access) if access.station.is_none() && stream.contains('/') => return Err(Refused::TopicNotAllowed),
            Sender::Thing(access) => access,
            Sender::Reserved if stream.contains('/') => return Err(Refused::TopicNotAllowed),
            Sender::Reserved if !codec::decode(stream, payload, self.shared.clock.now()).has_readings() => return Ok(None),
            Sender::Reserved => self.shared.admission.thing(token).await.map_err(refused)?,
        };
        match &self.who {
            Some(Login::Thing(own)) if own.thing != access.thing || own.lesson != access.lesson => return Err(Refused::ForeignToken),
            Some(_) => {}
            None => {
                self.claim = self.shared.claim(Owner::Thing(access.thing), &self.client_id, &self.line);
                self.who = Some(Login::Thing(access.clone()));
            }
        }
        Ok(Some((access, stream.into())))
    }

    /// Publishes the will if its owner may publish it; else counts it. Nobody waits for its commit.
    pub(super) async fn will(&mut self, will: LastWill) {
        let publish = Publish { dup: false, qos: QoS::AtMostOnce, retain: will.retain, topic: will.topic, pkid: 0, payload: will.message };
        // A will cannot give a connection its owner: nothing was ever accepted from it.
        let admitted = self.who.is_some() && self.take(publish).await.is_ok();
        if !admitted || self.submit(None).await.is_err() {
            self.shared.stats.refuse(Refused::Will);
        }
    }
}

/// Permits of a connection's window, one per byte.
fn window(shared: &Shared) -> usize {
    shared.limits.window_bytes.clamp(OVERHEAD, u32::MAX as usize)
}

/// A PINGRESP.
pub(super) fn pingresp() -> Bytes {
    Bytes::from_static(&[0xd0, 0])
}
