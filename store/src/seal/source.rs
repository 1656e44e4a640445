//! Where a segment's rows come from: chunks in memory and older segments.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

use arrow::array::AsArray;
use arrow::compute::interleave_record_batch;
use arrow::datatypes::UInt64Type;
use arrow::record_batch::RecordBatch;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;

use super::{Failure, file};
use crate::schema::column;
use crate::snapshot::{HotBatch, Segment};

/// Rows that can be asked for Thing by Thing.
pub(crate) enum Source {
    /// Chunks in memory, and where the rows of each Thing are in them.
    Chunks { rows: Vec<RecordBatch>, of: BTreeMap<u64, Vec<(u32, u32)>> },
    /// A sealed file.
    File { segment: Arc<Segment>, file: File, metadata: ArrowReaderMetadata },
}

impl Source {
    /// Rows in memory.
    pub(crate) fn chunks(chunks: &[HotBatch]) -> Self {
        let mut of: BTreeMap<u64, Vec<(u32, u32)>> = BTreeMap::new();
        for (chunk, rows) in chunks.iter().enumerate() {
            let things = rows.rows.column(column::THING).as_primitive::<UInt64Type>().values();
            let mut row = 0;
            // Rows come in packets: one look-up for each run of equal Things.
            for run in things.chunk_by(|left, right| left == right) {
                let places = of.entry(run[0]).or_default();
                places.extend((row..row + run.len()).map(|row| (chunk as u32, row as u32)));
                row += run.len();
            }
        }
        Self::Chunks { rows: chunks.iter().map(|chunk| chunk.rows.clone()).collect(), of }
    }

    /// A sealed file.
    pub(crate) fn file(segment: Arc<Segment>) -> Result<Self, Failure> {
        let opened = File::open(&segment.path).map_err(Failure::from).and_then(|file| {
            let metadata = ArrowReaderMetadata::load(&file, Default::default())?;
            Ok((file, metadata))
        });
        match opened {
            Ok((file, metadata)) => Ok(Self::File { segment, file, metadata }),
            Err(failure) => Err(Failure::Unreadable { segment, reason: failure.to_string() }),
        }
    }

    /// The Things in it.
    pub(crate) fn things(&self) -> Vec<u64> {
        match self {
            Self::Chunks { of, .. } => of.keys().copied().collect(),
            Self::File { segment, .. } => segment.things.iter().map(|thing| thing.0).collect(),
        }
    }

    /// Adds the rows of a Thing to `parts`.
    pub(crate) fn rows_of(&mut self, thing: u64, parts: &mut Vec<RecordBatch>) -> Result<(), Failure> {
        match self {
            Self::Chunks { rows, of } => {
                if let Some(places) = of.remove(&thing) {
                    let places: Vec<(usize, usize)> = places.iter().map(|&(chunk, row)| (chunk as usize, row as usize)).collect();
                    parts.push(interleave_record_batch(&rows.iter().collect::<Vec<_>>(), &places)?);
                }
            }
            Self::File { segment, file, metadata } => {
                let read = read(file, metadata, thing, parts);
                read.map_err(|failure| Failure::Unreadable { segment: Arc::clone(segment), reason: failure.to_string() })?;
            }
        }
        Ok(())
    }
}

/// Adds the rows a file holds of a Thing; after an error those before the damage.
fn read(file: &File, metadata: &ArrowReaderMetadata, thing: u64, parts: &mut Vec<RecordBatch>) -> Result<(), Failure> {
    let groups = metadata.metadata().row_groups().iter().enumerate();
    let groups: Vec<usize> = groups.filter(|(_, group)| may_hold(group, thing)).map(|(index, _)| index).collect();
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file.try_clone()?, metadata.clone());
    for batch in reader.with_row_groups(groups).with_batch_size(crate::hot::CHUNK).build()? {
        let rows = file::filtered(&batch?, thing)?;
        if rows.num_rows() > 0 {
            parts.push(rows);
        }
    }
    Ok(())
}

/// Whether a row group's statistics allow rows of a Thing; ids are unsigned and so are the statistics' order.
fn may_hold(group: &RowGroupMetaData, thing: u64) -> bool {
    match group.column(column::THING).statistics() {
        Some(Statistics::Int64(bounds)) => {
            let (low, high) = (bounds.min_opt().map(|low| low.cast_unsigned()), bounds.max_opt().map(|high| high.cast_unsigned()));
            low.is_none_or(|low| low <= thing) && high.is_none_or(|high| thing <= high)
        }
        _ => true,
    }
}
