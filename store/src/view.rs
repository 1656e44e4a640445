//! What readers see: hot rows, segments, latest values, counts and Rejects, always at the border of a commit.
//!
//! One lock. The writer takes it to add a commit, the sealer to exchange chunks for a segment, readers to clone lists
//! of `Arc`s; nobody does I/O under it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float32Type, TimestampMicrosecondType};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::RejectReason;

use crate::group::{Frame, Group, RejectFrame, StreamId};
use crate::hot::Table;
use crate::schema::column;
use crate::snapshot::{HotBatch, Latest, Segment, Snapshot};
use crate::submission::Rejection;
use crate::{Erasure, Lsn};

/// A Datastream as readers see it.
#[derive(Debug, Clone)]
pub(crate) struct StreamView {
    pub(crate) id: StreamId,
    table: usize,
    /// Erased; the place in the list stays.
    gone: bool,
    /// Readings stored.
    pub(crate) stored: u64,
    /// Readings left out by thinning.
    pub(crate) thinned: u64,
    /// The latest reading by phenomenon time.
    pub(crate) latest: Option<(Micros, [f32; 3])>,
    /// Arrival of the newest packet stored.
    pub(crate) received: Micros,
    /// Numbered batches that have not arrived.
    pub(crate) missing: u64,
}

/// What a stream has besides rows that are being erased.
#[derive(Debug, Default)]
pub(crate) struct Left {
    stored: u64,
    latest: Option<(Micros, [f32; 3])>,
}

impl Left {
    /// Adds rows that stay.
    pub(crate) fn add(&mut self, rows: &RecordBatch) {
        let times = rows.column(column::TIME).as_primitive::<TimestampMicrosecondType>().values();
        self.stored += times.len() as u64;
        let Some((row, &time)) = times.iter().enumerate().max_by_key(|&(_, time)| time) else { return };
        if self.latest.is_none_or(|(latest, _)| latest <= time) {
            let component = |index: usize| rows.column(index).as_primitive::<Float32Type>();
            let value = [column::X, column::Y, column::Z].map(component);
            self.latest = Some((time, value.map(|column| if column.is_null(row) { 0.0 } else { column.value(row) })));
        }
    }
}

/// A lesson as readers see it.
#[derive(Debug, Default)]
pub(crate) struct LessonView {
    /// Its streams.
    pub(crate) slots: Vec<u32>,
    /// Its Rejects; a BTreeMap, so that lists have an order.
    pub(crate) rejections: BTreeMap<(ThingId, RejectReason), Rejection>,
    /// The last commit that changed it.
    pub(crate) changed: Lsn,
    /// Erasures in it since the start.
    pub(crate) erasures: u64,
    /// The commit its checkpoint on disk is of.
    pub(crate) checkpointed: Lsn,
}

/// Everything readers see.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// The last commit in it.
    pub(crate) lsn: Lsn,
    pub(crate) tables: Vec<Table>,
    pub(crate) by_key: HashMap<(LessonId, ObservedProperty), usize>,
    pub(crate) streams: Vec<StreamView>,
    pub(crate) lessons: HashMap<LessonId, LessonView>,
}

impl View {
    /// The table of a lesson and property.
    pub(crate) fn table(&mut self, lesson: LessonId, property: ObservedProperty) -> usize {
        let next = self.tables.len();
        let index = *self.by_key.entry((lesson, property)).or_insert(next);
        if index == next {
            self.tables.push(Table::new(lesson, property));
        }
        index
    }

    /// The stream at a slot, made known if it is new.
    pub(crate) fn stream(&mut self, slot: u32, id: StreamId) -> &mut StreamView {
        let slot = slot as usize;
        if slot >= self.streams.len() || self.streams[slot].id != id {
            let table = self.table(id.lesson, id.property);
            let unknown = StreamView { id, table, gone: true, stored: 0, thinned: 0, latest: None, received: Micros::MIN, missing: 0 };
            while self.streams.len() <= slot {
                self.streams.push(unknown.clone());
            }
            self.streams[slot] = StreamView { gone: false, ..unknown };
            self.lessons.entry(id.lesson).or_default().slots.push(slot as u32);
        }
        &mut self.streams[slot]
    }

    /// Adds a commit: state and rows of every frame.
    pub(crate) fn apply(&mut self, group: &Group, lsn: Lsn, wal: u64) -> Result<(), ArrowError> {
        for frame in &group.frames {
            self.count(frame, group, lsn);
            self.add_rows(frame, group, wal)?;
        }
        for reject in &group.rejects {
            self.reject(reject, lsn);
        }
        self.lsn = lsn;
        Ok(())
    }

    /// Adds a frame's rows to its table.
    pub(crate) fn add_rows(&mut self, frame: &Frame, group: &Group, wal: u64) -> Result<(), ArrowError> {
        let table = self.stream(frame.slot, frame.stream).table;
        self.tables[table].push(frame, group, wal)
    }

    /// Adds a frame to counts and latest values.
    pub(crate) fn count(&mut self, frame: &Frame, group: &Group, lsn: Lsn) {
        let stream = self.stream(frame.slot, frame.stream);
        stream.stored += frame.rows.len() as u64;
        stream.thinned += u64::from(frame.thinned);
        stream.received = stream.received.max(frame.received);
        for row in frame.rows.clone() {
            if stream.latest.is_none_or(|(time, _)| time <= group.time[row]) {
                stream.latest = Some((group.time[row], group.value(row)));
            }
        }
        if let Some(lesson) = self.lessons.get_mut(&frame.stream.lesson) {
            lesson.changed = lsn;
        }
    }

    /// Adds a Reject.
    pub(crate) fn reject(&mut self, frame: &RejectFrame, lsn: Lsn) {
        let lesson = self.lessons.entry(frame.lesson).or_default();
        lesson.changed = lsn;
        let count = u64::from(frame.reject.count);
        let rejection = lesson.rejections.entry((frame.thing, frame.reject.reason));
        let rejection =
            rejection.or_insert_with(|| Rejection { thing: frame.thing, count: 0, last: frame.reject.clone(), received: frame.received });
        rejection.count += count;
        rejection.last.clone_from(&frame.reject);
        rejection.received = frame.received;
    }

    /// The tables of a lesson, or all.
    pub(crate) fn tables_of(&self, lesson: Option<LessonId>) -> Vec<usize> {
        let wanted = |index: &usize| lesson.is_none_or(|lesson| self.tables[*index].lesson == lesson);
        (0..self.tables.len()).filter(wanted).collect()
    }

    /// One consistent view of a lesson, or of everything.
    pub(crate) fn snapshot(&mut self, lesson: Option<LessonId>) -> Result<Snapshot, ArrowError> {
        let mut snapshot = Snapshot { lsn: self.lsn, hot: Vec::new(), segments: Vec::new() };
        match lesson {
            None => {
                for table in &mut self.tables {
                    snapshot.hot.extend(table.batches()?);
                    snapshot.segments.extend(table.readable());
                }
            }
            Some(lesson) => {
                for property in ObservedProperty::all() {
                    if let Some(&table) = self.by_key.get(&(lesson, property)) {
                        snapshot.hot.extend(self.tables[table].batches()?);
                        snapshot.segments.extend(self.tables[table].readable());
                    }
                }
            }
        }
        Ok(snapshot)
    }

    /// Hot rows and segments of one lesson and property.
    pub(crate) fn stored(
        &mut self,
        lesson: LessonId,
        property: ObservedProperty,
    ) -> Result<(Vec<HotBatch>, Vec<Arc<Segment>>), ArrowError> {
        let Some(&table) = self.by_key.get(&(lesson, property)) else { return Ok((Vec::new(), Vec::new())) };
        let table = &mut self.tables[table];
        Ok((table.batches()?, table.readable().collect()))
    }

    /// Whether a segment is one of its table's, readable or not.
    pub(crate) fn holds(&self, segment: &Arc<Segment>) -> bool {
        let table = self.by_key.get(&(segment.lesson, segment.property)).map(|&table| &self.tables[table]);
        table.is_some_and(|table| table.segments.iter().any(|other| Arc::ptr_eq(other, segment)))
    }

    fn streams_of(&self, lesson: LessonId) -> impl Iterator<Item = &StreamView> {
        let slots = self.lessons.get(&lesson).into_iter().flat_map(|lesson| &lesson.slots);
        slots.map(|&slot| &self.streams[slot as usize]).filter(|stream| !stream.gone)
    }

    /// Grows with each commit and erasure that changes a lesson.
    pub(crate) fn changed(&self, lesson: LessonId) -> Lsn {
        self.lessons.get(&lesson).map_or(0, |lesson| lesson.changed + lesson.erasures)
    }

    /// The latest readings of a lesson, by Thing and property.
    pub(crate) fn latest(&self, lesson: LessonId) -> Vec<Latest> {
        let latest = self.streams_of(lesson).filter_map(|stream| {
            let (time, value) = stream.latest?;
            Some(Latest { thing: stream.id.thing, property: stream.id.property, time, value, received_us: stream.received })
        });
        let mut latest: Vec<Latest> = latest.collect();
        latest.sort_unstable_by_key(|latest| (latest.thing, latest.property));
        latest
    }

    /// The Rejects of a lesson, by Thing and reason.
    pub(crate) fn rejections(&self, lesson: LessonId) -> Vec<Rejection> {
        self.lessons.get(&lesson).into_iter().flat_map(|lesson| lesson.rejections.values()).cloned().collect()
    }

    /// Readings stored of a stream.
    pub(crate) fn stored_of(&self, id: StreamId) -> u64 {
        self.streams_of(id.lesson).find(|stream| stream.id == id).map_or(0, |stream| stream.stored)
    }

    /// Numbered batches that have not arrived, by Thing.
    pub(crate) fn missing(&self, lesson: LessonId) -> Vec<(ThingId, u64)> {
        let mut missing: BTreeMap<ThingId, u64> = BTreeMap::new();
        for stream in self.streams_of(lesson).filter(|stream| stream.missing > 0) {
            *missing.entry(stream.id.thing).or_default() += stream.missing;
        }
        missing.into_iter().collect()
    }

    /// Sets the number of batches that have not arrived, if anything of the stream was stored so far.
    pub(crate) fn set_missing(&mut self, slot: u32, id: StreamId, missing: u64) {
        if let Some(stream) = self.streams.get_mut(slot as usize).filter(|stream| stream.id == id && !stream.gone) {
            stream.missing = missing;
        }
    }

    /// The streams of a Thing.
    pub(crate) fn streams_of_thing(&self, lesson: LessonId, thing: ThingId) -> Vec<StreamId> {
        self.streams_of(lesson).map(|stream| stream.id).filter(|id| id.thing == thing).collect()
    }

    /// Forgets what is erased, but for its rows and segments. `left` is what the streams of a Run have besides.
    pub(crate) fn forget(&mut self, what: Erasure, left: &[(StreamId, Left)]) {
        let lesson = what.lesson();
        let Some(view) = self.lessons.get_mut(&lesson) else { return };
        let streams = &mut self.streams;
        if matches!(what, Erasure::Run(..)) {
            // Rejects are of no Run.
            for &slot in &view.slots {
                let stream = &mut streams[slot as usize];
                if let Some((_, left)) = left.iter().find(|(id, _)| *id == stream.id) {
                    (stream.stored, stream.latest) = (left.stored, left.latest);
                }
            }
        } else {
            view.rejections.retain(|key, _| what.thing().is_some_and(|thing| key.0 != thing));
            view.slots.retain(|&slot| {
                let stream = &mut streams[slot as usize];
                stream.gone |= what.concerns(stream.id);
                !stream.gone
            });
        }
        // Its checkpoint on disk still names what is gone: the next one must be written.
        view.changed = self.lsn.max(1);
        view.erasures += 1;
        view.checkpointed = 0;
        if matches!(what, Erasure::Lesson(_)) {
            self.lessons.remove(&lesson);
        }
    }
}
