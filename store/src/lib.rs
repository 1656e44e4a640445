//! The one writer: what was acknowledged is on disk, exactly once, and visible in every later snapshot.
//!
//! ```text
//! Submission -> intake (duplicates, epochs, clock, thinning) -> WAL group commit (fdatasync) -> hot buffers -> Receipt
//!                                                                     seal: sorted Parquet segment -> manifest swap -> WAL file removed
//! Snapshot = hot batches + segments, one consistent view
//! ```

pub mod catalogue;
pub mod clock;
pub mod schema;
pub mod snapshot;
pub mod stats;
pub mod submission;

mod budget;
mod checkpoint;
mod checksum;
mod disk;
mod erasure;
mod group;
mod guard;
mod hot;
mod intake;
mod layout;
mod manifest;
mod open;
mod queue;
mod seal;
mod shared;
mod sync;
mod view;
mod wal;
mod writer;

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use tokio::sync::{oneshot, watch};

use disk::Disk;
use group::StreamId;
use queue::Job;
use seal::{Maintenance, Order};
use shared::Shared;
use sync::lock;

pub use catalogue::Catalogue;
pub use checksum::Stamp;
pub use clock::{Clock, SystemClock};
pub use erasure::Erasure;
pub use layout::in_use;
pub use snapshot::{HotBatch, Latest, Segment, Snapshot};
pub use stats::Stats;
pub use submission::{Entry, InTake, Receipt, Rejection, Submission, Ticket, another_value, too_many_runs};

/// What went wrong in the store; [`Error::kind`] is what callers decide on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another hub has this data folder open.
    #[error("the data folder {0} is in use by another hub; stop it first or name another --data-dir")]
    InUse(String),
    /// The disk refused a write; nothing is acknowledged. After a failed flush that is so until the hub is restarted,
    /// because nobody knows what is on disk; on a full disk until there is room again.
    #[error("the data folder cannot be written: {0}")]
    ReadOnly(String),
    /// A file is damaged where it must not be.
    #[error("{file} is damaged: {what}")]
    Damaged {
        /// Which file.
        file: String,
        /// What was found and what to do.
        what: String,
    },
    /// What was asked for is not there.
    #[error("{0}")]
    NotFound(String),
    /// The request is right, but not as things stand.
    #[error("{0}")]
    Conflict(catalogue::Conflict),
    /// The catalogue.
    #[error("catalogue: {0}")]
    Catalogue(#[from] rusqlite::Error),
    /// Input or output.
    #[error("data folder: {0}")]
    Io(#[from] std::io::Error),
    /// Something sealed could not be read now, and nothing is wrong with it. Nothing was decided: send it again.
    #[error("the data folder cannot be read now: {0}")]
    NotNow(String),
    /// The store is closing.
    #[error("the hub is shutting down")]
    Closed,
}

/// The classes of [`Error`] that callers treat differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Unknown id.
    NotFound,
    /// Not as things stand: locked, full, ended, running already.
    Conflict,
    /// Not now: full, read-only or closing. Senders keep their data and try again.
    Unavailable,
    /// A defect or a damaged disk.
    Internal,
}

impl Error {
    /// The class of this error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound(_) => ErrorKind::NotFound,
            Self::Conflict(_) => ErrorKind::Conflict,
            Self::InUse(_) | Self::ReadOnly(_) | Self::NotNow(_) | Self::Closed => ErrorKind::Unavailable,
            _ => ErrorKind::Internal,
        }
    }

    /// The same error for another one who waits for the same commit.
    fn again(&self) -> Self {
        match self {
            Self::InUse(folder) => Self::InUse(folder.clone()),
            Self::ReadOnly(reason) => Self::ReadOnly(reason.clone()),
            Self::Damaged { file, what } => Self::Damaged { file: file.clone(), what: what.clone() },
            Self::NotFound(what) => Self::NotFound(what.clone()),
            Self::NotNow(why) => Self::NotNow(why.clone()),
            Self::Conflict(conflict) => Self::Conflict(*conflict),
            Self::Closed => Self::Closed,
            other @ (Self::Catalogue(_) | Self::Io(_)) => Self::Io(std::io::Error::other(other.to_string())),
        }
    }
}

/// Tuning, each with a default that suits a class.
#[derive(Debug, Clone)]
pub struct Options {
    /// Bytes the store may hold in memory (hot buffers, intake indexes, queue). Default 1 GiB. Full: `append` waits.
    pub memory: usize,
    /// Longest wait of the group commit once something is queued. Default 5 ms.
    pub commit_interval: std::time::Duration,
    /// Rows of one lesson and property that make a seal. Default 1,000,000.
    pub seal_rows: usize,
    /// Idle time after which a lesson's hot rows are sealed. Default 5 min.
    pub seal_idle: std::time::Duration,
    /// Size of a WAL file. Default 16 MiB.
    pub wal_file: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            memory: 1 << 30,
            commit_interval: std::time::Duration::from_millis(5),
            seal_rows: 1_000_000,
            seal_idle: std::time::Duration::from_secs(300),
            wal_file: wal::FILE,
        }
    }
}

/// Number of the last group commit; grows by one per commit that changed something.
pub type Lsn = u64;

/// The open data folder. Cheap to share behind an `Arc`; one process at a time.
///
/// Dropping it without [`Store::close`] is a crash without the crash: what was acknowledged is in the WAL.
pub struct Store {
    shared: Arc<Shared>,
    maintenance: Arc<Maintenance>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("root", &self.shared.layout.root()).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens or creates the data folder, takes its lock, replays the WAL and starts the writer thread.
    ///
    /// Fails with [`Error::InUse`] beside another hub, [`Error::ReadOnly`] if the folder cannot be written, and
    /// [`Error::Damaged`] if a WAL file or the manifest is missing that may only have been moved; the sentence says what
    /// to do. Damage inside a WAL file and segments that have disappeared are not fatal: all that can be read is kept,
    /// what is missing stands in [`Store::problems`], and damaged bytes are copied aside.
    pub fn open(directory: &Path, options: Options, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        Self::open_on(directory, options, clock, Disk::default())
    }

    fn open_on(directory: &Path, options: Options, clock: Arc<dyn Clock>, disk: Disk) -> Result<Self, Error> {
        let shared = Arc::new(open::open(directory, options, clock, disk)?);
        seal::finish_erasures(&shared)?;
        let maintenance = Arc::new(Maintenance::default());
        let store = Self { shared: Arc::clone(&shared), maintenance: Arc::clone(&maintenance), threads: Mutex::default() };
        let writer = {
            let (shared, maintenance) = (Arc::clone(&shared), Arc::clone(&maintenance));
            std::thread::Builder::new().name("store-writer".into()).spawn(move || {
                guard::writer(&shared, || writer::run(&shared, &maintenance));
            })?
        };
        let sealer = std::thread::Builder::new().name("store-sealer".into()).spawn(move || {
            guard::sealer(&shared, &maintenance, || maintenance.run(&shared));
        })?;
        lock(&store.threads).extend([writer, sealer]);
        Ok(store)
    }

    /// Queues entries in order. Waits while the memory budget is exhausted (back-pressure), then returns at once:
    /// queued, neither durable nor visible. The [`Ticket`] resolves after the group commit.
    ///
    /// [`Error::ReadOnly`] if the disk failed, or if memory is full and cannot be sealed to disk; [`Error::Closed`] after
    /// [`Store::close`]. Dropping the future before it is ready queues nothing.
    pub async fn append(&self, entries: Vec<Entry>) -> Result<Ticket, Error> {
        let shared = &self.shared;
        let cost = writer::cost(&entries).min(shared.budget.limit());
        while !shared.budget.reserve(cost) {
            let freed = shared.budget.freed();
            tokio::pin!(freed);
            freed.as_mut().enable();
            if shared.budget.reserve(cost) {
                break;
            }
            shared.writable()?;
            if shared.stuck.load(Ordering::Relaxed) {
                return Err(Error::ReadOnly("memory is full and cannot be sealed to disk; free some disk space".to_owned()));
            }
            if shared.queue.is_closed() {
                return Err(Error::Closed);
            }
            self.maintenance.nudge_if(shared);
            freed.await;
        }
        let (done, ticket) = oneshot::channel();
        let refused = shared.writable().err();
        let pushed =
            if let Some(error) = refused { Err(error) } else { shared.queue.push(Job { entries, cost, done }).map_err(|_| Error::Closed) };
        match pushed {
            Ok(()) => Ok(Ticket { done: ticket }),
            Err(error) => {
                shared.budget.release(cost);
                Err(error)
            }
        }
    }

    /// One consistent view of everything committed so far: each Observation exactly once, hot or sealed.
    pub fn snapshot(&self) -> Snapshot {
        self.take_snapshot(None)
    }

    /// [`Store::snapshot`] of one lesson: what a live view wants ten times a second, without touching the others.
    pub fn snapshot_of(&self, lesson: LessonId) -> Snapshot {
        self.take_snapshot(Some(lesson))
    }

    fn take_snapshot(&self, lesson: Option<LessonId>) -> Snapshot {
        let mut view = lock(&self.shared.view);
        let lsn = view.lsn;
        // Columns of one table always have one length and the schema's types.
        view.snapshot(lesson).unwrap_or_else(|error| {
            tracing::error!(%error, "a snapshot could not be made");
            Snapshot { lsn, hot: Vec::new(), segments: Vec::new() }
        })
    }

    /// Changes with every commit and every seal; wakes live views.
    pub fn committed(&self) -> watch::Receiver<Lsn> {
        self.shared.committed.subscribe()
    }

    /// Grows with each commit that changes anything of a lesson, readings or Rejects, and with each erasure in it; 0 if
    /// nothing ever did. From memory: who looks after many lessons need not ask for those in which nothing happened.
    pub fn changed(&self, lesson: LessonId) -> Lsn {
        lock(&self.shared.view).changed(lesson)
    }

    /// The latest reading (by phenomenon time) of each Thing and property of a lesson, from memory.
    pub fn latest(&self, lesson: LessonId) -> Vec<Latest> {
        lock(&self.shared.view).latest(lesson)
    }

    /// Rejects so far, by Thing and reason, with the last examples.
    pub fn rejections(&self, lesson: LessonId) -> Vec<Rejection> {
        lock(&self.shared.view).rejections(lesson)
    }

    /// Stored readings of a Thing and property so far (duplicates and thinned readings not counted).
    pub fn count(&self, lesson: LessonId, thing: ThingId, property: ObservedProperty) -> u64 {
        lock(&self.shared.view).stored_of(StreamId { lesson, thing, property })
    }

    /// Batches that senders numbered and that have not arrived, by Thing: numbers between others that did, at most 100,000 a
    /// boot. A [`Submission`] without readings notes that its number arrived (all of it was idle), and one that was thinned
    /// whole arrived too; one of which everything was rejected counts as lost. What was noted since the last checkpoint counts
    /// as lost after a crash. From memory; Things without are left out.
    pub fn missing(&self, lesson: LessonId) -> Vec<(ThingId, u64)> {
        lock(&self.shared.view).missing(lesson)
    }

    /// Lessons, Takes, Things, tokens, inputs, exclusions, accounts, the log.
    pub fn catalogue(&self) -> &Catalogue {
        &self.shared.catalogue
    }

    /// The hub's clock, as given to [`Store::open`].
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// Whether nothing is acknowledged now: the disk failed (until a restart), or is full (until it has room again).
    /// [`Store::problems`] says which.
    pub fn read_only(&self) -> bool {
        self.shared.writable().is_err() || self.shared.no_room.load(Ordering::Acquire)
    }

    /// Figures for `/metrics`.
    pub fn stats(&self) -> Stats {
        Stats::of(&self.shared)
    }

    /// What an administrator should know, in sentences: damage in the WAL, segments that disappeared or cannot be read,
    /// seals that fail, a full or failed disk.
    pub fn problems(&self) -> Vec<String> {
        self.shared.problems()
    }

    /// Segments of a lesson that cannot be read now: their rows are missing from snapshots and answers. Each is one of
    /// the [`Self::problems`]; a file that is put back is taken up again within ten seconds.
    pub fn unreadable(&self, lesson: LessonId) -> Vec<Arc<Segment>> {
        let view = lock(&self.shared.view);
        let segments = view.tables.iter().filter(|table| table.lesson == lesson).flat_map(|table| &table.segments);
        segments.filter(|segment| !segment.is_readable()).cloned().collect()
    }

    /// Reads a segment whole, after a reader failed on it. An error names it: from then on it is unreadable (see
    /// [`Self::unreadable`]), a problem, and left out of later snapshots. `Ok` says that the segment is not to blame.
    /// Blocks while it reads.
    pub fn verify(&self, segment: &Arc<Segment>) -> Result<(), Error> {
        seal::verify(&self.shared, segment)
    }

    /// Compares a segment's roll-up (if that is to be read, and can be) or else its rows with the checksum taken when they
    /// were written, if that was not done since the start or since the file changed. Rows that are other bytes make the
    /// segment unreadable, as after [`Self::verify`]. Blocks while it reads, some milliseconds a lesson.
    pub fn compare(&self, segment: &Arc<Segment>, rolled: bool) {
        seal::compare(&self.shared, segment, rolled);
    }

    /// Does now what the store does every few seconds by itself: looks whether all segments are there, seals what is due,
    /// prepares the next WAL file. What goes wrong stands in [`Self::problems`].
    pub async fn maintain(&self) -> Result<(), Error> {
        self.order(Order::Look).await
    }

    /// Seals the hot rows of a lesson (all lessons without one) into segments. On return the segments are durable and
    /// in the manifest. With a lesson all its segments become one sorted file a property: call it when the lesson ends.
    pub async fn seal(&self, lesson: Option<LessonId>) -> Result<(), Error> {
        self.order(|done| Order::Seal(lesson, done)).await
    }

    /// Removes a lesson, its readings, a Thing or a Run from WAL, segments, catalogue and memory. On return the bytes are
    /// gone from the data folder. What still arrives is treated as [`Erasure`] says; for a Thing or lesson it is refused
    /// with [`Error::NotFound`]. After an error it is noted: the same call again, or the next start, finishes it.
    pub async fn erase(&self, what: Erasure) -> Result<(), Error> {
        self.order(|done| Order::Erase(what, done)).await
    }

    async fn order(&self, order: impl FnOnce(oneshot::Sender<Result<(), Error>>) -> Order) -> Result<(), Error> {
        let (done, answer) = oneshot::channel();
        self.maintenance.order(order(done));
        answer.await.unwrap_or(Err(Error::Closed))
    }

    /// Commits what is queued, seals everything, stops the writer. Later calls answer [`Error::Closed`].
    pub async fn close(&self) -> Result<(), Error> {
        self.shared.queue.close();
        self.shared.budget.wake();
        let threads = std::mem::take(&mut *lock(&self.threads));
        let mut threads = threads.into_iter();
        let (Some(writer), Some(sealer)) = (threads.next(), threads.next()) else { return Err(Error::Closed) };
        join(writer).await?;
        let sealed = self.order(Order::Close).await;
        join(sealer).await?;
        self.shared.writable().and(sealed)
    }
}

async fn join(thread: JoinHandle<()>) -> Result<(), Error> {
    let joined = tokio::task::spawn_blocking(move || thread.join().is_ok()).await;
    if matches!(joined, Ok(true)) { Ok(()) } else { Err(Error::Io(std::io::Error::other("a thread of the store panicked"))) }
}

impl Drop for Store {
    /// Stops the threads: the writer commits what is queued, nothing is sealed.
    fn drop(&mut self) {
        self.shared.queue.close();
        self.maintenance.stop();
        for thread in lock(&self.threads).drain(..) {
            // A panic was reported by its thread; there is nobody to answer to here.
            thread.join().ok();
        }
    }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
