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
pub mod submission;

use std::path::Path;
use std::sync::Arc;

use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use tokio::sync::watch;

pub use catalogue::Catalogue;
pub use clock::{Clock, SystemClock};
pub use snapshot::{HotBatch, Latest, Segment, Snapshot};
pub use submission::{Entry, Receipt, Rejection, Submission, Ticket};

/// What went wrong in the store; [`Error::kind`] is what callers decide on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another hub has this data folder open.
    #[error("the data folder {0} is in use by another hub; stop it first or name another --data-dir")]
    InUse(String),
    /// The disk refused a write; nothing is acknowledged until the hub is restarted on a disk with room.
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
    /// The catalogue.
    #[error("catalogue: {0}")]
    Catalogue(#[from] rusqlite::Error),
    /// Input or output.
    #[error("data folder: {0}")]
    Io(#[from] std::io::Error),
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
            Self::InUse(_) | Self::ReadOnly(_) | Self::Closed => ErrorKind::Unavailable,
            _ => ErrorKind::Internal,
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
}

impl Default for Options {
    fn default() -> Self {
        Self {
            memory: 1 << 30,
            commit_interval: std::time::Duration::from_millis(5),
            seal_rows: 1_000_000,
            seal_idle: std::time::Duration::from_secs(300),
        }
    }
}

/// Number of the last group commit; grows by one per commit that changed something.
pub type Lsn = u64;

/// The open data folder. Cheap to share behind an `Arc`; one process at a time.
pub struct Store {}

impl Store {
    /// Opens or creates the data folder, takes its lock, replays the WAL and starts the writer thread.
    pub fn open(_directory: &Path, _options: Options, _clock: Arc<dyn Clock>) -> Result<Self, Error> {
        unimplemented!()
    }

    /// Queues entries in order. Waits while the memory budget is exhausted (back-pressure), then returns at once:
    /// queued, neither durable nor visible. The [`Ticket`] resolves after the group commit.
    pub async fn append(&self, _entries: Vec<Entry>) -> Result<Ticket, Error> {
        unimplemented!()
    }

    /// One consistent view of everything committed so far: each Observation exactly once, hot or sealed.
    pub fn snapshot(&self) -> Snapshot {
        unimplemented!()
    }

    /// Changes with every commit and every seal; wakes live views.
    pub fn committed(&self) -> watch::Receiver<Lsn> {
        unimplemented!()
    }

    /// The latest reading (by phenomenon time) of each Thing and property of a lesson, from memory.
    pub fn latest(&self, _lesson: LessonId) -> Vec<Latest> {
        unimplemented!()
    }

    /// Rejects so far, by Thing and reason, with the last examples.
    pub fn rejections(&self, _lesson: LessonId) -> Vec<Rejection> {
        unimplemented!()
    }

    /// Stored readings of a Thing and property so far (duplicates and thinned readings not counted).
    pub fn count(&self, _lesson: LessonId, _thing: ThingId, _property: ObservedProperty) -> u64 {
        unimplemented!()
    }

    /// Lessons, Things, tokens, inputs, exclusions.
    pub fn catalogue(&self) -> &Catalogue {
        unimplemented!()
    }

    /// Seals the hot rows of a lesson (all lessons without one) into segments. On return the segments are durable and
    /// in the manifest.
    pub async fn seal(&self, _lesson: Option<LessonId>) -> Result<(), Error> {
        unimplemented!()
    }

    /// Removes a Thing (or with `None` the whole lesson) from WAL, segments, catalogue and memory. On return the bytes
    /// are gone from the data folder.
    pub async fn erase(&self, _lesson: LessonId, _thing: Option<ThingId>) -> Result<(), Error> {
        unimplemented!()
    }

    /// Commits what is queued, seals everything, stops the writer. Later calls answer [`Error::Closed`].
    pub async fn close(&self) -> Result<(), Error> {
        unimplemented!()
    }
}
