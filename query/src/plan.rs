//! What is asked for as logical plans: selections of rows and of roll-ups, exports.

use std::path::PathBuf;
use std::sync::Arc;

use datafusion::datasource::provider_as_source;
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::{max, min};
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, col, in_list, lit};
use datafusion::scalar::ScalarValue;
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_store::snapshot::{HotBatch, Segment, Snapshot};

use crate::error;
use crate::rollups::Rollups;
use crate::scope::Scope;
use crate::table::{ORDER, Table};

/// Which rows of a snapshot; holds only what its [`Scope`] may see.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    scope: Scope,
    /// All without.
    things: Option<Vec<ThingId>>,
    /// All without.
    properties: Option<Vec<ObservedProperty>>,
    run: Option<u32>,
    /// Half-open spans, ascending; a row lies in one of them.
    spans: Vec<(Micros, Micros)>,
    /// Raw rows only: nothing before a position in the order of Run and time, by Thing.
    since: Vec<(ThingId, Since)>,
}

/// A position in a Thing's rows, which are ordered by (Run, time): the first row that is wanted.
pub(crate) type Since = (u32, Micros);

impl Selection {
    /// Everything of a property (or of all) that `scope` shows; an error if it does not show `thing`.
    pub(crate) fn new(scope: &Scope, property: Option<ObservedProperty>, thing: Option<ThingId>) -> error::Result<Self> {
        let things = scope.narrow(thing)?.map(|thing| vec![thing]);
        let properties = property.map(|property| vec![property]);
        Ok(Self { scope: *scope, things, properties, run: None, spans: vec![(Micros::MIN, Micros::MAX)], since: vec![] })
    }

    /// Some properties of some Things of a lesson.
    pub(crate) fn some(lesson: LessonId, things: Vec<ThingId>, properties: Vec<ObservedProperty>) -> Self {
        let (things, properties) = (Some(things), Some(properties));
        Self { scope: Scope::lesson(lesson), things, properties, run: None, spans: vec![(Micros::MIN, Micros::MAX)], since: vec![] }
    }

    /// Only this Run.
    pub(crate) fn run(mut self, run: Option<u32>) -> Self {
        self.run = run;
        self
    }

    /// Only from `from` on and before `to`.
    pub(crate) fn between(self, from: Option<Micros>, to: Option<Micros>) -> Self {
        self.within(vec![(from.unwrap_or(Micros::MIN), to.unwrap_or(Micros::MAX))])
    }

    /// Only within one of these half-open spans.
    pub(crate) fn within(mut self, spans: Vec<(Micros, Micros)>) -> Self {
        self.spans = spans;
        self
    }

    /// Of these Things nothing before their positions; it may come all the same, for the earliest of them stands for all.
    pub(crate) fn since(mut self, since: Vec<(ThingId, Since)>) -> Self {
        self.since = since;
        self
    }

    /// For whom.
    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whose lesson.
    pub(crate) fn lesson(&self) -> LessonId {
        self.scope.lesson_id()
    }

    /// Whether there is a Thing whose rows are wanted.
    pub(crate) fn wants_any(&self) -> bool {
        self.things.as_ref().is_none_or(|things| !things.is_empty())
    }

    /// Whether rows of a Thing are wanted.
    pub(crate) fn wants_thing(&self, thing: ThingId) -> bool {
        self.scope.sees(thing) && self.things.as_ref().is_none_or(|things| things.contains(&thing))
    }

    pub(crate) fn wants_hot(&self, batch: &HotBatch) -> bool {
        batch.lesson == self.scope.lesson_id() && self.wants(batch.property, batch.time)
    }

    pub(crate) fn wants_segment(&self, segment: &Segment) -> bool {
        segment.lesson == self.scope.lesson_id()
            && self.wants(segment.property, segment.time)
            && segment.things.iter().any(|thing| self.wants_thing(*thing))
    }

    fn wants(&self, property: ObservedProperty, (first, last): (Micros, Micros)) -> bool {
        self.properties.as_ref().is_none_or(|wanted| wanted.contains(&property))
            && self.spans.iter().any(|&(from, to)| first < to && last >= from)
    }

    /// The selected rows; with `ordered` by [`ORDER`] at no cost but a merge.
    pub(crate) fn scan(&self, snapshot: &Arc<Snapshot>, ordered: bool) -> Result<LogicalPlanBuilder> {
        let table = Table::new(Arc::clone(snapshot), self.clone(), ordered);
        LogicalPlanBuilder::scan("observations", provider_as_source(Arc::new(table)), None)?.filter(self.filter())
    }

    /// The selected rows of roll-ups. Every span must begin and end with a window of theirs.
    pub(crate) fn scan_rollups(&self, files: Vec<(PathBuf, u64)>) -> Result<LogicalPlanBuilder> {
        let table = LogicalPlanBuilder::scan("rollups", provider_as_source(Arc::new(Rollups::new(files))), None)?;
        match conjunction(self.filters("window_start")) {
            Some(filter) => table.filter(filter),
            None => Ok(table),
        }
    }

    fn filter(&self) -> Expr {
        // The lesson is a constant of every file and hot batch: the test costs next to nothing and makes a row in the
        // wrong place invisible instead of somebody else's.
        let lesson = col("lesson").eq(lit(self.scope.lesson_id().0));
        self.filters("time").into_iter().chain(self.beginning()).fold(lesson, Expr::and)
    }

    /// From the positions on. One for all: a filter with an alternative for each Thing of a class costs more than it spares.
    fn beginning(&self) -> Option<Expr> {
        let (run, time) = self.since.iter().map(|(_, since)| *since).min()?;
        let limited = self.since.iter().map(|(thing, _)| lit(thing.0)).collect();
        let after = match time {
            Micros::MIN => col("run").gt_eq(lit(run)),
            time => col("run").gt(lit(run)).or(col("run").eq(lit(run)).and(col("time").gt_eq(instant(time)))),
        };
        Some(in_list(col("thing"), limited, true).or(after))
    }

    /// What a row must fulfil besides its lesson; `time` is the column of its time.
    fn filters(&self, time: &str) -> Vec<Expr> {
        let things = self.things.as_ref().map(|things| things.iter().map(|thing| lit(thing.0)).collect());
        let mut filters: Vec<_> = things.map(|things| in_list(col("thing"), things, false)).into_iter().collect();
        filters.extend(self.run.map(|run| col("run").eq(lit(run))));
        if self.spans == [(Micros::MIN, Micros::MAX)] {
            return filters;
        }
        let spans = self.spans.iter().map(|&(from, to)| {
            let bounds =
                [(from > Micros::MIN).then(|| col(time).gt_eq(instant(from))), (to < Micros::MAX).then(|| col(time).lt(instant(to)))];
            conjunction(bounds.into_iter().flatten()).unwrap_or_else(|| lit(true))
        });
        filters.push(spans.reduce(Expr::or).unwrap_or_else(|| lit(false)));
        filters
    }
}

fn instant(time: Micros) -> Expr {
    lit(ScalarValue::TimestampMicrosecond(Some(time), Some("UTC".into())))
}

/// The selected rows in the order (thing, property, run, time).
pub(crate) fn rows(scan: LogicalPlanBuilder, limit: Option<usize>, flags: bool) -> Result<LogicalPlan> {
    let columns = ["thing", "property", "run", "time", "received", "x", "y", "z"];
    let order = ORDER.map(|name| col(name).sort(true, false));
    let plan = scan.project(columns.into_iter().chain(flags.then_some("flags")).map(col))?.sort(order)?;
    match limit {
        Some(rows) => plan.limit(0, Some(rows))?.build(),
        None => plan.build(),
    }
}

/// Time and first component of the selected rows in the order of [`rows`].
pub(crate) fn columns(scan: LogicalPlanBuilder) -> Result<LogicalPlan> {
    scan.sort(ORDER.map(|name| col(name).sort(true, false)))?.project([col("time"), col("x")])?.build()
}

/// The newest or the oldest of the selected rows, at most `most`, by (time, thing, property): `thing, property, time, x`. Memory is
/// that of `most` rows, however many are selected.
pub(crate) fn page(scan: LogicalPlanBuilder, newest: bool, most: usize) -> Result<LogicalPlan> {
    let order = [col("time").sort(!newest, false), col("thing").sort(true, false), col("property").sort(true, false)];
    scan.project(["thing", "property", "time", "x"].map(col))?.sort(order)?.limit(0, Some(most))?.build()
}

/// The first phenomenon time of each Run of the selected rows: `thing, run, first`.
pub(crate) fn begins(scan: LogicalPlanBuilder) -> Result<LogicalPlan> {
    scan.aggregate([col("thing"), col("run")], [min(col("time")).alias("first")])?.build()
}

/// The first and the last phenomenon time of the selected rows: one row, nulls without rows.
pub(crate) fn extent(scan: LogicalPlanBuilder) -> Result<LogicalPlan> {
    let none: [Expr; 0] = [];
    scan.aggregate(none, [min(col("time")).alias("first"), max(col("time")).alias("last")])?.build()
}
