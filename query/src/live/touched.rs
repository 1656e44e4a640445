//! Which windows hold readings that were not there the last time.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use arrow::array::Array;
use arrow::datatypes::{Float32Type, TimestampMicrosecondType, UInt32Type, UInt64Type};
use datafusion::error::{DataFusionError, Result};
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_store::Latest;
use messwerk_store::snapshot::{HotBatch, Snapshot};

use super::Key;
use super::edge::Edge;
use crate::columns::column;

/// Windows behind a Thing's newest time that a view holds: two minutes of the shortest window, enough for any sweep chart.
const HORIZON: Micros = 1_200;

/// How far beyond a Thing's newest time a reading may lie and still be shown: the rest of its packet, not a wrong year.
const AHEAD: Micros = 10_000_000;

/// More pieces than this are not asked for one by one: a filter of many alternatives costs more than a few windows.
const SPANS: usize = 8;

/// Names a hot batch by its first row: Thing, Run, time, arrival, value bits. The open tail keeps its first row while it
/// grows. Two batches of one snapshot with the same name (a stream of equal readings) count as new every time.
type Name = (u64, u32, Micros, Micros, [u32; 3]);

/// What a snapshot held.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    hot: HashMap<Name, usize>,
    /// Time and Things of each file; not the segments themselves, for who holds one keeps its file.
    segments: HashMap<PathBuf, ((Micros, Micros), Vec<ThingId>)>,
    edges: BTreeMap<ThingId, Edge>,
    /// Hub time of the newest arrival.
    received: Option<Micros>,
}

/// What is to be computed anew.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// Half-open, whole windows, ascending, apart.
    pub(crate) spans: Vec<(Micros, Micros)>,
    /// What is shown of each Thing: whole windows, half-open.
    pub(crate) horizons: BTreeMap<ThingId, (Micros, Micros)>,
    /// The start of a window near the hub's time, for a view that has no origin yet.
    pub(crate) origin: Micros,
    /// A file or batch is gone: sealed, or erased.
    pub(crate) lost: bool,
}

/// New readings of one Thing and Run that arrived together.
struct Packet<'a> {
    thing: ThingId,
    run: u32,
    received: Micros,
    times: &'a [Micros],
}

impl Seen {
    /// Compares a snapshot with what was seen; the second value is what is seen now. `latest` is asked for Things whose
    /// readings are all in files.
    pub(crate) fn compare(
        &self,
        snapshot: &Snapshot,
        (lesson, spec): Key,
        latest: impl FnOnce() -> Vec<Latest>,
    ) -> Result<(Touched, Self)> {
        let mut now = Self { edges: self.edges.clone(), received: self.received, ..Self::default() };
        let mut packets = vec![];
        let batches = snapshot.hot.iter().filter(|batch| (batch.lesson, batch.property) == (lesson, spec.property));
        let batches = batches.filter(|batch| batch.rows.num_rows() > 0);
        let batches = batches.map(|batch| Ok((name(batch)?, batch))).collect::<Result<Vec<_>>>()?;
        for (name, batch) in &batches {
            now.hot.entry(*name).and_modify(|rows| *rows = 0).or_insert(batch.rows.num_rows());
        }
        for (name, batch) in batches {
            let known = if now.hot[&name] == 0 { 0 } else { self.hot.get(&name).copied().unwrap_or(0) };
            packets.extend(packets_of(batch, known.min(batch.rows.num_rows()))?);
        }
        for packet in &packets {
            now.edges.entry(packet.thing).or_default().arrive(packet.run, packet.received, packet.times);
            now.received = now.received.max(Some(packet.received));
        }
        let mut fresh = vec![];
        for segment in snapshot.segments.iter().filter(|segment| (segment.lesson, segment.property) == (lesson, spec.property)) {
            if !self.segments.contains_key(&segment.path) {
                fresh.push(segment);
            }
            now.segments.insert(segment.path.clone(), (segment.time, segment.things.clone()));
        }
        if fresh.iter().any(|segment| segment.things.iter().any(|thing| !now.edges.contains_key(thing))) {
            for latest in latest().into_iter().filter(|latest| latest.property == spec.property) {
                now.edges.entry(latest.thing).or_insert_with(|| Edge::stored(latest.time));
            }
            // Of whom nobody knows more than the files that hold something is shown to the end of the last one.
            fresh.sort_by_key(|segment| std::cmp::Reverse(segment.time.1));
            for (segment, thing) in fresh.iter().flat_map(|segment| segment.things.iter().map(move |thing| (segment, thing))) {
                now.edges.entry(*thing).or_insert_with(|| Edge::stored(segment.time.1));
            }
        }

        let window = spec.window;
        let horizon = |edge: &Edge| {
            let time = edge.time()?;
            Some((window.start(time.saturating_sub(HORIZON * window.micros())), window.end(time.saturating_add(AHEAD))))
        };
        let horizons: BTreeMap<_, _> = now.edges.iter().filter_map(|(thing, edge)| Some((*thing, horizon(edge)?))).collect();
        let mut starts = BTreeSet::new();
        for packet in &packets {
            let Some((from, to)) = horizons.get(&packet.thing) else { continue };
            starts.extend(packet.times.iter().map(|time| window.start(*time)).filter(|start| (from..to).contains(&start)));
        }
        let mut spans: Vec<_> = starts.into_iter().map(|start| (start, start + window.micros())).collect();
        // Which rows of a new file were hot before is not known; computing them again changes nothing. Of a file that is gone
        // nothing may stay.
        let gone = self.segments.iter().filter(|(path, _)| !now.segments.contains_key(*path)).map(|(_, (time, things))| (*time, things));
        for (time, things) in fresh.iter().map(|segment| (segment.time, &segment.things)).chain(gone) {
            let (first, end) = (window.start(time.0), window.end(time.1.saturating_add(1)));
            spans.extend(things.iter().filter_map(|thing| horizons.get(thing)).map(|(from, to)| (first.max(*from), end.min(*to))));
        }
        // A Thing that came back from a wrong time is shown as before, not only from now on.
        for (thing, (from, to)) in &horizons {
            let before = self.edges.get(thing).and_then(horizon);
            spans.extend(before.filter(|before| before.0 > *from).map(|_| (*from, *to)));
        }
        // Sealed, which changes nothing, or erased: a Run, or all that was measured so far, of Things that go on. Which of
        // the two cannot be told from here, and a seal is rare.
        let lost =
            self.hot.keys().any(|name| !now.hot.contains_key(name)) || self.segments.keys().any(|path| !now.segments.contains_key(path));
        if lost {
            spans.extend(horizons.values().copied());
        }
        spans.retain(|(from, to)| from < to);
        let newest = now.received.or_else(|| now.edges.values().filter_map(Edge::time).max());
        let origin = window.start(newest.unwrap_or(0).saturating_sub(HORIZON * window.micros()));
        Ok((Touched { spans: joined(spans), horizons, origin, lost }, now))
    }

    /// Forgets Things that are gone.
    pub(super) fn keep(&mut self, alive: impl Fn(ThingId) -> bool) {
        self.edges.retain(|thing, _| alive(*thing));
    }
}

/// The rows of a batch from `first` on, packet by packet.
fn packets_of(batch: &HotBatch, first: usize) -> Result<Vec<Packet<'_>>> {
    let things = column::<UInt64Type>(&batch.rows, "thing")?.values();
    let runs = column::<UInt32Type>(&batch.rows, "run")?.values();
    let received = column::<TimestampMicrosecondType>(&batch.rows, "received")?.values();
    let times = column::<TimestampMicrosecondType>(&batch.rows, "time")?.values();
    let mut packets = vec![];
    let mut begin = first;
    while begin < times.len() {
        let key = |row: usize| (things[row], runs[row], received[row]);
        let end = (begin..times.len()).find(|row| key(*row) != key(begin)).unwrap_or(times.len());
        let (thing, run, received) = key(begin);
        packets.push(Packet { thing: ThingId(thing), run, received, times: &times[begin..end] });
        begin = end;
    }
    Ok(packets)
}

/// Spans that touch or overlap as one; if there are many left, the nearest ones too.
fn joined(mut spans: Vec<(Micros, Micros)>) -> Vec<(Micros, Micros)> {
    spans.sort_unstable();
    let mut joined: Vec<(Micros, Micros)> = vec![];
    for (from, to) in spans {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    if joined.len() <= SPANS {
        return joined;
    }
    // Phones whose clocks differ are far apart, and what lies between them need not be asked for: the widest gaps stay.
    let mut gaps: Vec<_> = (1..joined.len()).map(|right| (joined[right].0 - joined[right - 1].1, right)).collect();
    gaps.sort_unstable_by(|left, right| right.cmp(left));
    let mut borders: Vec<_> = gaps.into_iter().take(SPANS - 1).map(|(_, right)| right).collect();
    borders.extend([0, joined.len()]);
    borders.sort_unstable();
    borders.windows(2).map(|part| (joined[part[0]].0, joined[part[1] - 1].1)).collect()
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
