use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int32Type, TimestampMicrosecondType, UInt64Type};

use super::*;
use crate::{AggregateSpec, Scope, Window};

/// Thing, component, window start.
type Key = (String, String, Micros);

/// count, mean, min, max, sd.
type Sums = (u64, f64, f64, f64, Option<f64>);

async fn ask(class: &Class, scope: &Scope, spec: &AggregateSpec) -> BTreeMap<Key, Sums> {
    let batches: Vec<_> = class.engine.aggregates(scope, spec).await.unwrap().batches().try_collect().await.unwrap();
    let mut found = BTreeMap::new();
    for batch in batches {
        let text = |name, row: usize| {
            let column = batch.column_by_name(name).unwrap().as_dictionary::<Int32Type>();
            column.values().as_string::<i32>().value(column.keys().value(row) as usize).to_owned()
        };
        let number = |name| batch.column_by_name(name).unwrap().as_primitive::<Float64Type>();
        for row in 0..batch.num_rows() {
            let start = batch.column_by_name("window_start").unwrap().as_primitive::<TimestampMicrosecondType>().value(row);
            let count = batch.column_by_name("count").unwrap().as_primitive::<UInt64Type>().value(row);
            let sd = number("sd").is_valid(row).then(|| number("sd").value(row));
            let sums = (count, number("mean").value(row), number("min").value(row), number("max").value(row), sd);
            assert_eq!(found.insert((text("thing", row), text("component", row), start), sums), None, "a window twice");
        }
    }
    found
}

/// Two passes over the values in f64.
fn oracle(rows: &[Row], window: Window) -> BTreeMap<Key, Sums> {
    let mut values: BTreeMap<Key, Vec<f64>> = BTreeMap::new();
    for row in rows {
        let [x, y, z] = row.value.map(f64::from);
        let vector = [("x", x), ("y", y), ("z", z), ("abs", (x * x + y * y + z * z).sqrt())];
        let parts = if row.property.is_vector() { &vector[..] } else { &[("value", x)] };
        for (name, value) in parts {
            let start = row.time - row.time.rem_euclid(window.micros());
            values.entry((row.thing.to_string(), (*name).to_owned(), start)).or_default().push(*value);
        }
    }
    let sums = |values: Vec<f64>| {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let fold = |with: fn(f64, f64) -> f64| values.iter().copied().reduce(with).unwrap();
        (values.len() as u64, mean, fold(f64::min), fold(f64::max), (values.len() > 1).then(|| (squares / (n - 1.0)).sqrt()))
    };
    values.into_iter().map(|(key, values)| (key, sums(values))).collect()
}

fn assert_same(found: &BTreeMap<Key, Sums>, expected: &BTreeMap<Key, Sums>) {
    assert!(found.keys().eq(expected.keys()), "{found:#?}\n{expected:#?}");
    for (key, found) in found {
        let expected = &expected[key];
        assert_eq!((found.0, found.2, found.3), (expected.0, expected.2, expected.3), "{key:?}");
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs().max(1.0);
        assert!(near(found.1, expected.1), "mean of {key:?}: {} {}", found.1, expected.1);
        assert_eq!(found.4.is_some(), expected.4.is_some(), "{key:?}");
        assert!(near(found.4.unwrap_or(0.0), expected.4.unwrap_or(0.0)) || found.4.unwrap() < 1e-7, "sd of {key:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn hot_and_sealed_rows_sum_up_like_plain_rust(rows in any_rows(), window in prop::sample::select(vec!["100ms", "250ms", "1s", "7s", "1d"])) {
        let (sealed, hot) = dealt(&rows);
        let class = class(&sealed, &hot);
        let window: Window = window.parse().unwrap();
        let found = block_on(ask(&class, &Scope::lesson(LESSON), &AggregateSpec::new(GYR, window)));
        assert_same(&found, &oracle(&rows, window));
    }
}

#[test]
fn a_large_offset_does_not_eat_the_deviation() {
    // Readings near 1,000 hPa that differ in the seventh digit: a sum of squares in f32, or naive in f64, loses them.
    let rows: Vec<_> = (0..1000).map(|index| scalar(1, index * 1_000, 1000.0 + (index % 3) as f32 * 0.0625)).collect();
    let class = class(std::slice::from_ref(&rows), &[]);
    let found = block_on(ask(&class, &Scope::lesson(LESSON), &AggregateSpec::new(PRES, Window::SECOND)));
    assert_same(&found, &oracle(&rows, Window::SECOND));
}

#[test]
fn windows_before_1970_and_1843_begin_before_their_readings() {
    let rows: Vec<_> = [-5_000_000_000_000_000, -1_500_000, -1, 0, 1].into_iter().map(|time| scalar(1, time - T0 - 1, 1.0)).collect();
    let class = class(&[], std::slice::from_ref(&rows));
    for window in [Window::SHORTEST, Window::SECOND, Window::LONGEST] {
        let found = block_on(ask(&class, &Scope::lesson(LESSON), &AggregateSpec::new(PRES, window)));
        assert_same(&found, &oracle(&rows, window));
    }
}

#[test]
fn windows_without_readings_do_not_exist_and_borders_widen() {
    let rows = vec![scalar(1, 0, 1.0), scalar(1, 100_000, 9.81), scalar(1, 5_000_000, 3.0), scalar(2, 5_999_999, 4.0)];
    let class = class(&[], &[rows]);
    let check = |from: Option<Micros>, to: Option<Micros>, expected: &[(u64, Micros)]| {
        let spec = AggregateSpec { from: from.map(|from| T0 + from), to: to.map(|to| T0 + to), ..AggregateSpec::new(PRES, Window::SECOND) };
        let found = block_on(ask(&class, &Scope::lesson(LESSON), &spec));
        let found: Vec<_> = found.keys().map(|(thing, _, start)| (thing.clone(), start - T0)).collect();
        let expected: Vec<_> = expected.iter().map(|(thing, start)| (ThingId(*thing).to_string(), *start)).collect();
        assert_eq!(found, expected, "{from:?} {to:?}");
    };
    check(None, None, &[(1, 0), (1, 5_000_000), (2, 5_000_000)]);
    check(Some(500_000), None, &[(1, 0), (1, 5_000_000), (2, 5_000_000)]);
    check(Some(1_000_000), Some(5_000_000), &[]);
    check(None, Some(5_000_001), &[(1, 0), (1, 5_000_000), (2, 5_000_000)]);
    check(Some(0), Some(0), &[]);
}

#[test]
fn the_columns_are_the_contract() {
    let class = class(&[], &[vec![scalar(1, 0, 9.81)], vec![reading(2, 1, 314_000, [3.0, -4.0, 0.0])]]);
    let check = |property, expected: &str| {
        let spec = AggregateSpec::new(property, Window::SECOND);
        let answer = block_on(async { csv(class.engine.aggregates(&Scope::lesson(LESSON), &spec).await).await });
        assert_eq!(answer, format!("thing,property,component,window_start,count,mean,min,max,sd,unit\n{expected}"));
    };
    check(PRES, "0000000000001,pressure,value,2026-01-03T12:43:32.000000Z,1,9.81,9.81,9.81,,hPa\n");
    let start = "2026-01-03T12:43:32.000000Z,1";
    let row = |component, value| format!("0000000000002,angular_velocity,{component},{start},{value},{value},{value},,rad/s\n");
    check(GYR, &[row("x", "3"), row("y", "-4"), row("z", "0"), row("abs", "5")].concat());
    check(ObservedProperty::Temperature, "");
}

#[test]
fn run_and_limit_restrict() {
    let rows: Vec<_> = (0..12).map(|index| reading(1 + index % 3, 1 + index as u32 / 6, index as i64 * 1_000_000, [1.0; 3])).collect();
    let (sealed, hot) = dealt(&rows);
    let class = class(&sealed, &hot);
    let all = AggregateSpec::new(GYR, Window::SECOND);
    let count = |spec: AggregateSpec| {
        let answer = block_on(async { csv(class.engine.aggregates(&Scope::lesson(LESSON), &spec).await).await });
        answer.lines().count() - 1
    };
    assert_eq!(count(all), 12 * 4);
    assert_eq!(count(AggregateSpec { run: Some(2), ..all }), 6 * 4);
    assert_eq!(count(AggregateSpec { run: Some(3), ..all }), 0);
    assert_eq!(count(AggregateSpec { run: Some(1), thing: Some(ThingId(2)), ..all }), 2 * 4);
    for limit in [0, 1, 4, 5, 47, 48, 100] {
        assert_eq!(count(AggregateSpec { limit: Some(limit), ..all }), limit.min(48));
    }
    // The first ones, in order.
    let first = block_on(ask(&class, &Scope::lesson(LESSON), &AggregateSpec { limit: Some(6), ..all }));
    assert!(first.keys().all(|(thing, _, start)| *thing == ThingId(1).to_string() && start - T0 <= 3_000_000), "{first:?}");
}

#[test]
fn squares_beyond_all_bounds_are_missing_and_not_infinite() {
    let rows = vec![scalar(1, 0, 3e38), scalar(1, 1_000, -3e38), scalar(1, 2_000, 1.0)];
    let class = class(&[rows], &[]);
    let answer = async {
        text(
            class.engine.aggregates(&Scope::lesson(LESSON), &AggregateSpec::new(PRES, Window::SECOND)).await,
            Format::Json,
            Dialect::Standard,
        )
        .await
    };
    let answer: serde_json::Value = serde_json::from_str(&block_on(answer)).unwrap();
    assert_eq!(answer[0]["count"], 3);
    assert!(answer[0]["sd"].is_number());
}

#[test]
fn a_large_file_is_read_on_all_threads_and_a_small_view_on_one() {
    let rows: Vec<_> = (0..200_000).map(|index| reading(1 + index / 50_000, 1, index as i64 * 1_000, [index as f32, 0.0, -1.0])).collect();
    let mut class = class(&[rows], &[]);
    class.engine = Engine::over(Arc::clone(&class.fixture) as _, EngineOptions { threads: 2, ..Default::default() }).unwrap();
    let selection = crate::plan::Selection::new(&Scope::lesson(LESSON), Some(GYR), None).unwrap();
    let view = block_on(class.engine.reader.view(&selection, true));
    let plan = || crate::windowed::Windowed::new(&view, &selection, GYR, Window::SECOND, crate::windowed::Measures::WithSd).unwrap();
    let check = |mode, groups: &str, aggregate: &str| {
        let plan = block_on(class.engine.reader.machine.physical(&plan().into(), mode)).unwrap();
        let text = datafusion::physical_plan::displayable(plan.as_ref()).indent(false).to_string();
        assert!(text.contains(groups) && text.contains(aggregate), "{text}");
    };
    check(crate::engine::Mode::Parallel, "file_groups={2 groups", "mode=FinalPartitioned");
    check(crate::engine::Mode::Serial, "file_groups={1 group", "mode=Final,");
}
