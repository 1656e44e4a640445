//! The store as its callers see it.

use std::sync::Arc;

use super::*;
use crate::testing::*;

#[tokio::test]
async fn what_was_acknowledged_is_there_hot_reopened_sealed_and_closed() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let receipt = store.put(vectors(0, 100)).await.unwrap();
    assert_eq!(receipt, Receipt { stored: 100, duplicates: 0, thinned: 0, run: 1 });
    assert_eq!(store.put(vectors(50, 150)).await.unwrap(), Receipt { stored: 50, duplicates: 50, thinned: 0, run: 1 });
    let before = rows(&store.snapshot());
    assert_eq!(before.len(), 150);
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
    assert_eq!(store.put(vectors(100, 160)).await.unwrap(), Receipt { stored: 10, duplicates: 50, thinned: 0, run: 1 });
    assert_eq!(rows(&store.snapshot()).len(), 160);
    store.close().await.unwrap();
    assert!(matches!(store.put(vectors(0, 1)).await, Err(Error::Closed)));
    drop(store);

    let store = open(folder.path());
    assert_eq!(rows(&store.snapshot()).len(), 160);
    assert_eq!(store.count(LESSON, THING, ObservedProperty::Acceleration), 160);
    assert_eq!(store.put(vectors(0, 160)).await.unwrap(), Receipt { stored: 0, duplicates: 160, thinned: 0, run: 1 });
}
