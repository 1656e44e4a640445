//! One snapshot as a DataFusion table.

use std::fmt;
use std::sync::Arc;

use arrow::compute::SortOptions;
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::TableType;
use datafusion::datasource::memory::{DataSourceExec, MemorySourceConfig};
use datafusion::datasource::physical_plan::FileGroup;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::{LexOrdering, PhysicalSortExpr};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::streaming::StreamingTableExec;
use datafusion::physical_plan::union::UnionExec;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_store::schema;
use messwerk_store::snapshot::{Segment, Snapshot};

use crate::hot::SortedHot;
use crate::parquet_scan;
use crate::plan::Selection;

/// The order of every segment and of sorted hot rows. Within one file or hot part the property is constant.
pub(crate) const ORDER: [&str; 4] = ["thing", "property", "run", "time"];

/// What a [`Selection`] needs of a [`Snapshot`]: the hot rows and the files that can hold selected rows.
///
/// Filters are applied inexactly here (files, row groups and pages by their statistics); the plan filters again, and
/// only [`Selection::scan`] makes this table, so there is no plan without the filter.
pub(crate) struct Table {
    snapshot: Arc<Snapshot>,
    selection: Selection,
    ordered: bool,
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("lsn", &self.snapshot.lsn).field("selection", &self.selection).finish_non_exhaustive()
    }
}

impl Table {
    /// With `ordered`, every part comes in [`ORDER`] and says so, so that a sort on top becomes a merge.
    pub(crate) fn new(snapshot: Arc<Snapshot>, selection: Selection, ordered: bool) -> Self {
        Self { snapshot, selection, ordered }
    }

    fn segments(&self) -> impl Iterator<Item = &Arc<Segment>> {
        self.snapshot.segments.iter().filter(|segment| self.selection.wants_segment(segment))
    }

    fn hot(&self, state: &dyn Session, projection: Option<&Vec<usize>>) -> Result<Vec<Arc<dyn ExecutionPlan>>> {
        let wanted = || self.snapshot.hot.iter().filter(|batch| self.selection.wants_hot(batch));
        let schema = schema::observations();
        if self.ordered {
            let mut parts: Vec<Arc<dyn ExecutionPlan>> = vec![];
            for property in ObservedProperty::all() {
                let batches: Vec<_> = wanted().filter(|batch| batch.property == property).map(|batch| batch.rows.clone()).collect();
                let part = SortedHot::new(batches, |thing| self.selection.wants_thing(thing))?;
                if part.is_empty() {
                    continue;
                }
                let shown: SchemaRef = projected(projection)?;
                let ordering = ordering(&shown);
                let stream = vec![Arc::new(part) as _];
                parts.push(Arc::new(StreamingTableExec::try_new(Arc::clone(&schema), stream, projection, ordering, false, None)?));
            }
            return Ok(parts);
        }
        let batches: Vec<_> = wanted().map(|batch| batch.rows.clone()).collect();
        if batches.is_empty() {
            return Ok(vec![]);
        }
        let parts = state.config().target_partitions().clamp(1, batches.len());
        let parts: Vec<Vec<_>> = batches.chunks(batches.len().div_ceil(parts)).map(<[_]>::to_vec).collect();
        Ok(vec![MemorySourceConfig::try_new_exec(&parts, schema, projection.cloned())?])
    }

    fn sealed(&self, state: &dyn Session, projection: Option<&Vec<usize>>, filters: &[Expr]) -> Result<Vec<Arc<dyn ExecutionPlan>>> {
        let files: Vec<_> = self.segments().map(|segment| parquet_scan::file(&segment.path, segment.bytes)).collect::<Result<_>>()?;
        if files.is_empty() {
            return Ok(vec![]);
        }
        let schema = schema::observations();
        let mut config = parquet_scan::scan(state, &schema, filters)?;
        if self.ordered {
            // One stream per file, so that each keeps its order.
            config = config
                .with_file_groups(files.into_iter().map(|file| FileGroup::new(vec![file])).collect())
                .with_output_ordering(ordering(&schema).into_iter().collect())
                .with_preserve_order(true);
        } else {
            config = config.with_file_groups(FileGroup::new(files).split_files(state.config().target_partitions()));
        }
        Ok(vec![DataSourceExec::from_data_source(config.with_projection_indices(projection.cloned())?.build())])
    }
}

#[async_trait]
impl TableProvider for Table {
    fn schema(&self) -> SchemaRef {
        schema::observations()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let mut parts = self.hot(state, projection)?;
        parts.extend(self.sealed(state, projection, filters)?);
        match parts.len() {
            0 => Ok(Arc::new(EmptyExec::new(projected(projection)?))),
            1 => Ok(parts.remove(0)),
            _ => UnionExec::try_new(parts),
        }
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }
}

fn projected(projection: Option<&Vec<usize>>) -> Result<SchemaRef> {
    let schema = schema::observations();
    Ok(match projection {
        Some(columns) => Arc::new(schema.project(columns)?),
        None => schema,
    })
}

/// [`ORDER`] as far as the columns are there.
fn ordering(schema: &arrow::datatypes::Schema) -> Option<LexOrdering> {
    let ascending = SortOptions { descending: false, nulls_first: false };
    let columns = ORDER.iter().map_while(|name| schema.index_of(name).ok().map(|index| Column::new(name, index)));
    LexOrdering::new(columns.map(|column| PhysicalSortExpr::new(Arc::new(column), ascending)))
}
