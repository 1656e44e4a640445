//! Bytes per scalar sample after sealing, for the class that `speed.md` measures: 30 phones, 10 minutes, 100 Hz, a 16-bit
//! sensor of ±4 g, 12 mm/s² of noise, 60 µs of clock jitter, 50 readings a packet (or as many as the argument says).
//!
//! `cargo run --release -p messwerk-store --example bytes_per_sample [readings a packet]`

#![allow(clippy::print_stdout, reason = "a program whose result is what it prints")]

use std::f64::consts::TAU;
use std::sync::Arc;
use std::time::Instant;

use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::observation::{BatchKey, Readings, SenderClock};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_store::{Entry, Options, Store, Submission, SystemClock};
use parquet::file::reader::{FileReader, SerializedFileReader};

/// m/s² per digit.
const DIGIT: f64 = 4.0 * 9.80665 / 32768.0;
const START: i64 = 1_767_268_800_000_000;

/// xorshift: the same class in every run, without a dependency.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (radius, angle) = (self.uniform().max(1e-12), self.uniform());
        (-2.0 * radius.ln()).sqrt() * (TAU * angle).cos()
    }
}

/// A phone on the table, on a pendulum, in a walker's pocket, or dropped now and then.
struct Phone {
    random: Random,
    activity: u64,
    phase: f64,
    frequency: f64,
    bias: [f64; 3],
    step: u64,
    nanos: i64,
}

impl Phone {
    fn new(number: u64) -> Self {
        let mut random = Random(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(number + 1) | 1);
        for _ in 0..10 {
            random.uniform();
        }
        let (phase, frequency) = (random.uniform() * TAU, 0.6 + random.uniform() * 0.6);
        let bias = std::array::from_fn(|_| random.normal() * 0.1);
        Self { random, activity: number % 4, phase, frequency, bias, step: 0, nanos: 0 }
    }

    fn next(&mut self) -> (i64, [f32; 3]) {
        let t = self.step as f64 * 0.01;
        self.step += 1;
        self.nanos += 10_000_000 + (self.random.normal() * 60_000.0) as i64;
        let [mut x, mut y, mut z] = self.bias;
        z += 9.80665;
        match self.activity {
            0 => {}
            1 => {
                let (angle, swing) = (TAU * self.frequency * t, (-t / 120.0).exp() * 3.0);
                x += swing * (angle + self.phase).sin();
                z += 0.4 * swing * (2.0 * angle).cos();
            }
            2 => {
                for harmonic in 1..5 {
                    let (angle, swing) = (TAU * 1.9 * f64::from(harmonic) * t, 2.2 / f64::from(harmonic));
                    z += swing * (angle + self.phase).sin();
                    y += 0.5 * swing * (angle + 1.3).cos();
                    x += 0.35 * swing * (0.5 * angle).sin();
                }
                z += self.random.normal() * 0.25;
                y += self.random.normal() * 0.2;
                x += self.random.normal() * 0.2;
            }
            _ => {
                let fall = (t * 0.5 + self.phase).fract();
                if fall < 0.15 {
                    z = 0.1;
                } else if fall < 0.19 {
                    z += 22.0 * (1.0 - (fall - 0.15) / 0.04);
                    x += self.random.normal() * 2.0;
                }
            }
        }
        let digits = |value: f64, noise: f64| ((value + noise * 0.012) / DIGIT).round().clamp(-32_768.0, 32_767.0);
        let noise = [self.random.normal(), self.random.normal(), self.random.normal()];
        (
            self.nanos / 1000,
            [(digits(x, noise[0]) * DIGIT) as f32, (digits(y, noise[1]) * DIGIT) as f32, (digits(z, noise[2]) * DIGIT) as f32],
        )
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let a_packet: usize = std::env::args().nth(1).map_or(Ok(50), |argument| argument.parse())?;
    let folder = tempfile::tempdir()?;
    let store = Store::open(folder.path(), Options::default(), Arc::new(SystemClock))?;
    let (lesson, things, readings) = (LessonId(1), 30, 60_000);
    let mut phones: Vec<Phone> = (0..things).map(Phone::new).collect();
    let mut packets = Vec::new();
    let mut arrival = Random(42);
    for sequence in 0..readings / a_packet {
        for (thing, phone) in phones.iter_mut().enumerate() {
            let (times, values): (Vec<i64>, Vec<[f32; 3]>) = (0..a_packet).map(|_| phone.next()).unzip();
            let column = |axis: usize| values.iter().map(|value| value[axis]).collect::<Vec<f32>>();
            let received = START + times.last().copied().unwrap_or(0) + 4_000 + (arrival.normal().abs() * 3_000.0) as i64;
            packets.push(Submission {
                lesson,
                thing: ThingId(0x1357_9bdf_0246_8ace_u64.wrapping_mul(thing as u64 + 1)),
                readings: Readings::new(ObservedProperty::Acceleration, times.clone(), column(0), column(1), column(2))?,
                key: Some(BatchKey { boot: thing as u64, sequence: sequence as u64 }),
                clock: SenderClock::Offset { offset: START, uncertainty: 1_000 },
                received,
                max_hz: 200.0,
                since: None,
            });
        }
    }
    let samples = (things as usize * readings * 3) as f64;
    println!("{} packets of {a_packet} readings, {:.2} M samples", packets.len(), samples / 1e6);

    let mut packets = packets.into_iter();
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    let mut last = None;
    loop {
        // What a connection reads from its socket at once.
        let entries: Vec<Entry> = packets.by_ref().take(30).map(Entry::Readings).collect();
        if entries.is_empty() {
            break;
        }
        last = Some(store.append(entries).await?);
    }
    if let Some(last) = last {
        last.committed().await?;
    }
    let stored = store.count(lesson, ThingId(0x1357_9bdf_0246_8ace), ObservedProperty::Acceleration);
    assert_eq!(stored, readings as u64);
    let spent = cpu_seconds() - cpu;
    let per_reading = spent / (samples / 3.0) * 1e6;
    println!(
        "append: {:.2} s wall, {spent:.2} CPU-s, {per_reading:.3} us CPU a reading, {:.3} CPU-s/M samples",
        wall.elapsed().as_secs_f64(),
        spent / samples * 1e6
    );

    let (wall, cpu) = (Instant::now(), cpu_seconds());
    store.seal(Some(lesson)).await?;
    let spent = cpu_seconds() - cpu;
    println!("seal: {:.2} s wall, {spent:.2} CPU-s, {:.3} CPU-s/M samples", wall.elapsed().as_secs_f64(), spent / samples * 1e6);
    for segment in store.snapshot().segments {
        let metadata = SerializedFileReader::new(std::fs::File::open(&segment.path)?)?;
        let metadata = metadata.metadata();
        println!(
            "{}: {:.3} bytes a sample in {} row groups",
            segment.path.display(),
            segment.bytes as f64 / samples,
            metadata.num_row_groups()
        );
        for column in 0..metadata.file_metadata().schema_descr().num_columns() {
            let bytes: i64 = metadata.row_groups().iter().map(|group| group.column(column).compressed_size()).sum();
            let name = metadata.file_metadata().schema_descr().column(column).name().to_owned();
            println!("  {name:10} {:.4} bytes a row", bytes as f64 / (samples / 3.0));
        }
        if let Some(rollup) = &segment.rollup {
            println!("  roll-up    {:.4} bytes a sample", std::fs::metadata(rollup)?.len() as f64 / samples);
        }
    }
    Ok(())
}

/// CPU time of this process so far; Linux only, elsewhere 0.
fn cpu_seconds() -> f64 {
    let fields = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: f64 = fields
        .rsplit(')')
        .next()
        .into_iter()
        .flat_map(|rest| rest.split_whitespace().skip(11).take(2))
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}
