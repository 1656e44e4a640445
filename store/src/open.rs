//! From files to an open store: lock, catalogue, manifest, checkpoints, WAL.

use std::path::Path;
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
use crate::snapshot::Segment;
use crate::view::View;
use crate::wal::{self, Wal};
use crate::{Catalogue, Clock, Error, Options, layout};

/// Reads a data folder. On return its lock is held, the WAL is replayed, and a new WAL file is ready.
pub(crate) fn open(directory: &Path, options: Options, clock: Arc<dyn Clock>, disk: Disk) -> Result<Shared, Error> {
    let layout = Layout::create(directory)?;
    let lock = layout.lock()?;
    let catalogue = Catalogue::open(directory)?;
    let manifest = Manifest::begin(&layout, &disk)?;
    manifest.sweep(&layout)?;
    let (mut intake, mut view) = (Intake::default(), View { lsn: manifest.lsn, ..View::default() });
    for checkpoint in &manifest.checkpoints {
        let path = layout.lesson(checkpoint.lesson).join(&checkpoint.file);
        Checkpoint::read(&path)?.restore(checkpoint.lesson, &mut intake, &mut view);
    }
    let missing = segments(&manifest, &layout, &mut view);
    let folder = layout.wal();
    let replayed = wal::replay(&disk, &folder, manifest.lsn, |group, lsn, number| replay(group, lsn, number, &mut intake, &mut view))?;
    view.lsn = replayed.lsn;
    let wal = Wal::start(&disk, &folder, options.wal_file, replayed.next, replayed.lsn + 1)
        .map_err(|error| layout::refused(directory, &error))?;
    let core = Core { intake, wal, lsn: replayed.lsn, group: Group::default() };
    let shared = Shared::new(Parts { layout, disk, options, clock, core, manifest, view, catalogue, lock });
    shared.meters.torn_bytes.store(replayed.torn, Ordering::Relaxed);
    for (file, problem) in missing {
        tracing::error!("{problem}");
        shared.set_problem(&file, Some(problem));
    }
    Ok(shared)
}

/// Puts the manifest's segments into the view; returns those that are not there or not whole.
fn segments(manifest: &Manifest, layout: &Layout, view: &mut View) -> Vec<(String, String)> {
    let mut missing = Vec::new();
    for entry in &manifest.segments {
        let path = layout.lesson(entry.lesson).join(&entry.file);
        let name = path.display().to_string();
        let found = std::fs::metadata(&path).map(|file| file.len());
        let wrong = match (&found, ObservedProperty::from_code(entry.property)) {
            (_, None) => "is of a property this hub does not know; start the newer hub that made it".to_owned(),
            (Ok(bytes), Some(_)) if *bytes != entry.bytes => format!("has {bytes} bytes instead of {}", entry.bytes),
            (Err(error), _) => format!("cannot be read ({error})"),
            (Ok(_), Some(property)) => {
                let table = view.table(entry.lesson, property);
                view.tables[table].segments.push(Arc::new(segment(entry, property, layout)));
                continue;
            }
        };
        let problem = format!(
            "{name} {wrong}: {} {} readings of lesson {} are missing. Put the file back from a copy and start again; the rest works",
            entry.rows,
            ObservedProperty::from_code(entry.property).map_or("unknown", ObservedProperty::name),
            entry.lesson
        );
        missing.push((name, problem));
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
        replaced: AtomicBool::new(false),
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
