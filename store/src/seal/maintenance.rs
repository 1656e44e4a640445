//! The second thread: seals when it is time, prepares WAL files, carries out orders. The writer never waits for it.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use messwerk_lessons::id::LessonId;
use tokio::sync::oneshot;

use super::health;
use super::{Failure, Merge, erase, seal};
use crate::shared::Shared;
use crate::sync::lock;
use crate::{Erasure, Error, wal};

/// How often it looks without being asked.
const LOOK: Duration = Duration::from_secs(1);

/// Part of the memory budget from which the largest table is sealed early, in per cent. The rest takes what arrives
/// while the seal is being written.
const PRESSURE: usize = 70;

/// WAL files from which the rows in the oldest are sealed. 16 files of 16 MiB are replayed in about a second.
const FILES: usize = 16;

/// How often it looks whether all segments are still there.
const CHECK: Duration = Duration::from_secs(10);

/// Rows of a table that are worth a file when it falls idle. A weather station sends every few minutes and is idle in between:
/// sealed each time, it would leave a file a reading, or rewrite its growing file a hundred times a day on a memory card.
const WORTH: usize = 1_000;

/// How much longer fewer rows wait. They are in the log, which is replayed in no time.
const LONGER: u32 = 12;

/// Answers an order.
type Done = oneshot::Sender<Result<(), Error>>;

/// What is asked of the thread.
pub(crate) enum Order {
    Seal(Option<LessonId>, Done),
    Erase(Erasure, Done),
    /// Do now what is done every now and then.
    Look(Done),
    /// Seal everything and stop; the writer has stopped.
    Close(Done),
}

#[derive(Default)]
struct Inner {
    /// One a waiting caller, so bounded by them.
    orders: VecDeque<Order>,
    look: bool,
    closed: bool,
    stopped: bool,
}

/// The thread's desk.
#[derive(Default)]
pub(crate) struct Maintenance {
    inner: Mutex<Inner>,
    filled: Condvar,
}

impl Maintenance {
    /// Hands in an order; after a [`Order::Close`] it is answered with [`Error::Closed`] by its sender being dropped.
    pub(crate) fn order(&self, order: Order) {
        let mut inner = lock(&self.inner);
        if !inner.closed {
            inner.closed = matches!(order, Order::Close(_));
            inner.orders.push_back(order);
            self.filled.notify_one();
        }
    }

    /// Asks for a look if memory is short. Cheap: called after every commit.
    pub(crate) fn nudge_if(&self, shared: &Shared) {
        if shared.budget.used() > shared.budget.limit() / 100 * PRESSURE && !shared.stuck.load(Ordering::Relaxed) {
            let mut inner = lock(&self.inner);
            if !inner.look {
                inner.look = true;
                self.filled.notify_one();
            }
        }
    }

    /// Ends the thread without sealing.
    pub(crate) fn stop(&self) {
        let mut inner = lock(&self.inner);
        inner.closed = true;
        inner.stopped = true;
        inner.orders.clear();
        self.filled.notify_one();
    }

    /// After a panic of the thread: whoever waits for an order is answered by its sender being dropped.
    pub(crate) fn abandon(&self) {
        let mut inner = lock(&self.inner);
        inner.closed = true;
        inner.orders.clear();
    }

    fn next(&self) -> Option<Order> {
        let mut inner = lock(&self.inner);
        if inner.orders.is_empty() && !inner.look && !inner.stopped {
            inner = self.filled.wait_timeout(inner, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
        inner.look = false;
        inner.orders.pop_front()
    }

    /// Runs until it is told to close.
    pub(crate) fn run(&self, shared: &Arc<Shared>) {
        let mut checked = Instant::now();
        loop {
            match self.next() {
                None if lock(&self.inner).stopped => return,
                None => {
                    if checked.elapsed() >= CHECK {
                        health::look(shared);
                        checked = Instant::now();
                    }
                    look(shared);
                }
                Some(Order::Look(done)) => {
                    health::look(shared);
                    look(shared);
                    done.send(Ok(())).ok();
                }
                Some(Order::Seal(lesson, done)) => {
                    let tables = lock(&shared.view).tables_of(lesson);
                    let merge = if lesson.is_some() { Merge::All } else { Merge::Small };
                    let sealed = report(shared, seal(shared, &tables, merge, None)).map_err(Error::from);
                    if sealed.is_ok() && shared.no_room.load(Ordering::Acquire) {
                        prepare_spare(shared);
                    }
                    done.send(sealed).ok();
                }
                Some(Order::Erase(what, done)) => {
                    done.send(erase(shared, what).map_err(Error::from)).ok();
                }
                Some(Order::Close(done)) => {
                    done.send(report(shared, close(shared)).map_err(Error::from)).ok();
                    return;
                }
            }
        }
    }
}

/// Finishes the erasures a crash cut short; before the threads start. One that cannot be finished is told and tried again
/// at the next start: a damaged file must not keep a class from its lesson.
pub(crate) fn finish_erasures(shared: &Shared) -> Result<(), Error> {
    for what in shared.catalogue.erasures()? {
        tracing::info!(lesson = %what.lesson(), "an erasure that was cut short is finished");
        // Told where it failed.
        erase(shared, what).ok();
    }
    Ok(())
}

/// Erases, and lets the administrator know what is left. Whether sealing gets on is another question: a damaged segment
/// that keeps somebody's readings fills no memory.
fn erase(shared: &Shared, what: Erasure) -> Result<(), Failure> {
    let erased = erase::erase(shared, what);
    let problem = erased.as_ref().err().map(|failure| {
        if failure.is_full() {
            // The next attempt can use its room.
            wal::drop_spare(&shared.layout.wal());
        }
        format!("an erasure in lesson {} is not finished ({failure}); it is tried again at the next start", what.lesson())
    });
    if let Some(problem) = &problem {
        tracing::error!("{problem}");
    }
    shared.set_problem(&format!("erasure {what:?}"), problem);
    erased
}

fn close(shared: &Shared) -> Result<(), Failure> {
    let tables = lock(&shared.view).tables_of(None);
    seal(shared, &tables, Merge::Nothing, None)?;
    // All rows are in segments, all else in checkpoints: the log has nothing left to tell.
    let number = lock(&shared.core).wal.number();
    let mut manifest = lock(&shared.manifest);
    let mut closed = manifest.clone();
    (closed.wal_first, closed.wal_last) = (number + 1, number);
    closed.write(&shared.disk, &shared.layout)?;
    *manifest = closed;
    Ok(wal::remove_below(&shared.disk, &shared.layout.wal(), number + 1)?)
}

/// Seals what is due, then prepares the next WAL file: sealing gives disk back, the file takes it.
fn look(shared: &Shared) {
    if shared.writable().is_err() {
        return;
    }
    let due = due(shared);
    let sealed = if due.is_empty() { Ok(()) } else { report(shared, seal(shared, &due, Merge::Small, None)) };
    if !sealed.and_then(|()| relieve(shared)).is_err_and(|failure| failure.is_full()) {
        prepare_spare(shared);
    }
}

/// Seals the largest tables while memory is short.
fn relieve(shared: &Shared) -> Result<(), Failure> {
    while shared.budget.used() > shared.budget.limit() / 100 * PRESSURE {
        let largest = {
            let view = lock(&shared.view);
            (0..view.tables.len()).max_by_key(|&table| view.tables[table].rows()).filter(|&table| view.tables[table].rows() > 0)
        };
        let Some(largest) = largest else { break };
        report(shared, seal(shared, &[largest], Merge::Small, None))?;
    }
    Ok(())
}

fn prepare_spare(shared: &Shared) {
    match wal::prepare_spare(&shared.disk, &shared.layout.wal(), shared.options.wal_file) {
        Ok(()) => {
            shared.set_problem("spare", None);
            shared.room_again();
        }
        Err(error) => {
            let advice = Failure::from(error);
            let problem = format!("the next WAL file cannot be made ({advice}); it is tried again. Please {}", advice.advice());
            tracing::error!("{problem}");
            shared.set_problem("spare", Some(problem));
        }
    }
}

/// Tables that are full, idle, or hold an old WAL file; all with rows, if only sealing can make room for the WAL.
fn due(shared: &Shared) -> Vec<usize> {
    let newest = shared.wal_number.load(Ordering::Acquire);
    let no_room = shared.no_room.load(Ordering::Acquire);
    let view = lock(&shared.view);
    let due = |table: &&usize| {
        let table = &view.tables[**table];
        let old = table.oldest_wal.is_some_and(|oldest| newest.saturating_sub(oldest) >= FILES as u64);
        let rows = table.rows();
        let idle = if rows < WORTH { shared.options.seal_idle * LONGER } else { shared.options.seal_idle };
        rows >= shared.options.seal_rows || old || (rows > 0 && (no_room || table.touched.elapsed() >= idle))
    };
    view.tables_of(None).iter().filter(due).copied().collect()
}

/// Lets the administrator and the appenders know whether sealing gets on.
fn report<T>(shared: &Shared, result: Result<T, Failure>) -> Result<T, Failure> {
    match &result {
        Ok(_) => {
            shared.stuck.store(false, Ordering::Relaxed);
            shared.set_problem("sealing", None);
        }
        // A disk that failed is a problem of its own.
        Err(_) if shared.writable().is_err() => {}
        Err(failure) => {
            let text = format!(
                "sealing failed ({failure}); readings stay in the WAL and it is tried again, but memory fills up: {}",
                failure.advice()
            );
            tracing::error!("{text}");
            shared.stuck.store(true, Ordering::Relaxed);
            shared.set_problem("sealing", Some(text));
            if failure.is_full() {
                // The next attempt can use its room, and then gives back more.
                wal::drop_spare(&shared.layout.wal());
            }
            shared.budget.wake();
        }
    }
    result
}
