//! Prints how long Q1 takes: 30 Things × 10 minutes × 100 Hz of a vector, 1 s windows, over hot rows and over Parquet.
//!
//! `cargo run --release -p messwerk-query --example q1`

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_query::testing::{self, Fixture, Row};
use messwerk_query::{AggregateSpec, Engine, EngineOptions, ObservationSpec, Result, Scope, Window};
use rand::{RngExt, SeedableRng};

const LESSON: LessonId = LessonId(1);
const THINGS: u64 = 30;
const SECONDS: i64 = 600;

/// Rows as they arrive: every Thing sends a second's readings at once.
fn class() -> Vec<Row> {
    let mut noise = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let mut rows = vec![];
    for second in 0..SECONDS {
        for thing in 1..=THINGS {
            for reading in 0..100 {
                let time = second * 1_000_000 + reading * 10_000 + noise.random_range(0..3_000);
                let value = [0, 1, 2].map(|_| (noise.random_range(-4000_i32..4000) as f32) / 1000.0);
                let (thing, property) = (ThingId(thing), ObservedProperty::AngularVelocity);
                rows.push(Row { lesson: LESSON, thing, property, run: 1, time, received: (second + 1) * 1_000_000, value });
            }
        }
    }
    rows
}

async fn best(times: usize, mut ask: impl AsyncFnMut() -> Result<usize>) -> Result<(Duration, usize)> {
    let mut best = (Duration::MAX, 0);
    for _ in 0..times {
        let begin = Instant::now();
        let rows = ask().await?;
        best = best.min((begin.elapsed(), rows));
    }
    Ok(best)
}

#[allow(clippy::print_stdout, reason = "a program for the terminal")]
async fn report(name: &str, fixture: Arc<Fixture>) -> Result<()> {
    let engine = Engine::over(fixture, EngineOptions::default())?;
    let scope = Scope::lesson(LESSON);
    let property = ObservedProperty::AngularVelocity;
    let q1 = best(7, async || {
        let answer = engine.aggregates(&scope, &AggregateSpec::new(property, Window::SECOND)).await?;
        answer.batches().try_fold(0, async |rows, batch| Ok(rows + batch.num_rows())).await
    });
    let (time, rows) = q1.await?;
    println!("{name:>8}: Q1 with sd and |a|   {:7.1} ms, {rows} rows", time.as_secs_f64() * 1e3);
    let spec = ObservationSpec { property: Some(property), thing: Some(ThingId(7)), width: Some(1000), ..Default::default() };
    let thinned = best(7, async || {
        let answer = engine.observations(&scope, &spec).await?;
        answer.batches().try_fold(0, async |rows, batch| Ok(rows + batch.num_rows())).await
    });
    let (time, rows) = thinned.await?;
    println!("{name:>8}: one thing, 1,000 px  {:7.1} ms, {rows} rows", time.as_secs_f64() * 1e3);
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    let rows = class();
    let hot = Arc::new(Fixture::default());
    for batch in rows.chunks(8192) {
        hot.push_hot(testing::hot(batch)?);
    }
    report("hot", hot).await?;
    let directory = std::env::temp_dir().join(format!("messwerk-q1-{}", std::process::id()));
    std::fs::create_dir_all(&directory).map_err(messwerk_store::Error::Io)?;
    let sealed = Arc::new(Fixture::default());
    sealed.push_segment(testing::seal(&directory.join("q1.parquet"), &rows)?);
    report("parquet", sealed).await?;
    std::fs::remove_dir_all(&directory).map_err(messwerk_store::Error::Io)?;
    Ok(())
}
