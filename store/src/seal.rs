//! From hot rows to segments: what is sealed when, the manifest swap, and what may be removed after it.

mod erase;
pub(crate) mod file;
mod health;
mod maintenance;
mod merge;
mod rollup;
pub(crate) mod source;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;

use crate::checkpoint::Checkpoint;
use crate::checksum::Checksums;
use crate::hot::{ROW, Table};
use crate::layout::Layout;
use crate::manifest::{CheckpointEntry, SealedEntry, SegmentEntry};
use crate::shared::Shared;
use crate::snapshot::{Health, HotBatch, Segment};
use crate::sync::lock;
use crate::{Erasure, Error, Lsn, wal};
pub(crate) use health::{about, compare, missing, unreadable, verify};
pub(crate) use maintenance::{Maintenance, Order, finish_erasures};
use rollup::Rollup;
use source::Source;

/// Why a seal did not come about. The rows stay where they are.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Arrow(#[from] arrow::error::ArrowError),
    #[error(transparent)]
    Parquet(#[from] parquet::errors::ParquetError),
    #[error(transparent)]
    Store(#[from] Error),
    /// An older segment; all others can be read.
    #[error("{} cannot be read ({reason})", segment.path.display())]
    Unreadable { segment: Arc<Segment>, reason: String },
}

impl Failure {
    /// What the administrator can do about it.
    fn advice(&self) -> &'static str {
        if self.is_full() {
            "free some disk space"
        } else if matches!(self, Self::Io(error) if crate::disk::is_out_of_files(error)) {
            "let the hub open more files (ulimit -n, LimitNOFILE)"
        } else {
            "check the disk and who may write to the data folder"
        }
    }

    /// The error of whoever may try again.
    pub(crate) fn not_now(self) -> Error {
        let advice = self.advice();
        match self {
            Self::Io(error) => Error::NotNow(format!("{error}; {advice}")),
            other => other.into(),
        }
    }

    /// Whether the disk has no room.
    fn is_full(&self) -> bool {
        let mut error: Option<&(dyn std::error::Error + 'static)> = Some(self);
        while let Some(inner) = error {
            if inner.downcast_ref::<std::io::Error>().is_some_and(wal::is_full) {
                return true;
            }
            error = inner.source();
        }
        // Transparent variants skip themselves as sources.
        match self {
            Self::Io(error) | Self::Store(Error::Io(error)) => wal::is_full(error),
            _ => false,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Io(error) => Self::Io(error),
            Failure::Store(error) => error,
            Failure::Unreadable { segment, reason } => Self::Damaged { file: segment.path.display().to_string(), what: reason },
            other => Self::Io(std::io::Error::other(other)),
        }
    }
}

/// How much of older segments a seal takes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merge {
    /// None: the hub is stopping, and somebody waits. A later seal takes them along.
    Nothing,
    /// Those not larger than twice what comes together: each row is rewritten a few times at most, and idle minutes do
    /// not leave a heap of small files.
    Small,
    /// All: the lesson has ended, one sorted file a property.
    All,
}

/// One table's part of a seal.
struct Plan {
    table: usize,
    lesson: LessonId,
    property: ObservedProperty,
    chunks: Vec<HotBatch>,
    old: Vec<Arc<Segment>>,
    /// Segments that had to be rewritten without somebody, and could not be read.
    kept: Vec<Arc<Segment>>,
    lsn: Lsn,
    wal: u64,
    new: Option<Segment>,
}

impl Plan {
    /// Hot rows to be sealed.
    fn rows(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.rows.num_rows()).sum()
    }

    /// The oldest WAL file with rows that come after those to be sealed; `table` still holds both.
    fn left(&self, table: &Table) -> Option<u64> {
        (table.rows() > self.rows()).then_some(self.wal)
    }
}

/// Seals tables. On return their rows of before are in durable segments the manifest names, shown instead of the hot
/// rows, and the WAL holds nothing it need not. A table that cannot be sealed does not keep the others from it; the
/// error is the first one's.
pub(crate) fn seal(shared: &Shared, tables: &[usize], merge: Merge, without: Option<Erasure>) -> Result<(), Failure> {
    shared.writable()?;
    let mut plans = plan(shared, tables, merge, without)?;
    let mut failed = None;
    plans.retain_mut(|plan| match write(shared, plan, without) {
        Ok(new) => {
            plan.new = new;
            true
        }
        Err(failure) => {
            failed.get_or_insert(failure);
            false
        }
    });
    // An erasure is done as a whole or again.
    let done = match failed.take_if(|_| without.is_some()) {
        Some(failure) => Err(failure),
        None => publish(shared, &mut plans, without),
    };
    if let Err(failure) = done {
        // Files no manifest names are in the way of nothing, but on a full disk they must go.
        plans.iter().filter_map(|plan| plan.new.as_ref()).for_each(Segment::replace);
        return Err(failure);
    }
    shared.meters.seals.fetch_add(1, Ordering::Relaxed);
    if let Some(segment) = plans.iter().flat_map(|plan| &plan.kept).next() {
        let what = "it cannot be read, so nobody can be taken out of it. Restore it from a copy, or remove it, and erase again";
        return Err(Error::Damaged { file: segment.path.display().to_string(), what: what.to_owned() }.into());
    }
    failed.map_or(Ok(()), Err)
}

fn plan(shared: &Shared, tables: &[usize], merge: Merge, without: Option<Erasure>) -> Result<Vec<Plan>, Failure> {
    let wal = shared.wal_number.load(Ordering::Acquire);
    let mut view = lock(&shared.view);
    let lsn = view.lsn;
    let mut plans = Vec::new();
    for &index in tables {
        let table = &mut view.tables[index];
        table.freeze()?;
        let chunks = table.chunks.clone();
        let mut rows: u64 = chunks.iter().map(|chunk| chunk.rows.num_rows() as u64).sum();
        let erased = |segment: &Segment| without.is_some_and(|what| what.touches(segment));
        let mut by_size = table.segments.clone();
        by_size.sort_by_key(|segment| segment.rows);
        let mut old: Vec<Arc<Segment>> = Vec::new();
        for segment in by_size {
            let small = merge == Merge::Small && rows > 0 && segment.rows <= 2 * rows;
            if erased(&segment) || (segment.is_readable() && (small || merge == Merge::All)) {
                rows += segment.rows;
                old.push(segment);
            }
        }
        if chunks.is_empty() && old.len() <= 1 && !old.iter().any(|segment| erased(segment)) {
            continue;
        }
        // Oldest first, so that rows of equal time keep their order of arrival.
        old.sort_by(|left, right| left.path.cmp(&right.path));
        plans.push(Plan {
            table: index,
            lesson: table.lesson,
            property: table.property,
            chunks,
            old,
            kept: Vec::new(),
            lsn,
            wal,
            new: None,
        });
    }
    Ok(plans)
}

/// Writes a plan's file under its final name; nothing names it yet. Older segments that cannot be read stay beside it,
/// and are told.
fn write(shared: &Shared, plan: &mut Plan, without: Option<Erasure>) -> Result<Option<Segment>, Failure> {
    loop {
        match try_write(shared, plan, without) {
            Err(Failure::Unreadable { segment, reason }) => {
                unreadable(shared, &segment, &reason);
                plan.old.retain(|old| !Arc::ptr_eq(old, &segment));
                if without.is_some_and(|what| what.touches(&segment)) && segment.path.exists() {
                    plan.kept.push(segment);
                }
            }
            done => return done,
        }
    }
}

fn try_write(shared: &Shared, plan: &Plan, without: Option<Erasure>) -> Result<Option<Segment>, Failure> {
    let without = without.filter(|what| what.lesson() == plan.lesson);
    if without.is_some_and(Erasure::is_of_all) {
        return Ok(None);
    }
    let number = lock(&shared.manifest).number();
    let folder = shared.layout.lesson(plan.lesson);
    if !folder.exists() {
        std::fs::create_dir_all(&folder)?;
        shared.disk.sync_folder(&shared.layout.lessons())?;
    }
    let mut sources = plan.old.iter().map(|segment| Source::file(&shared.disk, Arc::clone(segment))).collect::<Result<Vec<_>, _>>()?;
    sources.push(Source::chunks(&plan.chunks));
    let path = folder.join(Layout::segment(plan.property, number));
    let rollup = folder.join(Layout::rollup(plan.property, number));
    let (making, making_rollup) = (path.with_extension("tmp"), rollup.with_extension("tmp"));
    let written = write_both(shared, &making, &making_rollup, &mut sources, without);
    let Ok(Some((written, rolled))) = written else {
        // Half-written files only take room.
        std::fs::remove_file(&making).ok();
        std::fs::remove_file(&making_rollup).ok();
        return written.map(|_| None);
    };
    std::fs::rename(&making_rollup, &rollup)?;
    std::fs::rename(&making, &path)?;
    shared.disk.sync_folder(&folder)?;
    Ok(Some(Segment {
        lesson: plan.lesson,
        property: plan.property,
        path,
        bytes: written.bytes,
        rows: written.rows,
        time: written.time,
        things: written.things,
        rollup: Some(rollup),
        rollup_in_order: rolled.in_order,
        checksums: Checksums { rows: Some(written.checksum), rollup: Some(rolled.checksum) },
        replaced: AtomicBool::new(false),
        health: Health::default(),
    }))
}

fn write_both(
    shared: &Shared,
    rows: &Path,
    rollup: &Path,
    sources: &mut [Source],
    without: Option<Erasure>,
) -> Result<Option<(file::Written, rollup::Written)>, Failure> {
    let mut rollup = Rollup::create(&shared.disk, rollup)?;
    let written = file::write(&shared.disk, rows, sources, without, |rows| rollup.add(rows))?;
    let rolled = rollup.finish()?;
    Ok(written.map(|written| (written, rolled)))
}

/// Swaps the manifest, then the view, then removes what is no longer needed.
fn publish(shared: &Shared, plans: &mut [Plan], without: Option<Erasure>) -> Result<(), Failure> {
    let mut manifest = lock(&shared.manifest);
    let (wal, lsn, checkpoints) = checkpoints(shared);
    let mut next = manifest.clone();
    next.lsn = lsn;
    next.wal_first = needed(shared, plans, wal);
    next.wal_last = wal;
    let needed = next.wal_first;
    let mut obsolete = Vec::new();
    for (lesson, checkpoint) in &checkpoints {
        let file = Layout::checkpoint(next.number());
        let folder = shared.layout.lesson(*lesson);
        if !folder.exists() {
            std::fs::create_dir_all(&folder)?;
            shared.disk.sync_folder(&shared.layout.lessons())?;
        }
        shared.disk.replace(&folder.join(&file), &checkpoint.encode()?)?;
        let old = next.checkpoints.iter().position(|entry| entry.lesson == *lesson);
        obsolete.extend(old.map(|old| folder.join(next.checkpoints.swap_remove(old).file)));
        next.checkpoints.push(CheckpointEntry { lesson: *lesson, file, lsn: checkpoint.lsn });
    }
    for plan in &*plans {
        let gone = |entry: &SegmentEntry| plan.old.iter().any(|old| old.lesson == entry.lesson && old.path.ends_with(&entry.file));
        next.segments.retain(|entry| !gone(entry));
        next.segments.extend(plan.new.as_ref().and_then(entry_of));
        let code = plan.property.code();
        next.sealed.retain(|entry| (entry.lesson, entry.property) != (plan.lesson, code));
        next.sealed.push(SealedEntry { lesson: plan.lesson, property: code, lsn: plan.lsn });
    }
    if let Some(what) = without {
        let kept: Vec<&Path> = plans.iter().flat_map(|plan| &plan.kept).map(|segment| segment.path.as_path()).collect();
        obsolete.extend(erase::from_manifest(&mut next, what, &kept).map(|file| shared.layout.lesson(what.lesson()).join(file)));
    }
    next.write(&shared.disk, &shared.layout)?;
    *manifest = next;
    // Readers see the change after it is durable: what they once saw sealed never comes back as hot.
    show(shared, plans, &checkpoints);
    if without.is_some() {
        plans.iter().flat_map(|plan| &plan.old).for_each(|old| old.remove());
    }
    for file in obsolete {
        std::fs::remove_file(file).ok();
    }
    drop(manifest);
    shared.committed.send_modify(|_| ());
    wal::remove_below(&shared.disk, &shared.layout.wal(), needed)?;
    Ok(())
}

/// The state of all lessons that changed since their checkpoint, at the border of a commit; and the WAL file that holds
/// what comes after it.
fn checkpoints(shared: &Shared) -> (u64, Lsn, Vec<(LessonId, Checkpoint)>) {
    let core = lock(&shared.core);
    let view = lock(&shared.view);
    let changed = view.lessons.iter().filter(|(_, lesson)| lesson.changed > lesson.checkpointed);
    let checkpoints = changed.map(|(&id, _)| (id, Checkpoint::take(id, &core.intake, &view))).collect();
    (core.wal.number(), view.lsn, checkpoints)
}

fn entry_of(segment: &Segment) -> Option<SegmentEntry> {
    let name = |path: &std::path::Path| path.file_name()?.to_str().map(str::to_owned);
    Some(SegmentEntry {
        lesson: segment.lesson,
        property: segment.property.code(),
        file: name(&segment.path)?,
        rollup: segment.rollup.as_deref().and_then(name),
        bytes: segment.bytes,
        rows: segment.rows,
        time: segment.time,
        things: segment.things.clone(),
        rollup_in_order: segment.rollup_in_order,
        checksums: segment.checksums,
    })
}

/// The first WAL file still needed once the plans are carried out. Rows that come later are in file `wal`, the one being
/// written, or in one after it.
fn needed(shared: &Shared, plans: &[Plan], wal: u64) -> u64 {
    let view = lock(&shared.view);
    let of_table = |(index, table): (usize, &Table)| match plans.iter().find(|plan| plan.table == index) {
        Some(plan) => plan.left(table),
        None => table.oldest_wal,
    };
    view.tables.iter().enumerate().filter_map(of_table).min().unwrap_or(wal).min(wal)
}

/// Exchanges chunks for segments in the view.
fn show(shared: &Shared, plans: &mut [Plan], checkpoints: &[(LessonId, Checkpoint)]) {
    let mut view = lock(&shared.view);
    let mut freed = 0;
    for plan in plans {
        let table = &mut view.tables[plan.table];
        freed += plan.rows() * ROW;
        table.oldest_wal = plan.left(table);
        table.chunks.drain(..plan.chunks.len());
        table.segments.retain(|segment| !plan.old.iter().any(|old| Arc::ptr_eq(old, segment)));
        table.segments.extend(plan.new.take().map(Arc::new));
        table.sealed = plan.lsn;
        for old in &plan.old {
            old.replace();
        }
    }
    for (lesson, checkpoint) in checkpoints {
        if let Some(lesson) = view.lessons.get_mut(lesson) {
            lesson.checkpointed = lesson.checkpointed.max(checkpoint.lsn);
        }
    }
    drop(view);
    shared.budget.shrink_hot(freed);
}

#[cfg(test)]
mod tests;
