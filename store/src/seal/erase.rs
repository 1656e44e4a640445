//! Erasing: out of memory, segments, WAL, checkpoints and catalogue, in this order, so that a crash at any point leaves
//! either the old state with a note in the catalogue, or the new one.
//!
//! An erasure is repeated from its beginning when it was cut short, by the same call or at the next start, and must then
//! take nothing that was acknowledged after it began. What is gone for good (a lesson, a Thing) takes nothing in any more;
//! a Run's number is not given again; and while all readings of a lesson that goes on are erased, it takes none in.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use arrow::array::AsArray;
use arrow::compute::filter_record_batch;
use arrow::datatypes::{UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::id::ThingId;

use super::{Failure, Merge, seal};
use crate::Erasure;
use crate::group::StreamId;
use crate::hot::ROW;
use crate::manifest::Manifest;
use crate::schema::column;
use crate::shared::{Core, Shared};
use crate::snapshot::HotBatch;
use crate::sync::lock;
use crate::view::Left;
use crate::wal;

/// On return no file of the data folder holds what was erased. Snapshots held by others keep what they have in memory;
/// their segment files are gone.
pub(super) fn erase(shared: &Shared, what: Erasure) -> Result<(), Failure> {
    shared.writable()?;
    shared.catalogue.begin_erasure(what)?;
    from_memory(shared, what)?;
    wal::forget_copies(&shared.disk, &shared.layout.damaged())?;
    // Every table: rows of others are in the same WAL files, which can only go when these rows are sealed.
    let tables = lock(&shared.view).tables_of(None);
    seal(shared, &tables, Merge::Small, Some(what))?;
    if matches!(what, Erasure::Lesson(_)) {
        std::fs::remove_dir(shared.layout.lesson(what.lesson())).ok();
    }
    shared.catalogue.finish_erasure(what)?;
    lock(&shared.core).intake.erased(what);
    Ok(())
}

/// Forgets the rows and goes on in a new WAL file, so that the old ones can be removed whole.
fn from_memory(shared: &Shared, what: Erasure) -> Result<(), Failure> {
    let mut core = lock(&shared.core);
    let Core { intake, wal, lsn, .. } = &mut *core;
    // First what may fail: an error leaves everything as it was.
    if !wal.is_fresh() {
        wal.rotate(*lsn + 1).map_err(|error| shared.no_room(&error))?;
    }
    let left = left(shared, what)?;
    intake.erase(what);
    shared.wal_number.store(wal.number(), Ordering::Release);
    let mut view = lock(&shared.view);
    view.forget(what, &left);
    let mut freed = 0;
    for table in view.tables_of(Some(what.lesson())) {
        let table = &mut view.tables[table];
        table.freeze()?;
        let before = table.rows();
        let chunks = std::mem::take(&mut table.chunks);
        if !what.is_of_all() {
            let kept = chunks.into_iter().map(|chunk| without(chunk, what)).collect::<Result<Vec<_>, _>>()?;
            table.chunks = kept.into_iter().filter(|chunk| chunk.rows.num_rows() > 0).collect();
        }
        if table.rows() == 0 {
            table.oldest_wal = None;
        }
        freed += (before - table.rows()) * ROW;
    }
    drop(view);
    shared.budget.shrink_hot(freed);
    Ok(())
}

/// What the streams of a Run have without it: counts and latest values are kept beside the rows and must not outlive them.
/// Reads the Thing's rows; nothing is committed meanwhile.
fn left(shared: &Shared, what: Erasure) -> Result<Vec<(StreamId, Left)>, Failure> {
    let Erasure::Run(lesson, thing, _) = what else { return Ok(Vec::new()) };
    let streams = lock(&shared.view).streams_of_thing(lesson, thing);
    let mut found = Vec::with_capacity(streams.len());
    for stream in streams {
        let rows = loop {
            let stored = lock(&shared.view).stored(stream.lesson, stream.property)?;
            if let Some(rows) = shared.rows_of(thing, stored)? {
                break rows;
            }
        };
        let mut left = Left::default();
        for rows in &rows {
            left.add(&filter_record_batch(rows, &kept(rows, what))?);
        }
        found.push((stream, left));
    }
    Ok(found)
}

fn without(chunk: HotBatch, what: Erasure) -> Result<HotBatch, Failure> {
    Ok(HotBatch { rows: filter_record_batch(&chunk.rows, &kept(&chunk.rows, what))?, ..chunk })
}

/// Which rows of a batch of its lesson stay.
fn kept(rows: &RecordBatch, what: Erasure) -> arrow::array::BooleanArray {
    let things = rows.column(column::THING).as_primitive::<UInt64Type>().values();
    let runs = rows.column(column::RUN).as_primitive::<UInt32Type>().values();
    things.iter().zip(runs).map(|(&thing, &run)| Some(!what.takes(ThingId(thing), run))).collect()
}

/// Takes the names out that the seal did not: of segments whose files have disappeared, and of a lesson's checkpoint; not
/// of the segments at the paths `kept`, which still hold them.
/// Returns files to remove.
pub(super) fn from_manifest(manifest: &mut Manifest, what: Erasure, kept: &[&Path]) -> impl Iterator<Item = PathBuf> {
    let mut files: Vec<PathBuf> = Vec::new();
    let lesson = what.lesson();
    match what {
        Erasure::Thing(_, thing) => {
            let kept = |file: &str| kept.iter().any(|path| path.ends_with(file));
            for segment in manifest.segments.iter_mut().filter(|segment| segment.lesson == lesson && !kept(&segment.file)) {
                segment.things.retain(|&other| other != thing);
            }
        }
        // Its new checkpoint says that there is nothing.
        Erasure::Readings(_) => manifest.segments.retain(|segment| segment.lesson != lesson),
        Erasure::Lesson(_) => {
            manifest.segments.retain(|segment| segment.lesson != lesson);
            manifest.sealed.retain(|sealed| sealed.lesson != lesson);
            files.extend(manifest.checkpoints.iter().filter(|old| old.lesson == lesson).map(|old| old.file.clone().into()));
            manifest.checkpoints.retain(|checkpoint| checkpoint.lesson != lesson);
        }
        // A Thing whose Run goes stays a name in the files of its others.
        Erasure::Run(..) => {}
    }
    files.into_iter()
}
