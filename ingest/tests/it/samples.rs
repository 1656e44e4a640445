//! Captured and derived payloads of the real clients, asserted value by value. They are not part of the repository
//! (most have no licence); without them the tests say so, and fail where CI says they must be there.

use messwerk_ingest::codec::{Clock, Decoded, Times, decode};
use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason as R;

use crate::sample::text as sample;

const RECEIVED: i64 = 1_767_437_013_000_000;

/// Property, times in µs and columns of a record.
type Row<'a> = (P, &'a [i64], &'a [&'a [f32]]);

/// Compares records, and rejects as (reason, count).
fn check(decoded: &Decoded, records: &[Row<'_>], rejects: &[(R, u32)]) {
    let rejected: Vec<_> = decoded.rejects.iter().map(|reject| (reject.reason, reject.count)).collect();
    assert_eq!(rejected, rejects, "{decoded:?}");
    assert_eq!(decoded.records.len(), records.len(), "{decoded:?}");
    for (record, (property, times, columns)) in decoded.records.iter().zip(records) {
        assert_eq!((record.property, &record.times), (*property, &Times::Micros(times.to_vec())));
        let used: Vec<&[f32]> = record.values.iter().map(Vec::as_slice).take(columns.len()).collect();
        assert_eq!(used, *columns);
    }
}

#[test]
fn phyphox_json() {
    let Some(text) = sample("phyphox_network/DERIVED_payloads.jsonl") else { return };
    let decoded: Vec<_> = text.lines().map(|line| decode("acc", line.as_bytes(), RECEIVED)).collect();
    // Only x was sent: three readings without y and z; the line's own comment. The phone's identity is left out.
    check(&decoded[0], &[], &[(R::UnknownColumn, 1), (R::MissingComponent, 3)]);
    assert_eq!(decoded[0].dropped, 1);
    let Clock::Phone(clock) = &decoded[0].clock else { panic!("{:?}", decoded[0].clock) };
    assert_eq!((clock.now, &clock.starts[..]), (1_767_437_012.314, &[(0.0, 1_767_437_012.314)][..]));
    check(&decoded[1], &[], &[(R::UnknownColumn, 1), (R::MissingComponent, 1)]);
    check(&decoded[2], &[], &[(R::UnknownColumn, 1), (R::MissingComponent, 1)]);
    assert_eq!(decoded.len(), 3);
}

#[test]
fn senml() {
    let Some(text) = sample("senml/rfc8428.jsonl") else { return };
    let decoded: Vec<_> = text.lines().map(|line| decode("", line.as_bytes(), RECEIVED)).collect();
    check(&decoded[0], &[(P::Temperature, &[RECEIVED], &[&[23.1]])], &[]);
    check(&decoded[1], &[(P::Voltage, &[RECEIVED], &[&[120.1]]), (P::ElectricCurrent, &[RECEIVED], &[&[1.2]])], &[]);
    let hours = [1_320_067_464_000_000, 1_320_067_524_000_000, 1_320_067_584_000_000, 1_320_067_644_000_000];
    check(&decoded[2], &[(P::RelativeHumidity, &hours, &[&[20.0, 20.3, 20.7, 21.2]])], &[(R::Private, 8), (R::UnknownUnit, 1)]);
    check(&decoded[3], &[(P::Temperature, &[RECEIVED], &[&[7.1]])], &[(R::UnknownColumn, 2)]);
    assert_eq!(decoded.len(), 4);
}

#[test]
fn sensor_logger() {
    let row: Row<'_> = (P::LinearAcceleration, &[1_698_501_144_401_773], &[&[0.06], &[-0.0009], &[-0.1038]]);
    for path in ["sensor_logger/push.json", "sensor_logger/push_without_values.json"] {
        let Some(text) = sample(path) else { return };
        let decoded = decode("sensor-logger", text.as_bytes(), RECEIVED);
        check(&decoded, &[row], &[(R::Private, 1)]);
        assert_eq!(decoded.clock, Clock::Utc);
        let shown = format!("{decoded:?}");
        assert!(["school", "192.0.2.7", "identifier", "00:00:5e"].iter().all(|secret| !shown.contains(secret)), "{shown}");
    }
}
