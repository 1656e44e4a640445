use std::time::Duration;

use futures::StreamExt;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::file::metadata::PageIndexPolicy;

use super::*;
use crate::{AggregateSpec, Error, ErrorKind, ObservationSpec, Scope, Source, Window};

/// Two sealed files of one reading each and a hot reading; the first file is about to go bad.
fn three() -> Class {
    class(&[vec![scalar(1, 0, 1.0)], vec![scalar(2, 30_000_000, 2.0)]], &[vec![scalar(1, 60_000_000, 3.0)]])
}

/// What both kinds of question say: rows, and readings missing.
fn rows_and_missing(class: &Class) -> [(usize, u64); 2] {
    let scope = Scope::lesson(LESSON);
    block_on(async {
        let mut found = vec![];
        for answer in [
            class.engine.observations(&scope, &Default::default()).await,
            class.engine.aggregates(&scope, &AggregateSpec::new(PRES, Window::SECOND)).await,
        ] {
            let answer = answer.unwrap();
            let missing = answer.missing().iter().map(|missing| missing.readings).sum();
            found.push((csv(Ok(answer)).await.lines().count() - 1, missing));
        }
        [found[0], found[1]]
    })
}

#[test]
fn a_file_that_is_gone_is_missing_and_the_rest_is_answered() {
    let class = three();
    assert_eq!(rows_and_missing(&class), [(3, 0); 2]);
    let (path, aside) = (class.directory.path().join("0.parquet"), class.directory.path().join("aside"));
    std::fs::rename(&path, &aside).unwrap();
    assert_eq!(rows_and_missing(&class), [(2, 1); 2]);
    assert_eq!(class.fixture.unreadable(LESSON)[0].path, path, "the store knows of it");
    // What does not need the file has nothing missing.
    let spec = ObservationSpec { from: Some(T0 + 30_000_000), ..Default::default() };
    let answer = block_on(class.engine.observations(&Scope::lesson(LESSON), &spec)).unwrap();
    assert_eq!(answer.missing(), []);
    std::fs::rename(&aside, &path).unwrap();
    class.fixture.take_up();
    assert_eq!(rows_and_missing(&class), [(3, 0); 2]);
    assert_eq!(class.engine.problems(), Vec::<String>::new());
}

#[test]
fn what_the_store_leaves_out_is_missing_and_not_our_problem() {
    let class = three();
    class.fixture.leave_out(&class.directory.path().join("0.parquet"));
    assert_eq!(rows_and_missing(&class), [(2, 1); 2]);
    assert_eq!(class.engine.problems(), Vec::<String>::new());
}

fn spoil_all(path: &std::path::Path) {
    std::fs::write(path, vec![0x5a; std::fs::metadata(path).unwrap().len() as usize]).unwrap();
}

#[test]
fn a_damaged_file_is_missing_and_the_rest_is_answered() {
    let spoil = |of: fn(usize) -> std::ops::Range<usize>| {
        let class = three();
        let path = class.directory.path().join("0.parquet");
        let mut bytes = std::fs::read(&path).unwrap();
        let range = of(bytes.len());
        bytes[range].fill(0x5a);
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(rows_and_missing(&class), [(2, 1); 2]);
        // Known from now on: nobody reads it again.
        assert_eq!(rows_and_missing(&class), [(2, 1); 2]);
        assert_eq!(class.fixture.unreadable(LESSON).len(), 1);
    };
    spoil(|length| 0..length - 8);
    spoil(|length| 0..length);
    spoil(|_| 4..60);
}

#[test]
fn a_question_that_fails_for_another_reason_reads_no_file_through() {
    let class = three();
    let selection = crate::plan::Selection::new(&Scope::lesson(LESSON), None, None).unwrap();
    let reader = &class.engine.reader;
    let view = block_on(reader.view(&selection, false));
    spoil_all(&class.directory.path().join("0.parquet"));
    let check = |error: Error, expected: bool| {
        assert_eq!(block_on(reader.again(&view, &selection, Some(&error))), expected, "{error}");
        class.fixture.take_up();
    };
    let planning = datafusion::error::DataFusionError::Plan("a defect".to_owned());
    let decoding = datafusion::error::DataFusionError::from(parquet::errors::ParquetError::General("a page".to_owned()));
    check(Error::Memory, false);
    check(Error::Encode("a defect".to_owned()), false);
    check(Error::Engine(planning), false);
    check(Error::Engine(decoding.context("a scan")), true);
}

#[test]
fn a_file_cut_short_is_missing() {
    let class = three();
    let path = class.directory.path().join("0.parquet");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(rows_and_missing(&class), [(2, 1); 2]);
}

#[test]
fn damage_found_midway_ends_the_answer_with_an_error_and_the_next_one_says_it_is_missing() {
    // More rows than fit in what is computed ahead; the end of the file is bad.
    let rows: Vec<_> = (0..400_000).map(|index| scalar(1, index * 1_000, (index % 977) as f32)).collect();
    let class = class(&[rows], &[vec![scalar(1, 0, 1.0)]]);
    let path = class.directory.path().join("0.parquet");
    let mut bytes = std::fs::read(&path).unwrap();
    // The header of the last page of times.
    let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Required);
    let file = ArrowReaderMetadata::load(&std::fs::File::open(&path).unwrap(), options).unwrap();
    let pages = file.metadata().offset_index().unwrap().last().unwrap()[messwerk_store::schema::column::TIME].page_locations();
    let header = pages.last().unwrap().offset as usize;
    bytes[header..header + 16].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    let scope = Scope::lesson(LESSON);
    block_on(async {
        let answer = class.engine.observations(&scope, &Default::default()).await.unwrap();
        let batches: Vec<_> = answer.batches().collect().await;
        assert!(batches.len() > 1, "part of it was out");
        assert!(matches!(batches.last(), Some(Err(Error::Unreadable(file))) if file.ends_with("0.parquet")), "{:?}", batches.last());
        let answer = class.engine.observations(&scope, &Default::default()).await.unwrap();
        assert_eq!(answer.missing()[0].readings, 400_000);
        assert_eq!(csv(Ok(answer)).await.lines().count(), 2);
    });
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
    while class.engine.reader.machine.reserved() > 0 {
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
fn things_leave_half_of_the_places_to_others() {
    let mut class = class(&[], &many());
    let options = EngineOptions { questions: 4, patience: Duration::from_millis(10), ..Default::default() };
    class.engine = Engine::over(Arc::clone(&class.fixture) as _, options).unwrap();
    let ask = async |scope: Scope| class.engine.observations(&scope, &Default::default()).await;
    let pupil = |thing| Scope::thing(LESSON, ThingId(thing));
    block_on(async {
        let _held = (ask(pupil(1)).await.unwrap(), ask(pupil(2)).await.unwrap());
        assert!(matches!(ask(pupil(3)).await, Err(Error::Busy)));
        let _teachers = (ask(Scope::lesson(LESSON)).await.unwrap(), ask(Scope::lesson(LESSON)).await.unwrap());
        assert!(matches!(ask(Scope::lesson(LESSON)).await, Err(Error::Busy)));
        assert!(class.engine.reader.machine.place_for_results().await.is_ok(), "results wait for nobody's download");
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
