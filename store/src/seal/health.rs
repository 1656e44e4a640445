//! Segments that cannot be read: found by whoever reads them and by looking now and then, told in one place, left out of
//! snapshots and seals, and taken up again when they are put back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Failure;
use super::source::{OTHER_BYTES, Source};
use crate::shared::Shared;
use crate::snapshot::Segment;
use crate::sync::lock;

/// Time for comparing at each look; with a look every ten seconds a hundredth of a core, and 200 lessons in a minute.
const COMPARING: Duration = Duration::from_millis(100);

/// What a problem with a segment is filed under.
pub(crate) fn about(segment: &Segment) -> String {
    segment.path.display().to_string()
}

/// What an administrator should know.
pub(crate) fn missing(segment: &Segment, wrong: &str) -> String {
    format!(
        "{} {wrong}: {} {} readings of lesson {} are missing. Put the file back from a copy, it is then read again; the rest works",
        segment.path.display(),
        segment.rows,
        segment.property.name(),
        segment.lesson
    )
}

/// Somebody could not read a segment. From now on it is left out and told.
pub(crate) fn unreadable(shared: &Shared, segment: &Segment, reason: &str) {
    let wrong = segment.look().err().unwrap_or_else(|| {
        segment.damage();
        format!("cannot be read ({reason})")
    });
    tell(shared, segment, &wrong);
}

/// Looks whether all segments are there: names and lengths, a few microseconds each. And compares some with their
/// checksums that nobody has read since the start, so that damage is told before a lesson needs them.
pub(super) fn look(shared: &Shared) {
    let segments: Vec<Arc<Segment>> = lock(&shared.view).tables.iter().flat_map(|table| table.segments.clone()).collect();
    let begun = Instant::now();
    for segment in segments {
        for rolled in [true, false] {
            if begun.elapsed() < COMPARING && segment.is_readable() && !segment.is_compared(rolled) {
                compare(shared, &segment, rolled);
            }
        }
        let before = segment.is_readable();
        if !before && segment.is_new() {
            // Another file than the one that was gone or damaged.
            match segment.has_its_bytes(&shared.disk) {
                Ok(true) => segment.mend(),
                Ok(false) => {
                    segment.damage();
                    tell(shared, &segment, OTHER_BYTES);
                }
                Err(_) => {}
            }
        }
        match segment.look() {
            Err(wrong) if before => tell(shared, &segment, &wrong),
            Ok(()) if !before && segment.is_readable() => {
                tracing::info!(file = %segment.path.display(), "the segment is back");
                shared.set_problem(&about(&segment), None);
                shared.committed.send_modify(|_| ());
            }
            _ => {}
        }
    }
}

/// Compares a segment's roll-up, if that is to be read and can be, or else its rows with the checksum, unless that was
/// done. Rows that are other bytes are left out from then on.
pub(crate) fn compare(shared: &Shared, segment: &Arc<Segment>, rolled: bool) {
    if rolled && matches!(segment.has_its_rollup(&shared.disk), Ok(true)) {
        return;
    }
    // What cannot be opened or read is found by looking, and by whoever reads it.
    if let Ok(false) = segment.has_its_bytes(&shared.disk)
        && segment.is_readable()
        && lock(&shared.view).holds(segment)
    {
        unreadable(shared, segment, OTHER_BYTES);
    }
}

/// Reads a segment whole; an error that names it if that fails, and it is left out from then on.
pub(crate) fn verify(shared: &Shared, segment: &Arc<Segment>) -> Result<(), crate::Error> {
    let mut parts = Vec::new();
    let damaged = |reason: String| Failure::Unreadable { segment: Arc::clone(segment), reason };
    let read = segment.look().map_err(damaged).and_then(|()| {
        let mut source = Source::file(&shared.disk, Arc::clone(segment))?;
        segment.things.iter().try_for_each(|thing| {
            parts.clear();
            source.rows_of(thing.0, &mut parts)
        })
    });
    read.map_err(|failure| match failure {
        // An erasure has put another file in its place: nothing is wrong, and nothing must be told.
        Failure::Unreadable { .. } if !lock(&shared.view).holds(segment) => {
            crate::Error::NotFound(format!("{} was replaced by an erasure; ask again", segment.path.display()))
        }
        Failure::Unreadable { reason, .. } => {
            unreadable(shared, segment, &reason);
            crate::Error::Damaged { file: segment.path.display().to_string(), what: reason }
        }
        other => other.not_now(),
    })
}

fn tell(shared: &Shared, segment: &Segment, wrong: &str) {
    let problem = missing(segment, wrong);
    tracing::error!("{problem}");
    shared.set_problem(&about(segment), Some(problem));
    // Live views show what is left.
    shared.committed.send_modify(|_| ());
}
