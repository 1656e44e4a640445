//! Windowed statistics. Live windows and history are planned here and nowhere else.
//!
//! ```text
//! raw rows (hot, and what has no roll-up) -> partial aggregate ─┐
//! roll-ups of segments: rows that are partial aggregates        ├─> final aggregate -> sort by (thing, window)
//! already, renamed to DataFusion's states ──────────────────────┘
//! ```
//!
//! A roll-up's row is what DataFusion's own accumulators would have handed on for the same readings, so theirs is the
//! only merging there is: counts and sums add up, bounds are bounds of bounds, squared deviations merge by Chan's
//! formula. Where nothing is to be merged (windows of a second, one file, no Thing's Runs overlap: a lesson that has
//! ended) the rows are read as they stand. Count, min and max are the same numbers whichever way; the mean is to 1e-12;
//! the deviation to 3e-7 of itself, because a roll-up stores its squares as f32.
//!
//! The scans are planned by DataFusion, the aggregate is put together by hand: there is no logical plan for "states, some
//! of which exist already".

use std::path::PathBuf;
use std::sync::Arc;

use arrow::compute::SortOptions;
use arrow::datatypes::{DataType, Schema, SchemaRef};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::context::SessionState;
use datafusion::functions::expr_fn::sqrt;
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_aggregate::min_max::{max_udaf, min_udaf};
use datafusion::functions_aggregate::stddev::stddev_udaf;
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::logical_expr::{AggregateUDF, Expr, LogicalPlan, Operator, cast, col, lit, when};
use datafusion::physical_expr::aggregate::{AggregateExprBuilder, AggregateFunctionExpr};
use datafusion::physical_expr::expressions::{BinaryExpr, CastExpr, Column};
use datafusion::physical_expr::{LexOrdering, Partitioning, PhysicalExpr, PhysicalSortExpr};
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode, PhysicalGroupBy};
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::physical_plan::union::UnionExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};
use messwerk_lessons::frame::Component;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_store::snapshot::Snapshot;

use crate::files::View;
use crate::plan::Selection;
use crate::spec::Window;

/// What is computed per window besides count, mean, min and max of the components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measures {
    /// Nothing.
    Plain,
    /// The sample standard deviation.
    WithSd,
}

/// One row per Thing and window with readings, by (thing, window): `thing`, `window` (start, i64 µs), `count`, and for
/// each component c of the property the f64 columns `c_mean`, `c_min`, `c_max` and, if asked for, `c_sd` (null for one
/// reading).
#[derive(Debug, Clone)]
pub(crate) struct Windowed {
    property: ObservedProperty,
    window: Window,
    measures: Measures,
    selection: Selection,
    raw: LogicalPlan,
    /// Whether there can be rows in `raw`.
    any_raw: bool,
    rollups: Vec<(PathBuf, u64)>,
    /// Whether the roll-ups' rows are the windows that are asked for, in their order.
    ready: bool,
    limit: Option<usize>,
}

/// What a row is grouped by.
const KEYS: [&str; 2] = ["thing", "window"];

impl Windowed {
    /// Over a view that was made for `selection`, whose spans must be whole windows.
    pub(crate) fn new(view: &View, selection: &Selection, property: ObservedProperty, window: Window, measures: Measures) -> Result<Self> {
        let Snapshot { lsn, hot, segments } = &*view.snapshot;
        let wanted = || segments.iter().filter(|segment| selection.wants_segment(segment));
        let rolled = |path: &PathBuf| if window.is_rolled_up() { view.rollups.get(path) } else { None };
        let rollups: Vec<_> = wanted().filter_map(|segment| rolled(&segment.path)).cloned().collect();
        let in_order = rollups.len() == 1 && wanted().all(|segment| segment.rollup_in_order);
        let segments: Vec<_> = wanted().filter(|segment| rolled(&segment.path).is_none()).cloned().collect();
        let any_raw = !segments.is_empty() || hot.iter().any(|batch| selection.wants_hot(batch));
        let hot = hot.iter().filter(|batch| selection.wants_hot(batch)).cloned().collect();
        let raw = selection.scan(&Arc::new(Snapshot { lsn: *lsn, hot, segments }), false)?;
        let mut columns = vec![col(KEYS[0]), start("time", window).alias(KEYS[1])];
        columns.extend(Component::of(property).iter().map(|component| value(*component).alias(component.name(property))));
        let raw = raw.project(columns)?.build()?;
        let ready = in_order && !any_raw && window == Window::SECOND;
        Ok(Self { property, window, measures, selection: selection.clone(), raw, any_raw, rollups, ready, limit: None })
    }

    /// Only the first rows.
    pub(crate) fn limit(mut self, rows: Option<usize>) -> Self {
        self.limit = rows;
        self
    }

    /// Whether raw rows are read: several threads are worth their while.
    pub(crate) fn any_raw(&self) -> bool {
        self.any_raw
    }

    pub(crate) async fn physical(&self, state: &SessionState) -> Result<Arc<dyn ExecutionPlan>> {
        // Several threads would read parts of the file and lose its order.
        if self.ready && state.config().target_partitions() == 1 {
            return state.create_physical_plan(&self.as_they_stand()?).await;
        }
        let raw: Arc<dyn ExecutionPlan> = if self.any_raw {
            state.create_physical_plan(&self.raw).await?
        } else {
            Arc::new(EmptyExec::new(Arc::clone(self.raw.schema().inner())))
        };
        let columns = raw.schema();
        let keys = KEYS.iter().map(|name| Ok((column(&columns, name)?, (*name).to_owned()))).collect::<Result<_>>()?;
        let keys = PhysicalGroupBy::new_single(keys);
        let figures = self.figures(&columns)?;
        let aggregate =
            |mode, keys, input| AggregateExec::try_new(mode, keys, figures.clone(), vec![None; figures.len()], input, Arc::clone(&columns));
        let partial = Arc::new(aggregate(AggregateMode::Partial, keys.clone(), raw)?);
        let states = partial.schema();
        let mut parts: Vec<Arc<dyn ExecutionPlan>> = vec![];
        if self.any_raw || self.rollups.is_empty() {
            parts.push(partial);
        }
        if !self.rollups.is_empty() {
            parts.push(state.create_physical_plan(&self.rolled_up(&states)?).await?);
        }
        let parts = UnionExec::try_new(parts)?;
        let threads = state.config().target_partitions();
        let (mode, parts): (_, Arc<dyn ExecutionPlan>) = match parts.output_partitioning().partition_count() {
            1 => (AggregateMode::Final, parts),
            _ if threads == 1 => (AggregateMode::Final, Arc::new(CoalescePartitionsExec::new(parts))),
            _ => {
                let by = (0..KEYS.len()).map(|key| at(&states, key)).collect();
                (AggregateMode::FinalPartitioned, Arc::new(RepartitionExec::try_new(parts, Partitioning::Hash(by, threads))?))
            }
        };
        let totals = Arc::new(aggregate(mode, keys.as_final(), parts)?);
        self.sorted(self.presented(totals)?)
    }

    /// The aggregates over raw rows: a count, then those of each component.
    fn figures(&self, columns: &SchemaRef) -> Result<Vec<Arc<AggregateFunctionExpr>>> {
        let figure = |function: Arc<AggregateUDF>, of: &str, name: String| {
            let builder = AggregateExprBuilder::new(function, vec![column(columns, of)?]);
            builder.schema(Arc::clone(columns)).alias(name).build().map(Arc::new)
        };
        let mut figures = vec![figure(count_udaf(), KEYS[0], "count".to_owned())?];
        for name in self.components() {
            figures.push(figure(sum_udaf(), name, mean_of(name))?);
            figures.push(figure(min_udaf(), name, min_of(name))?);
            figures.push(figure(max_udaf(), name, max_of(name))?);
            if self.measures == Measures::WithSd {
                figures.push(figure(stddev_udaf(), name, sd_of(name))?);
            }
        }
        Ok(figures)
    }

    /// Roll-ups as the states of these aggregates, in the columns of `states`.
    fn rolled_up(&self, states: &Schema) -> Result<LogicalPlan> {
        let count = |kind: &DataType| cast(col("count"), kind.clone());
        let mut columns = vec![col(KEYS[0]), start("window_start", self.window), count(&DataType::Int64)];
        for &component in Component::of(self.property) {
            columns.extend(["sum", "min", "max"].map(|figure| number(component, figure)));
            if self.measures == Measures::WithSd {
                let mean = number(component, "sum") / count(&DataType::Float64);
                columns.extend([count(&DataType::UInt64), mean, number(component, "m2")]);
            }
        }
        let columns: Vec<_> = columns.into_iter().zip(states.fields()).map(|(column, field)| column.alias(field.name())).collect();
        if columns.len() != states.fields().len() {
            return Err(DataFusionError::Internal("a roll-up has other columns than the aggregates have states".to_owned()));
        }
        self.selection.scan_rollups(self.rollups.clone())?.project(columns)?.build()
    }

    /// Roll-ups whose rows are windows already, as the columns promised.
    fn as_they_stand(&self) -> Result<LogicalPlan> {
        let count = || cast(col("count"), DataType::Int64);
        let mut columns = vec![col(KEYS[0]), cast(col("window_start"), DataType::Int64).alias(KEYS[1]), count().alias("count")];
        for &component in Component::of(self.property) {
            let name = component.name(self.property);
            columns.push((number(component, "sum") / cast(count(), DataType::Float64)).alias(mean_of(name)));
            columns.push(number(component, "min").alias(min_of(name)));
            columns.push(number(component, "max").alias(max_of(name)));
            if self.measures == Measures::WithSd {
                let variance = number(component, "m2") / cast(count() - lit(1_i64), DataType::Float64);
                columns.push(when(count().gt(lit(1_i64)), sqrt(variance)).end()?.alias(sd_of(name)));
            }
        }
        self.selection.scan_rollups(self.rollups.clone())?.project(columns)?.limit(0, self.limit)?.build()
    }

    /// Totals as the columns promised: means in place of sums.
    fn presented(&self, totals: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = totals.schema();
        let means: Vec<_> = self.components().map(mean_of).collect();
        let columns = schema.fields().iter().enumerate().map(|(index, field)| {
            let column = at(&schema, index);
            let column: Arc<dyn PhysicalExpr> = if means.contains(field.name()) {
                let count = Arc::new(CastExpr::new(self::column(&schema, "count")?, DataType::Float64, None));
                Arc::new(BinaryExpr::new(column, Operator::Divide, count))
            } else {
                column
            };
            Ok((column, field.name().clone()))
        });
        Ok(Arc::new(ProjectionExec::try_new(columns.collect::<Result<Vec<_>>>()?, totals)?))
    }

    fn sorted(&self, rows: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = rows.schema();
        let ascending = SortOptions { descending: false, nulls_first: false };
        let order = LexOrdering::new((0..KEYS.len()).map(|key| PhysicalSortExpr::new(at(&schema, key), ascending)));
        let order = order.ok_or_else(|| DataFusionError::Internal("windows have keys".to_owned()))?;
        let sort = SortExec::new(order.clone(), rows).with_preserve_partitioning(true).with_fetch(self.limit);
        Ok(Arc::new(SortPreservingMergeExec::new(order, Arc::new(sort)).with_fetch(self.limit)))
    }

    fn components(&self) -> impl Iterator<Item = &'static str> {
        Component::of(self.property).iter().map(|component| component.name(self.property))
    }
}

/// A figure of a component in a roll-up.
fn number(component: Component, figure: &str) -> Expr {
    let letter = component.name(ObservedProperty::Acceleration);
    cast(col(format!("{letter}_{figure}")), DataType::Float64)
}

/// The column of a component's mean.
pub(crate) fn mean_of(name: &str) -> String {
    format!("{name}_mean")
}

/// The column of a component's smallest value.
pub(crate) fn min_of(name: &str) -> String {
    format!("{name}_min")
}

/// The column of a component's largest value.
pub(crate) fn max_of(name: &str) -> String {
    format!("{name}_max")
}

/// The column of a component's sample standard deviation.
pub(crate) fn sd_of(name: &str) -> String {
    format!("{name}_sd")
}

/// The beginning of the window in which a time lies.
fn start(time: &str, window: Window) -> Expr {
    let length = window.micros();
    let time = || cast(col(time), DataType::Int64);
    // The remainder has the sign of what is divided; before 1970, too, a window begins before what lies in it.
    time() - (time() % lit(length) + lit(length)) % lit(length)
}

fn value(component: Component) -> Expr {
    let wide = |name| cast(col(name), DataType::Float64);
    match component {
        Component::X => wide("x"),
        Component::Y => wide("y"),
        Component::Z => wide("z"),
        Component::Abs => sqrt(wide("x") * wide("x") + wide("y") * wide("y") + wide("z") * wide("z")),
    }
}

fn column(schema: &Schema, name: &str) -> Result<Arc<dyn PhysicalExpr>> {
    Ok(Arc::new(Column::new_with_schema(name, schema)?))
}

fn at(schema: &Schema, index: usize) -> Arc<dyn PhysicalExpr> {
    Arc::new(Column::new(schema.field(index).name(), index))
}
