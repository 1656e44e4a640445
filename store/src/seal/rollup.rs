//! A segment's roll-up: count, sum, squares, least and greatest of each second, from rows already sorted.
//!
//! Written with the segment and never patched: another segment has another roll-up. Windows that lie in two segments,
//! or in a segment and in memory, have a row in each and are added up by the reader.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float32Array, Float64Array, TimestampMicrosecondArray, UInt32Array, UInt64Array, new_null_array};
use arrow::datatypes::{DataType, Float32Type, TimestampMicrosecondType, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::Failure;
use crate::disk::{Disk, DiskFile};
use crate::schema::{self, column};

/// The length of a window. One second makes a lesson 0.5 MB and answers every window that is a multiple of it.
pub(super) const WINDOW: Micros = 1_000_000;

/// A roll-up being written.
pub(super) struct Rollup {
    writer: ArrowWriter<DiskFile>,
}

/// Figures of one component over the windows so far.
#[derive(Default)]
struct Figures {
    sum: Vec<f64>,
    m2: Vec<f64>,
    min: Vec<f64>,
    max: Vec<f64>,
}

impl Figures {
    fn add(&mut self, values: &[f64]) {
        let sum: f64 = values.iter().sum();
        let mean = sum / values.len() as f64;
        self.sum.push(sum);
        self.m2.push(values.iter().map(|value| (value - mean) * (value - mean)).sum());
        self.min.push(values.iter().copied().fold(f64::INFINITY, f64::min));
        self.max.push(values.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    }

    /// The columns sum, m2, min, max; bounds of stored components are stored as what they are, 32-bit floats.
    fn columns(self, narrow: bool) -> [ArrayRef; 4] {
        let bound = |values: Vec<f64>| -> ArrayRef {
            if narrow {
                Arc::new(values.into_iter().map(|value| Some(value as f32)).collect::<Float32Array>())
            } else {
                Arc::new(Float64Array::from(values))
            }
        };
        [Arc::new(Float64Array::from(self.sum)), Arc::new(Float64Array::from(self.m2)), bound(self.min), bound(self.max)]
    }
}

impl Rollup {
    /// Starts the file.
    pub(super) fn create(disk: &Disk, target: &Path) -> Result<Self, Failure> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
            .set_column_dictionary_enabled(ColumnPath::from("window_start"), false)
            .set_column_encoding(ColumnPath::from("window_start"), Encoding::DELTA_BINARY_PACKED)
            .build();
        Ok(Self { writer: ArrowWriter::try_new(DiskFile::create(disk, target)?, schema::rollups(), Some(properties))? })
    }

    /// Adds one Thing's rows, sorted by Run and time.
    pub(super) fn add(&mut self, rows: &RecordBatch) -> Result<(), Failure> {
        let things = rows.column(column::THING).as_primitive::<UInt64Type>().values();
        let runs = rows.column(column::RUN).as_primitive::<UInt32Type>().values();
        let times = rows.column(column::TIME).as_primitive::<TimestampMicrosecondType>().values();
        let vector = rows.column(column::Y).null_count() == 0;
        let components = if vector { vec![column::X, column::Y, column::Z] } else { vec![column::X] };
        let values: Vec<&[f32]> =
            components.iter().map(|&index| rows.column(index).as_primitive::<Float32Type>().values().as_ref()).collect();
        let mut figures: Vec<Figures> = (0..if vector { 4 } else { 1 }).map(|_| Figures::default()).collect();
        let (mut thing, mut run, mut start, mut count) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut first = 0;
        let mut buffer: Vec<f64> = Vec::new();
        while first < rows.num_rows() {
            let window = times[first].div_euclid(WINDOW);
            let same = |row: &usize| runs[*row] == runs[first] && times[*row].div_euclid(WINDOW) == window;
            let end = (first..rows.num_rows()).find(|row| !same(row)).unwrap_or(rows.num_rows());
            thing.push(things[first]);
            run.push(runs[first]);
            start.push(window * WINDOW);
            count.push((end - first) as u32);
            for (figures, values) in figures.iter_mut().zip(&values) {
                buffer.clear();
                buffer.extend(values[first..end].iter().map(|&value| f64::from(value)));
                figures.add(&buffer);
            }
            if let [x, y, z] = values[..] {
                buffer.clear();
                buffer.extend((first..end).map(|row| magnitude([x[row], y[row], z[row]])));
                figures[3].add(&buffer);
            }
            first = end;
        }
        let windows = thing.len();
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from(thing)),
            Arc::new(UInt32Array::from(run)),
            Arc::new(TimestampMicrosecondArray::from(start).with_timezone("UTC")),
            Arc::new(UInt32Array::from(count)),
        ];
        for (component, figures) in figures.into_iter().enumerate() {
            columns.extend(figures.columns(component < 3));
        }
        for field in &schema::rollups().fields()[columns.len()..] {
            let kind: &DataType = field.data_type();
            columns.push(new_null_array(kind, windows));
        }
        Ok(self.writer.write(&RecordBatch::try_new(schema::rollups(), columns)?)?)
    }

    /// On return the file is durable.
    pub(super) fn finish(self) -> Result<(), Failure> {
        Ok(self.writer.into_inner()?.sync()?)
    }
}

/// |a|, in the order of operations SQL has for `sqrt(x*x + y*y + z*z)` over doubles.
fn magnitude(value: [f32; 3]) -> f64 {
    let [x, y, z] = value.map(f64::from);
    (x * x + y * y + z * z).sqrt()
}

#[cfg(test)]
mod tests;
