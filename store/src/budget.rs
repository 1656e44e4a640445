//! The one memory budget and where its bytes are.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Bytes in memory by their place, against one limit.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: usize,
    /// Waiting for the writer, at the size they will have in hot buffers and index.
    queue: AtomicUsize,
    /// Hot rows, those being sealed included.
    hot: AtomicUsize,
    /// Indexes of stored readings.
    index: AtomicUsize,
    freed: Notify,
}

impl Budget {
    /// A budget of so many bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, queue: AtomicUsize::new(0), hot: AtomicUsize::new(0), index: AtomicUsize::new(0), freed: Notify::new() }
    }

    /// The limit.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Bytes in use.
    pub(crate) fn used(&self) -> usize {
        self.queue() + self.hot() + self.index()
    }

    /// Bytes in the queue.
    pub(crate) fn queue(&self) -> usize {
        self.queue.load(Ordering::Acquire)
    }

    /// Bytes in hot buffers.
    pub(crate) fn hot(&self) -> usize {
        self.hot.load(Ordering::Acquire)
    }

    /// Bytes in the intake's indexes.
    pub(crate) fn index(&self) -> usize {
        self.index.load(Ordering::Acquire)
    }

    /// Takes queue bytes if they fit. What is larger than the whole budget fits into an empty one: it must pass once.
    pub(crate) fn reserve(&self, bytes: usize) -> bool {
        // Two appenders at once may both see room and overshoot by one of them; compare-and-swap on the queue alone
        // would not help, as hot and index move too. An append is at most a few packets.
        let used = self.used();
        if used > 0 && used.saturating_add(bytes) > self.limit {
            return false;
        }
        self.queue.fetch_add(bytes, Ordering::AcqRel);
        true
    }

    /// Gives queue bytes back.
    pub(crate) fn release(&self, bytes: usize) {
        self.queue.fetch_sub(bytes, Ordering::AcqRel);
        self.freed.notify_waiters();
    }

    /// Counts hot bytes.
    pub(crate) fn grow_hot(&self, bytes: usize) {
        self.hot.fetch_add(bytes, Ordering::AcqRel);
    }

    /// Gives hot bytes back.
    pub(crate) fn shrink_hot(&self, bytes: usize) {
        self.hot.fetch_sub(bytes, Ordering::AcqRel);
        self.freed.notify_waiters();
    }

    /// States the indexes' size; only the writer knows it.
    pub(crate) fn set_index(&self, bytes: usize) {
        if self.index.swap(bytes, Ordering::AcqRel) > bytes {
            self.freed.notify_waiters();
        }
    }

    /// Wakes everybody who waits for room, to look again.
    pub(crate) fn wake(&self) {
        self.freed.notify_waiters();
    }

    /// Registers for the next time bytes are given back; register before looking, or the wake-up may be missed.
    pub(crate) fn freed(&self) -> tokio::sync::futures::Notified<'_> {
        self.freed.notified()
    }
}
