//! Rows in memory: per lesson and property immutable chunks and an open tail.

use std::sync::Arc;
use std::time::Instant;

use arrow::array::{
    ArrayRef, Float32Array, Int64Array, TimestampMicrosecondArray, UInt8Array, UInt16Array, UInt32Array, UInt64Array, new_null_array,
};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;

use crate::group::{Frame, Group};
use crate::snapshot::{HotBatch, Segment};
use crate::{Lsn, schema};

/// Rows of an immutable chunk. A snapshot copies at most this much of an open tail (8,192 rows: 0.4 MB, 50 µs); queries
/// want batches of about this size anyway.
pub(crate) const CHUNK: usize = 8_192;

/// Bytes of a row in memory: thing 8, run 4, time 8, received 8, offset 8, flags 2, x, y, z 12. Lesson and property are
/// one shared column.
pub(crate) const ROW: usize = 50;

/// The rows of one lesson and property.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) lesson: LessonId,
    pub(crate) property: ObservedProperty,
    pub(crate) chunks: Vec<HotBatch>,
    tail: Tail,
    /// The tail as a batch, if a snapshot made it since the last row.
    seen: Option<HotBatch>,
    /// The WAL file that holds the oldest row not sealed.
    pub(crate) oldest_wal: Option<u64>,
    /// When the last row came.
    pub(crate) touched: Instant,
    /// Rows up to this commit are in segments.
    pub(crate) sealed: Lsn,
    /// Its sealed files.
    pub(crate) segments: Vec<Arc<Segment>>,
    lesson_column: ArrayRef,
    property_column: ArrayRef,
}

#[derive(Debug, Default)]
struct Tail {
    thing: Vec<u64>,
    run: Vec<u32>,
    time: Vec<Micros>,
    received: Vec<Micros>,
    offset: Vec<Micros>,
    flags: Vec<u16>,
    values: [Vec<f32>; 3],
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(lesson: LessonId, property: ObservedProperty) -> Self {
        Self {
            lesson,
            property,
            chunks: Vec::new(),
            tail: Tail::default(),
            seen: None,
            oldest_wal: None,
            touched: Instant::now(),
            sealed: 0,
            segments: Vec::new(),
            lesson_column: Arc::new(UInt64Array::from_value(lesson.0, CHUNK)),
            property_column: Arc::new(UInt8Array::from_value(property.code(), CHUNK)),
        }
    }

    /// Adds a frame's rows.
    pub(crate) fn push(&mut self, frame: &Frame, group: &Group, wal: u64) -> Result<(), ArrowError> {
        self.oldest_wal.get_or_insert(wal);
        self.touched = Instant::now();
        self.seen = None;
        let mut rows = frame.rows.clone();
        while !rows.is_empty() {
            let take = rows.start..rows.end.min(rows.start + CHUNK - self.tail.time.len());
            rows.start = take.end;
            let tail = &mut self.tail;
            let length = tail.time.len() + take.len();
            tail.thing.resize(length, frame.stream.thing.0);
            tail.run.resize(length, frame.run);
            tail.received.resize(length, frame.received);
            tail.offset.resize(length, frame.offset);
            tail.time.extend_from_slice(&group.time[take.clone()]);
            tail.flags.extend_from_slice(&group.flags[take.clone()]);
            for (column, values) in tail.values.iter_mut().zip(&group.values) {
                column.extend_from_slice(&values[take.clone()]);
            }
            if length == CHUNK {
                self.freeze()?;
            }
        }
        Ok(())
    }

    /// Rows in memory.
    pub(crate) fn rows(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.rows.num_rows()).sum::<usize>() + self.tail.time.len()
    }

    /// Its sealed files that can be read.
    pub(crate) fn readable(&self) -> impl Iterator<Item = Arc<Segment>> {
        self.segments.iter().filter(|segment| segment.is_readable()).cloned()
    }

    /// Makes the tail a chunk, so that all rows are in immutable ones.
    pub(crate) fn freeze(&mut self) -> Result<(), ArrowError> {
        if !self.tail.time.is_empty() {
            let tail = std::mem::take(&mut self.tail);
            let batch = self.seen.take().map_or_else(|| self.batch(tail), Ok)?;
            self.chunks.push(batch);
        }
        Ok(())
    }

    /// All rows, as batches.
    pub(crate) fn batches(&mut self) -> Result<Vec<HotBatch>, ArrowError> {
        let mut batches = self.chunks.clone();
        if !self.tail.time.is_empty() {
            if self.seen.is_none() {
                self.seen = Some(self.batch(self.tail.copied())?);
            }
            batches.extend(self.seen.clone());
        }
        Ok(batches)
    }

    fn batch(&self, tail: Tail) -> Result<HotBatch, ArrowError> {
        let rows = tail.time.len();
        let time = (tail.time.iter().copied().min().unwrap_or(0), tail.time.iter().copied().max().unwrap_or(0));
        let utc = |column: Vec<Micros>| Arc::new(TimestampMicrosecondArray::from(column).with_timezone("UTC"));
        let [x, y, z] = tail.values;
        let component = |values: Vec<f32>| -> ArrayRef {
            if self.property.is_vector() { Arc::new(Float32Array::from(values)) } else { new_null_array(&DataType::Float32, rows) }
        };
        let columns: Vec<ArrayRef> = vec![
            self.lesson_column.slice(0, rows),
            Arc::new(UInt64Array::from(tail.thing)),
            self.property_column.slice(0, rows),
            Arc::new(UInt32Array::from(tail.run)),
            utc(tail.time),
            utc(tail.received),
            Arc::new(Int64Array::from(tail.offset)),
            Arc::new(UInt16Array::from(tail.flags)),
            Arc::new(Float32Array::from(x)),
            component(y),
            component(z),
        ];
        let rows = RecordBatch::try_new(schema::observations(), columns)?;
        Ok(HotBatch { lesson: self.lesson, property: self.property, time, rows })
    }
}

impl Tail {
    fn copied(&self) -> Self {
        Self {
            thing: self.thing.clone(),
            run: self.run.clone(),
            time: self.time.clone(),
            received: self.received.clone(),
            offset: self.offset.clone(),
            flags: self.flags.clone(),
            values: self.values.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
