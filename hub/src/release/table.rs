//! The table that goes with a Release: the same numbers for DuckDB, pandas and R, which read Parquet and no nested JSON.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, StringArray, UInt32Array};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::release::Release;

/// One row for each cell of the histogram (`kind` = `cell`, from the lower edge up to the upper one; null where it is open) and one
/// for each single result (`kind` = `single`, `lower` = `upper` = the result, `count` = 1). The unit is in the fields' metadata.
pub fn table(release: &Release) -> anyhow::Result<Vec<u8>> {
    let edges = &release.histogram.edges;
    let cells = release.histogram.counts.iter().enumerate().map(|(index, count)| {
        let lower = index.checked_sub(1).and_then(|below| edges.get(below)).copied();
        ("cell", lower, edges.get(index).copied(), *count)
    });
    let singles = release.singles.iter().flatten().map(|value| ("single", Some(*value), Some(*value), 1));
    let rows: Vec<_> = cells.chain(singles).collect();
    let unit = || [("unit".to_owned(), release.unit.clone())].into();
    let schema = Schema::new(vec![
        Field::new("release", DataType::Utf8, false),
        Field::new("outcome", DataType::Utf8, false),
        Field::new("kind", DataType::Utf8, false),
        Field::new("lower", DataType::Float64, true).with_metadata(unit()),
        Field::new("upper", DataType::Float64, true).with_metadata(unit()),
        Field::new("count", DataType::UInt32, false),
    ]);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(rows.iter().map(|_| &release.id))),
        Arc::new(StringArray::from_iter_values(rows.iter().map(|_| &release.outcome))),
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0))),
        Arc::new(Float64Array::from_iter(rows.iter().map(|row| row.1))),
        Arc::new(Float64Array::from_iter(rows.iter().map(|row| row.2))),
        Arc::new(UInt32Array::from_iter_values(rows.iter().map(|row| row.3))),
    ];
    Ok(messwerk_query::parquet(&RecordBatch::try_new(Arc::new(schema), columns)?)?)
}
