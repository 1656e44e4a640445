//! What comes back: rows on their way.

use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use bytes::Bytes;
use futures::stream::{BoxStream, Stream, StreamExt};

use crate::encode::{self, Dialect, Format};
use crate::engine::{Pump, Rows};
use crate::error::Result;
use crate::files::Missing;

/// The rows of an answer, computed while they are read. What fails before the first row failed when the question was
/// asked; dropping the answer stops the work.
pub struct Answer {
    schema: SchemaRef,
    batches: BoxStream<'static, Result<RecordBatch>>,
    pump: Pump,
    missing: Vec<Missing>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("schema", &self.schema).field("missing", &self.missing).finish_non_exhaustive()
    }
}

impl Answer {
    /// `rows` with `present` applied to each batch; `schema` is that of the presented batches. At most `limit` rows.
    pub(crate) fn new(
        rows: Rows,
        missing: Vec<Missing>,
        schema: SchemaRef,
        limit: Option<usize>,
        mut present: impl FnMut(RecordBatch) -> Result<RecordBatch> + Send + 'static,
    ) -> Self {
        let mut left = limit.unwrap_or(usize::MAX);
        let present = move |batch: Result<RecordBatch>| {
            let batch = present(batch?)?;
            let take = batch.num_rows().min(left);
            left -= take;
            Ok(if take == batch.num_rows() { batch } else { batch.slice(0, take) })
        };
        Self { schema, batches: rows.batches.map(present).boxed(), pump: rows.pump, missing }
    }

    /// What the answer goes without because its files cannot be read: whoever passes the answer on must say so.
    pub fn missing(&self) -> &[Missing] {
        &self.missing
    }

    /// The columns.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The rows as batches.
    pub fn batches(self) -> impl Stream<Item = Result<RecordBatch>> + Send + 'static {
        self.pump.drive(self.batches)
    }

    /// The same rows with these columns only, in this order, under other names.
    pub fn selected(self, columns: &[(&str, String)]) -> Result<Self> {
        let place = |(from, _): &(&str, String)| self.schema.index_of(from);
        let places = columns.iter().map(place).collect::<std::result::Result<Vec<_>, _>>()?;
        let field = |(place, (_, name)): (&usize, &(&str, String))| self.schema.field(*place).clone().with_name(name);
        let schema = Arc::new(Schema::new(places.iter().zip(columns).map(field).collect::<Vec<_>>()));
        let named = Arc::clone(&schema);
        // Not `with_schema`: a schema with other names is no superset of the batch's own.
        let select = move |batch: Result<RecordBatch>| {
            let batch = batch?.project(&places)?;
            Ok(RecordBatch::try_new(Arc::clone(&named), batch.columns().to_vec())?)
        };
        Ok(Self { schema, batches: self.batches.map(select).boxed(), ..self })
    }

    /// The rows as bytes of a file, written on the query threads while they are read; at most a few batches are in
    /// memory. `dialect` matters for CSV only. A failure midway ends the stream with an error: a reader that sees the
    /// end has everything.
    pub fn encode(self, format: Format, dialect: Dialect) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
        let bytes = encode::stream(self.schema, self.batches, format, dialect);
        self.pump.drive(bytes)
    }
}
