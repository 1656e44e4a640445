//! One consistent read view.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;

use crate::Lsn;

/// Everything committed up to `lsn`, each Observation exactly once. Holding it keeps its files readable.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The last commit in it.
    pub lsn: Lsn,
    /// Rows not yet sealed, in the schema of [`crate::schema::observations`], in arrival order.
    pub hot: Vec<HotBatch>,
    /// Sealed files.
    pub segments: Vec<Arc<Segment>>,
}

/// Rows of one lesson and property in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct HotBatch {
    /// Whose rows.
    pub lesson: LessonId,
    /// Of what.
    pub property: ObservedProperty,
    /// Smallest and largest phenomenon time in it.
    pub time: (Micros, Micros),
    /// The rows.
    pub rows: RecordBatch,
}

/// An immutable sorted Parquet file (thing, run, time) of one lesson and property.
#[derive(Debug)]
pub struct Segment {
    /// Whose rows.
    pub lesson: LessonId,
    /// Of what.
    pub property: ObservedProperty,
    /// The file.
    pub path: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its rows.
    pub rows: u64,
    /// Smallest and largest phenomenon time in it.
    pub time: (Micros, Micros),
    /// The Things in it, ascending.
    pub things: Vec<ThingId>,
    /// Its roll-up in windows of one second ([`crate::schema::rollups`]), if it could be written.
    pub rollup: Option<PathBuf>,
    /// Another file has taken its place: the last holder removes it.
    pub(crate) replaced: AtomicBool,
}

impl Segment {
    /// A sealed file without roll-up that no manifest names: what the tests and measurements of other rooms read.
    pub fn of_file(
        lesson: LessonId,
        property: ObservedProperty,
        path: PathBuf,
        rows: u64,
        time: (Micros, Micros),
        things: Vec<ThingId>,
    ) -> std::io::Result<Self> {
        let bytes = std::fs::metadata(&path)?.len();
        Ok(Self { lesson, property, path, bytes, rows, time, things, rollup: None, replaced: AtomicBool::new(false) })
    }

    /// Another file has taken its place; this one goes when nobody holds it any more.
    pub(crate) fn replace(&self) {
        self.replaced.store(true, Ordering::Release);
    }

    /// Removes the files at once, held or not. Whoever has them open reads on; whoever opens them later fails.
    pub(crate) fn remove(&self) {
        for file in std::iter::once(&self.path).chain(&self.rollup) {
            if let Err(error) = std::fs::remove_file(file)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(file = %file.display(), %error, "a replaced file could not be removed; the next start removes it");
            }
        }
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        if *self.replaced.get_mut() {
            self.remove();
        }
    }
}

/// The latest reading of a Thing and property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Latest {
    /// Whose.
    pub thing: ThingId,
    /// Of what.
    pub property: ObservedProperty,
    /// Phenomenon time.
    pub time: Micros,
    /// x, y, z; a scalar has zeros in y and z.
    pub value: [f32; 3],
    /// Arrival (hub time, UTC microseconds) of the newest packet that stored anything in this Datastream: what tells
    /// "sending" from "silent". Nearly always this reading's own arrival; where the sender's clock is wrong or has
    /// fallen back, `time` says nothing about when it was last heard of, and this does.
    pub received_us: Micros,
}
