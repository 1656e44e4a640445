//! The writer thread: takes what is queued, decides what is new, makes it durable, shows it, answers.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::group::RejectFrame;
use crate::hot::ROW;
use crate::queue::Job;
use crate::seal::Maintenance;
use crate::shared::{Core, Shared};
use crate::sync::lock;
use crate::{Entry, Error, Lsn, Receipt, wal};

/// Part of the budget for indexes of stored readings. What is dropped is read again when needed, so this trades memory
/// for work; a quarter holds the last minutes of every stream of a school.
const INDEX_SHARE: usize = 4;

/// Bytes charged for a reading in the queue: what it will take in hot buffers and index, so that a commit never needs
/// more than was reserved.
const READING: usize = ROW + 28;

/// Bytes charged for an entry itself.
const ENTRY: usize = 256;

/// Bytes charged for entries while they are queued.
pub(crate) fn cost(entries: &[Entry]) -> usize {
    let readings = |entry: &Entry| match entry {
        Entry::Readings(batch) => batch.readings.len() * READING,
        Entry::Reject { reject, .. } => reject.detail.len(),
    };
    entries.iter().map(|entry| ENTRY + readings(entry)).sum()
}

/// Bytes an entry takes in the WAL at most.
fn most(entry: &Entry) -> usize {
    match entry {
        Entry::Readings(batch) => wal::most_of_readings(batch.readings.len()),
        Entry::Reject { reject, .. } => wal::most_of_reject(reject.detail.len()),
    }
}

/// Runs until the queue is closed and empty.
pub(crate) fn run(shared: &Arc<Shared>, maintenance: &Maintenance) {
    let mut jobs = VecDeque::new();
    let mut answers: Vec<Result<Vec<Receipt>, Error>> = Vec::new();
    let mut earliest = Instant::now();
    while shared.queue.take(earliest, &mut jobs) {
        let begun = Instant::now();
        earliest = begun + shared.options.commit_interval;
        answers.clear();
        let committed = commit(shared, &jobs, &mut answers);
        if committed.is_ok() {
            shared.meters.commits.fetch_add(1, Ordering::Relaxed);
            shared.meters.commit_nanos.store(begun.elapsed().as_nanos() as u64, Ordering::Relaxed);
        }
        // Before anybody is answered: who has an answer holds no room any more.
        let mut freed = 0;
        for job in &mut jobs {
            freed += job.cost;
            job.entries = Vec::new();
        }
        shared.budget.release(freed);
        for (job, answer) in jobs.drain(..).zip(answers.drain(..).map(Some).chain(std::iter::repeat_with(|| None))) {
            let answer = match (&committed, answer) {
                (Ok(lsn), Some(answer)) => answer.map(|receipts| (*lsn, receipts)),
                (Ok(_), None) => Err(Error::Closed),
                (Err(error), _) => Err(error.again()),
            };
            // Nobody may wait any more: a connection that closed. What is stored stays stored.
            job.done.send(answer).ok();
        }
        maintenance.nudge_if(shared);
    }
}

/// One group commit: on return of `Ok` everything in `jobs` is durable and visible.
fn commit(shared: &Shared, jobs: &VecDeque<Job>, answers: &mut Vec<Result<Vec<Receipt>, Error>>) -> Result<Lsn, Error> {
    shared.writable()?;
    let mut core = lock(&shared.core);
    let Core { intake, wal, lsn, group } = &mut *core;
    // Before anything is decided: what the intake takes for stored must be stored. A group of duplicates may change over
    // to the next file a little early.
    let need = jobs.iter().flat_map(|job| &job.entries).map(most).sum();
    wal.make_room(need, *lsn + 1).map_err(|error| shared.no_room(&error))?;
    shared.room_again();
    group.clear();
    for job in jobs {
        answers.push(job.entries.iter().map(|entry| admit(entry, intake, group, shared)).collect());
    }
    shared.budget.set_index(intake.index_bytes());
    if !group.is_empty() {
        let next = *lsn + 1;
        if let Err(error) = wal.append(group, next) {
            shared.fail("writing the WAL", &error);
            return shared.writable().map(|()| *lsn);
        }
        *lsn = next;
        shared.wal_number.store(wal.number(), Ordering::Release);
        shared.budget.grow_hot(group.rows() * ROW);
        let mut view = lock(&shared.view);
        view.apply(group, next, wal.number()).map_err(std::io::Error::other)?;
        for frame in group.frames.iter().filter(|frame| frame.key.is_some()) {
            view.stream(frame.slot, frame.stream).missing = intake.missing(frame.slot);
        }
        drop(view);
        shared.committed.send_replace(next);
    }
    if !group.noted.is_empty() {
        let mut view = lock(&shared.view);
        for &(slot, id) in &group.noted {
            view.set_missing(slot, id, intake.missing(slot));
        }
    }
    intake.trim(shared.budget.limit() / INDEX_SHARE);
    shared.budget.set_index(intake.index_bytes());
    Ok(*lsn)
}

fn admit(entry: &Entry, intake: &mut crate::intake::Intake, group: &mut crate::group::Group, shared: &Shared) -> Result<Receipt, Error> {
    match entry {
        Entry::Readings(batch) => intake.admit(batch, group, shared),
        Entry::Reject { lesson, thing, reject, received } => {
            intake.present(*lesson, *thing)?;
            group.rejects.push(RejectFrame { lesson: *lesson, thing: *thing, received: *received, reject: reject.clone() });
            Ok(Receipt::default())
        }
    }
}
