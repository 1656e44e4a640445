//! A Parquet file.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::datatypes::Schema;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::Encoder;
use crate::error::{Error, Result};

/// Rows of a row group: as much as the writer holds back. 65,536 rows are some 2 MB encoded, and pages of that size
/// compress within 0.3 % of ones four times as large.
const ROW_GROUP: usize = 65_536;

/// Row groups as they get full, then the footer.
pub(super) struct ParquetFile {
    /// Taken by the end.
    writer: Option<ArrowWriter<Shared>>,
    written: Shared,
}

/// What the writer has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn drain(&self, out: &mut Vec<u8>) {
        out.append(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl ParquetFile {
    pub(super) fn new(schema: &Schema) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        let written = Shared::default();
        let writer = ArrowWriter::try_new(written.clone(), Arc::new(schema.clone()), Some(properties));
        Ok(Self { writer: Some(writer.map_err(encode)?), written })
    }
}

impl Encoder for ParquetFile {
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<()> {
        self.written.drain(out);
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        if let Some(writer) = &mut self.writer {
            writer.write(batch).map_err(encode)?;
        }
        self.written.drain(out);
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>) -> Result<()> {
        if let Some(writer) = self.writer.take() {
            writer.close().map_err(encode)?;
        }
        self.written.drain(out);
        Ok(())
    }
}

fn encode(error: parquet::errors::ParquetError) -> Error {
    Error::Encode(error.to_string())
}
