//! One station's desk: decodes its messages, learns from its discovery, and knows whose Things its channels are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use messwerk_ingest::desk::Desk;
use messwerk_ingest::station::{self, Channel, Context, Format, Message, Report};
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::topic;
use messwerk_store::catalogue::{Payload, Station};
use messwerk_store::{Error, Store};
use tokio::sync::mpsc;

use super::redact;
use super::settings::Settings;
use crate::access::waiting;
use crate::mint;

/// A station that somebody sends to.
pub struct OpenDesk {
    log: LessonId,
    store: Arc<Store>,
    format: Option<Format>,
    topics: Vec<String>,
    context: RwLock<Context>,
    channels: Mutex<HashMap<Channel, ThingId>>,
    payloads: mpsc::Sender<(LessonId, Payload)>,
}

impl OpenDesk {
    /// Of a station as the catalogue has it.
    pub(super) fn new(station: &Station, store: Arc<Store>, payloads: mpsc::Sender<(LessonId, Payload)>) -> Result<Self, Error> {
        let log = station.log;
        let settings = Settings::read(&station.settings).unwrap_or_else(|| {
            tracing::error!(station = %log, "its settings cannot be read; what it sends is kept for looking at it only");
            Settings::named("")
        });
        let mut context = settings.context;
        for (topic, what) in store.catalogue().learned(log)? {
            if let Ok(what) = serde_json::from_str(&what) {
                context.learned.insert(topic, what);
            }
        }
        let channels = store.catalogue().station_channels(log)?;
        let channels = channels.into_iter().map(|(name, thing)| (Channel::new(&name), thing)).collect();
        let (format, topics) = (settings.format, settings.topics);
        Ok(Self { log, store, format, topics, context: RwLock::new(context), channels: Mutex::new(channels), payloads })
    }

    /// How the station speaks; `None` while that is not set.
    pub(super) fn format(&self) -> Option<Format> {
        self.format
    }

    /// Keeps a copy of what arrived for whoever looks. With many waiting it is left out: the readings are not.
    fn keep(&self, message: &Message<'_>) {
        let body = if message.body.is_empty() { redact::form(message.query).into_bytes() } else { redact::payload(message.body) };
        let payload = Payload { at: message.received, door: message.topic.to_owned(), payload: body };
        self.payloads.try_send((self.log, payload)).ok();
    }

    fn learn(&self, topic: &str, what: &station::Learned) {
        self.context.write().unwrap_or_else(PoisonError::into_inner).learned.insert(topic.to_owned(), what.clone());
        let written = serde_json::to_string(what).unwrap_or_default();
        if let Err(error) = waiting(|| self.store.catalogue().learn(self.log, topic, &written)) {
            tracing::warn!(station = %self.log, "what it told of its topics is forgotten with the hub's next start: {error}");
        }
    }
}

impl Desk for OpenDesk {
    fn read(&self, message: &Message<'_>) -> Report {
        self.keep(message);
        let Some(format) = self.format else { return Report::default() };
        let report = station::decode(format, message, &self.context.read().unwrap_or_else(PoisonError::into_inner));
        if let Some((topic, what)) = &report.learned {
            self.learn(topic, what);
        }
        report
    }

    fn thing(&self, channel: &Channel) -> Result<ThingId, Error> {
        let known = self.channels.lock().unwrap_or_else(PoisonError::into_inner).get(channel).copied();
        if let Some(thing) = known {
            return Ok(thing);
        }
        let (catalogue, now) = (self.store.catalogue(), self.store.clock().now());
        let thing = waiting(|| catalogue.station_channel(self.log, channel.as_str(), mint::thing_id(), now))?;
        self.channels.lock().unwrap_or_else(PoisonError::into_inner).insert(channel.clone(), thing);
        Ok(thing)
    }

    fn may_publish(&self, name: &str) -> bool {
        self.topics.iter().any(|filter| topic::matches(filter, name))
    }
}
