//! Every format, value by value; the payloads are written here by hand in the formats of the real ones.

mod ecowitt;
mod mapped;
mod mqtt;
mod services;
mod wunderground;

use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason as R;

use super::*;

/// Hub time of arrival in these tests: 2026-01-03 10:43:33 UTC.
const RECEIVED: Micros = 1_767_437_013_000_000;

/// Readings as (channel, property, value); values within 1e-9 of what they should be.
#[track_caller]
fn check(report: &Report, time: Option<Micros>, readings: &[(&str, P, f64)], rejects: &[(R, u32)]) {
    let found: Vec<_> = report.readings.iter().map(|reading| (reading.channel.as_str(), reading.property)).collect();
    let expected: Vec<_> = readings.iter().map(|(channel, property, _)| (*channel, *property)).collect();
    assert_eq!(found, expected, "{report:#?}");
    for (reading, (_, property, value)) in report.readings.iter().zip(readings) {
        assert!((reading.value - value).abs() <= 1e-9 * value.abs().max(1.0), "{property:?}: {} is not {value}", reading.value);
        assert_eq!(reading.time, time, "{property:?}");
    }
    let rejected: Vec<_> = report.rejects.iter().map(|reject| (reject.reason, reject.count)).collect();
    assert_eq!(rejected, rejects, "{report:#?}");
}

/// The note of a kind as (count, detail).
fn note(report: &Report, kind: NoteKind) -> Option<(u32, &str)> {
    report.noted(kind).map(|note| (note.count, note.detail.as_str()))
}
