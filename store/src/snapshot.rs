//! One consistent read view.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;

use crate::Lsn;
use crate::checksum::{Checksums, Compared};
use crate::disk::Disk;

/// Everything committed up to `lsn`, each Observation exactly once. Holding it keeps its files readable.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The last commit in it.
    pub lsn: Lsn,
    /// Rows not yet sealed, in the schema of [`crate::schema::observations`], in arrival order.
    pub hot: Vec<HotBatch>,
    /// Sealed files, without those known to be unreadable ([`crate::Store::unreadable`]).
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
    /// Whether the roll-up is known to have each window of a Thing once, in order of time: its Runs do not overlap.
    pub rollup_in_order: bool,
    /// What its files' bytes come to.
    pub(crate) checksums: Checksums,
    /// Another file has taken its place: the last holder removes it.
    pub(crate) replaced: AtomicBool,
    /// Whether it can be read, as last seen.
    pub(crate) health: Health,
}

/// Whether a file can be read, as last seen.
#[derive(Debug, Default)]
pub(crate) struct Health {
    gone: AtomicBool,
    damaged: AtomicBool,
    rows: Compared,
    rollup: Compared,
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
        Ok(Self {
            lesson,
            property,
            path,
            bytes,
            rows,
            time,
            things,
            rollup: None,
            rollup_in_order: false,
            checksums: Checksums::default(),
            replaced: AtomicBool::new(false),
            health: Health::default(),
        })
    }

    /// Whether it could be read when the store last had to do with it. Others' rows are not in question: leave it out,
    /// and say so.
    pub fn is_readable(&self) -> bool {
        !self.health.gone.load(Ordering::Acquire) && !self.health.damaged.load(Ordering::Acquire)
    }

    /// Looks whether the file is there in its full length; what is wrong, if it is not. A file that was gone and is back
    /// is read again.
    pub(crate) fn look(&self) -> Result<(), String> {
        let wrong = match std::fs::metadata(&self.path) {
            Ok(file) if file.len() == self.bytes => None,
            Ok(file) => Some(format!("has {} bytes instead of {}", file.len(), self.bytes)),
            Err(error) => Some(format!("cannot be read ({error})")),
        };
        if self.health.gone.swap(wrong.is_some(), Ordering::AcqRel) && wrong.is_none() {
            // It was put back, so this may be another file than the one that was damaged.
            self.health.damaged.store(!self.health.rows.is_intact(), Ordering::Release);
        }
        wrong.map_or(Ok(()), Err)
    }

    /// Whether its roll-up (if that is to be read, and can) or its rows have been compared with their checksum since they
    /// were last changed. Until then a bit that flipped on the disk may be in what is read; see [`crate::Store::compare`].
    pub fn is_compared(&self, rolled: bool) -> bool {
        match &self.rollup {
            Some(path) if rolled && self.checksums.rollup.is_some() && !self.health.rollup.is_done(path) => false,
            Some(_) if rolled && self.has_sound_rollup() => true,
            // Known to be damaged is not done with: whoever asks is told again.
            _ => !self.is_new() && self.health.rows.is_intact(),
        }
    }

    /// Whether the rows' file was never compared, or has changed since.
    pub(crate) fn is_new(&self) -> bool {
        self.checksums.rows.is_some() && !self.health.rows.is_done(&self.path)
    }

    /// Compares the rows' file with its checksum; blocks the first time. An error says nothing against the file.
    pub(crate) fn has_its_bytes(&self, disk: &Disk) -> std::io::Result<bool> {
        self.checksums.rows.map_or(Ok(true), |checksum| self.health.rows.compare(disk, &self.path, checksum))
    }

    /// The same for its roll-up; `false` where there is none.
    pub(crate) fn has_its_rollup(&self, disk: &Disk) -> std::io::Result<bool> {
        let Some(path) = &self.rollup else { return Ok(false) };
        self.checksums.rollup.map_or(Ok(true), |checksum| self.health.rollup.compare(disk, path, checksum))
    }

    /// Whether its roll-up holds the bytes that were written, as far as it was compared.
    pub fn has_sound_rollup(&self) -> bool {
        self.health.rollup.is_intact()
    }

    /// Its content is damaged; only another file in its place, or the next start, makes it count again.
    pub(crate) fn damage(&self) {
        self.health.damaged.store(true, Ordering::Release);
    }

    /// Its content is what was written.
    pub(crate) fn mend(&self) {
        self.health.damaged.store(false, Ordering::Release);
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
