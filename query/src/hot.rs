//! Hot rows in the order of a segment.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::compute::interleave_record_batch;
use arrow::datatypes::{SchemaRef, TimestampMicrosecondType, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use messwerk_lessons::id::ThingId;
use messwerk_store::schema;

use crate::columns::column;

/// The hot rows of one lesson and property by (thing, run, time); equal keys stay in arrival order.
///
/// Costs 8 bytes a row. Rows of a Thing and Run arrive almost always in order of time, so sorting is bucketing by
/// (thing, run) and a check; rows are copied batch by batch while the stream is read, never all at once.
#[derive(Debug)]
pub(crate) struct SortedHot {
    schema: SchemaRef,
    batches: Arc<Vec<RecordBatch>>,
    order: Arc<Vec<Row>>,
}

/// Number of the batch, row in it.
type Row = (u32, u32);

impl SortedHot {
    /// The rows of the Things that are wanted.
    pub(crate) fn new(batches: Vec<RecordBatch>, wants: impl Fn(ThingId) -> bool) -> Result<Self> {
        let mut buckets: BTreeMap<(u64, u32), Vec<Row>> = BTreeMap::new();
        let mut times = Vec::with_capacity(batches.len());
        for (number, batch) in batches.iter().enumerate() {
            let things = column::<UInt64Type>(batch, "thing")?.values();
            let runs = column::<UInt32Type>(batch, "run")?.values();
            times.push(column::<TimestampMicrosecondType>(batch, "time")?.values());
            // A packet's rows stand together: a bucket is looked up once per stretch of equal keys.
            let mut begin = 0;
            while begin < batch.num_rows() {
                let key = (things[begin], runs[begin]);
                let stretch = things[begin..].iter().zip(&runs[begin..]).take_while(|&(thing, run)| (*thing, *run) == key);
                let end = begin + stretch.count();
                if wants(ThingId(key.0)) {
                    buckets.entry(key).or_default().extend((begin..end).map(|row| (number as u32, row as u32)));
                }
                begin = end;
            }
        }
        let time = |&(batch, row): &Row| times[batch as usize][row as usize];
        for rows in buckets.values_mut().filter(|rows| !rows.is_sorted_by_key(time)) {
            rows.sort_by_key(time);
        }
        let order = buckets.into_values().flatten().collect();
        Ok(Self { schema: schema::observations(), batches: Arc::new(batches), order: Arc::new(order) })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}

impl PartitionStream for SortedHot {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let rows = context.session_config().batch_size();
        let (batches, order) = (Arc::clone(&self.batches), Arc::clone(&self.order));
        let parts = (0..order.len()).step_by(rows).map(move |from| {
            let part: Vec<_> =
                order[from..order.len().min(from + rows)].iter().map(|&(batch, row)| (batch as usize, row as usize)).collect();
            let batches: Vec<_> = batches.iter().collect();
            Ok(interleave_record_batch(&batches, &part)?)
        });
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), futures::stream::iter(parts)))
    }
}
