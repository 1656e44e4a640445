//! The task behind a view.

use std::sync::Weak;
use std::time::Duration;

use arrow::datatypes::{Float64Type, Int64Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::frame::Component;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;
use tokio::time::{Instant, MissedTickBehavior};

use super::View;
use super::touched::Seen;
use super::windows::Entry;
use crate::columns::column;
use crate::error::Result;
use crate::labels::Things;
use crate::plan::Selection;
use crate::reader::Reader;
use crate::scope::Scope;
use crate::windowed::{Measures, Windowed, max_of, mean_of, min_of};

/// Twelve times a second: what a page draws without stutter. From commit to frame it takes this long at worst and half of
/// it on average, plus a few milliseconds of computing; with 100 ms the worst would miss 120 ms.
const TICK: Duration = Duration::from_millis(80);

/// So many times as long as a step took the view rests after it: under a flood, when each step has much to compute, it
/// takes a quarter of a core at most and shows more at a time.
const REST: u32 = 3;

/// Follows the store until the view or the store is gone.
pub(super) async fn follow(view: Weak<View>, reader: Reader) {
    let mut committed = reader.source.committed();
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = Seen::default();
    let mut failing = false;
    loop {
        ticks.tick().await;
        // Marked before the snapshot is taken: a commit in between wakes once too often, never once too little.
        committed.borrow_and_update();
        let Some(watched) = view.upgrade() else { return };
        let begun = Instant::now();
        match step(&watched, &seen, &reader).await {
            Ok(now) => (seen, failing) = (now, false),
            // What was touched stays touched: `seen` is as before, the next commit tries again.
            Err(error) if !failing => {
                failing = true;
                tracing::warn!(lesson = %watched.key.0, %error, "a live view stands still");
            }
            Err(_) => {}
        }
        drop(watched);
        ticks.reset_after(TICK.max(begun.elapsed() * REST));
        if committed.changed().await.is_err() {
            return;
        }
    }
}

/// Brings the view up to what is stored; returns what has then been seen.
async fn step(view: &View, seen: &Seen, reader: &Reader) -> Result<Seen> {
    let (lesson, spec) = view.key;
    let selection = Selection::new(&Scope::lesson(lesson), Some(spec.property), None)?;
    loop {
        let readable = reader.view(&selection, spec.window.is_rolled_up()).await;
        let (touched, mut now) = seen.compare(&readable.snapshot, view.key, || reader.source.latest(lesson))?;
        // Only a batch or file that is gone can take a Thing with it.
        let alive = if touched.lost { Some(Things::of(&readable.snapshot, &selection)?) } else { None };
        let alive = |thing| alive.as_ref().is_none_or(|things| things.contains(thing));
        let mut entries = vec![];
        if !touched.spans.is_empty() {
            let selection = selection.clone().within(touched.spans.clone());
            let plan = Windowed::new(&readable, &selection, spec.property, spec.window, Measures::Plain)?;
            let batches = reader.windows(&readable, plan).await;
            if reader.again(&readable, &selection, batches.as_ref().err()).await {
                continue;
            }
            for batch in batches? {
                read(&batch, spec.property, &mut entries)?;
            }
        }
        now.keep(alive);
        if let Some(version) = view.windows(|windows| windows.replace(entries, &touched, alive)) {
            view.version.send_replace(version);
        }
        return Ok(now);
    }
}

/// Rows of [`Windowed`] as entries.
fn read(batch: &RecordBatch, property: ObservedProperty, entries: &mut Vec<Entry>) -> Result<()> {
    let things = column::<UInt64Type>(batch, "thing")?.values();
    let starts = column::<Int64Type>(batch, "window")?.values();
    let counts = column::<Int64Type>(batch, "count")?.values();
    let statistics = |component: &Component| -> Result<_> {
        let name = component.name(property);
        let [mean, min, max] = [mean_of(name), min_of(name), max_of(name)].map(|of| column::<Float64Type>(batch, &of));
        Ok([mean?.values(), min?.values(), max?.values()])
    };
    let columns = Component::of(property).iter().map(statistics).collect::<Result<Vec<_>>>()?;
    entries.extend((0..batch.num_rows()).map(|row| Entry {
        thing: ThingId(things[row]),
        start: starts[row],
        count: counts[row] as u64,
        values: columns.iter().map(|statistics| statistics.map(|values| values[row])).collect(),
    }));
    Ok(())
}
