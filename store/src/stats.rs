//! Figures for `/metrics` and for the teacher's traffic light.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::shared::Shared;
use crate::sync::lock;
use crate::{Lsn, wal};

/// How the store is doing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stats {
    /// The last commit.
    pub lsn: Lsn,
    /// Bytes in memory: queue, hot rows and indexes.
    pub memory_bytes: usize,
    /// The budget they must not exceed.
    pub memory_limit: usize,
    /// Bytes in the queue, at the size they will have when stored.
    pub queue_bytes: usize,
    /// Appends waiting in the queue.
    pub queue_appends: usize,
    /// Bytes of the indexes that recognise duplicates.
    pub index_bytes: usize,
    /// Rows not yet sealed.
    pub hot_rows: u64,
    /// Sealed files.
    pub segments: usize,
    /// Rows in them.
    pub segment_rows: u64,
    /// Bytes of them, without roll-ups.
    pub segment_bytes: u64,
    /// Bytes of the WAL's files, the prepared one included.
    pub wal_bytes: u64,
    /// Group commits since the start, those that changed nothing included.
    pub commits: u64,
    /// How long the last one took, from taking the queue to the last answer.
    pub last_commit: Duration,
    /// Seals since the start.
    pub seals: u64,
    /// Failed writes or flushes of the WAL; after the first nothing is acknowledged.
    pub flush_failures: u64,
    /// Bytes of a torn end of the WAL cut off at the start: a commit that a crash left unfinished, as far as can be told.
    pub torn_wal_bytes: u64,
    /// Bytes of the WAL that could not be read at the start although something of it was acknowledged.
    pub damaged_wal_bytes: u64,
}

impl Stats {
    pub(crate) fn of(shared: &Shared) -> Self {
        let meters = &shared.meters;
        let mut stats = Self {
            memory_bytes: shared.budget.used(),
            memory_limit: shared.budget.limit(),
            queue_bytes: shared.budget.queue(),
            queue_appends: shared.queue.len(),
            index_bytes: shared.budget.index(),
            wal_bytes: wal::bytes(&shared.layout.wal()),
            commits: meters.commits.load(Ordering::Relaxed),
            last_commit: Duration::from_nanos(meters.commit_nanos.load(Ordering::Relaxed)),
            seals: meters.seals.load(Ordering::Relaxed),
            flush_failures: meters.flush_failures.load(Ordering::Relaxed),
            torn_wal_bytes: meters.torn_bytes.load(Ordering::Relaxed),
            damaged_wal_bytes: meters.damaged_bytes.load(Ordering::Relaxed),
            ..Self::default()
        };
        let view = lock(&shared.view);
        stats.lsn = view.lsn;
        for table in &view.tables {
            stats.hot_rows += table.rows() as u64;
            stats.segments += table.segments.len();
            stats.segment_rows += table.segments.iter().map(|segment| segment.rows).sum::<u64>();
            stats.segment_bytes += table.segments.iter().map(|segment| segment.bytes).sum::<u64>();
        }
        stats
    }
}
