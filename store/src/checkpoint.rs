//! What a lesson's streams know beyond their rows: counts, latest values, duplicate keys, Rejects. One JSON file a
//! lesson, written with a seal for each lesson that changed, named by the manifest.

use std::path::Path;

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::Reject;
use serde::{Deserialize, Serialize};

use crate::group::StreamId;
use crate::intake::{Intake, StreamState};
use crate::submission::Rejection;
use crate::view::View;
use crate::{Error, Lsn};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct StreamEntry {
    #[serde(flatten)]
    intake: StreamState,
    stored: u64,
    left_out: u64,
    /// Values as bits: JSON has no notation for all of them.
    latest: Option<(Micros, [u32; 3])>,
    /// Missing in checkpoints of hubs that did not keep it.
    #[serde(default)]
    received: Option<Micros>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct RejectionEntry {
    thing: ThingId,
    count: u64,
    last: Reject,
    received: Micros,
}

/// The state of one lesson after a commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    /// The commit.
    pub(crate) lsn: Lsn,
    streams: Vec<StreamEntry>,
    rejections: Vec<RejectionEntry>,
}

impl Checkpoint {
    /// The state of a lesson now; intake and view must stand at the same commit.
    pub(crate) fn take(lesson: LessonId, intake: &Intake, view: &View) -> Self {
        let known = view.lessons.get(&lesson);
        let streams = known.into_iter().flat_map(|known| &known.slots).map(|&slot| {
            let stream = &view.streams[slot as usize];
            let latest = stream.latest.map(|(time, value)| (time, value.map(f32::to_bits)));
            let received = latest.map(|_| stream.received);
            StreamEntry { intake: intake.state(slot), stored: stream.stored, left_out: stream.thinned, latest, received }
        });
        let rejections = view.rejections(lesson).into_iter().map(|rejection| RejectionEntry {
            thing: rejection.thing,
            count: rejection.count,
            last: rejection.last,
            received: rejection.received,
        });
        Self { lsn: view.lsn, streams: streams.collect(), rejections: rejections.collect() }
    }

    /// The file's content.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, Error> {
        Ok(serde_json::to_vec(self).map_err(std::io::Error::from)?)
    }

    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let damaged = |what: String| Error::Damaged {
            file: path.display().to_string(),
            what: format!("{what}; restore it from a copy of the data folder"),
        };
        let bytes = std::fs::read(path).map_err(|error| damaged(error.to_string()))?;
        serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))
    }

    /// Puts the state into intake and view.
    pub(crate) fn restore(self, lesson: LessonId, intake: &mut Intake, view: &mut View) {
        for entry in self.streams {
            let Some(property) = ObservedProperty::from_code(entry.intake.property) else { continue };
            let id = StreamId { lesson, thing: entry.intake.thing, property };
            let slot = intake.set_state(id, entry.intake);
            let stream = view.stream(slot, id);
            stream.stored = entry.stored;
            stream.thinned = entry.left_out;
            stream.latest = entry.latest.map(|(time, bits)| (time, bits.map(f32::from_bits)));
            stream.received = entry.received.or(entry.latest.map(|(time, _)| time)).unwrap_or(Micros::MIN);
        }
        let known = view.lessons.entry(lesson).or_default();
        known.changed = self.lsn;
        known.checkpointed = self.lsn;
        for entry in self.rejections {
            let RejectionEntry { thing, count, last, received } = entry;
            known.rejections.insert((thing, last.reason), Rejection { thing, count, last, received });
        }
    }
}
