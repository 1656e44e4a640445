//! Stations: weather stations and other senders that belong to no class. A station's log is a lesson of its own, which nobody joins,
//! which has no Takes and never ends, so that its readings are stored, asked for, exported and erased like any others.
//!
//! Each place of measurement of a station (outside, inside, the second sensor) is a *channel*, and each channel is a Thing of the log.

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{Catalogue, Conflict, Lesson, found, hash, id_at, key, lessons, things};
use crate::Error;

/// The most stations: a town's schools with some each.
const MOST: u32 = 500;

/// The most channels of a station: an Ecowitt console has 8 each of five kinds.
const CHANNELS: u32 = 64;

/// The most topics that a station's discovery messages are remembered of.
const LEARNED: u32 = 500;

/// Payloads of a station that are kept, the newest: some hours of a station that sends every minute.
const PAYLOADS: u32 = 100;

/// Bytes of a payload that are kept of it.
const PAYLOAD: usize = 4_096;

/// A station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// Its log.
    pub log: LessonId,
    /// What its owner has set, as its reader wrote it down.
    pub settings: String,
    /// When that was, hub time; grows with each change.
    pub changed: Micros,
}

/// Something that arrived from a station, without what names or authorises the sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// When, hub time.
    pub at: Micros,
    /// By which door: a topic, or a path.
    pub door: String,
    /// Its first 4,096 bytes.
    pub payload: Vec<u8>,
}

impl Catalogue {
    /// Adds a station with its log and its first key. [`Conflict::StationsFull`], [`Conflict::KeyTaken`].
    pub fn add_station(&self, log: &Lesson, settings: &str, token: &str) -> Result<(), Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let there: u32 = change.query_row("SELECT count(*) FROM station", [], |row| row.get(0))?;
        if there >= MOST {
            return Err(Error::Conflict(Conflict::StationsFull));
        }
        lessons::insert(&change, log)?;
        change
            .execute("INSERT INTO station (log, settings, changed) VALUES (?1, ?2, ?3)", params![key(log.id.0), settings, log.created])?;
        give_key(&change, log.id, token)?;
        change.commit()?;
        Ok(())
    }

    /// All stations, the oldest first.
    pub fn stations(&self) -> Result<Vec<Station>, Error> {
        let connection = self.connection();
        let sql = "SELECT log, settings, changed FROM station JOIN lesson ON lesson.id = log ORDER BY created, log";
        let mut statement = connection.prepare_cached(sql)?;
        let stations = statement.query_map([], station_of)?.collect::<Result<_, _>>()?;
        Ok(stations)
    }

    /// A station.
    pub fn station(&self, log: LessonId) -> Result<Option<Station>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT log, settings, changed FROM station WHERE log = ?1")?;
        Ok(statement.query_row([key(log.0)], station_of).optional()?)
    }

    /// The station of a key.
    pub fn station_by_key(&self, token: &str) -> Result<Option<Station>, Error> {
        let connection = self.connection();
        let sql = "SELECT log, settings, changed FROM station JOIN station_key ON station = log WHERE hash = ?1";
        Ok(connection.prepare_cached(sql)?.query_row([hash(token)], station_of).optional()?)
    }

    /// Sets what its owner says of a station.
    pub fn set_station(&self, log: LessonId, settings: &str, now: Micros) -> Result<(), Error> {
        let sql = "UPDATE station SET settings = ?2, changed = max(?3, changed + 1) WHERE log = ?1";
        let changed = self.connection().execute(sql, params![key(log.0), settings, now])?;
        found(changed, || missing(log))
    }

    /// Gives a station other keys: those it had are nobody's from then on. [`Conflict::KeyTaken`] if one is another station's.
    pub fn set_station_keys(&self, log: LessonId, tokens: &[&str]) -> Result<(), Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute("DELETE FROM station_key WHERE station = ?1", [key(log.0)])?;
        tokens.iter().try_for_each(|token| give_key(&change, log, token))?;
        change.commit()?;
        Ok(())
    }

    /// The Thing of a station's channel. A channel that is new becomes the Thing `id`. [`Conflict::ChannelsFull`].
    pub fn station_channel(&self, log: LessonId, name: &str, id: ThingId, now: Micros) -> Result<ThingId, Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = "SELECT thing FROM station_channel WHERE station = ?1 AND name = ?2";
        let known = change.query_row(known, params![key(log.0), name], |row| id_at(row, 0)).optional()?;
        if let Some(thing) = known {
            return Ok(ThingId(thing));
        }
        let there: u32 = change.query_row("SELECT count(*) FROM station_channel WHERE station = ?1", [key(log.0)], |row| row.get(0))?;
        if there >= CHANNELS {
            return Err(Error::Conflict(Conflict::ChannelsFull));
        }
        // Its own id as its token: the hash of that is nobody's credential, for tokens are longer.
        things::insert(&change, log, id, &|_, _| name.to_owned(), (&hash(&id.to_string()), 1), now)?;
        let add = "INSERT INTO station_channel (station, name, thing) VALUES (?1, ?2, ?3)";
        change.execute(add, params![key(log.0), name, key(id.0)])?;
        change.commit()?;
        Ok(id)
    }

    /// The channels of a station with their Things, by name.
    pub fn station_channels(&self, log: LessonId) -> Result<Vec<(String, ThingId)>, Error> {
        let connection = self.connection();
        let sql = "SELECT name, thing FROM station_channel WHERE station = ?1 ORDER BY name";
        let rows = connection
            .prepare_cached(sql)?
            .query_map([key(log.0)], |row| Ok((row.get(0)?, ThingId(id_at(row, 1)?))))?
            .collect::<Result<_, _>>()?;
        Ok(rows)
    }

    /// Keeps what arrived, and forgets what is older than the newest hundred. The caller has taken out what names the sender.
    pub fn keep_payload(&self, log: LessonId, payload: &Payload) -> Result<(), Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let bytes = payload.payload.get(..PAYLOAD).unwrap_or(&payload.payload);
        change.execute(
            "INSERT INTO station_payload (station, at, door, payload) SELECT log, ?2, ?3, ?4 FROM station WHERE log = ?1",
            params![key(log.0), payload.at, payload.door, bytes],
        )?;
        change.execute(
            "DELETE FROM station_payload WHERE station = ?1 AND id <=
             (SELECT id FROM station_payload WHERE station = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            params![key(log.0), PAYLOADS],
        )?;
        change.commit()?;
        Ok(())
    }

    /// What arrived last, the newest first.
    pub fn payloads(&self, log: LessonId) -> Result<Vec<Payload>, Error> {
        let connection = self.connection();
        let sql = "SELECT at, door, payload FROM station_payload WHERE station = ?1 ORDER BY id DESC";
        let payload = |row: &Row<'_>| Ok(Payload { at: row.get(0)?, door: row.get(1)?, payload: row.get(2)? });
        let rows = connection.prepare_cached(sql)?.query_map([key(log.0)], payload)?.collect::<Result<_, _>>()?;
        Ok(rows)
    }

    /// Remembers what a station told of one of its topics. Beyond 500 topics nothing more is learned.
    pub fn learn(&self, log: LessonId, topic: &str, what: &str) -> Result<(), Error> {
        self.connection().execute(
            "INSERT INTO station_learned (station, topic, what) SELECT log, ?2, ?3 FROM station
             WHERE log = ?1 AND (SELECT count(*) FROM station_learned WHERE station = ?1 AND topic <> ?2) < ?4
             ON CONFLICT (station, topic) DO UPDATE SET what = excluded.what",
            params![key(log.0), topic, what, LEARNED],
        )?;
        Ok(())
    }

    /// What a station told of its topics.
    pub fn learned(&self, log: LessonId) -> Result<Vec<(String, String)>, Error> {
        let connection = self.connection();
        let sql = "SELECT topic, what FROM station_learned WHERE station = ?1 ORDER BY topic";
        let rows =
            connection.prepare_cached(sql)?.query_map([key(log.0)], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        Ok(rows)
    }
}

fn give_key(change: &Connection, log: LessonId, token: &str) -> Result<(), Error> {
    let given = change.execute(
        "INSERT INTO station_key (hash, station) SELECT ?1, log FROM station WHERE log = ?2 ON CONFLICT (hash) DO NOTHING",
        params![hash(token), key(log.0)],
    )?;
    if given > 0 {
        return Ok(());
    }
    let taken = "SELECT EXISTS (SELECT 1 FROM station_key WHERE hash = ?1)";
    let taken: bool = change.query_row(taken, [hash(token)], |row| row.get(0))?;
    if taken { Err(Error::Conflict(Conflict::KeyTaken)) } else { Err(Error::NotFound(missing(log))) }
}

fn station_of(row: &Row<'_>) -> rusqlite::Result<Station> {
    Ok(Station { log: LessonId(id_at(row, 0)?), settings: row.get(1)?, changed: row.get(2)? })
}

fn missing(log: LessonId) -> String {
    format!("there is no station {log}")
}
