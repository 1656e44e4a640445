//! Which of a lesson's files can be read. One that cannot never fails the lesson's questions: they are answered from the
//! rest, and the answer says what is missing.
//!
//! Before a question its files are looked at (there, and of their length: a microsecond each). What only shows while
//! reading makes the question fail once: then its files are read through, the bad one is remembered, and the question is
//! asked again without it. A file that is put back is noticed by its length or its time of change. The store looks at all
//! files every few seconds and leaves what it finds out of its snapshots: such a file is its problem from then on, not ours.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_store::snapshot::{Segment, Snapshot};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;
use serde::Serialize;

use crate::engine::Machine;
use crate::error::Error;
use crate::plan::Selection;
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

/// What a look at the files of a snapshot found.
struct Sorted {
    snapshot: Snapshot,
    rollups: Rollups,
    missing: Vec<Missing>,
    /// Files that were not known to be bad: whose, where, what they are like, what is wrong.
    wrong: Vec<(Arc<Segment>, PathBuf, Option<Stamp>, String)>,
}

/// A file that cannot be read; what is wrong with it is told the first time.
struct Bad {
    stamp: Option<Stamp>,
    wrong: Option<String>,
}

/// A snapshot without the files that cannot be read.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) rollups: Rollups,
    pub(crate) missing: Vec<Missing>,
}

/// What is known of files that could not be read.
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

/// Length and time of change of a file.
type Stamp = (u64, Option<SystemTime>);

impl Files {
    /// What can be read of a selection now; with `rolled` the roll-ups where there are, in place of their segments.
    pub(crate) fn view(&self, source: &dyn Source, selection: &Selection, rolled: bool) -> View {
        let mut sorted = self.sorted(source.snapshot(selection.lesson()), selection, rolled);
        if !sorted.wrong.is_empty() {
            // A file may have been erased since the snapshot was taken; then the next one does not name it any more.
            sorted = self.sorted(source.snapshot(selection.lesson()), selection, rolled);
        }
        for (segment, path, stamp, wrong) in &sorted.wrong {
            self.note(segment, path, *stamp, wrong);
        }
        // The store leaves out what it has found unreadable itself, and tells of it; the answer says it all the same.
        let known = source.unreadable(selection.lesson());
        sorted.missing.extend(known.iter().filter(|segment| selection.wants_segment(segment)).map(|segment| Missing::of(segment)));
        View { snapshot: Arc::new(sorted.snapshot), rollups: sorted.rollups, missing: sorted.missing }
    }

    fn sorted(&self, snapshot: Snapshot, selection: &Selection, rolled: bool) -> Sorted {
        let (mut rollups, mut missing, mut wrong) = (Rollups::new(), vec![], vec![]);
        let mut usable = |segment: &Arc<Segment>, path: &PathBuf, bytes| match self.look(path, bytes) {
            Ok(bytes) => Some(bytes),
            Err(bad) => {
                wrong.extend(bad.wrong.map(|what| (Arc::clone(segment), path.clone(), bad.stamp, what)));
                None
            }
        };
        let Snapshot { lsn, hot, mut segments } = snapshot;
        segments.retain(|segment| {
            if !selection.wants_segment(segment) {
                return true;
            }
            let rollup = segment.rollup.as_ref().filter(|_| rolled);
            if let Some((rollup, bytes)) = rollup.and_then(|rollup| Some((rollup, usable(segment, rollup, None)?))) {
                rollups.insert(segment.path.clone(), (rollup.clone(), bytes));
                return true;
            }
            let readable = usable(segment, &segment.path, Some(segment.bytes)).is_some();
            if !readable {
                missing.push(Missing::of(segment));
            }
            readable
        });
        Sorted { snapshot: Snapshot { lsn, hot, segments }, rollups, missing, wrong }
    }

    /// The length of a file if it is there, of this length (if one is known) and not known to be bad.
    fn look(&self, path: &Path, bytes: Option<u64>) -> Result<u64, Bad> {
        let found = std::fs::metadata(path);
        let stamp = found.as_ref().ok().map(|found| (found.len(), found.modified().ok()));
        if self.faults().get(path).is_some_and(|fault| fault.stamp == stamp) {
            return Err(Bad { stamp, wrong: None });
        }
        match (found, bytes) {
            (Err(error), _) => Err(Bad { stamp, wrong: Some(error.to_string()) }),
            (Ok(found), Some(bytes)) if found.len() != bytes => {
                Err(Bad { stamp, wrong: Some(format!("it has {} bytes instead of {bytes}", found.len())) })
            }
            (Ok(found), _) => {
                // Put back, or never bad.
                self.faults().remove(path);
                Ok(found.len())
            }
        }
    }

    /// Looks for the file that explains why a question over `view` failed; `true` if one was found that the next view
    /// leaves out, so that asking again makes sense.
    pub(crate) async fn explain(&self, machine: &Machine, view: &View, selection: &Selection, error: &Error) -> bool {
        if !matches!(error, Error::Engine(_) | Error::Unreadable(_)) {
            return false;
        }
        let mut found = false;
        for segment in view.snapshot.segments.iter().filter(|segment| selection.wants_segment(segment)) {
            let (path, bytes) = view.rollups.get(&segment.path).map_or((&segment.path, segment.bytes), |(path, bytes)| (path, *bytes));
            if self.look(path, Some(bytes)).is_err() {
                found = true;
                continue;
            }
            let file = path.clone();
            let wrong = match machine.handle().spawn_blocking(move || read_through(&file)).await {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error.to_string(),
                // The file is so wrong that its reader gave up in a way of its own.
                Err(_) => "its content makes no sense".to_owned(),
            };
            let stamp = std::fs::metadata(path).ok().map(|found| (found.len(), found.modified().ok()));
            self.note(segment, path, stamp, &wrong);
            found = true;
        }
        found
    }

    fn note(&self, segment: &Segment, path: &Path, stamp: Option<Stamp>, wrong: &str) {
        let Segment { lesson, property, rows, .. } = segment;
        let name = path.display();
        let problem = if path == segment.path {
            format!(
                "{name} cannot be read ({wrong}): {rows} {} readings of lesson {lesson} are missing from answers. Put the file back \
                 from a copy of the data folder; the rest works",
                property.name()
            )
        } else {
            format!("{name} cannot be read ({wrong}): questions read the segment itself, which takes longer and loses nothing")
        };
        tracing::error!("{problem}");
        self.faults().insert(path.to_owned(), Fault { lesson: *lesson, stamp, problem });
    }

    /// What could not be read and is still wanted, in sentences.
    pub(crate) fn problems(&self, source: &dyn Source) -> Vec<String> {
        let known: Vec<_> = self.faults().iter().map(|(path, fault)| (path.clone(), fault.lesson)).collect();
        for (path, lesson) in known {
            let snapshot = source.snapshot(lesson);
            let named = |segment: &&Arc<Segment>| segment.path == path || segment.rollup.as_ref() == Some(&path);
            match snapshot.segments.iter().find(named) {
                // Forgets the fault if the file is as it should be.
                Some(segment) => drop(self.look(&path, (path == segment.path).then_some(segment.bytes))),
                // Erased, or another segment has taken its place.
                None => drop(self.faults().remove(&path)),
            }
        }
        self.faults().values().map(|fault| fault.problem.clone()).collect()
    }

    fn faults(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Decodes all of a file.
fn read_through(path: &Path) -> Result<(), ParquetError> {
    let file = File::open(path)?;
    let mut batches = ParquetRecordBatchReaderBuilder::try_new(file)?.build()?;
    batches.try_for_each(|batch| batch.map(drop).map_err(ParquetError::from))
}
