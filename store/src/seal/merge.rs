//! The rows of one Thing from several sorted sources as one sorted stream, a batch at a time.

use arrow::array::AsArray;
use arrow::compute::interleave_record_batch;
use arrow::datatypes::{TimestampMicrosecondType, UInt32Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;

use super::Failure;
use super::source::{Rows, Source};
use crate::schema::column;

/// What rows of one Thing are sorted by.
type Key = (u32, Micros);

/// A source's rows, with the batch that is being used up.
struct Head<'a> {
    rows: Rows<'a>,
    batch: RecordBatch,
    at: usize,
}

impl Head<'_> {
    fn last(&self) -> Key {
        Keys::of(&self.batch).at(self.batch.num_rows() - 1)
    }

    /// The first row whose key does not fulfil `before`.
    fn end(&self, before: impl Fn(Key) -> bool) -> usize {
        let keys = Keys::of(&self.batch);
        let (mut low, mut high) = (self.at, self.batch.num_rows());
        while low < high {
            let middle = low.midpoint(high);
            if before(keys.at(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

/// The keys of a batch: its columns are looked up once, not for each of a million rows.
pub(super) struct Keys<'a> {
    runs: &'a [u32],
    times: &'a [Micros],
}

impl<'a> Keys<'a> {
    pub(super) fn of(batch: &'a RecordBatch) -> Self {
        let runs = batch.column(column::RUN).as_primitive::<UInt32Type>().values();
        Self { runs, times: batch.column(column::TIME).as_primitive::<TimestampMicrosecondType>().values() }
    }

    pub(super) fn at(&self, row: usize) -> Key {
        (self.runs[row], self.times[row])
    }
}

/// By Run and time; rows equal in both stay in the order of the sources, which is that of arrival.
pub(super) struct Merged<'a> {
    heads: Vec<Head<'a>>,
}

impl<'a> Merged<'a> {
    /// The rows of a Thing.
    pub(super) fn of(sources: &'a mut [Source], thing: u64) -> Result<Self, Failure> {
        let mut heads = Vec::with_capacity(sources.len());
        for source in sources {
            let mut rows = source.sorted_rows_of(thing)?;
            if let Some(batch) = rows.next()? {
                heads.push(Head { rows, batch, at: 0 });
            }
        }
        Ok(Self { heads })
    }

    /// The next rows; `None` after the last. Holds one batch of each source.
    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>, Failure> {
        // What ends first may go on with rows equal to its last: those of later sources must wait for them.
        let Some((first, horizon)) = self.heads.iter().map(Head::last).enumerate().min_by_key(|&(index, key)| (key, index)) else {
            return Ok(None);
        };
        let mut parts = Vec::with_capacity(self.heads.len());
        for (index, head) in self.heads.iter_mut().enumerate() {
            let end = head.end(|key| if index <= first { key <= horizon } else { key < horizon });
            if end > head.at {
                parts.push((index, head.at..end));
                head.at = end;
            }
        }
        let rows = if let [(index, rows)] = &parts[..] {
            self.heads[*index].batch.slice(rows.start, rows.len())
        } else {
            let mut keys: Vec<(Key, usize, usize)> = Vec::with_capacity(parts.iter().map(|(_, rows)| rows.len()).sum());
            for (index, rows) in parts {
                let batch = Keys::of(&self.heads[index].batch);
                keys.extend(rows.map(|row| (batch.at(row), index, row)));
            }
            keys.sort_unstable();
            let places: Vec<(usize, usize)> = keys.iter().map(|&(_, index, row)| (index, row)).collect();
            let batches: Vec<&RecordBatch> = self.heads.iter().map(|head| &head.batch).collect();
            interleave_record_batch(&batches, &places)?
        };
        let mut error = None;
        self.heads.retain_mut(|head| {
            if head.at < head.batch.num_rows() {
                return true;
            }
            match head.rows.next() {
                Ok(Some(batch)) => {
                    (head.batch, head.at) = (batch, 0);
                    true
                }
                Ok(None) => false,
                Err(failure) => {
                    error.get_or_insert(failure);
                    false
                }
            }
        });
        error.map_or(Ok(Some(rows)), Err)
    }
}

#[cfg(test)]
mod tests;
