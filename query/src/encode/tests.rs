use std::sync::Arc;

use ::arrow::array::{Float32Array, Float64Array, UInt64Array};
use ::arrow::datatypes::{DataType, Field, Schema};
use bytes::Bytes;
use futures::TryStreamExt;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;
use crate::labels::{Labels, text};
use crate::tests::{GYR, LESSON, block_on, class, reading, scalar};
use crate::{ObservationSpec, Scope};

fn write(batches: Vec<RecordBatch>, format: Format, dialect: Dialect) -> Vec<u8> {
    let schema = batches[0].schema();
    let pieces: Vec<Bytes> =
        block_on(stream(schema, futures::stream::iter(batches.into_iter().map(Ok)).boxed(), format, dialect).try_collect()).unwrap();
    pieces.concat()
}

fn cells(words: &[&str], values: &[f64]) -> RecordBatch {
    let schema = Schema::new(vec![Field::new("word", text(), false), Field::new("value", DataType::Float64, true)]);
    let words = Labels::new(words).column(0..words.len() as i32).unwrap();
    RecordBatch::try_new(Arc::new(schema), vec![words, Arc::new(Float64Array::from(values.to_vec()))]).unwrap()
}

#[test]
fn csv_quotes_guards_and_speaks_german() {
    let check = |dialect, word: &str, value: f64, expected: &str| {
        let found = String::from_utf8(write(vec![cells(&[word], &[value])], Format::Csv, dialect)).unwrap();
        assert_eq!(found, expected);
    };
    let (standard, german) = (Dialect::Standard, Dialect::German);
    check(standard, "plain", -1.5, "word,value\nplain,-1.5\n");
    check(standard, "a,b", 1e-7, "word,value\n\"a,b\",1e-7\n");
    check(standard, "a;b", 1e20, "word,value\na;b,1e20\n");
    check(standard, "say \"hi\"\n", 0.0, "word,value\n\"say \"\"hi\"\"\n\",0\n");
    for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"] {
        check(standard, formula, 1.0, &format!("word,value\n'{formula},1\n"));
    }
    for formula in ["\rx", "\nx"] {
        check(standard, formula, 1.0, &format!("word,value\n\"'{formula}\",1\n"));
    }
    check(standard, " =1", 1.0, "word,value\n' =1,1\n");
    check(standard, "＝1", 1.0, "word,value\n'＝1,1\n");
    check(standard, "=A1,B1", 1.0, "word,value\n\"'=A1,B1\",1\n");
    // What is one cell here may be two in a program that is set to another dialect.
    check(standard, "a;=1+1", 1.0, "word,value\na;'=1+1,1\n");
    check(german, "a,@x", 1.0, "\u{feff}word;value\na,'@x;1\n");
    check(standard, "a;\"=1\"", 1.0, "word,value\n\"a;\"\"'=1\"\"\",1\n");
    check(standard, "3-4=-1", 1.0, "word,value\n3-4=-1,1\n");
    check(german, "a,b", -1.5, "\u{feff}word;value\na,b;-1,5\n");
    check(german, "a;b.c", 1.25e-9, "\u{feff}word;value\n\"a;b.c\";1,25e-9\n");
}

#[test]
fn numbers_read_back_and_readings_look_like_readings() {
    let check = |value: f64, expected: &str| {
        let found = String::from_utf8(write(vec![cells(&["w"], &[value])], Format::Csv, Dialect::Standard)).unwrap();
        assert_eq!(found, format!("word,value\nw,{expected}\n"));
    };
    check(f64::from(9.81_f32), "9.81");
    check(9.81, "9.81");
    check(0.1 + 0.2, "0.30000000000000004");
    check(f64::from(f32::MAX), "3.4028235e38");
    check(1.0 / 3.0, "0.3333333333333333");
    check(-0.0, "-0");
}

#[test]
fn json_is_json_however_many_batches() {
    let batch = cells(&["a\"b\u{7}ü", "c"], &[1.5, -2.0]);
    let check = |batches: Vec<RecordBatch>, rows: usize| {
        let value: serde_json::Value = serde_json::from_slice(&write(batches, Format::Json, Dialect::Standard)).unwrap();
        assert_eq!(value.as_array().unwrap().len(), rows);
        if rows > 0 {
            assert_eq!(value[0], serde_json::json!({"word": "a\"b\u{7}ü", "value": 1.5}));
        }
    };
    check(vec![batch.slice(0, 0)], 0);
    check(vec![batch.clone()], 2);
    check(vec![batch.slice(0, 1), batch.slice(0, 0), batch.slice(1, 1)], 2);
}

#[test]
fn a_missing_value_is_empty_or_null() {
    let schema = Schema::new(vec![Field::new("n", DataType::UInt64, false), Field::new("y", DataType::Float32, true)]);
    let columns: Vec<::arrow::array::ArrayRef> =
        vec![Arc::new(UInt64Array::from(vec![u64::MAX])), Arc::new(Float32Array::from(vec![None]))];
    let batch = RecordBatch::try_new(Arc::new(schema), columns).unwrap();
    assert_eq!(write(vec![batch.clone()], Format::Csv, Dialect::Standard), b"n,y\n18446744073709551615,\n");
    assert_eq!(write(vec![batch], Format::Json, Dialect::Standard), b"[\n{\"n\":18446744073709551615,\"y\":null}\n]\n");
}

/// Rows of two parts, so that the answer has several batches, and what CSV says of them.
fn answer(format: Format) -> (Vec<u8>, usize) {
    let sealed: Vec<_> = (0..70_000).map(|index| reading(index % 3, 1, index as i64 * 1_000, [index as f32 / 7.0, 0.0, -1.0])).collect();
    let class = class(&[sealed], &[vec![reading(9, 1, 0, [1.0; 3])], vec![scalar(9, 0, 1013.25)]]);
    let spec = ObservationSpec { property: Some(GYR), ..Default::default() };
    let bytes = block_on(async {
        let answer = class.engine.observations(&Scope::lesson(LESSON), &spec).await.unwrap();
        answer.encode(format, Dialect::Standard).try_collect::<Vec<_>>().await.unwrap()
    });
    (bytes.concat(), bytes.len())
}

#[test]
fn arrow_and_parquet_hold_the_same_rows_as_csv() {
    let (csv, pieces) = answer(Format::Csv);
    assert!(pieces > 5, "streamed in {pieces} pieces");
    let check = |batches: Vec<RecordBatch>| {
        assert_eq!(batches[0].schema().field_with_name("x").unwrap().metadata()["unit"], "rad/s");
        assert!(write(batches, Format::Csv, Dialect::Standard) == csv);
    };
    let (arrow, pieces) = answer(Format::Arrow);
    assert!(pieces > 5, "streamed in {pieces} pieces");
    check(::arrow::ipc::reader::StreamReader::try_new(&arrow[..], None).unwrap().collect::<Result<_, _>>().unwrap());
    let (parquet, pieces) = answer(Format::Parquet);
    assert!(pieces >= 2, "streamed in {pieces} pieces");
    check(ParquetRecordBatchReaderBuilder::try_new(Bytes::from(parquet)).unwrap().build().unwrap().collect::<Result<_, _>>().unwrap());
}

proptest::proptest! {
    #[test]
    fn every_number_reads_back_and_is_as_short_as_rust_writes_it(
        wide in proptest::num::f64::NORMAL | proptest::num::f64::ZERO,
        narrow in proptest::num::f32::NORMAL,
        usual in -2e7_f64..2e7,
    ) {
        for value in [wide, f64::from(narrow), usual, f64::from(usual as f32), usual / 1e7] {
            let found = String::from_utf8(write(vec![cells(&["w"], &[value])], Format::Csv, Dialect::Standard)).unwrap();
            let found = found.trim_end().rsplit(',').next().unwrap();
            let short = value as f32;
            let exact = f64::from(short) == value;
            let size = if exact { f64::from(short.abs()) } else { value.abs() };
            let bound = if exact { f64::from(1e-5_f32)..f64::from(1e16_f32) } else { 1e-5..1e16 };
            let expected = match (size == 0.0 || bound.contains(&size), exact) {
                (true, true) => format!("{short}"),
                (true, false) => format!("{value}"),
                (false, true) => format!("{short:e}"),
                (false, false) => format!("{value:e}"),
            };
            // Of two texts of equal length that both read back, either will do.
            proptest::prop_assert_eq!(found.len(), expected.len(), "{} {}", found, expected);
            proptest::prop_assert_eq!(found.contains('e'), expected.contains('e'));
            let back = if exact { f64::from(found.parse::<f32>().unwrap()) } else { found.parse().unwrap() };
            proptest::prop_assert_eq!(back, value);
        }
    }
}

#[test]
fn names_are_read_and_unknown_ones_name_the_fix() {
    for (name, format) in [("csv", Format::Csv), ("json", Format::Json), ("arrow", Format::Arrow), ("parquet", Format::Parquet)] {
        assert_eq!((Format::from_name(name).unwrap(), format.name()), (format, name));
    }
    assert!(Format::from_name("xlsx").unwrap_err().to_string().contains("write csv, json, arrow, parquet or xlsx"));
    assert_eq!(Dialect::from_name("de").unwrap(), Dialect::German);
    assert!(Dialect::from_name("fr").unwrap_err().to_string().contains("write de"));
}
