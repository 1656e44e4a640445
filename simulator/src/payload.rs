//! Readings as bytes, in the spellings devices use.

mod phyphox;

use std::ops::Range;

use anyhow::{Result, bail};
use bytes::Bytes;
use messwerk_lessons::Micros;
use messwerk_lessons::observation::{BatchKey, SenderClock};
use messwerk_lessons::wire::{Batch, Values};

use crate::recording::Stream;

/// How readings are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Encoding {
    /// Messwerk's own batches as JSON: numbered, so that the hub knows a repetition by its number.
    #[default]
    Json,
    /// phyphox's mqtt/csv: one message per column. MQTT only.
    Csv,
    /// Messwerk's own batches in binary.
    Binary,
    /// phyphox's mqtt/json and http/post: columns with prefixed names, not numbered.
    Phyphox,
}

/// How readings travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Transport {
    /// All phones publish by MQTT.
    #[default]
    Mqtt,
    /// All phones post by HTTP.
    Http,
    /// Every other phone each.
    Mixed,
}

impl Transport {
    /// Whether the phone of a number uses MQTT.
    pub(crate) fn is_mqtt(self, phone: usize) -> bool {
        match self {
            Self::Mqtt => true,
            Self::Http => false,
            Self::Mixed => phone.is_multiple_of(2),
        }
    }
}

/// The sender's clock, and what it tells the hub of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SenderTime {
    /// Unix time of the recording's zero on the sender's clock, s; `None` for a sender that does not tell.
    pub(crate) start: Option<f64>,
    /// Unix time now on the sender's clock, s.
    pub(crate) now: f64,
}

/// Rows of one stream that travel together.
#[derive(Debug, Clone)]
pub(crate) struct Rows<'a> {
    pub(crate) stream: &'a Stream,
    pub(crate) rows: Range<usize>,
    pub(crate) key: BatchKey,
}

/// One MQTT message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The last level of the topic.
    pub(crate) level: String,
    /// The payload.
    pub(crate) body: Bytes,
}

/// Resolution of the sensors as they fill the binary format: 1/16384 of a unit is finer than any phone's, but the
/// simulated readings are not on a grid at all, so they travel as floats and come back bit by bit.
const VALUES: Values = Values::Float;

/// The messages of some rows, at least one.
///
/// # Errors
/// More than 65,535 rows.
pub(crate) fn messages(encoding: Encoding, rows: &Rows<'_>, clock: SenderTime) -> Result<Vec<Message>> {
    let level = rows.stream.property().stream().to_owned();
    Ok(match encoding {
        Encoding::Json => vec![Message { level, body: batch(rows, clock)?.to_json().into() }],
        Encoding::Binary => vec![Message { level, body: batch(rows, clock)?.to_bytes(VALUES).into() }],
        Encoding::Phyphox => vec![Message { level, body: phyphox::json(std::slice::from_ref(rows), clock).into() }],
        Encoding::Csv => phyphox::csv(rows),
    })
}

/// The bodies to post for rows of several streams, with their content type and the rows each holds (as indices into
/// `rows`).
///
/// # Errors
/// [`Encoding::Csv`], which phyphox does not post, and more than 65,535 rows.
pub(crate) fn bodies(encoding: Encoding, rows: &[Rows<'_>], clock: SenderTime) -> Result<Vec<(&'static str, Bytes, Vec<usize>)>> {
    let each = |content: &'static str, body: fn(&Batch) -> Vec<u8>| {
        rows.iter().enumerate().map(|(index, rows)| Ok((content, body(&batch(rows, clock)?).into(), vec![index]))).collect()
    };
    match encoding {
        Encoding::Json => each("application/json", |batch| batch.to_json().into_bytes()),
        Encoding::Binary => each("application/octet-stream", |batch| batch.to_bytes(VALUES)),
        // The content type as phyphox on Android spells it.
        Encoding::Phyphox => Ok(vec![("application/json; utf-8", phyphox::json(rows, clock).into(), (0..rows.len()).collect())]),
        Encoding::Csv => bail!("phyphox sends CSV by MQTT only: use --transport mqtt"),
    }
}

fn batch(rows: &Rows<'_>, clock: SenderTime) -> Result<Batch> {
    let Rows { stream, rows, key } = rows;
    let column = |component: usize| stream.values()[component].get(rows.clone()).unwrap_or_default().to_vec();
    // Hub time minus sender's time, known to as much as a phone can find out over Wi-Fi.
    let clock =
        clock.start.map_or(SenderClock::Unknown, |start| SenderClock::Offset { offset: (start * 1e6) as Micros, uncertainty: 5_000 });
    Ok(Batch::new(stream.property(), *key, clock, stream.time()[rows.clone()].to_vec(), std::array::from_fn(column))?)
}

#[cfg(test)]
mod tests;
