//! One consistent read view.

use std::path::PathBuf;
use std::sync::Arc;

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
#[derive(Debug, Clone)]
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
}
