//! Roll-ups of segments as a DataFusion table, in the schema of [`messwerk_store::schema::rollups`].

use std::path::PathBuf;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::TableType;
use datafusion::datasource::memory::DataSourceExec;
use datafusion::datasource::physical_plan::FileGroup;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use messwerk_store::schema;

use crate::parquet_scan;

/// Roll-ups of one lesson and property. Which ones is decided by who makes the table; filters are applied inexactly.
#[derive(Debug)]
pub(crate) struct Rollups {
    /// The files and their lengths in bytes, at least one.
    files: Vec<(PathBuf, u64)>,
}

impl Rollups {
    pub(crate) fn new(files: Vec<(PathBuf, u64)>) -> Self {
        Self { files }
    }
}

#[async_trait]
impl TableProvider for Rollups {
    fn schema(&self) -> SchemaRef {
        schema::rollups()
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
        let files = self.files.iter().map(|(path, bytes)| parquet_scan::file(path, *bytes)).collect::<Result<_>>()?;
        let config = parquet_scan::scan(state, &schema::rollups(), filters)?;
        let config = config.with_file_groups(FileGroup::new(files).split_files(state.config().target_partitions()));
        Ok(DataSourceExec::from_data_source(config.with_projection_indices(projection.cloned())?.build()))
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }
}
