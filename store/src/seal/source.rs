//! Where a segment's rows come from: chunks in memory and older segments.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex};

use arrow::array::AsArray;
use arrow::compute::interleave_record_batch;
use arrow::datatypes::UInt64Type;
use arrow::record_batch::RecordBatch;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::statistics::Statistics;

use super::{Failure, file, merge};
use crate::disk::{Disk, is_unreadable};
use crate::hot::CHUNK;
use crate::schema::column;
use crate::snapshot::{HotBatch, Segment};
use crate::sync::lock;

/// What is wrong with a file whose checksum is another one.
pub(super) const OTHER_BYTES: &str = "its bytes are not those that were written";

/// Rows that can be asked for Thing by Thing.
pub(crate) enum Source {
    /// Chunks in memory, and where the rows of each Thing are in them.
    Chunks { rows: Vec<RecordBatch>, of: BTreeMap<u64, Vec<(u32, u32)>> },
    /// A sealed file.
    File { segment: Arc<Segment>, file: Opened, metadata: ArrowReaderMetadata },
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

    /// A sealed file. [`Failure::Unreadable`] only if the file is to blame; any other error may be gone the next time.
    pub(crate) fn file(disk: &Disk, segment: Arc<Segment>) -> Result<Self, Failure> {
        match segment.has_its_bytes(disk) {
            Ok(true) => {}
            Ok(false) => return Err(Failure::Unreadable { segment, reason: OTHER_BYTES.to_owned() }),
            Err(error) if is_unreadable(&error) => return Err(Failure::Unreadable { segment, reason: error.to_string() }),
            Err(error) => return Err(error.into()),
        }
        let file = match disk.open(File::options().read(true), &segment.path) {
            Ok(file) => Opened(Arc::new(Mutex::new(file))),
            Err(error) if is_unreadable(&error) => return Err(Failure::Unreadable { segment, reason: error.to_string() }),
            Err(error) => return Err(error.into()),
        };
        match ArrowReaderMetadata::load(&file, Default::default()) {
            Ok(metadata) => Ok(Self::File { segment, file, metadata }),
            Err(error) => Err(Failure::Unreadable { segment, reason: error.to_string() }),
        }
    }

    /// The Things in it.
    pub(crate) fn things(&self) -> Vec<u64> {
        match self {
            Self::Chunks { of, .. } => of.keys().copied().collect(),
            Self::File { segment, .. } => segment.things.iter().map(|thing| thing.0).collect(),
        }
    }

    /// The rows of a Thing by Run and time, a batch at a time. Rows in memory can be asked for once.
    pub(crate) fn sorted_rows_of(&mut self, thing: u64) -> Result<Rows<'_>, Failure> {
        match self {
            Self::Chunks { rows, of } => {
                let places = of.remove(&thing).unwrap_or_default().into_iter();
                let mut places: Vec<(usize, usize)> = places.map(|(chunk, row)| (chunk as usize, row as usize)).collect();
                // Stable: rows of one time stay in order of arrival.
                let keys: Vec<merge::Keys<'_>> = rows.iter().map(merge::Keys::of).collect();
                let key = |&(chunk, row): &(usize, usize)| keys[chunk].at(row);
                if !places.is_sorted_by_key(key) {
                    places.sort_by_key(key);
                }
                Ok(Rows::Chunks { rows, places, at: 0 })
            }
            Self::File { segment, file, metadata } => match reader(file, metadata, thing) {
                Ok(reader) => Ok(Rows::File { segment, reader, thing }),
                Err(failure) => Err(Failure::Unreadable { segment: Arc::clone(segment), reason: failure.to_string() }),
            },
        }
    }

    /// Adds the rows of a Thing to `parts`; after an error those before the damage.
    pub(crate) fn rows_of(&mut self, thing: u64, parts: &mut Vec<RecordBatch>) -> Result<(), Failure> {
        let mut rows = self.sorted_rows_of(thing)?;
        while let Some(batch) = rows.next()? {
            parts.push(batch);
        }
        Ok(())
    }
}

/// The rows of one Thing in a source.
pub(crate) enum Rows<'a> {
    Chunks { rows: &'a [RecordBatch], places: Vec<(usize, usize)>, at: usize },
    File { segment: &'a Arc<Segment>, reader: ParquetRecordBatchReader, thing: u64 },
}

impl Rows<'_> {
    /// The next batch, which is not empty; `None` after the last.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, Failure> {
        match self {
            Self::Chunks { rows, places, at } => {
                let part = &places[*at..places.len().min(*at + CHUNK)];
                *at += part.len();
                let batch = || interleave_record_batch(&rows.iter().collect::<Vec<_>>(), part);
                Ok(if part.is_empty() { None } else { Some(batch()?) })
            }
            Self::File { segment, reader, thing } => {
                let found =
                    reader.map(|batch| file::filtered(&batch?, *thing)).find(|rows| rows.as_ref().map_or(true, |rows| rows.num_rows() > 0));
                found.transpose().map_err(|failure| Failure::Unreadable { segment: Arc::clone(segment), reason: failure.to_string() })
            }
        }
    }
}

/// An open file to Parquet, which for a plain [`File`] asks for a descriptor at each read and turns the want of one into
/// text: whoever has opened a file shall be able to read it.
#[derive(Clone)]
pub(crate) struct Opened(Arc<Mutex<File>>);

/// Reads from a place on, whatever others of the same file read in between.
pub(crate) struct ReadFrom {
    file: Opened,
    at: u64,
}

impl Read for ReadFrom {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let mut file = lock(&self.file.0);
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(into)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Length for Opened {
    fn len(&self) -> u64 {
        lock(&self.0).metadata().map_or(0, |file| file.len())
    }
}

impl ChunkReader for Opened {
    type T = BufReader<ReadFrom>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(BufReader::new(ReadFrom { file: self.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<bytes::Bytes, ParquetError> {
        // Never more than there is, whatever a damaged file says.
        let mut bytes = Vec::new();
        ReadFrom { file: self.clone(), at: start }.take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() == length { Ok(bytes.into()) } else { Err(ParquetError::EOF(format!("{} bytes instead of {length}", bytes.len()))) }
    }
}

fn reader(file: &Opened, metadata: &ArrowReaderMetadata, thing: u64) -> Result<ParquetRecordBatchReader, Failure> {
    let groups = metadata.metadata().row_groups().iter().enumerate();
    let groups: Vec<usize> = groups.filter(|(_, group)| may_hold(group, thing)).map(|(index, _)| index).collect();
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file.clone(), metadata.clone());
    Ok(reader.with_row_groups(groups).with_batch_size(CHUNK).build()?)
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
