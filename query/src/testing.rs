//! Rows without a hub: for tests, examples and measurements.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{ArrayRef, Float32Array, Int64Array, TimestampMicrosecondArray, UInt8Array, UInt16Array, UInt32Array, UInt64Array};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{Template, builtin};
use messwerk_store::catalogue::{Lesson, Thing};
use messwerk_store::snapshot::{HotBatch, Segment, Snapshot};
use messwerk_store::{Latest, Lsn, schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tokio::sync::watch;

use crate::error::{Error, Result};
use crate::source::Source;

/// One stored Observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// In which lesson.
    pub lesson: LessonId,
    /// Whose.
    pub thing: ThingId,
    /// Of what.
    pub property: ObservedProperty,
    /// Which recording.
    pub run: u32,
    /// Phenomenon time.
    pub time: Micros,
    /// Arrival.
    pub received: Micros,
    /// x, y, z; a scalar stands in x.
    pub value: [f32; 3],
}

/// The rows as a batch in the store's schema; y and z are null for scalars.
pub fn batch(rows: &[Row]) -> Result<RecordBatch> {
    let time = |of: fn(&Row) -> Micros| Arc::new(TimestampMicrosecondArray::from_iter_values(rows.iter().map(of)).with_timezone("UTC"));
    let other = |component: usize| -> ArrayRef {
        Arc::new(Float32Array::from_iter(rows.iter().map(|row| row.property.is_vector().then_some(row.value[component]))))
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(UInt64Array::from_iter_values(rows.iter().map(|row| row.lesson.0))),
        Arc::new(UInt64Array::from_iter_values(rows.iter().map(|row| row.thing.0))),
        Arc::new(UInt8Array::from_iter_values(rows.iter().map(|row| row.property.code()))),
        Arc::new(UInt32Array::from_iter_values(rows.iter().map(|row| row.run))),
        time(|row| row.time),
        time(|row| row.received),
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|_| 0))),
        Arc::new(UInt16Array::from_iter_values(rows.iter().map(|_| 0))),
        Arc::new(Float32Array::from_iter_values(rows.iter().map(|row| row.value[0]))),
        other(1),
        other(2),
    ];
    Ok(RecordBatch::try_new(schema::observations(), columns)?)
}

fn span(rows: &[Row]) -> (Micros, Micros) {
    let times = || rows.iter().map(|row| row.time);
    (times().min().unwrap_or(0), times().max().unwrap_or(0))
}

/// Rows of one lesson and property in memory, in the order given.
pub fn hot(rows: &[Row]) -> Result<HotBatch> {
    let first = rows.first().ok_or_else(|| Error::Invalid("a hot batch has rows".to_owned()))?;
    Ok(HotBatch { lesson: first.lesson, property: first.property, time: span(rows), rows: batch(rows)? })
}

/// Writes rows of one lesson and property as a sealed file, sorted as the store sorts.
pub fn seal(path: &Path, rows: &[Row]) -> Result<Arc<Segment>> {
    let first = *rows.first().ok_or_else(|| Error::Invalid("a segment has rows".to_owned()))?;
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| (row.thing, row.run, row.time));
    let file = std::fs::File::create(path).map_err(messwerk_store::Error::Io)?;
    let write = |file, batch: &RecordBatch| {
        let mut writer = ArrowWriter::try_new(file, schema::observations(), None)?;
        writer.write(batch)?;
        writer.close()
    };
    write(file, &batch(&rows)?).map_err(|error| Error::Encode(error.to_string()))?;
    let mut things: Vec<_> = rows.iter().map(|row| row.thing).collect();
    things.dedup();
    let segment = Segment::of_file(first.lesson, first.property, path.to_owned(), rows.len() as u64, span(&rows), things);
    Ok(Arc::new(segment.map_err(messwerk_store::Error::Io)?))
}

/// Decodes all of a file.
fn read_through(path: &Path) -> Result<()> {
    let file = std::fs::File::open(path).map_err(messwerk_store::Error::Io)?;
    // A reader gives up on some nonsense in a way of its own.
    let read = std::panic::catch_unwind(|| -> Result<(), parquet::errors::ParquetError> {
        let mut batches = ParquetRecordBatchReaderBuilder::try_new(file)?.build()?;
        batches.try_for_each(|batch| Ok(batch.map(drop)?))
    });
    read.map_or_else(|_| Err("it makes no sense".to_owned()), |read| read.map_err(|error| error.to_string())).map_err(Error::Encode)
}

/// A store's read side that holds what it is told.
#[derive(Debug)]
pub struct Fixture {
    state: Mutex<State>,
    committed: watch::Sender<Lsn>,
}

#[derive(Debug)]
struct State {
    snapshot: Snapshot,
    lessons: Vec<Lesson>,
    things: Vec<Thing>,
    exclusions: Vec<(LessonId, ThingId, u32, String)>,
    undone: Vec<(Micros, Micros)>,
    /// Latest readings that are in no hot row.
    latest: Vec<Row>,
    /// Segments left out of the snapshot.
    unreadable: Vec<Arc<Segment>>,
}

impl Default for Fixture {
    fn default() -> Self {
        let snapshot = Snapshot { lsn: 0, hot: vec![], segments: vec![] };
        let state =
            State { snapshot, lessons: vec![], things: vec![], exclusions: vec![], undone: vec![], latest: vec![], unreadable: vec![] };
        Self { state: Mutex::new(state), committed: watch::Sender::new(0) }
    }
}

impl Fixture {
    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        state.snapshot.lsn += 1;
        self.committed.send_replace(state.snapshot.lsn);
    }

    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Commits hot rows.
    pub fn push_hot(&self, batch: HotBatch) {
        self.change(|state| state.snapshot.hot.push(batch));
    }

    /// Commits hot rows in place of all others, as when the open batch grows or a Thing is erased.
    pub fn put_hot(&self, batch: HotBatch) {
        self.change(|state| state.snapshot.hot = vec![batch]);
    }

    /// Adds a sealed file.
    pub fn push_segment(&self, segment: Arc<Segment>) {
        self.change(|state| state.snapshot.segments.push(segment));
    }

    /// Exchanges all hot rows for a sealed file, in one step.
    pub fn replace_hot(&self, segment: Arc<Segment>) {
        self.change(|state| {
            state.snapshot.hot.clear();
            state.snapshot.segments.push(segment);
        });
    }

    /// Waits until nobody follows commits any more.
    pub async fn unwatched(&self) {
        self.committed.closed().await;
    }

    /// Adds a lesson.
    pub fn push_lesson(&self, lesson: Lesson) {
        self.change(|state| state.lessons.push(lesson));
    }

    /// Adds a Thing, or changes it.
    pub fn put_thing(&self, thing: Thing) {
        self.change(|state| {
            state.things.retain(|other| other.id != thing.id);
            state.things.push(thing);
        });
    }

    /// Tells the latest readings of Things whose rows are all sealed; the store keeps them in its checkpoints.
    pub fn put_latest(&self, rows: &[Row]) {
        self.change(|state| state.latest = rows.to_vec());
    }

    /// Takes a segment out of the snapshots, as the store does with one it cannot read.
    pub fn leave_out(&self, path: &Path) {
        self.change(|state| state.unreadable.extend(state.snapshot.segments.extract_if(.., |segment| segment.path == path)));
    }

    /// Looks again at what was left out, as the store does every few seconds.
    pub fn take_up(&self) {
        self.change(|state| state.snapshot.segments.extend(state.unreadable.extract_if(.., |segment| read_through(&segment.path).is_ok())));
    }

    /// Excludes a Run.
    pub fn exclude(&self, lesson: LessonId, thing: ThingId, run: u32, reason: &str) {
        self.change(|state| state.exclusions.push((lesson, thing, run, reason.to_owned())));
    }

    /// Says from when until when the Takes lay that were taken back.
    pub fn put_undone(&self, takes: &[(Micros, Micros)]) {
        self.change(|state| state.undone = takes.to_vec());
    }
}

impl Source for Fixture {
    fn snapshot(&self, _lesson: LessonId) -> Snapshot {
        self.read(|state| state.snapshot.clone())
    }

    fn unreadable(&self, lesson: LessonId) -> Vec<Arc<Segment>> {
        self.read(|state| state.unreadable.iter().filter(|segment| segment.lesson == lesson).cloned().collect())
    }

    fn verify(&self, segment: &Arc<Segment>) -> Result<()> {
        read_through(&segment.path).inspect_err(|_| self.leave_out(&segment.path))
    }

    fn compare(&self, _: &Arc<Segment>, _: bool) {}

    fn committed(&self) -> watch::Receiver<Lsn> {
        self.committed.subscribe()
    }

    fn latest(&self, lesson: LessonId) -> Vec<Latest> {
        let mut found: std::collections::BTreeMap<_, Latest> = Default::default();
        let batches: Vec<_> = self.read(|state| state.snapshot.hot.iter().filter(|batch| batch.lesson == lesson).cloned().collect());
        let sealed = self.read(|state| state.latest.iter().filter(|row| row.lesson == lesson).copied().collect::<Vec<_>>());
        for row in sealed.into_iter().chain(batches.iter().flat_map(|batch| rows(&batch.rows).unwrap_or_default())) {
            let latest = Latest { thing: row.thing, property: row.property, time: row.time, value: row.value, received_us: row.received };
            let known = found.entry((row.thing, row.property)).or_insert(latest);
            if latest.time >= known.time {
                *known = latest;
            }
        }
        found.into_values().collect()
    }

    fn count(&self, lesson: LessonId, thing: ThingId, property: ObservedProperty) -> u64 {
        let hot = self.read(|state| state.snapshot.hot.clone());
        let rows = hot.iter().flat_map(|batch| rows(&batch.rows).unwrap_or_default());
        rows.filter(|row| (row.lesson, row.thing, row.property) == (lesson, thing, property)).count() as u64
    }

    fn lesson(&self, lesson: LessonId) -> Result<Option<Lesson>> {
        Ok(self.read(|state| state.lessons.iter().find(|known| known.id == lesson).cloned()))
    }

    fn template(&self, lesson: &Lesson) -> Result<Arc<Template>> {
        let missing = || Error::NotFound(format!("there is no template {}", lesson.template));
        builtin(&lesson.template).cloned().map(Arc::new).ok_or_else(missing)
    }

    fn things(&self, lesson: LessonId) -> Result<Vec<Thing>> {
        let mut things: Vec<_> = self.read(|state| state.things.iter().filter(|thing| thing.lesson == lesson).cloned().collect());
        things.sort_by_key(|thing| thing.number);
        Ok(things)
    }

    fn names(&self, lesson: LessonId) -> Result<Vec<(ThingId, u32, String)>> {
        Ok(self.things(lesson)?.into_iter().map(|thing| (thing.id, thing.number, thing.nickname)).collect())
    }

    fn exclusions(&self, lesson: LessonId) -> Result<Vec<(ThingId, u32, String)>> {
        let of = |state: &State| {
            state
                .exclusions
                .iter()
                .filter(|excluded| excluded.0 == lesson)
                .map(|(_, thing, run, reason)| (*thing, *run, reason.clone()))
                .collect()
        };
        Ok(self.read(of))
    }

    fn undone(&self, _lesson: LessonId) -> Result<Vec<(Micros, Micros)>> {
        Ok(self.read(|state| state.undone.clone()))
    }
}

/// The rows of a batch in the store's schema.
pub fn rows(batch: &RecordBatch) -> Result<Vec<Row>> {
    use arrow::array::Array;
    use arrow::datatypes::{Float32Type, TimestampMicrosecondType, UInt8Type, UInt32Type, UInt64Type};

    use crate::columns::column;
    let things = column::<UInt64Type>(batch, "thing")?;
    let lessons = column::<UInt64Type>(batch, "lesson")?;
    let properties = column::<UInt8Type>(batch, "property")?;
    let runs = column::<UInt32Type>(batch, "run")?;
    let times = column::<TimestampMicrosecondType>(batch, "time")?;
    let received = column::<TimestampMicrosecondType>(batch, "received")?;
    let [x, y, z] = ["x", "y", "z"].map(|name| column::<Float32Type>(batch, name));
    let values = [x?, y?, z?];
    let row = |row: usize| {
        let property = ObservedProperty::from_code(properties.value(row))?;
        let value = values.map(|column| if column.is_valid(row) { column.value(row) } else { 0.0 });
        let (lesson, thing) = (LessonId(lessons.value(row)), ThingId(things.value(row)));
        Some(Row { lesson, thing, property, run: runs.value(row), time: times.value(row), received: received.value(row), value })
    };
    Ok((0..batch.num_rows()).filter_map(row).collect())
}
