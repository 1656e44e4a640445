//! Input that could not become an Observation: counted by reason, shown to the teacher, never silently dropped.

use serde::{Deserialize, Serialize};

/// Why something sent to the hub was not stored. The name in snake case is the reason in API, metrics and log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[non_exhaustive]
pub enum RejectReason {
    /// The body is not what any codec reads (broken JSON, wrong magic, not UTF-8, empty).
    Undecodable = 1,
    /// NaN, infinite, null or beyond what a 32-bit float holds.
    NotFinite = 2,
    /// A column or record with a name the hub does not know.
    UnknownColumn = 3,
    /// A unit the hub cannot convert to the property's canonical unit.
    UnknownUnit = 4,
    // 5 was a column the template does not ask for; every known stream is stored now.
    /// Values without a time column.
    MissingTime = 6,
    /// The columns of one batch have different lengths; the surplus is rejected.
    LengthMismatch = 7,
    /// A component of a vector is missing.
    MissingComponent = 8,
    /// Personal content where readings were expected (positions, network names, heart rates): dropped before storage.
    /// Identifiers beside the readings (`id`, `uniqueID`) are no Rejects: they are left out unread and counted apart.
    Private = 9,
    /// A time that cannot be represented or lies outside 1970 to 2200.
    TimeOutOfRange = 10,
    /// Nested too deep, too many columns or too many readings in one packet.
    TooLarge = 11,
    /// The stream's name (last level of the topic) is not known.
    UnknownStream = 12,
    /// The lesson does not record (ended, locked or paused).
    NotRecording = 13,
    /// The sender has begun as many Runs in this Take as the hub keeps.
    TooManyRuns = 14,
    /// A station says that it has no value: empty, `---`, `null`, -999, -9999.
    NoValue = 15,
    /// A sensor that is not the station's own: a receiver hears the neighbours' too.
    NotOurs = 16,
    /// Another value of the same time is stored already (stations).
    Conflicting = 17,
    /// A station's value that nothing on Earth has: 140 %RH, a wind from 999°
    /// ([`ObservedProperty::range`](crate::quantity::ObservedProperty::range)).
    OutOfRange = 18,
}

impl RejectReason {
    /// Every reason, in the order of their codes.
    pub const ALL: [Self; 17] = [
        Self::Undecodable,
        Self::NotFinite,
        Self::UnknownColumn,
        Self::UnknownUnit,
        Self::MissingTime,
        Self::LengthMismatch,
        Self::MissingComponent,
        Self::Private,
        Self::TimeOutOfRange,
        Self::TooLarge,
        Self::UnknownStream,
        Self::NotRecording,
        Self::TooManyRuns,
        Self::NoValue,
        Self::NotOurs,
        Self::Conflicting,
        Self::OutOfRange,
    ];

    /// The code on disk.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The reason of a code.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The name in API, metrics and log: `not_finite`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::NotFinite => "not_finite",
            Self::UnknownColumn => "unknown_column",
            Self::UnknownUnit => "unknown_unit",
            Self::MissingTime => "missing_time",
            Self::LengthMismatch => "length_mismatch",
            Self::MissingComponent => "missing_component",
            Self::Private => "private",
            Self::TimeOutOfRange => "time_out_of_range",
            Self::TooLarge => "too_large",
            Self::UnknownStream => "unknown_stream",
            Self::NotRecording => "not_recording",
            Self::TooManyRuns => "too_many_runs",
            Self::NoValue => "no_value",
            Self::NotOurs => "not_ours",
            Self::Conflicting => "conflicting",
            Self::OutOfRange => "out_of_range",
        }
    }
}

/// Something that was not stored, as the teacher sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// Why.
    pub reason: RejectReason,
    /// How many values or records this stands for (at least 1).
    pub count: u32,
    /// What was wrong and how to mend it, in at most 200 characters, free of personal content: column names and
    /// numbers, never a payload.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_one_to_one() {
        for reason in RejectReason::ALL {
            assert_eq!(RejectReason::from_code(reason.code()), Some(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.name());
        }
    }
}
