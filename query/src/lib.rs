//! Questions about what is stored: windows, latest values, raw ranges, outcomes, live views and exports.
//!
//! ```text
//! Scope + spec -> logical plan (plan.rs) -> one snapshot as a table (hot rows + Parquet) -> DataFusion -> Answer -> bytes
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
mod hot;
mod labels;
mod live;
mod observations;
mod outcomes;
mod plan;
mod scope;
mod source;
mod spec;
mod table;
pub mod testing;

use std::sync::Arc;

use futures::stream::StreamExt;
use messwerk_lessons::Micros;
use messwerk_lessons::frame::Component;
use messwerk_lessons::id::LessonId;
use messwerk_store::snapshot::Snapshot;
use messwerk_store::{Latest, Store};

pub use answer::Answer;
pub use encode::{Dialect, Format};
pub use engine::EngineOptions;
pub use error::{Error, ErrorKind, Result};
pub use live::{LiveSpec, LiveView};
pub use outcomes::{LessonOutcomes, Pending, ThingOutcome};
pub use scope::Scope;
pub use source::Source;
pub use spec::{AggregateSpec, ObservationSpec, Window};

use columns::column;
use decimate::Decimator;
use engine::{Machine, Mode};
use labels::Things;
use plan::{Measures, Selection};

/// Answers questions. Cheap to share behind an `Arc`; dropping it stops everything that is still running.
pub struct Engine {
    source: Arc<dyn Source>,
    machine: Arc<Machine>,
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
        Ok(Self { source, machine: Arc::new(Machine::new(options)?), views: live::Views::default(), outcomes: outcomes::Cache::default() })
    }

    /// Raw readings: `lesson, run, thing, property, phenomenon_time, received_time, x, y, z, unit`, by (thing, property,
    /// run, phenomenon time), complete unless `limit` or `width` say otherwise. A scalar stands in x.
    ///
    /// Memory is bounded however long the answer is: segments are sorted, hot rows cost 8 bytes each, the rest is a merge.
    pub async fn observations(&self, scope: &Scope, spec: &ObservationSpec) -> Result<Answer> {
        spec.check()?;
        let selection = Selection::new(scope, spec.property, spec.thing)?.run(spec.run).between(spec.from, spec.to);
        let place = self.machine.place().await?;
        let snapshot = Arc::new(self.source.snapshot(scope.lesson_id()));
        let schema = observations::schema(spec.property);
        let present = observations::Presenter::new(Arc::clone(&schema), scope.lesson_id(), Things::of(&snapshot, &selection)?);
        // With `width` the limit is one of rows kept, so that it cannot cut peaks off before they are found.
        let limit = if spec.width.is_some() { None } else { spec.limit };
        let plan = plan::rows(selection.scan(&snapshot, true)?, limit)?;
        let mut rows = self.machine.run(Arc::clone(&snapshot), plan, Mode::Serial, Some(place)).await?;
        if let Some(width) = spec.width {
            let (first, end) = self.extent(&snapshot, &selection, spec).await?;
            let mut decimator = Some(Decimator::new(Arc::clone(&rows.schema), first, end, width));
            let batches = rows.batches.map(Some).chain(futures::stream::iter([None]));
            let kept = batches.map(move |batch| match (batch, &mut decimator) {
                (Some(batch), Some(decimator)) => decimator.push(&batch?),
                (_, rest) => rest.take().map(|mut decimator| Ok(decimator.finish())).unwrap_or(Err(Error::Busy)),
            });
            let mut left = spec.limit.unwrap_or(usize::MAX);
            rows.batches = kept
                .map(move |batch| {
                    let batch = batch?;
                    let take = batch.num_rows().min(left);
                    left -= take;
                    Ok(batch.slice(0, take))
                })
                .boxed();
        }
        Ok(Answer::new(rows, schema, move |batch| present.present(&batch)))
    }

    /// First time and end of a chart: as asked for, else as long as there are readings.
    async fn extent(&self, snapshot: &Arc<Snapshot>, selection: &Selection, spec: &ObservationSpec) -> Result<(Micros, Micros)> {
        if let (Some(from), Some(to)) = (spec.from, spec.to) {
            return Ok((from, to));
        }
        let plan = plan::extent(selection.scan(snapshot, false)?)?;
        let found = self.machine.collect(snapshot, plan, Mode::Parallel).await?;
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
    pub async fn aggregates(&self, scope: &Scope, spec: &AggregateSpec) -> Result<Answer> {
        spec::check_span(spec.from, spec.to)?;
        let (from, to) = (spec.from.map(|from| spec.window.start(from)), spec.to.map(|to| spec.window.end(to)));
        let selection = Selection::new(scope, Some(spec.property), spec.thing)?.between(from, to);
        let place = self.machine.place().await?;
        let snapshot = Arc::new(self.source.snapshot(scope.lesson_id()));
        let schema = aggregates::schema(spec.property);
        let present = aggregates::Presenter::new(Arc::clone(&schema), spec.property, Things::of(&snapshot, &selection)?);
        let scan = selection.scan(&snapshot, false)?;
        let plan = plan::windows(scan, spec.property, Component::of(spec.property), spec.window, Measures::WithSd)?;
        let rows = self.machine.run(snapshot, plan, Mode::Parallel, Some(place)).await?;
        Ok(Answer::new(rows, schema, move |batch| present.present(&batch)))
    }

    /// What each visible Thing found by the template's analysis, and the class. Computed again only for Things whose
    /// readings or inputs changed; serializes to the body of `/outcomes`.
    pub async fn outcomes(&self, scope: &Scope) -> Result<LessonOutcomes> {
        outcomes::outcomes(&self.outcomes, &self.source, &self.machine, scope).await
    }

    /// Forgets what was computed of a lesson: after an erasure, so that nothing of it stays in memory.
    pub fn forget(&self, lesson: LessonId) {
        self.outcomes.forget(lesson);
    }

    /// Joins the live view of (lesson, property, window), or begins it. Its first version follows at once.
    pub fn live(&self, scope: &Scope, spec: LiveSpec) -> LiveView {
        live::watch(scope, spec, &self.views, &self.source, &self.machine)
    }

    /// The latest reading of each visible Thing and property, from memory.
    pub fn latest(&self, scope: &Scope) -> Vec<Latest> {
        let mut latest = self.source.latest(scope.lesson_id());
        latest.retain(|latest| scope.sees(latest.thing));
        latest
    }
}

#[cfg(test)]
mod tests;
