//! Questions as logical plans. Live windows, history and exports are built here and nowhere else.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::datasource::provider_as_source;
use datafusion::error::Result;
use datafusion::functions::expr_fn::sqrt;
use datafusion::functions_aggregate::expr_fn::{avg, count, max, min, stddev};
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast, col, in_list, lit};
use datafusion::scalar::ScalarValue;
use messwerk_lessons::Micros;
use messwerk_lessons::frame::Component;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_store::snapshot::{HotBatch, Segment, Snapshot};

use crate::error;
use crate::scope::Scope;
use crate::spec::Window;
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
}

impl Selection {
    /// Everything of a property (or of all) that `scope` shows; an error if it does not show `thing`.
    pub(crate) fn new(scope: &Scope, property: Option<ObservedProperty>, thing: Option<ThingId>) -> error::Result<Self> {
        let things = scope.narrow(thing)?.map(|thing| vec![thing]);
        let properties = property.map(|property| vec![property]);
        Ok(Self { scope: *scope, things, properties, run: None, spans: vec![(Micros::MIN, Micros::MAX)] })
    }

    /// Some properties of some Things of a lesson.
    pub(crate) fn some(lesson: LessonId, things: Vec<ThingId>, properties: Vec<ObservedProperty>) -> Self {
        let (things, properties) = (Some(things), Some(properties));
        Self { scope: Scope::lesson(lesson), things, properties, run: None, spans: vec![(Micros::MIN, Micros::MAX)] }
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

    fn filter(&self) -> Expr {
        // The lesson is a constant of every file and hot batch: the test costs next to nothing and makes a row in the
        // wrong place invisible instead of somebody else's.
        let mut filters = vec![col("lesson").eq(lit(self.scope.lesson_id().0))];
        let things = self.things.as_ref().map(|things| things.iter().map(|thing| lit(thing.0)).collect());
        filters.extend(things.map(|things| in_list(col("thing"), things, false)));
        filters.extend(self.run.map(|run| col("run").eq(lit(run))));
        let spans = self.spans.iter().map(|&(from, to)| {
            let bounds =
                [(from > Micros::MIN).then(|| col("time").gt_eq(instant(from))), (to < Micros::MAX).then(|| col("time").lt(instant(to)))];
            conjunction(bounds.into_iter().flatten()).unwrap_or_else(|| lit(true))
        });
        filters.push(spans.reduce(Expr::or).unwrap_or_else(|| lit(false)));
        conjunction(filters).unwrap_or_else(|| lit(true))
    }
}

fn instant(time: Micros) -> Expr {
    lit(ScalarValue::TimestampMicrosecond(Some(time), Some("UTC".into())))
}

/// The selected rows in the order (thing, property, run, time).
pub(crate) fn rows(scan: LogicalPlanBuilder, limit: Option<usize>) -> Result<LogicalPlan> {
    let columns = ["thing", "property", "run", "time", "received", "x", "y", "z"];
    let order = ORDER.map(|name| col(name).sort(true, false));
    let plan = scan.project(columns.map(col))?.sort(order)?;
    match limit {
        Some(rows) => plan.limit(0, Some(rows))?.build(),
        None => plan.build(),
    }
}

/// The first and the last phenomenon time of the selected rows: one row, nulls without rows.
pub(crate) fn extent(scan: LogicalPlanBuilder) -> Result<LogicalPlan> {
    let none: [Expr; 0] = [];
    scan.aggregate(none, [min(col("time")).alias("first"), max(col("time")).alias("last")])?.build()
}

/// What is computed per window besides count, mean, min and max of the components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measures {
    /// Nothing.
    Plain,
    /// The sample standard deviation.
    WithSd,
}

/// One row per Thing and window with readings, by (thing, window): `thing`, `window` (start, i64 µs), `count`, and for
/// each component c of the property `c_mean` (f64), `c_min`, `c_max` (f32; f64 for abs) and, if asked for, `c_sd` (f64,
/// null for one reading).
pub(crate) fn windows(
    scan: LogicalPlanBuilder,
    property: ObservedProperty,
    components: &[Component],
    window: Window,
    measures: Measures,
) -> Result<LogicalPlan> {
    let length = window.micros();
    // Integer division truncates towards zero; shifted by a multiple of the window every time from 1843 on is positive.
    let bias = (4_000_000_000_000_000 / length + 1) * length;
    let mut columns = vec![col("thing"), ((cast(col("time"), DataType::Int64) + lit(bias)) / lit(length)).alias("slot")];
    columns.extend(components.iter().map(|component| value(*component).alias(component.name(property))));
    let mut results = vec![count(lit(1_i64)).alias("count")];
    let mut output = vec![col("thing"), (col("slot") * lit(length) - lit(bias)).alias("window"), col("count")];
    for component in components {
        let name = component.name(property);
        let wide = || cast(col(name), DataType::Float64);
        results.extend([avg(wide()).alias(mean_of(name)), min(col(name)).alias(min_of(name)), max(col(name)).alias(max_of(name))]);
        output.extend([col(mean_of(name)), col(min_of(name)), col(max_of(name))]);
        if measures == Measures::WithSd {
            results.push(stddev(wide()).alias(sd_of(name)));
            output.push(col(sd_of(name)));
        }
    }
    let order = [col("thing").sort(true, false), col("window").sort(true, false)];
    scan.project(columns)?.aggregate([col("thing"), col("slot")], results)?.project(output)?.sort(order)?.build()
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

fn value(component: Component) -> Expr {
    let square = |name| cast(col(name), DataType::Float64) * cast(col(name), DataType::Float64);
    match component {
        Component::X => col("x"),
        Component::Y => col("y"),
        Component::Z => col("z"),
        Component::Abs => sqrt(square("x") + square("y") + square("z")),
    }
}
