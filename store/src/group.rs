//! What one group commit carries: rows in columns and the frames they belong to. Intake fills it, the WAL writes it, the
//! hot buffers take it over; replay reads the same from disk. Reused from commit to commit, so that a reading costs no
//! allocation.

use std::ops::Range;

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::observation::BatchKey;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::Reject;

/// Of which Datastream a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct StreamId {
    pub(crate) lesson: LessonId,
    pub(crate) thing: ThingId,
    pub(crate) property: ObservedProperty,
}

/// Newly stored rows of one [`Submission`](crate::Submission).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Whose.
    pub(crate) stream: StreamId,
    /// The stream's place in the intake's list, which the view shares.
    pub(crate) slot: u32,
    /// The recording.
    pub(crate) run: u32,
    /// Readings left out since the stream's last frame.
    pub(crate) thinned: u32,
    /// Arrival.
    pub(crate) received: Micros,
    /// Hub time − raw time.
    pub(crate) offset: Micros,
    /// The sender's number.
    pub(crate) key: Option<BatchKey>,
    /// Its rows in the group's columns.
    pub(crate) rows: Range<usize>,
}

/// A durable Reject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RejectFrame {
    pub(crate) lesson: LessonId,
    pub(crate) thing: ThingId,
    pub(crate) received: Micros,
    pub(crate) reject: Reject,
}

/// Columns of rows, frames over them, and Rejects.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// Phenomenon time.
    pub(crate) time: Vec<Micros>,
    /// Bits of `messwerk_lessons::observation::flag`.
    pub(crate) flags: Vec<u16>,
    /// x, y, z; zeros in y and z of scalars, so that all columns are equally long.
    pub(crate) values: [Vec<f32>; 3],
    pub(crate) frames: Vec<Frame>,
    pub(crate) rejects: Vec<RejectFrame>,
    /// Streams of which numbers arrived that brought nothing to store. Not durable.
    pub(crate) noted: Vec<(u32, StreamId)>,
}

impl Group {
    /// Whether a commit of it would change nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.rejects.is_empty()
    }

    /// Forgets everything but the allocations.
    pub(crate) fn clear(&mut self) {
        self.time.clear();
        self.flags.clear();
        self.values.iter_mut().for_each(Vec::clear);
        self.frames.clear();
        self.rejects.clear();
        self.noted.clear();
    }

    /// Rows so far.
    pub(crate) fn rows(&self) -> usize {
        self.time.len()
    }

    /// Adds a row; a frame over it follows.
    pub(crate) fn push(&mut self, time: Micros, flags: u16, value: [f32; 3]) {
        self.time.push(time);
        self.flags.push(flags);
        for (column, value) in self.values.iter_mut().zip(value) {
            column.push(value);
        }
    }

    /// The value of a row.
    pub(crate) fn value(&self, row: usize) -> [f32; 3] {
        std::array::from_fn(|component| self.values[component][row])
    }
}
