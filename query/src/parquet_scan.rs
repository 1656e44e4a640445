//! Parquet files of ours as DataFusion reads them.

use std::path::Path as FilePath;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::common::DFSchema;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::object_store::ObjectStoreUrl;
use datafusion::datasource::physical_plan::parquet::CachedParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{FileScanConfigBuilder, ParquetSource};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::utils::conjunction;
use datafusion::object_store::ObjectMeta;
use datafusion::object_store::path::Path;

/// A scan of files of one schema that leaves out files, row groups and pages whose statistics exclude `filters`. Their
/// footers are parsed once and kept by DataFusion.
pub(crate) fn scan(state: &dyn Session, schema: &SchemaRef, filters: &[Expr]) -> Result<FileScanConfigBuilder> {
    let url = ObjectStoreUrl::local_filesystem();
    let runtime = state.runtime_env();
    let cache = runtime.cache_manager.get_file_metadata_cache();
    let reader = CachedParquetFileReaderFactory::new(runtime.object_store(&url)?, cache);
    let mut source = ParquetSource::new(Arc::clone(schema)).with_parquet_file_reader_factory(Arc::new(reader));
    if let Some(filter) = conjunction(filters.iter().cloned()) {
        let columns = DFSchema::try_from(Arc::clone(schema))?;
        source = source.with_predicate(state.create_physical_expr(filter, &columns)?);
    }
    Ok(FileScanConfigBuilder::new(url, Arc::new(source)))
}

/// A file to scan.
pub(crate) fn file(path: &FilePath, bytes: u64) -> Result<PartitionedFile> {
    let location = Path::from_absolute_path(path).map_err(|error| DataFusionError::External(Box::new(error)))?;
    // Our files are immutable, so path and length name their content; the time is never looked at.
    let meta = ObjectMeta { location, last_modified: chrono::DateTime::UNIX_EPOCH, size: bytes, e_tag: None, version: None };
    Ok(PartitionedFile::new_from_meta(meta))
}
