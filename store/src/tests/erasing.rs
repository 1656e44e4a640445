//! Erasing readings and Runs through the store's own door; Things and lessons are in `seal/tests.rs`.

use std::path::PathBuf;

use messwerk_lessons::observation::SenderClock;

use super::*;

/// An offset that stands in the WAL and in Parquet as these bytes.
const PLANTED: i64 = 0x0123_4567_89ab;

fn planted(boot: u64, sequence: u64, thing: u64, from: u32) -> Submission {
    let clock = SenderClock::Offset { offset: PLANTED, uncertainty: 0 };
    Submission { clock, thing: ThingId(thing), ..keyed(boot, sequence, vectors(from, from + 100)) }
}

/// Files below the folder that hold these bytes.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, bytes));
        } else if std::fs::read(&path).unwrap().windows(bytes.len()).any(|window| window == bytes) {
            found.push(path);
        }
    }
    found
}

fn class(folder: &Path) -> Store {
    let store = open(folder);
    store.catalogue().add_lesson(&catalogue::Lesson::free(LESSON, "pendulum", "123456", "join-token", 0)).unwrap();
    for thing in [1, 2] {
        store.catalogue().add_thing(LESSON, ThingId(thing), &|number, _| format!("otter {number}"), &format!("t{thing}"), 0).unwrap();
    }
    store
}

fn runs(store: &Store) -> Vec<(u64, u32, usize)> {
    let rows = rows(&store.snapshot());
    rows.chunk_by(|left, right| (left.thing, left.run) == (right.thing, right.run))
        .map(|rows| (rows[0].thing, rows[0].run, rows.len()))
        .collect()
}

const ACC: ObservedProperty = ObservedProperty::Acceleration;

#[tokio::test]
async fn an_erased_run_is_gone_from_every_file() {
    for (sealed, whole) in [(false, false), (true, false), (false, true), (true, true)] {
        let folder = tempfile::tempdir().unwrap();
        let store = class(folder.path());
        let mut other = vectors(0, 50);
        other.lesson = LessonId(8);
        store.put(other).await.unwrap();
        // Run 1 of Thing 1 is planted; with `whole` it is all there is in the lesson.
        store.put(planted(1, 0, 1, 0)).await.unwrap();
        if !whole {
            store.put(Submission { thing: ThingId(1), ..keyed(2, 0, vectors(0, 30)) }).await.unwrap();
            store.put(Submission { thing: ThingId(2), ..keyed(3, 0, vectors(0, 20)) }).await.unwrap();
        }
        store.catalogue().set_exclusion(ThingId(1), 1, Some("planted-reason")).unwrap();
        if sealed {
            store.seal(None).await.unwrap();
        }
        let changed = store.changed(LESSON);
        store.erase(Erasure::Run(LESSON, ThingId(1), 1)).await.unwrap();
        assert!(store.changed(LESSON) > changed, "live views must notice");
        let case = format!("sealed {sealed}, whole {whole}");
        assert_eq!(holding(folder.path(), &PLANTED.to_le_bytes()), Vec::<PathBuf>::new(), "{case}");
        assert_eq!(holding(folder.path(), b"planted-reason"), Vec::<PathBuf>::new(), "{case}");
        let expected: &[(u64, u32, usize)] = if whole { &[] } else { &[(1, 2, 30), (2, 1, 20)] };
        let mine = |store: &Store| runs(store).into_iter().filter(|run| run.0 < 70).collect::<Vec<_>>();
        assert_eq!(mine(&store), expected, "{case}");
        assert_eq!(store.snapshot_of(LessonId(8)).segments.len(), 1, "{case}: others keep theirs");
        let count = |store: &Store| store.count(LESSON, ThingId(1), ACC);
        assert_eq!(count(&store), if whole { 0 } else { 30 }, "{case}");
        let latest = |store: &Store| store.latest(LESSON).iter().map(|latest| (latest.thing.0, latest.value[0])).collect::<Vec<_>>();
        let last = |row: f32| row / 1024.0;
        assert_eq!(latest(&store), if whole { vec![] } else { vec![(1, last(29.0)), (2, last(19.0))] }, "{case}");
        assert_eq!(store.put(planted(1, 0, 1, 0)).await.unwrap().stored, 0, "{case}: the same batch again");
        drop(store);
        let store = open(folder.path());
        assert_eq!((mine(&store), count(&store)), (expected.to_vec(), if whole { 0 } else { 30 }), "{case}: at the next start");
        assert_eq!(store.put(planted(1, 0, 1, 0)).await.unwrap().stored, 0, "{case}: the same batch again, at the next start");
        assert_eq!(store.put(planted(1, 1, 1, 100)).await.unwrap().run, if whole { 2 } else { 3 }, "{case}: what had not arrived");
        drop(store);
        let store = open(folder.path());
        assert_eq!(store.put(planted(1, 0, 1, 0)).await.unwrap().stored, 0, "{case}: its number is known after that, too");
        assert_eq!(store.put(planted(1, 2, 1, 200)).await.unwrap().run, if whole { 2 } else { 3 }, "{case}: and it goes on");
    }
}

#[tokio::test]
async fn erased_readings_leave_the_lesson_and_its_things() {
    for sealed in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let store = class(folder.path());
        let other = Submission { lesson: LessonId(8), ..vectors(0, 50) };
        store.put(other).await.unwrap();
        for thing in [1, 2] {
            store.put(planted(1, 0, thing, 0)).await.unwrap();
        }
        let detail = "planted-column".to_owned();
        let reject = Reject { reason: RejectReason::UnknownColumn, count: 1, detail };
        let reject = Entry::Reject { lesson: LESSON, thing: ThingId(1), reject, received: 5 };
        store.append(vec![reject]).await.unwrap().committed().await.unwrap();
        store.catalogue().set_exclusion(ThingId(1), 1, Some("planted-reason")).unwrap();
        if sealed {
            store.seal(None).await.unwrap();
        }
        let changed = store.changed(LESSON);
        store.erase(Erasure::Readings(LESSON)).await.unwrap();
        assert!(store.changed(LESSON) > changed, "live views must notice");
        for bytes in [&PLANTED.to_le_bytes()[..], b"planted-column", b"planted-reason"] {
            assert_eq!(holding(folder.path(), bytes), Vec::<PathBuf>::new(), "sealed {sealed}");
        }
        assert_eq!((store.latest(LESSON), store.rejections(LESSON), rows(&store.snapshot()).len()), (vec![], vec![], 50));
        assert_eq!(store.catalogue().things(LESSON).unwrap().len(), 2);
        assert_eq!(store.put(planted(2, 0, 1, 0)).await.unwrap().run, 1, "Runs count from 1");
        drop(store);
        let store = open(folder.path());
        assert_eq!(runs(&store), [(1, 1, 100), (70, 1, 50)], "sealed {sealed}");
        assert_eq!((store.catalogue().erasures().unwrap(), store.problems()), (vec![], vec![]));
        assert_eq!(store.put(planted(2, 1, 1, 100)).await.unwrap().run, 1, "and go on");
    }
}

#[tokio::test]
async fn an_erasure_cut_short_is_finished_as_what_it_was() {
    for (what, left) in [
        (Erasure::Run(LESSON, ThingId(1), 1), &[(1, 2, 100), (2, 1, 100)][..]),
        (Erasure::Thing(LESSON, ThingId(1)), &[(2, 1, 100)]),
        (Erasure::Readings(LESSON), &[]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = class(folder.path());
        for (boot, thing) in [(1, 1), (2, 1), (3, 2)] {
            store.put(planted(boot, 0, thing, 0)).await.unwrap();
        }
        store.catalogue().begin_erasure(what).unwrap();
        drop(store);
        let store = open(folder.path());
        assert_eq!(runs(&store), left, "{what:?}");
        assert_eq!(store.catalogue().erasures().unwrap(), []);
        assert!(store.put(planted(9, 0, 2, 0)).await.is_ok(), "{what:?}: others go on");
    }
}

#[tokio::test]
async fn batches_that_have_not_arrived_are_told_by_thing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for (sequence, from) in [(0, 0), (1, 100), (4, 400), (6, 600)] {
        store.put(planted(1, sequence, 1, from)).await.unwrap();
    }
    store.put(planted(5, 3, 2, 0)).await.unwrap();
    assert_eq!(store.missing(LESSON), [(ThingId(1), 3)], "what comes before the first is not known to exist");
    store.put(planted(1, 5, 1, 500)).await.unwrap();
    assert_eq!(store.missing(LESSON), [(ThingId(1), 2)]);
    drop(store);
    let store = open(folder.path());
    assert_eq!((store.missing(LESSON), store.missing(LessonId(8))), (vec![(ThingId(1), 2)], vec![]), "from the WAL");
    store.close().await.unwrap();
    drop(store);
    let store = open(folder.path());
    assert_eq!(store.missing(LESSON), [(ThingId(1), 2)], "from the checkpoint");
    store.erase(Erasure::Thing(LESSON, ThingId(1))).await.unwrap();
    assert_eq!(store.missing(LESSON), []);
}

#[tokio::test]
async fn a_take_after_a_restart_is_a_new_run() {
    for sealed in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        let at = |seconds: i64, since: i64, batch| {
            let take = crate::InTake { begins: NOON + since * 1_000_000, ends: None, further: false };
            Submission { received: NOON + seconds * 1_000_000, since: Some(take), ..batch }
        };
        assert_eq!(store.put(at(1, 0, vectors(0, 100))).await.unwrap().run, 1);
        if sealed {
            store.close().await.unwrap();
        }
        drop(store);
        let store = open(folder.path());
        assert_eq!(store.put(at(2, 0, vectors(100, 200))).await.unwrap().run, 1, "the same Take goes on");
        drop(store);
        let store = open(folder.path());
        let receipt = store.put(at(9, 8, vectors(150, 300))).await.unwrap();
        assert_eq!((receipt.run, receipt.stored, receipt.duplicates), (2, 100, 50), "sealed {sealed}");
    }
}
