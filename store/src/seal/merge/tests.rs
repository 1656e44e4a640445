//! Merging against sorting: the same rows in the same order, whatever the sources.

use std::sync::Arc;

use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use proptest::prelude::*;

use super::*;
use crate::disk::Disk;
use crate::group::{Frame, Group, StreamId};
use crate::hot::{CHUNK, Table};
use crate::snapshot::Segment;
use crate::testing::{Row, rows_of};

const LESSON: LessonId = LessonId(1);

/// A source in memory of (Thing, Run, time); the value is the row's number.
fn source(rows: &[(u64, u32, Micros)], first: usize) -> Source {
    let mut table = Table::new(LESSON, ObservedProperty::Pressure);
    for (row, &(thing, run, time)) in rows.iter().enumerate() {
        let mut group = Group::default();
        group.push(time, 0, [(first + row) as f32, 0.0, 0.0]);
        let stream = StreamId { lesson: LESSON, thing: ThingId(thing), property: ObservedProperty::Pressure };
        group.frames.push(Frame { stream, slot: 0, run, thinned: 0, received: 0, offset: 0, key: None, rows: 0..1 });
        table.push(&group.frames[0], &group, 1).unwrap();
    }
    table.freeze().unwrap();
    Source::chunks(&table.chunks)
}

/// The same as a sealed file.
fn sealed(folder: &std::path::Path, rows: &[(u64, u32, Micros)], first: usize) -> Source {
    let path = folder.join(format!("{first}.parquet"));
    let written = super::super::file::write(&crate::disk::Disk::default(), &path, &mut [source(rows, first)], None, |_| Ok(()));
    let written = written.unwrap().unwrap();
    let segment = Segment::of_file(LESSON, ObservedProperty::Pressure, path, written.rows, written.time, written.things).unwrap();
    Source::file(&Disk::default(), Arc::new(segment)).unwrap()
}

/// Merges the parts (sealed but for the last) and compares with sorting them.
fn check(parts: &[Vec<(u64, u32, Micros)>], things: u64) {
    let folder = tempfile::tempdir().unwrap();
    let (mut sources, mut all, mut first) = (Vec::new(), Vec::new(), 0);
    for (index, part) in parts.iter().enumerate().filter(|(_, part)| !part.is_empty()) {
        let last = index + 1 == parts.len();
        sources.push(if last { source(part, first) } else { sealed(folder.path(), part, first) });
        all.extend(part.iter().enumerate().map(|(row, &(thing, run, time))| (thing, run, time, first + row)));
        first += part.len();
    }
    all.sort_by_key(|row| (row.0, row.1, row.2));
    for thing in 0..things {
        let mut merged = Merged::of(&mut sources, thing).unwrap();
        let mut found: Vec<Row> = Vec::new();
        while let Some(batch) = merged.next().unwrap() {
            assert!(batch.num_rows() > 0 && batch.num_rows() <= parts.len() * CHUNK, "memory for a batch of each source");
            rows_of(&batch, &mut found);
        }
        let found: Vec<_> = found.iter().map(|row| (row.thing, row.run, row.time, row.value[0] as usize)).collect();
        let expected: Vec<_> = all.iter().filter(|row| row.0 == thing).copied().collect();
        assert_eq!(found, expected, "Thing {thing}");
    }
}

#[test]
fn batches_of_long_sources_interleave() {
    let every = |step: usize, from: Micros| (0..20_000).step_by(step).map(|row| (1, 1, from + row as Micros)).collect::<Vec<_>>();
    check(&[every(1, 0), every(3, 5_000), every(1, 0)], 3);
    check(&[vec![(1, 1, 7); 20_000], vec![(1, 1, 7); 10_000], vec![(1, 1, 7); 10]], 2);
    check(&[every(1, 0), vec![], every(1, 20_000)], 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn merging_is_sorting(parts in prop::collection::vec(prop::collection::vec((0..3_u64, 1..3_u32, 0..20_i64), 0..60), 1..5)) {
        check(&parts, 3);
    }
}
