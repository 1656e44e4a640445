//! What decoding costs: nanoseconds a packet and a reading, for each family of senders.
//!
//! `cargo run --release -p messwerk-ingest --example decode_cost`

#![allow(clippy::print_stdout, reason = "a program that measures prints")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use messwerk_ingest::codec;
use messwerk_lessons::observation::{BatchKey, SenderClock};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::wire::{Batch, Values};

/// Hub time of arrival.
const RECEIVED: i64 = 1_767_437_013_000_000;

/// Vectors of a phone at 100 Hz, with the sensor's steps.
fn vectors(readings: usize) -> impl Iterator<Item = (usize, [f64; 3])> {
    (0..readings).map(|row| {
        let turn = row as f64 * 0.05;
        (row, [turn.sin(), turn.cos(), 9.81 + 0.4 * turn.sin()].map(|value| (value * 839.0).round() / 839.0))
    })
}

fn columns(readings: usize) -> Vec<u8> {
    let rows: Vec<_> = vectors(readings).collect();
    let column = |axis: usize| rows.iter().map(|(_, value)| value[axis].to_string()).collect::<Vec<_>>().join(",");
    let times = rows.iter().map(|(row, _)| format!("{:.3}", *row as f64 / 100.0)).collect::<Vec<_>>().join(",");
    format!(r#"{{"acc_time":[{times}],"accX":[{}],"accY":[{}],"accZ":[{}]}}"#, column(0), column(1), column(2)).into_bytes()
}

fn senml(readings: usize) -> Vec<u8> {
    let mut text = r#"[{"bn":"urn:dev:ow:10e2073a01080063:","bt":1767437012,"bu":"m/s2"}"#.to_owned();
    for (row, value) in vectors(readings) {
        for (name, value) in ["accX", "accY", "accZ"].into_iter().zip(value) {
            // Writing to a String cannot fail.
            let _ = write!(text, r#",{{"n":"{name}","t":{:.2},"v":{value}}}"#, row as f64 / 100.0);
        }
    }
    text.push(']');
    text.into_bytes()
}

fn sensor_logger(readings: usize) -> Vec<u8> {
    let entry = |(row, [x, y, z]): (usize, [f64; 3])| {
        let time = RECEIVED * 1000 + row as i64 * 10_000_000;
        format!(r#"{{"name":"totalacceleration","time":{time},"values":{{"x":{x},"y":{y},"z":{z}}}}}"#)
    };
    let entries: Vec<_> = vectors(readings).map(entry).collect();
    format!(r#"{{"messageId":0,"sessionId":"s","deviceId":"d","payload":[{}]}}"#, entries.join(",")).into_bytes()
}

fn binary(readings: usize) -> Vec<u8> {
    let time = (0..readings as i64).map(|row| row * 10_000).collect();
    let column = |axis: usize| vectors(readings).map(|(_, value)| value[axis] as f32).collect();
    let key = BatchKey { boot: 1, sequence: 1 };
    let batch = Batch::new(ObservedProperty::Acceleration, key, SenderClock::Unknown, time, [column(0), column(1), column(2)]);
    batch.map(|batch| batch.to_bytes(Values::Steps(839.0))).unwrap_or_default()
}

/// The best of five rounds: what else runs on the machine only adds.
fn measure(name: &str, stream: &str, readings: usize, packet: &[u8]) {
    let decoded = codec::decode(stream, packet, RECEIVED);
    let found: usize = decoded.records.iter().map(|record| record.times.len()).sum();
    assert_eq!((found, decoded.rejects.count()), (readings, 0), "{name}");
    let rounds = 200_000 / readings.max(10);
    let round = || {
        let begun = Instant::now();
        for _ in 0..rounds {
            black_box(codec::decode(stream, black_box(packet), RECEIVED));
        }
        begun.elapsed()
    };
    let best = (0..5).map(|_| round()).min().unwrap_or(Duration::ZERO);
    let each = best.as_nanos() as f64 / rounds as f64;
    println!("{name:<28} {:>6} B {each:>9.0} ns a packet {:>7.0} ns a reading", packet.len(), each / readings as f64);
}

fn main() {
    measure("one reading", "acc", 1, br#"{"t":12.345678,"x":0.0524433,"y":-0.0202622,"z":9.8104887}"#);
    measure("columns of 50", "", 50, &columns(50));
    measure("binary of 50", "", 50, &binary(50));
    measure("SenML of 50 vectors", "", 50, &senml(50));
    measure("Sensor Logger's 50 vectors", "", 50, &sensor_logger(50));
}
