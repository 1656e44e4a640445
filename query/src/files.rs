//! Which of a lesson's files can be read. One that cannot never fails the lesson's questions: they are answered from the
//! rest, and the answer says what is missing.
//!
//! Segments are the store's: when a question fails on one, the store reads it through, leaves it out of its snapshots if it
//! is to blame, tells of it, and takes it up again when it is put back. Roll-ups are looked at here, before a question (there,
//! and not known to be bad: a microsecond each) and when one has failed: without a roll-up its segment is read, which loses
//! nothing. Either way the question is asked again.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_store::Stamp;
use messwerk_store::snapshot::{Segment, Snapshot};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;
use serde::Serialize;

use crate::error::Error;
use crate::plan::Selection;
use crate::reader::Reader;
use crate::source::Source;

/// Readings an answer goes without, because the file that holds them cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Of what.
    pub property: ObservedProperty,
    /// Readings in the file, of all Things and times: how many of them were asked for cannot be known.
    pub readings: u64,
    /// Phenomenon time of the file's first reading, µs.
    pub from: Micros,
    /// Phenomenon time of its last reading, µs.
    pub to: Micros,
}

impl Missing {
    fn of(segment: &Segment) -> Self {
        let Segment { property, rows, time: (from, to), .. } = *segment;
        Self { property, readings: rows, from, to }
    }
}

/// Roll-ups to read in place of segments: file and length in bytes by the segment's path.
type Rollups = HashMap<PathBuf, (PathBuf, u64)>;

/// A snapshot without the files that cannot be read.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) rollups: Rollups,
    pub(crate) missing: Vec<Missing>,
}

/// What is known of roll-ups that could not be read.
#[derive(Debug, Default)]
pub(crate) struct Files {
    faults: Mutex<BTreeMap<PathBuf, Fault>>,
}

#[derive(Debug)]
struct Fault {
    lesson: LessonId,
    /// What the file was like when it could not be read; another one is tried again.
    stamp: Option<Stamp>,
    /// The sentence for an administrator.
    problem: String,
}

/// A file that cannot be read.
struct Bad {
    stamp: Option<Stamp>,
    wrong: String,
}

/// A roll-up that cannot be read, and whose it is.
type BadRollup = (Arc<Segment>, PathBuf, Bad);

impl Files {
    /// What can be read of a selection now; with `rolled` the roll-ups where there are, in place of their segments.
    pub(crate) fn view(&self, source: &dyn Source, selection: &Selection, rolled: bool) -> View {
        let (mut snapshot, mut rollups, wrong) = self.rolled(source, selection, rolled);
        if !wrong.is_empty() {
            // A file may have been erased since the snapshot was taken; then the next one does not name it any more.
            let (again, found, wrong) = self.rolled(source, selection, rolled);
            (snapshot, rollups) = (again, found);
            wrong.iter().for_each(|(segment, path, bad)| self.note(segment, path, bad));
        }
        // The store leaves out what it has found unreadable, and tells of it; the answer says it all the same.
        let mut missing = source.unreadable(selection.lesson());
        missing.retain(|segment| selection.wants_segment(segment));
        View { snapshot: Arc::new(snapshot), rollups, missing: missing.iter().map(|segment| Missing::of(segment)).collect() }
    }

    /// A snapshot, the roll-ups in it that can be read, and those that were not known to be bad.
    fn rolled(&self, source: &dyn Source, selection: &Selection, rolled: bool) -> (Snapshot, Rollups, Vec<BadRollup>) {
        let snapshot = source.snapshot(selection.lesson());
        let (mut rollups, mut wrong) = (Rollups::new(), vec![]);
        for segment in snapshot.segments.iter().filter(|segment| rolled && selection.wants_segment(segment)) {
            let Some(rollup) = &segment.rollup else { continue };
            let looked = match self.look(rollup) {
                Ok(_) if !segment.has_sound_rollup() => Err(Some(Bad::of(rollup, "its bytes are not those that were written".to_owned()))),
                looked => looked,
            };
            match looked {
                Ok(bytes) => drop(rollups.insert(segment.path.clone(), (rollup.clone(), bytes))),
                Err(Some(bad)) => wrong.push((Arc::clone(segment), rollup.clone(), bad)),
                Err(None) => {}
            }
        }
        (snapshot, rollups, wrong)
    }

    /// The length of a file if it is there and not known to be bad; what is wrong if that is new.
    fn look(&self, path: &Path) -> Result<u64, Option<Bad>> {
        let found = std::fs::metadata(path);
        let stamp = found.as_ref().ok().map(Stamp::of);
        if self.faults().get(path).is_some_and(|fault| fault.stamp == stamp) {
            return Err(None);
        }
        let found = found.map_err(|error| Some(Bad { stamp, wrong: error.to_string() }))?;
        // Put back, or never bad.
        self.faults().remove(path);
        Ok(found.len())
    }

    /// Looks for the file that explains why a question over `view` failed; `true` if one was found that the next view
    /// leaves out, so that asking again makes sense.
    pub(crate) async fn explain(&self, reader: &Reader, view: &View, selection: &Selection, error: &Error) -> bool {
        if !error.is_of_a_file() {
            return false;
        }
        let mut found = false;
        for segment in view.snapshot.segments.iter().filter(|segment| selection.wants_segment(segment)) {
            if let Some((rollup, _)) = view.rollups.get(&segment.path) {
                let file = rollup.clone();
                let read = reader.machine.handle().spawn_blocking(move || read_through(&file)).await;
                // Its reader may as well give up in a way of its own.
                if let Some(bad) = read.unwrap_or_else(|_| Some(Bad::of(rollup, "its content makes no sense".to_owned()))) {
                    self.note(segment, rollup, &bad);
                    found = true;
                }
                continue;
            }
            let named = || reader.source.snapshot(selection.lesson()).segments.iter().any(|left| left.path == segment.path);
            if named() {
                let (source, segment) = (Arc::clone(&reader.source), Arc::clone(segment));
                // What is wrong the store tells; whether it goes on without the file its next snapshot says.
                let _ = reader.machine.handle().spawn_blocking(move || source.verify(&segment)).await;
            }
            // Erased or replaced meanwhile, or left out from now on.
            found |= !named();
        }
        found
    }

    fn note(&self, segment: &Segment, path: &Path, bad: &Bad) {
        let Bad { stamp, wrong } = bad;
        let name = path.display();
        let problem = format!("{name} cannot be read ({wrong}): questions read the segment itself, which takes longer and loses nothing");
        tracing::error!("{problem}");
        self.faults().insert(path.to_owned(), Fault { lesson: segment.lesson, stamp: *stamp, problem });
    }

    /// What could not be read and is still wanted, in sentences.
    pub(crate) fn problems(&self, source: &dyn Source) -> Vec<String> {
        let known: Vec<_> = self.faults().iter().map(|(path, fault)| (path.clone(), fault.lesson)).collect();
        for (path, lesson) in known {
            if source.snapshot(lesson).segments.iter().any(|segment| segment.rollup.as_ref() == Some(&path)) {
                // Forgets the fault if the file is another one.
                let _ = self.look(&path);
            } else {
                // Erased, or another segment has taken its place.
                self.faults().remove(&path);
            }
        }
        self.faults().values().map(|fault| fault.problem.clone()).collect()
    }

    fn faults(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bad {
    fn of(path: &Path, wrong: String) -> Self {
        Self { stamp: std::fs::metadata(path).as_ref().ok().map(Stamp::of), wrong }
    }
}

/// Decodes all of a file; what is wrong with it, if it is the file. Too many open files, say, is nobody's fault for long.
fn read_through(path: &Path) -> Option<Bad> {
    let read = || -> Result<(), ParquetError> {
        let mut batches = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.build()?;
        batches.try_for_each(|batch| Ok(batch.map(drop)?))
    };
    read().err().filter(is_damage).map(|error| Bad::of(path, error.to_string()))
}

/// Whether an error says that the file itself is bad: not there, cut short, or not what was written.
fn is_damage(error: &ParquetError) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return matches!(error.kind(), ErrorKind::NotFound | ErrorKind::UnexpectedEof | ErrorKind::InvalidData);
        }
        next = error.source();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_file_is_to_blame_for_is_remembered() {
        let check = |error: ParquetError, expected: bool| assert_eq!(is_damage(&error), expected, "{error}");
        let io = |error: io::Error| ParquetError::from(error);
        // EMFILE, EIO.
        check(io(io::Error::from_raw_os_error(24)), false);
        check(io(io::Error::from_raw_os_error(5)), false);
        check(ParquetError::from(arrow::error::ArrowError::from(io::Error::from_raw_os_error(24))), false);
        check(io(ErrorKind::NotFound.into()), true);
        check(io(ErrorKind::UnexpectedEof.into()), true);
        check(io(ErrorKind::InvalidData.into()), true);
        check(ParquetError::General("page".to_owned()), true);
        check(ParquetError::EOF("footer".to_owned()), true);
    }

    #[test]
    fn a_file_is_read_through() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        assert!(read_through(&path).is_some_and(|bad| bad.stamp.is_none()));
        std::fs::write(&path, "nothing of ours").unwrap();
        assert!(read_through(&path).is_some_and(|bad| bad.stamp.is_some_and(|stamp| stamp.bytes == 15)));
    }
}
