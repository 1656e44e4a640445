//! What a file came to so far, as it is told and kept.

use std::collections::BTreeMap;

use messwerk_ingest::pipeline::Filed;
use messwerk_ingest::station::Note;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Notes that are kept of a file.
const NOTES: usize = 40;

/// How many of what, and which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Told {
    /// The kind's name: `no_value`, `quality`, `moved`.
    pub what: String,
    /// How many.
    pub count: u64,
    /// Which, for the first of them.
    pub detail: String,
}

/// What was counted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Tally {
    /// Rows read so far.
    pub rows: u64,
    /// Bytes read so far, unpacked.
    pub read: u64,
    /// Readings newly stored.
    pub stored: u64,
    /// Readings that were there already.
    pub duplicates: u64,
    /// Values that could not be stored.
    pub rejected: u64,
    /// Why, one for each reason.
    pub reasons: Vec<Told>,
    /// What else the file says: moves of the station, quality, whose interval a time is the end of.
    pub notes: Vec<Told>,
    /// Seconds it took.
    pub seconds: f64,
    /// Why it ended early, with what to do.
    pub error: Option<String>,
    /// The same in one word that never changes.
    pub code: Option<String>,
}

impl Tally {
    /// Adds what became of a part.
    pub fn add(&mut self, filed: Filed) {
        self.stored += u64::from(filed.stored);
        self.duplicates += u64::from(filed.duplicates);
        self.rejected += u64::from(filed.rejected);
        for reject in filed.rejects {
            match self.reasons.iter_mut().find(|told| told.what == reject.reason.name()) {
                Some(told) => told.count += u64::from(reject.count),
                None => {
                    self.reasons.push(Told { what: reject.reason.name().to_owned(), count: reject.count.into(), detail: reject.detail })
                }
            }
        }
    }

    /// Adds notes; the same ones are counted.
    pub fn note(&mut self, notes: Vec<Note>) {
        for Note { kind, count, detail, .. } in notes {
            self.tell(kind.name(), count.into(), detail);
        }
    }

    /// Adds one of the hub's own.
    pub fn tell(&mut self, what: &str, count: u64, detail: String) {
        let room = self.notes.len() < NOTES;
        match self.notes.iter_mut().find(|told| told.what == what && told.detail == detail) {
            Some(told) => told.count += count,
            None if room => self.notes.push(Told { what: what.to_owned(), count, detail }),
            None => {}
        }
    }

    /// As the catalogue keeps it.
    pub fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As it was kept.
    pub fn read(written: &str) -> Self {
        serde_json::from_str(written).unwrap_or_default()
    }

    /// Counts by reason, for tests and logs.
    pub fn by_reason(&self) -> BTreeMap<&str, u64> {
        self.reasons.iter().map(|told| (told.what.as_str(), told.count)).collect()
    }
}
