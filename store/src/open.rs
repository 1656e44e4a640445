//! From files to an open store: lock, catalogue, manifest, checkpoints, WAL.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;

use crate::checkpoint::Checkpoint;
use crate::disk::Disk;
use crate::group::Group;
use crate::intake::Intake;
use crate::layout::Layout;
use crate::manifest::{Manifest, SegmentEntry};
use crate::shared::{Core, Parts, Shared};
use crate::snapshot::{Health, Segment};
use crate::view::View;
use crate::wal::{self, Known, Wal};
use crate::{Catalogue, Clock, Error, Options, layout, seal};

/// Reads a data folder. On return its lock is held, the WAL is replayed, and a new WAL file is ready.
pub(crate) fn open(directory: &Path, options: Options, clock: Arc<dyn Clock>, disk: Disk) -> Result<Shared, Error> {
    let layout = Layout::create(directory)?;
    let lock = layout.lock()?;
    let catalogue = Catalogue::open(directory)?;
    let mut manifest = Manifest::begin(&layout, &disk)?;
    manifest.sweep(&layout)?;
    let (mut intake, mut view) = (Intake::default(), View { lsn: manifest.lsn, ..View::default() });
    for checkpoint in &manifest.checkpoints {
        let path = layout.lesson(checkpoint.lesson).join(&checkpoint.file);
        Checkpoint::read(&path)?.restore(checkpoint.lesson, &mut intake, &mut view);
    }
    let missing = segments(&manifest, &layout, &mut view);
    let folder = layout.wal();
    let kept: Vec<PathBuf> = wal::kept_copies(&layout.damaged());
    let known = Known { lsn: manifest.lsn, first: manifest.wal_first, last: manifest.wal_last };
    // What a crash left between a manifest and the removal it allowed.
    wal::remove_below(&disk, &folder, known.first)?;
    let replayed =
        wal::replay(&disk, &folder, &layout.damaged(), known, |group, lsn, number| replay(group, lsn, number, &mut intake, &mut view))?;
    view.lsn = replayed.lsn;
    for (slot, stream) in view.streams.iter_mut().enumerate() {
        stream.missing = intake.missing(slot as u32);
    }
    let wal = Wal::start(&disk, &folder, options.wal_file, replayed.next, replayed.lsn + 1)
        .map_err(|error| layout::refused(directory, &error))?;
    // From here on nobody can lose this file, or one before it, without the next start noticing.
    (manifest.wal_first, manifest.wal_last) = (wal::numbers(&folder)?.first().copied().unwrap_or(replayed.next), replayed.next);
    manifest.write(&disk, &layout).map_err(|error| match error {
        Error::Io(error) => layout::refused(directory, &error),
        other => other,
    })?;
    let core = Core { intake, wal, lsn: replayed.lsn, group: Group::default() };
    let shared = Shared::new(Parts { layout, disk, options, clock, core, manifest, view, catalogue, lock });
    shared.meters.torn_bytes.store(replayed.torn, Ordering::Relaxed);
    shared.meters.damaged_bytes.store(replayed.damage.iter().map(|damage| damage.bytes).sum(), Ordering::Relaxed);
    if let Some(sentence) = replayed.torn_sentence {
        tracing::warn!("{sentence}");
        shared.set_problem("torn end of the WAL", Some(sentence));
    }
    for damage in &replayed.damage {
        let problem = damage.sentence();
        tracing::error!("{problem}");
        shared.set_problem(&damage.file.display().to_string(), Some(problem));
    }
    for copy in kept {
        let name = copy.display().to_string();
        let problem =
            format!("{name} holds bytes of the WAL that could not be read at an earlier start; remove the file when you have seen to it");
        shared.set_problem(&name, Some(problem));
    }
    for (file, problem) in missing {
        tracing::error!("{problem}");
        shared.set_problem(&file, Some(problem));
    }
    Ok(shared)
}

/// Puts the manifest's segments into the view, those that are not there or not whole too: they may be put back. Returns
/// what is wrong, by file.
fn segments(manifest: &Manifest, layout: &Layout, view: &mut View) -> Vec<(String, String)> {
    let mut missing = Vec::new();
    for entry in &manifest.segments {
        let Some(property) = ObservedProperty::from_code(entry.property) else {
            let name = layout.lesson(entry.lesson).join(&entry.file).display().to_string();
            let wrong = "is of a property this hub does not know; start the newer hub that made it";
            missing.push((name.clone(), format!("{name} {wrong}: {} readings of lesson {} are missing", entry.rows, entry.lesson)));
            continue;
        };
        let segment = segment(entry, property, layout);
        if let Err(wrong) = segment.look() {
            missing.push((seal::about(&segment), seal::missing(&segment, &wrong)));
        }
        let table = view.table(entry.lesson, property);
        view.tables[table].segments.push(Arc::new(segment));
    }
    for sealed in &manifest.sealed {
        if let Some(property) = ObservedProperty::from_code(sealed.property) {
            let table = view.table(sealed.lesson, property);
            view.tables[table].sealed = sealed.lsn;
        }
    }
    missing
}

fn segment(entry: &SegmentEntry, property: ObservedProperty, layout: &Layout) -> Segment {
    let folder = layout.lesson(entry.lesson);
    let rollup = entry.rollup.as_ref().map(|file| folder.join(file));
    Segment {
        lesson: entry.lesson,
        property,
        path: folder.join(&entry.file),
        bytes: entry.bytes,
        rows: entry.rows,
        time: entry.time,
        things: entry.things.clone(),
        // A roll-up can be made again from its segment; without it queries read the segment.
        rollup: rollup.filter(|file| file.is_file()),
        rollup_in_order: entry.rollup_in_order,
        checksums: entry.checksums,
        replaced: AtomicBool::new(false),
        health: Health::default(),
    }
}

/// One frame: its state if the lesson's checkpoint does not hold it, its rows if no segment does.
fn replay(group: &mut Group, lsn: u64, number: u64, intake: &mut Intake, view: &mut View) -> Result<(), Error> {
    let checkpointed = |view: &View, lesson: LessonId| view.lessons.get(&lesson).is_some_and(|lesson| lsn <= lesson.checkpointed);
    for at in 0..group.frames.len() {
        let mut frame = group.frames[at].clone();
        let stream = frame.stream;
        if checkpointed(view, stream.lesson) {
            frame.slot = intake.slot(stream);
        } else {
            intake.restore(&mut frame, group);
            view.count(&frame, group, lsn);
        }
        let table = view.table(stream.lesson, stream.property);
        if lsn > view.tables[table].sealed {
            view.add_rows(&frame, group, number).map_err(std::io::Error::other)?;
        }
    }
    for reject in &group.rejects {
        if !checkpointed(view, reject.lesson) {
            view.reject(reject, lsn);
        }
    }
    Ok(())
}
