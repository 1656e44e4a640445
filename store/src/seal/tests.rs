//! Sealing, merging, crashes in between, and erasing, through the store's own door.

use std::path::PathBuf;

use messwerk_lessons::id::ThingId;
use tempfile::TempDir;

use super::*;
use crate::testing::{LESSON, Row, THING, open, options, rows, vectors};
use crate::{Entry, Options, Store, Submission};

fn of(lesson: u64, thing: u64, batch: Submission) -> Submission {
    Submission { lesson: LessonId(lesson), thing: ThingId(thing), ..batch }
}

/// Every file below the folder with its content.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push((path.clone(), std::fs::read(&path).unwrap())) }
    }
    found
}

fn segments(folder: &TempDir) -> usize {
    files(&folder.path().join("lessons")).iter().filter(|(path, _)| path.to_string_lossy().ends_with(".parquet")).count()
}

#[tokio::test]
async fn a_lesson_ends_with_one_sorted_file_a_property() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for part in 0..5 {
        for thing in [9, 3, 5] {
            store.put(of(7, thing, vectors(part * 100, (part + 1) * 100))).await.unwrap();
        }
        store.seal(None).await.unwrap();
    }
    let before = rows(&store.snapshot());
    store.seal(Some(LESSON)).await.unwrap();
    let snapshot = store.snapshot();
    assert_eq!(snapshot.segments.len(), 1);
    let segment = &snapshot.segments[0];
    assert_eq!((segment.rows, segment.things.clone()), (1_500, vec![ThingId(3), ThingId(5), ThingId(9)]));
    assert_eq!(rows(&snapshot), before);
    let mut in_file = Vec::new();
    for batch in parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(&segment.path).unwrap())
        .unwrap()
        .build()
        .unwrap()
    {
        crate::testing::rows_of(&batch.unwrap(), &mut in_file);
    }
    assert!(in_file.is_sorted_by_key(|row: &Row| (row.thing, row.run, row.time)));
    drop((snapshot, store));
    assert_eq!(segments(&folder), 2, "the merged files are gone, their roll-ups too");
}

#[tokio::test]
async fn a_held_snapshot_keeps_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.put(vectors(0, 100)).await.unwrap();
    store.seal(None).await.unwrap();
    let held = store.snapshot();
    store.put(vectors(100, 200)).await.unwrap();
    store.seal(Some(LESSON)).await.unwrap();
    assert_eq!(rows(&held).len(), 100);
    assert_eq!(segments(&folder), 4);
    drop(held);
    assert_eq!(segments(&folder), 2);
}

#[tokio::test]
async fn row_groups_end_at_things() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for thing in 1..=3 {
        for part in 0..5 {
            store.put(of(7, thing, vectors(part * 8_000, (part + 1) * 8_000))).await.unwrap();
        }
    }
    store.put(of(7, 4, vectors(0, 100_000))).await.unwrap();
    store.seal(Some(LESSON)).await.unwrap();
    let file = std::fs::File::open(&store.snapshot().segments[0].path).unwrap();
    let metadata = parquet::arrow::arrow_reader::ArrowReaderMetadata::load(&file, Default::default()).unwrap();
    let groups: Vec<i64> = metadata.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
    assert_eq!(groups, [40_000, 40_000, 40_000, 65_536, 34_464]);
}

#[tokio::test]
async fn readers_see_every_row_once_while_it_is_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open(folder.path(), Options { seal_rows: 500, ..options() }, Arc::new(crate::SystemClock)).unwrap());
    let writers: Vec<_> = (0..4_u64)
        .map(|thing| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for part in 0..40 {
                    store.put(of(7, thing, vectors(part * 50, (part + 1) * 50))).await.unwrap();
                }
            })
        })
        .collect();
    let sealer = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for round in 0..10 {
                store.seal((round % 3 == 0).then_some(LESSON)).await.unwrap();
            }
        })
    };
    let mut seen = 0;
    while seen < 8_000 {
        let rows = rows(&store.snapshot());
        assert!(rows.len() >= seen, "rows do not vanish");
        let mut distinct = rows.clone();
        distinct.dedup_by_key(|row| (row.thing, row.raw));
        assert_eq!(distinct.len(), rows.len(), "nor appear twice");
        seen = rows.len();
        tokio::task::yield_now().await;
    }
    for task in writers {
        task.await.unwrap();
    }
    sealer.await.unwrap();
}

#[tokio::test]
async fn a_failed_seal_loses_nothing_and_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let disk = crate::disk::Disk::default();
    let store = Store::open_on(folder.path(), options(), Arc::new(crate::SystemClock), disk.clone()).unwrap();
    store.put(vectors(0, 5_000)).await.unwrap();
    let before = rows(&store.snapshot());
    for room in [0, 1_000, 20_000] {
        disk.faults.set_room(room);
        assert!(store.seal(None).await.is_err(), "room for {room} bytes");
        assert_eq!(rows(&store.snapshot()), before);
        assert!(store.problems().iter().any(|problem| problem.contains("free some disk space")));
    }
    disk.faults.set_room(i64::MAX);
    store.seal(None).await.unwrap();
    assert_eq!(rows(&store.snapshot()), before);
    assert_eq!(store.problems(), Vec::<String>::new());
    assert_eq!(segments(&folder), 2, "half-written files are removed");
}

#[tokio::test]
async fn a_crash_between_manifest_and_wal_repeats_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.put(vectors(0, 100)).await.unwrap();
    let wal = files(&folder.path().join("wal"));
    store.seal(None).await.unwrap();
    store.put(vectors(100, 150)).await.unwrap();
    let before = (rows(&store.snapshot()), store.latest(LESSON), store.count(LESSON, THING, ObservedProperty::Acceleration));
    drop(store);
    // The WAL as it was before the seal, if it is gone: frames that are sealed.
    for (path, content) in wal.iter().filter(|(path, _)| path.extension().is_some_and(|kind| kind == "wal")) {
        if !path.exists() {
            std::fs::write(path, content).unwrap();
        }
    }
    std::fs::write(folder.path().join("lessons").join(LESSON.to_string()).join("acceleration-999999.parquet"), b"left over").unwrap();
    let store = open(folder.path());
    let after = (rows(&store.snapshot()), store.latest(LESSON), store.count(LESSON, THING, ObservedProperty::Acceleration));
    assert_eq!(after, before);
    assert_eq!(segments(&folder), 2, "what the manifest does not name is removed");
}

#[tokio::test]
async fn a_segment_that_disappeared_is_named_and_the_rest_works() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.put(vectors(0, 100)).await.unwrap();
    store.put(of(8, 1, vectors(0, 30))).await.unwrap();
    store.close().await.unwrap();
    let path = store.snapshot().segments.iter().find(|segment| segment.lesson == LESSON).unwrap().path.clone();
    drop(store);
    let aside = folder.path().join("aside");
    std::fs::rename(&path, &aside).unwrap();
    let store = open(folder.path());
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(store.problems().iter().any(|problem| problem.contains(name) && problem.contains("100 acceleration readings")));
    assert_eq!(rows(&store.snapshot()).len(), 30);
    store.put(vectors(100, 110)).await.unwrap();
    store.close().await.unwrap();
    drop(store);
    std::fs::rename(&aside, &path).unwrap();
    let store = open(folder.path());
    assert_eq!((store.problems().len(), rows(&store.snapshot()).len()), (0, 140), "put back, it counts again");
}

/// Whether any file below the folder holds one of the planted values, as they stand in WAL and Parquet.
fn holds(folder: &TempDir, planted: &[u8]) -> Vec<PathBuf> {
    let found = |content: &[u8]| content.windows(planted.len()).any(|window| window == planted);
    files(folder.path()).into_iter().filter(|(_, content)| found(content)).map(|(path, _)| path).collect()
}

#[tokio::test]
async fn what_is_erased_is_gone_from_every_file() {
    let told = messwerk_lessons::observation::SenderClock::Offset { offset: 0x0123_4567_89ab, uncertainty: 0 };
    let planted = 0x0123_4567_89ab_i64.to_le_bytes();
    for (sealed, whole) in [(false, false), (true, false), (false, true), (true, true)] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        store.put(of(7, 2, vectors(0, 100))).await.unwrap();
        store.put(of(8, 3, vectors(0, 100))).await.unwrap();
        store.put(Submission { clock: told, ..of(7, 1, vectors(0, 100)) }).await.unwrap();
        let reject = messwerk_lessons::reject::Reject {
            reason: messwerk_lessons::reject::RejectReason::UnknownColumn,
            count: 1,
            detail: "planted-column".to_owned(),
        };
        let reject = Entry::Reject { lesson: LESSON, thing: ThingId(1), reject, received: 5 };
        store.append(vec![reject]).await.unwrap().committed().await.unwrap();
        if sealed {
            store.seal(None).await.unwrap();
        }
        let held = store.snapshot();
        assert!(!holds(&folder, b"planted-column").is_empty() && (sealed || !holds(&folder, &planted).is_empty()), "planted");
        store.erase(if whole { Erasure::Lesson(LESSON) } else { Erasure::Thing(LESSON, ThingId(1)) }).await.unwrap();
        assert_eq!(holds(&folder, b"planted-column"), Vec::<PathBuf>::new(), "sealed {sealed}, whole {whole}");
        assert_eq!(holds(&folder, &planted), Vec::<PathBuf>::new(), "sealed {sealed}, whole {whole}");
        drop(held);
        let late = store.put(of(7, 1, vectors(200, 210))).await;
        assert!(matches!(late, Err(Error::NotFound(_))), "a late packet does not bring it back");
        let left: Vec<u64> = rows(&store.snapshot()).iter().map(|row| row.thing).collect();
        assert_eq!((left.contains(&1), left.contains(&2), left.contains(&3)), (false, !whole, true));
        assert_eq!((store.latest(LESSON).len(), store.rejections(LESSON)), (usize::from(!whole), vec![]));
        drop(store);
        let store = open(folder.path());
        assert_eq!(rows(&store.snapshot()).len(), if whole { 100 } else { 200 });
        assert_eq!((store.rejections(LESSON).len(), store.count(LESSON, ThingId(1), ObservedProperty::Acceleration)), (0, 0));
    }
}

#[tokio::test]
async fn an_erasure_cut_short_is_finished_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.put(of(7, 1, vectors(0, 100))).await.unwrap();
    store.put(of(7, 2, vectors(0, 100))).await.unwrap();
    store.catalogue().begin_erasure(Erasure::Thing(LESSON, ThingId(1))).unwrap();
    drop(store);
    let store = open(folder.path());
    assert!(rows(&store.snapshot()).iter().all(|row| row.thing == 2));
    assert_eq!(store.catalogue().erasures().unwrap(), []);
}

#[tokio::test]
async fn closing_rewrites_nothing_and_the_next_seal_makes_up_for_it() {
    let folder = tempfile::tempdir().unwrap();
    for part in 0..3 {
        let store = open(folder.path());
        store.put(vectors(part * 100, (part + 1) * 100)).await.unwrap();
        store.close().await.unwrap();
        assert_eq!(store.snapshot().segments.len(), part as usize + 1, "what is sealed stays as it is");
    }
    let store = open(folder.path());
    store.put(vectors(300, 500)).await.unwrap();
    store.seal(None).await.unwrap();
    assert_eq!((store.snapshot().segments.len(), rows(&store.snapshot()).len()), (1, 500));
}

/// The one segment of a lesson.
fn segment_of(store: &Store, lesson: u64) -> Arc<Segment> {
    let segments = store.snapshot_of(LessonId(lesson)).segments;
    assert_eq!(segments.len(), 1);
    Arc::clone(&segments[0])
}

#[tokio::test]
async fn a_damaged_segment_stops_no_seal_not_even_its_own() {
    for damage in ["in its rows", "in its end", "gone"] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        store.put(vectors(0, 100)).await.unwrap();
        store.put(of(8, 1, vectors(0, 30))).await.unwrap();
        store.seal(None).await.unwrap();
        let damaged = segment_of(&store, LESSON.0);
        let mut bytes = std::fs::read(&damaged.path).unwrap();
        let length = bytes.len();
        match damage {
            "in its rows" => bytes[4..length / 3].fill(0xaa),
            _ => bytes[length - 100..].fill(0xaa),
        }
        if damage == "gone" {
            std::fs::remove_file(&damaged.path).unwrap()
        } else {
            std::fs::write(&damaged.path, &bytes).unwrap()
        }
        store.put(vectors(100, 150)).await.unwrap();
        store.put(of(8, 1, vectors(30, 60))).await.unwrap();
        store.seal(None).await.unwrap();
        store.seal(Some(LESSON)).await.unwrap();
        let snapshot = store.snapshot();
        assert_eq!((snapshot.hot.len(), rows(&snapshot).len()), (0, 110), "{damage}: all but its own rows");
        let unreadable = store.unreadable(LESSON);
        assert!(unreadable.len() == 1 && unreadable[0].path == damaged.path, "{damage}: {unreadable:?}");
        assert_eq!(store.unreadable(LessonId(8)).len(), 0);
        let problems = store.problems();
        assert!(problems.len() == 1 && problems[0].contains("100 acceleration readings"), "{damage}: {problems:?}");
        store.close().await.unwrap();
        drop((snapshot, store));
        assert_eq!(rows(&open(folder.path()).snapshot_of(LessonId(8))).len(), 60);
    }
}

#[tokio::test]
async fn a_segment_that_disappears_meanwhile_is_left_out_until_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.put(vectors(0, 100)).await.unwrap();
    store.put(of(8, 1, vectors(0, 30))).await.unwrap();
    store.seal(None).await.unwrap();
    let (segment, aside) = (segment_of(&store, LESSON.0), folder.path().join("aside"));
    store.verify(&segment).unwrap();
    for found_by_reader in [false, true] {
        let mut committed = store.committed();
        std::fs::rename(&segment.path, &aside).unwrap();
        if found_by_reader {
            assert!(store.verify(&segment).unwrap_err().to_string().contains(segment.path.to_str().unwrap()));
        } else {
            store.maintain().await.unwrap();
        }
        assert!(committed.has_changed().unwrap(), "live views are woken");
        committed.mark_unchanged();
        assert_eq!((store.unreadable(LESSON).len(), store.problems().len(), rows(&store.snapshot()).len()), (1, 1, 30));
        std::fs::rename(&aside, &segment.path).unwrap();
        store.maintain().await.unwrap();
        assert!(committed.has_changed().unwrap());
        assert_eq!((store.unreadable(LESSON).len(), store.problems().len(), rows(&store.snapshot()).len()), (0, 0, 130));
    }
}

#[tokio::test]
async fn resends_are_recognised_by_the_rows_that_are_left() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for (from, to) in [(0, 1_000), (1_000, 1_100)] {
        store.put(vectors(from, to)).await.unwrap();
        store.seal(None).await.unwrap();
    }
    let first = store.snapshot().segments.iter().find(|segment| segment.rows == 1_000).unwrap().path.clone();
    drop(store);
    let store = open(folder.path());
    std::fs::remove_file(first).unwrap();
    let receipt = store.put(vectors(0, 1_100)).await.unwrap();
    assert_eq!((receipt.stored, receipt.duplicates, receipt.run), (1_000, 100, 1));
    assert_eq!((store.problems().len(), rows(&store.snapshot()).len()), (1, 1_100));
}

#[tokio::test]
async fn no_room_for_the_next_wal_file_does_not_stop_sealing() {
    let folder = tempfile::tempdir().unwrap();
    let disk = crate::disk::Disk::default();
    let options = Options { seal_rows: 500, wal_file: 256 << 10, ..options() };
    let store = Store::open_on(folder.path(), options, Arc::new(crate::SystemClock), disk.clone()).unwrap();
    disk.faults.set_room(150_000);
    store.put(vectors(0, 2_000)).await.unwrap();
    store.maintain().await.unwrap();
    assert_eq!((store.stats().hot_rows, store.stats().segment_rows), (0, 2_000));
    let problems = store.problems();
    assert!(problems.len() == 1 && problems[0].contains("the next WAL file cannot be made"), "{problems:?}");
    disk.faults.set_room(i64::MAX);
    store.maintain().await.unwrap();
    assert_eq!(store.problems(), Vec::<String>::new());
}

#[tokio::test]
async fn one_table_that_cannot_be_sealed_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.put(vectors(0, 100)).await.unwrap();
    store.put(of(8, 1, vectors(0, 30))).await.unwrap();
    // A folder where the first file is to be made.
    let in_the_way = folder.path().join("lessons").join(LESSON.to_string()).join("acceleration-000001.tmp");
    std::fs::create_dir_all(&in_the_way).unwrap();
    assert!(store.seal(None).await.is_err());
    assert_eq!((store.stats().hot_rows, store.stats().segment_rows), (100, 30));
    let problems = store.problems();
    assert!(problems.len() == 1 && problems[0].contains("check the disk and who may write"), "{problems:?}");
    store.seal(None).await.unwrap();
    assert_eq!((store.stats().hot_rows, store.problems().len()), (0, 0));
}

#[tokio::test]
async fn nobody_is_erased_from_a_damaged_segment_and_the_answer_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for thing in [1, 2] {
        store.put(of(7, thing, vectors(0, 100))).await.unwrap();
    }
    store.put(of(8, 1, vectors(0, 30))).await.unwrap();
    store.seal(None).await.unwrap();
    let path = segment_of(&store, LESSON.0).path.clone();
    let mut bytes = std::fs::read(&path).unwrap();
    let length = bytes.len();
    bytes[length - 100..].fill(0xaa);
    std::fs::write(&path, bytes).unwrap();
    let error = store.erase(Erasure::Thing(LESSON, ThingId(1))).await.unwrap_err();
    assert!(error.to_string().contains(path.to_str().unwrap()) && error.to_string().contains("erase again"), "{error}");
    assert!(store.problems().iter().all(|problem| !problem.contains("sealing failed")), "{:?}", store.problems());
    assert!(!store.shared.stuck.load(Ordering::Relaxed), "no reader's memory fills up for it");
    drop(store);
    let store = open(folder.path());
    assert!(store.problems().iter().any(|problem| problem.contains("tried again at the next start")), "the hub starts all the same");
    assert_eq!(rows(&store.snapshot_of(LessonId(8))).len(), 30);
    std::fs::remove_file(&path).unwrap();
    store.erase(Erasure::Thing(LESSON, ThingId(1))).await.unwrap();
    assert_eq!(store.catalogue().erasures().unwrap(), []);
}

#[tokio::test]
async fn without_descriptors_a_healthy_segment_is_not_called_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let disk = crate::disk::Disk::default();
    let again = || Store::open_on(folder.path(), options(), Arc::new(crate::SystemClock), disk.clone()).unwrap();
    let store = again();
    store.put(vectors(0, 100)).await.unwrap();
    store.seal(None).await.unwrap();
    drop(store);
    let store = again();
    disk.faults.fail_opening(0, 1);
    let error = store.put(vectors(0, 100)).await.unwrap_err();
    assert!(error.kind() == crate::ErrorKind::Unavailable && error.to_string().contains("open more files"), "{error}");
    assert_eq!(store.put(vectors(0, 150)).await.unwrap().duplicates, 100, "tried again, it is recognised");
    disk.faults.fail_opening(0, 1);
    assert!(store.seal(Some(LESSON)).await.is_err());
    disk.faults.fail_opening(0, 1);
    assert_eq!(store.verify(&segment_of(&store, LESSON.0)).unwrap_err().kind(), crate::ErrorKind::Unavailable);
    assert_eq!(store.unreadable(LESSON).len(), 0);
    store.seal(Some(LESSON)).await.unwrap();
    assert_eq!((store.problems(), rows(&store.snapshot()).len()), (vec![], 150));
}

#[tokio::test]
async fn a_segment_an_erasure_takes_away_from_under_a_reader_is_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for thing in [1, 2] {
        store.put(of(7, thing, vectors(0, 100))).await.unwrap();
    }
    store.seal(None).await.unwrap();
    let stored = || lock(&store.shared.view).stored(LESSON, ObservedProperty::Acceleration).unwrap();
    let (before, segment) = (stored(), segment_of(&store, LESSON.0));
    store.erase(Erasure::Thing(LESSON, ThingId(1))).await.unwrap();
    assert_eq!(store.shared.rows_of(ThingId(2), before).unwrap(), None, "the view is asked again");
    let rows = store.shared.rows_of(ThingId(2), stored()).unwrap().unwrap();
    assert_eq!(rows.iter().map(|rows| rows.num_rows()).sum::<usize>(), 100);
    assert!(matches!(store.verify(&segment), Err(Error::NotFound(_))));
    assert_eq!(store.problems(), Vec::<String>::new());
}
