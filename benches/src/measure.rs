//! The measurements, one file each. A measurement starts what it needs, puts it away, and returns rows of the table.

mod classroom;
mod drawing;
mod freshness;
mod ingest;
mod logins;
mod questions;
mod school;
mod stations;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use anyhow::Result;

use crate::hub::Programs;
use crate::table::Row;

/// A measurement that runs.
pub type Measuring<'a> = Pin<Box<dyn Future<Output = Result<Vec<Row>>> + 'a>>;

/// A measurement: its name and how to run it.
pub type Measurement = (&'static str, for<'a> fn(&'a Programs) -> Measuring<'a>);

/// All measurements in the order of the table.
pub fn all() -> Vec<Measurement> {
    vec![
        ("ingest, one reading a message", |programs| Box::pin(ingest::measure(programs, 1))),
        ("ingest, 50 readings a message", |programs| Box::pin(ingest::measure(programs, 50))),
        ("school", |programs| Box::pin(school::measure(programs))),
        ("logins", |programs| Box::pin(logins::measure(programs))),
        ("questions", |programs| Box::pin(questions::measure(programs))),
        ("freshness", |programs| Box::pin(freshness::measure(programs))),
        ("drawing", |programs| Box::pin(drawing::measure(programs))),
        ("stations", |programs| Box::pin(stations::measure(programs))),
        ("classroom", |programs| Box::pin(classroom::measure(programs))),
    ]
}

/// Rounds of a measurement that one round says too little of: a neighbour on the machine that holds the processor, a disk
/// that is busy. Ours and the peer's take turns.
const ROUNDS: usize = 3;

/// The median: for CPU time, which a neighbour may lengthen and nothing shortens much.
fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

/// The least: for times on the clock, of which only the part that is the program's is of interest.
fn least(figures: impl IntoIterator<Item = f64>) -> Option<f64> {
    figures.into_iter().min_by(f64::total_cmp)
}

/// The value below which the given part of all durations lies, in ms.
fn quantile(durations: &mut [Duration], part: f64) -> f64 {
    durations.sort_unstable();
    let at = ((durations.len() as f64 * part) as usize).min(durations.len().saturating_sub(1));
    durations.get(at).map_or(f64::NAN, |duration| duration.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_summed_up() {
        assert_eq!((median(vec![3.0, 1.0, 2.0]), median(vec![])), (Some(2.0), None));
        assert_eq!((least([3.0, 1.0, 2.0]), least([])), (Some(1.0), None));
    }

    #[test]
    fn quantiles() {
        let mut times: Vec<Duration> = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(quantile(&mut times, 0.5), 51.0);
        assert_eq!(quantile(&mut times, 0.99), 100.0);
        assert!(quantile(&mut [], 0.5).is_nan());
    }
}
