//! A disk that runs full, stops answering or forgets; memory that runs full; defects.

use std::time::Duration;

use crate::disk::Disk;
use crate::testing::*;
use crate::*;

fn on(folder: &Path, options: Options) -> (Store, Disk) {
    let disk = Disk::default();
    (Store::open_on(folder, options, Arc::new(SystemClock), disk.clone()).unwrap(), disk)
}

#[tokio::test]
async fn after_a_failed_flush_nothing_is_acknowledged_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (store, disk) = on(folder.path(), options());
    store.put(vectors(0, 100)).await.unwrap();
    disk.faults.set_dead(true);
    let error = store.put(vectors(100, 200)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    assert_eq!(rows(&store.snapshot()).len(), 100, "what is not durable is not shown");
    disk.faults.set_dead(false);
    let error = store.put(vectors(100, 200)).await.unwrap_err();
    assert!(matches!(error, Error::ReadOnly(_)), "a disk that failed once is not trusted again: {error}");
    assert!(matches!(store.seal(None).await, Err(Error::ReadOnly(_))));
    assert_eq!((store.stats().flush_failures, store.problems().len(), store.read_only()), (1, 1, true));
    assert!(store.close().await.is_err());
    drop(store);
    let (store, _) = on(folder.path(), options());
    let receipt = store.put(vectors(0, 200)).await.unwrap();
    // The second hundred reached the file but not its acknowledgement: either answer is right, both keep it once.
    assert_eq!(receipt.stored + receipt.duplicates, 200);
    assert_eq!(rows(&store.snapshot()).len(), 200);
}

#[tokio::test]
async fn a_full_disk_is_an_error_that_names_the_fix_and_keeps_what_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let (store, disk) = on(folder.path(), options());
    disk.faults.set_room(300_000);
    let mut stored = 0;
    let error = loop {
        match store.put(vectors(stored, stored + 500)).await {
            Ok(receipt) => stored += receipt.stored,
            Err(error) => break error,
        }
    };
    assert!(stored > 0 && error.to_string().contains("the disk is full; free some space"), "{stored}: {error}");
    drop(store);
    let (store, _) = on(folder.path(), options());
    assert!(rows(&store.snapshot()).len() >= stored as usize);
    assert_eq!(store.put(vectors(0, stored)).await.unwrap().duplicates, stored);
}

#[tokio::test]
async fn memory_stays_within_its_budget_and_appends_wait() {
    let folder = tempfile::tempdir().unwrap();
    let memory = 2 << 20;
    let (store, _) = on(folder.path(), Options { memory, ..options() });
    let store = Arc::new(store);
    let tasks: Vec<_> = (0..8_u64)
        .map(|thing| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for part in 0..60 {
                    let batch = Submission { thing: ThingId(thing), ..vectors(part * 500, (part + 1) * 500) };
                    // Not waiting for the commit: as fast as memory lets it.
                    let ticket = store.append(vec![Entry::Readings(batch)]).await.unwrap();
                    assert!(store.stats().memory_bytes <= memory + 8 * 50_000, "at most one append a task above the budget");
                    if part % 16 == 15 {
                        ticket.committed().await.unwrap();
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    store.put(Submission { thing: ThingId(99), ..vectors(0, 1) }).await.unwrap();
    let stats = store.stats();
    assert!(stats.seals > 0, "240,000 readings do not fit into 2 MiB");
    assert_eq!(rows(&store.snapshot()).len(), 240_001);
}

#[tokio::test]
async fn with_full_memory_and_a_full_disk_append_answers_instead_of_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let (store, disk) = on(folder.path(), Options { memory: 1 << 20, wal_file: 8 << 20, ..options() });
    store.put(vectors(0, 2_000)).await.unwrap();
    // Room for the WAL, which is preallocated but counted here, and not for the seal.
    disk.faults.set_room(260_000);
    let mut from = 2_000;
    let error = loop {
        let answer = tokio::time::timeout(Duration::from_secs(60), store.put(vectors(from, from + 1_000))).await.unwrap();
        match answer {
            Ok(_) => from += 1_000,
            Err(error) => break error,
        }
    };
    assert!(matches!(&error, Error::ReadOnly(_)), "{error}");
    assert_eq!(rows(&store.snapshot()).len(), from as usize);
}

#[tokio::test]
async fn when_a_full_disk_has_room_again_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (store, disk) = on(folder.path(), options());
    // Enough for one file, not for the next.
    disk.faults.set_room(100_000);
    let mut stored = 0;
    let error = loop {
        match store.put(vectors(stored, stored + 100)).await {
            Ok(receipt) => stored += receipt.stored,
            Err(error) => break error,
        }
    };
    assert!(stored > 0 && error.to_string().contains("the disk is full; free some space"), "{stored}: {error}");
    assert!(store.problems().iter().any(|problem| problem.contains("goes on by itself")), "{:?}", store.problems());
    assert_eq!(store.stats().flush_failures, 0);
    disk.faults.set_room(i64::MAX);
    store.maintain().await.unwrap();
    // What was refused was not taken for stored.
    assert_eq!(store.put(vectors(stored, stored + 100)).await.unwrap().stored, 100);
    assert_eq!((store.problems(), rows(&store.snapshot()).len()), (vec![], stored as usize + 100));
    drop(store);
    let (store, _) = on(folder.path(), options());
    assert_eq!(rows(&store.snapshot()).len(), stored as usize + 100);
}

#[tokio::test]
async fn without_descriptors_for_the_next_wal_file_it_goes_on_when_there_are_some() {
    for after in [0, 1] {
        let folder = tempfile::tempdir().unwrap();
        let (store, disk) = on(folder.path(), options());
        disk.faults.fail_opening(after, usize::MAX);
        let mut stored = 0;
        let error = loop {
            match store.put(vectors(stored, stored + 100)).await {
                Ok(receipt) => stored += receipt.stored,
                Err(error) => break error,
            }
        };
        assert!(stored > 0 && error.kind() == ErrorKind::Unavailable && error.to_string().contains("too many files"), "{error}");
        disk.faults.fail_opening(0, 0);
        assert_eq!(store.put(vectors(stored, stored + 100)).await.unwrap().stored, 100, "by itself");
        store.maintain().await.unwrap();
        assert_eq!((store.stats().flush_failures, store.problems(), store.read_only()), (0, vec![], false));
        drop(store);
        let (store, _) = on(folder.path(), options());
        assert_eq!(rows(&store.snapshot()).len(), stored as usize + 100);
    }
}

#[tokio::test]
async fn a_defect_in_the_writer_is_answered_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let (store, disk) = on(folder.path(), options());
    store.put(vectors(0, 100)).await.unwrap();
    disk.faults.set_defective("store-writer");
    let waiting: Vec<_> =
        [store.append(vec![Entry::Readings(vectors(100, 200))]).await, store.append(vec![Entry::Readings(vectors(200, 300))]).await].into();
    for ticket in waiting.into_iter().flatten() {
        assert!(ticket.committed().await.is_err());
    }
    // Closed, until the thread that unwinds has left word of why.
    while !matches!(store.put(vectors(300, 400)).await, Err(Error::ReadOnly(_))) {
        tokio::task::yield_now().await;
    }
    assert!(store.problems()[0].contains("a defect"), "{:?}", store.problems());
    assert_eq!(rows(&store.snapshot()).len(), 100);
    assert!(store.close().await.is_err());
    drop(store);
    let (store, _) = on(folder.path(), options());
    assert_eq!(rows(&store.snapshot()).len(), 100);
}

#[tokio::test]
async fn a_defect_in_the_sealer_is_answered_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let (store, disk) = on(folder.path(), options());
    store.put(vectors(0, 100)).await.unwrap();
    disk.faults.set_defective("store-sealer");
    assert!(store.seal(None).await.is_err());
    while store.problems().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(matches!(store.put(vectors(100, 200)).await, Err(Error::ReadOnly(_))));
    assert!(matches!(store.seal(None).await, Err(Error::Closed)), "later orders are answered, too");
    assert!(store.close().await.is_err());
}

/// The one WAL file that holds anything.
fn wal_file(folder: &Path) -> std::path::PathBuf {
    folder.join("wal").join("00000001.wal")
}

#[tokio::test]
async fn damage_in_the_wal_costs_a_packet_and_is_told_until_somebody_has_seen_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = on(folder.path(), options());
    for part in 0..3 {
        store.put(vectors(part * 100, part * 100 + 100)).await.unwrap();
    }
    drop(store);
    let mut bytes = std::fs::read(wal_file(folder.path())).unwrap();
    let used = bytes.iter().rposition(|&byte| byte != 0).unwrap();
    bytes[used / 2] ^= 1;
    std::fs::write(wal_file(folder.path()), bytes).unwrap();
    let (store, _) = on(folder.path(), options());
    assert_eq!(rows(&store.snapshot()).len(), 200);
    let (problems, stats) = (store.problems(), store.stats());
    assert!(problems.len() == 1 && problems[0].contains("100 acceleration readings"), "{problems:?}");
    assert!(stats.damaged_wal_bytes > 100 && stats.torn_wal_bytes == 0, "{stats:?}");
    assert_eq!(store.put(vectors(100, 200)).await.unwrap().stored, 100, "sent again, it is there again");
    store.close().await.unwrap();
    drop(store);
    let (store, _) = on(folder.path(), options());
    assert_eq!(rows(&store.snapshot()).len(), 300);
    assert!(store.problems()[0].contains("remove the file when you have seen to it"), "{:?}", store.problems());
    store.erase(Erasure::Thing(LESSON, THING)).await.unwrap();
    assert!(!folder.path().join("damaged").exists(), "whoever is erased is erased from there, too");
}

#[tokio::test]
async fn a_deleted_wal_file_is_noticed_and_a_clean_end_is_not_taken_for_one() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..3 {
        let (store, _) = on(folder.path(), options());
        store.put(vectors(0, 100)).await.unwrap();
        store.close().await.unwrap();
        assert_eq!(store.problems(), Vec::<String>::new());
    }
    let (store, _) = on(folder.path(), options());
    store.put(vectors(100, 200)).await.unwrap();
    drop(store);
    let open = || Store::open(folder.path(), options(), Arc::new(SystemClock));
    let mut files: Vec<_> = std::fs::read_dir(folder.path().join("wal")).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "wal"));
    let [file] = &files[..] else { panic!("{files:?}") };
    let content = std::fs::read(file).unwrap();
    std::fs::remove_file(file).unwrap();
    let error = open().unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }) && error.to_string().contains("create an empty file"), "{error}");
    std::fs::write(file, content).unwrap();
    assert_eq!(rows(&open().unwrap().snapshot()).len(), 200);
    std::fs::write(file, b"").unwrap();
    let store = open().unwrap();
    assert_eq!((rows(&store.snapshot()).len(), store.problems().len()), (100, 1));
}
