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
    fn key(&self, row: usize) -> Key {
        key(&self.batch, row)
    }

    fn last(&self) -> Key {
        self.key(self.batch.num_rows() - 1)
    }

    /// The first row whose key does not fulfil `before`.
    fn end(&self, before: impl Fn(Key) -> bool) -> usize {
        let (mut low, mut high) = (self.at, self.batch.num_rows());
        while low < high {
            let middle = low.midpoint(high);
            if before(self.key(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

pub(super) fn key(batch: &RecordBatch, row: usize) -> Key {
    let run = batch.column(column::RUN).as_primitive::<UInt32Type>().value(row);
    (run, batch.column(column::TIME).as_primitive::<TimestampMicrosecondType>().value(row))
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
        let mut keys: Vec<(Key, usize, usize)> = Vec::new();
        let mut only = None;
        for (index, head) in self.heads.iter_mut().enumerate() {
            let end = head.end(|key| if index <= first { key <= horizon } else { key < horizon });
            if end > head.at {
                only = if keys.is_empty() { Some((index, head.at..end)) } else { None };
                keys.extend((head.at..end).map(|row| (key(&head.batch, row), index, row)));
                head.at = end;
            }
        }
        let rows = match only {
            Some((index, rows)) => self.heads[index].batch.slice(rows.start, rows.len()),
            None => {
                keys.sort_unstable();
                let places: Vec<(usize, usize)> = keys.iter().map(|&(_, index, row)| (index, row)).collect();
                let batches: Vec<&RecordBatch> = self.heads.iter().map(|head| &head.batch).collect();
                interleave_record_batch(&batches, &places)?
            }
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
