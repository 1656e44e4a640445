//! Codecs: bytes to records, without I/O, state or trust. One file per family of senders; [`decode`] picks one by the
//! shape of the bytes, because content types are what senders get wrong most often.
//!
//! A codec never fails: what it cannot read is a Reject beside the records it could. It allocates in proportion to the
//! bytes it is given (no tree of the document is built), nests nowhere and keeps nothing a sender says of itself.

pub(crate) mod columns;
mod csv;
pub(crate) mod field;
mod json;
mod own;
mod rejects;
mod senml;
mod sensor_logger;

pub use json::PhoneClock;
pub(crate) use json::complaint;
pub use rejects::Rejects;
pub(crate) use rejects::shown;
pub(crate) use senml::{SenmlRecord, read_senml};

use messwerk_lessons::Micros;
use messwerk_lessons::observation::BatchKey;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::RejectReason;
use messwerk_lessons::wire::Batch;

use self::field::Field;

/// Columns of one packet beyond which it is refused: a template asks for a handful of streams, four columns each.
pub const MAX_COLUMNS: usize = 64;

/// Times of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Times {
    /// Seconds as the sender wrote them, not yet rounded; NaN where it wrote none.
    Seconds(Vec<f64>),
    /// Whole microseconds.
    Micros(Vec<Micros>),
}

impl Times {
    /// The number of times.
    pub fn len(&self) -> usize {
        match self {
            Self::Seconds(times) => times.len(),
            Self::Micros(times) => times.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Readings of one Datastream as sent, in the property's canonical unit.
///
/// Holds: the columns that the property has are as long as the times, the others empty. Values may be NaN or, where they
/// were too large, infinite. Units are converted before a value becomes 32 bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What was observed.
    pub property: ObservedProperty,
    /// When, on the clock that [`Decoded::clock`] speaks of.
    pub times: Times,
    /// x (or the scalar), y and z.
    pub values: [Vec<f32>; 3],
    /// The sender's own number.
    pub key: Option<BatchKey>,
}

/// What a packet says of the clock behind its times.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Clock {
    /// Nothing: any zero.
    #[default]
    Unknown,
    /// The sender measured it against the hub: hub time − sender's time and its uncertainty in µs.
    Offset(Micros, Micros),
    /// Microseconds of UTC, as far as the sender knows it.
    Utc,
    /// phyphox: experiment time, with the phone's clock at its starts and at sending.
    Phone(PhoneClock),
}

/// One column of a stream whose columns come as packets of their own (phyphox mqtt/csv).
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What it is a column of.
    pub field: Field,
    /// Its values; NaN where the sender had none.
    pub values: Vec<f64>,
}

/// What a packet decodes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decoded {
    /// Complete readings.
    pub records: Vec<Record>,
    /// A column to be joined with its neighbours.
    pub column: Option<Column>,
    /// The clock of the records.
    pub clock: Clock,
    /// What could not be read.
    pub rejects: Rejects,
    /// Members left out unread because they say who or what the sender is. phyphox sends them with every message, so they
    /// are no Rejects: nothing is lost, and nothing is wrong that a pupil could mend.
    pub dropped: u32,
}

impl Decoded {
    /// Whether it holds at least one reading, or a column of some.
    pub fn has_readings(&self) -> bool {
        self.records.iter().any(|record| !record.times.is_empty()) || self.column.as_ref().is_some_and(|column| !column.values.is_empty())
    }

    fn reject(reason: RejectReason, detail: impl Into<String>) -> Self {
        let mut decoded = Self::default();
        decoded.rejects.add(reason, 1, || detail.into());
        decoded
    }
}

/// Decodes one packet.
///
/// `stream` is the last level of its topic (empty for HTTP) and `received` hub time of its arrival, for formats that say
/// "five seconds ago".
pub fn decode(stream: &str, payload: &[u8], received: Micros) -> Decoded {
    if Batch::is_binary(payload) {
        return own::decode(payload);
    }
    // A mark some editors and languages put before any UTF-8.
    let payload = payload.strip_prefix("\u{feff}".as_bytes()).unwrap_or(payload);
    match payload.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => columns::decode(stream, payload),
        Some(b'[') => senml::decode(stream, payload, received),
        _ => csv::decode(stream, payload),
    }
}

#[cfg(test)]
mod tests;
