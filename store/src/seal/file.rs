//! Writing one segment: rows of one lesson and property, sorted by Thing, Run and time.
//!
//! Thing by Thing and batch by batch, so that the work needs memory for some row groups, however long the lesson was and
//! however much one Thing sent.

use std::collections::BTreeSet;
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{TimestampMicrosecondType, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;

use super::Failure;
use super::merge::Merged;
use super::source::Source;
use crate::Erasure;
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
    /// CRC-32 of the file's bytes.
    pub(super) checksum: u32,
}

/// Encodings, chosen by `examples/bytes_per_sample.rs` on 30 phones x 10 min x 100 Hz, bytes a row of 3 samples: time
/// delta 1.15 (dictionary 8); x, y, z dictionary 1.0 to 1.4 (BYTE_STREAM_SPLIT 3 bytes); received dictionary 0.10 with 50
/// readings a packet; all else is constant over long stretches, for which a delta is as small as a dictionary and
/// needs no hashing. A dictionary that outgrows its page (noisy values, one reading a packet) gives way to the encoding
/// named here.
///
/// A row group is one page: 1.676 bytes a sample against 1.684 with three pages and 1.725 with twelve; a reader of one
/// minute of one Thing decodes 65,536 rows at most, a millisecond. So statistics are the group's (0.004 less than with
/// those of three pages). zstd at level 3: 0.001 less than at 1 for 4 % more CPU; level 9 gains another 0.001, level 19 0.02
/// for twice the CPU. Larger groups are worse, for a dictionary serves one Thing best: 1.749 with two Things in one,
/// 1.930 with four. In all 1.673 bytes a sample, 1.847 with the roll-up.
fn properties() -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).unwrap_or_default()))
        .set_data_page_row_count_limit(GROUP)
        .set_max_row_group_row_count(Some(GROUP))
        .set_statistics_enabled(EnabledStatistics::Chunk)
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

/// Writes all rows of the sources but those that `without` takes (they are of its lesson), and hands the sorted rows to `each`, batch by batch. On return the
/// file is durable, not yet its name. `None`, and no file, if there is no row.
pub(super) fn write(
    disk: &Disk,
    target: &Path,
    sources: &mut [Source],
    without: Option<Erasure>,
    mut each: impl FnMut(&RecordBatch) -> Result<(), Failure>,
) -> Result<Option<Written>, Failure> {
    let things: BTreeSet<u64> = sources.iter().flat_map(Source::things).filter(|&thing| !is_gone(without, thing)).collect();
    if things.is_empty() {
        return Ok(None);
    }
    let mut writer = ArrowWriter::try_new(DiskFile::create(disk, target)?, schema::observations(), Some(properties()))?;
    let mut written =
        Written { rows: 0, bytes: 0, time: (Micros::MAX, Micros::MIN), things: Vec::with_capacity(things.len()), checksum: 0 };
    for thing in things {
        let mut merged = Merged::of(sources, thing)?;
        let (mut waiting, mut rows, mut begun) = (Vec::new(), 0, false);
        loop {
            let next = merged.next()?.map(|rows| kept(rows, without, ThingId(thing))).transpose()?;
            let ended = next.is_none();
            rows += next.as_ref().map_or(0, RecordBatch::num_rows);
            waiting.extend(next);
            if ended && rows == 0 {
                break;
            }
            // Whether a Thing begins a row group depends on its rows, of which a group's worth is enough to know.
            if !begun && (ended || rows >= GROUP) {
                let before = writer.in_progress_rows();
                if before >= CUT || (before > 0 && before + rows > GROUP) {
                    writer.flush()?;
                }
                begun = true;
            }
            if begun {
                for rows in waiting.drain(..) {
                    writer.write(&rows)?;
                    each(&rows)?;
                    let times = rows.column(column::TIME).as_primitive::<TimestampMicrosecondType>().values();
                    written.time = times.iter().fold(written.time, |(low, high), &time| (low.min(time), high.max(time)));
                }
            }
            if ended {
                written.rows += rows as u64;
                written.things.push(ThingId(thing));
                break;
            }
        }
    }
    if written.rows == 0 {
        return Ok(None);
    }
    written.checksum = writer.into_inner()?.sync()?;
    written.bytes = std::fs::metadata(target)?.len();
    Ok(Some(written))
}

/// Whether a Thing goes altogether.
fn is_gone(without: Option<Erasure>, thing: u64) -> bool {
    matches!(without, Some(Erasure::Thing(_, gone)) if gone.0 == thing)
}

/// The rows of a Thing's batch but those an erasure takes.
fn kept(rows: RecordBatch, without: Option<Erasure>, thing: ThingId) -> Result<RecordBatch, Failure> {
    let Some(what) = without.filter(|what| what.thing() == Some(thing)) else { return Ok(rows) };
    let runs = rows.column(column::RUN).as_primitive::<UInt32Type>().values();
    let kept = runs.iter().map(|&run| Some(!what.takes(thing, run))).collect();
    Ok(filter_record_batch(&rows, &kept)?)
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
