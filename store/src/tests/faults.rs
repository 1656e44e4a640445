//! A disk that runs full or stops answering, and memory that does.

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
