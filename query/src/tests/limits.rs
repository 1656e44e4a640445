use std::time::Duration;

use futures::StreamExt;

use super::*;
use crate::{AggregateSpec, Error, ErrorKind, ObservationSpec, Scope, Window};

#[test]
fn a_missing_file_is_an_error_that_names_it() {
    let class = class(&[vec![scalar(1, 0, 1.0)]], &[vec![scalar(1, 60_000_000, 2.0)]]);
    std::fs::remove_file(class.directory.path().join("0.parquet")).unwrap();
    let scope = Scope::lesson(LESSON);
    block_on(async {
        let failed = |error: Error| {
            assert_eq!(error.kind(), ErrorKind::Internal);
            assert!(matches!(&error, Error::SegmentMissing(file) if file.ends_with("0.parquet")), "{error:?}");
        };
        failed(class.engine.observations(&scope, &Default::default()).await.unwrap_err());
        failed(class.engine.aggregates(&scope, &AggregateSpec::new(PRES, Window::SECOND)).await.unwrap_err());
        // What does not need the file is still answered.
        let spec = ObservationSpec { from: Some(T0 + 30_000_000), ..Default::default() };
        assert_eq!(csv(class.engine.observations(&scope, &spec).await).await.lines().count(), 2);
    });
}

#[test]
fn a_damaged_file_is_an_error_and_no_panic() {
    let class = class(&[vec![scalar(1, 0, 1.0)]], &[]);
    let path = class.directory.path().join("0.parquet");
    let mut bytes = std::fs::read(&path).unwrap();
    let end = bytes.len() - 8;
    bytes[..end].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let error = block_on(class.engine.observations(&Scope::lesson(LESSON), &Default::default())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
}

/// As many windows as readings, in batches as large as the store's.
fn many() -> Vec<Vec<Row>> {
    let rows: Vec<_> = (0..200_000).map(|index| scalar(index % 7, index as i64 * 100_000, index as f32)).collect();
    rows.chunks(8192).map(<[_]>::to_vec).collect()
}

#[test]
fn a_question_beyond_its_memory_fails_and_the_next_one_works() {
    let mut class = class(&[], &many());
    class.engine = Engine::over(Arc::clone(&class.fixture) as _, EngineOptions { memory: 8 << 20, ..Default::default() }).unwrap();
    let scope = Scope::lesson(LESSON);
    let error = block_on(class.engine.aggregates(&scope, &AggregateSpec::new(PRES, Window::SHORTEST))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    assert!(error.to_string().contains("longer window"));
    // What the failed question held is given back as its tasks end.
    while class.engine.machine.reserved() > 0 {
        std::thread::yield_now();
    }
    block_on(class.engine.aggregates(&scope, &AggregateSpec::new(PRES, Window::LONGEST))).unwrap();
}

#[test]
fn questions_beyond_the_limit_wait_and_then_are_told_to_come_again() {
    let mut class = class(&[], &many());
    class.engine = Engine::over(
        Arc::clone(&class.fixture) as _,
        EngineOptions { questions: 1, patience: Duration::from_millis(10), ..Default::default() },
    )
    .unwrap();
    let scope = Scope::lesson(LESSON);
    block_on(async {
        let first = class.engine.observations(&scope, &Default::default()).await.unwrap();
        assert!(matches!(class.engine.observations(&scope, &Default::default()).await, Err(Error::Busy)));
        drop(first);
        assert!(class.engine.observations(&scope, &Default::default()).await.is_ok());
    });
}

#[test]
fn a_reader_that_stops_reading_is_told_and_frees_its_place() {
    let mut class = class(&[], &many());
    let options = EngineOptions { questions: 1, stall: Duration::from_millis(20), ..Default::default() };
    class.engine = Engine::over(Arc::clone(&class.fixture) as _, options).unwrap();
    let scope = Scope::lesson(LESSON);
    block_on(async {
        let mut stalled = class.engine.observations(&scope, &Default::default()).await.unwrap().batches().boxed();
        // Waits for the place that the stalled reader gives up.
        let second = class.engine.observations(&scope, &Default::default()).await;
        assert!(second.is_ok());
        let mut last = None;
        while let Some(batch) = stalled.next().await {
            last = Some(batch);
        }
        assert!(matches!(last, Some(Err(Error::Stalled(_)))), "an answer cut off must not look complete");
    });
}
