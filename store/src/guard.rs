//! A panic in one of the store's threads: a defect, but one that must not leave senders waiting for ever.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::seal::Maintenance;
use crate::shared::Shared;

/// Does the writer's work. After a panic nothing is acknowledged any more, and everybody who waits is told so.
pub(crate) fn writer(shared: &Shared, work: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(work)).is_err() {
        shared.fail_for(DEFECT.to_owned());
        shared.queue.close();
        for job in shared.queue.drain() {
            shared.budget.release(job.cost);
            job.done.send(shared.writable().map(|()| (0, Vec::new()))).ok();
        }
        shared.budget.wake();
    }
}

/// Does the sealer's work. After a panic nothing is acknowledged any more, for without sealing memory only fills up.
pub(crate) fn sealer(shared: &Shared, maintenance: &Maintenance, work: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(work)).is_err() {
        shared.fail_for(DEFECT.to_owned());
        maintenance.abandon();
    }
}

const DEFECT: &str = "a defect stopped a thread of the store (the log says where); nothing is acknowledged until the hub is started \
                      again. What was acknowledged is on disk; please report it";
