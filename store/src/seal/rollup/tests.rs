//! Roll-ups hold what the rows hold: one test against a plain computation, through a real seal.

use arrow::datatypes::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;
use crate::testing::{self, LESSON, scalars, vectors};

async fn rollup_of(batches: Vec<crate::Submission>) -> (Vec<testing::Row>, RecordBatch) {
    let folder = tempfile::tempdir().unwrap();
    let store = testing::open(folder.path());
    for batch in batches {
        store.put(batch).await.unwrap();
    }
    store.seal(Some(LESSON)).await.unwrap();
    let snapshot = store.snapshot();
    let file = std::fs::File::open(snapshot.segments[0].rollup.as_ref().unwrap()).unwrap();
    let windows = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap().map(Result::unwrap).collect::<Vec<_>>();
    (testing::rows(&snapshot), arrow::compute::concat_batches(&schema::rollups(), &windows).unwrap())
}

fn number(windows: &RecordBatch, row: usize, name: &str) -> Option<f64> {
    let column = arrow::compute::cast(windows.column_by_name(name).unwrap(), &DataType::Float64).unwrap();
    let column = column.as_primitive::<arrow::datatypes::Float64Type>();
    arrow::array::Array::is_valid(column, row).then(|| column.value(row))
}

#[tokio::test]
async fn windows_hold_what_their_rows_hold() {
    let (rows, windows) = rollup_of(vec![vectors(0, 250), vectors(300, 730)]).await;
    let mut counted = 0;
    for row in 0..windows.num_rows() {
        let start = windows.column(2).as_primitive::<TimestampMicrosecondType>().value(row);
        assert_eq!(start % WINDOW, 0);
        let inside: Vec<_> = rows.iter().filter(|row| (start..start + WINDOW).contains(&row.time)).map(|row| row.value).collect();
        assert_eq!(number(&windows, row, "count"), Some(inside.len() as f64));
        counted += inside.len();
        type Component = fn([f32; 3]) -> f64;
        let components: [(&str, Component); 4] =
            [("x", |v| v[0].into()), ("y", |v| v[1].into()), ("z", |v| v[2].into()), ("abs", magnitude)];
        for (name, component) in components {
            let values: Vec<f64> = inside.iter().map(|&value| component(value)).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let figure = |figure: &str| number(&windows, row, &format!("{name}_{figure}")).unwrap();
            assert_eq!(figure("min"), values.iter().copied().fold(f64::MAX, f64::min), "{name}");
            assert_eq!(figure("max"), values.iter().copied().fold(f64::MIN, f64::max), "{name}");
            let apart = (figure("sum") / values.len() as f64 - mean).abs();
            assert!(apart <= if name == "abs" { 2.3e-13 * mean } else { 0.0 }, "{name}: {apart:e}");
            let m2: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
            assert!((figure("m2") - m2).abs() <= 5e-7 * m2, "{name}");
        }
    }
    assert_eq!(counted, rows.len(), "every row is in one window");
}

#[tokio::test]
async fn scalars_have_x_alone_and_runs_do_not_mix() {
    let first: Vec<(f64, f32)> = (0..10).map(|step| (f64::from(step) * 0.1, 5.0)).collect();
    let second: Vec<(f64, f32)> = (0..10).map(|step| (f64::from(step) * 0.1, 7.0)).collect();
    let (_, windows) = rollup_of(vec![scalars(&first), scalars(&second)]).await;
    let sums: f64 = (0..windows.num_rows()).map(|row| number(&windows, row, "x_sum").unwrap()).sum();
    assert!((sums - 120.0).abs() < 1e-9);
    for row in 0..windows.num_rows() {
        assert_eq!(number(&windows, row, "x_min"), number(&windows, row, "x_max"), "one Run, one value");
        assert_eq!(number(&windows, row, "abs_sum"), None);
    }
}

#[tokio::test]
async fn a_window_over_two_batches_of_rows_is_one() {
    // 8,192 readings a batch: at 100 Hz the border lies within the 82nd second.
    let (_, windows) = rollup_of(vec![vectors(0, 20_000)]).await;
    let counts: Vec<_> = (0..windows.num_rows()).filter_map(|row| number(&windows, row, "count")).collect();
    assert!((200..=201).contains(&counts.len()), "{}", counts.len());
    assert!(counts[1..200].iter().all(|&count| count == 100.0), "{counts:?}");
}

#[test]
fn rounding_keeps_what_it_says() {
    for value in [0.0, 1.0, 9.81, 981.123_456_789, 1e-300, 1e300, f64::INFINITY] {
        for bits in [M2_BITS, SUM_BITS] {
            let rounded = rounded(value, bits);
            assert!(rounded == value || (rounded - value).abs() <= value / f64::from(2.0_f32.powi(bits as i32 + 1)), "{value} {bits}");
            assert_eq!(rounded.to_bits() << bits << 12, 0, "{value} {bits}: only zeros behind");
        }
    }
}

#[test]
fn the_first_window_of_all_begins_at_the_first_time() {
    let mut window = Window { number: Micros::MIN.div_euclid(WINDOW), ..Window::default() };
    window.values[0].push(1.0);
    let mut windows = Windows::default();
    windows.close(&mut window);
    assert_eq!(windows.start, [Micros::MIN]);
}
