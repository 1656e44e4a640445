//! Channels: how finely and how fast a Thing's sensor tells, as its own page or file said. It belongs to the measurement
//! as the uncertainty does; of the device it says nothing more.

use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use rusqlite::params;

use super::{Catalogue, found, id_at, key};
use crate::Error;

/// What is known of one Datastream's origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// Step between two values, in the canonical unit; 0 if unknown.
    pub resolution: f64,
    /// The fastest the source can be, Hz; 0 if unknown.
    pub max_hz: f64,
    /// Signs were turned after a check at rest (iOS).
    pub sign_fixed: bool,
    /// `web`, `phyphox`, `mqtt`, `http` …
    pub source: String,
    /// How exactly its clock is known against the hub's, µs.
    pub alignment_us: Option<u32>,
}

impl Catalogue {
    /// Sets what is known of a Thing's channel.
    pub fn set_channel(&self, thing: ThingId, property: ObservedProperty, channel: &Channel) -> Result<(), Error> {
        let changed = self.connection().execute(
            "INSERT INTO channel (thing, property, resolution, max_hz, sign_fixed, source, alignment_us)
             SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM thing WHERE id = ?1
             ON CONFLICT (thing, property) DO UPDATE SET resolution = excluded.resolution, max_hz = excluded.max_hz,
             sign_fixed = excluded.sign_fixed, source = excluded.source, alignment_us = excluded.alignment_us",
            params![
                key(thing.0),
                property.code(),
                channel.resolution,
                channel.max_hz,
                channel.sign_fixed,
                channel.source,
                channel.alignment_us
            ],
        )?;
        found(changed, || format!("there is no Thing {thing}"))
    }

    /// The channels of a lesson by Thing and property.
    pub fn channels(&self, lesson: LessonId) -> Result<Vec<(ThingId, ObservedProperty, Channel)>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT channel.thing, property, resolution, max_hz, sign_fixed, source, alignment_us
             FROM channel JOIN thing ON thing.id = channel.thing WHERE thing.lesson = ?1 ORDER BY thing.number, property",
        )?;
        let rows = statement.query_map([key(lesson.0)], |row| {
            let channel = Channel {
                resolution: row.get(2)?,
                max_hz: row.get(3)?,
                sign_fixed: row.get(4)?,
                source: row.get(5)?,
                alignment_us: row.get(6)?,
            };
            Ok((ThingId(id_at(row, 0)?), row.get::<_, u8>(1)?, channel))
        })?;
        let mut channels = Vec::new();
        for row in rows {
            let (thing, code, channel) = row?;
            // A property of a newer hub: nothing here could show it.
            let Some(property) = ObservedProperty::from_code(code) else { continue };
            channels.push((thing, property, channel));
        }
        Ok(channels)
    }
}
