//! Readings with the names people know them by: a Thing's number and nickname, and seconds since its Run began.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, UInt32Array};
use arrow::datatypes::{DataType, Field, TimestampMicrosecondType, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;

use crate::columns::column;
use crate::engine::Mode;
use crate::error::Result;
use crate::labels::{self, Labels};
use crate::plan::{self, Selection};
use crate::reader::Reader;
use crate::scope::Scope;
use crate::spec::ObservationSpec;

/// The columns; empty where a Thing was erased while the answer was made.
pub(crate) fn fields() -> [Field; 3] {
    let number = Field::new("number", DataType::UInt32, true);
    [number, Field::new("nickname", labels::text(), true), Field::new("t_s", DataType::Float64, true)]
}

/// Who the Things are and when their Runs began.
pub(crate) struct Named {
    /// Number and place among `nicknames`, by Thing.
    things: HashMap<u64, (u32, i32)>,
    nicknames: Labels,
    /// By Thing and Run.
    begins: HashMap<(u64, u32), Micros>,
}

impl Reader {
    /// Of everything the question can be about, whatever times and properties it selects.
    pub(crate) async fn named(&self, scope: &Scope, spec: &ObservationSpec) -> Result<Named> {
        let (source, lesson) = (Arc::clone(&self.source), scope.lesson_id());
        // SQLite blocks for a moment.
        let names = self.machine.handle().spawn_blocking(move || source.names(lesson)).await.map_err(crate::engine::crashed)??;
        let things = names.iter().zip(0..).map(|((thing, number, _), place)| (thing.0, (*number, place))).collect();
        let nicknames = Labels::new(names.iter().map(|(_, _, nickname)| nickname));
        let whole = Selection::new(scope, None, spec.thing)?.run(spec.run);
        let found = loop {
            // After the rows were chosen: all of them are among these.
            let view = self.view(&whole, false).await;
            let plan = plan::begins(whole.scan(&view.snapshot, false)?)?;
            let found = self.machine.collect(&view.snapshot, plan.into(), Mode::Parallel).await;
            if !self.again(&view, &whole, found.as_ref().err()).await {
                break found?;
            }
        };
        let mut begins = HashMap::new();
        for batch in &found {
            let things = column::<UInt64Type>(batch, "thing")?.values();
            let runs = column::<UInt32Type>(batch, "run")?.values();
            let first = column::<TimestampMicrosecondType>(batch, "first")?.values();
            begins.extend(things.iter().zip(runs).zip(first).map(|((thing, run), first)| ((*thing, *run), *first)));
        }
        Ok(Named { things, nicknames, begins })
    }
}

impl Named {
    /// The columns of [`fields`] for rows of [`crate::plan::rows`].
    pub(crate) fn columns(&self, batch: &RecordBatch) -> Result<[ArrayRef; 3]> {
        let things = column::<UInt64Type>(batch, "thing")?.values();
        let runs = column::<UInt32Type>(batch, "run")?.values();
        let times = column::<TimestampMicrosecondType>(batch, "time")?.values();
        let known = || things.iter().map(|thing| self.things.get(thing));
        // A Run's rows stand together, so most are like their neighbour.
        let mut last = None;
        let seconds = things.iter().zip(runs).zip(times).map(|((thing, run), time)| {
            let run = (*thing, *run);
            let begin = match last {
                Some((same, begin)) if same == run => begin,
                _ => self.begins.get(&run).copied(),
            };
            last = Some((run, begin));
            begin.map(|begin| (time - begin) as f64 / 1e6)
        });
        let seconds: Float64Array = seconds.collect();
        let numbers: UInt32Array = known().map(|known| known.map(|(number, _)| *number)).collect();
        Ok([Arc::new(numbers), self.nicknames.some(known().map(|known| known.map(|(_, place)| *place)))?, Arc::new(seconds)])
    }
}
