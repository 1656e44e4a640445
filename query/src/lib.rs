//! Questions about what is stored: windows, latest values, raw ranges, outcomes, live views and exports.
//!
//! ```text
//! Scope + spec -> plan (plan.rs, windowed.rs) -> one snapshot as tables (hot rows + Parquet) -> DataFusion -> Answer -> bytes
//!                       ^ live views use the same plan builder, so a live window is a historical window
//! ```
//!
//! Absences: no question without a [`Scope`]; no row that is not in the one [`Snapshot`](messwerk_store::Snapshot) the
//! question began with; no interpolation: a window without readings does not exist. Nobody else knows DataFusion, and it
//! runs on threads, memory and time of its own ([`EngineOptions`]), so no question can hold up ingest.

mod aggregates;
mod answer;
mod columns;
mod decimate;
mod encode;
mod engine;
mod error;
mod files;
mod fold;
mod hot;
mod labels;
mod live;
mod named;
mod observations;
mod outcomes;
mod page;
mod parquet_scan;
mod plan;
mod reader;
mod rollups;
mod scope;
mod source;
mod spec;
mod table;
pub mod testing;
mod windowed;

use std::sync::Arc;

use futures::stream::StreamExt;
use messwerk_lessons::Micros;
use messwerk_lessons::frame::Component;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::template::RunData;
use messwerk_store::snapshot::Segment;
use messwerk_store::{Latest, Store};

pub use answer::Answer;
pub use encode::{Appended, Cell, Cells, Dialect, Format, Workbook, parquet};
pub use engine::EngineOptions;
pub use error::{Error, ErrorKind, Result};
pub use files::Missing;
pub use fold::ColumnSpec;
pub use live::{LiveSpec, LiveView};
pub use outcomes::{ClassNumber, Hinted, LessonOutcomes, Pending, Step, ThingOutcome};
pub use page::{PageSpec, Reading};
pub use scope::Scope;
pub use source::Source;
pub use spec::{AggregateSpec, ObservationSpec, Window};

use columns::column;
use decimate::Decimator;
use engine::{Machine, Mode, Rows};
use files::{Files, View};
use labels::Things;
use plan::Selection;
use reader::Reader;
use windowed::{Measures, Windowed};

/// Answers questions. Cheap to share behind an `Arc`; dropping it stops everything that is still running.
pub struct Engine {
    reader: Reader,
    views: live::Views,
    outcomes: outcomes::Cache,
}

impl Engine {
    /// Over the hub's store. Starts the query threads; fails if the machine gives none.
    pub fn new(store: Arc<Store>, options: EngineOptions) -> Result<Self> {
        Self::over(store, options)
    }

    /// Over anything that can be read like the store.
    pub fn over(source: Arc<dyn Source>, options: EngineOptions) -> Result<Self> {
        let reader = Reader { source, files: Arc::new(Files::default()), machine: Arc::new(Machine::new(options)?) };
        Ok(Self { reader, views: live::Views::default(), outcomes: outcomes::Cache::default() })
    }

    /// Raw readings: `lesson, run, thing, property, phenomenon_time, received_time, x, y, z, unit`, by (thing, property,
    /// run, phenomenon time), complete unless `limit` or `width` say otherwise or [`Answer::missing`] names files that
    /// cannot be read. A scalar stands in x. With `named` there are `number, nickname, t_s` behind the unit: the Thing's, empty if
    /// it is gone, and the seconds since the first reading of the whole Run, whatever was selected of it. With `flags` a last
    /// column says what is remarkable about each reading.
    ///
    /// Memory is bounded however long the answer is: segments are sorted, hot rows cost 8 bytes each, the rest is a merge.
    /// A file that turns out bad when part of the answer is out ends it with [`Error::Unreadable`].
    pub async fn observations(&self, scope: &Scope, spec: &ObservationSpec) -> Result<Answer> {
        spec.check()?;
        let selection = Selection::new(scope, spec.property, spec.thing)?.run(spec.run).between(spec.from, spec.to);
        loop {
            let view = self.reader.view(&selection, false).await;
            let rows = self.rows(&view, &selection, spec).await;
            if self.reader.again(&view, &selection, rows.as_ref().err()).await {
                continue;
            }
            let schema = observations::schema(spec.property, spec.named, spec.flags);
            let things = Things::of(&view.snapshot, &selection)?;
            let rows = self.watched(rows?, &view, &selection);
            let named = if spec.named { Some(self.reader.named(scope, spec).await?) } else { None };
            let present = observations::Presenter::new(Arc::clone(&schema), scope.lesson_id(), things, named);
            return Ok(Answer::new(rows, view.missing, schema, spec.limit, move |batch| present.present(&batch)));
        }
    }

    /// The rows of [`Engine::observations`] before they are presented; the limit is not yet kept where there is a width.
    async fn rows(&self, view: &View, selection: &Selection, spec: &ObservationSpec) -> Result<Rows> {
        let machine = &self.reader.machine;
        let place = machine.place(selection.scope()).await?;
        // With `width` the limit is one of rows kept, so that it cannot cut peaks off before they are found.
        let limit = if spec.width.is_some() { None } else { spec.limit };
        let plan = plan::rows(selection.scan(&view.snapshot, true)?, limit, spec.flags)?;
        let mut rows = machine.run(Arc::clone(&view.snapshot), plan.into(), Mode::Serial, Some(place)).await?;
        if let Some(width) = spec.width {
            let (first, end) = self.extent(view, selection, spec).await?;
            let mut decimator = Some(Decimator::new(Arc::clone(&rows.schema), first, end, width));
            let batches = rows.batches.map(Some).chain(futures::stream::iter([None]));
            let kept = batches.map(move |batch| match (batch, &mut decimator) {
                (Some(batch), Some(decimator)) => decimator.push(&batch?),
                (_, rest) => rest.take().map(|mut decimator| Ok(decimator.finish())).unwrap_or(Err(Error::Busy)),
            });
            rows.batches = kept.boxed();
        }
        Ok(rows)
    }

    /// Rows that, if they fail on their way because of a file, say so, and leave the file out of the next answer.
    fn watched(&self, mut rows: Rows, view: &View, selection: &Selection) -> Rows {
        let question = Arc::new((self.reader.clone(), view.clone(), selection.clone()));
        let watched = rows.batches.then(move |batch| {
            let question = Arc::clone(&question);
            async move {
                let (reader, view, selection) = &*question;
                if !reader.again(view, selection, batch.as_ref().err()).await {
                    return batch;
                }
                let now = reader.view(selection, false).await.snapshot;
                let gone = |segment: &&Arc<Segment>| !now.segments.iter().any(|left| left.path == segment.path);
                let file = view.snapshot.segments.iter().find(gone).map(|segment| segment.path.display().to_string());
                file.map_or(batch, |file| Err(Error::Unreadable(file)))
            }
        });
        rows.batches = watched.boxed();
        rows
    }

    /// First time and end of a chart: as asked for, else as long as there are readings.
    async fn extent(&self, view: &View, selection: &Selection, spec: &ObservationSpec) -> Result<(Micros, Micros)> {
        if let (Some(from), Some(to)) = (spec.from, spec.to) {
            return Ok((from, to));
        }
        let plan = plan::extent(selection.scan(&view.snapshot, false)?)?;
        let found = self.reader.machine.collect(&view.snapshot, plan.into(), Mode::Parallel).await?;
        let (mut first, mut end) = (0, 1);
        if let Some(batch) = found.first().filter(|batch| batch.num_rows() > 0) {
            first = column::<arrow::datatypes::TimestampMicrosecondType>(batch, "first")?.value(0);
            end = column::<arrow::datatypes::TimestampMicrosecondType>(batch, "last")?.value(0).saturating_add(1);
        }
        Ok((spec.from.unwrap_or(first), spec.to.unwrap_or(end)))
    }

    /// Windowed statistics: `thing, property, component, window_start, count, mean, min, max, sd, unit`, by (thing,
    /// window, component). Windows without readings are not there. `from` and `to` are widened to whole windows. `sd` is
    /// the sample standard deviation, null for one reading; everything is computed in f64.
    ///
    /// Windows of whole seconds are made from the roll-ups of sealed readings, with the same numbers: count, min and max
    /// exactly, mean to 1e-12 and sd to 3e-7 of itself (null where squares do not fit into a roll-up, above 1e19).
    pub async fn aggregates(&self, scope: &Scope, spec: &AggregateSpec) -> Result<Answer> {
        spec::check_span(spec.from, spec.to)?;
        let (from, to) = (spec.from.map(|from| spec.window.start(from)), spec.to.map(|to| spec.window.end(to)));
        let selection = Selection::new(scope, Some(spec.property), spec.thing)?.run(spec.run).between(from, to);
        loop {
            let view = self.reader.view(&selection, spec.window.is_rolled_up()).await;
            let rows = self.windows(&view, &selection, spec).await;
            if self.reader.again(&view, &selection, rows.as_ref().err()).await {
                continue;
            }
            let schema = aggregates::schema(spec.property);
            let things = Things::of(&view.snapshot, &selection)?;
            let present = aggregates::Presenter::new(Arc::clone(&schema), spec.property, things);
            return Ok(Answer::new(rows?, view.missing, schema, spec.limit, move |batch| present.present(&batch)));
        }
    }

    async fn windows(&self, view: &View, selection: &Selection, spec: &AggregateSpec) -> Result<Rows> {
        let machine = &self.reader.machine;
        let place = machine.place(selection.scope()).await?;
        let components = Component::of(spec.property).len();
        let plan = Windowed::new(view, selection, spec.property, spec.window, Measures::WithSd)?;
        // Whole windows, and at least one, for a sort of none panics; the answer cuts what is left to cut.
        let plan = plan.limit(spec.limit.map(|rows| rows.div_ceil(components).max(1)));
        // A roll-up is read in less time than it takes to hand work to another thread and back.
        let mode = if plan.any_raw() { Mode::Parallel } else { Mode::Serial };
        machine.run(Arc::clone(&view.snapshot), plan.into(), mode, Some(place)).await
    }

    /// Roll-ups that could not be read when a question needed them and that are still wanted, in sentences for an
    /// administrator. Of segments, which hold the readings themselves, [`Store::problems`] tells at any time.
    pub fn problems(&self) -> Vec<String> {
        self.reader.files.problems(&*self.reader.source)
    }

    /// What each visible Thing found by the template's analysis, and the class. Computed again only for Things whose
    /// readings or inputs changed; serializes to the body of `/outcomes`.
    pub async fn outcomes(&self, scope: &Scope) -> Result<LessonOutcomes> {
        outcomes::outcomes(&self.outcomes, &self.reader, scope).await
    }

    /// What the analysis of a result has read: the readings of its recording before `until`, and what was entered. For figures of a
    /// group; nothing of a Thing that the scope does not see.
    pub async fn recording(&self, scope: &Scope, outcome: &ThingOutcome, until: Option<Micros>) -> Result<RunData> {
        outcomes::recording(&self.reader, scope, outcome, until).await
    }

    /// Forgets what was computed of a lesson: after an erasure, so that nothing of it stays in memory.
    pub fn forget(&self, lesson: LessonId) {
        self.outcomes.forget(lesson);
    }

    /// Joins the live view of (lesson, property, window), or begins it. Its first version follows at once.
    pub fn live(&self, scope: &Scope, spec: LiveSpec) -> LiveView {
        live::watch(scope, spec, &self.views, &self.reader)
    }

    /// The latest reading of each visible Thing and property, from memory.
    pub fn latest(&self, scope: &Scope) -> Vec<Latest> {
        let mut latest = self.reader.source.latest(scope.lesson_id());
        latest.retain(|latest| scope.sees(latest.thing));
        latest
    }
}

#[cfg(test)]
mod tests;
