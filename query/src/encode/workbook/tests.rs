use std::io::Read;

use futures::stream;

use super::*;
use crate::labels::Labels;
use crate::observations;
use crate::tests::block_on;
use arrow::array::{ArrayRef, Float32Array, UInt32Array};
use arrow::datatypes::{Field, Schema};
use std::sync::Arc;

/// The whole file, to be looked into by the reader of exported files that is not its writer.
fn bytes(book: Workbook) -> Vec<u8> {
    let mut all = vec![];
    book.finish().unwrap().read_to_end(&mut all).unwrap();
    all
}

#[test]
fn a_workbook_is_a_zip_file_without_a_name() {
    let mut book = Workbook::default();
    book.sheet("a/b [c]: d* e? f", &[("Name".to_owned(), 12), ("g (m/s²)".to_owned(), 12)]).unwrap();
    book.row(&["=1+1".into(), 9.81.into()]).unwrap();
    book.row(&[Cell::Empty, f64::NAN.into()]).unwrap();
    assert!(bytes(book).starts_with(b"PK"));
}

#[test]
fn rows_end_where_they_must_and_say_so() {
    let check = |most: u32, expected: Appended| {
        let schema = Schema::new(vec![
            Field::new("number", DataType::UInt32, true),
            Field::new("word", crate::labels::text(), false),
            Field::new("x", DataType::Float32, false),
        ]);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(UInt32Array::from(vec![Some(1), None])),
            Labels::new(["a", "+b"]).column([0, 1]).unwrap(),
            Arc::new(Float32Array::from(vec![9.81, -1.5])),
        ];
        let batch = RecordBatch::try_new(Arc::new(schema), columns).unwrap();
        let mut book = Workbook::default();
        book.sheet("x", &[]).unwrap();
        let batches = stream::iter([Ok(batch.clone()), Ok(batch)]);
        let appended = block_on(book.batches(batches, &["number", "x", "word"], most)).unwrap();
        assert_eq!((appended, book.next), (expected, 1 + expected.rows), "{most}");
    };
    check(10, Appended { rows: 4, cut: false });
    check(4, Appended { rows: 4, cut: false });
    check(3, Appended { rows: 3, cut: true });
    check(0, Appended { rows: 0, cut: true });
}

#[test]
fn what_does_not_fit_is_an_error_and_no_panic() {
    let mut book = Workbook::default();
    assert!(book.row(&[1.0.into()]).is_err(), "a row needs a sheet");
    book.sheet("x", &[]).unwrap();
    let schema = observations::schema(None, false, false);
    let rows = stream::iter([Ok(RecordBatch::new_empty(schema))]);
    assert_eq!(block_on(book.batches(rows, &["nowhere"], 1)).unwrap().rows, 0);
    book.sheet("x", &[]).unwrap();
    assert!(book.finish().is_err(), "two sheets of one name");
}

#[test]
fn readings_are_the_numbers_that_people_read() {
    for (value, expected) in [(9.81_f32, 9.81), (-0.1, -0.1), (1013.25, 1013.25), (1e-7, 1e-7), (3.4e38, 3.4e38)] {
        assert_eq!(as_written(value), expected);
    }
}

#[test]
fn names_and_cells_are_what_excel_takes() {
    assert_eq!(sheet_name("a/b [c]: d"), "a b  c   d");
    assert_eq!(sheet_name(&"ä".repeat(40)).chars().count(), NAME);
    assert_eq!(sheet_name("'x'"), "x");
    assert_eq!(text(&"ä".repeat(CELL + 1)).chars().count(), CELL);
    assert_eq!(text("short"), "short");
}
