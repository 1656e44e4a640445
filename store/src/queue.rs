//! Between the doors and the writer thread. Bounded by the [`Budget`](crate::budget::Budget): whoever appends has
//! reserved the bytes before, or waits.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::oneshot;

use crate::sync::lock;
use crate::{Entry, Error, Lsn, Receipt};

/// Answers a [`Ticket`](crate::Ticket).
pub(crate) type Done = oneshot::Sender<Result<(Lsn, Vec<Receipt>), Error>>;

/// One `append`.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) entries: Vec<Entry>,
    /// Bytes reserved for it.
    pub(crate) cost: usize,
    pub(crate) done: Done,
}

/// Bytes that end the wait for more: enough that the flush costs less than the rows.
const EAGER: usize = 1 << 20;

/// Bytes of one group commit. Larger groups save no flushes worth having, but delay the first in them; 4 MiB are about
/// 55,000 readings, 1 MB on disk, 0.4 ms to flush.
const GROUP: usize = 4 << 20;

#[derive(Debug, Default)]
struct Inner {
    jobs: VecDeque<Job>,
    cost: usize,
    closed: bool,
    /// The writer sleeps until something comes; only then it must be woken at once.
    idle: bool,
}

/// Jobs in order of arrival.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    inner: Mutex<Inner>,
    filled: Condvar,
}

impl Queue {
    /// Adds a job; hands it back if the queue is closed.
    pub(crate) fn push(&self, job: Job) -> Result<(), Job> {
        let mut inner = lock(&self.inner);
        if inner.closed {
            return Err(job);
        }
        let before = inner.cost;
        inner.cost += job.cost;
        inner.jobs.push_back(job);
        let eager = before < EAGER && inner.cost >= EAGER;
        if std::mem::take(&mut inner.idle) || eager {
            drop(inner);
            self.filled.notify_one();
        }
        Ok(())
    }

    /// Moves the next group's jobs to `jobs`: at once if `earliest` has passed or much is waiting, else at `earliest`.
    /// `false` when the queue is closed and empty.
    pub(crate) fn take(&self, earliest: Instant, jobs: &mut VecDeque<Job>) -> bool {
        let mut inner = lock(&self.inner);
        loop {
            if inner.jobs.is_empty() {
                if inner.closed {
                    return false;
                }
                inner.idle = true;
                inner = self.filled.wait(inner).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let wait = earliest.saturating_duration_since(Instant::now());
            if wait.is_zero() || inner.cost >= EAGER || inner.closed {
                break;
            }
            inner.idle = false;
            inner = self.filled.wait_timeout(inner, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
        inner.idle = false;
        if inner.cost <= GROUP {
            inner.cost = 0;
            std::mem::swap(&mut inner.jobs, jobs);
            return true;
        }
        let mut cost = 0;
        while let Some(job) = inner.jobs.pop_front() {
            cost += job.cost;
            jobs.push_back(job);
            if cost >= GROUP {
                break;
            }
        }
        inner.cost -= cost;
        true
    }

    /// Takes no more jobs; those in it are still handed out.
    pub(crate) fn close(&self) {
        lock(&self.inner).closed = true;
        self.filled.notify_all();
    }

    /// Takes out what nobody will commit any more.
    pub(crate) fn drain(&self) -> VecDeque<Job> {
        let mut inner = lock(&self.inner);
        inner.cost = 0;
        std::mem::take(&mut inner.jobs)
    }

    /// Whether [`Self::close`] was called.
    pub(crate) fn is_closed(&self) -> bool {
        lock(&self.inner).closed
    }

    /// Jobs waiting.
    pub(crate) fn len(&self) -> usize {
        lock(&self.inner).jobs.len()
    }
}
