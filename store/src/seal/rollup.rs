//! A segment's roll-up: count, sum, squares, least and greatest of each second, from rows already sorted.
//!
//! Written with the segment and never patched: another segment has another roll-up. Windows that lie in two segments,
//! or in a segment and in memory, have a row in each and are added up by the reader.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Float32Array, Float64Array, TimestampMicrosecondArray, UInt32Array, UInt64Array, new_null_array,
};
use arrow::datatypes::{Float32Type, TimestampMicrosecondType, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::Failure;
use crate::disk::{Disk, DiskFile};
use crate::schema::{self, column};

/// The length of a window. One second makes a lesson 0.5 MB and answers every window that is a multiple of it.
pub(super) const WINDOW: Micros = 1_000_000;

/// Windows that are written together.
const BATCH: usize = 8_192;

/// A roll-up being written.
pub(super) struct Rollup {
    writer: ArrowWriter<DiskFile>,
    /// The window the last row was in; the next one may be, too.
    open: Window,
    closed: Windows,
    in_order: bool,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    /// CRC-32 of the file's bytes.
    pub(super) checksum: u32,
    /// Whether no Thing has a window twice, nor one before another: its Runs do not overlap.
    pub(super) in_order: bool,
}

/// The rows of one window: x, y, z and the magnitude, or x alone.
#[derive(Default)]
struct Window {
    thing: u64,
    run: u32,
    /// Its number since 1970.
    number: i64,
    values: [Vec<f64>; 4],
}

/// Figures of windows, as columns.
#[derive(Default)]
struct Windows {
    thing: Vec<u64>,
    run: Vec<u32>,
    start: Vec<Micros>,
    count: Vec<u32>,
    figures: [Figures; 4],
}

impl Windows {
    /// Takes the figures of a window and empties it.
    fn close(&mut self, window: &mut Window) {
        if window.values[0].is_empty() {
            return;
        }
        self.thing.push(window.thing);
        self.run.push(window.run);
        // The first window of all begins before the first time there is.
        self.start.push(window.number.saturating_mul(WINDOW));
        self.count.push(window.values[0].len() as u32);
        for (component, (figures, values)) in self.figures.iter_mut().zip(&mut window.values).enumerate() {
            if !values.is_empty() {
                figures.add(values, component < 3);
                values.clear();
            }
        }
    }

    fn batch(self) -> Result<RecordBatch, Failure> {
        let windows = self.thing.len();
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from(self.thing)),
            Arc::new(UInt32Array::from(self.run)),
            Arc::new(TimestampMicrosecondArray::from(self.start).with_timezone("UTC")),
            Arc::new(UInt32Array::from(self.count)),
        ];
        for (component, figures) in self.figures.into_iter().enumerate().filter(|(_, figures)| !figures.sum.is_empty()) {
            columns.extend(figures.columns(component < 3));
        }
        for field in &schema::rollups().fields()[columns.len()..] {
            columns.push(new_null_array(field.data_type(), windows));
        }
        Ok(RecordBatch::try_new(schema::rollups(), columns)?)
    }
}

/// Bits of the significand that are kept of the magnitude's sum, which has no short one by itself: means are right to
/// 2.3e-13 of themselves, where 1e-12 is asked for. Sums of stored components are exact and end in zeros anyway.
const SUM_BITS: u32 = 41;

/// Bits of the significand that are kept of squared distances: 4.8e-7 of themselves, so 2.4e-7 of a standard deviation.
const M2_BITS: u32 = 20;

/// Figures of one component over the windows so far.
#[derive(Default)]
struct Figures {
    sum: Vec<f64>,
    m2: Vec<f32>,
    min: Vec<f64>,
    max: Vec<f64>,
}

impl Figures {
    fn add(&mut self, values: &[f64], exact: bool) {
        let sum: f64 = values.iter().sum();
        let mean = sum / values.len() as f64;
        self.sum.push(if exact { sum } else { rounded(sum, SUM_BITS) });
        let m2 = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
        self.m2.push(rounded(m2, M2_BITS) as f32);
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
        [Arc::new(Float64Array::from(self.sum)), Arc::new(Float32Array::from(self.m2)), bound(self.min), bound(self.max)]
    }
}

impl Rollup {
    /// Starts the file.
    pub(super) fn create(disk: &Disk, target: &Path) -> Result<Self, Failure> {
        // Bytes a window of four components: 54.9 at level 1, 54.0 at level 9 (which costs milliseconds a lesson); 52.3 with
        // the rounding of `Figures`. min and max of x, y and z as dictionary 1.4 to 2.1 each, split 2.3 to 3.0.
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(9).unwrap_or_default()))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_column_dictionary_enabled(ColumnPath::from("window_start"), false)
            .set_column_encoding(ColumnPath::from("window_start"), Encoding::DELTA_BINARY_PACKED);
        // Sums and squares hardly repeat, so a dictionary only costs; split into bytes, exponents at least compress.
        for field in schema::rollups()
            .fields()
            .iter()
            .filter(|field| field.name().ends_with("_sum") || field.name().ends_with("_m2") || field.name().starts_with("abs_"))
        {
            let column = ColumnPath::from(field.name().as_str());
            properties =
                properties.set_column_dictionary_enabled(column.clone(), false).set_column_encoding(column, Encoding::BYTE_STREAM_SPLIT);
        }
        let properties = properties.build();
        let writer = ArrowWriter::try_new(DiskFile::create(disk, target)?, schema::rollups(), Some(properties))?;
        Ok(Self { writer, open: Window::default(), closed: Windows::default(), in_order: true })
    }

    /// Adds rows, sorted by Thing, Run and time over all calls.
    pub(super) fn add(&mut self, rows: &RecordBatch) -> Result<(), Failure> {
        let things = rows.column(column::THING).as_primitive::<UInt64Type>().values();
        let runs = rows.column(column::RUN).as_primitive::<UInt32Type>().values();
        let times = rows.column(column::TIME).as_primitive::<TimestampMicrosecondType>().values();
        let [x, y, z] = [column::X, column::Y, column::Z].map(|index| rows.column(index).as_primitive::<Float32Type>());
        let vector = y.null_count() == 0;
        for row in 0..rows.num_rows() {
            let number = times[row].div_euclid(WINDOW);
            let open = &mut self.open;
            if (open.thing, open.run, open.number) != (things[row], runs[row], number) {
                self.in_order &= open.values[0].is_empty() || open.thing != things[row] || open.number < number;
                self.closed.close(open);
                (open.thing, open.run, open.number) = (things[row], runs[row], number);
            }
            open.values[0].push(f64::from(x.value(row)));
            if vector {
                let value = [x.value(row), y.value(row), z.value(row)];
                open.values[1].push(f64::from(value[1]));
                open.values[2].push(f64::from(value[2]));
                open.values[3].push(magnitude(value));
            }
        }
        if self.closed.thing.len() >= BATCH { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), Failure> {
        Ok(self.writer.write(&std::mem::take(&mut self.closed).batch()?)?)
    }

    /// On return the file is durable.
    pub(super) fn finish(mut self) -> Result<Written, Failure> {
        self.closed.close(&mut self.open);
        self.write()?;
        Ok(Written { checksum: self.writer.into_inner()?.sync()?, in_order: self.in_order })
    }
}

/// The nearest double whose significand has so many bits behind the point: the zeros after them compress away.
fn rounded(value: f64, bits: u32) -> f64 {
    let dropped = 52 - bits;
    f64::from_bits((value.to_bits() + (1 << (dropped - 1))) >> dropped << dropped)
}

/// |a|, in the order of operations SQL has for `sqrt(x*x + y*y + z*z)` over doubles.
fn magnitude(value: [f32; 3]) -> f64 {
    let [x, y, z] = value.map(f64::from);
    (x * x + y * y + z * z).sqrt()
}

#[cfg(test)]
mod tests;
