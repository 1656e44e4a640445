//! Thinning rows to what a chart of some width shows, without losing peaks.

use arrow::array::Array;
use arrow::compute::interleave_record_batch;
use arrow::datatypes::{Float32Type, SchemaRef, TimestampMicrosecondType, UInt8Type, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;

use crate::columns::column;
use crate::error::Result;

/// Keeps, per pixel column of a Run, the first and the last row and those with the smallest and the largest value of
/// each component: a line chart of that width looks the same as with every row.
///
/// Rows come in the order (thing, property, run, time) and stay in it. Memory is one batch and the eight rows at most
/// that are kept of a pixel column.
pub(crate) struct Decimator {
    first: Micros,
    /// Microseconds of a pixel column, at least 1.
    step: Micros,
    /// The pixel column whose end has not been seen, and the rows kept of it.
    open: Option<Open>,
    carried: RecordBatch,
}

/// Thing, property, run, pixel column.
type Key = (u64, u8, u32, Micros);

/// A row: (0, row of `carried`) or (1, row of the batch).
type Row = (usize, usize);

struct Open {
    key: Key,
    first: Row,
    last: Row,
    /// Per component with values: the smallest and the largest one and their rows.
    peaks: [Option<[(f32, Row); 2]>; 3],
}

impl Open {
    fn rows(&mut self) -> impl Iterator<Item = &mut Row> {
        let peaks = self.peaks.iter_mut().flatten().flatten().map(|(_, row)| row);
        [&mut self.first, &mut self.last].into_iter().chain(peaks)
    }

    /// The rows to keep, in order, each once.
    fn kept(&mut self) -> Vec<Row> {
        let mut rows: Vec<_> = self.rows().map(|row| *row).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

impl Decimator {
    /// For a chart of `width` pixels from `first` to before `end`.
    pub(crate) fn new(schema: SchemaRef, first: Micros, end: Micros, width: u32) -> Self {
        let step = (end.saturating_sub(first).max(1) - 1) / i64::from(width) + 1;
        Self { first, step, open: None, carried: RecordBatch::new_empty(schema) }
    }

    /// The rows that are now known to be kept.
    pub(crate) fn push(&mut self, batch: &RecordBatch) -> Result<RecordBatch> {
        let things = column::<UInt64Type>(batch, "thing")?.values();
        let properties = column::<UInt8Type>(batch, "property")?.values();
        let runs = column::<UInt32Type>(batch, "run")?.values();
        let times = column::<TimestampMicrosecondType>(batch, "time")?.values();
        let values = ["x", "y", "z"].map(|name| column::<Float32Type>(batch, name));
        let [x, y, z] = values;
        let values = [x?, y?, z?];
        let mut kept = vec![];
        for row in 0..batch.num_rows() {
            let key = (things[row], properties[row], runs[row], (times[row] - self.first).div_euclid(self.step));
            let at = (1, row);
            let value = values.map(|component| component.is_valid(row).then(|| component.value(row)));
            match &mut self.open {
                Some(open) if open.key == key => {
                    open.last = at;
                    for (peaks, value) in open.peaks.iter_mut().zip(value) {
                        let (Some([low, high]), Some(value)) = (peaks, value) else { continue };
                        if value < low.0 {
                            *low = (value, at);
                        }
                        if value > high.0 {
                            *high = (value, at);
                        }
                    }
                }
                open => {
                    kept.extend(open.iter_mut().flat_map(Open::kept));
                    *open = Some(Open { key, first: at, last: at, peaks: value.map(|value| value.map(|value| [(value, at); 2])) });
                }
            }
        }
        let out = interleave_record_batch(&[&self.carried, batch], &kept)?;
        self.carry(batch)?;
        Ok(out)
    }

    /// What is left at the end of the rows.
    pub(crate) fn finish(&mut self) -> RecordBatch {
        let empty = RecordBatch::new_empty(self.carried.schema());
        self.open = None;
        std::mem::replace(&mut self.carried, empty)
    }

    /// Copies the kept rows of the open pixel column, so that `batch` can go.
    fn carry(&mut self, batch: &RecordBatch) -> Result<()> {
        let kept = self.open.as_mut().map(Open::kept).unwrap_or_default();
        self.carried = interleave_record_batch(&[&self.carried, batch], &kept)?;
        for row in self.open.iter_mut().flat_map(Open::rows) {
            *row = (0, kept.binary_search(row).unwrap_or_default());
        }
        Ok(())
    }
}
