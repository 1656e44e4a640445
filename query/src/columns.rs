//! Typed columns of a batch by name.

use arrow::array::{ArrowPrimitiveType, AsArray, PrimitiveArray};
use arrow::record_batch::RecordBatch;
use datafusion::error::{DataFusionError, Result};

/// The column `name`; an error if the batch has no such column of this type, which is a defect of the plan.
pub(crate) fn column<'a, T: ArrowPrimitiveType>(batch: &'a RecordBatch, name: &str) -> Result<&'a PrimitiveArray<T>> {
    let found = batch.column_by_name(name).and_then(|column| column.as_primitive_opt::<T>());
    found.ok_or_else(|| DataFusionError::Internal(format!("no column '{name}' of type {}", T::DATA_TYPE)))
}
