//! What the tests of this room share: a store in a temporary folder, batches in one line, and what a snapshot holds.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float32Type, Int64Type, TimestampMicrosecondType, UInt16Type, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::observation::{BatchKey, Readings, SenderClock};
use messwerk_lessons::quantity::ObservedProperty;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::schema::column;
use crate::{Clock, Entry, Error, Options, Receipt, Snapshot, Store, Submission};

pub(crate) const LESSON: LessonId = LessonId(7);
pub(crate) const THING: ThingId = ThingId(70);
/// Arrival of the first batch in most tests.
pub(crate) const NOON: Micros = 1_767_268_800_000_000;

/// A clock that stands where it is put.
#[derive(Debug, Default)]
pub(crate) struct Stopped(AtomicI64);

impl Clock for Stopped {
    fn now(&self) -> Micros {
        self.0.load(Ordering::Relaxed)
    }
}

/// Options small enough for a test: commits at once, WAL files of 64 KiB.
pub(crate) fn options() -> Options {
    Options { commit_interval: std::time::Duration::ZERO, wal_file: 64 << 10, ..Options::default() }
}

pub(crate) fn open(folder: &Path) -> Store {
    Store::open(folder, options(), Arc::new(Stopped::default())).unwrap()
}

/// A scalar batch: pairs of raw seconds and value, arriving at noon.
pub(crate) fn scalars(readings: &[(f64, f32)]) -> Submission {
    let times = readings.iter().map(|reading| (reading.0 * 1e6).round() as Micros).collect();
    let values = readings.iter().map(|reading| reading.1).collect();
    submission(Readings::new(ObservedProperty::Illuminance, times, values, vec![], vec![]).unwrap())
}

/// A vector batch at 100 Hz: rows `from..to` of an endless recording; every row differs from every other.
pub(crate) fn vectors(from: u32, to: u32) -> Submission {
    let rows = from..to;
    let column = |shift: f32| rows.clone().map(|row| shift + row as f32 / 1024.0).collect::<Vec<f32>>();
    let times = rows.clone().map(|row| Micros::from(row) * 10_000).collect();
    submission(Readings::new(ObservedProperty::Acceleration, times, column(0.0), column(1.0), column(9.0)).unwrap())
}

fn submission(readings: Readings) -> Submission {
    Submission { lesson: LESSON, thing: THING, readings, key: None, clock: SenderClock::Unknown, received: NOON, max_hz: 0.0, since: None }
}

pub(crate) fn keyed(boot: u64, sequence: u64, batch: Submission) -> Submission {
    Submission { key: Some(BatchKey { boot, sequence }), ..batch }
}

impl Store {
    /// Appends one batch and waits for its commit.
    pub(crate) async fn put(&self, batch: Submission) -> Result<Receipt, Error> {
        let (_, receipts) = self.append(vec![Entry::Readings(batch)]).await?.committed().await?;
        Ok(receipts[0])
    }
}

/// A row of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(crate) struct Row {
    pub(crate) lesson: u64,
    pub(crate) thing: u64,
    pub(crate) run: u32,
    pub(crate) raw: Micros,
    pub(crate) time: Micros,
    pub(crate) flags: u16,
    pub(crate) value: [f32; 3],
}

pub(crate) fn rows_of(batch: &RecordBatch, rows: &mut Vec<Row>) {
    let values = [column::X, column::Y, column::Z].map(|index| batch.column(index).as_primitive::<Float32Type>());
    for row in 0..batch.num_rows() {
        let time = batch.column(column::TIME).as_primitive::<TimestampMicrosecondType>().value(row);
        rows.push(Row {
            lesson: batch.column(column::LESSON).as_primitive::<UInt64Type>().value(row),
            thing: batch.column(column::THING).as_primitive::<UInt64Type>().value(row),
            run: batch.column(column::RUN).as_primitive::<UInt32Type>().value(row),
            raw: time - batch.column(column::OFFSET).as_primitive::<Int64Type>().value(row),
            time,
            flags: batch.column(column::FLAGS).as_primitive::<UInt16Type>().value(row),
            value: values.map(|column| if column.is_null(row) { 0.0 } else { column.value(row) }),
        });
    }
}

/// All rows of a snapshot, hot and sealed, by lesson, Thing, Run and raw time.
pub(crate) fn rows(snapshot: &Snapshot) -> Vec<Row> {
    let mut rows = Vec::new();
    snapshot.hot.iter().for_each(|chunk| rows_of(&chunk.rows, &mut rows));
    for segment in &snapshot.segments {
        let file = std::fs::File::open(&segment.path).unwrap();
        let before = rows.len();
        for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
            rows_of(&batch.unwrap(), &mut rows);
        }
        assert_eq!((rows.len() - before) as u64, segment.rows);
    }
    rows.sort_by(|left, right| left.partial_cmp(right).unwrap());
    rows
}
