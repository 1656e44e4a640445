//! The store as its callers see it.

mod erasing;
mod exactly_once;
mod faults;

use messwerk_lessons::observation::SenderClock;
use messwerk_lessons::reject::{Reject, RejectReason};

use super::*;
use crate::testing::*;

#[tokio::test]
async fn what_was_acknowledged_is_there_hot_reopened_sealed_and_closed() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let receipt = store.put(vectors(0, 100)).await.unwrap();
    assert_eq!(receipt, Receipt { stored: 100, duplicates: 0, thinned: 0, refused: 0, conflicting: 0, run: 1 });
    assert_eq!(
        store.put(vectors(50, 150)).await.unwrap(),
        Receipt { stored: 50, duplicates: 50, thinned: 0, refused: 0, conflicting: 0, run: 1 }
    );
    let before = rows(&store.snapshot());
    assert_eq!(before.len(), 150);
    assert_eq!((store.changed(LESSON), store.changed(LessonId(LESSON.0 + 1))), (*store.committed().borrow(), 0));
    let latest = store.latest(LESSON);
    // Dropped without closing: a crash.
    drop(store);

    let store = open(folder.path());
    assert_eq!(rows(&store.snapshot()), before);
    assert_eq!(store.latest(LESSON), latest);
    store.seal(Some(LESSON)).await.unwrap();
    let sealed = store.snapshot();
    assert_eq!((sealed.hot.len(), sealed.segments.len()), (0, 1));
    assert_eq!(rows(&sealed), before);
    assert_eq!(
        store.put(vectors(100, 160)).await.unwrap(),
        Receipt { stored: 10, duplicates: 50, thinned: 0, refused: 0, conflicting: 0, run: 1 }
    );
    assert_eq!(rows(&store.snapshot()).len(), 160);
    store.close().await.unwrap();
    assert!(matches!(store.put(vectors(0, 1)).await, Err(Error::Closed)));
    drop(store);

    let store = open(folder.path());
    assert_eq!(rows(&store.snapshot()).len(), 160);
    assert_eq!(store.count(LESSON, THING, ObservedProperty::Acceleration), 160);
    assert_eq!(
        store.put(vectors(0, 160)).await.unwrap(),
        Receipt { stored: 0, duplicates: 160, thinned: 0, refused: 0, conflicting: 0, run: 1 }
    );
}

#[tokio::test]
async fn entries_are_answered_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let reject = |count| Reject { reason: RejectReason::NotFinite, count, detail: format!("{count} values are NaN") };
    let rejected = |count| Entry::Reject { lesson: LESSON, thing: THING, reject: reject(count), received: NOON + i64::from(count) };
    let entries = vec![Entry::Readings(vectors(0, 5)), rejected(2), Entry::Readings(vectors(0, 7)), rejected(3)];
    let (lsn, receipts) = store.append(entries).await.unwrap().committed().await.unwrap();
    let stored: Vec<_> = receipts.iter().map(|receipt| (receipt.stored, receipt.duplicates, receipt.run)).collect();
    assert_eq!((lsn, stored), (1, vec![(5, 0, 1), (0, 0, 0), (2, 5, 1), (0, 0, 0)]));
    let expected = vec![Rejection { thing: THING, count: 5, last: reject(3), received: NOON + 3 }];
    assert_eq!(store.rejections(LESSON), expected);
    drop(store);
    let store = open(folder.path());
    assert_eq!(store.rejections(LESSON), expected, "from the WAL");
    store.close().await.unwrap();
    drop(store);
    assert_eq!(open(folder.path()).rejections(LESSON), expected, "from the checkpoint");
}

#[tokio::test]
async fn commits_and_seals_wake_those_who_watch() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut committed = store.committed();
    committed.mark_unchanged();
    store.put(vectors(0, 10)).await.unwrap();
    committed.changed().await.unwrap();
    assert_eq!(*committed.borrow_and_update(), 1);
    assert_eq!(store.put(vectors(0, 10)).await.unwrap().duplicates, 10);
    assert!(!committed.has_changed().unwrap(), "nothing new, nobody is woken");
    store.seal(None).await.unwrap();
    assert!(committed.has_changed().unwrap());
    assert_eq!(store.snapshot_of(LessonId(1)).segments.len(), 0);
    assert_eq!(store.snapshot_of(LESSON).segments.len(), 1);
}

#[tokio::test]
async fn many_append_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(folder.path()));
    let tasks: Vec<_> = (0..50_u64)
        .map(|thing| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for row in 0..40 {
                    let batch = Submission { thing: ThingId(thing), ..vectors(row, row + 1) };
                    assert_eq!(store.put(batch).await.unwrap().stored, 1);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let stats = store.stats();
    assert_eq!((stats.hot_rows, stats.queue_bytes, stats.queue_appends), (2_000, 0, 0));
    assert!(stats.lsn < 2_000, "appends at once share commits: {}", stats.lsn);
    assert_eq!(store.problems(), Vec::<String>::new());
}

#[tokio::test]
async fn the_latest_is_by_phenomenon_time_and_tells_the_newest_arrival() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.put(scalars(&[(1.0, 10.0), (0.5, 20.0)])).await.unwrap();
    let property = ObservedProperty::Illuminance;
    let expected = |received_us| [Latest { thing: THING, property, time: NOON, value: [10.0, 0.0, 0.0], received_us }];
    assert_eq!(store.latest(LESSON), expected(NOON));
    // A clock that fell back by an hour: the reading of before stays the latest, and the phone is not silent.
    let clock = SenderClock::Offset { offset: NOON - 3_600_000_000, uncertainty: 0 };
    let behind = Submission { clock, received: NOON + 5_000_000, ..scalars(&[(2.0, 30.0)]) };
    store.put(behind).await.unwrap();
    assert_eq!(store.latest(LESSON), expected(NOON + 5_000_000));
    drop(store);
    let store = open(folder.path());
    assert_eq!(store.latest(LESSON), expected(NOON + 5_000_000), "from the WAL");
    store.close().await.unwrap();
    drop(store);
    assert_eq!(open(folder.path()).latest(LESSON), expected(NOON + 5_000_000), "from the checkpoint");
}

#[test]
fn a_second_hub_is_refused_and_a_second_catalogue_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let second = Store::open(folder.path(), options(), Arc::new(SystemClock));
    let error = second.unwrap_err();
    assert!(matches!(error, Error::InUse(_)) && error.kind() == ErrorKind::Unavailable);
    Catalogue::open(folder.path()).unwrap().add_token("t", catalogue::Role::Teacher, 1).unwrap();
    assert!(store.catalogue().role("t").unwrap().is_some());
    drop(store);
    open(folder.path());
}

#[test]
fn a_folder_that_cannot_be_one_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    std::fs::write(&file, b"").unwrap();
    let error = Store::open(&file, options(), Arc::new(SystemClock)).unwrap_err();
    assert!(matches!(&error, Error::ReadOnly(why) if why.contains("--data-dir")), "{error}");
    // Nothing stops root; anybody else may not write here.
    if let Err(error) = Store::open(Path::new("/proc/messwerk"), options(), Arc::new(SystemClock)) {
        assert!(matches!(error, Error::ReadOnly(_)), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_folder_is_for_the_hub_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let new = folder.path().join("school").join("data");
    drop(open(&new));
    assert_eq!((mode(&new), mode(&folder.path().join("school"))), (0o700, 0o700));
    let given = folder.path().join("given");
    std::fs::create_dir(&given).unwrap();
    std::fs::set_permissions(&given, std::fs::Permissions::from_mode(0o750)).unwrap();
    drop(open(&given));
    assert_eq!(mode(&given), 0o750, "what was given stays");
}
