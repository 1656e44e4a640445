//! The task behind a view.

use std::sync::{Arc, Weak};
use std::time::Duration;

use arrow::datatypes::{Int64Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::frame::Component;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_store::snapshot::Snapshot;
use tokio::time::MissedTickBehavior;

use super::View;
use super::touched::Seen;
use super::windows::Entry;
use crate::aggregates::wide;
use crate::columns::column;
use crate::engine::{Machine, Mode};
use crate::error::Result;
use crate::labels::Things;
use crate::plan::{self, Measures, Selection, max_of, mean_of, min_of};
use crate::scope::Scope;
use crate::source::Source;

/// Ten times a second: what a page draws without stutter, and a commit rarely waits.
const TICK: Duration = Duration::from_millis(100);

/// Follows the store until the view or the store is gone.
pub(super) async fn follow(view: Weak<View>, source: Arc<dyn Source>, machine: Arc<Machine>) {
    let mut committed = source.committed();
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = Seen::default();
    let mut failing = false;
    loop {
        ticks.tick().await;
        // Marked before the snapshot is taken: a commit in between wakes once too often, never once too little.
        committed.borrow_and_update();
        let Some(watched) = view.upgrade() else { return };
        match step(&watched, &seen, Arc::new(source.snapshot(watched.key.0)), &machine).await {
            Ok(now) => (seen, failing) = (now, false),
            // What was touched stays touched: `seen` is as before, the next commit tries again.
            Err(error) if !failing => {
                failing = true;
                tracing::warn!(lesson = %watched.key.0, %error, "a live view stands still");
            }
            Err(_) => {}
        }
        drop(watched);
        if committed.changed().await.is_err() {
            return;
        }
    }
}

/// Brings the view up to a snapshot; returns what has then been seen.
async fn step(view: &View, seen: &Seen, snapshot: Arc<Snapshot>, machine: &Arc<Machine>) -> Result<Seen> {
    let (lesson, spec) = view.key;
    let (touched, now) = seen.compare(&snapshot, view.key)?;
    let selection = Selection::new(&Scope::lesson(lesson), Some(spec.property), None)?;
    // Only a batch or file that is gone can take a Thing with it.
    let alive = if touched.lost { Some(Things::of(&snapshot, &selection)?) } else { None };
    let alive = |thing| alive.as_ref().is_none_or(|things| things.contains(thing));
    let mut entries = vec![];
    if !touched.spans.is_empty() {
        let scan = selection.within(touched.spans.clone()).scan(&snapshot, false)?;
        let plan = plan::windows(scan, spec.property, Component::of(spec.property), spec.window, Measures::Plain)?;
        for batch in machine.collect(&snapshot, plan, Mode::Serial).await? {
            read(&batch, spec.property, &mut entries)?;
        }
    }
    if let Some(version) = view.windows(|windows| windows.replace(entries, &touched.spans, touched.oldest, alive)) {
        view.version.send_replace(version);
    }
    Ok(now)
}

/// Rows of [`plan::windows`] as entries.
fn read(batch: &RecordBatch, property: ObservedProperty, entries: &mut Vec<Entry>) -> Result<()> {
    let things = column::<UInt64Type>(batch, "thing")?.values();
    let starts = column::<Int64Type>(batch, "window")?.values();
    let counts = column::<Int64Type>(batch, "count")?.values();
    let statistics = |component: &Component| -> Result<_> {
        let name = component.name(property);
        Ok([wide(batch, &mean_of(name))?, wide(batch, &min_of(name))?, wide(batch, &max_of(name))?])
    };
    let columns = Component::of(property).iter().map(statistics).collect::<Result<Vec<_>>>()?;
    entries.extend((0..batch.num_rows()).map(|row| Entry {
        thing: ThingId(things[row]),
        start: starts[row],
        count: counts[row] as u64,
        values: columns.iter().map(|statistics| [0, 1, 2].map(|number: usize| statistics[number].value(row))).collect(),
    }));
    Ok(())
}
