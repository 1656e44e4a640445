//! Which windows hold readings that were not there the last time.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;

use arrow::array::Array;
use arrow::datatypes::{Float32Type, TimestampMicrosecondType, UInt32Type, UInt64Type};
use datafusion::error::{DataFusionError, Result};
use messwerk_lessons::Micros;
use messwerk_store::snapshot::{HotBatch, Snapshot};

use super::Key;
use crate::columns::column;

/// Windows behind the newest arrival that a view holds: two minutes of the shortest window, enough for any sweep chart.
const HORIZON: Micros = 1_200;

/// How far ahead of the newest arrival a reading may lie and still be shown: a phone's clock error, not a wrong year.
const AHEAD: Micros = 10_000_000;

/// More pieces than this are asked for as one span: a filter of many alternatives costs more than a few windows.
const SPANS: usize = 8;

/// Names a hot batch by its first row: Thing, Run, time, arrival, value bits. The open tail keeps its first row while it
/// grows. Two batches of one snapshot with the same name (a stream of equal readings) count as new every time.
type Name = (u64, u32, Micros, Micros, [u32; 3]);

/// What a snapshot held.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    hot: HashMap<Name, usize>,
    segments: HashSet<PathBuf>,
    /// Hub time of the newest arrival.
    edge: Option<Micros>,
}

/// What is to be computed anew.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// Half-open, whole windows, ascending, apart.
    pub(crate) spans: Vec<(Micros, Micros)>,
    /// Start of the oldest window of the horizon.
    pub(crate) oldest: Micros,
    /// A file or batch is gone: sealed, or erased.
    pub(crate) lost: bool,
}

impl Seen {
    /// Compares a snapshot with what was seen; the second value is what is seen now.
    pub(crate) fn compare(&self, snapshot: &Snapshot, (lesson, spec): Key) -> Result<(Touched, Self)> {
        let mut now = Self { edge: self.edge, ..Self::default() };
        let mut times: Vec<&[Micros]> = vec![];
        let batches = snapshot.hot.iter().filter(|batch| (batch.lesson, batch.property) == (lesson, spec.property));
        let batches = batches.filter(|batch| batch.rows.num_rows() > 0);
        let batches = batches.map(|batch| Ok((name(batch)?, batch))).collect::<Result<Vec<_>>>()?;
        for (name, batch) in &batches {
            now.hot.entry(*name).and_modify(|rows| *rows = 0).or_insert(batch.rows.num_rows());
        }
        for (name, batch) in batches {
            let known = if now.hot[&name] == 0 { 0 } else { self.hot.get(&name).copied().unwrap_or(0) };
            let old = known.min(batch.rows.num_rows());
            times.push(&column::<TimestampMicrosecondType>(&batch.rows, "time")?.values()[old..]);
            let received = column::<TimestampMicrosecondType>(&batch.rows, "received")?.values()[old..].iter().copied().max();
            now.edge = now.edge.max(received);
        }
        let mut fresh = vec![];
        for segment in snapshot.segments.iter().filter(|segment| (segment.lesson, segment.property) == (lesson, spec.property)) {
            if !self.segments.contains(&segment.path) {
                fresh.push(segment.time);
            }
            now.segments.insert(segment.path.clone());
        }
        // A lesson that is over shows its end.
        now.edge = now.edge.or(fresh.iter().map(|(_, last)| *last).max());
        let lost = self.hot.keys().any(|name| !now.hot.contains_key(name)) || !self.segments.is_subset(&now.segments);
        let Some(edge) = now.edge else { return Ok((Touched { lost, ..Touched::default() }, now)) };

        let window = spec.window;
        let oldest = window.start(edge - HORIZON * window.micros());
        let newest = window.end(edge + AHEAD);
        let mut starts: BTreeSet<_> = times.into_iter().flatten().map(|time| window.start(*time)).collect();
        starts.retain(|start| (oldest..newest).contains(start));
        // Which rows of a new file were hot before is not known; computing them again changes nothing.
        let files = fresh.into_iter().map(|(first, last)| (window.start(first).max(oldest), window.end(last + 1).min(newest)));
        let spans = starts.into_iter().map(|start| (start, start + window.micros())).chain(files.filter(|(from, to)| from < to));
        Ok((Touched { spans: joined(spans.collect()), oldest, lost }, now))
    }
}

/// Spans that touch or overlap as one; all as one if they are many.
fn joined(mut spans: Vec<(Micros, Micros)>) -> Vec<(Micros, Micros)> {
    spans.sort_unstable();
    let mut joined: Vec<(Micros, Micros)> = vec![];
    for (from, to) in spans {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    match (joined.first(), joined.last()) {
        (Some(first), Some(last)) if joined.len() > SPANS => vec![(first.0, last.1)],
        _ => joined,
    }
}

/// The name of a batch with rows.
fn name(batch: &HotBatch) -> Result<Name> {
    let time = |name| Ok::<_, DataFusionError>(column::<TimestampMicrosecondType>(&batch.rows, name)?.value(0));
    let part = |name| {
        let values = column::<Float32Type>(&batch.rows, name)?;
        Ok::<_, DataFusionError>(if values.is_valid(0) { values.value(0).to_bits() } else { 0 })
    };
    let (thing, run) = (column::<UInt64Type>(&batch.rows, "thing")?, column::<UInt32Type>(&batch.rows, "run")?);
    Ok((thing.value(0), run.value(0), time("time")?, time("received")?, [part("x")?, part("y")?, part("z")?]))
}
