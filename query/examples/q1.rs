//! Prints how long questions take over a class: 30 Things × 10 minutes × 100 Hz of a vector, in a store of its own.
//!
//! Q1 is one second's count, mean, min, max and sd of x, y, z and abs per Thing: 18,000 windows, 72,000 rows. Best of some
//! tries, in this process, over hot rows, over the readings of a sealed file and over its roll-up.
//!
//! `cargo run --release -p messwerk-query --example q1 [FOLDER]`; the folder keeps the files for other engines to read.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::observation::{BatchKey, Readings, SenderClock};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_query::{
    AggregateSpec, Answer, Dialect, Engine, EngineOptions, Error, Format, LiveSpec, ObservationSpec, Result, Scope, Window,
};
use messwerk_store::{Entry, Options, Store, Submission, SystemClock};
use rand::{RngExt, SeedableRng};

const LESSON: LessonId = LessonId(1);
const PROPERTY: ObservedProperty = ObservedProperty::AngularVelocity;
const THINGS: u64 = 30;
const SECONDS: i64 = 600;
const START: Micros = 1_767_444_212_000_000;
/// Tries of each question.
const TRIES: usize = 15;

/// One second of all Things, each a packet of 100 readings.
fn second(second: i64, noise: &mut rand_chacha::ChaCha8Rng) -> Result<Vec<Entry>> {
    let mut entries = vec![];
    for thing in 1..=THINGS {
        let times = (0..100).map(|reading| second * 1_000_000 + reading * 10_000 + noise.random_range(0..3_000)).collect();
        let mut column = || (0..100).map(|_| noise.random_range(-400_i32..400) as f32 / 256.0).collect();
        let (x, y, z) = (column(), column(), column());
        let readings = Readings::new(PROPERTY, times, x, y, z).map_err(|error| Error::Encode(error.to_string()))?;
        entries.push(Entry::Readings(Submission {
            lesson: LESSON,
            thing: ThingId(thing),
            readings,
            key: Some(BatchKey { boot: 1, sequence: second as u64 }),
            clock: SenderClock::Offset { offset: START, uncertainty: 1_000 },
            received: START + (second + 1) * 1_000_000,
            max_hz: 0.0,
            since: None,
        }));
    }
    Ok(entries)
}

/// The best time of some tries, in ms, and what the question counted.
async fn best<T>(mut ask: impl AsyncFnMut() -> Result<T>) -> Result<(f64, T)> {
    let mut best: Option<(Duration, T)> = None;
    for _ in 0..TRIES {
        let begin = Instant::now();
        let counted = ask().await?;
        let time = begin.elapsed();
        if best.as_ref().is_none_or(|(known, _)| time < *known) {
            best = Some((time, counted));
        }
    }
    let (time, counted) = best.ok_or(Error::Busy)?;
    Ok((time.as_secs_f64() * 1e3, counted))
}

async fn rows(answer: Answer) -> Result<usize> {
    answer.batches().try_fold(0, async |rows, batch| Ok(rows + batch.num_rows())).await
}

#[allow(clippy::print_stdout, reason = "a program for the terminal")]
async fn report(name: &str, engine: &Engine) -> Result<()> {
    let scope = Scope::lesson(LESSON);
    let show = |what: &str, (time, counted): (f64, usize), of: &str| println!("{name:>8}  {what:<26} {time:>9.2} ms  {counted:>9} {of}");
    let spec = AggregateSpec::new(PROPERTY, Window::SECOND);
    show("Q1 as batches", best(async || rows(engine.aggregates(&scope, &spec).await?).await).await?, "rows");
    for format in [Format::Arrow, Format::Csv, Format::Json] {
        let bytes = best(async || {
            let answer = engine.aggregates(&scope, &spec).await?.encode(format, Dialect::Standard);
            answer.try_fold(0, async |bytes, piece| Ok(bytes + piece.len())).await
        });
        show(&format!("Q1 as {}", format.name()), bytes.await?, "bytes");
    }
    let minute = AggregateSpec::new(PROPERTY, Window::from_micros(60_000_000)?);
    show("the same, windows of 1 min", best(async || rows(engine.aggregates(&scope, &minute).await?).await).await?, "rows");
    let tenth = AggregateSpec { thing: Some(ThingId(7)), ..AggregateSpec::new(PROPERTY, Window::SHORTEST) };
    show("one Thing, 100 ms", best(async || rows(engine.aggregates(&scope, &tenth).await?).await).await?, "rows");
    let spec = ObservationSpec { property: Some(PROPERTY), thing: Some(ThingId(7)), width: Some(1000), ..Default::default() };
    show("one Thing, 1,000 px", best(async || rows(engine.observations(&scope, &spec).await?).await).await?, "rows");
    show("latest values", best(async || Ok(engine.latest(&scope).len())).await?, "values");
    Ok(())
}

/// From a commit to the version of a live view that shows it, over a hundred commits of one packet, in ms: median and
/// largest.
async fn live(store: &Store, engine: &Engine, noise: &mut rand_chacha::ChaCha8Rng) -> Result<(f64, f64)> {
    let view = engine.live(&Scope::lesson(LESSON), LiveSpec { property: PROPERTY, window: Window::SHORTEST });
    let mut changed = view.changed();
    let mut times = vec![];
    for number in 0..100 {
        let entry = second(SECONDS + number, noise)?.swap_remove(number as usize % THINGS as usize);
        changed.mark_unchanged();
        store.append(vec![entry]).await?.committed().await?;
        let begin = Instant::now();
        if changed.changed().await.is_err() {
            break;
        }
        times.push(begin.elapsed().as_secs_f64() * 1e3);
        // Commits fall anywhere between two ticks.
        tokio::time::sleep(Duration::from_millis(noise.random_range(0..100))).await;
    }
    times.sort_by(f64::total_cmp);
    Ok((times.get(times.len() / 2).copied().unwrap_or(0.0), times.last().copied().unwrap_or(0.0)))
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "a program for the terminal")]
async fn main() -> Result<()> {
    let kept = std::env::args().nth(1).map(PathBuf::from);
    let folder = kept.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("messwerk-q1-{}", std::process::id())));
    let options = Options { seal_rows: usize::MAX, ..Options::default() };
    let store = Arc::new(Store::open(&folder, options, Arc::new(SystemClock))?);
    let engine = Engine::new(Arc::clone(&store), EngineOptions::default())?;
    let mut noise = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    for number in 0..SECONDS {
        store.append(second(number, &mut noise)?).await?.committed().await?;
    }
    report("hot", &engine).await?;
    store.seal(None).await?;
    report("roll-up", &engine).await?;
    let (median, largest) = live(&store, &engine, &mut noise).await?;
    println!("    live  commit to version: median {median:.1} ms, largest {largest:.1} ms");
    store.seal(None).await?;
    // Without roll-ups the engine reads the readings; it says so in its log and nowhere else.
    for segment in store.snapshot().segments {
        if let Some(rollup) = &segment.rollup {
            std::fs::rename(rollup, rollup.with_extension("aside")).map_err(messwerk_store::Error::Io)?;
        }
    }
    report("parquet", &engine).await?;
    store.close().await?;
    if kept.is_none() {
        std::fs::remove_dir_all(&folder).map_err(messwerk_store::Error::Io)?;
    }
    Ok(())
}
