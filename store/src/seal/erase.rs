//! Erasing a Thing or a lesson: out of memory, segments, WAL, checkpoints and catalogue, in this order, so that a crash at
//! any point leaves either the old state with a note in the catalogue, or the new one.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use arrow::array::AsArray;
use arrow::compute::filter_record_batch;
use arrow::datatypes::UInt64Type;
use messwerk_lessons::id::{LessonId, ThingId};

use super::{Failure, Merge, seal};
use crate::hot::ROW;
use crate::manifest::Manifest;
use crate::schema::column;
use crate::shared::{Core, Shared};
use crate::snapshot::HotBatch;
use crate::sync::lock;
use crate::wal;

/// On return no file of the data folder holds what was erased. Snapshots held by others keep what they have in memory;
/// their segment files are gone.
pub(super) fn erase(shared: &Shared, lesson: LessonId, thing: Option<ThingId>) -> Result<(), Failure> {
    shared.writable()?;
    shared.catalogue.begin_erasure(lesson, thing)?;
    from_memory(shared, lesson, thing)?;
    wal::forget_copies(&shared.disk, &shared.layout.damaged())?;
    // Every table: rows of others are in the same WAL files, which can only go when these rows are sealed.
    let tables = lock(&shared.view).tables_of(None);
    seal(shared, &tables, Merge::Small, Some((lesson, thing)))?;
    if thing.is_none() {
        std::fs::remove_dir(shared.layout.lesson(lesson)).ok();
    }
    shared.catalogue.finish_erasure(lesson, thing)?;
    Ok(())
}

/// Forgets the rows and goes on in a new WAL file, so that the old ones can be removed whole.
fn from_memory(shared: &Shared, lesson: LessonId, thing: Option<ThingId>) -> Result<(), Failure> {
    let mut core = lock(&shared.core);
    let Core { intake, wal, lsn, .. } = &mut *core;
    // First what may fail: an error leaves everything as it was.
    if !wal.is_fresh() {
        wal.rotate(*lsn + 1).map_err(|error| shared.no_room(&error))?;
    }
    intake.erase(lesson, thing);
    shared.wal_number.store(wal.number(), Ordering::Release);
    let mut view = lock(&shared.view);
    view.forget(lesson, thing);
    let mut freed = 0;
    for table in view.tables_of(Some(lesson)) {
        let table = &mut view.tables[table];
        table.freeze()?;
        let before = table.rows();
        let chunks = std::mem::take(&mut table.chunks);
        if let Some(thing) = thing {
            let kept = chunks.into_iter().map(|chunk| without(chunk, thing)).collect::<Result<Vec<_>, _>>()?;
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

fn without(chunk: HotBatch, thing: ThingId) -> Result<HotBatch, Failure> {
    let things = chunk.rows.column(column::THING).as_primitive::<UInt64Type>().values();
    let kept = things.iter().map(|&other| Some(other != thing.0)).collect();
    Ok(HotBatch { rows: filter_record_batch(&chunk.rows, &kept)?, ..chunk })
}

/// Takes the names out that the seal did not: of segments whose files have disappeared, and of a lesson's checkpoint; not
/// of the segments at the paths `kept`, which still hold them.
/// Returns files to remove.
pub(super) fn from_manifest(
    manifest: &mut Manifest,
    lesson: LessonId,
    thing: Option<ThingId>,
    kept: &[&Path],
) -> impl Iterator<Item = PathBuf> {
    let mut files: Vec<PathBuf> = Vec::new();
    match thing {
        Some(thing) => {
            let kept = |file: &str| kept.iter().any(|path| path.ends_with(file));
            for segment in manifest.segments.iter_mut().filter(|segment| segment.lesson == lesson && !kept(&segment.file)) {
                segment.things.retain(|&other| other != thing);
            }
        }
        None => {
            manifest.segments.retain(|segment| segment.lesson != lesson);
            manifest.sealed.retain(|sealed| sealed.lesson != lesson);
            files.extend(manifest.checkpoints.iter().filter(|old| old.lesson == lesson).map(|old| old.file.clone().into()));
            manifest.checkpoints.retain(|checkpoint| checkpoint.lesson != lesson);
        }
    }
    files.into_iter()
}
