//! What a message decodes to.

use std::fmt;

use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::RejectReason;
use serde::{Deserialize, Serialize};

use super::context::Learned;
use crate::codec::Rejects;

/// Characters of a channel's name.
const CHANNEL: usize = 60;
/// Characters of a note.
const DETAIL: usize = 400;

/// A place of measurement within a station: empty for the main one, "indoor", "soil1", "kitchen/window".
///
/// Holds: at most 60 characters, none of them a control character, no blanks at the ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Channel(String);

impl Channel {
    /// A channel of this name, without what a name may not have.
    pub fn new(name: &str) -> Self {
        let kept: String = name.chars().filter(|letter| !letter.is_control()).take(CHANNEL).collect();
        Self(kept.trim().to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Channel {
    fn from(name: String) -> Self {
        Self::new(&name)
    }
}

impl From<Channel> for String {
    fn from(channel: Channel) -> Self {
        channel.0
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the device called a value, kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The field's name or path: `tempf`, `BME280.Temperature`.
    pub field: String,
    /// The unit it was sent in, as a symbol of the hub's: `[degF]`.
    pub unit: String,
}

/// One value of one property at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Where.
    pub channel: Channel,
    /// What.
    pub property: ObservedProperty,
    /// When, µs of UTC; `None` where the device does not say, which means on arrival.
    pub time: Option<Micros>,
    /// The value in the property's canonical unit; finite, and so as 32 bits.
    pub value: f64,
    /// Under which name and in which unit it came.
    pub sent: Sent,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoteKind {
    /// Fields that are known and are not kept: batteries, sums of other periods, what can be computed from the rest.
    NotKept,
    /// Times without zone were read in the zone of the settings, or before 2000 in the DWD's.
    LocalTime,
    /// Times that a change of the clocks makes ambiguous or leaves out, and how they were read.
    ClockChange,
    /// The device's clock is ahead of the hub's.
    Clock,
    /// A discovery message was read.
    Learned,
    /// A field's unit is another one than before.
    UnitChanged,
    /// A value that was there already, with the same channel, property and time.
    Repeated,
    /// What the source says of its values' quality.
    Quality,
    /// Fields of the mapping that a message does not have.
    Absent,
    /// Times are the ends of intervals, and how long those are.
    Interval,
    /// The station stood elsewhere before.
    Moved,
}

impl NoteKind {
    /// The name in the API: `not_kept`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotKept => "not_kept",
            Self::LocalTime => "local_time",
            Self::ClockChange => "clock_change",
            Self::Clock => "clock",
            Self::Learned => "learned",
            Self::UnitChanged => "unit_changed",
            Self::Repeated => "repeated",
            Self::Quality => "quality",
            Self::Absent => "absent",
            Self::Interval => "interval",
            Self::Moved => "moved",
        }
    }
}

/// Something worth knowing of a message of which nothing is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// How many values or fields.
    pub count: u32,
    /// Which or what, free of payload; at most 400 characters.
    pub detail: String,
}

/// What one message decodes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// The readings, in the order of the message.
    pub readings: Vec<Reading>,
    /// What could not be read.
    pub rejects: Rejects,
    /// What else is to be said; one of a kind.
    pub notes: Vec<Note>,
    /// Fields left out unread because they say who or where the sender is.
    pub dropped: u32,
    /// Whether the device says that it is there (Tasmota's LWT, Zigbee2MQTT's availability).
    pub online: Option<bool>,
    /// Whose `online` is, where a gateway speaks for several devices.
    pub channel: Option<Channel>,
    /// What a discovery message taught: to be put into [`Context::learned`](super::Context) under the topic.
    pub learned: Option<(String, Learned)>,
}

impl Report {
    /// A report of nothing but one Reject.
    pub(crate) fn reject(reason: RejectReason, detail: impl Into<String>) -> Self {
        let mut report = Self::default();
        report.rejects.add(reason, 1, || detail.into());
        report
    }

    /// Adds a note; notes of a kind are one, with the details in a row as long as there is room.
    pub(crate) fn note(&mut self, kind: NoteKind, count: usize, detail: &str) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        match self.notes.iter_mut().find(|note| note.kind == kind) {
            Some(note) => {
                note.count = note.count.saturating_add(count);
                let told = note.detail.split(", ").any(|part| part == detail);
                if !told && note.detail.chars().count() + detail.chars().count() + 2 <= DETAIL {
                    note.detail.push_str(", ");
                    note.detail.push_str(detail);
                }
            }
            None => self.notes.push(Note { kind, count, detail: detail.chars().take(DETAIL).collect() }),
        }
    }

    /// The note of a kind.
    pub fn noted(&self, kind: NoteKind) -> Option<&Note> {
        self.notes.iter().find(|note| note.kind == kind)
    }
}
