//! The engine against plain Rust over the same rows.

mod aggregates;
mod fold;
mod limits;
mod observations;
mod page;
mod scope;
mod store;

use std::sync::Arc;

use futures::stream::TryStreamExt;
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::testing::{self, Fixture, Row};
use crate::{Answer, Dialect, Engine, EngineOptions, Format, Result};

pub(crate) const LESSON: LessonId = LessonId(7);
pub(crate) const GYR: ObservedProperty = ObservedProperty::AngularVelocity;
pub(crate) const PRES: ObservedProperty = ObservedProperty::Pressure;
/// 2026-01-03T12:43:32 UTC.
pub(crate) const T0: Micros = 1_767_444_212_000_000;

pub(crate) fn reading(thing: u64, run: u32, time: Micros, value: [f32; 3]) -> Row {
    Row { lesson: LESSON, thing: ThingId(thing), property: GYR, run, time: T0 + time, received: T0 + 1_000_000, value }
}

pub(crate) fn scalar(thing: u64, time: Micros, value: f32) -> Row {
    Row { property: PRES, value: [value, 0.0, 0.0], ..reading(thing, 1, time, [0.0; 3]) }
}

/// A lesson's rows: what is sealed, file by file, then what is hot, batch by batch.
pub(crate) struct Class {
    pub(crate) fixture: Arc<Fixture>,
    pub(crate) engine: Engine,
    pub(crate) directory: TempDir,
}

/// Every part is rows of one lesson and property; empty ones are left out.
pub(crate) fn class(sealed: &[Vec<Row>], hot: &[Vec<Row>]) -> Class {
    let fixture = Arc::new(Fixture::default());
    let directory = tempfile::tempdir().unwrap();
    for (number, rows) in sealed.iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
        fixture.push_segment(testing::seal(&directory.path().join(format!("{number}.parquet")), rows).unwrap());
    }
    for rows in hot.iter().filter(|rows| !rows.is_empty()) {
        fixture.push_hot(testing::hot(rows).unwrap());
    }
    let engine = Engine::over(Arc::clone(&fixture) as _, EngineOptions::default()).unwrap();
    Class { fixture, engine, directory }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// All of an answer as text.
pub(crate) async fn text(answer: Result<Answer>, format: Format, dialect: Dialect) -> String {
    let pieces: Vec<_> = answer.unwrap().encode(format, dialect).try_collect().await.unwrap();
    String::from_utf8(pieces.concat()).unwrap()
}

pub(crate) async fn csv(answer: Result<Answer>) -> String {
    text(answer, Format::Csv, Dialect::Standard).await
}

/// Rows of four Things in three Runs within ten seconds, in any order, with many equal times and values.
pub(crate) fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (1_u64..5, 1_u32..4, 0_i64..10_000, prop::array::uniform3(-20_i16..20));
    let row = row.prop_map(|(thing, run, time, value)| reading(thing, run, time * 1_000, value.map(|part| f32::from(part) / 8.0)));
    prop::collection::vec(row, 0..300)
}

/// The rows dealt out to two files and two hot batches, in arrival order.
pub(crate) fn dealt(rows: &[Row]) -> (Vec<Vec<Row>>, Vec<Vec<Row>>) {
    let part = |number: usize| rows.iter().skip(number).step_by(4).copied().collect::<Vec<_>>();
    (vec![part(0), part(1)], vec![part(2), part(3)])
}
