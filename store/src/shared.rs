//! What the store's threads share, and the locks in the order in which they are taken: `manifest`, `core`, `view`.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use arrow::array::AsArray;
use arrow::datatypes::{Float32Type, Int64Type, TimestampMicrosecondType, UInt32Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use tokio::sync::watch;

use crate::budget::Budget;
use crate::disk::Disk;
use crate::group::{Group, StreamId};
use crate::intake::{History, Intake};
use crate::layout::Layout;
use crate::manifest::Manifest;
use crate::queue::Queue;
use crate::schema::column;
use crate::seal::source::Source;
use crate::seal::{self, Failure};
use crate::snapshot::{HotBatch, Segment};
use crate::sync::lock;
use crate::view::View;
use crate::wal::Wal;
use crate::{Catalogue, Clock, Error, Lsn, Options};

/// What the writer holds while it commits. Whoever else takes it stands at the border of a commit.
pub(crate) struct Core {
    pub(crate) intake: Intake,
    pub(crate) wal: Wal,
    pub(crate) lsn: Lsn,
    pub(crate) group: Group,
}

/// Figures that only grow, or show the last one.
#[derive(Debug, Default)]
pub(crate) struct Meters {
    pub(crate) commits: AtomicU64,
    pub(crate) commit_nanos: AtomicU64,
    pub(crate) flush_failures: AtomicU64,
    pub(crate) seals: AtomicU64,
    pub(crate) torn_bytes: AtomicU64,
    pub(crate) damaged_bytes: AtomicU64,
}

/// The open store without its threads.
pub(crate) struct Shared {
    pub(crate) layout: Layout,
    pub(crate) disk: Disk,
    pub(crate) options: Options,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) budget: Budget,
    pub(crate) queue: Queue,
    pub(crate) core: Mutex<Core>,
    pub(crate) manifest: Mutex<Manifest>,
    pub(crate) view: Mutex<View>,
    pub(crate) catalogue: Catalogue,
    pub(crate) committed: watch::Sender<Lsn>,
    /// The number of the WAL file being written; set before the rows in it become visible.
    pub(crate) wal_number: AtomicU64,
    /// Why nothing is written any more.
    failed: OnceLock<String>,
    /// Sealing does not get on.
    pub(crate) stuck: AtomicBool,
    /// There is no room, or no descriptor, for the next WAL file.
    pub(crate) no_room: AtomicBool,
    /// What an administrator should know, by what it is about.
    problems: Mutex<BTreeMap<String, String>>,
    pub(crate) meters: Meters,
    /// Held for as long as the store is open.
    pub(crate) _lock: File,
}

/// The parts [`Shared::new`] puts together.
pub(crate) struct Parts {
    pub(crate) layout: Layout,
    pub(crate) disk: Disk,
    pub(crate) options: Options,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) core: Core,
    pub(crate) manifest: Manifest,
    pub(crate) view: View,
    pub(crate) catalogue: Catalogue,
    pub(crate) lock: File,
}

impl Shared {
    /// A store about to start its threads.
    pub(crate) fn new(parts: Parts) -> Self {
        let budget = Budget::new(parts.options.memory);
        let hot = parts.view.tables.iter().map(|table| table.rows() * crate::hot::ROW).sum();
        budget.grow_hot(hot);
        Self {
            budget,
            queue: Queue::default(),
            committed: watch::Sender::new(parts.view.lsn),
            wal_number: AtomicU64::new(parts.core.wal.number()),
            core: Mutex::new(parts.core),
            manifest: Mutex::new(parts.manifest),
            view: Mutex::new(parts.view),
            failed: OnceLock::new(),
            stuck: AtomicBool::new(false),
            no_room: AtomicBool::new(false),
            problems: Mutex::default(),
            meters: Meters::default(),
            layout: parts.layout,
            disk: parts.disk,
            options: parts.options,
            clock: parts.clock,
            catalogue: parts.catalogue,
            _lock: parts.lock,
        }
    }

    /// From now on nothing is written: after a failed flush nobody knows what is on disk.
    pub(crate) fn fail(&self, what: &str, error: &std::io::Error) {
        self.meters.flush_failures.fetch_add(1, Ordering::Relaxed);
        let reason = match crate::layout::refused(self.layout.root(), error) {
            Error::ReadOnly(reason) => reason,
            other => other.to_string(),
        };
        tracing::error!(%error, "{what} failed; nothing is acknowledged until the hub is started again");
        self.fail_for(reason);
    }

    /// From now on nothing is written, for this reason.
    pub(crate) fn fail_for(&self, reason: String) {
        tracing::error!("{reason}");
        // The first reason counts.
        self.failed.set(reason).ok();
        self.budget.wake();
    }

    /// The next WAL file could not be made. On a full disk, or without descriptors, that is no failure: the log is whole,
    /// nothing of the group was decided or written, and it is tried again. Anything else is one ([`Self::fail`]).
    pub(crate) fn no_room(&self, error: &std::io::Error) -> Error {
        if !crate::wal::passes(error) {
            self.fail("changing over to a new WAL file", error);
        }
        let refused = crate::layout::refused(self.layout.root(), error);
        if crate::wal::passes(error) && !self.no_room.swap(true, Ordering::AcqRel) {
            let text = format!("nothing is acknowledged: {refused}. It goes on by itself when that is over");
            tracing::error!("{text}");
            self.set_problem("room", Some(text));
        }
        self.writable().err().unwrap_or(refused)
    }

    /// There is room again for the next WAL file.
    pub(crate) fn room_again(&self) {
        if self.no_room.swap(false, Ordering::AcqRel) {
            self.set_problem("room", None);
        }
    }

    /// Whether the store still writes.
    pub(crate) fn writable(&self) -> Result<(), Error> {
        self.failed.get().map_or(Ok(()), |reason| Err(Error::ReadOnly(reason.clone())))
    }

    /// States a problem, or that there is none any more (`None`).
    pub(crate) fn set_problem(&self, about: &str, text: Option<String>) {
        let mut problems = lock(&self.problems);
        match text {
            Some(text) => problems.insert(about.to_owned(), text),
            None => problems.remove(about),
        };
    }

    /// All problems, and the failure if there is one.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems: Vec<String> = lock(&self.problems).values().cloned().collect();
        problems.extend(self.failed.get().cloned());
        problems
    }
}

impl History for Shared {
    fn readings(&self, stream: StreamId, run: u32, before: Micros) -> Result<Vec<(Micros, [f32; 3])>, Error> {
        loop {
            let stored = lock(&self.view).stored(stream.lesson, stream.property).map_err(std::io::Error::other)?;
            if let Some(parts) = self.rows_of(stream.thing, stored)? {
                return Ok(parts.iter().flat_map(|rows| readings_of(rows, run)).filter(|reading| reading.0 < before).collect());
            }
        }
    }
}

impl Shared {
    /// The rows of a Thing in these chunks and segments. `None` if an erasure took a segment away meanwhile: the view has
    /// another one in its place.
    pub(crate) fn rows_of(&self, thing: ThingId, stored: (Vec<HotBatch>, Vec<Arc<Segment>>)) -> Result<Option<Vec<RecordBatch>>, Error> {
        let (hot, segments) = stored;
        let mut parts = Vec::new();
        for segment in segments.iter().filter(|segment| segment.things.contains(&thing)) {
            let read = Source::file(&self.disk, Arc::clone(segment)).and_then(|mut source| source.rows_of(thing.0, &mut parts));
            match read {
                Ok(()) => {}
                Err(Failure::Unreadable { .. }) if !lock(&self.view).holds(segment) => return Ok(None),
                // A resend of what only it holds is stored again: better twice than refused, or acknowledged and lost.
                Err(Failure::Unreadable { segment, reason }) => seal::unreadable(self, &segment, &reason),
                // Nothing is wrong with the file: the sender tries again rather than that it is stored twice.
                Err(failure) => return Err(failure.not_now()),
            }
        }
        for chunk in &hot {
            parts.push(seal::file::filtered(&chunk.rows, thing.0)?);
        }
        Ok(Some(parts))
    }
}

fn readings_of(rows: &RecordBatch, run: u32) -> Vec<(Micros, [f32; 3])> {
    let runs = rows.column(column::RUN).as_primitive::<UInt32Type>().values();
    let times = rows.column(column::TIME).as_primitive::<TimestampMicrosecondType>().values();
    let offsets = rows.column(column::OFFSET).as_primitive::<Int64Type>().values();
    let values = [column::X, column::Y, column::Z].map(|index| rows.column(index).as_primitive::<Float32Type>());
    let wanted = (0..rows.num_rows()).filter(|&row| runs[row] == run);
    // Null components of scalars read as zero, which is what the intake compares with.
    let value = |row: usize| values.map(|column| if arrow::array::Array::is_null(column, row) { 0.0 } else { column.value(row) });
    wanted.map(|row| (times[row].wrapping_sub(offsets[row]), value(row))).collect()
}
