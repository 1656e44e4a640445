//! Segments that cannot be read: found by whoever reads them and by looking now and then, told in one place, left out of
//! snapshots and seals, and taken up again when they are put back.

use std::sync::Arc;

use super::Failure;
use super::source::Source;
use crate::shared::Shared;
use crate::snapshot::Segment;
use crate::sync::lock;

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

/// Looks whether all segments are there. Names and lengths only: a few microseconds each.
pub(super) fn look(shared: &Shared) {
    let segments: Vec<Arc<Segment>> = lock(&shared.view).tables.iter().flat_map(|table| table.segments.clone()).collect();
    for segment in segments {
        let before = segment.is_readable();
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
