//! Answers as files: CSV, JSON, Arrow IPC stream and Parquet, written while they are read, and workbooks.

mod arrow_stream;
mod csv;
mod json;
mod parquet_file;
mod text;
mod workbook;

use ::arrow::datatypes::SchemaRef;
use ::arrow::record_batch::RecordBatch;
use bytes::Bytes;
use futures::stream::{BoxStream, StreamExt};

use crate::error::{Error, Result};

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma separated values (RFC 4180), header always present.
    Csv,
    /// An array of objects.
    Json,
    /// An Arrow IPC stream.
    Arrow,
    /// A Parquet file; units are in the field metadata.
    Parquet,
}

impl Format {
    /// The format of a name: `csv`, `json`, `arrow`, `parquet`.
    pub fn from_name(name: &str) -> Result<Self> {
        match name {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            "arrow" => Ok(Self::Arrow),
            "parquet" => Ok(Self::Parquet),
            _ => Err(Error::Invalid(format!("'{name}' is no format; write csv, json, arrow, parquet or xlsx"))),
        }
    }

    /// The name, which is the usual file extension.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Arrow => "arrow",
            Self::Parquet => "parquet",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Arrow => "application/vnd.apache.arrow.stream",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// How numbers and separators are written in CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// `,` and decimal point, UTF-8 without byte order mark.
    #[default]
    Standard,
    /// What a German spreadsheet opens by a double click: `;`, decimal comma, byte order mark.
    German,
}

impl Dialect {
    /// The dialect of a name: `standard`, `de`.
    pub fn from_name(name: &str) -> Result<Self> {
        match name {
            "standard" => Ok(Self::Standard),
            "de" => Ok(Self::German),
            _ => Err(Error::Invalid(format!("'{name}' is no dialect; write de, or leave it out"))),
        }
    }
}

pub use csv::Cells;
pub use workbook::{Appended, Cell, Workbook};

/// Writes one file piece by piece into the buffer it is given.
trait Encoder: Send {
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<()>;
    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()>;
    fn end(&mut self, out: &mut Vec<u8>) -> Result<()>;
}

/// The batches as pieces of a file; empty pieces are left out.
pub(crate) fn stream(
    schema: SchemaRef,
    batches: BoxStream<'static, Result<RecordBatch>>,
    format: Format,
    dialect: Dialect,
) -> BoxStream<'static, Result<Bytes>> {
    let encoder: Result<Box<dyn Encoder>> = match format {
        Format::Csv => Ok(Box::new(csv::Csv::new(schema, dialect))),
        Format::Json => Ok(Box::new(json::Json::default())),
        Format::Arrow => arrow_stream::ArrowStream::new(&schema).map(|encoder| Box::new(encoder) as _),
        Format::Parquet => parquet_file::ParquetFile::new(&schema).map(|encoder| Box::new(encoder) as _),
    };
    let mut encoder = match encoder {
        Ok(encoder) => encoder,
        Err(error) => return futures::stream::iter([Err(error)]).boxed(),
    };
    let steps = futures::stream::iter([Ok(Step::Begin)]).chain(batches.map(|batch| batch.map(Step::Batch)));
    let steps = steps.chain(futures::stream::iter([Ok(Step::End)]));
    let pieces = steps.map(move |step| {
        let mut out = vec![];
        match step? {
            Step::Begin => encoder.begin(&mut out)?,
            Step::Batch(batch) => encoder.batch(&batch, &mut out)?,
            Step::End => encoder.end(&mut out)?,
        }
        Ok(Bytes::from(out))
    });
    pieces.filter(|piece| std::future::ready(!matches!(piece, Ok(piece) if piece.is_empty()))).boxed()
}

/// A table that is there already, as a Parquet file.
pub fn parquet(table: &RecordBatch) -> Result<Vec<u8>> {
    let mut out = vec![];
    let mut encoder = parquet_file::ParquetFile::new(&table.schema())?;
    encoder.begin(&mut out)?;
    encoder.batch(table, &mut out)?;
    encoder.end(&mut out)?;
    Ok(out)
}

enum Step {
    Begin,
    Batch(RecordBatch),
    End,
}

#[cfg(test)]
mod tests;
