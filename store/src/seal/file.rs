//! Writing one segment: rows of one lesson and property, sorted by Thing, Run and time.
//!
//! Thing by Thing, so that the work needs memory for one Thing's rows, however long the lesson was.

use std::collections::BTreeSet;
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::compute::{concat_batches, filter_record_batch, interleave_record_batch};
use arrow::datatypes::{TimestampMicrosecondType, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;

use super::Failure;
use super::source::Source;
use crate::disk::{Disk, DiskFile};
use crate::schema::{self, column};

/// Rows of a row group at most: 1.483 B/sample at this size against 1.517 at 8,192 and no gain above; it is also the
/// unit of pruning and of parallel reading.
const GROUP: usize = 65_536;

/// Rows from which a row group ends at the next Thing: readers that want one Thing decode little else, and small Things
/// still share a group.
const CUT: usize = 16_384;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) rows: u64,
    pub(super) bytes: u64,
    pub(super) time: (Micros, Micros),
    pub(super) things: Vec<ThingId>,
}

/// Encodings, chosen by `examples/bytes_per_sample.rs` on 30 phones x 10 min x 100 Hz, bytes a row of 3 samples: time
/// delta 1.15 (dictionary 8); x, y, z dictionary 1.0 to 1.4 (BYTE_STREAM_SPLIT 3 bytes); received dictionary 0.10 with 50
/// readings a packet; all else is constant over long stretches, for which a delta is as small as a dictionary and
/// needs no hashing. In all 1.68 bytes a sample. A dictionary that outgrows its page (noisy values, one reading a
/// packet) gives way to the encoding named here.
fn properties() -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
        .set_max_row_group_row_count(Some(GROUP))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_column_encoding(path(column::RECEIVED), Encoding::DELTA_BINARY_PACKED);
    for index in [column::LESSON, column::THING, column::PROPERTY, column::RUN, column::TIME, column::OFFSET, column::FLAGS] {
        properties =
            properties.set_column_dictionary_enabled(path(index), false).set_column_encoding(path(index), Encoding::DELTA_BINARY_PACKED);
    }
    for index in [column::X, column::Y, column::Z] {
        properties = properties
            .set_column_encoding(path(index), Encoding::BYTE_STREAM_SPLIT)
            .set_column_dictionary_page_size_limit(path(index), VALUES);
    }
    properties.build()
}

/// Bytes of a component's dictionary: 16,384 distinct values. Above, an index costs as much as the split bytes.
const VALUES: usize = 64 << 10;

fn path(index: usize) -> ColumnPath {
    ColumnPath::from(schema::observations().field(index).name().as_str())
}

/// Writes all rows of the sources but those of `without`, and hands each Thing's sorted rows to `each`. On return the
/// file is durable, not yet its name. `None`, and no file, if there is no row.
pub(super) fn write(
    disk: &Disk,
    target: &Path,
    sources: &mut [Source],
    without: Option<ThingId>,
    mut each: impl FnMut(&RecordBatch) -> Result<(), Failure>,
) -> Result<Option<Written>, Failure> {
    let things: BTreeSet<u64> = sources.iter().flat_map(Source::things).filter(|&thing| Some(ThingId(thing)) != without).collect();
    if things.is_empty() {
        return Ok(None);
    }
    let mut writer = ArrowWriter::try_new(DiskFile::create(disk, target)?, schema::observations(), Some(properties()))?;
    let mut written = Written { rows: 0, bytes: 0, time: (Micros::MAX, Micros::MIN), things: Vec::with_capacity(things.len()) };
    for thing in things {
        let Some(rows) = of_thing(sources, thing)? else { continue };
        let begun = writer.in_progress_rows();
        if begun >= CUT || (begun > 0 && begun + rows.num_rows() > GROUP) {
            writer.flush()?;
        }
        writer.write(&rows)?;
        each(&rows)?;
        let times = rows.column(column::TIME).as_primitive::<TimestampMicrosecondType>().values();
        for &time in times {
            written.time = (written.time.0.min(time), written.time.1.max(time));
        }
        written.rows += rows.num_rows() as u64;
        written.things.push(ThingId(thing));
    }
    writer.into_inner()?.sync()?;
    written.bytes = std::fs::metadata(target)?.len();
    Ok(Some(written))
}

/// All rows of one Thing, by Run and time; rows equal in both stay in order of arrival.
fn of_thing(sources: &mut [Source], thing: u64) -> Result<Option<RecordBatch>, Failure> {
    let mut parts = Vec::new();
    for source in sources {
        source.rows_of(thing, &mut parts)?;
    }
    let mut keys: Vec<(u32, Micros, u32, u32)> = Vec::with_capacity(parts.iter().map(RecordBatch::num_rows).sum());
    for (part, rows) in parts.iter().enumerate() {
        let runs = rows.column(column::RUN).as_primitive::<UInt32Type>().values();
        let times = rows.column(column::TIME).as_primitive::<TimestampMicrosecondType>().values();
        keys.extend(runs.iter().zip(times).enumerate().map(|(row, (&run, &time))| (run, time, part as u32, row as u32)));
    }
    if keys.is_empty() {
        return Ok(None);
    }
    let sorted = if keys.is_sorted() {
        concat_batches(&schema::observations(), &parts)?
    } else {
        keys.sort_unstable();
        let indices: Vec<(usize, usize)> = keys.iter().map(|key| (key.2 as usize, key.3 as usize)).collect();
        interleave_record_batch(&parts.iter().collect::<Vec<_>>(), &indices)?
    };
    Ok(Some(sorted))
}

/// The rows of a batch that are of one Thing.
pub(crate) fn filtered(batch: &RecordBatch, thing: u64) -> Result<RecordBatch, Failure> {
    let things = batch.column(column::THING).as_primitive::<UInt64Type>();
    if things.null_count() == 0 && things.values().iter().all(|&other| other == thing) {
        return Ok(batch.clone());
    }
    let wanted = things.values().iter().map(|&other| Some(other == thing)).collect();
    Ok(filter_record_batch(batch, &wanted)?)
}
