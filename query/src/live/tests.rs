use std::collections::BTreeMap;
use std::time::Duration;

use futures::TryStreamExt;
use messwerk_lessons::Micros;
use messwerk_lessons::frame::{Component, Frame};
use messwerk_lessons::id::ThingId;
use proptest::prelude::*;

use super::*;
use crate::testing::{self, Row};
use crate::tests::{Class, GYR, LESSON, T0, any_rows, block_on, class, reading};
use crate::{AggregateSpec, Scope};

const SPEC: LiveSpec = LiveSpec { property: GYR, window: Window::SHORTEST };

fn watch(class: &Class) -> LiveView {
    class.engine.live(&Scope::lesson(LESSON), SPEC)
}

/// Waits until the view shows this many readings.
async fn shows(view: &LiveView, readings: usize) {
    let mut changed = view.changed();
    let wait = async {
        while view.snapshot().iter().map(|entry| entry.count as usize).sum::<usize>() != readings {
            changed.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("the view follows the store");
}

/// The windows of a frame: Thing, begin after T0, count, largest x.
fn windows((_, bytes): (u64, bytes::Bytes)) -> Vec<(u64, Micros, u32, f32)> {
    let frame = Frame::decode(&bytes).unwrap();
    let series = frame.series.iter().filter(|series| series.component == Component::X);
    let start = |index: i32| frame.origin + i64::from(index) * i64::from(frame.window) - T0;
    series.flat_map(|series| series.windows.iter().map(|window| (series.thing.0, start(window.index), window.count, window.max))).collect()
}

fn at(thing: u64, time: Micros, x: f32) -> Row {
    reading(thing, 1, time, [x, 0.0, 0.0])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn live_windows_are_historical_windows(rows in any_rows(), commits in 1_usize..5) {
        let class = class(&[], &[]);
        let history = block_on(async {
            let view = watch(&class);
            for rows in rows.chunks(rows.len().div_ceil(commits).max(1)) {
                class.fixture.push_hot(testing::hot(rows).unwrap());
                // At the next commit the view may have seen this one or not: both must lead to the same end.
                tokio::task::yield_now().await;
            }
            shows(&view, rows.len()).await;
            let answer = class.engine.aggregates(&Scope::lesson(LESSON), &AggregateSpec::new(GYR, SPEC.window)).await.unwrap();
            let batches: Vec<_> = answer.batches().try_collect().await.unwrap();
            (view.snapshot(), batches)
        });
        let mut live = BTreeMap::new();
        for entry in history.0 {
            for (component, values) in entry.values.iter().enumerate() {
                live.insert((entry.thing.to_string(), entry.start, component), (entry.count, *values));
            }
        }
        let mut found = 0;
        for batch in history.1 {
            let number = |name: &str| {
                let column = arrow::compute::cast(batch.column_by_name(name).unwrap(), &arrow::datatypes::DataType::Float64).unwrap();
                arrow::array::AsArray::as_primitive::<arrow::datatypes::Float64Type>(&column).clone()
            };
            let [count, mean, min, max, start] = ["count", "mean", "min", "max", "window_start"].map(number);
            let thing = arrow::compute::cast(batch.column_by_name("thing").unwrap(), &arrow::datatypes::DataType::Utf8).unwrap();
            let thing = arrow::array::AsArray::as_string::<i32>(&thing);
            for row in 0..batch.num_rows() {
                let (known, [live_mean, live_min, live_max]) = live[&(thing.value(row).to_owned(), start.value(row) as i64, row % 4)];
                prop_assert_eq!((known as f64, live_min, live_max), (count.value(row), min.value(row), max.value(row)));
                prop_assert!((live_mean - mean.value(row)).abs() <= 1e-12);
                found += 1;
            }
        }
        prop_assert_eq!(found, live.len());
    }
}

#[test]
fn only_what_changed_is_sent_and_late_readings_change_their_window() {
    let class = class(&[], &[]);
    block_on(async {
        let view = watch(&class);
        let mut versions = vec![];
        for (readings, row) in [at(1, 0, 1.0), at(1, 5_000_000, 2.0), at(1, 50_000, 3.0), at(2, 50_000, 4.0)].into_iter().enumerate() {
            class.fixture.push_hot(testing::hot(&[row]).unwrap());
            shows(&view, readings + 1).await;
            versions.push(view.changes_since(u64::MAX).0);
        }
        assert!(versions.is_sorted_by(|a, b| a < b));
        let check = |since: u64, expected: &[(u64, Micros, u32, f32)]| assert_eq!(windows(view.changes_since(since)), expected, "{since}");
        check(versions[3], &[]);
        check(versions[2], &[(2, 0, 1, 4.0)]);
        check(versions[1], &[(1, 0, 2, 3.0), (2, 0, 1, 4.0)]);
        check(0, &[(1, 0, 2, 3.0), (1, 5_000_000, 1, 2.0), (2, 0, 1, 4.0)]);
        // The same bytes for everybody at the same version.
        assert_eq!(view.changes_since(0).1.as_ptr(), watch(&class).changes_since(0).1.as_ptr());
    });
}

#[test]
fn a_growing_batch_and_a_seal_do_not_send_windows_again() {
    let class = class(&[], &[]);
    let rows = [at(1, 0, 1.0), at(1, 1_000_000, 2.0), at(1, 2_000_000, 3.0)];
    block_on(async {
        let view = watch(&class);
        class.fixture.push_hot(testing::hot(&rows[..1]).unwrap());
        shows(&view, 1).await;
        let before = view.changes_since(0).0;
        class.fixture.put_hot(testing::hot(&rows[..2]).unwrap());
        shows(&view, 2).await;
        assert_eq!(windows(view.changes_since(before)), [(1, 1_000_000, 1, 2.0)]);
        let before = view.changes_since(0).0;
        class.fixture.replace_hot(testing::seal(&class.directory.path().join("0"), &rows[..2]).unwrap());
        class.fixture.push_hot(testing::hot(&rows[2..]).unwrap());
        shows(&view, 3).await;
        assert_eq!(windows(view.changes_since(before)), [(1, 2_000_000, 1, 3.0)]);
    });
}

#[test]
fn an_erased_thing_leaves_the_view() {
    let class = class(&[], &[]);
    block_on(async {
        let view = watch(&class);
        class.fixture.push_hot(testing::hot(&[at(1, 0, 1.0), at(2, 0, 2.0)]).unwrap());
        shows(&view, 2).await;
        class.fixture.put_hot(testing::hot(&[at(2, 0, 2.0)]).unwrap());
        shows(&view, 1).await;
        assert_eq!(windows(view.changes_since(0)), [(2, 0, 1, 2.0)]);
    });
}

/// A reading that arrives some time after T0.
fn arrives(thing: u64, time: Micros, received: Micros) -> Row {
    Row { received: T0 + received, ..at(thing, time, 1.0) }
}

/// Waits until these windows are shown: Thing and begin after T0.
async fn comes_to(view: &LiveView, expected: &[(u64, Micros)]) {
    let mut changed = view.changed();
    let found = || windows(view.changes_since(0)).into_iter().map(|window| (window.0, window.1)).collect::<Vec<_>>();
    let wait = async {
        while found() != expected {
            changed.changed().await.unwrap();
        }
    };
    if tokio::time::timeout(Duration::from_secs(20), wait).await.is_err() {
        assert_eq!(found(), expected);
    }
}

const SECOND: Micros = 1_000_000;
const YEAR: Micros = 31_536_000 * SECOND;

#[test]
fn a_phone_whose_clock_is_wrong_is_shown_by_its_own_time() {
    let class = class(&[], &[]);
    block_on(async {
        let view = watch(&class);
        let (early, late) = (-3 * YEAR, 300 * SECOND);
        class.fixture.push_hot(testing::hot(&[arrives(1, 0, 0), arrives(2, late, 0), arrives(3, early, 0)]).unwrap());
        comes_to(&view, &[(1, 0), (2, late), (3, early)]).await;
        let more =
            [arrives(1, 121 * SECOND, 121 * SECOND), arrives(2, late + SECOND, 121 * SECOND), arrives(3, early + SECOND, 121 * SECOND)];
        class.fixture.push_hot(testing::hot(&more).unwrap());
        // Each keeps two minutes behind its own newest reading.
        comes_to(&view, &[(1, 121 * SECOND), (2, late), (2, late + SECOND), (3, early), (3, early + SECOND)]).await;
    });
}

#[test]
fn readings_of_a_wrong_year_do_not_take_the_others_away() {
    let class = class(&[], &[]);
    block_on(async {
        let view = watch(&class);
        class.fixture.push_hot(testing::hot(&[arrives(1, 0, 0), arrives(1, YEAR, 0), arrives(1, -YEAR, 0)]).unwrap());
        comes_to(&view, &[(1, 0)]).await;
        // A whole packet of it is shown, for a clock may be set; when others follow, all is as it was.
        class.fixture.push_hot(testing::hot(&[arrives(1, YEAR, SECOND)]).unwrap());
        comes_to(&view, &[(1, YEAR)]).await;
        class.fixture.push_hot(testing::hot(&[arrives(1, 12 * SECOND, 12 * SECOND)]).unwrap());
        comes_to(&view, &[(1, 0), (1, 12 * SECOND)]).await;
    });
}

#[test]
fn a_clock_seven_years_off_is_left_out_of_frames_and_disturbs_nobody() {
    let class = class(&[], &[]);
    block_on(async {
        let view = watch(&class);
        class.fixture.push_hot(testing::hot(&[arrives(1, 0, 0), arrives(2, -50 * YEAR, 0)]).unwrap());
        shows(&view, 2).await;
        assert_eq!(windows(view.changes_since(0)), [(1, 0, 1, 1.0)]);
    });
}

#[test]
fn a_lesson_that_is_over_shows_the_end_of_each_thing() {
    // The fixture's latest values are of hot rows: another property stands for a lesson whose streams ended at different times.
    let sealed = vec![at(1, 0, 1.0), at(1, 200 * SECOND, 2.0), at(2, 0, 3.0)];
    let class = class(&[sealed], &[]);
    class.fixture.put_latest(&[at(1, 200 * SECOND, 2.0), at(2, 0, 3.0)]);
    block_on(async { comes_to(&watch(&class), &[(1, 200 * SECOND), (2, 0)]).await });
}

#[test]
fn readings_that_come_late_correct_their_window() {
    let class = class(&[], &[]);
    block_on(async {
        let view = watch(&class);
        class.fixture.push_hot(testing::hot(&[arrives(1, 0, 0), arrives(1, 60 * SECOND, 60 * SECOND)]).unwrap());
        shows(&view, 2).await;
        let before = view.changes_since(0).0;
        class.fixture.push_hot(testing::hot(&[Row { received: T0 + 61 * SECOND, ..at(1, 50_000, 5.0) }]).unwrap());
        shows(&view, 3).await;
        assert_eq!(windows(view.changes_since(before)), [(1, 0, 2, 5.0)]);
    });
}

#[test]
fn a_file_that_is_gone_does_not_stop_the_view() {
    let class = class(&[vec![at(1, 0, 1.0)]], &[]);
    std::fs::remove_file(class.directory.path().join("0.parquet")).unwrap();
    block_on(async {
        let view = watch(&class);
        class.fixture.push_hot(testing::hot(&[at(2, 0, 2.0)]).unwrap());
        shows(&view, 1).await;
        assert_eq!(windows(view.changes_since(0)), [(2, 0, 1, 2.0)]);
    });
}

#[test]
fn windows_of_a_file_that_is_lost_leave_the_board() {
    let class = class(&[vec![at(1, 0, 1.0)]], &[vec![at(1, SECOND, 2.0)]]);
    block_on(async {
        let view = watch(&class);
        comes_to(&view, &[(1, 0), (1, SECOND)]).await;
        class.fixture.leave_out(&class.directory.path().join("0.parquet"));
        comes_to(&view, &[(1, SECOND)]).await;
        class.fixture.take_up();
        comes_to(&view, &[(1, 0), (1, SECOND)]).await;
    });
}

#[test]
fn a_thing_watches_itself() {
    let class = class(&[vec![at(1, 0, 1.0), at(2, 0, 2.0)]], &[]);
    block_on(async {
        let (all, own) = (watch(&class), class.engine.live(&Scope::thing(LESSON, ThingId(2)), SPEC));
        shows(&all, 2).await;
        assert_eq!(windows(own.changes_since(0)), [(2, 0, 1, 2.0)]);
        assert_eq!(windows(all.changes_since(0)), [(1, 0, 1, 1.0), (2, 0, 1, 2.0)]);
        assert!(Arc::ptr_eq(&all.view, &own.view));
    });
}

#[test]
fn a_view_begins_with_a_version_and_ends_with_its_last_watcher() {
    let class = class(&[], &[]);
    block_on(async {
        let view = watch(&class);
        let mut changed = view.changed();
        changed.wait_for(|version| *version == 1).await.unwrap();
        assert_eq!(windows(view.changes_since(0)), []);
        let other = view.clone();
        drop(view);
        assert_eq!(class.engine.views.lock().unwrap().len(), 1);
        drop(other);
        class.fixture.unwatched().await;
        assert!(class.engine.views.lock().unwrap().is_empty());
    });
}
